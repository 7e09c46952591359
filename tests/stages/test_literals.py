"""What a line must hold for a pattern to match it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.stages.cleaning.literals import fold, needed_literals
from flows.stages.cleaning.rules import match_rule


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
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE), fullmatch=True))
    assert not needed_literals(pattern) or any(literal in fold(text) for literal in needed_literals(pattern))


def test_whatever_a_pattern_without_case_takes_for_a_plain_letter_is_folded_to_it() -> None:
    letters = re.compile("[a-z]", re.IGNORECASE)
    alike = [character for character in map(chr, range(0x110000)) if letters.fullmatch(character)]
    assert len(alike) > 52
    assert all(re.fullmatch(fold(character), character, re.IGNORECASE) for character in alike)
    assert all(fold(character) in "abcdefghijklmnopqrstuvwxyz" for character in alike)


@pytest.mark.parametrize("line", ["ALL RİGHTS RESERVED", "All rıghtſ reſerved", "© 2022 X. All riGHts reserved."])
def test_a_rule_matches_a_line_in_whatever_letters_its_pattern_takes_for_its_own(line: str) -> None:
    rule = match_rule(f"The publisher says: {line}", "anywhere")
    assert rule
    assert rule.name == "copyright line"
