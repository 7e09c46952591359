"""Roles of lines, promises about characters, the text put together."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.schema import Article, Format, Rejected
from qantar.stages.blocks import Cleaned, author_of, clean_article, with_roles
from qantar.stages.blocks.parted_paragraphs import join_blocks
from qantar.stages.blocks.recurring import Recurring, find_recurring, note_lines
from qantar.text.passages import split_passages, without_invisible

RAW = Path(__file__).parents[2] / "raw"
GOLD = Path(__file__).parents[1] / "gold"

PARAGRAPH = (
    "The government said on Thursday that order had been restored in most of the cities where crowds had set fire to public buildings, "
    "and that the troops invited from abroad would begin to leave within ten days."
)


def article(text: str, title: str | None = None) -> Article:
    return Article(
        document_id="0" * 12,
        source_path="a.txt",
        source_record="1",
        source_sha256="0" * 64,
        format="txt",
        url=None,
        outlet=None,
        title=title,
        author=None,
        credit=None,
        published_on=None,
        language="en",
        language_score=1.0,
        licence=None,
        note=None,
        text=text,
        has_raw_offsets=True,
    )


def clean(text: str, title: str | None = None) -> Cleaned:
    result = clean_article(given := article(text, title))
    assert isinstance(result, Cleaned)
    assert with_roles(given, result.blocks, {}) == result
    return result


def role_of(line: str, *, before: str = PARAGRAPH, after: str = PARAGRAPH) -> str:
    """The role of a line between two paragraphs."""
    blocks = clean("\n\n".join(part for part in (before, line, after) if part)).blocks
    return next(block.role for block in blocks if block.text == line)


def as_space(text: str) -> str:
    return "".join(" " if c.isspace() else c for c in text)


def check_promises(raw: str, result: Cleaned) -> None:
    document, blocks = result
    covered = [0] * len(raw)
    for block in blocks:
        if block.raw_start is not None and block.raw_end is not None:
            assert as_space(raw[block.raw_start : block.raw_end]) == block.text
            for i in range(block.raw_start, block.raw_end):
                covered[i] += 1
    assert all(n == 1 for c, n in zip(raw, covered, strict=True) if not c.isspace())
    assert max(covered, default=0) <= 1
    kept = [block for block in blocks if block.start is not None]
    assert join_blocks(blocks) == document.text
    assert all(document.text[block.start : block.end] == block.text for block in kept)


# --- promises ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(RAW.glob("*.txt")), ids=lambda p: p.name[:3])
def test_every_visible_character_of_the_corpus_is_in_one_block_and_the_text_round_trips(path: Path) -> None:
    raw = path.read_bytes().decode("utf-8")
    check_promises(raw, clean(raw))


fragments = st.sampled_from(
    [
        *(
            PARAGRAPH,
            "Leave a Reply",
            "By Jane Smith",
            "The causes",
            "Q:",
            "Read more: here",
            "© 2022 X",
            "NAME:",
            "👩\u200d👩",
            "\u202eabc",
        ),
        *("\u200b", "\x00", "\ufeff", "a\u00adb", "\r\n", "\n", "\n\n", "\u2028", "\t", "\u00a0", "\x1c", "\x85", " "),
    ]
)


@given(st.lists(st.one_of(fragments, st.text(max_size=40)), max_size=12).map("".join))
def test_promises_about_characters_hold_for_any_text(raw: str) -> None:
    result = clean_article(article(raw))
    if isinstance(result, Cleaned):
        check_promises(raw, result)
        assert not set(result.document.text) & set("\x00\u200b\ufeff\u202e")
    else:
        assert result.reason == "no_text"


def test_invisible_characters_are_blocks_of_their_own_and_not_in_the_text() -> None:
    result = clean(f"{PARAGRAPH}\n\n\ufeffOrder is back.\u200b The rest follows.")
    assert "\u200b" not in result.document.text
    assert [b.text for b in result.blocks if b.rule == "invisible characters"] == ["\ufeff", "\u200b"]


def test_every_invisible_character_is_a_passage_of_its_own() -> None:
    every = "".join(map(chr, range(0x110000)))
    invisible = sorted(set(every) - set(without_invisible(" ".join(every))))
    assert {"\x00", "\u200b", "\u200d", "\ufeff", "\ud800", "\U000e0041"} <= set(invisible)
    assert [c for c in invisible if [p.visible for p in split_passages(f"One{c}two.")] != [True, False, True]] == []


def test_the_lines_of_a_pages_text_are_its_paragraphs_however_alike_they_are_in_length() -> None:
    lines = [f"Sentence number {n:02} of the page is as long as all the others are." for n in range(12)]
    result = clean_article(replace(article("\n".join(lines)), has_raw_offsets=False))
    assert isinstance(result, Cleaned)
    assert [b.text for b in result.blocks] == lines


def test_a_paragraph_parted_by_invisible_characters_has_one_role() -> None:
    parted = f"{PARAGRAPH}\n\nFol\u200blow us on\u2060 \u200bTwitter @courier\n\nThe\u200b causes\n\n{PARAGRAPH[:9]}\u200b{PARAGRAPH[9:]}"
    result = clean(parted)
    check_promises(parted, result)
    roles = [(b.role, b.text) for b in result.blocks if b.rule != "invisible characters"]
    assert [role for role, _ in roles] == ["body", *["boilerplate"] * 3, *["heading"] * 2, *["body"] * 2]
    assert "".join(text for role, text in roles if role == "boilerplate") == "Follow us onTwitter @courier"


def test_a_text_wrapped_at_a_margin_is_cut_at_its_paragraphs() -> None:
    raw = "\n\n".join([textwrap.fill(PARAGRAPH, 60)] * 4)
    result = clean(raw)
    assert [b.role for b in result.blocks] == ["body"] * 4
    check_promises(raw, result)


def test_a_short_text_is_wrapped_where_every_line_is_and_none_is_as_short_as_a_verse() -> None:
    text = textwrap.fill(PARAGRAPH, 76)
    verse = "\n".join(
        ("The water is up at the door", "and the cat has gone to the loft", "the boats we had are no more", "the bread is dry")
    )
    assert len(split_passages(f"{text}\n\n{text}")) == 2
    assert len(split_passages(f"{verse}\n\n{verse}")) == 8


# --- roles of lines -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Follow The Daily Courier on Facebook, Twitter, and Instagram",
        "Subscribe to our daily newsletter and never miss our top stories!",
        "Subscribe to our channel and allow notifications for more analytical articles.",
        "Sign up for our newsletter to get the best stories in your inbox.",
        "Read more: What comes after the state of emergency?",
        "READ ALSO: Three things to know about the alliance",
        "Also read: Fuel prices capped for half a year",
        "Story continues below advertisement",
        "ADVERTISEMENT",
        "Share this:",
        "Click to share on Twitter (Opens in new window)",
        "© 2022 The Daily Courier. All rights reserved.",
        "We use cookies to give you the best experience on our website.",
        "Tags: protests, fuel, Almaty",
        "Published: 7 January 2022, 10:33 GMT",
        "FILE PHOTO: Police officers stand guard in Almaty, January 2022. REUTERS/Jane Smith",
        "Protesters gather in the main square. (AP Photo/Jane Smith)",
        "https://example.org/2022/01/07/story.html",
        "Keep up to date with our newsletter",
        "If you liked this article, please share it",
        "[Read more…]",
        "(This story has not been edited by staff and is published from a syndicated feed.)",
    ],
)
def test_a_line_that_is_not_the_article_is_boilerplate_in_the_midst_of_the_body_too(line: str) -> None:
    assert role_of(line) == "boilerplate"


@pytest.mark.parametrize(
    "line",
    [
        "Follow the money, the old saying goes, and you find the men behind the riots.",
        "Following the protests on Twitter was impossible, since the internet was cut off.",
        "Subscribing to the alliance's treaty had been a mistake, the minister said.",
        "Readers were asked to sign up for the militia.",
        "Like many others on Facebook, she wrote about what she had seen in the square.",
        "By Monday, the square was empty.",
        "By contrast, the capital remained calm.",
        "He added:",
        "The demands were the following:",
        "Copyright law was changed in March, the ministry said.",
        "“We are not leaving,” he said.",
        "Watching the news, he was shocked.",
        "The minister wouldn’t comment for this story.",
        "You share a border, and you share the bill, the envoy told them.",
        "The two papers share a newsroom, a press and four hundred subscribers.",
        "We followed the trucks to the depot, where our phones were taken.",
        "The advertisement ran for a week in both dailies.",
        "Tags are sewn into the coats of conscripts.",
        "The statement was first published by the ministry in May.",
        "| Region | Deaths | Arrests |",
        "More than 160 people died.",
        "What happened to you on that day?",
        "“Video: he and she and all of the others told me it was a video when they knew that it was none.”",
    ],
)
def test_a_sentence_stays_in_the_body(line: str) -> None:
    assert role_of(line) == "body"


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("The causes", "heading"),
        ("Continuing uncertainty", "heading"),
        ("Russia’s interest in the region:", "heading"),
        ("US, China, and Russia: A multipolar world:", "heading"),
        ("Was this move proactive or reactive?", "heading"),
        ("How long will the troops stay", "heading"),
        ("Author's comments ...", "heading"),
        ("Opinion by Jane Smith, director of the Centre for Peace:", "speaker_heading"),
        ("Opinion by Jane:", "speaker_heading"),
        ("Jane’s opinion:", "speaker_heading"),
        ("JANE SMITH:", "speaker_heading"),
        ("Dr. Jane Smith, professor of history:", "speaker_heading"),
        ("Background:", "heading"),
    ],
)
def test_headings_and_speaker_headings_are_told_from_sentences(line: str, role: str) -> None:
    assert role_of(line) == role


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Smith", "Jane Smith"),
        ("By Jane Smith, Professor at the University of Somewhere and an editor of a journal.", "Jane Smith"),
        ("(To David Rossi)", "David Rossi"),
        ("(di Jane Smith)", "Jane Smith"),
        ("Written by Jane Smith and John Doe", "Jane Smith; John Doe"),
        ("By Jane Smith, Reuters, January 7, 2022", "Jane Smith"),
        ("BYLINE: Jane Smith", "Jane Smith"),
    ],
)
@pytest.mark.parametrize("at_end", [False, True])
def test_a_byline_names_the_author_above_and_below_the_text(line: str, author: str, at_end: bool) -> None:
    text = f"{PARAGRAPH}\n{PARAGRAPH}\n{line}" if at_end else f"Order Returns to the City\n\n{line}\n\n{PARAGRAPH}\n{PARAGRAPH}"
    document = clean(text).document
    assert (document.byline, document.author) == (line, author)
    assert line not in document.text


@pytest.mark.parametrize(
    "line",
    ["Credit: in fotoline", "Photo: Jane Smith/Reuters", "Image credit: Getty Images", "(Reporting by Jane Smith; editing by John Doe)"],
)
def test_credits_are_kept_out_of_the_text(line: str) -> None:
    assert role_of(line) == "credit"


def test_the_first_short_line_is_the_title_and_a_first_paragraph_is_not() -> None:
    assert clean(f"Order Returns to the City\n\n{PARAGRAPH}").document.title == "Order Returns to the City"
    assert clean(f"{PARAGRAPH}\n\n{PARAGRAPH}").document.title is None
    question = "Order is back in the city. The president says so. What will the neighbours gain from it?"
    assert clean(f"{question}\n\n{PARAGRAPH}").document.title is None


def test_a_headline_given_beside_the_text_is_the_title_whether_the_text_repeats_it_or_not() -> None:
    beside = clean(PARAGRAPH, title="Order Returns")
    assert (beside.document.title, beside.document.text) == ("Order Returns", PARAGRAPH)
    within = clean(f"Order  Returns.\n\n{PARAGRAPH}", title="Order Returns.")
    assert [b.role for b in within.blocks] == ["title", "body"]


def test_what_follows_a_comment_form_belongs_to_it() -> None:
    form = "Leave a Reply\n\nYour email address will not be published. Required fields are marked *\n\nName *\n\nsome words"
    blocks = clean(f"{PARAGRAPH}\n\n{PARAGRAPH}\n\n{form}").blocks
    assert [b.role for b in blocks] == ["body", "body", *["boilerplate"] * 4]


def test_headlines_after_related_stories_are_boilerplate_until_the_body_goes_on() -> None:
    blocks = clean(f"{PARAGRAPH}\n\nRelated stories\n\nFuel prices capped\n\nTroops arrive in city\n\n{PARAGRAPH}").blocks
    assert [b.role for b in blocks] == ["body", *["boilerplate"] * 3, "body"]


def test_three_short_lines_in_a_row_are_a_list_and_no_headings() -> None:
    blocks = clean(f"{PARAGRAPH}\n\nLower prices\n\nFree elections\n\nNew ministers\n\n{PARAGRAPH}").blocks
    assert {b.role for b in blocks} == {"body"}


def test_a_page_of_nothing_but_boilerplate_is_rejected() -> None:
    result = clean_article(article("Share this:\n\nLeave a Reply"))
    assert isinstance(result, Rejected)
    assert (result.stage, result.reason) == ("clean", "no_text")


def test_author_of_a_line_without_a_name_is_unknown() -> None:
    assert author_of("By our correspondent") is None
    assert author_of(None) is None
    assert author_of("By The Harbour Times") == "The Harbour Times"


# --- gold -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(GOLD.glob("[0-9]*.json")), ids=lambda p: p.name[:3])
def test_roles_of_the_gold_articles_are_right(path: Path) -> None:
    gold = json.loads(path.read_text("utf-8"))
    raw = (RAW / gold["source_file"]).read_bytes().decode("utf-8")
    want = ["body"] * len(raw)
    parts = [("boilerplate", part) for part in gold["boilerplate"]]
    parts += [(key, gold[key]) for key in ("byline", "credit", "title") if gold.get(key)]
    parts += [("heading", part) for part in gold["headings"]]
    for role, part in parts:
        want[part["start"] : part["end"]] = [role] * (part["end"] - part["start"])
    fold = {"speaker_heading": "heading", "dateline": "body"}
    got = [(block, fold.get(block.role, block.role)) for block in clean(raw).blocks if block.raw_start is not None]
    assert [(role, block.text) for block, role in got if {role} != set(want[block.raw_start : block.raw_end])] == []


# --- what the text itself says of itself ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"ALMATY, 7 January 2022 (Agency) — {PARAGRAPH}", date(2022, 1, 7)),
        (f"Order Returns\n\nPublished: Jan. 8, 2022 10:33 GMT\n\n{PARAGRAPH}", date(2022, 1, 8)),
        (f"{PARAGRAPH} In January 2022 it was cold: so much is known.", None),
    ],
)
def test_the_day_is_taken_from_a_dateline_or_time_of_publication_and_from_nothing_else(text: str, day: date | None) -> None:
    document = clean(text).document
    assert (document.published_on, document.published_basis) == (day, "text" if day else None)


@pytest.mark.parametrize(
    ("path", "format", "text", "told"),
    [
        ("2022-01-07-order.txt", "txt", PARAGRAPH, (date(2022, 1, 7), "name")),
        ("2022-01-07-order.txt", "txt", f"ALMATY, 6 January 2022 (Agency) — {PARAGRAPH}", (date(2022, 1, 6), "text")),
        ("2022-01-07-export.csv", "csv", PARAGRAPH, (None, None)),
        ("order.txt", "txt", PARAGRAPH, (None, None)),
    ],
)
def test_the_name_of_a_file_tells_the_day_where_nothing_else_does(
    path: str, format: Format, text: str, told: tuple[date | None, str]
) -> None:
    cleaned = clean_article(replace(article(text), source_path=path, format=format))
    assert isinstance(cleaned, Cleaned)
    assert (cleaned.document.published_on, cleaned.document.published_basis) == told


def test_an_address_alone_on_the_first_line_is_the_articles() -> None:
    assert clean(f"https://example.org/a\n\n{PARAGRAPH}").document.url == "https://example.org/a"


def test_a_call_behind_the_last_sentence_of_a_paragraph_is_a_block_of_its_own() -> None:
    raw = f"{PARAGRAPH} Follow us on Twitter @courier.\n\n{PARAGRAPH} Follow the rules, he said."
    result = clean(raw)
    assert [(b.role, b.text) for b in result.blocks][:2] == [("body", PARAGRAPH), ("boilerplate", "Follow us on Twitter @courier.")]
    assert len(result.blocks) == 3
    check_promises(raw, result)


def test_a_note_on_the_author_is_told_from_a_sentence_about_somebody_in_the_article() -> None:
    note = "Jane Smith is a professor of history at the University of Somewhere."
    assert clean(f"{PARAGRAPH}\n\n{PARAGRAPH}\n\n{note}").document.byline == note
    assert clean(f"{PARAGRAPH}\n\nMs. Smith said so.\n\n{note}").document.byline is None
    assert clean(f"{PARAGRAPH}\n\n{note}\n\n{PARAGRAPH}").document.byline is None


def test_a_comment_above_its_signature_is_boilerplate_as_well() -> None:
    comments = "\n".join(f"I do not think so at all, and nobody does.\nPosted by: Reader {n}, 27 Sep 2011 | 15:2{n}" for n in range(3))
    blocks = clean(f"{PARAGRAPH}\n{PARAGRAPH}\n{PARAGRAPH}\n{comments}").blocks
    assert [b.role for b in blocks] == ["body"] * 3 + ["boilerplate"] * 6


def test_signed_and_dated_comments_below_the_article_are_boilerplate() -> None:
    comments = "\n".join(f"Posted by: Reader {n}, 27 Sep 2011 | 15:2{n}\nI do not think so at all, and nobody does." for n in range(3))
    blocks = clean(f"{PARAGRAPH}\n{PARAGRAPH}\n{PARAGRAPH}\n{comments}").blocks
    assert [b.role for b in blocks] == ["body"] * 3 + ["boilerplate"] * 6


# --- lines that recur ----------------------------------------------------------------------------------------------------


def test_a_line_that_recurs_in_an_outlets_articles_is_boilerplate_but_copies_of_one_article_are_no_evidence() -> None:
    furniture = "The Courier: from the valley to the world"
    texts = [
        f"{PARAGRAPH} It was day {n}.\n\n{furniture}\n\nOn day {n} nothing else took place in the whole of the city." for n in range(8)
    ]
    different = [replace(article(text), outlet="Courier") for text in texts]
    copies = [replace(article(texts[0]), outlet="Herald") for _ in range(8)]
    found = find_recurring(note_lines([*different, *copies]))
    assert {outlet: len(lines) for outlet, lines in found.items()} == {"Courier": 1, "Herald": 0}
    assert furniture in Recurring(found["Courier"])
    result = clean_article(different[0], Recurring(found["Courier"]))
    assert isinstance(result, Cleaned)
    assert [(b.role, b.rule) for b in result.blocks][1] == ("boilerplate", "recurs across articles")


@pytest.mark.parametrize(
    "line",
    [
        "“We were asleep when it began,” she told the court.",
        "What did you see that night?",
        "The revolt began when the price of fuel was doubled on New Year's Day.",
    ],
)
def test_background_quotations_and_questions_that_recur_are_text(line: str) -> None:
    texts = [f"{PARAGRAPH} It was day {n}.\n\n{line}\n\nOn day {n} nothing else took place in the whole of the city." for n in range(8)]
    articles = [replace(article(text), outlet="Courier") for text in texts]
    found = find_recurring(note_lines(articles))
    assert len(found["Courier"]) == 1
    result = clean_article(articles[0], Recurring(found["Courier"]))
    assert isinstance(result, Cleaned)
    assert line in result.document.text


def test_a_recurring_sentence_about_the_outlet_is_boilerplate() -> None:
    line = "The Courier has told the valley's stories since the year of the flood."
    recurring = Recurring(
        find_recurring(note_lines([replace(article(f"{PARAGRAPH} {n}\n\n{line}"), outlet="Courier") for n in range(8)]))["Courier"]
    )
    result = clean_article(replace(article(f"{PARAGRAPH}\n\n{line}"), outlet="Courier"), recurring)
    assert isinstance(result, Cleaned)
    assert [b.role for b in result.blocks] == ["body", "boilerplate"]


@pytest.mark.parametrize("sign", ["{} 7 January 2022, 1{n}:20", "{} {n} hours ago", "Posted by {}, 7 Jan 2022 | 1{n}:20", "1{n}:20 {}"])
def test_the_entries_of_a_live_blog_are_text_whoever_signs_them(sign: str) -> None:
    entries = "\n\n".join(f"{sign.format('Ann Reed' if n % 2 else 'Bo Finch', n=n)}\n\n{PARAGRAPH} {n}." for n in range(1, 7))
    result = clean(f"Live: the count\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n{entries}")
    assert all(f"{PARAGRAPH} {n}." in result.document.text for n in range(1, 7))


def test_a_section_headed_comments_is_text_where_no_reader_signs_below() -> None:
    quoted = "“It is about time,” said the baker.\n\n“They will win,” said a nun."
    assert "Comments" in clean(f"{PARAGRAPH}\n\n{PARAGRAPH}\n\nComments\n\n{quoted}").document.text
    assert quoted in clean(f"{PARAGRAPH}\n\n{PARAGRAPH}\n\nComments\n\n{quoted}").document.text
    signed = "\n\n".join(f"{name} on 7 January 2022 at 10:33\n\nI do not think so." for name in ("Ann", "Bo", "Cy"))
    assert clean(f"{PARAGRAPH}\n\n{PARAGRAPH}\n\nComments\n\n{signed}").document.text == f"{PARAGRAPH}\n\n{PARAGRAPH}"


def test_a_row_of_marks_between_two_paragraphs_is_a_break_of_the_text() -> None:
    assert clean(f"{PARAGRAPH}\n\n* * *\n\n{PARAGRAPH}").document.text == f"{PARAGRAPH}\n\n* * *\n\n{PARAGRAPH}"
    assert "* * *" not in clean(f"{PARAGRAPH}\n\n* * *\n\n© 2022 The Courier").document.text
