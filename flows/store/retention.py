"""What is kept on disk, and for how long: builds, and stored results of stages."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from qantar.schema import BuildRun
from qantar.settings import QantarError
from qantar.store import builds, history
from qantar.store.cache import entries, listed, remove_entry

CACHE_DAYS = 30
CACHE_BYTES = 20 * 2**30


def prune_builds(out: Path, keep: int) -> list[str]:
    """Remove all but the `keep` builds published last, the latest never; returns the names of those removed."""
    latest = builds.latest_build(out)
    folders = [path for path in (out / "builds").iterdir() if path.is_dir() and not path.name.startswith(".")]
    order = {name: n for n, name in enumerate(history.published(out))}  # their times would be wrong where the clock was
    newest = sorted(folders, key=lambda path: (path.resolve() == latest, order.get(path.name, -1), path.stat().st_mtime_ns), reverse=True)
    old = [path for path in newest[keep:] if path.resolve() != latest]
    for path in old:
        doomed = out / "builds" / ".staging" / f"removed-{path.name}"
        doomed.parent.mkdir(exist_ok=True)
        path.rename(doomed)  # gone at once for readers, also if removing it is interrupted
        shutil.rmtree(doomed, ignore_errors=True)
    return [path.name for path in old]


def prune_failed(reports: Path, keep: int = 4) -> None:
    """Make room for the report of a build that was not valid: all but the newest `keep` of those before go."""
    if reports.is_dir():
        for old in sorted(reports.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)[keep:]:
            shutil.rmtree(old, ignore_errors=True)


def prune_cache(cache: Path, days: float = CACHE_DAYS, most: int = CACHE_BYTES) -> int:
    """Remove stored results that no build has used for `days`, then those not used for longest until `most` bytes are left.

    Returns the bytes that are left.
    """
    now = time.time()
    found: list[tuple[float, str, int]] = []
    for entry, used, status in entries(cache):
        found.append((min(status.st_mtime, now), entry, status.st_size if used == entry else _size(Path(entry))))
        if status.st_mtime > now + 86_400:  # the clock was wrong then, or is now: counted as used today, or it would be the last to go
            os.utime(used)
    left = sum(size for _, _, size in found)
    oldest = now - days * 86_400
    if left <= most and all(at >= oldest for at, _, _ in found):
        return left
    for at, entry, size in sorted(found):
        if at >= oldest and left <= most:
            break
        remove_entry(Path(entry))
        left -= size
    return left


def _size(path: Path, seen: set[int] | None = None) -> int:
    """Bytes of a file or folder; without files that were `seen`, which are noted there."""
    if path.is_file():
        return path.stat().st_size
    total, folders = 0, [os.fspath(path)]
    while folders:
        for entry in listed(folders.pop()):
            with suppress(OSError):  # removed since, or another user's
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                    continue
                status = entry.stat(follow_symlinks=False)  # of an entry that was listed: a path made for each takes twice as long
                if seen is not None and status.st_nlink > 1:
                    if status.st_ino in seen:
                        continue
                    seen.add(status.st_ino)
                total += status.st_size
    return total


def roll_back(out: Path, name: str | None = None) -> Path:
    """Make an earlier build the latest: the one named, else the one published before; the one left is not taken up again.

    Raises QantarError when there is no such build.
    """
    if not (out / "builds").is_dir():
        raise QantarError(f"{out}: there are no builds; name the folder of your builds with --out")
    with builds.locked(out):
        left = builds.latest_build(out)
        folders = {path.name for path in (out / "builds").iterdir() if (path / history.RUN_FILE).exists()}
        earlier = [build for build in history.published(out) if build in folders and (left is None or build != left.name)]
        target = name or (earlier[-1] if earlier else None)
        if target not in folders or left is None or target == left.name:
            known = ", ".join(earlier) or "none"
            raise QantarError(f"{out}: there is no {f'build {name}' if name else 'earlier build'} to go back to; kept are: {known}")
        at = history.now()
        run_id, message = f"withdrawn {at}", f"rolled back to {target}"
        row = BuildRun(run_id=run_id, build_id=left.name, started=at, finished=at, seconds="{}", outcome="withdrawn", message=message)
        history.record_run(out, row)
        history.write_run(left, row)
        builds.point_latest(out, out / "builds" / target)  # after it is noted: else, killed here, the next run would take it back
        return out / "builds" / target


def disk_use(out: Path) -> dict[str, int]:
    """Bytes that an output folder takes, by what they are for (a file that builds share, once), and bytes that are free on its disk."""
    seen: set[int] = set()
    used = {name: _size(out / folder, seen) for name, folder in _FOLDERS.items() if (out / folder).exists()}
    used["history and log"] = sum(path.stat().st_size for pattern in ("history.*", "qantar.log*") for path in out.glob(pattern))
    return {**used, "free": shutil.disk_usage(out).free}


def describe_disk(out: Path) -> str:
    """The same for people: "builds 3.1 MB, stored results 0.4 MB, ... 12.3 GB free"."""
    used = disk_use(out)
    free = used.pop("free")
    return ", ".join(f"{name} {n / 1e6:,.1f} MB" for name, n in used.items()) + f"; {free / 1e9:,.1f} GB free"


_FOLDERS = {"builds": "builds", "stored results": ".cache", "releases": "releases", "failed": "failed", "Prefect": ".prefect"}
