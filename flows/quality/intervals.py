"""How far a measured figure can be trusted: the 95 % interval of a precision, a recall, an F1."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
RESAMPLES = 1000
_SEED = 2022
_Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations
DIGITS = 6


def precision(counts: Floats) -> Floats:
    """The share of the predicted that is right; rows of `counts` are right among the predicted, among the gold's, predicted, gold."""
    return _ratio(counts[:, 0], counts[:, 2])


def recall(counts: Floats) -> Floats:
    """The share of the gold's that was found."""
    return _ratio(counts[:, 1], counts[:, 3])


def f1(counts: Floats) -> Floats:
    """The harmonic mean of the two."""
    p, r = precision(counts), recall(counts)
    return _ratio(2 * p * r, p + r)


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def interval(counts: Floats, figure: Callable[[Floats], Floats], n: float) -> tuple[float, float]:
    """The 95 % interval of a figure of `n` items, counted by paragraph (a row each).

    A bootstrap over the paragraphs, since what stands in one paragraph is got right or wrong together; but never narrower than
    Wilson's interval of `n` independent items: where all is right, every resample is too, and yet 9 of 9 do not prove 100 %.

    >>> one_right = np.array([[1.0, 1.0, 1.0, 1.0]])
    >>> [round(end, 3) for end in interval(np.repeat(one_right, 9, axis=0), precision, 9)]
    [0.701, 1.0]
    """
    value = float(figure(counts.sum(axis=0, keepdims=True))[0])
    low, high = wilson(value, n)
    samples = _draws(len(counts)) @ counts
    samples = samples[samples[:, 2:].any(axis=1)]  # those that drew any of the layer
    if len(samples):
        ordered = np.sort(figure(samples))
        tail = len(ordered) * 25 // 1000
        low, high = min(low, float(ordered[tail])), max(high, float(ordered[-1 - tail]))
    return round(low, DIGITS), round(high, DIGITS)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share of `n` items (E. B. Wilson, 1927)."""
    if not n:
        return 0.0, 1.0
    spread = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    middle, scale = share + _Z**2 / (2 * n), 1 + _Z**2 / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


@cache
def _draws(n: int) -> Floats:
    """How often each of `n` paragraphs is drawn in each resample. Python's generator gives the same numbers in every version."""
    generator = random.Random(_SEED)
    draws = np.zeros((RESAMPLES, n))
    for row in draws:
        for _ in range(n):
            row[int(generator.random() * n)] += 1
    return draws
