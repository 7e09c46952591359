"""The sheet of an audit: a CSV file that spreadsheets open rightly, with a row of the build a line and what a person says of it.

A person writes `right`, `wrong` or `unsure` (or r, w, u) into `verdict`; for what is wrong, what is right into `value` and, where it is not
the layer's usual column, its name into `field`; for passages, how much was missed into `missed`. The page of `qantar serve --edit` writes
into the same file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qantar.corrections.corrections_file import delimiter_of, guarded, unguarded, write_safely
from qantar.quality.audit_sample import LAYERS, MISSED, QUESTIONS, Drawn, draw_sample
from qantar.settings import QantarError
from qantar.stages.articles.encodings import MOST_BYTES, NotTextError, decode
from qantar.store.locks import held

FOLDER = "audits"
"""Of the folder of builds: a sheet for each person who judges in the browser."""
COLUMNS = ("layer", "stratum", "of", "score", "row", "document", "start", "end", "text", "found", "context", "question")
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


def write_sheet(build: Path, sheet: Path, n: int = 100, seed: int = 1, layers: tuple[str, ...] = LAYERS) -> tuple[int, int]:
    """Write a sheet of rows to judge, or add to one that is there, whose judgements stay; returns its rows, and those judged.

    Raises QantarError where there is no build, or the file there is no sheet.
    """
    with held(_lock(sheet)):
        known = {judged.key: judged for judged in read_sheet(sheet)} if sheet.exists() else {}
        drawn = draw_sample(build, n, seed, layers)
        rows = [[*_cells(row), *(_said(known.pop((row.layer, row.row_id), None)))] for row in drawn]
        # those judged, and no longer drawn
        rows += [[judged.drawn[name] for name in (*COLUMNS, *JUDGED)] for judged in known.values() if judged.verdict]
        _write(sheet, rows)
    return len(rows), sum(bool(row[len(COLUMNS)].strip()) or bool(row[len(COLUMNS) + 3].strip()) for row in rows)


def _lock(sheet: Path) -> Path:
    return sheet.with_name(f".{sheet.name}.lock")


def _write(sheet: Path, rows: Sequence[Sequence[str]], delimiter: str = ",") -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", delimiter=delimiter)
    writer.writerow([*COLUMNS, *JUDGED])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    write_safely(sheet, "\ufeff" + text.getvalue())


def judge_row(sheet: Path, key: tuple[str, str], said: Mapping[str, str]) -> Judged:
    """Write what a person says of one row, by its layer and id, into a sheet; the rest of it stays as it is.

    `said` are cells by their columns, those of `JUDGED`. Raises QantarError where the sheet has no such row, or where that is no judgement.
    """
    with held(_lock(sheet)):
        judged = read_sheet(sheet)
        at = next((n for n, row in enumerate(judged) if row.key == key), None)
        if at is None:
            raise QantarError(f"{sheet}: no row {key[1]} of {key[0]} is in it")
        cells = {**judged[at].drawn, **{name: said.get(name, "") for name in JUDGED}}
        changed = Judged(judged[at].line, cells, _verdict(sheet, judged[at].line, cells))
        judged[at] = changed
        _write_again(sheet, judged)
    return changed


def forget_documents(sheet: Path, documents: Collection[str]) -> int:
    """Take the rows about some documents, or with words of theirs, out of a sheet, judged or not; returns how many.

    Raises QantarError where the file is no sheet.
    """
    with held(_lock(sheet)):
        judged = read_sheet(sheet)
        left = [row for row in judged if row.drawn["document"] not in documents and row.drawn["text"] not in documents]
        if len(left) < len(judged):
            _write_again(sheet, left)
    return len(judged) - len(left)


def _write_again(sheet: Path, judged: Sequence[Judged]) -> None:
    delimiter = delimiter_of(decode(sheet.read_bytes(), MOST_BYTES).text.removeprefix("\ufeff"))
    _write(sheet, [[row.drawn[name] for name in (*COLUMNS, *JUDGED)] for row in judged], delimiter)


def _cells(row: Drawn) -> list[str]:
    places = ["" if place is None else str(place) for place in (row.start, row.end)]
    score = "" if row.score is None else f"{row.score:.2f}"
    return [
        row.layer,
        row.stratum,
        str(row.of),
        score,
        row.row_id,
        row.document,
        *places,
        row.text,
        row.found,
        row.context,
        QUESTIONS[row.layer],
    ]


def _said(judged: Judged | None) -> list[str]:
    return [judged.drawn[name] for name in JUDGED] if judged else [""] * len(JUDGED)


def read_sheet(sheet: Path) -> list[Judged]:
    """The lines of a sheet; those not judged yet have an empty verdict.

    Raises QantarError, naming the line, where one says what no sheet says.
    """
    try:
        text = decode(sheet.read_bytes(), MOST_BYTES).text.removeprefix("\ufeff")
    except (OSError, NotTextError) as error:
        raise QantarError(f"{sheet}: cannot be read: {error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    missing = [name for name in (*COLUMNS, *JUDGED) if name not in (reader.fieldnames or ()) and name != "score"]  # sheets before it
    if missing:
        raise QantarError(f"{sheet}: no sheet of an audit: the columns {', '.join(missing)} are missing")
    found = []
    for row in reader:
        cells = {name: unguarded(row.get(name) or "") for name in (*COLUMNS, *JUDGED)}
        found.append(Judged(reader.line_num, cells, _verdict(sheet, reader.line_num, cells)))
    return found


def _verdict(sheet: Path, line: int, cells: Mapping[str, str]) -> str:
    if cells["layer"] not in LAYERS or not cells["of"].isdigit():
        raise QantarError(f"{sheet}, line {line}: layer is {cells['layer']!r} and of {cells['of']!r}; write in the last columns only")
    said = cells["verdict"].strip().lower()
    if cells["layer"] in MISSED:
        n = cells["missed"].strip() or ("0" if VERDICTS.get(said) == "right" else "")
        if n and not (n.isdigit() and len(n) < 5):
            raise QantarError(f"{sheet}, line {line}: missed is {n!r}; write how many were missed, 0 if none")
        return "right" if n else ""
    if said and said not in VERDICTS:
        raise QantarError(f"{sheet}, line {line}: verdict is {said!r}; write right, wrong or unsure")
    return VERDICTS.get(said, "")
