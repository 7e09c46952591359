"""Lines above a text that name its title, author and day: YAML front matter, or `Title: …` lines as scripts write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from qantar.stages.articles.found import Found
from qantar.stages.articles.record_fields import article_in, field_of
from qantar.stages.articles.text_parts import Part, paragraphs

_FENCE = re.compile(r"\ufeff?---[ \t]*\r?\n")
_END_OF_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$\n?", re.MULTILINE)
_LINE = re.compile(r"(?P<key>[A-Za-z][\w -]{0,30}?)[ \t]*:[ \t]*(?P<value>[^\r\n]*)\r?\n")
_ITEM = re.compile(r"[ \t]+[^\r\n]*\r?\n|-[ \t][^\r\n]*\r?\n|[ \t]*#[^\r\n]*\r?\n")
_BLANK_LINE = re.compile(r"[ \t]*\r?\n")
_MOST_CHARACTERS = 10_000
_LEAST_FIELDS = 2


def read_header(found: Found) -> Found:
    """The article of a text file with what its header says of it; the header's lines are parts of their own, out of the text.

    A text without a header is given back as it is.
    """
    header = _front_matter(found.text) or _header_lines(found.text)
    if header is None:
        return found
    end, record = header
    if not found.text[end:].strip():
        return found
    said = article_in({**record, "text": "x"}, 1)
    if not isinstance(said, Found):
        return found
    parts = [*_lines(found.text, end), *paragraphs(found.text, end)]
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


def _lines(text: str, end: int) -> Iterator[Part]:
    for line in re.finditer(r"[^\r\n]+", text[:end]):
        words = line.group().strip()
        if words:
            at = line.start() + line.group().index(words[0])
            yield at, at + len(words), "boilerplate", "header line"


def _front_matter(text: str) -> tuple[int, dict[str, str]] | None:
    opened = _FENCE.match(text)
    closed = _END_OF_FENCE.search(text, opened.end(), _MOST_CHARACTERS) if opened else None
    if not opened or not closed:
        return None
    record, at = _fields(text, opened.end(), closed.start())
    return (closed.end(), record) if record and at == closed.start() else None


def _header_lines(text: str) -> tuple[int, dict[str, str]] | None:
    start = re.match(r"\s*", text)
    assert start is not None
    record, at = _fields(text, start.end(), min(len(text), _MOST_CHARACTERS))
    known = {field for key in record if (field := field_of(key)) not in (None, "text")}
    is_header = len(known) >= _LEAST_FIELDS and len(known) >= 0.5 * len(record) and {"title", "published_on", "url"} & known
    return (at, record) if is_header and _BLANK_LINE.match(text, at) else None


def _fields(text: str, at: int, end: int) -> tuple[dict[str, str], int]:
    """The keys and values of the lines from `at`, and where they end; lists and remarks below a key are passed over."""
    record: dict[str, str] = {}
    while at < end:
        found = _LINE.match(text, at, end)
        if found is None and not (record and (found := _ITEM.match(text, at, end)) and found.group().strip()):
            break
        assert found is not None
        if "key" in found.groupdict():
            record.setdefault(found["key"], found["value"].strip().strip("\"'"))
        at = found.end()
    return record, at
