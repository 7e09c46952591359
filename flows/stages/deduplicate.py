"""Duplicates: which articles repeat another one, and which passages several articles share.

Articles are compared by their words alone (`signatures`). Candidates are pairs that share a sample of their shingles
(runs of five words); each is then verified on all of its words, and only what is verified counts: nothing is joined by
way of a third article.

* `exact`: the same words.
* `near`: the same article edited, respun, cut, furnished or badly scanned: wording in common throughout both texts.
* `contained`: wording in common throughout the shorter text, less than half of the longer one.

One long passage in common, such as a quotation or a footer, makes no duplicate: it is a row of `shared_passages`.

The canonical article of a group is the earliest published, then the fullest, then the first by id; a contained article
gives way to the one that contains it, whichever came first, or the rest of the longer one would be lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flows.schema import Duplicate, DuplicateKind, SharedPassage
from flows.stages.passages import find_passages
from flows.stages.signatures import Hashes, Places, Signatures, Text, Words, shingles, sign_documents

__all__ = ["Duplicates", "Signatures", "Text", "compare_signatures", "find_duplicates", "sign_documents"]

SHINGLE_WORDS = 5
SAMPLE = 8  # one shingle in so many is looked up in the index
FEWEST_WORDS = 20  # below, only the same words make a duplicate
COMMON = 8  # a shingle links an article to so many of the first that have it
LEAST_SHARED = 0.08  # of the shorter text's shingles
LEAST_SPREAD = 0.8  # of the shorter text's segments
NEAR_SPREAD = 0.5  # of the longer text's segments: below, it holds more than the shorter one
SEGMENT_WORDS, MOST_SEGMENTS = 30, 10


class Duplicates(NamedTuple):
    """Rows of `duplicates` and `shared_passages`."""

    duplicates: list[Duplicate]
    passages: list[SharedPassage]


class Relation(NamedTuple):
    """How one article stands to another, itself the one that could give way."""

    kind: DuplicateKind
    similarity: float  # share of its words that stand in wording found in the other
    method: str


def find_duplicates(documents: Iterable[Text]) -> Duplicates:
    """What repeats what among the articles; they are read once, in any order, and their texts are not kept.

    >>> wire = "The ministry said on Monday that trains would run again between the two cities once the bridge was checked"
    >>> found = find_duplicates([Text("a", None, wire), Text("b", None, wire.upper() + "!")])
    >>> [(d.document_id, d.canonical_id, d.kind) for d in found.duplicates]
    [('b', 'a', 'exact')]
    """
    return compare_signatures(sign_documents(documents))


def compare_signatures(signatures: Signatures) -> Duplicates:
    """What repeats what among the articles with these signatures (those of several shards: `Signatures.join`)."""
    ranks = _rank(signatures)
    same = _same_words(signatures, ranks)
    chosen = np.flatnonzero(same == np.arange(len(same)))
    relations = _relations(signatures, chosen[np.argsort(ranks[chosen])])
    canonical = _choose(relations, signatures, ranks)
    rows = []
    groups = np.arange(len(signatures))
    for i, first in enumerate(same.tolist()):
        target = canonical.get(first, first)
        groups[i] = target
        if target == i:
            continue
        relation = Relation("exact", 1.0, "same words") if target == first else relations[first][target]
        rows.append(
            Duplicate(
                document_id=str(signatures.document_ids[i]),
                canonical_id=str(signatures.document_ids[target]),
                kind=relation.kind,
                similarity=relation.similarity,
                method=relation.method,
            )
        )
    return Duplicates(sorted(rows, key=lambda r: r.document_id), find_passages(signatures, groups))


def _rank(signatures: Signatures) -> Places:
    """Each article's place in the total order: earliest published, fullest, first by id."""
    order = np.lexsort((signatures.document_ids, -np.diff(signatures.first), signatures.days))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _same_words(signatures: Signatures, ranks: Places) -> Places:
    """For each article, the first in rank of those with the same words."""
    first: dict[bytes, int] = {}
    same = np.arange(len(signatures))
    for i in np.argsort(ranks).tolist():
        words = signatures.words[signatures.first[i] : signatures.first[i + 1]]
        if len(words):
            same[i] = first.setdefault(words.tobytes(), i)
    return same


def _relations(signatures: Signatures, ranked: Places) -> dict[int, dict[int, Relation]]:
    """What is verified of each candidate pair: by the article that could give way, then by the other."""
    found: dict[int, dict[int, Relation]] = defaultdict(dict)
    shown: dict[int, _Wording] = {}
    near: dict[int, set[int]] = defaultdict(set)

    def wording(i: int) -> _Wording:
        if i not in shown:
            shown[i] = _Wording(signatures.words[signatures.first[i] : signatures.first[i + 1]])
        return shown[i]

    def verify(a: int, b: int) -> None:
        for (one, other), relation in zip(((a, b), (b, a)), _compare(wording(a), wording(b)), strict=True):
            if relation:
                found[one][other] = relation
                near[a].add(b)
                near[b].add(a)

    tried = set(_candidates(signatures, ranked))
    for a, b in sorted(tried):
        verify(a, b)
    # two spun copies of one article have little in common: they are candidates because both are like a third
    further = {(min(a, b), max(a, b)) for others in near.values() if len(others) < 50 for a in others for b in others if a != b}
    for a, b in sorted(further - tried):
        verify(a, b)
    return found


def _candidates(signatures: Signatures, ranked: Places) -> list[tuple[int, int]]:
    """Pairs of articles that share enough sampled shingles to be worth verifying."""
    sizes = np.diff(signatures.first)
    hashes = shingles(signatures.words, SHINGLE_WORDS)
    place_of = np.full(len(signatures), -1)
    place_of[ranked] = np.arange(len(ranked))
    document = np.repeat(np.arange(len(signatures)), sizes)[: len(hashes)]
    sampled = np.flatnonzero(hashes < np.uint64(2**64 // SAMPLE))
    sampled = sampled[
        (sampled + SHINGLE_WORDS <= signatures.first[document[sampled] + 1])
        & (place_of[document[sampled]] >= 0)
        & (sizes[document[sampled]] >= FEWEST_WORDS)
    ]
    hashes, who = hashes[sampled], place_of[document[sampled]]
    order = np.lexsort((who, hashes))
    hashes, who = hashes[order], who[order]
    once = np.ones(len(who), bool)
    once[1:] = (hashes[1:] != hashes[:-1]) | (who[1:] != who[:-1])
    hashes, who = hashes[once], who[once]
    total = np.bincount(who, minlength=len(ranked))
    starts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1])) if len(hashes) else np.zeros(0, np.int64)
    nth = np.arange(len(hashes)) - np.repeat(starts, np.diff(np.append(starts, len(hashes))))
    pairs = []
    for back in range(1, COMMON + 1):
        later = np.flatnonzero(nth >= back)  # the article before
        pairs.append(who[later - back] * len(ranked) + who[later])
        far = np.flatnonzero(nth > COMMON + back - 1)  # and the first that have it
        pairs.append(who[far - nth[far] + back - 1] * len(ranked) + who[far])
    pair, count = np.unique(np.concatenate(pairs), return_counts=True)
    a, b = pair // max(1, len(ranked)), pair % max(1, len(ranked))
    fewer = np.minimum(total[a], total[b])
    enough = count >= np.maximum(np.minimum(2, fewer // 8), LEAST_SHARED / 2 * fewer)
    return list(zip(ranked[a[enough]].tolist(), ranked[b[enough]].tolist(), strict=True))


class _Wording:
    """An article's shingles, sorted and in reading order."""

    def __init__(self, words: Words) -> None:
        self.n = len(words)
        self.fives = shingles(words, SHINGLE_WORDS)
        self.threes = shingles(words, 3)
        self.sorted_fives = np.unique(self.fives)
        self.sorted_threes = np.unique(self.threes)


def _compare(a: _Wording, b: _Wording) -> tuple[Relation | None, Relation | None]:
    """How `a` stands to `b`, and `b` to `a`."""
    in_a, in_b = _within(a.fives, b.sorted_fives), _within(b.fives, a.sorted_fives)
    share_a, share_b, spread_a, spread_b = in_a.mean(), in_b.mean(), _spread(in_a), _spread(in_b)
    (share, spread), (_, other) = ((share_a, spread_a), (share_b, spread_b)) if a.n <= b.n else ((share_b, spread_b), (share_a, spread_a))
    if share < LEAST_SHARED or spread < LEAST_SPREAD:
        return None, None
    kind: DuplicateKind = "near" if other >= NEAR_SPREAD else "contained"

    def relation(words: _Wording, others: _Wording, shared: float, spread: float) -> Relation | None:
        if kind == "contained" and words.n > others.n:
            return None
        similarity = _covered(_within(words.threes, others.sorted_threes), 3)
        return Relation(kind, round(similarity, 4), f"shingles {shared:.2f}, segments {spread:.2f}")

    return relation(a, b, float(share_a), spread_a), relation(b, a, float(share_b), spread_b)


def _within(values: Hashes, ordered: Hashes) -> NDArray[np.bool_]:
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return np.equal(ordered[at], values)


def _spread(shared: NDArray[np.bool_]) -> float:
    """The share of a text's segments in which at least one shingle is shared."""
    segments = max(1, min(MOST_SEGMENTS, len(shared) // SEGMENT_WORDS))
    edges = np.arange(segments) * len(shared) // segments
    return float(np.logical_or.reduceat(shared, edges).mean())


def _covered(shared: NDArray[np.bool_], n: int) -> float:
    """The share of words that stand in a shared run of `n`."""
    covered = np.zeros(len(shared) + n - 1, bool)
    for i in range(n):
        covered[i : i + len(shared)] |= shared
    return float(covered.mean())


def _choose(relations: dict[int, dict[int, Relation]], signatures: Signatures, ranks: Places) -> dict[int, int]:
    """The canonical article of each duplicate: always one to which it was itself compared."""
    sizes = np.diff(signatures.first)

    def turn(i: int) -> tuple[bool, int, int]:  # what contains others is settled before what it contains
        inside = any(r.kind == "contained" for r in relations[i].values())
        return inside, -int(sizes[i]) if inside else 0, int(ranks[i])

    canonical: dict[int, int] = {}
    settled: set[int] = set()
    for i in sorted(relations, key=turn):
        targets = [j for j in relations[i] if (j in settled or j not in relations) and canonical.get(j, j) == j]
        if targets:
            canonical[i] = min(targets, key=lambda j: (relations[i][j].kind == "contained", -relations[i][j].similarity, ranks[j]))
        settled.add(i)
    return canonical
