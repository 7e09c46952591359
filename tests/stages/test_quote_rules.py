"""Each rule that finds quotes has examples, as data beside its name; and whom pronouns stand for."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from qantar.schema import Label, Quote
from qantar.stages.quotes.rules import Rule
from tests.stages.annotated import quotes_of

EXAMPLES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("quote_rules.toml").read_text("utf-8"))["example"]
NAMES: dict[str, Label] = {
    "Ann Lee": "PERSON",
    "Tom Ray": "PERSON",
    "Lee": "PERSON",
    "Ray": "PERSON",
    "Norland": "GPE",
    "Harbour Council": "ORG",
}
BY_TREES = {Rule.ADJ, Rule.NOUN}  # their examples are in test_quotes_by_grammar


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['rule']}: {e['text'][-1][:40]}")
def test_a_rule_finds_its_example(example: dict[str, Any]) -> None:
    passages = [tuple(p) if isinstance(p, list) else p for p in example["text"]]
    found = [[q.method.split()[0], q.kind, q.speaker or "", q.text] for q in quotes_of(*passages, names=NAMES)]
    assert found == example["quotes"]
    assert example["rule"] in {rule for rule, *_ in found}


def test_every_rule_has_an_example() -> None:
    assert {Rule(e["rule"]) for e in EXAMPLES} == set(Rule) - BY_TREES


PEOPLE: dict[str, Label] = {**NAMES, "Maria Tonne": "PERSON", "Karl Hedvig": "PERSON", "Nora Feldt": "PERSON", "Bramwell": "PERSON"}


def who(*paragraphs: str) -> list[str | None]:
    return [q.speaker_entity_id for q in quotes_of(*paragraphs, names=PEOPLE) if q.speaker_basis == "pronoun"]


@pytest.mark.parametrize(
    ("paragraphs", "entities"),
    [
        # the text or a given name tells whom a pronoun can't mean
        (["Karl Hedvig was arrested. Later Maria Tonne drove home. He said it was dark."], ["hedvig"]),
        (["Nora Feldt came first. In May, Karl Hedvig denied it. She said it was dark."], ["feldt"]),
        # whom somebody is asked about is not who answers
        (["“We stay,” said Karl Hedvig. It rained.", "Asked whether Tom Ray would go, he said it was early."], ["hedvig"]),
        # nor, in the next sentence, whom the one asked did not name
        (["Karl Hedvig was there.", "Pressed on whether Tom Ray would go, he laughed. “Tom is early,” he said."], ["hedvig"]),
        # a sentence about "he" names nobody new
        (["Karl Hedvig was there. He was stopped by Tom Ray. “I am ill,” he said."], ["hedvig"]),
        # who is asked answers
        (["“Why?” a reporter asked Karl Hedvig. “No,” he replied."], ["hedvig"]),
        # a name behind "with" and whom it belongs to is no subject
        (["In an interview with Norland's Karl Hedvig, Tom Ray answered. He said it was dark."], ["ray"]),
        # a long quotation is one step
        (
            ["Tom Ray came.", "“One. Two is more than that. Three is more. Four is more. Five is more. Six is more. Seven,” he said."],
            ["ray"],
        ),
        # "who" is whom it follows, or the person of the place or body there
        (["Karl Hedvig of Norland, who said it was dark, left."], ["hedvig"]),
        (["Tom Ray, a clerk in Norland, who said it was late, left."], ["ray"]),
        (["Karl Hedvig's children, who said it was dark, left."], [None]),
        (["Norland met others who said it was dark."], [None]),
        # nor is a companion without a name whoever spoke before
        (["“A hard chair keeps us young,” said Karl Hedvig.", "My neighbour laughed. “It is late,” he said."], [None]),
        # two joined names are nobody's "he"
        (["Karl Hedvig and Tom Ray met. He said it was dark."], [None]),
        # somebody new who is described speaks, not the name before
        (["Nora Feldt was there. A nurse said it was late. “I am tired,” she said."], [None]),
        # nor is somebody new whom a sentence is about, unless it may be about whom the pronoun means, or of another gender, or a body
        (["“We stay,” said Karl Hedvig.", "A spokesman for the port thanked the town. He would not stay. “It is late,” he said."], [None]),
        (["“We stay,” said Karl Hedvig.", "A spokesman for the port thanked his town. “It is late,” he said."], ["hedvig"]),
        (["“We stay,” said Karl Hedvig.", "A woman thanked the town. “It is late,” he said."], ["hedvig"]),
        (["“We stay,” said Karl Hedvig.", "A court thanked the town. “It is late,” he said."], ["hedvig"]),
        (["“We stay,” said Karl Hedvig.", "A letter came from the town. “It is late,” he said."], ["hedvig"]),
        # the last speaker, over the names of the sentence between
        (["“We will win,” Karl Hedvig said.", "The plan of Tom Ray had failed. “It was poor,” he said."], ["hedvig"]),
    ],
)
def test_a_pronoun_stands_for_whom_the_text_allows(paragraphs: list[str], entities: list[str | None]) -> None:
    assert who(*paragraphs) == entities


def test_names_that_speak_together_are_all_speakers_in_order() -> None:
    (quote,) = quotes_of("Ann Lee and Tom Ray said the plan had failed.", names=NAMES)
    assert (quote.speaker_entity_id, quote.speaker_entity_ids) == ("lee", ["lee", "ray"])
    assert [quote.speaker[a - quote.speaker_start : b - quote.speaker_start] for a, b in quote.speakers] == ["Ann Lee", "Tom Ray"]  # type: ignore[index,operator]


@pytest.mark.parametrize(
    "paragraphs",
    [
        # no interview: one question, a question in marks, no name in the heading, a paragraph that asks and tells
        [("title", "Interview: Ann Lee"), "She spoke.", "Why did it take so long?", "It was late."],
        [("title", "Interview: Ann Lee"), "“Why did it take so long?”", "It was late.", "“Was it hard?”", "It was."],
        [("title", "Interview in the harbour"), "Why did it take so long?", "It was late.", "Was it hard?", "It was."],
        [("title", "Interviewed: Ann Lee"), "Why did it take so long?", "It was late.", "Was it hard?", "It was."],
        [("title", "Interview: Ann Lee"), "Why did it take so long?", "Was it hard? It was.", "Nobody came."],
    ],
)
def test_questions_below_a_heading_make_an_interview_only_where_both_say_so(paragraphs: list[str | tuple[str, str]]) -> None:
    assert [q for q in quotes_of(*paragraphs, names=NAMES) if q.kind == "block"] == []  # type: ignore[arg-type]


def score_of(quotes: list[Quote]) -> float | None:
    return quotes[-1].speaker_score


def test_a_name_is_surer_than_a_pronoun_and_a_pronoun_than_a_floor() -> None:
    name, pronoun, alone = (
        score_of(quotes_of(*p, names=NAMES))
        for p in (["Ann Lee said it rained."], ["Ann Lee was there. She said it rained."], ["Ann Lee saw it at noon. “I missed it twice.”"])
    )
    assert name is not None and pronoun is not None and alone is not None
    assert name > pronoun > alone


@pytest.mark.parametrize("text", ["Ann Lee praised Norland.", "Ann Lee blamed it.", "According to me, the plan had failed."])
def test_a_name_or_a_pronoun_alone_and_the_authors_own_view_are_no_quotes(text: str) -> None:
    assert quotes_of(text, names=NAMES) == []
