"""A Prefect server of this process's own, for runs where none is configured.

Prefect would start one itself, from a process that imports all of the server to do so, and leave it behind when that is killed.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType

from qantar.compat import import_fastapi, prefect_app
from qantar.service.supervisor import START_VARIABLE, asked, start_limit
from qantar.settings import QantarError

STOP_LIMIT = 10
"""Seconds in which it writes down what it was told last, and ends."""


@cache
def own_server() -> str:
    """The address of a server that serves until this process ends, however it ends.

    Raises QantarError if it does not come up.
    """
    seconds = start_limit()
    # Forked, it need not import again what this process has; only Linux can do that, and only while nothing else runs here.
    may_fork = sys.platform == "linux" and threading.active_count() == 1
    import jinja2  # noqa: F401  # the server and, when a run ends, this process: it is imported once

    import_fastapi()  # likewise, when it begins

    context = multiprocessing.get_context("fork") if may_fork else multiprocessing.get_context("spawn")
    with socket.create_server(("127.0.0.1", 0)) as listening:  # who asks before it is up waits for the answer
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        told, tell = context.Pipe(duplex=False)
        server = context.Process(target=_serve, args=(listening, told), daemon=True)
        server.start()
    atexit.register(_stop, server, tell)  # Prefect sends its last words to it before
    limit = time.monotonic() + seconds
    while asked(f"{url}/ready") != 200:  # "health" is said before the database answers
        if not server.is_alive():
            raise QantarError(
                f"{os.environ['PREFECT_HOME']}: Prefect's server did not start, so nothing was published; "
                "see why with qantar --debug build, or remove that folder: it holds what Prefect knows of earlier runs"
            )
        if time.monotonic() > limit:
            raise QantarError(
                f"Prefect's server did not answer in {seconds:.0f} s, so nothing was published; run again when the machine is less busy, "
                f"or set {START_VARIABLE} to more seconds"
            )
        time.sleep(0.05)
    return url


def _serve(listening: socket.socket, told: Connection) -> None:
    """In the server's process: serve until told to stop, or the process that started it is no more.

    It heeds no other signal: Ctrl-C and what stops a service go to all processes of a run at once, and the one that leads it tells the
    server how it ended. What the server says of its own end, or of a database that goes away under it, is a page of Python: it is
    shown with --debug only.
    """
    leader = multiprocessing.parent_process()
    assert leader
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # until the server heeds them
    import uvicorn
    from prefect.settings import get_current_settings

    ended = threading.Event()

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            if ended.is_set():
                super().handle_exit(sig, frame)

    def end() -> None:
        wait([leader.sentinel, told])
        ended.set()
        while not server.should_exit:  # it may still be starting
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.2)

    level = get_current_settings().logging.level.lower()
    if level == "critical":
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # no path of anybody's
            os.dup2(nowhere.fileno(), 2)
    config = uvicorn.Config(prefect_app(), log_level=level, access_log=False, timeout_graceful_shutdown=STOP_LIMIT // 2)
    server = Server(config)
    threading.Thread(target=end, daemon=True).start()
    server.run(sockets=[listening])
    os._exit(0)  # all is written down; threads of its database may be left


def _stop(server: BaseProcess, tell: Connection) -> None:
    with suppress(OSError):  # it has ended
        tell.send(None)
    server.join(STOP_LIMIT)
    if server.is_alive():
        server.kill()
