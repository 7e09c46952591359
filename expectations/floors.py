"""The least accuracy a release may have: `floors.csv`, one figure a line."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

FLOORS = Path(__file__).with_name("floors.csv")


class Figure(Protocol):
    """A row of `quality`, as far as a floor looks at it."""

    @property
    def layer(self) -> str: ...
    @property
    def metric(self) -> str: ...
    @property
    def gold(self) -> str: ...
    @property
    def value(self) -> float: ...


@dataclass(frozen=True)
class Floor:
    """One line of floors.csv: `metric` of `layer`, measured on `gold`, must not be less than `floor`."""

    gold: str
    layer: str
    metric: str
    floor: float


def load_floors(path: Path = FLOORS) -> list[Floor]:
    """Read the floors; lines that begin with # are remarks.

    Raises ValueError, naming the file and the line, for a line that is no floor.
    """
    floors = []
    with path.open(encoding="utf-8", newline="") as file:
        lines = ((number, line) for number, line in enumerate(file, 1) if line.strip() and not line.startswith("#"))
        for number, line in lines:
            row = next(csv.reader([line]))
            if row == ["gold", "layer", "metric", "floor"]:
                continue
            try:
                gold, layer, metric, value = row
                floor = float(value)
            except ValueError:
                raise ValueError(f"{path}, line {number}: should be gold,layer,metric,floor, not {line.strip()!r}") from None
            if not 0 <= floor <= 1:
                raise ValueError(f"{path}, line {number}: a floor is from 0 to 1, not {value}")
            floors.append(Floor(gold, layer, metric, floor))
    return floors


def below_floor(figures: Iterable[Figure], floors: Iterable[Floor] | None = None) -> list[str]:
    """One line for each floor that a figure falls below, or that has no figure although its gold was measured."""
    values = {(f.gold, f.layer, f.metric): f.value for f in figures}
    measured = {gold for gold, _, _ in values}
    problems = []
    for floor in load_floors() if floors is None else floors:
        value = values.get((floor.gold, floor.layer, floor.metric))
        what = f"{floor.layer}, {floor.metric} on {floor.gold}"
        if value is None and floor.gold in measured:
            problems.append(f"{what}: not measured; the floor is {floor.floor:.3f}")
        elif value is not None and value < floor.floor:
            problems.append(f"{what}: {value:.3f} is below the floor of {floor.floor:.3f}")
    return problems
