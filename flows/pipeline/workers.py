"""The processes that compute on this machine. On a cluster there are none of ours: its workers compute in their own."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

from qantar.settings import Settings

P = ParamSpec("P")
Result = TypeVar("Result")


IMPORTED_ONCE = ["qantar.pipeline.writing", "qantar.pipeline.steps", "pandas"]
"""What every worker needs: Arrow imports pandas when it makes an array. They start no threads but idle ones of OpenBLAS and of Arrow's
allocator, which may be forked."""


class _Pool:
    """The processes of the run under way; made anew when one of them was killed."""

    def __init__(self, n: int) -> None:
        self._n, self._lock = n, Lock()
        self.executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # A server of its own forks the workers: forking this process, with Prefect's threads in it, could hang them.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["__main__", *IMPORTED_ONCE])
        return ProcessPoolExecutor(self._n, context, initializer=_start_worker)

    def replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self.executor is broken:
                self.executor = self._start()
                broken.shutdown(wait=False, cancel_futures=True)


def _start_worker() -> None:
    """In a worker: end when the process that leads it is killed. It would wait for work for ever, with its model in memory.

    Rows are many and have no cycles: looked through for some as often as is usual, they take a third of a step's time.
    """
    gc.set_threshold(100_000, 20, 20)
    leader = multiprocessing.parent_process()
    assert leader

    def wait() -> None:
        leader.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


_pool: _Pool | None = None


@contextmanager
def worker_processes(settings: Settings) -> Iterator[None]:
    """For a local run, compute in processes of this machine, which import a stage's libraries once and keep them."""
    global _pool
    if settings.runner != "local":
        yield
        return
    _pool = _Pool(settings.workers)
    try:
        yield
    finally:
        _pool.executor.shutdown(cancel_futures=True)
        _pool = None


def in_turn(step: Callable[..., Result], context: Any, calls: Iterable[Sequence[Any]]) -> list[Result]:
    """The results of a step for each of some shards."""
    return [step(context, *arguments) for arguments in calls]


def compute(function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Call a function in one of the worker processes, or here if there are none.

    Raises BrokenProcessPool if a worker was killed, by whatever it was; a second call finds new ones.
    """
    if _pool is None:
        return function(*args, **kwargs)
    executor = _pool.executor
    try:
        return executor.submit(function, *args, **kwargs).result()
    except BrokenProcessPool:
        _pool.replace(executor)
        raise
