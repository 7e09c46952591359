"""Corrections of an annotated article: what they leave alone is not found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from qantar.corrections import Fix, of_tables
from qantar.schema import Block, Document, Mention

if TYPE_CHECKING:
    from qantar.pipeline.annotations import Article


def day_before(document: Document, fixes: Sequence[Fix]) -> date | None:
    """The day that an article had before people corrected it: what was found then has only other values of dates."""
    day = str(document.published_on or "")
    for fix in reversed(fixes):
        if (fix.document, fix.field, fix.value) == (document.document_id, "published_on", day):
            day = fix.text
    try:
        return date.fromisoformat(day) if day else None
    except ValueError:  # the words of a line need not be a day
        return document.published_on


def correct_annotated(article: Article, published_on: date | None, blocks: list[Block], fixes: Sequence[Fix]) -> Article | None:
    """An article with corrections of its day, names and quotes; None where it has to be annotated again.

    Where a name is added, removed or another in a place where quotes ask for names, quotes are looked for again; values, links and quotes
    are corrected as they stand.
    """
    from qantar.corrections.corrected_mentions import RESHAPING, correct_mentions
    from qantar.corrections.corrected_quotes import correct_quotes
    from qantar.pipeline.annotations import with_names
    from qantar.stages.mentions import date_mentions
    from qantar.stages.quotes import find_quotes
    from qantar.stages.quotes.packed_trees import unpack_tree

    named, quoted = of_tables(fixes, "mentions"), of_tables(fixes, "quotes")
    is_reshaped = any(fix.field in RESHAPING for fix in named)
    found = article.found
    if is_reshaped and found.tree is None:
        return None
    document = found.document
    if document.published_on != published_on:
        document = replace(document, published_on=published_on)
        found = found._replace(document=document, mentions=date_mentions(found.mentions, document.text, published_on))
        day = published_on.toordinal() if published_on else None
        article = article._replace(found=found, uses=[use._replace(day=day) for use in article.uses])
    if named:
        mentions, told = correct_mentions(found.mentions, document, found.sentences, named)
        is_asked = is_reshaped and found.tree is not None and found.tree.asks(found.mentions, mentions)
        found = found._replace(mentions=mentions, told=(*found.told, *told))
        if is_asked and found.tree:
            tree = unpack_tree(found.tree, document.text)
            found = found._replace(quotes=find_quotes(tree, document, blocks, found.sentences, mentions))
        is_named_alike = _names_in(mentions) == _names_in(article.found.mentions)
        article = article._replace(found=found) if is_named_alike else with_names(found)
    if quoted:
        quotes, told = correct_quotes(found.quotes, document, blocks, found.sentences, found.mentions, quoted)
        found = found._replace(quotes=quotes, told=(*found.told, *told))
    document = replace(document, n_mentions=len(found.mentions), n_quotes=len(found.quotes))
    return article._replace(found=found._replace(document=document, tree=None))


def _names_in(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions that name somebody or something: dates and amounts say nothing of who is who."""
    from qantar.stages.entities.name_forms import group_of

    return [mention for mention in mentions if group_of(mention.label)]


def give_roles(article: Article, blocks: list[Block]) -> Article | None:
    """An article of which some passages have other roles; None where it has to be annotated again.

    Where its sentences begin where they began, it has the same tree and names, and the same persons: a heading is one sentence, and no
    pronoun of another passage tells whom it names. Quotes are looked for again.
    """
    from qantar.stages.blocks.parted_paragraphs import join_pieces
    from qantar.stages.quotes import find_quotes
    from qantar.stages.quotes.packed_trees import pack_tree, unpack_tree
    from qantar.stages.sentences import split_sentences

    found, text = article.found, article.found.document.text
    if found.tree is None or len(join_pieces(text, blocks)) < len(blocks):
        return None
    tree = unpack_tree(found.tree, text)
    starts = [start for start, end in tree.spans if not text[start:end].isspace()]
    sentences = split_sentences(found.document, blocks, starts)
    as_before = [replace(new, is_heading=old.is_heading) for new, old in zip(sentences, found.sentences, strict=False)]
    if as_before != found.sentences:
        return None
    asked: set[tuple[int, int]] = set()
    quotes = find_quotes(tree, found.document, blocks, sentences, found.mentions, asked)
    document = replace(found.document, n_quotes=len(quotes))
    return article._replace(found=found._replace(document=document, sentences=sentences, quotes=quotes, tree=pack_tree(tree, asked)))
