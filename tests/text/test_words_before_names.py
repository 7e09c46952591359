"""What stands before a name is found by short cuts as by the patterns alone."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from qantar.text import gender, person_titles

PIECES = [
    "Mr",
    "Mrs.",
    "prime",
    "Minister",
    "Vice President",
    "MR",
    "King",
    "\u212aing",
    "former",
    "sa\u0131d",
    "7",
    "x-y",
    "’s",
    "“",
    ",",
    ".",
    "-",
]
SPACES = [" ", "", "\n", "\u00a0", "  ", ". ", ", "]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).flatmap(
    lambda words: st.tuples(st.just(words), st.lists(st.sampled_from(SPACES), min_size=len(words), max_size=len(words)))
)


def joined(parts: tuple[list[str], list[str]]) -> str:
    return "".join(word + space for word, space in zip(*parts, strict=True))


@given(TEXTS)
@example((["King", "\u212aing"], [" ", " "]))
@example((["1st", "Prime", "Minister", "Mr", "Vice", "x"], [" "] * 6))
def test_titles_before_a_name_are_those_that_the_pattern_finds(parts: tuple[list[str], list[str]]) -> None:
    text = joined(parts)
    found = person_titles._before().search(text, max(0, len(text) - 80))
    assert person_titles.titles_before(text, len(text)) == (found[1].rstrip() if found else "")


@given(TEXTS)
@example((["a", "b1", "cd", "e", "f"], [" "] * 5))
def test_words_before_a_name_are_those_that_the_pattern_finds(parts: tuple[list[str], list[str]]) -> None:
    text = joined(parts)
    found, same = gender._words_before(text), gender._BEFORE.search(text)
    assert (found and found[0]) == (same and same[0])


@given(TEXTS)
def test_the_gender_of_a_title_needs_no_more_than_its_last_words(parts: tuple[list[str], list[str]]) -> None:
    text = joined(parts)
    words = gender._BEFORE.search(text)
    if gender.title_gender(text):
        assert words
    elif words and not words[0].rstrip().endswith(","):
        last = words[0].split()[-1].rstrip(".,").lower()
        assert last not in gender._titles()["male"] | gender._titles()["female"]
