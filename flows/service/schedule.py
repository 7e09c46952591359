"""Always-on re-runs: a Prefect server, started if none answers, and the build served as a deployment of it.

Two processes do the work, each started again when it dies: Prefect's server, which keeps the schedule, and a runner, which
makes the runs that are due. This process watches over them, over raw/ if asked to, and over the output folder, where a run
that was killed leaves its name; and it stops them when it is stopped.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qantar.compat import stop_runner_by
from qantar.service.overdue import Overdue, longest_gap
from qantar.service.supervisor import Kept, asked, end_with_parent, prefect_server
from qantar.settings import QantarError, Settings
from qantar.store.locks import sign, take
from qantar.text.identity import short_id

LOCK = ".schedule.lock"

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
    collects: bool = False

    def check(self) -> None:
        """Raise QantarError for what says nothing or cannot be read."""
        if self.cron and self.every:
            raise QantarError("--cron and --every: give one of them")
        if not (self.cron or self.every or self.on_change):
            raise QantarError("say when: --cron, --every or --on-change")
        if self.collects and not (self.cron or self.every):
            raise QantarError("--collect: say how often, with --cron or --every")
        if self.cron:
            from prefect.client.schemas.schedules import CronSchedule

            try:
                CronSchedule(cron=self.cron, timezone="UTC")
            except ValueError as error:
                raise QantarError(f'--cron {self.cron!r}: not a valid cron expression; "0 6 * * *" is each day at six') from error


def serve_schedule(settings: Settings, when: When, port: int = 4200) -> None:
    """Build when it is due, until this process is stopped (SIGTERM or Ctrl-C).

    Raises QantarError for a server that does not come up.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with only_schedule(settings.out), prefect_server(port, stop) as url:
        os.environ["PREFECT_API_URL"] = url
        os.environ.setdefault("PREFECT_LOGGING_ROOT_LEVEL", "CRITICAL")  # asyncio has pages to say where the server comes and goes
        task = json.dumps({"settings": _plain(settings), "when": asdict(when)})
        runner = Kept([sys.executable, "-m", "qantar.service.schedule", task])
        with runner:
            print(f"qantar: builds {settings.raw} when due; Prefect answers at {url.removesuffix('/api')}; stop with Ctrl-C", flush=True)
            if when.now or when.on_change:
                threading.Thread(target=_trigger, args=(settings, when, stop), daemon=True).start()
            _watch_over(runner, url, settings, stop, Overdue(longest_gap(when.cron, when.every)))


def deployment_name(out: Path) -> str:
    """The deployment that builds an output folder, as `flow/deployment`: each folder has its own, also on a server that they share."""
    return f"qantar/{_name(str(out.resolve()))}"


def _name(out: str) -> str:
    return f"qantar-{short_id('deployment', out)}"


@contextmanager
def only_schedule(out: Path) -> Iterator[None]:
    """Hold an output folder for one schedule. Raises QantarError where another one builds it already."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK).open("a+", encoding="utf-8") as lock:
        if holder := take(lock):
            raise QantarError(f"{out}: another schedule builds this folder ({holder}); stop it first")
        sign(lock)
        yield


def _watch_over(runner: Kept, url: str, settings: Settings, stop: threading.Event, overdue: Overdue) -> None:
    from qantar.pipeline.alarms import notify
    from qantar.pipeline.run import find_killed
    from qantar.store import builds, history

    def idle() -> bool:
        """With the runner a run under way would end."""
        return not builds.left_by_killed(settings.out)

    looks, is_known = 0, False
    while not stop.wait(1):
        runner.keep_alive()
        if runner.clock_was_set and idle():
            runner.start_again("has its runs planned by a clock that was set")
        looks += 1
        if looks % 5 == 0:
            find_killed(settings)
        if looks % 15 == 0:
            newest = history.read_told(settings.out / history.NAME).newest
            if missing := overdue.look(newest.run_id if newest else None, busy=not idle()):
                print(f"qantar: {missing}", file=sys.stderr, flush=True)
                notify(settings, "warning", missing)
            answer = asked(f"{url}/deployments/name/{deployment_name(settings.out)}")
            if answer == 200:
                is_known = True
            elif answer == 404 and is_known and idle():  # the server has lost its database: the runner tells it all again
                runner.start_again("the server no longer knows")
                is_known = False


def _plain(settings: Settings) -> dict[str, Any]:
    return {**asdict(settings), "raw": str(settings.raw.resolve()), "out": str(settings.out.resolve())}


def serve_runs(settings: dict[str, Any], when: dict[str, Any]) -> None:
    """The runner's process: register the deployment, once the server answers, and make its runs, one at a time, until SIGTERM."""
    from prefect.runner import Runner

    from qantar.pipeline.flow import build_dataset

    while asked(f"{os.environ['PREFECT_API_URL']}/health") != 200:
        time.sleep(1)
    name = _name(settings["out"])
    runner = Runner(name=name, limit=1, pause_on_shutdown=False)  # what it could not ask of a server that has forgotten it
    runner.add_flow(build_dataset, name=name, cron=when["cron"], interval=when["every"], parameters={"settings": settings})

    async def serve() -> None:
        loop, serving = asyncio.get_running_loop(), asyncio.ensure_future(runner.start())

        def stop() -> None:
            for run in multiprocessing.active_children():
                run.terminate()
            serving.cancel()

        # Prefect's own way leaves a coroutine behind, and waits for the run under way
        stop_runner_by(runner, lambda: loop.call_soon_threadsafe(stop))
        with suppress(asyncio.CancelledError):
            await serving

    asyncio.run(serve())


def _trigger(settings: Settings, when: When, stop: threading.Event) -> None:
    """Ask for a run now, for raw/ may have changed while nobody watched it, and for one each time a change has settled."""
    from httpx import HTTPError
    from prefect.deployments import run_deployment
    from prefect.exceptions import ObjectNotFound

    def run(parameters: dict[str, Any] | None = None) -> None:
        while not stop.is_set():
            try:
                run_deployment(deployment_name(settings.out), parameters=parameters, timeout=0)
                return
            except (ObjectNotFound, OSError, HTTPError):  # the runner has not registered it yet, or the server is starting again
                stop.wait(1)

    run()
    if when.on_change:
        for _ in changes(settings.raw, stop):
            run({"settings": {**_plain(settings), "collect": False}})  # what was collected is a change, too


def changes(raw: Path, stop: threading.Event, quiet: int = QUIET) -> Iterator[None]:
    """Each change of a folder that has settled, also where the folder is removed and rebuilt, until `stop` is set."""
    from watchfiles import DefaultFilter, watch

    no_articles = [*DefaultFilter.ignore_entity_patterns, r"^\."]  # hidden files, as those of `qantar collect`, are not read
    while not stop.is_set():
        with suppress(OSError):  # there is no folder at present
            watched = raw.stat().st_ino
            for found in watch(
                raw,
                watch_filter=DefaultFilter(ignore_entity_patterns=no_articles),
                stop_event=stop,
                debounce=60_000,
                step=quiet,
                rust_timeout=2_000,
                yield_on_timeout=True,
                raise_interrupt=False,
            ):
                if found:
                    yield
                if raw.stat().st_ino != watched:
                    break
            if not stop.is_set():
                yield
        stop.wait(1)


if __name__ == "__main__":
    end_with_parent()
    serve_runs(**json.loads(sys.argv[1]))
