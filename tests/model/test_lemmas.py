"""Lemmas: what the model's rule gives, unless that is no word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.model.decoding import lemma_rule
from qantar.model.lemmas import lemma_of


@pytest.mark.parametrize(
    ("form", "rule", "pos", "lemma"),
    [
        ("tried", "l2+", "VERB", "try"),
        ("children", "l1+", "NOUN", "child"),
        ("witnesses", "l1+", "NOUN", "witness"),
        ("biggest", "l3+", "ADJ", "big"),
        ("Denied", "l1+", "VERB", "deny"),
    ],
)
def test_a_result_that_is_no_word_gives_way_to_wordnets(form: str, rule: str, pos: str, lemma: str) -> None:
    assert lemma_of(form, rule, pos) == lemma


@pytest.mark.parametrize(
    ("form", "rule", "pos", "lemma"),
    [("leaves", "l3+f", "NOUN", "leaf"), ("leaves", "l1+", "NOUN", "leave"), ("leaves", "l1+", "VERB", "leave")],
)
def test_a_result_that_is_a_word_stays_since_the_model_read_the_sentence(form: str, rule: str, pos: str, lemma: str) -> None:
    assert lemma_of(form, rule, pos) == lemma


def test_words_that_wordnet_does_not_know_keep_the_rules_result() -> None:
    assert lemma_of("Googled", "l2+", "VERB") == "google"


@pytest.mark.parametrize(("form", "rule", "pos"), [("United", "k0+", "ADJ"), ("Chinese", "k0+", "ADJ"), ("COVID-19", "k0+", "NOUN")])
def test_names_are_left_alone(form: str, rule: str, pos: str) -> None:
    assert lemma_of(form, rule, pos) == form


@given(st.text(alphabet="abcdeinrst", min_size=1, max_size=9), st.sampled_from(["NOUN", "VERB", "ADJ", "ADV", "PROPN", "X"]))
def test_a_lemma_is_never_empty(form: str, pos: str) -> None:
    assert lemma_of(form, lemma_rule(form, form), pos)
