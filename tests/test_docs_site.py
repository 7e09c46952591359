"""The documentation site: it builds strictly, loads nothing from other hosts, and its search finds a column in a real browser."""

from __future__ import annotations

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, leave_out
from tests.explorer.browsers import NONE, find_browser


def build(target: Path, config: Path = ROOT / "mkdocs.yml") -> subprocess.CompletedProcess[str]:
    """`make docs`, into another folder."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(target)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    done = build(target)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_pages_load_nothing_from_another_host(site: Path) -> None:
    loaded = re.compile(r"<(?:script|img|iframe)\b[^>]*\bsrc=[\"']?(https?:)?//|<link\b[^>]*\bhref=[\"']?(https?:)?//")
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    assert [page.name for page in pages if loaded.search(page.read_text("utf-8"))] == []


def test_pages_of_the_root_are_part_of_the_site_and_links_to_code_become_its_path(site: Path) -> None:
    assert 'href="architecture.html"' in (site / "index.html").read_text("utf-8")
    assert 'href="contributing.html"' in (site / "index.html").read_text("utf-8")
    text = (site / "explanation/how-it-works.html").read_text("utf-8")
    assert "flows/pipeline/flow.py" in text
    assert "../../flows" not in text


def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("[away](nowhere.md)")
    config = tmp_path / "mkdocs.yml"
    config.write_text(f"site_name: x\nhooks: ['{ROOT / 'tools/docs_hook.py'}']\nvalidation: {{links: {{not_found: warn}}}}\n")
    done = build(tmp_path / "site", config)
    assert done.returncode != 0
    assert "nowhere.md" in done.stdout + done.stderr


def test_search_finds_a_column_and_asks_no_other_host(served: str) -> None:
    from playwright.sync_api import sync_playwright

    chromium = find_browser()
    if chromium is None:
        leave_out(NONE)
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{served}/index.html")
        page.locator("input.md-search__input").click()
        page.keyboard.type("speaker_entity_id")
        link = page.locator(".md-search-result__link[href*='h=speaker_entity_id']").first  # not what was found of the first letters typed
        link.wait_for(state="attached", timeout=30_000)
        found = link.get_attribute("href") or ""
        browser.close()
    assert "tables.html" in found or "tutorial.html" in found
    assert [url for url in asked if not url.startswith((served, "blob:", "data:"))] == []
