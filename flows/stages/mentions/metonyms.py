"""Capitals and seats of power that stand for a government: "Moscow has backed", "the Kremlin"."""

from __future__ import annotations

import re
from functools import cache

from qantar.text.known_names import Known, Names
from qantar.text.lexicon import either, read_toml

_REACH = 60
"""Characters behind a name in which its verb is looked for."""


def metonym_of(text: str, start: int, end: int, known: Known, names: Names) -> str | None:
    """The id of the country whose government a place at `start` to `end` stands for; None where that is not certain."""
    seat = read_seats().get(known.id)
    if seat is not None:
        return seat
    if not known.is_capital or known.country is None:
        return None
    after = text[end : end + _REACH]
    if _owned().match(after) or (_acts().match(after) and not _placed().search(text[max(0, start - 24) : start])):
        return names.countries.get(known.country)
    return None


@cache
def read_seats() -> dict[str, str]:
    """Seats of power and their countries, by id."""
    seats: dict[str, str] = read_toml("metonyms.toml")["seats"]
    return seats


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, words))


@cache
def _acts() -> re.Pattern[str]:
    """What follows a government that acts: at most three auxiliaries or adverbs, then its verb, in the same clause."""
    data = read_toml("metonyms.toml")
    other = r"(?:\s+and\s+[A-Z][\w-]+)?"  # "Moscow and Beijing have given"
    return re.compile(rf"{other}\s+(?:(?:{_any(data['auxiliaries'])})\s+){{0,3}}(?:{_any(data['verbs'])})\b")


@cache
def _owned() -> re.Pattern[str]:
    return re.compile(rf"['’]s\s+(?:\w+\s+)?(?:{_any(read_toml('metonyms.toml')['possessions'])})\b")


@cache
def _placed() -> re.Pattern[str]:
    """What shows a place before a name: "in Moscow", "the mayor of Moscow", "Moscow" after "from Minsk to"."""
    return re.compile(rf"\b(?:{either('place_leads.toml', 'of_capitals')})\s+(?:\w+\s+)?$")
