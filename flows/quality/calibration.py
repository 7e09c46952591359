"""What the scores of quotes mean in a corpus: `raw/calibration.csv`, a table of the share that is right at each score from 0.00 to 1.00.

`qantar audit --calibrate` fits it. It only rises, by a ten-thousandth a step at least, so that a calibrated score still tells the one
before. Builds look a score up; they compute nothing that a processor might round otherwise.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qantar.schema import CORRECTION
from qantar.settings import CALIBRATION_FILE, QantarError

STEPS = 100
UNIT = 10_000
_TOLD = re.compile(r"# (\d+) quotes judged, (\d+) wrong; calibration error ([01]\.\d{3}) before, ([01]\.\d{3}) after")


@dataclass(frozen=True)
class Calibration:
    """What scores mean in a corpus, and what that rests on."""

    shares: tuple[int, ...]
    """For each score from 0.00 to 1.00, the share right in ten-thousandths."""
    n: int
    n_wrong: int
    before: float
    """Calibration error of the scores as they were; both by cross-validation."""
    after: float

    def calibrated(self, score: float) -> float:
        """The score of this corpus for one of the pipeline."""
        return self.shares[round(score * STEPS)] / UNIT

    def raw(self, score: float) -> float:
        """The pipeline's score for one of this corpus."""
        return self.shares.index(round(score * UNIT)) / STEPS

    def as_setting(self) -> dict[str, Any]:
        """As it stands in the settings of a build."""
        return {"judged": self.n, "wrong": self.n_wrong, "error_before": self.before, "error_after": self.after, "shares": self.shares}


def of_setting(said: Mapping[str, Any] | None) -> Calibration | None:
    """The calibration that the settings of a build hold; None where there is none."""
    if said is None:
        return None
    return Calibration(tuple(said["shares"]), said["judged"], said["wrong"], said["error_before"], said["error_after"])


def is_calibrated(kind: str, method: str) -> bool:
    """Whether quotes of a kind and method are: not what a person corrected, nor marks that quote nobody."""
    return kind != "unattributed" and not method.startswith(CORRECTION)


def keep_calibration(raw: Path, found: Calibration) -> Path:
    """Write `raw/calibration.csv`; an earlier one is replaced."""
    text = io.StringIO(newline="")
    text.write(f"# {found.n} quotes judged, {found.n_wrong} wrong; calibration error {found.before:.3f} before, {found.after:.3f} after\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["score", "share"])
    writer.writerows([f"{step / STEPS:.2f}", f"{share / UNIT:.4f}"] for step, share in enumerate(found.shares))
    path = raw / CALIBRATION_FILE
    path.write_text(text.getvalue(), "utf-8")
    return path


def load_calibration(raw: Path) -> Calibration | None:
    """What `raw/calibration.csv` says; None without the file.

    Raises QantarError, naming the line, for what `qantar audit --calibrate` does not write.
    """
    path = raw / CALIBRATION_FILE
    if not path.is_file():
        return None
    try:
        head, names, *lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, ValueError):
        head, names, lines = "", "", []
    told = _TOLD.fullmatch(head)
    if told is None or names != "score,share":
        raise QantarError(f"{path}, line 1: no calibration; write it again with qantar audit --calibrate")
    shares: list[int] = []
    for number, line in enumerate(lines, 3):
        match = re.fullmatch(r"([01]\.\d\d),([01]\.\d{4})", line)
        share = round(float(match[2]) * UNIT) if match and round(float(match[1]) * STEPS) == number - 3 else -1
        if not (shares[-1] if shares else -1) < share <= UNIT:
            raise QantarError(f"{path}, line {number}: {line[:40]!r} is no rising share; write it again with qantar audit --calibrate")
        shares.append(share)
    if len(shares) != STEPS + 1:
        raise QantarError(f"{path}: {len(shares)} scores instead of {STEPS + 1}; write it again with qantar audit --calibrate")
    return Calibration(tuple(shares), int(told[1]), int(told[2]), float(told[3]), float(told[4]))
