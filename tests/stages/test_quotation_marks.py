"""What stands between which marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.stages.quotes.marks import find_marked
from tests.stages.annotated import annotated


def between(*paragraphs: str) -> list[str]:
    document, blocks, _, _ = annotated(*paragraphs)
    return [document.text[m.start : m.end] for m in find_marked(document.text, blocks)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("She said “go home” twice.", ["go home"]),
        ('She said "go home" twice.', ["go home"]),
        ("She said «go home» twice.", ["go home"]),
        ("She said »go home« twice.", ["go home"]),
        ("She said „go home“ twice.", ["go home"]),
        ("She said „go home” twice.", ["go home"]),
        ("She said ‘go home’ twice.", ["go home"]),
        ("She said ''go home'' twice.", ["go home"]),
        ('She said “go home" twice.', ["go home"]),
        ("”Go home.” – the mayor", ["Go home."]),
        ('An opening mark and men ". Then they left.', []),
        ('He saw “gangs, with twenty men ". Then they left.', ["gangs, with twenty men"]),
        ("“He told me ‘go home’ and left,” she said.", ["He told me ‘go home’ and left,", "go home"]),
        ("“I read “The Road” twice,” she said.", ["I read “The Road” twice,", "The Road"]),
        ("The protesters' leader and the mayor's men didn't meet.", []),
        ("It was rock 'n' roll in the '90s, 'cause they liked it.", []),
        ('He is 6\'2" tall, and the board is 5" wide.', []),
        ("‘The miners’ wives won’t go,’ she said.", ["The miners’ wives won’t go,"]),
        ("A mark “is never closed here. Then it goes on.", ["is never closed here. Then it goes on."]),
    ],
)
def test_pairs_are_found_in_every_style(text: str, marked: list[str]) -> None:
    assert between(text) == marked


def test_an_odd_mark_costs_one_pair_and_not_the_rest() -> None:
    assert between('One "odd mark here.', 'She said "go home" twice.', "And “stay here” too.")[-2:] == ["go home", "stay here"]


def test_a_second_opening_mark_ends_what_was_never_closed() -> None:
    assert between("He “never closed it. She said “go home” twice.") == ["never closed it.", "go home"]


def test_a_quotation_of_several_paragraphs_goes_on() -> None:
    document, blocks, _, _ = annotated("“We shall stay.", "“And we shall win,” he said.")
    first, second = find_marked(document.text, blocks)
    assert (first.continues, first.closed) == (True, False)
    assert (second.continues, second.closed) == (False, True)


@given(st.lists(st.text(alphabet="ab .,\"“”«»„‘’'", max_size=40), min_size=1, max_size=4))
def test_any_marks_give_passages_within_their_block_that_never_cross(paragraphs: list[str]) -> None:
    document, blocks, _, _ = annotated(*paragraphs)
    found = find_marked(document.text, blocks)
    doubles = [m for m in found if not m.single]
    for m in found:
        assert m.outer_start < m.start < m.end <= m.outer_end
        assert blocks[m.block].start <= m.outer_start and m.outer_end <= blocks[m.block].end  # type: ignore[operator]
    for a in doubles:
        assert not any(a.outer_start < b.outer_start < a.outer_end < b.outer_end for b in doubles)
