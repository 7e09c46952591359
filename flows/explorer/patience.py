"""A limit on how long a connection may keep the server waiting: for a whole request, or to take its answer.

Uvicorn ends a connection that is idle between two requests, but waits without end for the rest of a request, and for a reader
that takes none of its answer. The class builds on uvicorn's protocol for HTTP; tests/explorer/test_patience.py fails where an
upgrade changes what it relies on.
"""

from __future__ import annotations

import asyncio
from typing import Any

from qantar.compat import http_protocol

REQUEST_LIMIT = 10.0
"""Seconds in which a request must have come whole."""
ANSWER_LIMIT = 60.0
"""Seconds that a reader may take none of an answer that is under way."""


_Protocol: Any = http_protocol()


class PatientProtocol(_Protocol):  # type: ignore[misc]
    """HTTP as uvicorn speaks it, but with a limit on half a request and on an answer that nobody takes."""

    request_limit, answer_limit = REQUEST_LIMIT, ANSWER_LIMIT

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """A new connection: its first request is waited for no longer than any other."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """A part of a request, or all of it."""
        self._wait()
        super().data_received(data)
        if self._is_answering():
            self._stop_waiting()

    def pause_writing(self) -> None:
        """The reader takes no more at present."""
        super().pause_writing()
        self._stuck = self._stuck or self.loop.call_later(self.answer_limit, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader goes on."""
        super().resume_writing()
        if self._stuck:
            self._stuck.cancel()
            self._stuck = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        if self._stuck:
            self._stuck.cancel()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        if self._waiting is None and not self._is_answering():
            self._waiting = self.loop.call_later(self.request_limit, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if not self._is_answering():
            self.transport.close()
