"""The rows of a staged build that the one before has, too: they are copied from its database, those of whole parts need no second proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from qantar.publish.csv_tables import file_digest, read_checksums
from qantar.publish.description import DATABASE
from qantar.schema import TABLES, Table
from qantar.store.history import RUN_FILE
from qantar.store.json_lists import lists_as_json
from qantar.store.parquet import part_path, parts, read_columns, tables_in
from qantar.store.sqlite import Piece, Shared

FEWEST = 32
"""Rows that one after another are the same as before: fewer are not copied, as a statement of SQL for them takes as long."""
MOST_ROWS = 500_000
"""Rows of a part that are compared: of more, two copies would take too much memory."""
_PROVEN_BY = ["code_version", "packages"]


class _Part(NamedTuple):
    """A part of the build before, its SHA-256, the number of its first row in the database, and of its last."""

    path: Path
    sha256: str | None
    first: int
    last: int


def find_shared(staged: Path, sums: Mapping[str, str], before: Path | None) -> Shared | None:
    """What a staged build shares with the one before, from the SHA-256 of its parts by their paths in it, where those are known.

    None where that build was validated by another code or with other packages, or is not as it was published.
    """
    if before is None or not (before / RUN_FILE).exists():
        return None
    rows: dict[str, tuple[int, int]] = {}
    pieces: dict[str, list[Piece]] = {}
    try:
        published = read_checksums(before)
        if _proven_by(before) != _proven_by(staged) or published.get(DATABASE) != file_digest(before / DATABASE):
            return None
        for table in tables_in(staged).values():
            had = _parts_of(before, table, published)
            places = {part.sha256: place for place, part in enumerate(had)}
            at = 0
            for part in parts(staged, table):
                path = part.relative_to(staged).as_posix()
                if (place := places.get(sums.get(path, ""))) is not None:
                    rows[path] = had[place].first, had[place].last
                    pieces[path] = [Piece(0, had[place].first, had[place].last - had[place].first + 1)]
                    at = place + 1
                elif at < len(had):
                    pieces[path] = [Piece(start, had[at].first + first, n) for start, first, n in find_same(table, part, had[at].path)]
                    at += 1
    except (OSError, ValueError, KeyError, pa.ArrowException):  # it is damaged: all is made anew
        return None
    return Shared(before / DATABASE, rows, pieces) if any(pieces.values()) else None


def find_same(table: Table, part: Path, before: Path) -> list[Piece]:
    """The rows of a part, in pieces, that another part holds with the same values, one after another, too; `first` counts from 0 there.

    Columns that both hold in the same bytes are not read. Where the first of the key is none of them, rows are matched by it, those that
    share its value by their order. Columns of few bytes are compared first: where they leave no rows, long ones are not read.
    """
    with pq.ParquetFile(part) as new, pq.ParquetFile(before) as old:
        if not table.key or max(new.metadata.num_rows, old.metadata.num_rows) > MOST_ROWS:
            return []
        names = _shortest_first(table, old.metadata)
        same_bytes = _same_bytes((part, new.metadata), (before, old.metadata))
        if table.key[0] in same_bytes:
            names = [name for name in names if name not in same_bytes]
            at = like = pa.array(np.arange(new.metadata.num_rows))
        else:
            at, like = _match(*(_values(file.read([table.key[0]], use_threads=False), table.key[0]) for file in (new, old)))
        for some in (names[: len(names) // 2], names[len(names) // 2 :]):
            if len(at) < FEWEST:
                return []
            here, there = (file.read(some, use_threads=False) for file in (new, old))
            for name in some:
                value, other = _values(here, name).take(at), _values(there, name).take(like)
                same = pc.if_else(value.is_null(), other.is_null(), pc.fill_null(pc.equal(value, other), False))
                at, like = at.filter(same), like.filter(same)
    return _pieces(at.to_numpy(), like.to_numpy())


def _groups(metadata: pq.FileMetaData) -> list[pq.RowGroupMetaData]:
    return [metadata.row_group(number) for number in range(metadata.num_row_groups)]


def _shortest_first(table: Table, metadata: pq.FileMetaData) -> list[str]:
    sizes = Counter[str]()
    for group in _groups(metadata):
        for column in map(group.column, range(group.num_columns)):
            sizes[column.path_in_schema.partition(".")[0]] += column.total_uncompressed_size
    return sorted((column.name for column in table), key=sizes.__getitem__)


def _same_bytes(new: tuple[Path, pq.FileMetaData], old: tuple[Path, pq.FileMetaData]) -> set[str]:
    """The columns that two files hold in the same bytes, in row groups of the same sizes."""
    alike, another = set[str](), set[str]()
    groups, others = (_groups(metadata) for _, metadata in (new, old))
    if [group.num_rows for group in groups] != [group.num_rows for group in others]:
        return alike
    with new[0].open("rb") as one, old[0].open("rb") as other:
        for group, counterpart in zip(groups, others, strict=True):
            for number in range(group.num_columns):
                is_same = _bytes(one, group.column(number)) == _bytes(other, counterpart.column(number))
                (alike if is_same else another).add(group.column(number).path_in_schema.partition(".")[0])
    return alike - another


def _bytes(file: BinaryIO, column: pq.ColumnChunkMetaData) -> bytes:
    file.seek(column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset)
    return file.read(column.total_compressed_size)


def _values(rows: pa.Table, name: str) -> pa.Array:
    """A column in a form that Arrow compares."""
    column = rows.column(name).combine_chunks()
    return lists_as_json(column) if pa.types.is_list(column.type) else column


def _match(values: pa.Array, others: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The numbers of rows whose value is among the others, and of a row there that may be the same."""
    at = pa.array(np.arange(len(values), dtype=np.int32))
    like = pc.subtract(pc.add(pc.index_in(values, value_set=others), at), pc.index_in(values, value_set=values))
    is_there = pc.less(like, len(others))
    return at.filter(is_there), like.filter(is_there)


def _pieces(at: NDArray[np.int32], like: NDArray[np.int32]) -> list[Piece]:
    ends = [*(np.flatnonzero((np.diff(at) != 1) | (np.diff(like) != 1)) + 1).tolist(), len(at)]
    found = (Piece(int(at[start]), int(like[start]), end - start) for start, end in zip([0, *ends], ends, strict=False) if end > start)
    return [piece for piece in found if piece.n >= FEWEST]


def _parts_of(build: Path, table: Table, sums: Mapping[str, str]) -> list[_Part]:
    found, last = [], 0
    for part in parts(build, table):
        first, last = last + 1, last + pq.read_metadata(part).num_rows
        found.append(_Part(part, sums.get(part.relative_to(build).as_posix()), first, last))
    return found


def _proven_by(build: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = read_columns(part_path(build, TABLES["build"]), _PROVEN_BY).to_pylist()
    return rows
