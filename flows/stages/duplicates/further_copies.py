"""Copies of one article that have little in common with each other: two spun ones, or two with other furniture around them.

They need not be candidates, and much of what each says differs, as between two articles of one frame. Where both are surely copies of a
third, which has more in common with each than they have with each other, it takes less to make them copies: half the words in common runs,
over four fifths of the usual reach, and what differs is not asked. Not so where one of them fills in a frame with articles that are
no copies of the third: a copy in which many words were replaced looks like a copy of any of them. Nor where one has words inserted all
over the third, which may be the frame that both fill in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.candidates import COMMON, Pairs
from qantar.stages.duplicates.hashed_words import Places, among, distinct, find_equal, ranges, starts_of
from qantar.stages.duplicates.index import Index
from qantar.stages.duplicates.relations import RUN_WORDS, Thresholds, Verdicts, is_near, judge
from qantar.stages.duplicates.signatures import Signatures, shingle
from qantar.stages.duplicates.third_articles import SURE, decide

FEWEST_INSERTED, INSERTED = 3, 20  # words, and thousandths of a text, that may be inserted in it


class _Beside(NamedTuple):
    """Pairs of articles that are copies of a third, each pair once."""

    keys: Places
    common: NDArray[np.float64]  # what each of them has in common with the third at least: a share
    third: Places

    def take(self, which: NDArray[np.bool_]) -> _Beside:
        """Some of them."""
        return _Beside(self.keys[which], self.common[which], self.third[which])


def judge_further(
    index: Index, ranks: Places, related: Verdicts, judged: Verdicts, candidates: Verdicts, thresholds: Thresholds
) -> Verdicts:
    """The verdicts on pairs of articles that are copies of a third, as far as they are not related by themselves.

    `related` holds the pairs to begin with, `judged` all verdicts there are, and `candidates` those by themselves.
    """
    related = related.take(related.related)
    first, second = Pairs.of(related.keys)
    sure, near = related.margin <= -SURE, is_near(related)
    shorter, longer = np.where(related.swapped, second, first), np.where(related.swapped, first, second)
    both = sure & near  # else the shorter one is a part of the longer, which is no copy of it
    held = _beside(
        np.append(shorter[sure], longer[both]),
        np.append(longer[sure], shorter[both]),
        ranks,
        np.append(related.similarity[sure], related.similarity[both]),
    )
    held = held.take(~among(held.keys, judged.keys[judged.related]))
    held = held.take(~_have_a_frame(held, judged.keys[judged.template], related.keys))
    held = held.take(~_fill_in(index, held))
    others = _beside(np.append(first, second), np.append(second, first), ranks, np.append(related.similarity, related.similarity))
    others = others.take(~among(others.keys, judged.keys) & ~among(others.keys, held.keys))
    found = judge(index, Pairs.of(others.keys), Verdicts.none(), thresholds)
    return _judge_held(index, ranks, held, candidates, thresholds).join(decide(index, ranks, found, candidates, thresholds))


def _judge_held(index: Index, ranks: Places, held: _Beside, candidates: Verdicts, thresholds: Thresholds) -> Verdicts:
    """The verdicts on pairs of articles that are surely copies of a third."""
    found = judge(index, Pairs.of(held.keys), Verdicts.none(), thresholds.of_held(), held=True)
    found = decide(index, ranks, found, candidates, thresholds)
    between = found.alike & (found.similarity <= held.common)
    margin = np.where(between, np.minimum(found.margin, 0), found.margin)
    return found._replace(related=found.related | between, template=found.template & ~between, margin=margin)


def _beside(beside: Places, third: Places, ranks: Places, common: NDArray[np.float64]) -> _Beside:
    """Pairs of articles, each of which has so much in common with a third: of each third, the first in rank with all others."""
    order = np.lexsort((ranks[beside], third))
    third, beside, common = third[order], beside[order], common[order]
    first = starts_of(third)
    begin = np.repeat(first, np.diff(np.append(first, len(third))))
    nth = np.arange(len(third)) - begin
    one = np.concatenate([begin[nth > i] + i for i in range(COMMON)])
    other = np.concatenate([np.flatnonzero(nth > i) for i in range(COMMON)])
    found = _Beside(Pairs(beside[one], beside[other]).keys(), np.minimum(common[one], common[other]), third[one])
    order = np.lexsort((ranks[found.third], -found.common, found.keys))
    order = order[starts_of(found.keys[order])]  # by the third that has most in common with both
    return _Beside(found.keys[order], found.common[order], found.third[order])


def _have_a_frame(pairs: _Beside, templates: Places, related: Places) -> NDArray[np.bool_]:
    """Whether one of each pair fills in a frame with another article, which is no copy of the third."""
    sides = Pairs.of(pairs.keys)
    first, second = Pairs.of(templates)
    of, in_frame = Pairs.of(np.sort(np.append(templates, Pairs(second, first).keys())))
    found = np.zeros(len(pairs.keys), bool)
    for side in sides:
        begin, times = find_equal(of, side)
        pair, other = np.repeat(np.arange(len(side)), times), in_frame[ranges(begin, times)]
        third = pairs.third[pair]
        stranger = (other != sides.first[pair]) & (other != sides.second[pair])
        for copies in (Pairs(third, other), Pairs(other, third)):
            stranger &= ~among(copies.keys(), related)
        found[pair[stranger]] = True
    return found


def _fill_in(index: Index, pairs: _Beside) -> NDArray[np.bool_]:
    """Whether one of each pair has words inserted in several places of the third."""
    sides = Pairs.of(pairs.keys)
    documents = distinct(np.concatenate([*sides, pairs.third]))
    signatures, number = index.take(documents), {document: i for i, document in enumerate(documents.tolist())}
    third = [number[i] for i in pairs.third.tolist()]
    found = np.zeros(len(pairs.keys), bool)
    for side in sides:
        found |= np.array([_has_insertions(signatures, number[i], of) for i, of in zip(side.tolist(), third, strict=True)], bool)
    return found


def _has_insertions(signatures: Signatures, number: int, third: int) -> bool:
    """Whether an article has more words between the beginning and the end of what it has in common with another than that has."""
    size, own = (int(signatures.first[i + 1] - signatures.first[i]) for i in (third, number))
    most = max(FEWEST_INSERTED, size * INSERTED // 1000)
    if own <= size + most:
        return False
    of_third, of_own = (
        shingle(signatures.words, int(signatures.first[i]) + np.arange(n - RUN_WORDS + 1), RUN_WORDS)
        for i, n in ((third, size), (number, own))
    )
    _, place, place_own = np.intersect1d(of_third, of_own, return_indices=True)
    ahead = (place_own - place)[np.argsort(place)]
    quarter = len(ahead) // 4
    return bool(quarter and np.median(ahead[-quarter:]) - np.median(ahead[:quarter]) > most)
