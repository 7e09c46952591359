"""One run of the flow, with the Prefect server it reports to and the machines its tasks run on."""

from __future__ import annotations

import os
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from httpx import HTTPError
from prefect.settings import get_current_settings
from prefect.task_runners import ThreadPoolTaskRunner

from qantar.compat import with_server, without_certificates
from qantar.pipeline.alarms import tell_failure
from qantar.pipeline.flow import build_dataset
from qantar.schema import BuildRun
from qantar.service.prefect_server import own_server
from qantar.settings import QantarError, Settings
from qantar.store import history

ROOM = 8 * 2**20
"""Bytes that Prefect's database may need for a run: a new one takes one megabyte, what it has written ahead four."""


def run_build(settings: Settings) -> BuildRun:
    """Run the flow with its tasks on this machine, or on a Dask cluster.

    Raises QantarError when there is nothing to publish, or Prefect's server goes before all is done; what comes of the run after
    it was published is no matter.
    """
    tasks: Any = ThreadPoolTaskRunner(max_workers=settings.workers)
    if settings.runner == "dask":
        os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")
        from prefect_dask.task_runners import DaskTaskRunner

        here = {"n_workers": settings.workers, "threads_per_worker": 1, "dashboard_address": None}
        where: Any = {"address": settings.dask_address} if settings.dask_address else {"cluster_kwargs": here}
        tasks = DaskTaskRunner(**where)
    began = history.now()
    try:
        url = get_current_settings().api.url
        with with_server(url or start_server(settings)), nullcontext() if url else without_certificates():
            return build_dataset.with_options(task_runner=tasks)(settings)
    except HTTPError as error:
        run = history.read_told(settings.out / history.NAME).newest
        if run is None or run.outcome == "failed" or run.finished < began:
            if not get_current_settings().api.url:
                check_room(settings, Path(os.environ["PREFECT_HOME"]))  # a full disk is named for what it is
            remedy = "start it again, or unset PREFECT_API_URL, and run again"
            raise QantarError(f"Prefect's server does not answer any more ({error}), so nothing was published; {remedy}") from error
        return run


def check_room(settings: Settings, home: Path) -> None:
    """Raise QantarError, and an alarm, where the disk of Prefect's database is full: its server would never answer."""
    probe = home / ".room"
    try:
        probe.write_bytes(bytes(ROOM))
    except OSError as error:
        needs = f"Prefect cannot write the {ROOM >> 20} MB there that a run may need ({error.strerror})"
        message = f"{home}: {needs}, so nothing was published; free disk space or change its permissions"
        tell_failure(settings, message)
        raise QantarError(message) from error
    finally:
        with suppress(OSError):
            probe.unlink()


def start_server(settings: Settings) -> str | None:
    """The address of a Prefect server for this run. Raises QantarError, and an alarm, where none starts.

    None for a cluster whose workers may be elsewhere, where it would not answer: Prefect starts one for each.
    """
    check_room(settings, Path(os.environ["PREFECT_HOME"]))
    if settings.dask_address:
        return None
    try:
        return own_server()
    except QantarError as error:
        tell_failure(settings, str(error))
        raise
