"""What was proven of an earlier build's documents: the same rows and raw texts under the same rules need no second proof.

Some documents that follow one another make a unit. Its proof is kept under the hash of all their rows, of their raw texts, and of the
code and packages that check them, once every expectation of the build held. A row, text or rule that is another, or a proof that is
damaged, means that the unit is checked again. The hashes of a part's rows are kept under the hash of its file, so that a part that has not
changed is not read again; they tell, too, which rows are those of the build before. What concerns several documents held there, and can be
broken only by rows that are not the same: it is checked at every build, of these.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from qantar.quality.row_sums import OutOfOrderError, Piece, sum_units
from qantar.schema import OF_DOCUMENTS, TABLES, Table
from qantar.store.cache import kept_bytes, sha256, stored_bytes
from qantar.store.parquet import batches, part_batches, parts, tables_in
from qantar.store.sqlite import MAPPED, Shared, quoted
from qantar.text.identity import digest
from qantar.version import code_version, machine, package_versions

OF_ALL = frozenset({"source_sha256", "source_record"})
"""Columns of theirs that a change elsewhere in the same file changes: rules about them are checked at every build."""

_UNIT = 8  # documents
_STAGE, _SUMMED = "proof", "summed"


class SameRows(NamedTuple):
    """Rows of a part of a staged build, by their numbers in the table, that an earlier database has from the row `there` on."""

    first: int
    last: int
    there: int
    are_all: bool
    """They are the whole part, which is the same file in both builds; other rows are the same, `OF_ALL` aside, in parts that are not."""


class Same(NamedTuple):
    """What a staged build has in common with the one before, which was validated by the same rules."""

    database: Path
    """That of the build before."""
    rows: dict[str, list[SameRows]]
    """Of each part that has any, by its path in the build, in order."""
    changed: list[str]
    """Documents of either build that have other rows in the other one, in a table of OF_DOCUMENTS, or stand beside one that has."""


class Unproven(NamedTuple):
    """What is to be checked of a build's documents."""

    documents: list[str] | None = None
    """Those of which nothing is known; None for all."""
    proofs: tuple[str, ...] = ()
    """Keys of what is proven when all expectations hold."""
    same: Same | None = None
    """What rules about several documents need not look at: they held in the build before."""


def find_unproven(folder: Path, raw_sums: Mapping[str, str], cache: Path, shared: Shared | None = None, *, fresh: bool = False) -> Unproven:
    """The documents of a staged build whose rows, raw texts or rules are not those of an earlier one; all of them where most are.

    `raw_sums` says of each document what tells its raw text from another. `shared` are the parts that the build has in common with the
    one before; other parts may have rows in common with it, too.
    """
    try:
        pieces, units = _cut(folder, cache, fresh=fresh)
        keys = _keys_of(units, pieces, raw_sums)
        missing = [(unit, key) for unit, key in zip(units, keys, strict=True) if fresh or kept_bytes(cache, _STAGE, key) != key.encode()]
        same = _find_same(folder, cache, pieces, shared) if shared else None
    except (OSError, sqlite3.Error, pa.ArrowException, KeyError, OutOfOrderError):  # validation says what is wrong
        return Unproven()
    documents = None if 2 * len(missing) > len(units) else [document_id for unit, _ in missing for document_id in unit]
    return Unproven(documents, tuple(key for _, key in missing), same)


def keep_proofs(cache: Path, keys: Sequence[str]) -> None:
    """Keep what was proven: every expectation of the build holds."""
    for key in keys:
        stored_bytes(cache, _STAGE, key, key.encode, fresh=True)


_Pieces = dict[str, list[list[tuple[int, Piece]]]]
"""By table, for each part: its pieces, each with the number of its unit."""


def _cut(folder: Path, cache: Path, *, fresh: bool) -> tuple[_Pieces, list[list[str]]]:
    """The pieces of a build's parts, and the documents of each unit."""
    order = [key for batch in batches(folder, TABLES["documents"], ["document_id"]) for key in batch.column(0).to_pylist()]
    if len(set(order)) < len(order):
        raise OutOfOrderError
    ends = [n for n, key in enumerate(order, 1) if n == len(order) or int(digest(key)[:8], 16) % _UNIT == 0]
    unit_of = _numbering(order, ends)
    pieces: _Pieces = {}
    for name, table in tables_in(folder).items():
        for part in parts(folder, table) if name in OF_DOCUMENTS else ():
            keep = partial(stored_bytes, cache, _SUMMED, _key_of(table, part), partial(_sum_part, table, part, unit_of))
            found = _numbered(keep(fresh=fresh), unit_of) or _numbered(keep(fresh=True), unit_of)
            pieces.setdefault(name, []).append(found)
    return pieces, [order[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _keys_of(units: list[list[str]], pieces: _Pieces, raw_sums: Mapping[str, str]) -> list[str]:
    """For each unit, the hash of all that the expectations of single documents look at: its rows, its raw texts, and the rules."""
    sums = [hashlib.sha256(_rules().encode()) for _ in units]
    for name, of_parts in pieces.items():
        now = 0
        for number, piece in chain.from_iterable(of_parts):
            if number < now:
                raise OutOfOrderError
            sums[number].update(f"{name} {piece.total}\0".encode())
            now = number
    for whole, unit in zip(sums, units, strict=True):
        whole.update("".join(f"raw {document_id} {raw_sums.get(document_id)}\0" for document_id in unit).encode())
    return [whole.hexdigest() for whole in sums]


def _rules() -> str:
    return digest(code_version(), repr(package_versions()), repr(machine()))


def _key_of(table: Table, part: Path) -> str:
    return digest(_rules(), table.name, sha256(part))


def _find_same(folder: Path, cache: Path, pieces: _Pieces, shared: Shared) -> Same | None:
    """What is the same in the build before; None where what was noted of its parts is gone."""
    rows: dict[str, list[SameRows]] = {}
    changed: set[str] = set()
    for name, table in tables_in(folder).items():
        if (had := _pieces_before(shared.database.parent, cache, table) if name in pieces else {}) is None:
            return None
        start = 1
        for number, part in enumerate(parts(folder, table)):
            path = part.relative_to(folder).as_posix()
            rows[path] = [SameRows(start + at, start + at + n - 1, there, False) for at, there, n in shared.pieces.get(path, ())]
            if name in pieces:
                of_units = _same_rows([piece for _, piece in pieces[name][number]], had, start, changed)
                rows[path] = max(rows[path], of_units, key=_count)  # those of units are the same `OF_ALL` aside
            n = pq.read_metadata(part).num_rows
            if path in shared.rows:
                rows[path] = [SameRows(start, start + n - 1, shared.rows[path][0], True)]
            start += n
        changed.update(*(piece.documents for _, piece in had.values()))
    return Same(shared.database, rows, sorted(changed))


def _count(rows: Sequence[SameRows]) -> int:
    return sum(run.last - run.first + 1 for run in rows)


def _pieces_before(build: Path, cache: Path, table: Table) -> dict[str, tuple[int, Piece]] | None:
    """The pieces of a table of the build before, by their hashes, each with its first row in the database; None where they are gone."""
    found: dict[str, tuple[int, Piece]] = {}
    start = 1
    for part in parts(build, table):
        if (kept := kept_bytes(cache, _SUMMED, _key_of(table, part))) is None:
            return None
        for piece in _read_pieces(kept):
            found[piece.total] = start, piece
            start += piece.n
    return found


def _same_rows(pieces: list[Piece], had: dict[str, tuple[int, Piece]], start: int, changed: set[str]) -> list[SameRows]:
    """The rows of a part, from the row `start` of its table on, that an earlier build had, those that follow one another together.

    They are taken out of `had`: what it has once is the same once. The documents of other rows are `changed`.
    """
    found: list[SameRows] = []
    for piece in pieces:
        there, _ = had.pop(piece.total, (0, None))
        if there:
            run = SameRows(start, start + piece.n - 1, there, False)
            if found and found[-1].last + 1 == start and found[-1].there - found[-1].first == there - start:
                run = run._replace(first=found[-1].first, there=found.pop().there)
            found.append(run)
        else:
            changed.update(piece.documents)
        start += piece.n
    return found


def _sum_part(table: Table, part: Path, unit_of: Callable[[pa.Array], NDArray[np.int64]]) -> bytes:
    """The rows of a part in pieces, one for each unit that has any."""
    names = [column.name for column in table if column.name not in OF_ALL]
    return json.dumps(list(sum_units(part_batches(part, names), unit_of))).encode()


def _read_pieces(kept: bytes) -> list[Piece]:
    return [Piece(*piece) for piece in json.loads(kept)]


def _numbered(kept: bytes, unit_of: Callable[[pa.Array], NDArray[np.int64]]) -> list[tuple[int, Piece]]:
    """The pieces of a part, each with the number of its unit; none where the documents are in other units now."""
    pieces = _read_pieces(kept)
    numbers = iter(unit_of(pa.array([key for piece in pieces for key in piece.documents], pa.string())).tolist())
    found = [({next(numbers) for _ in piece.documents}, piece) for piece in pieces]
    is_parted = all(len(units) == 1 for units, _ in found) and len(set().union(*(units for units, _ in found))) == len(found)
    return [(units.pop(), piece) for units, piece in found] if is_parted else []


def _numbering(order: list[str], ends: list[int]) -> Callable[[pa.Array], NDArray[np.int64]]:
    """A function from documents to the numbers of their units. It raises OutOfOrderError for a document that there is not."""
    numbers = np.repeat(np.arange(len(ends)), np.diff([0, *ends]))
    known = dict(zip(order, numbers.tolist(), strict=True))

    def unit_of(documents: pa.Array) -> NDArray[np.int64]:
        places = documents.dictionary_encode()
        try:
            units = np.array([known[key] for key in places.dictionary.to_pylist()], np.int64)
        except KeyError as error:
            raise OutOfOrderError from error
        found: NDArray[np.int64] = units[places.indices.to_numpy()]
        return found

    return unit_of


def make_unproven(connection: sqlite3.Connection, documents: Sequence[str]) -> None:
    """Give a staged database views of the rows of some documents, by `unproven`."""
    connection.execute("CREATE TEMP TABLE unproven_ids (document_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT INTO temp.unproven_ids VALUES (?)", ((key,) for key in documents))
    for name in OF_DOCUMENTS:
        connection.execute(
            f"CREATE TEMP VIEW {quoted(unproven(name))} AS SELECT rowid, * FROM main.{quoted(name)}"
            " WHERE document_id IN (SELECT document_id FROM temp.unproven_ids)"
        )


def make_same(connection: sqlite3.Connection, same: Same) -> None:
    """Give a staged database the one before, as `earlier`, and views of both builds' rows of documents that changed."""
    connection.execute("ATTACH ? AS earlier", (f"{same.database.resolve().as_uri()}?mode=ro&immutable=1",))
    connection.execute(f"PRAGMA earlier.mmap_size = {MAPPED}")
    connection.execute("CREATE TEMP TABLE changed_ids (document_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT INTO temp.changed_ids VALUES (?)", ((key,) for key in same.changed))
    for name in OF_DOCUMENTS:
        for database, view in (("main", f"changed_{name}"), ("earlier", f"former_{name}")):
            connection.execute(
                f"CREATE TEMP VIEW {view} AS SELECT * FROM {database}.{quoted(name)}"
                " WHERE document_id IN (SELECT document_id FROM temp.changed_ids)"
            )


def make_moved(connection: sqlite3.Connection, table: str) -> None:
    """Note in a table, once, the members of quote groups that the staged database or the one before has and the other one has not."""
    apart = (
        "SELECT quote_group_id, quote_id FROM {one}.quote_group_members AS its WHERE NOT EXISTS (SELECT 1 FROM {other}.quote_group_members"
        " AS same WHERE same.quote_group_id = its.quote_group_id AND same.quote_id = its.quote_id)"
    )
    both = " UNION ALL ".join(apart.format(one=one, other=other) for one, other in (("main", "earlier"), ("earlier", "main")))
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} AS {both}")


def unproven(table: str) -> str:
    """The name of the view of a table's rows that are to be checked."""
    return f"unproven {table}"
