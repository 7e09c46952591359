"""Step clean: `articles` → `documents` and `blocks`; before it, what all shards together tell: repeated ids and recurring lines."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from qantar.corrections import Fix, Move, Outcome, of_document, of_tables
from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import LINES, SIGNATURES, rows_of, shard_digest, write_shard
from qantar.pipeline.shards import ReadShard
from qantar.pipeline.steps.correct import keys_of, write_moves, write_outcomes
from qantar.schema import Article, Rejected, Role
from qantar.stages.articles.versions import Read, Renaming, Repeat, rename_repeated
from qantar.store.parquet import read_columns


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
    inputs = [shard_digest(articles), repr(recurring), repr(renaming), *keys_of(fixes)]

    def without(removed: set[str]) -> Path:
        make = partial(_clean, articles, recurring, renaming, fixes, removed)
        return context.stored("clean", [*inputs, *sorted(removed)], make)

    if not context.takedowns:
        return without(set())
    ids = {takedown.document_id for takedown in context.takedowns} & _ids_of(articles, renaming)
    cleaned = without(ids)
    texts = context.removed_texts & set(read_columns(cleaned / "documents.parquet", ["text_sha256"]).column(0).to_pylist())
    return without(ids | texts) if texts else cleaned


def _ids_of(articles: Path, renaming: Renaming) -> set[str]:
    """The ids that a takedown may call a shard's articles by: their own, and those of what they are versions of."""
    names = ["document_id", "shared_id"]
    columns = [column.to_pylist() for column in read_columns(articles / "articles.parquet", names).columns]
    renamed = ((article.document_id, article.shared_id) for article in renaming.articles.values())
    return {key for keys in (*columns, *renamed) for key in keys if key}


def _clean(articles: Path, recurring: dict[str, list[int]], renaming: Renaming, fixes: list[Fix], removed: set[str], shard: Path) -> None:
    """Write the articles of a shard, cleaned; `removed` are ids and texts of documents that were taken down."""
    from qantar.corrections.corrected_documents import correct_article
    from qantar.stages.blocks import Cleaned, clean_article
    from qantar.stages.blocks.recurring import Recurring, outlet_of
    from qantar.stages.duplicates import Text, sign_documents

    told: list[Outcome] = []
    moves: dict[str, list[Move]] = {}

    def cleaning(article: Article, recurring: Container[str]) -> Callable[[Mapping[int, Role]], Cleaned | Rejected]:
        return lambda given: clean_article(article, recurring, given)

    rejected = [
        replace(row, source_record=renaming.rejected.get(at, row.source_record)) for at, row in enumerate(rows_of(articles, "rejected"))
    ]
    cleaned = []
    lines = {outlet: Recurring(frozenset(of)) for outlet, of in recurring.items()}
    for at, article in enumerate(rows_of(articles, "articles")):
        if repeat := renaming.repeats.get(at):
            rejected.append(_repeat(article.source_path, repeat))
            continue
        if renamed := renaming.articles.get(at):
            article = replace(article, **renamed._asdict())
        own = of_document(fixes, article.document_id) if fixes else []
        corrected = correct_article(cleaning(article, lines.get(outlet_of(article.outlet, article.url), ())), own)
        result = corrected.cleaned
        told.extend(corrected.told)
        if corrected.moves:
            moves[article.document_id] = corrected.moves
        if isinstance(result, Rejected):
            rejected.append(result)
        elif removed.isdisjoint((article.document_id, article.shared_id, result.document.text_sha256)):
            cleaned.append(result)
    write_shard(shard, "documents", (c.document for c in cleaned))
    write_shard(shard, "blocks", (block for c in cleaned for block in c.blocks))
    write_shard(shard, "rejected", rejected)
    sign_documents(Text(d.document_id, d.published_on, d.text, d.shared_id) for d, _ in cleaned).save(shard / SIGNATURES)
    write_outcomes(shard, told)
    write_moves(shard, moves)


def _repeat(path: str, repeat: Repeat) -> Rejected:
    detail = f"has the same URL or id and the same text as {repeat.repeats}; nothing is lost with it"
    return Rejected(source_path=path, source_record=repeat.source_record, stage="read", reason="repeated_id", detail=detail)
