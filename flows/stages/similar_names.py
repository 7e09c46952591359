"""Whether two names are spellings of one: of persons by surname and given names, of bodies by their words.

Similarity alone proves nothing. What a pair of names needs besides is said by its `Likeness`: nothing, where surname and given name
agree but for transliteration; or evidence from the articles (role, country, company), where one of them is only similar.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from flows.stages.name_forms import are_forms_of_one_given_name, normal, romanised, skeleton

GENERATIONS = frozenset(["jr", "sr", "ii", "iii", "iv", "junior", "senior"])
PLACED = frozenset(["university", "college", "school", "institute", "hospital", "bank", "state", "united", "city", "church", "court"])
"""Words of bodies whose names differ by the order of words alone: the University of Washington, Washington University."""
MIN_WORDS = 4


class Likeness(NamedTuple):
    """How alike two names are (0 to 1), and whether they need evidence besides to be one."""

    score: float
    needs_evidence: bool


def compare_persons(a: str, b: str) -> Likeness | None:
    """How alike two full names of persons are; None if they are different people.

    >>> compare_persons("Kassym-Jomart Tokayev", "Kasym-Zhomart Tokaev")
    Likeness(score=0.95, needs_evidence=False)
    >>> compare_persons("George H. W. Bush", "George W. Bush") is None
    True
    """
    first, second = normal(a, "PERSON").split(), normal(b, "PERSON").split()
    if len(first) < 2 or len(second) < 2 or GENERATIONS & (set(first) ^ set(second)):
        return None
    if first == second:
        return Likeness(1.0, False)
    if sorted(first) == sorted(second) and (first[0] == second[-1] or second[0] == first[-1]):
        return Likeness(0.8, True)  # a family name that stands first in one of them
    surname = _surname_likeness(first[-1], second[-1])
    given = _given_likeness(first[:-1], second[:-1])
    if surname is None or given is None:
        return None
    sure = surname == 1 and given >= 0.9
    return Likeness(round(min(surname, given) if not sure else 0.95, 2), not sure)


def _surname_likeness(a: str, b: str) -> float | None:
    if romanised(a) == romanised(b):
        return 1.0
    x, y = romanised(a), romanised(b)
    if x.rstrip("a") == y.rstrip("a") and x[:-1] in (y, y[:-1]) and x[-3:-1] in ("ov", "ev", "in"):
        return None  # a man's and a woman's surname
    if x + "a" == y or y + "a" == x:
        return None
    distance = DamerauLevenshtein.distance(x, y)
    if min(len(x), len(y)) < 5 or distance > 1 + (min(len(x), len(y)) > 8):
        return None
    return 0.8 if skeleton(a) == skeleton(b) else 0.7 if distance == 1 and min(len(x), len(y)) > 6 else None


def _given_likeness(a: list[str], b: list[str]) -> float | None:
    """How alike the given names are; None where they contradict each other."""
    joined_a, joined_b = "".join(a), "".join(b)
    if romanised(joined_a) == romanised(joined_b):
        return 0.95
    scores = []
    for x, y in zip(a, b, strict=False):
        if romanised(x) == romanised(y):
            scores.append(0.95)
        elif len(x) == 1 or len(y) == 1:
            if x[0] != y[0]:
                return None
            scores.append(0.7)
        elif are_forms_of_one_given_name(x, y):
            scores.append(0.92 if skeleton(x) == skeleton(y) and x[0] == y[0] else 0.85)
        else:
            return None
    if len(a) != len(b):
        more = max(a, b, key=len)[min(len(a), len(b)) :]
        scores.append(0.9 if all(len(word) == 1 for word in more) else 0.8)  # middle initials, middle names
    return min(scores)


def compare_bodies(a: str, b: str) -> Likeness | None:
    """How alike two names of bodies are; None if they are different bodies.

    >>> compare_bodies("Russian Council for International Affairs", "Russian International Affairs Council")
    Likeness(score=0.85, needs_evidence=False)
    >>> compare_bodies("University of Washington", "Washington University") is None
    True
    """
    first, second = normal(a, "ORG").split(), normal(b, "ORG").split()
    if first == second:
        return Likeness(1.0, False)
    if Counter(first) == Counter(second):
        return Likeness(0.85, len(first) < MIN_WORDS) if not PLACED & set(first) else None
    if len(first) == len(second) >= 3:
        differing = [(x, y) for x, y in zip(first, second, strict=True) if x != y]
        if len(differing) == 1:
            x, y = differing[0]
            if min(len(x), len(y)) > 6 and DamerauLevenshtein.distance(x, y) == 1 and x[0] == y[0]:
                return Likeness(0.8, True)  # a slip of the pen
    return None


def block_of(name: str, group: str) -> list[str]:
    """Keys under which names that might be one are looked up together: two names that share none are never compared."""
    words = normal(name, group).split()
    if group == "PERSON":
        keys = {skeleton(words[-1])} | {"|".join(sorted(words))}
        x = romanised(words[-1])
        return sorted(keys | ({f"{x[:4]}~{len(x) // 3}", f"{x[:4]}~{(len(x) + 1) // 3}"} if len(x) > 6 else set()))
    return [" ".join(sorted(w[:4] for w in words))]
