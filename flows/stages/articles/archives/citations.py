"""Records of bibliographic software in the RIS format, as archives export them: a tag of two letters a line."""

from __future__ import annotations

import re

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import Line, Piece, find_day, find_language, given_name_first, lines_of, one_line, tile
from qantar.text.authors import join_authors

_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: |$)")
_FIELDS = {
    **dict.fromkeys(("TI", "T1"), "title"),
    **dict.fromkeys(("AU", "A1"), "author"),
    **dict.fromkeys(("JF", "JO", "T2", "JA", "BT"), "outlet"),
    **dict.fromkeys(("DA", "Y1", "PY"), "day"),
    **dict.fromkeys(("AB", "N2"), "body"),
    **dict.fromkeys(("AN", "ID"), "id"),
    "LA": "language",
    "UR": "url",
}
_ROLES: dict[str, Role] = {"author": "byline", "title": "title", "day": "dateline"}
_NUMBERS = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")


def find_pieces(text: str, _headings: frozenset[int] = frozenset()) -> list[Piece] | None:
    """The records of such a text; None if it is none."""
    lines = lines_of(text)
    tags = [_TAG.match(line.text) for line in lines]
    starts = [i for i, tag in enumerate(tags) if tag and tag.group(1) == "TY"]
    if not {"TY", "ER"} <= {tag.group(1) for tag in tags if tag}:
        return None
    pieces = [_read(text, lines[first:last], tags[first:last]) for first, last in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return tile(text, pieces, "ris other")


def _read(text: str, lines: list[Line], tags: list[re.Match[str] | None]) -> Piece:
    piece = Piece(lines[0].start, lines[-1].end)
    starts = [i for i, tag in enumerate(tags) if tag]
    said = {tag.group(1) for tag in tags if tag}
    for first, last in zip(starts, [*starts[1:], len(lines)], strict=True):
        tag = tags[first]
        assert tag
        name, rule = _FIELDS.get(tag.group(1), ""), f"ris {tag.group(1)}"
        start, end = lines[first].start + tag.end(), lines[last - 1].end
        piece.add("boilerplate", rule, lines[first].start, min(start, end))
        if name == "body" and not (tag.group(1) == "AB" and "N2" in said):
            for line in lines_of(text, start, end):
                piece.add(None, "", line.start, line.end)
        else:
            value = one_line(text[start:end])
            is_first = not (name == "title" and piece.title)
            _note(piece, name, value)
            piece.add(_ROLES.get(name, "boilerplate") if is_first else "boilerplate", rule, start, end)
    return piece


def _note(piece: Piece, name: str, value: str | None) -> None:
    if not value:
        return
    if name == "author":
        piece.author = join_authors([piece.author, given_name_first(value)])
    elif name == "day":
        numbers = _NUMBERS.match(value)
        piece.day = piece.day or find_day("-".join(numbers.groups()) if numbers else value)
    elif name == "language":
        piece.language = find_language(value) or (value.lower() if len(value) == 2 else None)
    elif name in ("title", "outlet", "id", "url") and getattr(piece, name) is None:
        setattr(piece, name, value)
