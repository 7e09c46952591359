"""Texts with the names, dates and amounts that they hold, as data: one or more for each condition of the rules that find them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from spacy.tokens import Doc, Span

from qantar.schema import Mention
from qantar.stages.mentions import find_mentions
from qantar.text.known_names import Names, load_names
from tests.stages.articles import article, carrier, lexicon

EXAMPLES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("mention_examples.toml").read_text("utf-8"))["example"]


def marked(text: str, names: list[str]) -> Doc:
    """The text as a Doc in which a model has marked some names, in order, each as "name|label"."""
    doc, reached, spans = carrier().make_doc(text), 0, []
    for name, label in (shown.split("|") for shown in names):
        start = text.index(name, reached)
        reached = start + len(name)
        span = doc.char_span(start, reached, label=label, alignment_mode="expand")
        assert isinstance(span, Span)
        spans.append(span)
    doc.set_ents(spans)
    return doc


def authority(folder: Path, rows: list[str]) -> Names:
    """The shipped names and those of an authority: "id,name,label" each."""
    path = folder / "authority.csv"
    path.write_text("\n".join(["id,name,label,wikidata_id,description,aliases,slips", *(f"{row},,,," for row in rows)]) + "\n", "utf-8")
    return load_names(path)


def row(mention: Mention) -> str:
    """A mention as it stands in the file."""
    parts = [mention.text, mention.label, mention.method, mention.entity_id, mention.link_method, mention.value, mention.metonym_of]
    return "|".join(part for part in parts if part)


def shown(example: dict[str, Any], folder: Path) -> list[str]:
    """The mentions of an example as they stand in the file."""
    names = authority(folder, example["authority"]) if "authority" in example else lexicon()
    document, sentences = article(example["text"], published_on=date(2024, 3, 13))
    return [row(m) for m in find_mentions(marked(example["text"], example.get("model", [])), document, sentences, names)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['rule']}: {e['text']}"[:60])
def test_a_text_gives_its_mentions(example: dict[str, Any], tmp_path: Path) -> None:
    assert shown(example, tmp_path) == example["mentions"]
