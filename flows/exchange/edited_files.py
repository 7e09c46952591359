"""The files that `qantar import` is given: a file, a folder or a .zip, read with limits and without leaving the folder."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from qantar.exchange.marked_text import Refused
from qantar.settings import QantarError

MOST_BYTES = 64 * 2**20
"""Of one file."""
MOST_FILES = 20_000
MOST_LINES = 100_000
"""Of one file of lines."""
_NOT_UNPACKED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, NotImplementedError, EOFError, OSError)
"""What zipfile raises: for damage, for a password (RuntimeError), for a method of compression that it lacks (NotImplementedError)."""
_DOCUMENT = re.compile(r"[0-9a-z]{12}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Found(NamedTuple):
    """A file by its name, which is safe to print, and its text."""

    name: str
    text: str


def list_files(source: Path, suffixes: tuple[str, ...]) -> Iterator[Found | Refused]:
    """The text files of a folder or .zip with some suffixes, in the order of their names, others are passed over; or the file `source`.

    Raises QantarError where there is nothing to read.
    """
    _check(source)
    if source.is_dir():
        yield from _folder(source, suffixes)
    elif zipfile.is_zipfile(source):
        yield from _archive(source, suffixes)
    else:
        yield _decoded(source.name, _limited(source))


def suffixes_in(source: Path) -> set[str]:
    """The suffixes, in lower case, of the files of a folder or .zip, or of the file `source`.

    Raises QantarError where there is nothing to read.
    """
    _check(source)
    if source.is_dir():
        return {path.suffix.lower() for path in source.rglob("*")}
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            return {PurePosixPath(name).suffix.lower() for name in archive.namelist()}
    return {source.suffix.lower()}


def _check(source: Path) -> None:
    if not source.exists():
        raise QantarError(f"{source}: no such file or folder; give what the annotation tool exported")


def _folder(source: Path, suffixes: tuple[str, ...]) -> Iterator[Found | Refused]:
    paths = sorted(path for path in source.rglob("*") if path.suffix.lower() in suffixes)
    for path in paths[:MOST_FILES]:
        name = plain(path.relative_to(source).as_posix())
        if path.is_symlink() or not path.resolve().is_relative_to(source.resolve()):
            yield Refused(name, "is a link, or outside the folder; copy the file into it")
        elif path.is_file():
            yield _decoded(name, _limited(path))
    if len(paths) > MOST_FILES:
        yield Refused(plain(source.name), f"has {len(paths):,} files; only the first {MOST_FILES:,} are read")


def _archive(source: Path, suffixes: tuple[str, ...]) -> Iterator[Found | Refused]:
    total = 0
    with zipfile.ZipFile(source) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and PurePosixPath(m.filename).suffix.lower() in suffixes]
        for member in sorted(members, key=lambda m: m.filename)[:MOST_FILES]:
            name = plain(member.filename)
            if _leads_out(member.filename):
                yield Refused(name, "is a path outside the archive")
                continue
            if total > 8 * MOST_BYTES:
                yield Refused(name, f"and those after it are not read: the limit is {8 * MOST_BYTES // 2**20} MiB an archive")
                return
            try:
                with archive.open(member) as file:
                    data = file.read(MOST_BYTES + 1)
            except _NOT_UNPACKED as error:
                yield Refused(name, f"cannot be unpacked: {error}")
                continue
            total += len(data)
            yield _decoded(name, data)
        if len(members) > MOST_FILES:
            yield Refused(plain(source.name), f"has {len(members):,} files; only the first {MOST_FILES:,} are read")


def _leads_out(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\", "~")) or ".." in parts or ":" in parts[0]


def _limited(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _decoded(name: str, data: bytes) -> Found | Refused:
    if len(data) > MOST_BYTES:
        return Refused(plain(name), f"is larger than {MOST_BYTES // 2**20} MiB; split it")
    try:
        return Found(plain(name), data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Refused(plain(name), f"is not UTF-8: {error}")


def plain(text: str) -> str:
    """Text from a file, without control characters and cut to a length that can be printed."""
    return _CONTROL.sub("?", text)[:200]


def document_of(name: str) -> str | None:
    """The article's id that a file is named for: `0a1b…/user.tsv`, `0a1b….ann`; the innermost part that is one."""
    for part in reversed(PurePosixPath(name).parts):
        stem = part.partition(".")[0]
        if _DOCUMENT.fullmatch(stem):
            return stem
    return None


def lines_of(found: Found) -> Iterator[tuple[int, str] | Refused]:
    """The lines of a file, by number from 1, parted by line feeds alone; those beyond the most are refused."""
    for number, line in enumerate(found.text.split("\n"), 1):
        if number > MOST_LINES:
            yield Refused(f"{found.name} line {number}", f"and those after it are not read: the limit is {MOST_LINES:,} lines")
            return
        yield number, line.removesuffix("\r")


def line_place(name: str, number: int) -> str:
    """A line of a file, for people."""
    return f"{name} line {number}"
