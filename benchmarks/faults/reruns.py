"""Re-runs in a row with nothing new, in one process: its memory, its handles and the files it leaves must not grow.

python -m benchmarks.faults.reruns --runs 1000 [--keep]

With `--keep`, the table is written to benchmarks/kept/reruns_in_one_process.json, from which docs/explanation/faults.md shows it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import figures
from benchmarks.faults.bench import FIRST, ROOT, Bench
from benchmarks.free_port import free_port
from qantar.service.prefect_settings import configure_prefect
from qantar.service.supervisor import prefect_server

COLUMNS = ("runs", "memory, MB", "handles", "threads", "files in the output folder")
MARKS = (10, 100, 1_000)
MOST_MB, MOST_HANDLES = 60, 10
"""How much a process may grow from its hundredth run to its last."""

RUNS = """
import os, sys, threading
from pathlib import Path
from qantar.settings import Settings
from qantar.service.one_run import run_build

raw, out, runs, marks = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), set(map(int, sys.argv[4].split(",")))
for n in range(1, runs + 1):
    run = run_build(Settings(raw=raw, out=out, workers=1))
    assert run.outcome == ("published" if n == 1 else "unchanged"), run
    if n in marks:
        rss = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS"))
        files = sum(len(names) for _, _, names in os.walk(out))
        print(n, int(rss) // 1024, len(os.listdir("/proc/self/fd")), threading.active_count(), files, flush=True)
"""


def measure(folder: Path, url: str, runs: int) -> list[list[int]]:
    """At each mark: runs, MB of memory, handles, threads, files of the output folder."""
    raw = folder / "reruns-raw"
    raw.mkdir()
    shutil.copyfile(ROOT / "raw" / FIRST, raw / FIRST)
    marks = sorted({mark for mark in MARKS if mark < runs} | {runs})
    command: list[str | Path] = [sys.executable, "-c", RUNS, raw, folder / "reruns", str(runs), ",".join(map(str, marks))]
    env = {**os.environ, "PREFECT_API_URL": url}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]
    return [[int(word) for word in line.split()] for line in done.stdout.splitlines()]


def in_one_process(bench: Bench, runs: int) -> Iterator[list[str]]:
    """All of them unchanged, and nothing grows once the process is warm."""
    measured = measure(bench.folder, bench.environment["PREFECT_API_URL"], runs)
    show(measured, sys.stderr)
    warm, last = measured[-2], measured[-1]
    grown = {"MB": (last[1] - warm[1], MOST_MB), "handles": (last[2] - warm[2], MOST_HANDLES), "files": (last[4] - warm[4], 2)}
    yield [f"{by} {what} more after {runs} runs than after {warm[0]}" for what, (by, most) in grown.items() if by > most]


def show(measured: list[list[int]], to: object = sys.stdout) -> None:
    print(f"| {' | '.join(COLUMNS)} |\n|{' ---: |' * len(COLUMNS)}", file=to)  # type: ignore[call-overload]
    for row in measured:
        print("| " + " | ".join(f"{n:,}" for n in row) + " |", file=to)  # type: ignore[call-overload]


def main() -> None:
    """Run, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--keep", action="store_true", help="write the table for the documentation")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["PREFECT_HOME"] = f"{name}/prefect"
        configure_prefect(Path(name) / "prefect")
        with prefect_server(free_port()) as url:
            measured = measure(Path(name), url, options.runs)
            show(measured)
            if options.keep:
                figures.keep("reruns_in_one_process", COLUMNS, measured)


if __name__ == "__main__":
    main()
