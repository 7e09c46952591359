"""Step annotate: `documents` and `blocks` → `sentences`, `mentions` and `quotes`."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from qantar.corrections import Fix, Outcome, of_document, of_tables, with_moves
from qantar.pipeline.context import Context, Readings, reading
from qantar.pipeline.shard_rows import ANNOTATIONS, NAMES, by_document, rows_of, shard_digest, write_shard
from qantar.pipeline.shards import group_documents
from qantar.pipeline.steps.correct import keys_of, moves_in, write_outcomes
from qantar.schema import Block, Document, Token
from qantar.settings import AUTHORITY_FILE
from qantar.store.parquet import read_columns
from qantar.text.identity import digest

if TYPE_CHECKING:
    from qantar.pipeline.annotator import Annotations, Annotator
    from qantar.text.known_names import Names

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
    from qantar.stages.entities import name_document

    model = describe_model(context.model)
    fixes = of_tables(corrections, "sentences", "mentions", "quotes")
    moves = moves_in(cleaned) if fixes else {}

    def know() -> str:
        texts: list[str] = read_columns(cleaned / "documents.parquet", ["text"]).column(0).to_pylist()
        return _told_of(names_of_corpus(context), texts)

    def make(shard: Path) -> None:
        documents = {document.document_id: document for document in rows_of(cleaned, "documents")}
        language, left_out = context.corpus.language, set(duplicates)
        chosen = [d for d in documents.values() if d.document_id not in left_out and d.language == language]
        blocks = by_document(cleaned, "blocks")
        sentences, mentions, quotes, uses = [], [], [], []
        tokens: list[Token] = []
        told: list[Outcome] = []
        for group in group_documents(chosen):
            for found in _annotate_group(context, model, [(document, blocks[document.document_id]) for document in group]):
                if own := of_document(fixes, found.document.document_id):
                    own = [with_moves(fix, found.document.text, moves.get(fix.document, ())) for fix in own]
                    found = _correct(context, model, found, blocks[found.document.document_id], own)
                    told += found.told
                document = documents[found.document.document_id]
                documents[document.document_id] = replace(document, **{name: getattr(found.document, name) for name in _COUNTS})
                sentences += found.sentences
                mentions += found.mentions
                quotes += found.quotes
                tokens += found.tokens
                uses += name_document(found.mentions, document.text, found.sentences, document.published_on)
        write_shard(shard, "documents", documents.values())
        write_shard(shard, "sentences", sentences)
        write_shard(shard, "mentions", mentions)
        write_shard(shard, "quotes", quotes)
        if context.corpus.tokens:
            write_shard(shard, "tokens", tokens)
        (shard / NAMES).write_bytes(pickle.dumps(uses, protocol=5))
        write_outcomes(shard, told)

    known = context.stored_text("known", [context.described[AUTHORITY_FILE], shard_digest(cleaned)], know)
    inputs = [model, known, shard_digest(cleaned), *duplicates, *keys_of(fixes), repr(moves), *_wanted(context)]
    return context.stored("annotate", inputs, make)


def _annotate_group(context: Context, model: str, group: list[tuple[Document, list[Block]]]) -> list[Annotations]:
    """What is found in a few documents, kept apart from their shard's: with a new article, those beside it are annotated again only."""
    group = [(replace(document, **_UNREAD), blocks) for document, blocks in group]

    def make(folder: Path) -> None:
        annotator = _annotator(context, model)
        found = [annotator.annotate(document, blocks) for document, blocks in group]
        with pa.output_stream(folder / ANNOTATIONS, compression="zstd") as file:
            pickle.dump(found, file, protocol=5)

    known = _told_of(names_of_corpus(context), (document.text for document, _ in group))
    entry = context.stored("group", [model, known, *map(repr, group), *_wanted(context)], make)
    with pa.input_stream(entry / ANNOTATIONS, compression="zstd") as file:
        found: list[Annotations] = pickle.load(file)  # also what was made just now: its names are then pickled to the same bytes
    return found


def _correct(context: Context, model: str, found: Annotations, blocks: list[Block], fixes: list[Fix]) -> Annotations:
    """One document's annotations as people corrected them; it is annotated again only where sentences or names have another shape."""
    from qantar.corrections.corrected_mentions import RESHAPING, correct_mentions
    from qantar.corrections.corrected_quotes import correct_quotes

    if any(fix.table == "sentences" or (fix.table == "mentions" and fix.field in RESHAPING) for fix in fixes):
        annotator = _annotator(context, model)
        found = annotator.annotate(found.document, blocks, of_tables(fixes, "sentences", "mentions"))
    elif named := of_tables(fixes, "mentions"):
        mentions, told = correct_mentions(found.mentions, found.document, found.sentences, named)
        found = found._replace(mentions=mentions, told=tuple(told))
    if quoted := of_tables(fixes, "quotes"):
        quotes, told = correct_quotes(found.quotes, found.document, blocks, found.sentences, found.mentions, quoted)
        found = found._replace(quotes=quotes, told=(*found.told, *told))
    return found._replace(document=replace(found.document, n_mentions=len(found.mentions), n_quotes=len(found.quotes)))


def _told_of(names: Names, texts: Iterable[str]) -> str:
    """All that the authority and the lexicon tell of some texts: another line of theirs changes nothing in them."""
    from qantar.stages.mentions import names_spelled

    return digest(*names.told(set().union(*(names_spelled(text, names) for text in texts))))


def _wanted(context: Context) -> list[str]:
    """What results depend on where the corpus wants tokens, too."""
    return ["tokens"] if context.corpus.tokens else []


def _annotator(context: Context, described: str) -> Annotator:
    """The language model, which is as `described`, and the names."""
    authority_sum = context.described[AUTHORITY_FILE]
    return _load_annotator(context.model, described, context.raw, authority_sum, context.readings, context.corpus.tokens)


def names_of_corpus(context: Context) -> Names:
    """The names that the lexicon and the corpus's authority know."""
    return _load_names(context.raw, context.described[AUTHORITY_FILE])


@lru_cache(maxsize=2)  # a process loads them once a run
def _load_annotator(model: str | None, described: str, raw: Path, authority_sum: str, readings: Readings, with_tokens: bool) -> Annotator:
    from qantar.pipeline.annotator import Annotator

    return Annotator(model, _load_names(raw, authority_sum), readings, with_tokens=with_tokens)


@lru_cache(maxsize=2)
def _load_names(raw: Path, authority_sum: str) -> Names:
    from qantar.text.known_names import load_names

    authority = raw / AUTHORITY_FILE
    with reading(raw, {AUTHORITY_FILE: authority_sum}):
        return load_names(authority if authority.exists() else None)
