"""Frames: what other articles say of two that look alike, where all three fill in one frame.

Two texts alone do not always tell: a note on adopting a cat differs from the next in a name and two turns of phrase. A third article of
the same frame shows what the frame is: what one of the two says and the third does not fills a slot. Two copies fill their
slots alike, whatever was edited; two articles do not, whatever the slots are made of. A copy in which many words were replaced lost
as many of the frame's: so what is left of the slots is compared with what is left of the frame.

Only an article that is not a copy of either is asked: surely none of one of them, and none of the other by the look of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.candidates import Pairs
from qantar.stages.duplicates.differences import slot_words
from qantar.stages.duplicates.hashed_words import Places, distinct
from qantar.stages.duplicates.index import Index
from qantar.stages.duplicates.relations import MOST_MARGIN, Thresholds, Verdicts

MOST_THIRDS = 4
"""So many articles are asked, those first in rank."""
SURE = 100
"""Thousandths beyond the border between copies and articles of one frame, on either side of which third articles are not asked."""
SAME_MORE = 200
"""Thousandths more of what fills the slots that must be the same where two articles by themselves look like two of one frame."""


def decide(index: Index, ranks: Places, pairs: Verdicts, candidates: Verdicts, thresholds: Thresholds) -> Verdicts:
    """The verdicts on some pairs with what third articles say of them; they are taken from the verdicts on all candidates."""
    template = pairs.margin > 0  # alike, or there were none
    unsure = pairs.alike & (pairs.margin <= SURE) & (pairs.margin > -MOST_MARGIN)
    sides = Pairs.of(pairs.keys)
    asking = np.zeros(len(index), bool)
    for side in sides:
        asking[side[unsure]] = True
    others, sure = (_neighbours(candidates.take(candidates.margin > least).keys, asking) if unsure.any() else {} for least in (0, SURE))
    may_have = [np.zeros(len(index), bool) for _ in range(2)]
    for has, beside in zip(may_have, (others, sure), strict=True):
        has[list(beside)] = True
    (other_first, sure_first), (other_second, sure_second) = ([has[side] for has in may_have] for side in sides)
    asked: list[tuple[int, int, int, list[int]]] = []
    for number in np.flatnonzero(unsure & other_first & other_second & (sure_first | sure_second)).tolist():
        one, other = (int(side[number]) for side in sides)
        thirds = (sure.get(one, set()) | sure.get(other, set())) & others[one] & others[other]
        if thirds:
            asked.append((number, one, other, sorted(thirds, key=lambda i: ranks[i])[:MOST_THIRDS]))
    words = _Words(index, (i for _, one, other, thirds in asked for i in (one, other, *thirds)))
    for number, one, other, some in asked:
        template[number] = words.alike(one, other, some) < thresholds.same + (SAME_MORE if template[number] else 0)
    template &= ~index.same_origin(*sides)
    return pairs._replace(related=pairs.alike & ~template, template=template)


def _neighbours(keys: Places, asking: NDArray[np.bool_]) -> dict[int, set[int]]:
    """The articles beside each that asks, in some pairs."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    first, second = Pairs.of(keys)
    some = asking[first] | asking[second]
    for one, other in zip(first[some].tolist(), second[some].tolist(), strict=True):
        neighbours[one].add(other)
        neighbours[other].add(one)
    return neighbours


class _Words:
    """The words of some articles that may fill a slot."""

    def __init__(self, index: Index, documents: Iterable[int]) -> None:
        some = distinct(np.fromiter(documents, np.int64))
        signatures = index.take(some)
        self._words = {int(document): slot_words(signatures, i) for i, document in enumerate(some.tolist())}

    def alike(self, one: int, other: int, thirds: Iterable[int]) -> int:
        """Thousandths of what fills the slots of one of two articles that stand in the other, of as many of the frame's own words.

        The higher of both: one may say much that the frame does not.
        """
        words = self._words
        same = []
        for mine, yours in ((words[one], words[other]), (words[other], words[one])):
            slots, frame = [mine - words[third] for third in thirds], [mine & words[third] for third in thirds]
            filled, kept = _share(slots, yours), _share(frame, yours)
            same.append(min(1000, 1000 * filled // max(kept, 1)))
        return max(same)


def _share(some: Iterable[frozenset[int]], yours: frozenset[int]) -> int:
    """Thousandths of the words of some sets that stand in another."""
    words = common = 0
    for part in some:
        words, common = words + len(part), common + len(part & yours)
    return 1000 * common // words if words else 1000
