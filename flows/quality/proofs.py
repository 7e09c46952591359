"""What was proven of an earlier build's documents: the same rows and raw texts under the same rules need no second proof.

Some documents that follow one another make a unit. Its proof is kept under the hash of all their rows, of their raw texts, and of the
code and packages that check them, once every expectation of the build held. A row, text or rule that is another, or a proof that is
damaged, means that the unit is checked again; what concerns several documents is checked at every build.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from qantar.schema import OF_DOCUMENTS, TABLES
from qantar.store.cache import kept_bytes, stored_bytes
from qantar.store.parquet import batches, tables_in
from qantar.store.sqlite import quoted
from qantar.text.identity import digest
from qantar.version import code_version, machine, package_versions

OF_ALL = frozenset({"source_sha256", "source_record"})
"""Columns of theirs that a change elsewhere in the same file changes: rules about them are checked at every build."""

_UNIT = 8  # documents
_STAGE = "proof"
_RAW = "SELECT document_id, text, raw_start, has_raw_offsets FROM articles"


class Unproven(NamedTuple):
    """What is to be checked of a build's documents."""

    documents: list[str] | None = None
    """Those of which nothing is known; None for all."""
    proofs: tuple[str, ...] = ()
    """Keys of what is proven when all expectations hold."""


def find_unproven(folder: Path, working: Path, cache: Path, *, fresh: bool = False) -> Unproven:
    """The documents of a staged build whose rows, raw texts or rules are not those of an earlier one; all of them where most are."""
    try:
        units = list(_units(folder, working))
    except (OSError, sqlite3.Error, pa.ArrowException, KeyError, _OutOfOrderError):  # validation says what is wrong
        return Unproven()
    missing = [unit for unit in units if fresh or kept_bytes(cache, _STAGE, unit.key) != unit.key.encode()]
    documents = [document_id for unit in missing for document_id in unit.documents]
    keys = tuple(unit.key for unit in missing)
    return Unproven(None if 2 * len(missing) > len(units) else documents, keys)


def keep_proofs(cache: Path, keys: Sequence[str]) -> None:
    """Keep what was proven: every expectation of the build holds."""
    for key in keys:
        stored_bytes(cache, _STAGE, key, key.encode, fresh=True)


class _Unit(NamedTuple):
    documents: list[str]
    key: str


class _OutOfOrderError(Exception):
    """A table's rows are not in the order of the documents, or are of none."""


def _units(folder: Path, working: Path) -> Iterator[_Unit]:
    """The documents of a build, some together, with the hash of all that the expectations of single documents look at."""
    order = [key for batch in batches(folder, TABLES["documents"]) for key in batch.column("document_id").to_pylist()]
    if len(set(order)) < len(order):
        raise _OutOfOrderError
    ends = [n for n, key in enumerate(order, 1) if n == len(order) or int(digest(key)[:8], 16) % _UNIT == 0]
    rules = digest(code_version(), repr(package_versions()), repr(machine()))
    sums = [hashlib.sha256(rules.encode()) for _ in ends]
    unit_of = _numbering(order, ends)
    for name, table in tables_in(folder).items():
        if name in OF_DOCUMENTS:
            names = [column.name for column in table if column.name not in OF_ALL]
            for number, rows in _parted((batch.select(names) for batch in batches(folder, table)), unit_of):
                sums[number].update(f"{name} {len(rows)} {rows.schema}\0".encode())
                sums[number].update(rows.serialize())
    _add_raw_texts(sums, working, dict(zip(order, unit_of(pa.array(order, pa.string())), strict=True)))
    start = 0
    for end, total in zip(ends, sums, strict=True):
        yield _Unit(order[start:end], total.hexdigest())
        start = end


def _numbering(order: list[str], ends: list[int]) -> Callable[[pa.Array], list[int]]:
    """A function from documents to the numbers of their units. It raises _OutOfOrderError for a document that there is not."""
    numbers = pa.array([number for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)) for _ in range(start, end)])
    known = pa.array(order, pa.string())

    def unit_of(documents: pa.Array) -> list[int]:
        places = pc.index_in(documents, value_set=known)
        if places.null_count:
            raise _OutOfOrderError
        found: list[int] = numbers.take(places).to_pylist()
        return found

    return unit_of


def _parted(rows: Iterator[pa.RecordBatch], unit_of: Callable[[pa.Array], list[int]]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows of each unit that has any, whatever the batches were. Raises _OutOfOrderError where they are not in order."""
    now, waiting = -1, list[pa.RecordBatch]()
    for batch in rows:
        numbers = unit_of(batch.column("document_id"))
        starts = [at for at, number in enumerate(numbers) if at == 0 or number != numbers[at - 1]]
        for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True):
            if numbers[start] < now:
                raise _OutOfOrderError
            if numbers[start] > now and waiting:
                yield now, _together(waiting)
                waiting = []
            now = numbers[start]
            waiting.append(batch.slice(start, end - start))
    if waiting:
        yield now, _together(waiting)


def _together(pieces: list[pa.RecordBatch]) -> pa.RecordBatch:
    """Pieces of batches as one whose bytes are those of its rows alone."""
    whole = pa.Table.from_batches(pieces)
    (batch,) = whole.take(pa.array(range(len(whole)), pa.int64())).combine_chunks().to_batches()
    return batch


def _add_raw_texts(sums: list[hashlib._Hash], working: Path, unit_of: dict[str, int]) -> None:
    with closing(sqlite3.connect(f"{working.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        for document_id, text, *places in connection.execute(_RAW):
            if document_id in unit_of:
                total = sums[unit_of[document_id]]
                total.update(f"raw {document_id} {places} {len(text)}\0".encode())
                total.update(text.encode("utf-8", "surrogatepass"))


def make_unproven(connection: sqlite3.Connection, documents: Sequence[str]) -> None:
    """Give a staged database views of the rows of some documents, by `unproven`."""
    connection.execute("CREATE TEMP TABLE unproven_ids (document_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT INTO temp.unproven_ids VALUES (?)", ((key,) for key in documents))
    for name in OF_DOCUMENTS:
        connection.execute(
            f"CREATE TEMP VIEW {quoted(unproven(name))} AS SELECT * FROM main.{quoted(name)}"
            " WHERE document_id IN (SELECT document_id FROM temp.unproven_ids)"
        )


def unproven(table: str) -> str:
    """The name of the view of a table's rows that are to be checked."""
    return f"unproven {table}"
