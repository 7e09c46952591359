"""Exports of ProQuest as text, RTF, Word or HTML: labelled fields, "Full text:" among them, and a line of underscores between documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import (
    Line,
    Piece,
    add_paragraphs,
    find_day,
    find_language,
    given_name_first,
    is_wrapped,
    label_of,
    labels,
    lines_of,
    one_line,
    tile,
)
from qantar.text.lexicon import either, read_toml

_RULE = re.compile(r"[_*=-]{20,}")
_LINK = re.compile(rf"(?:{either('newspaper_archives.toml', 'words.proquest_link')})", re.IGNORECASE)
_NUMBER = re.compile(rf"Document \d+ (?:{either('newspaper_archives.toml', 'words.of')}) \d+\b.{{0,40}}")
_BELOW = frozenset(read_toml("newspaper_archives.toml")["proquest_below"]["labels"])
_ROLES: dict[str, Role] = {"author": "byline", "day": "dateline"}
_NONE = re.compile(rf"(?:{either('newspaper_archives.toml', 'words.nothing')})\W*", re.IGNORECASE)
_MOST_BELOW = 150  # lines of the catalogue's
_LEAST = 3  # fields by which a text is known to be ProQuest's

Field = tuple[str, int] | None


def find_pieces(text: str, _headings: frozenset[int] = frozenset()) -> list[Piece] | None:
    """The articles of such a text; None if it is none."""
    lines = lines_of(text)
    known = labels("proquest")
    fields = [label_of(line, known) or (("other", line.end) if _LINK.fullmatch(line.text) else None) for line in lines]
    said = {field[0] for field in fields if field}
    if not ("id" in said or {"text", "outlet"} <= said):
        return None
    wrapped = is_wrapped(lines)
    pieces = []
    for first, end in _documents(lines, fields):
        if len({field[0] for field in fields[first:end] if field}) >= _LEAST:
            pieces.append(_read(text, lines[first:end], fields[first:end], wrapped))
    return tile(text, pieces, "proquest cover") if pieces else None


def _documents(lines: list[Line], fields: Sequence[Field]) -> Iterator[tuple[int, int]]:
    """The first line of each document, and the one below its last: a line of marks, the next one's number, or its title.

    A title is the first field of a document where it is the first of all; elsewhere it stands in the catalogue's fields, too.
    """
    first = 0
    opens_with = next((field[0] for field in fields if field), "")
    for i, (line, field) in enumerate(zip(lines, fields, strict=True)):
        parts = _RULE.fullmatch(line.text) is not None
        name = field[0] if field else ""
        if parts or _NUMBER.fullmatch(line.text) or name == opens_with == "title":
            yield first, i
            first = i + parts
    yield first, len(lines)


def _has_text(text: str, lines: list[Line], fields: Sequence[Field], opened: int, below: int) -> bool:
    """Whether the field of the text, if there is one, holds more than a note that it is not there."""
    field = fields[opened] if opened < len(fields) else None
    return field is not None and not _NONE.fullmatch(text[field[1] : lines[below - 1].end])


def _read(text: str, lines: list[Line], fields: Sequence[Field], wrapped: bool) -> Piece:
    piece = Piece(lines[0].start, lines[-1].end)
    opened = next((i for i, field in enumerate(fields) if field and field[0] == "text"), len(lines))
    below = _find_below(lines, fields, opened) if opened < len(lines) else len(lines)
    body = "text" if _has_text(text, lines, fields, opened, below) else "abstract"
    starts = [i for i, field in enumerate(fields) if field and not opened < i < below]
    _read_above(piece, lines[: starts[0]] if starts else lines)
    for first, last in zip(starts, [*starts[1:], len(lines)], strict=True):
        name, value_at = fields[first] or ("", 0)
        end = max(lines[last - 1].end, value_at)
        piece.add("boilerplate", _rule(lines[first], name), lines[first].start, value_at)
        if name == body:
            add_paragraphs(piece, text, value_at, end, wrapped)
        elif value_at < end:
            said = text[value_at:end]
            _note(piece, name, _without_citation(said, text, fields, lines) if name == "author" else said)
            piece.add(_ROLES.get(name, "boilerplate"), _rule(lines[first], name), value_at, end)
    return piece


def _without_citation(authors: str, text: str, fields: Sequence[Field], lines: list[Line]) -> str:
    """The authors, less the outlet that stands behind them: "Lenz, Mara. Harbour Times; Port Lorne [Port Lorne]. 07 Jan 2010: 3."."""
    outlets = (text[field[1] : line.end] for line, field in zip(lines, fields, strict=True) if field and field[0] == "outlet")
    outlet = next(filter(None, (said.split(";")[0].strip() for said in outlets)), None)
    found = re.search(rf"(?:^|\s*\. ?){re.escape(outlet)}(?![\w-])", authors) if outlet else None
    return authors[: found.start()] if found else authors


def _rule(line: Line, name: str) -> str:
    return f"proquest {_label(line) if name == 'other' else name}"


def _read_above(piece: Piece, lines: list[Line]) -> None:
    """The number of the document and its title, above all fields."""
    for line in lines:
        if _NUMBER.fullmatch(line.text) or piece.title is not None:
            piece.add("boilerplate", "proquest number" if _NUMBER.fullmatch(line.text) else "proquest other", line.start, line.end)
        else:
            piece.title = one_line(line.text)
            piece.add("title", "proquest title", line.start, line.end)


def _find_below(lines: list[Line], fields: Sequence[Field], opened: int) -> int:
    """The first field below the text: one of the catalogue's, from which most lines are fields, none of them twice."""
    for i in range(max(opened + 1, len(lines) - _MOST_BELOW), len(lines)):
        if _label(lines[i]) in _catalogue():
            rest = fields[i:]
            said = [_label(line) for line, field in zip(lines[i:], rest, strict=True) if field]
            if len(said) * 2 >= len(rest) and len(said) == len(set(said)):
                return i
    return len(lines)


def _label(line: Line) -> str:
    return line.text.partition(":")[0].strip().casefold()


def _catalogue() -> frozenset[str]:
    return _BELOW | {label for label, name in labels("proquest").items() if name in ("title", "outlet", "day", "id", "language")}


def _note(piece: Piece, name: str, said: str) -> None:
    value = one_line(said)
    if not value:
        return
    if name == "title":
        piece.title = piece.title or value
    elif name == "author":
        piece.author = given_name_first(value)
    elif name == "outlet":
        piece.outlet = value.split(";")[0].strip()
    elif name == "day":
        piece.day = find_day(value) or piece.day
    elif name == "language":
        piece.language = find_language(value)
    elif name == "id":
        piece.id = f"proquest:{value}"
    elif name == "info":
        piece.outlet = piece.outlet or value.split(";")[0].strip()
        piece.day = piece.day or _day_in(value)


def _day_in(info: str) -> date | None:
    """The day in "Harbour Times ; Port Lorne [Port Lorne]08 May 2010: A.2."."""
    return find_day(info.rpartition("]")[2]) or find_day(info)
