"""Step read: raw files → `articles` and `rejected`."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from qantar.pipeline.context import Context, reading
from qantar.pipeline.shard_rows import LINES, write_shard
from qantar.pipeline.shards import Piece, ReadShard, split_rows
from qantar.schema import Article, Rejected
from qantar.settings import CATALOGUE_FILE
from qantar.stages.articles import Catalogue, Source


def read_shard(context: Context, pieces: list[Piece]) -> list[ReadShard]:
    """Raw files → `articles`, their lines by hashes, and `rejected`: a folder for each shard of the articles found."""
    from qantar.stages.articles import read_files, read_movable

    catalogue = _load_catalogue(context.raw, context.described[CATALOGUE_FILE])

    def make(folder: Path) -> None:
        with reading(context.raw, {}, pieces):
            files = [(_without_hash(source), part) for source, part in pieces]
            found = read_files(context.raw, files, catalogue, context.corpus)
            for number, rows in enumerate(split_rows(found) if pieces[0].holds_many else [list(found)]):
                _write_articles(folder / f"{number:05}", rows)

    def make_movable(folder: Path) -> None:
        assert part
        with reading(context.raw, {}, pieces):
            rows = read_movable(context.raw, _without_hash(source), catalogue, context.corpus, part)
            if rows is None:
                raise _PlaceMattersError
            _write_articles(folder / f"{0:05}", rows)

    known = [*catalogue.told(piece.source.path for piece in pieces), str(context.corpus.max_characters)]
    inputs = [*known, *(f"{piece.source.path} {piece.digest}" for piece in pieces)]
    source, part = pieces[0]
    if len(pieces) == 1 and part and not context.is_stored("read", inputs):
        # a line that is added above makes no difference where articles have addresses or ids of their own
        with suppress(_PlaceMattersError):
            return [ReadShard(context.stored("slice", [*known, source.path, part.sha256], make_movable) / f"{0:05}", part.before)]
    entry = context.stored("read", inputs, make)
    return [ReadShard(path) for path in sorted(entry.iterdir()) if path.is_dir()]


@lru_cache(maxsize=2)  # a process loads it once a run
def _load_catalogue(raw: Path, catalogue_sum: str) -> Catalogue:
    from qantar.stages.articles import load_catalogue

    with reading(raw, {CATALOGUE_FILE: catalogue_sum}):
        return load_catalogue(raw)


class _PlaceMattersError(Exception):
    """What is read of a slice depends on its place in the file."""


def _without_hash(source: Source) -> Source:
    """The file for whose articles its own hash is filled in with the tables: here, one record's change would make all its shards new."""
    return replace(source, sha256="")


def _write_articles(shard: Path, rows: list[Article | Rejected]) -> None:
    from qantar.stages.blocks.recurring import note_lines

    shard.mkdir()
    articles = [row for row in rows if isinstance(row, Article)]
    write_shard(shard, "articles", articles)
    (shard / LINES).write_text(json.dumps(note_lines(articles), ensure_ascii=False), "utf-8")
    write_shard(shard, "rejected", (row for row in rows if isinstance(row, Rejected)))
