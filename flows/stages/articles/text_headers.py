"""Lines above a text that name its title, author and day: YAML front matter, or `Title: …` lines as scripts write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from qantar.stages.articles.found import Found
from qantar.stages.articles.record_columns import field_of
from qantar.stages.articles.record_fields import article_in
from qantar.stages.articles.text_parts import Part, paragraphs

_FENCE = re.compile(r"\ufeff?---[ \t]*\r?\n")
_END_OF_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$\n?", re.MULTILINE)
_LINE = re.compile(r"(?P<key>[A-Za-z][\w -]{0,30}?)[ \t]*:[ \t]*(?P<value>[^\r\n]*)\r?\n")
_ITEM = re.compile(r"[ \t]+[^\r\n]*\r?\n|-[ \t][^\r\n]*\r?\n|[ \t]*#[^\r\n]*\r?\n")
_BLANK_LINE = re.compile(r"[ \t]*\r?\n")
_MOST_CHARACTERS = 10_000
_LEAST_FIELDS = 2
_TITLE_ABOVE = re.compile(r"([^\r\n]{1,200}?)[ \t]*\r?\n(?:[ \t]*\r?\n)*")


class _Header(NamedTuple):
    """Where it ends, what it says, and where a title stands above it."""

    end: int
    record: dict[str, str]
    title: tuple[int, int] | None = None


def read_header(found: Found) -> Found:
    """The article of a text file with what its header says of it; the header's lines are parts of their own, out of the text.

    A text without a header is given back as it is.
    """
    header = _front_matter(found.text) or _header_lines(found.text)
    if header is None:
        return found
    end, record, title = header
    if not found.text[end:].strip():
        return found
    if title:
        record.setdefault("title", found.text[slice(*title)])
    said = article_in({**record, "text": "x"}, 1)
    if not isinstance(said, Found):
        return found
    named: list[Part] = [(*title, "title", "line above a header")] if title else []
    parts = [*named, *_lines(found.text, title[1] if title else 0, end), *paragraphs(found.text, end)]
    return replace(
        found,
        url=said.url,
        outlet=said.outlet,
        title=said.title,
        author=said.author,
        published_on=said.published_on,
        published_basis=said.published_basis,
        licence=said.licence,
        parts=tuple(parts),
    )


def _lines(text: str, start: int, end: int) -> Iterator[Part]:
    for line in re.compile(r"[^\r\n]+").finditer(text, start, end):
        words = line.group().strip()
        if words:
            at = line.start() + line.group().index(words[0])
            yield at, at + len(words), "boilerplate", "header line"


def _front_matter(text: str) -> _Header | None:
    opened = _FENCE.match(text)
    closed = _END_OF_FENCE.search(text, opened.end(), _MOST_CHARACTERS) if opened else None
    if opened is None or closed is None:
        return None
    record, at = _fields(text, opened.end(), closed.start())
    return _Header(closed.end(), record) if record and at == closed.start() else None


def _header_lines(text: str) -> _Header | None:
    """Such lines at the head of a text, or below its first line, the title."""
    start = re.match(r"\s*", text)
    assert start is not None
    found = _labelled_lines(text, start.end())
    title = None if found else _TITLE_ABOVE.match(text, start.end())
    if title and (found := _labelled_lines(text, title.end())):
        return found._replace(title=(title.start(1), title.end(1)))
    return found


def _labelled_lines(text: str, start: int) -> _Header | None:
    if not _LINE.match(text, start):
        return None
    record, at = _fields(text, start, min(len(text), _MOST_CHARACTERS))
    known = {field for key in record if (field := field_of(key)) not in (None, "text")}
    is_header = len(known) >= _LEAST_FIELDS and len(known) >= 0.5 * len(record) and {"title", "published_on", "url"} & known
    is_parted = _BLANK_LINE.match(text, at) or len(known) > _LEAST_FIELDS
    return _Header(at, record) if is_header and is_parted else None


def _fields(text: str, at: int, end: int) -> tuple[dict[str, str], int]:
    """The keys and values of the lines from `at`, and where they end; lists and remarks below a key are passed over."""
    record: dict[str, str] = {}
    while at < end:
        found = _LINE.match(text, at, end)
        if found is None and not ((found := _ITEM.match(text, at, end)) and found.group().strip()):
            break
        assert found is not None
        if "key" in found.groupdict():
            record.setdefault(found["key"], found["value"].strip().strip("\"'"))
        at = found.end()
    return record, at
