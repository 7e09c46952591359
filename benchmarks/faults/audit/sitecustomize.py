"""Loaded by every Python that finds this folder in PYTHONPATH: kills the process at a chosen operation on files, or lists them.

Python raises an audit event before each such operation (PEP 578), so nothing of the pipeline has to know of it.

    QANTAR_EVENTS=FILE    append each operation of the process that publishes to FILE
    QANTAR_KILL_AT=N      end the process with SIGKILL before its Nth operation
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

OPERATIONS = {"os.rename", "os.symlink", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "sqlite3.connect", "shutil.rmtree"}
WRITING = os.O_WRONLY | os.O_RDWR

_n = 0
_listing = _holds = False


def publishes(event: str, words: tuple[Any, ...]) -> bool:
    """Whether an operation changes what is published: what is stored of stages, and Prefect's own files, are other matters."""
    if event == "open":
        return isinstance(words[0], str) and bool((words[2] or 0) & WRITING) and _concerns(words[0])
    return event in OPERATIONS and any(_concerns(os.fspath(word)) for word in words if isinstance(word, (str, os.PathLike)))


def _concerns(path: str) -> bool:
    return path.startswith(os.environ["QANTAR_OUT"]) and "/.cache" not in path and "/.prefect" not in path and not path.endswith(".log")


def audit(event: str, words: tuple[Any, ...]) -> None:
    """Count an operation; list it, or end here."""
    global _n, _listing, _holds
    if _listing or (event != "open" and event not in OPERATIONS) or not publishes(event, words):
        return
    _holds = _holds or str(words[0]).endswith("/.lock")
    if not _holds:  # a process that computes for the one that leads
        return
    _n += 1
    if str(_n) == os.environ.get("QANTAR_KILL_AT"):
        os.kill(os.getpid(), signal.SIGKILL)
    if "QANTAR_EVENTS" in os.environ:
        _listing = True
        with Path(os.environ["QANTAR_EVENTS"]).open("a") as file:
            file.write(f"{_n}\t{event}\t{' '.join(str(word) for word in words[:2])}\n")
        _listing = False


if "QANTAR_OUT" in os.environ:
    sys.addaudithook(audit)
