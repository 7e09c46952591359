"""A run: what is listed is fetched once, stored as it came, and read by the pipeline's own reader."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from qantar.collect.collection import collect
from qantar.schema import Article, Rejected
from qantar.settings import Corpus, QantarError
from qantar.stages.articles import list_sources, load_catalogue, read_articles
from qantar.stages.articles.not_collected import load_failed
from tests.collect.conftest import Collect
from tests.collect.sites import Answer, Hours, Paper, feed, follow, page, papers, story, write_sources


def rows_of(raw: Path) -> list[Article | Rejected]:
    """What the pipeline makes of a raw folder."""
    sources, rejected = list_sources(raw)
    corpus = Corpus.load(raw)
    return [*rejected, *(row for source in sources for row in read_articles(raw, source, load_catalogue(raw), corpus))]


def articles_of(raw: Path) -> list[Article]:
    return [row for row in rows_of(raw) if isinstance(row, Article)]


def failed_of(raw: Path) -> dict[str | None, str]:
    """Reasons by address."""
    return {row.source_record: row.reason for row in load_failed(raw)}


def serve_stories(paper: Paper, *places: str) -> None:
    paper.routes |= {f"/{place}": Answer(story(place)) for place in places}
    paper.routes["/feed"] = feed(paper, [f"/{place}" for place in places])


def test_what_a_feed_lists_becomes_articles_that_lead_to_their_bytes(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga", "Porto")
    raw = write_sources(tmp_path / "raw", follow(paper, more='licence = "Ask first"'), paper)
    (row,) = run(raw).rows
    assert (row.n_listed, row.n_new, row.n_failed, row.bytes > 0) == (2, 2, 0, True)
    (archive,) = (raw / "collected").glob("*/*.warc.gz")
    assert archive.relative_to(raw).as_posix() == "collected/harbour-times/2022-01-05.warc.gz", "one file a day and outlet"
    found = {article.url: article for article in articles_of(raw)}
    assert found.keys() == {paper.url("/Marenga"), paper.url("/Porto")}
    article = found[paper.url("/Marenga")]
    assert (article.outlet, article.licence, article.title) == ("Harbour Times", "Ask first", "Dockers walk out at Marenga")
    assert (article.published_on, article.published_basis) == (date(2022, 1, 5), "metadata"), "as the feed says, for the page does not"
    data = gzip.decompress(archive.read_bytes())
    assert story("Marenga").encode() in data
    assert b"GET /Marenga HTTP/1.1" in data
    assert b"User-Agent: Qantar/" in data
    assert hashlib.sha256(story("Marenga").encode()).hexdigest().encode() in data


def test_a_second_run_asks_for_no_page_again_and_for_the_feed_only_if_it_changed(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga")
    whole = paper.routes["/feed"]
    assert isinstance(whole, Answer)
    whole.headers["ETag"] = '"1"'
    paper.routes["/feed"] = lambda asked: Answer(status=304) if asked.get("if-none-match") == '"1"' else whole
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    before = {path: path.read_bytes() for path in raw.rglob("*") if path.is_file() and not path.name.startswith(".")}
    (row,) = run(raw).rows
    assert paper.paths == ["/feed", "/Marenga", "/feed"]
    assert row.n_new == row.n_failed == 0
    assert {path: path.read_bytes() for path in raw.rglob("*") if path.is_file() and not path.name.startswith(".")} == before


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("br", partial(pa.compress, codec="brotli", asbytes=True)), ("deflate", zlib.compress), ("", bytes)],
)
def test_a_packed_page_is_stored_as_it_came_and_read(tmp_path: Path, paper: Paper, run: Collect, coding: str, pack) -> None:  # type: ignore[no-untyped-def]
    packed = pack(story("Marenga").encode())
    paper.routes |= {
        "/a": Answer(packed, headers={"Content-Encoding": coding} if coding else {}, chunked=True),
        "/feed": feed(paper, ["/a"]),
    }
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    (article,) = articles_of(raw)
    assert article.text.startswith("The harbour of Marenga")
    (archive,) = (raw / "collected").glob("*/*.warc.gz")
    assert packed in gzip.decompress(archive.read_bytes())


def test_a_corrected_article_is_stored_again_and_one_with_other_advertisements_is_not(
    tmp_path: Path, paper: Paper, run: Collect, clock: Hours
) -> None:
    serve_stories(paper, "Marenga", "Porto")
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    paper.routes["/Marenga"] = Answer(story("Marenga").replace("3 ships", "thirty ships"))
    paper.routes["/Porto"] = Answer(story("Porto").replace("</article>", "</article><aside>Buy boots number 77</aside>"))
    clock.pass_time(hours=25)
    (row,) = run(raw).rows
    assert (row.n_new, row.n_changed, row.n_unchanged) == (0, 1, 1)
    texts = [article.text for article in articles_of(raw) if article.url == paper.url("/Marenga")]
    assert [("thirty" in text) for text in texts] == [False, True], "the first version stays, the corrected one stands beside it"


def test_an_article_is_asked_for_again_when_its_outlet_says_it_changed_and_not_after_a_week(
    tmp_path: Path, paper: Paper, run: Collect, clock: Hours
) -> None:
    def sitemap(changed: str) -> Answer:
        return Answer(f"<urlset><url><loc>{paper.url('/a')}</loc><lastmod>{changed}</lastmod></url></urlset>", type="application/xml")

    paper.routes |= {"/a": Answer(story("Marenga")), "/map": sitemap("2022-01-05T05:00:00Z")}
    source = f'[[source]]\noutlet = "H"\nsitemaps = ["{paper.url("/map")}"]\n'
    raw = write_sources(tmp_path / "raw", source, paper)

    def asked() -> int:
        run(raw)
        return paper.paths.count("/a")

    assert asked() == 1
    clock.pass_time(days=2)
    assert asked() == 1, "its date is the same, so it is not asked for before the last check"
    paper.routes["/map"] = sitemap("2022-01-07T03:00:00Z")
    assert asked() == 2
    clock.pass_time(days=5, hours=1)
    assert asked() == 3, "once more at the end of the week"
    clock.pass_time(days=1)
    paper.routes["/map"] = sitemap("2022-01-13T07:00:00Z")
    assert asked() == 3


@pytest.mark.parametrize("gone", [Answer(status=410), Answer(status=404), Answer(status=302, headers={"Location": "/"})])
def test_a_removed_article_is_told_of_and_stays(tmp_path: Path, paper: Paper, run: Collect, clock: Hours, gone: Answer) -> None:
    serve_stories(paper, "Marenga", "Porto", "Old")
    paper.routes["/"] = Answer(page("Front page", "News."))
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    paper.routes["/Porto"] = gone
    paper.routes["/feed"] = feed(paper, ["/Marenga", "", "/Old"])
    clock.pass_time(hours=1)
    (row,) = run(raw).rows
    assert (row.n_removed, row.n_failed) == (1, 0), "an older one is still listed, so it was asked for at once"
    assert failed_of(raw) == {paper.url("/Porto"): "removed"}
    assert len(articles_of(raw)) == 3
    clock.pass_time(hours=1)
    run(raw)
    assert paper.paths[-1] == "/feed", "once"


def test_two_addresses_that_lead_to_one_page_are_stored_once(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga")
    paper.routes["/short"] = Answer(status=301, headers={"Location": "/Marenga?utm_source=feed"})
    paper.routes["/feed"] = feed(paper, ["/Marenga", "/short"])
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    (row,) = run(raw).rows
    assert (row.n_listed, row.n_new, row.n_failed) == (2, 1, 0)
    assert [article.url for article in articles_of(raw)] == [paper.url("/Marenga")]


def test_a_dry_run_lists_what_it_would_fetch_and_leaves_nothing(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga", "Porto")
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    collected = run(raw, dry_run=True)
    assert collected.due == {"Harbour Times": [paper.url("/Marenga"), paper.url("/Porto")]}
    assert paper.paths == ["/feed"]
    assert sorted(path.name for path in raw.iterdir()) == ["corpus.toml", "sources.toml"]


def test_sitemaps_addresses_and_files_of_addresses_are_followed_too(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga", "Porto", "Lund", "Vos")
    paper.routes |= {
        "/index.xml": Answer(f"<sitemapindex><sitemap><loc>{paper.url('/news.xml.gz')}</loc></sitemap></sitemapindex>", type="text/xml"),
        "/news.xml.gz": Answer(
            gzip.compress(
                f"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>{paper.url('/Marenga')}</loc><n:news>"
                "<n:publication><n:language>en</n:language></n:publication><n:title>Dockers</n:title>"
                "<n:publication_date>2022-01-04T22:00:00-05:00</n:publication_date></n:news></url></urlset>".encode()
            ),
            type="application/gzip",
        ),
    }
    (tmp_path / "list.txt").write_text(f"# by hand\n{paper.url('/Vos')}\n", "utf-8")
    source = f'sitemaps = ["{paper.url("/index.xml")}"]\naddresses = ["{paper.url("/Lund")}"]\naddress_files = ["../list.txt"]'
    raw = write_sources(tmp_path / "raw", follow(paper, more=source).replace('feeds = ["', 'feeds = []\n# ["'), paper)
    run(raw)
    found = {article.url: article.published_on for article in articles_of(raw)}
    assert found == {paper.url("/Marenga"): date(2022, 1, 5), paper.url("/Lund"): None, paper.url("/Vos"): None}


def test_days_and_limits_are_kept_to_and_what_is_left_waits(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, *(f"P{n}" for n in range(5)))
    raw = write_sources(tmp_path / "raw", follow(paper, more="pages = 2"), paper)
    (row,) = run(raw, since=date(2022, 1, 6)).rows
    assert (row.n_new, row.n_left_out) == (0, 5)
    (row,) = run(raw).rows
    assert (row.n_new, row.n_waiting) == (2, 3)
    assert paper.paths[-2:] == ["/P0", "/P1"], "the newest first"


def test_a_run_ends_when_its_time_is_over(tmp_path: Path, paper: Paper, clock: Hours) -> None:
    serve_stories(paper, *(f"P{n}" for n in range(5)))
    raw = write_sources(tmp_path / "raw", follow(paper, more="delay = 20"), paper, more="minutes = 1")
    (row,) = collect(raw, clock=clock).rows
    assert 0 < row.n_new < 5
    assert row.n_new + row.n_waiting == 5


def test_two_runs_at_once_are_refused(tmp_path: Path, paper: Paper, run: Collect) -> None:
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    told = []

    def second(_: dict[str, str]) -> Answer:
        try:
            collect(raw)
        except QantarError as error:
            told.append(str(error))
        return feed(paper, [])

    paper.routes["/feed"] = second
    run(raw)
    assert "another run collects there" in told[0]


def test_a_source_that_lists_nothing_new_is_told_of_once(tmp_path: Path, run: Collect, clock: Hours) -> None:
    with papers(2) as (lively, quiet):
        serve_stories(lively, "Marenga")
        serve_stories(quiet, "Porto")
        raw = write_sources(tmp_path / "raw", follow(lively, "Lively") + follow(quiet, "Quiet", "silent_days = 3"), lively, quiet)
        assert run(raw).newly_silent == []
        clock.pass_time(days=4)
        serve_stories(lively, "Marenga", "Lund")
        collected = run(raw)
        assert collected.newly_silent == ["Quiet"]
        assert [row.is_silent for row in collected.rows] == [False, True]
        assert run(raw).newly_silent == []
        serve_stories(quiet, "Vos")
        assert [row.is_silent for row in run(raw).rows] == [False, False]
