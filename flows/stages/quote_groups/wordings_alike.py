"""How alike two wordings are: the words of the shorter that stand in order, close together, in the longer, by their weights."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qantar.stages.quote_groups.noted_words import FEWEST
from qantar.stages.quote_groups.wordings_read import LIGHT, Booleans, Numbers, Texts, Wordings, spread

_SAME_SPEAKER, _UNKNOWN_SPEAKER, _OTHER_SPEAKER = 0.55, 0.8, 0.95
_IN_COMMON = 0.6  # share of the shorter wording's words that the longer has, in any order
_ROOM = 1.8  # how much longer than the shorter wording the place in the longer one may be
_WORDS_AT_ONCE = 500_000


class Likeness:
    """The similarity of texts, any two compared once."""

    def __init__(self, texts: Texts) -> None:
        self._words, self._weights = texts.words, texts.weights.tolist()
        self._known: dict[tuple[int, int], float] = {}

    def __call__(self, a: int, b: int) -> float:
        """The weighted share of the shorter text's words that stand in order, close together, in the longer."""
        if a == b:
            return 1.0
        pair = min(a, b), max(a, b)
        if pair not in self._known:
            short, long = sorted((self._words.row(text).tolist() for text in pair), key=len)
            self._known[pair] = similarity(short, long, self._weights)
        return self._known[pair]


def find_alike(wordings: Wordings, pairs: Numbers, likeness: Likeness) -> list[tuple[float, int, int]]:
    """Of pairs of wordings, in two rows, those that report one utterance, each after its similarity."""
    alike = []
    n_words = np.cumsum(wordings.texts.once.length(wordings.text[pairs]).sum(axis=0))
    for some in np.split(pairs, np.flatnonzero(np.diff(n_words // _WORDS_AT_ONCE)) + 1, axis=1):
        needed = _needed(*wordings.speakers[some])
        may_be = _share_enough(wordings.texts, wordings.text[some], needed)
        texts = wordings.text[some[:, may_be]]
        found = zip(map(likeness, *texts.tolist()), *some[:, may_be].tolist(), needed[may_be].tolist(), strict=True)
        alike += [(share, a, b) for share, a, b, least in found if share >= least]
    return alike


def _needed(a: Numbers, b: Numbers) -> NDArray[np.float64]:
    """How alike the wordings of two speakers are at least if they are one utterance."""
    return np.where((a == 0) | (b == 0), _UNKNOWN_SPEAKER, np.where(a == b, _SAME_SPEAKER, _OTHER_SPEAKER))


def _share_enough(texts: Texts, pairs: Numbers, needed: NDArray[np.float64]) -> Booleans:
    """Of pairs of texts, which have enough words in common, in any order: their similarity is never more than these weigh.

    Two that each have a figure that the other lacks have not: `120 new cases on Monday`, `95 new cases on Tuesday`.
    """
    n, (short, long) = len(texts.weights), texts.short_and_long(*pairs)
    places, of = spread(texts.once.ends[short], texts.once.length(short))
    others, of_others = spread(texts.once.ends[long], texts.once.length(long))
    # each side ascends: numbers of words are in order within a text, and texts one after another
    both, at, _ = np.intersect1d(of * n + texts.once.values[places], of_others * n + texts.once.values[others], True, True)
    pair, word = np.divmod(both, n)

    def count(which: Booleans) -> Numbers:
        return np.bincount(pair[which], minlength=len(short))

    weight = np.bincount(pair, texts.weights[word] * texts.times[places][at], len(short))
    figures = count(texts.is_figure[word])
    enough = count(word < texts.n_weighty) >= np.where(needed == _SAME_SPEAKER, FEWEST, FEWEST + 2)
    enough &= (texts.n_figures[short] == figures) | (texts.n_figures[long] == figures)
    enough &= weight / texts.whole[short] >= np.maximum(needed, _IN_COMMON)
    return enough


def similarity(short: Sequence[int], long: Sequence[int], weights: Sequence[float]) -> float:
    """The weighted share of the words of a wording that stand in order, close together, in one that is no shorter."""
    whole = sum(weights[word] for word in short)
    places: dict[int, list[int]] = defaultdict(list)
    for place, word in enumerate(long):
        places[word].append(place)
    room = math.ceil(_ROOM * len(short)) + 2
    if len(long) <= room:
        best = in_order(short, places, weights, 0, room)
    else:
        starts = sorted(place for word in set(short) if weights[word] > LIGHT for place in places.get(word, ()))
        starts = starts[: 1 + bisect_left(starts, len(long) - room)]  # from there on, what follows is part of what was looked at
        best = 0.0
        for most, start in sorted(zip(most_there(short, long, weights, starts, room), starts, strict=True), reverse=True):
            if most <= best:
                break
            best = max(best, in_order(short, places, weights, start, start + room))
    return min(1.0, best / whole)


def most_there(short: Sequence[int], long: Sequence[int], weights: Sequence[float], starts: Sequence[int], room: int) -> Iterator[float]:
    """The weight of the shorter wording's words that stand within `room` of each of some ascending places of the longer, in any order."""
    wanted = Counter(short)
    there = dict.fromkeys(wanted, 0)
    total, first, end = 0.0, 0, 0
    for start in starts:
        for word in long[end : start + room]:
            if word in there:
                total += weights[word] if there[word] < wanted[word] else 0.0
                there[word] += 1
        end = max(end, min(len(long), start + room))
        for word in long[first:start]:
            if word in there:
                there[word] -= 1
                total -= weights[word] if there[word] < wanted[word] else 0.0
        first = start
        yield total


def in_order(short: Sequence[int], places: Mapping[int, Sequence[int]], weights: Sequence[float], first: int, end: int) -> float:
    """The weight of the heaviest common subsequence of a wording and the words `first` to `end` of another, given by their places."""
    ends: list[int] = []  # places in the longer wording, ascending, and the most weight that ends there, ascending too
    heaviest: list[float] = []
    for word in short:
        weight = weights[word]
        for place in reversed(places.get(word, ())):
            if not first <= place < end:
                continue
            k = bisect_left(ends, place)
            total = weight + (heaviest[k - 1] if k else 0.0)
            stop = k
            while stop < len(ends) and heaviest[stop] <= total:
                stop += 1
            if stop > k or k == len(ends) or ends[k] != place:
                ends[k:stop] = [place]
                heaviest[k:stop] = [total]
    return heaviest[-1] if heaviest else 0.0
