"""The figures of an audit, kept in `raw/audit.csv` for the table `quality` of later builds, with the gold's name `audit`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from qantar.quality.audit import Figure
from qantar.schema import Quality
from qantar.settings import AUDIT_FILE, QantarError

COLUMNS = ("layer", "metric", "value", "low", "high", "n")
GOLD = "audit"


def keep_figures(raw: Path, figures: Iterable[Figure]) -> Path:
    """Write the figures to `raw/audit.csv`; those of an earlier audit are replaced."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for figure in figures:
        value, low, high, n = figure.estimate
        writer.writerow([figure.layer, figure.metric, *(f"{part:.6f}" for part in (value, low, high)), n])
    path = raw / AUDIT_FILE
    path.write_text(text.getvalue(), "utf-8")
    return path


def load_figures(raw: Path) -> list[Quality]:
    """The rows of `quality` that `raw/audit.csv` gives; none without the file.

    Raises QantarError, naming the line, for what `qantar audit` does not write.
    """
    path = raw / AUDIT_FILE
    if not path.is_file():
        return []
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                value, low, high = (float(row[name]) for name in ("value", "low", "high"))
                if not 0 <= low <= value <= high <= 1 or not row["layer"] or not row["metric"]:
                    raise ValueError
                rows.append(Quality(layer=row["layer"], metric=row["metric"], value=value, low=low, high=high, gold=GOLD, n=int(row["n"])))
            except (KeyError, TypeError, ValueError):
                raise QantarError(
                    f"{path}, line {reader.line_num}: no figure of an audit; write it again with qantar audit --keep"
                ) from None
    return rows
