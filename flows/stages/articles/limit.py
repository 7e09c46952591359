"""A limit on the time that one document may take, in whatever thread or worker it is read, and whatever code hangs.

Calls are made in a process of their own, one for each thread that makes any: the kernel ends it where its processor time runs out, C code
and all. So does a document that crashes a parser end that process and no other. The next call starts a new one.
"""

from __future__ import annotations

import math
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

MOST_SECONDS = 10.0
"""Processor time that a document may take, whatever else runs on the machine; what is made to be read takes a hundredth of it."""

MOST_MEMORY = 4 * 2**30
"""Bytes of address space that a parser may take: more than any document needs."""

P = ParamSpec("P")
T = TypeVar("T")
_here = threading.local()


class OutOfTimeError(Exception):
    """A call took more than its time."""


class CrashError(Exception):
    """A call ended its process."""


def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `function`, one of a module, returns or raises, within MOST_SECONDS. Raises OutOfTimeError and CrashError otherwise."""
    helper = getattr(_here, "helper", None)
    if helper is None or not helper.is_usable():
        helper = _here.helper = Helper(MOST_SECONDS)
    result: T = helper.call(function, args, kwargs)
    return result


def seconds_spent() -> float:
    """Processor time that the calls of this thread have taken in the other process, for benchmarks."""
    return getattr(_here, "seconds", 0.0)


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Let what runs within take at most MOST_MEMORY. Beyond it Python raises MemoryError; a library in C may end the process."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    if before[1] == resource.RLIM_INFINITY or before[1] > MOST_MEMORY:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


class Helper:
    """A process that makes calls, one after the other."""

    def __init__(self, most_seconds: float):
        paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        self._most_seconds = most_seconds
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self.close = weakref.finalize(self, _close, self._process, self._owner)

    def is_usable(self) -> bool:
        """Whether the process is alive and this one's own."""
        return self._owner == os.getpid() and self._process.poll() is None

    def call(self, function: Callable[..., Any], args: Any = (), kwargs: Any = None) -> Any:
        """What the function returns or raises in the other process. Raises OutOfTimeError and CrashError."""
        calls, results = self._process.stdin, self._process.stdout
        assert calls is not None
        assert results is not None
        try:
            pickle.dump((self._most_seconds, function, args, kwargs or {}), calls)
            calls.flush()
            result, error, seconds = pickle.load(results)
        except (OSError, EOFError, pickle.UnpicklingError) as broken:
            code = self._process.wait()
            self.close()
            if code == -signal.SIGXCPU:
                raise OutOfTimeError from broken
            raise CrashError(signal.Signals(-code).name if code < 0 else f"exit code {code}") from broken
        except BaseException:  # an interrupt: what comes back later must not be taken for the next call's result
            self._process.kill()
            raise
        _here.seconds = seconds_spent() + seconds
        if error is not None:
            raise error
        return result


def serve() -> None:
    """Make calls as they come on standard input, until it is closed; what they print is nobody's."""
    calls, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            most_seconds, function, args, kwargs = pickle.load(calls)
        except EOFError:
            return
        started = time.process_time()
        _limit(most_seconds)
        result, error = None, None
        try:
            result = function(*args, **kwargs)
        except Exception as raised:
            error = raised
        pickle.dump((result, error, time.process_time() - started), results)
        results.flush()


def _limit(seconds: float) -> None:
    """Have the kernel end this process after so many more seconds of processor time, leaving no core behind."""
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = math.ceil(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if most == resource.RLIM_INFINITY else min(soft, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _close(process: subprocess.Popen[bytes], owner: int) -> None:
    if os.getpid() != owner:  # a copy of the parent: the process is not its own
        return
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()
