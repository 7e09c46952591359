"""What is found in one article, as it is stored: to read it takes neither spaCy nor the model."""

from __future__ import annotations

from typing import NamedTuple

from qantar.corrections import Outcome
from qantar.schema import Document, Mention, Quote, Sentence, Token
from qantar.stages.entities import NameUse, PlacedName, local_names, placed_names, uses_of
from qantar.stages.quotes.packed_trees import PackedTree


class Annotations(NamedTuple):
    """What was found in one article; the document has its counts."""

    document: Document
    sentences: list[Sentence]
    mentions: list[Mention]
    quotes: list[Quote]
    told: tuple[Outcome, ...] = ()
    """What became of corrections."""
    tokens: tuple[Token, ...] = ()
    """Its tokens, where they are wanted."""
    tree: PackedTree | None = None
    """What quotes are looked for in again when names are corrected; None where it takes the whole annotation."""


class Article(NamedTuple):
    """What was found in an article, and the names that it uses."""

    found: Annotations
    uses: list[NameUse]
    placed: list[PlacedName]


def with_names(found: Annotations) -> Article:
    """What was found in an article, with its names."""
    names = local_names(found.mentions, found.document.text, found.sentences)
    uses = uses_of(names, found.document.published_on)
    return Article(found, uses, placed_names(names, uses))
