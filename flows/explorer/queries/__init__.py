"""The explorer's questions to the database: one `.sql` file each, parameters by name."""

from __future__ import annotations

import logging
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
log = logging.getLogger("qantar.serve")


@cache
def sql(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return (HERE / f"{name}.sql").read_text("utf-8")


async def rows(datasette: Any, name: str, database: str = "qantar", **parameters: Any) -> list[dict[str, Any]]:
    """All rows of a query, as dictionaries; raises datasette.database.QueryInterrupted past the time limit.

    A history that cannot be read is as good as none: readers' pages do not depend on it.
    """
    try:
        found = await datasette.get_database(database).execute_ours(sql(name), parameters)
    except sqlite3.DatabaseError as error:
        if database != "history":
            raise
        log.warning("history.db cannot be read: %s", error)
        return []
    return [dict(row) for row in found.rows]


async def rows_where(datasette: Any, name: str, parts: dict[str, str], **parameters: Any) -> list[dict[str, Any]]:
    """All rows of a query whose comments `/* name */` are replaced by `parts`: conditions and orders of our own, never a reader's words."""
    found = await datasette.get_database("qantar").execute_ours(put_together(sql(name), parts), parameters)
    return [dict(row) for row in found.rows]


def put_together(statement: str, parts: dict[str, str]) -> str:
    """A statement with its parts in place.

    >>> put_together("select 1 where /* filters */", {"filters": "a = :a", "order": "b"})
    'select 1 where a = :a'
    """
    for name, part in parts.items():
        statement = statement.replace(f"/* {name} */", part)
    return statement


async def rows_of_build(datasette: Any, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a query over whole tables, asked once in the life of a build: it never changes."""
    return await statement_of_build(datasette, sql(name), **parameters)


async def statement_of_build(datasette: Any, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a statement of ours over whole tables, asked once in the life of a build."""
    known = datasette.qantar.answers
    asked = (statement, *sorted(parameters.items()))
    if asked not in known:
        known[asked] = await datasette.get_database("qantar").execute_fn(lambda connection: _all(connection, statement, parameters))
    return [dict(row) for row in known[asked]]


def _all(connection: Any, statement: str, parameters: dict[str, Any]) -> list[Any]:
    """Without the time limit for readers' queries: it is paid once, when the build is opened."""
    return list(connection.execute(statement, parameters))


async def row(datasette: Any, name: str, database: str = "qantar", **parameters: Any) -> dict[str, Any] | None:
    """The first row of a query, if there is one."""
    return next(iter(await rows(datasette, name, database, **parameters)), None)


def has_history(datasette: Any) -> bool:
    """Whether history.db is served beside the build."""
    return "history" in datasette.databases
