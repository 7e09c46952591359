"""Names swapped between texts: the labels move with them, and nothing else changes."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from qantar.model.decoding import spans_to_tags, tags_to_spans
from qantar.model.training.corpora import Text
from qantar.model.training.swaps import swap_names


def text_of(passage: str, *names: tuple[int, int, str]) -> Text:
    words = passage.split()
    return Text(words=words, gaps=["", *[" "] * (len(words) - 1)], sentences=[0], ner=spans_to_tags(names, len(words)))


FIRST = text_of("Amina Bello met Lee in Oslo . Bello left", (0, 2, "PERSON"), (3, 4, "PERSON"), (5, 6, "LOC"), (7, 8, "PERSON"))
SECOND = text_of("Juan Carlos Perez saw Rome on Monday", (0, 3, "PERSON"), (4, 5, "LOC"), (6, 7, "DATE"))


def test_a_full_name_is_replaced_by_a_full_name_and_its_surname_follows() -> None:
    seen = set()
    for seed in range(40):
        swapped, _ = swap_names([FIRST, SECOND], 1.0, random.Random(seed))
        (a, b, _), *_, (c, d, _) = tags_to_spans(swapped.ner or [])
        seen.add(" ".join(swapped.words[a:b]))
        assert swapped.words[c:d] == swapped.words[b - 1 : b]
    assert seen == {"Amina Bello", "Juan Carlos Perez"}


def test_names_keep_their_number_order_and_label_and_dates_stay() -> None:
    for seed in range(20):
        for before, after in zip([FIRST, SECOND], swap_names([FIRST, SECOND], 1.0, random.Random(seed)), strict=True):
            assert [label for *_, label in tags_to_spans(before.ner or [])] == [label for *_, label in tags_to_spans(after.ner or [])]
            assert len(after.words) == len(after.gaps) == len(after.ner or [])
            assert after.words[-1] == before.words[-1]


@given(st.integers(0, 1000))
def test_without_a_chance_nothing_changes(seed: int) -> None:
    assert swap_names([FIRST, SECOND], 0.0, random.Random(seed)) == [FIRST, SECOND]
