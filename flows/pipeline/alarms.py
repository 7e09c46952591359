"""Failed and killed runs: recorded in the history, and told to the command that the user chose."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import suppress
from typing import Literal

from qantar.schema import BuildRun
from qantar.settings import Settings
from qantar.store import history
from qantar.store.log import log_run
from qantar.text.identity import short_id

Event = Literal["failed", "recovered", "warning"]
"""Events that run a command: a run failed, a run succeeded after a failure, a build has fewer rows than the one before."""


def note_killed(settings: Settings, left: str) -> None:
    """Record a run that was killed, and raise the alarm."""
    started = left.rpartition("since ")[2]
    message = f"{left}: the run was killed (out of memory?) or the machine stopped; the next run recovers"
    keep_failure(settings, failed_run(started, message, short_id("run", left)))


def failed_run(started: str, message: str, run_id: str = "") -> BuildRun:
    """The row of a run that failed before it knew what it was to build."""
    run_id = run_id or short_id("run", started, str(os.getpid()))
    finished = history.now()
    return BuildRun(run_id=run_id, build_id=None, started=started, finished=finished, seconds="{}", outcome="failed", message=message)


def keep_failure(settings: Settings, row: BuildRun, *, alarm: bool = True) -> None:
    """Record a failed run in the log and the history, as far as the disk allows, and raise the alarm."""
    with suppress(OSError, sqlite3.Error):
        log_run(settings.out, row)
        history.record_run(settings.out, row)
    if alarm:
        tell_failure(settings, row.message)


def tell_failure(settings: Settings, message: str) -> None:
    """Run the commands for a failed build, with the error in QANTAR_MESSAGE."""
    _run(settings, "--on-failure", settings.on_failure, "failed", message)
    notify(settings, "failed", message)


def notify(settings: Settings, event: Event, message: str) -> None:
    """Run the command for every event, with the event in QANTAR_EVENT and a sentence in QANTAR_MESSAGE."""
    _run(settings, "--notify", settings.notify, event, message)


def _run(settings: Settings, option: str, command: str | None, event: Event, message: str) -> None:
    if command is None:
        return
    environment = {**os.environ, "QANTAR_EVENT": event, "QANTAR_MESSAGE": message, "QANTAR_OUT": str(settings.out)}
    try:
        subprocess.run(shlex.split(command), env=environment, timeout=60, check=True)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        print(f"qantar: {option} {command!r} failed: {error}", file=sys.stderr)
