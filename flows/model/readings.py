"""What the network said of a text, as bytes: it is kept under the numbers that the network was given, so that nothing else runs it again.

A changed list of names, rule or correction changes what is made of a reading, not the reading; where a word of the lexicon is one of the
network's hints, it changes the numbers. Each part of a text is read for itself (`parts_of`), so that a changed passage or sentence runs the
network on its own part alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qantar.model.pieces import Window

Numbers = NDArray[np.signedinteger[Any]]

Keep = Callable[[bytes, Sequence[bytes], Callable[[int], bytes]], list[bytes]]
"""Gives the bytes that are kept under the keys of a text's parts; a function makes those of a part, by its number, whose key is not known.
Another text with the same anchor, an earlier state of this one above all, may have parts of it."""

_HEADS = ("upos", "tag", "lemma", "rel")
_MILLI = 1000  # the scores of names have three places
_IN_ROW = 16
"""Pieces in a row that tell a text from others: many have "He did not say why."."""
_ODD = np.uint64(0x9E3779B97F4A7C15)


class Name(NamedTuple):
    """A name: its words, its label in the training data, and the mean probability of its words' tags."""

    start: int
    end: int
    label: str
    score: float


@dataclass
class Analysis:
    """What the model says of the words of a text: an entry each word, and the names. A root is its own head."""

    names: list[Name]
    upos: list[str]
    tags: list[str]
    lemma_rules: list[str]
    heads: list[int]
    relations: list[str]


class Reading(NamedTuple):
    """An analysis as numbers: a column each word, of its part of speech, tag, lemma rule and relation, as places among labels, and head."""

    words: Numbers
    names: list[Name]

    def analysis(self, labels: Mapping[str, Sequence[str]]) -> Analysis:
        """It in words."""
        *columns, heads = self.words.tolist()
        upos, tags, lemma_rules, relations = ([labels[head][i] for i in column] for head, column in zip(_HEADS, columns, strict=True))
        return Analysis(self.names, upos, tags, lemma_rules, heads, relations)


class Seen(NamedTuple):
    """What the network is given of a text, or of a part of it: the pieces, the form and the hints of each word, the words that sentences
    begin with, and the windows it is read in. A part's first words may be there as context only.
    """

    pieces: Sequence[tuple[int, ...]]
    forms: Sequence[int]
    hints: Sequence[int]
    sentences: Sequence[int]
    windows: Sequence[Window]

    @property
    def key(self) -> bytes:
        """All of it; other words, or the same ones in other sentences, have another."""
        lengths = list(map(len, self.pieces))
        places = list(chain.from_iterable(self.windows))
        columns = (lengths, self.forms, self.hints, self.sentences, places, list(chain.from_iterable(self.pieces)))
        return _numbers([len(lengths), len(self.sentences), len(places)]) + b"".join(map(_numbers, columns))


def anchor_of(seen: Seen) -> bytes:
    """What a text keeps while a few of its words change, and however its sentences are cut: the least hash of pieces in a row."""
    pieces = np.fromiter(chain.from_iterable(seen.pieces), np.uint64)
    n = max(1, len(pieces) - _IN_ROW + 1)
    hashes = np.zeros(n, np.uint64)
    for at in range(min(_IN_ROW, len(pieces))):
        hashes = (hashes ^ pieces[at : at + n]) * _ODD
    least: bytes = hashes.min().tobytes()
    return least


def parts_of(seen: Seen) -> list[Seen]:
    """The parts of a text that are read independently: a window each, or all windows of a sentence that is longer than one."""
    begins = set(seen.sentences)
    firsts = [number for number, window in enumerate(seen.windows) if window.keep in begins]
    parts = []
    for first, after in pairwise([*firsts, len(seen.windows)]):
        read = seen.windows[first:after]
        start, end = read[0].start, read[-1].end
        sentences = seen.sentences[bisect_left(seen.sentences, read[0].keep) : bisect_left(seen.sentences, end)]
        parts.append(
            Seen(
                seen.pieces[start:end],
                seen.forms[start:end],
                seen.hints[start:end],
                [word - start for word in sentences],
                [Window(*(word - start for word in window)) for window in read],
            )
        )
    return parts


def joined(readings: Sequence[Reading]) -> Reading:
    """The reading of a text from those of its parts."""
    parts, names, n = [], list[Name](), 0
    for words, told in readings:
        parts.append(words + np.array([[0], [0], [0], [0], [n]]))  # heads are counted from the text's first word
        names += [Name(start + n, end + n, label, score) for start, end, label, score in told]
        n += words.shape[1]
    return Reading(np.concatenate(parts, axis=1), names)


def pack(reading: Reading, labels: Mapping[str, Sequence[str]]) -> bytes:
    """A reading as bytes: heads as the way to them."""
    kinds, (words, names) = _kinds(labels), reading
    n = words.shape[1]
    told = np.array([(name.start, name.end, kinds.index(name.label), round(name.score * _MILLI)) for name in names], "<i4")
    numbers = np.concatenate([[n, len(names)], words[:4].ravel(), words[4] - np.arange(n), told.T.ravel()]).astype("<i4")
    return numbers.view("u1").reshape(-1, 4).T.tobytes()  # the low bytes first: the others are nearly all alike, and compressed together


def unpack(data: bytes, labels: Mapping[str, Sequence[str]]) -> Reading:
    """The reading that `pack` made bytes of."""
    numbers = np.frombuffer(data, "u1").reshape(4, -1).T.copy().view("<i4").ravel()
    n_words, n_names = numbers[:2].tolist()
    words, names = numbers[2 : 2 + 5 * n_words].reshape(5, n_words), numbers[2 + 5 * n_words :].reshape(4, n_names)
    words[4] += np.arange(n_words, dtype="<i4")
    kinds = _kinds(labels)
    return Reading(words, [Name(start, end, kinds[kind], score / _MILLI) for start, end, kind, score in names.T.tolist()])


def _kinds(labels: Mapping[str, Sequence[str]]) -> list[str]:
    """The labels of names."""
    return sorted({tag[2:] for tag in labels["ner"] if tag[1:2] == "-"})


def _numbers(values: Sequence[int]) -> bytes:
    array: NDArray[np.int32] = np.array(values, "<i4")
    return array.tobytes()
