"""What the lexicon and the rest of its text say of a word: the encoder has seen few names of most of the world, and a page at a time.

Each word gets one number, a bit for each of `KINDS`. The model learns what a bit is worth; many words of names have others' bits
("Reading", "Chad", "Will"), and most names have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from flows.lexicon import read_lines, read_table, read_toml

KINDS = (
    *("country", "town", "region", "people", "body"),  # all words of such a name of the lexicon
    *("first name", "title", "of a body", "of a place", "of a site", "calendar", "particle"),  # words the lexicon knows alone
    *("in small letters", "after a first name", "after a title"),  # capitalised words that stand so anywhere in their text
)

_PART = re.compile(r"[^\W_]+|[^\s\w]|_")
_END = ""  # the key, in a node of the trie, of the bit of the names that end there


def hints_of(words: Sequence[str]) -> list[int]:
    """The bits of each word of a text.

    >>> [[kind for i, kind in enumerate(KINDS) if bits >> i & 1] for bits in hints_of(["Amina", "Oyelaran", "left", "Sri", "Lanka"])]
    [['first name'], ['after a first name'], [], ['country'], ['country']]
    """
    trie, single = _names(), _words()
    found = [single.get(word.lower().rstrip("."), 0) for word in words]
    parts = [(part, i) for i, word in enumerate(words) for part in _parts(word)]
    at = 0
    while at < len(parts):
        node, j, end, bits = trie.get(parts[at][0].lower()), at, at, 0
        while node is not None:
            j += 1
            for is_acronym, bit in node.get(_END, ()):
                if not is_acronym or all(part.isupper() for part, _ in parts[at:j] if part.isalpha()):
                    bits, end = bits | bit if end == j else bit, j
            node = node.get(parts[j][0].lower()) if j < len(parts) else None
        for _, i in parts[at:end]:
            found[i] |= bits
        at = max(at + 1, end)
    return _elsewhere(words, found)


def _elsewhere(words: Sequence[str], hints: list[int]) -> list[int]:
    """Hints with the bits of capitalised words that hold for all their places in the text."""
    first_name, title = _bit("first name"), _bit("title")
    shared: dict[str, int] = {word: _bit("in small letters") for word in map(str.capitalize, {w for w in words if w.islower()})}
    for (before, word), hint in zip(pairwise(words), hints, strict=False):
        if word[:1].isupper() and before[:1].isupper() and hint & (first_name | title):
            kind = "after a first name" if hint & first_name else "after a title"
            shared[word.capitalize()] = shared.get(word.capitalize(), 0) | _bit(kind)
    return [hint | shared.get(word.capitalize(), 0) if word[:1].isupper() else hint for word, hint in zip(words, hints, strict=True)]


@cache
def _bit(kind: str) -> int:
    return 1 << KINDS.index(kind)


@cache
def _parts(word: str) -> tuple[str, ...]:
    return tuple(_PART.findall(word))


@cache
def _words() -> dict[str, int]:
    """The bits of words that the lexicon knows alone, by the word in lower case."""
    marks, calendar = read_toml("name_words.toml"), read_toml("calendar.toml")
    lists = {
        "first name": read_lines("first_names.txt"),
        "title": marks["titles"] + marks["posts"],
        "of a body": marks["org"],
        "of a place": marks["loc"] + marks["gpe"],
        "of a site": marks["fac"],
        "calendar": calendar["months"] + calendar["month_abbreviations"] + calendar["weekdays"],
        "particle": marks["particles"],
    }
    found: dict[str, int] = {}
    for kind, words in lists.items():
        for word in words:
            key = word.lower().rstrip(".")
            found[key] = found.get(key, 0) | _bit(kind)
    return found


@cache
def _names() -> dict[str, Any]:
    """A trie of the lexicon's names, by the lower-case parts of their words; at an end, whether in capitals only, and the bit."""
    trie: dict[str, Any] = {}
    for kind, name in _spellings():
        node = trie
        for part in _PART.findall(name):
            node = node.setdefault(part.lower(), {})
        ends = node.setdefault(_END, [])
        if (end := (name.isupper(), _bit(kind))) not in ends:
            ends.append(end)
    return trie


def _spellings() -> Iterator[tuple[str, str]]:
    for row in read_table("places.csv"):
        for name in (row["name"], *row["aliases"].split("|")):
            yield "country" if row["kind"] == "country" else "town", name
    for table, kind in (("regions.csv", "region"), ("bodies.csv", "body")):
        for row in read_table(table):
            for name in row["names"].split("|"):
                yield kind, name
    for row in read_table("demonyms.csv"):
        for name in row["forms"].split("|"):
            yield "people", name
