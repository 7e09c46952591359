from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from qantar.explorer.serve import explorer, open_build
from qantar.schema import BuildRun, Outcome
from qantar.store import history
from tests.explorer.conftest import Site
from tests.explorer.small_build import point_latest_at, write_small_build

DAY = 86_400
RUNS = "//table[contains(@class, 'runs')]/tbody/tr"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    write_small_build(tmp_path)
    return tmp_path


def add_run(out: Path, name: str, outcome: Outcome, message: str, ago: float = 0) -> None:
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
    seconds = '{"read": 1.5, "annotate": 2.25}'
    run = BuildRun(run_id=name, build_id=None, started=at, finished=at, seconds=seconds, outcome=outcome, message=message)
    history.record_run(out, run)


def site_of(out: Path, max_age: float | None = None) -> Site:
    site = Site(out)
    site.datasette = open_build((out / "latest").resolve(), out / "history.db", max_age=max_age)
    site.loop.run_until_complete(site.datasette.invoke_startup())
    return site


def test_each_run_is_told_with_its_stages_and_what_to_do_about_a_failure(out: Path) -> None:
    add_run(out, "full", "failed", "[Errno 28] No space left on device <b>")
    add_run(out, "same", "unchanged", "nothing has changed")
    page = site_of(out).page("/runs")
    rows = [" ".join(" ".join(row.itertext()).split()) for row in page.xpath(RUNS)]
    assert [row.split()[2] for row in rows] == ["unchanged", "failed", "published"], "the newest first"
    assert "No space left on device <b> Free disk space" in rows[1]
    assert "3.8 read 1.5, annotate 2.2" in rows[1]
    assert "Free disk space" not in rows[0]
    disk = page.xpath("//section/dl")[0].text_content()
    assert all(words in disk for words in ("Builds", "History", "Free"))


def test_what_came_from_where_is_told_and_who_has_fallen_silent(out: Path) -> None:
    site = site_of(out)
    page = site.page("/runs")
    rows = [" ".join(" ".join(row.itertext()).split()) for row in page.xpath("//table[contains(@class, 'sources')]/tbody/tr")]
    assert [row.split()[0] for row in rows] == ["Evening", "Marenga"], "the silent first"
    assert "its feed cannot be reached <b>" in rows[0]
    assert "Evening Post has listed nothing new since 1 February 2021" in site.text("/runs") or "2021-02-01" in site.text("/runs")
    assert len(page.xpath("//table[contains(@class, 'collections')]/tbody/tr")) == 2


def test_a_history_without_collections_is_shown_too(out: Path) -> None:
    with closing(sqlite3.connect(out / "history.db")) as connection, connection:
        connection.execute("DROP TABLE collections")
    assert "Collected" not in site_of(out).text("/runs")


def test_runs_can_be_narrowed_to_those_that_failed(out: Path) -> None:
    add_run(out, "full", "failed", "No space left on device")
    site = site_of(out)
    assert len(site.page("/runs?outcome=failed").xpath(RUNS)) == 1
    assert "There is no such run" in site.text("/runs?outcome=withdrawn")
    assert site.get("/runs?outcome=other").status_code == 404


def test_health_is_bad_once_no_run_went_well_for_too_long(out: Path) -> None:
    response = site_of(out, max_age=DAY).get("/-/health")
    assert response.status_code == 503
    assert not response.json()["ok"]
    assert "no run has succeeded for" in response.json()["problem"]
    assert "Too old." in site_of(out, max_age=DAY).text("/runs")

    add_run(out, "bad", "failed", "No space left on device", ago=60)
    assert site_of(out, max_age=DAY).get("/-/health").status_code == 503, "a failed run does not count"

    add_run(out, "same", "unchanged", "nothing has changed", ago=60)
    response = site_of(out, max_age=DAY).get("/-/health")
    assert response.status_code == 200
    assert 60 <= response.json()["age_seconds"] < DAY
    assert response.json()["last_run"]["outcome"] == "unchanged"
    assert response.json()["disk"]["builds"] > 0


def test_health_without_a_limit_is_never_too_old(out: Path) -> None:
    response = site_of(out).get("/-/health")
    assert (response.status_code, response.json()["ok"], response.json()["problem"]) == (200, True, None)


def test_a_clock_that_was_set_back_makes_no_age_negative_and_is_named(out: Path) -> None:
    add_run(out, "later", "unchanged", "nothing has changed", ago=-30 * DAY)
    health = site_of(out, max_age=DAY).get("/-/health").json()
    assert health["ok"]
    assert health["age_seconds"] == 0
    assert "clock was set back" in health["problem"]


def test_a_run_seen_long_ago_is_old_whatever_the_clock_says(out: Path) -> None:
    add_run(out, "later", "unchanged", "nothing has changed", ago=-30 * DAY)
    site = site_of(out, max_age=0.05)
    assert site.get("/-/health").status_code == 200
    site.loop.run_until_complete(asyncio.sleep(0.1))
    assert site.get("/-/health").status_code == 503


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"\xff" * 9_000), lambda path: path.unlink()], ids=["damaged", "lost"])
def test_readers_do_not_need_the_history(out: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    spoil(out / "history.db")
    site = site_of(out)
    for path in ("/", "/quality", "/runs", "/-/health", "/feed.atom", "/downloads"):
        assert site.get(path).status_code == 200, path


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"\xff" * 9_000), lambda path: path.unlink()], ids=["damaged", "lost"])
def test_a_history_that_is_spoilt_while_it_is_served_fails_no_request(out: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    other = write_small_build(out, "2021-03-06-bbbb2222", latest=False)

    async def run() -> None:
        switch = explorer(out, seconds=60)
        await switch.start()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(switch), base_url="http://here") as client:
            assert (await client.get("/history/builds.json")).status_code == 200
            spoil(out / "history.db")
            for _ in range(2):
                for path in ("/", "/quality", "/runs", "/qantar/quotes", "/qantar/quotes.json", "/search?q=paid", "/history/builds.json"):
                    assert (await client.get(path)).status_code == 200, path
                await switch.look()
            point_latest_at(out, other)
            await switch.look()
            assert switch.current.folder == other
            assert len((await client.get("/history/builds.json?_shape=array")).json()) == 2, "what was served of it goes on"
        await switch.stop()

    asyncio.run(run())


def test_a_run_that_waits_to_write_into_the_history_changes_nothing_that_is_told(out: Path) -> None:
    async def run() -> None:
        switch = explorer(out, seconds=60, max_age=DAY)
        await switch.start()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(switch), base_url="http://here") as client:
            before = (await client.get("/-/health")).json()
            path = out / "history.db"
            with closing(sqlite3.connect(path)) as reader, closing(sqlite3.connect(path, timeout=0)) as writer:
                reader.execute("BEGIN")
                assert reader.execute("SELECT * FROM builds").fetchone()
                writer.execute("DELETE FROM builds")
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    writer.commit()
                with closing(sqlite3.connect(path, timeout=0)) as other, pytest.raises(sqlite3.OperationalError, match="locked"):
                    other.execute("SELECT * FROM builds")
                await switch.look()
                after = (await client.get("/-/health")).json()
        assert not before["ok"]
        assert {key: after[key] for key in ("ok", "checked", "last_run")} == {key: before[key] for key in ("ok", "checked", "last_run")}
        await switch.stop()

    asyncio.run(run())


def test_a_history_that_is_made_anew_is_taken_up_without_a_new_build(out: Path) -> None:
    async def run() -> str:
        switch = explorer(out, seconds=60)
        await switch.start()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(switch), base_url="http://here") as client:
            assert "5 articles" in (await client.get("/runs")).text
            told = (await client.get("/quality")).text
            assert (await client.get("/quality")).text == told
            (out / "history.db").unlink()
            add_run(out, "after", "unchanged", "told by the new history")
            (before,) = switch.current.datasette.qantar.copies
            await switch.look()
            answer = (await client.get("/runs")).text
            assert (await client.get("/quality")).text != told, "the page is that of the history before"
            assert len(switch.current.datasette.qantar.copies) == 2
            assert list(Path(before.name).iterdir()), "a request under way may only now open the copy before"
        await switch.stop()
        return answer

    assert "told by the new history" in asyncio.run(run())


def test_the_file_of_a_build_before_can_still_be_had_unless_it_was_taken_back(out: Path) -> None:
    before = (out / "latest").resolve()
    write_small_build(out, "2021-03-06-bbbb2222")
    site = site_of(out)
    response = site.get(f"/download/{before.name}/README.md")
    assert response.status_code == 200
    assert site.get(f"/download/{before.name}/../../history.db").status_code in (403, 404)
    (before / "run.json").write_text('{"outcome": "withdrawn"}')
    assert site.get(f"/download/{before.name}/README.md").status_code == 404


def test_health_does_not_wait_for_one_who_writes_the_history(out: Path) -> None:
    site = site_of(out)
    with closing(sqlite3.connect(out / "history.db", isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert site.get("/-/health").json()["ok"]
