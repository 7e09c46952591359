"""What a line must hold for a pattern to match it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.stages.blocks.line_rules import is_reported, match_rule, pattern_of, plain_line
from qantar.stages.blocks.literals import fold, needed_groups, needed_literals, openings
from qantar.stages.blocks.signs import Signs, pieces_of
from qantar.text.lexicon import read_toml

OUTLETS = sorted(Path(__file__).with_name("outlets").glob("*.txt"))
LINES = [line.partition("|")[2] for path in OUTLETS for line in path.read_text("utf-8").splitlines() if line]
LEXICON = read_toml("boilerplate.toml")


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r".{0,200}\ball rights\b.{0,200}", {"all rights"}),
        (r".{0,80}\breader-(?:supported|funded)\b", {"reader-"}),
        (r".*(?:photos?|photographs?|images?) by", {"photo", "image"}),
        (r".*[(\[]x", {"(", "["}),
        (r".*©(?-i:[A-Z])", {"©"}),
        (r".*(?:cookies?)?", set()),
        (r".*(?:cookies|\w+)", set()),
        (r".*(?!cookies)(?<=cookies)[^a][a-z]\d", set()),
        (r"(?:(?:never|always) ){2,}[é]", {"never", "always"}),
        (r".*(?:in|on|at) .*", set()),
        (r".*[([{|<]x", set()),
        (r".*©é", {"©"}),
    ],
)
def test_the_literals_that_no_match_is_without_are_found_if_they_are_rare(pattern: str, literals: set[str]) -> None:
    assert set(needed_literals(pattern)) == literals


PIECES = [
    "all rights",
    "(?:photo|IMAGE|pic)s?",
    "[(|]",
    "(?-i:Kyiv)",
    "©? ?by",
    "(?:e-?mail ){1,2}",
    ".{0,5}",
    r"\w",
    "[^.]?",
    "(?:kiosk|)",
    "(?!x)is",
]


@given(st.data(), st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join))
def test_whatever_matches_a_pattern_holds_one_of_its_literals(data: st.DataObject, pattern: str) -> None:
    text = fold(data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE), fullmatch=True)))
    assert not needed_literals(pattern) or any(literal in text for literal in needed_literals(pattern))
    groups = [pieces for literals in needed_groups(pattern) if (pieces := pieces_of(literals))]
    signs = Signs({piece: 1 << n for n, piece in enumerate(sorted(set().union(*groups)))}, {})
    assert all(any(piece in text for piece in pieces) for pieces in groups)
    assert all(signs.of(text) & signs.of(" ".join(pieces)) for pieces in groups)


@given(st.data(), st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join))
def test_whatever_matches_a_pattern_begins_as_it_says(data: st.DataObject, pattern: str) -> None:
    text = fold(data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE), fullmatch=True)))
    found = openings(pattern)
    assert found is None or text[:2] in found or text[:1] in found


def test_the_words_of_a_line_say_which_pieces_and_words_it_holds_however_many_were_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"letter": 1, "news": 2, "(": 4, "©": 8}, {"e-mail": 16, "mail": 32}
    lines = {"newsletters": 3, "news letter (e-mail's": 23, "©": 8, "the e-mailed mail1": 32, f"{'x' * 99}news": 2, "let ter": 0}
    signs = Signs(*words)
    assert {line: signs.of(line) for line in lines} == lines
    monkeypatch.setattr("qantar.stages.blocks.signs._MOST_REMEMBERED", 2)
    signs = Signs(*words)
    assert {line: signs.of(line) for line in lines} == lines
    assert len(signs) <= 2


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\b(?=x)ab", {"ab"}),
        ("(?:a|bc)d", {"ad", "bc"}),
        ("[a-c]?x+", {"ax", "bx", "cx", "xx", "x"}),
        (r"\d", set("0123456789")),
        ("a.", {"a"}),
        ("[^a]b", None),
        ("[é-ü]b", None),
        (r"\wb", None),
        ("a?", None),
        ("(?:[a-z][a-z])", None),
    ],
)
def test_how_a_line_begins_is_read_off_the_pattern(pattern: str, found: set[str] | None) -> None:
    assert openings(pattern) == found


def test_whatever_a_pattern_without_case_takes_for_a_plain_letter_is_folded_to_it() -> None:
    letters = re.compile("[a-z]", re.IGNORECASE)
    alike = [character for character in map(chr, range(0x110000)) if letters.fullmatch(character)]
    assert len(alike) > 52
    assert all(re.fullmatch(fold(character), character, re.IGNORECASE) for character in alike)
    assert all(fold(character) in "abcdefghijklmnopqrstuvwxyz" for character in alike)


def test_a_folded_text_is_as_long_as_it_was() -> None:
    assert [character for character in map(chr, range(0x110000)) if len(fold(character)) != 1] == []


@pytest.mark.parametrize("line", ["ALL RİGHTS RESERVED", "All rıghtſ reſerved", "© 2022 X. All riGHts reserved."])
def test_a_rule_matches_a_line_in_whatever_letters_its_pattern_takes_for_its_own(line: str) -> None:
    rule = match_rule(f"The publisher says: {line}", "anywhere")
    assert rule
    assert rule.name == "copyright line"


@pytest.mark.parametrize("case", [str, str.upper, str.title])
def test_the_first_rule_is_found_that_matches_where_every_pattern_is_tried_on_every_line(case: Callable[[str], str]) -> None:
    rules = [
        (row, [re.compile(pattern_of(pattern), re.IGNORECASE) for pattern, _ in row["patterns"]])
        for row in LEXICON["rule"]
        if row.get("where", "anywhere") == "anywhere" and not row.get("bracketed")
    ]

    def first(line: str) -> str | None:
        fitting = (
            row["name"]
            for row, patterns in rules
            if len(line.split()) <= row["max_words"] and any(p.fullmatch(plain_line(line)) for p in patterns)
            if not (row.get("unless") and is_reported(fold(plain_line(line))))
        )
        return next(fitting, None)

    lines = [case(line) for line in LINES if line[0] not in '(“"|' and re.search(r"\w", line)]
    found = {line: match_rule(line, "anywhere") for line in lines}
    assert {line: rule.name for line, rule in found.items() if rule} == {line: name for line in lines if (name := first(line))}
