"""The database of a new Prefect home, made from its schema at once: Prefect's own migrations take four seconds of processor time for it.

    python -m qantar.service.prefect_database

writes the schema, `prefect_database.sql`, again from the migrations of the Prefect that is installed.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

SCHEMA = Path(__file__).with_suffix(".sql")
_ELSEWHERE = ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL")
_LARGE = 16 * 2**20
"""Bytes of a database that is worth the half second of processor time in which Prefect looks for what is too old."""
_REMARK = "-- The tables of Prefect's database (Apache-2.0), as its migrations make them: python -m qantar.service.prefect_database\n"


def make_database(home: Path, schema: Path = SCHEMA) -> None:
    """Put Prefect's database into a home that has none; a newer Prefect migrates it on.

    Nothing is done where Prefect is told to keep its database elsewhere or does not know the schema's revision; where the disk is full,
    it is for Prefect to say so.
    """
    database = home / "prefect.db"
    if database.exists() or any(map(os.environ.get, _ELSEWHERE)):
        return
    statements = schema.read_text("utf-8")
    revision = _revision(statements)
    if not (revision and any(_migrations(revision))):
        return
    making = home / f".prefect-{os.getpid()}.db"
    with suppress(OSError, sqlite3.Error):
        home.mkdir(parents=True, exist_ok=True)  # that of PREFECT_HOME may be new
        with closing(sqlite3.connect(making)) as connection:
            connection.executescript(statements)
        with suppress(FileExistsError):
            os.link(making, database)  # unlike a rename, it replaces none that another process made meanwhile
    with suppress(OSError):
        making.unlink(missing_ok=True)


class Kept(NamedTuple):
    """What there is in a home's database that a server of one run must see to, each for a share of a second."""

    older: bool = True
    """It may be of an older Prefect, and is to be migrated."""
    automations: bool = True
    large: bool = True


def look_at(home: Path, schema: Path = SCHEMA) -> Kept:
    """What a home's database holds; all of it where that cannot be told at once, or Prefect keeps it elsewhere."""
    database = home / "prefect.db"
    if any(map(os.environ.get, _ELSEWHERE)):
        return Kept()
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
            revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            automations = connection.execute("SELECT count(*) FROM automation").fetchone() != (0,)
        newest = _revision(schema.read_text("utf-8"))
        later = (path for path in _migrations() if f'down_revision = "{newest}"' in path.read_text("utf-8"))
        return Kept(revisions != [(newest,)] or any(later), automations, database.stat().st_size > _LARGE)
    except (OSError, sqlite3.Error):
        return Kept()


def _revision(statements: str) -> str:
    """The revision of Prefect's database that some statements make."""
    return statements.partition('INSERT INTO "alembic_version" VALUES(\'')[2].partition("'")[0]


def _migrations(revision: str = "") -> Iterator[Path]:
    """The files of the installed Prefect that make a revision, or any; found without importing it, which takes a second."""
    prefect = find_spec("prefect")
    for place in (prefect and prefect.submodule_search_locations) or []:
        for path in Path(place, "server/database/_migrations/versions/sqlite").glob("*.py"):
            if revision in path.name:
                yield path


def migrated_schema() -> str:
    """The statements that make the database as the migrations of the installed Prefect do."""
    import asyncio
    import tempfile

    with tempfile.TemporaryDirectory() as home:
        os.environ["PREFECT_HOME"] = home
        for name in _ELSEWHERE:
            os.environ.pop(name, None)
        from prefect.server.database import provide_database_interface

        asyncio.run(provide_database_interface().create_db())
        with closing(sqlite3.connect(Path(home) / "prefect.db")) as connection:
            lines = "\n".join(connection.iterdump()).splitlines()
    return _REMARK + "\n".join(line.rstrip() for line in lines) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(migrated_schema(), "utf-8")
    sys.stdout.write(f"{SCHEMA}: written\n")
