"""Shared passages: wording of PASSAGE_WORDS words or more that stands in several articles.

Every run of PASSAGE_WORDS words that may stand elsewhere is compared, however often it stands: none is missed, neither a
wire paragraph of two articles nor the footer of a hundred thousand. A passage is a longest run of words whose places all
agree: where it goes on in one article as in another but not in a third, one passage ends and the next, of fewer or more
articles, begins (the two overlap by all but a word of PASSAGE_WORDS).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flows.schema import SharedPassage
from flows.stages.signatures import LEAST_SAMPLED, PASSAGE_WORDS, SHINGLE_WORDS, Places, Signatures, ranges, shingle

_K = np.uint64(0x9E3779B97F4A7C15)
_LOW = np.uint64(0xFFFFFFFF)


def find_passages(signatures: Signatures, groups: Places) -> list[SharedPassage]:
    """The places of every run of PASSAGE_WORDS words or more that stands in articles of at least two groups.

    `groups` has one number an article: what stands only in duplicates of one article is not a passage, since the row in
    `duplicates` says as much.
    """
    places = _candidates(signatures, groups)
    document = _documents(signatures, places)
    places, document, kind, hashes = _shared(signatures, groups, places, document)
    if not len(places):
        return []
    begins = np.flatnonzero(~_goes_on(places, document, kind))
    ends = np.append(begins[1:], len(places)) - 1
    digest = (hashes[begins] * _K ^ hashes[ends]) * _K + (ends - begins).astype(np.uint64)
    document = document[begins]
    last_word = places[ends] + PASSAGE_WORDS - 1
    start, end = signatures.starts[places[begins]], signatures.starts[last_word].astype(np.int64) + signatures.lengths[last_word]
    alphabetical = np.empty(len(signatures), np.int64)
    alphabetical[np.argsort(signatures.document_ids)] = np.arange(len(signatures))
    order = np.lexsort((start, alphabetical[document], digest))
    digest, document, start, end = digest[order], document[order], start[order], end[order]
    another = np.append(True, (digest[1:] != digest[:-1]) | (document[1:] != document[:-1]))
    passage = np.cumsum(np.append(True, digest[1:] != digest[:-1])) - 1
    n_documents = np.bincount(passage[another])[passage]
    columns = (digest.tolist(), signatures.document_ids[document].tolist(), start.tolist(), end.tolist(), n_documents.tolist())
    return [
        SharedPassage(passage_id=f"{p:016x}", document_id=d, start=s, end=e, n_documents=n) for p, d, s, e, n in zip(*columns, strict=True)
    ]


def _documents(signatures: Signatures, places: Places) -> Places:
    """The article in which each word stands."""
    return np.searchsorted(signatures.first, places, side="right") - 1


def _candidates(signatures: Signatures, groups: Places) -> Places:
    """Where runs of PASSAGE_WORDS words begin of which all sampled shingles stand in several groups: at least one is sampled of each."""
    sampled = signatures.sampled
    document = _documents(signatures, sampled)
    hashes = shingle(signatures.words, sampled, SHINGLE_WORDS)
    keys = np.sort(hashes.astype(np.uint64) << np.uint64(32) | np.arange(len(hashes), dtype=np.uint64))
    at = (keys & _LOW).astype(np.int64)
    shared = np.zeros(len(sampled), bool)
    shared[at] = _several(groups[document][at], keys >> np.uint64(32))
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


def _several(groups: Places, values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether each value, in order, stands in more than one group."""
    if not len(values):
        return np.zeros(0, bool)
    begins = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    several = np.minimum.reduceat(groups, begins) != np.maximum.reduceat(groups, begins)
    return np.repeat(several, np.diff(np.append(begins, len(values))))


def _shared(signatures: Signatures, groups: Places, places: Places, document: Places) -> tuple[Places, Places, Places, NDArray[np.uint64]]:
    """The runs that do stand in several groups: place, article, a number for their wording, and its hash."""
    hashes = np.zeros(len(places), np.uint64)
    for i in range(PASSAGE_WORDS):
        hashes *= _K
        hashes += signatures.words[places + i]
    hashes ^= hashes >> np.uint64(29)
    hashes *= _K
    order = np.argsort(hashes, kind="stable")
    kept = np.sort(order[_several(groups[document[order]], hashes[order])])
    places, document, hashes = places[kept], document[kept], hashes[kept]
    return places, document, np.unique(hashes, return_inverse=True)[1], hashes


def _goes_on(places: Places, document: Places, kind: Places) -> NDArray[np.bool_]:
    """Whether each run continues the one before it: wherever one of the two stands, the other stands beside it."""
    beside = (places[1:] == places[:-1] + 1) & (document[1:] == document[:-1])
    after = np.append(np.where(beside, kind[1:], -1), -1)
    before = np.append(-1, np.where(beside, kind[:-1], -1))
    order = np.argsort(kind, kind="stable")
    begins = np.flatnonzero(np.append(True, kind[order][1:] != kind[order][:-1]))
    one_after = np.minimum.reduceat(after[order], begins) == np.maximum.reduceat(after[order], begins)
    one_before = np.minimum.reduceat(before[order], begins) == np.maximum.reduceat(before[order], begins)
    return np.append(False, beside & one_after[kind[:-1]] & one_before[kind[1:]])
