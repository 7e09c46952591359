"""No statement of a reader takes much memory, time or anything that is not in the tables."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from qantar.explorer.limits import ANSWER, COUNTS, AnswerTooLargeError, formatted, limit_connection
from qantar.explorer.serve import open_build
from tests.explorer.conftest import Site
from tests.explorer.small_build import write_small_build


@pytest.fixture
def connection() -> sqlite3.Connection:
    found = sqlite3.connect(":memory:")
    limit_connection(found, 1000)
    return found


@pytest.mark.parametrize(
    "sql",
    [
        "select randomblob(9)",
        "select zeroblob(9)",
        "select load_extension('x')",
        "select * from pragma_database_list",
        "select sqlite_source_id()",
        "pragma mmap_size=1",
        "attach ':memory:' as x",
    ],
)
def test_what_no_query_needs_is_refused(connection: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited"):
        connection.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select printf('%300d', 1)",
        "select replace(replace(printf('%0200d', 0), '0', printf('%0200d', 0)), '0', printf('%0200d', 0))",
        "with recursive w(t) as (select 'x' union all select t || t from w) select length(t) from w",
        "select trim('x', printf('%0200d', 0))",
        "select 'x' like printf('%0150d', 0) || printf('%0150d', 0)",
        "select " + ", ".join(["1"] * 300),
    ],
)
def test_what_is_too_long_is_refused(connection: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.Error):
        connection.execute(sql).fetchall()


def test_an_answer_that_is_too_large_ends(connection: sqlite3.Connection) -> None:
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select printf('%0200d', x) from n"
    cursor = connection.execute(endless)
    with pytest.raises(AnswerTooLargeError):
        cursor.fetchall()
    assert len(connection.execute(f"{endless} limit {ANSWER // 400}").fetchall()) == ANSWER // 400  # each statement by itself


@pytest.mark.parametrize(
    "expression",
    [
        "instr('abcabc', 'ca'), instr('abc', 'x'), instr('abc', ''), instr(null, 'x'), instr(x'0102', x'02')",
        "replace('abcabc', 'b', 'xx'), replace('abc', '', 'y'), replace(null, 'a', 'b'), replace(121, 2, 3)",
        "trim('  a '), ltrim('xxay', 'x'), rtrim('xaxy', 'xy'), trim(null), trim('xyaxy', 'yx')",
        "printf('%d %5d|%-5d|%05d %,d', 1, 2, 3, 4, 12345), printf('%.3f %e %g', 0.5, 1.5, 2.5), printf('%s %.2s %5s', 'a', 'bcd', 'e')",
        "printf('%q %Q %Q', 'it''s', 'it''s', null), printf('%x %X %o %c %%', 255, 255, 8, 'xy'), printf('%d %s'), printf('%+d', 3)",
    ],
)
def test_replaced_functions_give_what_sqlite_gives(connection: sqlite3.Connection, expression: str) -> None:
    (ours,) = connection.execute(f"select {expression}")
    (theirs,) = sqlite3.connect(":memory:").execute(f"select {expression}")
    assert tuple(ours) == theirs


def test_a_template_that_is_null_gives_null() -> None:
    assert formatted(None, 1) is None


@pytest.mark.parametrize("sql", ["select zeroblob(300000000)", "select 1 frm x y", "select * from nothere", "select randomblob(3)"])
def test_bad_sql_is_a_400_and_a_line_of_the_log_without_the_statement(
    site: Site, sql: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    response = site.get("/qantar.json", params={"sql": sql})
    assert response.status_code == 400
    assert response.json()["error"]
    (line,) = caplog.messages
    assert sql not in line and "\n" not in line
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("given", ['"x", {}', "W/{}", "*", '"a" , W/{},"b"'])
@pytest.mark.parametrize("path", ["/", "/static/explorer.css", "/download/2021-03-05-aaaa1111/README.md"])
def test_who_has_an_answer_already_is_told_so(site: Site, path: str, given: str) -> None:
    etag = site.get(path).headers["etag"].removeprefix("W/")
    assert site.get(path, headers={"if-none-match": given.format(etag)}).status_code == 304
    assert site.get(path, headers={"if-none-match": '"another"'}).status_code == 200


def test_counts_of_facets_are_made_once_and_what_is_long_is_not_held(tmp_path: Path) -> None:
    datasette = open_build(write_small_build(tmp_path, "build00", "Marenga"))
    database = datasette.get_database("qantar")

    async def asked_twice(sql: str, **named: Any) -> bool:
        return await database.execute(sql, {}, **named) is await database.execute(sql, {}, **named)

    async def run() -> None:
        counts = "select kind as value, count(*) as count from quotes group by kind"
        assert await asked_twice(counts, custom_time_limit=500)
        assert not await asked_twice(counts)
        assert not await asked_twice(
            "with recursive n(x) as (select 1 union all select x + 1 from n limit 3000) select x, x, x as value from n",
            custom_time_limit=500,
        )
        for n in range(COUNTS + 1):
            await database.execute(f"select {n}", {}, custom_time_limit=500)
        assert len(database._counts) == COUNTS

    asyncio.run(run())
