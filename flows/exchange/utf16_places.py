"""Places in UTF-16, as Java counts them: a character beyond U+FFFF is two units."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from qantar.exchange.edited_files import plain
from qantar.exchange.marked_text import Edited, Refused


def to_units(text: str) -> Callable[[int], int]:
    """A function from places in a text to places in its UTF-16.

    >>> [to_units("a😀b")(place) for place in range(4)]
    [0, 1, 3, 4]
    """
    wide = _wide(text)
    return lambda place: place + bisect_left(wide, place)


def to_places(text: str) -> Callable[[int], int]:
    """A function from places in a text's UTF-16 to places in the text; inside a character, to its start.

    >>> [to_places("a😀b")(unit) for unit in range(5)]
    [0, 1, 1, 2, 3]
    """
    wide = [place + n for n, place in enumerate(_wide(text))]
    return lambda unit: unit - bisect_left(wide, unit)


def _wide(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if ord(character) > 0xFFFF]


def settle_places(edited: Edited, text: str) -> None:
    """Prove the tokens of an article that came back on its text, and turn places that count units of UTF-16 into those of characters."""
    units = text.encode("utf-16-le")
    for start, end, words, where in edited.tokens:
        there = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        if there != words:
            edited.refused.append(
                Refused(where, f"has {plain(words)[:60]!r} where the article has {plain(there)[:60]!r}: the text has changed")
            )
            break
    if edited.in_utf16:
        place = to_places(text)
        edited.marks = [mark._replace(start=place(mark.start), end=place(mark.end)) for mark in edited.marks]
