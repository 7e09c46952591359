"""Lock files: one process at a time, and who it is. The system releases a lock when its process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import socket
from typing import TextIO

from qantar.store.history import now


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
