"""A person's name in parts: given names, surname, generation, nickname; and whether one name is part of another."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from qantar.stages.entities.name_forms import normal
from qantar.text.gender import family_first
from qantar.text.lexicon import read_toml

GENERATIONS = frozenset(read_toml("name_words.toml")["generations"])
Part = Literal["surname", "given", "middle"]

_NICKNAME = re.compile(r"\s[\"“‘'(](?P<nickname>[^\"“”‘’'()]+)[\"”’')](?=\s)")


class PersonName(NamedTuple):
    """A person's name in normal form."""

    words: tuple[str, ...]
    """Without generation and nickname."""
    surnames: tuple[tuple[str, ...], ...]
    """What may stand alone for the person, the likeliest first: a family name that stands first, the last word with its particles."""
    generation: str | None = None
    nickname: str | None = None


@lru_cache(maxsize=100_000)
def parse_person(name: str) -> PersonName:
    """The parts of a person's name.

    >>> parse_person('Robert C. "Bobby" Scott Jr.')
    PersonName(words=('robert', 'c', 'scott'), surnames=(('scott',),), generation='jr', nickname='bobby')
    >>> parse_person("Vincent van der Meer").surnames, parse_person("Shen Guowei").surnames
    ((('van', 'der', 'meer'), ('meer',)), (('shen',), ('guowei',)))
    """
    found = _NICKNAME.search(name)
    nickname = normal(found["nickname"], "PERSON") if found else None
    if found:
        name = name[: found.start()] + name[found.end() :]
    hyphened = normal(name.split()[-1], "PERSON").split()
    words = normal(name, "PERSON").split()
    generation = words.pop() if len(words) > 1 and words[-1] in GENERATIONS else None
    return PersonName(tuple(words), _surnames(tuple(words), len(hyphened)), generation, nickname)


def _surnames(words: tuple[str, ...], n_hyphened: int) -> tuple[tuple[str, ...], ...]:
    if len(words) <= max(1, n_hyphened):
        return (words,)
    start = len(words) - max(1, n_hyphened)
    while start > 1 and words[start - 1] in particles():
        start -= 1
    found = [words[start:], words[-1:]] if words[start] not in _patronymics() else [words[start:]]  # "bin Rashid" is no Rashid
    if words[0] in _families() and len(words) <= 3:
        found = [words[:1], *found]
    elif words[1] in _families() - particles() and words[-1] not in _families():
        found = [words[1:2], *found]  # Austin Li Jiaqi
    return tuple(dict.fromkeys(found))


def part_of(short: tuple[str, ...], full: PersonName) -> Part | None:
    """Which part of a fuller name some words are: its end or family name, its beginning, its nickname, or what stands between.

    >>> full = parse_person("Luis Garcia Robledo")
    >>> [part_of(tuple(short.split()), full) for short in ("garcia robledo", "robledo", "luis", "garcia", "luis robledo")]
    ['surname', 'surname', 'given', 'middle', None]
    """
    n, words = len(short), full.words
    if short == (full.nickname,):
        return "given"
    if n >= len(words) or all(len(word) == 1 for word in short) or short[-1] in particles():
        return None
    if short in full.surnames or (words[-n:] == short and words[-n - 1] not in _patronymics()):
        return "surname"
    if words[:n] == short:
        return "given"
    return "middle" if any(words[i : i + n] == short for i in range(1, len(words) - n)) else None


@cache
def particles() -> frozenset[str]:
    """Small words inside names, in normal form: "van", "al", "dos"."""
    return frozenset(read_toml("name_words.toml")["particles"])


@cache
def _patronymics() -> frozenset[str]:
    """Particles before a father's name: "bin", "ibn"."""
    return frozenset(read_toml("name_words.toml")["patronymics"])


@cache
def _families() -> frozenset[str]:
    return frozenset(name.lower() for name in family_first())
