"""A comparison of all articles, and how it changes when some come or go; the result is the same as one made from nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.candidates import Pairs, find_candidates, update_candidates
from qantar.stages.duplicates.further_copies import judge_further
from qantar.stages.duplicates.hashed_words import Places, among
from qantar.stages.duplicates.index import Index, Segment, rank, same_words
from qantar.stages.duplicates.native import native
from qantar.stages.duplicates.relations import Relations, Thresholds, Verdicts, is_near, judge, relate
from qantar.stages.duplicates.shared_wording import Passages, find_passages
from qantar.stages.duplicates.shared_wording_updates import update_passages
from qantar.stages.duplicates.signatures import Signatures
from qantar.stages.duplicates.third_articles import decide

DEFAULT = Thresholds()
FEWEST_WORDS = 20  # below, only the same words make a duplicate
MOST_CONTAINERS = 2  # what stands whole in more articles, strangers to each other, is boilerplate and no copy of any


@dataclass(frozen=True)
class Comparison:
    """What was found of the articles of an index; some of them may have gone."""

    index: Index
    alive: NDArray[np.bool_]  # one an article, as the next three
    same: Places  # the first in rank of those with the same words
    compared: NDArray[np.bool_]  # those of enough words, one of those with the same
    groups: Places  # the canonical article; itself if it is not a duplicate
    candidates: Pairs
    verdicts: Verdicts  # on candidates, and on pairs of what is like a third
    passages: Passages


def compare(signatures: Signatures, passages: bool = True, thresholds: Thresholds = DEFAULT) -> Comparison:
    """Compare all articles with these signatures."""
    return compare_segment(Segment.sort(signatures, rank(signatures)), passages, thresholds)


def compare_segment(
    segment: Segment, passages: bool = True, thresholds: Thresholds = DEFAULT, between: Callable[[], None] = lambda: None
) -> Comparison:
    """Compare all articles of a segment; `between` is called from step to step, which look at other columns of it."""
    ranks = rank(segment.signatures)
    index, alive = Index([segment]), np.ones(len(segment.signatures), bool)
    same = same_words(index, ranks, alive)
    compared = _compared(index, same, alive)
    candidates = find_candidates(segment.postings, ranks, index.sizes, compared)
    between()
    judged = judge(index, candidates, Verdicts.none(), thresholds)
    between()
    verdicts = decide(index, ranks, judged, judged, thresholds)
    verdicts = verdicts.replace(judge_further(index, ranks, verdicts, verdicts, judged, thresholds))
    del judged
    groups = _settle(verdicts, index.sizes, ranks, np.arange(len(index)))[same]
    between()
    found = find_passages(segment, groups, between) if passages else Passages.none()
    between()
    if native:
        native.release()
    return Comparison(index, alive, same, compared, groups, candidates, verdicts, found)


def update(before: Comparison, gone: Places, come: Signatures, thresholds: Thresholds = DEFAULT) -> Comparison:
    """The comparison without some articles, given by number, and with others, which get the next numbers."""
    n = len(before.index)
    index = Index([*before.index.segments, Segment.sort(come, rank(come))])
    ranks = rank(index)
    alive = np.append(before.alive, np.ones(len(come), bool))
    alive[gone] = False
    same = same_words(index, ranks, alive)
    compared, was = _compared(index, same, alive), np.append(before.compared, np.zeros(len(come), bool))
    candidates = update_candidates(index, ranks, before.candidates, was, compared)
    verdicts, groups = _settle_again(before, index, ranks, compared, candidates, thresholds)
    groups = groups[same]
    changed = np.append(groups[:n] != before.groups, np.ones(len(come), bool))
    changed[gone] = True
    passages = update_passages(index, before.passages, changed, alive, groups)
    if native:
        native.release()
    return Comparison(index, alive, same, compared, groups, candidates, verdicts, passages)


def _compared(index: Index, same: Places, alive: NDArray[np.bool_]) -> NDArray[np.bool_]:
    compared: NDArray[np.bool_] = alive & (index.sizes >= FEWEST_WORDS) & (same == np.arange(len(index)))
    return compared


def _settle_again(
    before: Comparison, index: Index, ranks: Places, compared: NDArray[np.bool_], candidates: Pairs, thresholds: Thresholds
) -> tuple[Verdicts, Places]:
    """Judge the candidates and choose the canonical articles, but only among those that a changed relation leads to."""
    known, was = before.verdicts, np.append(before.compared, np.zeros(len(index) - len(before.index), bool))
    were_candidates = among(known.keys, before.candidates.keys()) & ~known.held
    judged = judge(index, candidates, known.take(were_candidates), thresholds)
    verdicts = decide(index, ranks, judged, judged, thresholds)
    touched = was != compared
    were_alike, are_alike = (some.keys[some.alike] for some in (known.take(were_candidates), judged))
    for side in Pairs.of(
        np.setxor1d(were_alike, are_alike, assume_unique=True)
    ):  # others' relations may depend on them, see third_articles.py
        touched[side] = True
    related = verdicts.keys[verdicts.related]
    for side in Pairs.of(np.setxor1d(known.keys[known.related & were_candidates], related, assume_unique=True)):
        touched[side] = True
    edges = Pairs.of(np.append(known.keys[known.related], related))
    while (between := touched[edges.first] != touched[edges.second]).any():
        for side in edges:
            touched[side[between]] = True
    again = verdicts.take(touched[Pairs.of(verdicts.keys).first])
    further = judge_further(index, ranks, again, verdicts, judged, thresholds)
    stay = known.take(~were_candidates & ~touched[Pairs.of(known.keys).first])
    canonical = np.arange(len(index))
    untouched = np.flatnonzero(compared & ~touched)
    canonical[untouched] = before.groups[untouched]
    return verdicts.replace(further).replace(stay), _settle(again.replace(further), index.sizes, ranks, canonical)


def _settle(verdicts: Verdicts, sizes: Places, ranks: Places, canonical: Places) -> Places:
    """The canonical article of each duplicate by these verdicts; of others as given, in the same array.

    Most copies are of one article that has no other: of those, the later in rank gives way, or the one that is contained.
    """
    related = verdicts.take(verdicts.related)
    first, second = Pairs.of(related.keys)
    n_related = np.bincount(first, minlength=len(sizes)) + np.bincount(second, minlength=len(sizes))
    alone = (n_related[first] == 1) & (n_related[second] == 1)
    gives_way = np.where(is_near(related) | related.swapped, second, first)[alone]
    canonical[gives_way] = (first + second)[alone] - gives_way
    return _choose(relate(related.take(~alone)), sizes, ranks, canonical)


def _choose(relations: Relations, sizes: Places, ranks: Places, canonical: Places) -> Places:
    """The canonical article of each duplicate, always one to which it was itself compared; of others as given, in the same array."""
    chosen: dict[int, int] = {}
    for i in _turns(relations, sizes, ranks):
        mine = {j: of for j, of in relations[i].items() if j not in relations or chosen.get(j) == j}
        if len(mine) > MOST_CONTAINERS and all(contained for contained, _ in mine.values()):
            mine = {}
        chosen[i] = min(mine, key=lambda j: (*mine[j], ranks[j]), default=i)
    canonical[list(chosen)] = list(chosen.values())
    return canonical


def _turns(relations: Relations, sizes: Places, ranks: Places) -> list[int]:
    """Articles with relations in the order in which they are settled: what contains others before what it contains."""
    members = list(relations)
    inside = {i for i in members if any(contained for contained, _ in relations[i].values())}
    turns = zip(members, sizes[members].tolist(), ranks[members].tolist(), strict=True)
    return [i for *_, i in sorted((i in inside, -length if i in inside else 0, rank, i) for i, length, rank in turns)]
