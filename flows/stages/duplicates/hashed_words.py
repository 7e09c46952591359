"""Words as numbers: each word of a text as a hash of 32 bits, with its place.

A word is a run of letters and digits, without case, accents or marks, so that quotation marks, dashes, line ends and
the way an "é" is encoded make no difference. Everything works on whole texts as arrays; where there was a compiler when
the package was installed, the one pass over all characters is compiled (`native/words.c`), which takes a fifth of the time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.native import native

Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]
Found = tuple[Hashes, NDArray[np.uint32], NDArray[np.uint16], Bytes, Places]
Number = TypeVar("Number", bound=np.integer[Any])

LONGEST_WORD = 256  # bytes that count of a word: some encoded data is a megabyte long

_DROPPED = 0xFF  # no byte of UTF-8
_PADDING = (bytes([_DROPPED]), b" ")
_FIRST_BYTES = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1], np.uint64)
_TWO_DIGITS, _TWO_DIGITS_MASK = np.uint64(0x3030), np.uint64(0xF0F0)  # no letter or digit but 0 to 9 is in 0x30 to 0x3F
_K1, _K2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)


def ranges(starts: Places, counts: Places) -> Places:
    """The numbers `starts[i], starts[i] + 1 …`, `counts[i]` of them, one range after the other.

    >>> ranges(np.array([10, 5]), np.array([2, 3])).tolist()
    [10, 11, 5, 6, 7]
    """
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)


def starts_of(values: NDArray[Any]) -> Places:
    """Where runs of equal values begin.

    >>> starts_of(np.array([7, 7, 9, 7])).tolist()
    [0, 2, 3]
    """
    return np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """The values in order, each once: as `np.unique`, several times faster for many integers."""
    values = np.sort(values)
    return values[starts_of(values)]


def find_equal(ordered: NDArray[Number], values: NDArray[Number]) -> tuple[Places, Places]:
    """Where each of the values stands in an ordered array: its first place, and how often."""
    low = np.searchsorted(ordered, values, side="left")
    return low, np.searchsorted(ordered, values, side="right") - low


def among(values: NDArray[Number], ordered: NDArray[Number]) -> NDArray[np.bool_]:
    """Whether each of the values stands in an ordered array: as `np.isin`, faster for many integers."""
    if not len(ordered):
        return np.zeros(len(values), bool)
    found: NDArray[np.bool_] = ordered[np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)] == values
    return found


def find_words(texts: Iterable[str]) -> Found:
    """Hash, first code point, length and shape of every word of the texts, and how many words each text has."""
    texts = tuple(texts)
    return _find_native(texts) if native else _find_arrays(texts)


def _find_native(texts: tuple[str, ...]) -> Found:
    most = sum(map(len, texts)) // 2 + len(texts)
    words, starts, lengths = np.empty(most, np.uint32), np.empty(most, np.uint32), np.empty(most, np.uint16)
    shapes, counts = np.empty(most, np.uint8), np.empty(len(texts), np.int64)
    n = native.scan(texts, characters(), fold, words, starts, lengths, shapes, counts)
    return words[:n], starts[:n], lengths[:n], shapes[:n], counts


@cache
def characters() -> NDArray[np.uint64]:
    """What `words.c` notes of the characters it has seen."""
    return np.zeros(0x20000, np.uint64)  # those of nearly all text; a whole table would be of nine megabytes


def _find_arrays(texts: tuple[str, ...]) -> Found:
    """What `words.c` does, where it could not be compiled."""
    parts = [b"", *(text.encode("utf-8", "surrogatepass") for text in texts), bytes(16)]
    encoded = np.frombuffer(b"\n".join(parts), np.uint8)
    beyond = np.flatnonzero(encoded >= 0x80)  # ASCII; few in English
    folded = encoded.copy()
    if len(beyond):
        _fold_all(encoded, folded, beyond)
    small = folded | np.uint8(0x20)  # letters become small ones, digits stay
    in_word = small - np.uint8(ord("a")) < np.uint8(26)
    in_word |= encoded - np.uint8(ord("0")) < np.uint8(10)
    small[beyond] = folded[beyond]
    in_word[beyond] = folded[beyond] != ord(" ")
    edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
    starts, ends = edges[0::2].copy(), edges[1::2].copy()
    words = _hash(small, starts, ends - starts)
    marked = beyond[folded[beyond] == _DROPPED]
    if len(marked):
        words, starts, ends = _without_marks(small, marked, words, starts, ends)
    shapes = _shapes(encoded, starts)
    if len(beyond):
        within = beyond[(encoded[beyond] & 0xC0) == 0x80]  # bytes that begin no code point
        after = np.searchsorted(starts, within, side="right")  # the first word behind each
        inside = after[within < np.append(0, ends)[after]]
        ends -= np.bincount(inside, minlength=len(starts) + 1)[1:]
        before = np.cumsum(np.bincount(after, minlength=len(starts) + 1))[:-1]
        starts, ends = starts - before, ends - before
    lengths = np.minimum(ends - starts, np.iinfo(np.uint16).max)
    begins = np.cumsum([1] + [len(text) + 1 for text in texts])
    counts = np.diff(np.searchsorted(starts, begins))
    return words, (starts - np.repeat(begins[:-1], counts)).astype(np.uint32), lengths.astype(np.uint16), shapes, counts


def _shapes(encoded: Bytes, starts: Places) -> Bytes:
    """How the words that begin at these bytes are written, see `Signatures`."""
    first = encoded[starts].astype(np.int64)
    number, capital = first <= ord("9"), first <= ord("Z")  # no word begins with less than a digit
    for word in np.flatnonzero(first >= 0x80):
        size = 2 if first[word] < 0xE0 else 3 if first[word] < 0xF0 else 4
        character = encoded[starts[word] : starts[word] + size].tobytes().decode("utf-8", "surrogatepass")
        first[word], capital[word] = ord(character), character.isupper()
    stops = np.isin(encoded, np.frombuffer(b'.!?\n"', np.uint8))  # at the last byte of each
    stops[2:] |= (encoded[:-2] == 0xE2) & (encoded[1:-1] == 0x80) & (encoded[2:] == 0x9C)
    before = starts - 1  # each text stands behind a line end
    earlier = before - 1
    for _ in range(3):
        earlier -= (encoded[earlier + 1] & 0xC0) == 0x80
    opens = stops[before] | stops[np.maximum(earlier, 0)]
    shapes: Bytes = np.where(number | capital, first & 31 | np.where(number, 3, 1 + opens) << 5, 0).astype(np.uint8)
    return shapes


def _fold_all(encoded: Bytes, folded: Bytes, beyond: Places) -> None:
    """Fold the characters beyond ASCII in their places; bytes that are then too many become `_DROPPED`."""
    byte = encoded[beyond]
    for size, low, high in ((2, 0xC0, 0xE0), (3, 0xE0, 0xF0), (4, 0xF0, 0xF8)):
        places = beyond[(byte >= low) & (byte < high)][:, None] + np.arange(size)
        packed = np.zeros(len(places), np.uint32)
        for i in range(size):
            packed |= encoded[places[:, i]].astype(np.uint32) << np.uint32(8 * i)
        distinct, which = np.unique(packed, return_inverse=True)
        characters = (int(p).to_bytes(size, "little").decode("utf-8", "surrogatepass") for p in distinct)
        table = [list(fold(ord(c)).ljust(size, _PADDING[fold(ord(c)) == b" "])) for c in characters]
        folded[places] = np.array(table, np.uint8).reshape(-1, size)[which]


@cache
def fold(character: int) -> bytes:
    """What stands for a character beyond ASCII, in no more bytes than it has: b" " if it parts words, nothing if it is a mark."""
    encoded = chr(character).encode("utf-8", "surrogatepass")
    if unicodedata.category(chr(character)) in ("Mn", "Me", "Cf"):  # accents, soft hyphens, zero-width joiners
        return b""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(character)).casefold())
    letters = "".join(c for c in plain if c.isalnum() or unicodedata.category(c) == "Mc")
    return letters.encode("utf-8")[: len(encoded)] or b" "


def _hash(folded: Bytes, starts: Places, sizes: Places) -> Hashes:
    """Hash of each word, eight bytes at a time (most words take one step); the lowest bit says whether it begins with two digits."""
    eights = np.ndarray(shape=(len(folded) - 8,), dtype="<u8", buffer=folded.data, strides=(1,))
    beginnings = eights[starts] & _FIRST_BYTES[np.minimum(sizes, 8)]
    number = (beginnings & _TWO_DIGITS_MASK) == _TWO_DIGITS
    hashes = _mix(beginnings)
    longer = np.arange(len(sizes))
    for at in range(8, LONGEST_WORD, 8):
        longer = longer[sizes[longer] > at]
        rest = eights[starts[longer] + at] & _FIRST_BYTES[np.minimum(sizes[longer] - at, 8)]
        hashes[longer] = _mix(hashes[longer] + rest + sizes[longer].astype(np.uint64))
    words: Hashes = (hashes >> _HALF).astype(np.uint32) & np.uint32(0xFFFFFFFE) | number
    return words


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the information of each value over its bits, the upper ones above all."""
    values = values * _K1
    values ^= values >> _HALF
    values *= _K2
    return values


def _without_marks(folded: Bytes, marked: Places, words: Hashes, starts: Places, ends: Places) -> tuple[Hashes, Places, Places]:
    """The words with those hashed again that hold dropped bytes; what held nothing else is not a word."""
    which = np.unique(np.searchsorted(starts, marked, side="right") - 1)
    sizes = (ends - starts)[which]
    places = ranges(starts[which], sizes)
    kept = folded[places] != _DROPPED
    places, owner = places[kept], np.repeat(np.arange(len(which)), sizes)[kept]
    left = np.bincount(owner, minlength=len(which))
    begins = np.cumsum(left) - left
    some = left > 0
    words[which[some]] = _hash(np.append(folded[places], np.zeros(16, np.uint8)), begins[some], left[some])
    starts[which[some]] = places[begins[some]]
    nothing = which[~some]
    return np.delete(words, nothing), np.delete(starts, nothing), np.delete(ends, nothing)
