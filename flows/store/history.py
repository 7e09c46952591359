"""`history.db`: the outcome of each run and what its build changed. It holds times, so it is stored outside the builds.

Its rows are in the order they were written: a clock may be set back, so that no time in them says which came first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from qantar.schema import HISTORY, BuildRun, Collection, DocumentChange
from qantar.store.sqlite import ddl, quoted
from qantar.version import machine

NAME = "history.db"
RUN_FILE = "run.json"
"""In a build's folder: the run that published it. It is written last, so a build that has it is whole and in the history."""
MOST_RUNS = 10_000
"""Runs that published nothing, of which no more are kept: one a minute for a week."""
HELD = 10
"""Seconds that a run waits for a reader that holds the lock. With a WAL it would not wait, but then readers need write access."""
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


def now() -> str:
    """The time in UTC, ISO 8601 to the millisecond: for history and logs, never for a table of the dataset."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def record_run(out: Path, run: BuildRun, changes: Iterable[DocumentChange] | None = None) -> None:
    """Add a run, and what its build changed against the one before; None leaves what is noted of that.

    A history that was lost or damaged is restarted from what the builds' own folders tell. Raises sqlite3.Error, as when a
    reader does not let go of it.
    """
    with _opened(out) as connection:
        _insert(connection, "builds", [run])
        if changes is not None:
            connection.execute("DELETE FROM changes WHERE build_id = ?", [run.build_id])
            _insert(connection, "changes", changes)
        connection.execute(
            "DELETE FROM builds WHERE outcome IN ('unchanged', 'failed') AND rowid NOT IN "
            "(SELECT rowid FROM builds WHERE outcome IN ('unchanged', 'failed') ORDER BY rowid DESC LIMIT ?)",
            [MOST_RUNS],
        )


def record_collections(out: Path, collections: Iterable[Collection]) -> None:
    """Add what a run of `qantar collect` brought from each source. Raises sqlite3.Error, as `record_run` does."""
    with _opened(out) as connection:
        _insert(connection, "collections", collections)
        connection.execute(
            "DELETE FROM collections WHERE rowid NOT IN (SELECT rowid FROM collections ORDER BY rowid DESC LIMIT ?)", [MOST_RUNS]
        )


def published(out: Path) -> list[str]:
    """The builds that were published and not withdrawn since, oldest first."""
    last: dict[str, str] = {}
    with _opened(out) as connection:
        for build_id, outcome in connection.execute(
            "SELECT build_id, outcome FROM builds WHERE outcome IN ('published', 'withdrawn') ORDER BY rowid"
        ):
            last.pop(build_id, None)
            last[build_id] = outcome
    return [build_id for build_id, outcome in last.items() if outcome == "published"]


def is_withdrawn(out: Path, build_id: str) -> bool:
    """Whether the build was published and then taken back."""
    newest = "FROM builds WHERE build_id = ? AND outcome IN ('published', 'withdrawn') ORDER BY rowid DESC LIMIT 1"
    with _opened(out) as connection:
        last: tuple[str] | None = connection.execute(f"SELECT outcome {newest}", [build_id]).fetchone()
    return last == ("withdrawn",)


def last_outcome(out: Path) -> str | None:
    """How the last run ended; None where there was none, or the history cannot be read."""
    newest = read_told(out / NAME).newest
    return newest.outcome if newest else None


class Told(NamedTuple):
    """What the history tells a reader: None where it does not, or cannot be read."""

    good: BuildRun | None = None
    """The newest run that found or made the latest build good."""
    newest: BuildRun | None = None
    published: BuildRun | None = None
    """The newest run that published a certain build."""


def read_told(history: Path, build_id: str = "") -> Told:
    """The last runs and the changes of a build, for readers: writes nothing and waits at most one second."""
    columns = [column.name for column in HISTORY["builds"]]
    select = f"SELECT {', '.join(map(quoted, columns))} FROM builds"
    conditions = ("outcome IN ('published', 'unchanged')", "outcome != 'withdrawn'", "outcome = 'published' AND build_id = ?")
    found = []
    try:
        with closing(sqlite3.connect(f"{history.resolve().as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
            for condition in conditions:
                values = [build_id] if "?" in condition else []
                row = connection.execute(f"{select} WHERE {condition} ORDER BY rowid DESC LIMIT 1", values).fetchone()
                found.append(BuildRun(**dict(zip(columns, row, strict=True))) if row else None)
    except sqlite3.Error:
        return Told()
    return Told(*found)


def write_run(folder: Path, run: BuildRun) -> None:
    """Write the run's times beside a build, outside its checksums."""
    values = {column.name: getattr(run, column.name) for column in HISTORY["builds"]}
    values["seconds"] = json.loads(run.seconds)
    values["machine"] = machine()
    fresh = folder / f".{RUN_FILE}.new"
    fresh.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", "utf-8")
    fresh.chmod(0o644)
    fresh.replace(folder / RUN_FILE)


@contextmanager
def _opened(out: Path) -> Iterator[sqlite3.Connection]:
    """The history in one transaction, its tables made where they are missing."""
    path = out / NAME
    try:
        with _connected(path) as connection:
            _prepare(connection, out)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in _DAMAGED:
            raise
        path.replace(path.with_suffix(".damaged"))  # for somebody to repair; only the last one is kept
        path.with_name(f"{NAME}-journal").unlink(missing_ok=True)
    with _connected(path) as connection:
        _prepare(connection, out)
        yield connection


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    is_new = not path.exists()
    with closing(sqlite3.connect(path, timeout=HELD)) as connection, connection:
        if is_new:
            path.chmod(0o644)  # for a reader under another name, whatever the umask
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def _prepare(connection: sqlite3.Connection, out: Path) -> None:
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in HISTORY.values():
        for statement in ddl(table) if table.name not in present else ():  # a history of an earlier version lacks the newer tables
            connection.execute(statement)
    if "builds" in present:
        return
    told: list[BuildRun] = [run for path in (out / "builds").glob(f"*/{RUN_FILE}") if (run := _read_run(path))]
    _insert(connection, "builds", sorted(told, key=lambda run: run.started))


def _read_run(path: Path) -> BuildRun | None:
    try:
        values = json.loads(path.read_text("utf-8"))
        return BuildRun(**{column.name: values[column.name] for column in HISTORY["builds"]} | {"seconds": json.dumps(values["seconds"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _insert(connection: sqlite3.Connection, name: str, rows: Iterable[BuildRun] | Iterable[DocumentChange] | Iterable[Collection]) -> None:
    columns = [column.name for column in HISTORY[name]]
    connection.executemany(
        f"INSERT OR REPLACE INTO {quoted(name)} ({', '.join(map(quoted, columns))}) VALUES ({', '.join('?' * len(columns))})",
        ([getattr(row, column) for column in columns] for row in rows),
    )
