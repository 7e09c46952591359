"""How sure a quote is: the grades of what speaks for it, multiplied."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from qantar.text.lexicon import read_toml


@cache
def _grades() -> dict[str, dict[str, float]]:
    return read_toml("quote_scores.toml")


def score_of(kind: str, rule: str, attitude: str, basis: str | None, marks: Iterable[str] = ()) -> float:
    """The score of a quote, between 0 and 1; `marks` says what else is known of it: negated, modal, nested.

    >>> score_of("direct", "behind", "speech", "name"), score_of("indirect", "object", "accusation", "description")
    (0.98, 0.65)
    """
    grades = _grades()
    if kind == "unattributed":
        return grades["other"]["unattributed"]
    score = grades["rule"][rule] * grades["kind"][kind] * grades["attitude"][attitude] * grades["speaker"][basis or "nobody"]
    for mark in marks:
        score *= grades["other"].get(mark, 1.0)
    return round(score, 2)


def speaker_score_of(rule: str, basis: str | None) -> float | None:
    """How sure it is that the speaker as written is the right one; None without a speaker."""
    grades = _grades()
    return None if basis is None else round(grades["written"][basis] * grades["given"].get(rule, 1.0), 2)
