"""Sentences with the quotes that they hold, as data: one for each condition of the rules that read quotes with the model's trees."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from qantar.schema import Label, Quote
from qantar.stages.quotes import find_quotes, resolve_speakers
from tests.handmade import Passage
from tests.stages.annotated import annotated, quotes_of
from tests.stages.trees import tree_of

EXAMPLES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("quote_examples.toml").read_text("utf-8"))["example"]
NAMES: dict[str, Label] = {
    **dict.fromkeys(
        (
            "Ann Lee",
            "Tom Ray",
            "Lee",
            "Ray",
            "Maria Tonne",
            "Karl Hedvig",
            "Nora Feldt",
            "Maria May",
            "Karl Hayes",
            "Tonne",
            "Hedvig",
            "Feldt",
        ),
        "PERSON",
    ),
    **dict.fromkeys(("Norland", "Torvik"), "GPE"),
    **dict.fromkeys(("Harbour Council", "Norland Radio", "Torvik Post"), "ORG"),
    "Norlanders": "NORP",
}


def passages(example: dict[str, Any]) -> list[Passage]:
    """The paragraphs of an example, those with a role as pairs."""
    return [tuple(p) if isinstance(p, list) else p for p in example["text"]]


def shown(quote: Quote) -> list[str]:
    """A quote as its row in the file."""
    stands_for = f" = {quote.speaker_entity_id}" if quote.speaker_basis != "name" and quote.speaker_entity_id else ""
    return [quote.method, quote.kind, (quote.speaker or "") + stands_for, quote.cue or "", quote.text]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: str(e["text"])[:60])
def test_a_sentence_gives_its_quotes(example: dict[str, Any]) -> None:
    document, blocks, sentences, mentions = annotated(*passages(example), names=NAMES)
    tree = tree_of(document, sentences) if example.get("trees", True) else None
    quotes = find_quotes(tree, document, blocks, sentences, mentions)
    assert [shown(q) for q in resolve_speakers(quotes, mentions, sentences, blocks)] == example["quotes"]


def test_a_sentence_that_breaks_off_anywhere_is_read() -> None:
    for example in EXAMPLES[::6]:
        words = str(passages(example)[-1]).split()
        for end in range(1, min(len(words), 14)):
            quotes_of(" ".join(words[:end]), names=NAMES)  # without trees; it proves the offsets of each
