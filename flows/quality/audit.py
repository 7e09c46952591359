"""An audit of one's own corpus: a sheet of rows to judge, and what the judgements say of the whole corpus.

The sheet is CSV that spreadsheets open rightly. A person writes `right`, `wrong` or `unsure` (or r, w, u) into `verdict`; for what is
wrong, what is right into `value` and, where it is not the layer's usual column, its name into `field`; for passages, how many quotes were
missed into `missed`.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from qantar.corrections.corrections_file import guarded, make_fix, unguarded
from qantar.corrections.fixes import FIELDS, Fix
from qantar.quality.audit_estimates import Estimate, Stratum, cohens_kappa, estimate_recall, estimate_share, rows_needed
from qantar.quality.audit_sample import LAYERS, QUESTIONS, Drawn, draw_sample
from qantar.schema import QuoteKind
from qantar.settings import QantarError

COLUMNS = ("layer", "stratum", "of", "row", "document", "start", "end", "text", "found", "context", "question")
JUDGED = ("verdict", "field", "value", "missed", "by", "note")
"""The columns that a person fills in."""
VERDICTS = {
    "right": "right",
    "r": "right",
    "yes": "right",
    "wrong": "wrong",
    "w": "wrong",
    "no": "wrong",
    "unsure": "unsure",
    "u": "unsure",
}
_CORRECTED = {"quotes": "quotes", "mentions": "mentions", "links": "mentions", "duplicates": "duplicates", "roles": "blocks"}
"""The table of each layer's rows."""
_USUAL = {"mentions": "label", "links": "entity_id", "duplicates": "apart", "roles": "role"}
"""What is corrected where `field` is empty; of quotes the kind, if `value` is one, else the speaker."""


@dataclass(frozen=True)
class Judged:
    """One line of a sheet with what a person said of it."""

    line: int
    drawn: Mapping[str, str]
    verdict: str
    """right, wrong or unsure; empty where it was not judged."""

    @property
    def key(self) -> tuple[str, str]:
        """Its layer and row, which no other line of the sheet has."""
        return self.drawn["layer"], self.drawn["row"]


@dataclass(frozen=True)
class Figure:
    """A figure of the whole corpus."""

    layer: str
    metric: str
    estimate: Estimate
    size: int
    """Rows of the layer in the build."""


def write_sheet(build: Path, sheet: Path, n: int = 100, seed: int = 1, layers: tuple[str, ...] = LAYERS) -> tuple[int, int]:
    """Write a sheet of rows to judge, or add to one that is there, whose judgements stay; returns its rows, and those judged.

    Raises QantarError where there is no build, or the file there is no sheet.
    """
    known = {judged.key: judged for judged in read_sheet(sheet)} if sheet.exists() else {}
    drawn = draw_sample(build, n, seed, layers)
    rows = [[*_cells(row), *(_said(known.pop((row.layer, row.row_id), None)))] for row in drawn]
    rows += [
        [judged.drawn[name] for name in (*COLUMNS, *JUDGED)] for judged in known.values() if judged.verdict
    ]  # judged, and no longer drawn
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *JUDGED])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    fresh = sheet.with_name(f".{sheet.name}.new")
    fresh.write_text("\ufeff" + text.getvalue(), "utf-8", newline="")
    fresh.replace(sheet)
    return len(rows), sum(bool(row[len(COLUMNS)].strip()) or bool(row[len(COLUMNS) + 3].strip()) for row in rows)


def _cells(row: Drawn) -> list[str]:
    places = ["" if place is None else str(place) for place in (row.start, row.end)]
    return [row.layer, row.stratum, str(row.of), row.row_id, row.document, *places, row.text, row.found, row.context, QUESTIONS[row.layer]]


def _said(judged: Judged | None) -> list[str]:
    return [judged.drawn[name] for name in JUDGED] if judged else [""] * len(JUDGED)


def read_sheet(sheet: Path) -> list[Judged]:
    """The lines of a sheet; those not judged yet have an empty verdict.

    Raises QantarError, naming the line, where one says what no sheet says.
    """
    from qantar.corrections.corrections_file import delimiter_of
    from qantar.stages.articles.encodings import NotTextError, decode

    try:
        text = decode(sheet.read_bytes()).text.removeprefix("\ufeff")
    except (OSError, NotTextError) as error:
        raise QantarError(f"{sheet}: cannot be read: {error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    missing = [name for name in (*COLUMNS, *JUDGED) if name not in (reader.fieldnames or ())]
    if missing:
        raise QantarError(f"{sheet}: no sheet of an audit: the columns {', '.join(missing)} are missing")
    found = []
    for row in reader:
        cells = {name: unguarded(row[name] or "") for name in (*COLUMNS, *JUDGED)}
        found.append(Judged(reader.line_num, cells, _verdict(sheet, reader.line_num, cells)))
    return found


def _verdict(sheet: Path, line: int, cells: Mapping[str, str]) -> str:
    if cells["layer"] not in LAYERS or not cells["of"].isdigit():
        raise QantarError(f"{sheet}, line {line}: layer is {cells['layer']!r} and of {cells['of']!r}; write in the last columns only")
    said = cells["verdict"].strip().lower()
    if cells["layer"] == "missed":
        n = cells["missed"].strip() or ("0" if VERDICTS.get(said) == "right" else "")
        if n and not (n.isdigit() and len(n) < 5):
            raise QantarError(f"{sheet}, line {line}: missed is {n!r}; write how many quotes were missed, 0 if none")
        return "right" if n else ""
    if said and said not in VERDICTS:
        raise QantarError(f"{sheet}, line {line}: verdict is {said!r}; write right, wrong or unsure")
    return VERDICTS.get(said, "")


def score_sheet(judged: Sequence[Judged]) -> list[Figure]:
    """Precision of each layer that was judged, and recall of quotes where passages were read for what was missed."""
    figures, sizes = [], {}
    for layer in LAYERS[:-1]:
        strata = _strata(judged, layer)
        sizes[layer] = sum(stratum.size for stratum in strata)
        if any(stratum.n for stratum in strata):
            figures.append(Figure(layer, "precision", estimate_share(strata), sizes[layer]))
    return figures + _recall(judged)


def _recall(judged: Sequence[Judged]) -> list[Figure]:
    """Recall of quotes, where passages were read for what was missed."""
    passages = [row for row in judged if row.drawn["layer"] == "missed" and row.verdict]
    said = _strata((row for row in judged if not row.drawn["stratum"].startswith("unattributed")), "quotes")
    if not passages or not any(stratum.n for stratum in said):
        return []
    missed = [int(row.drawn["missed"].strip() or 0) for row in passages]
    n_passages = int(passages[0].drawn["of"])
    estimate = estimate_recall(estimate_share(said), sum(stratum.size for stratum in said), missed, n_passages)
    return [Figure("quotes", "recall", estimate, n_passages)]


def _strata(judged: Iterable[Judged], layer: str) -> list[Stratum]:
    verdicts: dict[str, list[bool]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for row in judged:
        if row.drawn["layer"] == layer:
            sizes[row.drawn["stratum"]] = int(row.drawn["of"])
            if row.verdict in ("right", "wrong"):
                verdicts[row.drawn["stratum"]].append(row.verdict == "right")
    return [Stratum(size, min(size, len(verdicts[name])), sum(verdicts[name])) for name, size in sizes.items()]


def compare_annotators(one: Sequence[Judged], other: Sequence[Judged]) -> tuple[float | None, int, list[str]]:
    """Cohen's kappa of two people's verdicts, the rows that both judged, and those they disagree on."""
    second = {row.key: row for row in other}
    pairs = [(row, second[row.key]) for row in one if row.verdict and row.key in second and second[row.key].verdict]
    pairs = [(a, b) for a, b in pairs if a.drawn["layer"] != "missed"]
    differing = [
        f"{a.drawn['layer']} {a.drawn['row']}, lines {a.line} and {b.line}: {a.verdict}, {b.verdict}: {a.drawn['text'][:80]!r}"
        for a, b in pairs
        if a.verdict != b.verdict
    ]
    return cohens_kappa([(a.verdict, b.verdict) for a, b in pairs]), len(pairs), differing


def corrections_of(judged: Iterable[Judged]) -> tuple[list[Fix], list[str]]:
    """The corrections that wrong rows make, and what is missing of the others."""
    fixes, untold = [], []
    for row in judged:
        if row.verdict != "wrong":
            continue
        try:
            fixes.append(_fix_of(row))
        except QantarError as error:
            untold.append(f"line {row.line}: {error}")
    return fixes, untold


def _fix_of(row: Judged) -> Fix:
    cells, layer = row.drawn, row.drawn["layer"]
    table, value = _CORRECTED[layer], cells["value"].strip()
    field = cells["field"].strip() or _USUAL.get(layer) or ("kind" if value in get_args(QuoteKind) else "speaker")
    if field == "apart" and not value:
        value = cells["text"]  # the id of what it was said to be a copy of
    if field not in FIELDS[table]:  # type: ignore[index]
        raise QantarError(f"field is {field!r}; fields of {table} are {', '.join(FIELDS[table])}")  # type: ignore[index]
    if not value and field not in ("delete", "join", "speaker", "cue"):
        raise QantarError(f"what is right is not said; write it into value (or delete into field), and {field} is corrected")
    if layer == "quotes" and not value and not cells["field"].strip():
        raise QantarError("what is right is not said; write a kind or the speaker into value, or a column into field")
    anchor = [cells["document"], table, *(("", "", "") if layer == "duplicates" else (cells["start"], cells["end"], cells["text"]))]
    return make_fix([*anchor, field, value, cells["by"], "", cells["note"] or "audit"])


def describe(figures: Iterable[Figure], width: float | None = None) -> list[str]:
    """The figures in words, with the rows that an interval of a wished width still needs."""
    lines = []
    for figure in figures:
        value, low, high, n = figure.estimate
        said = f"{figure.layer} {figure.metric}: {value:.1%}, 95 % interval {low:.1%} to {high:.1%}, {n} of {figure.size} judged"
        if width is not None:
            said += f"; {rows_needed(figure.estimate, width, figure.size)} more for an interval of {width:.0%}"
        lines.append(said)
    return lines
