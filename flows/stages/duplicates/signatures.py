"""Signatures: an article's words as numbers, all that finding duplicates and shared passages needs of it.

A word is a hash of 32 bits with its place in the text. Of the shingles (runs of SHINGLE_WORDS words) a sample is kept to
look others up by: those with the smallest hashes. All in all some 10 bytes a word, 6 KB an article: texts need not be
read again, and the signatures of a shard can be kept (`save`, `load`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.hashed_words import Hashes, Places, characters, distinct, find_words, fold, ranges, starts_of
from qantar.stages.duplicates.native import native

Sample = tuple[Places, Hashes, NDArray[np.uint64], Places]

SHINGLE_WORDS = 5
PASSAGE_WORDS = 20  # any run of so many words has at least one sampled shingle
REPEATS = 4  # times that an article may say the same run of so many words before it is told apart by how often it was said
WINDOW = PASSAGE_WORDS - SHINGLE_WORDS + 1  # shingles of such a run; a power of two
SAMPLE = 8  # about one shingle in so many is sampled,
SHORT_WORDS = 80  # but as many as this article may have in all
BATCH_CHARACTERS = 1 << 19  # enough for numpy to be fast, little enough for the temporary arrays to stay in the cache
RESERVING, RESERVED = 1 << 20, 1 << 26  # bytes: a column that has so many gets room for so many; what is not written is not taken
LEAST_SAMPLED = np.uint32((2**32 - 1) // SAMPLE)  # a hash below is sampled wherever it stands
_WORDS, _SAMPLE = ("words", "starts", "lengths", "shapes"), ("sampled", "hashes")
UNKNOWN_DATE = np.iinfo(np.int32).max  # sorts after every known one

_EPOCH = date(1970, 1, 1)
_ODD = np.uint32(0x85EBCA6B)
_NTH = np.uint32(0x9E3779B2)  # even: the last bit of a word says whether it is a number
_FACTORS = (0x9E3779B97F4A7C15, 0x94D049BB133111EB)  # 5 or 3 modulo 8: none has more powers


class Text(NamedTuple):
    """What finding duplicates needs to know of an article."""

    document_id: str
    published_on: date | None
    text: str
    origin: str | None = None
    """What versions of one article share: its address or id, where several texts have it."""


@dataclass(frozen=True)
class Signatures:
    """The words of `n` articles in one row of arrays; article `i` has `words[first[i]:first[i + 1]]`."""

    document_ids: NDArray[np.str_]  # n
    days: NDArray[np.int32]  # n; day of publication since 1970-01-01, UNKNOWN_DATE if not known
    first: Places  # n + 1
    words: Hashes  # one a word: hash of the folded word, odd if it begins with two digits
    starts: NDArray[np.uint32]  # one a word: its first code point in the text
    lengths: NDArray[np.uint16]  # one a word: code points
    shapes: NDArray[np.uint8]  # one a word: 5 bits of its initial, then 1 a capital, 2 one that may open a sentence, 3 a digit; else 0
    sampled: Places  # the words at which the sampled shingles begin, in order
    hashes: Hashes  # one a sampled shingle
    digests: NDArray[np.uint64]  # n × 2: of its words, to tell the same words from others
    origins: NDArray[np.uint64]  # n; hash of what versions of one article share, 0 if there is nothing

    def __len__(self) -> int:
        return len(self.document_ids)

    @property
    def sizes(self) -> Places:
        """Words of each article."""
        return np.diff(self.first)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def save(self, path: Path) -> None:
        """Write the arrays to `path` (.npz)."""
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, **self.arrays())

    @classmethod
    def load(cls, path: Path) -> Signatures:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    @classmethod
    def join(cls, parts: Iterable[Signatures]) -> Signatures:
        """The signatures of several shards as one."""
        parts = iter(parts)
        whole = next(parts, None) or _sign([])
        ids, n_words = [whole.document_ids], len(whole.words)
        columns = {name: _Column(values) for name, values in whole.arrays().items() if name != "document_ids"}
        columns["first"] = _Column(whole.first[:-1])
        for part in parts:
            ids.append(part.document_ids)
            for name, column in columns.items():
                values = part.first[:-1] if name == "first" else getattr(part, name)
                column.add(values, n_words if name in ("first", "sampled") else 0)
            n_words += len(part.words)
        if len(ids) == 1:
            return whole
        columns["first"].add(np.array([n_words]), 0)
        return cls(document_ids=np.concatenate(ids), **{name: column.values() for name, column in columns.items()})

    def take(self, documents: Places) -> Signatures:
        """The signatures of some of the articles, in this order."""
        sizes = self.sizes[documents]
        first = np.append(0, np.cumsum(sizes))
        words = ranges(self.first[documents], sizes)
        begin, end = (np.searchsorted(self.sampled, self.first[documents + k]) for k in (0, 1))
        sampled = ranges(begin, end - begin)
        return Signatures(
            document_ids=self.document_ids[documents],
            days=self.days[documents],
            first=first,
            words=self.words[words],
            starts=self.starts[words],
            lengths=self.lengths[words],
            shapes=self.shapes[words],
            sampled=self.sampled[sampled] + np.repeat(first[:-1] - self.first[documents], end - begin),
            hashes=self.hashes[sampled],
            digests=self.digests[documents],
            origins=self.origins[documents],
        )


class _Column:
    """An array that grows at its end, in memory that the system gives page by page as it is written: so it is seldom copied."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._room, self._n = values, len(values)

    def free(self, n: int) -> NDArray[Any]:
        """Room for so many values behind what is there."""
        if (n := self._n + n) > len(self._room):
            row = self._room.itemsize * int(np.prod(self._room.shape[1:]))
            room = np.empty((max(2 * n, RESERVED // row if n * row > RESERVING else 0), *self._room.shape[1:]), self._room.dtype)
            room[: self._n] = self.values()
            self._room = room
        return self._room[self._n : n]

    def extend(self, n: int) -> None:
        """So many values were written there."""
        self._n += n

    def add(self, values: NDArray[Any], more: int) -> None:
        """Write the values behind what is there, each so much more."""
        np.add(values, more, out=self.free(len(values)))
        self.extend(len(values))

    def values(self) -> NDArray[Any]:
        """What was written."""
        return self._room[: self._n]


def sign_documents(documents: Iterable[Text]) -> Signatures:
    """The signatures of the articles, read once and a few hundred kilobytes at a time.

    >>> s = sign_documents([Text("a", None, "Don’t panic"), Text("b", None, "DON'T  PANIC!")])
    >>> s.words[:3].tolist() == s.words[3:].tolist(), s.starts.tolist(), s.lengths.tolist()
    (True, [0, 4, 6, 0, 4, 7], [3, 1, 5, 3, 1, 5])
    """
    return _sign_native(_batches(documents)) if native else Signatures.join(_sign(batch) for batch in _batches(documents))


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


def _sign_native(batches: Iterable[list[Text]]) -> Signatures:
    """What `_sign` does, all written to where it stays."""
    empty = _sign([])
    columns = {name: _Column(getattr(empty, name)) for name in (*_WORDS, *_SAMPLE, "digests")}
    words, sampled = ([columns[name] for name in names] for names in (_WORDS, _SAMPLE))
    n_words, first = 0, [np.zeros(1, np.int64)]
    ids: list[str] = []
    published: list[date | None] = []
    shared: list[str | None] = []
    for batch in batches:
        more_ids, more_published, texts, more_shared = zip(*batch, strict=True)
        ids += more_ids
        published += more_published
        shared += more_shared
        counts = np.empty(len(batch), np.int64)
        most = sum(map(len, texts)) // 2 + len(texts)
        rooms = [column.free(most) for column in words]
        n = native.scan(texts, characters(), fold, *rooms, counts)
        begins, digests = np.append(0, np.cumsum(counts)), columns["digests"].free(len(batch))
        given = rooms[0][:n], begins, n_words, SHORT_WORDS, SAMPLE, REPEATS, *(column.free(n) for column in sampled), digests
        repeats = np.empty(len(batch), bool)
        n_sampled = native.sign(*given, repeats)
        for at in np.flatnonzero(repeats).tolist():
            _tell_apart(rooms[0][begins[at] : begins[at + 1]])
        if repeats.any():
            n_sampled = native.sign(*given, repeats)
        first.append(n_words + begins[1:])
        n_words += n
        for some, more in ((words, n), (sampled, n_sampled), ([columns["digests"]], len(batch))):
            for column in some:
                column.extend(more)
    arrays = {name: column.values() for name, column in columns.items()}
    return Signatures(first=np.concatenate(first), **_told_of(ids, published, shared), **arrays)


def _told_of(ids: Sequence[str], published: Sequence[date | None], origins: Sequence[str | None]) -> dict[str, NDArray[Any]]:
    """Ids, days and origins as columns; of many articles nothing is known but their id."""
    days, shared = np.full(len(ids), UNKNOWN_DATE, np.int32), np.zeros(len(ids), np.uint64)
    if any(published):
        days[:] = [(day - _EPOCH).days if day else UNKNOWN_DATE for day in published]
    if any(origins):
        shared[:] = [_origin(origin) for origin in origins]
    return {"document_ids": np.array(ids, dtype=np.str_), "days": days, "origins": shared}


def _sign(documents: Sequence[Text]) -> Signatures:
    words, starts, lengths, shapes, counts = find_words(d.text for d in documents)
    first = np.append(0, np.cumsum(counts))
    sampled, hashes, digests, repeating = _sample(words, first)
    if len(repeating):
        for at in repeating.tolist():
            _tell_apart(words[first[at] : first[at + 1]])
        sampled, hashes, digests, _ = _sample(words, first)
    told = _told_of([d.document_id for d in documents], [d.published_on for d in documents], [d.origin for d in documents])
    words_of = {"first": first, "words": words, "starts": starts, "lengths": lengths, "shapes": shapes}
    return Signatures(sampled=sampled, hashes=hashes, digests=digests, **words_of, **told)


def _tell_apart(words: Hashes) -> None:
    """Make other words of those that begin a run of PASSAGE_WORDS words which stood REPEATS times above, in each place another.

    A word said ten thousand times has ten thousand runs that are alike, each of which would be looked for in all the others' places, and
    fifty million passages. The same article elsewhere repeats as often, so that its words are the same.

    >>> words = np.array([4, 6] * 40, np.uint32)
    >>> _tell_apart(words)
    >>> len(np.unique(words)), words[:8].tolist() == [4, 6] * 4, bool((words[8:-19] != [4, 6] * 26 + [4]).all())
    (55, True, True)
    """
    runs = shingle(words, np.arange(len(words) - PASSAGE_WORDS + 1), PASSAGE_WORDS)
    order = np.argsort(runs, kind="stable")
    begins = starts_of(runs[order])
    nth = np.empty(len(runs), np.uint32)
    nth[order] = np.arange(len(runs)) - np.repeat(begins, np.diff(np.append(begins, len(runs))))
    again = np.flatnonzero(nth >= REPEATS)
    words[again] = (words[again] ^ nth[again] * _NTH) & ~np.uint32(1) | words[again] & np.uint32(1)


def _origin(origin: str | None) -> int:
    if not origin:
        return 0
    from hashlib import sha256

    return int.from_bytes(sha256(origin.encode("utf-8", "surrogatepass")).digest()[:8], "little") | 1


def _sample(words: Hashes, first: Places) -> Sample:
    """Where the sampled shingles stand, their hashes, two digests of the words of each article, and the articles that say one too often.

    Sampled are the smallest of all shingles, and the smallest of any PASSAGE_WORDS words. The first are chosen whatever stands
    around them, so that a copy has the same ones wherever a shingle is unchanged; the second make sure that no shared passage is
    missed. Each article's sample depends on its own words only. What `words.c` does, where it could not be compiled.
    """
    sizes = np.diff(first)
    digests = np.stack([_digest(words, first, sizes, factor) for factor in _FACTORS], axis=1)
    hashes = words.copy()
    for i in range(1, SHINGLE_WORDS):
        hashes *= _ODD
        hashes[:-i] += words[i:]
    hashes[_last(first, sizes, SHINGLE_WORDS - 1)] = np.iinfo(np.uint32).max
    rates = np.clip(sizes // SHORT_WORDS, 1, SAMPLE).astype(np.uint32)
    chosen = hashes < np.repeat(np.iinfo(np.uint32).max // rates, sizes)
    if len(words) >= WINDOW:
        least = _slide(np.minimum, hashes, WINDOW)
        outside = _last(first, sizes, PASSAGE_WORDS - 1)
        least[outside[outside < len(least)]] = 0
        padding = np.zeros(WINDOW - 1, np.uint32)
        least = _slide(np.maximum, np.concatenate([padding, least, padding]), WINDOW)
        chosen |= hashes == least
    sampled = np.flatnonzero(chosen)
    hashes = hashes[sampled]
    return sampled, hashes, digests, _repeating(sampled, hashes, first)


def _repeating(sampled: Places, hashes: Hashes, first: Places) -> Places:
    """Articles in which a sampled shingle stands more than REPEATS times: any run that does holds one."""
    article = np.searchsorted(first, sampled, side="right") - 1
    keys = np.sort(article.astype(np.uint64) << np.uint64(32) | hashes)
    return distinct((keys[REPEATS:][keys[REPEATS:] == keys[:-REPEATS]] >> np.uint64(32)).astype(np.int64))


def _digest(words: Hashes, first: Places, sizes: Places, factor: int) -> NDArray[np.uint64]:
    """Of each article, the polynomial whose coefficients are how many words it has, and the words."""
    powers = np.multiply.accumulate(np.append(np.uint64(1), np.full(sizes.max(initial=0), np.uint64(factor))))
    last = np.repeat(first[1:] - 1, sizes)
    sums = np.append(np.uint64(0), np.cumsum(words * powers[last - np.arange(len(words))]))
    digests: NDArray[np.uint64] = sums[first[1:]] - sums[first[:-1]] + sizes.astype(np.uint64) * powers[sizes]
    return digests


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
