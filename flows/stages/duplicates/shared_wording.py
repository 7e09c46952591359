"""Shared passages: wording of PASSAGE_WORDS words or more that stands in several articles.

Every run of PASSAGE_WORDS words that may stand elsewhere is compared, however often it stands: none is missed, neither a
wire paragraph of two articles nor the footer of a hundred thousand. A passage is a run that cannot be longer without
standing in fewer places; one may stand inside another (a quotation that many have, in a paragraph that two have).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.hashed_words import Hashes, Places, distinct, ranges, starts_of
from qantar.stages.duplicates.index import Segment
from qantar.stages.duplicates.native import native
from qantar.stages.duplicates.signatures import LEAST_SAMPLED, PASSAGE_WORDS, WINDOW, Signatures

RUNS = 1 << 19  # sorted at a time, so that memory is bounded,
HELD = 1 << 24  # or looked at together by `passages.c`; results are independent of both
CHUNK = 1 << 15  # words hashed at a time: few enough to stay in the cache

_K = np.uint64(0x9E3779B97F4A7C15)


class Passages(NamedTuple):
    """The places of shared passages, sorted by passage, name of the article, and place."""

    digest: NDArray[np.uint64]  # of the wording
    document: NDArray[np.integer]
    first: NDArray[np.integer]  # word, counted from the article's first
    last: NDArray[np.integer]
    start: NDArray[np.integer]  # code points
    end: NDArray[np.integer]

    def small(self) -> Passages:
        """The same in few bytes: there may be millions."""
        types = (np.uint64, np.int32, np.int32, np.int32, np.uint32, np.uint32)
        return Passages._make(column.astype(of, copy=False) for column, of in zip(self, types, strict=True))

    @classmethod
    def none(cls) -> Passages:
        """No place."""
        nothing = np.zeros(0, np.int64)
        return cls(np.zeros(0, np.uint64), nothing, nothing, nothing, nothing, nothing).small()

    def take(self, which: Places | NDArray[np.bool_]) -> Passages:
        """Some of them."""
        return Passages._make(column[which] for column in self)

    def in_order(self, document_ids: NDArray[np.str_]) -> Passages:
        """The same sorted."""
        held = distinct(self.document)
        alphabetical = np.empty(len(document_ids), np.int64)
        alphabetical[held[np.argsort(document_ids[held])]] = np.arange(len(held))
        places = alphabetical[self.document]
        places <<= 32
        places |= self.start
        return self.take(np.lexsort((places, self.digest)))

    def n_documents(self) -> Places:
        """In how many articles the passage of each place stands."""
        first = starts_of(self.digest)
        passage = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(self.digest))))
        another = np.append(True, (self.document[1:] != self.document[:-1]) | (passage[1:] != passage[:-1]))[: len(passage)]
        n: Places = np.bincount(passage[another], minlength=len(first))[passage]
        return n


def find_passages(segment: Segment, groups: Places, between: Callable[[], None] = lambda: None) -> Passages:
    """The places of every run of PASSAGE_WORDS words or more that stands in articles of at least two groups.

    `groups` has one number an article: what stands only in duplicates of one article is not a passage, since the row in
    `duplicates` says as much. `between` is called between two steps, which look at other columns of the segment.
    """
    signatures = segment.signatures
    document, first, last, digest = _find_native(segment, groups) if native else passages_of(_find_arrays(segment, groups), groups)
    between()
    begin = signatures.first[document]
    start = signatures.starts[first]
    end = signatures.starts[last] + signatures.lengths[last]
    found = Passages(digest, document, (first - begin).astype(np.int32), (last - begin).astype(np.int32), start, end)
    del first, last, begin  # there may be millions
    return found.small().in_order(signatures.document_ids)


class Runs(NamedTuple):
    """Runs of PASSAGE_WORDS words that stand in several groups, in reading order."""

    places: Places
    document: NDArray[np.integer]
    hashes: NDArray[np.uint64]
    onward: NDArray[np.bool_]  # it continues the one before it: wherever one of the two stands, the other stands beside it


Stands = tuple[NDArray[np.integer], Places, Places, NDArray[np.uint64]]
"""Article, first and last word, and a hash of the wording, of every place of every passage."""


def _find_native(segment: Segment, groups: Places) -> Stands:
    s = segment.signatures
    looked_up = s.words, s.first, s.sampled, s.hashes, int(LEAST_SAMPLED), *segment.postings, groups
    return _columns(native.shared_passages(*looked_up, HELD))


def _columns(found: tuple[bytes, bytes, bytes, bytes]) -> Stands:
    document, *words, digest = found
    first, last = (np.frombuffer(column, np.int64) for column in words)
    return np.frombuffer(document, np.int32), first, last, np.frombuffer(digest, np.uint64)


def _find_arrays(segment: Segment, groups: Places) -> Runs:
    """What `passages.c` does, where it could not be compiled."""
    signatures, postings = segment
    shared = np.zeros(len(signatures.words), bool)
    shared[signatures.first[postings.document] + postings.place] = differs(postings.hashes, groups[postings.document])
    places = shareable(signatures, shared[signatures.sampled])
    hashes = hash_runs(signatures.words, places)
    twice = _may_recur(hashes)
    places, hashes = places[twice], hashes[twice]
    return select_shared(places, hashes, _documents(signatures, places), groups)


def shareable(signatures: Signatures, shared: NDArray[np.bool_]) -> Places:
    """Where runs of PASSAGE_WORDS words begin all of whose sampled shingles stand in several groups, of which there is at least one."""
    everywhere = shared | (signatures.hashes < LEAST_SAMPLED)  # short articles have more
    sampled, shared = signatures.sampled[everywhere], shared[everywhere]
    document = _documents(signatures, sampled)
    # between one sampled shingle that is not shared and the next
    bounds = np.flatnonzero(np.append(True, (shared[1:] != shared[:-1]) | (document[1:] != document[:-1]))) if len(sampled) else sampled
    begin, end = bounds[shared[bounds]], np.append(bounds[1:], len(sampled))[shared[bounds]]
    owner = document[begin]
    same_before = (begin > 0) & (document[begin - 1] == owner)
    same_after = (end < len(sampled)) & (document[np.minimum(end, len(sampled) - 1)] == owner)
    low = np.where(same_before, sampled[begin - 1] + 1, signatures.first[owner])
    high = np.where(same_after, sampled[np.minimum(end, len(sampled) - 1)] - WINDOW, signatures.first[owner + 1] - PASSAGE_WORDS)
    return ranges(low, np.maximum(high - low + 1, 0))


def _documents(signatures: Signatures, places: Places) -> NDArray[np.int32]:
    """The article in which each word stands."""
    return (np.searchsorted(signatures.first, places, side="right") - 1).astype(np.int32)


def differs(keys: NDArray[Any], values: Places) -> NDArray[np.bool_]:
    """Whether not all entries with the same key, which stand together, have the same value.

    >>> differs(np.array([1, 1, 2, 2, 3]), np.array([7, 8, 9, 9, 9])).tolist()
    [True, True, False, False, False]
    """
    another = keys[1:] != keys[:-1]
    number = np.cumsum(np.append(False, another)[: len(keys)])
    found = np.zeros(len(keys), bool)
    found[number[1:][~another & (values[1:] != values[:-1])]] = True
    differs: NDArray[np.bool_] = found[number]
    return differs


def _may_recur(hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether each of the hashes may be there twice: false for most that are not, in less time than to sort them with their places."""
    upper = np.sort((hashes >> np.uint64(32)).astype(np.uint32))
    recurring = np.zeros(1 << 24, bool)
    recurring[upper[1:][upper[1:] == upper[:-1]] >> np.uint32(8)] = True
    found: NDArray[np.bool_] = recurring[hashes >> np.uint64(40)]
    return found


def select_shared(places: Places, hashes: NDArray[np.uint64], document: NDArray[np.integer], groups: Places) -> Runs:
    """Those of the runs at these places that stand in several groups."""
    kept = np.zeros(len(places), bool)
    first_byte = (hashes >> np.uint64(56)).astype(np.int16)
    step = max(1, 256 // (1 + len(places) // RUNS))
    for low in range(0, 256, step):
        some = np.flatnonzero((first_byte >= low) & (first_byte < low + step))
        some = some[_order(hashes[some])]
        kept[some[differs(hashes[some], groups[document[some]])]] = True
    places, document, hashes = places[kept], document[kept], hashes[kept]
    return Runs(places, document, hashes, _goes_on(places, document, hashes))


def hash_runs(words: Hashes, places: Places) -> NDArray[np.uint64]:
    """Hash of the PASSAGE_WORDS words from each of the places on, which are in order: the sum of all, each times a power.

    It is the difference of two sums over all words before, divided by the power it starts with.
    """
    powers = np.multiply.accumulate(np.full(CHUNK + PASSAGE_WORDS, _K))
    inverses = np.multiply.accumulate(np.full(CHUNK, np.uint64(pow(int(_K), -1, 2**64))))
    hashes = np.empty(len(places), np.uint64)
    bounds = np.searchsorted(places, np.arange(0, len(words) + CHUNK, CHUNK))
    for chunk in np.flatnonzero(np.diff(bounds)).tolist():
        part = slice(bounds[chunk], bounds[chunk + 1])
        some = words[chunk * CHUNK : (chunk + 1) * CHUNK + PASSAGE_WORDS]
        sums: NDArray[np.uint64] = np.append(np.uint64(0), np.cumsum(some * powers[: len(some)]))
        at = places[part] - chunk * CHUNK
        hashes[part] = (sums[at + PASSAGE_WORDS] - sums[at]) * inverses[at]
    return _mix(hashes)


def hash_run(words: Iterable[Places]) -> NDArray[np.uint64]:
    """The same of the first words of some runs, their second words, and so on."""
    powers = np.multiply.accumulate(np.append(np.uint64(1), np.full(PASSAGE_WORDS - 1, _K)))
    total: Any = np.uint64(0)
    for some, power in zip(words, powers, strict=True):
        total = total + some.astype(np.uint64) * power
    return _mix(total)


def _mix(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (hashes ^ hashes >> np.uint64(29)) * _K


def _order(hashes: NDArray[np.uint64]) -> Places:
    """The order that sorts the hashes, equal ones by place: as `np.argsort(hashes, kind="stable")`, several times faster.

    Place and the upper bits of the hash are sorted as one number; where those bits are not enough, the rest decides.
    """
    bits = np.uint64(max(1, len(hashes)).bit_length())
    keys = np.sort(hashes >> bits << bits | np.arange(len(hashes), dtype=np.uint64))
    order = (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    keys >>= bits
    in_order = hashes[order]
    alike = np.flatnonzero((keys[1:] == keys[:-1]) & (in_order[1:] != in_order[:-1]))
    if len(alike):
        unsure = np.flatnonzero(np.isin(keys, keys[alike]))
        order[unsure] = order[unsure][np.lexsort((order[unsure], in_order[unsure]))]
    return order


def _goes_on(places: Places, document: NDArray[np.integer], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether each run continues the one before it, as in `Runs`."""
    order = _order(hashes)
    in_order = hashes[order]
    kind = np.empty(len(places), np.int64)
    kind[order] = np.cumsum(np.append(False, in_order[1:] != in_order[:-1])[: len(order)])
    beside = (places[1:] == places[:-1] + 1) & (document[1:] == document[:-1])
    after = np.append(np.where(beside, kind[1:], -1), -1)[: len(kind)]
    before = np.append(-1, np.where(beside, kind[:-1], -1))[: len(kind)]
    varies = np.empty((2, len(kind)), bool)
    varies[0, order] = differs(in_order, after[order])
    varies[1, order] = differs(in_order, before[order])
    return np.append(False, beside & ~varies[0, :-1] & ~varies[1, 1:])[: len(kind)]


def passages_of(runs: Runs, groups: Places) -> Stands:
    """The places of the passages that some runs make up.

    A segment is a stretch of runs that stand side by side wherever one of them stands. Passages are sequences of segments:
    those of one, of two, of three … are counted as long as any stands in several groups. The hash of a sequence of runs is the
    sum of theirs, each times a power, so that it is the same however the sequence is cut into segments.
    """
    if native:
        places, document, hashes, onward = runs
        return _columns(native.passages(places, document.astype(np.int32, copy=False), hashes, onward, groups))
    return _passages_arrays(runs, groups)


def _passages_arrays(runs: Runs, groups: Places) -> Stands:
    """What `passages.c` does, where it could not be compiled."""
    if not len(runs.places):
        return runs.document, runs.places, runs.places, runs.hashes
    begins = np.flatnonzero(~runs.onward)
    ends = np.append(begins[1:], len(runs.places)) - 1
    document, first, last = runs.document[begins], runs.places[begins], runs.places[ends]
    joined = np.append((document[1:] == document[:-1]) & (first[1:] == last[:-1] + 1), False)
    longest = (last[~joined] - first[~np.append(False, joined[:-1])]).max() + 1  # runs side by side
    powers = np.multiply.accumulate(np.append(np.uint64(1), np.full(longest, _K)))
    nth = np.arange(len(runs.places)) - np.repeat(begins, ends - begins + 1)
    segment = np.add.reduceat(runs.hashes * powers[nth], begins)
    at, hashes, length = np.arange(len(segment)), segment, 1
    count = _count(at, hashes, len(segment))
    found: list[tuple[Places, Places, NDArray[np.uint64]]] = []
    while len(at):
        longer = joined[at + length - 1]
        next_at = at[longer]
        next_hashes = hashes[longer] + powers[first[next_at + length] - first[next_at]] * segment[next_at + length]
        order = _order(next_hashes)
        kept = np.sort(order[differs(next_hashes[order], groups[document[next_at[order]]])])
        next_at, next_hashes = next_at[kept], next_hashes[kept]
        next_count = _count(next_at, next_hashes, len(segment))
        whole = (count[at] > next_count[at]) & (count[at] > np.where(at > 0, next_count[at - 1], 0))
        found.append((at[whole], at[whole] + length - 1, hashes[whole]))
        at, hashes, count, length = next_at, next_hashes, next_count, length + 1
    begin, end, digest = (np.concatenate(column) for column in zip(*found, strict=True))
    return document[begin], first[begin], last[end] + PASSAGE_WORDS - 1, digest


def _count(at: Places, hashes: NDArray[np.uint64], n: int) -> Places:
    """For each of `n` segments, how often the sequence that begins with it stands; 0 where none does."""
    order = _order(hashes)
    number = np.cumsum(np.append(False, hashes[order][1:] != hashes[order][:-1])[: len(order)])
    count = np.zeros(n, np.int64)
    count[at[order]] = np.bincount(number)[number]
    return count
