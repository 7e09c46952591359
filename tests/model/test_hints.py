"""Hints: what the lexicon and the rest of a text say of a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.model.hints import KINDS, hints_of


def kinds(text: str) -> dict[str, list[str]]:
    """The kinds of each word of a text that has any."""
    words = text.split()
    return {
        word: [kind for i, kind in enumerate(KINDS) if bits >> i & 1] for word, bits in zip(words, hints_of(words), strict=True) if bits
    }


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("in Sri Lanka today", "Lanka", "country"),
        ("the U.S. said", "U.S.", "country"),
        ("talks in Guinea-Bissau", "Guinea-Bissau", "country"),
        ("from Nizhniy Novgorod", "Nizhniy", "town"),
        ("across Central Asia", "Central", "region"),
        ("French troops", "French", "people"),
        ("the United Nations", "Nations", "body"),
        ("said Prof. Oyelaran", "Prof.", "title"),
        ("on Monday", "Monday", "calendar"),
    ],
)
def test_names_and_words_of_the_lexicon_are_marked(text: str, word: str, kind: str) -> None:
    assert kind in kinds(text)[word]


def test_acronyms_are_marked_in_capitals_only() -> None:
    assert "body" in kinds("the WHO said")["WHO"]
    assert "who" not in kinds("those who said")


def test_a_word_seen_behind_a_first_name_or_a_title_is_marked_wherever_it_stands() -> None:
    found = kinds("OYELARAN RESIGNS . Amina Oyelaran resigned , said Mr Ekpo . Ekpo")
    assert "after a first name" in found["OYELARAN"]
    assert "after a title" in found["Ekpo"]


def test_a_capitalised_word_that_the_text_also_has_in_small_letters_is_marked() -> None:
    found = kinds("PROTESTS SPREAD . The protests spread on")
    assert found["PROTESTS"] == found["SPREAD"] == ["in small letters"]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=20))
def test_each_word_has_one_number_that_its_kinds_can_hold(words: list[str]) -> None:
    hints = hints_of(words)
    assert len(hints) == len(words)
    assert all(0 <= bits < 2 ** len(KINDS) for bits in hints)
