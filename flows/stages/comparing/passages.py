"""Shared passages: wording of PASSAGE_WORDS words or more that stands in several articles.

Every run of PASSAGE_WORDS words that may stand elsewhere is compared, however often it stands: none is missed, neither a
wire paragraph of two articles nor the footer of a hundred thousand. A passage is a run that cannot be longer without
standing in fewer places; one may stand inside another (a quotation that many have, in a paragraph that two have).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from flows.schema import SharedPassage
from flows.stages.comparing.signatures import LEAST_SAMPLED, PASSAGE_WORDS, SHINGLE_WORDS, Hashes, Places, Signatures, ranges

RUNS = 1 << 21  # sorted at a time, so that memory is bounded
CHUNK = 1 << 15  # words hashed at a time: few enough to stay in the cache

_K = np.uint64(0x9E3779B97F4A7C15)
_LOW = np.uint64(0xFFFFFFFF)


def find_passages(signatures: Signatures, groups: Places) -> list[SharedPassage]:
    """The places of every run of PASSAGE_WORDS words or more that stands in articles of at least two groups.

    `groups` has one number an article: what stands only in duplicates of one article is not a passage, since the row in
    `duplicates` says as much.
    """
    runs = _shared(signatures, groups, _candidates(signatures, groups))
    if not len(runs.places):
        return []
    document, first_word, last_word, digest = _passages(runs, groups)
    start = signatures.starts[first_word]
    end = signatures.starts[last_word].astype(np.int64) + signatures.lengths[last_word]
    alphabetical = np.empty(len(signatures), np.int64)
    alphabetical[np.argsort(signatures.document_ids)] = np.arange(len(signatures))
    order = np.lexsort((start, alphabetical[document], digest))
    digest, document, start, end = digest[order], document[order], start[order], end[order]
    first = np.append(True, digest[1:] != digest[:-1])
    passage = np.cumsum(first) - 1
    n_documents = np.bincount(passage[first | np.append(True, document[1:] != document[:-1])])[passage]
    names = np.array([f"{d:016x}" for d in digest[first].tolist()])
    columns = (names[passage].tolist(), signatures.document_ids[document].tolist(), start.tolist(), end.tolist(), n_documents.tolist())
    return [SharedPassage(passage_id=p, document_id=d, start=s, end=e, n_documents=n) for p, d, s, e, n in zip(*columns, strict=True)]


def _documents(signatures: Signatures, places: Places) -> Places:
    """The article in which each word stands."""
    return np.searchsorted(signatures.first, places, side="right") - 1


def _candidates(signatures: Signatures, groups: Places) -> Places:
    """Where runs of PASSAGE_WORDS words begin of which all sampled shingles stand in several groups: at least one is sampled of each."""
    sampled = signatures.sampled
    document, hashes = _documents(signatures, sampled), signatures.hashes
    keys = np.sort(hashes.astype(np.uint64) << np.uint64(32) | np.arange(len(hashes), dtype=np.uint64))
    at = (keys & _LOW).astype(np.int64)
    shared = np.zeros(len(sampled), bool)
    shared[at] = _differs(keys >> np.uint64(32), groups[document][at])
    everywhere = shared | (hashes < LEAST_SAMPLED)  # short articles have more
    sampled, document, shared = sampled[everywhere], document[everywhere], shared[everywhere]
    # between one sampled shingle that is not shared and the next
    bounds = np.flatnonzero(np.append(True, (shared[1:] != shared[:-1]) | (document[1:] != document[:-1]))) if len(sampled) else sampled
    begin, end = bounds[shared[bounds]], np.append(bounds[1:], len(sampled))[shared[bounds]]
    owner = document[begin]
    same_before = (begin > 0) & (document[begin - 1] == owner)
    same_after = (end < len(sampled)) & (document[np.minimum(end, len(sampled) - 1)] == owner)
    low = np.where(same_before, sampled[begin - 1] + 1, signatures.first[owner])
    window = PASSAGE_WORDS - SHINGLE_WORDS + 1
    high = np.where(same_after, sampled[np.minimum(end, len(sampled) - 1)] - window, signatures.first[owner + 1] - PASSAGE_WORDS)
    return ranges(low, np.maximum(high - low + 1, 0))


def _differs(keys: NDArray[Any], values: Places) -> NDArray[np.bool_]:
    """Whether not all entries with the same key, which stand together, have the same value.

    >>> _differs(np.array([1, 1, 2, 2, 3]), np.array([7, 8, 9, 9, 9])).tolist()
    [True, True, False, False, False]
    """
    another = keys[1:] != keys[:-1]
    number = np.cumsum(np.append(False, another)[: len(keys)])
    found = np.zeros(len(keys), bool)
    found[number[1:][~another & (values[1:] != values[:-1])]] = True
    differs: NDArray[np.bool_] = found[number]
    return differs


class _Runs(NamedTuple):
    """Runs of PASSAGE_WORDS words that stand in several groups, in reading order."""

    places: Places
    document: Places
    hashes: NDArray[np.uint64]
    order: Places  # the runs sorted by hash


def _shared(signatures: Signatures, groups: Places, places: Places) -> _Runs:
    """Those of the runs at these places that do stand in several groups."""
    hashes = _hash(signatures.words, places)
    kept = np.zeros(len(places), bool)
    first_byte = (hashes >> np.uint64(56)).astype(np.int16)
    step = max(1, 256 // (1 + len(places) // RUNS))
    for low in range(0, 256, step):
        some = np.flatnonzero((first_byte >= low) & (first_byte < low + step))
        some = some[_order(hashes[some])]
        kept[some[_differs(hashes[some], groups[_documents(signatures, places[some])])]] = True
    places, hashes = places[kept], hashes[kept]
    return _Runs(places, _documents(signatures, places), hashes, _order(hashes))


def _hash(words: Hashes, places: Places) -> NDArray[np.uint64]:
    """Hash of the PASSAGE_WORDS words from each of the places on, which are in order.

    It is the difference of two sums over all words before, each word times a power, divided by the power it starts with.
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


def _goes_on(runs: _Runs) -> NDArray[np.bool_]:
    """Whether each run continues the one before it: wherever one of the two stands, the other stands beside it."""
    in_order = runs.hashes[runs.order]
    kind = np.empty(len(runs.places), np.int64)
    kind[runs.order] = np.cumsum(np.append(False, in_order[1:] != in_order[:-1]))
    beside = (runs.places[1:] == runs.places[:-1] + 1) & (runs.document[1:] == runs.document[:-1])
    after = np.append(np.where(beside, kind[1:], -1), -1)
    before = np.append(-1, np.where(beside, kind[:-1], -1))
    varies = np.empty((2, len(kind)), bool)
    varies[0, runs.order] = _differs(in_order, after[runs.order])
    varies[1, runs.order] = _differs(in_order, before[runs.order])
    return np.append(False, beside & ~varies[0, :-1] & ~varies[1, 1:])


def _passages(runs: _Runs, groups: Places) -> tuple[Places, Places, Places, NDArray[np.uint64]]:
    """Article, first and last word, and a hash of the wording, of every place of every passage.

    A segment is a stretch of runs that stand side by side wherever one of them stands. Passages are sequences of segments:
    those of one, of two, of three … are counted as long as any stands in several groups.
    """
    begins = np.flatnonzero(~_goes_on(runs))
    ends = np.append(begins[1:], len(runs.places)) - 1
    segment = (runs.hashes[begins] * _K ^ runs.hashes[ends]) * _K + (ends - begins).astype(np.uint64)
    document, first, last = runs.document[begins], runs.places[begins], runs.places[ends]
    joined = np.append((document[1:] == document[:-1]) & (first[1:] == last[:-1] + 1), False)
    at, hashes, length = np.arange(len(segment)), segment, 1
    count = _count(at, hashes, len(segment))
    found: list[tuple[Places, Places, NDArray[np.uint64]]] = []
    while len(at):
        longer = joined[at + length - 1]
        next_at = at[longer]
        next_hashes = hashes[longer] * _K + segment[next_at + length]
        order = _order(next_hashes)
        kept = np.sort(order[_differs(next_hashes[order], groups[document[next_at[order]]])])
        next_at, next_hashes = next_at[kept], next_hashes[kept]
        next_count = _count(next_at, next_hashes, len(segment))
        longest = (count[at] > next_count[at]) & (count[at] > np.where(at > 0, next_count[at - 1], 0))
        found.append((at[longest], at[longest] + length - 1, hashes[longest]))
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
