"""Tables that programs write as text under a spreadsheet's name: pages of HTML, XML of Excel 2003, or a CSV called .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from qantar.stages.articles.encodings import NotTextError, decode_bytes

_BOOKS = (b"PK", b"\xd0\xcf\x11\xe0", b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
"""How files of Excel begin: packed, in a container of its older releases, or before those."""
_SAMPLE = 4096
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*>")
"""The declaration of XML, which lxml refuses in a text that is decoded."""
_LINES = ("br", "p", "div", "li", "tr")
"""Elements within a cell that begin a new line."""

Written = Literal["book", "markup", "text"]


def written_as(path: Path) -> Written:
    """What a file is that has a spreadsheet's name, by its first bytes: a book, or text with or without markup."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if start.startswith(_BOOKS):
        return "book"
    try:
        text = decode_bytes(start).text
    except NotTextError:
        return "book"
    return "markup" if text.lstrip().startswith("<") else "text"


def marked_up_tables(data: bytes) -> Iterator[tuple[str, list[tuple[str | None, ...]]]]:
    """The tables of a page or of Excel's XML: a name and the rows of each, None for empty cells; a table in a cell is part of the cell."""
    from lxml.html import document_fromstring

    tree = document_fromstring(_DECLARED.sub("", decode_bytes(data).text))
    tables = [table for table in tree.iter() if _kind(table) == "table" and not any(_kind(e) == "table" for e in table.iterancestors())]
    for number, table in enumerate(tables, start=1):
        rows = [row for row in table.iter() if _kind(row) in ("tr", "row") and not _is_in_cell(row)]
        yield str(number), [tuple(_cells(row)) for row in rows]


def _kind(element: Any) -> str:
    """An element's name without its namespace: "ss:Row" is a row."""
    return element.tag.rpartition(":")[2] if isinstance(element.tag, str) else ""


def _is_in_cell(row: Any) -> bool:
    return any(_kind(element) in ("td", "th", "cell") for element in row.iterancestors())


def _cells(row: Any) -> Iterator[str | None]:
    """The texts of a row's cells; Excel's XML leaves empty ones out and numbers the next."""
    at = 0
    for cell in (child for child in row if _kind(child) in ("td", "th", "cell")):
        index = cell.get("ss:index") or ""
        for _ in range(at + 1, int(index) if index.isdecimal() and len(index) < 4 else 0):
            at += 1
            yield None
        at += 1
        for line in (element for element in cell.iter(*_LINES) if element is not cell):
            line.text = f"\n{line.text or ''}"
            line.tail = f"\n{line.tail or ''}" if line.tag != "br" else line.tail
        yield "".join(cell.itertext()).strip() or None
