"""What people write for what a line of corrections.csv says: the name of an entity for its id, the words of a quote for their places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qantar.corrections.fixes import find_words
from qantar.settings import QantarError

ENTITY_FIELDS = frozenset({("mentions", "entity_id"), ("quotes", "speaker_entity_id"), ("entities", "merge")})
"""Tables and fields whose value is an entity."""
CALLED = """
SELECT entity_id FROM entities WHERE entity_id = :called OR name = :called COLLATE NOCASE
ORDER BY entity_id <> :called, n_mentions DESC, entity_id LIMIT 11
"""
"""The entities of an id or a name, for `entity_called`."""
PIECES = ("quotes", "segments")
"""The table and field whose value is places in the text."""
_NEW_ENTITY = re.compile(r"[a-z]+-[^\W_][\w.:-]*")
_PLACES = re.compile(r"[\d\s,;–-]+")
_BETWEEN = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?)\s*")
_MARKS = " \"'“”‘’«»„"


def entity_called(called: str, found: Sequence[str]) -> str:
    """The id of the entity that a person names by its id or name; `found` are those that `CALLED` finds, the one of this id first.

    >>> entity_called("Ann Lee", ["person-ann-lee"]), entity_called("person-carl-reed", [])
    ('person-ann-lee', 'person-carl-reed')

    Raises QantarError where there is none, or several have the name.
    """
    if not called or called in found[:1] or (not found and _NEW_ENTITY.fullmatch(called)):
        return called
    if len(found) == 1:
        return found[0]
    if found:
        raise QantarError(f"{len(found)} entities are called {called!r}; give the id of one: {', '.join(found[:10])}")
    raise QantarError(f"no entity is called {called!r}; give the name that its page has, or for a new one an id such as person-ann-lee")


def places_of(words: str, text: str, near: int) -> str:
    """Where the words of a quote stand in its article, its pieces parted by "…"; what is a list of places already stays.

    >>> places_of("“We will go … next week”", "“We will go,” Lee said, “next week.”", 1), places_of("1-11", "", 0)
    ('1-11, 25-34', '1-11')

    Raises QantarError where a piece does not stand in the article.
    """
    if not words.strip() or _PLACES.fullmatch(words):
        return words
    places = []
    for piece in filter(None, (part.strip(_MARKS) for part in _BETWEEN.split(words))):
        span = find_words(text, piece, near)
        if span is None:
            raise QantarError(f"{piece[:80]!r} does not stand in the article")
        places.append(f"{span[0]}-{span[1]}")
        near = span[1]
    return ", ".join(places)
