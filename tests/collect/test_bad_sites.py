"""Sites that behave badly: each ends in a row with its reason, is tried again later, and holds nobody else."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta
from pathlib import Path

import httpcore
import pytest

from qantar.collect import reading
from qantar.collect.clock import Clock
from qantar.collect.failures import FetchError
from qantar.collect.fetching import Fetcher
from qantar.collect.listings import read_listing
from qantar.collect.politeness import Gates
from qantar.collect.web_addresses import clean_address
from qantar.stages.articles import limit
from tests.collect import conftest
from tests.collect.conftest import Collect
from tests.collect.sites import EPOCH, Answer, Hours, Paper, feed, follow, papers, story, write_sources
from tests.collect.test_collect import articles_of, failed_of, rows_of, serve_stories

BOMB = gzip.compress(bytes(40 * 2**20), 9)


def redirect(to: str) -> Answer:
    return Answer(status=302, headers={"Location": to})


BAD: dict[str, tuple[Answer, str]] = {
    "cut": (Answer(story("Marenga"), promised=90_000), "cut"),
    "circle": (redirect("/circle?n=1"), "redirects"),
    "away": (redirect("http://elsewhere.invalid/"), "other_host"),
    "inside": (redirect("http://169.254.169.254/latest/meta-data/"), "other_host"),
    "log-in": (redirect("http://user:secret@127.0.0.1/"), "credentials"),
    "file": (redirect("file:///etc/passwd"), "no_address"),
    "picture": (Answer(b"GIF89a", type="image/gif"), "wrong_type"),
    "document": (Answer(b"%PDF-1.7", type="application/pdf"), "wrong_type"),
    "large": (Answer(b"x" * 2_000_000), "too_large"),
    "bomb": (Answer(BOMB, headers={"Content-Encoding": "gzip"}), "too_large"),
    "bombs": (Answer(gzip.compress(BOMB), headers={"Content-Encoding": "gzip, gzip, gzip"}), "too_large"),
    "half": (Answer(gzip.compress(story("Marenga").encode())[:-20], headers={"Content-Encoding": "gzip"}), "cut"),
    "missing": (Answer(status=404), "not_found"),
    "broken": (Answer(status=500), "server_error"),
    "paid": (Answer(status=402), "refused"),
    "closed": (Answer(status=403), "refused"),
}


def test_what_cannot_be_had_is_a_row_with_its_reason_and_the_rest_is_had(tmp_path: Path, paper: Paper, run: Collect, clock: Hours) -> None:
    paper.routes |= {f"/{name}": answer for name, (answer, _) in BAD.items()}
    paper.routes |= {"/circle?n=1": redirect("/circle"), "/good": Answer(story("Marenga"))}
    paper.routes["/feed"] = feed(paper, [*(f"/{name}" for name in BAD), "/good"])
    raw = write_sources(tmp_path / "raw", follow(paper), paper, more="megabytes = 1")
    (row,) = run(raw).rows
    assert failed_of(raw) == {paper.url(f"/{name}"): reason for name, (_, reason) in BAD.items()}
    assert (row.n_new, row.n_failed) == (1, len(BAD))
    assert [article.url for article in articles_of(raw)] == [paper.url("/good")]
    assert not any("secret" in str(told) or "169.254" in path for path, told in paper.asked)
    n = len(paper.asked)
    run(raw)
    assert paper.paths[-1] == "/feed", "not at once again"
    clock.pass_time(hours=1)
    paper.routes["/closed"] = Answer(story("Porto"))
    run(raw)
    assert {path for path, _ in paper.asked[n:]} >= {"/closed", "/missing", "/broken"}, "later they are"
    assert paper.url("/closed") not in failed_of(raw)
    assert len(articles_of(raw)) == 2


@pytest.mark.parametrize("drip", [0.05, 20])
def test_an_answer_that_takes_too_long_is_ended(paper: Paper, drip: float) -> None:
    paper.routes["/slow"] = Answer(story("Marenga"), drip=drip)
    assert ask(paper.url("/slow"), "127.0.0.1", private=(paper.host,), seconds=0.2) == "timeout"


def test_an_address_that_fails_for_two_weeks_is_given_up_and_keeps_its_row(
    tmp_path: Path, paper: Paper, run: Collect, clock: Hours
) -> None:
    paper.routes["/feed"] = feed(paper, ["/missing"])
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    for _ in range(20):
        run(raw)
        clock.pass_time(days=1)
    n = paper.paths.count("/missing")
    run(raw)
    assert paper.paths.count("/missing") == n
    assert 10 < n < 20
    assert failed_of(raw) == {paper.url("/missing"): "not_found"}


def test_a_host_that_is_down_does_not_hold_the_others_and_comes_back(tmp_path: Path, run: Collect, clock: Hours) -> None:
    with papers(2) as (up, down):
        serve_stories(up, "Marenga")
        serve_stories(down, "Porto", "Lund", "Vos")
        raw = write_sources(tmp_path / "raw", follow(up, "Up") + follow(down, "Down"), up, down)
        run(raw)
        down.go_down()
        clock.pass_time(hours=25)
        serve_stories(up, "Marenga", "Ames")
        above, below = run(raw).rows
        assert (above.n_new, above.n_failed) == (1, 0)
        assert below.n_failed == 4, "its feed and its three articles"
        assert set(failed_of(raw).values()) == {"no_connection"}
        assert "cannot be reached" in below.message
        assert len(articles_of(raw)) == 5, "what was stored stays"
        down.come_back()
        clock.pass_time(hours=1)
        assert run(raw).rows[1].n_failed == 0
        assert failed_of(raw) == {}


# --- politeness ------------------------------------------------------------------------------------------------


def test_what_robots_txt_forbids_is_not_asked_for(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga", "Porto")
    paper.routes["/robots.txt"] = Answer("User-agent: *\nAllow: /\n\nUser-agent: qantar\nDisallow: /Porto\n", type="text/plain")
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    assert paper.paths == ["/feed", "/Marenga"]
    assert failed_of(raw) == {paper.url("/Porto"): "robots"}
    run(raw)
    assert [path for path, _ in paper.asked].count("/robots.txt") == 1, "it is read once a day"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_where_robots_txt_cannot_be_read_nothing_is_asked_for(tmp_path: Path, paper: Paper, run: Collect, status: int) -> None:
    serve_stories(paper, "Marenga")
    paper.routes["/robots.txt"] = Answer(status=status)
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    assert paper.paths == []
    assert list(failed_of(raw).values()) == ["robots_unreadable"]


def test_the_delay_of_robots_txt_is_kept_to(tmp_path: Path, paper: Paper, run: Collect, clock: Hours) -> None:
    serve_stories(paper, "Marenga", "Porto")
    paper.routes["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 7\n", type="text/plain")
    run(write_sources(tmp_path / "raw", follow(paper), paper))
    assert clock.slept == pytest.approx(14), "after the feed, and after the first page"


def test_a_host_is_asked_once_a_second_by_one_at_a_time() -> None:
    clock, at = Hours(), []
    gates = Gates(clock)

    async def ask(host: str) -> None:
        async with gates.turn(host, 1.0):
            at.append(clock.monotonic())

    async def all_at_once() -> None:
        await asyncio.gather(*(ask("a.example") for _ in range(4)))

    asyncio.run(all_at_once())
    assert at == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("said", "waited", "n_new"),
    [("30", 30, 1), ("Wed, 05 Jan 2022 06:00:20 GMT", 20, 1), ("", 60, 1), ("3600", 0, 0)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_to_wait_is_waited_for(
    tmp_path: Path, paper: Paper, run: Collect, clock: Hours, status: int, said: str, waited: float, n_new: int
) -> None:
    answers = [Answer(status=status, headers={"Retry-After": said} if said else {}), Answer(story("Marenga"))]
    paper.routes |= {"/feed": feed(paper, ["/a"]), "/a": lambda _: answers.pop(0)}
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    (row,) = run(raw).rows
    assert (row.n_new, row.n_failed, row.n_waiting) == (n_new, 0, 1 - n_new), "longer than a minute is left for the next run"
    assert clock.slept == pytest.approx(waited)
    assert failed_of(raw) == {}


def test_a_host_that_does_not_answer_twice_is_left_alone_for_the_rest_of_the_run() -> None:
    gates, tried = Gates(Hours()), []

    async def ask() -> None:
        async with gates.turn("a.example", 0):
            tried.append(1)
            raise FetchError("no_connection", "refused", host_is_down=True)

    reasons = []
    for _ in range(4):
        with pytest.raises(FetchError) as failed:
            asyncio.run(ask())
        reasons.append(failed.value.reason)
    assert reasons == ["no_connection", "no_connection", "host_down", "host_down"]
    assert len(tried) == 2


def test_no_cookies_are_kept_and_every_request_says_who_asks(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga", "Porto")
    for route in paper.routes.values():
        assert isinstance(route, Answer)
        route.headers["Set-Cookie"] = "session=1; Path=/"
    run(write_sources(tmp_path / "raw", follow(paper), paper))
    assert len(paper.asked) == 4
    for _, headers in paper.asked:
        assert "cookie" not in headers
        assert headers["user-agent"].endswith("(Harbour Lab; lab@harbour.example)")


# --- safety ----------------------------------------------------------------------------------------------------


def ask(url: str, *found: str, private: tuple[str, ...] = (), seconds: float = 5) -> str:
    """The reason why an address is not fetched, whose name leads to some IP addresses."""

    async def look_up(host: str, port: int) -> list[str]:
        return list(found)

    async def get() -> str:
        fetcher = Fetcher("Qantar", private=private, seconds=seconds, look_up=look_up)
        gates = Gates(Clock())
        try:
            await fetcher.get(clean_address(url), 1_000, lambda address: gates.turn(address, 0))
        except FetchError as error:
            return error.reason
        finally:
            await fetcher.aclose()
        return "fetched"

    return asyncio.run(get())


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://news.example/", ["127.0.0.1"]),
        ("http://news.example/", ["93.184.216.34", "10.0.0.1"]),
        ("https://news.example/", ["169.254.169.254"]),
        ("http://news.example/", ["::1"]),
        ("http://news.example/", ["::ffff:192.168.0.1"]),
        ("http://news.example/", ["fd00::1"]),
        ("http://news.example/", ["64:ff9b::10.0.0.1"]),
        ("http://news.example/", ["100.64.0.1"]),
        ("http://news.example/", ["224.0.0.1"]),
        ("http://news.example/", ["0.0.0.0"]),
        ("http://news.example:22/", ["93.184.216.34"]),
        ("http://2130706433/", ["127.0.0.1"]),
    ],
)
def test_no_address_that_is_not_public_is_connected_to(url: str, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(*_: object, **__: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    assert ask(url, *found) == "not_public"


def test_the_address_that_was_checked_is_the_one_connected_to(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    connected = []

    async def connect(_: object, host: str, *__: object) -> None:
        connected.append(host)
        raise httpcore.ConnectError("no")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    assert ask("https://news.example/", "93.184.216.34") == "no_connection"
    assert connected == ["93.184.216.34"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://news.example/a", "no_address"),
        ("javascript:alert(1)", "no_address"),
        ("http://", "no_address"),
        ("http://news.example:99999/", "no_address"),
        ("http://[::1/", "no_address"),
        ("http://news.example/" + "a" * 3_000, "no_address"),
        ("http://name@news.example/", "credentials"),
        ("http://name:word@news.example/", "credentials"),
        ("http://news.example/a b\r\nX: y", "no_address"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, reason: str) -> None:
    with pytest.raises(FetchError) as refused:
        clean_address(url)
    assert refused.value.reason == reason


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def test_entities_are_not_expanded_and_name_no_files() -> None:
    for root, item in (
        ("rss><channel", "item><title>&l9;</title><link>http://a.example/1</link></item"),
        ("urlset", "url><loc>&l9;</loc></url"),
    ):
        end = "".join(f"</{name}" for name in reversed(root.split("<"))).replace(">", "") + ">"
        data = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><{root}><{item}>{end}'.encode()
        found = read_listing(data, 100)
        assert sum(len(found_item.title) + len(found_item.url) for found_item in found.items) < 10_000
    secret = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>http://a.example/&f;</loc></url></urlset>'
    assert "root:" not in str(read_listing(secret, 10))


@pytest.mark.parametrize("entry", [b"<item><link>http://a.example/1</link></item>", b"<entry/>", b"<item>"])
def test_ten_million_items_are_cut_where_the_limit_is(entry: bytes) -> None:
    root = b"<feed>" if entry == b"<entry/>" else b"<rss version='2.0'><channel>"
    found = read_listing(root + entry * (12_000_000 // len(entry)), 500)
    assert len(found.items) <= 500
    assert "more than 500" in str(found.problem)


def test_sitemaps_that_name_each_other_are_read_once_each(tmp_path: Path, paper: Paper, run: Collect) -> None:
    def index(*names: str) -> Answer:
        return Answer("<sitemapindex>" + "".join(f"<sitemap><loc>{paper.url(name)}</loc></sitemap>" for name in names), type="text/xml")

    paper.routes |= {"/a": index("/b", "/a"), "/b": index("/a", "/b", "http://user:word@x.example/c", "/d")}
    assert isinstance(paper.routes["/b"], Answer)
    paper.routes["/b"].body = str(paper.routes["/b"].body).replace(paper.url("http:"), "http:")
    paper.routes |= {"/d": Answer("<html>no list</html>")}
    raw = write_sources(tmp_path / "raw", f'[[source]]\noutlet = "H"\nsitemaps = ["{paper.url("/a")}"]\n', paper)
    (row,) = run(raw).rows
    assert sorted(paper.paths) == ["/a", "/b", "/d"]
    assert row.n_failed == 1


def test_an_endless_chain_of_sitemaps_ends_and_is_told_of(tmp_path: Path, paper: Paper, run: Collect) -> None:
    for n in range(9):
        paper.routes[f"/{n}"] = Answer(
            f"<sitemapindex><sitemap><loc>{paper.url(f'/{n + 1}')}</loc></sitemap></sitemapindex>", type="text/xml"
        )
    raw = write_sources(tmp_path / "raw", f'[[source]]\noutlet = "H"\nsitemaps = ["{paper.url("/0")}"]\n', paper, more="listings = 4")
    (row,) = run(raw).rows
    assert len(paper.paths) == 4
    assert "more than 4 sitemaps" in row.message


def test_a_feed_that_lists_other_hosts_has_them_left_out_and_told_of(tmp_path: Path, paper: Paper, run: Collect) -> None:
    paper.routes |= {"/a": Answer(story("Marenga"))}
    links = [paper.url("/a"), "http://victim.invalid/x", "http://u:p@victim.invalid/", "javascript:1"]
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    paper.routes["/feed"] = Answer(f"<rss><channel>{items}</channel></rss>", type="text/xml")
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    (row,) = run(raw).rows
    assert (row.n_new, row.n_left_out) == (1, 1)
    assert "credentials (1)" in row.message
    assert "http://victim.invalid/x,Harbour Times,other_host,2022-01-05," in (raw / "collected/left_out.csv").read_text()


@pytest.mark.parametrize("error", [limit.OutOfTimeError(), limit.CrashError("SIGSEGV")])
def test_a_list_that_no_parser_can_bear_is_told_of(
    tmp_path: Path, paper: Paper, run: Collect, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def call(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(reading, "_within_time", conftest.REAL)
    monkeypatch.setattr(limit, "call", call)
    serve_stories(paper, "Marenga")
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    assert failed_of(raw) == {paper.url("/feed"): "unreadable_list"}


def test_the_pipeline_rejects_nothing_of_what_was_stored(tmp_path: Path, paper: Paper, run: Collect, clock: Hours) -> None:
    serve_stories(paper, "Marenga")
    raw = write_sources(tmp_path / "raw", follow(paper), paper)
    run(raw)
    clock.at = EPOCH + timedelta(days=2)
    run(raw)
    assert len(rows_of(raw)) == 1
