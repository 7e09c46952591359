"""What was proven of an earlier build's documents: the same rows and raw texts under the same rules need no second proof.

Some documents that follow one another make a unit. Its proof is kept under the hash of all their rows, of their raw texts, and of the
code and packages that check them, once every expectation of the build held. A row, text or rule that is another, or a proof that is
damaged, means that the unit is checked again; what concerns several documents is checked at every build. The hashes of a part's rows are
kept under the hash of its file, so that a part that has not changed is not read again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from qantar.schema import OF_DOCUMENTS, TABLES, Table
from qantar.store.cache import kept_bytes, sha256, stored_bytes
from qantar.store.parquet import batches, part_batches, parts, tables_in
from qantar.store.sqlite import quoted
from qantar.text.identity import digest
from qantar.version import code_version, machine, package_versions

OF_ALL = frozenset({"source_sha256", "source_record"})
"""Columns of theirs that a change elsewhere in the same file changes: rules about them are checked at every build."""

_UNIT = 8  # documents
_STAGE, _SUMMED = "proof", "summed"
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
        units = list(_units(folder, working, cache, fresh=fresh))
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


def _units(folder: Path, working: Path, cache: Path, *, fresh: bool) -> Iterator[_Unit]:
    """The documents of a build, some together, with the hash of all that the expectations of single documents look at."""
    order = [key for batch in batches(folder, TABLES["documents"], ["document_id"]) for key in batch.column(0).to_pylist()]
    if len(set(order)) < len(order):
        raise _OutOfOrderError
    ends = [n for n, key in enumerate(order, 1) if n == len(order) or int(digest(key)[:8], 16) % _UNIT == 0]
    rules = digest(code_version(), repr(package_versions()), repr(machine()))
    sums = [hashlib.sha256(rules.encode()) for _ in ends]
    unit_of = _numbering(order, ends)
    for name, table in tables_in(folder).items():
        now = 0
        for part in parts(folder, table) if name in OF_DOCUMENTS else ():
            key = digest(rules, name, sha256(part))
            keep = partial(stored_bytes, cache, _SUMMED, key, partial(_sum_part, table, part, unit_of))
            pieces = _read_pieces(keep(fresh=fresh), unit_of) or _read_pieces(keep(fresh=True), unit_of)
            for number, total in pieces:
                if number < now:
                    raise _OutOfOrderError
                sums[number].update(f"{name} {total}\0".encode())
                now = number
    _add_raw_texts(sums, working, dict(zip(order, unit_of(pa.array(order, pa.string())), strict=True)))
    start = 0
    for end, whole in zip(ends, sums, strict=True):
        yield _Unit(order[start:end], whole.hexdigest())
        start = end


def _sum_part(table: Table, part: Path, unit_of: Callable[[pa.Array], list[int]]) -> bytes:
    """The rows of a part in pieces, one for each unit that has any: its documents, and the hash of its rows."""
    names = [column.name for column in table if column.name not in OF_ALL]
    pieces = []
    for _, rows in _parted(part_batches(part, names), unit_of):
        total = hashlib.sha256(f"{len(rows)} {rows.schema}\0".encode())
        total.update(rows.serialize())
        pieces.append((pc.unique(rows.column("document_id")).to_pylist(), total.hexdigest()))
    return json.dumps(pieces).encode()


def _read_pieces(kept: bytes, unit_of: Callable[[pa.Array], list[int]]) -> list[tuple[int, str]]:
    """The unit of each piece of a part, by its number, and the hash of its rows; none where the documents are in other units now."""
    pieces: list[tuple[list[str], str]] = json.loads(kept)
    numbers = iter(unit_of(pa.array([key for documents, _ in pieces for key in documents], pa.string())))
    found = [({next(numbers) for _ in documents}, total) for documents, total in pieces]
    is_parted = all(len(units) == 1 for units, _ in found) and len(set().union(*(units for units, _ in found))) == len(found)
    return [(units.pop(), total) for units, total in found] if is_parted else []


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
