"""One address, build after build: each request is answered, whole, by the Datasette of one build.

Datasette serves a replaced file's old self permanently, and its `--reload` drops connections. So every build gets a
Datasette of its own; a new one is opened and warmed beside the old, then takes over between two requests. What is
under way ends where it began, so no answer mixes two builds, and none fails.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from markupsafe import escape

from qantar.compat import end_writing_thread
from qantar.explorer.history_copy import copy_history, serve_history, state_of
from qantar.explorer.translation import word
from qantar.explorer.wording import TOO_LONG

log = logging.getLogger("qantar.serve")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WARM = ("/", "/articles", "/entities", "/quotes", "/utterances", "/compare", "/pictures", "/quality", "/downloads")


class Serving:
    """The Datasette of one build, and how many requests it is answering."""

    def __init__(self, folder: Path, datasette: Any, beside: tuple[int, ...] = ()) -> None:
        self.folder = folder
        self.beside = beside
        self.datasette = datasette
        self.app = datasette.app()
        self.in_flight = 0

    async def warm(self) -> None:
        """Open the database and fill the caches; raises RuntimeError when the build can't be served.

        A page that takes too long now is no fault of the build: on a busy machine readers would keep an old one for it.
        """
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://build") as client:
            for path in WARM:
                response = await client.get(path)
                if str(escape(word(TOO_LONG))) in response.text:
                    log.warning("%s: %s takes too long now, and says so to its readers", self.folder.name, path)
                elif response.status_code >= 400:
                    raise RuntimeError(f"{self.folder.name}: {path} gives {response.status_code}")

    async def close(self) -> None:
        """Let go of the build's threads and files."""
        await asyncio.to_thread(self.datasette.executor.shutdown)
        for database in self.datasette.databases.values():
            database.close()
            end_writing_thread(database)


class Switch:
    """An ASGI application that serves what `latest` points at, and follows it.

    `opened` makes the Datasette of a build's folder; `latest` is looked at every `seconds`. A build that can't be served is
    logged and left alone: the one before goes on, and `problem` says why (`/-/health` shows it). Of the file `beside` it,
    the history, a copy is served, rebuilt when it has changed.
    """

    def __init__(self, latest: Path, opened: Callable[[Path], Any], seconds: float = 1.0, beside: Path | None = None) -> None:
        self.latest, self.opened, self.seconds, self.beside = latest, opened, seconds, beside
        self.problem: str | None = None
        self._current: Serving | None = None
        self._refused: Path | None = None
        self._watch: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def current(self) -> Serving:
        """What is served now."""
        if self._current is None:
            raise RuntimeError("nothing is served before start()")
        return self._current

    async def start(self) -> None:
        """Open the latest build and begin to watch; raises where there is nothing to serve."""
        self._current = await self._open(self.latest.resolve(strict=True))
        self._watch = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Stop watching and close what is served."""
        if self._watch:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await asyncio.gather(*self._closing, self.current.close())

    async def look(self) -> None:
        """Take over the latest build if it is another than the one served."""
        try:
            folder = self.latest.resolve(strict=True)
        except OSError as error:  # between two builds, or removed by hand
            self.problem = f"{self.latest.name}: {error.strerror}"
            return
        if folder == self.current.folder:
            self.problem, self._refused = None, None
            await self._renew_history()
            return
        if folder == self._refused:
            return
        try:
            new = await self._open(folder)
        except Exception as error:  # whatever is wrong with a new build, readers keep the old one
            self.problem, self._refused = f"{folder.name} can't be served: {error}", folder
            log.exception("%s", self.problem)
            return
        if self.latest.resolve() != folder:  # taken back while it was opened, and perhaps removed
            self._retire(new)
            return
        old, self._current = self.current, new
        self.problem, self._refused = None, None
        log.info("now serving %s", folder.name)
        if not old.in_flight:
            self._retire(old)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        serving = self.current
        serving.in_flight += 1
        try:
            await serving.app(scope, receive, send)
        finally:
            serving.in_flight -= 1
            if serving is not self._current and not serving.in_flight:
                self._retire(serving)

    async def _open(self, folder: Path) -> Serving:
        beside = state_of(self.beside)
        serving = Serving(folder, await asyncio.to_thread(self.opened, folder), beside)
        if self._current and not serving.datasette.qantar.copies:  # it cannot be read now: what was served of it goes on
            serve_history(serving.datasette, next(reversed(self._current.datasette.qantar.copies), None))
        try:
            await serving.warm()
        except BaseException:
            await serving.close()
            raise
        return serving

    async def _renew_history(self) -> None:
        state = state_of(self.beside)
        if self.beside and state != self.current.beside:
            self.current.beside = state
            copy = await asyncio.to_thread(copy_history, self.beside)
            if copy:  # else what was served of it goes on
                serve_history(self.current.datasette, copy)

    def _retire(self, serving: Serving) -> None:
        task = asyncio.create_task(serving.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self.seconds)
            await self.look()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return
