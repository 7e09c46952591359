"""Signatures: an article's words as numbers, all that finding duplicates and shared passages needs of it.

A word is a run of letters and digits, without case, accents or marks, so that quotation marks, dashes, line ends and
the way an "é" is encoded make no difference. It becomes a hash of 32 bits, with its place in the text: 9 bytes a word,
some 4 KB an article. Texts need not be read again, and the signatures of a shard can be kept (`save`, `load`).

Everything works on whole batches of articles as arrays; there is no loop over words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

LONGEST_WORD = 128  # bytes; what is longer (an address, encoded data) is cut, so that a length fits in a byte
BATCH_CHARACTERS = 4_000_000  # enough for numpy to be fast, little enough for the temporary arrays to stay small
UNKNOWN_DATE = np.iinfo(np.int32).max  # sorts after every known one

_SEPARATOR, _DROPPED = 0x20, 0xFF
_ASCII = bytes(ord(chr(b).lower()) if chr(b).isalnum() else _SEPARATOR for b in range(128)) + bytes(range(128, 256))
_FIRST_BYTES = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1], np.uint64)
_M1, _M2, _M3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


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
    words: Words  # one a word: hash of the folded word
    starts: NDArray[np.uint32]  # one a word: its first code point in the text
    lengths: NDArray[np.uint8]  # one a word: code points

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
    def join(cls, parts: Sequence[Signatures]) -> Signatures:
        """The signatures of several shards as one."""
        parts = [p for p in parts if len(p)] or [_sign([])]
        if len(parts) == 1:
            return parts[0]
        ends = np.cumsum([0] + [p.first[-1] for p in parts])
        first = np.concatenate([[0], *(p.first[1:] + end for p, end in zip(parts, ends, strict=False))])
        arrays: dict[str, Any] = {
            name: np.concatenate([getattr(p, name) for p in parts]) for name in ("document_ids", "days", "words", "starts", "lengths")
        }
        return cls(first=first.astype(np.int64), **arrays)


def sign_documents(documents: Iterable[Text]) -> Signatures:
    """The signatures of the articles, read once and a few megabytes at a time.

    >>> s = sign_documents([Text("a", None, "Don’t panic"), Text("b", None, "DON'T  PANIC!")])
    >>> s.words[:3].tolist() == s.words[3:].tolist(), s.starts.tolist(), s.lengths.tolist()
    (True, [0, 4, 6, 0, 4, 7], [3, 1, 5, 3, 1, 5])
    """
    return Signatures.join([_sign(batch) for batch in _batches(documents)])


def mix(values: Hashes) -> Hashes:
    """Spread the information of each value over all its bits (splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * _M2
    values = (values ^ (values >> np.uint64(27))) * _M3
    return values ^ (values >> np.uint64(31))


def shingles(words: Words, n: int) -> Hashes:
    """Hash of each run of `n` words: one for each word but the last n - 1."""
    count = max(0, len(words) - n + 1)
    total = np.zeros(count, np.uint64)
    for i in range(n):
        total *= _M1
        total += words[i : i + count]
    return mix(total)


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
    begins = np.cumsum([0] + [len(d.text) + 1 for d in documents])
    words, starts, ends = _words("\n".join(d.text for d in documents) + "\n")
    first = np.searchsorted(starts, begins)
    starts = starts - np.repeat(begins[:-1], np.diff(first))
    ends = ends - np.repeat(begins[:-1], np.diff(first))
    return Signatures(
        document_ids=np.array([d.document_id for d in documents], dtype=np.str_),
        days=np.array([(d.published_on - date(1970, 1, 1)).days if d.published_on else UNKNOWN_DATE for d in documents], np.int32),
        first=first.astype(np.int64),
        words=words,
        starts=starts.astype(np.uint32),
        lengths=np.minimum(ends - starts, 255).astype(np.uint8),
    )


def _words(text: str) -> tuple[Words, Places, Places]:
    """Hash, start and end (in code points) of every word."""
    encoded = text.encode("utf-8", "surrogatepass").translate(_ASCII)
    folded = np.frombuffer(encoded + bytes(16), np.uint8)
    original: Places | None = None  # place in `encoded` of each folded byte, where some were dropped
    character: Places | None = None  # code point of each byte in `encoded`, where they differ
    if len(encoded) != len(text):
        character = np.cumsum((folded & 0xC0) != 0x80) - 1
        folded = _fold(folded)
        kept = folded != _DROPPED
        if not kept.all():
            original = np.flatnonzero(kept)
            folded = np.ascontiguousarray(folded[kept])
    in_word = np.zeros(len(folded) + 1, bool)
    np.not_equal(folded[:-16], _SEPARATOR, out=in_word[1:-16])
    starts, ends = np.flatnonzero(in_word[1:] != in_word[:-1]).reshape(-1, 2).T
    if len(starts) and (ends - starts).max() > LONGEST_WORD:
        starts, ends = _cut(starts, ends)
    words = _hash(folded, starts, ends - starts)
    for translation in (original, character):
        if translation is not None:
            starts, ends = translation[starts], translation[ends]
    return words, starts, ends


def _fold(encoded: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The UTF-8 bytes with every character beyond ASCII folded in its place; bytes that are then too many are `_DROPPED`."""
    folded = encoded.copy()
    for size, low, high in ((2, 0xC0, 0xE0), (3, 0xE0, 0xF0), (4, 0xF0, 0xF8)):
        places = np.flatnonzero((encoded >= low) & (encoded < high))[:, None] + np.arange(size)
        if len(places):
            packed = encoded[places].astype(np.uint32) @ (1 << (8 * np.arange(size, dtype=np.uint32)))
            distinct, which = np.unique(packed, return_inverse=True)
            table = np.array([list(_folded_character(int(p).to_bytes(size, "little"))) for p in distinct], np.uint8)
            folded[places] = table[which]
    return folded


@cache
def _folded_character(encoded: bytes) -> bytes:
    """The bytes that stand for a character beyond ASCII: as many as it has."""
    character = encoded.decode("utf-8", "surrogatepass")
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):  # accents, soft hyphens, zero-width joiners
        return bytes([_DROPPED]) * len(encoded)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    letters = "".join(c for c in plain if c.isalnum() or unicodedata.category(c) == "Mc")
    if not letters:
        return bytes([_SEPARATOR]) * len(encoded)
    return letters.encode("utf-8")[: len(encoded)].ljust(len(encoded), bytes([_DROPPED]))


def _cut(starts: Places, ends: Places) -> tuple[Places, Places]:
    """Words of more than LONGEST_WORD bytes as several."""
    pieces = -(-(ends - starts) // LONGEST_WORD)
    nth = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    begins = np.repeat(starts, pieces) + nth * LONGEST_WORD
    return begins, np.minimum(begins + LONGEST_WORD, np.repeat(ends, pieces))


def _hash(folded: NDArray[np.uint8], starts: Places, sizes: Places) -> Words:
    """Hash of each word, eight bytes at a time: most words take one step."""
    eights: Hashes = np.ndarray(shape=(len(folded) - 8,), dtype="<u8", buffer=folded, strides=(1,))
    hashes = mix((eights[starts] & _FIRST_BYTES[np.minimum(sizes, 8)]) + _M1)
    at = 8
    longer = np.flatnonzero(sizes > at)
    while len(longer):
        rest = eights[starts[longer] + at] & _FIRST_BYTES[np.minimum(sizes[longer] - at, 8)]
        hashes[longer] = mix((hashes[longer] ^ rest) * _M1)
        at += 8
        longer = longer[sizes[longer] > at]
    return (hashes >> np.uint64(32)).astype(np.uint32)
