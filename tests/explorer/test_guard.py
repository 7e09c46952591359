from __future__ import annotations

import pytest

from qantar.explorer.headers import CONTENT_SECURITY_POLICY
from tests.explorer.conftest import Site

EVERY_KIND = [
    "/",
    "/article/f8d397a33fcb",
    "/qantar/quotes",
    "/qantar.json",
    "/qantar?sql=select+1",
    "/static/explorer.css",
    "/-/health",
    "/nothere",
]


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_answer_forbids_foreign_and_inline_scripts_frames_and_guessed_types(site: Site, path: str) -> None:
    headers = site.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_that_are_files_of_the_build_may_run_nothing(site: Site) -> None:
    policy = site.get("/download/2021-03-05-aaaa1111/README.md").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(site: Site, method: str) -> None:
    assert site.request(method, "/qantar").status_code == 405


@pytest.mark.parametrize(
    "sql",
    [
        "delete from quotes",
        "attach '/etc/passwd' as x",
        "pragma writable_schema=1",
        "select readfile('/etc/passwd')",
        "select load_extension('x')",
    ],
)
def test_sql_can_only_read_the_tables(site: Site, sql: str) -> None:
    assert site.get("/qantar.json", params={"sql": sql}).status_code == 400


def test_a_query_without_end_is_stopped(site: Site) -> None:
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    assert site.get("/qantar.json", params={"sql": endless}).status_code == 400


def test_a_query_of_many_rows_is_cut(site: Site) -> None:
    many = "with recursive n(x) as (select 1 union all select x + 1 from n limit 5000) select x from n"
    answer = site.get("/qantar.json", params={"sql": many}).json()
    assert len(answer["rows"]) == 1000
    assert answer["truncated"] is True


@pytest.mark.parametrize(
    "path",
    ["/-/threads", "/-/threads.json", "/-/databases.json", "/-/permissions", "/-/messages", "/-/auth-token", "/-/logout", "/-/patterns"],
)
def test_pages_about_the_machine_are_not_there(site: Site, path: str) -> None:
    assert site.get(path).status_code == 404


def test_an_error_of_ours_says_nothing_about_the_code(site: Site) -> None:
    response = site.get("/qantar/quotes?_sort=nothere")
    assert response.status_code == 400
    assert "Traceback" not in response.text


def test_robots_are_kept_from_queries_but_not_from_articles(site: Site) -> None:
    lines = site.get("/robots.txt").text.splitlines()
    assert "Disallow: /qantar/" in lines
    assert not [line for line in lines if line.startswith("Disallow: /article")]


def test_pages_are_compressed_and_downloads_are_not(site: Site) -> None:
    asked = {"accept-encoding": "gzip"}
    assert site.get("/", headers=asked).headers["content-encoding"] == "gzip"
    assert site.get("/qantar/quotes.json", headers=asked).headers["content-encoding"] == "gzip"
    download = site.get("/download/2021-03-05-aaaa1111/qantar.db", headers={**asked, "range": "bytes=0-9999"})
    assert "content-encoding" not in download.headers
    assert len(download.content) == 10_000


def test_static_files_carry_their_digest_and_may_be_kept(site: Site) -> None:
    (style,) = site.page("/").xpath("//link[@rel='stylesheet']/@href")
    response = site.get(style)
    assert "v=" in style
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-type"] == "text/css; charset=utf-8"
