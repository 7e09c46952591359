"""How long validation takes as a build grows: processor seconds and peak memory, with Great Expectations' import apart.

    python -m benchmarks.validate [BUILD] [--raw raw] [--times 1 10 100 1000]

BUILD (default: processed/latest) is grown by repeating its own rows with new ids; RAW is the folder that it was made from, whose
text files are its raw texts. Each size is validated in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qantar.schema import ARTICLES, TABLES, Article, Document, Table
from qantar.store.parquet import PartWriter, batches, part_path, parts, to_arrow
from qantar.store.sqlite import write_build_database, write_database

_REPEATED = {"document_id", "canonical_id", "block_id", "sentence_id", "mention_id", "quote_id", "parent_quote_id", "quote_group_id"}
_REPEATED |= {"passage_id", "source_path"}
_ONCE = {"entities", "build", "quality", "takedowns"}
_COUNTED = {"entities", "build"}


def grow(build: Path, raw: Path, times: int, out: Path) -> None:
    """Write `build`, repeated, as a staged build at `out`, and the raw texts beside it."""
    for table in TABLES.values():
        base = pa.Table.from_batches(batches(build, table), schema=pq.read_schema(parts(build, table)[0]))
        with PartWriter(part_path(out / "staged", table), table) as writer:
            for number in range(1 if table.name in _ONCE else times):
                writer.write(_repeated(base, table, number, times))
    write_build_database(out / "staged")
    documents = pa.Table.from_batches(batches(build, TABLES["documents"])).to_pylist()
    read = [_article(Document(**row), raw) for row in documents]

    def texts(_: Table) -> Iterator[pa.RecordBatch]:
        for number in range(times):
            yield from to_arrow(ARTICLES, [replace(a, document_id=_new(number, a.document_id)) for a in read]).to_batches()

    write_database(out / "working.db", {"articles": ARTICLES}, texts)


def _repeated(base: pa.Table, table: Table, number: int, times: int) -> pa.Table:
    for place, column in enumerate(table):
        if table.name in _COUNTED and column.name.startswith("n_") and column.name != "n_entities":
            base = base.set_column(place, column.name, pc.multiply(base[column.name], times))
        elif table.name not in _ONCE and column.name in _REPEATED:
            ids = base[column.name].cast(pa.binary())
            new = pc.binary_replace_slice(ids, 0, 0 if column.name == "source_path" else 5, f"{number:05}".encode())
            base = base.set_column(place, column.name, new.cast(pa.string()))
    return base


def _new(number: int, name: str) -> str:
    return f"{number:05}{name[5:]}"


def _article(document: Document, raw: Path) -> Article:
    shared = {c.name: getattr(document, c.name) for c in ARTICLES if hasattr(document, c.name) and c.name != "text"}
    text = (raw / document.source_path).read_bytes().decode("utf-8-sig")
    return Article(**shared, text=text, has_raw_offsets=True)


def measure(staged: Path, working: Path) -> None:
    """Validate in this process; print seconds of import, of validation, and MiB at the peak."""
    start = time.process_time()
    from qantar.expectations import suites

    suites()  # imports Great Expectations

    from qantar.quality.validation import Validation, check_tables, write_report
    from qantar.schema import TABLES

    imported = time.process_time()
    validation = write_report(staged, Validation(check_tables(staged, working, TABLES)))
    seconds = time.process_time() - imported
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(imported - start, seconds, peak, len(validation.failures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=Path, default=Path("processed/latest"))
    parser.add_argument("--raw", type=Path, default=Path("raw"))
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100, 1000])
    parser.add_argument("--measure", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(*options.measure)
    print(f"{'articles':>9} {'rows':>10} {'import s':>9} {'validate s':>11} {'peak MiB':>9} {'not met':>8}")
    for times in options.times:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder)
            grow(options.build, options.raw, times, out)
            rows: dict[str, Any] = {n: sum(pq.read_metadata(p).num_rows for p in parts(out / "staged", t)) for n, t in TABLES.items()}
            command = [sys.executable, "-m", "benchmarks.validate", "--measure", str(out / "staged"), str(out / "working.db")]
            imported, seconds, peak, failed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-4:]
        line = f"{rows['documents']:>9,} {sum(rows.values()):>10,} {float(imported):>9.1f} {float(seconds):>11.1f} {peak:>9} {failed:>8}"
        print(line, flush=True)
    return None


if __name__ == "__main__":
    main()
