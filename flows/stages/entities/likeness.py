"""Whether two names are spellings of one: of persons by surname and given names, of bodies by their words.

Similarity alone proves nothing. A `Likeness` says how many kinds of evidence from the articles (role, country, company, acronym) a
pair of names needs besides: none where surname and given name agree but for transliteration, more where one is only similar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from qantar.stages.entities.name_forms import are_forms_of_one_given_name, are_given_names, normal, romanised, skeleton, sound_of
from qantar.stages.entities.person_names import PersonName, parse_person, part_of, particles
from qantar.text.lexicon import read_toml

PLACED = frozenset(read_toml("name_words.toml")["placed_bodies"])
"""Words of bodies whose names differ by the order of words alone: the University of Washington, Washington University."""
MIN_WORDS = 4
LONG_SURNAME = 9
"""Letters from which on two surnames that differ in one are seldom those of two people with one given name."""


INITIALS = 2
"""Evidence that initials need."""
SHORT_GIVEN = 3
"""Letters of the shortest short form of a given name."""


class Likeness(NamedTuple):
    """How alike two names are (0 to 1), and how many kinds of evidence they need besides to be one."""

    score: float
    needs: int


@lru_cache(maxsize=100_000)
def _given(name: str) -> str:
    """The given names of a person as they sound together."""
    return romanised("".join(given_words(parse_person(name).words)))


def given_words(words: Sequence[str]) -> list[str]:
    """What stands before a person's surname and its particles; the first word always.

    >>> given_words(["ana", "maria", "van", "der", "meer"]), given_words(["al", "marsh"]), given_words(["ana", "e", "marsh"])
    (['ana', 'maria'], ['al'], ['ana', 'e'])
    """
    given = list(words[:-1])
    while len(given) > 1 and len(given[-1]) > 1 and given[-1] in particles():
        given.pop()
    return given


def compare_persons(a: str, b: str) -> Likeness | None:
    """How alike two full names of persons are; None if they are different people.

    >>> compare_persons("Kassym-Jomart Tokayev", "Kasym-Zhomart Tokaev")
    Likeness(score=0.95, needs=0)
    >>> compare_persons("George H. W. Bush", "George W. Bush") is None
    True
    >>> compare_persons("Robert Downing Jr.", "Robert Downing"), compare_persons('Rosalind "Rosie" Tarrant', "Rosie Tarrant")
    (Likeness(score=0.8, needs=3), Likeness(score=0.95, needs=0))
    """
    one, other = parse_person(a), parse_person(b)
    first, second = list(one.words), list(other.words)
    generations = {one.generation, other.generation} - {None, ""}
    if len(first) < 2 or len(second) < 2 or len(generations) > 1:
        return None
    alike = _compare_nicknames(one, other) or _compare_words(first, second, _given(a) == _given(b)) or _compare_parts(one, other)
    if alike and one.generation != other.generation:
        needs = 3 if first[0] == second[0] else 2  # the father, or the son with his name in full; Joe Moss is likelier Joseph Moss Jr.
        return Likeness(min(alike.score, 0.8), max(alike.needs, needs))
    return alike


def _compare_words(first: list[str], second: list[str], is_given_alike: bool) -> Likeness | None:
    if first == second:
        return Likeness(1.0, 0)
    if (first[0] == second[-1] or second[0] == first[-1]) and sorted(first) == sorted(second):
        return Likeness(0.8, 1)  # a family name that stands first in one of them
    surname = surname_likeness(first[-1], second[-1])
    given = Likeness(0.95, 0) if is_given_alike else _given_likeness(given_words(first), given_words(second))
    if surname is None or given is None:
        return None
    needs = max(surname.needs, given.needs)
    if given.needs == 2 and surname.needs == 0 and len(first[-1]) >= LONG_SURNAME and min(len(first[0]), len(second[0])) > 1:
        needs = 1
    return Likeness(min(surname.score, given.score), needs)


def _compare_nicknames(one: PersonName, other: PersonName) -> Likeness | None:
    """Names of which one has the other's first word as a nickname: Robert C. "Bobby" Scott, Bobby Scott."""
    is_called = other.words[0] == one.nickname or one.words[0] == other.nickname
    return Likeness(0.95, 0) if is_called and one.words[-1] == other.words[-1] else None


def _compare_parts(one: PersonName, other: PersonName) -> Likeness | None:
    """Names of which one is a part of the other: two surnames without the given name, or one surname of two left out."""
    short, full = sorted((one, other), key=lambda name: len(name.words))
    part = part_of(short.words, full)
    if part == "surname":
        return Likeness(0.8, 1 if short.words[0] in particles() else 2)
    if part != "given" or len(full.words) != len(short.words) + 1:
        return None
    return Likeness(0.75, 3 if are_given_names(short.words) else 2)  # Martin Luther is not Martin Luther Moss


@lru_cache(maxsize=100_000)
def surname_likeness(a: str, b: str) -> Likeness | None:
    """How alike two surnames in normal form are; None if they are two."""
    x, y = romanised(a), romanised(b)
    if x == y:
        return Likeness(0.95, 0)
    shorter = min(len(x), len(y))
    if shorter < 5 or x.rstrip("a") == y.rstrip("a") or DamerauLevenshtein.distance(x, y) > 1 + (shorter >= LONG_SURNAME):
        return None  # also a man's and a woman's surname: Ivanov, Ivanova
    if {x[-4:-1], y[-4:-1], x[-3:], y[-3:]} & {"ova", "eva", "ina"} and (x[-1] == "a") != (y[-1] == "a"):
        return None
    if skeleton(a) == skeleton(b):
        return Likeness(0.8, 1 if shorter >= LONG_SURNAME else 2)
    return Likeness(0.7, 2) if shorter >= LONG_SURNAME - 2 and DamerauLevenshtein.distance(x, y) == 1 else None


def is_shortened(a: str, b: str) -> bool:
    """Whether of two given names one is the beginning of the other, as short forms are.

    >>> is_shortened("jen", "jennifer"), is_shortened("ann", "anna"), is_shortened("marc", "marcus")
    (True, False, True)
    """
    short, full = sorted((a, b), key=len)
    return len(short) >= SHORT_GIVEN and len(full) - len(short) > 1 and full.startswith(short)


def _given_likeness(a: list[str], b: list[str]) -> Likeness | None:
    """How alike given names that do not sound the same are; None where they contradict each other."""
    pairs = [_one_given_likeness(x, y) for x, y in zip(a, b, strict=False)]
    found = [likeness for likeness in pairs if likeness]
    if len(found) < len(pairs):
        return None
    if len(a) != len(b):
        more = max(a, b, key=len)[min(len(a), len(b)) :]
        found.append(Likeness(0.9, 0) if all(len(word) == 1 for word in more) else Likeness(0.8, 1))  # middle initials, middle names
    needs = max(f.needs for f in found)
    if len(a) == len(b) > 1 and needs == INITIALS and any(len(word) == 1 for word in (*a, *b)):
        needs = 1  # J. P. Harrow, John Paul Harrow: two given names agree
    return Likeness(min(f.score for f in found), needs)


def _one_given_likeness(x: str, y: str) -> Likeness | None:
    """How alike two given names are; None where they are two."""
    if romanised(x) == romanised(y):
        return Likeness(0.95, 0)
    if len(x) == 1 or len(y) == 1:
        return Likeness(0.7, INITIALS) if x[0] == y[0] else None
    if are_forms_of_one_given_name(x, y):
        sounds_alike = skeleton(x) == skeleton(y) and len(skeleton(x)) > 2 and x[0] == y[0]
        return Likeness(0.9, 0) if sounds_alike else Likeness(0.85, 2)
    return Likeness(0.8, 2) if is_shortened(x, y) else None


def compare_bodies(a: str, b: str) -> Likeness | None:
    """How alike two names of bodies are; None if they are different bodies.

    >>> compare_bodies("Russian Council for International Affairs", "Russian International Affairs Council")
    Likeness(score=0.85, needs=0)
    >>> compare_bodies("University of Washington", "Washington University") is None
    True
    """
    first, second = normal(a, "ORG").split(), normal(b, "ORG").split()
    if first == second:
        return Likeness(1.0, 0)
    if Counter(first) == Counter(second):
        return Likeness(0.85, 0 if len(first) >= MIN_WORDS else 1) if not PLACED & set(first) else None
    if len(first) == len(second) >= 3:
        differing = [(x, y) for x, y in zip(first, second, strict=True) if x != y]
        if len(differing) == 1:
            x, y = differing[0]
            if min(len(x), len(y)) > 6 and DamerauLevenshtein.distance(x, y) == 1 and x[0] == y[0]:
                return Likeness(0.8, 1)  # a slip of the pen
    return None


class Forms(NamedTuple):
    """What a name is looked up by."""

    keys: Sequence[str]
    """Of blocks, in which names that might be one are compared: two names that share none never are."""
    surnames: Sequence[str] = ()
    """What may stand alone for the person, as it sounds."""
    given: str = ""
    """The first word of a person's name."""


def forms_of(name: str, group: str) -> Forms:
    """What the name of a person or a body is looked up by."""
    if group != "PERSON":
        return Forms([" ".join(sorted(w[:4] for w in normal(name, group).split()))])
    person = parse_person(name)
    words = person.words or ("",)
    keys = {skeleton(words[-1])} | {"|".join(sorted(words))}
    if len(words) > 2:
        keys.add(skeleton(words[-2]))
    x = romanised(words[-1])
    keys |= {f"{x[:4]}~{len(x) // 3}", f"{x[:4]}~{(len(x) + 1) // 3}"} if len(x) > 6 else set()
    return Forms(sorted(keys), sorted({sound_of(" ".join(surname)) for surname in person.surnames}), words[0])
