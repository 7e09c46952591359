from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from qantar.explorer.differing_words import differing_words
from qantar.explorer.highlights import Span, marked

texts = st.text(st.sampled_from("ab <>&\"'é\u202e😀"), max_size=40)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span], int]:
    text, offset = draw(texts), draw(st.integers(0, 5))
    edge = st.integers(0, len(text) + 10)
    spans = [
        Span(min(a, b), max(a, b), layer, anchor=f"a{n}")
        for n, (a, b, layer) in enumerate(draw(st.lists(st.tuples(edge, edge, st.integers(0, 3)), max_size=8)))
    ]
    return text, spans, offset


@given(texts_with_spans())
def test_marking_keeps_every_character_and_closes_every_element(case: tuple[str, list[Span], int]) -> None:
    text, spans, offset = case
    tree = html.fromstring(f"<div>|{marked(text, spans, offset)}|</div>")
    assert tree.text_content() == f"|{text}|"
    assert str(marked(text, spans, offset)).count("<span") == str(marked(text, spans, offset)).count("</span>")


@given(texts_with_spans())
def test_a_span_s_pieces_together_are_its_text_and_its_anchor_stands_once(case: tuple[str, list[Span], int]) -> None:
    text, spans, offset = case
    for n, span in enumerate(spans):
        own = Span(span.start, span.end, span.layer, attributes={"class": "own"}, anchor="own")
        tree = html.fragment_fromstring(str(marked(text, [*spans[:n], own, *spans[n + 1 :]], offset)), create_parent="div")
        inside = text[max(span.start - offset, 0) : max(span.end - offset, 0)]
        assert "".join(piece.text_content() for piece in tree.xpath(".//*[@class='own']")) == inside
        assert len(tree.xpath(".//*[@id='own']")) == (1 if inside else 0)


def test_a_quote_over_two_sentences_is_cut_where_they_meet() -> None:
    sentences = [Span(0, 4, 1, "s"), Span(5, 9, 1, "s")]
    assert marked("One. Two.", [*sentences, Span(2, 8, 2, "q", anchor="q1")]) == ('<s>On<q id="q1">e.</q></s><q> </q><s><q>Two</q>.</s>')


def test_words_that_the_fullest_wording_lacks_are_marked_and_nothing_else() -> None:
    assert differing_words("“We will NOT go”", "we will not go") == "“We will NOT go”"
    assert differing_words("we shall go <b>", "we will go") == "we <ins>shall</ins> go &lt;<ins>b</ins>&gt;"
