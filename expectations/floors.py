"""What accuracy may not fall below: `floors.csv`, one figure a line, and for each gold the items that are known to be wrong.

A floor guards against a change of code or model that makes things worse. It is the low end of the 95 % interval that the figure
had when it was pinned, so that one item of ten does not break it. Which items were lost or gained since the list of known faults
was pinned is a sharper test: see `compare_faults`. Both are checked by the tests, by `qantar evaluate` and by `qantar release`;
`qantar build` only warns.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from math import comb
from pathlib import Path

from qantar.schema import Quality

FLOORS = Path(__file__).with_name("floors.csv")
KNOWN_FAULTS = "known_faults.csv"
"""The file in a gold folder that lists what the pinned version gets wrong."""
MEASURED = "characters with a role"
"""The layer whose number of items says how much of a gold was measured."""
NEVER_PINNED = frozenset({"corrections", "audit"})
"""Golds of a user's own corpus."""
CHANCE = 0.05
"""Lost items count as a change for the worse where chance would lose as many of those that changed less often than this."""


@dataclass(frozen=True)
class Floor:
    """One line of floors.csv: `metric` of `layer`, measured on `gold`, must not be less than `floor`; it was `value` when pinned.

    It holds where the whole of that gold was measured, all its `n_characters`: a build of some of its articles has no floor.
    """

    gold: str
    n_characters: int
    layer: str
    metric: str
    value: float
    floor: float


_HEADER = [f.name for f in fields(Floor)]


def load_floors(path: Path = FLOORS) -> list[Floor]:
    """Read the floors; lines that begin with # are remarks.

    Raises ValueError, naming the file and the line, for a line that is not a floor.
    """
    floors = []
    with path.open(encoding="utf-8", newline="") as file:
        lines = ((number, line) for number, line in enumerate(file, 1) if line.strip() and not line.startswith("#"))
        for number, line in lines:
            row = next(csv.reader([line]))
            if row == _HEADER:
                continue
            try:
                gold, n_characters, layer, metric, value, least = row
                floor = Floor(gold, int(n_characters), layer, metric, float(value), float(least))
            except ValueError:
                raise ValueError(f"{path}, line {number}: should be {','.join(_HEADER)}, not {line.strip()!r}") from None
            if not 0 <= floor.floor <= floor.value <= 1:
                raise ValueError(f"{path}, line {number}: a floor is from 0 to the value measured, at most 1, not {least}")
            floors.append(floor)
    return floors


def below_floor(figures: Iterable[Quality], floors: Iterable[Floor] | None = None) -> list[str]:
    """One line for each floor that a figure falls below, or that has no figure although its whole gold was measured."""
    figures = list(figures)
    values = {(f.gold, f.layer, f.metric): f.value for f in figures}
    whole = {(f.gold, f.n) for f in figures if f.layer == MEASURED}
    problems = []
    for floor in load_floors() if floors is None else floors:
        value = values.get((floor.gold, floor.layer, floor.metric))
        if (floor.gold, floor.n_characters) in whole and (value is None or value < floor.floor):
            found = "was not measured" if value is None else f"is {value:.3f}"
            least = f"below the floor of {floor.floor:.3f} ({floor.value:.3f} when pinned)"
            problems.append(f"{floor.metric} of {floor.layer} on {floor.gold} {found}, {least}")
    return problems


def write_floors(figures: Iterable[Quality], path: Path = FLOORS) -> None:
    """Pin the F1 or accuracy of every layer of whole golds as floors: each at the low end of its interval.

    That every character has a role is no matter of chance: its floor is 1.
    Golds that were not measured keep their lines. A layer that had other metrics pinned (precision and recall) keeps those metrics.
    Figures on corrected articles and audits are never pinned: what they are measured on changes with the corpus.
    """
    figures = [figure for figure in figures if figure.gold not in NEVER_PINNED]
    n_characters = {f.gold: f.n for f in figures if f.layer == MEASURED}
    old = load_floors(path)
    kept = [floor for floor in old if floor.gold not in n_characters]
    pinned = [
        Floor(f.gold, n_characters[f.gold], f.layer, f.metric, _down(f.value), 1.0 if f.layer == MEASURED else _down(f.low or 0.0))
        for f in _to_pin(figures, old)
    ]
    remarks = [line for line in path.read_text("utf-8").splitlines(keepends=True) if line.startswith("#")]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(remarks)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows(astuple(floor) for floor in sorted([*kept, *pinned], key=lambda f: (f.gold, f.layer, f.metric)))


def _to_pin(figures: list[Quality], old: list[Floor]) -> Iterator[Quality]:
    """The main metrics, those pinned before, and all of a layer without a main one."""
    named = {(floor.gold, floor.layer, floor.metric) for floor in old}
    has_main = {(f.gold, f.layer) for f in figures if f.metric in ("F1", "accuracy")}
    for f in figures:
        if f.metric in ("F1", "accuracy") or (f.gold, f.layer, f.metric) in named or (f.gold, f.layer) not in has_main:
            yield f


def _down(figure: float) -> float:
    return int(figure * 1000) / 1000


@dataclass(frozen=True, order=True)
class Fault:
    """One item that a build gets wrong: of the gold and not found (missed) or found otherwise (wrong), or not in the gold (extra).

    `start` and `end` are its place in the article's raw text; `text` is what stands there, shortened.
    """

    layer: str
    article: str
    start: int
    end: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.layer}: {self.kind} “{self.text}” ({self.article}, {self.start}–{self.end})"


def read_faults(gold: Path) -> list[Fault] | None:
    """The faults pinned for a gold folder; None where it has no such list.

    Raises ValueError, naming the file and the line, for a line that is not a fault.
    """
    path = gold / KNOWN_FAULTS
    if not path.exists():
        return None
    faults = []
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        for row in rows:
            try:
                layer, article, start, end, kind, text = row
                faults.append(Fault(layer, article, int(start), int(end), kind, text))
            except ValueError:
                header = ",".join(f.name for f in fields(Fault))
                raise ValueError(f"{path}, line {rows.line_num}: should be {header}, not {','.join(row)!r}") from None
    return faults


def write_faults(gold: Path, faults: Iterable[Fault]) -> Path:
    """Pin a gold folder's faults."""
    path = gold / KNOWN_FAULTS
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(f.name for f in fields(Fault))
        writer.writerows(astuple(fault) for fault in sorted(faults))
    return path


@dataclass(frozen=True)
class Compared:
    """What changed since faults were pinned: items `lost` (new faults) and `gained` (faults that are gone); layers that got `worse`."""

    lost: list[Fault]
    gained: list[Fault]
    worse: list[str]


def compare_faults(pinned: Iterable[Fault], found: Iterable[Fault]) -> Compared:
    """Compare the faults found with those pinned, item by item.

    A layer is worse where chance alone would lose as many of the items that changed in fewer than 1 of 20 cases (a sign test):
    5 lost and none gained, 7 lost and one gained.

    >>> def fault(n): return Fault("quotes", "a", n, n + 1, "missed", "x")
    >>> compare_faults([], map(fault, range(4))).worse
    []
    >>> compare_faults([], map(fault, range(5))).worse
    ['quotes: 5 items lost and 0 gained since they were pinned']
    """
    before, now = Counter(pinned), Counter(found)
    lost, gained = sorted((now - before).elements()), sorted((before - now).elements())
    n_gained = Counter(fault.layer for fault in gained)
    worse = [
        f"{layer}: {n} items lost and {n_gained[layer]} gained since they were pinned"
        for layer, n in sorted(Counter(fault.layer for fault in lost).items())
        if _chance(n, n_gained[layer]) <= CHANCE
    ]
    return Compared(lost, gained, worse)


def _chance(lost: int, gained: int) -> float:
    """How often so many or more of the changed items are lost where a loss is as likely as a gain."""
    n = lost + gained
    return float(sum(comb(n, k) for k in range(lost, n + 1)) / 2**n)
