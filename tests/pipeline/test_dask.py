"""The same flow on a Dask cluster: a scheduler and two workers on loopback, one of which is killed on the way."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.free_port import free_port
from tests.conftest import RAW, ROOT, Qantar


@contextmanager
def cluster(environment: dict[str, str], folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rsplit(":", 1)[1]
    dask = [sys.executable, "-m", "dask"]
    quiet = subprocess.DEVNULL
    commands = [[*dask, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]]
    for n in range(2):
        local = [
            "--local-directory",
            str(folder / f"worker{n}"),
            "--no-dashboard",
            "--no-nanny",
            "--nthreads",
            "1",
            "--death-timeout",
            "60",
        ]
        commands.append([*dask, "worker", address, "--host", "127.0.0.1", *local])
    processes = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet) for command in commands]
    try:
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_bytes_also_when_a_worker_dies(
    qantar: Qantar, dataset: Path, prefect_home: Path, prefect_api: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    environment = {**os.environ, "PREFECT_HOME": str(prefect_home), "PREFECT_API_URL": prefect_api}
    with cluster(environment, tmp_path) as (address, workers):
        killed = threading.Event()

        def kill_one() -> None:
            end = time.monotonic() + 200
            while time.monotonic() < end:
                if (out / ".cache/clean").exists():
                    workers[0].kill()
                    killed.set()
                    return
                time.sleep(0.05)

        killer = threading.Thread(target=kill_one)
        killer.start()
        done = qantar("build", "--raw", RAW, "--out", out, "--runner", "dask", "--dask-address", address)
        killer.join()
    assert killed.is_set()
    assert done.returncode == 0, done.stderr
    assert (out / "latest/SHA256SUMS").read_bytes() == (dataset / "SHA256SUMS").read_bytes()
