"""The least accuracy a release may have: `floors.csv`, one figure a line."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from qantar.schema import Quality

FLOORS = Path(__file__).with_name("floors.csv")
MEASURED = "characters with a role"
"""The layer whose number of items says how much of a gold was measured."""


@dataclass(frozen=True)
class Floor:
    """One line of floors.csv: `metric` of `layer`, measured on `gold`, must not be less than `floor`.

    It holds where the whole of that gold was measured, all its `n_characters`: a build of some of its articles has no floor.
    """

    gold: str
    n_characters: int
    layer: str
    metric: str
    floor: float


_HEADER = [f.name for f in fields(Floor)]


def load_floors(path: Path = FLOORS) -> list[Floor]:
    """Read the floors; lines that begin with # are remarks.

    Raises ValueError, naming the file and the line, for a line that is no floor.
    """
    floors = []
    with path.open(encoding="utf-8", newline="") as file:
        lines = ((number, line) for number, line in enumerate(file, 1) if line.strip() and not line.startswith("#"))
        for number, line in lines:
            row = next(csv.reader([line]))
            if row == _HEADER:
                continue
            try:
                gold, n_characters, layer, metric, value = row
                floor = Floor(gold, int(n_characters), layer, metric, float(value))
            except ValueError:
                raise ValueError(f"{path}, line {number}: should be {','.join(_HEADER)}, not {line.strip()!r}") from None
            if not 0 <= floor.floor <= 1:
                raise ValueError(f"{path}, line {number}: a floor is from 0 to 1, not {value}")
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
            found = "not measured" if value is None else f"{value:.3f}"
            problems.append(f"{floor.layer}, {floor.metric} on {floor.gold}: {found}; the floor is {floor.floor:.3f}")
    return problems
