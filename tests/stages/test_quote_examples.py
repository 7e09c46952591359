"""Sentences with the quotes that they hold, as data: one for each condition of the rules that read quotes with the model's trees."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qantar.schema import Label, Quote
from qantar.stages.quotes import find_quotes, resolve_speakers
from qantar.stages.quotes.assembling import assemble
from qantar.stages.quotes.floor import Floor
from qantar.stages.quotes.grammar import Tree
from qantar.stages.quotes.marks import find_marked
from qantar.stages.quotes.reports import find_reports
from qantar.stages.quotes.speaker_spans import MentionIndex
from qantar.stages.quotes.tokens import tokenize
from qantar.stages.quotes.trees import tree_reports
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
    **dict.fromkeys(("Norlander", "Norlanders"), "NORP"),
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


def mangled(text: str) -> str:
    """A text of the same length, some of its marks others, as in captions and transcripts."""
    chance = random.Random(text)
    return "".join(chance.choice("“”,.:;—()-'’ ") if not c.isalnum() and chance.random() < 0.25 else c for c in text)


@pytest.mark.parametrize(
    ("spelt", "every"), [(str, 2), (str.upper, 8), (str.title, 12), (mangled, 6)], ids=lambda v: getattr(v, "__name__", "")
)
def test_any_part_of_a_passage_is_read(spelt: Callable[[str], str], every: int) -> None:
    chance = random.Random(17)
    for example in EXAMPLES[::every]:
        document, blocks, sentences, mentions = annotated(*passages(example), names=NAMES)
        text = spelt(document.text)
        assert len(text) == len(document.text)
        index, marked = MentionIndex(mentions), find_marked(text, blocks)
        tree = Tree.of(tree_of(document, sentences), text) if example.get("trees", True) else None
        tokens = tokenize(text, 0, len(text), list(enumerate(marked)), tree.pos_at if tree else {})
        for _ in range(4):
            first, behind = sorted(chance.sample(range(len(tokens) + 1), 2))
            part = tokens[first:behind]
            reports = find_reports(part)
            drafts = assemble(text, part, tree_reports(part, tree, reports) if tree else reports, marked, index)
            floor = Floor(text, index)
            floor.take(part, drafts, 0, 0)
            floor.leave(part)


def test_a_sentence_that_breaks_off_anywhere_is_read() -> None:
    for example in EXAMPLES[::6]:
        words = str(passages(example)[-1]).split()
        for end in range(1, min(len(words), 14)):
            quotes_of(" ".join(words[:end]), names=NAMES)  # without trees; it proves the offsets of each
