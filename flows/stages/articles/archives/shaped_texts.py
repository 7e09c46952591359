"""Cut a text whose lines recur into its articles, where each of them has the same lines above and below it, and read these lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from itertools import pairwise

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import Piece, find_day, labels, one_line, tile, without_by
from qantar.stages.articles.archives.shape_lines import MONTH_NUMBERS, Unit, is_person
from qantar.stages.articles.archives.shapes import TITLE_WORDS, Cluster, Shape
from qantar.text.lexicon import either

_ROLES: dict[str, Role] = {"by": "byline", "author": "byline", "day": "dateline", "title": "title"}
_MARKS = re.compile(r"^[#*_\s]+|[*_\s]+$")
_LABEL = re.compile(r"(?:【([^【】]+)】|([^:\n]+?)\s?:)\s*")
_OUTLET = re.compile(r"(?P<name>.+?)(?:, (?P<article>The))?(?: \([^()]*\))?")
_BY_WITHIN = re.compile(rf"(?<![A-Za-z])(?:{either('newspaper_archives.toml', 'words.signed')}) (?P<name>[^\d|,*]+?)\s*(?:[|,*]|$)")
_MOST_OUTLET = 6  # words
_COUNTED = re.compile(r"[\[(]?(\d{1,3})[\]).:]+ ")

Units = Sequence[Unit]


def cut_articles(text: str, shape: Shape) -> list[Piece] | None:
    """The articles of such a text; None where their lines differ, so that nobody can tell where one ends and the next begins."""
    found = _starts(shape)
    if found is None:
        return None
    starts, unsigned = found
    parts = [_written(shape.units[first:end]) for first, end in pairwise([*starts, len(shape.units)])]
    heads = [part[: _n_above(part)] for part in parts]
    head = _Head(heads, unsigned)
    ends = [*(part[0].line.start for part in parts[1:]), len(text)]
    pieces = [head.read(Piece(part[0].line.start, end), part, gap) for part, end, gap in zip(parts, ends, unsigned, strict=True)]
    if not all(piece.title for piece in pieces):
        return None
    _settle_days(pieces, heads)
    _strip_numbers(pieces)
    return tile(text, pieces, "line between articles")


def _starts(shape: Shape) -> tuple[list[int], list[int | None]] | None:
    """The unit at which each article begins, with lines of the same kinds as the first; None where they or those below it differ.

    Of an article without the author's line that the first has, the number of that line, too.
    """
    top = _kinds(shape, shape.top.first, shape.top.end)
    says_more = {"by", "day", "address"}.intersection(top) or any(kind.startswith(("label", "tag")) for kind in top)
    if not (shape.is_even and says_more):
        return None
    found = [_start(shape, one, top) for one in shape.borders]
    starts = [one[0] for one in found if one]
    if len(starts) < len(found):
        return None
    feet = [_kinds(shape, one.first, start) for one, start in zip(shape.borders, starts, strict=True)]
    last = _kinds(shape, shape.bottom.first, shape.bottom.end)
    is_alike = all(foot == feet[0] for foot in feet) and last == feet[0][: len(last)]
    return ([shape.top.first, *starts], [None, *(one[1] for one in found if one)]) if is_alike else None


def _start(shape: Shape, border: Cluster, top: Sequence[str]) -> tuple[int, int | None] | None:
    """Where in a border the head of the article below it begins, and which line it lacks of the first one's: none, or the author's."""
    gaps = [i for i, unit in enumerate(shape.units[shape.top.first : shape.top.end]) if _names_author(unit)]
    for gap in (None, *gaps):
        kinds = [kind for i, kind in enumerate(top) if i != gap]
        start = border.end - len(kinds)
        if start >= border.first and kinds == _kinds(shape, start, border.end):
            return start, gap
    return None


def _names_author(unit: Unit) -> bool:
    return unit.kind == "by" or (_label_of(unit) or ("",))[0] == "author" or is_person(unit.line.text)


def _kinds(shape: Shape, first: int, end: int) -> list[str]:
    return [_kind(unit) for unit in shape.units[first:end]]


def _kind(unit: Unit) -> str:
    """The kind of a line, where one that stands above several articles may as well stand above one."""
    return "" if unit.kind in (None, "same") else str(unit.kind)


def _written(units: Units) -> Units:
    return [unit for unit in units if unit.line.start < unit.line.end]


def _n_above(units: Units) -> int:
    return next((i for i, unit in enumerate(units) if unit.kind is None), len(units))


def _label_of(unit: Unit) -> tuple[str, int] | None:
    """Our name of the field by the label of a line, and where its value begins."""
    found = _LABEL.match(unit.line.text)
    if not found:
        return None
    name = labels("signs").get(found[1]) if found[1] else labels("labelled").get(found[2].casefold())
    return (name, unit.line.start + found.end()) if name else None


def _alike(numbers: Sequence[int], heads: Sequence[Units]) -> set[int]:
    """Which of these lines are the same in all heads, of which there are two or more."""
    return {i for i in numbers if len(heads) > 1 and len({head[i].line.text for head in heads}) == 1}


class _Head:
    """Which of the lines above each article are its title, its author and its outlet, by what they have in common."""

    def __init__(self, heads: Sequence[Units], gaps: Sequence[int | None]) -> None:
        first = heads[0]
        free = [i for i, unit in enumerate(first) if not _kind(unit) and not _label_of(unit)]
        alike = _alike(free, [head for head, gap in zip(heads, gaps, strict=True) if gap is None])
        people = {i for i in free if is_person(first[i].line.text)}
        n_words = {i: len(first[i].line.text.split()) for i in free}
        titles = [i for i in free if i not in people | alike and n_words[i] >= TITLE_WORDS]
        self._title = max(titles, key=lambda i: (n_words[i], -i), default=None)
        self._author = min(people, default=None)
        self._outlet = next((i for i in sorted(alike - people) if n_words[i] <= _MOST_OUTLET), None)

    def read(self, piece: Piece, units: Units, gap: int | None = None) -> Piece:
        """Give each line of an article its role, and the article what they say; it lacks line `gap` of the head."""
        above = _n_above(units)
        below = max((i for i, unit in enumerate(units) if unit.kind is None), default=above) + 1
        for i, unit in enumerate(units):
            if above <= i < below:
                piece.add(None, "", unit.line.start, unit.line.end)
                continue
            name, start = _label_of(unit) or (unit.kind or "", unit.line.start)
            place = i + (gap is not None and i >= gap)
            name = {self._title: "title", self._author: "author", self._outlet: "outlet"}.get(place, name) if i < above else name
            _note(piece, name, unit.line.text[start - unit.line.start :])
            piece.add("boilerplate", "label between articles", unit.line.start, start)
            role = _ROLES.get(name, "boilerplate") if i < above else "boilerplate"
            piece.add(role, f"recurring {'line' if name in ('', 'same') else name.partition(':')[0]}", start, unit.line.end)
        return piece


def _note(piece: Piece, name: str, value: str) -> None:
    """What a line says of its article."""
    if name in ("by", "author"):
        piece.author = piece.author or without_by(_MARKS.sub("", value))
    elif name == "day":
        by = _BY_WITHIN.search(value)
        piece.day = piece.day or find_day(value)
        piece.author = piece.author or (by["name"] if by else None)
    elif name == "outlet":
        named = _OUTLET.fullmatch(value)
        piece.outlet = piece.outlet or (" ".join(filter(None, (named["article"], named["name"]))) if named else None)
    elif name in ("address", "url"):
        piece.url = piece.url or value.strip("<>")
    elif name == "title":
        piece.title = piece.title or one_line(_MARKS.sub("", value))


def _strip_numbers(pieces: Sequence[Piece]) -> None:
    """Take the numbers off titles that count from one: "2. Order returns"."""
    found = [_COUNTED.match(piece.title or "") for piece in pieces]
    if [int(m[1]) if m else 0 for m in found] == list(range(1, len(pieces) + 1)):
        for piece in pieces:
            piece.title = _COUNTED.sub("", piece.title or "", count=1)


def _settle_days(pieces: Sequence[Piece], heads: Sequence[Units]) -> None:
    """Read days in numbers in the order that those of the file have which can be read in one way only."""
    found = [next((m for unit in head if (m := MONTH_NUMBERS.search(unit.line.text))), None) for head in heads]
    day_first = any(m and int(m[1]) > 12 for m in found)
    if day_first == any(m and int(m[3]) > 12 for m in found):
        return
    for piece, m in zip(pieces, found, strict=True):
        if piece.day is None and m:
            day, month = (int(m[1]), int(m[3])) if day_first else (int(m[3]), int(m[1]))
            with suppress(ValueError):
                piece.day = date(int(m[4]), month, day)
