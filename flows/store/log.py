"""`qantar.log`: a line for each run, for people. It is rotated, so that it never takes more than a few megabytes."""

from __future__ import annotations

import json
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from qantar.schema import BuildRun

NAME = "qantar.log"
BYTES, BEFORE = 1_000_000, 3
"""A new file is begun at so many bytes, and so many older ones are kept."""


class _Rotated(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A full disk must not hide the cause of a failure: the history and the exit code report it too."""


def log_run(out: Path, run: BuildRun, more: str = "") -> None:
    """Add what became of a run: when it ended, its outcome and message, the seconds of its stages, and what `more` there is to say."""
    stages = {name: seconds for name, seconds in json.loads(run.seconds).items() if seconds >= 0.05}
    took = f"{sum(stages.values()):.1f} s: {', '.join(f'{name} {seconds:.1f}' for name, seconds in stages.items())}" if stages else ""
    said = "; ".join(part for part in (run.message.replace("\n", "\n    "), took, more) if part)
    handler = _Rotated(out / NAME, maxBytes=BYTES, backupCount=BEFORE, encoding="utf-8", delay=True)
    handler.emit(logging.makeLogRecord({"msg": f"{run.finished} {run.outcome}: {said}"}))
    handler.close()
