"""What builds, readers and schedules survive: real signals, real damage, a real small disk. Prints a table of faults.

    python -m benchmarks.faults [--kills 50] [--seed 1] [--reruns 1000] [--quick] [--only WORDS] [--keep]

After each fault `latest` must be a whole, valid build (`qantar verify`), and the next run must give the checksums and the
changes of an undisturbed one and leave nothing behind. All the while `qantar serve` is asked for pages, ten a second.
What this machine cannot do (a small disk needs root, another clock a C compiler) is done in the next best way, or named.
With `--keep`, the table of a whole run is written to benchmarks/kept/faults.json, from which docs/explanation/faults.md shows it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import figures
from benchmarks.faults import cluster, kills, reruns, service, storage
from benchmarks.faults.bench import Bench, Tally
from benchmarks.free_port import free_port
from qantar.service.prefect_settings import configure_prefect
from qantar.service.supervisor import prefect_server

Fault = Callable[[Bench], Iterator[list[str]]]


def faults(options: argparse.Namespace, on_small_disk: bool) -> dict[str, Fault]:
    """Each fault by its name, in the order of the table."""
    quick: bool = options.quick
    some = ["clean", "write"] if quick else None
    full = storage.disk_full if on_small_disk else storage.no_writing
    n = 3 if quick else options.kills
    chosen: dict[str, Fault] = {
        f"killed at a random moment (seed {options.seed})": lambda bench: kills.at_random(bench, n, options.seed),
        "killed after each stage": lambda bench: kills.at_boundaries(bench, some),
        "killed before each step of the switch": lambda bench: kills.inside_switch(bench, "latest" if quick else ""),
        "one worker process killed": lambda bench: kills.one_worker(bench, ("read",) if quick else ("read", "deduplicate")),
        "the leading process killed alone": kills.the_first_process,
        f"disk full {'(tmpfs)' if on_small_disk else '(RLIMIT_FSIZE)'}, after each stage": lambda bench: full(bench, some),
        "stored results truncated, flipped, emptied, unlisted": storage.stored_damaged,
        "the history lost, damaged, held": storage.history_lost,
        "two builds at once": kills.two_at_once,
        "a raw file written to while it is read": lambda bench: kills.raw_changed(bench, 1 if quick else 3),
    }
    if quick:
        return chosen
    if on_small_disk:
        chosen["no more files on the disk (nr_inodes), after a stage"] = storage.out_of_inodes
    return chosen | {
        "stopped by SIGTERM, then SIGKILL, as a container is": kills.container_stopped,
        "out of memory while annotating (RLIMIT_AS)": kills.out_of_memory,
        "a slow disk": storage.slow_disk,
        "results stored by another version": storage.of_another_version,
        "working folders removed under a build": storage.working_lost,
        "the output folder removed or replaced under a build": storage.folder_lost,
        "the output folder read-only": storage.read_only,
        "disk full under Prefect's own database": storage.prefect_on_full_disk,
        "the clock set back": service.clock_set_back,
        "a Dask worker on another machine's clock": cluster.worker_on_another_clock,
        "schedule: server, runner or run killed; database locked or deleted; stopped; clock set back": service.scheduled,
        f"{options.reruns:,} re-runs in one process": lambda bench: reruns.in_one_process(bench, options.reruns),
    }


@contextmanager
def prepared() -> Iterator[tuple[Bench, bool]]:
    """A bench on a small disk where one can be made, and a Prefect server for its builds."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        os.environ.pop("PREFECT_API_URL", None)
        os.environ["PREFECT_HOME"] = str(folder / "prefect")
        configure_prefect(folder / "prefect")
        url = stack.enter_context(prefect_server(free_port()))
        on_small_disk = storage.can_mount()
        if on_small_disk:
            stack.enter_context(storage.small_disk(folder / "disk"))
        yield Bench(folder / "disk", url), on_small_disk


def outcomes(fault: Fault, bench: Bench) -> Iterator[list[str]]:
    """What each try of a fault lost; where it could not even be tried, that."""
    try:
        yield from fault(bench)
    except Exception:
        yield [f"the bench itself failed: {traceback.format_exc()}"]


def main() -> None:
    """Try every fault, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50, help="kills at random moments")
    parser.add_argument("--seed", type=int, default=1, help="of those moments")
    parser.add_argument("--reruns", type=int, default=1_000, help="re-runs of one process")
    parser.add_argument("--quick", action="store_true", help="a few of each, in some minutes")
    parser.add_argument("--only", nargs="+", default=[""], help="only the faults whose names hold one of these words")
    parser.add_argument("--keep", action="store_true", help="write the table for the documentation")
    options = parser.parse_args()
    if options.keep and (options.quick or options.only != [""]):
        parser.error("--keep is for a whole run, without --quick and --only")
    os.umask(0o022)
    total, started = Tally(), time.monotonic()
    rows: list[tuple[str, int, int]] = []
    with prepared() as (bench, on_small_disk), bench.read() as readers:
        print("| fault | tried | survived |\n| --- | ---: | ---: |", flush=True)
        for name, fault in faults(options, on_small_disk).items():
            if any(words in name for words in options.only):
                tally = Tally()
                for lost in outcomes(fault, bench):
                    tally.add(lost)
                    total.add(lost)
                rows.append((name, tally.tried, tally.survived))
                print(f"| {name} | {tally.tried:,} | {tally.survived:,} |", flush=True)
                for what in tally.lost:
                    print(f"{name}: {what}", file=sys.stderr, flush=True)
        asked, failed = readers.requests, len(readers.failed)
    rows.append(("requests to `qantar serve` meanwhile", asked, asked - failed))
    print(f"| requests to `qantar serve` meanwhile | {asked:,} | {asked - failed:,} |")
    if options.keep:
        figures.keep("faults", ("fault", "tried", "survived"), rows)
    print(
        f"\n{total.tried:,} faults, {total.survived:,} survived; lost: {len(total.lost) or 'nothing'}; {time.monotonic() - started:,.0f} s"
    )
    sys.exit(0 if total.survived == total.tried and not failed else 1)


if __name__ == "__main__":
    main()
