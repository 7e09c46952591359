"""Several articles in one text, each below a head of labelled lines: EBSCO, Gale, archives in Russian, lists that a script wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import (
    Line,
    Piece,
    add_paragraphs,
    find_day,
    given_name_first,
    is_copyright,
    is_wrapped,
    label_of,
    labels,
    lines_of,
    one_line,
    tile,
    without_by,
)
from qantar.text.authors import join_authors
from qantar.text.dates import parse_day
from qantar.text.lexicon import either, read_toml

_OF_ARTICLE = frozenset(("title", "author", "outlet", "day", "url"))
_LEAST_KNOWN = 2  # of these in a head
_MOST_APART = 1  # lines without a label between two of a head
_SHORT, _LEAST_WORDS = 25, 25  # words of a line of a head; of an article's text
_MOST_TO_BODY = 24  # lines from a head to the label above the text
_ROLES: dict[str, Role] = {"title": "title", "author": "byline", "day": "dateline"}
_MOST_OF_UNKNOWN = 8  # words of a line with a label that is not known
_LABEL = re.compile(r"[A-Z][\w /-]{1,24}: *(?=\S)")
_ADDRESS = re.compile(r"https?://\S+")
_CITED = re.compile(either("newspaper_archives.toml", "words.cited"), re.IGNORECASE)
_DAY_BEHIND = re.compile(r" ?[;,.]? ?\d{1,2}/\d{1,2}/(?:19|20)\d\d\b.*")
_BESIDE_DAY = re.compile(r"(?P<outlet>\D{3,60}?) (?:[-–—|·•]|,) ")
_CITED_DAY = re.compile(r"[,;] (?=\d{1,2} [A-Z][a-z]{2,8}\.? (?:19|20)\d\d|[A-Z][a-z]{2,8}\.? \d{1,2}, (?:19|20)\d\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?!\d)")
_BORDER = re.compile(
    rf"[#=*_~\s-]*(?:(?:{either('newspaper_archives.toml', 'words.border')})\W*\d+\b.{{0,30}}|[#=*_~-]{{3,}})\W*", re.IGNORECASE
)

Field = tuple[str, int] | None


class _Head(NamedTuple):
    """The lines [first:end] with labels, and the line at which the article begins: a title or a number above them."""

    begins: int
    title: int | None
    first: int
    end: int
    names: frozenset[str]


def find_pieces(text: str, _headings: frozenset[int] = frozenset()) -> list[Piece] | None:
    """The articles of such a text; None where it has fewer than two heads, or none where a number that archives give stands in it."""
    least = 1 if any(number in text for number in read_toml("newspaper_archives.toml")["hints"]["numbers"]) else 2
    lines = lines_of(text)
    known = labels("labelled")
    fields = _with_unknown(text, lines, [label_of(line, known) for line in lines])
    heads = [_head(lines, fields, first, end) for first, end in _clusters(lines, fields)]
    heads = [head for head in heads if len(head.names & _OF_ARTICLE) >= _LEAST_KNOWN]
    if len(heads) < least or any(len(head.names & heads[0].names & _OF_ARTICLE) < _LEAST_KNOWN for head in heads):
        return None
    ends = [*(head.begins for head in heads[1:]), len(lines)]
    heads = [_with_body(text, lines, fields, head, end) for head, end in zip(heads, ends, strict=True)]
    if any(_n_words(lines[head.end : end]) < _LEAST_WORDS for head, end in zip(heads, ends, strict=True)):
        return None
    wrapped = is_wrapped(lines)
    pieces = [_read(text, lines, fields, head, end, wrapped) for head, end in zip(heads, ends, strict=True)]
    _settle_days(text, pieces)
    return tile(text, pieces, "label of an archive")


def _with_unknown(text: str, lines: Sequence[Line], fields: list[Field]) -> list[Field]:
    """The fields, and those of labels that are not known which stand right below one: "Sentiment: neutral"."""
    for i in range(1, len(lines)):
        above, line = lines[i - 1], lines[i]
        label = _LABEL.match(line.text) if fields[i] is None and fields[i - 1] else None
        if (
            label
            and text.count("\n", above.end, line.start) == 1
            and len(line.text.split()) <= _MOST_OF_UNKNOWN
            and line.text[-1] not in ".!?"
        ):
            fields[i] = ("other", line.start + label.end())
    return fields


def _settle_days(text: str, pieces: Sequence[Piece]) -> None:
    """Give the days in numbers that could be read in two ways the order of those of the file that cannot."""
    found = {id(piece): m for piece in pieces if (m := _numbers_of(text, piece))}
    day_first = any(int(m[1]) > 12 for m in found.values())
    if day_first == any(int(m[2]) > 12 for m in found.values()):
        return
    for piece in pieces:
        if piece.day is None and (m := found.get(id(piece))):
            day, month = map(int, m.group(1, 2) if day_first else m.group(2, 1))
            with suppress(ValueError):
                piece.day = date(int(m[3]), month, day)


def _numbers_of(text: str, piece: Piece) -> re.Match[str] | None:
    said = (part for part in piece.parts if part.rule in ("labelled day", "labelled outlet"))
    return next((m for part in said if (m := _NUMBERS.search(text, part.start, part.end))), None)


def _clusters(lines: Sequence[Line], fields: Sequence[Field]) -> list[tuple[int, int]]:
    """The runs of labelled lines, with a short line between two of them perhaps."""
    found: list[tuple[int, int]] = []
    for i, field in enumerate(fields):
        if field is None:
            continue
        if found and i - found[-1][1] <= _MOST_APART and not any(map(_parts, lines[found[-1][1] : i])):
            run = {f[0] for f in fields[found[-1][0] : i] if f}
            if not (field[0] in _OF_ARTICLE and "below" in run):
                found[-1] = (found[-1][0], i + 1)
                continue
        found.append((i, i + 1))
    return found


def _parts(line: Line) -> bool:
    """Whether a line between two labels parts their heads: prose, or a border."""
    return len(line.text.split()) > _SHORT or _BORDER.fullmatch(line.text) is not None


def _head(lines: Sequence[Line], fields: Sequence[Field], first: int, end: int) -> _Head:
    names = frozenset(field[0] for field in fields[first:end] if field)
    begins, title = first, None
    if first and fields[first - 1] is None and _is_day(lines[first - 1]):
        first = begins = first - 1  # "The Harbour Times - January 4, 2022"
        names |= {"day", "outlet"}
    if "title" not in names and first and _may_be_title(lines[first - 1], fields[first - 1]):
        begins = title = first - 1
    while begins and _BORDER.fullmatch(lines[begins - 1].text):
        begins -= 1
    return _Head(begins, title, first, end, names)


def _with_body(text: str, lines: Sequence[Line], fields: Sequence[Field], head: _Head, end: int) -> _Head:
    """The head with all that stands above the label of the text, if there is one: labels that are not known, and their values."""
    for i in range(head.end, min(end, head.end + _MOST_TO_BODY)):
        field = fields[i]
        if field is not None and field[0] == "body" and _opens_body(text[field[1] : lines[i].end]):
            return head._replace(end=i + 1)
        if len(lines[i].text.split()) > _SHORT:
            break
    return head if end == head.end or not _has_value_below(text, lines, fields, head.end) else head._replace(end=head.end + 1)


def _has_value_below(text: str, lines: Sequence[Line], fields: Sequence[Field], i: int) -> bool:
    """Whether line i is the value of the label that fills the line above: few words that are no sentence."""
    label = fields[i - 1]
    is_alone = label is not None and not text[label[1] : lines[i - 1].end].strip()
    return is_alone and fields[i] is None and len(lines[i].text.split()) <= _MOST_OF_UNKNOWN and lines[i].text[-1] not in ".!?"


def _opens_body(value: str) -> bool:
    """Whether the label of a text stands above it, alone or with whose it is."""
    return not value.strip() or is_copyright(value)


def _is_day(line: Line) -> bool:
    """Whether a line is an outlet's name and a day, and nothing else."""
    said = _BESIDE_DAY.match(line.text)
    return said is not None and find_day(line.text[said.end() :]) is not None


def _may_be_title(line: Line, field: Field) -> bool:
    return field is None and not line.text.endswith(".") and not _parts(line)


def _n_words(lines: Sequence[Line]) -> int:
    return sum(len(line.text.split()) for line in lines)


def _read(text: str, lines: Sequence[Line], fields: Sequence[Field], head: _Head, end: int, wrapped: bool) -> Piece:
    piece = Piece(lines[head.begins].start, lines[end - 1].end)
    if head.title is not None:
        piece.title = one_line(lines[head.title].text)
        piece.add("title", "title above labels", lines[head.title].start, lines[head.title].end)
    above = ""  # the field whose label fills a line of its own
    for line, field in zip(lines[head.first : head.end], fields[head.first : head.end], strict=True):
        name, value_at = field or (above or ("outlet" if _is_day(line) else ""), line.start)
        above = "" if text[value_at : line.end].strip() else name
        piece.add("boilerplate", "label of an archive", line.start, value_at)
        if name == "body" and not _opens_body(text[value_at : line.end]):
            piece.add(None, "", value_at, line.end)
        else:
            piece.add(_ROLES.get(name, "boilerplate"), f"labelled {name or 'other'}", value_at, line.end)
        _note(piece, name, one_line(text[value_at : line.end]))
    body = _read_rights(text, piece, lines, fields, head.end, end)
    below = _find_below(lines, fields, body, end)
    if body < below:
        add_paragraphs(piece, text, lines[body].start, lines[below - 1].end, wrapped)
    return piece


def _read_rights(text: str, piece: Piece, lines: Sequence[Line], fields: Sequence[Field], first: int, end: int) -> int:
    """Whose the text is, its address and further fields, where they stand above it; the number of the line below them."""
    for i in range(first, end):
        line, field = lines[i], fields[i]
        if not (_is_said_again(piece, line.text) if field is None else field[0] in _OF_ARTICLE):
            return i
        name, value_at = field or ("other", line.start)
        piece.add("boilerplate", "label of an archive", line.start, value_at)
        piece.add(_ROLES.get(name, "boilerplate"), f"labelled {name}", value_at, line.end)
        _note(piece, name, one_line(text[value_at : line.end]))
    return end


def _is_said_again(piece: Piece, line: str) -> bool:
    """Whether a line above a text is of its rights, its address, or its title once more."""
    return is_copyright(line) or _ADDRESS.fullmatch(line) is not None or (piece.title is not None and one_line(line) == piece.title)


def _find_below(lines: Sequence[Line], fields: Sequence[Field], first: int, end: int) -> int:
    """The first line below the text: a note of the archive, a copyright, a border."""
    for i in range(first, end):
        field = fields[i]
        is_note = field is not None and field[0] in ("below", "other") and _n_words(lines[first:i]) >= _LEAST_WORDS
        if field is not None and field[0] == "other":  # prose may open with such a word
            is_note &= all(len(line.text.split()) <= _SHORT for line in lines[i:end])
        if is_note or _CITED.match(lines[i].text) or is_copyright(lines[i].text) or (_BORDER.fullmatch(lines[i].text) and i == end - 1):
            return i
    return end


def _note(piece: Piece, name: str, value: str | None) -> None:
    if not value:
        return
    if name == "author":
        is_turned = "," in value and (";" in value or value.count(",") == 1)
        piece.author = join_authors([piece.author, given_name_first(value) if is_turned else without_by(value)])
    elif name == "day":
        piece.day = piece.day or find_day(value) or parse_day(value)
    elif name == "outlet":
        _note_outlet(piece, value)
    elif name in ("title", "url") and getattr(piece, name) is None:
        setattr(piece, name, value)


def _note_outlet(piece: Piece, value: str) -> None:
    """The outlet, and the day that stands beside it: "Harbour Times; 05/13/2010", "Harbour Times - May 13, 2010"."""
    beside = _BESIDE_DAY.match(value) if find_day(value) else None
    name = beside["outlet"] if beside else value
    piece.outlet = piece.outlet or _DAY_BEHIND.sub("", _CITED_DAY.split(name)[0].split(". ")[0]).strip(" .")
    piece.day = piece.day or find_day(value) or parse_day(value)
