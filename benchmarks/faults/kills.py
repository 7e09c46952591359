"""SIGKILL: at random moments, after every stage, before every operation that publishes, to one process alone."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.faults.bench import ROOT, SECOND, Bench, at_stage, group, kill_group, refused, wait_until

AUDIT = ROOT / "benchmarks/faults/audit"


def at_random(bench: Bench, n: int, seed: int) -> Iterator[list[str]]:
    """At `n` moments spread over the time of a build."""
    moments = random.Random(seed)
    for i in range(n):
        bench.reset()
        process = bench.start()
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=bench.seconds * (i + moments.random()) / n)
        kill_group(process)
        yield bench.lost()


def at_boundaries(bench: Bench, stages: list[str] | None = None) -> Iterator[list[str]]:
    """As soon as a stage has said that it is done; the stages are those that an undisturbed build tells of."""
    for stage in stages or bench.stages:
        bench.reset()
        failed = bench.n_failed()
        process = bench.start()
        at_stage(process, stage)
        kill_group(process)
        yield [*bench.lost(), *untold(bench, failed)]


def untold(bench: Bench, failed: int) -> list[str]:
    return [] if bench.n_failed() == failed + 1 else ["the killed run is not told of in the history"]


def operations(bench: Bench) -> list[str]:
    """What a build does to the published part of its folder, one operation after the other."""
    bench.reset()
    listing = bench.folder / "operations"
    listing.unlink(missing_ok=True)
    done = bench.build(PYTHONPATH=audited(bench), QANTAR_OUT=str(bench.out), QANTAR_EVENTS=str(listing))
    assert done.returncode == 0, done.stderr
    return listing.read_text().splitlines()


def audited(bench: Bench) -> str:
    return os.pathsep.join([str(AUDIT), bench.environment.get("PYTHONPATH", "")]).rstrip(os.pathsep)


def inside_switch(bench: Bench, only: str = "") -> Iterator[list[str]]:
    """Before each operation from the move of the staged build to the last word of the run: the new link, its rename, the history …"""
    listed = operations(bench)
    first = next(i for i, line in enumerate(listed) if "os.rename" in line and line.endswith(f"builds/{bench.second}"))
    for line in listed[first:]:
        if only in line:
            yield kill_before(bench, line)


def kill_before(bench: Bench, operation: str) -> list[str]:
    """Kill a build before one of its operations."""
    number = operation.partition("\t")[0]
    bench.reset()
    failed = bench.n_failed()
    done = bench.build(PYTHONPATH=audited(bench), QANTAR_OUT=str(bench.out), QANTAR_KILL_AT=number)
    lost = bench.lost()
    if done.returncode != -signal.SIGKILL:
        return [*lost, f"not killed at: {operation}"]
    return [*lost, *untold(bench, failed)]


def one_worker(bench: Bench, stages: tuple[str, ...] = ("read", "deduplicate")) -> Iterator[list[str]]:
    """One of the processes that compute, as for want of memory: the build goes on with new ones, and publishes."""
    for stage in stages:
        bench.reset()
        process = bench.start()
        at_stage(process, stage)
        workers = [pid for pid, what in group(process.pid).items() if what.startswith("qantar-worker ")]
        for worker in workers[-1:]:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        said = process.communicate()[1]
        wrong = [] if workers and process.returncode == 0 else [f"the build itself did not go on: {said[-300:]}"]
        yield [*wrong, *bench.lost()]


def the_first_process(bench: Bench) -> Iterator[list[str]]:
    """The process that leads the build, alone: those that compute for it must not stay behind."""
    bench.reset()
    process = bench.start()
    at_stage(process, "read")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    gone = wait_until(lambda: not group(process.pid), 30)
    left = group(process.pid)
    kill_group(process)
    yield [*bench.lost(), *([] if gone else [f"left behind: {left}"])]


def two_at_once(bench: Bench) -> Iterator[list[str]]:
    """Two builds of one folder: one publishes, the other is told who holds it, or finds nothing left to do."""
    bench.reset()
    processes = [bench.start(), bench.start()]
    said = [process.communicate()[1] for process in processes]
    codes = sorted(process.returncode for process in processes)
    fine = codes == [0, 0] or (codes == [0, 1] and any("another build is writing there: process" in words for words in said))
    yield [*([] if fine else [f"the two ended with {codes}: {said}"]), *bench.lost()]


def raw_changed(bench: Bench, n: int = 3) -> Iterator[list[str]]:
    """A raw file that is written to again and again while it is read: what is published must be of the bytes it names."""
    path = bench.raw / SECOND
    text = path.read_bytes()
    versions = {hashlib.sha256(file.read_bytes()).hexdigest(): file.read_bytes() for file in bench.raw.iterdir()}
    for seed in range(n):
        bench.reset()
        lengths = random.Random(seed)
        process = bench.start()
        end = time.monotonic() + bench.seconds
        while process.poll() is None and time.monotonic() < end:
            for version in (text[: lengths.randrange(1_000, len(text))], text):
                versions[hashlib.sha256(version).hexdigest()] = version
                path.write_bytes(version)
                time.sleep(0.02)
        process.communicate()
        yield [*mixtures(bench.out / "latest", versions), *bench.lost()]


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """A frame's rows, a named tuple each; pandas' types would let a cell be anything."""
    yield from frame.itertuples()


def mixtures(build: Path, versions: dict[str, bytes]) -> list[str]:
    """Documents whose blocks are not those of the file with the hash they name."""
    documents, blocks = (pd.read_parquet(build / "data" / table) for table in ("documents", "blocks"))
    wrong: list[str] = []
    for document in records(documents):
        raw = versions[document.source_sha256].decode("utf-8-sig").replace("\r\n", "\n")
        of_it = records(blocks[blocks.document_id == document.document_id])
        other = [b.block_id for b in of_it if raw[int(b.raw_start) : int(b.raw_end)].split() != b.text.split()]
        wrong += [f"{document.source_path}: {block_id} is not in the file that the build names" for block_id in other]
    return wrong


def container_stopped(bench: Bench, stages: tuple[str, ...] = ("read", "annotate"), grace: float = 1.0) -> Iterator[list[str]]:
    """SIGTERM to the process that leads the build, as a container's engine sends it, and SIGKILL to all a moment later."""
    for stage in stages:
        bench.reset()
        failed = bench.n_failed()
        process = bench.start()
        at_stage(process, stage)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=grace)
        kill_group(process)
        yield [*bench.lost(), *untold(bench, failed)]


def out_of_memory(bench: Bench) -> Iterator[list[str]]:
    """No more memory for the processes that compute, from before annotation on (RLIMIT_AS): the build fails in plain words or goes on."""
    bench.reset()
    process = bench.start()
    at_stage(process, "clean")
    for pid in group(process.pid):
        with suppress(ProcessLookupError):
            size = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
            resource.prlimit(pid, resource.RLIMIT_AS, (size, size))
    said = process.communicate()[1]
    yield [*([] if process.returncode == 0 else refused(process.returncode, said)), *bench.lost()]
