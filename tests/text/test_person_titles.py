"""Titles: words before a name that are no part of it."""

from __future__ import annotations

import pytest

from qantar.text.lexicon import read_toml
from qantar.text.person_titles import after_titles, title_words, titles, titles_before, trained_titles


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("President Xi", "Xi"),
        ("Baroness Vane", "Vane"),
        ("Lt. Gov. Ann Reed", "Ann Reed"),
        ("Mr Justice Okafor", "Okafor"),
        ("Dean Ann Reed", "Ann Reed"),
        ("Dean Reed", "Dean Reed"),
        ("Mayor", "Mayor"),
        ("Kingsley Moss", "Kingsley Moss"),
    ],
)
def test_a_name_begins_behind_its_titles(name: str, bare: str) -> None:
    assert name[after_titles(name) :] == bare


def test_titles_before_a_name_are_found_in_any_case() -> None:
    assert titles_before("the prime minister Holm", 19) == "prime minister"
    assert titles_before("It was Holm", 7) == ""


def test_each_title_is_listed_once() -> None:
    lists = read_toml("titles.toml")
    listed = [*dict.fromkeys(lists["titles"]), *lists["further"]]
    assert sorted(set(listed)) == sorted(listed)
    assert len(titles()) == len(set(titles()))
    assert {"president", "former", "baroness"} <= title_words()


def test_the_titles_that_the_model_was_trained_on_stay() -> None:
    assert len(trained_titles()) == 189
