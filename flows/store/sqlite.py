"""SQLite made from the schema: a fresh file, written in one go, the same rows giving the same bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qantar.schema import TABLES, Column, Span, Table

if TYPE_CHECKING:
    import pyarrow as pa

_WORDS_AT_ONCE = 64 * 2**20
"""Bytes of a full-text index that are sorted in memory: with SQLite's 1 MiB, half of the time goes into merging many small ones."""
_PAGE = 2**14
"""Bytes of a page: with SQLite's usual 4 KiB, writing takes a sixth longer, and the file is 4 % larger."""
FIRST = "blocks"
"""The table that is written first, in a transaction of its own: nothing found after cleaning changes it, so that a build from nothing
writes it while duplicates are looked for."""
BEGUN = "begun.db"
"""A staged build's database that holds its first table and no other."""
_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL", bool: "INTEGER", date: "TEXT"}

MAPPED = 2**27
"""`mmap_size` for reading a database many times over: so much of it is not copied out of the system's cache each time. It counts as memory
of the process, which is not to grow with the corpus."""


def quoted(name: str) -> str:
    """An identifier in SQL: `end` and `references` are words of SQL."""
    return '"' + name.replace('"', '""') + '"'


def ddl(table: Table) -> list[str]:
    """The statements that create a table and its indexes; descriptions stand in them as comments."""
    lines = []
    for column in table:
        null = "" if column.nullable else " NOT NULL"
        refers = f" REFERENCES {quoted(column.references)} ({quoted(TABLES[column.references].key[0])})" if column.references else ""
        lines.append((f"{quoted(column.name)} {_TYPES.get(column.type, 'TEXT')}{null}{refers}", column.description))
    if table.key:
        lines.append((f"PRIMARY KEY ({', '.join(map(quoted, table.key))})", ""))
    body = "\n".join(
        f"  {line}{',' if i < len(lines) else ''}" + (f"  -- {description}" if description else "")
        for i, (line, description) in enumerate(lines, 1)
    )
    create = f"CREATE TABLE {quoted(table.name)} (\n  -- {table.description}\n{body}\n) STRICT"
    indexes = [
        f"CREATE INDEX {quoted(f'{table.name}_{column.name}')} ON {quoted(table.name)} ({quoted(column.name)})"
        for column in table
        if column.indexed and table.key[:1] != (column.name,)
    ]
    return [create, *indexes]


def search_ddl(table: Table) -> list[str]:
    """The statements that build a table's full-text index (FTS5, over the table's own rows)."""
    if not table.search:
        return []
    name = quoted(f"{table.name}_fts")
    columns = ", ".join(map(quoted, table.search))
    return [
        f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, content={quoted(table.name)}, tokenize='unicode61 remove_diacritics 2')",
        f"INSERT INTO {name}({name}, rank) VALUES ('hashsize', {_WORDS_AT_ONCE})",
        f"INSERT INTO {name}({name}) VALUES ('rebuild')",
        f"INSERT INTO {name}({name}) VALUES ('optimize')",
    ]


class Piece(NamedTuple):
    """Rows of a part that an earlier database has, too: where they start in the part, at which row there, and how many they are."""

    start: int
    first: int
    n: int


class Shared(NamedTuple):
    """An earlier database, which of its rows are those of whole parts of a build, from which to which, and all pieces of parts in it."""

    database: Path
    rows: Mapping[str, tuple[int, int]]
    pieces: Mapping[str, Sequence[Piece]]


def begin_build_database(folder: Path) -> None:
    """Write the first table of a staged build's database beside it, for `write_build_database` to go on with.

    Raises sqlite3.IntegrityError as that does.
    """
    write_database(folder / BEGUN, {FIRST: TABLES[FIRST]}, lambda table: _pieces(folder, table, None))


def write_build_database(folder: Path, shared: Shared | None = None) -> None:
    """Write a staged build's `qantar.db` from its Parquet parts; rows that are `shared` are copied, to the same bytes.

    Raises sqlite3.IntegrityError when a row breaks a key or a type, naming the table.
    """
    from qantar.store.parquet import tables_in

    path, tables = folder / "qantar.db", tables_in(folder)
    if is_begun := (folder / BEGUN).exists():
        (folder / BEGUN).replace(path)
    write_database(path, tables, lambda table: _pieces(folder, table, shared), shared and shared.database, is_begun=is_begun)


def _pieces(folder: Path, table: Table, shared: Shared | None) -> Iterator[pa.RecordBatch | tuple[int, int]]:
    """The rows of a table of a staged build, in batches, or where an earlier database has them."""
    from qantar.store.parquet import PartReader, parts

    for part in parts(folder, table):
        known = shared.pieces.get(part.relative_to(folder).as_posix(), ()) if shared else ()
        at = 0
        with PartReader(part) as rows:
            for start, first, n in known:
                yield from rows.between(at, start)
                yield first, first + n - 1
                at = start + n
            yield from rows.between(at)


def write_database(
    path: Path,
    tables: Mapping[str, Table],
    pieces_of: Callable[[Table], Iterable[pa.RecordBatch | tuple[int, int]]],
    earlier: Path | None = None,
    *,
    is_begun: bool = False,
) -> None:
    """Write the tables to a fresh SQLite file: the first, the others, then statistics. Written once, in order, it has nothing to vacuum.

    A piece of a table is a batch of rows, or says from which row to which it is copied from an earlier database: SQLite then makes the same
    insertions, and the same file. One that `is_begun` holds the first table already.
    """
    if not is_begun:
        path.unlink(missing_ok=True)
    first = [table for name, table in tables.items() if name == FIRST]
    others = [table for name, table in tables.items() if name != FIRST]
    with closing(sqlite3.connect(path, isolation_level=None, uri=True)) as connection:
        if earlier:
            connection.execute("ATTACH ? AS earlier", (f"{earlier.resolve().as_uri()}?mode=ro&immutable=1",))
            connection.execute(f"PRAGMA earlier.mmap_size = {MAPPED}")
        for pragma in (f"page_size = {_PAGE}", "encoding = 'UTF-8'", "journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        for some in ([] if is_begun else first, others):
            if some:
                connection.execute("BEGIN")
                for table in some:
                    _write_table(connection, table, pieces_of(table))
                connection.execute("COMMIT")
        if others:
            connection.execute("ANALYZE main")


def _write_table(connection: sqlite3.Connection, table: Table, pieces: Iterable[pa.RecordBatch | tuple[int, int]]) -> None:
    create, *indexes = ddl(table)
    connection.execute(create)
    insert = f"INSERT INTO {quoted(table.name)}"
    places = ", ".join("?" * len(table.columns))
    try:
        for piece in pieces:
            if isinstance(piece, tuple):
                connection.execute(f"{insert} SELECT * FROM earlier.{quoted(table.name)} WHERE rowid BETWEEN ? AND ?", piece)
            else:
                connection.executemany(f"{insert} VALUES ({places})", sql_rows(table, piece))
    except sqlite3.IntegrityError as error:
        raise sqlite3.IntegrityError(f"table {table.name}: {error}") from error
    for statement in [*indexes, *search_ddl(table)]:
        connection.execute(statement)


def sql_rows(table: Table, batch: pa.RecordBatch, names: Sequence[str] | None = None) -> Iterator[tuple[Any, ...]]:
    """The rows of a batch as SQLite stores them, or some columns of them: lists as JSON text, dates as ISO 8601."""
    columns = [column for column in table if names is None or column.name in names]
    return zip(*(_sql_values(column, batch.column(column.name)) for column in columns), strict=True)


def _sql_values(column: Column, values: pa.Array) -> list[Any]:
    if column.type in (list[str], Span):
        from qantar.store.json_lists import lists_as_json

        values = lists_as_json(values)
    plain: list[Any] = values.to_pylist()
    return [value and value.isoformat() for value in plain] if column.type is date else plain
