"""Check a build or an unpacked release against itself, offline: files, metadata, rows, keys, offsets, SQLite and CSV.

Each kind of damage has its name, so that a report tells a flipped byte from an edited row.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from qantar.publish.csv_tables import (
    CHECKSUMS,
    ROW_DIGESTS,
    UNSUMMED,
    csv_lines,
    csv_path,
    file_digest,
    listed_files,
    read_checksums,
    read_row_digests,
)
from qantar.publish.datapackage import declared_tables
from qantar.publish.datasette_metadata import corpus_metadata
from qantar.publish.description import DATABASE
from qantar.publish.verify_rows import check_rows
from qantar.schema import TABLES, Table
from qantar.settings import Corpus, QantarError
from qantar.store.history import RUN_FILE
from qantar.store.parquet import arrow_schema, batches, parts
from qantar.store.sqlite import quoted, sql_rows
from qantar.version import code_version

Kind = Literal[
    "missing file", "extra file", "checksum", "metadata", "schema", "value", "key", "reference", "offset", "row", "database", "csv"
]

_BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, StopIteration)
"""What reading a descriptor raises whose JSON is sound but not what we wrote."""

_UNREADABLE = (pa.ArrowException, OSError, UnicodeError)
"""What reading a damaged Parquet file raises."""

_SHOWN = 5  # problems of one kind in one place; the others are counted


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what kind of damage, in which file or table, and what was found."""

    kind: Kind
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}: {self.what}"


def verify_build(path: Path) -> list[Problem]:
    """Everything wrong with a build or an unpacked release; nothing, if it is whole.

    Raises QantarError if the folder is not a build at all.
    """
    if not (path / "data").is_dir() and not (path / CHECKSUMS).is_file():
        raise QantarError(f"{path}: this is neither a build nor an unpacked release; it has no data/ and no {CHECKSUMS}")
    digests = {file.relative_to(path).as_posix(): file_digest(file) for file in listed_files(path)}
    problems = [*_check_files(path, digests)]
    metadata, descriptor = _check_metadata(path, digests)
    problems += [*metadata, *_check_beside(path, descriptor)]
    tables = TABLES
    try:
        tables = declared_tables(descriptor) if descriptor else TABLES
    except _BROKEN as error:
        problems.append(Problem("metadata", "datapackage.json", f"its declarations cannot be read: {error!r}"))
    readable = {}
    for name, table in tables.items():
        unreadable = list(_check_parquet(path, table))
        problems += unreadable
        if not unreadable:
            readable[name] = table
    try:
        problems += _check_digests(path, readable)
        with closing(sqlite3.connect(f"{(path / DATABASE).resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            problems += _check_database(connection, path, readable)
            problems += _shortened(Problem(*found) for found in check_rows(path, readable, _documents(connection)))
    except sqlite3.Error as error:
        problems.append(Problem("database", DATABASE, f"cannot be read: {error}"))
    except _UNREADABLE as error:
        problems.append(Problem("schema", "data", f"rows cannot be read: {error}"))
    return problems


def _shortened(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems, but of each kind in each place only the first few, and how many more there are."""
    seen: dict[tuple[Kind, str], int] = {}
    for problem in problems:
        place = problem.kind, problem.where
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= _SHOWN:
            yield problem
    yield from (Problem(*place, f"and {n - _SHOWN} more") for place, n in seen.items() if n > _SHOWN)


# --- files and metadata --------------------------------------------------------------------------------------


def _check_files(path: Path, digests: dict[str, str]) -> Iterator[Problem]:
    try:
        listed = read_checksums(path)
    except FileNotFoundError:
        yield Problem("missing file", CHECKSUMS, "there is no list of checksums, so no file can be checked against it")
        return
    except ValueError as error:
        yield Problem("checksum", CHECKSUMS, str(error))
        return
    for name, digest in listed.items():
        if name not in digests:
            yield Problem("missing file", name, f"it is listed in {CHECKSUMS} but is not there")
        elif digests[name] != digest:
            yield Problem("checksum", name, f"its bytes have changed: SHA-256 is {digests[name]}, not {digest}")
    for name in sorted(digests.keys() - listed.keys() - UNSUMMED):
        yield Problem("extra file", name, f"it is not listed in {CHECKSUMS}")


def _check_metadata(path: Path, digests: dict[str, str]) -> tuple[list[Problem], dict[str, Any]]:
    """What `datapackage.json` and `croissant.json` say of each file; and the former."""
    problems: list[Problem] = []
    read: dict[str, dict[str, Any]] = {"datapackage.json": {}, "croissant.json": {}}
    for name in read:
        try:
            read[name] = json.loads((path / name).read_text("utf-8"))
        except FileNotFoundError:
            problems.append(Problem("missing file", name, "a dataset is described by it"))
        except ValueError as error:
            problems.append(Problem("metadata", name, f"is not JSON: {error}"))
    said: list[tuple[str, str, str]] = []
    try:
        said += [("datapackage.json", r["path"], r["hash"].removeprefix("sha256:")) for r in read["datapackage.json"].get("resources", ())]
        said += [("croissant.json", f["contentUrl"], f["sha256"]) for f in read["croissant.json"].get("distribution", ()) if "sha256" in f]
    except _BROKEN as error:
        problems.append(Problem("metadata", "datapackage.json" if not said else "croissant.json", f"is not as it was written: {error!r}"))
    for name, file, digest in said:
        if file not in digests:
            problems.append(Problem("metadata", name, f"names {file}, which is not there"))
        elif digests[file] != digest:
            problems.append(Problem("metadata", name, f"gives {file} another SHA-256 than it has"))
    return problems, read["datapackage.json"]


def _check_beside(path: Path, descriptor: dict[str, Any]) -> Iterator[Problem]:
    """`run.json`, which says that a build was published whole, and `metadata.json`, which follows from the corpus.

    What other code wrote of the corpus is not known: its checksum holds.
    """
    if path.resolve().parent.name == "builds" and not (path / RUN_FILE).is_file():
        yield Problem("missing file", RUN_FILE, "the run that made the build did not end, or the file was removed; run qantar build again")
    said = path / "metadata.json"
    if said.is_file() and "corpus" in descriptor:
        try:
            follows = said.read_text("utf-8") == corpus_metadata(Corpus(**descriptor["corpus"]))
        except (TypeError, ValueError) as error:
            yield Problem("metadata", said.name, f"cannot be compared with the corpus in datapackage.json: {error}")
            return
        if not follows and _made_by(path) == code_version():
            yield Problem("metadata", said.name, "does not follow from the corpus in datapackage.json")


def _made_by(path: Path) -> str | None:
    """The version of the code that made a build; None where that cannot be read, which is found elsewhere."""
    try:
        made_by: str = pq.read_table(parts(path, TABLES["build"])[0], columns=["code_version"]).column(0)[0].as_py()
    except (*_BROKEN, *_UNREADABLE):
        return None
    return made_by


# --- rows, as Parquet, CSV and SQLite hold them ----------------------------------------------------------------


def _check_parquet(path: Path, table: Table) -> Iterator[Problem]:
    where = f"data/{table.name}"
    expected, found = arrow_schema(table), parts(path, table)
    if not found:
        yield Problem("missing file", where, "the table has no Parquet file")
    for part in found:
        try:
            with pq.ParquetFile(part) as file:
                schema = file.schema_arrow
                for group in range(file.num_row_groups):
                    file.read_row_group(group)
        except _UNREADABLE as error:
            yield Problem("schema", f"{where}/{part.name}", f"cannot be read as Parquet: {error}")
            continue
        if not schema.equals(expected):
            wrong = [f.name for f in expected if f.name not in schema.names or not schema.field(f.name).equals(f)]
            wrong += [name for name in schema.names if name not in expected.names]
            yield Problem("schema", f"{where}/{part.name}", f"columns are not as declared: {', '.join(wrong) or 'their order'}")


def _check_digests(path: Path, tables: dict[str, Table]) -> Iterator[Problem]:
    """Rows against their published digests, and against the CSV."""
    try:
        published = read_row_digests(path)
    except (OSError, ValueError) as error:
        yield Problem("row", ROW_DIGESTS, f"the digests of the rows cannot be read: {error}")
        return
    for name, table in tables.items():
        digest = hashlib.sha256()
        for line in csv_lines(table, batches(path, table)):
            digest.update(line)
        if digest.hexdigest() != published.get(name):
            yield Problem(
                "row", f"data/{name}", f"rows have been edited, added, removed or put in another order: {ROW_DIGESTS} has another digest"
            )
        try:
            with gzip.open(path / csv_path(table)) as file:
                unpacked = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield Problem("missing file", csv_path(table), "the table has no CSV")
        except (OSError, EOFError, zlib.error) as error:
            yield Problem("csv", csv_path(table), f"cannot be unpacked: {error}")
        else:
            if unpacked != digest.hexdigest():
                yield Problem("csv", csv_path(table), "does not hold the rows of the Parquet files")


def _check_database(connection: sqlite3.Connection, path: Path, tables: dict[str, Table]) -> Iterator[Problem]:
    for (message,) in islice(connection.execute("PRAGMA integrity_check"), _SHOWN):
        if message != "ok":
            yield Problem("database", DATABASE, str(message))
    for table in tables.values():
        yield from _shortened(_compare(connection, path, table))


def _compare(connection: sqlite3.Connection, path: Path, table: Table) -> Iterator[Problem]:
    """The rows of a table in SQLite against those of Parquet, one by one."""
    where, names = f"{DATABASE}, table {table.name}", [c.name for c in table]
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(table.name)})")]
    if columns != names:
        wrong = sorted(set(columns) ^ set(names))
        yield Problem("database", where, f"columns are not as declared: {', '.join(wrong) or 'their order'}" if columns else "is missing")
        return
    held = connection.execute(f"SELECT * FROM {quoted(table.name)} ORDER BY rowid")
    expected = (row for batch in batches(path, table) for row in sql_rows(table, batch))
    for number, (mine, theirs) in enumerate(zip_longest(held, expected), 1):
        if mine != theirs:
            yield Problem("row", where, _difference(table, number, mine, theirs))


def _difference(table: Table, number: int, mine: Sequence[Any] | None, theirs: Sequence[Any] | None) -> str:
    """What differs in a row of SQLite, `mine`, and of Parquet."""
    if mine is None or theirs is None:
        return f"row {number} is only in {'Parquet' if mine is None else 'SQLite'}"
    names = [c.name for c in table]
    differing = [name for name, a, b in zip(names, mine, theirs, strict=True) if a != b]
    key = ", ".join(str(value) for name, value in zip(names, theirs, strict=True) if name in (table.key or names[:1]))
    return f"row {key} differs from Parquet in {', '.join(differing)}"


def _documents(connection: sqlite3.Connection) -> Callable[[str], tuple[int, str | None]]:
    """Look documents up in SQLite: rows come sorted by document, so that one text at a time is held in memory."""
    columns = {row[1] for row in connection.execute("PRAGMA table_info(documents)")}
    query = f"SELECT n_characters, {'text' if 'text' in columns else 'NULL'} FROM documents WHERE document_id = ?"

    @lru_cache(maxsize=1)
    def document(document_id: str) -> tuple[int, str | None]:
        row = connection.execute(query, (document_id,)).fetchone()
        return (int(row[0]), row[1]) if row else (0, None)

    return document
