"""Relations: what two articles have in common, word by word, and whether one of them is a copy of the other."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flows.schema import DuplicateKind
from flows.stages.comparing.candidates import Pairs
from flows.stages.comparing.index import Index
from flows.stages.comparing.signatures import Signatures, shingle
from flows.stages.comparing.words import Hashes, Places, among, distinct, ranges

RUN_WORDS = 3  # candidates are compared by all their runs of three words: most survive where one word in four is replaced
GAP, SLACK = 30, 8  # words: runs follow each other if they are no further apart, and in both texts about as far
LEAST_SIMILAR = 0.2  # share of the shorter text's words in common runs
LEAST_REACH = 0.7  # share of the shorter text over which they follow each other
NEAR_REACH = 0.45  # the same of the longer text; below, it holds more than the shorter one
FIGURES, FEWEST_FIGURES = 0.2, 5  # where so much of what differs are numbers, one form was filled in twice: another day's report
# how much is worked on at a time, so that memory is bounded; results are independent of it
PAIRS, WORDS_AT_A_TIME = 64, 1 << 20
MOST_WORDS = 1 << 22  # that are compared of a text


class Relation(NamedTuple):
    """How one article stands to another, itself the one that could give way."""

    kind: DuplicateKind
    similarity: float  # share of its words in runs that stand in the other
    reach: float  # share of it over which such runs follow each other as they do in the other


Relations = dict[int, dict[int, Relation]]
"""By the article that could give way, then by the other."""


class Verdicts(NamedTuple):
    """Of some pairs, whether one is a copy of the other, and how much they have in common; sorted by key, each pair once."""

    keys: Places  # of `Pairs`
    swapped: NDArray[np.bool_]  # the second is the shorter one
    related: NDArray[np.bool_]
    similarity: NDArray[np.float64]  # share of the shorter text's words in runs that stand in the longer
    reach: NDArray[np.float64]  # share of the shorter text over which such runs follow each other as they do in the longer
    similarity_longer: NDArray[np.float64]
    reach_longer: NDArray[np.float64]

    @classmethod
    def none(cls) -> Verdicts:
        """Of no pair."""
        nothing = np.zeros(0)
        return cls(np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0, bool), nothing, nothing, nothing, nothing)

    def take(self, which: Places | NDArray[np.bool_]) -> Verdicts:
        """Some of them."""
        return Verdicts._make(column[which] for column in self)

    def join(self, others: Verdicts) -> Verdicts:
        """These and others, of other pairs."""
        joined = Verdicts._make(np.concatenate(columns) for columns in zip(self, others, strict=True))
        return joined.take(np.argsort(joined.keys))


def judge(index: Index, pairs: Pairs, known: Verdicts) -> Verdicts:
    """The verdict on each pair, as far as it is not known already; the texts of no other article are looked at."""
    keys = pairs.keys()
    new = Pairs.of(keys[~among(keys, known.keys)])
    documents = distinct(np.concatenate(new))
    few = 2 * len(documents) < len(index)
    signatures = index.take(documents) if few or len(index.segments) > 1 else index.segments[0].signatures
    first, second = (np.searchsorted(documents, side) if len(signatures) == len(documents) else side for side in new)
    return known.take(among(known.keys, keys)).join(_verify(signatures, first, second, new.keys()))


def relate(verdicts: Verdicts, relations: Relations | None = None) -> Relations:
    """What is a copy of what; added to what is known already."""
    found = defaultdict(dict) if relations is None else relations
    keys, swapped, _, *measures = (column.tolist() for column in verdicts.take(verdicts.related))
    for key, turned, similar, reach, similar_longer, reach_longer in zip(keys, swapped, *measures, strict=True):
        one, other = key >> 32, key & 0xFFFFFFFF
        if turned:
            one, other = other, one
        near = reach_longer >= NEAR_REACH
        found[one][other] = Relation("near" if near else "contained", similar, reach)
        if near:
            found[other][one] = Relation("near", similar_longer, reach_longer)
    return found


def relations_of(verdicts: Verdicts, one: Places, other: Places) -> list[Relation]:
    """How each of some articles stands to another one, of which it is a copy."""
    keys = Pairs(one, other).keys(), Pairs(other, one).keys()
    at = np.minimum(np.searchsorted(verdicts.keys, keys), max(len(verdicts.keys) - 1, 0))
    second = verdicts.keys[at[0]] != keys[0]
    found = verdicts.take(np.where(second, at[1], at[0]))
    longer = found.swapped != second
    near = longer | (found.reach_longer >= NEAR_REACH)
    similarity = np.where(longer, found.similarity_longer, found.similarity).tolist()
    reach = np.where(longer, found.reach_longer, found.reach).tolist()
    return [Relation("near" if n else "contained", s, r) for n, s, r in zip(near.tolist(), similarity, reach, strict=True)]


def _verify(signatures: Signatures, first: Places, second: Places, keys: Places) -> Verdicts:
    """The verdicts on pairs of articles of these signatures."""
    sizes = signatures.sizes
    swap = sizes[first] > sizes[second]
    shorter, longer = np.where(swap, second, first), np.where(swap, first, second)
    bounds = np.cumsum(sizes[shorter] + sizes[longer]) // WORDS_AT_A_TIME
    done = [Verdicts.none()]
    for part in np.split(np.arange(len(keys)), np.flatnonzero(np.diff(bounds)) + 1):
        for i in range(0, len(part), PAIRS):
            some = part[i : i + PAIRS]
            common = _compare(signatures, shorter[some], longer[some])
            other_figures = common.figures >= np.maximum(FIGURES * common.changed, FEWEST_FIGURES)
            related = (common.similarity >= LEAST_SIMILAR) & (common.reach >= LEAST_REACH) & ~other_figures
            done.append(Verdicts(keys[some], swap[some], related, *common[:4]))
    return Verdicts._make(np.concatenate(columns) for columns in zip(*done, strict=True))


class _Common(NamedTuple):
    """What the texts of some pairs have in common."""

    similarity: NDArray[np.float64]
    reach: NDArray[np.float64]
    similarity_longer: NDArray[np.float64]
    reach_longer: NDArray[np.float64]
    changed: NDArray[np.float64]  # words of the shorter text in no common run
    figures: Places  # numbers among them


def _compare(signatures: Signatures, shorter: Places, longer: Places) -> _Common:
    """What two texts have in common, for each pair.

    The runs of the pairs are sorted together: 8 bits for the pair, 32 for the hash, 24 for the place.
    """
    sizes = signatures.sizes
    document = np.concatenate([shorter, longer])
    runs = np.clip(sizes[document] - RUN_WORDS + 1, 0, MOST_WORDS)
    places = ranges(signatures.first[document], runs)
    keys = np.repeat(np.tile(np.arange(len(shorter), dtype=np.uint64), 2) << np.uint64(56), runs)
    keys |= shingle(signatures.words, places, RUN_WORDS).astype(np.uint64) << np.uint64(24)
    keys |= np.arange(len(places), dtype=np.uint64)
    keys.sort()
    at = (keys & np.uint64((1 << 24) - 1)).astype(np.int64)
    keys >>= np.uint64(24)
    begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    ends = np.append(begins[1:], len(keys))
    middle = int(runs[: len(shorter)].sum())
    both = (at[begins] < middle) & (at[ends - 1] >= middle)
    begins, ends = begins[both], ends[both]
    members, times = at[ranges(begins, ends - begins)], ends - begins
    of_shorter = members < middle  # of the same run, those of the shorter text come first
    n_shorter = np.add.reduceat(of_shorter, np.cumsum(times) - times) if len(begins) else begins
    partner = np.full(len(places), -1)
    partner[members] = np.where(of_shorter, np.repeat(at[begins + n_shorter], times), np.repeat(at[begins], times))
    similarity, reach = _measure(partner, runs, sizes[document])
    n = len(shorter)
    changed = sizes[shorter] * (1 - similarity[:n])
    figures = _figures(signatures.words[places[:middle]], partner[:middle], np.repeat(np.arange(n), runs[:n]), n)
    return _Common(similarity[:n], reach[:n], similarity[n:], reach[n:], changed, figures)


def _measure(partner: Places, runs: Places, sizes: Places) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Similarity and reach of each text, from the place of each of its runs in the other text of its pair (-1: none)."""
    set_ = np.flatnonzero(partner >= 0)
    text = np.repeat(np.arange(len(runs)), runs)[set_]
    step = np.diff(set_)
    within = text[1:] == text[:-1]
    covered = np.where(within, np.minimum(step, RUN_WORDS), RUN_WORDS)
    similar = np.bincount(text[:-1], covered, len(runs)) if len(set_) else np.zeros(len(runs))
    if len(set_):
        similar[text[-1]] += RUN_WORDS
    onward = within & (step <= GAP) & (np.abs(np.diff(partner[set_]) - step) <= SLACK)
    reach = np.bincount(text[:-1][onward], step[onward], len(runs)) if len(set_) else np.zeros(len(runs))
    return similar / np.maximum(sizes, 1), reach / np.maximum(runs - 1, 1)


def _figures(words: Hashes, partner: Places, text: Places, n: int) -> Places:
    """How many numbers of each of the `n` texts stand in no run of words in common."""
    numbers = np.flatnonzero(words & np.uint32(1))
    alone = partner[numbers] < 0
    for back in range(1, RUN_WORDS):
        before = np.maximum(numbers - back, 0)
        alone &= (partner[before] < 0) | (text[before] != text[numbers])
    return np.bincount(text[numbers[alone]], minlength=n)
