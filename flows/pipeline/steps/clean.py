"""Step clean: `articles` → `documents` and `blocks`; before it, what all shards together tell: repeated ids and recurring lines."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import LINES, SIGNATURES, rows_of, shard_digest, write_shard
from qantar.pipeline.shards import ReadShard
from qantar.schema import Rejected
from qantar.store.parquet import read_columns


def find_repeated(shards: list[ReadShard]) -> list[list[Rejected]]:
    """For each shard of articles, those whose id an earlier article has: the same URL or record id twice."""
    first: dict[str, str] = {}
    repeated: list[list[Rejected]] = []
    for shard in shards:
        columns = ["document_id", "source_path", "source_record"]
        rows = read_columns(shard.folder / "articles.parquet", columns).to_pydict()
        repeated.append([])
        for document_id, path, record in zip(*(rows[name] for name in columns), strict=True):
            place = f"{path} (record {shard.record(record)})"
            if first.setdefault(document_id, place) != place:
                detail = f"has the same URL or id as {first[document_id]}; give it one of its own in articles.csv, or remove it"
                repeated[-1].append(Rejected(source_path=path, source_record=record, stage="read", reason="repeated_id", detail=detail))
    return repeated


def recurring_lines(articles: list[Path]) -> list[dict[str, list[int]]]:
    """The lines of all shards → for each shard, the hashes of those of its lines that recur in its outlets' articles.

    A shard is cleaned anew only where a line of its own begins to recur, or no longer does.
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


def clean_shard(context: Context, articles: Path, recurring: dict[str, list[int]], repeated: list[Rejected]) -> Path:
    """`articles` → `documents`, `blocks`, `rejected` and the documents' signatures; what was taken down is left out."""
    from qantar.stages.blocks import clean_article
    from qantar.stages.blocks.recurring import Recurring, outlet_of
    from qantar.stages.duplicates import Text, sign_documents

    removed = {takedown.document_id for takedown in context.takedowns}
    left_out = {(row.source_path, row.source_record) for row in repeated}

    def make(shard: Path) -> None:
        cleaned, rejected = [], [*rows_of(articles, "rejected"), *repeated]
        lines = {outlet: Recurring(frozenset(of)) for outlet, of in recurring.items()}
        for article in rows_of(articles, "articles"):
            if (article.source_path, article.source_record) in left_out:
                continue
            result = clean_article(article, lines.get(outlet_of(article.outlet, article.url), ()))
            if isinstance(result, Rejected):
                rejected.append(result)
            elif result.document.document_id not in removed and result.document.text_sha256 not in context.removed_texts:
                cleaned.append(result)
        write_shard(shard, "documents", (c.document for c in cleaned))
        write_shard(shard, "blocks", (block for c in cleaned for block in c.blocks))
        write_shard(shard, "rejected", rejected)
        sign_documents(Text(d.document_id, d.published_on, d.text) for d, _ in cleaned).save(shard / SIGNATURES)

    return context.stored(
        "clean", [shard_digest(articles), repr(recurring), repr(repeated), *sorted(removed), *sorted(context.removed_texts)], make
    )
