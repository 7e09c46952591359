"""What finding names reads of the authority and the lexicon is what `names_spelled` says; keys of stored results hold nothing else."""

from __future__ import annotations

import re
from functools import cache

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Span

from qantar.schema import Mention
from qantar.stages.mentions import find_mentions, names_spelled
from qantar.text.known_names import Known, Names, load_names
from tests.conftest import ROOT
from tests.stages.articles import article

TEXTS = [*sorted((ROOT / "raw").glob("*.txt")), *sorted((ROOT / "tests/stages/outlets").glob("*.txt"))]
_NAME = re.compile(r"[A-Z][\w-]+(?: [A-Z][\w-]+)*")
SLIPS = [
    Known("harbour-master", "Harbour Master", "PERSON", "authority", slips=("near [Norway]", "the [Kenyan] port")),
    Known("norway", "Kingdom of Norway", "GPE", "authority", aliases=("Norway", "Norge", "OSLO"), country="NO", is_country=True),
]


@cache
def names() -> Names:
    known = load_names(ROOT / "raw/authority.csv")
    for entity in SLIPS:
        known.add(entity)
    return known


@cache
def carrier() -> Language:
    return spacy.blank("en")


def told_of(text: str) -> Names:
    """The names of what the text spells, and of the countries that it leads to, alone."""
    told = Names(first_names=names().first_names, common=names().common)
    for identity in names().with_countries(names_spelled(text, names())):
        told.add(names().entities[identity])
    return told


def found(text: str, known: Names, *, has_model: bool) -> list[Mention]:
    """The mentions of a text; a model takes whatever is in capitals for a person."""
    document, sentences = article(text)
    doc = carrier()(text)
    spans = [doc.char_span(*m.span(), label="PERSON") for m in _NAME.finditer(text) if has_model]
    doc.set_ents([span for span in spans if isinstance(span, Span)])
    return find_mentions(doc, document, sentences, known)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
@pytest.mark.parametrize("has_model", [False, True])
def test_entities_that_no_text_spells_make_no_difference(path: object, has_model: bool) -> None:
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if line.strip())  # type: ignore[attr-defined]
    assert found(text, told_of(text), has_model=has_model) == found(text, names(), has_model=has_model)


WORDS = [
    "Kazakhstan",
    "Kazakh",
    "kazakhs",
    "Georgia",
    "Moscow",
    "Paris",
    "London",
    "Jordan",
    "Michael",
    "near",
    "Norway",
    "the",
    "Kenyan",
    "port",
]
WORDS += [
    "Norge",
    "OSLO",
    "oslo",
    "www.kazakhstan.com/Paris",
    "#Norway",
    "said",
    "in",
    "New",
    "York",
    "South",
    "Korea",
    ",",
    ".",
    "Mexico",
    "City",
    "AND",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), st.booleans())
def test_nor_in_any_order_of_words(words: list[str], has_model: bool) -> None:
    text = " ".join(words)
    assert found(text, told_of(text), has_model=has_model) == found(text, names(), has_model=has_model)


def test_what_a_text_spells_is_few() -> None:
    assert len(told_of("Ministers met in Nairobi on Monday.").entities) < 10
