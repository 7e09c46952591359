"""Small articles for the tests of names: a text becomes a document, its sentences and its mentions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from spacy.language import Language

from qantar.schema import Document, Mention, Sentence
from qantar.stages.mentions import find_mentions
from qantar.stages.sentences import split_sentences
from qantar.text.known_names import Names, load_names
from tests.handmade import blocks_of, document_of


@cache
def lexicon() -> Names:
    """The shipped names, without an authority."""
    return load_names(None)


@cache
def carrier() -> Language:
    import spacy

    return spacy.blank("en")


def article(text: str, document_id: str = "aaaaaaaaaaaa", published_on: date | None = None) -> tuple[Document, list[Sentence]]:
    """A document whose paragraphs are the lines of `text`, and its sentences; raw offsets are ten ahead."""
    lines = [line for line in text.split("\n") if line]
    blocks = blocks_of(document_id, lines, " " * 10 + text)
    blocks = [replace(b, start=b.raw_start - 10, end=b.raw_end - 10) for b in blocks if b.raw_start is not None and b.raw_end is not None]
    document = replace(document_of(document_id, blocks, published_on=published_on), text=text)
    return document, split_sentences(document, blocks)


def mentions_of(
    text: str, names: Names | None = None, document_id: str = "aaaaaaaaaaaa", published_on: date | None = None
) -> list[Mention]:
    """The mentions of a text."""
    document, sentences = article(text, document_id, published_on)
    return find_mentions(carrier().make_doc(text), document, sentences, names or lexicon())
