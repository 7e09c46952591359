"""What a build has less of than the one before it: a warning for those who do not read every summary."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from qantar.pipeline.shard_tables import count
from qantar.schema import TABLES
from qantar.store.parquet import parts, read_columns

DROP = 0.2
"""A table that loses more than this share of its rows from one build to the next is named."""


def find_losses(before: Path | None, staged: Path) -> list[str]:
    """A sentence for the inputs that were rejected beyond those of the build before, and for each table that shrank by more than DROP.

    Nothing where there is no build before.
    """
    if before is None or not (before / "data").is_dir():
        return []
    found = []
    old, new = _reasons(before), _reasons(staged)
    if new.total() > old.total():
        reasons = ", ".join(f"{reason} ({n - old[reason]} more)" for reason, n in sorted(new.items()) if n > old[reason])
        found.append(f"{new.total() - old.total()} more inputs were rejected than in build {before.name}: {reasons}")
    for name, table in TABLES.items():
        had, has = count(before, table), count(staged, table)
        if name != "rejected" and has < (1 - DROP) * had:
            found.append(f"table {name} has {has:,} rows; it had {had:,} in build {before.name}")
    return found


def _reasons(build: Path) -> Counter[str]:
    table = TABLES["rejected"]
    return Counter(reason for part in parts(build, table) for reason in read_columns(part, ["reason"]).column(0).to_pylist())
