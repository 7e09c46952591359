"""Which of the lines that were extracted from a page are its furniture, told by where they stand: other stories, calls, captions, notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from qantar.stages.articles.page_layout import Layout, Line, find_lines, is_named_aside, upwards

_ASIDE = frozenset(("aside", "nav", "footer", "form", "figure", "figcaption", "button", "select", "dialog"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$")
_BREAKS_OFF = re.compile(r"(?:…|\.\.\.)\W*$")
_MOST_OF_CARD = 400  # letters
_MOST_OF_BODY = 0.3  # of the body's letters: a part with more is the article, whatever it is called
_MOST_ASIDE = 0.5  # of them: where more is in such parts, their names mean something else
_MOSTLY = 0.9  # of a line's letters, for it to be a link
_MOST_LINKED = 0.4  # of an article's lines: where more are links, the article is a list of them
_MOST_HEAD_WORDS, _MOST_LABEL_WORDS = 8, 4
_LONG, _LEAST_ON = 20, 2  # words of a paragraph, paragraphs for a text to go on in another part of the page


def without_furniture(texts: Sequence[str], page: Sequence[Line], title_key: str) -> list[str]:
    """The extracted lines of a page less those that its layout shows to be no part of the article."""
    found = find_lines(texts, page)
    chosen = sorted({i for i in found if i is not None})
    layout = Layout(page, chosen)
    if layout.body is None:
        return list(texts)
    drop = _asides(chosen, layout)
    drop |= {i for i in chosen if page[i].key == title_key or (page[i].block.tag == "h1" and page[i].key in title_key)}
    drop |= _links(chosen, page) | _cards(chosen, layout) | _after_body([i for i in chosen if i not in drop], layout)
    return [text for text, i in zip(texts, found, strict=True) if i not in drop]


def paragraph_letters(page: Sequence[Line], least: float) -> int:
    """The letters in a page's paragraphs; where there are as many as `least`, without those in parts that are named as furniture."""
    paragraphs = [line for line in page if line.is_paragraph]
    letters = sum(len(line.key) for line in paragraphs)
    if letters < least:
        return letters
    return sum(len(line.key) for line in paragraphs if not any(map(is_named_aside, upwards(line.block))))


def _asides(chosen: Sequence[int], layout: Layout) -> set[int]:
    """Lines of parts whose tag or name says that they are not the article, unless most of the article would be."""

    def is_aside(part: Any) -> bool:
        return (part.tag in _ASIDE or is_named_aside(part)) and layout.mass[part] < _MOST_OF_BODY * layout.mass[layout.body]

    asides = {i for i in chosen if any(map(is_aside, layout.branch(i)))}
    return asides if sum(len(layout.lines[i].key) for i in asides) < _MOST_ASIDE * layout.mass[layout.body] else set()


def _links(chosen: Sequence[int], page: Sequence[Line]) -> set[int]:
    """Lines that lead to other articles: a link alone, a word or two before a link, and what heads a list of links."""
    linked = {i for i in chosen if _is_link(page[i])}
    if len(linked) > _MOST_LINKED * len(chosen):
        return set()
    heads = {
        above
        for above, below in pairwise(chosen)
        if below in linked and page[below].block.tag == "li" and _is_short(page[above]) and not _ENDS_SENTENCE.search(page[above].text)
    }
    return linked | heads | {i for i in chosen if _is_labelled_link(page[i])}


def _is_link(line: Line) -> bool:
    return line.n_linked >= _MOSTLY * len(line.key) and not (line.block.tag == "p" and line.is_sentence)


def _is_short(line: Line) -> bool:
    return len(line.text.split()) <= _MOST_HEAD_WORDS


def _is_labelled_link(line: Line) -> bool:
    """Whether a few words and a colon stand before a link that is the rest of the line: "Read more: What comes next"."""
    label, _, rest = line.text.partition(":")
    return 2 * line.n_linked > len(line.key) and len(label.split()) <= _MOST_LABEL_WORDS and len(rest.split()) > 2


def _cards(chosen: Sequence[int], layout: Layout) -> set[int]:
    """Lines of short parts whose heading leads elsewhere: teasers of other articles.

    Where they are most of what was extracted, the article may be a list of such parts; but not where they break off.
    """
    cards: set[Any] = set()
    for i, line in enumerate(layout.lines):
        if line.block.tag in _HEADINGS and 2 * line.n_linked > len(line.key):
            cards |= {part for part in layout.branch(i)[1:2] if layout.mass[part] <= _MOST_OF_CARD}
    found = {i for i in chosen if not cards.isdisjoint(layout.branch(i))}
    letters = sum(len(layout.lines[i].key) for i in found)
    n_broken = sum(bool(_BREAKS_OFF.search(layout.lines[i].text)) for i in found)
    is_most = 2 * letters > sum(len(layout.lines[i].key) for i in chosen)
    return set() if is_most and 3 * n_broken < len(found) else found


def _after_body(chosen: Sequence[int], layout: Layout) -> set[int]:
    """Lines below the part of the page that holds the article, unless paragraphs go on there."""
    last = max(filter(layout.is_inside, chosen), default=-1)
    below = [i for i in chosen if i > last]
    long = [i for i in below if len(layout.lines[i].text.split()) >= _LONG and _ENDS_SENTENCE.search(layout.lines[i].text)]
    return set(below) if len(long) < _LEAST_ON else set()
