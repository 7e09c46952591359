"""Answers of Datasette's own pages of the build, kept as they were sent.

A page of a table costs 20 ms of a processor to make, and its build never changes: it is made once for all readers of one address.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qantar.explorer.published import KeptPages

App = Callable[[Any, Any, Any], Awaitable[None]]

OWN = frozenset({b"cookie", b"authorization", b"range", b"if-none-match"})
"""Headers of a request whose answer is its own, so that it is neither kept nor taken from what is kept."""

MOST_SECONDS = 0.4
"""In which an answer that is kept was made: on a busy machine counts of a page run out of their time, and are missing from it."""


@dataclass(frozen=True)
class Answer:
    """One answer, whole, as it goes to the reader."""

    start: dict[str, Any]
    body: bytes


def address_of(scope: Any) -> str | None:
    """What the answer to a request depends on; None where it may not be kept."""
    if scope["method"] != "GET" or not scope["path"].startswith("/qantar/"):
        return None
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if headers.keys() & OWN:
        return None
    packed = "gzip" in headers.get(b"accept-encoding", "")
    host = headers.get(b"host", "")  # Datasette writes it into the links of a page
    return f"{packed} {scope['scheme']}://{host} {scope['path']}?{scope['query_string'].decode('latin-1')}"


def is_for_all(start: dict[str, Any]) -> bool:
    """Whether an answer that begins like this is what every reader gets."""
    return start["status"] == 200 and not any(name.lower() == b"set-cookie" for name, _ in start["headers"])


def keeping(app: App, pages: KeptPages, most_seconds: float = MOST_SECONDS) -> App:
    """An application whose answers of tables are made once for each address, as long as they are found, whole and not too large."""

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        address = address_of(scope)
        if address is None:
            await app(scope, receive, send)
            return
        answer = pages.get(address)
        if answer is None:
            await _keep(app, scope, receive, send, address, pages, time.monotonic() + most_seconds)
            return
        await send(answer.start)
        await send({"type": "http.response.body", "body": answer.body})

    return asgi


async def _keep(app: App, scope: Any, receive: Any, send: Any, address: str, pages: KeptPages, until: float) -> None:
    start: dict[str, Any] = {}
    parts: list[bytes] = []
    length = 0

    async def send_and_keep(message: Any) -> None:
        nonlocal length
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body" and is_for_all(start):
            length += len(message.get("body", b""))
            if length <= pages.largest:
                parts.append(message.get("body", b""))
            if not message.get("more_body") and length <= pages.largest and time.monotonic() < until:
                pages.keep(address, Answer(dict(start), b"".join(parts)))
        await send(message)

    await app(scope, receive, send_and_keep)
