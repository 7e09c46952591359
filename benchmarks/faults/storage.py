"""Disks that fill, stored results that spoil, folders that vanish, a history that is lost."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from benchmarks.faults.bench import LIMIT, QANTAR, ROOT, Bench, at_stage, group, refused

PLAIN_USER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
"""Run as root, a command may write what nobody may; so, not."""
DISK = 256 * 2**20


def can_mount() -> bool:
    """Whether this machine lets us make a small disk."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0


@contextmanager
def small_disk(folder: Path, size: int = DISK) -> Iterator[Path]:
    """A file system of so many bytes."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(folder: Path) -> Path:
    """Fill a disk to its last byte; returns the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(2**16))
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0")
    return filler


def disk_full(bench: Bench, stages: list[str] | None = None) -> Iterator[list[str]]:
    """A disk that is full from the end of a stage on, so that the next one's writing fails; `bench` lies on a small disk."""
    for stage in ["start", *(stages or bench.stages)]:
        bench.reset()
        if stage == "start":
            filler = fill(bench.folder)
        process = bench.start()
        if stage != "start":
            at_stage(process, stage)
            os.killpg(process.pid, signal.SIGSTOP)
            filler = fill(bench.folder)
            os.killpg(process.pid, signal.SIGCONT)
        said = process.communicate()[1]
        filler.unlink()
        yield [*refused(process.returncode, said, may_publish=stage == "publish"), *bench.lost()]


def out_of_inodes(bench: Bench, stages: tuple[str, ...] = ("read", "write")) -> Iterator[list[str]]:
    """A disk with room on which no more files can be made, from the end of a stage on; `bench` lies on a disk of its own."""
    for stage in stages:
        bench.reset()
        process = bench.start()
        at_stage(process, stage)
        os.killpg(process.pid, signal.SIGSTOP)
        used = os.statvfs(bench.folder)
        limit_files(bench.folder, used.f_files - used.f_ffree)
        os.killpg(process.pid, signal.SIGCONT)
        said = process.communicate()[1]
        limit_files(bench.folder, used.f_files)
        yield [*refused(process.returncode, said), *bench.lost()]


def limit_files(disk: Path, n: int) -> None:
    """Let a disk of `small_disk` hold so many files and folders."""
    subprocess.run(["mount", "-o", f"remount,size={DISK},nr_inodes={n}", disk], check=True)


def slow_disk(bench: Bench) -> Iterator[list[str]]:
    """Each flush to the disk and each rename takes a fifth of a second longer: the build takes its time, and publishes."""
    if not shutil.which("strace"):
        yield ["not tried: there is no strace here"]
        return
    bench.reset()
    calls = "fsync,fdatasync,rename,renameat,renameat2"
    slowed = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-e", f"inject={calls}:delay_exit=200000"]
    process = bench.start(before=slowed)
    said = process.communicate()[1]
    yield [*([] if process.returncode == 0 else [f"the build failed: {said[-300:]}"]), *bench.lost()]


def no_writing(bench: Bench, stages: list[str] | None = None) -> Iterator[list[str]]:
    """Where no disk can be made: from the end of a stage on, the system refuses each byte written to a file (RLIMIT_FSIZE)."""
    for stage in stages or bench.stages:
        bench.reset()
        process = bench.start()
        at_stage(process, stage)
        for pid in [process.pid, *group(process.pid)]:
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, 0))
        said = process.communicate()[1]
        yield [*refused(process.returncode, said, may_publish=stage == "publish"), *bench.lost()]


def stored_damaged(bench: Bench) -> Iterator[list[str]]:
    """Every stored result truncated, with a bit flipped, emptied, or without its list of files, or with a broken one."""
    bits = random.Random(1)

    def flip(data: bytes) -> bytes:
        if not data:
            return b"\0"
        at = bits.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << bits.randrange(8))]) + data[at + 1 :]

    damages: list[tuple[str, Callable[[bytes], bytes]]] = [
        ("*", lambda data: data[: len(data) // 2]),
        ("*", flip),
        ("*", lambda data: b""),
        ("manifest.json", lambda data: data[: len(data) // 2]),
        ("manifest.json", lambda data: b"[]"),
    ]
    for pattern, damage in damages:
        bench.reset()
        for path in sorted(path for path in (bench.out / ".cache").rglob(pattern) if path.is_file()):
            path.write_bytes(damage(path.read_bytes()))
        yield bench.lost()
    bench.reset()
    for path in (bench.out / ".cache").rglob("manifest.json"):
        path.unlink()
    yield bench.lost()


def of_another_version(bench: Bench) -> Iterator[list[str]]:
    """What a pipeline with other code has stored and published."""
    other = bench.folder / "other"
    for name, place in (("flows", "qantar"), ("expectations", "qantar/expectations")):  # as it is imported
        shutil.copytree(ROOT / name, other / place, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "qantar/stages/blocks/__init__.py").open("a") as code:
        code.write("\n# another version\n")
    bench.reset()
    done = subprocess.run(
        [sys.executable, "-c", "from qantar.cli import main; main()", *bench.command()[1:]],
        env={**bench.environment, "PYTHONPATH": str(other)},
        cwd=other,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    published = (bench.out / "latest").resolve().name
    wrong = (
        [] if done.returncode == 0 and published not in (bench.first, bench.second) else [f"the other version did not build: {done.stderr}"]
    )
    again = bench.build()
    wrong += [] if again.returncode == 0 and bench.checksums() == bench.sums else ["its results were taken for ours"]
    yield wrong
    bench.reset()
    shutil.rmtree(bench.out / "builds" / published)


def folder_lost(bench: Bench) -> Iterator[list[str]]:
    """The output folder removed under a build, and once replaced by another build's; the run after it begins from nothing."""
    for replaced in (False, True):
        out = bench.folder / "lost"
        shutil.copytree(bench.out, out, symlinks=True)
        (out / "latest").unlink()
        shutil.rmtree(out / "builds" / bench.second, ignore_errors=True)
        process = bench.start(out)
        at_stage(process, "deduplicate")
        remove(out)
        wrong = []
        if replaced:
            other = bench.build(out)
            wrong += [] if other.returncode == 0 else [f"the other build failed: {other.stderr[-300:]}"]
        said = process.communicate()[1]
        wrong += refused(process.returncode, said)
        done = bench.build(out)
        wrong += [] if done.returncode == 0 and bench.checksums(out) == bench.sums else [f"the next run failed: {done.stderr[-300:]}"]
        yield wrong
        shutil.rmtree(out)


def remove(folder: Path) -> None:
    """Remove a folder at once: whoever writes to it meanwhile finds it gone."""
    gone = folder.rename(folder.with_name(f"{folder.name}-removed"))
    while gone.exists():  # what is held open may still be written to
        shutil.rmtree(gone, ignore_errors=True)


def working_lost(bench: Bench) -> Iterator[list[str]]:
    """What a build works in removed under it: stored results, the staged build; readers have theirs all the while."""
    for name in (".cache", "builds/.staging"):
        bench.reset()
        process = bench.start()
        at_stage(process, "write" if name != ".cache" else "deduplicate")
        remove(bench.out / name)
        said = process.communicate()[1]
        yield [*([] if process.returncode == 0 else refused(process.returncode, said)), *bench.lost()]


def read_only(bench: Bench) -> Iterator[list[str]]:
    """An output folder that may no longer be written to: from the start, and in the middle of a build; by a process without privileges."""
    for stage in ("start", "deduplicate"):
        bench.reset()
        out = bench.folder / "read_only"
        shutil.copytree(bench.out, out, symlinks=True)
        folders = [out, *(path for path in out.rglob("*") if path.is_dir() and not path.is_symlink())]
        if stage == "start":
            set_modes(folders, 0o555)
        process = bench.start(out, before=PLAIN_USER if os.geteuid() == 0 else [])
        if stage != "start":
            at_stage(process, stage)
            set_modes(folders, 0o555)
        said = process.communicate()[1]
        kept = (out / "latest").resolve().name == bench.first
        yield [*refused(process.returncode, said), *([] if kept else ["latest was changed"])]
        set_modes(folders, 0o755)
        shutil.rmtree(out)


def set_modes(folders: list[Path], mode: int) -> None:
    for folder in folders:
        with suppress(FileNotFoundError):  # the build's own, gone since
            folder.chmod(mode)


def history_lost(bench: Bench) -> Iterator[list[str]]:
    """The history deleted, damaged, and held by a reader that does not let go before the build is done."""
    history = bench.out / "history.db"
    for spoil in (history.unlink, lambda: history.write_bytes(random.Random(1).randbytes(9_000))):
        bench.reset()
        spoil()
        yield bench.lost()
    bench.reset()
    with closing(sqlite3.connect(history)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM builds").fetchall()
        done = bench.build()
        held = [] if done.returncode == 0 and bench.checksums() == bench.sums else [f"the build failed: {done.stderr[-300:]}"]
    yield [*held, *bench.lost()]


def prefect_on_full_disk(bench: Bench) -> Iterator[list[str]]:
    """A full disk under Prefect's own home, where no server runs for good."""
    bench.reset()
    filler = fill(bench.folder)
    env = {**bench.environment, "PREFECT_HOME": str(bench.out / ".prefect")}
    env.pop("PREFECT_API_URL")
    done = subprocess.run([QANTAR, *bench.command()[1:]], env=env, capture_output=True, text=True, timeout=LIMIT)
    filler.unlink()
    yield [*refused(done.returncode, done.stderr), *bench.lost()]
