"""The output folder: staged builds, their atomic switch, and the lock."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TextIO

from qantar.settings import QantarError
from qantar.store.locks import me, sign, take

LOCK = ".lock"
RETRIES = 2
"""Attempts after the first before a conflict is reported: a process that only checks the lock releases it at once."""
_NEXT = ".latest-"


def latest_build(out: Path) -> Path | None:
    """The folder of the build that is published now."""
    link = out / "latest"
    return link.resolve() if link.exists() else None


@contextmanager
def locked(out: Path, waits: Callable[[str], None] | None = None) -> Iterator[str | None]:
    """Hold an output folder; the system lets go of it when this process ends, however it ends.

    Gives the words of the last holder if it was killed: "process 7 on host, since 2022-01-05T06:00:00.000Z". Another build that
    holds the folder is waited for where `waits` is to be told of it, once. Raises QantarError if it is not (and says who holds
    the folder), or the folder cannot be written to.
    """
    try:
        (out / "builds").mkdir(parents=True, exist_ok=True)
        lock = (out / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise _not_writable(out, error) from error
    with lock:
        _take(out, lock, waits)
        lock.seek(0)
        left = lock.read().strip()
        try:
            sign(lock)
        except OSError as error:
            lock.truncate(0)
            raise _not_writable(out, error) from error
        _clear(out)
        try:
            yield left or None
        finally:
            with suppress(OSError):  # the next run clears what cannot be removed now
                if _is_held(out):
                    _clear(out)
            lock.truncate(0)  # ended by itself, well or not


def check_free(out: Path) -> None:
    """Raise QantarError where another build holds the output folder; makes nothing."""
    if (out / LOCK).exists():
        with (out / LOCK).open("a+", encoding="utf-8") as lock:
            _take(out, lock, None)


def _take(out: Path, lock: TextIO, waits: Callable[[str], None] | None) -> None:
    for tries in count():
        holder = take(lock)
        if holder is None:
            return
        if tries == RETRIES:
            held = f"{out}: another build is writing there: {holder}"
            if waits is None:
                raise QantarError(f"{held}; wait for it, or choose another --out")
            waits(f"{held}; waiting for it")
        time.sleep(0.1 if tries < RETRIES else 1)


def _not_writable(out: Path, error: OSError) -> QantarError:
    what_to_do = "free disk space, change its permissions, or choose another folder with --out"
    return QantarError(f"{out}: cannot write there ({error.strerror}); {what_to_do}")


def _clear(out: Path) -> None:
    """Remove what a build that failed or was killed left half made."""
    for folder in (out / "builds" / ".staging", out / ".cache" / "making"):
        shutil.rmtree(folder, ignore_errors=True)
    for link in out.glob(f"{_NEXT}*"):
        link.unlink()


def _is_held(out: Path) -> bool:
    """Whether this process still holds the folder: it may have been removed, and be another's now."""
    return (out / LOCK).exists() and (out / LOCK).read_text("utf-8").startswith(f"{me()}, ")


def left_by_killed(out: Path) -> bool:
    """Whether a run holds the folder, or was killed while it did."""
    try:
        return (out / LOCK).stat().st_size > 0
    except OSError:
        return False


def stage(out: Path, build_id: str) -> Path:
    """An empty folder to make a build in; readers do not see it."""
    staged = out / "builds" / ".staging" / build_id
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    return staged


def publish(out: Path, staged: Path) -> Path:
    """Move a finished build to its place and point `latest` to it, by one rename that readers see whole or not at all.

    Raises QantarError if the output folder is no longer the one that is held: it was removed, and perhaps another build is in it.
    """
    build = out / "builds" / staged.name
    if not _is_held(out):
        raise QantarError(f"{out}: was removed or replaced while a build was made there, so it was not published; run it again")
    for path in [staged, *sorted(staged.rglob("*"))]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        _flush(path)
    if build.exists():  # the same content made again: repair it file by file, for `latest` may point to it
        for path in sorted(p for p in staged.rglob("*") if p.is_file()):
            target = build / path.relative_to(staged)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        shutil.rmtree(staged)
    else:
        staged.rename(build)
    _flush(build.parent)
    point_latest(out, build)
    return build


def point_latest(out: Path, build: Path) -> None:
    """Make `latest` name the build, atomically."""
    link = out / f"{_NEXT}{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / build.name)
    link.replace(out / "latest")
    _flush(out)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
