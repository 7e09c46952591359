"""Relations: what two articles have in common, word by word, and whether one of them is a copy of the other."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.candidates import Pairs
from qantar.stages.duplicates.differences import (
    ADDED_TIMES,
    ADDED_WORDS,
    LONG_WORD,
    N_COUNTS,
    PASSAGE_WORDS,
    PHRASE_WORDS,
    RESPELT,
    Differences,
    count_differences,
    lexicon,
)
from qantar.stages.duplicates.hashed_words import Places, among, ranges, starts_of
from qantar.stages.duplicates.index import Index
from qantar.stages.duplicates.native import native
from qantar.stages.duplicates.signatures import Signatures, shingle

N_COMMON = 8  # what is counted of the words in common
RUN_WORDS = 3  # candidates are compared by all their runs of three words: most survive where one word in four is replaced
GAP, SLACK = 30, 8  # words: runs follow each other if they are no further apart, and in both texts about as far
HELD_COMMON, HELD_REACH = 500, 800  # thousandths of what makes others copies, for two that are surely copies of a third
NEAR_REACH = 0.45  # the same of the longer text; below, it holds more than the shorter one
FIGURES, FEWEST_FIGURES = 0.2, 5  # where so much of what differs are numbers, one form was filled in twice: another day's report
LEAST_ALONE = 100  # thousandths of the shorter text's capitals and numbers in no common run; below, it is a copy if it is alike
# two articles of one frame: thousandths of the news that differ, at least, and how many words of it, counted in both texts;
FEWEST_NEWS = 5
FEWER_NEWS, MORE_DIFFERS = 4, 50
LEAST_NEWS = 20  # thousandths of all words that count which are news, or no more than chance decides
OTHER_ALWAYS = 750  # however much was edited
OTHER_EDGES = 700  # where a passage at the beginning or the end does: one may have a footer, the other its own
ELSEWHERE = 3  # times as many words differ in such passages as places elsewhere
WHOLE = 700  # thousandths of the words of passages that differ where they were replaced as a whole
EDITS = 3  # times the share of other words that differ, as in a copy that is edited much
CERTAIN = 20  # thousandths of all words that count which differ at most where two articles are copies whatever others say
MOST_MARGIN = 1000
# how much is worked on at a time, so that memory is bounded; results are independent of it
PAIRS, WORDS_AT_A_TIME = 64, 1 << 20
JUDGED, THREADS = 1 << 17, 2  # pairs; so many parts of them, on a core each that has nothing else to do
MOST_WORDS = 1 << 22  # that are compared of a text


class Thresholds(NamedTuple):
    """What a corpus may set, in thousandths; see `Corpus` in settings.py."""

    common: int = 200  # of the shorter text's words, those in common runs
    reach: int = 700  # of the shorter text, over which they follow each other
    differs: int = 200  # of the news, names, numbers and days, from where on two articles fill in one frame
    same: int = 650  # of what fills the slots of a known frame, beside as much of the frame, from where on two articles are copies

    def of_held(self) -> Thresholds:
        """Those of two articles that are surely copies of a third, see further_copies.py."""
        return self._replace(common=self.common * HELD_COMMON // 1000, reach=self.reach * HELD_REACH // 1000)


class Likeness(NamedTuple):
    """How some articles stand to others, of which they are copies: one entry a pair in each column."""

    near: NDArray[np.bool_]  # else contained in it
    similarity: NDArray[np.float64]  # share of its words in runs that stand in the other
    reach: NDArray[np.float64]  # share of it over which such runs follow each other as they do in the other
    margin: NDArray[np.int16]  # see `Verdicts`


Relations = dict[int, dict[int, tuple[bool, float]]]
"""By the article that could give way, then by the other: whether it is contained in it, and its share of words in common, below 0."""


class Verdicts(NamedTuple):
    """Of some pairs, whether one is a copy of the other, and how much they have in common; sorted by key, each pair once."""

    keys: Places  # of `Pairs`
    swapped: NDArray[np.bool_]  # the second is the shorter one
    alike: NDArray[np.bool_]  # as much in common as copies have
    margin: NDArray[np.int16]  # in thousandths, by how much more of the news differs than in a copy
    related: NDArray[np.bool_]  # one is a copy of the other
    template: NDArray[np.bool_]  # alike, but two articles that fill in the same frame
    similarity: NDArray[np.float64]  # share of the shorter text's words in runs that stand in the longer
    reach: NDArray[np.float64]  # share of the shorter text over which such runs follow each other as they do in the longer
    similarity_longer: NDArray[np.float64]
    reach_longer: NDArray[np.float64]
    held: NDArray[np.bool_]  # both are surely copies of a third, see further_copies.py

    @classmethod
    def none(cls) -> Verdicts:
        """Of no pair."""
        nothing = np.zeros(0)
        no = np.zeros(0, bool)
        return cls(np.zeros(0, np.int64), no, no, np.zeros(0, np.int16), no, no, nothing, nothing, nothing, nothing, no)

    @classmethod
    def of(cls, parts: list[Verdicts]) -> Verdicts:
        """Those of all parts, one behind the other."""
        return cls._make(np.concatenate(columns) for columns in zip(*parts, strict=True))

    def take(self, which: Places | NDArray[np.bool_]) -> Verdicts:
        """Some of them."""
        return Verdicts._make(column[which] for column in self)

    def replace(self, others: Verdicts) -> Verdicts:
        """These and others, which are put in the place of those on the same pairs."""
        return self.take(~among(self.keys, others.keys)).join(others)

    def join(self, others: Verdicts) -> Verdicts:
        """These and others, of other pairs; nothing is copied where there are none of either."""
        if not len(self.keys):
            return others
        if not len(others.keys):
            return self
        joined = Verdicts.of([self, others])
        order = np.argsort(joined.keys)
        return Verdicts._make(column[order] for column in joined)


def judge(index: Index, pairs: Pairs, known: Verdicts, thresholds: Thresholds, held: bool = False) -> Verdicts:
    """What each pair has in common, as far as it is not known already: `decide` says what follows. No other article's text is looked at.

    `held`: both of each pair are surely copies of a third article.
    """
    keys = keys_new = pairs.keys()
    if len(known.keys):  # else all are new, and not copied: there may be millions
        keys_new = keys[~among(keys, known.keys)]
        pairs = Pairs.of(keys_new)
    signatures, first, second = index.gather(*pairs)
    parts = [slice(i, i + JUDGED) for i in range(0, max(1, len(keys_new)), JUDGED)]

    def verify(part: slice) -> Verdicts:
        return _verify(signatures, first[part], second[part], keys_new[part], thresholds)

    with ThreadPoolExecutor(THREADS) as threads:  # that compare natively, without Python's lock
        found = Verdicts.of(list(threads.map(verify, parts) if len(parts) > 1 else map(verify, parts)))
    found.held[:] = held
    return known.take(among(known.keys, keys)).join(found)


def is_near(verdicts: Verdicts) -> NDArray[np.bool_]:
    """Whether so much of the longer of two related texts stands in the shorter that each is a copy of the other."""
    near: NDArray[np.bool_] = verdicts.reach_longer >= NEAR_REACH
    return near


def relate(verdicts: Verdicts) -> Relations:
    """What is a copy of what."""
    found: Relations = defaultdict(dict)
    some = verdicts.take(verdicts.related)
    columns = (some.keys, some.swapped, is_near(some), -some.similarity, -some.similarity_longer)
    for key, turned, near, likeness, likeness_longer in zip(*(column.tolist() for column in columns), strict=True):
        one, other = key >> 32, key & 0xFFFFFFFF
        if turned:
            one, other = other, one
        found[one][other] = not near, likeness
        if near:
            found[other][one] = False, likeness_longer
    return found


def likeness_of(verdicts: Verdicts, one: Places, other: Places) -> Likeness:
    """How each of some articles stands to another one, of which it is a copy."""
    keys = Pairs(one, other).keys(), Pairs(other, one).keys()
    at = np.minimum(np.searchsorted(verdicts.keys, keys), max(len(verdicts.keys) - 1, 0))
    second = verdicts.keys[at[0]] != keys[0]
    found = verdicts.take(np.where(second, at[1], at[0]))
    longer = found.swapped != second
    similarity = np.where(longer, found.similarity_longer, found.similarity)
    return Likeness(longer | is_near(found), similarity, np.where(longer, found.reach_longer, found.reach), found.margin)


def _verify(signatures: Signatures, first: Places, second: Places, keys: Places, thresholds: Thresholds) -> Verdicts:
    """The verdicts on pairs of articles of these signatures."""
    sizes = signatures.sizes
    swap = sizes[first] > sizes[second]
    pairs = np.stack([np.where(swap, second, first), np.where(swap, first, second)])
    sizes = sizes[pairs]
    runs = np.clip(sizes - RUN_WORDS + 1, 0, MOST_WORDS)
    common, differences = (_compare_native if native else _compare_arrays)(signatures, pairs, runs, thresholds)
    covered, reached = common[0:4:2], common[1:4:2]
    similarity, similarity_longer = covered / np.maximum(sizes, 1)
    reach, reach_longer = reached / np.maximum(runs - 1, 1)
    alike = _are_alike(common, runs[0], thresholds)
    other_figures = common[4] >= np.maximum(FIGURES * (sizes[0] - covered[0]), FEWEST_FIGURES)
    margin = np.where(alike, np.where(other_figures, MOST_MARGIN, _margin(Differences(*differences), thresholds.differs)), 0).astype(
        np.int16
    )
    no = np.zeros(len(keys), bool)  # one array for three columns, until `Verdicts.of` copies it
    return Verdicts(keys, swap, alike, margin, no, no, similarity, reach, similarity_longer, reach_longer, no)


def _are_alike(common: Places, runs: Places, thresholds: Thresholds) -> NDArray[np.bool_]:
    """Whether the shorter text of each pair, of so many runs, has as much in common with the longer one as a copy has."""
    covered, reached = common[:2]
    alike: NDArray[np.bool_] = 1000 * covered >= thresholds.common * (runs + RUN_WORDS - 1)
    alike &= 1000 * reached >= thresholds.reach * (runs - 1)
    return alike


def _may_be_others(common: Places) -> NDArray[np.bool_]:
    """Whether so much stands in the shorter text of each pair alone that it may be another article in the same frame."""
    _, alone, written, passage = common[4:]
    may_be: NDArray[np.bool_] = (passage > 0) | ((alone > 0) & (1000 * alone >= LEAST_ALONE * written))
    return may_be


def _margin(found: Differences, least: int) -> Places:
    """By how much more of the news differs, in thousandths, than where two texts are copies; above 0, they fill in the same frame."""
    edits = EDITS * 1000 * found.edits_differing // np.maximum(found.edits, 1)

    counted, all_differing = (np.sum([found[i + k] for i in range(0, N_COUNTS, 2)], axis=0) for k in (0, 1))

    def beyond(differing: Places, news: Places, share: int) -> Places:
        margin = 1000 * differing // np.maximum(news, 1) - np.minimum(edits + share, OTHER_ALWAYS)
        return np.where(1000 * news >= LEAST_NEWS * counted, margin, -MOST_MARGIN)

    def where(true: NDArray[np.bool_], margin: Places) -> Places:
        return np.where(true, margin, -MOST_MARGIN)

    news, differing = found.news, found.news_differing
    margins = [where(differing >= FEWEST_NEWS, beyond(differing, news, least))]
    margins.append(where(differing >= FEWER_NEWS, beyond(differing, news, least + MORE_DIFFERS)))
    news, differing = news + found.passages, differing + found.passages_differing
    passages, differing_there = found.passages, found.passages_differing
    whole = (
        (differing_there > ELSEWHERE * found.edits_differing) & (1000 * differing_there >= WHOLE * passages) & (differing >= FEWEST_NEWS)
    )
    margins.append(where(whole, beyond(differing, news, least)))
    news, differing = news + found.edges, differing + found.edges_differing
    passages, differing_there = passages + found.edges, differing_there + found.edges_differing
    whole = (
        (differing_there > ELSEWHERE * found.edits_differing) & (1000 * differing_there >= WHOLE * passages) & (differing >= FEWEST_NEWS)
    )
    margins.append(where(whole, beyond(differing, news, OTHER_EDGES)))
    margin = np.clip(np.max(margins, axis=0), 1 - MOST_MARGIN, MOST_MARGIN)
    return np.where((counted > 0) & (1000 * all_differing <= CERTAIN * counted), -MOST_MARGIN, margin)


def _compare_native(signatures: Signatures, pairs: Places, runs: Places, thresholds: Thresholds) -> tuple[Places, Places]:
    """What two texts, the shorter and the longer one of each pair, have in common, and what differs where it is as much as in copies.

    In common, eight rows: the words of the shorter text in runs that stand in the longer, the words over which such runs follow each other
    as they do in the longer; and, 0 unless that is as much as in copies, the same two of the longer text; of the words of the shorter one
    that stand in no such run, those that begin with two digits, and those with a capital or a digit, then all such words, and whether
    PASSAGE_WORDS of the former stand together.
    Differing: a row each of `Differences`.
    """
    counts = np.empty((N_COMMON + N_COUNTS, pairs.shape[1]), np.int64)
    texts = (np.ascontiguousarray(column) for column in (signatures.words, signatures.shapes, signatures.lengths))
    sizes = runs + np.where(runs > 0, RUN_WORDS - 1, 0)
    limits = [GAP, SLACK, *thresholds[:2], LEAST_ALONE, PASSAGE_WORDS, PHRASE_WORDS, LONG_WORD, RESPELT, ADDED_WORDS, ADDED_TIMES]
    native.compare(*texts, lexicon(), signatures.first[pairs], sizes, np.array(limits, np.int64), counts)
    return counts[:N_COMMON], counts[N_COMMON:]


def _compare_arrays(signatures: Signatures, pairs: Places, runs: Places, thresholds: Thresholds) -> tuple[Places, Places]:
    """What `pairs.c` does, where it could not be compiled."""
    n_words = np.cumsum(runs.sum(axis=0)) // WORDS_AT_A_TIME
    done = [np.zeros((N_COMMON, 0), np.int64)]
    for part in np.split(np.arange(pairs.shape[1]), np.flatnonzero(np.diff(n_words)) + 1):
        done += [_count(signatures, pairs[:, part[i : i + PAIRS]], runs[:, part[i : i + PAIRS]]) for i in range(0, len(part), PAIRS)]
    common, differing = np.concatenate(done, axis=1), np.zeros((N_COUNTS, pairs.shape[1]), np.int64)
    common[2:, ~_are_alike(common, runs[0], thresholds)] = 0
    some = np.flatnonzero(_are_alike(common, runs[0], thresholds) & _may_be_others(common))
    differing[:, some] = count_differences(signatures, pairs[:, some], runs[:, some])
    return common, differing


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
    alone = _count_alone(signatures, places[:middle], partner[:middle], np.repeat(np.arange(n), runs[:n]), n)
    return np.stack([covered[:n], reached[:n], covered[n:], reached[n:], *alone])


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


def _count_alone(signatures: Signatures, places: Places, partner: Places, text: Places, n: int) -> list[Places]:
    """The rows about words in no run in common, of each of the `n` texts, from the text of each run and its place in the other one."""
    alone = partner < 0
    for back in range(1, RUN_WORDS):
        alone[back:] &= (partner[:-back] < 0) | (text[:-back] != text[back:])
    figure, written = signatures.words[places] & np.uint32(1) > 0, signatures.shapes[places] > 0
    together, begins = alone.copy(), np.zeros(len(alone), bool)
    for ahead in range(1, PASSAGE_WORDS):
        together[: len(alone) - ahead] &= alone[ahead:] & (text[ahead:] == text[: len(alone) - ahead])
    begins[: max(0, len(alone) - PASSAGE_WORDS + 1)] = together[: max(0, len(alone) - PASSAGE_WORDS + 1)]
    counts = [np.bincount(text[which], minlength=n) for which in (alone & figure, alone & written, written, begins)]
    return [*counts[:3], (counts[3] > 0).astype(np.int64)]
