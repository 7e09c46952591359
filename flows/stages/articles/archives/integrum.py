"""Exports of Integrum as HTML: a table of fields with Russian codes above each article, whatever its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import Builder, Piece, given_name_first, groups_of, labels, one_line
from qantar.text.dates import parse_day

_FIELD = re.compile(r"\^([А-Я]{2}):\s*([^^]*)")
_ROLES: dict[str, Role] = {"title": "title", "author": "byline", "day": "dateline"}

Made = tuple[str, Piece]


def read_page(tree: Any) -> list[Made]:
    """The articles of a page that Integrum made, each a text put together from its parts."""
    made, known = [], labels("integrum")
    for table in tree.iter("table"):
        said = "".join(table.itertext())
        fields = {code: one_line(value) for code, value in _FIELD.findall(said)}
        if {known.get(code) for code in fields} & {"title", "outlet"}:
            made.append(_read(table, fields))
    return made


def _read(table: Any, fields: dict[str, str | None]) -> Made:
    builder, known = Builder(), labels("integrum")
    for code, value in fields.items():
        name = known.get(code, "other")
        _note(builder.piece, name, value)
        builder.add(value, _ROLES.get(name, "boilerplate"), f"integrum {code}")
    for text in _paragraphs(table):
        if one_line(text) != builder.piece.title:  # said above the text again
            builder.add(text, None, "")
    return builder.text(), builder.piece


def _note(piece: Piece, name: str, value: str | None) -> None:
    if not value:
        return
    if name == "day":
        piece.day = parse_day(value)
    elif name == "author":
        piece.author = given_name_first(value.rstrip(","))
    elif name in ("title", "outlet"):
        setattr(piece, name, value)


def _paragraphs(table: Any) -> Iterator[str]:
    """The paragraphs below a table of fields, as far as the next one."""
    for node in table.itersiblings("*"):
        if node.tag == "table":
            break
        if node.tag == "pre":
            for group in groups_of("".join(node.itertext())):
                first = 0
                for i in range(1, len(group) + 1):
                    if i == len(group) or group[i].indent > 1:
                        yield " ".join(line.text for line in group[first:i])
                        first = i
        else:
            yield "".join(node.itertext())
