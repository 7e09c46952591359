"""Corrections of a cleaned shard: articles that nobody corrected stay as they are, and only new roles of passages clean one again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qantar.corrections import Fix, by_articles
from qantar.pipeline.shard_rows import SIGNATURES, by_document, rows_of, table_of
from qantar.pipeline.steps.correct import write_moves, write_outcomes, write_roles_before
from qantar.schema import Article, Block, Document
from qantar.store.parquet import read_columns, replace_rows
from qantar.text.identity import digest

if TYPE_CHECKING:
    from qantar.corrections.corrected_documents import CorrectedArticle
    from qantar.stages.duplicates import Signatures

    Named = Callable[[Collection[str]], Mapping[str, Article]]
    """Gives some articles by their ids."""


UNCORRECTED = "uncorrected.sha256"
"""A hash of the texts that a shard has without corrections, beside its tables."""


def uncorrected_texts(cleaned: Path) -> str | None:
    """A hash of the texts that a corrected shard has without corrections."""
    path = cleaned / UNCORRECTED
    return path.read_text() if path.exists() else None


def sign(documents: Iterable[Document]) -> Signatures:
    """The signatures of cleaned documents."""
    from qantar.stages.articles.addresses import article_address
    from qantar.stages.duplicates import Text, sign_documents

    return sign_documents(Text(d.document_id, d.published_on, d.text, article_address(d.url) or d.shared_id) for d in documents)


def correct_shard(cleaned: Path, fixes: list[Fix], named: Named, removed: Collection[str], shard: Path) -> None:
    """Write a shard as `cleaned` has it, with corrections of documents and blocks, but without texts that were taken down."""
    corrected = _correct(cleaned, fixes, named)
    documents: dict[int, Document] = {}
    blocks: dict[int, Block] = {}
    ids, texts = (column.to_pylist() for column in read_columns(cleaned / "documents.parquet", ["document_id", "text_sha256"]).columns)
    (shard / UNCORRECTED).write_text(digest(*texts))
    firsts = _firsts(cleaned)
    for at, key in enumerate(ids):
        if key in corrected:
            documents[at], own = corrected[key].cleaned
            texts[at] = documents[at].text_sha256
            blocks.update(enumerate(own, firsts.get(key, 0)))
    out = {at for at, text in enumerate(texts) if text in removed}
    gone = {at for at, key in enumerate(_block_documents(cleaned)) if key in {ids[one] for one in out}} if out else set()
    replace_rows(shard / "documents.parquet", cleaned / "documents.parquet", table_of("documents"), documents, out)
    replace_rows(shard / "blocks.parquet", cleaned / "blocks.parquet", table_of("blocks"), blocks, gone)
    shutil.copyfile(cleaned / "rejected.parquet", shard / "rejected.parquet")
    _sign_again(cleaned, documents, out, shard)
    write_outcomes(shard, [outcome for article in corrected.values() for outcome in article.told])
    write_moves(shard, {key: article.moves for key, article in corrected.items()})
    write_roles_before(shard, {key: article.had for key, article in corrected.items()})


def _correct(cleaned: Path, fixes: list[Fix], named: Named) -> dict[str, CorrectedArticle]:
    """The articles that people corrected, of those that the shard has; no rule looks for roles again."""
    from qantar.corrections.corrected_documents import correct_article
    from qantar.stages.blocks import Cleaned

    of = by_articles(fixes)
    articles, blocks = named(of), by_document(cleaned, "blocks", of)
    documents = ((row.document_id, row) for row in rows_of(cleaned, "documents") if row.document_id in of)
    return {key: correct_article(Cleaned(row, blocks[key]), articles[key], of[key]) for key, row in documents}


def _block_documents(cleaned: Path) -> list[str]:
    keys: list[str] = read_columns(cleaned / "blocks.parquet", ["document_id"]).column(0).to_pylist()
    return keys


def _firsts(cleaned: Path) -> dict[str, int]:
    """The number of each document's first block."""
    firsts: dict[str, int] = {}
    for at, key in enumerate(_block_documents(cleaned)):
        firsts.setdefault(key, at)
    return firsts


def _sign_again(cleaned: Path, documents: Mapping[int, Document], out: Collection[int], shard: Path) -> None:
    """Write the signatures of the shard's documents: those of texts and days that are others are made anew."""
    from qantar.stages.duplicates import Signatures

    before = read_columns(cleaned / "documents.parquet", ["text_sha256", "published_on"]).to_pylist()
    new = {at: d for at, d in documents.items() if (d.text_sha256, d.published_on) != tuple(before[at].values())}
    if not new and not out:
        shutil.copyfile(cleaned / SIGNATURES, shard / SIGNATURES)
        return
    place = {at: number for number, at in enumerate(new, len(before))}
    order = [place.get(at, at) for at in range(len(before)) if at not in out]
    Signatures.join([Signatures.load(cleaned / SIGNATURES), sign(new.values())]).take(np.array(order, np.int64)).save(shard / SIGNATURES)
