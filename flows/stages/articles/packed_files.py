"""Packed files of records and single articles, read as they come; a bomb is refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from pathlib import Path
from typing import Any

from qantar.stages.articles.encodings import NotTextError

_KINDS = {".gz": "gzip", ".bz2": "bzip2", ".zst": "zstd", ".xz": "xz"}
PACKED = tuple(_KINDS)
"""Ends of the names of files that are unpacked while they are read."""
_GZIP = b"\x1f\x8b\x08"
_MOST_EXPANSION = 300  # times: a packed file that grows more holds no texts
_LEAST_EXPANDED = 64 * 2**20


class _Unpacked(io.RawIOBase):
    """A packed file's content; NotTextError, while reading, for a broken one and for one that grows beyond all texts."""

    def __init__(self, path: Path, kind: str):
        self._kind = kind
        self._file = _opened(path, kind)
        self._most = max(_LEAST_EXPANDED, path.stat().st_size * _MOST_EXPANSION)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read1(len(buffer))
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
            detail = f"the {self._kind} file cannot be read on: {str(error)[:200]}; what came before was read"
            raise NotTextError("broken_record", detail) from error
        self._read += len(data)
        if self._read > self._most:
            detail = f"the {self._kind} file grows to more than {_MOST_EXPANSION} times its size; unpack it if that is meant"
            raise NotTextError("too_long", detail)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _opened(path: Path, kind: str) -> Any:
    if kind == "gzip":
        return gzip.open(path, "rb")
    if kind == "bzip2":
        return bz2.open(path, "rb")
    if kind == "xz":
        return lzma.open(path, "rb")
    import pyarrow as pa

    return pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")


def open_file(path: Path) -> io.BufferedReader:
    """A file to be read as bytes, unpacked if its name, or its first bytes, say that it is packed."""
    kind = _kind_by_name(path)
    if kind is None:
        file = path.open("rb")
        if file.peek(len(_GZIP))[: len(_GZIP)] != _GZIP:
            return file
        file.close()
        kind = "gzip"
    return io.BufferedReader(_Unpacked(path, kind), 2**16)


def is_packed(path: Path) -> bool:
    """Whether a file is packed, so that places in it are none in its text."""
    if _kind_by_name(path):
        return True
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def _kind_by_name(path: Path) -> str | None:
    return _KINDS.get(path.suffix.lower())
