"""Mentions: names, dates and amounts, whole and in their place."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.stages.mentions import date_mentions
from tests.stages.articles import article, mentions_of


def spans(text: str) -> list[tuple[str, str]]:
    return [(m.text, m.label) for m in mentions_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russian-led troops entered.", [("Russian", "NORP")]),
        ("In the Washington Post he wrote.", [("Washington Post", "ORG")]),
        ("US Secretary of State Antony Blinken spoke.", [("US", "GPE"), ("Antony Blinken", "PERSON")]),
        ("Kazakhstan's president left.", [("Kazakhstan", "GPE")]),
        ("Prime Minister Mark Rutte resigned.", [("Mark Rutte", "PERSON")]),
        ("The Prime Minister resigned.", []),
        (
            "The University of Oslo and the Ministry of Health and Care Services agreed.",
            [("University of Oslo", "ORG"), ("Ministry of Health and Care Services", "ORG")],
        ),
        ("the Guardian's Joanna Lillis", [("Guardian", "ORG"), ("Joanna Lillis", "PERSON")]),
        ("He paid $2.5 million, or 3 billion tenge.", [("$2.5 million", "MONEY"), ("3 billion tenge", "MONEY")]),
        ("See www.kazakhstan.com/Kazakhstan or #Kazakhstan.", []),
        ("Reading is nice. Orange juice is mobile.", []),
        ("He was born in Reading.", [("Reading", "GPE")]),
        (
            "The Organisation for Economic Co-operation and Development (OECD) met.",
            [("Organisation for Economic Co-operation and Development", "ORG"), ("OECD", "ORG")],
        ),
        ("Omar al-Bashir and Ursula von der Leyen met.", [("Omar al-Bashir", "PERSON"), ("Ursula von der Leyen", "PERSON")]),
    ],
)
def test_names_are_found_whole_without_titles_articles_and_possessives(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on 5 January 2022", "2022-01-05"),
        ("on January 5, 2022,", "2022-01-05"),
        ("on Jan. 5", "2022-01-05"),
        ("on December 30", "2021-12-30"),
        ("in March 2020", "2020-03"),
        ("in 2014", "2014"),
        ("in 2020-2021", "2020/2021"),
        ("in the 1990s", "1990/1999"),
        ("on Friday night", "2022-01-07"),
        ("on Sunday", "2022-01-09"),
        ("today", "2022-01-09"),
        ("yesterday", "2022-01-08"),
        ("last year", "2021"),
        ("last month", "2021-12"),
        ("two years ago", "2020"),
        ("in the summer of 2020", None),
        ("on 31 February 2020", None),
    ],
)
def test_dates_have_iso_8601_values(text: str, value: str | None) -> None:
    (mention,) = mentions_of(f"It happened {text}", published_on=date(2022, 1, 9))
    assert (mention.label, mention.value) == ("DATE", value)


@pytest.mark.parametrize("text", ["today", "on Friday", "last year", "on January 5"])
def test_a_deictic_date_has_no_value_where_the_day_of_publication_is_unknown(text: str) -> None:
    (mention,) = mentions_of(f"It happened {text}")
    assert mention.value is None


@pytest.mark.parametrize("text", ["He may march on.", "It took three days.", "They sent 2000 soldiers.", "Room 1984B cost $2019."])
def test_durations_counts_and_common_words_are_no_dates(text: str) -> None:
    assert [m for m in mentions_of(text) if m.label == "DATE"] == []


@pytest.mark.parametrize(
    ("text", "government"),
    [
        ("Moscow has backed the government.", "russia"),
        ("Moscow was cold.", None),
        ("Moscow's intervention failed.", "russia"),
        ("Moscow and Beijing have given support.", "russia"),
        ("He lives in Moscow.", None),
        ("The mayor of Moscow has denied it.", None),
        ("Istanbul has denied it.", None),
        ("The Kremlin denied it.", "russia"),
    ],
)
def test_a_capital_stands_for_a_government_only_where_it_acts_like_one(text: str, government: str | None) -> None:
    assert mentions_of(text)[0].metonym_of == government


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "He left Salem, Ore., for Durham, N.C.",
            [("Salem", "salem-us"), ("Ore", "oregon-us-region"), ("Durham", "durham-us"), ("N.C.", "north-carolina-us-region")],
        ),
        ("He went to Mass. He fell ill.", []),
    ],
)
def test_a_short_form_behind_a_town_is_the_state_and_the_town_lies_there(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(m.text, m.entity_id) for m in mentions_of(text)] == expected


def test_an_ambiguous_place_is_the_one_in_a_country_that_the_article_names() -> None:
    assert next(m for m in mentions_of("He lives in Tripoli in Lebanon.") if m.text == "Tripoli").entity_id == "tripoli-lb"
    assert next(m for m in mentions_of("He lives in Tripoli in Libya.") if m.text == "Tripoli").entity_id == "tripoli-ly"


NEWS = st.lists(
    st.sampled_from(
        [
            "Kazakhstan",
            "President",
            "Kassym-Jomart Tokayev",
            "the",
            "of",
            "said",
            "U.S.",
            "(CSTO)",
            "on 5 January 2022",
            "Ministry",
            "“I",
            ".",
            "’s",
            "\n",
            "$5",
            "al-",
            "İ",
            "A.",
        ]
    ),
    max_size=40,
)


@given(NEWS)
def test_mentions_lie_within_sentences_do_not_overlap_and_are_what_the_text_says(words: list[str]) -> None:
    text = " ".join(words)
    _, sentences = article(text)
    of = {s.sentence_id: s for s in sentences}
    mentions = mentions_of(text)
    for m in mentions:
        sentence = of[m.sentence_id]
        assert text[m.start : m.end] == m.text == m.text.strip()
        assert sentence.start <= m.start < m.end <= sentence.end
        assert (m.raw_start, m.raw_end) == (m.start + 10, m.end + 10)
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))
    assert len({m.mention_id for m in mentions}) == len(mentions)


def test_an_address_is_looked_for_no_further_than_one_reaches() -> None:
    """From each of a long run's places to its end, the work would be its length squared."""
    from qantar.stages.mentions import _LINK

    for run in ("#" * 5_000, "a." * 5_000, "7." * 5_000):
        longest = max((match.end() - match.start() for match in _LINK.finditer(f"{run}@example.org {run}org")), default=0)
        assert longest <= 400


def test_dates_are_read_again_for_another_day_of_publication() -> None:
    text = "On Friday Ann Lee paid $5."
    found = mentions_of(text)
    again = date_mentions(found, text, date(2022, 1, 5))
    assert [m.value for m in again if m.label == "DATE"] == ["2021-12-31"]
    assert [m for m in again if m.label != "DATE"] == [m for m in found if m.label != "DATE"] != []
