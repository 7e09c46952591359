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


class Stated(NamedTuple):
    """Quotes with scores of one range: how many of them were right, and how many the scores state, shares from 0 to 1."""

    score: str
    quotes: int
    stated: float
    right: float


def _rows(name: str) -> list[dict[str, str]]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def stated_scores() -> tuple[Stated, ...]:
    """What scores of quotes state and what was right, the lowest scores first.

    >>> stated_scores()[-1].score
    '0.9–1.0'
    """
    return tuple(Stated(r["score"], int(r["quotes"]), float(r["stated"]), float(r["right"])) for r in _rows("stated_scores.csv"))


@cache
def figures_on_other_news() -> tuple[Figure, ...]:
    """Every figure, in the order of the file.

    >>> figures_on_other_news()[0].layer
    'mentions'
    """
    return tuple(
        Figure(r["corpus"], r["layer"] or None, r["name"], float(r["precision"]), float(r["recall"]), float(r["f1"]), int(r["n"]))
        for r in _rows("other_news.csv")
    )


def scores_as_markdown() -> str:
    """What scores state and what was right, as a table of the documentation and of the dataset's card."""
    lines = ["| score | quotes | stated | right |", "| --- | ---: | ---: | ---: |"]
    return "\n".join([*lines, *(f"| {s.score} | {s.quotes:,} | {s.stated:.3f} | {s.right:.3f} |" for s in stated_scores())])


def as_markdown() -> str:
    """The figures as a table of the documentation, each corpus named once."""
    lines = ["| corpus | layer | P | R | F1 | n |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    before = None
    for f in figures_on_other_news():
        shares = " | ".join(f"{share:.{DIGITS}f}" for share in (f.precision, f.recall, f.f1))
        lines.append(f"| {f.corpus if f.corpus != before else ''} | {f.name} | {shares} | {f.n:,} |")
        before = f.corpus
    return "\n".join(lines)
