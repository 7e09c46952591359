"""What a build survives: real signals, real damage, a real small disk. Prints a table of faults tried and survived.

    python benchmarks/faults.py [--kills 50] [--seed 1]

After each fault `latest` must be a whole, valid build (`qantar verify`), and the next run must give the checksums of an undisturbed
one. The kills are spread evenly at random over the time an undisturbed build takes; each hits the whole process group. Full disks
are tmpfs of ever more kilobytes, so that each writing step meets one; they need the right to mount.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from flows.publish.verify import verify_build
from flows.schedule import prefect_server
from flows.settings import configure_prefect

ROOT = Path(__file__).parents[1]
QANTAR = Path(sys.executable).with_name("qantar")


class Bench:
    """A raw folder with two states of its articles, and the checksums an undisturbed build of the second one has."""

    def __init__(self, folder: Path, url: str) -> None:
        self.raw, self.out = folder / "raw", folder / "out"
        self.environment = {**os.environ, "PREFECT_API_URL": url}
        self.raw.mkdir()
        for name in ("000_d1c0b45d70eecad1.txt", "001_cc2c92a9965be40f.txt"):
            shutil.copyfile(ROOT / "raw" / name, self.raw / name)
        assert self.build().returncode == 0
        self.first = folder / "first"
        shutil.copytree(self.out, self.first, symlinks=True)
        shutil.copyfile(ROOT / "raw/002_3a238052e7e8c682.txt", self.raw / "002_3a238052e7e8c682.txt")
        started = time.monotonic()
        done = self.build()
        assert done.returncode == 0, done.stderr
        self.seconds = time.monotonic() - started
        self.sums = self.checksums()

    def build(self, out: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [QANTAR, "build", "--raw", self.raw, "--out", out or self.out]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=600)

    def start(self) -> subprocess.Popen[bytes]:
        command = [QANTAR, "build", "--raw", self.raw, "--out", self.out]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True)

    def reset(self) -> None:
        """Back to the first state: the first build published, nothing of the second one stored."""
        shutil.rmtree(self.out)
        shutil.copytree(self.first, self.out, symlinks=True)

    def checksums(self, out: Path | None = None) -> str:
        return ((out or self.out) / "latest" / "SHA256SUMS").read_text("utf-8")

    def is_whole(self) -> bool:
        return not verify_build((self.out / "latest").resolve(strict=True))

    def recovers(self) -> bool:
        """`latest` is whole, and the next run publishes what an undisturbed one would."""
        return self.is_whole() and self.build().returncode == 0 and self.checksums() == self.sums and self.is_whole()


def kill_at_random(bench: Bench, n: int, seed: int) -> Iterator[bool]:
    """SIGKILL to the build and its workers, at `n` moments spread over its time."""
    moments = random.Random(seed)
    for i in range(n):
        bench.reset()
        process = bench.start()
        with suppress(subprocess.TimeoutExpired):
            process.wait(bench.seconds * (i + moments.random()) / n)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        yield bench.recovers()


def kill_workers(bench: Bench) -> Iterator[bool]:
    """SIGKILL to one worker process, as for want of memory: the build itself goes on with new ones."""
    for wait in (0.3, 0.6):
        bench.reset()
        process = bench.start()
        time.sleep(bench.seconds * wait)
        for worker in _workers(process.pid)[-1:]:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        process.wait(600)
        yield bench.recovers()


def _workers(group: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,args="], capture_output=True, text=True, check=True).stdout.split("\n")
    rows = [line.split(None, 2) for line in listed if line.strip()]
    return [int(pid) for pid, pgid, arguments in rows if int(pgid) == group and int(pid) != group and "forkserver" in arguments]


def damage_stored(bench: Bench) -> Iterator[bool]:
    """Stored results truncated, with a bit flipped, without their manifest, of another version."""
    for damage in (lambda data: data[: len(data) // 2], lambda data: bytes([data[0] ^ 1]) + data[1:], lambda data: b""):
        bench.reset()
        for path in (bench.out / ".cache").rglob("*.parquet"):
            path.write_bytes(damage(path.read_bytes()))
        yield bench.recovers()
    bench.reset()
    for path in (bench.out / ".cache").rglob("manifest.json"):
        path.unlink()
    yield bench.recovers()


def fill_disk(bench: Bench) -> Iterator[bool]:
    """A full disk at each writing step: the build fails with one line, and leaves the one before."""
    small = bench.out.with_name("small")
    for kilobytes in (64, 160, 320, 640, 960, 1_400, 2_000):
        with small_disk(small, kilobytes):
            done = bench.build(small / "out")
            survived = done.returncode == 1 and "Traceback" not in done.stderr and not (small / "out/latest").exists()
        yield survived or (done.returncode == 0)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A file system of so many kilobytes."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def build_twice_at_once(bench: Bench) -> Iterator[bool]:
    """Two builds of one folder: one is told who holds it, the other publishes."""
    bench.reset()
    processes = [bench.start(), bench.start()]
    codes = sorted(process.wait(600) for process in processes)
    yield codes in ([0, 1], [0, 0]) and bench.recovers()


def spoil_raw(bench: Bench) -> Iterator[bool]:
    """A raw file that changes while it is read: the next run makes it good."""
    bench.reset()
    path = bench.raw / "002_3a238052e7e8c682.txt"
    text = path.read_bytes()
    process = bench.start()
    end = time.monotonic() + bench.seconds
    while process.poll() is None and time.monotonic() < end:
        path.write_bytes(text[: random.Random(time.monotonic_ns()).randrange(len(text))])
        time.sleep(0.05)
    process.wait(600)
    path.write_bytes(text)
    yield bench.recovers()


def lose_history(bench: Bench) -> Iterator[bool]:
    """The history deleted, or locked by a reader that does not let go at once."""
    bench.reset()
    (bench.out / "history.db").unlink()
    yield bench.recovers()
    bench.reset()
    with closing(sqlite3.connect(bench.out / "history.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM builds").fetchall()
        yield bench.recovers()


FAULTS: dict[str, Callable[[Bench], Iterator[bool]]] = {
    "a worker process killed": kill_workers,
    "stored results damaged": damage_stored,
    "disk full": fill_disk,
    "two builds at once": build_twice_at_once,
    "a raw file changed while it is read": spoil_raw,
    "the history lost or locked": lose_history,
}


def main() -> None:
    """Try every fault, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    kills = {f"killed at a random moment (seed {options.seed})": lambda bench: kill_at_random(bench, options.kills, options.seed)}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "prefect"
        os.environ["PREFECT_HOME"] = str(home)
        configure_prefect(home)
        with prefect_server(4299) as url:
            bench = Bench(Path(folder), url)
            print("| fault | tried | survived |\n| --- | ---: | ---: |", flush=True)
            for name, fault in {**kills, **FAULTS}.items():
                results = list(fault(bench))
                print(f"| {name} | {len(results)} | {sum(results)} |", flush=True)


if __name__ == "__main__":
    main()
