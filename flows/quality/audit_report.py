"""What `qantar audit --score` says and writes."""

from __future__ import annotations

from pathlib import Path

from qantar.corrections.corrections_file import add_corrections
from qantar.quality.audit import compare_annotators, corrections_of, describe, score_sheet
from qantar.quality.audit_figures import keep_figures
from qantar.quality.audit_sheet import read_sheet
from qantar.quality.calibration import keep_calibration
from qantar.quality.calibration_fit import calibrate, describe_calibration, points_of
from qantar.settings import QantarError

MOST_TOLD = 50
"""Disagreements, and wrong rows without what is right, that are told."""


def report_audit(
    sheet: Path,
    other: Path | None = None,
    width: float | None = None,
    *,
    keep: Path | None = None,
    correct: Path | None = None,
    calibrated: Path | None = None,
) -> list[str]:
    """The figures of a sheet in lines.

    They are kept in the raw folder `keep`, its wrong rows as corrections in that of `correct`, what the scores of quotes mean in that of
    `calibrated`, where given. Raises QantarError where nothing was judged, or too little to calibrate.
    """
    judged = read_sheet(sheet)
    figures = score_sheet(judged)
    if not figures:
        raise QantarError(f"{sheet}: nothing is judged yet; write right, wrong or unsure into the column verdict")
    lines = describe(figures, width)
    done = sum(bool(row.verdict) for row in judged)
    lines.append(
        f"{done} of {len(judged)} rows are judged, {sum(row.verdict == 'unsure' for row in judged)} unsure, which count for nothing"
    )
    if other is not None:
        kappa, n, differing = compare_annotators(judged, read_sheet(other))
        lines.append(f"two annotators, {n} rows: Cohen's kappa {'cannot be computed' if kappa is None else f'{kappa:.2f}'}")
        lines += [f"they disagree: {said}" for said in differing[:MOST_TOLD]]
    if keep is not None:
        lines.append(f"{keep_figures(keep, figures)}: kept; the next build has them in the table quality, as gold `audit`")
    if calibrated is not None:
        points = points_of(judged)
        found = calibrate(points)
        lines += describe_calibration(points, found)
        lines.append(f"{keep_calibration(calibrated, found)}: kept; the next build has calibrated scores of quotes")
    if correct is not None:
        fixes, untold = corrections_of(judged)
        new = add_corrections(correct, fixes)
        lines.append(f"{len(new)} new corrections in {correct / 'corrections.csv'}; {len(untold)} wrong rows make none")
        lines += [f"{sheet}: {said}" for said in untold[:MOST_TOLD]]
    return lines
