"""Make a build a release: versioned, self-describing, with what changed since the one before, and as one archive."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from qantar.publish.csv_tables import CHECKSUMS, file_digest, listed_files
from qantar.publish.description import Edition, Release
from qantar.publish.diff import STEPS, Diff, RowChange, diff_builds, row_changes
from qantar.publish.editions import tables_of, write_edition
from qantar.publish.package import write_package
from qantar.publish.verify import verify_build
from qantar.settings import Corpus, QantarError
from qantar.store.parquet import tables_in

CHANGES = "CHANGES.md"
ROW_CHANGES = "changes.csv.gz"

Version = tuple[int, int, int]
_MEANING = {
    "major": "ids, keys or the meaning of columns have changed",
    "minor": "rows, columns or tables were added or removed",
    "patch": "only values of existing rows have changed",
}


class Released(NamedTuple):
    """A release: its folder, its archive, and what changed since the one before, if there is one."""

    folder: Path
    archive: Path
    changes: Diff | None


def make_release(
    build: Path, version: str, out: Path, *, edition: Edition = "full", released_on: date | None = None, because: str | None = None
) -> Released:
    """Write `out/<name>-<version>/` and `out/<name>-<version>.zip` from a build.

    The step from the previous release in `out` (of the same edition) has to fit what changed: major for ids or meaning, minor
    for rows or columns, patch for values; a greater step needs a reason (`because`), which CHANGES.md tells. Without
    `released_on` the release has the day on which the build was made. The same build, version and day give the same bytes.
    Raises QantarError for a damaged build, one of which a figure is below its floor, and for a version that does not fit, with the reason.
    """
    from qantar.quality.evaluate import accuracy_problems

    number = parse_version(version)
    if problems := verify_build(build):
        raise QantarError(f"{build}: the build is damaged, so it is not released: {problems[0]}; qantar verify lists all")
    corpus, built_as = read_corpus(build)
    if built_as != "full":
        raise QantarError(f"{build}: this is a release without texts; make releases from a build")
    name = corpus.name.lower() if edition == "full" else f"{corpus.name.lower()}-annotations"
    if below := accuracy_problems(build):
        raise QantarError("\n".join(f"{build}: not released, accuracy check failed: {problem}" for problem in below))
    previous = _previous(out, name, number, build)
    staged = out / f".{name}-{version}"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    try:
        write_edition(build, staged, edition)
        tables = tables_in(staged, tables_of(edition))
        changes = diff_builds(previous, staged, tables) if previous else None
        if changes and previous:
            _check_step(previous, number, changes, because)
        released_on = released_on or _day_of(build)
        summary = _summary(changes, because)
        (staged / CHANGES).write_text(_changelog(version, released_on, summary, previous), "utf-8")
        if previous:
            _write_row_changes(staged / ROW_CHANGES, row_changes(previous, staged))
        write_package(staged, corpus, Release(version, released_on, edition, summary if changes else None), tables)
        folder = out / f"{name}-{version}"
        shutil.rmtree(folder, ignore_errors=True)
        staged.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return Released(folder, write_archive(folder), changes)


def read_corpus(folder: Path) -> tuple[Corpus, Edition]:
    """What a build or release says of its corpus, and which edition it is.

    Raises QantarError if it has no data package.
    """
    try:
        package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
        known = {f.name for f in fields(Corpus)}
        return Corpus(**{key: value for key, value in package["corpus"].items() if key in known}), package["edition"]
    except (OSError, ValueError, KeyError) as error:
        raise QantarError(f"{folder}: its datapackage.json cannot be read, so it is not a build or release: {error}") from error


def read_release(folder: Path) -> Release | None:
    """What a release says of itself; None for a build."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    if package["version"].startswith("0.0.0+"):
        return None
    day = package.get("created")
    summary = package.get("changes")
    return Release(package["version"], date.fromisoformat(day[:10]) if day else None, package["edition"], summary)


def write_archive(folder: Path) -> Path:
    """Pack a release as a ZIP beside it, with its checksum; the same files give the same bytes."""
    archive = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in [*listed_files(folder), folder / CHECKSUMS]:
            entry = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system, entry.compress_type = 0o644 << 16, 3, zipfile.ZIP_DEFLATED
            with path.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1 << 20)
    archive.with_name(f"{archive.name}.sha256").write_text(f"{file_digest(archive)}  {archive.name}\n", "utf-8")
    return archive


# --- versions ------------------------------------------------------------------------------------------------


def parse_version(version: str) -> Version:
    """A semantic version as numbers.

    >>> parse_version("1.10.0")
    (1, 10, 0)

    Raises QantarError for anything but three numbers.
    """
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise QantarError(f"{version!r} is not a version of data; write MAJOR.MINOR.PATCH, such as 1.0.0")
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def _previous(out: Path, name: str, number: Version, build: Path) -> Path | None:
    """The newest release before this one. A release may be made again from the same build, and only from it."""
    pattern = re.compile(re.escape(name) + r"-(\d+\.\d+\.\d+)")
    found = {parse_version(m[1]): path for path in out.glob(f"{name}-*") if path.is_dir() and (m := pattern.fullmatch(path.name))}
    if found and number <= (newest := max(found)):
        again = found[newest]
        if number < newest:
            raise QantarError(f"{_text(number)} is lower than {_text(newest)}, which is released already in {out}")
        if _build_id(again) != _build_id(build):
            raise QantarError(f"{_text(number)} is released already, from another build ({_build_id(again)}); a release never changes")
        del found[newest]
    return found[max(found)] if found else None


def _check_step(previous: Path, number: Version, changes: Diff, because: str | None) -> None:
    before = parse_version(previous.name.rpartition("-")[2])
    major, minor, patch = before
    following = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
    step = next((name for name in STEPS if following[name] == number), None)
    if step is None:
        choices = ", ".join(_text(following[name]) for name in reversed(STEPS))
        raise QantarError(f"{_text(number)} does not follow {_text(before)}; the next version is one of {choices}")
    needed = changes.step
    says = f"{_text(number)} says that {_MEANING[step]} since {_text(before)}"
    found = "nothing has" if changes.is_same else _MEANING[needed]
    fits = f"{_text(following[needed])} would fit"
    if STEPS.index(step) > STEPS.index(needed):
        raise QantarError(f"{says}, but {found}; {fits}\n{changes.summary()}")
    if STEPS.index(step) < STEPS.index(needed) and not because:
        raise QantarError(f"{says}, but {found}; {fits}, or give the reason with --because")


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def _build_id(folder: Path) -> str:
    return str(json.loads((folder / "datapackage.json").read_text("utf-8"))["id"])


def _day_of(build: Path) -> date | None:
    """The day on which a build was made, where it says so."""
    path = build / "run.json"
    return date.fromisoformat(json.loads(path.read_text("utf-8"))["finished"][:10]) if path.exists() else None


# --- changes -------------------------------------------------------------------------------------------------


def _summary(changes: Diff | None, because: str | None) -> str:
    return "\n\n".join(text for text in (because, changes.summary() if changes else "First release.\n") if text)


def _changelog(version: str, released_on: date | None, summary: str, previous: Path | None) -> str:
    day = f" ({released_on.isoformat()})" if released_on else ""
    before = (previous / CHANGES).read_text("utf-8").partition("\n## ")[2] if previous and (previous / CHANGES).exists() else ""
    head = f"# Changes\n\nEach row that {version} changed stands in `{ROW_CHANGES}`.\n" if previous else "# Changes\n"
    return f"{head}\n## {version}{day}\n\n{summary}" + (f"\n## {before}" if before else "")


def _write_row_changes(path: Path, changes: Iterable[RowChange]) -> None:
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
        io.TextIOWrapper(packed, "utf-8", newline="") as text,
    ):
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["table", "key", "change", "columns"])
        for change in changes:
            key = change.key[0] if len(change.key) == 1 else json.dumps(change.key, ensure_ascii=False)
            writer.writerow([change.table, key, change.change, " ".join(change.columns)])
