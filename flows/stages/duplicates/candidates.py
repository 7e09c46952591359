"""Candidates: pairs of articles that share enough sampled shingles, spread enough, to be worth comparing word by word.

A shingle joins each article that has it to the COMMON before it in rank and to the COMMON first: a footer of a thousand
articles makes thousands of pairs, not a million, and each copy of a wire story still meets the first. A pair is a
candidate when such shingles stand in enough segments of the shorter text. Of a thousand articles of one frame, two copies may be joined by
nothing but what the frame does not say: where a few shingles join a pair, all that the two have in common count, whatever joins them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.hashed_words import Hashes, Places, among, distinct, ranges, starts_of
from qantar.stages.duplicates.index import Index, Postings
from qantar.stages.duplicates.native import native

COMMON = 4
LEAST_JOINS = 6  # shingles that join a pair of which other shingles decide, those of many articles
SEGMENT_WORDS, MOST_SEGMENTS = 30, 10  # texts are cut into segments, to see whether what is shared stands all over
LEAST_SPREAD = 0.35  # share of the shorter text's segments with a sampled shingle in common
POSTINGS = 1 << 18  # worked on at a time, so that memory is bounded; results are independent of it

_DOCUMENT = 28  # bits of a rank


class Pairs(NamedTuple):
    """Pairs of articles, the one first in rank first; in order, each once."""

    first: Places
    second: Places

    def keys(self) -> Places:
        """Each pair as one number."""
        return self.first << 32 | self.second

    @classmethod
    def of(cls, keys: Places) -> Pairs:
        """The pairs with these keys."""
        return cls(keys >> 32, keys & 0xFFFFFFFF)


def find_candidates(
    postings: Postings, ranks: Places, sizes: Places, counts: NDArray[np.bool_], involved: NDArray[np.bool_] | None = None
) -> Pairs:
    """The candidates by these postings, sorted by hash, rank and place, among the articles that count; all, or those with one involved."""
    if not native:
        return _join(postings.take(counts[postings.document]), ranks, sizes, involved)
    segments = _segments(sizes).astype(np.int8)
    needed = np.ceil(LEAST_SPREAD * segments).astype(np.int8)
    some = counts if involved is None else involved
    keys = native.join(*postings, ranks, counts, some, sizes, segments, needed, COMMON, LEAST_JOINS)
    return Pairs.of(np.sort(np.frombuffer(keys, np.int64)))


def _join(postings: Postings, ranks: Places, sizes: Places, involved: NDArray[np.bool_] | None) -> Pairs:
    """What `pairs.c` does, where it could not be compiled."""
    postings = _first_places(postings)
    lists = starts_of(postings.hashes)
    times = np.diff(np.append(lists, len(postings.hashes)))
    repeated = np.repeat(times > 1, times)  # a shingle of one article has no pair
    nth = (np.arange(len(repeated)) - np.repeat(lists, times))[repeated]
    document, place = postings.document[repeated], postings.place[repeated].astype(np.int64)
    segment = place * _segments(sizes[document]) // sizes[document]
    by_rank = np.argsort(ranks)
    found = _join_ranks(nth, ranks[document], segment, sizes[by_rank], None if involved is None else involved[document])
    enough, unsure = (Pairs(by_rank[pairs.first], by_rank[pairs.second]) for pairs in found)
    sure = _in_common(unsure, postings.hashes[repeated], document, segment, sizes)
    return Pairs.of(np.sort(np.append(enough.keys(), unsure.keys()[sure])))


def _in_common(pairs: Pairs, hashes: Hashes, document: NDArray[np.integer], segment: Places, sizes: Places) -> NDArray[np.bool_]:
    """Whether the articles of each pair have enough shingles in common, whatever joins them, by the segment of each shingle."""
    of: dict[int, dict[int, int]] = defaultdict(dict)
    asked = np.isin(document, np.concatenate(pairs))
    for hash_, one, cut in zip(hashes[asked].tolist(), document[asked].tolist(), segment[asked].tolist(), strict=True):
        of[one][hash_] = cut
    swap = sizes[pairs.first] >= sizes[pairs.second]
    shorter, longer = np.where(swap, pairs.second, pairs.first), np.where(swap, pairs.first, pairs.second)
    both = zip(shorter.tolist(), longer.tolist(), strict=True)
    spread = np.array([len({cut for hash_, cut in of[one].items() if hash_ in of[other]}) for one, other in both], np.int64)
    enough: NDArray[np.bool_] = spread >= LEAST_SPREAD * _segments(sizes[shorter])
    return enough


def _join_ranks(nth: Places, rank: Places, segment: Places, sizes: Places, involved: NDArray[np.bool_] | None) -> tuple[Pairs, Pairs]:
    """Pairs of ranks that share enough, and those that may, from each posting's place in its list, its article's rank and its segment."""
    n = len(sizes)
    block = n // (1 + len(rank) // POSTINGS) + 1
    found, unseen = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for low in range(0, n if len(rank) else 0, block):
        within = np.flatnonzero((rank >= low) & (rank < low + block))
        keys = []
        for one, other in _joined(nth, within):
            if involved is not None:
                some = involved[one] | involved[other]
                one, other = one[some], other[some]
            a, b = rank[one], rank[other]
            shorter = np.where(sizes[a] < sizes[b], segment[one], segment[other])
            keys.append((a << 32 | b) << 4 | shorter)
        key = np.sort(np.concatenate(keys))
        joins = np.diff(np.append(starts_of(key >> 4), len(key)))
        key = key[starts_of(key)]
        pair = key >> 4
        begins = starts_of(pair)
        spread, pairs = np.diff(np.append(begins, len(pair))), Pairs.of(pair[begins])
        enough = spread >= LEAST_SPREAD * _segments(np.minimum(sizes[pairs.first], sizes[pairs.second]))
        found.append(pair[begins][enough])
        unseen.append(pair[begins][~enough & (joins >= LEAST_JOINS)])
    return Pairs.of(np.concatenate(found)), Pairs.of(np.concatenate(unseen))


def update_candidates(index: Index, ranks: Places, before: Pairs, was: NDArray[np.bool_], now: NDArray[np.bool_]) -> Pairs:
    """The candidates among the articles that count now, from those among the articles that counted before.

    Only what the articles that come or go have in common with others is looked up: it changes which pairs of others a
    shingle joins, too, since it is the next in rank that are joined.
    """
    old, stays = before.keys(), was & now
    postings = _first_places(_lists(index, np.flatnonzero(was != now), was | now, ranks))
    lost, gained = (_changed_native if native else _changed_arrays)(postings, was[postings.document], now[postings.document])
    kept = old[~among(old, lost) & ~among(old, gained)]
    kept = kept[now[Pairs.of(kept).first] & now[Pairs.of(kept).second]]
    first, second = Pairs.of(gained)
    others = stays[first] & stays[second]
    worth = ~others
    worth[others] = _alike(index, Pairs(first[others], second[others])) | among(gained[others], old)
    first, second = Pairs.of(lost)
    less = lost[among(lost, old) & now[first] & now[second]]
    unsure = distinct(np.append(gained[worth], less))
    first, second = Pairs.of(unsure)
    looked_up = distinct(np.where(stays[second], first, second))  # what a pair has in common, either has
    involved = np.zeros(len(index), bool)
    involved[looked_up] = True
    found = find_candidates(_lists(index, looked_up, now, ranks), ranks, index.sizes, now, involved).keys()
    return Pairs.of(np.sort(np.append(kept, found[among(found, unsure)])))


def _lists(index: Index, documents: Places, counts: NDArray[np.bool_], ranks: Places) -> Postings:
    """All postings, in articles that count, of the hashes of some documents, sorted by hash, rank and place."""
    postings = index.lookup(distinct(index.shingles(documents).hashes))
    postings = postings.take(counts[postings.document])
    keys = postings.hashes.astype(np.int64) << _DOCUMENT | ranks[postings.document]
    return postings.take(np.argsort(keys, kind="stable"))  # of each article they are in order already


def _changed_native(postings: Postings, was: NDArray[np.bool_], now: NDArray[np.bool_]) -> tuple[Places, Places]:
    """The keys of the pairs of articles that lose a shingle which joined them, and of those that gain one; sorted.

    `was` and `now` say of each posting whether it counted before, and whether it does now.
    """
    lost, gained = native.changed_pairs(postings.hashes, postings.document, was, now, COMMON)
    return distinct(np.frombuffer(lost, np.int64)), distinct(np.frombuffer(gained, np.int64))


def _changed_arrays(postings: Postings, was: NDArray[np.bool_], now: NDArray[np.bool_]) -> tuple[Places, Places]:
    """What `updates.c` does, where it could not be compiled."""
    before, after = _evidence(postings, was), _evidence(postings, now)
    return _pairs(postings, before[~among(before, after)]), _pairs(postings, after[~among(after, before)])


def _evidence(postings: Postings, counts: NDArray[np.bool_]) -> Places:
    """Which postings are joined when only some count: pairs of them as numbers, sorted."""
    within = np.flatnonzero(counts)
    lists = starts_of(postings.hashes[within])
    nth = np.arange(len(within)) - np.repeat(lists, np.diff(np.append(lists, len(within))))
    joined = [within[one] << 32 | within[other] for one, other in _joined(nth, np.arange(len(within)))]
    return np.sort(np.concatenate(joined))


def _pairs(postings: Postings, joined: Places) -> Places:
    """The keys of the pairs of articles of joined postings."""
    first, second = Pairs.of(joined)
    return distinct(postings.document[first].astype(np.int64) << 32 | postings.document[second])


def _alike(index: Index, pairs: Pairs) -> NDArray[np.bool_]:
    """Whether the articles of each pair share sampled shingles in as many segments as a candidate must, whatever joins them."""
    swap = index.sizes[pairs.first] >= index.sizes[pairs.second]
    shorter, longer = np.where(swap, pairs.second, pairs.first), np.where(swap, pairs.first, pairs.second)
    spread = (_spread_native if native else _spread_arrays)(index, shorter, longer)
    enough: NDArray[np.bool_] = spread >= LEAST_SPREAD * _segments(index.sizes[shorter])
    return enough


def _spread_native(index: Index, shorter: Places, longer: Places) -> Places:
    """In how many segments of each shorter text sampled shingles stand that the longer one has, too."""
    order = np.argsort(longer, kind="stable")
    (one, bounds, which), (other, other_bounds, which_other) = _shingles_of(index, shorter[order]), _shingles_of(index, longer[order])
    size = index.sizes[one.document]
    segment = (one.place * _segments(size) // size).astype(np.int8)
    spread, spreads = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    native.spread(segment, one.hashes, bounds, other.hashes, other_bounds, np.stack([which, which_other]), spreads)
    spread[order] = spreads
    return spread


def _shingles_of(index: Index, articles: Places) -> tuple[Postings, Places, Places]:
    """The sampled shingles of some articles, where those of each begin, and the number of each of the articles among them."""
    documents, which = np.unique(articles, return_inverse=True)
    postings = index.shingles(documents)
    return postings, np.searchsorted(postings.document, np.append(documents, len(index))), which


def _spread_arrays(index: Index, shorter: Places, longer: Places) -> Places:
    """What `updates.c` does, where it could not be compiled."""
    found = []
    for side in (shorter, longer):
        postings, bounds, which = _shingles_of(index, side)
        times = np.diff(bounds)[which]
        rows = ranges(bounds[which], times)
        size = index.sizes[postings.document[rows]]
        segment = (postings.place[rows] * _segments(size) // size).astype(np.uint64)
        keys = np.repeat(np.arange(len(which), dtype=np.uint64), times) << np.uint64(36)
        keys |= postings.hashes[rows].astype(np.uint64) << np.uint64(4)
        found.append((keys, segment))
    (keys, segment), (others, _) = found
    common = distinct((keys >> np.uint64(36) << np.uint64(4) | segment)[among(keys, np.sort(others))])
    return np.bincount((common >> np.uint64(4)).astype(np.int64), minlength=len(shorter))


def _first_places(postings: Postings) -> Postings:
    """For each hash and article, the first place only."""
    again = (postings.hashes[1:] == postings.hashes[:-1]) & (postings.document[1:] == postings.document[:-1])
    return postings.take(np.append(True, ~again)[: len(postings.hashes)]) if again.any() else postings


def _joined(nth: NDArray[np.integer], within: Places) -> Iterator[tuple[Places, Places]]:
    """The postings that are joined to those within, from the place of each in its list; one kind of neighbour at a time."""
    place = nth[within]
    for back in range(1, COMMON + 1):
        other = within[place >= back]
        yield other - back, other
    for ahead in range(COMMON):
        other = within[place > COMMON + ahead]
        yield other - nth[other] + ahead, other


def _segments(sizes: NDArray[np.integer]) -> NDArray[np.integer]:
    """Into how many segments texts of so many words are cut."""
    segments: NDArray[np.integer] = np.clip(sizes // SEGMENT_WORDS, 1, MOST_SEGMENTS)
    return segments
