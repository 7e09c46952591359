"""From the shards to a staged build's tables: Parquet parts in one order, which stay the same files where nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from qantar.pipeline.context import Context
from qantar.publish.csv_tables import csv_lines, write_packed
from qantar.schema import ARTICLES, Table
from qantar.stages.articles.versions import Renaming
from qantar.store.cache import link_file, sum_of
from qantar.store.parquet import PartWriter, arrow_schema, part_batches, part_path, read_columns, to_arrow
from qantar.store.sqlite import write_database
from qantar.text.identity import digest
from qantar.version import code_version

PARTS, LARGEST = 64, 64
"""Above so many shards a part has two of them on average, above twice as many four, and so on; but no more than so many."""
PART, ROWS = "part.parquet", "rows.csv.gz"
"""What is kept of a part: the file that builds share, and its rows as a piece of the table's CSV."""


class NewColumn(NamedTuple):
    """Makes a column of a shard from some columns of its rows, and its number."""

    needs: tuple[str, ...]
    make: Callable[[pa.Table, int], pa.Array]


def cut_parts(firsts: Sequence[str]) -> list[range]:
    """The shards of each part of the tables that have rows for each document, by the first document of each shard, "" where it has none.

    A part ends where the next shard's first document says so, so that one more article changes one part, or two. The parts are those of
    the same shards in all of these tables.
    """
    size = 1
    while len(firsts) > PARTS * size and size < LARGEST:
        size *= 2
    starts = [at for at, first in enumerate(firsts) if at == 0 or (first and int(digest(first)[:8], 16) % size == 0)]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(firsts)], strict=True)]


def write_rows_table(folder: Path, table: Table, rows: Iterable[Any]) -> None:
    """Write a table whose rows fit in memory, in the table's order."""
    order = table.order
    with PartWriter(part_path(folder, table), table) as writer:
        writer.write(to_arrow(table, sorted(rows, key=lambda row: tuple(_sortable(getattr(row, name)) for name in order))))


def write_parts(
    context: Context,
    folder: Path,
    table: Table,
    shards: Sequence[Path],
    columns: Mapping[str, NewColumn] | None = None,
    cut: Sequence[range] = (),
) -> list[Path]:
    """Write a table from its shards in their order, the named columns rebuilt from each shard's rows; returns what is kept of its parts.

    A part whose rows an earlier build had is not encoded again: the file is the same one, in both builds.
    """
    columns = columns or {}
    kept = []
    for number, some in enumerate(cut or [range(len(shards))]):
        files = [(at, shards[at] / f"{table.name}.parquet") for at in some]
        made = [_make(columns, path, at) for at, path in files]

        def make(part: Path) -> None:
            with PartWriter(part / PART, table) as writer:
                for (_, path), its in zip(files, made, strict=True):  # noqa: B023  # called before the next part
                    piece = read_columns(path)
                    for name, values in its.items():
                        piece = piece.set_column(piece.schema.get_field_index(name), name, values)
                    writer.write(piece)
            write_packed(part / ROWS, csv_lines(table, part_batches(part / PART), header=number == 0))  # noqa: B023

        inputs = [code_version(), table.name, str(number == 0), *(sum_of(path) for _, path in files), *map(_digest, made)]
        kept.append(context.stored("part", inputs, make))
        _link(kept[-1] / PART, part_path(folder, table, number))
    return kept


def _make(columns: Mapping[str, NewColumn], path: Path, number: int) -> dict[str, pa.Array]:
    needs = sorted({name for column in columns.values() for name in column.needs})
    piece = read_columns(path, needs) if needs else None
    return {name: column.make(piece, number) for name, column in columns.items()}


def _digest(made: dict[str, pa.Array]) -> str:
    return hashlib.sha256(pa.RecordBatch.from_pydict(made).serialize() if made else b"").hexdigest()


def _link(source: Path, target: Path) -> None:
    """Give a file a second place, or a copy there where a disk cannot do that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)  # of a task that was killed and is tried again
    link_file(source, target)


def lookup(column: str, values: Mapping[str, str]) -> NewColumn:
    """A column that holds, for each row, what `values` has for its `column`; null where it has nothing."""
    return NewColumn((column,), lambda piece, _: pa.array([values.get(key) for key in piece.column(column).to_pylist()], pa.string()))


@dataclass(frozen=True)
class RawShard:
    """A shard as read, what was renamed of it, and the same one cleaned, which tells what became a document."""

    read: Path
    renaming: Renaming
    cleaned: Path

    @cached_property
    def documents(self) -> dict[int, str]:
        """The id of each document, by the place of its article in the shard."""
        ids = read_columns(self.articles, ["document_id"]).column(0).to_pylist()
        for at, renamed in self.renaming.articles.items():
            ids[at] = renamed.document_id
        kept = set(read_columns(self.cleaned / "documents.parquet", ["document_id"]).column(0).to_pylist())
        return {at: key for at, key in enumerate(ids) if key in kept and at not in self.renaming.repeats}

    @property
    def articles(self) -> Path:
        """The file of its articles."""
        return self.read / "articles.parquet"


def sums_of_raw_texts(shards: Iterable[RawShard]) -> dict[str, str]:
    """What tells one raw text from another, and where it begins, by the document that was made of it."""
    sums: dict[str, str] = {}
    for shard in shards:
        columns = read_columns(shard.articles, ["text_sha256", "raw_start", "has_raw_offsets"]).columns
        rows = [" ".join(map(str, row)) for row in zip(*(column.to_pylist() for column in columns), strict=True)]
        sums.update((key, rows[at]) for at, key in shard.documents.items())
    return sums


def write_working_database(path: Path, shards: Iterable[RawShard], documents: Collection[str] | None = None) -> None:
    """Write the raw texts of a build's documents, or of some, to a SQLite file that is not published, for the expectations."""
    wanted = None if documents is None else set(documents)

    def batches(table: Table) -> Iterable[pa.RecordBatch]:
        for shard in shards:
            chosen = {at: key for at, key in shard.documents.items() if wanted is None or key in wanted}
            if chosen:
                articles = read_columns(shard.articles).select(arrow_schema(table).names).cast(arrow_schema(table))
                field = articles.schema.field("document_id")
                rows = articles.take(pa.array(chosen, pa.int64()))
                rows = rows.set_column(articles.schema.get_field_index(field.name), field, pa.array(chosen.values(), field.type))
                yield from rows.to_batches()

    write_database(path, {ARTICLES.name: ARTICLES}, batches)


def count(folder: Path, table: Table) -> int:
    """The rows of a table of a build."""
    return sum(pq.read_metadata(part).num_rows for part in (folder / "data" / table.name).glob("part-*.parquet"))


def _sortable(value: Any) -> Any:
    return (value is not None, value)
