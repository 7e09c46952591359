"""Give every passage of an article its role, and put together the text without what is not the article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from qantar.schema import CORRECTION, Article, Block, DateBasis, Document, Rejected, Role
from qantar.stages.blocks.block_rules import BlockRule
from qantar.stages.blocks.known_parts import known_passages
from qantar.stages.blocks.line import line_of
from qantar.stages.blocks.line_rules import macros, plain_line
from qantar.stages.blocks.parted_paragraphs import SEPARATOR, join_blocks, join_pieces
from qantar.stages.blocks.roles import Line, assign_roles
from qantar.text.authors import is_outlet, join_authors
from qantar.text.dates import day_of_name, written_day
from qantar.text.lexicon import either
from qantar.text.passages import Passage
from qantar.text.walls import MOST_OF_STUB, asks_reader, is_wall

KEPT: frozenset[Role] = frozenset({"title", "heading", "speaker_heading", "body"})
"""The roles that make up `documents.text`."""
_DATELINE = re.compile(r"[^.!?]{0,60}?\b(?:19|20)\d\d\b[^.!?]{0,30}?(?: [-–—]+ |: |\. ?/[^/\W]+/)")
"""How a first paragraph opens that says where and when it was written: "ALMATY, 7 January 2022 (Agency) — "."""
_LEAD = re.compile(rf"(?i)^(?:\w+ )?(?:{either('boilerplate.toml', 'bylines.leads')})[: ]+")
_BETWEEN_NAMES = re.compile(rf",? (?:{either('boilerplate.toml', 'bylines.between')}) |, | & ")


class Cleaned(NamedTuple):
    """A document and the blocks of its raw text."""

    document: Document
    blocks: list[Block]


def clean_article(article: Article, recurring: Container[str] = ()) -> Cleaned | Rejected:
    """The article as a document, with a block for every passage of its raw text.

    Every visible character of `article.text` is in exactly one block; a block is a copy of its place in the raw text but for white space,
    which becomes plain spaces. A headline that only the metadata hold is in `title`, not in `text`. `recurring` holds lines that many
    articles of the outlet share (see `qantar.stages.blocks.recurring`). Rejected, reason `no_text`, is returned where nothing is left
    but boilerplate.
    """
    passages, known = known_passages(article)
    lines = assign_roles(passages, article.title, recurring, article.outlet, known)
    _mark_wall(lines)
    return _put_together(article, lines)


def with_roles(article: Article, blocks: Sequence[Block], given: Mapping[int, Role]) -> Cleaned | Rejected:
    """The article with the roles that people gave some of its `blocks`, by their positions: those of the others are not found again."""
    lines = []
    for passage, block in zip(_passages_as_cut(article, blocks), blocks, strict=True):
        line = line_of(passage)
        line.be(*((given[block.position], CORRECTION) if block.position in given else (block.role, block.rule)))
        lines.append(line)
    return _put_together(article, lines)


def _passages_as_cut(article: Article, blocks: Sequence[Block]) -> Iterator[Passage]:
    """The passages of an article; where the call at the end of one is a block of its own, both parts."""
    texts = iter(block.text for block in blocks)
    for passage in known_passages(article)[0]:
        start, text = next(texts), passage.text
        if start == text:
            yield passage
        else:
            call = next(texts)
            yield Passage(passage.start, passage.start + len(start), start)
            yield Passage(passage.start + len(text) - len(call), passage.end, call)


def _put_together(article: Article, lines: list[Line]) -> Cleaned | Rejected:
    if not any(line.role in ("body", "heading") for line in lines):
        return Rejected(
            source_path=article.source_path,
            source_record=article.source_record,
            stage="clean",
            reason="no_text",
            detail=f"nothing but boilerplate in {len(article.text)} characters; save or export it again, or remove it if it is no article",
        )
    blocks = _blocks(article, lines)
    text = join_blocks(blocks)
    return Cleaned(_document(article, blocks, text), blocks)


def _mark_wall(lines: list[Line]) -> None:
    """Where a short text ends at a line that asks to pay for the rest, say so of that line: there is the beginning of it alone."""
    kept = [i for i, line in enumerate(lines) if line.role in KEPT and line.role != "title"]
    if not kept or sum(lines[i].n_words for i in kept) >= MOST_OF_STUB:
        return
    while kept and asks_reader(lines[kept[-1]].text):
        lines[kept.pop()].be("boilerplate", BlockRule.PAYWALL)
    for line in lines[kept[-1] + 1 if kept else 0 :]:
        if is_wall(line.text):
            line.be("boilerplate", BlockRule.PAYWALL)


def _blocks(article: Article, lines: list[Line]) -> list[Block]:
    blocks: list[Block] = []
    at = reached = 0
    is_parted = has_space = False
    for position, line in enumerate(lines):
        passage, role = line.passage, line.role or "body"
        is_kept = role in KEPT
        is_parted = is_parted and passage.goes_on
        has_space = has_space or reached < passage.start
        reached = passage.end
        if is_kept:
            at += (has_space if is_parted else len(SEPARATOR)) if at else 0
        block = object.__new__(Block)
        block.__dict__.update(  # as pickle does: a frozen row's own making sets field by field, which takes three times as long
            block_id=f"{article.document_id}-b{position}",
            document_id=article.document_id,
            position=position,
            role=role,
            rule=line.rule,
            raw_start=article.raw_start + passage.start if article.has_raw_offsets else None,
            raw_end=article.raw_start + passage.end if article.has_raw_offsets else None,
            start=at if is_kept else None,
            end=at + len(passage.text) if is_kept else None,
            text=passage.text,
        )
        blocks.append(block)
        if is_kept:
            at += len(passage.text)
            is_parted, has_space = True, False
    return blocks


def _document(article: Article, blocks: list[Block], text: str) -> Document:
    first: dict[Role, str] = {}
    for block in join_pieces(text, blocks):
        first.setdefault(block.role, block.text)
    day, basis = _published(article, blocks)
    return Document(
        document_id=article.document_id,
        shared_id=article.shared_id,
        source_path=article.source_path,
        source_record=article.source_record,
        source_sha256=article.source_sha256,
        format=article.format,
        url=article.url or _address_in(blocks),
        outlet=article.outlet,
        title=article.title or first.get("title"),
        byline=first.get("byline"),
        author=article.author or author_of(first.get("byline")),
        credit=first.get("credit") or article.credit,
        published_on=day,
        published_basis=basis,
        encoding=article.encoding,
        is_repaired=article.is_repaired,
        language=article.language,
        language_score=article.language_score,
        licence=article.licence,
        note=article.note,
        text=text,
        text_sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        n_characters=len(text),
        n_tokens=None,
        n_sentences=None,
        n_mentions=None,
        n_quotes=None,
        is_canonical=True,
        canonical_id=article.document_id,
        duplicate_kind=None,
        similarity=None,
    )


def _published(article: Article, blocks: list[Block]) -> tuple[date | None, DateBasis | None]:
    """The day of publication, and what it was taken from: what is known of the article, else its text, else the name of its file."""
    if article.published_on:
        return article.published_on, article.published_basis
    if day := _day_in(blocks):
        return day, "text"
    day = day_of_name(article.source_path) if article.format in _OF_ONE_DAY else None
    return day, "name" if day else None


_OF_ONE_DAY = ("txt", "html", "docx", "rtf", "odt", "pdf")
"""Formats whose files hold an article, or those of one issue; a table or an archive is named for the day on which it was made."""


def _day_in(blocks: list[Block]) -> date | None:
    """The day that a time of publication, a dateline or a byline gives; else that of the dateline that opens the first paragraph."""
    for block in blocks:
        if (block.rule == BlockRule.PUBLISHED or block.role in ("dateline", "byline")) and (day := written_day(block.text)):
            return day
    body = next((block.text for block in blocks if block.role == "body"), "")
    opening = _DATELINE.match(body)
    return written_day(opening.group()) if opening else None


def _address_in(blocks: list[Block]) -> str | None:
    """The address that stands alone as an article's first line is its own."""
    if blocks and blocks[0].rule == BlockRule.ADDRESS and blocks[0].text.startswith(("https://", "http://")):
        return blocks[0].text
    return None


def author_of(byline: str | None) -> str | None:
    """The names in a byline, without its "By" and the author's role.

    >>> author_of("By Jane Smith, professor of law at York")
    'Jane Smith'
    >>> author_of("By Jane Smith, The Harbour Times")
    'Jane Smith'
    >>> author_of("Jane Smith, Bo de Vries and Lee Ann Ito")
    'Jane Smith; Bo de Vries; Lee Ann Ito'
    """
    if not byline:
        return None
    names = _names().search(_LEAD.sub("", plain_line(byline)))
    found = _BETWEEN_NAMES.split(names.group().rstrip(".")) if names else []
    return join_authors(name for name in found if name == found[0] or not is_outlet(name))


@cache
def _names() -> re.Pattern[str]:
    return re.compile(macros()["NAMES"])
