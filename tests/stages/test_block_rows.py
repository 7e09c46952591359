"""Rows for single conditions of the rules of blocks: one line more or less, or a word, and a role changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from qantar.schema import Rejected, Sentence
from qantar.stages.blocks import Cleaned, clean_article
from qantar.stages.blocks.line import line_of
from qantar.stages.blocks.line_rules import Pattern, _meant, _Patterns, is_control, is_of_the_site, is_site_voice, match_rule, plain_line
from qantar.stages.blocks.parted_paragraphs import place_rows
from qantar.stages.blocks.recurring import Recurring, find_recurring, note_lines, outlet_of
from qantar.stages.blocks.signs import pieces_of
from qantar.text.passages import Passage
from tests.stages.test_clean import PARAGRAPH, article, check_promises, clean
from tests.stages.test_roles import roles, rules

P = PARAGRAPH
FORM = "Your email address will not be published. Required fields are marked *"
LONG_TITLE = (
    "The Elders of the Valley Went to the Capital on Monday and Came Home on Friday without a Word of What They Had Been Told About the Dam"
)
LONG_DAY = "It was a long day in the valley, and nobody who had stayed at home by the river and the mill knew why they went."
NOTE = "Jane Smith is a professor of history at the University of Somewhere."
NOT_PUBLISHED = "© 2022 The Courier"
SIGNED = "— Port of Larn (@portoflarn) March 12, 2024"
HEADED = ("Order Returns to the City", "By Jane Smith", P)
INTERVIEW = (P, "Was it needed?", P, "Was it hard?", P)
WALL = "To read the rest of this article, you need to be a member."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # the end of what is shown of an article
        ((P, WALL), ["boilerplate"]),
        ((P, WALL, WALL), ["boilerplate", "boilerplate"]),
        ((P, WALL, NOT_PUBLISHED), ["boilerplate", "boilerplate"]),
        ((P, P, P, WALL), ["body"]),
        (("Order Returns", P, "Upgrade to read the full story."), ["title", "body"]),  # it speaks to nobody
        ((LONG_TITLE, P, LONG_DAY, WALL), ["title", "body", "boilerplate"]),
        # the head ends, and the voice of a site in it is none without a full stop
        ((*["Share this:"] * 17, "OPINION", P, P), [*["boilerplate"] * 17, "heading"]),
        (("Your free articles of the month", P, P), ["title"]),
        ((P, P, "Your free articles of the month", P), ["boilerplate"]),
        ((P, P, "- You may share this story on your website with readers.", P), ["body"]),
        (("You may share this story on your website.", "Order Returns to the City", P, P), ["boilerplate", "title"]),
        # the tail ends
        ((P, "The essay was first published in May.", *[P] * 8), ["body"]),
        ((P, "The essay was first published in May.", *[P] * 7), ["boilerplate"]),
        ((P, P, "ENDS", P), ["heading"]),
        ((P, P, "ENDS", "Ring the mill"), ["boilerplate", "boilerplate"]),
        # breaks
        ((P, "Wages and rents", "* * *", P), ["heading", "boilerplate"]),
        # comments
        (("Leave a Reply", "It rained on Monday.", "The river rose."), ["boilerplate", "body", "body"]),
        (("Wages", "Leave a Reply", "It rained on Monday."), ["heading", "boilerplate", "body"]),
        ((P, P, "Leave a Reply", "Nobody believes that."), ["boilerplate", "boilerplate"]),
        ((P, P, "Leave a Reply", FORM, f"{P} So it is."), ["boilerplate"] * 3),
        ((P, "Ann 3 days ago", "No.", "Bo 3 days ago", "Yes.", "Cy 3 days ago", "No."), ["heading", "body"] * 3),
        ((P, P, P, "Ann 3 days ago", "No.", "Bo 3 days ago", "Yes.", "Cy 3 days ago", "No."), ["boilerplate"] * 6),
        (
            (P, P, P, *(f"{who} is one of us in it all and so she wrote on a wall of 7 a.m:" for who in ("Ann", "Bo", "Cy"))),
            ["body"] * 3,
        ),
        # posts, and scraps above furniture
        ((P, "Was it needed?", SIGNED, P), ["heading", "boilerplate"]),
        ((P, "Wages and rents", NOT_PUBLISHED, P), ["heading", "boilerplate"]),
        # notes on authors
        ((P, P, NOTE, "Wages and rents", "It was a long day, all of them agreed."), ["body", "heading", "body"]),
        ((P, P, "The writer lives in Almaty."), ["byline"]),
        # headings
        ((P, "JANE SMITH:", "Lower prices", P), ["speaker_heading", "body"]),
        ((P, "Wages and rents", "JANE SMITH:", P), ["heading", "speaker_heading"]),
        ((P, "The demands were the following:", "Lower prices", P), ["body", "heading"]),
        ((P, "Jane Smith:", "No", P), ["heading", "heading"]),
        ((P, "“We will stay.”", "Wages and rents", P), ["body", "heading"]),
        ((P, "1. Wages and rents", P), ["body"]),
        ((P, "Countermeasures " * 7 + "internationally", P), ["body"]),
        ((P, "“Aurora” comes home to the old harbour of the valley at last", P), ["heading"]),
        ((P, "Will the troops of the new alliance stay in the cities of the north?", P), ["body"]),
        ((P, "The road home (at last.)", P), ["body"]),
        ((P, "While in the valley:", P), ["body"]),
        ((P, "Farmers feared:", P), ["heading"]),
        ((P, "The long red road:", P), ["heading"]),
        # speakers
        ((P, "Grace:", f"It was a saving grace. {P}"), ["heading", "body"]),
        ((P, "Jane Ann Mary Smith Jones:", P), ["heading"]),
        ((P, "Jane Smith, director: valley:", P), ["heading"]),
        ((P, "Jane Smith, a director of the old mill on the river by the town at the end of the valley:", P), ["body"]),
        ((P, f"Opinion by Jane {'of the mill on the hill ' * 7}:", P), ["body"]),
        ((P, "JANE SMITH:", "\u200b", P), ["speaker_heading", "boilerplate"]),
        ((P, "Wages and rents", "Photo: Jane Smith/Reuters", "Lower prices", "Free elections", P), ["body", "credit", "body", "body"]),
        # titles
        (("The long way home", "Lower prices"), ["body", "body"]),
        ((LONG_TITLE, "Lower prices"), ["body", "body"]),
        (("Order", P), ["heading"]),
        (("the long way home", P), ["body"]),
        ((f"{LONG_TITLE} and of All the Water in It", P), ["body"]),
        (("And then there was ...", P), ["title"]),
        (("Order Returns to the Old City.", P), ["title"]),
        (("Order of the day in Old Town.", P), ["title"]),
        (("It rained in the old city.", P), ["body"]),
        (("Is It So.", P), ["body"]),
        (("Order Returns to the Old City:", P), ["heading"]),
        ((f"{LONG_TITLE[:103]}.", P), ["body"]),
        (("The long way home", P, "A last word on wages"), ["title", "body"]),
        (
            ("The long way home", "It rained on all of us in the valley from May to June.", "A last word on wages"),
            ["title", "body", "body"],
        ),
        (("Valley", "Life", "Harbour", "Mills", *HEADED), [*["body"] * 5, "byline"]),
        (("Valley", "Life", "Share this:", "Harbour", *HEADED), [*["boilerplate"] * 4, "title", "byline"]),
        ((f"{LONG_TITLE} Again", "Order Returns to the City", "By Jane Smith", P, P), ["title", "heading", "byline"]),
        (("Valley Life", "It rained on all of us.", "By Jane Smith", P, P), ["title", "body", "byline"]),
        (("Valley Life", "Order Returns to the City", "Published: 8 January 2022", P, P), ["boilerplate", "title", "boilerplate"]),
        (("Order Returns to the City", "What happened.", "Grace is gone", P, P), ["title", "body", "heading"]),
        (("Order Returns to the City", "OSTRA!", P, P), ["title", "body"]),
        (("Order Returns to the City", "Zorblax Quint", "Q&A – Jane Smith", *INTERVIEW), ["title", *["heading"] * 4]),
        # calls at the end of a paragraph
        ((f"\ufeff{P} Follow us on Twitter.",), ["boilerplate", "boilerplate"]),
    ],
)  # fmt: skip
def test_a_condition_more_or_less_changes_the_role(lines: tuple[str, ...], expected: list[str]) -> None:
    assert roles(*lines) == expected


def test_rules_tell_more_than_roles_do() -> None:
    assert rules(P, "Subscribe to continue reading") == ["paywall"]
    assert rules("By Jane Smith", "Order Returns to the City", "Published: 8 January 2022", P)[1] == "line above a byline or day"
    assert rules(P, "“We will stay.”", f"— Jane Smith{', of the old mill' * 4}", P)[1] == "paragraph"
    assert rules(P, "“We will stay.”", "— Jane Smith", P)[1] == "signature below a quotation"
    assert rules(P, "“We will stay.”", "- Advertisement -", P)[1] == "advertisement"


def test_below_a_given_title_stands_no_bare_name_nor_a_place_where_it_is_not_repeated() -> None:
    assert roles("Wages are up.", "OSTRA", P, title="Order Returns") == ["body", "heading"]
    assert roles("Wages are up.", "Zorblax Quint", P, title="Order Returns") == ["body", "heading"]


def test_a_text_of_nothing_but_a_call_to_pay_is_none() -> None:
    assert isinstance(clean_article(article(WALL)), Rejected)


def test_what_a_file_calls_by_no_name_is_read_by_rules_and_what_it_names_does_not_recur() -> None:
    text = f"Terms\u200b of the file\n\nBy Jane Smith\n\n{P}"
    ends = [text.find("\n"), text.find("\n\n", 30), len(text)]
    parts = [[0, ends[0]], [ends[0] + 2, ends[1]], [ends[1] + 2, ends[2]]]
    given = replace(article(text), parts=parts, part_labels=["boilerplate:terms", "", ""], outlet="Courier")
    result = clean_article(given)
    assert isinstance(result, Cleaned)
    found = [(block.role, block.rule) for block in result.blocks]
    assert found[:4] == [("boilerplate", "terms"), ("boilerplate", "invisible characters"), ("boilerplate", "terms"), ("byline", "byline")]
    assert len(note_lines([given])[0].lines) == 2  # the file's terms are noted nowhere


def test_what_nobody_sees_is_no_line_that_recurs() -> None:
    assert note_lines([article("\u200b" * 900 + P)]) == note_lines([article(P)])
    assert note_lines([article(f"\u200b{P}")])[0].lines == note_lines([article(P)])[0].lines


def test_an_outlet_is_known_by_its_name_or_the_host_of_an_address() -> None:
    assert [outlet_of("Courier", None), outlet_of(None, "https://www.valley.example/a"), outlet_of(None, None)] == [
        "Courier",
        "valley.example",
        "",
    ]


@pytest.mark.parametrize(
    ("outlet", "line", "role"),
    [
        ("Courier", "The Courier has told of the valley since the flood.", "boilerplate"),
        ("Sun", "The sun has told of the valley since the flood.", "body"),
        ("Courier", "The newspaper's editorial is the view of its author alone.", "boilerplate"),
        ("Courier", "“Stay with us, all of you”", "heading"),
    ],
)
def test_a_sentence_that_recurs_is_furniture_where_it_names_the_outlet_or_is_about_a_site(outlet: str, line: str, role: str) -> None:
    noted = note_lines([replace(article(f"{P} This was day {n} of it.\n\n{line}\n\n{P}"), outlet=outlet) for n in range(8)])
    result = clean_article(replace(article(f"{P}\n\n{line}\n\n{P}"), outlet=outlet), Recurring(find_recurring(noted)[outlet]))
    assert isinstance(result, Cleaned)
    assert result.blocks[1].role == role
    assert 1 not in Recurring(find_recurring(noted)[outlet])


@pytest.mark.parametrize(
    ("text", "sentence", "text_like", "paragraph"),
    [
        ("“Stop the press”", True, True, False),
        ("Stop the press", False, False, False),
        ("Stop the press:", False, True, False),
        ("Eleven words of a line are more than a scrap has", False, True, False),
        ("The mill, " * 12 + "so", False, True, True),
        ("The mill, " * 7 + "so", False, True, False),
        ("The mill, " * 7 + "so.", True, True, True),
        ("- The mill", False, True, False),
    ],
)
def test_a_line_by_itself_is_a_sentence_a_text_or_a_paragraph(text: str, sentence: bool, text_like: bool, paragraph: bool) -> None:
    line = line_of(Passage(0, len(text), text))
    assert (line.is_sentence, line.is_text, line.is_paragraph) == (sentence, text_like, paragraph)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("| Share this:", "share bar"),
        ("Share this: |", "share bar"),
        ("| Share this: |", None),
        ("“Follow us on Twitter”", "follow call"),
        ("“Follow us on Twitter and Facebook and Instagram and Telegram”", None),
        ("(Contributed)", "credit line"),
        ("Contributed", None),
        ("(Contributed", None),
        ("Contributed)", None),
        ("Tags: " + ", ".join(["x" * 90] * 12), None),
    ],
)
def test_brackets_bars_and_marks_around_a_line_decide_whether_a_rule_is_meant(line: str, rule: str | None) -> None:
    found = match_rule(line, "anywhere")
    assert (found.name if found else None) == rule


def test_sites_speak_and_controls_are_short() -> None:
    assert is_site_voice("You may share this story on your website.")
    assert not is_site_voice("You may share this “story on your website.")
    assert not is_site_voice("You may share this story with the men at the mill, and they will tell you what they know of it by Monday.")
    assert is_site_voice("You may share this story with readers at the mill, and they will tell you what they know of it by Monday.")
    assert is_control("Turn on desktop alerts")
    assert not is_control("Turn on desktop alerts and e-mail alerts and more alerts")
    assert not is_control("Turn on desktop alerts.")
    assert not is_control("Share")
    assert not is_control("Close all pages")
    assert not is_of_the_site("Our newsletter is on no ſite.")
    assert plain_line("Share\tthis") == "Share this"


def test_patterns_are_tried_on_lines_they_are_meant_for() -> None:
    assert _meant(999, ("anywhere",)) == 0
    assert [Pattern(p).minds_case for p in ("(?-i:x)", "Xy", r"\Wx")] == [True, True, False]
    assert Pattern("Xy").expression.fullmatch("xY")
    assert not Pattern("xy").expression.fullmatch("xY")
    assert Pattern(".{0,9}of (?:the|an) kiosk|at (?:a|ferry)").openings is None
    assert Pattern("of (?:at|ferry) kiosk").groups == [{"kiosk"}]
    assert Pattern("kiosk and ferry").needed == ("kiosk and ferry",)
    assert Pattern("(?:kiosk|ferry|barge|canoe)").needed == ()
    rule = match_rule("Share this:", "anywhere")
    assert rule is not None
    known = _Patterns([rule._replace(patterns=(Pattern("kiosk"), Pattern(".{0,9}ferry"), Pattern("(?:barge|of) an isle")))])
    assert [bin(known.worth(known.pieces[piece])) for piece in ("kiosk", "ferry", "isle")] == ["0b1", "0b10", "0b100"]
    assert [known.opening(first) for first in ("ki", "ba", "xx", "é", "7x")] == [0b11, 0b110, 0b10, -1, -1]


def test_a_piece_is_a_word_or_a_mark_of_each_literal() -> None:
    found = [pieces_of(literals) for literals in (["of"], ["of", "kiosk"], ["(a"], ["a kiosk (", "ferry"])]
    assert found == [None, None, {"("}, {"kiosk", "ferry"}]


@pytest.mark.parametrize(
    ("call", "is_cut"),
    [
        ("Read more: “The long way home”", True),
        ("Read more: The long way home”", False),
        ("Click to enlarge the map", False),
        ("Follow us on Twitter.", True),
    ],
)
def test_a_call_is_cut_off_where_its_rule_is_one_of_calls(call: str, is_cut: bool) -> None:
    assert (len(clean(f"{P} {call}").blocks) == 2) == is_cut


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (f"{P}\n\n\u200b{P}", f"{P}\n\n{P}"),
        ("One word of it \u200bwas out at last, and two more were in.", "One word of it was out at last, and two more were in."),
        ("One word of it\u200b was out at last, and two more were in.", "One word of it was out at last, and two more were in."),
        ("One word of it\u200bs was out at last, and two more were in.", "One word of its was out at last, and two more were in."),
    ],
)
def test_what_nobody_sees_parts_neither_words_nor_paragraphs(raw: str, text: str) -> None:
    result = clean(raw)
    assert result.document.text == text
    check_promises(raw, result)


@dataclass(frozen=True)
class Row:
    start: int
    end: int
    raw_start: int | None = None
    raw_end: int | None = None


def test_rows_of_a_parted_paragraph_have_the_places_of_its_pieces() -> None:
    raw = f"Order Returns\n\n{P[:50]}\u200b{P[50:]}\n\n{P}"
    blocks = clean(raw).blocks
    at = len("Order Returns\n\n")
    rows = place_rows([Row(0, 5), Row(at + 45, at + 55), Row(at + 60, at + len(P)), Row(at + len(P) + 2, at + len(P) + 9)], blocks)  # type: ignore[type-var]
    assert [raw[row.raw_start : row.raw_end].replace("\u200b", "") for row in rows] == ["Order", P[45:55], P[60:], P[:7]]
    empty = dict.fromkeys(("sentence_id", "document_id", "block_id", "text"), "")
    sentence = Sentence(**empty, position=0, start=at, end=at + 9, raw_start=None, raw_end=None, n_tokens=0, is_heading=False)
    assert place_rows([sentence], blocks)[0].block_id == blocks[1].block_id
    assert place_rows([sentence], []) == [sentence]


@pytest.mark.parametrize(
    ("text", "url", "day"),
    [
        (f"https://valley.example/a\n\n{P}", "https://valley.example/a", None),
        (f"www.valley.example/a\n\n{P}", None, None),
        (f"https://valley.example/a is where the {P}", None, None),
        (f"{P}\n\nOn 8 January 2022 nothing took place in the whole of the city, which had gone to bed early.", None, None),
        (f"Order Returns\n\nBy Jane Smith, Reuters, January 7, 2022\n\n{P}", None, date(2022, 1, 7)),
        (f"Order Returns\n\nALMATY, 7 January 2022 (Agency) — {P}", None, date(2022, 1, 7)),
    ],
)
def test_an_address_and_a_day_are_taken_from_lines_of_their_own(text: str, url: str | None, day: date | None) -> None:
    document = clean(text).document
    assert (document.url, document.published_on) == (url, day)


def test_an_author_of_the_source_comes_before_a_byline_and_a_credit_of_the_text_before_the_sources() -> None:
    said = replace(article(f"Order Returns\n\nBy Jane Smith\n\n{P}\n\nPhoto: Jane Smith/Reuters"), author="Ann Reed", credit="AFP")
    result = clean_article(said)
    assert isinstance(result, Cleaned)
    assert (result.document.author, result.document.credit) == ("Ann Reed", "Photo: Jane Smith/Reuters")
