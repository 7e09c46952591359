"""The documentation is served under /docs where it was built, with a policy of its own, and no file beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from qantar.explorer.headers import CONTENT_SECURITY_POLICY, DOCUMENTATION_POLICY, guarded, policy_of
from qantar.explorer.pages import documentation
from tests.explorer.conftest import Site


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with built documentation."""
    (tmp_path / "mkdocs.yml").write_text("site_name: x")
    (tmp_path / "site/how-to").mkdir(parents=True)
    (tmp_path / "site/index.html").write_text("<h1>Welcome</h1>")
    (tmp_path / "site/how-to/query.html").write_text("<h1>Queries</h1>")
    monkeypatch.setattr(documentation, "CHECKOUT", tmp_path)
    return tmp_path


def test_pages_are_served_where_they_were_built(site: Site, checkout: Path) -> None:
    page = site.get("/docs/how-to/query.html")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Queries" in page.text
    assert site.get("/docs/how-to/query.html", headers={"if-none-match": page.headers["etag"]}).status_code == 304
    for short in ("/docs", "/docs/"):
        assert site.get(short).headers["location"] == "/docs/index.html"
    assert 'href="/docs/index.html"' in site.get("/runs").text


def test_no_file_beside_the_documentation_is_served(site: Site, checkout: Path) -> None:
    (checkout / "site/away.txt").symlink_to(checkout / "mkdocs.yml")
    beside = ("../mkdocs.yml", "%2e%2e/mkdocs.yml", "..%2fmkdocs.yml", "/etc/hosts")
    for path in (*beside, "how-to", "away.txt", "nothing.html", "%00", "s" * 3_000):
        response = site.get(f"/docs/{path}", follow_redirects=True)
        assert (response.status_code in (400, 404), "site_name" in response.text) == (True, False), path


def test_where_none_was_built_there_is_no_link_and_no_page(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documentation, "CHECKOUT", tmp_path)
    assert site.get("/docs/index.html").status_code == 404
    assert "/docs/index.html" not in site.get("/runs").text


def test_only_the_documentation_may_run_what_stands_in_its_pages() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def policy(path: str) -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded(app)), base_url="http://test") as client:
            return (await client.get(path)).headers["content-security-policy"]

    assert asyncio.run(policy("/docs/index.html")) == DOCUMENTATION_POLICY
    assert "http" not in DOCUMENTATION_POLICY
    assert {policy_of(path) for path in ("/", "/docsx", "/article/docs/")} == {CONTENT_SECURITY_POLICY}
