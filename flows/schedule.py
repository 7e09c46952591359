"""Always-on re-runs: a Prefect server, started if none answers, and the flow served as a deployment."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from flows.settings import QantarError, Settings

START_LIMIT = 180
"""Seconds a server may take to answer; the first start in a new home takes up to 40."""


def serve_schedule(settings: Settings, cron: str, port: int = 4200) -> None:
    """Serve the build as a deployment that runs on a cron schedule, until this process is stopped.

    Raises QantarError for a cron line that cannot be read, or a server that does not come up.
    """
    with prefect_server(port) as url:
        os.environ["PREFECT_API_URL"] = url
        from prefect.client.schemas.schedules import CronSchedule

        from flows.build import build_dataset

        try:
            CronSchedule(cron=cron, timezone="UTC")
        except ValueError as error:
            raise QantarError(f'--cron {cron!r}: this is no cron line; "0 6 * * *" is each day at six') from error
        parameters = {"settings": {**asdict(settings), "raw": str(settings.raw.resolve()), "out": str(settings.out.resolve())}}
        print(
            f"qantar: builds {settings.raw} on {cron!r} (UTC); Prefect answers at {url.removesuffix('/api')}; stop with Ctrl-C", flush=True
        )
        build_dataset.serve(name="qantar", cron=cron, parameters=parameters, limit=1, print_starting_message=False)


@contextmanager
def prefect_server(port: int) -> Iterator[str]:
    """The address of a Prefect server: the one that is configured and answers, else one started here and stopped at the end."""
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
        raise QantarError(f"port {port} of 127.0.0.1 is in use by something that is no Prefect server; stop it")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + START_LIMIT
        while not _answers(url):
            if server.poll() is not None or time.monotonic() > limit:
                raise QantarError(f"the Prefect server did not start on port {port}; run {' '.join(command)} to see why")
            time.sleep(0.5)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
