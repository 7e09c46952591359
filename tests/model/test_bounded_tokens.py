"""Texts are tokenized in time that grows with their length alone, and as spaCy does but for stretches longer than any word."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from qantar.model.bounded_tokens import LONGEST, BoundedTokenizer

INNER = spacy.blank("en").tokenizer
TOKENIZER = BoundedTokenizer(INNER)


class Counted:
    """A tokenizer that notes how long each text is that it is given."""

    vocab = TOKENIZER.vocab

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def __call__(self, text: str) -> spacy.tokens.Doc:
        self.lengths.append(max(map(len, text.split()), default=0))
        return TOKENIZER.inner(text)


@pytest.mark.parametrize("sign", ['"', "()", "([{", "😀", "'s", "a", "A.", "1,"])
def test_no_stretch_longer_than_the_limit_is_tokenized_at_once(sign: str) -> None:
    counted = Counted()
    text = f"He said so. {sign * 5000} Then he left."
    doc = BoundedTokenizer(counted)(text)
    assert doc.text == text
    assert max(counted.lengths) <= LONGEST


@given(st.text(st.sampled_from("ab.'\" \n\t(😀-"), max_size=900))
def test_tokens_with_the_spaces_behind_them_are_the_text(text: str) -> None:
    assert TOKENIZER(text).text == text


@given(st.lists(st.text(st.sampled_from("ab.'\"(-"), max_size=LONGEST), max_size=9).map(" ".join))
def test_other_texts_have_the_tokens_that_spacy_gives_them(text: str) -> None:
    assert [(t.text, t.whitespace_) for t in TOKENIZER(text)] == [(t.text, t.whitespace_) for t in INNER(text)]


@given(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["x" * 450, '"' * 250]))
def test_white_space_beside_a_long_stretch_is_as_it_would_be_beside_a_short_one(before: int, after: int, stretch: str) -> None:
    def gaps(middle: str) -> list[str]:
        doc = TOKENIZER(f"a{' ' * before}{middle}{' ' * after}b.")
        return [t.text + t.whitespace_ for t in doc if t.is_space or t.whitespace_]

    if before and after:
        assert [g for g in gaps(stretch) if not g.strip()] == [g for g in gaps("x") if not g.strip()]
