"""Relations: what two articles have in common, word by word, and whether one of them is a copy of the other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.candidates import Pairs
from qantar.stages.duplicates.hashed_words import Hashes, Places, among, distinct, ranges, starts_of
from qantar.stages.duplicates.index import Index
from qantar.stages.duplicates.native import native
from qantar.stages.duplicates.signatures import Signatures, shingle

if TYPE_CHECKING:
    from qantar.schema import DuplicateKind

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
    if len(index.segments) == 1:
        signatures, (first, second) = index.segments[0].signatures, new
    else:
        documents = distinct(np.concatenate(new))
        signatures, (first, second) = index.take(documents), (np.searchsorted(documents, side) for side in new)
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
    pairs = np.stack([np.where(swap, second, first), np.where(swap, first, second)])
    sizes = sizes[pairs]
    runs = np.clip(sizes - RUN_WORDS + 1, 0, MOST_WORDS)
    common = _count_native(signatures, pairs, runs) if native else _count_arrays(signatures, pairs, runs)
    covered, reached, figures = common[0:4:2], common[1:4:2], common[4]
    similarity, similarity_longer = covered / np.maximum(sizes, 1)
    reach, reach_longer = reached / np.maximum(runs - 1, 1)
    other_figures = figures >= np.maximum(FIGURES * (sizes[0] - covered[0]), FEWEST_FIGURES)
    related = (similarity >= LEAST_SIMILAR) & (reach >= LEAST_REACH) & ~other_figures
    return Verdicts(keys, swap, related, similarity, reach, similarity_longer, reach_longer)


def _count_native(signatures: Signatures, pairs: Places, runs: Places) -> Places:
    """What two texts, the shorter and the longer one of each pair, have in common.

    Five rows: the words of the shorter text in runs that stand in the longer, the words over which such runs follow each other
    as they do in the longer, the same two of the longer text, and the numbers of the shorter text in no such run.
    """
    common = np.empty((5, pairs.shape[1]), np.int64)
    words, sizes = np.ascontiguousarray(signatures.words), runs + np.where(runs > 0, RUN_WORDS - 1, 0)
    native.compare(words, signatures.first[pairs], sizes, GAP, SLACK, common)
    return common


def _count_arrays(signatures: Signatures, pairs: Places, runs: Places) -> Places:
    """What `pairs.c` does, where it could not be compiled."""
    n_words = np.cumsum(runs.sum(axis=0)) // WORDS_AT_A_TIME
    done = [np.zeros((5, 0), np.int64)]
    for part in np.split(np.arange(pairs.shape[1]), np.flatnonzero(np.diff(n_words)) + 1):
        done += [_count(signatures, pairs[:, part[i : i + PAIRS]], runs[:, part[i : i + PAIRS]]) for i in range(0, len(part), PAIRS)]
    return np.concatenate(done, axis=1)


def _count(signatures: Signatures, pairs: Places, runs: Places) -> Places:
    """The same for a few pairs, whose runs are sorted together: 8 bits for the pair, 32 for the hash, 24 for the place."""
    n, runs = pairs.shape[1], runs.ravel()
    places = ranges(signatures.first[pairs.ravel()], runs)
    keys = np.repeat(np.tile(np.arange(n, dtype=np.uint64), 2) << np.uint64(56), runs)
    keys |= shingle(signatures.words, places, RUN_WORDS).astype(np.uint64) << np.uint64(24)
    keys |= np.arange(len(places), dtype=np.uint64)
    keys.sort()
    at = (keys & np.uint64((1 << 24) - 1)).astype(np.int64)
    keys >>= np.uint64(24)
    begins = starts_of(keys)
    ends = np.append(begins[1:], len(keys))[: len(begins)]
    middle = int(runs[:n].sum())
    both = (at[begins] < middle) & (at[ends - 1] >= middle)
    begins, ends = begins[both], ends[both]
    members, times = at[ranges(begins, ends - begins)], ends - begins
    of_shorter = members < middle  # of the same run, those of the shorter text come first
    n_shorter = np.add.reduceat(of_shorter, np.cumsum(times) - times) if len(begins) else begins
    partner = np.full(len(places), -1)
    partner[members] = np.where(of_shorter, np.repeat(at[begins + n_shorter], times), np.repeat(at[begins], times))
    covered, reached = _measure(partner, runs)
    figures = _figures(signatures.words[places[:middle]], partner[:middle], np.repeat(np.arange(n), runs[:n]), n)
    return np.stack([covered[:n], reached[:n], covered[n:], reached[n:], figures])


def _measure(partner: Places, runs: Places) -> tuple[Places, Places]:
    """Words covered and reached of each text, from the place of each of its runs in the other text of its pair (-1: none)."""
    set_ = np.flatnonzero(partner >= 0)
    text = np.repeat(np.arange(len(runs)), runs)[set_]
    step = np.diff(set_)
    within = text[1:] == text[:-1]
    covered = np.bincount(text, np.append(np.where(within, np.minimum(step, RUN_WORDS), RUN_WORDS), RUN_WORDS)[: len(text)], len(runs))
    onward = within & (step <= GAP) & (np.abs(np.diff(partner[set_]) - step) <= SLACK)
    reached = np.bincount(text[:-1][onward], step[onward], len(runs))
    return covered.astype(np.int64), reached.astype(np.int64)


def _figures(words: Hashes, partner: Places, text: Places, n: int) -> Places:
    """How many numbers of each of the `n` texts stand in no run of words in common."""
    numbers = np.flatnonzero(words & np.uint32(1))
    alone = partner[numbers] < 0
    for back in range(1, RUN_WORDS):
        before = np.maximum(numbers - back, 0)
        alone &= (partner[before] < 0) | (text[before] != text[numbers])
    return np.bincount(text[numbers[alone]], minlength=n)
