"""Windows hold every word once, keep sentences whole and stay within their budget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qantar.model.pieces import MAX_WORD, Vocabulary, windows
from qantar.model.runtime import WEIGHTS

LENGTHS = st.lists(st.integers(1, 5), min_size=1, max_size=80)


@given(LENGTHS, st.sets(st.integers(1, 79)), st.integers(5, 30), st.integers(0, 5))
def test_every_word_gets_its_result_from_exactly_one_window(lengths: list[int], cuts: set[int], budget: int, context: int) -> None:
    sentences = [0, *sorted(cut for cut in cuts if cut < len(lengths))]
    found = windows(lengths, sentences, budget, context)
    assert [i for w in found for i in range(w.keep, w.end)] == list(range(len(lengths)))
    for w in found:
        assert 0 <= w.start <= w.keep < w.end
        assert sum(lengths[w.start : w.end]) <= budget


@given(LENGTHS, st.sets(st.integers(1, 79)), st.integers(0, 5))
def test_a_sentence_that_fits_is_never_cut(lengths: list[int], cuts: set[int], context: int) -> None:
    sentences = [0, *sorted(cut for cut in cuts if cut < len(lengths))]
    ends = [*sentences[1:], len(lengths)]
    budget = max(sum(lengths[a:b]) for a, b in zip(sentences, ends, strict=True))
    for w in windows(lengths, sentences, budget, context):
        assert w.keep in sentences
        assert w.end in ends


@given(st.text(min_size=1, max_size=30))
def test_every_word_has_pieces_and_no_more_than_are_kept(word: str) -> None:
    assert 1 <= len(VOCABULARY.pieces(word)) <= MAX_WORD


VOCABULARY = Vocabulary(WEIGHTS / "vocab.txt")
