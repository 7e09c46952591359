"""Step annotate: `documents` and `blocks` → `sentences`, `mentions` and `quotes`."""

from __future__ import annotations

import json
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qantar.corrections import Fix, Outcome, of_document, of_tables, with_moves
from qantar.pipeline.context import Context, Readings
from qantar.pipeline.shard_rows import MADE_OF, NAMES, NAMES_SUM, PLACED, UNITS, by_document, rows_of, shard_digest, write_shard
from qantar.pipeline.steps.correct import keys_of, moves_in, write_outcomes
from qantar.pipeline.steps.correct_annotated import Article, correct_annotated, day_before, with_names
from qantar.pipeline.steps.names_told import load_known, told_of_texts
from qantar.schema import Block, Document, Token
from qantar.settings import AUTHORITY_FILE
from qantar.store.parquet import read_columns
from qantar.text.identity import digest

if TYPE_CHECKING:
    from qantar.pipeline.annotator import Annotator
    from qantar.stages.entities import PlacedName

_COUNTS = ("n_tokens", "n_sentences", "n_mentions", "n_quotes")
_UNREAD: dict[str, Any] = {
    **dict.fromkeys(("source_path", "source_record", "source_sha256"), ""),
    **dict.fromkeys(("url", "outlet", "title", "byline", "author", "credit", "published_basis", "licence", "note")),
}
"""What annotation does not read of a document: another value, for a line above or a correction, annotates nothing again."""


def duplicates_in(cleaned: list[Path], deduplicated: Path) -> list[list[str]]:
    """For each cleaned shard, its documents that duplicate others."""
    duplicates = {row.document_id for row in rows_of(deduplicated, "duplicates")}
    columns = (read_columns(shard / "documents.parquet", ["document_id"]).column(0).to_pylist() for shard in cleaned)
    return [[document_id for document_id in ids if document_id in duplicates] for ids in columns]


def annotate_shard(context: Context, cleaned: Path, duplicates: list[str], corrections: Sequence[Fix] = ()) -> Path:
    """`documents` and `blocks` → `documents` (counted), `sentences`, `mentions` and `quotes` of the canonical ones, and their names."""
    from qantar.model import describe_model
    from qantar.stages.entities import units_of

    model = describe_model(context.model)
    fixes = of_tables(corrections, "sentences", "mentions", "quotes")
    moves = moves_in(cleaned) if fixes else {}

    told_of = told_of_texts(context, cleaned)

    def make(shard: Path) -> None:
        documents = {document.document_id: document for document in rows_of(cleaned, "documents")}
        language, left_out = context.corpus.language, set(duplicates)
        chosen = [d for d in documents.values() if d.document_id not in left_out and d.language == language]
        blocks = by_document(cleaned, "blocks")
        sentences, mentions, quotes, uses = [], [], [], []
        tokens: list[Token] = []
        told: list[Outcome] = []
        placed: dict[str, list[PlacedName]] = {}
        made_of: dict[str, str] = {}
        for document in chosen:
            own = [with_moves(fix, document.text, moves.get(fix.document, ())) for fix in of_document(fixes, document.document_id)]
            day = day_before(document, corrections)
            known = told_of[document.text_sha256]
            key, article = _annotated(context, model, document, blocks[document.document_id], own, day, known)
            found, used, placed[document.document_id] = article
            made_of[document.document_id] = key
            told += found.told
            documents[document.document_id] = replace(document, **{name: getattr(found.document, name) for name in _COUNTS})
            sentences += found.sentences
            mentions += found.mentions
            quotes += found.quotes
            tokens += found.tokens
            uses += used
        write_shard(shard, "documents", documents.values())
        write_shard(shard, "sentences", sentences)
        write_shard(shard, "mentions", mentions)
        write_shard(shard, "quotes", quotes)
        if context.corpus.tokens:
            write_shard(shard, "tokens", tokens)
        (shard / NAMES).write_bytes(pickle.dumps(uses, protocol=5))
        (shard / MADE_OF).write_text(json.dumps(made_of), "utf-8")
        (shard / UNITS).write_bytes(pickle.dumps(units_of(uses), protocol=5))
        (shard / NAMES_SUM).write_text(digest(*map(repr, uses)))  # equal names may be pickled to other bytes
        (shard / PLACED).write_bytes(pickle.dumps(placed, protocol=5))
        write_outcomes(shard, told)

    inputs = [model, *told_of.values(), shard_digest(cleaned), *duplicates, *keys_of(fixes), repr(moves), *_wanted(context)]
    return context.stored("annotate", inputs, make)


def _annotated(
    context: Context, model: str, document: Document, blocks: list[Block], fixes: list[Fix], day: date | None, known: str
) -> tuple[str, Article]:
    """What is found in one document, as people corrected it; kept apart from its shard's: with a new article, no other is annotated again.

    With it comes a hash of all that it was made of. It is annotated as of the day that it had before it was corrected, and again for
    corrections of sentences only. With another day or other quotes alone it is not stored: that takes longer than to correct it again.
    `known` is all that is told of its names.
    """
    document = replace(document, **_UNREAD)
    cuts = of_tables(fixes, "sentences")
    as_found = day == document.published_on and len(cuts) == len(fixes)
    key = digest(model, known, repr((document, blocks)), *keys_of(fixes), *_wanted(context))

    def corrected() -> Article | None:
        _, before = _annotated(context, model, replace(document, published_on=day), blocks, cuts, day, known)
        return correct_annotated(before, document.published_on, blocks, of_tables(fixes, "mentions", "quotes"))

    def make() -> bytes:
        article = None if as_found else corrected()
        if article is None:
            article = with_names(_annotator(context, model).annotate(document, blocks, of_tables(fixes, "sentences", "mentions")))
            if (quoted := of_tables(fixes, "quotes")) and (again := correct_annotated(article, document.published_on, blocks, quoted)):
                article = again
        return zlib.compress(pickle.dumps(tuple(article), protocol=5))

    if not as_found and not of_tables(fixes, "mentions") and (article := corrected()):
        return key, article
    return key, Article._make(pickle.loads(zlib.decompress(context.stored_bytes("article", [key], make))))


def _wanted(context: Context) -> list[str]:
    """What results depend on where the corpus wants tokens, too."""
    return ["tokens"] if context.corpus.tokens else []


def _annotator(context: Context, described: str) -> Annotator:
    """The language model, which is as `described`, and the names."""
    authority_sum = context.described[AUTHORITY_FILE]
    return _load_annotator(context.model, described, context.raw, authority_sum, context.readings, context.corpus.tokens)


@lru_cache(maxsize=2)  # a process loads them once a run
def _load_annotator(model: str | None, described: str, raw: Path, authority_sum: str, readings: Readings, with_tokens: bool) -> Annotator:
    from qantar.pipeline.annotator import Annotator

    return Annotator(model, load_known(raw, authority_sum), readings, with_tokens=with_tokens)
