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
        # straight marks
        ('" We stay , " she said . " All of us . "', ["We stay ,", "All of us ."]),
        ('Boats (see "go home") sail.', ["go home"]),
        ('She said "...and go" twice.', ["...and go"]),
        ('It is ", he said "go home".', ["go home"]),
        ('The 5"x7" card and the "old" one.', ["old"]),
        ('He said "never. She said "go home" twice.', ["never.", "go home"]),
        ('She said"go home" twice.', ["go home"]),
        ('It was home" and she said "go home" twice.', ["go home"]),
        # marks set the wrong way round
        ("She said (”go home”) twice.", ["go home"]),
        ("She said:”Go home”", ["Go home"]),
        ("He left”and she stayed” too.", []),
        ("He left ” and she stayed” too.", []),
        ("What now?“ he said and left.", []),
        # marks within marks
        ("“I read “The “Old” Road” twice,” she said.", ["I read “The “Old” Road” twice,", "The “Old” Road", "Old"]),
        ("“‘Go home,’ he said,” she wrote.", ["‘Go home,’ he said,", "Go home,"]),
        ("He said ‘stay “go home’ twice” and left.", ["go home’ twice"]),
        # apostrophes
        ("She said “ go home ” twice.", ["go home"]),
        ("Boats (see “go home”) sail.", ["go home"]),
        ("He “never closed it. She said “go home” and “stay” twice.", ["never closed it.", "go home", "stay"]),
        ("“He said ‘go home” and the boys’ aunt left.", ["He said ‘go home"]),
        ("The ‘90s were good and the boys’ best.", []),
        ("She said ‘40 boats’ twice.", ["40 boats"]),
        ("He said ‘go home’ and the miners’ wives left.", ["go home"]),
        ("He liked ‘the miners’, the wives’ choir.", ["the miners"]),
        ("He knows the 'old guard' of the town's men.", ["old guard"]),
        ("The camps 'men' and the 'wives' camp.", ["men", "wives"]),
        ("The Qur ’an school and the miners’ wives moved.", []),
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


def test_a_long_quotation_goes_on_to_the_end_of_its_paragraph_only_where_the_next_takes_it_up() -> None:
    long = "It rained. " * 40
    assert between(f"“{long.strip()}", "“It was late,” he said.")[0] == long.strip()
    assert between(f"“{long.strip()}", "”It was late,” he said.")[0] == "It rained."


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
