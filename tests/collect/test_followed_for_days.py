"""Three sites followed for ten runs by the commands themselves: an article is corrected, one removed, a site dies and comes back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qantar.cli import app
from qantar.collect.clock import Clock
from qantar.pipeline.plan import make_plan
from qantar.settings import Settings
from tests.collect.sites import EPOCH, Answer, Hours, Paper, feed, follow, papers, tale, write_sources
from tests.conftest import Qantar
from tests.explorer.conftest import Site


def serve(paper: Paper, *places: str) -> None:
    """A site with a story of each place, the newest first; an empty name leaves a place in its feed out."""
    paper.routes |= {f"/{place}": Answer(tale(place)) for place in places if place and f"/{place}" not in paper.routes}
    paper.routes["/feed"] = feed(paper, [f"/{place}" if place else "" for place in places])


def asked(database: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def test_what_happens_to_articles_and_sites_is_told_rightly_without_a_hand(
    tmp_path: Path, qantar: Qantar, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, out, clock = tmp_path / "raw", tmp_path / "out", Hours()
    monkeypatch.setattr(Clock, "now", lambda self: clock.now())

    def collect() -> str:
        """One run, twelve hours after the one before."""
        app(["collect", "--raw", str(raw), "--out", str(out)], standalone_mode=False)
        clock.pass_time(hours=12)
        return capsys.readouterr().out

    def build() -> str:
        done = qantar("build", "--raw", raw, "--out", out, "--no-annotate", "--workers", "1")
        assert done.returncode == 0, done.stderr
        return (out / "latest").resolve().name

    def documents() -> list[tuple[Any, ...]]:
        return asked(out / "latest/qantar.db", "SELECT url, duplicate_kind FROM documents ORDER BY url, duplicate_kind IS NOT NULL")

    def changes(build_id: str) -> list[tuple[Any, ...]]:
        return asked(out / "history.db", "SELECT change, count(*) FROM changes WHERE build_id = ? GROUP BY change", build_id)

    with papers(3) as (harbour, courier, valley):
        serve(harbour, "Marenga", "Porto")
        serve(courier, "Lund", "Vos", "Ames")
        serve(valley, "Orle", "Tamm")
        write_sources(
            raw,
            follow(harbour, "Harbour Times", 'licence = "Ask first"') + follow(courier, "Courier") + follow(valley, "Valley Post"),
            harbour,
            courier,
            valley,
        )
        assert "Harbour Times: 2 listed, 2 new" in collect()
        collect()
        build()
        stories = [paper.url(f"/{place}") for paper, place in ((harbour, "Marenga"), (harbour, "Porto"), (courier, "Lund"))]
        stories += [paper.url(f"/{place}") for paper, place in ((courier, "Vos"), (courier, "Ames"), (valley, "Orle"), (valley, "Tamm"))]
        assert sorted(url for url, _ in documents()) == sorted(stories)
        assert asked(out / "latest/qantar.db", "SELECT count(*) FROM rejected") == [(0,)]

        # the second to the sixth run: a correction, a removal, and a site that dies
        harbour.routes["/Marenga"] = Answer(tale("Marenga").replace("In Marenga", "Yesterday in Marenga", 1))
        courier.routes["/Vos"] = Answer(status=410)
        serve(courier, "Lund", "", "Ames")
        valley.go_down()
        said = "".join(collect() for _ in range(5))
        assert "Harbour Times: 2 listed, 0 new, 1 changed" in said
        assert "1 removed" in said
        second = build()
        assert documents().count((harbour.url("/Marenga"), None)) == 1
        assert documents().count((harbour.url("/Marenga"), "version")) == 1
        assert len(documents()) == 8, "what is removed or cannot be reached stays"
        reasons = dict(asked(out / "latest/qantar.db", "SELECT source_record, reason FROM rejected WHERE stage = 'collect'"))
        assert reasons[courier.url("/Vos")] == "removed"
        assert reasons[valley.url("/feed")] == "no_connection"
        assert changes(second) == [("added", 1), ("changed", 1)], "the version, and the article that has one now"

        # the last three: it comes back with news
        valley.come_back()
        serve(valley, "Ilme", "Orle", "Tamm")
        said = "".join(collect() for _ in range(3))
        assert "Valley Post: 3 listed, 1 new" in said
        third = build()
        assert (valley.url("/Ilme"), None) in documents()
        assert changes(third) == [("added", 1)]
        reasons = dict(asked(out / "latest/qantar.db", "SELECT source_record, reason FROM rejected"))
        assert reasons == {courier.url("/Vos"): "removed"}
        runs = asked(
            out / "history.db", "SELECT source, count(*), sum(n_new), sum(n_changed), sum(n_removed) FROM collections GROUP BY source"
        )
        assert runs == [("Courier", 10, 3, 0, 1), ("Harbour Times", 10, 2, 1, 0), ("Valley Post", 10, 3, 0, 0)]
        fetched = [path for path in harbour.paths if path == "/Porto"]
        assert len(fetched) == 3, "once, and looked at again after a day and after three"
        assert clock.now() - EPOCH >= timedelta(days=5)

    site = Site(out)
    (gone,) = asked(out / "latest/qantar.db", "SELECT document_id FROM documents WHERE url = ?", courier.url("/Vos"))
    assert "Its outlet has removed this article" in site.text(f"/article/{gone[0]}")
    page = site.page("/runs")
    told = [row.text_content().strip() for row in page.xpath("//table[contains(@class, 'sources')]/tbody/tr/th")]
    assert told == ["Courier", "Harbour Times", "Valley Post"]
    assert "removed" in site.text("/quality")

    plan = make_plan(Settings(raw=raw, out=out)).build.raw_sha256
    for hidden in (raw / "collected").glob(".*"):
        hidden.unlink()
    assert make_plan(Settings(raw=raw, out=out)).build.raw_sha256 == plan, "what a build is made of is what can be seen"
