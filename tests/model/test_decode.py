"""The decoders give legal and best results, whatever the scores."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from qantar.model import decoding
from qantar.model.decoding import apply_lemma_rule, best_tags, best_tree, best_trees, entity_tags, lemma_rule, spans_to_tags, tags_to_spans

TAGS = tuple(entity_tags(["ORG", "PERSON"]))
NUMBERS = st.floats(-8, 8, width=32)


def is_legal(tags: list[str]) -> bool:
    open_name = ""
    for tag in tags:
        if tag[0] in "IE":
            if tag[2:] != open_name:
                return False
        elif open_name:
            return False
        open_name = tag[2:] if tag[0] in "BI" else ""
    return not open_name


@given(arrays(np.float32, st.tuples(st.integers(1, 14), st.just(len(TAGS))), elements=NUMBERS))
def test_every_sequence_of_tags_is_legal(scores: np.ndarray) -> None:
    path = [TAGS[i] for i in best_tags(scores, TAGS)]
    assert len(path) == len(scores)
    assert is_legal(path)
    assert spans_to_tags(tags_to_spans(path), len(path)) == path


@settings(max_examples=25)
@given(arrays(np.float32, (3, len(TAGS)), elements=NUMBERS))
def test_no_legal_sequence_scores_higher(scores: np.ndarray) -> None:
    got = sum(scores[i, tag] for i, tag in enumerate(best_tags(scores, TAGS)))
    legal = (path for path in itertools.product(range(len(TAGS)), repeat=3) if is_legal([TAGS[i] for i in path]))
    assert got == pytest.approx(max(sum(scores[i, tag] for i, tag in enumerate(path)) for path in legal), abs=1e-4)


@given(arrays(np.float32, st.tuples(st.integers(1, 20), st.just(len(TAGS))), elements=NUMBERS), st.sets(st.integers(1, 19)))
def test_sentences_are_tagged_together_as_each_by_itself(scores: np.ndarray, cuts: set[int]) -> None:
    starts = [0, *sorted(cut for cut in cuts if cut < len(scores))]
    alone = [tag for a, b in itertools.pairwise([*starts, len(scores)]) for tag in best_tags(scores[a:b], TAGS)]
    assert best_tags(scores, TAGS, starts) == alone


def is_tree(heads: list[int]) -> bool:
    for node in range(1, len(heads) + 1):
        seen: set[int] = set()
        while node:
            if node in seen:
                return False
            seen.add(node)
            node = heads[node - 1]
    return sum(head == 0 for head in heads) == 1


@given(st.integers(1, 12).flatmap(lambda n: arrays(np.float32, (n, n + 1), elements=NUMBERS)))
def test_every_sentence_becomes_one_tree_with_one_root(scores: np.ndarray) -> None:
    assert is_tree(best_tree(scores))


@given(st.integers(2, 16).flatmap(lambda n: arrays(np.float32, (n, n), elements=NUMBERS)), st.sets(st.integers(1, 15), min_size=1))
def test_sentences_become_trees_together_as_each_by_itself(scores: np.ndarray, cuts: set[int]) -> None:
    starts = sorted(cut for cut in cuts if cut < len(scores)) or [1]
    alone = [
        head and head + a - 1
        for a, b in itertools.pairwise([*starts, len(scores)])
        for head in best_tree(np.concatenate((scores[a:b, :1], scores[a:b, a:b]), axis=1))
    ]
    assert best_trees(scores, starts).tolist() == alone


@given(st.integers(1, 4).flatmap(lambda n: arrays(np.float32, (n, n + 1), elements=NUMBERS)))
def test_no_tree_scores_higher(scores: np.ndarray) -> None:
    def total(heads: list[int]) -> float:
        return float(sum(scores[i, head] for i, head in enumerate(heads)))

    trees = (list(heads) for heads in itertools.product(range(len(scores) + 1), repeat=len(scores)))
    assert total(best_tree(scores)) == pytest.approx(max(total(heads) for heads in trees if is_tree(heads)), abs=1e-4)


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_a_lemma_rule_gives_back_the_lemma_it_was_made_from(form: str, lemma: str) -> None:
    assert apply_lemma_rule(form, lemma_rule(form, lemma)) == lemma


def test_a_window_whose_words_could_all_be_the_root_tries_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    edmonds = decoding._edmonds

    def counted(table: NDArray[np.float64]) -> list[int]:
        tried.append(len(table))
        return edmonds(table)

    monkeypatch.setattr(decoding, "_edmonds", counted)
    n = 60
    scores = np.full((n, n + 1), 1.0)
    scores[np.arange(n), np.where(np.arange(n) % 2, np.arange(n), np.arange(n) + 2)] = 5.0  # every two words lead to each other
    heads = best_tree(scores)
    assert heads.count(0) == 1
    assert sum(size == n + 1 for size in tried) <= decoding.MOST_ROOTS
