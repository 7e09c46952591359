"""Rows by table and source: pinned in `expectations/row_counts.csv`, so that a review shows every shift.

`python -m qantar.publish.counts [BUILD]` prints the counts of a build (processed/latest, if none is named) as that file has them.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from qantar.schema import TABLES, Table
from qantar.store.parquet import batches

OUTSIDE = frozenset({"build", "quality"})
"""Tables about the dataset, not of it."""


def row_counts(build: Path) -> dict[tuple[str, str], int]:
    """Rows by table and the source file of their document; those of no one document have the source ""."""
    sources: dict[str, str] = {}
    for batch in batches(build, TABLES["documents"]):
        sources.update(zip(*(batch.column(name).to_pylist() for name in ("document_id", "source_path")), strict=True))
    counts: dict[tuple[str, str], int] = {}
    for name, table in TABLES.items():
        if name not in OUTSIDE:
            found = Counter(_sources(build, table, sources)) or {"": 0}
            counts |= {(name, source): found[source] for source in sorted(found)}
    return counts


def _sources(build: Path, table: Table, sources: Mapping[str, str]) -> Iterator[str]:
    """The source of each row."""
    names = {column.name for column in table}
    for batch in batches(build, table):
        if "source_path" in names:
            yield from batch.column("source_path").to_pylist()
        elif "document_id" in names:
            yield from (sources.get(document_id, "") for document_id in batch.column("document_id").to_pylist())
        else:
            yield from [""] * batch.num_rows


def counts_csv(build: Path) -> str:
    """The counts as CSV: table, source, rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "source", "rows"])
    writer.writerows([table, source, n] for (table, source), n in row_counts(build).items())
    return text.getvalue()


if __name__ == "__main__":
    sys.stdout.write(counts_csv(Path(sys.argv[1] if len(sys.argv) > 1 else "processed/latest")))
