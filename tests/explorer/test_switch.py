from __future__ import annotations

import asyncio
import re
import socket
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from datasette.database import QueryInterrupted

from qantar.explorer.serve import explorer, serve
from qantar.explorer.switch import Switch
from qantar.settings import QantarError
from tests.explorer.small_build import point_latest_at, write_small_build

PATHS = ["/", "/article/f8d397a33fcb", "/entity/ana-duarte", "/qantar/build.json?_shape=array", "/quality", "/search?q=paid", "/downloads"]


def builds(out: Path, n: int) -> list[Path]:
    out.mkdir()
    return [write_small_build(out, f"build{i:02}", f"Title of build{i:02}", latest=i == 0) for i in range(n)]


def client_of(switch: Switch) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(switch), base_url="http://here", follow_redirects=True)


def test_ten_new_builds_under_load_fail_no_request_and_no_answer_mixes_two(tmp_path: Path) -> None:
    out = tmp_path / "out"
    folders = builds(out, 11)

    async def run() -> tuple[set[str], int]:
        switch = explorer(out, seconds=0.02)
        await switch.start()
        threads, seen, n, done = threading.active_count(), set(), 0, False

        async def reader(first: int) -> None:
            nonlocal n
            async with client_of(switch) as client:
                while not done:
                    n += 1
                    response = await client.get(PATHS[(first + n) % len(PATHS)])
                    assert response.status_code == 200, response.text
                    named = set(re.findall(r"build\d\d", re.sub(r"(?s)Last runs.*?</table>", "", response.text)))
                    assert len(named) == 1, (response.url, named)
                    seen.update(named)

        readers = [asyncio.create_task(reader(i)) for i in range(4)]
        for folder in folders[1:]:
            point_latest_at(out, folder)
            while switch.current.folder != folder:
                assert not any(r.done() for r in readers), [r.exception() for r in readers if r.done()]
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
        while n <= 100:  # on a busy machine ten builds can come between fewer requests
            await asyncio.sleep(0.01)
        done = True
        await asyncio.gather(*readers)
        await asyncio.sleep(0.2)
        grown = threading.active_count() - threads
        await switch.stop()
        return seen, grown

    seen, grown = asyncio.run(run())
    assert seen == {f"build{i:02}" for i in range(11)}
    assert grown <= 6  # no thread stays behind from ten builds


def test_a_build_that_cannot_be_served_leaves_the_one_before_and_says_so(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first, second = builds(out, 2)
    (second / "qantar.db").write_bytes(b"no database at all, but long enough to look at" * 100)

    async def run() -> None:
        switch = explorer(out, seconds=60)
        await switch.start()
        async with client_of(switch) as client:
            point_latest_at(out, second)
            await switch.look()
            assert switch.current.folder == first
            health = (await client.get("/-/health")).json()
            assert health["build_id"] == "build00"
            assert "build01 can't be served" in health["problem"]
            point_latest_at(out, first)
            await switch.look()
            assert (await client.get("/-/health")).json()["problem"] is None
            (out / "latest").unlink()
            await switch.look()
            assert (await client.get("/")).status_code == 200
        await switch.stop()

    asyncio.run(run())


def test_a_build_whose_lists_take_too_long_on_a_busy_machine_is_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page over the time limit kept a server from starting, and readers on the build before it."""
    out = tmp_path / "out"
    builds(out, 1)

    async def slow(*_: object, **__: object) -> None:
        raise QueryInterrupted(sqlite3.OperationalError("interrupted"), "select", {})

    async def run() -> tuple[int, int]:
        switch = explorer(out, seconds=60)
        await switch.start()
        async with client_of(switch) as client:
            answers = (await client.get("/quotes")).status_code, (await client.get("/pictures")).status_code
        await switch.stop()
        return answers

    monkeypatch.setattr("qantar.explorer.queries.rows_where", slow)
    assert asyncio.run(run()) == (400, 200)
    assert "/quotes takes too long now" in caplog.text


def test_a_build_that_is_taken_back_while_it_is_opened_is_never_served(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first, second = builds(out, 2)

    async def run() -> None:
        switch = explorer(out, seconds=60)
        await switch.start()
        opened = switch.opened

        def taken_back(folder: Path) -> object:
            point_latest_at(out, first)
            return opened(folder)

        switch.opened = taken_back
        point_latest_at(out, second)
        await switch.look()
        assert switch.current.folder == first
        switch.opened = opened
        point_latest_at(out, second)
        await switch.look()
        assert switch.current.folder == second, "it may come again"
        await switch.stop()

    asyncio.run(run())


def test_a_request_under_way_ends_in_the_build_it_began_in(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _, second = builds(out, 2)

    async def run() -> str:
        switch = explorer(out, seconds=60)
        await switch.start()
        switch.current.datasette.sql_time_limit_ms = 60_000  # the query may be slow on a busy machine
        slow = (
            "with recursive n(x) as (select 1 union all select x + 1 from n limit 400000) select title, (select count(*) from n) from build"
        )
        async with client_of(switch) as client:
            answer = asyncio.create_task(client.get("/qantar.json", params={"sql": slow, "_shape": "array"}))
            await asyncio.sleep(0.02)
            point_latest_at(out, second)
            await switch.look()
            assert switch.current.folder == second
            title: str = (await answer).json()[0]["title"]
        await switch.stop()
        return title

    assert asyncio.run(run()) == "Title of build00"


def test_without_a_build_the_user_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(QantarError, match="no build to serve; make one with `qantar build"):
        explorer(tmp_path)


def test_a_build_of_another_version_is_named_as_what_it_is(tmp_path: Path) -> None:
    (folder,) = builds(tmp_path / "out", 1)
    (folder / "qantar.db").chmod(0o644)
    with closing(sqlite3.connect(folder / "qantar.db")) as connection:
        connection.execute("DROP TABLE corrections")
        connection.execute("ALTER TABLE quotes DROP COLUMN speaker_score")
    with pytest.raises(QantarError, match=r"another version .* \(it has no quotes.speaker_score, corrections\).* run `qantar build`"):
        explorer(tmp_path / "out")


def test_a_taken_port_is_a_plain_error(tmp_path: Path) -> None:
    builds(tmp_path / "out", 1)
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(QantarError, match=r"Address already in use.; choose another with --port"),
    ):
        serve(tmp_path / "out", "127.0.0.1", taken.getsockname()[1])
