"""Cut files of lines into slices, so that many processes read one file, and a new record makes one slice new."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from qantar.stages.articles.encodings import MOST_BYTES


class Slice(NamedTuple):
    """Whole lines of a file: `n_lines` of them, from byte `start` to byte `end`, with `before` lines above."""

    start: int
    end: int
    before: int
    n_lines: int
    sha256: str
    is_cut: bool
    """Whether a slice ends here by what its last line says; else only because the file does."""


def cut_lines(path: Path, size: int, most_bytes: int, whole: hashlib._Hash) -> Iterator[Slice]:
    """The slices of a file, each of about `size` lines, and of `most_bytes` and a line at most; `whole` is updated with all of it.

    Where one ends is decided by its lines' own bytes, so that slices above and below a new line stay as they were; each line is
    hashed and forgotten, so memory does not grow with the file.
    """
    start = end = before = n = 0
    total = hashlib.sha256()
    is_whole = True
    with path.open("rb") as file:
        while line := file.readline(MOST_BYTES):
            n += is_whole  # a line that is longer than what is read of it counts once
            is_whole = line.endswith(b"\n")
            total.update(line)
            whole.update(line)
            end += len(line)
            is_full = n >= 4 * size or end - start >= most_bytes
            if is_whole and (is_full or (n >= size // 4 and crc32(line) % size == 0)):
                yield Slice(start, end, before, n, total.hexdigest(), True)
                start, before, n, total = end, before + n, 0, hashlib.sha256()
    if n:
        yield Slice(start, end, before, n, total.hexdigest(), False)


def slice_digest(path: Path, part: Slice) -> str:
    """SHA-256 of what stands in the slice's place now."""
    total, left = hashlib.sha256(), part.end - part.start
    with path.open("rb") as file:
        file.seek(part.start)
        while left and (piece := file.read(min(left, 2**20))):
            total.update(piece)
            left -= len(piece)
    return total.hexdigest()
