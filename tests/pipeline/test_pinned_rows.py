"""The rows of the build of raw/ are the pinned ones, on whatever machine this runs."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.pin_digests import PINNED, pinned_rows


def test_the_rows_of_the_build_of_raw_are_the_pinned_ones(dataset: Path) -> None:
    pinned, found = json.loads(PINNED.read_text("utf-8"))["rows"], pinned_rows(dataset)
    changed = sorted(name for name in {*pinned, *found} if pinned.get(name) != found.get(name))
    assert not changed, (
        f"rows of {', '.join(changed)} are others than the pinned ones; if they changed on purpose: "
        "`qantar build`, `python -m benchmarks.pin_digests processed/latest`; if not, this machine gives other results"
    )
