"""Figures measured on news of others, which say what to expect of a corpus that was not measured itself."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
DIGITS = 3


class Figure(NamedTuple):
    """What is right of one layer on one corpus, shares from 0 to 1; `layer` is None for a part of a layer."""

    corpus: str
    layer: str | None
    name: str
    precision: float
    recall: float
    f1: float
    n: int


@cache
def figures_on_other_news() -> tuple[Figure, ...]:
    """Every figure, in the order of the file.

    >>> figures_on_other_news()[0].layer
    'mentions'
    """
    lines = (HERE / "other_news.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return tuple(
        Figure(r["corpus"], r["layer"] or None, r["name"], float(r["precision"]), float(r["recall"]), float(r["f1"]), int(r["n"]))
        for r in rows
    )


def as_markdown() -> str:
    """The figures as a table of the documentation, each corpus named once."""
    lines = ["| corpus | layer | P | R | F1 | n |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    before = None
    for f in figures_on_other_news():
        shares = " | ".join(f"{share:.{DIGITS}f}" for share in (f.precision, f.recall, f.f1))
        lines.append(f"| {f.corpus if f.corpus != before else ''} | {f.name} | {shares} | {f.n:,} |")
        before = f.corpus
    return "\n".join(lines)
