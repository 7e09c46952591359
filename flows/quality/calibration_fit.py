"""The scores of quotes fitted to an audit of the corpus.

A logistic curve is fitted to judged quotes (J. Platt, 1999, with his targets), each counting by its stratum, and kept as a rising table.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from qantar.quality.audit_sheet import Judged
from qantar.quality.calibration import STEPS, UNIT, Calibration
from qantar.settings import QantarError
from qantar.text.identity import digest

LEAST, LEAST_WRONG = 100, 10
"""Judged quotes, and wrong ones among them (and right ones), that a calibration needs."""
FOLDS = 10
_BINS = 5
_BANDS = ((0.9, 2.0, "0.9–1.0"), (0.8, 0.9, "0.8–0.9"), (0.7, 0.8, "0.7–0.8"), (0.6, 0.7, "0.6–0.7"), (0.0, 0.6, "below 0.6"))


class Point(NamedTuple):
    """One judged quote."""

    score: float
    is_right: bool
    weight: float
    fold: int


def points_of(judged: Sequence[Judged]) -> list[Point]:
    """The judged quotes of a sheet that say something of the scores, those of a stratum counting as many as they stand for."""
    rows = [row for row in judged if row.drawn["layer"] == "quotes" and row.verdict in ("right", "wrong") and row.drawn["score"]]
    n = Counter(row.drawn["stratum"] for row in rows)
    weights = [int(row.drawn["of"]) / n[row.drawn["stratum"]] for row in rows]
    mean = sum(weights) / max(1, len(weights))
    return [
        Point(float(row.drawn["score"]), row.verdict == "right", weight / mean, int(digest("fold", *row.key)[:8], 16) % FOLDS)
        for row, weight in zip(rows, weights, strict=True)
    ]


def calibrate(points: Sequence[Point]) -> Calibration:
    """Fit the table.

    Raises QantarError where too few quotes are judged, or where the fitted scores are no nearer to the truth by cross-validation.
    """
    wrong = sum(not point.is_right for point in points)
    if len(points) < LEAST or min(wrong, len(points) - wrong) < LEAST_WRONG:
        raise QantarError(
            f"{len(points)} quotes with a score are judged, {wrong} of them wrong; to calibrate takes {LEAST}, {LEAST_WRONG} of them wrong "
            f"and {LEAST_WRONG} right; judge more: qantar audit SHEET -n 200"
        )
    before, after = [point.score for point in points], crossed(points)
    if brier(points, after) >= brier(points, before):
        raise QantarError(
            f"by {len(points)} judged quotes the scores are as near to the truth as calibrated ones would be; nothing was written"
        )
    return Calibration(_table(*fit(points)), len(points), wrong, *(round(error(points, scores), 3) for scores in (before, after)))


def crossed(points: Sequence[Point]) -> list[float]:
    """The calibrated score of each point, by a curve that the tenth of points with it had no part in."""
    curves = [fit([point for point in points if point.fold != fold]) for fold in range(FOLDS)]
    return [_share(point.score, *curves[point.fold]) for point in points]


def fit(points: Sequence[Point]) -> tuple[float, float]:
    """The curve's slope and height at 0: Newton's method on the weighted likelihood. The slope is 0 at least: more score is no less right.

    >>> slope, height = fit([Point(0.5, k % 2 == 0, 1.0, 0) for k in range(50)] + [Point(0.9, k % 10 > 0, 1.0, 0) for k in range(50)])
    >>> round(_share(0.5, slope, height), 2), round(_share(0.9, slope, height), 2)
    (0.51, 0.89)
    """
    right = sum(point.is_right for point in points)
    targets = {True: (right + 1) / (right + 2), False: 1 / (len(points) - right + 2)}
    slope = 0.0
    mean = sum(point.weight * targets[point.is_right] for point in points) / max(1e-9, sum(point.weight for point in points))
    height = flat = math.log(mean / (1 - mean))
    for _ in range(50):
        g0 = g1 = h00 = h01 = h11 = 0.0
        for score, is_right, weight, _fold in points:
            share = _share(score, slope, height)
            off, bend = weight * (targets[is_right] - share), weight * share * (1 - share) + 1e-9
            g0, g1 = g0 + off, g1 + off * score
            h00, h01, h11 = h00 + bend, h01 + bend * score, h11 + bend * score * score
        det = h00 * h11 - h01 * h01
        if det < 1e-9:
            return 0.0, flat
        height, slope = height + (h11 * g0 - h01 * g1) / det, slope + (h00 * g1 - h01 * g0) / det
    return (slope, height) if slope > 0 else (0.0, flat)


def _share(score: float, slope: float, height: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, height + slope * score))))


def _table(slope: float, height: float) -> tuple[int, ...]:
    """The curve in whole ten-thousandths that rise at every step."""
    shares: list[int] = []
    for step in range(STEPS + 1):
        share = round(_share(step / STEPS, slope, height) * UNIT)
        share = max(share, shares[-1] + 1 if shares else 0)
        shares.append(min(share, UNIT - STEPS + step))
    return tuple(shares)


def error(points: Sequence[Point], scores: Sequence[float]) -> float:
    """The expected calibration error: how far scores are from the share right, in five groups of about as many quotes by their score."""
    total = sum(point.weight for point in points)
    groups: list[list[float]] = [[0.0, 0.0] for _ in range(_BINS)]
    seen = 0.0
    for score, point in sorted(zip(scores, points, strict=True)):
        group = groups[min(_BINS - 1, int(seen / total * _BINS))]
        group[0] += point.weight * score
        group[1] += point.weight * point.is_right
        seen += point.weight
    return sum(abs(stated - right) for stated, right in groups) / total


def brier(points: Sequence[Point], scores: Sequence[float]) -> float:
    """The mean square distance of scores from what is right (1) or wrong (0)."""
    total = sum(point.weight for point in points)
    return sum(point.weight * (score - point.is_right) ** 2 for score, point in zip(scores, points, strict=True)) / total


def describe_calibration(points: Sequence[Point], found: Calibration) -> list[str]:
    """The scores before and after in lines, by bands of the score, and their error."""
    after = crossed(points)
    lines = ["| score | judged | stated | calibrated | right |", "| --- | ---: | ---: | ---: | ---: |"]
    for low, high, name in _BANDS:
        some = [(point, score) for point, score in zip(points, after, strict=True) if low <= point.score < high]
        total = sum(point.weight for point, _ in some)
        if some:
            shares = [sum(point.weight * point.score for point, _ in some), sum(point.weight * score for point, score in some)]
            shares.append(sum(point.weight * point.is_right for point, _ in some))
            lines.append(f"| {name} | {len(some)} | {' | '.join(f'{share / total:.2f}' for share in shares)} |")
    lines.append(f"| calibration error | {len(points)} | {found.before:.3f} | {found.after:.3f} | |")
    square = [brier(points, scores) for scores in ([point.score for point in points], after)]
    return [*lines, f"| mean square error | {len(points)} | {square[0]:.3f} | {square[1]:.3f} | |"]
