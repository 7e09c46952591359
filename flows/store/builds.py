"""The output folder: staged builds, their atomic switch, the lock, and the history of runs."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flows.schema import HISTORY, BuildRun, DocumentChange
from flows.settings import QantarError
from flows.store.sqlite import ddl, quoted


def latest_build(out: Path) -> Path | None:
    """The folder of the build that is published now."""
    link = out / "latest"
    return link.resolve() if link.exists() else None


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold an output folder; the system lets go of it when this process ends, however it ends.

    Raises QantarError if another build holds it (and says who) or it cannot be written to.
    """
    try:
        (out / "builds").mkdir(parents=True, exist_ok=True)
        lock = (out / ".lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise QantarError(f"{out}: cannot write there ({error.strerror}); choose another folder with --out or mend its rights") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise QantarError(
                f"{out}: another build is writing there: {lock.read().strip()}; wait for it, or choose another --out"
            ) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()} on {socket.gethostname()}, since {now()}")
        lock.flush()
        shutil.rmtree(out / "builds" / ".staging", ignore_errors=True)  # what a killed build left
        yield


def stage(out: Path, build_id: str) -> Path:
    """An empty folder to make a build in; readers do not see it."""
    staged = out / "builds" / ".staging" / build_id
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    return staged


def publish(out: Path, staged: Path) -> Path:
    """Move a finished build to its place and point `latest` to it, by one rename that readers see whole or not at all."""
    build = out / "builds" / staged.name
    for path in sorted(staged.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        _flush(path)
    if build.exists():  # the same content made again: mend it file by file, for `latest` may point to it
        for path in sorted(p for p in staged.rglob("*") if p.is_file()):
            target = build / path.relative_to(staged)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        shutil.rmtree(staged)
    else:
        staged.rename(build)
    _flush(build.parent)
    point_latest(out, build)
    return build


def point_latest(out: Path, build: Path) -> None:
    """Make `latest` name the build, atomically."""
    link = out / f".latest-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / build.name)
    link.replace(out / "latest")
    _flush(out)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def now() -> str:
    """The time in UTC, ISO 8601 to the millisecond: for history and logs, never for a table of the dataset."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def record_run(out: Path, run: BuildRun, changes: Iterable[DocumentChange] = ()) -> None:
    """Add a run, and what its build changed, to `history.db`."""
    with closing(sqlite3.connect(out / "history.db", timeout=30)) as connection, connection:
        for table in HISTORY.values():
            for statement in ddl(table):
                connection.execute(
                    statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS").replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS")
                )
        for name, rows in (("builds", [run]), ("changes", changes)):
            columns = [column.name for column in HISTORY[name]]
            connection.executemany(
                f"INSERT OR REPLACE INTO {quoted(name)} VALUES ({', '.join('?' * len(columns))})",
                ([getattr(row, column) for column in columns] for row in rows),
            )


def record_withdrawal(out: Path, build_id: str, message: str) -> None:
    """Note in the history that a build was taken back; the same input does not publish it again by itself."""
    at = now()
    record_run(
        out,
        BuildRun(run_id=f"withdrawn {at}", build_id=build_id, started=at, finished=at, seconds="{}", outcome="withdrawn", message=message),
    )


def published(out: Path) -> list[str]:
    """The builds that were published and not withdrawn since, oldest first."""
    last: dict[str, str] = {}
    for build_id, outcome in _history(
        out, "SELECT build_id, outcome FROM builds WHERE outcome IN ('published', 'withdrawn') ORDER BY started"
    ):
        last.pop(build_id, None)
        last[build_id] = outcome
    return [build_id for build_id, outcome in last.items() if outcome == "published"]


def is_withdrawn(out: Path, build_id: str) -> bool:
    """Whether the build was published and then taken back."""
    return build_id not in published(out) and bool(
        _history(out, "SELECT 1 FROM builds WHERE build_id = ? AND outcome = 'withdrawn'", build_id)
    )


def _history(out: Path, sql: str, *values: str) -> list[tuple[str, ...]]:
    path = out / "history.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        return connection.execute(sql, values).fetchall()


def write_run(folder: Path, run: BuildRun) -> None:
    """Write the run's times beside a build, outside its checksums."""
    values = {column.name: getattr(run, column.name) for column in HISTORY["builds"]}
    values["seconds"] = json.loads(run.seconds)
    (folder / "run.json").write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", "utf-8")
