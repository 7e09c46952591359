"""Failed and killed runs: recorded in the history, and told to the command that the user chose."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import suppress

from qantar.schema import BuildRun
from qantar.settings import Settings
from qantar.store import history
from qantar.store.log import log_run
from qantar.text.identity import short_id


def note_killed(settings: Settings, left: str) -> None:
    """Tell the history, and who is to be told of failures, of a run that ended without a word."""
    started = left.rpartition("since ")[2]
    message = f"{left}: the run was killed, for want of memory perhaps, or the machine stopped; the next one makes it good"
    run_id, finished = short_id("run", left), history.now()
    row = BuildRun(run_id=run_id, build_id=None, started=started, finished=finished, seconds="{}", outcome="failed", message=message)
    keep_failure(settings, row)


def keep_failure(settings: Settings, row: BuildRun, *, alarm: bool = True) -> None:
    """Tell of a failed run wherever it can be told: a full disk, or none, must not hide what went wrong."""
    with suppress(OSError, sqlite3.Error):
        log_run(settings.out, row)
        history.record_run(settings.out, row)
    if alarm:
        tell_failure(settings, row.message)


def tell_failure(settings: Settings, message: str) -> None:
    """Run the command that is to be told of a failed build, with what went wrong in QANTAR_MESSAGE."""
    if settings.on_failure is None:
        return
    environment = {**os.environ, "QANTAR_MESSAGE": message, "QANTAR_OUT": str(settings.out)}
    try:
        subprocess.run(shlex.split(settings.on_failure), env=environment, timeout=60, check=True)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        print(f"qantar: --on-failure {settings.on_failure!r} failed itself: {error}", file=sys.stderr)
