"""The processes that compute on this machine. On a cluster there are none of ours: its workers compute in their own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

from qantar.compat import fork_worker_server, without_garbage
from qantar.settings import AUTHORITY_FILE, CORRECTIONS_FILE, QantarError, Settings
from qantar.version import code_version

P = ParamSpec("P")
Result = TypeVar("Result")


def _context(settings: Settings) -> ForkServerContext:
    """A server of its own forks the workers: forking this process, with Prefect's threads in it, could hang them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *_preloaded(settings)])
    return context


def _preloaded(settings: Settings) -> tuple[str, ...]:
    """The modules that workers need. A re-run annotates few articles, unless people corrected texts, which may be in all shards: its
    workers load the model only where they need it.
    """
    annotates = settings.annotate and (not (settings.out / "latest").exists() or _are_texts_corrected(settings))
    return ("qantar.pipeline.preloaded", "qantar.pipeline.preloaded_model")[: 1 + annotates]


def _are_texts_corrected(settings: Settings) -> bool:
    if not (settings.raw / CORRECTIONS_FILE).exists():
        return False
    from qantar.corrections.new_corrections import corrects_texts

    return corrects_texts(settings.raw, settings.out / "latest")


def start_early(settings: Settings, *, alone: bool = False) -> None:
    """Start the server that forks workers: it imports what they need while this process imports Prefect.

    With `alone`, this process runs one build and nothing else. On Linux, as long as it has one thread, the server is then forked from it,
    after it has imported what both need; otherwise the server is a program of its own.
    """
    if settings.runner != "local":
        return
    if not alone or sys.platform != "linux" or threading.active_count() > 1:
        _context(settings)
        ensure_running()
        return
    first, *others = _preloaded(settings)
    with without_garbage():
        import_module(first)
    code_version()  # the plan and the workers ask for it

    def prepare() -> None:
        _name_process("qantar-workers")
        with without_garbage():
            for name in others:
                import_module(name)
            if others:
                _load_names(settings.raw.resolve())

    fork_worker_server(prepare)


def _load_names(raw: Path) -> None:
    """Load the names of the corpus, which each worker would load otherwise; who needs them says what is wrong with them."""
    from qantar.pipeline.context import file_digest
    from qantar.pipeline.steps.names_told import load_known

    with suppress(QantarError, OSError):
        load_known(raw, file_digest(raw / AUTHORITY_FILE))


def _name_process(name: str) -> None:
    """Set the name that `ps` and `top` show for this process; the arguments they show are those of the one it was forked from."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name, "ascii")


class _Pool:
    """The processes of the run under way; rebuilt when one of them was killed."""

    def __init__(self, settings: Settings) -> None:
        self._context, self._lock, self._n = _context(settings), Lock(), settings.workers
        self.executor = self._start(self._n)
        self._ready: dict[Any, ProcessPoolExecutor] = {}

    def _start(self, n: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(n, self._context, initializer=_start_worker)

    def use_one(self) -> None:
        """Have one process; before any is started."""
        self._n = 1
        self.executor = self._start(1)

    def make_ready(self, function: Callable[..., Any], prepare: Callable[[], object]) -> None:
        """Have a process of its own prepare for a later call of a function."""
        executor = self._ready[function] = self._start(1)
        executor.submit(prepare)

    def executor_for(self, function: Any) -> ProcessPoolExecutor:
        """The process that is ready for a function, for one call; else those for all."""
        return self._ready.pop(getattr(function, "func", function), self.executor)

    def end(self) -> None:
        for executor in (self.executor, *self._ready.values()):
            executor.shutdown(cancel_futures=True)

    def replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self.executor is broken:
                self.executor = self._start(self._n)
                broken.shutdown(wait=False, cancel_futures=True)


def _start_worker() -> None:
    """In a worker: end when the process that leads it is killed. It would wait for work for ever, with its model in memory.

    What it was forked with is no garbage, and is not looked through again.
    """
    gc.freeze()
    _name_process("qantar-worker")
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
    _pool = _Pool(settings)
    try:
        yield
    finally:
        _pool.end()
        _pool = None


def use_one() -> None:
    """On this machine, compute in one process: for a few articles, loading in a second what the first has takes longer than it saves."""
    if _pool is not None:
        _pool.use_one()


def make_ready(function: Callable[..., Any], prepare: Callable[[], object]) -> None:
    """On this machine, have a process prepare now for a later call of a function: import what is slow to import."""
    if _pool is not None:
        _pool.make_ready(function, prepare)


def in_turn(step: Callable[..., Result], context: Any, calls: Iterable[Sequence[Any]]) -> list[Result]:
    """The results of a step for each of some shards."""
    return [step(context, *arguments) for arguments in calls]


def compute(function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Call a function in one of the worker processes, or here if there are none.

    Raises BrokenProcessPool if a worker was killed, by whatever it was; a second call finds new ones.
    """
    if _pool is None:
        return function(*args, **kwargs)
    executor = _pool.executor_for(function)
    try:
        return executor.submit(function, *args, **kwargs).result()
    except BrokenProcessPool:
        _pool.replace(executor)
        raise
