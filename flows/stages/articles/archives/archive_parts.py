"""What the readers of all archives have in common: lines and paragraphs of a text, the parts of an article, days, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from qantar.schema import Role
from qantar.stages.articles.encodings import mend
from qantar.text.authors import join_authors
from qantar.text.lexicon import either, read_toml

WIDEST = 120
"""Characters of a line: a text without any longer one was wrapped at a margin."""
_LONGEST_LABEL = 40
_LABEL = re.compile(rf"\s*([^\W\d_][^:\n]{{1,{_LONGEST_LABEL}}}?)\s?:(?=\s|$)\s*")
_DAY = rf"(\d{{1,2}})(?:{either('newspaper_archives.toml', 'words.day_endings')})?"
_OF_MONTH = rf"(?:(?:{either('newspaper_archives.toml', 'words.of_month')})\s+)?"
_OF_YEAR = rf"(?:(?:{either('newspaper_archives.toml', 'words.of_year')})\s+)?"
_YEAR = r"((?:19|20)\d\d)(?!\d)"
_DAY_FIRST = re.compile(rf"(?<!\d){_DAY},?\s+{_OF_MONTH}([^\W\d_]{{3,10}})\.?,?\s+{_OF_YEAR}{_YEAR}")
_NTH = either("calendar.toml", "ordinal_endings")
_MONTH_FIRST = re.compile(rf"(?<![^\W_])([^\W\d_]{{3,10}})\.?\s+(\d{{1,2}})(?:{_NTH})?\s*,?\s+(?:[^\W\d_]{{3,10}},?\s+)?{_YEAR}")
_MONTH_SECOND = re.compile(r"(?<!\d)((?:19|20)\d\d),?\s+([^\W\d_]{3,10})\.?\s+(\d{1,2})(?![\d:])")
_ORDERS = {_DAY_FIRST: (2, 1, 3), _MONTH_FIRST: (1, 2, 3), _MONTH_SECOND: (2, 3, 1)}
"""Which groups hold the month, the day and the year."""
_NUMBERS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:-|/| ?年)\s?(\d{1,2})(?:-|/| ?月)\s?(\d{1,2})(?!\d)")
_BY = re.compile(rf"^\W*(?:{either('newspaper_archives.toml', 'words.by')})[:\s]+(?=\S)", re.IGNORECASE)
_END_OF_NAME = re.compile(r"(?<=[a-z])\.$")  # no initial's
_COPYRIGHT = re.compile(rf"\s*(?:{either('newspaper_archives.toml', 'words.copyright')})", re.IGNORECASE)


class Line(NamedTuple):
    """A line that is not blank: `text` is the whole text's [start:end], without white space at its ends."""

    start: int
    end: int
    text: str
    indent: int = 0


class Part(NamedTuple):
    """A paragraph or a field of an article; `role` is None where the rules for any article have to find it."""

    start: int
    end: int
    role: Role | None
    rule: str


@dataclass
class Piece:
    """One article within the text of a file, and what the archive says of it."""

    start: int
    end: int
    parts: list[Part] = field(default_factory=list)
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    day: date | None = None
    language: str | None = None
    likely_language: str | None = None
    id: str | None = None
    url: str | None = None

    def add(self, role: Role | None, rule: str, start: int, end: int) -> None:
        """Note a part, if it is one."""
        if start < end:
            self.parts.append(Part(start, end, role, rule))


def labels(*keys: str) -> dict[str, str]:
    """A table of the lexicon's labels, turned round: label → our name of the field."""
    return _labels(keys)


@cache
def _labels(keys: tuple[str, ...]) -> dict[str, str]:
    table: Any = read_toml("newspaper_archives.toml")
    for key in keys:
        table = table[key]
    return {label: name for name, written in table.items() for label in written}


def lines_of(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines of a text, or of a part of it, blank ones left out."""
    return [line for group in groups_of(text, start, end) for line in group]


def groups_of(text: str, start: int = 0, end: int | None = None) -> list[list[Line]]:
    """The lines of a text between blank ones."""
    groups: list[list[Line]] = [[]]
    at = start
    for raw in text[start : len(text) if end is None else end].splitlines(keepends=True):
        opened = raw.lstrip()
        stripped = opened.rstrip()
        if stripped:
            left = at + len(raw) - len(opened)
            groups[-1].append(Line(left, left + len(stripped), stripped, left - at))
        elif groups[-1]:
            groups.append([])
        at += len(raw)
    return groups if groups[-1] else groups[:-1]


def is_wrapped(lines: Iterable[Line]) -> bool:
    """Whether lines were broken at a margin, so that paragraphs are what blank lines part."""
    return max((line.end - line.start for line in lines), default=0) <= WIDEST


def paragraphs(group: Sequence[Line], wrapped: bool) -> Iterator[Line]:
    """The paragraphs of lines that no blank one parts: one in a wrapped text, but where first lines are indented; else one a line."""
    if not wrapped:
        yield from group
        return
    first = 0
    for i in range(1, len(group) + 1):
        if i == len(group) or (group[i].indent > 1 and group[i - 1].indent <= 1):
            yield Line(group[first].start, group[i - 1].end, " ".join(line.text for line in group[first:i]))
            first = i


def add_paragraphs(piece: Piece, text: str, start: int, end: int, wrapped: bool) -> None:
    """Note the paragraphs of an article's own text, between two places of the text of the file."""
    for group in groups_of(text, start, end):
        for paragraph in paragraphs(group, wrapped):
            piece.add(None, "", paragraph.start, paragraph.end)


def label_of(line: Line, known: dict[str, str]) -> tuple[str, int] | None:
    """Our name of the field that a line begins with, by its label, and where its value begins.

    >>> label_of(Line(4, 22, "LENGTH: 512 words"), {"length": "length"})
    ('length', 12)
    """
    found = _LABEL.match(line.text)
    if found is None:
        return None
    name = known.get(" ".join(found.group(1).casefold().split()))
    return (name, line.start + found.end()) if name else None


def is_copyright(text: str) -> bool:
    """Whether a line says whose the text is."""
    return bool(_COPYRIGHT.match(text))


def find_day(text: str) -> date | None:
    """The first day in a line, its month by name in any language of the lexicon, or in the order of ISO 8601.

    >>> find_day("27. Februar 2012 Montag 9:50 PM GMT+1")
    datetime.date(2012, 2, 27)
    """
    found = [m for pattern in (_DAY_FIRST, _MONTH_FIRST, _MONTH_SECOND, _NUMBERS) if (m := pattern.search(text))]
    for match in sorted(found, key=lambda m: m.start()):
        if match.re is _NUMBERS:
            year, month, day = map(int, match.groups())
        else:
            name, number, of = match.group(*_ORDERS[match.re])
            month, day, year = _months().get(name.casefold(), 0), int(number), int(of)
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


@cache
def _months() -> dict[str, int]:
    calendar = read_toml("calendar.toml")
    english = {name.lower(): number for key in ("months", "month_abbreviations") for number, name in enumerate(calendar[key], 1) if name}
    return english | {name: int(number) for name, number in labels("months").items()}


def find_language(value: str) -> str | None:
    """ISO 639-1 code of the first language that a field names.

    >>> find_language("GERMAN; DEUTSCH")
    'de'
    """
    known = labels("languages")
    words = re.split(r"[\s;,/()]+", value.casefold().strip())
    return next((known[word] for word in words if word in known), None)


def counted_in(value: str) -> str | None:
    """ISO 639-1 code of the language that a number of words is given in.

    >>> counted_in("355 Wörter")
    'de'
    """
    return next((known for word in value.casefold().split() if (known := labels("length").get(word))), None)


def without_by(author: str) -> str | None:
    """An author's name without the word before it.

    >>> without_by("By Ursula von Lenz")
    'Ursula von Lenz'
    """
    return _BY.sub("", " ".join(author.split()), count=1).strip(" ;,") or None if author else None


def given_name_first(authors: str) -> str | None:
    """Names of a catalogue as a byline has them.

    >>> given_name_first("Lenz, Mara; Okafor, Ike."), given_name_first("Lenz, M.")
    ('Mara Lenz; Ike Okafor', 'M. Lenz')
    """
    names = []
    for name in authors.split(";"):
        surname, comma, given = (_END_OF_NAME.sub("", part.strip()) for part in name.partition(","))
        names.append(f"{given} {surname}" if comma and given and "," not in given else name.strip())
    return join_authors(names)


def one_line(text: str | None) -> str | None:
    """A field's value as one line; None for nothing."""
    return " ".join(text.split()) or None if text else None


def tile(text: str, pieces: list[Piece], rule: str) -> list[Piece]:
    """Let the pieces hold the whole text between them, and mark what no part of them is: nothing of a file is lost."""
    for i, piece in enumerate(pieces):
        piece.start = 0 if i == 0 else pieces[i - 1].end
        piece.end = len(text) if i == len(pieces) - 1 else piece.end
        piece.parts = list(_filled(text, piece, rule))
    return pieces


def _filled(text: str, piece: Piece, rule: str) -> Iterator[Part]:
    at = piece.start
    for part in sorted(piece.parts):
        for line in lines_of(text, at, part.start):
            yield Part(line.start, line.end, "boilerplate", rule)
        start = max(at, part.start)
        trimmed = text[start : part.end]
        start += len(trimmed) - len(trimmed.lstrip())
        end = start + len(trimmed.strip())
        if start < end:
            yield Part(start, end, part.role, part.rule)
        at = max(at, part.end)
    for line in lines_of(text, at, piece.end):
        yield Part(line.start, line.end, "boilerplate", rule)


class Builder:
    """A text made of the fields and paragraphs of a page or an XML file, a line each, with the parts they are."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._length = 0
        self.piece = Piece(0, 0)

    def add(self, text: str | None, role: Role | None, rule: str) -> None:
        """Add a line of the article, with its role and rule; nothing for an empty one."""
        line = one_line(mend(text)) if text else None
        if line:
            self.piece.add(role, rule, self._length, self._length + len(line))
            self._said.append(line)
            self._length += len(line) + 1

    def text(self) -> str:
        """The text put together so far, one line for each part."""
        text = "\n".join(self._said)
        self.piece.end = len(text)
        return text
