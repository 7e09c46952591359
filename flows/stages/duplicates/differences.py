"""Differences: what tells a copy of an article from another article that fills in the same frame.

A copy is edited anywhere: words are dropped, added, respelt, replaced by synonyms, misread. Two articles of one frame (earnings, court
lists, weather) have the same wording but for their slots, and what stands there carries the news: names, numbers, days, or a
whole passage with nothing in common. So two rates are compared, both of words that stand in a place where one text has
something else than the other, and nowhere in the other text:

* news: among names, numbers, days and the words of passages that were replaced as a whole;
* edits: among all other words of some length.

Edits are anywhere, slots are few and hold much: words that differ in one place are one edit, and a turn of phrase of which no word is left
counts with the news.

In a copy the news changes about as often as the rest, in a frame far more often. A name in another spelling (the same initial, about as
long) has not changed; what only one of two texts has, a paragraph or a footer, is not a difference. Everything is
counted in whole numbers, so that every machine decides alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.stages.duplicates.hashed_words import Hashes, Places, find_words
from qantar.stages.duplicates.signatures import Signatures, shingle
from qantar.text.lexicon import read_lines, read_toml

RUN_WORDS = 3  # texts are aligned by their common runs of so many words
PASSAGE_WORDS = 6  # a passage replaced as a whole has so many words at least, in both texts,
PHRASE_WORDS = 3  # or so many that count, where it stands between wording in common and none of them is left
LONG_WORD = 4  # code points of a word that counts among the edits
RESPELT = 2  # code points that a name may be longer or shorter in another spelling
ADDED_WORDS, ADDED_TIMES = 8, 2  # where one text has so many words more than so many times those of the other, they were added to it

_CAPITAL, _OPENING, _NUMBER = 1, 2, 3  # letter cases, see `Signatures.shapes`
_PLAIN, _LONG, _NAME, _FIGURE = 0, 1, 2, 3  # what a word counts as
_COMMON, _CALENDAR, _NUMERAL = 1, 2, 3  # words of the lexicon


class Differences(NamedTuple):
    """Of some pairs of articles, words that count and words that differ; those in common count for both texts."""

    news: Places  # names, numbers, days
    news_differing: Places
    edits: Places  # other words of some length
    edits_differing: Places
    passages: Places  # the same, in passages replaced as a whole that stand between wording in common
    passages_differing: Places
    edges: Places  # the same, in those that begin or end the texts
    edges_differing: Places


N_COUNTS = len(Differences._fields)
_NEWS, _EDITS, _PASSAGES, _EDGES = range(0, N_COUNTS, 2)


@cache
def lexicon() -> NDArray[np.uint8]:
    """What a word is by the upper 16 bits of its hash: _COMMON, _CALENDAR, _NUMERAL or 0; a word in some hundred is taken for another."""
    calendar = read_toml("calendar.toml")
    kinds = [(_COMMON, read_lines("function_words.txt")), (_CALENDAR, calendar["weekdays"] + calendar["months"])]
    kinds.append((_NUMERAL, [word for word in calendar["numbers"] if word != "one"]))  # "one" is more often a pronoun
    table = np.zeros(1 << 16, np.uint8)
    for kind, words in kinds:
        table[find_words(words)[0] >> np.uint32(16)] = kind
    return table


def count_differences(signatures: Signatures, pairs: Places, runs: Places) -> Places:
    """What differs between the two texts of each pair, given as two rows of numbers, and of how many runs they are: a row a count.

    What `differences.c` does, where it could not be compiled.
    """
    counts = np.zeros((N_COUNTS, pairs.shape[1]), np.int64)
    for pair, (one, other) in enumerate(pairs.T.tolist()):
        texts = _Text(signatures, one, int(runs[0, pair])), _Text(signatures, other, int(runs[1, pair]))
        counts[:, pair] = _count(*texts)
    return counts


def slot_words(signatures: Signatures, number: int) -> frozenset[int]:
    """The words of an article that may fill a slot: names, numbers, days and other words of some length, as hashes."""
    text = _Text(signatures, number, max(0, int(signatures.sizes[number]) - RUN_WORDS + 1))
    return frozenset(word for word, kind in zip(text.words, text.kinds, strict=True) if kind != _PLAIN)


def find_slots(signatures: Signatures, number: int, other: int) -> list[list[int]]:
    """[start, end] of each place of an article where it has other words than another one."""
    texts = [_Text(signatures, i, max(0, int(signatures.sizes[i]) - RUN_WORDS + 1)) for i in (number, other)]
    begin = int(signatures.first[number])
    slots, last, last_other = [], -1, -1
    for i, j in [*_align(*texts), (len(texts[0].words), len(texts[1].words))]:
        if gap := range(last + 1, i):  # no other place is worth the arrays
            there = set(texts[1].words[last_other + 1 : j])
            own = np.array([k for k in gap if texts[0].words[k] not in there], np.int64)
            for place in np.split(own, np.flatnonzero(np.diff(own) > 1) + 1) if len(own) else ():
                start, end = begin + int(place[0]), begin + int(place[-1])
                slots.append([int(signatures.starts[start]), int(signatures.starts[end]) + int(signatures.lengths[end])])
        last, last_other = i, j
    return slots


class _Text:
    """The words of an article, and what they count as."""

    def __init__(self, signatures: Signatures, number: int, runs: int) -> None:
        begin = int(signatures.first[number])
        size = runs + RUN_WORDS - 1 if runs else 0
        here = slice(begin, begin + size)
        self.hashes: Hashes = signatures.words[here]
        self.words = self.hashes.tolist()
        self.shapes = signatures.shapes[here].tolist()
        self.lengths = signatures.lengths[here].tolist()

    @cached_property
    def all(self) -> set[int]:
        """The different words."""
        return set(self.words)

    @cached_property
    def kinds(self) -> list[int]:
        """What each word counts as. A capital that may open a sentence makes a name only before another one."""
        known = lexicon()[self.hashes >> np.uint32(16)]
        cases = np.array(self.shapes, np.uint8) >> np.uint8(5)
        capital = (cases == _CAPITAL) & (known != _COMMON)
        opening = (cases == _OPENING) & (known != _COMMON)
        opening[:-1] &= capital[1:]
        opening[-1:] = False
        figure = (cases == _NUMBER) | (known == _NUMERAL) | ((known == _CALENDAR) & (cases > 0))
        long = np.array(self.lengths, np.int64) >= LONG_WORD
        kinds: list[int] = np.select([figure, capital | opening, long], [_FIGURE, _NAME, _LONG], _PLAIN).tolist()
        return kinds


def _count(one: _Text, other: _Text) -> list[int]:
    """The counts of one pair."""
    counts = [0] * N_COUNTS
    matched = _align(one, other)
    n, m = len(one.words), len(other.words)
    for i, _ in matched:
        if one.kinds[i] != _PLAIN:
            counts[_NEWS if one.kinds[i] >= _NAME else _EDITS] += 2
    last, last_other, n_edges, at_edges = -1, -1, 0, [0, 0]
    for i, j in [*matched, (n, m)]:
        gap, gap_other = range(last + 1, i), range(last_other + 1, j)
        edge = not (last >= 0 and i < n)
        last, last_other = i, j
        if gap and gap_other:
            place, *news = _count_gap(counts, (one, other), (gap, gap_other), edge)
            n_edges += place == _EDGES
            _add(at_edges if edge else counts, _NEWS, news)
    furnished = n_edges == 2 and counts[_NEWS + 1] == 0  # above and below one article, which says the same
    _add(counts, _EDGES if furnished else _NEWS, at_edges)
    return counts


def _add(counts: list[int], place: int, numbers: Sequence[int]) -> None:
    """Add words that count and words that differ."""
    for k, number in enumerate(numbers):
        counts[place + k] += number


def _count_gap(counts: list[int], texts: tuple[_Text, _Text], gaps: tuple[range, range], edge: bool) -> tuple[int, int, int]:
    """Add what stands in one place of the two texts, at the edge if it begins or ends them; what it is, and its news, not added yet."""
    sizes = len(gaps[0]), len(gaps[1])
    sides = [_count_side((texts[k], texts[1 - k]), (gaps[k], gaps[1 - k])) for k in (0, 1)]
    passage = min(sizes) >= PASSAGE_WORDS
    phrase = not edge and all(side.is_phrase() for side in sides)
    place = _EDGES if passage and edge else _PASSAGES if passage or phrase else _EDITS
    news = [0, 0]
    for k, side in enumerate(sides):
        times = 2 if sizes[1 - k] > ADDED_TIMES * sizes[k] + ADDED_WORDS else 1
        differing = min(side.others_differing, 1) if place == _EDITS else side.others_differing  # one place, one edit
        _add(news, 0, (times * side.news, times * side.news_differing))
        _add(counts, place, (times * side.others, times * differing))
    return place, news[0], news[1]


class _Side(NamedTuple):
    """Of one text in one place, words that count and words that differ."""

    news: int = 0
    news_differing: int = 0
    others: int = 0
    others_differing: int = 0

    def is_phrase(self) -> bool:
        """Whether so many words count as a turn of phrase has, and none is left."""
        words = self.news + self.others
        return words >= PHRASE_WORDS and self.news_differing + self.others_differing == words


def _count_side(texts: tuple[_Text, _Text], gaps: tuple[range, range]) -> _Side:
    """What the first text has where the second has something else; nothing where it was added."""
    if len(gaps[0]) > ADDED_TIMES * len(gaps[1]) + ADDED_WORDS:
        return _Side()
    text, other = texts
    counts = [0, 0, 0, 0]
    for i in gaps[0]:
        kind = text.kinds[i]
        if kind == _PLAIN:
            continue
        differs = text.words[i] not in other.all and not (kind == _NAME and _respelt(text, i, other, gaps[1]))
        column = 0 if kind >= _NAME else 2
        counts[column] += 1
        counts[column + 1] += differs
    return _Side(*counts)


def _respelt(text: _Text, i: int, other: _Text, gap: range) -> bool:
    """Whether a name may stand in the other text's gap in another spelling."""
    initial, length = text.shapes[i] & 31, text.lengths[i]
    return any(
        other.shapes[j] >> 5 in (_CAPITAL, _OPENING)
        and other.shapes[j] & 31 == initial
        and abs(other.lengths[j] - length) <= RESPELT
        and other.words[j] not in text.all
        for j in gap
    )


def _align(one: _Text, other: _Text) -> list[tuple[int, int]]:
    """Words in common in the same order in both: those of the longest chain of common runs, each paired with its first place."""
    runs, others = (shingle(t.hashes, np.arange(len(t.words) - RUN_WORDS + 1), RUN_WORDS).tolist() for t in (one, other))
    place = dict(zip(reversed(others), range(len(others) - 1, -1, -1), strict=True))  # the first where there are several
    pairs = [(i, place[run]) for i, run in enumerate(runs) if run in place]
    least: list[int] = []  # the least last place of a chain of so many runs
    ends: list[int] = []
    before = [-1] * len(pairs)
    for n, (_, j) in enumerate(pairs):
        at = bisect_left(least, j)
        least[at : at + 1], ends[at : at + 1] = [j], [n]
        before[n] = ends[at - 1] if at else -1
    chain = []
    n = ends[-1] if ends else -1
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    matched: list[tuple[int, int]] = []
    last = (-1, -1)
    for i, j in reversed(chain):
        for step in range(RUN_WORDS):
            if i + step > last[0] and j + step > last[1]:
                last = i + step, j + step
                matched.append(last)
    return matched
