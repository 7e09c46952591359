"""Step clean: `articles` → `documents` and `blocks`; before it, what all shards together tell: repeated ids and recurring lines."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from qantar.corrections import Fix, of_tables
from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import LINES, SIGNATURES, rows_of, shard_digest, write_shard
from qantar.pipeline.shards import ReadShard
from qantar.pipeline.steps.correct import keys_of
from qantar.pipeline.steps.correct_cleaned import correct_shard, sign
from qantar.schema import Article, Rejected
from qantar.stages.articles.versions import Read, Renaming, Repeat, rename_repeated
from qantar.store.parquet import read_columns

if TYPE_CHECKING:
    from qantar.stages.blocks import Cleaned
    from qantar.stages.blocks.recurring import Recurring


def find_repeated(shards: list[ReadShard]) -> list[Renaming]:
    """For each shard of articles, what is to be renamed: articles whose URL, id or record others have too (see `rename_repeated`)."""
    ids, places = [], []
    for shard in shards:
        ids += _column(shard, "document_id").chunks
        places += [_places(shard, "articles"), _places(shard, "rejected")]
    repeated_ids, repeated_places = _repeated(ids), _repeated(places)
    if not repeated_ids and not repeated_places:
        return [Renaming() for _ in shards]
    found: list[dict[int, Read]] = []
    rejected: list[dict[int, tuple[str, str]]] = []
    for shard in shards:
        columns = [_column(shard, name).to_pylist() for name in ("document_id", "source_path", "source_record", "text_sha256")]
        rows = (Read(key, path, shard.record(record), sha) for key, path, record, sha in zip(*columns, strict=True))
        found.append(
            {i: r for i, r in enumerate(rows) if r.document_id in repeated_ids or _place(r.source_path, r.source_record) in repeated_places}
        )
        refused = (place.split("\0") for place in _places(shard, "rejected").to_pylist())
        rejected.append({i: (path, name) for i, (path, name) in enumerate(refused) if name and _place(path, name) in repeated_places})
    return rename_repeated(found, rejected)


def _column(shard: ReadShard, name: str, table: str = "articles") -> pa.ChunkedArray:
    return read_columns(shard.folder / f"{table}.parquet", [name]).column(name)


def _places(shard: ReadShard, table: str) -> pa.Array:
    """Where each row stands: its path and its record's name in the file."""
    paths, records = (_column(shard, name, table).to_pylist() for name in ("source_path", "source_record"))
    return pa.array([_place(path, record and shard.record(record)) for path, record in zip(paths, records, strict=True)], pa.string())


def _place(path: str, record: str | None) -> str:
    return f"{path}\0{record or ''}"


def _repeated(columns: list[pa.Array]) -> set[str]:
    """The values that occur more than once."""
    counted = pc.value_counts(pa.chunked_array(columns, pa.string()))
    return set(counted.filter(pc.greater(counted.field("counts"), 1)).field("values").to_pylist())


def recurring_lines(articles: list[Path]) -> list[dict[str, list[int]]]:
    """The lines of all shards → for each shard, the hashes of those of its lines that recur in its outlets' articles.

    A shard is cleaned again only where a line of its own begins to recur, or no longer does.
    """
    from qantar.stages.blocks.recurring import NotedLines, find_recurring

    def noted(shard: Path) -> Iterator[NotedLines]:
        return (NotedLines(*article) for article in json.loads((shard / LINES).read_text("utf-8")))

    recurring = find_recurring(article for shard in articles for article in noted(shard))
    found: list[dict[str, list[int]]] = []
    for shard in articles:
        here: dict[str, set[int]] = defaultdict(set)
        for article in noted(shard):
            here[article.outlet] |= recurring[article.outlet].intersection(article.lines)
        found.append({outlet: sorted(lines) for outlet, lines in sorted(here.items()) if lines})
    return found


def clean_shard(
    context: Context, articles: Path, recurring: dict[str, list[int]], renaming: Renaming, corrections: Sequence[Fix] = ()
) -> Path:
    """`articles` → `documents`, `blocks`, `rejected` and the documents' signatures; what was taken down is left out, with its versions.

    The shard depends on the takedowns that it holds alone: on their ids, and on their texts where these have come back under other ids.
    """
    fixes = of_tables(corrections, "documents", "blocks")
    inputs = [shard_digest(articles), repr(recurring), repr(renaming)]
    shard = _Shard(articles, recurring, renaming, lambda make: context.stored_bytes("rules", [], make))

    def without(ids: set[str], texts: Collection[str]) -> Path:
        removed = sorted(ids if fixes else ids.union(texts))
        cleaned = context.stored("clean", [*inputs, *removed], partial(_clean, shard, frozenset(removed)))
        if not fixes:
            return cleaned
        make = partial(correct_shard, cleaned, fixes, shard.named, texts)
        return context.stored("corrected", [*inputs, *removed, *keys_of(fixes), *sorted(texts)], make)

    if not context.takedowns:
        return without(set(), set())
    ids = {takedown.document_id for takedown in context.takedowns} & _ids_of(articles, renaming)
    cleaned = without(ids, set())
    texts = context.removed_texts & set(read_columns(cleaned / "documents.parquet", ["text_sha256"]).column(0).to_pylist())
    return without(ids, texts) if texts else cleaned


def _ids_of(articles: Path, renaming: Renaming) -> set[str]:
    """The ids that a takedown may call a shard's articles by: their own, and those of what they are versions of."""
    names = ["document_id", "shared_id"]
    columns = [column.to_pylist() for column in read_columns(articles / "articles.parquet", names).columns]
    renamed = ((article.document_id, article.shared_id) for article in renaming.articles.values())
    return {key for keys in (*columns, *renamed) for key in keys if key}


@dataclass(frozen=True)
class _Shard:
    """The articles of a shard, and what all shards together tell of them."""

    articles: Path
    recurring: dict[str, list[int]]
    renaming: Renaming
    stored: Callable[[Callable[[], bytes]], bytes]
    """Gives what is stored of the rules for lines, or makes it."""

    @cached_property
    def lines(self) -> dict[str, Recurring]:
        """The recurring lines of each outlet; the rules for lines are known from then on."""
        from qantar.stages.blocks.line_rules import know_rules, read_rules
        from qantar.stages.blocks.recurring import Recurring

        know_rules(partial(self.stored, read_rules))
        return {outlet: Recurring(frozenset(of)) for outlet, of in self.recurring.items()}

    def each(self) -> Iterator[tuple[Article, Repeat | None]]:
        """The articles under the names that they have in the build, and whether each repeats another."""
        for at, article in enumerate(rows_of(self.articles, "articles")):
            renamed = self.renaming.articles.get(at)
            yield replace(article, **renamed._asdict()) if renamed else article, self.renaming.repeats.get(at)

    def clean(self, article: Article) -> Cleaned | Rejected:
        """An article without what is not its text."""
        from qantar.stages.blocks import clean_article
        from qantar.stages.blocks.recurring import outlet_of

        return clean_article(article, self.lines.get(outlet_of(article.outlet, article.url), ()))

    def named(self, wanted: Collection[str]) -> dict[str, Article]:
        """Some articles, by their ids."""
        return {article.document_id: article for article, repeat in self.each() if article.document_id in wanted and not repeat}


def _clean(articles: _Shard, removed: frozenset[str], shard: Path) -> None:
    """Write the articles of a shard, cleaned; `removed` are ids and texts of documents that were taken down."""
    renamed = articles.renaming.rejected
    rejected = [
        replace(row, source_record=renamed.get(at, row.source_record)) for at, row in enumerate(rows_of(articles.articles, "rejected"))
    ]
    cleaned = []
    for article, repeat in articles.each():
        if repeat:
            rejected.append(_repeat(article.source_path, repeat))
            continue
        result = articles.clean(article)
        if isinstance(result, Rejected):
            rejected.append(result)
        elif removed.isdisjoint((article.document_id, article.shared_id, result.document.text_sha256)):
            cleaned.append(result)
    write_shard(shard, "documents", (c.document for c in cleaned))
    write_shard(shard, "blocks", (block for c in cleaned for block in c.blocks))
    write_shard(shard, "rejected", rejected)
    sign(c.document for c in cleaned).save(shard / SIGNATURES)


def _repeat(path: str, repeat: Repeat) -> Rejected:
    detail = f"has the same URL or id and the same text as {repeat.repeats}; nothing is lost with it"
    return Rejected(source_path=path, source_record=repeat.source_record, stage="read", reason="repeated_id", detail=detail)
