"""The history beside a build, served as a copy: writers, locks and damage do not affect readers."""

from __future__ import annotations

import logging
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qantar.store.history import Told, read_told

if TYPE_CHECKING:
    from qantar.explorer.published import Published

log = logging.getLogger("qantar.serve")
NAME = "history"


def state_of(history: Path | None) -> tuple[int, ...]:
    """What differs when a history was written to, lost or rebuilt."""
    try:
        status = history.stat() if history else None
    except OSError:
        return ()
    return (status.st_ino, status.st_size, status.st_mtime_ns) if status else ()


Copy = tempfile.TemporaryDirectory[str]


def serve_history(datasette: Any, copy: Copy | None) -> None:
    """Serve a copy of the history in place of an earlier one; where there is none, for it could not be read, readers have none.

    Datasette keeps a connection for each thread under the database's name, so the threads are replaced, too.
    """
    from qantar.explorer.limits import LimitedDatabase

    if NAME in datasette.databases:
        datasette.remove_database(NAME)
        if datasette.executor is not None:
            old, n = datasette.executor, datasette.setting("num_sql_threads")
            datasette.executor = ThreadPoolExecutor(max_workers=n)
            old.shutdown(wait=False)  # what is under way ends in it
    if copy:
        datasette.add_database(LimitedDatabase(datasette, path=str(Path(copy.name) / f"{NAME}.db"), is_mutable=False), name=NAME)
        datasette.qantar.copies.append(copy)


def told_beside(published: Published) -> Told:
    """What the copy of the history that is served tells of the last runs and of the build: nothing where there is none."""
    if not published.copies:
        return Told()
    copy = published.copies[-1]  # held by this name while it is read
    return read_told(Path(copy.name) / f"{NAME}.db", published.build_id)


def copy_history(history: Path) -> Copy | None:
    """The history as it is now, in a folder of its own that goes with the last reference to it; None where it cannot be read."""
    if not history.is_file():
        return None
    folder = tempfile.TemporaryDirectory(prefix="qantar-history-")
    try:
        with (
            closing(sqlite3.connect(f"{history.resolve().as_uri()}?mode=ro", uri=True, timeout=2)) as source,
            closing(sqlite3.connect(Path(folder.name) / f"{NAME}.db")) as target,
        ):
            source.execute("SELECT count(*) FROM builds").fetchone()
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        log.warning("%s cannot be read: %s", history.name, error)
        folder.cleanup()
        return None
    return folder
