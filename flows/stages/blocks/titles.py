"""What stands above the text: the title, a bare byline, a bare dateline."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from qantar.stages.blocks.block_rules import BlockRule
from qantar.stages.blocks.headings import ELLIPSIS, HEADING_WORDS, INNER_END, OPENS_LIKE_HEADING, WORD, looks_like_heading
from qantar.stages.blocks.line import Line
from qantar.stages.blocks.line_rules import macros, plain_line
from qantar.text.lexicon import read_lines

MOST_HEAD = 16  # passages at the beginning that may be bylines, dates, labels
_HEAD = 6  # of those that no rule knows
_MOST_LABEL = 3  # words of a label; lines above a title
_TITLE_WORDS = 30


def find_title(lines: list[Line], given: str | None) -> None:
    """Give the headline its role: the one given beside the text, if it is repeated there; else a line that looks like one."""
    head = [line for line in lines[:_HEAD] if line.role is None]
    if given and head:
        wanted = plain_line(given).casefold()
        repeated = next((line for line in head if plain_line(line.text).casefold() == wanted), None)
        if repeated is not None:
            repeated.be("title", BlockRule.GIVEN_TITLE)
        return
    if head and any(line.is_paragraph for line in lines if line is not head[0]) and not _find_signed_title(lines) and _is_headline(head[0]):
        head[0].be("title", BlockRule.FIRST_LINE)


def _is_headline(line: Line) -> bool:
    """Whether a first line reads as a headline: of some words, one sentence, without a full stop unless it is capitalised as titles are."""
    inner = INNER_END.search(line.text)
    if inner or not 2 <= line.n_words <= _TITLE_WORDS or not OPENS_LIKE_HEADING.match(line.text):
        return False
    stops = line.text.rstrip("\"'”’").endswith((".", ",", ":")) and not ELLIPSIS.search(line.text)
    return not stops or (line.text.endswith(".") and line.n_words <= 16 and _capitalised(line.text) >= 0.7)


def _find_signed_title(lines: list[Line]) -> bool:
    """A headline, and perhaps a line below it, above the byline or the day: it is the title, and the scraps before it are furniture."""
    signed = next((i for i, line in enumerate(lines[:MOST_HEAD]) if i and _is_signature(line) and lines[i - 1].role is None), 0)
    first = signed
    while first and _may_head(lines[first - 1]):
        first -= 1
    above = [line for line in lines[:first] if line.role is None]
    if first == signed or len(above) > _MOST_LABEL or any(line.n_words > HEADING_WORDS for line in above):
        return False
    lines[first].be("title", BlockRule.SIGNED_TITLE)
    for line in above:
        line.be("boilerplate", BlockRule.ABOVE_TITLE)
    return True


def _may_head(line: Line) -> bool:
    return line.role is None and line.n_words > _MOST_LABEL and looks_like_heading(line)


def _is_signature(line: Line) -> bool:
    return line.role in ("byline", "dateline") or line.rule == BlockRule.PUBLISHED or _is_persons_name(line)


def _is_persons_name(line: Line) -> bool:
    if line.role is not None:
        return False
    plain = plain_line(line.text)
    return plain.partition(" ")[0] in _first_names() and bool(_bare_names().fullmatch(plain))


def find_dateline(lines: list[Line]) -> None:
    """A place in capitals alone, between the title and the first paragraph."""
    title = next((i for i, line in enumerate(lines) if line.role == "title"), len(lines))
    for line, below in pairwise(lines[title + 1 : title + 1 + _HEAD]):
        is_label = line.text.isupper() and not line.is_text and line.n_words <= _MOST_LABEL
        if line.role is None and is_label and below.role is None and below.is_paragraph:
            line.be("dateline", BlockRule.PLACE)


def _capitalised(text: str) -> float:
    """Share of the words of four letters or more that begin with a capital."""
    words = [w for w in WORD.findall(text)[1:] if len(w) >= 4]
    return sum(w[0].isupper() for w in words) / len(words) if words else 0.0


def find_bare_byline(lines: list[Line]) -> None:
    """A name alone between title and text is the author's; further down than below the title, one with a first name."""
    title = next((i for i, line in enumerate(lines) if line.role == "title"), len(lines))
    for i in range(title + 1, min(title + 1 + _HEAD, len(lines) - 1)):
        line = lines[i]
        if line.role is None and line.is_paragraph:
            return
        is_near = i == title + 1 and line.role is None and lines[i + 1].role != "heading"
        if _is_persons_name(line) or (is_near and _bare_names().fullmatch(plain_line(line.text))):
            line.be("byline", BlockRule.BYLINE)
            return


@cache
def _first_names() -> frozenset[str]:
    return frozenset(read_lines("first_names.txt"))


@cache
def _bare_names() -> re.Pattern[str]:
    return re.compile(rf"(?:{macros()['NAMES']})", re.IGNORECASE)
