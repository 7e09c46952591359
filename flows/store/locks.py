"""Lock files: one process at a time, and who it is. The system releases a lock when its process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from qantar.settings import QantarError
from qantar.store.history import now

ATTEMPTS = 25
"""Attempts to take a lock that is held for moments only, 0.2 s apart, before a conflict is reported."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`, which another process holds for a few seconds at most.

    Raises QantarError, saying who holds it, where it is not released, or where it cannot be written.
    """
    try:
        lock = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise QantarError(f"{path.parent}: cannot write there ({error.strerror}); check its permissions") from error
    with lock:
        for attempt in range(ATTEMPTS):
            holder = take(lock)
            if holder is None:
                break
            if attempt == ATTEMPTS - 1:
                raise QantarError(f"{path.parent}: somebody else is writing there: {holder}; try again")
            time.sleep(0.2)
        sign(lock)
        try:
            yield
        finally:
            lock.truncate(0)


def take(lock: TextIO) -> str | None:
    """Take an open lock file if no other process holds it; returns None, or the words that its holder signed with."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        return lock.read().strip() or "a process that has just started"
    return None


def sign(lock: TextIO) -> None:
    """Write into a lock file who holds it, and since when. Raises OSError where the disk is full."""
    lock.truncate(0)
    lock.write(f"{me()}, since {now()}")
    lock.flush()


def me() -> str:
    """This process, as other processes and people on a shared disk can find it."""
    return f"process {os.getpid()} on {socket.gethostname()}"
