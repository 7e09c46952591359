"""Parquet made from the schema: the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.schema import Column, Span, Table

ROW_GROUP = 10_000
ROWS_A_PART = 1_000_000
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
    return pa.Table.from_arrays([pa.array([getattr(row, f.name) for row in rows], f.type) for f in schema], schema=schema)


def write_rows(path: Path, table: Table, rows: Iterable[Any]) -> None:
    """Write rows as one Parquet file, in the order given."""
    with pq.ParquetWriter(path, arrow_schema(table), **_OPTIONS) as writer:
        writer.write_table(to_arrow(table, rows), row_group_size=ROW_GROUP)


def write_columns(path: Path, table: Table, columns: Mapping[str, pa.Array]) -> None:
    """Write a result of a stage, given as Arrow arrays, as one Parquet file: in little time rather than little space."""
    whole = pa.table([columns[column.name] for column in table], schema=arrow_schema(table))
    pq.write_table(whole, path, row_group_size=ROW_GROUP, **{**_OPTIONS, "compression": "lz4", "use_dictionary": False})


def read_rows(path: Path, table: Table) -> Iterator[Any]:
    """The rows of one Parquet file, as instances of the table's dataclass; one row group in memory at a time."""
    names = [c.name for c in table]
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1_000, columns=names):
            columns = [batch.column(name).to_pylist() for name in names]
            for values in zip(*columns, strict=True):
                yield table.row(**dict(zip(names, values, strict=True)))


def parts(folder: Path, table: Table) -> list[Path]:
    """The files of one table of a build, in order."""
    return sorted((folder / "data" / table.name).glob("part-*.parquet"))


def batches(folder: Path, table: Table) -> Iterator[pa.RecordBatch]:
    """A table of a build, a batch of at most `ROW_GROUP` rows at a time."""
    for part in parts(folder, table):
        with pq.ParquetFile(part) as file:
            yield from file.iter_batches(batch_size=ROW_GROUP)


class PartWriter(AbstractContextManager["PartWriter"]):
    """Write a table of a build in parts of equal size, whatever the sizes of the pieces it is given."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.folder, self.schema = folder / "data" / table.name, arrow_schema(table)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.n_rows = 0
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self._writer: pq.ParquetWriter | None = None

    def write(self, piece: pa.Table) -> None:
        """Add the rows of an Arrow table that has the table's columns, in any order."""
        piece = piece.select(self.schema.names).cast(self.schema)
        self._waiting.append(piece)
        self._n_waiting += piece.num_rows
        if self._n_waiting >= ROW_GROUP:
            whole = pa.concat_tables(self._waiting)
            n_full = whole.num_rows - whole.num_rows % ROW_GROUP
            for start in range(0, n_full, ROW_GROUP):
                self._put(whole.slice(start, ROW_GROUP))
            self._waiting, self._n_waiting = [whole.slice(n_full)], whole.num_rows - n_full

    def _put(self, group: pa.Table) -> None:
        if self._writer is None or self.n_rows % ROWS_A_PART == 0:
            if self._writer:
                self._writer.close()
            self._writer = pq.ParquetWriter(self.folder / f"part-{self.n_rows // ROWS_A_PART:05}.parquet", self.schema, **_OPTIONS)
        self._writer.write_table(group.combine_chunks(), row_group_size=ROW_GROUP)
        self.n_rows += group.num_rows

    def __exit__(self, *error: object) -> None:
        if error == (None, None, None) and (self._n_waiting or self._writer is None):
            self._put(pa.concat_tables([self.schema.empty_table(), *self._waiting]))
        if self._writer:
            self._writer.close()


_OPTIONS: dict[str, Any] = {"compression": "zstd", "store_schema": False, "write_statistics": True, "version": "2.6"}
