"""What the lexicon and the rest of its text say of a word: the encoder has seen few names of most of the world, and a page at a time.

Each word gets one number, a bit for each of `KINDS`. The model learns what a bit is worth; many words of names have others' bits
("Reading", "Chad", "Will"), and most names have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, repeat
from typing import Any

from qantar.model.pieces import Remembered
from qantar.text.lexicon import read_columns, read_lines, read_table, read_toml
from qantar.text.person_titles import trained_titles

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
    trie = _names()
    known = list(map(_known().__getitem__, words))
    found = [bits for bits, _ in known]
    inside = [parts for _, parts in known]
    parts = list(chain.from_iterable(inside))
    owners = list(chain.from_iterable(map(repeat, range(len(words)), map(len, inside))))
    free = 0  # the first part behind the name before
    for at in [at for at, (lower, _) in enumerate(parts) if lower in trie]:
        if at < free:
            continue
        node, j, end, bits = trie[parts[at][0]], at, at, 0
        while node is not None:
            j += 1
            for is_acronym, bit in node.get(_END, ()):
                if not is_acronym or all(in_capitals for _, in_capitals in parts[at:j]):
                    bits, end = bits | bit if end == j else bit, j
            node = node.get(parts[j][0]) if j < len(parts) else None
        for i in owners[at:end]:
            found[i] |= bits
        free = end
    return _elsewhere(words, found)


def _elsewhere(words: Sequence[str], hints: list[int]) -> list[int]:
    """Hints with the bits of capitalised words that hold for all their places in the text."""
    names_person = _bit("first name") | _bit("title")
    shared = dict.fromkeys((word.capitalize() for word in set(words) if word.islower()), _bit("in small letters"))
    capital = [word[:1].isupper() for word in words]
    for i, hint in enumerate(hints[:-1]):
        if hint & names_person and capital[i] and capital[i + 1]:
            word = words[i + 1].capitalize()
            shared[word] = shared.get(word, 0) | _bit("after a first name" if hint & _bit("first name") else "after a title")
    return [hint | shared.get(word.capitalize(), 0) if big else hint for word, hint, big in zip(words, hints, capital, strict=True)]


@cache
def _bit(kind: str) -> int:
    return 1 << KINDS.index(kind)


@cache
def _known() -> Remembered[tuple[int, tuple[tuple[str, bool], ...]]]:
    """The bits of a word by itself, and its parts in lower case, each with whether it may stand in an acronym."""
    alone = _words()

    def known(word: str) -> tuple[int, tuple[tuple[str, bool], ...]]:
        parts = tuple((part.lower(), part.isupper() or not part.isalpha()) for part in _PART.findall(word))
        return alone.get(word.lower().rstrip("."), 0), parts

    return Remembered(known)


@cache
def _words() -> dict[str, int]:
    """The bits of words that the lexicon knows alone, by the word in lower case."""
    marks, calendar = read_toml("name_words.toml"), read_toml("calendar.toml")
    lists = {
        "first name": read_lines("first_names.txt"),
        "title": trained_titles(),
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
    for kind, main, aliases in read_columns("places.csv", "kind", "name", "aliases"):
        for name in (main, *aliases.split("|")):
            yield "country" if kind == "country" else "town", name
    for table, kind in (("regions.csv", "region"), ("bodies.csv", "body")):
        for row in read_table(table):
            for name in row["names"].split("|"):
                yield kind, name
    for row in read_table("demonyms.csv"):
        for name in row["forms"].split("|"):
            yield "people", name
