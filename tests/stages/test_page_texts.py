"""Each rule on what of a page is its article has pages that are read otherwise without it, as data (page_texts.toml)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from qantar.compat import load_page
from qantar.stages.articles.page_layout import Line, find_lines, is_named_aside, page_lines, part_lines
from qantar.stages.articles.page_tidying import tidy_text
from qantar.stages.articles.pages import read_page

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("page_texts.toml").read_text("utf-8"))
PARAGRAPHS: dict[str, str] = DATA["paragraphs"]
TITLE = "Bridge over the Marn reopens after four years"


def paragraphs_of(text: str) -> str:
    """A text with the paragraphs that its numbers stand for."""
    return re.sub(r"\$(\d)", lambda found: PARAGRAPHS[found[1]], text)


def numbers(text: str, each: str, between: str) -> str:
    """A text with `[1-3]` written out."""
    return re.sub(r"\[(\d)-(\d)\]", lambda m: between.join(each.format(n) for n in range(int(m[1]), int(m[2]) + 1)), text)


def lines_of(texts: list[str]) -> list[str]:
    return paragraphs_of(numbers("\n".join(texts), "${}", "\n")).split("\n")


def html_of(body: str, title: str = TITLE) -> str:
    return f"<html><head><title>{title}</title></head><body>{paragraphs_of(numbers(body, '<p>${}</p>', ''))}</body></html>"


def lines(body: str) -> list[Line]:
    return page_lines(load_page(html_of(body)))


@pytest.mark.parametrize("row", DATA["page"], ids=lambda row: row["rule"])
def test_of_a_page_its_article_is_read(row: dict[str, Any]) -> None:
    html = html_of(row["html"], title := row.get("title", TITLE))
    if "taken" in row:
        body = paragraphs_of(row["body"]) if "body" in row else None
        text = tidy_text("\n".join(lines_of(row["taken"])), page_lines(load_page(html)), body, title, row.get("authors", ()))
    else:
        text = read_page(html.encode()).text
    assert [" ".join(line.split()) for line in text.split("\n")] == lines_of(row["text"])


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>The gates<!-- ad --> are <script>x()</script>shut</p>", ["The gates are shut"]),
        ("<pre>The gates\nare shut\n\nNobody knows why</pre>", ["The gates are shut", "Nobody knows why"]),
        ("<div>One.\n\nTwo.\n\nThree.\n\nFour.</div>", ["One.", "Two.", "Three.", "Four."]),
        ("<div>One.\n\nTwo.\n\nThree.</div>", ["One. Two. Three."]),
        ("<p>One.\n\nTwo.\n\nThree.\n\nFour.</p>", ["One. Two. Three. Four."]),
        ("<div>* * *</div>", []),
    ],
)
def test_blocks_part_the_lines_of_a_page(body: str, texts: list[str]) -> None:
    assert [line.text for line in lines(body)] == texts


@pytest.mark.parametrize(
    ("body", "is_paragraph"),
    [
        ("<p>$1</p>", True),
        ("<p>The gates are shut</p>", False),
        ("<p><a href='/gates'>$1</a></p>", False),
        ("<p><a href='/gates'>The gates</a> are shut. $1</p>", True),
        ("<p><a name='top'>$1</a></p>", True),
        ("<p><a href='#note'>$1</a></p>", True),
    ],
)
def test_a_paragraph_is_long_and_mostly_no_link_to_elsewhere(body: str, is_paragraph: bool) -> None:
    assert [line.is_paragraph for line in lines(body)] == [is_paragraph]


@pytest.mark.parametrize(
    ("body", "texts", "found"),
    [
        ("<p>Why?</p><p>$1</p><p>Why?</p><p>$2</p>", ["Why?", "$1", "Why?", "$2"], [0, 1, 2, 3]),
        ("<p>Why?</p><p>$1</p><p>$2</p>", ["$2", "$1", "Why?", "* * *"], [2, 1, None, None]),
        ("<div>$1</div><div>Share</div><p>$1</p><p>$2</p><p>$1</p>", ["$1", "$2"], [2, 3]),
        ("<p>$1</p><p>$2</p><div>$1</div><p>$3</p>", ["$1", "$9"], [0, None]),
        ("<p>$1</p><p>He said: $1</p><p>$2</p>", ["$1", "$2"], [0, 2]),
    ],
)
def test_texts_are_found_in_the_order_of_the_page(body: str, texts: list[str], found: list[int | None]) -> None:
    assert find_lines(list(map(paragraphs_of, texts)), lines(body)) == found


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("$1 $2", "$1\n$2"),
        ("$2 $3", "$2\n$3"),
        ("$1 $2 and so on", "$1 $2 and so on"),
        ("$2 $1", "$2 $1"),
        ("- $1", "- $1"),
    ],
)
def test_a_text_of_one_line_is_parted_as_the_page_parts_it(text: str, parted: str) -> None:
    assert part_lines(paragraphs_of(text), lines("[1-3]<p>The end</p>")) == paragraphs_of(parted)


@pytest.mark.parametrize(
    ("part", "is_aside"),
    [
        ("<div class='newsletter'>", True),
        ("<div id='most-read'>", True),
        ("<div class='most'>", False),
        ("<div>", False),
        ("<div class='has-newsletter'>", False),
        ("<article class='newsletter'>", False),
    ],
)
def test_parts_are_named_as_furniture(part: str, is_aside: bool) -> None:
    assert is_named_aside(load_page(f"<html><body>{part}x</body></html>").find("body")[0]) is is_aside
