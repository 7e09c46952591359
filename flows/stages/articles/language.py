"""Which language a text is in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from qantar.compat import feature_bytes, feature_counts, feature_tables, language_identifier

_GLANCE = 300  # characters: enough for most texts in the language that is expected
_SAMPLE = 600  # characters: enough to be sure of any other, and no slower for long texts
_SURE = 0.9
_MOST_SAMPLES, _SHARE = 16, 0.4  # of a text that seems to be in another language; those that say it is not
_ENDS = '.!?…”"»’)'
_LEAST_LINE = 60  # characters: a sentence, and no line of a table
_LONG, _HARDLY = 200, 0.01  # characters, score: a text that long and that unlikely is not the expected language, whatever else it is


def identify_language(text: str, expected: str) -> tuple[str, float]:
    """ISO 639-1 code of the text's language and how sure that is, 0 to 1 (see `identify_languages`)."""
    return identify_languages([text], [expected])[0]


def identify_languages(texts: Sequence[str], expected: Sequence[str]) -> list[tuple[str, float]]:
    """ISO 639-1 code of each text's language and how sure that is, 0 to 1; several together take a third of the time of each by itself.

    Where a text is too short or too odd to be sure, it is taken to be in the `expected` language; a long text, only if that may be.
    A long text that seems to be in another language is judged by several samples of its sentences, so that neither a long quotation nor
    a table of names makes it one in their language.
    """
    found = _judge([_quarter_down(text, _GLANCE) for text in texts], expected)
    unsure = [at for at, (code, score) in enumerate(found) if code != expected[at] or score < _SURE]
    closer = _judge([_quarter_down(texts[at], _SAMPLE) for at in unsure], [expected[at] for at in unsure])
    for at, (code, score) in zip(unsure, closer, strict=True):
        is_ours = code == expected[at] or len(texts[at]) <= _SAMPLE
        found[at] = (None if is_ours else _judge_by_samples(texts[at], expected[at])) or (code, score)
    return found


def _judge_by_samples(text: str, expected: str) -> tuple[str, float] | None:
    """The expected language, if enough of a text's samples are in it."""
    samples = _samples(text)
    found = _judge(samples, [expected] * len(samples))
    n_ours = sum(len(sample) for sample, (code, _) in zip(samples, found, strict=True) if code == expected)
    n_all = sum(map(len, samples))
    return (expected, round(n_ours / n_all, 4)) if n_ours >= _SHARE * n_all else None


def _quarter_down(text: str, size: int) -> str:
    """So many characters of a text from where its first quarter ends; a short text is given back whole."""
    return text if len(text) <= size else text[len(text) // 4 : len(text) // 4 + size]


def _samples(text: str) -> list[str]:
    """Paragraphs from all over the text, the long ones cut: of its sentences, where it has some beside its headings, lists and tables."""
    lines = [line.strip() for line in text.splitlines()]
    prose = [line for line in lines if len(line) >= _LEAST_LINE and line[-1] in _ENDS]
    parts = prose if sum(map(len, prose)) >= _LONG else [text]
    samples = [part[i : i + _SAMPLE] for part in parts for i in range(0, len(part), _SAMPLE)]
    return samples[:: -(-len(samples) // _MOST_SAMPLES)]


def _judge(samples: Sequence[str], expected: Sequence[str]) -> list[tuple[str, float]]:
    if not samples:
        return []
    words = [" ".join(sample.split()) for sample in samples]
    different = {text: row for row, text in enumerate(dict.fromkeys(words))}  # files of ten thousand empty articles have one
    languages, probabilities = _probabilities(list(different))
    rows = [probabilities[different[text]] for text in words]
    return [_verdict(languages, row, len(sample), ours) for row, sample, ours in zip(rows, samples, expected, strict=True)]


def _verdict(languages: list[str], probabilities: Any, length: int, expected: str) -> tuple[str, float]:
    best = int(probabilities.argmax())
    code, score = languages[best], float(probabilities[best])
    if code != expected and score < _SURE:
        ours = float(probabilities[languages.index(expected)]) if expected in languages else 0.0
        if ours >= _HARDLY or length < _LONG:
            code, score = expected, ours
    return code, round(score, 4)


def _probabilities(texts: Sequence[str]) -> tuple[list[str], Any]:
    """The languages, and the probability of each by py3langid's model for each text, with the same bits on every machine.

    Its own products and exponentials are left to BLAS and numpy, whose last bits depend on the processor; here they are integers, and
    their sums below 2^53, which floats hold exactly in whatever order they are added.
    """
    from qantar.model.decoding import exponential

    identifier, features, priors, languages, entries = _identifier()
    n_bytes = np.empty((len(texts), 1))
    totals = np.zeros((len(texts), len(priors)))  # no feature of any language: all are as likely
    for row, (visited, counts, n) in enumerate((_visits_together if len(texts) >= _MANY else _visits)(identifier, texts)):
        n_bytes[row] = n or 1
        if len(visited):
            totals[row] = _weights().take(counts) @ _halves().take(features[visited].view(np.uint16)) + priors
    # the longer the text, the more a product says too much
    scores = (totals - totals.max(1, keepdims=True)) / (_ONE * _ONE) / np.sqrt(n_bytes)
    powers = exponential(scores.astype(np.float32))
    shares = np.array([np.bincount(entries, row) for row in powers])  # some languages have two entries
    return languages, shares / shares.sum(1, keepdims=True)  # sums of integers are exact


_Visits = tuple[Any, Any, int]
"""The features that stand in a text, how often each does, and the bytes looked at."""


def _visits(identifier: Any, texts: Sequence[str]) -> Iterator[_Visits]:
    for text in texts:
        found, n_bytes = feature_counts(identifier, text)
        yield np.array(list(found), np.int64), np.array(list(found.values()), np.int64), n_bytes


def _visits_together(identifier: Any, texts: Sequence[str]) -> Iterator[_Visits]:
    """The same, all texts walked in step."""
    moves, rows, outputs = _tables()
    encoded = [feature_bytes(identifier, text) for text in texts]
    sizes = np.array([len(data) for data in encoded])
    order = np.argsort(-sizes, kind="stable")  # the longest first: those that go on are at the front
    letters = np.zeros((int(sizes.max()), len(texts)), np.int64)
    for column, at in enumerate(order.tolist()):
        letters[: sizes[at], column] = np.frombuffer(encoded[at], np.uint8)
    found = np.full(letters.shape, -1, np.int64)
    states = np.zeros(len(texts), np.int64)
    for step, n in enumerate(np.searchsorted(-sizes[order], -np.arange(len(letters))).tolist()):
        states = moves.take(rows.take(states[:n]) + letters[step, :n])
        found[step, :n] = outputs.take(states)
    pairs, counts = np.unique((found + (order << _FEATURE_BITS))[found >= 0], return_counts=True)
    ends = np.searchsorted(pairs, np.arange(len(texts) + 1) << _FEATURE_BITS)
    for at, (start, end) in enumerate(pairwise(ends.tolist())):
        yield pairs[start:end] & ((1 << _FEATURE_BITS) - 1), counts[start:end], len(encoded[at])


_MANY = 6
"""Texts from which on it takes less time to walk them in step."""
_FEATURE_BITS = 20
_ONE = 1 << 16
_MOST_COUNTED = 2**12  # more than a sample has bytes


@cache
def _weights() -> Any:
    """What a feature that stands so many times in a text counts, in 16 binary places: too coarse for a logarithm's last bits to matter."""
    return np.array([float(round(math.log1p(n) * _ONE)) for n in range(_MOST_COUNTED)])


@cache
def _tables() -> Any:
    return feature_tables(_identifier()[0])


@cache
def _halves() -> Any:
    """All floats of two bytes as integers of 16 binary places, by their bits: looked up in half the time that making them takes."""
    with np.errstate(invalid="ignore"):
        return np.rint(np.arange(_ONE, dtype=np.uint16).view(np.float16).astype(np.float64) * _ONE)


@cache
def _identifier() -> tuple[Any, Any, Any, list[str], Any]:
    """The identifier, the weights of its features by entry, those of the entries as integers, its languages, and which each entry is of."""
    identifier = language_identifier()
    features = np.asarray(identifier.nb_ptc)  # a hundred megabytes as integers: those of a text are made when they are asked for
    priors = np.rint(np.asarray(identifier.nb_pc, np.float64) * _ONE * _ONE)
    languages = list(dict.fromkeys(identifier.nb_classes))
    return identifier, features, priors, languages, np.array([languages.index(name) for name in identifier.nb_classes])
