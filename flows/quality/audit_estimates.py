"""What the judgements of a sample say of the whole corpus: shares with intervals, agreement, and how many rows a wished width needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

_Z = NormalDist().inv_cdf(0.975)
_ANY = 1 / 12
"""The variance of a share of which nothing is known: that of a uniform one."""


class Stratum(NamedTuple):
    """What was judged of one stratum."""

    size: int
    n: int
    right: int


class Estimate(NamedTuple):
    """A figure of the whole corpus, its 95 % interval, and the judgements it rests on."""

    value: float
    low: float
    high: float
    n: int


def estimate_share(strata: Sequence[Stratum]) -> Estimate:
    """The share of right rows in all strata together.

    Each stratum counts by its size (W. G. Cochran, Sampling Techniques, 1977, ch. 5). Strata without a judgement are taken to be as the
    others, but their share might be any: they widen the interval. The variance has the finite population's correction; the interval is
    Wilson's for as many independent rows as have that variance. For the variance, a stratum's share is moved a little towards the middle,
    or 5 right of 5 would prove all right.

    >>> [round(part, 3) for part in estimate_share([Stratum(900, 45, 45), Stratum(100, 10, 5)])]
    [0.95, 0.892, 0.978, 55]
    """
    judged = [s for s in strata if s.n]
    total = sum(s.size for s in judged)
    if not total:
        return Estimate(0.0, 0.0, 1.0, 0)
    n = sum(s.n for s in judged)
    value = sum(s.size * s.right / s.n for s in judged) / total
    everything = sum(s.size for s in strata)
    pooled = sum(s.size * (s.right + 1) / (s.n + 2) for s in strata) / everything
    variance = sum((s.size / everything) ** 2 * (_variance(s) if s.n else _ANY) for s in strata)
    if variance <= 0:
        return Estimate(value, value, value, n)
    effective = pooled * (1 - pooled) / variance
    return Estimate(value, *wilson(value, effective), n)


def _variance(stratum: Stratum) -> float:
    """Of the share of right rows in one stratum, as far as it was not judged."""
    share = (stratum.right + 1) / (stratum.n + 2)
    left = 1 - stratum.n / stratum.size
    return left * share * (1 - share) / stratum.n


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of `n` rows, which may be no whole number."""
    spread = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    middle, scale = share + _Z**2 / (2 * n), 1 + _Z**2 / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def estimate_recall(precision: Estimate, n_found: int, missed: Sequence[int], n_passages: int) -> Estimate:
    """The share found of what there is: what is right among `n_found` rows, against what was missed.

    `missed` are the numbers missed in the passages that were judged, of `n_passages`. Their sum is taken as a count with the scatter
    that they show; its interval and precision's are put together on the logarithm of their ratio (Donner and Zou, 2012: MOVER).
    """
    n = len(missed)
    right = precision.value * n_found
    if not n or not right:
        return Estimate(0.0, 0.0, 1.0, n)
    scale, total = n_passages / n, sum(missed)
    low, high = count_interval(total, _scatter(missed), 1 - n / n_passages)
    if not total:
        return Estimate(1.0, right / (right + scale * high), 1.0, n)
    ratio = math.log(scale * total / right)
    up = math.hypot(math.log(high / total), math.log(precision.value / max(precision.low, 1e-9)))
    down = math.hypot(math.log(total / max(low, 1e-9)), math.log(precision.high / precision.value))
    value, least, most = (1 / (1 + math.exp(ratio + way)) for way in (0.0, up, -down))
    return Estimate(value, least, most, n)


def _scatter(counts: Sequence[int]) -> float:
    """How much more counts vary than those of independent events: 1 or more."""
    mean = sum(counts) / len(counts)
    if len(counts) < 2 or not mean:
        return 1.0
    return max(1.0, sum((c - mean) ** 2 for c in counts) / (len(counts) - 1) / mean)


def count_interval(total: int, scatter: float = 1.0, left: float = 1.0) -> tuple[float, float]:
    """The 95 % interval of a count (Garwood's, by the approximation of Byar), wider by its scatter, narrower where little is `left`.

    >>> [round(end, 2) for end in count_interval(10)]
    [4.79, 18.39]
    """
    scatter = max(scatter * left, 1e-9)
    k = total / scatter
    low = k * (1 - 1 / (9 * k) - _Z / (3 * math.sqrt(k))) ** 3 if k else 0.0
    high = (k + 1) * (1 - 1 / (9 * (k + 1)) + _Z / (3 * math.sqrt(k + 1))) ** 3
    return max(0.0, low) * scatter, high * scatter


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The agreement of two annotators beyond chance (J. Cohen, 1960); None where there is no pair, or both always say the same.

    >>> pairs = 45 * [("right", "right")] + 15 * [("right", "wrong")] + 25 * [("wrong", "right")] + 15 * [("wrong", "wrong")]
    >>> round(cohens_kappa(pairs), 3)
    0.13
    """
    if not pairs:
        return None
    n = len(pairs)
    values = {value for pair in pairs for value in pair}
    by_chance = sum((sum(a == v for a, _ in pairs) / n) * (sum(b == v for _, b in pairs) / n) for v in values)
    return None if by_chance == 1 else (sum(a == b for a, b in pairs) / n - by_chance) / (1 - by_chance)


def rows_needed(estimate: Estimate, width: float, size: int) -> int:
    """How many more rows are to be judged for an interval of this width.

    >>> rows_needed(Estimate(0.9, 0.81, 0.95, 50), 0.06, 100_000)
    333
    """
    share = min(max(estimate.value, 0.02), 0.98)
    n = share * (1 - share) * (2 * _Z / width) ** 2
    return max(0, math.ceil(n / (1 + n / max(1, size))) - estimate.n)
