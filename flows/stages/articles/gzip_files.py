"""Gzipped files of records, read as they come; a bomb is refused."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any

from qantar.stages.articles.encodings import NotTextError

_MOST_EXPANSION = 300  # times: a gzip file that grows more holds no texts
_LEAST_EXPANDED = 64 * 2**20


class _Gzip(io.RawIOBase):
    """A gzip file's content; NotTextError, while reading, for a broken one and for one that grows beyond all texts."""

    def __init__(self, path: Path):
        self._file = gzip.open(path, "rb")  # noqa: SIM115 - closed with this object
        self._most = max(_LEAST_EXPANDED, path.stat().st_size * _MOST_EXPANSION)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read1(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise NotTextError("broken_record", f"the gzip file cannot be read on: {error}; what came before was read") from error
        self._read += len(data)
        if self._read > self._most:
            raise NotTextError("too_long", f"the gzip file grows to more than {_MOST_EXPANSION} times its size; unpack it if that is meant")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_file(path: Path) -> io.BufferedReader:
    """A file to be read as bytes, unpacked if its name ends in .gz."""
    return io.BufferedReader(_Gzip(path), 2**16) if path.name.lower().endswith(".gz") else path.open("rb")
