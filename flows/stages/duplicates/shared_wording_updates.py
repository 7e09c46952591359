"""Shared passages when articles come and go: only those that stand in such articles are found again, or looked at again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.hashed_words import Hashes, Places, among, distinct, find_equal, ranges, starts_of
from qantar.stages.duplicates.index import Index, Postings
from qantar.stages.duplicates.native import native
from qantar.stages.duplicates.shared_wording import Passages, differs, hash_run, hash_runs, passages_of, select_shared, shareable
from qantar.stages.duplicates.signatures import PASSAGE_WORDS, SHINGLE_WORDS, WINDOW, Signatures, shingle

PLACES = 1 << 21  # looked at at a time, so that memory is bounded

_HALF, _LOW = 32, 0xFFFFFFFF


def update_passages(index: Index, before: Passages, changed: NDArray[np.bool_], alive: NDArray[np.bool_], groups: Places) -> Passages:
    """The passages now, from those before: `changed` are the articles that come, go, or belong to another group than before.

    A passage that stands in no article that comes has lost places at most, so it is one still, or none any more: it stands
    in several groups, and not always between the same words, of which it would be part of a longer one.
    """
    fresh = _passages_of(index, np.flatnonzero(changed & alive), alive, groups)
    kept = ~changed[before.document]
    touched = distinct(before.digest[~kept])
    kept[_rows(before, distinct(fresh.digest))] = False
    unsure = _rows(before, touched)
    unsure = unsure[kept[unsure]]
    kept[unsure] = _still(index, before.take(unsure), groups)
    stay = before.take(kept)
    at = np.searchsorted(stay.digest, fresh.digest)
    return Passages._make(np.insert(old, at, new) for old, new in zip(stay, fresh, strict=True))


def _rows(passages: Passages, digests: NDArray[np.uint64]) -> Places:
    """The rows of the passages with these digests."""
    return ranges(*find_equal(passages.digest, digests))


def _still(index: Index, rows: Passages, groups: Places) -> NDArray[np.bool_]:
    """Whether what stands in these places, all there are of each, is a passage."""
    around = (index.words(rows.document, rows.first - 1), index.words(rows.document, rows.last + 1))
    edges = -1 - np.arange(len(rows.digest))  # where an article begins or ends is like no other place
    still = differs(rows.digest, groups[rows.document])
    for words in around:
        still &= differs(rows.digest, np.where(words < 0, edges, words))
    return still


def _passages_of(index: Index, articles: Places, alive: NDArray[np.bool_], groups: Places) -> Passages:
    """All places of the passages that stand in one of the articles."""
    signatures = index.take(articles)
    wanted = distinct(signatures.hashes)
    postings = index.lookup(wanted)
    postings = postings.take(alive[postings.document])
    several = np.zeros(len(wanted), bool)
    several[np.searchsorted(wanted, postings.hashes)] = differs(postings.hashes, groups[postings.document])
    runs = shareable(signatures, several[np.searchsorted(wanted, signatures.hashes)])
    hashes, one_each = np.unique(hash_runs(signatures.words, runs), return_index=True)
    places, at = (_held_native if native else _held_arrays)(index, signatures, runs[one_each], hashes, alive)
    document = places >> _HALF
    owner, first, last, digest = passages_of(select_shared(places, at, document, groups), groups)
    first, last = first & _LOW, last & _LOW
    passages = Passages(digest, owner, first, last, index.position(owner, first)[0], index.position(owner, last)[1]).small()
    return passages.take(among(digest, np.sort(digest[among(owner, articles)]))).in_order(index.document_ids)


def _held_native(
    index: Index, signatures: Signatures, runs: Places, hashes: NDArray[np.uint64], alive: NDArray[np.bool_]
) -> tuple[Places, NDArray[np.uint64]]:
    """Where any of these runs stands, as article and place in one number, in order, and its hash."""
    offset, least = _least(signatures, runs)
    order = np.argsort(runs + offset, kind="stable")
    runs, offset, hashes = runs[order], offset[order], hashes[order]
    wanted, which = np.unique(least[order], return_inverse=True)
    held, at = [], []
    for (there, postings), begin in zip(index.segments, index.begins, strict=False):
        low, times = (column[which] for column in find_equal(postings.hashes, wanted))
        found = native.run_places(signatures.words, runs, offset, low, times, *postings[1:], there.first, there.words)
        places, run = (np.frombuffer(column, np.int64) for column in found)
        held.append(places + (begin << _HALF))
        at.append(hashes[run])
    places = np.concatenate(held)
    order = np.flatnonzero(alive[places >> _HALF])
    order = order[np.argsort(places[order])]
    return places[order], np.concatenate(at)[order]


def _held_arrays(
    index: Index, signatures: Signatures, runs: Places, hashes: NDArray[np.uint64], alive: NDArray[np.bool_]
) -> tuple[Places, NDArray[np.uint64]]:
    """What `updates.c` does, where it could not be compiled."""
    postings = index.lookup(distinct(signatures.hashes))
    places = _places(index, signatures, runs, postings.take(alive[postings.document]))
    document, place = places >> _HALF, places & _LOW
    at = hash_run(index.words(document, place + i) for i in range(PASSAGE_WORDS))
    real = among(at, hashes)
    return places[real], at[real]


def _places(index: Index, signatures: Signatures, runs: Places, postings: Postings) -> Places:
    """Where any of these runs may stand, as article and place in one number: found by the sampled shingle that all who have it have."""
    offset, least = _least(signatures, runs)
    order = np.argsort(runs + offset)
    runs, offset, least = runs[order], offset[order], least[order]
    begins = starts_of(runs + offset)  # runs by the same shingle in the same place
    times = np.diff(np.append(begins, len(runs)))
    anchor = (runs + offset)[begins]
    low, n = find_equal(postings.hashes, least[begins])
    bounds = np.cumsum(n) // PLACES
    found = [np.zeros(0, np.int64)]
    for part in np.split(np.arange(len(begins)), np.flatnonzero(np.diff(bounds)) + 1):
        which, rows = np.repeat(part, n[part]), ranges(low[part], n[part])
        document, place = postings.document[rows].astype(np.int64), postings.place[rows].astype(np.int64)
        # the words before and behind the shingle tell all but a few apart
        before = index.words(document, place - 1) == signatures.words[np.maximum(anchor[which] - 1, 0)]
        behind = np.minimum(anchor[which] + SHINGLE_WORDS, len(signatures.words) - 1)
        after = index.words(document, place + SHINGLE_WORDS) == signatures.words[behind]
        some = np.flatnonzero(before | after)
        run, pair = ranges(begins[which[some]], times[which[some]]), np.repeat(some, times[which[some]])
        alike = (before[pair] | (offset[run] == 0)) & (after[pair] | (offset[run] == WINDOW - 1))
        run, document, place = run[alike], document[pair[alike]], place[pair[alike]] - offset[run[alike]]
        whole = (place >= 0) & (place + PASSAGE_WORDS <= index.sizes[document])
        for word in (0, PASSAGE_WORDS - 1):
            whole[whole] = index.words(document[whole], place[whole] + word) == signatures.words[runs[run[whole]] + word]
        found.append(distinct(document[whole] << _HALF | place[whole]))
    return distinct(np.concatenate(found))


def _least(signatures: Signatures, runs: Places) -> tuple[Places, Hashes]:
    """Of each run of PASSAGE_WORDS words, the shingle with the smallest hash, which is sampled wherever the run stands: place and hash."""
    offset, least = np.zeros(len(runs), np.int64), shingle(signatures.words, runs, SHINGLE_WORDS)
    for word in range(1, WINDOW):
        other = shingle(signatures.words, runs + word, SHINGLE_WORDS)
        smaller = other < least
        offset[smaller], least[smaller] = word, other[smaller]
    return offset, least
