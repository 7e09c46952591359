"""An audit of one's own corpus: what the judgements of a sheet say of the whole corpus, and the corrections that they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from qantar.corrections.corrections_file import make_fix
from qantar.corrections.fixes import FIELDS, Fix
from qantar.quality.audit_estimates import Estimate, Stratum, cohens_kappa, estimate_recall, estimate_share, rows_needed
from qantar.quality.audit_sample import LAYERS, MISSED
from qantar.quality.audit_sheet import Judged
from qantar.schema import QuoteKind
from qantar.settings import QantarError

CORRECTED = {"quotes": "quotes", "mentions": "mentions", "links": "mentions", "duplicates": "duplicates", "roles": "blocks"}
"""The table of each layer's rows."""
_USUAL = {"mentions": "label", "links": "entity_id", "duplicates": "apart", "roles": "role"}
"""What is corrected where `field` is empty; of quotes the kind, if `value` is one, else the speaker."""


@dataclass(frozen=True)
class Figure:
    """A figure of the whole corpus."""

    layer: str
    metric: str
    estimate: Estimate
    size: int
    """Rows of the layer in the build."""


def score_sheet(judged: Sequence[Judged]) -> list[Figure]:
    """Precision of each layer that was judged, and recall where passages were read for what was missed."""
    figures = []
    for layer in (layer for layer in LAYERS if layer not in MISSED):
        strata = _strata(judged, layer)
        if any(stratum.n for stratum in strata):
            figures.append(Figure(layer, "precision", estimate_share(strata), sum(stratum.size for stratum in strata)))
    return figures + [figure for missing, layer in MISSED.items() for figure in _recall(judged, missing, layer)]


def _recall(judged: Sequence[Judged], missing: str, layer: str) -> list[Figure]:
    """The recall of a layer, where passages were read for what is missing of it."""
    passages = [row for row in judged if row.drawn["layer"] == missing and row.verdict]
    said = _strata((row for row in judged if not row.drawn["stratum"].startswith("unattributed")), layer)
    if not passages or not any(stratum.n for stratum in said):
        return []
    missed = [int(row.drawn["missed"].strip() or 0) for row in passages]
    n_passages = int(passages[0].drawn["of"])
    estimate = estimate_recall(estimate_share(said), sum(stratum.size for stratum in said), missed, n_passages)
    return [Figure(layer, "recall", estimate, n_passages)]


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
    pairs = [(a, b) for a, b in pairs if a.drawn["layer"] not in MISSED]
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
    table, value = CORRECTED[layer], cells["value"].strip()
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
