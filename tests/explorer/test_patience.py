"""Half a request, and an answer that nobody takes, are waited for no longer than the limits."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from benchmarks.free_port import free_port
from qantar.explorer.patience import PatientProtocol


class Hasty(PatientProtocol):
    """The protocol with limits that a test can wait for."""

    request_limit = 0.5
    answer_limit = 2.0  # more: a reader that reads waits for a core now and then


async def large(scope: Any, receive: Any, send: Any) -> None:
    """An answer of many megabytes."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(400):
        await send({"type": "http.response.body", "body": bytes(100_000), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@contextmanager
def server() -> Iterator[int]:
    port = free_port()
    config = uvicorn.Config(
        large, host="127.0.0.1", port=port, http=Hasty, lifespan="off", log_level="critical", timeout_graceful_shutdown=1
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    until = time.monotonic() + 300
    while not running.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield port
    finally:
        running.should_exit = True
        thread.join(30)


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side closes within the time that the socket waits."""
    try:
        while connection.recv(1 << 20):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


def test_connections_that_send_nothing_or_half_a_request_are_closed() -> None:
    with server() as port:
        for said in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
                connection.sendall(said)
                assert is_closed(connection), said


def test_a_reader_that_takes_nothing_is_let_go_and_one_that_reads_is_not() -> None:
    whole = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with server() as port:
        with socket.create_connection(("127.0.0.1", port), timeout=120) as idle:
            idle.sendall(whole)
            time.sleep(5.0)
            taken = 0
            try:
                while part := idle.recv(1 << 20):
                    taken += len(part)
            except ConnectionResetError:
                pass
            assert taken < 40_000_000
        with socket.create_connection(("127.0.0.1", port), timeout=120) as reader:
            reader.sendall(whole)
            taken = 0
            while part := reader.recv(1 << 20):
                taken += len(part)
            assert taken > 40_000_000
