"""Corrections that came after a build."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from qantar.corrections.corrections_file import load_corrections


def corrects_texts(raw: Path, build: Path) -> bool:
    """Whether people corrected roles of passages or sentences since a build: the language model has to read these texts again."""
    fixes = {fix.id for fix in load_corrections(raw).fixes if fix.table in ("blocks", "sentences")}
    if not fixes:
        return False
    try:
        with gzip.open(build / "csv/corrections.csv.gz", "rt", encoding="utf-8", newline="") as file:
            return not fixes <= {row["correction_id"] for row in csv.DictReader(file)}
    except OSError:  # it is gone, or no build of ours
        return True
