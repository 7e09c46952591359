"""Signatures: an article's words as numbers, all that finding duplicates and shared passages needs of it.

A word is a run of letters and digits, without case, accents or marks, so that quotation marks, dashes, line ends and
the way an "é" is encoded make no difference. It becomes a hash of 32 bits, with its place in the text. Of the shingles
(runs of SHINGLE_WORDS words) a sample is kept to look others up by: those with the smallest hashes. All in all some
10 bytes a word, 5 KB an article: texts need not be read again, and the signatures of a shard can be kept (`save`, `load`).

Everything works on whole batches of articles as arrays; there is no loop over words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]

SHINGLE_WORDS = 5
PASSAGE_WORDS = 20  # any run of so many words has at least one sampled shingle
SAMPLE = 8  # about one shingle in so many is sampled,
SHORT_WORDS = 80  # but as many as this article may have in all
LONGEST_WORD = 256  # bytes that count of a word: some encoded data is a megabyte long
BATCH_CHARACTERS = 1 << 18  # enough for numpy to be fast, little enough for the temporary arrays to stay in the cache
LEAST_SAMPLED = np.uint32((2**32 - 1) // SAMPLE)  # a hash below is sampled wherever it stands
UNKNOWN_DATE = np.iinfo(np.int32).max  # sorts after every known one

_DROPPED = 0xFF  # no byte of UTF-8
_EPOCH = date(1970, 1, 1)
_FIRST_BYTES = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1], np.uint64)
_TWO_DIGITS, _TWO_DIGITS_MASK = np.uint64(0x3030), np.uint64(0xF0F0)  # no letter or digit but 0 to 9 is in 0x30 to 0x3F
_K1, _K2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)
_ODD = np.uint32(0x85EBCA6B)


class Text(NamedTuple):
    """What finding duplicates needs to know of an article."""

    document_id: str
    published_on: date | None
    text: str


@dataclass(frozen=True)
class Signatures:
    """The words of `n` articles in one row of arrays; article `i` has `words[first[i]:first[i + 1]]`."""

    document_ids: NDArray[np.str_]  # n
    days: NDArray[np.int32]  # n; day of publication since 1970-01-01, UNKNOWN_DATE if not known
    first: Places  # n + 1
    words: Hashes  # one a word: hash of the folded word, odd if it begins with two digits
    starts: NDArray[np.uint32]  # one a word: its first code point in the text
    lengths: NDArray[np.uint16]  # one a word: code points
    sampled: Places  # the words at which the sampled shingles begin, in order
    hashes: Hashes  # one a sampled shingle

    def __len__(self) -> int:
        return len(self.document_ids)

    def save(self, path: Path) -> None:
        """Write the arrays to `path` (.npz)."""
        with path.open("wb") as file:
            np.savez(file, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def load(cls, path: Path) -> Signatures:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in cls.__dataclass_fields__})

    @classmethod
    def join(cls, parts: Iterable[Signatures]) -> Signatures:
        """The signatures of several shards as one."""
        nothing = _sign([])
        ids = [nothing.document_ids]
        columns = {name: bytearray() for name in cls.__dataclass_fields__ if name != "document_ids"}  # they grow in place
        n_words = 0
        for part in parts:
            ids.append(part.document_ids)
            moved = {"first": part.first[:-1] + n_words, "sampled": part.sampled + n_words}
            for name, column in columns.items():
                column += memoryview(moved.get(name, getattr(part, name))).cast("B")
            n_words += len(part.words)
        columns["first"] += np.int64(n_words).tobytes()
        arrays = {name: np.frombuffer(column, getattr(nothing, name).dtype) for name, column in columns.items()}
        return cls(document_ids=np.concatenate(ids), **arrays)


def sign_documents(documents: Iterable[Text]) -> Signatures:
    """The signatures of the articles, read once and a few hundred kilobytes at a time.

    >>> s = sign_documents([Text("a", None, "Don’t panic"), Text("b", None, "DON'T  PANIC!")])
    >>> s.words[:3].tolist() == s.words[3:].tolist(), s.starts.tolist(), s.lengths.tolist()
    (True, [0, 4, 6, 0, 4, 7], [3, 1, 5, 3, 1, 5])
    """
    return Signatures.join(_sign(batch) for batch in _batches(documents))


def shingle(words: Hashes, places: Places, n: int) -> Hashes:
    """Hash of the `n` words from each of the places on.

    >>> w = np.array([7, 8, 9, 7, 8], np.uint32)
    >>> [int(h) for h in np.diff(shingle(w, np.array([0, 3]), 2))]
    [0]
    """
    total = words[places]
    for i in range(1, n):
        total *= _ODD
        total += words[places + i]
    return total


def ranges(starts: Places, counts: Places) -> Places:
    """The numbers `starts[i], starts[i] + 1 …`, `counts[i]` of them, one range after the other.

    >>> ranges(np.array([10, 5]), np.array([2, 3])).tolist()
    [10, 11, 5, 6, 7]
    """
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)


def _batches(documents: Iterable[Text]) -> Iterator[list[Text]]:
    batch: list[Text] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size > BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _sign(documents: Sequence[Text]) -> Signatures:
    begins = np.cumsum([1] + [len(d.text) + 1 for d in documents])
    words, starts, ends = _words("\n".join(["", *(d.text for d in documents), ""]))
    first = np.searchsorted(starts, begins)
    sampled, hashes = _sample(words, first)
    return Signatures(
        document_ids=np.array([d.document_id for d in documents], dtype=np.str_),
        days=np.array([(d.published_on - _EPOCH).days if d.published_on else UNKNOWN_DATE for d in documents], np.int32),
        first=first.astype(np.int64),
        words=words,
        starts=(starts - np.repeat(begins[:-1], np.diff(first))).astype(np.uint32),
        lengths=np.minimum(ends - starts, np.iinfo(np.uint16).max).astype(np.uint16),
        sampled=sampled,
        hashes=hashes,
    )


def _sample(words: Hashes, first: Places) -> tuple[Places, Hashes]:
    """Where the sampled shingles stand, and their hashes: the smallest of all, and the smallest of any PASSAGE_WORDS words.

    The first are chosen whatever stands around them, so that a copy has the same ones wherever a shingle is unchanged;
    the second make sure that no shared passage is missed. Each article's sample depends on its own words only.
    """
    if len(words) < SHINGLE_WORDS:
        return np.zeros(0, np.int64), np.zeros(0, np.uint32)
    hashes = words.copy()
    for i in range(1, SHINGLE_WORDS):
        hashes *= _ODD
        hashes[:-i] += words[i:]
    sizes = np.diff(first)
    hashes[_last(first, sizes, SHINGLE_WORDS - 1)] = np.iinfo(np.uint32).max
    rates = np.clip(sizes // SHORT_WORDS, 1, SAMPLE).astype(np.uint32)
    chosen = hashes < np.repeat(np.iinfo(np.uint32).max // rates, sizes)
    window = PASSAGE_WORDS - SHINGLE_WORDS + 1
    if len(words) >= window:
        least = _slide(np.minimum, hashes, window)
        outside = _last(first, sizes, PASSAGE_WORDS - 1)
        least[outside[outside < len(least)]] = 0
        padding = np.zeros(window - 1, np.uint32)
        least = _slide(np.maximum, np.concatenate([padding, least, padding]), window)
        chosen |= hashes == least
    sampled = np.flatnonzero(chosen)
    return sampled, hashes[sampled]


def _last(first: Places, sizes: Places, n: int) -> Places:
    """The last `n` words of each article."""
    n_last = np.minimum(sizes, n)
    return ranges(first[1:] - n_last, n_last)


def _slide(reduce: np.ufunc, values: Hashes, window: int) -> Hashes:
    """The reduction of each window of values; a window is a power of two."""
    width = 1
    while width < window:
        values = reduce(values[:-width], values[width:])
        width *= 2
    return values


def _words(text: str) -> tuple[Hashes, Places, Places]:
    """Hash, start and end (in code points) of every word; the text begins and ends with white space."""
    encoded = np.frombuffer(text.encode("utf-8", "surrogatepass") + bytes(16), np.uint8)
    folded = encoded | np.uint8(0x20)  # letters become small ones, digits stay
    in_word = folded - np.uint8(ord("a")) < np.uint8(26)
    in_word |= encoded - np.uint8(ord("0")) < np.uint8(10)
    beyond = np.flatnonzero(encoded >= 0x80)  # ASCII; few in English
    if len(beyond):
        _fold(encoded, folded, beyond)
        in_word[beyond] = folded[beyond] != ord(" ")
    edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
    starts, ends = edges[0::2].copy(), edges[1::2].copy()
    words = _hash(folded, starts, ends - starts)
    if len(beyond):
        marked = beyond[folded[beyond] == _DROPPED]
        if len(marked):
            words, starts, ends = _without_marks(folded, marked, words, starts, ends)
        within = beyond[(encoded[beyond] & 0xC0) == 0x80]  # bytes that begin no code point
        after = np.searchsorted(starts, within, side="right")  # the first word behind each
        inside = after[within < np.append(0, ends)[after]]
        sizes = ends - starts - np.bincount(inside, minlength=len(starts) + 1)[1:]
        starts = starts - np.cumsum(np.bincount(after, minlength=len(starts) + 1))[:-1]
        ends = starts + sizes
    return words, starts, ends


def _fold(encoded: NDArray[np.uint8], folded: NDArray[np.uint8], beyond: Places) -> None:
    """Fold the characters beyond ASCII in their places; bytes that are then too many become `_DROPPED`."""
    byte = encoded[beyond]
    for size, low, high in ((2, 0xC0, 0xE0), (3, 0xE0, 0xF0), (4, 0xF0, 0xF8)):
        places = beyond[(byte >= low) & (byte < high)][:, None] + np.arange(size)
        packed = np.zeros(len(places), np.uint32)
        for i in range(size):
            packed |= encoded[places[:, i]].astype(np.uint32) << np.uint32(8 * i)
        distinct, which = np.unique(packed, return_inverse=True)
        table = [list(_folded_character(int(p).to_bytes(size, "little"))) for p in distinct]
        folded[places] = np.array(table, np.uint8).reshape(-1, size)[which]


@cache
def _folded_character(encoded: bytes) -> bytes:
    """The bytes that stand for a character beyond ASCII: as many as it has."""
    character = encoded.decode("utf-8", "surrogatepass")
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):  # accents, soft hyphens, zero-width joiners
        return bytes([_DROPPED]) * len(encoded)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    letters = "".join(c for c in plain if c.isalnum() or unicodedata.category(c) == "Mc")
    if not letters:
        return b" " * len(encoded)
    return letters.encode("utf-8")[: len(encoded)].ljust(len(encoded), bytes([_DROPPED]))


def _hash(folded: NDArray[np.uint8], starts: Places, sizes: Places) -> Hashes:
    """Hash of each word, eight bytes at a time (most words take one step); the lowest bit says whether it begins with two digits."""
    eights = np.ndarray(shape=(len(folded) - 8,), dtype="<u8", buffer=folded.data, strides=(1,))
    beginnings = eights[starts] & _FIRST_BYTES[np.minimum(sizes, 8)]
    number = (beginnings & _TWO_DIGITS_MASK) == _TWO_DIGITS
    hashes = _mix(beginnings)
    at = 8
    longer = np.flatnonzero(sizes > at)
    while len(longer) and at < LONGEST_WORD:
        rest = eights[starts[longer] + at] & _FIRST_BYTES[np.minimum(sizes[longer] - at, 8)]
        hashes[longer] = _mix(hashes[longer] + rest + sizes[longer].astype(np.uint64))
        at += 8
        longer = longer[sizes[longer] > at]
    words: Hashes = (hashes >> _HALF).astype(np.uint32) & np.uint32(0xFFFFFFFE) | number
    return words


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the information of each value over its bits, the upper ones above all."""
    values = values * _K1
    values ^= values >> _HALF
    values *= _K2
    return values


def _without_marks(folded: NDArray[np.uint8], marked: Places, words: Hashes, starts: Places, ends: Places) -> tuple[Hashes, Places, Places]:
    """The words with those hashed anew that hold dropped bytes; what held nothing else is no word."""
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
    if some.all():
        return words, starts, ends
    nothing = which[~some]
    return np.delete(words, nothing), np.delete(starts, nothing), np.delete(ends, nothing)
