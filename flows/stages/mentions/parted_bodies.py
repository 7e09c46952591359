"""Bodies of which a model marks all but the first word: "Utah" "District Court", the Quill "Institute for Reform"."""

from __future__ import annotations

import re
from functools import cache

from qantar.text.known_names import Names
from qantar.text.lexicon import either, read_lines, read_toml
from qantar.text.person_titles import title_words

LABELS = frozenset({"ORG", "FAC", "EVENT"})
LAW = re.compile(rf" (?:{either('name_words.toml', 'placed_laws')})\b(?! [A-Z])")
"""What makes the place before it a law's or a treaty's name: the Kyoto Protocol."""
PLACED = re.compile(rf" (?:{either('name_words.toml', 'placed_forces')})\b(?! [A-Z])")
"""What makes the place before it a body's name: West Harrow Police, but not "Harrow Police Chief Ann Lee"."""
_OF = re.compile(rf"[A-Z]\w+ (?:{either('name_words.toml', 'after_head')})\b")
_FIRST = re.compile(r"\b[Tt]he ([A-Z][a-z]+) \Z")
_WORD = re.compile(r"[^\W\d_]+")
_IN = re.compile(r"\b[Ii]n \Z")


def begins_body(text: str, place: tuple[int, int], body: tuple[int, int], entity_id: str, names: Names) -> bool:
    """Whether a known place or people that stands right before a body begins the body's name.

    A people of a country is a name by itself before a body of its government, or one that each country has: "Polish" "Border Guard", but
    "Polish Polar Institute". So is a country before the former; and its acronym, but before "Association of …": "U.S." "Air Force".
    """
    known = names.entities[entity_id]
    words = [word.lower() for word in _WORD.findall(text[body[0] : body[1]])]
    if known.label == "NORP":
        of = names.entities.get(known.related_id or "")
        return _begins_for_people(words, of is not None and of.is_country)
    if text[place[0] : place[1]].replace(".", "").isupper():
        return bool(_OF.match(text, body[0])) and words[0] in _heads() - _government()
    if known.is_country:
        return _is_headed(words) and _government().isdisjoint(words)
    is_another = text[body[0] : body[1]].isupper() or _IN.search(text, max(0, place[0] - 4), place[0]) or words[0] in _government()
    return len(words) > 1 or not is_another


def _begins_for_people(words: list[str], is_of_country: bool) -> bool:
    """Whether a people's name begins that of a body of these words; some are of no country: Jewish, Republican, European."""
    is_general = is_of_country and (_general_words().issuperset(words) or not _government().isdisjoint(words))
    return _is_headed(words) and not is_general


def _is_headed(words: list[str]) -> bool:
    return len(words) > 1 and not _heads().isdisjoint(words)


def first_word_of(text: str, start: int, end: int) -> int:
    """Where the name of a body starts of which all but the first word is marked: behind "the", capitalised, no title.

    >>> text = "the Quill Institute for Reform"
    >>> first_word_of(text, text.index("Institute"), len(text))
    4
    """
    found = _FIRST.search(text, max(0, start - 40), start)
    if found is None or found[1].lower() in title_words():
        return start
    words = text[start:end].lower().split()
    return found.start(1) if len(words) > 1 and not _heads().isdisjoint(words) else start


@cache
def _heads() -> frozenset[str]:
    """Words that show a body, a building or an event, in small letters."""
    return frozenset(word.lower() for kind in ("org", "fac", "event") for word in read_toml("name_words.toml")[kind])


@cache
def _general_words() -> frozenset[str]:
    """Words of bodies that each country has."""
    return frozenset(read_lines("generic_bodies.txt"))


@cache
def _government() -> frozenset[str]:
    """Heads of the bodies that each country has, in small letters."""
    general = read_toml("name_words.toml")["general_bodies"]
    return frozenset(read_toml("national_bodies.toml")["heads"]) | {word.lower() for word in general}
