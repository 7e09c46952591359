"""Small articles for the tests of names: a text becomes a document, its sentences and its mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Span

from qantar.schema import Document, Label, Mention, Sentence
from qantar.stages.mentions import find_mentions, names_spelled
from qantar.stages.sentences import split_sentences
from qantar.text.known_names import Known, Names, load_names
from tests.handmade import blocks_of, document_of

LARGE = 2_000_000
"""People from which on a town is among the few names."""
MARKED: dict[str, Label] = {
    **dict.fromkeys(("President Ngozi Adebayo", "Ngozi Adebayo", "Ngozi Adébayo", "Adebayo", "Anna Lindberg", "Khan"), "PERSON"),
    **dict.fromkeys(("Joanna Lillis", "Lillis", "Joanna", "Sergei Shoigulov", "Shoygulov", "Sergey Obolenskiy"), "PERSON"),
    **dict.fromkeys(("Maria Rossi", "David Rossi", "Rossi", "Kassym-Jomart Tokayev", "Prime Minister Mark Rutte"), "PERSON"),
    **dict.fromkeys(("Secretary of State Antony Blinken", "Omar al-Bashir", "Ursula von der Leyen"), "PERSON"),
    **dict.fromkeys(("Bulan Institute for Peace Innovations", "Bulan Institute", "National Rescue Committee", "NRC", "BBC"), "ORG"),
    **dict.fromkeys(("The University of Oslo", "the Ministry of Health and Care Services", "Supreme Court", "the Guardian's"), "ORG"),
    "Supreme Court of Nigeria": "ORG",
}
"""The names in texts of the tests that a model would mark."""


@cache
def lexicon() -> Names:
    """The shipped names, without an authority."""
    return load_names(None)


@cache
def few_names() -> Names:
    """The shipped names but for small towns."""
    whole, few = lexicon(), Names(first_names=lexicon().first_names, common=lexicon().common)
    for known in whole.entities.values():
        if known.label != "GPE" or known.is_country or known.is_capital or known.population > LARGE:
            few.add(known)
    return few


def names_of(text: str, authority: Iterable[Known] = (), among: Names | None = None) -> Names:
    """Those of the few names, or of others, that a text spells, their countries, and an authority's: quick to tell who is who among."""
    whole, spelled = among or few_names(), Names(first_names=lexicon().first_names, common=lexicon().common)
    for identity in whole.with_countries(names_spelled(text, whole)):
        spelled.add(whole.entities[identity])
    for known in authority:
        spelled.add(known)
    return spelled


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
    """The mentions of a text, in which a model marks the names of `MARKED`."""
    document, sentences = article(text, document_id, published_on)
    return find_mentions(marked(text), document, sentences, names or lexicon())


def marked(text: str) -> Doc:
    """A text as a Doc in which the names of `MARKED` are marked, the longest first."""
    doc = carrier().make_doc(text)
    found = re.finditer("|".join(sorted(map(re.escape, MARKED), key=len, reverse=True)), text)
    spans = [doc.char_span(m.start(), m.end(), label=MARKED[m[0]]) for m in found]
    doc.set_ents([span for span in spans if isinstance(span, Span)])
    return doc
