"""A text that holds several articles is cut into them or told of, whatever its layout; one article is never cut."""

from __future__ import annotations

import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

from qantar.stages.articles.archives import read_archive_text
from qantar.stages.articles.archives.divided_texts import count_divided, may_be_divided
from qantar.stages.articles.archives.shapes import find_shape
from qantar.stages.articles.found import Found
from tests.stages.archive_exports import docx, pdf, rtf
from tests.stages.odd_exports import DIVIDED, LAYOUTS, STORIES, divided
from tests.stages.single_articles import SINGLES
from tests.stages.test_read import read

CUT = {
    "NewsBank of the nineties": ("Court opens a road that lorries had closed", "Tom Vane", "The Caspian Courier", "2024-04-01"),
    "NewsBank, fields below the text": ("Court opens a road that lorries had closed", "Tom Vane", "Caspian Courier", "2024-04-01"),
    "PressReader": ("Court opens a road that lorries had closed", "Tom Vane", None, "2024-04-01"),
    "PressReader, a field a line": ("Court opens a road that lorries had closed", "TOM VANE", "The Caspian Courier", "2024-04-01"),
    "an archive in Chinese around English": ("Court opens a road that lorries had closed", "Tom Vane", "Caspian Courier", "2024-04-01"),
    "headings of Markdown": ("Court opens a road that lorries had closed", "Tom Vane", None, "2024-04-01"),
}
"""Layouts that are cut apart, and what is read of the second article."""


OF_ONE_AUTHOR = {"reports of a monitor"}
"""Signs that no article has within it, whatever its parts are about."""


def margin(text: str) -> str:
    """The text as lines of a page."""
    return "\n".join(textwrap.fill(line, 75) if len(line) > 75 else line for line in text.split("\n"))


def n_articles(text: str) -> int:
    shape = find_shape(text)
    return shape.n_articles if shape else 1


@pytest.mark.parametrize("name", LAYOUTS)
def test_lines_that_recur_show_how_many_articles_a_text_holds(name: str) -> None:
    texts = ["".join(map(LAYOUTS[name], STORIES[:n])) for n in (1, 2, 3, 6)]
    assert [n_articles(text) for text in texts] == [1, 2, 3, 6]
    assert [n_articles(margin(text)) > 1 for text in texts] == [False, True, True, True]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_cut_apart_or_told_of(tmp_path: Path, name: str) -> None:
    whole = "".join(map(LAYOUTS[name], STORIES[:3]))
    (tmp_path / "a.txt").write_text(whole)
    articles, rejected = read(tmp_path)
    if name in CUT or articles:
        assert "".join(article.text for article in articles) == whole
        assert [STORIES[i].body[0] in article.text for i, article in enumerate(articles)] == [True] * 3
        second = articles[1]
        said = (second.title, second.author, second.outlet, str(second.published_on))
        assert said == CUT.get(name, said)
    else:
        assert [row.reason for row in rejected] == ["several_articles"]
        assert "put each in a file of its own" in rejected[0].detail


@pytest.mark.parametrize("name", DIVIDED)
def test_a_sign_and_a_title_divide_articles_that_share_few_names(name: str) -> None:
    texts = [divided(name, STORIES[:n]) for n in (1, 2, 3, 4)]
    assert [count_divided(text) for text in texts] == [1, 2, 3, 4]
    assert all(may_be_divided(text) for text in texts[1:])
    parts = [
        story._replace(body=(*story.body, STORIES[0].body[1], "The port of Aktau and the judge Saule Bekova said so."))
        for story in STORIES[:4]
    ]
    assert name in OF_ONE_AUTHOR or count_divided(divided(name, parts)) == 1


def test_articles_that_are_divided_by_signs_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(divided("stars", STORIES[:3]))
    assert [(row.reason, "hold 3 articles" in row.detail) for row in read(tmp_path)[1]] == [("several_articles", True)]


@pytest.mark.parametrize("name", SINGLES)
def test_one_article_is_not_taken_for_several(name: str) -> None:
    for text in (SINGLES[name], margin(SINGLES[name])):
        assert (n_articles(text), count_divided(text)) == (1, 1)


def test_articles_of_different_layouts_are_told_of(tmp_path: Path) -> None:
    """A collection that grew: as far as a title with a byline, or what stands above the first, shows where another begins."""
    layouts = ["titles and bylines", "a collection pasted from pages", "a wire with slugs", "NewsBank of the nineties"]
    for first, second in pairwise(layouts):
        (tmp_path / "a.txt").write_text(LAYOUTS[first](STORIES[0]) + LAYOUTS[second](STORIES[1]))
        articles, rejected = read(tmp_path)
        assert (articles, [row.reason for row in rejected]) == ([], ["several_articles"]), (first, second)


def test_documents_of_several_articles_are_cut_or_told_of_too(tmp_path: Path) -> None:
    text = "".join(map(LAYOUTS["titles and days"], STORIES[:3]))
    lines = [
        line for paragraph in text.translate({0x201C: '"', 0x201D: '"', 0x2019: "'"}).split("\n") for line in textwrap.wrap(paragraph, 80)
    ]
    for name, data in (("a.docx", docx(text.split("\n"))), ("b.rtf", rtf(text)), ("c.pdf", pdf(lines))):
        (tmp_path / name).write_bytes(data)
    articles, rejected = read(tmp_path)
    assert rejected == []
    assert [(a.source_path, a.title) for a in articles] == [(n, s.title) for n in ("a.docx", "b.rtf", "c.pdf") for s in STORIES[:3]]


def test_an_article_may_lack_the_author_that_the_others_have() -> None:
    texts = [LAYOUTS["NewsBank, fields below the text"](story) for story in STORIES[:3]]
    made = read_archive_text("".join([texts[0], texts[1].replace("Tom Vane, Staff Writer\n", ""), texts[2]])) or []
    found = [(one.title, one.author) for one in made if isinstance(one, Found)]
    assert found == [(story.title, None if story.n == 2 else story.author) for story in STORIES[:3]]


def test_days_in_numbers_are_read_in_the_order_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "".join(f"{s.title}\nThe Caspian Courier\n{s.day:%d/%m/%Y}\n\n" + "\n\n".join(s.body) + "\n\n" for s in STORIES[:3])
    )
    articles, _ = read(tmp_path)
    assert [article.published_on for article in articles] == [story.day for story in STORIES[:3]]


FIRST, SECOND = (
    "Harbour opens again in spring\n\n" + "The council of Lund said that ferries from Visby would come again, as Anna Reed had hoped. " * 4,
    "Library stays shut in Oslo\n\n"
    + "The mayor of Oslo told Tom Vane that books from Bergen were wet and that Norway had no others. " * 4,
)


@pytest.mark.parametrize(
    ("between", "n"),
    [
        (" It will cost as much as it did when it was first told of in May of\n16.\n\n", 1),
        (" It will cost as much as it did when it was first told of in May of\n\n2.\n\n", 2),
        (" It will cost as much as it did when it was first told of in the May.\n2.\n\n", 2),
        ("\nThe Courier\n2.\n\n", 2),
    ],
    ids=["the end of a broken line", "below a gap", "below a sentence", "below a short line"],
)
def test_a_number_alone_parts_articles_unless_it_ends_a_broken_line(between: str, n: int) -> None:
    assert count_divided(FIRST + between + SECOND) == n
