"""Shared passages: wording of twenty words or more that stands in several articles.

All runs of PASSAGE_WORDS words are compared, so that nothing long enough is missed, however often it stands. A passage
is a longest run whose places all agree: where a run of words goes on in one article as in another but not in a third,
one passage ends and the next, of other articles, begins (they overlap by what they have in common).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flows.schema import SharedPassage
from flows.stages.signatures import Hashes, Places, Signatures, mix, shingles

PASSAGE_WORDS = 20

_BITS = 22


def find_passages(signatures: Signatures, groups: Places) -> list[SharedPassage]:
    """The places of every run of PASSAGE_WORDS words or more that stands in articles of at least two groups.

    `groups` has one number an article: what stands only in duplicates of one article is not a passage, since the row in
    `duplicates` says as much.
    """
    document, place, run = _shared_runs(signatures, groups)
    if not len(run):
        return []
    kind, count = np.unique(run, return_inverse=True, return_counts=True)[1:]
    linked = _links(document, place, kind, count)
    begins = np.flatnonzero(~linked)
    ends = np.append(begins[1:], len(run)) - 1
    digest = _digests(run, begins, ends)
    first_word = signatures.first[document[begins]] + place[begins]
    last_word = signatures.first[document[ends]] + place[ends] + PASSAGE_WORDS - 1
    start = signatures.starts[first_word]
    end = signatures.starts[last_word].astype(np.int64) + signatures.lengths[last_word]
    found = np.unique(np.stack([digest, document[begins].astype(np.uint64)]), axis=1)[0]
    n_documents = dict(zip(*(a.tolist() for a in np.unique(found, return_counts=True)), strict=True))
    rows = [
        SharedPassage(passage_id=f"{p:016x}", document_id=d, start=s, end=e, n_documents=n_documents[p])
        for p, d, s, e in zip(
            digest.tolist(), signatures.document_ids[document[begins]].tolist(), start.tolist(), end.tolist(), strict=True
        )
    ]
    return sorted(rows, key=lambda r: (r.passage_id, r.document_id, r.start))


def _shared_runs(signatures: Signatures, groups: Places) -> tuple[Places, Places, Hashes]:
    """Article, place and hash of each run of PASSAGE_WORDS words that stands in several groups, in reading order."""
    runs = shingles(signatures.words, PASSAGE_WORDS)
    document = np.repeat(np.arange(len(signatures)), np.diff(signatures.first))[: len(runs)]
    place = np.arange(len(runs)) - signatures.first[document]
    inside = place + PASSAGE_WORDS <= np.diff(signatures.first)[document]
    document, place, runs = document[inside], place[inside], runs[inside]
    repeated = np.sort(runs)
    repeated = np.unique(repeated[:-1][repeated[:-1] == repeated[1:]])
    candidate = np.zeros(1 << _BITS, bool)
    candidate[repeated >> np.uint64(64 - _BITS)] = True
    chosen = np.flatnonzero(candidate[runs >> np.uint64(64 - _BITS)])
    chosen = chosen[_found(runs[chosen], repeated)[0]]
    document, place, runs = document[chosen], place[chosen], runs[chosen]
    # those of one group only leave
    which = _found(runs, repeated)[1]
    low = np.full(len(repeated), np.iinfo(np.int64).max)
    high = np.full(len(repeated), -1)
    np.minimum.at(low, which, groups[document])
    np.maximum.at(high, which, groups[document])
    several = (low < high)[which]
    return document[several], place[several], runs[several]


def _found(values: Hashes, ordered: Hashes) -> tuple[NDArray[np.bool_], Places]:
    """Whether, and where, each value stands among the ordered ones."""
    if not len(ordered):
        return np.zeros(len(values), bool), np.zeros(len(values), np.int64)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return ordered[at] == values, at


def _links(document: Places, place: Places, kind: Places, count: Places) -> NDArray[np.bool_]:
    """Whether each run belongs to the passage of the run before it: these two stand side by side wherever one of them stands."""
    linked = np.zeros(len(kind), bool)
    beside = np.flatnonzero((document[1:] == document[:-1]) & (place[1:] == place[:-1] + 1)) + 1
    pair = kind[beside - 1] * len(count) + kind[beside]
    together = np.unique(pair, return_inverse=True, return_counts=True)
    often = together[2][together[1]]
    linked[beside] = (count[kind[beside]] == often) & (count[kind[beside - 1]] == often) & (kind[beside] != kind[beside - 1])
    return linked


def _digests(run: Hashes, begins: Places, ends: Places) -> Hashes:
    """A hash of the words of each passage."""
    return mix(run[begins] ^ mix(run[ends] + (ends - begins).astype(np.uint64)))
