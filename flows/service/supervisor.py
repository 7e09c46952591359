"""Supervisor: restarts child processes that die, such as Prefect's server, for as long as this process runs."""

from __future__ import annotations

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException

from qantar.settings import QantarError

START_LIMIT = 180
"""Seconds a server may take to answer on an idle machine; the first start in a new home takes up to 40."""

START_VARIABLE = "QANTAR_SERVER_SECONDS"
"""The variable of the environment that sets another limit."""

PATIENCE = 6
"""Looks in a row, ten seconds apart, at which a server may fail to work before it is started again: its database may be busy."""

SET = 60
"""Seconds by which the wall clock may come to differ from one that only goes on before it counts as set."""


def start_limit() -> float:
    """Seconds a server may take to answer: what the environment says, else more than START_LIMIT where processes wait for a core.

    Raises QantarError where the environment says no number of seconds.
    """
    given = os.environ.get(START_VARIABLE)
    if given is None:
        return START_LIMIT * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    if not given.isdecimal() or not int(given):
        raise QantarError(f"{START_VARIABLE} is {given!r}; set it to a number of seconds, such as 600, or unset it")
    return float(given)


class Kept:
    """A process that is started again when it dies, at first at once, then ever later.

    Its standard input is a pipe that ends when this process does, however that ends: see `end_with_parent`.
    """

    def __init__(self, command: list[str], *, quiet: bool = False) -> None:
        self.command, self.quiet = command, quiet
        self.process: subprocess.Popen[bytes] | None = None
        self._wait = 1.0
        self._started = self._ahead = 0.0

    def __enter__(self) -> Kept:
        self._start()
        return self

    def _start(self) -> None:
        says = subprocess.DEVNULL if self.quiet else None
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=says, stderr=says)
        self._started = time.monotonic()
        self._ahead = time.time() - self._started

    @property
    def clock_was_set(self) -> bool:
        """Whether the machine's clock was set since it was started.

        Prefect notes by that clock what is due when: set back by a month, it would do nothing for a month.
        """
        return abs(time.time() - time.monotonic() - self._ahead) > SET

    @property
    def lived(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._started

    def keep_alive(self) -> None:
        """Start the process again if it has died and its turn has come."""
        assert self.process
        if self.lived > 300:
            self._wait = 1.0
        if self.process.poll() is not None and self.lived > self._wait:
            self._say(f"started again what ended with {self.process.returncode}")
            self._wait = min(60.0, self._wait * 2)
            self._end()
            self._start()

    def start_again(self, why: str) -> None:
        """End the process, and start it again."""
        self._say(f"started again what {why}")
        self._end()
        self._start()

    def _say(self, words: str) -> None:
        print(f"qantar: {words}: {' '.join(self.command[2:5])[:80]}", file=sys.stderr, flush=True)

    def _end(self) -> None:
        assert self.process
        assert self.process.stdin
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()

    def __exit__(self, *_: object) -> None:
        self._end()


def end_with_parent() -> None:
    """In a process that is kept: end it, as by SIGTERM, once the one that keeps it is no more."""

    def wait() -> None:
        while os.read(0, 1):  # no reader of Python's, whose lock would make the process abort where it ends before
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def prefect_server(port: int, stop: threading.Event | None = None) -> Iterator[str]:
    """The address of a Prefect server: the one that PREFECT_API_URL names, else one of our own, kept alive here until the end.

    A server of others that answers on the port is not used unasked: it ends when they end it. Raises QantarError where the one named
    does not answer, the port is in use, or ours does not come up.
    """
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        if not _answers(configured):
            raise QantarError(f"PREFECT_API_URL is {configured}, but no Prefect server answers there; start it, or unset the variable")
        yield configured
        return
    url = f"http://127.0.0.1:{port}/api"
    if _taken(port):
        other = f"another Prefect server; set PREFECT_API_URL={url} to use that one, or" if _answers(url) else "another program;"
        raise QantarError(f"port {port} of 127.0.0.1 is in use by {other} choose another port with --port")
    command = [sys.executable, "-m", "qantar.service.supervisor", str(port)]
    ended = threading.Event()
    with Kept(command, quiet=True) as server:
        seconds = start_limit()
        limit = time.monotonic() + seconds
        while not _answers(url) and not (stop and stop.is_set()):
            if server.process and server.process.poll() is not None:
                raise QantarError(f"the Prefect server did not start on port {port}; run {' '.join(_server(port))} to see why")
            if time.monotonic() > limit:
                raise QantarError(f"the Prefect server on port {port} did not answer in {seconds:.0f} s; {START_VARIABLE} sets more")
            time.sleep(0.5)
        watcher = threading.Thread(target=_keep_working, args=(server, url, ended), daemon=True)
        watcher.start()
        try:
            yield url
        finally:
            ended.set()
            watcher.join()


def _keep_working(server: Kept, url: str, ended: threading.Event) -> None:
    looks = failed = 0
    while not ended.wait(1):
        server.keep_alive()
        if server.clock_was_set:
            server.start_again("planned by a clock that was set")
        looks += 1
        if looks % 10 == 0 and server.lived > start_limit():  # before, it may still be starting
            failed = 0 if asked(f"{url}/flows/count", {}) == 200 else failed + 1
            if failed == PATIENCE:
                server.start_again("no longer works")
                failed = 0


def _server(port: int) -> list[str]:
    return ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--log-level", "CRITICAL"]


def asked(url: str, body: object = None) -> int | None:
    """The status of an answer, to a POST where there is a body; None where there is no answer."""
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, {"Content-Type": "application/json"}), timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, HTTPException):  # the second where what answers there does not speak HTTP
        return None


def _answers(url: str) -> bool:
    return asked(f"{url}/health") == 200


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    end_with_parent()
    sys.argv = _server(int(sys.argv[1]))
    runpy.run_module("prefect", run_name="__main__")
