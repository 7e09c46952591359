"""The parts of a staged build that the one before has, too: their rows are copied from its database, and need no second proof."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from qantar.publish.csv_tables import file_digest, read_checksums
from qantar.publish.description import DATABASE
from qantar.schema import TABLES
from qantar.store.history import RUN_FILE
from qantar.store.parquet import part_path, parts, read_columns, tables_in
from qantar.store.sqlite import Shared

_PROVEN_BY = ["code_version", "packages"]


def find_shared(staged: Path, sums: Mapping[str, str], before: Path | None) -> Shared | None:
    """The parts that a staged build shares with the one before, from the SHA-256 of its parts by their paths in it.

    None where that build was validated by another code or with other packages, or is not as it was published.
    """
    if before is None or not (before / RUN_FILE).exists():
        return None
    had: dict[tuple[str, str | None], tuple[int, int]] = {}
    try:
        published = read_checksums(before)
        for table in tables_in(before).values():
            last = 0
            for part in parts(before, table):
                first, last = last + 1, last + pq.read_metadata(part).num_rows
                had[table.name, published.get(part.relative_to(before).as_posix())] = (first, last)
        rows = {path: had[key] for path, sha256 in sums.items() if (key := (Path(path).parent.name, sha256)) in had}
        is_whole = _proven_by(before) == _proven_by(staged) and published.get(DATABASE) == file_digest(before / DATABASE)
    except (OSError, ValueError, KeyError, pa.ArrowException):  # it is damaged: all is made anew
        return None
    return Shared(before / DATABASE, rows) if rows and is_whole else None


def _proven_by(build: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = read_columns(part_path(build, TABLES["build"]), _PROVEN_BY).to_pylist()
    return rows
