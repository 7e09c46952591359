"""Doctor: what this machine lacks to run Qantar, a plain line each."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal, NamedTuple

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from qantar.settings import QantarError

LEAST_FREE = 1_000_000_000
"""Bytes that should be free where builds are written."""
PYTHONS = SpecifierSet(">=3.11,<3.15")


class Finding(NamedTuple):
    """What was looked at: `ok`; `slow`, where Qantar works all the same; or `lacks`, where it does not."""

    state: Literal["ok", "slow", "lacks"]
    text: str

    def __str__(self) -> str:
        return f"{self.state:<6}{self.text}"


def examine(out: Path) -> list[Finding]:
    """Look at Python, the packages, SQLite, the compiled parts, the language model and the output folder."""
    checks: list[Callable[[], Iterator[Finding]]] = [
        _python,
        _packages,
        _sqlite,
        _compiled,
        _model,
        lambda: _folder(out),
    ]
    return [finding for check in checks for finding in check()]


def _python() -> Iterator[Finding]:
    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    fits = PYTHONS.contains(platform.python_version(), prereleases=True)
    yield Finding("ok", found) if fits else Finding("lacks", f"{found}; Qantar needs Python 3.11 to 3.14")


def _packages() -> Iterator[Finding]:
    wanted = [requirement for requirement in map(Requirement, requires("qantar") or []) if _applies(requirement)]
    troubles = [trouble for requirement in wanted if (trouble := package_trouble(requirement))]
    yield from (Finding("lacks", f"{trouble}; install it with: {sys.executable} -m pip install '{name}'") for name, trouble in troubles)
    if not troubles:
        yield Finding("ok", f"{len(wanted)} packages")


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def package_trouble(requirement: Requirement) -> tuple[str, str] | None:
    """What to install, and what is wrong with a package: that it is not there, or of another version; None if all is well."""
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return str(requirement), f"{requirement.name} is not installed"
    if not requirement.specifier.contains(found, prereleases=True):
        return str(requirement), f"{requirement.name} is {found}; {requirement.specifier} is needed"
    return None


def _sqlite() -> Iterator[Finding]:
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
        except sqlite3.Error:
            yield Finding("lacks", f"SQLite {sqlite3.sqlite_version} has no full-text search (FTS5); use a Python whose SQLite has it")
        else:
            yield Finding("ok", f"SQLite {sqlite3.sqlite_version} with full-text search")


def _compiled() -> Iterator[Finding]:
    from qantar.model.runtime import kernels
    from qantar.stages.duplicates.native import native

    remedy = "install a C compiler (Debian: apt-get install gcc python3-dev) and install Qantar again"
    for what, is_compiled in (
        ("comparison of articles", native is not None),
        (f"kernel of the language model: {kernels()[0]}", kernels() != ["numpy"]),
    ):
        if is_compiled:
            yield Finding("ok", f"compiled {what}")
        else:
            yield Finding("slow", f"{what} is not compiled: the same rows, more slowly; {remedy}")


def _model() -> Iterator[Finding]:
    from qantar.model.runtime import check_weights

    try:
        yield Finding("ok", f"language model {check_weights()[:12]}")
    except (QantarError, OSError) as error:
        yield Finding("lacks", str(error))


def _folder(out: Path) -> Iterator[Finding]:
    place = next(folder for folder in [out.absolute(), *out.absolute().parents] if folder.exists())
    if not place.is_dir():
        yield Finding("lacks", f"{place} is a file, not a folder; name another with --out")
        return
    if not os.access(place, os.W_OK | os.X_OK):
        yield Finding("lacks", f"{place} cannot be written to; check its permissions, or name another folder with --out")
    free = shutil.disk_usage(place).free
    state: Literal["ok", "slow", "lacks"] = "ok" if free >= LEAST_FREE else "lacks"
    more = "" if state == "ok" else "; free some, a build may not fit"
    yield Finding(state, f"{free / 1e9:,.1f} GB free in {place}{more}")
