"""One request at a time: to the address that was checked, within limits, redirects checked like the first address."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import cache
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, NamedTuple, cast
from urllib.parse import urljoin

import httpcore
import httpx

from qantar.collect.failures import FetchError
from qantar.collect.web_addresses import check_host, check_resolved, clean_address, host_of
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.web_archives import unpack

CONNECT_SECONDS = 10.0
MOST_CODINGS = 2
_CONNECTIONS = 100  # kept open, so that a host is not connected to for each of its pages
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.1"
ENCODINGS = "gzip, deflate, br"
_REDIRECTS = {301, 302, 303, 307, 308}

Resolve = Callable[[str, int], Awaitable[list[str]]]
Turn = Callable[[str], AbstractAsyncContextManager[None]]
"""Waits for the turn of an address, and holds it during the request; raises FetchError where it must not be asked for."""


class Fetched(NamedTuple):
    """An answer as it came. `body` is as it was sent, `unpacked` without its compression; `asked` is the request's head."""

    url: str
    status: int
    head: bytes
    headers: Mapping[str, str]
    body: bytes
    unpacked: bytes
    asked: bytes

    @property
    def content_type(self) -> str:
        """The media type that the server gives, in small letters."""
        return self.headers.get("content-type", "").lower()


async def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the system finds them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the address that was checked, not to whatever a second look-up of the name might give."""

    def __init__(self, private: Collection[str], look_up: Resolve) -> None:
        self._private, self._look_up = frozenset(private), look_up
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        is_private = bool({f"{host}:{port}", host} & self._private)
        try:
            found = await self._look_up(host, port)
        except OSError as error:
            raise FetchError("unknown_host", f"{host}: its name leads nowhere ({error.strerror or error})", host_is_down=True) from error
        for address in found:
            if not is_private:
                check_resolved(host, address)
        problem: Exception | None = None
        for address in found[:3]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem or FetchError("unknown_host", f"{host}: its name leads nowhere", host_is_down=True)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that a server's certificate is checked against; reading them takes a tenth of a second."""
    return httpcore.default_ssl_context()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in cast("AsyncIterator[bytes]", self._answer.stream):
            yield piece

    async def aclose(self) -> None:
        """Close the connections."""
        await self._answer.aclose()


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, private: Collection[str], look_up: Resolve) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_certificates(),
            max_connections=_CONNECTIONS,
            keepalive_expiry=30,
            network_backend=_Pinned(private, look_up),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.aclose()


class Fetcher:
    """Asks for addresses. No cookies are kept, no proxy of the environment is used, and nothing that comes is run."""

    def __init__(
        self,
        user_agent: str,
        *,
        private: Collection[str] = (),
        seconds: float = 30,
        redirects: int = 5,
        look_up: Resolve = resolve,
    ) -> None:
        self.private, self._seconds, self._redirects = frozenset(private), seconds, redirects
        self._client = httpx.AsyncClient(
            transport=_Transport(private, look_up),
            headers={"User-Agent": user_agent, "Accept": ACCEPT, "Accept-Encoding": ENCODINGS},
            timeout=httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def get(self, url: str, most_bytes: int, turn: Turn, known: Mapping[str, str] | None = None) -> Fetched:
        """The answer to a request, and to those that it redirects to; `known` are the headers of a conditional request.

        Raises FetchError where there is none, it is larger or slower than allowed, or an address must not be asked for.
        """
        seen = {url}
        for _ in range(self._redirects + 1):
            check_host(url, self.private)
            async with turn(url):
                answer = await self._ask(url, most_bytes, known or {})
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            url = clean_address(urljoin(url, answer.headers["location"]))
            if url in seen:
                raise FetchError("redirects", f"the server redirects in a circle, over {url}")
            seen.add(url)
        raise FetchError("redirects", f"the server redirects more than {self._redirects} times, last to {url}")

    async def _ask(self, url: str, most_bytes: int, known: Mapping[str, str]) -> Fetched:
        host = host_of(url)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(url, most_bytes, known)
        except (TimeoutError, httpcore.TimeoutException) as error:
            is_down = isinstance(error, httpcore.ConnectTimeout)
            raise FetchError("timeout", f"{host} did not answer in full within {self._seconds:g} s", host_is_down=is_down) from error
        except httpcore.ConnectError as error:
            raise FetchError("no_connection", f"{host} cannot be reached: {_plain(error)}", host_is_down=True) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError, httpx.InvalidURL) as error:
            raise FetchError("cut", f"{host} ended the answer before it was whole: {_plain(error)}") from error

    async def _exchange(self, url: str, most_bytes: int, known: Mapping[str, str]) -> Fetched:
        request = self._client.build_request("GET", url, headers=dict(known))
        answer = await self._client.send(request, stream=True)
        try:
            body = await _read(answer, most_bytes) if answer.status_code == HTTPStatus.OK else b""
        finally:
            await answer.aclose()
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Fetched(url, answer.status_code, _head(answer), headers, body, _unpack(body, headers, most_bytes), _request_head(request))


async def _read(answer: httpx.Response, most: int) -> bytes:
    """The body as it is sent; of other answers than a page nothing is read, and their connection is let go."""
    said = answer.headers.get("content-length", "")
    pieces, n = [], 0
    if not (said.isdigit() and int(said) > most):
        async for piece in answer.aiter_raw():
            n += len(piece)
            if n > most:
                break
            pieces.append(piece)
        else:
            return b"".join(pieces)
    raise FetchError("too_large", f"more than the {most:,} bytes that are read; raise megabytes of sources.toml if that is meant")


def _unpack(body: bytes, headers: Mapping[str, str], most: int) -> bytes:
    coding = headers.get("content-encoding", "").lower()
    if coding.count(",") >= MOST_CODINGS:
        raise FetchError("too_large", f"its body is packed {coding.count(',') + 1} times")
    try:
        unpacked = unpack(body, coding, most + 1)
    except NotTextError as error:
        raise FetchError("cut", str(error)) from error
    if len(unpacked) > most:
        raise FetchError("too_large", f"its {len(body):,} bytes unpack to more than the {most:,} that are read")
    return unpacked


def _head(answer: httpx.Response) -> bytes:
    """Status and headers as they came, but for the header of chunks, which are put together."""
    version = answer.extensions.get("http_version", b"HTTP/1.1")
    reason = answer.extensions.get("reason_phrase", b"")
    lines = [b"%s %d %s" % (version, answer.status_code, reason)]
    for name, value in answer.headers.raw:
        put = b"X-Archive-Orig-Transfer-Encoding" if name.lower() == b"transfer-encoding" else name
        lines.append(put + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _request_head(request: httpx.Request) -> bytes:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    return b"\r\n".join([*lines, *(name + b": " + value for name, value in request.headers.raw)]) + b"\r\n\r\n"


def _plain(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:200] or type(error).__name__
