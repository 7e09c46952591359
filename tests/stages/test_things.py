"""Names that their form tells, and what a model takes for a name that is none: the examples of tests/stages/things.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

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
