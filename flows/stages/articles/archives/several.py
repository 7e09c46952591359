"""Texts that hold several articles, but in no known layout: they are rejected, not read as one."""

from __future__ import annotations

import re

from qantar.stages.articles.archives.archive_parts import Line, find_day, lines_of
from qantar.text.lexicon import either, read_toml

_RULES = (b"=", b"_", b"*", b"#", b"~", b"-")
_LABELS = (b"Title:", b"TITLE:", b"eadline:")
_SECOND = re.compile(rb"\n[\[(]?2[\]).:]")
_RULE = re.compile(r"([=_*#~-])\1{7,}")
_LABEL = re.compile(rf"(?:{either('newspaper_archives.toml', 'words.title')}) ?:.", re.IGNORECASE)
_HEAD = re.compile(rf"(?:by [A-Z]|(?:{either('newspaper_archives.toml', 'words.head')}) ?:|https?://)", re.IGNORECASE)
_NUMBER = re.compile(r"[\[(]?(\d{1,3})[\]).:]+ \S")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_LEAST_JOINED = 10  # words of each
_HEAD_LINES, _SHORT, _LEAST_WORDS = 6, 14, 40


def may_hold_several(data: bytes) -> bool:
    """Whether a text's bytes have any of the marks that part articles, so that it is worth a closer look."""
    has_rule = any(sign * 8 in data for sign in _RULES)
    return has_rule or any(label in data for label in _LABELS) or _SECOND.search(data) is not None


def sign_between(text: str) -> str | None:
    """The sign that a data set has put between articles which it joined to one text; None for any other text.

    >>> sign_between(f"{'One article. ' * 9}|||||{'Another one. ' * 9}"), sign_between("One article. |||||")
    ('|||||', None)
    """
    found = (sign for sign in read_toml("newspaper_archives.toml")["hints"]["joins"] if sign in text)
    return next((sign for sign in found if _joins(list(map(str.strip, text.split(sign))))), None)


def _joins(parts: list[str]) -> bool:
    """Whether parts are articles, each of which ends with a sentence: no sentence of an article about the sign itself."""
    whole = list(filter(None, parts))
    return len(whole) > 1 and all(len(part.split()) >= _LEAST_JOINED for part in whole) and all(map(_ENDS.search, whole[:-1]))


def count_articles(text: str) -> int:
    """How many articles a text holds, as far as their heads show: a title or day and more in each; 1 for any other.

    >>> count_articles("One article.")
    1
    """
    lines = lines_of(text)
    borders = [[bool(border(line.text)) for line in lines] for border in (_RULE.fullmatch, _LABEL.match)]
    return max(_count(lines, border) for border in [*borders, _numbered(lines)])


def _numbered(lines: list[Line]) -> list[bool]:
    """Which lines count on from one, as titles do in a list of articles: "[1] Order returns"."""
    borders, next_number = [], 1
    for line in lines:
        found = _NUMBER.match(line.text)
        is_next = found is not None and int(found[1]) == next_number and len(line.text.split()) <= _SHORT
        next_number += is_next
        borders.append(is_next)
    return borders


def _count(lines: list[Line], borders: list[bool]) -> int:
    parts: list[list[Line]] = [[]]
    for line, is_border in zip(lines, borders, strict=True):
        if is_border:
            parts.append([])
        parts[-1].append(line)
    articles = [part for part in parts if sum(len(line.text.split()) for line in part) >= _LEAST_WORDS]
    return max(1, len(articles)) if all(map(_has_head, articles)) else 1


def _has_head(lines: list[Line]) -> bool:
    """Whether short lines at the beginning say of when, of whom or from where an article is."""
    head = [line for line in lines[: _HEAD_LINES + 1] if len(line.text.split()) <= _SHORT]
    return any(_HEAD.match(line.text) or find_day(line.text) for line in head)
