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
_BARE = re.compile(r"(?:\A|[\n“\"‘'(]|[^A-Z\s]\s)([A-Z][a-z]{3,}) \Z")
"""A word with a capital before a body, and no other before it."""
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


def begins_unlisted(text: str, body: tuple[int, int]) -> bool:
    """Whether a place that no list knows begins the name of the body right behind it: all words of that say only its kind.

    >>> [begins_unlisted(name, (0, len(name))) for name in ("County Council", "Council", "Quill Council")]
    [True, False, False]
    """
    words = [word.lower() for word in _WORD.findall(text[body[0] : body[1]])]
    return _is_headed(words) and _kinds().issuperset(words)


def first_word_of(text: str, start: int, end: int) -> int:
    """Where the name of a body starts of which all but the first word is marked: behind "the", capitalised, no title.

    >>> text = "the Quill Institute for Reform"
    >>> first_word_of(text, text.index("Institute"), len(text))
    4
    """
    found = _FIRST.search(text, max(0, start - 40), start)
    if found is None:
        return _first_of_local(text, start, end)
    words = text[start:end].lower().split()
    return found.start(1) if found[1].lower() not in title_words() and _is_headed(words) else start


def _first_of_local(text: str, start: int, end: int) -> int:
    """Where a local body's name starts without "the" before it, if its other words say only its kind: "for Quill Borough Council"."""
    found = _BARE.search(text, max(0, start - 40), start)
    if found is None or not begins_unlisted(text, (start, end)):
        return start
    word = found[1].lower()
    return start if word in title_words() | _kinds() or word in read_lines("function_words.txt") else found.start(1)


@cache
def _heads() -> frozenset[str]:
    """Words that show a body, a building or an event, in small letters."""
    return frozenset(word.lower() for kind in ("org", "fac", "event") for word in read_toml("name_words.toml")[kind])


@cache
def _kinds() -> frozenset[str]:
    """Words that say of a body only what kind it is, in small letters: "County", "Council"."""
    local = read_toml("name_words.toml")["local_bodies"]
    return _heads() | _general_words() | {word.lower() for word in local}


@cache
def _general_words() -> frozenset[str]:
    """Words of bodies that each country has."""
    return frozenset(read_lines("generic_bodies.txt"))


@cache
def _government() -> frozenset[str]:
    """Heads of the bodies that each country has, in small letters."""
    general = read_toml("name_words.toml")["general_bodies"]
    return frozenset(read_toml("national_bodies.toml")["heads"]) | {word.lower() for word in general}
