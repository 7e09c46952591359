"""The files of a folder of articles, and the rows of `rejected` for those that are none."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from qantar.schema import Format, ReadingReason, Rejected
from qantar.settings import FAILED_FILE, LEFT_OUT_FILE, NOT_ARTICLES
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.file_kinds import belongs_to, format_of, what_to_do


@dataclass(frozen=True, order=True)
class Source:
    """A file with articles: its path under raw/, in posix form, its format, size in bytes and SHA-256."""

    path: str
    format: Format
    size: int
    sha256: str


def list_sources(raw: Path) -> tuple[list[Source], list[Rejected]]:
    """The files of the folder at any depth, sorted by path, and a row for each that is not of a known format or cannot be read.

    Hidden files and the files of the root that describe the articles (`articles.csv`, `corpus.toml` …) are left out. What belongs to a page
    that a browser stored, or was left by the machine, has a row of the stage `list`, and counts as no article that was lost.
    """
    sources, rejected = [], []
    found, closed = _walk(raw)
    root = raw.resolve()
    for name, path in sorted((path.relative_to(raw).as_posix(), path) for path in found):
        if (whose := belongs_to(raw, name)) and not path.is_symlink():
            rejected.append(replace(rejected_row(name, None, "no_article", whose), stage="list"))
            continue
        try:
            sources.append(_source(path, name, root))
        except NotTextError as error:
            rejected.append(rejected_row(name, None, error.reason, str(error)))
        except OSError as error:
            rejected.append(rejected_row(name, None, "unreadable", f"cannot be opened: {error.strerror or error}; {_remedy(error)}"))
    rejected += [rejected_row(path.relative_to(raw).as_posix(), None, "unreadable", detail) for path, detail in closed]
    return sources, sorted(rejected, key=lambda row: row.source_path)


def rejected_row(path: str, record: str | None, reason: ReadingReason, detail: str) -> Rejected:
    """A row of `rejected`; names and bytes that no table can hold are spelled out."""
    path, detail = (text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00") for text in (path, detail))
    return Rejected(source_path=path, source_record=record, stage="read", reason=reason, detail=detail)


def _walk(raw: Path) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The files of a folder at any depth, and the folders that are not entered with the reason."""
    files: list[Path] = []
    closed: list[tuple[Path, str]] = []

    def note(error: OSError) -> None:
        closed.append((Path(error.filename), f"the folder cannot be entered: {error.strerror}; {_remedy(error)}"))

    for folder, folders, names in os.walk(raw, onerror=note):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (here / name).is_symlink()]
        closed += [(here / name, "is a link to a folder, which is not followed; move or copy the folder here") for name in links]
        at_root = here == raw
        files += [here / name for name in names if not name.startswith(".") and not (at_root and name in NOT_ARTICLES)]
    return [path for path in files if path not in (raw / FAILED_FILE, raw / LEFT_OUT_FILE)], closed


def _remedy(error: OSError) -> str:
    return "shorten its path" if error.errno == errno.ENAMETOOLONG else "check its permissions"


def _source(path: Path, name: str, raw: Path) -> Source:
    """Raises NotTextError for what is not a file of a known format, OSError for what cannot be read."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise NotTextError("unreadable", "its name is not UTF-8; rename it") from None
    kind = format_of(path, name)
    if kind is None:
        raise NotTextError("unknown_format", what_to_do(name))
    if path.is_symlink() and not path.resolve().is_relative_to(raw):
        raise NotTextError("unreadable", "is a link to a file outside of the folder of articles; copy the file here")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise NotTextError("unreadable", "is not a regular file; remove it")
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(2**20):
            total.update(piece)
    return Source(name, kind, status.st_size, total.hexdigest())
