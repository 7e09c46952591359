"""How the articles of a folder are cut into shards: by what their files and lines say, so that a new one changes one shard."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from qantar.schema import Article, Rejected
from qantar.settings import QantarError
from qantar.stages.articles import IN_SLICE, Source
from qantar.stages.articles.json_records import is_line_based
from qantar.stages.articles.packed_files import is_packed
from qantar.stages.articles.slices import Slice, cut_lines
from qantar.text.identity import digest

SHARD = 128
"""About so many articles make a shard."""

_MOST = 4 * SHARD
_MOST_BYTES = 8 * 2**20  # of a shard, and one article: long articles take no more memory than short ones
_ONE_ARTICLE = ("txt", "html", "docx", "rtf", "odt", "pdf", "eml", "xml", "ris")
_LARGE = 2**18  # bytes: a file of these formats that is larger may be an archive's export of hundreds of articles


class Piece(NamedTuple):
    """A file of a shard, or a slice of one."""

    source: Source
    part: Slice | None = None

    @property
    def digest(self) -> str:
        """A hash of what is to be read, and of the place it has in its file."""
        return f"{self.part.before} {self.part.sha256}" if self.part else self.source.sha256

    @property
    def holds_many(self) -> bool:
        """Whether it is a file of many articles that cannot be cut before it is read."""
        return self.part is None and (self.source.format not in _ONE_ARTICLE or self.source.size > _LARGE)


def cut_shards(raw: Path, sources: Iterable[Source]) -> list[list[Piece]]:
    """Small files together, big JSON Lines files in slices; a file of another format with many articles by itself.

    Raises QantarError if a file is no longer what `sources` says.
    """
    shards: list[list[Piece]] = []
    n, n_bytes, ended = 0, 0, True
    for source in sources:
        for piece in _pieces(raw, source):
            if ended or piece.holds_many:
                shards.append([])
                n = n_bytes = 0
            shards[-1].append(piece)
            n_here = piece.part.n_lines if piece.part else 1
            n += n_here
            n_bytes += piece.part.end - piece.part.start if piece.part else source.size
            is_cut = piece.holds_many or (piece.part is not None and piece.part.is_cut)
            ended = is_cut or n >= _MOST or n_bytes >= _MOST_BYTES or _ends_shard(source.path, n_here)
    return shards


def count_records(shard: list[Piece]) -> int:
    """How many articles a shard may hold: lines and files; those of a file that is not cut are not known."""
    return sum(piece.part.n_lines if piece.part else 1 for piece in shard)


def hold_few(shards: list[list[Piece]], most: int) -> bool:
    """Whether it is certain that no more articles than these are to be read."""
    return sum(map(count_records, shards)) <= most and not any(piece.holds_many for shard in shards for piece in shard)


class ReadShard(NamedTuple):
    """The folder of a shard that was read, and how many lines stand above what its records `+1`, `+2` … are counted from."""

    folder: Path
    before: int | None = None

    def record(self, name: str) -> str:
        """A record's own id, or its number in its file."""
        return str(self.before + int(name)) if self.before is not None and IN_SLICE.fullmatch(name) else name


def split_rows(found: Iterable[Article | Rejected]) -> Iterator[list[Article | Rejected]]:
    """The articles of a file that could not be cut, in shards."""
    rows: list[Article | Rejected] = []
    n_characters = 0
    for row in found:
        rows.append(row)
        n_characters += len(row.text) if isinstance(row, Article) else 0
        if len(rows) >= _MOST or n_characters >= _MOST_BYTES or _ends_shard(f"{row.source_path} {row.source_record}"):
            yield rows
            rows, n_characters = [], 0
    if rows:
        yield rows


def _pieces(raw: Path, source: Source) -> Iterator[Piece]:
    if source.format != "jsonl" or not _has_lines(raw / source.path):
        yield Piece(source)
        return
    whole = hashlib.sha256()
    try:
        parts = list(cut_lines(raw / source.path, SHARD, _MOST_BYTES, whole))
    except OSError:
        parts = []  # reading it says what is wrong
    if parts and whole.hexdigest() != source.sha256:
        raise QantarError(f"{raw / source.path}: changed while it was read, so nothing was published; build again when it is at rest")
    yield from (Piece(source, part) for part in parts) if parts else [Piece(source)]


def _has_lines(path: Path) -> bool:
    """Whether a file is cut into slices of lines."""
    try:
        return not is_packed(path) and is_line_based(path)
    except OSError:
        return True  # reading it says what is wrong


def _ends_shard(name: str, n: int = 1) -> bool:
    return int(digest(name)[:8], 16) % SHARD < n
