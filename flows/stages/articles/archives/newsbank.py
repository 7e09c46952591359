"""Exports of NewsBank as text: "Day | Outlet (place)" below each title, author, section and length in the line below that."""

from __future__ import annotations

import re
from datetime import date

from qantar.stages.articles.archives.archive_parts import (
    Line,
    Piece,
    add_paragraphs,
    find_day,
    is_copyright,
    is_wrapped,
    label_of,
    labels,
    lines_of,
    one_line,
    tile,
    without_by,
)
from qantar.text.lexicon import either

_LENGTH = re.compile(rf"\d+ (?:{either('newspaper_archives.toml', 'length.en')})", re.IGNORECASE)
_PAGE = re.compile(r"Page:? [\w-]{1,6}")
_CITED = re.compile(r"\W{0,3}citation \(|openurl\b", re.IGNORECASE)
_OUTLET = re.compile(r"(?P<name>.+?)(?:, (?P<article>The))?(?: \([^()]*\))?")
_MOST_NOTES = 4  # lines between the day and the text


def find_pieces(text: str, _headings: frozenset[int] = frozenset()) -> list[Piece] | None:
    """The articles of such a text; None if it is none."""
    lines = lines_of(text)
    days = [
        i
        for i in range(1, len(lines) - 1)
        if _day_and_outlet(lines[i].text) and (_has_place(lines[i].text) or _is_about(lines[i + 1].text))
    ]
    if not days:
        return None
    wrapped = is_wrapped(lines)
    ends = [*(i - 1 for i in days[1:]), len(lines)]
    return tile(text, [_read(text, lines[i - 1 : end], wrapped) for i, end in zip(days, ends, strict=True)], "newsbank other")


def _day_and_outlet(line: str) -> tuple[date, str] | None:
    said, bar, outlet = line.partition(" | ")
    day = find_day(said) if bar and len(said.split()) <= _MOST_NOTES else None
    return (day, outlet.partition(" | ")[0].strip()) if day else None


def _is_about(line: str) -> bool:
    return any(_LENGTH.fullmatch(part.strip()) or part.strip().casefold().startswith("section:") for part in line.split("|"))


def _has_place(line: str) -> bool:
    """Whether the line of the day and the outlet says a page, too, as the line below it does in other exports."""
    return any(_PAGE.fullmatch(part.strip()) for part in line.split(" | ")[2:])


def _read(text: str, lines: list[Line], wrapped: bool) -> Piece:
    title, head, about = lines[:3]
    is_in_head = _has_place(head.text)
    piece = Piece(title.start, lines[-1].end)
    piece.title = one_line(title.text)
    piece.add("title", "newsbank title", title.start, title.end)
    said = _day_and_outlet(head.text)
    if said:
        named = _OUTLET.fullmatch(said[1])
        piece.day = said[0]
        piece.outlet = " ".join(filter(None, (named["article"], named["name"]))) if named else said[1]
    piece.add("dateline", "newsbank day", head.start, head.end)
    piece.author = _author(" | ".join(head.text.split(" | ")[2:]) if is_in_head else about.text)
    if not is_in_head:
        piece.add("byline" if piece.author else "boilerplate", "newsbank author", about.start, about.end)
    first = 3 - is_in_head
    while first < min(3 + _MOST_NOTES, len(lines)) and _is_note(lines[first]):
        first += 1
    _read_body(text, piece, lines[first:], wrapped)
    return piece


def _read_body(text: str, piece: Piece, lines: list[Line], wrapped: bool) -> None:
    below = next((i for i, line in enumerate(lines) if _CITED.match(line.text) or is_copyright(line.text)), len(lines))
    if below:
        add_paragraphs(piece, text, lines[0].start, lines[below - 1].end, wrapped)


def _is_note(line: Line) -> bool:
    return label_of(line, labels("labelled")) is not None or bool(
        _CITED.match(line.text) or _LENGTH.fullmatch(line.text.split("|")[0].strip())
    )


def _author(about: str) -> str | None:
    """The author in "Author: Ann Reed, Staff Writer | Section: News | 410 Words"."""
    for part in map(str.strip, about.split("|")):
        label, colon, value = part.partition(":")
        if colon and labels("labelled").get(label.strip().casefold()) == "author":
            return without_by(value.strip())
        if not colon and not _LENGTH.fullmatch(part) and not _PAGE.fullmatch(part):
            return without_by(part)
    return None
