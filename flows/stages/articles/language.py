"""Which language a text is in."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Any

import numpy as np

from qantar.compat import feature_counts

_GLANCE = 300  # characters: enough for most texts in the language that is expected
_SAMPLE = 600  # characters: enough to be sure of any other, and no slower for long texts
_SURE = 0.9
_MOST_SAMPLES, _SHARE = 16, 0.4  # of a text that seems to be in another language; those that say it is not
_ENDS = '.!?…”"»’)'
_LEAST_LINE = 60  # characters: a sentence, and no line of a table
_LONG, _HARDLY = 200, 0.01  # characters, score: a text that long and that unlikely is not the expected language, whatever else it is


def identify_language(text: str, expected: str) -> tuple[str, float]:
    """ISO 639-1 code of the text's language and how sure that is, 0 to 1.

    Where the text is too short or too odd to be sure, it is taken to be in the `expected` language; a long text, only if that may be.
    A long text that seems to be in another language is judged by several samples of its sentences, so that neither a long quotation nor
    a table of names makes it one in their language.
    """
    code, score = _judge(_quarter_down(text, _GLANCE), expected)
    if code == expected and score >= _SURE:
        return code, score
    code, score = _judge(_quarter_down(text, _SAMPLE), expected)
    if code != expected and len(text) > _SAMPLE:
        samples = _samples(text)
        n_ours = sum(len(sample) for sample in samples if _judge(sample, expected)[0] == expected)
        if n_ours >= _SHARE * sum(map(len, samples)):
            return expected, round(n_ours / sum(map(len, samples)), 4)
    return code, score


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


def _judge(sample: str, expected: str) -> tuple[str, float]:
    words = " ".join(sample.split())
    languages, probabilities = (_probabilities_of_short if len(words) <= _SHORT else _probabilities)(words)
    best = int(probabilities.argmax())
    code, score = languages[best], float(probabilities[best])
    if code != expected and score < _SURE:
        ours = float(probabilities[languages.index(expected)]) if expected in languages else 0.0
        if ours >= _HARDLY or len(sample) < _LONG:
            code, score = expected, ours
    return code, round(score, 4)


def _probabilities(text: str) -> tuple[list[str], Any]:
    """The languages, and the probability of each by py3langid's model, with the same bits on every machine.

    Its own products and exponentials are left to BLAS and numpy, whose last bits depend on the processor; here they are integers, and
    their sums below 2^53, which floats hold exactly in whatever order they are added.
    """
    from qantar.model.decoding import exponential

    identifier, features, priors, languages, entries = _identifier()
    visits, n_bytes = feature_counts(identifier, text)
    counts = np.array(list(map(_weight, visits.values())))
    # no feature of any language: all are as likely
    totals = counts @ _halves().take(features[list(visits)].view(np.uint16)) + priors if visits else np.zeros(len(priors))
    scores = (totals - totals.max()) / (_ONE * _ONE) / math.sqrt(n_bytes or 1)  # the longer the text, the more a product says too much
    shares = np.bincount(entries, exponential(scores.astype(np.float32)))  # some languages have two entries; sums of integers are exact
    return languages, shares / shares.sum()


_SHORT = 200  # characters of a text that may come again and again: files of ten thousand empty articles do
_probabilities_of_short = lru_cache(maxsize=256)(_probabilities)
_ONE = 1 << 16


@lru_cache(maxsize=4096)
def _weight(n: int) -> float:
    """What a feature that stands n times in a text counts, in 16 binary places: too coarse for a logarithm's last bits to matter."""
    return float(round(math.log1p(n) * _ONE))


@cache
def _halves() -> Any:
    """All floats of two bytes as integers of 16 binary places, by their bits: looked up in half the time that making them takes."""
    with np.errstate(invalid="ignore"):
        return np.rint(np.arange(_ONE, dtype=np.uint16).view(np.float16).astype(np.float64) * _ONE)


@cache
def _identifier() -> tuple[Any, Any, Any, list[str], Any]:
    """The identifier, the weights of its features by entry, those of the entries as integers, its languages, and which each entry is of."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    features = np.asarray(identifier.nb_ptc)  # a hundred megabytes as integers: those of a text are made when they are asked for
    priors = np.rint(np.asarray(identifier.nb_pc, np.float64) * _ONE * _ONE)
    languages = list(dict.fromkeys(identifier.nb_classes))
    return identifier, features, priors, languages, np.array([languages.index(name) for name in identifier.nb_classes])
