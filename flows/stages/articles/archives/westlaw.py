"""Exports of Westlaw's news as text or Word: a number such as "2022 WLNR 512341" above each article, terms below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qantar.stages.articles.archives.archive_parts import (
    Line,
    Piece,
    add_paragraphs,
    find_day,
    find_language,
    is_copyright,
    is_wrapped,
    label_of,
    labels,
    lines_of,
    one_line,
    tile,
    without_by,
)
from qantar.stages.articles.archives.shape_lines import is_byline
from qantar.text.lexicon import either

_NUMBER = re.compile(r"(?:19|20)\d\d WLNR \d+")
_ABOVE = re.compile(r"\d{1,2}/\d{1,2}/\d\d(?:\d\d)? .+")
"""Above the number: "1/5/22 Harbour Times (Lorne) A4"."""
_INDEX = re.compile(rf"{either('newspaper_archives.toml', 'words.index')}.*", re.IGNORECASE)
_MOST_MASTHEAD = 12  # lines from the number to the title


def find_pieces(text: str, _headings: frozenset[int] = frozenset()) -> list[Piece] | None:
    """The articles of such a text; None if it is none."""
    lines = lines_of(text)
    numbers = [i for i, line in enumerate(lines) if _NUMBER.fullmatch(line.text)]
    if not numbers:
        return None
    wrapped = is_wrapped(lines)
    firsts = [i - (i > 0 and _ABOVE.fullmatch(lines[i - 1].text) is not None) for i in numbers]
    ends = [*firsts[1:], len(lines)]
    return tile(text, [_read(text, lines[first:end], wrapped) for first, end in zip(firsts, ends, strict=True)], "westlaw other")


def _read(text: str, lines: Sequence[Line], wrapped: bool) -> Piece:
    piece = Piece(lines[0].start, lines[-1].end)
    ends = tuple(word for word, name in labels("nexis", "lines").items() if name == "end")
    below = next((i for i, line in enumerate(lines) if _INDEX.fullmatch(line.text) or line.text.casefold().startswith(ends)), len(lines))
    body = _read_head(piece, lines[:below])
    if body < below:
        add_paragraphs(piece, text, lines[body].start, lines[below - 1].end, wrapped)
    for line in lines[below:]:
        found = label_of(line, labels("nexis", "tail"))
        if found and found[0] == "language":
            value = line.text[found[1] - line.start :]
            piece.language = find_language(value) or (value.lower() if len(value) == 2 else None)
        piece.add("boilerplate", "westlaw index", line.start, line.end)
    return piece


def _read_head(piece: Piece, lines: Sequence[Line]) -> int:
    """Number, outlet, rights, day, fields, title and author; the number of the line at which the text begins."""
    head = labels("nexis", "head")
    for i, line in enumerate(lines[:_MOST_MASTHEAD]):
        rule = "westlaw other"
        if is_copyright(line.text):
            rule = "westlaw copyright"
        elif _NUMBER.fullmatch(line.text):
            rule, piece.id = "westlaw number", line.text
        elif _ABOVE.fullmatch(line.text):
            rule = "westlaw page"
        elif label_of(line, head):
            rule = "westlaw section"
        elif piece.outlet is None:
            piece.outlet, rule = one_line(line.text), "westlaw outlet"
        elif piece.day is None and (day := find_day(line.text)):
            piece.day = day
            piece.add("dateline", "westlaw day", line.start, line.end)
            continue
        elif piece.day is not None:
            return _read_title(piece, lines, i)
        piece.add("boilerplate", rule, line.start, line.end)
    return min(len(lines), _MOST_MASTHEAD)


def _read_title(piece: Piece, lines: Sequence[Line], i: int) -> int:
    piece.title = one_line(lines[i].text)
    piece.add("title", "westlaw title", lines[i].start, lines[i].end)
    if i + 1 < len(lines) and is_byline(lines[i + 1].text):
        piece.author = without_by(lines[i + 1].text)
        piece.add("byline", "westlaw author", lines[i + 1].start, lines[i + 1].end)
        return i + 2
    return i + 1
