"""What the network said of a text, as bytes: it is kept under the numbers that the network was given, so that nothing else runs it again.

A changed list of names, rule or correction changes what is made of a reading, not the reading; where a word of the lexicon is one of the
network's hints, it changes the numbers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Keep = Callable[[list[bytes], Callable[[], bytes]], bytes]
"""Gives the bytes that are kept under a key of some parts, or keeps there what a function makes."""

_HEADS = ("upos", "tag", "lemma", "rel")
_MILLI = 1000  # the scores of names have three places


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


class Seen(NamedTuple):
    """What the network is given of a text: the pieces, the form and the hints of each word, and the first word of each sentence."""

    pieces: Sequence[tuple[int, ...]]
    forms: Sequence[int]
    hints: Sequence[int]
    sentences: Sequence[int]

    @property
    def key(self) -> bytes:
        """All of it; another text, or the same one in other sentences, has another."""
        lengths = list(map(len, self.pieces))
        columns = (lengths, self.forms, self.hints, self.sentences, list(chain.from_iterable(self.pieces)))
        return _numbers([len(lengths), len(self.sentences)]) + b"".join(map(_numbers, columns))


def pack(analysis: Analysis, labels: Mapping[str, Sequence[str]]) -> bytes:
    """An analysis as bytes: labels as their numbers, heads as the way to them."""
    number = {head: {label: i for i, label in enumerate(labels[head])} for head in _HEADS}
    kinds = _kinds(labels)
    told = (analysis.upos, analysis.tags, analysis.lemma_rules, analysis.relations)
    columns = [[number[head][label] for label in column] for head, column in zip(_HEADS, told, strict=True)]
    columns.append([head - word for word, head in enumerate(analysis.heads)])
    names = [(name.start, name.end, kinds.index(name.label), round(name.score * _MILLI)) for name in analysis.names]
    columns += list(map(list, zip(*names, strict=True))) if names else [[], [], [], []]
    numbers = np.array([len(analysis.upos), len(names), *chain.from_iterable(columns)], "<i4")
    return zlib.compress(numbers.view("u1").reshape(-1, 4).T.tobytes(), 9)  # the low bytes first: the others are nearly all alike


def unpack(data: bytes, labels: Mapping[str, Sequence[str]]) -> Analysis:
    """The analysis that `pack` made bytes of."""
    numbers = np.frombuffer(zlib.decompress(data), "u1").reshape(4, -1).T.copy().view("<i4").ravel()
    n_words, n_names = numbers[:2].tolist()
    words, names = numbers[2 : 2 + 5 * n_words].reshape(5, n_words), numbers[2 + 5 * n_words :].reshape(4, n_names)
    upos, tags, lemma_rules, relations = ([labels[head][i] for i in row.tolist()] for head, row in zip(_HEADS, words[:4], strict=True))
    kinds = _kinds(labels)
    return Analysis(
        names=[Name(start, end, kinds[kind], score / _MILLI) for start, end, kind, score in names.T.tolist()],
        upos=upos,
        tags=tags,
        lemma_rules=lemma_rules,
        heads=(words[4] + np.arange(n_words, dtype="<i4")).tolist(),
        relations=relations,
    )


def _kinds(labels: Mapping[str, Sequence[str]]) -> list[str]:
    """The labels of names."""
    return sorted({tag[2:] for tag in labels["ner"] if tag[1:2] == "-"})


def _numbers(values: Sequence[int]) -> bytes:
    array: NDArray[np.int32] = np.array(values, "<i4")
    return array.tobytes()
