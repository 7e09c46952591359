"""Persons named like places: "Jordan" is not a country where the article tells of Michael Jordan and of nothing in Jordan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qantar.text.known_names import Known, Names
from qantar.text.lexicon import either

_PLACED = re.compile(rf"\b(?:{either('place_leads.toml', 'of_namesakes')})\s+(?:\w+ern\s+)?$")
_MOVED = re.compile(rf"\b(?:{either('place_leads.toml', 'of_moves')}) to \Z")


def find_namesakes(
    text: str, places: Sequence[tuple[int, int, str]], persons: Sequence[tuple[int, int]], peoples: Iterable[str], names: Names
) -> set[tuple[int, int]]:
    """The spans of places that name persons: one word, and that a word of a person's full name before it.

    `places` are (start, end, id) of places that the lexicon knows, `persons` the spans that the model takes for persons, `peoples` the ids
    of the other peoples and places of the article. Where the model takes the word itself for a person's name it is one; else only where
    nothing else speaks of the place.
    """
    full = [(start, text[start:end].split()) for start, end in persons if " " in text[start:end]]
    first: dict[str, int] = {}
    for start, words in sorted(full):
        for word in (words[0], words[-1]):
            first.setdefault(word, start)
    related = {country for i in peoples if (country := _country(names.entities.get(i), names))}
    alone = set(persons)
    found = set()
    for start, end, identity in places:
        word = text[start:end]
        if first.get(word, start) >= start or _MOVED.search(text, max(0, start - 24), start):
            continue
        placed = any(_PLACED.search(text[max(0, a - 24) : a]) for a, b, i in places if i == identity)
        if (start, end) in alone or (not placed and _country(names.entities.get(identity), names) not in related):
            found.add((start, end))
    return found


def _country(known: Known | None, names: Names) -> str | None:
    if known is None:
        return None
    return known.country or (names.entities[known.related_id].country if known.related_id in names.entities else None)
