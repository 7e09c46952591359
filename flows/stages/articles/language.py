"""Which language a text is in."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import Any

import numpy as np

_SAMPLE = 600  # characters: enough to be sure, and no slower for long texts
_SURE = 0.9
_MOST_SAMPLES, _SHARE = (
    8,
    0.4,
)  # of a text that seems to be in another language; those that say it is not
_ENDS = '.!?…”"»’)'
_LEAST_LINE = 60  # characters: a sentence, and no line of a table
_LONG, _HARDLY = 200, 0.01  # characters, score: a text that long and that unlikely is not the expected language, whatever else it is


def identify_language(text: str, expected: str) -> tuple[str, float]:
    """ISO 639-1 code of the text's language and how sure that is, 0 to 1.

    Where the text is too short or too odd to be sure, it is taken to be in the `expected` language; a long text, only if that may be.
    A long text that seems to be in another language is judged by several samples of its sentences, so that neither a long quotation nor
    a table of names makes it one in their language.
    """
    sample = text if len(text) <= _SAMPLE else text[len(text) // 4 : len(text) // 4 + _SAMPLE]
    code, score = _judge(sample, expected)
    if code != expected and len(text) > _SAMPLE:
        samples = _samples(text)
        n_ours = sum(len(sample) for sample in samples if _judge(sample, expected)[0] == expected)
        if n_ours >= _SHARE * sum(map(len, samples)):
            return expected, round(n_ours / sum(map(len, samples)), 4)
    return code, score


def _samples(text: str) -> list[str]:
    """Paragraphs from all over the text, the long ones cut: of its sentences, where it has some beside its headings, lists and tables."""
    lines = [line.strip() for line in text.splitlines()]
    prose = [line for line in lines if len(line) >= _LEAST_LINE and line[-1] in _ENDS]
    parts = prose if sum(map(len, prose)) >= _LONG else [text]
    samples = [part[i : i + _SAMPLE] for part in parts for i in range(0, len(part), _SAMPLE)]
    return samples[:: -(-len(samples) // _MOST_SAMPLES)]


def _judge(sample: str, expected: str) -> tuple[str, float]:
    words = " ".join(sample.split())
    found = _probabilities(words)
    code, score = max(found.items(), key=lambda one: one[1])
    if code != expected and score < _SURE:
        ours = found.get(expected, 0.0)
        if ours >= _HARDLY or len(sample) < _LONG:
            code, score = expected, ours
    return code, round(score, 4)


def _probabilities(text: str) -> dict[str, float]:
    """The probability of each language by py3langid's model, with the same bits on every machine.

    Its own products and exponentials are left to BLAS and numpy, whose last bits depend on the processor; here they are integers.
    """
    from py3langid.langid import visit_counts

    from qantar.model.decoding import exponential

    identifier, features, priors = _identifier()
    encoded = identifier._encode(text)
    visits = visit_counts(identifier.tk_nextmove, identifier._rowbase, identifier.tk_output, encoded) or {}
    counts = np.array([_fixed(math.log1p(n)) for n in visits.values()], dtype=np.int64)
    # no feature of any language: all are as likely
    totals = counts @ features[list(visits)] + priors if visits else np.zeros(len(priors), dtype=np.int64)
    scores = (totals - totals.max()) / (_ONE * _ONE) / math.sqrt(len(encoded) or 1)  # the longer the text, the more a product says too much
    shares: Counter[str] = Counter()  # some languages have two entries
    for language, share in zip(identifier.nb_classes, exponential(scores.astype(np.float32)).tolist(), strict=True):
        shares[language] += share
    whole = shares.total()
    return {language: share / whole for language, share in shares.items()}


_ONE = 1 << 16


def _fixed(x: float) -> int:
    """A number with 16 binary places: coarse enough that the last bits of a logarithm do not matter."""
    return round(x * _ONE)


@cache
def _identifier() -> tuple[Any, Any, Any]:
    """The identifier, the weights of its features by language, and of the languages, as integers."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    features = np.rint(np.asarray(identifier.nb_ptc, np.float64) * _ONE).astype(np.int64)
    return identifier, features, np.rint(np.asarray(identifier.nb_pc, np.float64) * _ONE * _ONE).astype(np.int64)
