"""Parquet made from the schema: the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import accumulate, pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from qantar.schema import OPTIONAL, TABLES, Column, Span, Table

Row = TypeVar("Row", bound=NamedTuple)

ROW_GROUP = 10_000
GROUP_BYTES = 64 * 2**20
"""Of text that a row group of long articles holds, and one row more: memory does not grow with what an article is."""
_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), date: pa.date32()}


def arrow_type(column: Column) -> pa.DataType:
    """Arrow's type of a column."""
    if column.type == list[str]:
        return pa.list_(pa.string())
    if column.type == Span:
        return pa.list_(pa.list_(pa.int64()))
    return _TYPES[column.type]


def arrow_schema(table: Table) -> pa.Schema:
    """A table's Arrow schema, without metadata, which would differ between writers."""
    return pa.schema([pa.field(c.name, arrow_type(c), nullable=c.nullable) for c in table])


def to_arrow(table: Table, rows: Iterable[Any]) -> pa.Table:
    """Rows (instances of the table's dataclass) as one Arrow table."""
    rows = list(rows)
    schema = arrow_schema(table)
    return pa.Table.from_arrays([pa.array(list(map(attrgetter(f.name), rows)), f.type) for f in schema], schema=schema)


def write_rows(path: Path, table: Table, rows: Iterable[Any]) -> None:
    """Write rows as one Parquet file, in the order given."""
    with pq.ParquetWriter(path, arrow_schema(table), **_OPTIONS) as writer:
        writer.write_table(to_arrow(table, rows), row_group_size=ROW_GROUP)


def rewrite_columns(path: Path, source: Path, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Write the rows of another Parquet file, of which some columns are now these values, one for each row in the same order."""
    schema = arrow_schema(table)
    with pq.ParquetFile(source) as file:
        whole = file.read(use_threads=False).select(schema.names).cast(schema)
    for name, values in columns.items():
        field = schema.field(name)
        whole = whole.set_column(schema.get_field_index(name), field, pa.array(values, field.type))
    pq.write_table(whole, path, row_group_size=ROW_GROUP, **_OPTIONS)


def replace_rows(path: Path, source: Path, table: Table, changed: Mapping[int, Any], left_out: Container[int] = ()) -> None:
    """Write the rows of another Parquet file, of which some, by their number, are now others, and some are left out."""
    whole = read_columns(source, [column.name for column in table])
    order = [at for at in range(len(whole)) if at not in left_out]
    new = {at: number for number, at in enumerate(changed, len(whole))}
    rows = pa.concat_tables([whole.cast(arrow_schema(table)), to_arrow(table, changed.values())])
    pq.write_table(rows.take(pa.array([new.get(at, at) for at in order], pa.int64())), path, row_group_size=ROW_GROUP, **_OPTIONS)


def join_rows(path: Path, table: Table, documents: Sequence[str], rows: Iterable[Any], source: Path | None, kept: Collection[str]) -> None:
    """Write the rows of some documents, in the documents' order: of those that are `kept` the rows of another file, of the others these."""
    schema = arrow_schema(table)
    found = [to_arrow(table, rows)]
    if source and kept:
        whole = read_columns(source, schema.names).cast(schema)
        found.append(whole.filter(pc.is_in(whole.column("document_id"), value_set=pa.array(sorted(kept), pa.string()))))
    joined = pa.concat_tables(found)
    places = pc.index_in(joined.column("document_id"), value_set=pa.array(documents, pa.string())).to_numpy()
    ordered = joined.take(pa.array(np.argsort(places, kind="stable"))).combine_chunks()
    pq.write_table(ordered, path, row_group_size=ROW_GROUP, **_OPTIONS)


def merge_rows(path: Path, table: Table, key: str, rows: Iterable[Any], source: Path, kept: Collection[str]) -> None:
    """Write rows, and those of another file that have one of the `kept` keys, in the order of the keys."""
    whole = read_columns(source, [column.name for column in table]).cast(arrow_schema(table))
    same = whole.filter(pc.is_in(whole.column(key), value_set=pa.array(list(kept), pa.string())))
    joined = pa.concat_tables([same, to_arrow(table, rows)])
    pq.write_table(joined.take(pc.sort_indices(joined.column(key))).combine_chunks(), path, row_group_size=ROW_GROUP, **_OPTIONS)


def write_columns(path: Path, table: Table, columns: Mapping[str, pa.Array]) -> None:
    """Write a result of a stage, given as Arrow arrays, as one Parquet file: in little time rather than little space."""
    whole = pa.table([columns[column.name] for column in table], schema=arrow_schema(table))
    pq.write_table(whole, path, row_group_size=ROW_GROUP, **{**_OPTIONS, "compression": "lz4", "use_dictionary": False})


def read_rows(path: Path, table: Table) -> Iterator[Any]:
    """The rows of one Parquet file, as instances of the table's dataclass; one row group in memory at a time."""
    yield from _rows(table, _values(path, [c.name for c in table]))


def rows_in(columns: pa.Table, table: Table) -> Iterator[Any]:
    """The rows of an Arrow table that has the table's columns, likewise."""
    yield from _rows(table, zip(*(columns.column(c.name).to_pylist() for c in table), strict=True))


def _rows(table: Table, rows: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    names = [c.name for c in table]
    for values in rows:
        row: Any = object.__new__(table.row)
        row.__dict__.update(zip(names, values, strict=True))  # as pickle does: a frozen row's own making sets field by field
        yield row


def read_some(path: Path, row: type[Row]) -> Iterator[Row]:
    """The rows of one Parquet file as named tuples of some of its columns; the others are not read."""
    yield from map(row._make, _values(path, row._fields))


def read_columns(path: Path, names: list[str] | None = None) -> pa.Table:
    """Some columns of one Parquet file, or all. (`pyarrow.parquet.read_table` does it, but imports pandas first.)

    Without threads, here and below: other cores have their own shards, and handing columns over takes a third of the time of a small file.
    """
    with pq.ParquetFile(path) as file:
        return file.read(columns=names, use_threads=False)


def _values(path: Path, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1_000, columns=list(names), use_threads=False):
            yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)


def tables_in(folder: Path, tables: Mapping[str, Table] = TABLES) -> dict[str, Table]:
    """These tables, and the optional ones that a build holds."""
    return {**tables, **{name: table for name, table in OPTIONAL.items() if (folder / "data" / name).is_dir()}}


def part_path(folder: Path, table: Table, number: int = 0) -> Path:
    """Where a build has a part of a table."""
    return folder / "data" / table.name / f"part-{number:05}.parquet"


def parts(folder: Path, table: Table) -> list[Path]:
    """The files of one table of a build, in order."""
    return sorted(part_path(folder, table).parent.glob("part-*.parquet"))


def batches(folder: Path, table: Table, names: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """A table of a build, or some of its columns, a row group at a time: at most `ROW_GROUP` rows, and some `GROUP_BYTES` of text."""
    for part in parts(folder, table):
        yield from part_batches(part, names)


def part_batches(part: Path, names: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """One part of a table, or some of its columns, a row group at a time."""
    with pq.ParquetFile(part) as file:
        for number in range(file.num_row_groups):
            yield from file.read_row_group(number, names, use_threads=False).to_batches()


class PartReader(AbstractContextManager["PartReader"]):
    """Read passages of a part one after another, each row group that they need once, and the others not at all."""

    def __init__(self, part: Path) -> None:
        self._file = pq.ParquetFile(part)
        sizes = (self._file.metadata.row_group(number).num_rows for number in range(self._file.num_row_groups))
        self._bounds = list(pairwise([0, *accumulate(sizes)]))
        self._number, self._rows = -1, pa.table({})

    def between(self, start: int, end: int | None = None) -> Iterator[pa.RecordBatch]:
        """The rows from one number to before another, or to the end."""
        for number, (begin, stop) in enumerate(self._bounds):
            low, high = max(start, begin), stop if end is None else min(end, stop)
            if low < high:
                if number != self._number:
                    self._number, self._rows = number, self._file.read_row_group(number, use_threads=False)
                yield from self._rows.slice(low - begin, high - low).to_batches()

    def __exit__(self, *exception: object) -> None:
        self._file.close()


class PartWriter(AbstractContextManager["PartWriter"]):
    """Write a part of a table in row groups of equal size, whatever the sizes of the pieces it is given."""

    def __init__(self, path: Path, table: Table) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.schema = arrow_schema(table)
        self._waiting: list[pa.Table] = []
        self._sizes: list[NDArray[np.int64]] = []
        self._writer = pq.ParquetWriter(path, self.schema, **_OPTIONS)
        self._is_empty = True

    def write(self, piece: pa.Table) -> None:
        """Add the rows of an Arrow table that has the table's columns, in any order."""
        self._waiting.append(piece.select(self.schema.names).cast(self.schema))
        self._sizes.append(_text_bytes(piece))
        if sum(map(len, self._sizes)) < ROW_GROUP and sum(int(sizes.sum()) for sizes in self._sizes) < GROUP_BYTES:
            return
        rows, ends = pa.concat_tables(self._waiting), np.cumsum(np.concatenate(self._sizes))
        start = 0
        while (end := self._end(ends, start)) <= len(ends):
            self._put(rows.slice(start, end - start))
            start = end
        self._waiting, self._sizes = [rows.slice(start)], [np.diff(ends[start:], prepend=ends[start - 1] if start else 0)]

    def _end(self, ends: NDArray[np.int64], start: int) -> int:
        """Where the group that starts there is full; beyond the last row if it is not yet."""
        by_bytes = int(np.searchsorted(ends, (ends[start - 1] if start else 0) + GROUP_BYTES)) + 1
        return min(start + ROW_GROUP, by_bytes)

    def _put(self, group: pa.Table) -> None:
        self._writer.write_table(group.combine_chunks(), row_group_size=ROW_GROUP)
        self._is_empty = False

    def __exit__(self, *error: object) -> None:
        if error == (None, None, None) and (any(map(len, self._sizes)) or self._is_empty):
            self._put(pa.concat_tables([self.schema.empty_table(), *self._waiting]))
        self._writer.close()


def _text_bytes(piece: pa.Table) -> NDArray[np.int64]:
    """How long the texts of each row are."""
    total: NDArray[np.int64] = np.zeros(piece.num_rows, np.int64)
    for column in piece.columns:
        if pa.types.is_string(column.type):
            total += pc.fill_null(pc.binary_length(column), 0).to_numpy()
    return total


_OPTIONS: dict[str, Any] = {"compression": "zstd", "store_schema": False, "write_statistics": True, "version": "2.6"}
