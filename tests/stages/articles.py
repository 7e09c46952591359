"""Small articles for the tests of names: a text becomes a document, its sentences and its mentions."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from flows.schema import Block, Document, Mention, Sentence
from flows.stages.mentions import find_mentions
from flows.stages.names import Names, load_names
from flows.stages.sentences import split_sentences


@cache
def lexicon() -> Names:
    """The shipped names, without an authority."""
    return load_names(None)


@cache
def carrier():  # type: ignore[no-untyped-def]
    import spacy

    return spacy.blank("en")


def article(text: str, document_id: str = "aaaaaaaaaaaa", published_on: date | None = None) -> tuple[Document, list[Sentence]]:
    """A document whose paragraphs are the lines of `text`, and its sentences; raw offsets are ten ahead."""
    document = Document(
        document_id=document_id,
        source_path=f"{document_id}.txt",
        source_record="1",
        source_sha256="0" * 64,
        format="txt",
        url=None,
        outlet=None,
        title=None,
        byline=None,
        author=None,
        credit=None,
        published_on=published_on,
        language="en",
        language_score=1.0,
        licence=None,
        text=text,
        text_sha256="0" * 64,
        n_characters=len(text),
        n_tokens=None,
        n_sentences=None,
        n_mentions=None,
        n_quotes=None,
        is_canonical=True,
        canonical_id=document_id,
        duplicate_kind=None,
        similarity=None,
    )
    blocks = [
        Block(
            block_id=f"{document_id}-b{position}",
            document_id=document_id,
            position=position,
            role="body",
            rule="test",
            raw_start=match.start() + 10,
            raw_end=match.end() + 10,
            start=match.start(),
            end=match.end(),
            text=match[0],
        )
        for position, match in enumerate(re.finditer(r"[^\n]+", text))
    ]
    return document, split_sentences(document, blocks)


def mentions_of(
    text: str, names: Names | None = None, document_id: str = "aaaaaaaaaaaa", published_on: date | None = None
) -> list[Mention]:
    """The mentions of a text."""
    document, sentences = article(text, document_id, published_on)
    return find_mentions(carrier().make_doc(text), document, sentences, names or lexicon())
