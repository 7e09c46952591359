from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from lxml import html
from playwright.sync_api import Browser, Page, expect, sync_playwright

from qantar.corrections.corrections_file import load_corrections
from qantar.corrections.fixes import Fix
from qantar.explorer.editor import COOKIE, Editor
from qantar.explorer.serve import explorer, open_build
from tests.conftest import leave_out
from tests.explorer.browsers import NONE, find_browser
from tests.explorer.small_build import write_small_build

PATIENCE = 120_000
"""Milliseconds after which a page does not do what is expected; its own five seconds are too few on a busy machine."""


class Site:
    """A build's Datasette, asked in this process."""

    def __init__(self, out: Path, editor: Editor | None = None) -> None:
        self.loop = asyncio.new_event_loop()
        self.datasette = open_build((out / "latest").resolve(), out / "history.db", editor=editor)
        self.datasette.client.app = self.datasette.app()  # as the server makes it
        self.loop.run_until_complete(self.datasette.invoke_startup())

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.loop.run_until_complete(self.datasette.client.get(path, **kwargs))

    def request(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        return self.loop.run_until_complete(self.datasette.client.request(method, path, **kwargs))

    def page(self, path: str) -> html.HtmlElement:
        """A page that must open, parsed."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code, response.text[:500])
        return html.fromstring(response.text)

    def text(self, path: str) -> str:
        """A page's words, white space as single spaces."""
        return " ".join(self.page(path).find(".//main").text_content().split())


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explorer") / "processed"
    folder.mkdir()
    write_small_build(folder)
    return folder


@pytest.fixture(scope="session")
def site(out: Path) -> Site:
    return Site(out)


@contextmanager
def served(out: Path, seconds: float = 0.05, editor: Editor | None = None) -> Iterator[str]:
    """A real server on a port that is its own from the first; its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(explorer(out, seconds, editor=editor), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        until = time.monotonic() + 300
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.02)
        assert server.started
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


@pytest.fixture(scope="session")
def address(out: Path) -> Iterator[str]:
    with served(out) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = find_browser()
    if chromium is None:
        leave_out(NONE)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


class Watched:
    """A page, and whatever went wrong or went elsewhere on it."""

    def __init__(self, browser: Browser, address: str, **options: object) -> None:
        self.address = address
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("console", lambda m: self.troubles.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.troubles.append(str(e)))
        self.page.on("dialog", lambda d: self.troubles.append(d.message))
        self.page.on("request", lambda r: None if r.url.startswith((address, "data:")) else self.troubles.append(r.url))

    def open(self, path: str) -> Page:
        response = self.page.goto(self.address + path, wait_until="load")
        assert response is not None
        assert response.status == 200, path
        return self.page


FORM_HEADERS = {"origin": "http://localhost", "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}


class Desk:
    """A site that is edited, in one browser."""

    def __init__(self, out: Path, raw: Path, log: Path, origin: str | None = None) -> None:
        self.raw, self.log = raw, log / "edits.jsonl"
        self.editor = Editor(raw=raw, out=log, origin=origin)
        self.site = Site(out, self.editor)
        self.cookie = "of-this-browser"

    def send(self, address: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """Send a form with the token of this browser, unless it has another."""
        form = {"token": self.editor.token(self.cookie)} | form
        given = {"cookie": f"{COOKIE}={self.cookie}"} | FORM_HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.site.request("POST", address, content=urlencode(form), headers=given)

    @property
    def fixes(self) -> list[Fix]:
        return load_corrections(self.raw).fixes


@pytest.fixture
def desk(out: Path, tmp_path: Path) -> Desk:
    (tmp_path / "raw").mkdir()
    return Desk(out, tmp_path / "raw", tmp_path)
