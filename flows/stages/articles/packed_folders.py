"""Folders that were packed into one file (.zip, .tar, .tar.gz …), unpacked for as long as they are read.

Links, names that lead out of the folder, and files that grow far beyond any text are refused.
"""

from __future__ import annotations

import lzma
import re
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from qantar.schema import Format
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.found import Refused

PACKED_FOLDERS: dict[str, Format] = {
    ".zip": "zip",
    ".wacz": "zip",
    **dict.fromkeys((".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"), "tar"),
}
"""The formats of packed folders, by the end of a file's name."""
_ABOVE = re.compile(rf"(?:{'|'.join(map(re.escape, PACKED_FOLDERS))})(?=/)", re.IGNORECASE)
_MOST_EXPANSION, _LEAST_EXPANDED, _MOST_UNPACKED = 100, 2**28, 2**34
_PIECE = 2**20
_LONGEST_NAME, _LONGEST_PATH = 240, 900  # bytes of a name, letters of a path
_AT_HOME = "unpack it here, then remove it"
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError)
"""What the modules raise for damaged and hostile files; NotImplementedError, for a way to pack that they lack, is a RuntimeError."""


def packed_above(path: str) -> list[str]:
    """The parts of a path that may be a packed folder: those that end as one, with a path within it behind them.

    >>> packed_above("2022/march.zip/news/a.csv"), packed_above("2022/march.zip")
    (['2022/march.zip'], [])
    """
    return [path[: end.end()] for end in _ABOVE.finditer(path)]


class _Member(NamedTuple):
    name: str
    open: Callable[[], IO[bytes] | None]
    """What it holds; None where it is a link or a device."""
    is_locked: bool = False


@contextmanager
def unpacked(path: Path, format: Format) -> Iterator[tuple[Path, list[Refused]]]:
    """A folder, for a while, with what is packed in the file, and what of it was refused, by its name.

    Raises NotTextError where nothing of it can be read.
    """
    with tempfile.TemporaryDirectory(prefix="qantar-unpacked-") as made:
        folder = Path(made, "files")  # one below the root, where a corpus.toml or articles.csv would describe the folder
        folder.mkdir()
        yield Path(made), _unpack(path, format, folder)


def path_in_raw(path: str, format: Format, record: str) -> str:
    """The path by which articles.csv knows an article: that of its file, in a packed folder too.

    >>> path_in_raw("march.zip", "zip", "news/a.csv#17")
    'march.zip/news/a.csv'
    """
    return f"{path}/{record.partition('#')[0]}" if format in PACKED_FOLDERS.values() else path


def _unpack(path: Path, format: Format, folder: Path) -> list[Refused]:
    left = min(_MOST_UNPACKED, max(_LEAST_EXPANDED, path.stat().st_size * _MOST_EXPANSION))
    refused: list[Refused] = []
    try:
        for member in (_zipped if format == "zip" else _tarred)(path):
            try:
                left -= _write(member, folder, left)
            except NotTextError as error:
                if error.reason == "too_long":
                    raise
                refused.append(Refused(member.name, error.reason, str(error)))
    except _BROKEN as error:
        if not any(folder.iterdir()) and not refused:
            raise NotTextError("broken_record", f"cannot be unpacked: {str(error)[:200]}; download it again, or {_AT_HOME}") from None
        refused.append(Refused(None, "broken_record", f"cannot be unpacked to its end: {str(error)[:200]}; what came before was read"))
    if not any(folder.iterdir()) and not refused:
        raise NotTextError("empty", "holds no file; remove it")
    return refused


def _zipped(path: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(path) as archive:
        is_web_archive = path.name.lower().endswith(".wacz")  # all but its archive/ is lists of what that holds
        for info in archive.infolist():
            if not info.is_dir() and (not is_web_archive or info.filename.startswith("archive/")):
                yield _Member(_own_name(info), lambda info=info: archive.open(info), bool(info.flag_bits & 1))  # type: ignore[misc]


def _own_name(info: zipfile.ZipInfo) -> str:
    """The name of a member: UTF-8 also where the file does not say so."""
    if not info.flag_bits & 0x800:
        try:
            return info.orig_filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def _tarred(path: Path) -> Iterator[_Member]:
    with tarfile.open(path) as archive:
        for info in archive:
            if not info.isdir():
                yield _Member(info.name, lambda info=info: archive.extractfile(info) if info.isfile() else None)  # type: ignore[misc]
        assert archive.fileobj
        archive.fileobj.seek(archive.offset)
        if archive.fileobj.read(tarfile.BLOCKSIZE).strip(b"\0"):  # where a header is damaged, tarfile ends without a word
            raise tarfile.ReadError(f"damaged at byte {archive.offset} of its content")


def _write(member: _Member, folder: Path, most: int) -> int:
    """Write a member into the folder; its bytes. Raises NotTextError."""
    target = folder / _safe(member.name)
    if member.is_locked:
        raise NotTextError("encrypted", f"is locked with a password; {_AT_HOME}")
    if target.exists():
        raise NotTextError("repeated_id", "has the name of another file that is packed with it; " + _AT_HOME)
    try:
        content = member.open()
        if content is None:
            raise NotTextError("unreadable", f"is a link, which is not followed; {_AT_HOME}")
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("xb") as file:
            n = 0
            while piece := content.read(_PIECE):
                n += len(piece)
                if n > most:
                    raise NotTextError("too_long", f"grows to more than {_MOST_EXPANSION} times its size; {_AT_HOME} if that is meant")
                file.write(piece)
    except _BROKEN as error:
        target.unlink(missing_ok=True)
        raise NotTextError("broken_record", f"cannot be unpacked: {str(error)[:200]}; download the file again, or {_AT_HOME}") from None
    return n


def _safe(name: str) -> PurePosixPath:
    """The place of a member within the folder. Raises NotTextError where it would be elsewhere."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.name or "\0" in name or ":" in path.parts[0]:
        raise NotTextError("unreadable", f"its name leads out of the folder; {_AT_HOME}")
    if any(len(part.encode("utf-8", "surrogatepass")) > _LONGEST_NAME for part in path.parts) or len(name) > _LONGEST_PATH:
        raise NotTextError("unreadable", f"its name is too long; {_AT_HOME}")
    return path
