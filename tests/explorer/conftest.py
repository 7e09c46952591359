from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from lxml import html

from qantar.explorer.serve import explorer, open_build
from tests.explorer.small_build import write_small_build


class Site:
    """A build's Datasette, asked in this process."""

    def __init__(self, out: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.datasette = open_build((out / "latest").resolve(), out / "history.db")
        self.loop.run_until_complete(self.datasette.invoke_startup())

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.loop.run_until_complete(self.datasette.client.get(path, **kwargs))

    def request(self, method: str, path: str) -> httpx.Response:
        return self.loop.run_until_complete(self.datasette.client.request(method, path))

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
def served(out: Path, seconds: float = 0.05) -> Iterator[str]:
    """A real server on a free port; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(explorer(out, seconds), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
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


@pytest.fixture(scope="session")
def address(out: Path) -> Iterator[str]:
    with served(out) as url:
        yield url
