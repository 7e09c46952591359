"""The rows of a shard, a folder of Parquet files, one a table, and of what is kept beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qantar.schema import ARTICLES, KNOWN, Table
from qantar.store.cache import sum_of
from qantar.store.parquet import read_columns, read_rows, rows_in, write_rows
from qantar.text.identity import digest

LINES, SIGNATURES = "lines.json", "signatures.npz"
NAMES, NAMES_SUM, PLACED = "names.pickle", "names.sha256", "placed.pickle"
MADE_OF = "documents.json"
"""What a shard keeps that is not a table. An annotated one keeps for each document its names, as bytes, a hash of them, and where
they stand, as bytes; and a hash of all that its rows were made of."""


def shard_digest(shard: Path) -> str:
    """A hash of all that a shard holds."""
    return digest(*(f"{path.name} {sum_of(path)}" for path in sorted(shard.glob("*.p*"))))


def rows_of(shard: Path, table: str) -> Iterator[Any]:
    """A shard's rows of one table."""
    return read_rows(shard / f"{table}.parquet", table_of(table))


def count_rows(shard: Path, table: str) -> int:
    """How many rows of one table a shard has."""
    return int(pq.read_metadata(shard / f"{table}.parquet").num_rows)


def first_documents(cleaned: Iterable[Path]) -> list[str]:
    """The first document of each shard, "" where it has none."""
    firsts = []
    for shard in cleaned:
        with pq.ParquetFile(shard / "documents.parquet") as file:
            ids = next(file.iter_batches(1, columns=["document_id"]), None)
        firsts.append(ids.column(0)[0].as_py() if ids else "")
    return firsts


def table_of(name: str) -> Table:
    """The declaration of a table, or of the articles as read."""
    return ARTICLES if name == "articles" else KNOWN[name]


def write_shard(shard: Path, table: str, rows: Iterable[Any]) -> None:
    """Write a shard's rows of one table."""
    write_rows(shard / f"{table}.parquet", table_of(table), rows)


def by_document(shard: Path, table: str, documents: Collection[str] | None = None) -> dict[str, list[Any]]:
    """A shard's rows of one table, by their document; of all documents, or of some."""
    rows = rows_of(shard, table)
    if documents is not None:
        whole = read_columns(shard / f"{table}.parquet", [column.name for column in table_of(table)])
        chosen = pc.is_in(whole.column("document_id"), value_set=pa.array(sorted(documents), pa.string()))
        rows = rows_in(whole.filter(chosen), table_of(table))
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.document_id)}
