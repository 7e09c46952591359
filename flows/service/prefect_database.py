"""The database of a new Prefect home, made from its schema at once: Prefect's own migrations take four seconds of processor time for it.

    python -m qantar.service.prefect_database

writes the schema, `prefect_database.sql`, again from the migrations of the Prefect that is installed.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path

SCHEMA = Path(__file__).with_suffix(".sql")
_ELSEWHERE = ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL")
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
    if not _is_known(statements.partition('INSERT INTO "alembic_version" VALUES(\'')[2].partition("'")[0]):
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


def _is_known(revision: str) -> bool:
    """Whether the installed Prefect can go on from a revision; looked up in its files, as importing it takes a second."""
    prefect = find_spec("prefect")
    places = prefect.submodule_search_locations or [] if prefect and revision else []
    return any(any(Path(place).glob(f"server/database/_migrations/versions/sqlite/*{revision}*.py")) for place in places)


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
