"""What the words of a line say of it before any pattern is tried: which patterns can match it, and which words of sites it has.

A line is looked at once for all patterns together, word by word. Words come again and again, so what one of them says is remembered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

_WORDS = re.compile(rb"[a-z]+(?:-[a-z]+)*")
_PIECE = re.compile("[a-z0-9]{3,}")  # shorter ones are in every line
_MARK = re.compile("[^\\w\\s.,'\"-]")  # and so are these
_APART = bytes(n if n > 127 or n == ord("-") or chr(n).isalnum() else ord(" ") for n in range(256))
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 2**15, 30  # words; bytes of one
_HEAD = 3  # bytes by which it is known how long a piece may be that begins there


class Signs(dict[bytes, int]):
    """For each word of small letters the bits of the pieces that stand in it, and of the words that it is made of."""

    def __init__(self, pieces: Mapping[str, int], words: Mapping[str, int]) -> None:
        super().__init__()
        self._words = {word.encode(): bits for word, bits in words.items()}
        self._marks = [(piece, bits) for piece, bits in pieces.items() if not piece.isalnum()]
        self._pieces = {piece.encode(): bits for piece, bits in pieces.items() if piece.isalnum()}
        sizes = defaultdict[bytes, set[int]](set)
        for piece in self._pieces:
            sizes[piece[:_HEAD]].add(len(piece))
        self._sizes = {head: tuple(of) for head, of in sizes.items()}

    def __missing__(self, word: bytes) -> int:
        bits = 0
        for one in (word,) if word.isalpha() else _WORDS.findall(word):
            bits |= self._words.get(one, 0)
        for at in range(len(word) + 1 - _HEAD):
            sizes = self._sizes.get(word[at : at + _HEAD])
            for size in sizes or ():
                bits |= self._pieces.get(word[at : at + size], 0)
        if len(self) < _MOST_REMEMBERED and len(word) <= _LONGEST_REMEMBERED:  # those that come often come early
            self[word] = bits
        return bits

    def of(self, line: str) -> int:
        """The bits of all words of a line, and of its marks."""
        words = line.encode("utf-8", "surrogatepass").translate(_APART).split()
        bits = reduce(or_, filter(None, map(self.__getitem__, words)), 0)
        for mark, of in self._marks:
            if mark in line:
                bits |= of
        return bits


def pieces_of(literals: Iterable[str]) -> set[str] | None:
    """A word or a mark of each literal, of which a line that holds one of the literals holds one; None where a literal has none that tells.

    >>> sorted(pieces_of(("all rights", " reserved", "(c)")))
    ['(', 'reserved', 'rights']
    """
    pieces: set[str] = set()
    for literal in literals:
        found = max(_PIECE.findall(literal), key=len, default="") or next(iter(_MARK.findall(literal)), "")
        if not found:
            return None
        pieces.add(found)
    return pieces
