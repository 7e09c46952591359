"""What the rules of the surface read at one place of a text, as data: noun phrases, and how far a report reaches."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from qantar.stages.quotes import beginnings, cue_adverbials, datelines, extents, first_subjects, frames, phrases, phrases_before
from qantar.stages.quotes.marks import find_marked
from qantar.stages.quotes.tokens import Token, tokenize
from tests.stages.annotated import annotated

GRAMMAR: dict[str, Any] = tomllib.loads(Path(__file__).with_name("grammar.toml").read_text("utf-8"))
ROWS = [(function, text, found) for function, table in GRAMMAR.items() for text, found in table["rows"]]
MODULES = (beginnings, cue_adverbials, datelines, extents, first_subjects, frames, phrases, phrases_before)
BACK = {"phrase_before", "phrase_behind_with", "left_range"}
ENDS = {"clause_end", "object_end"}


def read(text: str) -> tuple[str, list[Token], int]:
    """A text without its bar, its tokens, and where the bar stood."""
    before, _, behind = text.partition("|")
    document, blocks, *_ = annotated(before + behind)
    marked = list(enumerate(find_marked(document.text, blocks)))
    return document.text, tokenize(document.text, 0, len(document.text), marked, {}), len(before)


def found_at(function: str, text: str) -> str | bool:
    """What a function finds at the bar: the words of a phrase, those from a token on or up to it, or whether."""
    plain, tokens, bar = read(text)
    at = [t.end <= bar for t in tokens].count(True) - (function in BACK)
    call = next(getattr(module, function) for module in MODULES if hasattr(module, function))
    given = [len(tokens)] if function in ("phrase_after", "first_subject") else [len(tokens) - 1] if function == "names" else []
    result = call(tokens, at, *given)
    if result is None or isinstance(result, bool):
        return bool(result) if isinstance(result, bool) else ""
    if isinstance(result, tuple):
        return plain[tokens[result[0]].start : tokens[result[1]].end]
    if function in ENDS:
        return plain[tokens[at].start : tokens[result].end]
    return plain[tokens[result].start :] if result < len(tokens) else ""


@pytest.mark.parametrize(("function", "text", "found"), ROWS, ids=lambda value: str(value)[:50])
def test_words_are_found_at_the_bar(function: str, text: str, found: str | bool) -> None:
    assert found_at(function, text) == found
