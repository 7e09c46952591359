"""The lexicon's rules for single lines: each pattern has a line that no other knows, and lines of articles are left alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qantar.stages.blocks import line_rules
from qantar.stages.blocks.block_rules import OF_LEXICON
from qantar.stages.blocks.line_rules import is_of_the_site, is_reported, pattern_of, plain_line
from qantar.stages.blocks.read_patterns import shipped
from qantar.text.lexicon import read_toml
from tests.stages.test_clean import PARAGRAPH, clean

HERE = Path(__file__).parent
SET_ASIDE = {"boilerplate", "byline", "credit", "dateline"}
RULES = read_toml("boilerplate.toml")["rule"]
PATTERNS = [
    (n, re.compile(pattern_of(pattern), re.IGNORECASE), rule.get("where", "anywhere"), rule.get("bracketed", False), rule["max_words"])
    for n, rule in enumerate(RULES)
    for pattern, _ in rule["patterns"]
]
EXAMPLES = [(n, position, example) for n, rule in enumerate(RULES) for position, (_, example) in enumerate(rule["patterns"])]


def lines_of(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text("utf-8").splitlines() if line and not line.startswith("# ")]


def between_paragraphs(line: str) -> str:
    blocks = clean("\n\n".join([PARAGRAPH, PARAGRAPH, line, PARAGRAPH, PARAGRAPH])).blocks
    return next((block.role for block in blocks if block.text == line), "parted")


@pytest.mark.parametrize(("rule", "position", "example"), EXAMPLES, ids=lambda value: value if isinstance(value, str) else None)
def test_every_pattern_has_a_line_that_only_it_knows(rule: int, position: int, example: str) -> None:
    places = {"anywhere", RULES[rule].get("where", "anywhere")}
    known_by = [
        (n, pattern.pattern)
        for n, pattern, where, bracketed, max_words in PATTERNS
        if where in places and (not bracketed or example.startswith("(")) and example.count(" ") < max_words
        if pattern.fullmatch(plain_line(example))
    ]
    assert known_by == [(rule, pattern_of(RULES[rule]["patterns"][position][0]))]
    assert not (RULES[rule].get("unless") == "reported" and is_reported(plain_line(example).lower()))


@pytest.mark.parametrize("line", lines_of("lines_of_furniture.txt"))
def test_furniture_is_set_aside_in_the_midst_of_an_article(line: str) -> None:
    assert between_paragraphs(line) in SET_ASIDE


@pytest.mark.parametrize("line", lines_of("lines_of_articles.txt"))
def test_a_line_that_only_sounds_like_furniture_is_text(line: str) -> None:
    assert between_paragraphs(line) in {"body", "heading", "speaker_heading"}


@pytest.mark.parametrize("verb", [verb for key in ("verbs", "closing") for verb in read_toml("boilerplate.toml")["reported"][key]])
def test_every_reporting_verb_keeps_a_line_in_the_text(verb: str) -> None:
    assert is_reported(f"join us, the poster {verb}.")
    assert between_paragraphs(f"Join us now, the poster {verb}.") == "body"


def test_a_recurring_sentence_is_furniture_where_it_is_about_the_site() -> None:
    assert is_of_the_site("The Courier is an independent newspaper and publishes the opinions of all.")
    assert not is_of_the_site("The revolt began when the price of fuel was doubled.")
    assert not is_of_the_site("“Our newspaper is independent and so are its readers.”")
    assert not is_of_the_site("“Our newspaper and its readers”")
    assert not is_of_the_site("Readers of the newspaper were arrested, the ministry said.")
    assert not is_of_the_site("The newspaper has lost its readers, the editor warned.")


def test_the_lexicon_has_the_rules_that_the_code_knows_by_name() -> None:
    assert set(OF_LEXICON) <= {rule["name"] for rule in RULES}


def test_a_last_paragraph_that_tells_what_a_person_did_is_no_note_on_its_author() -> None:
    told = "Jane Smith, a fellow of the Valley Institute, welcomed the move: “At last somebody listens.”"
    note = "Jane Smith, a fellow of the Valley Institute"
    roles = [clean("\n\n".join([PARAGRAPH, PARAGRAPH, last])).blocks[-1].role for last in (told, note)]
    assert roles == ["body", "byline"]


def test_what_was_read_off_the_rules_is_not_read_off_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [(p.openings, p.groups, p.needed) for p in line_rules._all_patterns()]
    kept = line_rules.read_rules()
    unread = line_rules._rules.__wrapped__()
    monkeypatch.setattr(line_rules, "_rules", lambda: unread)
    line_rules.know_rules(lambda: kept)
    for name in ("openings", "needed_groups", "needed_literals"):
        monkeypatch.setattr(line_rules, name, lambda written: pytest.fail("a pattern is read off again"))
    assert [(p.openings, p.groups, p.needed) for p in line_rules._all_patterns()] == before
    line_rules.know_rules(lambda: pytest.fail("what is known is asked for again"))


def test_what_ships_of_patterns_is_what_is_read_off_them() -> None:
    read = line_rules.read_patterns()
    kept = shipped(read)
    assert {pattern: read[pattern] for pattern in kept} == kept, "python tools/read_patterns.py writes it again"
    assert len(kept) > 0.9 * len(read), "python tools/read_patterns.py adds what is new"
    assert line_rules.read_patterns(dict(list(kept.items())[1:])) == read
