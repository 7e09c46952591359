"""What is kept on disk, and for how long: builds, and stored results of stages."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from flows.settings import QantarError
from flows.store import builds

CACHE_DAYS = 30
CACHE_BYTES = 20 * 2**30


def prune_builds(out: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` builds, the latest never; returns the names of those removed."""
    latest = builds.latest_build(out)
    folders = [path for path in (out / "builds").iterdir() if path.is_dir() and not path.name.startswith(".")]
    newest = sorted(folders, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    old = [path for path in newest[keep:] if path.resolve() != latest]
    for path in old:
        doomed = out / "builds" / ".staging" / f"removed-{path.name}"
        doomed.parent.mkdir(exist_ok=True)
        path.rename(doomed)  # gone at once for readers, also if removing it is interrupted
        shutil.rmtree(doomed, ignore_errors=True)
    return [path.name for path in old]


def prune_cache(cache: Path, days: float = CACHE_DAYS, most: int = CACHE_BYTES) -> int:
    """Remove stored results that no build has used for `days`, then those not used for longest until `most` bytes are left.

    Returns the bytes that are left.
    """
    entries = sorted((manifest.stat().st_mtime, manifest.parent) for manifest in cache.glob("*/??/*/manifest.json"))
    sizes = {entry: _size(entry) for _, entry in entries}
    left = sum(sizes.values())
    oldest = time.time() - days * 86_400
    for used, entry in entries:
        if used >= oldest and left <= most:
            break
        shutil.rmtree(entry, ignore_errors=True)
        left -= sizes[entry]
    return left


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def roll_back(out: Path, name: str | None = None) -> Path:
    """Make an earlier build the latest: the one named, else the one published before; the one left is not taken up again.

    Raises QantarError when there is no such build.
    """
    with builds.locked(out):
        left = builds.latest_build(out)
        folders = {path.name for path in (out / "builds").iterdir() if (path / "run.json").exists()}
        earlier = [build for build in builds.published(out) if build in folders and (left is None or build != left.name)]
        target = name or (earlier[-1] if earlier else None)
        if target not in folders or left is None or target == left.name:
            known = ", ".join(earlier) or "none"
            raise QantarError(f"{out}: there is no {f'build {name}' if name else 'earlier build'} to go back to; kept are: {known}")
        builds.point_latest(out, out / "builds" / target)
        builds.record_withdrawal(out, left.name, f"rolled back to {target}")
        return out / "builds" / target


def disk_use(out: Path) -> dict[str, int]:
    """Bytes used by builds, stored results, and Prefect's home."""
    return {name: _size(out / folder) if (out / folder).exists() else 0 for name, folder in _FOLDERS.items()}


_FOLDERS = {"builds": "builds", "stored results": ".cache", "Prefect": ".prefect", "releases": "releases"}
