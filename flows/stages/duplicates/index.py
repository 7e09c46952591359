"""An index of articles by their sampled shingles: which articles have a shingle, and where, without reading any other.

It has segments, each sorted once and then left alone: a large one of the articles there were, a small one of those that
came since. So a few new articles are looked up among many at the cost of the few. Articles are numbered through, those of
the first segment first; all else that is kept of a comparison names them by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.hashed_words import Hashes, Places, distinct, find_equal, ranges
from qantar.stages.duplicates.native import native
from qantar.stages.duplicates.signatures import Signatures

_HALF = np.uint64(32)


class Postings(NamedTuple):
    """Sampled shingles by hash: those of the same hash, a list, stand together."""

    hashes: Hashes
    document: NDArray[np.integer]
    place: NDArray[np.integer]  # its first word, counted from the article's

    def take(self, which: Places | NDArray[np.bool_]) -> Postings:
        """Some of them."""
        return Postings(self.hashes[which], self.document[which], self.place[which])


class Segment(NamedTuple):
    """Signatures, and where all their sampled shingles stand."""

    signatures: Signatures
    postings: Postings  # by hash, by the article's rank when this was made, and by place

    @classmethod
    def sort(cls, signatures: Signatures, ranks: Places) -> Segment:
        """Sort the sampled shingles."""
        return cls(signatures, (_sort_native if native else _sort_arrays)(signatures, np.argsort(ranks)))


def _sort_native(signatures: Signatures, by_rank: Places) -> Postings:
    n = len(signatures.sampled)
    postings = Postings(np.empty(n, np.uint32), np.empty(n, np.int32), np.empty(n, np.int32))
    native.sort(signatures.sampled, signatures.hashes, signatures.first, by_rank, *postings)
    return postings


def _sort_arrays(signatures: Signatures, by_rank: Places) -> Postings:
    """What `pairs.c` does, where it could not be compiled."""
    bounds = np.searchsorted(signatures.sampled, signatures.first)
    times = np.diff(bounds)[by_rank]
    samples = ranges(bounds[by_rank], times)
    keys = signatures.hashes[samples].astype(np.uint64) << _HALF
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    order = keys.astype(np.uint32)
    keys >>= _HALF
    document = np.repeat(by_rank.astype(np.int32), times)
    place = (signatures.sampled[samples] - signatures.first[document]).astype(np.int32)
    return Postings(keys.astype(np.uint32), document[order], place[order])


class Index:
    """The articles of some segments."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = tuple(segments)
        parts = [segment.signatures for segment in segments]
        self.begins = np.cumsum([0] + [len(part) for part in parts]).tolist()
        self.document_ids = np.concatenate([part.document_ids for part in parts])
        self.days = np.concatenate([part.days for part in parts])
        self.sizes = np.concatenate([part.sizes for part in parts])
        self.digests = np.concatenate([part.digests for part in parts])
        self.origins = np.concatenate([part.origins for part in parts])

    def __len__(self) -> int:
        return len(self.document_ids)

    def same_origin(self, one: Places, other: Places) -> NDArray[np.bool_]:
        """Whether some articles are from the same address or have the same id as others."""
        same: NDArray[np.bool_] = (self.origins[one] == self.origins[other]) & (self.origins[one] > 0)
        return same

    def lookup(self, hashes: Hashes) -> Postings:
        """The postings of these hashes (sorted, each once), by hash and segment."""
        found = []
        for segment, begin in zip(self.segments, self.begins, strict=False):
            postings = segment.postings.take(ranges(*find_equal(segment.postings.hashes, hashes)))
            found.append(postings._replace(document=postings.document + np.int32(begin)))
        postings = Postings(*(np.concatenate(columns) for columns in zip(*found, strict=True)))
        return postings.take(np.argsort(postings.hashes, kind="stable"))

    def take(self, documents: Places) -> Signatures:
        """The signatures of some articles, their numbers in order."""
        bounds = np.searchsorted(documents, self.begins)
        parts = zip(self.segments, self.begins, bounds, bounds[1:], strict=False)
        return Signatures.join(segment.signatures.take(documents[low:high] - begin) for segment, begin, low, high in parts)

    def gather(self, first: Places, second: Places) -> tuple[Signatures, Places, Places]:
        """The signatures of the articles of some pairs, and their numbers among these; of one segment, as they lie: no word is copied."""
        if len(self.segments) == 1:
            return self.segments[0].signatures, first, second
        documents = distinct(np.append(first, second))
        return self.take(documents), np.searchsorted(documents, first), np.searchsorted(documents, second)

    def words(self, document: NDArray[np.integer], place: NDArray[np.integer]) -> Places:
        """The word at some places; -1 before the first of the article, and after its last."""
        found = np.full(len(document), -1)
        inside = (place >= 0) & (place < self.sizes[document])
        for segment, begin, end in zip(self.segments, self.begins, self.begins[1:], strict=False):
            here = np.flatnonzero(inside & (document >= begin) & (document < end))
            found[here] = segment.signatures.words[segment.signatures.first[document[here] - begin] + place[here]]
        return found

    def shingles(self, documents: Places) -> Postings:
        """The sampled shingles of some articles, their numbers in order, by article and place."""
        found = []
        for segment, begin, end in zip(self.segments, self.begins, self.begins[1:], strict=False):
            here = documents[slice(*np.searchsorted(documents, (begin, end)))]
            signatures, first = segment.signatures, segment.signatures.first[here - begin]
            low, high = (np.searchsorted(signatures.sampled, signatures.first[here - begin + k]) for k in (0, 1))
            rows, times = ranges(low, high - low), high - low
            place = signatures.sampled[rows] - np.repeat(first, times)
            found.append(Postings(signatures.hashes[rows], np.repeat(here, times), place))
        return Postings(*(np.concatenate(columns) for columns in zip(*found, strict=True)))

    def position(self, document: NDArray[np.integer], word: Places) -> tuple[Places, Places]:
        """Where some words begin and end in their texts: code points."""
        start, end = np.zeros(len(document), np.int64), np.zeros(len(document), np.int64)
        for segment, begin, stop in zip(self.segments, self.begins, self.begins[1:], strict=False):
            here = np.flatnonzero((document >= begin) & (document < stop))
            at = segment.signatures.first[document[here] - begin] + word[here]
            start[here] = segment.signatures.starts[at]
            end[here] = start[here] + segment.signatures.lengths[at]
        return start, end


def rank(index: Index | Signatures) -> Places:
    """Each article's place in the total order: earliest published, fullest, first by id."""
    order = np.lexsort((index.document_ids, -index.sizes, index.days))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def same_words(index: Index, ranks: Places, alive: NDArray[np.bool_]) -> Places:
    """For each article, the first in rank of those with the same words; itself where it has none."""
    same = np.arange(len(index))
    told = np.flatnonzero(alive & (index.sizes > 0))
    upper = index.digests[told, 0]
    order = np.argsort(upper)
    upper = upper[order]
    again = np.append(False, upper[1:] == upper[:-1])[: len(upper)]
    again[:-1] |= again[1:]
    told = told[order[again]]  # few: what follows is exact, but takes longer
    upper, lower = index.digests[told].T
    order = told[np.lexsort((ranks[told], lower, upper))]
    digests = index.digests[order]
    first = np.append(True, (digests[1:] != digests[:-1]).any(axis=1))[: len(order)]
    same[order] = order[np.flatnonzero(first)[np.cumsum(first) - 1]]
    return same
