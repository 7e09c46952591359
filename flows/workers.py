"""The processes that compute on this machine. On a cluster there are none of ours: its workers compute in their own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from flows.settings import Settings

P = ParamSpec("P")
Result = TypeVar("Result")

_pool: ProcessPoolExecutor | None = None


@contextmanager
def worker_processes(settings: Settings) -> Iterator[None]:
    """For a local run, compute in processes of this machine, which import a stage's libraries once and keep them."""
    global _pool
    if settings.runner != "local":
        yield
        return
    # A server of its own forks the workers: forking this process, with Prefect's threads in it, could hang them.
    with ProcessPoolExecutor(settings.workers, mp_context=multiprocessing.get_context("forkserver")) as _pool:
        try:
            yield
        finally:
            _pool.shutdown(cancel_futures=True)
            _pool = None


def compute(function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Call a function in one of the worker processes, or here if there are none."""
    return _pool.submit(function, *args, **kwargs).result() if _pool else function(*args, **kwargs)
