"""From the shards to a staged build's tables: Parquet parts in one order, and the SQLite file made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from qantar.schema import ARTICLES, Table
from qantar.stages.articles.versions import Renaming
from qantar.store.parquet import PartWriter, arrow_schema, to_arrow
from qantar.store.sqlite import write_database

NewColumn = Callable[[pa.Table, int], pa.Array]
"""Makes a column of a shard from its rows and its number."""


def write_rows_table(folder: Path, table: Table, rows: Iterable[Any]) -> int:
    """Write a table whose rows fit in memory, in the table's order; returns how many there are."""
    order = table.order
    with PartWriter(folder, table) as writer:
        writer.write(to_arrow(table, sorted(rows, key=lambda row: tuple(_sortable(getattr(row, name)) for name in order))))
    return count(folder, table)


def write_shards_table(
    folder: Path,
    table: Table,
    shards: Iterable[Path],
    columns: Mapping[str, NewColumn] | None = None,
) -> int:
    """Write a table shard by shard in the order given, the named columns rebuilt from each shard's rows; returns its rows."""
    with PartWriter(folder, table) as writer:
        for number, shard in enumerate(shards):
            with pq.ParquetFile(shard / f"{table.name}.parquet") as file:
                piece = file.read()
            for name, make in (columns or {}).items():
                piece = piece.set_column(piece.schema.get_field_index(name), name, make(piece, number))
            writer.write(piece)
    return count(folder, table)


def lookup(column: str, values: Mapping[str, str]) -> NewColumn:
    """A column that holds, for each row, what `values` has for its `column`; null where it has nothing."""
    return lambda piece, _: pa.array([values.get(key) for key in piece.column(column).to_pylist()], pa.string())


def write_working_database(path: Path, shards: Iterable[tuple[Path, Renaming, Path]]) -> None:
    """Write the raw texts of a build's documents to a SQLite file that is not published, for the expectations on raw offsets.

    `shards` are a shard as read, what was renamed of it, and the same one cleaned, which tells what became a document.
    """

    def batches(table: Table) -> Iterable[pa.RecordBatch]:
        for read, renaming, cleaned in shards:
            articles = pq.read_table(read / "articles.parquet", schema=arrow_schema(table))
            ids = articles.column("document_id").to_pylist()
            for at, renamed in renaming.articles.items():
                ids[at] = renamed.document_id
            kept = set(pq.read_table(cleaned / "documents.parquet", columns=["document_id"]).column(0).to_pylist())
            wanted = [at for at, key in enumerate(ids) if key in kept and at not in renaming.repeats]
            field = articles.schema.field("document_id")
            articles = articles.set_column(articles.schema.get_field_index(field.name), field, pa.array(ids, field.type))
            yield from articles.take(pa.array(wanted, pa.int64())).to_batches()

    write_database(path, {ARTICLES.name: ARTICLES}, batches)


def count(folder: Path, table: Table) -> int:
    """The rows of a table of a build."""
    return sum(pq.read_metadata(part).num_rows for part in (folder / "data" / table.name).glob("part-*.parquet"))


def _sortable(value: Any) -> Any:
    return (value is not None, value)
