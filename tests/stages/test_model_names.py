"""What a language model marks is brought to our conventions before it becomes a mention."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from qantar.stages.mentions import find_mentions
from tests.stages.articles import article, carrier, lexicon


def marked(text: str, *names: tuple[str, str]) -> Doc:
    """The text as a Doc in which a model has marked some names."""
    doc = carrier().make_doc(text)
    spans = [doc.char_span(text.index(name), text.index(name) + len(name), label=label, alignment_mode="expand") for name, label in names]
    doc.set_ents([span for span in spans if isinstance(span, Span)])
    return doc


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("He met the Zorgon Party's head.", [("the Zorgon Party's", "ORG")], [("Zorgon Party", "ORG")]),
        ("He met Zora Quill‘s son.", [("Zora Quill‘s", "PERSON")], [("Zora Quill", "PERSON")]),  # a mark that opens, by mistake
        ("He met Zora Quill`s son.", [("Zora Quill`s", "PERSON")], [("Zora Quill", "PERSON")]),
        ('So said Zora Quill:"We won".', [('Zora Quill:"We', "PERSON")], [("Zora Quill", "PERSON")]),
        ("So said Zora Quill:“We won”.", [("Zora Quill:“We", "PERSON")], [("Zora Quill", "PERSON")]),
        ("He met J.K. Quill.", [("Quill", "PERSON")], [("J.K. Quill", "PERSON")]),
        ("In the U.S. Quill spoke.", [("Quill", "PERSON")], [("U.S.", "GPE"), ("Quill", "PERSON")]),
        ("A. He met A. Quill.", [("A. Quill", "PERSON")], [("A. Quill", "PERSON")]),
        ("Zora Quill Jr. spoke.", [("Zora Quill Jr.", "PERSON")], [("Zora Quill Jr.", "PERSON")]),
        ("Zora Quill Jr. spoke.", [("Zora Quill", "PERSON")], [("Zora Quill Jr.", "PERSON")]),
        ("So said Zora Quill.", [("Zora Quill.", "PERSON")], [("Zora Quill", "PERSON")]),
        ("It cost US $1.5 billion.", [], [("US $1.5 billion", "MONEY")]),
        ("The Zorgon Party(ZPA) met.", [("Zorgon Party(ZPA", "ORG")], [("Zorgon Party", "ORG")]),
        ("He met President Zora Quill.", [("President Zora Quill", "PERSON")], [("Zora Quill", "PERSON")]),
        ("He met Zora “The Owl” Quill.", [("Zora “The Owl", "PERSON"), ("Quill", "PERSON")], [("Zora “The Owl” Quill", "PERSON")]),
        ('He met Zora "Zo" Quill.', [("Zora", "PERSON")], [('Zora "Zo" Quill', "PERSON")]),
        ("A rally in Zorgon, Tex., on a farm.", [("Zorgon, Tex", "LOC")], [("Zorgon", "GPE"), ("Tex", "GPE")]),
        ("The Quills left Zora Quill.", [("Quills", "ORG"), ("Zora Quill", "PERSON")], [("Zora Quill", "PERSON")]),
        ("He met Yun-hung there.", [("Yun", "PERSON")], [("Yun-hung", "PERSON")]),
        ("A Quill-led party.", [("Quill", "PERSON")], [("Quill", "PERSON")]),
        ("He saw China's Zorgon Fund.", [("China's Zorgon Fund", "ORG")], [("China", "GPE"), ("Zorgon Fund", "ORG")]),
        ("In western Zorgonia.", [("western Zorgonia", "LOC")], [("Zorgonia", "GPE")]),
        ("On Zorgon River.", [("Zorgon River", "GPE")], [("Zorgon River", "LOC")]),
        ("At Zorgon Airport.", [("Zorgon Airport", "LOC")], [("Zorgon Airport", "FAC")]),
        ("On Zorgon Bridge.", [("Bridge", "FAC")], [("Zorgon Bridge", "FAC")]),
        ("The Bridge was shut.", [("Bridge", "FAC")], [("Bridge", "FAC")]),
        ("The Bank of Ghana said so.", [("Bank of", "ORG")], [("Bank of Ghana", "ORG")]),
        ("The Zorgon Bank of the south.", [("Zorgon Bank of the", "ORG")], [("Zorgon Bank", "ORG")]),
        ("The Oman Police met.", [("Police", "ORG")], [("Oman Police", "ORG")]),
        ("The Oman Police met.", [("Oman", "GPE"), ("Police", "ORG")], [("Oman", "GPE"), ("Police", "ORG")]),
        ("The Peruvian Government fell.", [("Government", "ORG")], [("Peruvian", "NORP"), ("Government", "ORG")]),
        ("The Zorgon Tide Board met.", [("Tide Board", "ORG")], [("Zorgon Tide Board", "ORG")]),
        ("The Zorgon Tide Board met.", [], [("Zorgon Tide Board", "ORG")]),
        (
            "The Zorgon Tide Board met in Zorgon.",
            [("Zorgon", "GPE"), ("Tide Board", "ORG")],
            [("Zorgon", "GPE"), ("Tide Board", "ORG")],
        ),
        (
            "Zorgon Tide Bank (ZTB) fell; ZTB rose.",
            [("Zorgon Tide Bank", "ORG")],
            [("Zorgon Tide Bank", "ORG"), ("ZTB", "ORG"), ("ZTB", "ORG")],
        ),
        ("Zorgon Tide Bank (GDP) fell.", [("Zorgon Tide Bank", "ORG")], [("Zorgon Tide Bank", "ORG")]),
        ("Georgia Quill ran.", [("Georgia Quill", "ORG")], [("Georgia Quill", "PERSON")]),
        ("Georgia Tech ran.", [("Georgia Tech", "ORG")], [("Georgia Tech", "ORG")]),
        ("The Zorgu people left Quill people.", [("Zorgu", "GPE"), ("Quill", "PERSON")], [("Zorgu", "NORP"), ("Quill", "PERSON")]),
        (
            "Bets on Quillexa fell. Quillexa Pharmaceuticals International lost.",
            [("Quillexa", "PERSON"), ("Quillexa Pharmaceuticals International", "ORG")],
            [("Quillexa", "ORG"), ("Quillexa Pharmaceuticals International", "ORG")],
        ),
        (
            "They met Quillexa. Bo Quillexa runs Quillexa Holdings.",
            [("Quillexa", "PERSON"), ("Bo Quillexa", "PERSON"), ("Quillexa Holdings", "ORG")],
            [("Quillexa", "PERSON"), ("Bo Quillexa", "PERSON"), ("Quillexa Holdings", "ORG")],
        ),
        (
            "They met Mr. Quillexa. He runs Quillexa Holdings.",
            [("Quillexa", "PERSON"), ("Quillexa Holdings", "ORG")],
            [("Quillexa", "PERSON"), ("Quillexa Holdings", "ORG")],
        ),
        (
            "They met Quillexa. He left the Quillexa Tide Group.",
            [("Quillexa", "PERSON"), ("Quillexa Tide Group", "ORG")],
            [("Quillexa", "PERSON"), ("Quillexa Tide Group", "ORG")],
        ),
        ("The GDP fell.", [("GDP", "ORG")], []),
        ("They told us.", [("us", "GPE")], []),
        ("The U.S.-Israeli pact.", [("U.S.-Israeli", "NORP")], [("U.S.", "GPE"), ("Israeli", "NORP")]),
        ("Mr Merlo said so.", [("Merlo", "PERSON")], [("Merlo", "PERSON")]),
        ("He met Zora W . Quill.", [("Zora W .", "PERSON")], [("Zora W", "PERSON")]),  # as a scanner reads an initial
        (
            "The Kazakh Foreign Ministry said so.",
            [("Kazakh", "NORP"), ("Foreign Ministry", "ORG")],
            [("Kazakh", "NORP"), ("Foreign Ministry", "ORG")],
        ),
    ],
)
def test_names_of_a_model_follow_our_conventions(text: str, names: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    document, sentences = article(text)
    assert [(m.text, m.label) for m in find_mentions(marked(text, *names), document, sentences, lexicon())] == expected


_PIECES = [
    "Zora",
    "the",
    "W .",
    "Bank of",
    "U.S.",
    "Oman's",
    "’s",
    "-",
    ".",
    ". . .",
    "—",
    "\u00a0",
    "“",
    ")",
    "2022",
    "President",
    "$ 5",
    "'",
    "&",
    "co-op",
]


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=12), st.data())
def test_whatever_a_model_marks_a_mention_begins_and_ends_with_a_visible_character(pieces: list[str], data: st.DataObject) -> None:
    text = f"He met {' '.join(pieces)} there."
    doc = carrier().make_doc(text)
    ends = sorted(data.draw(st.sets(st.integers(0, len(doc)), min_size=2, max_size=6)))
    labels = st.sampled_from(["PERSON", "ORG", "GPE", "FAC", "NORP", "DATE", "MONEY", "PRODUCT"])
    doc.set_ents([Span(doc, start, end, data.draw(labels)) for start, end in pairwise(ends)])
    document, sentences = article(text)
    for mention in find_mentions(doc, document, sentences, lexicon()):
        assert mention.text == mention.text.strip() == document.text[mention.start : mention.end]
        assert mention.text


def test_a_longer_name_of_the_model_holds_the_known_name_inside_it() -> None:
    text = "The Nigeria Zorgon Union met."
    document, sentences = article(text)
    (mention,) = find_mentions(marked(text, ("Nigeria Zorgon Union", "ORG")), document, sentences, lexicon())
    assert (mention.text, mention.method, mention.entity_id) == ("Nigeria Zorgon Union", "model", None)
