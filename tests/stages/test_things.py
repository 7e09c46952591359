"""Names that their form tells, and what a model takes for a name that is none: the examples of tests/stages/things.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from spacy.tokens import Doc

from qantar.stages.mentions import find_mentions
from qantar.stages.mentions.things import find_things
from tests.stages.articles import article, carrier, lexicon

EXAMPLES = tomllib.loads((Path(__file__).parent / "things.toml").read_text("utf-8"))


@pytest.mark.parametrize("example", EXAMPLES["thing"], ids=[e["rule"] for e in EXAMPLES["thing"]])
def test_the_form_of_a_name_tells_what_it_is(example: dict[str, Any]) -> None:
    text = example["text"]
    found = find_things(carrier().make_doc(text), text, lexicon())
    assert [f"{text[t.start : t.end]}|{t.label}" for t in found] == example["names"]


@pytest.mark.parametrize("example", EXAMPLES["span"], ids=[e["rule"] for e in EXAMPLES["span"]])
def test_a_models_names_are_cut_and_refused_by_rules(example: dict[str, Any]) -> None:
    text, reached, spans = example["text"], 0, []
    doc = carrier().make_doc(text)
    for marked in example["model"]:
        name, label = marked.split("|")
        start = text.index(name, reached)
        reached = start + len(name)
        span = doc.char_span(start, reached, label=label, alignment_mode="expand")
        assert span is not None
        spans.append(span)
    doc.ents = spans
    document, sentences = article(text)
    found = [f"{m.text}|{m.label}" for m in find_mentions(doc, document, sentences, lexicon())]
    assert found == example["names"]


@pytest.mark.parametrize(
    ("words", "pos", "name"), [("rose again", "VERB ADV", "Ben & Jerry's"), ("sales rose", "NOUN VERB", "Ben & Jerry")]
)
def test_a_company_keeps_its_s_where_no_noun_follows(words: str, pos: str, name: str) -> None:
    tokens = ["Ben", "&", "Jerry", "'s", " ", *words.split(), "today", "."]
    doc = Doc(
        carrier().vocab,
        tokens,
        [True, True, False, True, False, *[True] * 4],
        pos=["PROPN", "CCONJ", "PROPN", "PART", "SPACE", *pos.split(), "NOUN", "PUNCT"],
    )
    assert [doc.text[t.start : t.end] for t in find_things(doc, doc.text, lexicon())] == [name]
