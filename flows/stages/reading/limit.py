"""A limit on the time that one document may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MOST_SECONDS = 10.0
"""CPU seconds that a document may take; what is made to be read takes a hundredth of it."""


class OutOfTimeError(BaseException):
    """Not an Exception, so that no library's `except Exception` keeps it from those who wait."""


@contextmanager
def time_limit(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Raise OutOfTimeError in the body after so many CPU seconds of this process, whatever else runs on the machine.

    It takes the main thread of a process, where stages run; in another thread (of a cluster's worker) the limits on a page's size
    must do, under which no page is known to take that long.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
