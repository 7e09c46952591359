"""What `qantar collect` could not fetch, or found to be removed: `raw/collected/failed.csv`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import get_args

from qantar.schema import FetchReason, Rejected
from qantar.settings import FAILED_FILE


def load_failed(raw: Path) -> list[Rejected]:
    """A row of `rejected` for each address; a folder into which nothing was collected has none."""
    path = raw / FAILED_FILE
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [_row(line) for line in csv.DictReader(file, strict=True)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        detail = f"cannot be read: {error}; run qantar collect, which rewrites it"
        return [Rejected(source_path=FAILED_FILE, source_record=None, stage="collect", reason="unreadable", detail=detail)]
    return sorted(rows, key=lambda row: (row.source_record or "", row.reason, row.detail))


def _row(line: dict[str, str]) -> Rejected:
    reason: FetchReason = next((known for known in get_args(FetchReason) if known == line.get("reason")), "unknown")
    url, outlet, since, what = ((line.get(name) or "").replace("\x00", "") for name in ("url", "outlet", "since", "detail"))
    detail = f"{outlet}, since {since}: {what}"
    return Rejected(source_path=FAILED_FILE, source_record=url, stage="collect", reason=reason, detail=detail)
