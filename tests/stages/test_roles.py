"""What stands around a line decides its role: headings, speakers, titles, bylines, datelines, scraps, runs, comments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qantar.stages.blocks import Cleaned, clean_article
from qantar.stages.blocks.line_rules import match_rule
from qantar.stages.blocks.recurring import Recurring, find_recurring, note_lines
from tests.stages.test_clean import PARAGRAPH, article, clean

P = PARAGRAPH


def roles(*lines: str, title: str | None = None) -> list[str]:
    """The roles of the lines that are not paragraphs of the sample."""
    result = clean_article(article("\n\n".join(lines), title))
    assert isinstance(result, Cleaned)
    return [block.role for block in result.blocks if block.text != P]


def rules(*lines: str) -> list[str]:
    return [block.rule for block in clean("\n\n".join(lines)).blocks if block.text != P]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((P, P, "The long way home"), ["body"]),  # nothing below it
        ((P, "The long way home", P), ["heading"]),
        ((P, "These were the demands of the crowd:", "Lower prices", "Free elections", P), ["body", "body", "body"]),  # a list
        ((P, "Lower prices", "Free elections", P), ["heading", "heading"]),
        ((P, "These are fifteen words of a line that has no full stop and is not a heading", P), ["body"]),
        ((P, "The minister said of it:", P), ["body"]),
        ((P, "Reasons besides this:", P), ["body"]),
        ((P, "The farmers, once feared:", P), ["body"]),
        ((P, "Background:", P), ["heading"]),
        ((P, "Is it?", P), ["heading"]),
        ((P, "The firm says it is \"listening\". To whom?", P), ["body"]),
        ((P, "Grace:", P, "a saving grace", P), ["speaker_heading", "body"]),  # only paragraphs show that a name is a word
        ((P, "Jane & Bo:", P), ["heading"]),
        ((P, "Jane Smith, director, asked:", P), ["body"]),
        ((P, "Jane Smith, director:", P), ["speaker_heading"]),
        ((P, "Jane Smith, often seen:", P), ["heading"]),
        ((P, "What it costs — and who pays:", P), ["body"]),
        ((P, "“We will stay here until the very last boat leaves”", P), ["body"]),
        ((P, "“We will stay here”", P), ["heading"]),
        ((P, "A long road home for the crews of the “Aurora”", P), ["heading"]),
        ((P, "The boats of the ‘Old Lane,’", P), ["heading"]),
        ((P, "The road home, (at last)", P), ["heading"]),
        ((P, "The long road home, at last,", P), ["body"]),
    ],
)  # fmt: skip
def test_a_short_line_is_a_heading_or_a_speaker_by_its_words_and_what_is_around_it(lines: tuple[str, ...], expected: list[str]) -> None:
    assert roles(*lines) == expected


def test_headings_below_a_title_that_ends_in_a_colon_are_no_list() -> None:
    assert roles("What we know:", "Prices", "Wages and rents", P, title="What we know:") == ["title", "heading", "heading"]


def test_the_rule_says_what_kind_of_heading_it_is() -> None:
    assert rules(P, "Was it needed?", P) == ["question as heading"]
    assert rules(P, "Background:", P) == ["heading with a colon"]
    assert rules(P, "Wages and rents", P) == ["short line before a paragraph"]


def test_a_name_behind_interview_is_who_answers_where_questions_follow() -> None:
    asked = (P, "Was it needed?", P, "Was it hard?", P)
    assert rules("Interview: Jane Smith", *asked)[0] == "heading of an interview"
    assert roles("Interview: Jane Smith", *asked)[0] == "title"
    assert roles("The long way home", "Q&A – Jane Smith", *asked)[:2] == ["title", "heading"]
    assert roles("The long way home", "Interview: Jane Smith", *asked[:3])[1] == "byline"  # one question
    assert roles("The long way home", "Interview: Jane Smith", P, f"{P} " * 4 + "Was it hard?", P, "Was it so?", P)[1] == "byline"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Valley Life", "Order Returns to the City", "By Jane Smith", P, P), ["boilerplate", "title", "byline"]),
        (("Valley Life", "Order Returns to the City", "Jane Smith", P, P), ["boilerplate", "title", "byline"]),
        (("Valley Life", "Order Returns to the City", "Zorblax Quint", P, P), ["title", "heading", "heading"]),  # no first name
        (("Order Returns to the City", "Zorblax Quint", P, P), ["title", "byline"]),  # but next to the title
        (("Order Returns to the City", "What happened.", "Zorblax Quint", P, P), ["title", "body", "heading"]),
        (("Order Returns to the City", "What happened.", "Jane Smith", P, P), ["title", "body", "byline"]),
        (("Order Returns to the City", "Wages", P, P), ["title", "heading"]),
        (("Order Returns to the City", "OSTRA", P, P), ["title", "dateline"]),
        (("Order Returns to the City", "THE FLOOD OF 1962", P, P), ["title", "heading"]),
        (("Order Returns to the City", "OSTRA", "No end of it.", P, P), ["title", "heading", "body"]),
    ],
)  # fmt: skip
def test_what_stands_above_the_text_is_told_apart(lines: tuple[str, ...], expected: list[str]) -> None:
    assert roles(*lines) == expected


def test_scraps_lead_on_to_furniture_only_where_they_are_several_or_come_from_it() -> None:
    assert roles(P, "Valley", "Weather", "© 2022 The Courier", P) == ["boilerplate"] * 3
    assert roles(P, "Share this:", "Valley", "© 2022 The Courier", P) == ["boilerplate"] * 3
    assert roles(P, "Wages and rents", P, "© 2022 The Courier") == ["heading", "boilerplate"]
    assert roles(P, P, "© 2022 The Courier", "Valley") == ["boilerplate"] * 2
    signed = "— Port of Larn (@portoflarn) March 12, 2024"
    assert roles(P, "Larn at night", signed, "The pier #ice", signed, P) == ["body", "boilerplate", "body", "boilerplate"]


def test_a_run_of_headlines_ends_at_what_has_a_role_or_is_a_sentence() -> None:
    assert roles(P, "Related stories", "Prices capped", "By Jane Smith", "Wages and rents", P) == [
        "boilerplate",
        "boilerplate",
        "byline",
        "heading",
    ]
    assert roles(P, "Related stories", "Prices fell.", P) == ["boilerplate", "body"]


def test_a_note_on_the_author_stands_below_the_last_sentence() -> None:
    note = "Jane Smith is a professor of history at the University of Somewhere."
    assert roles(P, P, note) == ["byline"]
    assert roles(P, note, "It was a long day.") == ["body", "body"]
    assert roles(P, "Ms. Smith was there.", note) == ["body", "body"]


def test_marks_of_comments_count_only_where_no_article_goes_on() -> None:
    assert roles(P, P, "Leave a reply", "Two days ago") == ["boilerplate", "boilerplate"]
    assert roles(P, "Leave a reply", "Two days ago", P)[0] == "boilerplate"
    assert P in clean(f"{P}\n\nLeave a reply\n\nTwo days ago\n\n{P} And so on.").document.text
    assert "And so on." in clean(f"{P}\n\nLeave a reply\n\nTwo days ago\n\n{P} And so on.").document.text


def test_a_call_in_quotation_marks_at_the_end_of_a_paragraph_is_not_cut_off() -> None:
    said = f"“{P} Follow us on Twitter.”"
    assert said in clean(f"{P}\n\n{said}").document.text


def test_initials_of_reporters_are_known_by_their_small_letters() -> None:
    assert match_rule("js/dpa", "anywhere") is not None
    assert match_rule("JS/Dpa", "anywhere") is None


def test_lines_of_two_words_do_not_recur() -> None:
    noted = note_lines([replace(article(f"{P} {n}.\n\nValley Life\n\n{P} And {n}."), outlet="Courier") for n in range(8)])
    assert find_recurring(noted)["Courier"] == frozenset()


def test_a_heading_of_comments_with_nothing_below_it_is_furniture() -> None:
    assert roles(P, P, "Comments") == ["boilerplate"]
    assert roles(P, P, "Comments", "Wages and rents", P) == ["heading", "heading"]


def test_only_lines_that_recur_are_set_aside_where_some_do() -> None:
    texts = [f"{P} {n}.\n\nThe voice of the valley\n\nWages and rents\n\n{P}" for n in range(8)]
    noted = note_lines(
        [replace(article(text.replace("Wages and rents", f"Wages and rents {n}")), outlet="Courier") for n, text in enumerate(texts)]
    )
    result = clean_article(replace(article(texts[0]), outlet="Courier"), Recurring(find_recurring(noted)["Courier"]))
    assert isinstance(result, Cleaned)
    assert [b.role for b in result.blocks] == ["body", "boilerplate", "heading", "body"]


def test_what_the_source_says_comes_before_what_the_text_says() -> None:
    text = f"https://valley.example/other\n\nPublished: 8 January 2022\n\n{P}"
    said = replace(
        article(text), url="https://valley.example/own", published_on=date(2022, 1, 7), published_basis="catalogue", credit="AFP"
    )
    result = clean_article(said)
    assert isinstance(result, Cleaned)
    document = result.document
    assert (document.url, document.published_on, document.published_basis) == (said.url, date(2022, 1, 7), "catalogue")
    assert document.credit == "AFP"
