"""A Dask worker whose machine has another clock than the one that builds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults.bench import LIMIT, Bench
from benchmarks.faults.service import Clock
from benchmarks.free_port import free_port

DAYS = (400, -400)
"""That the worker's clock is off."""


def worker_on_another_clock(bench: Bench) -> Iterator[list[str]]:
    """The scheduler and the build keep the time; all that is computed and stored is so under the worker's clock."""
    if not shutil.which("cc"):
        yield ["not tried: there is no C compiler here"]
        return
    clock = Clock(bench.folder)
    for days in DAYS:
        bench.reset()
        clock.set(days=days)
        with cluster(bench.environment, clock.environment, bench.folder / f"worker{days}") as address:
            command = [*bench.command(), "--runner", "dask", "--dask-address", address]
            done = subprocess.run(command, env=bench.environment, capture_output=True, text=True, timeout=LIMIT)
        wrong = [] if done.returncode == 0 else [f"the build with a worker {days} days off failed: {done.stderr[-300:]}"]
        wrong += [] if bench.checksums() == bench.sums else [f"a worker {days} days off gave other bytes"]
        again = bench.build()
        wrong += [] if again.returncode == 0 and "nothing has changed" in again.stdout else [f"the next run found changes: {again.stdout}"]
        yield wrong


@contextmanager
def cluster(environment: dict[str, str], of_worker: dict[str, str], folder: Path) -> Iterator[str]:
    """A scheduler, and a worker in another environment; the scheduler's address."""
    address, quiet = f"tcp://127.0.0.1:{free_port()}", subprocess.DEVNULL
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", "127.0.0.1", "--port", address.rsplit(":", 1)[1], "--no-dashboard"]
    options = ["--host", "127.0.0.1", "--local-directory", str(folder), "--no-dashboard", "--no-nanny", "--nthreads", "1"]
    worker = [*dask, "worker", address, *options, "--death-timeout", "120"]
    processes = [
        subprocess.Popen(scheduler, env=environment, stdout=quiet, stderr=quiet),
        subprocess.Popen(worker, env={**environment, **of_worker}, stdout=quiet, stderr=quiet),
    ]
    try:
        yield address
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
