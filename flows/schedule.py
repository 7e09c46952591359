"""Always-on re-runs: a Prefect server, started if none answers, and the build served as a deployment of it.

Two processes do the work, each started again when it dies: Prefect's server, which keeps the schedule, and a runner, which
makes the runs that are due. This process watches over them, and over raw/ if asked to, and stops them when it is stopped.
"""

from __future__ import annotations

import json
import os
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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.settings import QantarError, Settings

START_LIMIT = 180
"""Seconds a server may take to answer; the first start in a new home takes up to 40."""

QUIET = 2_000
"""Milliseconds without a change of raw/ before a change counts: files may still be arriving."""


@dataclass(frozen=True, kw_only=True)
class When:
    """When builds are made; `on_change` may stand beside a schedule or alone."""

    cron: str | None = None
    every: float | None = None
    """Seconds."""
    now: bool = False
    on_change: bool = False

    def check(self) -> None:
        """Raise QantarError for what says nothing or cannot be read."""
        if self.cron and self.every:
            raise QantarError("--cron and --every: give one of them")
        if not (self.cron or self.every or self.on_change):
            raise QantarError("say when: --cron, --every or --on-change")
        if self.cron:
            from prefect.client.schemas.schedules import CronSchedule

            try:
                CronSchedule(cron=self.cron, timezone="UTC")
            except ValueError as error:
                raise QantarError(f'--cron {self.cron!r}: this is no cron line; "0 6 * * *" is each day at six') from error


def serve_schedule(settings: Settings, when: When, port: int = 4200) -> None:
    """Build when it is due, until this process is stopped (SIGTERM or Ctrl-C).

    Raises QantarError for a time that cannot be read, or a server that does not come up.
    """
    when.check()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with prefect_server(port, stop) as url:
        os.environ["PREFECT_API_URL"] = url
        task = json.dumps({"settings": _plain(settings), "when": asdict(when)})
        runner = Kept([sys.executable, "-m", "flows.schedule", task])
        with runner:
            print(f"qantar: builds {settings.raw} when due; Prefect answers at {url.removesuffix('/api')}; stop with Ctrl-C", flush=True)
            if when.now or when.on_change:
                threading.Thread(target=_trigger, args=(settings.raw, when, stop), daemon=True).start()
            while not stop.wait(1):
                runner.keep_alive()


def _plain(settings: Settings) -> dict[str, Any]:
    return {**asdict(settings), "raw": str(settings.raw.resolve()), "out": str(settings.out.resolve())}


def serve_runs(settings: dict[str, Any], when: dict[str, Any]) -> None:
    """The runner's process: register the deployment and make its runs, one at a time."""
    from flows.build import build_dataset

    build_dataset.serve(
        name="qantar",
        cron=when["cron"],
        interval=when["every"],
        parameters={"settings": settings},
        limit=1,
        print_starting_message=False,
    )


def _trigger(raw: Path, when: When, stop: threading.Event) -> None:
    """Ask for a run now, and one for each change of raw/ that has come to rest."""
    from prefect.deployments import run_deployment
    from prefect.exceptions import ObjectNotFound

    def run() -> None:
        while not stop.is_set():
            try:
                run_deployment("qantar/qantar", timeout=0)
                return
            except (ObjectNotFound, OSError):  # the runner has not registered it yet, or the server is starting again
                stop.wait(1)

    if when.now:
        run()
    if when.on_change:
        from watchfiles import watch

        for _ in watch(raw, stop_event=stop, debounce=60_000, step=QUIET, raise_interrupt=False):
            run()


class Kept:
    """A process that is started again when it dies, at first at once, then ever later."""

    def __init__(self, command: list[str], *, quiet: bool = False) -> None:
        self.command, self.quiet = command, quiet
        self.process: subprocess.Popen[bytes] | None = None
        self._wait = 1.0
        self._started = 0.0

    def __enter__(self) -> Kept:
        self._start()
        return self

    def _start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL if self.quiet else None)
        self._started = time.monotonic()

    def keep_alive(self) -> None:
        """Start the process again if it has died and its turn has come."""
        assert self.process
        lived = time.monotonic() - self._started
        if lived > 300:
            self._wait = 1.0
        if self.process.poll() is not None and lived > self._wait:
            print(f"qantar: started again what ended with {self.process.returncode}: {self.command[2:4]}", file=sys.stderr, flush=True)
            self._wait = min(60.0, self._wait * 2)
            self._start()

    def __exit__(self, *_: object) -> None:
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def prefect_server(port: int, stop: threading.Event | None = None) -> Iterator[str]:
    """The address of a Prefect server: the one that is configured and answers, else one kept alive here until the end."""
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        if not _answers(configured):
            raise QantarError(f"PREFECT_API_URL is {configured}, but no Prefect server answers there; start it, or unset the variable")
        yield configured
        return
    url = f"http://127.0.0.1:{port}/api"
    if _answers(url):
        yield url
        return
    if _taken(port):
        raise QantarError(f"port {port} of 127.0.0.1 is in use by something that is no Prefect server; choose another with --port")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--log-level", "CRITICAL"]
    ended = threading.Event()
    with Kept(command, quiet=True) as server:
        limit = time.monotonic() + START_LIMIT
        while not _answers(url) and not (stop and stop.is_set()):
            if (server.process and server.process.poll() is not None) or time.monotonic() > limit:
                raise QantarError(f"the Prefect server did not start on port {port}; run {' '.join(command)} to see why")
            time.sleep(0.5)

        def watch() -> None:
            while not ended.wait(1):
                server.keep_alive()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield url
        finally:
            ended.set()
            watcher.join()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    serve_runs(**json.loads(sys.argv[1]))
