"""An output folder that was lost, rebuilt from the last release: what raw/ alone cannot give.

The build itself is made again from raw/, with the same ids. From the release come the takedowns that raw/ has lost, the numbering of
releases, the history's first line, and, from the full edition, what readers are served until the new build is there.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from qantar.publish.release import read_corpus, read_release
from qantar.publish.takedown import Removed, add_takedowns
from qantar.publish.verify import verify_build
from qantar.schema import TABLES, BuildRun
from qantar.settings import QantarError
from qantar.store import builds, history
from qantar.store.parquet import parts, read_columns, read_rows
from qantar.text.identity import short_id


@dataclass(frozen=True)
class Restored:
    """What was taken from a release."""

    folder: Path
    """The release in its place, where the next one finds the version before it."""
    is_served: bool
    """Whether it is the latest build until a new one is made."""
    takedowns: list[str]
    """Documents that raw/takedowns.csv did not name any more."""


def restore_release(release: Path, raw: Path, out: Path) -> Restored:
    """Take from an unpacked release what a lost output folder held, before the build is made again.

    Raises QantarError where the release is not whole, the raw folder is not there, or the output folder has a build.
    """
    if builds.latest_build(out):
        raise QantarError(f"{out}: there is a build already, so nothing was lost; name another folder with --out")
    if not raw.is_dir():
        raise QantarError(f"{raw}: there is no such folder; name the folder of your articles with --raw")
    if problems := verify_build(release):
        raise QantarError("\n".join([f"{release}: {len(problems)} problems, so nothing was restored", *map(str, problems)]))
    told = read_release(release)
    if told is None:
        raise QantarError(f"{release}: this is a build, not a release; copy it to {out / 'builds'} if it is all you have")
    corpus, edition = read_corpus(release)
    name = f"{corpus.name}-{told.version}{'' if edition == 'full' else f'-{edition}'}"
    added = add_takedowns(raw, _takedowns(release))
    folder = _copied(release, out / "releases" / release.resolve().name)
    with builds.locked(out):
        if edition == "full":
            _copied(release, out / "builds" / name)
        at = history.now()
        message = f"restored from release {told.version}{f' of {told.released_on}' if told.released_on else ''}"
        row = BuildRun(
            run_id=short_id("restored", at), build_id=name, started=at, finished=at, seconds="{}", outcome="published", message=message
        )
        history.record_run(out, row)
        if edition == "full":
            history.write_run(out / "builds" / name, row)
            builds.point_latest(out, out / "builds" / name)
    return Restored(folder, edition == "full", added)


def _takedowns(release: Path) -> list[Removed]:
    """The tombstones of a release, which hold no hash of the text: the id alone keeps the document out."""
    table = TABLES["takedowns"]
    rows = [row for part in parts(release, table) for row in read_rows(part, table)]
    return [Removed(row.document_id, row.removed_on, row.reason, "") for row in rows]


def _copied(folder: Path, target: Path) -> Path:
    """A copy that appears at once and whole; one that is there already stays."""
    if not target.exists():
        making = target.with_name(f".{target.name}.new")
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(folder, making)
        making.rename(target)
    return target


class Regained(NamedTuple):
    """How the documents of a release stand in the build made again."""

    n: int
    same: int
    """With the id and the text that they had."""
    missing: list[str]
    """Ids that are in the build no more."""


def compare_documents(release: Path, build: Path) -> Regained:
    """Which documents of a release are in a build again, under the same ids."""
    old, new = _texts(release), _texts(build)
    return Regained(len(old), sum(new.get(key) == text for key, text in old.items()), sorted(set(old) - set(new)))


def _texts(build: Path) -> dict[str, str]:
    columns = [read_columns(part, ["document_id", "text_sha256"]) for part in parts(build, TABLES["documents"])]
    return {key: text for piece in columns for key, text in zip(*(c.to_pylist() for c in piece.columns), strict=True)}
