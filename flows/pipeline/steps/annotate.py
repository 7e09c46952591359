"""Step annotate: `documents` and `blocks` → `sentences`, `mentions` and `quotes`."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qantar.corrections import Fix, Had, by_articles, of_tables, with_moves
from qantar.pipeline.context import Context, Readings
from qantar.pipeline.shard_rows import by_document, first_documents, rows_of, shard_digest
from qantar.pipeline.steps.annotated_before import Annotated, Before
from qantar.pipeline.steps.correct import keys_of, moves_in, roles_before
from qantar.pipeline.steps.correct_annotated import correct_annotated, day_before, give_roles
from qantar.pipeline.steps.names_told import load_known, told_of_texts
from qantar.schema import Block, Document
from qantar.settings import AUTHORITY_FILE
from qantar.store.parquet import read_columns
from qantar.text.identity import digest

if TYPE_CHECKING:
    from qantar.pipeline.annotations import Article
    from qantar.pipeline.annotator import Annotator

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
    """`documents` and `blocks` → `documents` (counted), `sentences`, `mentions` and `quotes` of the canonical ones, and their names.

    Of a shard that was annotated before, only documents that are made of something else now are annotated; the others' rows are copied.
    """
    from qantar.model import describe_model

    model = describe_model(context.model)
    fixes = of_tables(corrections, "sentences", "mentions", "quotes")
    fixes_by, particulars_by = by_articles(fixes), by_articles(of_tables(corrections, "documents"))
    moves = moves_in(cleaned) if fixes else {}
    told_of = told_of_texts(context, cleaned)
    had = roles_before(cleaned) if corrections else {}

    def make(shard: Path, last: Path | None) -> None:
        left_out, language = set(duplicates), context.corpus.language
        blocks = by_document(cleaned, "blocks")
        before = Before.of(last)
        made_of: dict[str, str] = {}
        anew: dict[str, Article] = {}
        fixes_of: dict[str, list[str]] = {}
        for document in rows_of(cleaned, "documents"):
            key = document.document_id
            if key in left_out or document.language != language:
                continue
            own = [with_moves(fix, document.text, moves.get(key, ())) for fix in fixes_by[key]]
            day, known = day_before(document, particulars_by[key]), told_of[document.text_sha256]
            part = _Part(context, model, document, blocks[key], had.get(key, ()), own, day, known)
            made_of[key], fixes_of[key] = part.key, [fix.id for fix in own]
            if before.made_of.get(key) == part.key:
                context.use_bytes("article", [part.found])
            else:
                anew[key] = part.find()
        tables = ("sentences", "mentions", "quotes", *_wanted(context))
        Annotated(cleaned, before, made_of, anew).write(shard, tables, fixes_of)

    inputs = [model, *told_of.values(), shard_digest(cleaned), *duplicates, *keys_of(fixes), repr(moves), *_wanted(context)]
    (first,) = first_documents([cleaned])
    return context.stored_after("annotate", first, inputs, make)


@dataclass(frozen=True)
class _Part:
    """A document and all that its rows are made of: `had` are roles of blocks before corrections, `day` is its day before them, `known`
    what is told of its names.

    What is found in it is stored by itself: with a new article, no other is annotated again. It is annotated as of its day before
    corrections, and again where sentences are corrected, or another role of a passage moves where they begin. Other corrections are
    applied to what was found: that takes less time than to store it twice.
    """

    context: Context
    model: str
    document: Document
    blocks: list[Block]
    had: Sequence[Had]
    fixes: list[Fix]
    day: date | None
    known: str

    @cached_property
    def found(self) -> str:
        """A hash of all that it is annotated by."""
        return self._found_with(self.blocks, of_tables(self.fixes, "sentences"))

    def _found_with(self, blocks: list[Block], cuts: list[Fix]) -> str:
        rows = (replace(self.document, **_UNREAD, published_on=self.day), *blocks)
        said = [tuple(vars(row).values()) for row in rows]  # a row's own repr takes a while
        return digest(self.model, self.known, repr(said), *keys_of(cuts), *_wanted(self.context))

    @cached_property
    def key(self) -> str:
        """A hash of all that its rows are made of."""
        return self._with(of_tables(self.fixes, "mentions", "quotes"))

    def _with(self, fixes: list[Fix]) -> str:
        is_found = not fixes and self.day == self.document.published_on
        return self.found if is_found else digest(self.found, str(self.document.published_on), *keys_of(fixes))

    def find(self) -> Article:
        """What is found in it, as people corrected it."""
        cuts, named, quoted = of_tables(self.fixes, "sentences"), of_tables(self.fixes, "mentions"), of_tables(self.fixes, "quotes")
        article = self._annotated(self.found, self.day, cuts)
        if self.key == self.found:
            return article
        corrected = correct_annotated(article, self.document.published_on, self.blocks, named + quoted)
        if corrected is None:
            article = self._annotated(self._with(named), self.document.published_on, cuts + named)
            corrected = correct_annotated(article, self.document.published_on, self.blocks, quoted) if quoted else article
        return corrected or article

    def _annotated(self, key: str, day: date | None, fixes: list[Fix]) -> Article:
        from qantar.pipeline.annotations import with_names

        made: list[Article] = []

        def make() -> bytes:
            article = self._with_roles() if self.had and key == self.found and not fixes else None
            if article is None:
                document = replace(self.document, **_UNREAD, published_on=day)
                article = with_names(_annotator(self.context, self.model).annotate(document, self.blocks, fixes))
            made.append(article)
            return zlib.compress(pickle.dumps(tuple(article), protocol=5), 1)

        kept = self.context.stored_bytes("article", [key], make)
        return made[0] if made else _unpacked(kept)

    def _with_roles(self) -> Article | None:
        """What was found in it before passages had other roles, with these; None where nothing is stored, or sentences begin elsewhere."""
        before = {position: {"role": role, "rule": rule} for position, role, rule in self.had}
        blocks = [replace(block, **before.get(block.position, {})) for block in self.blocks]  # type: ignore[arg-type]
        kept = self.context.use_bytes("article", [self._found_with(blocks, [])])
        return give_roles(_unpacked(kept), self.blocks) if kept else None


def _unpacked(kept: bytes) -> Article:
    from qantar.pipeline.annotations import Article

    return Article._make(pickle.loads(zlib.decompress(kept)))


def _wanted(context: Context) -> list[str]:
    """What results depend on where the corpus wants tokens, too."""
    return ["tokens"] if context.corpus.tokens else []


def _annotator(context: Context, described: str) -> Annotator:
    """The language model, which is as `described`, and the names."""
    authority_sum = context.described[AUTHORITY_FILE]
    return _load_annotator(context.model, described, context.raw, authority_sum, context.readings, context.corpus.tokens)


@lru_cache(maxsize=2)  # a process loads them once a run
def _load_annotator(model: str | None, described: str, raw: Path, authority_sum: str, readings: Readings, with_tokens: bool) -> Annotator:
    from qantar.compat import import_spacy

    import_spacy()  # before the annotator does: without its command line
    from qantar.pipeline.annotator import Annotator

    return Annotator(model, load_known(raw, authority_sum), readings, with_tokens=with_tokens)
