"""Exports of Nexis Uni and Lexis Advance, "End of Document" below each article: Word, RTF, PDF and text."""

from __future__ import annotations

import re
from itertools import pairwise

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import (
    Line,
    Piece,
    counted_in,
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
from qantar.stages.articles.encodings import NotTextError
from qantar.text.lexicon import either, read_toml

_MOST_MASTHEAD = 12  # lines from the title to the first field
_DAY_WORDS, _PROSE_WORDS = 9, 20
_LEAST_OF_COVER = 4  # kinds of lines by which a cover is known
_RAGGED = 6  # characters that a line may stay below the margin
_LISTED = re.compile(r"\d{1,4}\. ?(.*)")
_PAGE = re.compile(
    rf"(?:{either('newspaper_archives.toml', 'words.page')}) \d+ (?:{either('newspaper_archives.toml', 'words.of')}) \d+|Page \d+",
    re.IGNORECASE,
)
_COUNT = re.compile(rf"(?:{either('newspaper_archives.toml', 'words.counted')}) ?\(\d+\)", re.IGNORECASE)
_ROLES: dict[str, Role] = {"author": "byline", "dateline": "dateline", "highlight": "heading"}


def find_pieces(text: str, headings: frozenset[int] = frozenset()) -> list[Piece] | None:
    """The articles of such a text; None if it is none. `headings` says where the lines begin that their file calls headings."""
    lines = lines_of(text)
    alone, known = labels("nexis", "lines"), _known()
    ends = [i for i, line in enumerate(lines) if alone.get(_plain(line)) == "end"]
    if len(ends) < 2 and not _has_fields(lines, known, bool(ends)):
        _refuse_list(lines)
        return None
    wrapped = is_wrapped(lines)
    pieces: list[Piece] = []
    for first, last in zip([0, *(i + 1 for i in ends)], [*ends, len(lines) - 1], strict=True):
        region = lines[first : last + 1]
        if any(label_of(line, known) for line in region) or _is_dated(region):
            pieces.append(_read(text, region, headings, wrapped))
        elif region and last in ends:  # a document that could not be displayed: its row says so
            pieces.append(Piece(region[0].start, region[-1].end))
    return tile(text, pieces, "nexis cover") if pieces else None


def _refuse_list(lines: list[Line]) -> None:
    """Raise NotTextError for the cover of an export that lists articles, where none follows."""
    said = {_plain(line).partition(":")[0] for line in lines if _is_cover(line)}
    if len(said) >= _LEAST_OF_COVER and any(_COUNT.match(line.text) for line in lines):
        raise NotTextError("no_text", "lists articles of Nexis without their texts; export it again with the full documents")


def _is_dated(lines: list[Line]) -> bool:
    """Whether a day stands near the top of lines with prose: an article that was exported without any field."""
    near = any(len(line.text.split()) <= _DAY_WORDS and find_day(line.text) for line in lines[1:_MOST_MASTHEAD])
    return near and any(len(line.text.split()) > _PROSE_WORDS for line in lines)


def _has_fields(lines: list[Line], known: dict[str, str], has_end: bool) -> bool:
    """Whether a text of one article has the fields of an export: any, or where nothing marks its end, those that each has."""
    said = {found[0] for line in lines if (found := label_of(line, known))}
    return bool(said) if has_end else {"length", "load_date"} <= said


def _known() -> dict[str, str]:
    return {**labels("nexis", "tail"), **labels("nexis", "head")}


def _plain(line: Line) -> str:
    return line.text.casefold()


def _read(text: str, lines: list[Line], headings: frozenset[int], wrapped: bool) -> Piece:
    piece = Piece(lines[0].start, lines[-1].end)
    known = _known()
    day = _find_day_line(lines, known)
    title = _find_title(lines, day, headings)
    at = _read_masthead(piece, lines, title, day, wrapped, headings)
    body = _read_fields(piece, lines, at, known)
    below = _find_below(lines, body, known)
    if body < below:
        extents = _joined(text, lines[body:below]) if wrapped else [(line.start, line.end) for line in lines[body:below]]
        _read_body(text, piece, extents)
    _read_below(text, piece, lines[below:])
    return piece


# --- above the text -------------------------------------------------------------------------------------------


def _find_day_line(lines: list[Line], known: dict[str, str]) -> int:
    """The line with the day, the last above the fields; the first field, where there is none."""
    is_field = [bool(label_of(line, known) or is_copyright(line.text)) for line in lines]
    day = None
    for i, line in enumerate(lines):
        if is_field[i]:
            if day is not None and i - day <= _MOST_MASTHEAD:
                return day
        elif len(line.text.split()) <= _DAY_WORDS and find_day(line.text):
            if not any(is_field):
                return i
            day = i
    return is_field.index(True)


def _find_title(lines: list[Line], day: int, headings: frozenset[int]) -> int:
    """The line that the title is in: one that the file calls a heading, one that the cover lists, else the first below the cover."""
    near = range(max(0, day - _MOST_MASTHEAD), day)
    marked = [i for i in near if lines[i].start in headings]
    if marked:
        return _last_run(marked)
    if not any(map(_is_cover, lines[:day])):
        return next((i for i in range(day) if not _PAGE.fullmatch(lines[i].text)), day)
    listed = _listed_titles(lines[:day])
    known = [i for i in near if _plain(lines[i]) in listed]
    if known:
        return known[-1]
    above = [i for i in near if not lines[i].text.startswith("(")]
    return next(iter(above[-2:]), day)


def _last_run(numbers: list[int]) -> int:
    """The first of the numbers at the end that follow one another."""
    return next(i for i in numbers if set(range(i, numbers[-1] + 1)) <= set(numbers))


def _listed_titles(cover: list[Line]) -> set[str]:
    """The titles that a cover lists: behind a number, or in the line below one."""
    beside = {" ".join(m.group(1).casefold().split()) for line in cover if (m := _LISTED.fullmatch(line.text))}
    return beside | {_plain(below) for number, below in pairwise(cover) if re.fullmatch(r"\d{1,4}\.", number.text)}


def _is_cover(line: Line) -> bool:
    name = line.text.casefold().partition(":")[0].strip()
    return labels("nexis", "lines").get(name) == "cover" or bool(_COUNT.match(line.text))


def _read_masthead(piece: Piece, lines: list[Line], title: int, day: int, wrapped: bool, headings: frozenset[int]) -> int:
    """Title, outlet, edition and day; the number of the line below them."""
    again = {i for i in range(title + 1, day) if lines[i].text == lines[title].text or _PAGE.fullmatch(lines[i].text)}  # atop a page
    outlet = _find_outlet(lines, title, day, wrapped, headings, again)
    ends = min(again | {outlet}) if outlet is not None else min(title + 1, day)
    if title < day:
        piece.title = one_line(" ".join(line.text for line in lines[title:ends]))
        piece.add("title", "nexis title", lines[title].start, lines[max(title, ends - 1)].end)
    for i in range(ends, day):
        if i > title:
            rule = "nexis outlet" if i == outlet else "nexis page" if i in again else "nexis edition"
            piece.add("boilerplate", rule, lines[i].start, lines[i].end)
    if outlet is not None:
        piece.outlet = one_line(lines[outlet].text)
    piece.day = find_day(lines[day].text)
    if piece.day:
        piece.add("dateline", "nexis day", lines[day].start, lines[day].end)
        return day + 1
    return day


def _find_outlet(lines: list[Line], title: int, day: int, wrapped: bool, headings: frozenset[int], again: set[int]) -> int | None:
    """The line between title and day that names the outlet: the first, or the last where a title may take several lines."""
    apart = (i for i in range(title + 1, day) if i not in again)
    plain = [i for i in apart if not lines[i].text.startswith("(") and lines[i].start not in headings]
    if not plain:
        return None
    return plain[-1] if wrapped and lines[title].start not in headings else plain[0]


def _read_fields(piece: Piece, lines: list[Line], at: int, known: dict[str, str]) -> int:
    """The labelled fields above the text; the number of the line at which the text begins."""
    alone = labels("nexis", "lines")
    opened = next((i for i in range(at, len(lines)) if alone.get(_plain(lines[i])) == "body"), None)
    if opened is None:
        opened = _last_field(lines, at)
    rule, role = "nexis edition", "boilerplate"
    for line in lines[at : opened + 1]:
        found = label_of(line, known)
        if alone.get(_plain(line)) == "body":
            piece.add("boilerplate", "nexis body", line.start, line.end)
            continue
        if alone.get(_plain(line)) == "highlight":
            rule, role = "nexis highlight", "heading"
            piece.add("boilerplate", rule, line.start, line.end)
            continue
        if is_copyright(line.text):
            rule, role = "nexis copyright", "boilerplate"
        elif found:
            rule, role = f"nexis {found[0]}", _ROLES.get(found[0], "boilerplate")
            if found[0] == "length":
                piece.likely_language = counted_in(line.text[found[1] - line.start :])
            if found[0] == "author":
                piece.author = without_by(line.text[found[1] - line.start :])
            if found[0] == "highlight":
                piece.add("boilerplate", rule, line.start, found[1])
                line = line._replace(start=found[1])
        piece.add(role, rule, line.start, line.end)  # type: ignore[arg-type]
    return opened + 1


def _last_field(lines: list[Line], at: int) -> int:
    """The last of the fields above a text without "Body" above it. A short line may stand between two of them."""
    known, last = labels("nexis", "head"), at - 1
    for i in range(at, min(at + 2 * _MOST_MASTHEAD, len(lines))):
        if label_of(lines[i], known) or is_copyright(lines[i].text):
            last = i
        elif i - last > 1 or len(lines[i].text.split()) > _PROSE_WORDS:
            break
    return last


# --- the text and below it --------------------------------------------------------------------------------------


def _find_below(lines: list[Line], body: int, known: dict[str, str]) -> int:
    """The first line below the text: a picture's caption, terms, notes, the day it was loaded, the end."""
    alone = labels("nexis", "lines")
    for i in range(body, len(lines)):
        kind = alone.get(_plain(lines[i]))
        if kind == "end" or (kind == "tail" and _leads_to_end(lines, i, known)) or _says_load_date(lines[i], known):
            return i
    return len(lines)


def _leads_to_end(lines: list[Line], i: int, known: dict[str, str]) -> bool:
    """Whether what a lone word opens is not a part of the text: terms, or few lines before the day it was loaded."""
    if _plain(lines[i]) not in ("notes", "correction"):
        return True
    return any(_says_load_date(line, known) for line in lines[i : i + _MOST_MASTHEAD])


def _says_load_date(line: Line, known: dict[str, str]) -> bool:
    found = label_of(line, known)
    return found is not None and found[0] == "load_date"


def _joined(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    """The paragraphs of lines that were broken at a margin: one goes on where the first word of the next would not have fitted."""
    margin = max(line.end - line.start for line in lines)
    extents = [(lines[0].start, lines[0].end)]
    for above, below in pairwise(lines):
        is_apart = text.count("\n", above.end, below.start) > 1
        fits = above.end - above.start + 1 + len(below.text.split(maxsplit=1)[0]) <= margin - _RAGGED
        if is_apart or fits:
            extents.append((below.start, below.end))
        else:
            extents[-1] = (extents[-1][0], below.end)
    return extents


def _read_body(text: str, piece: Piece, extents: list[tuple[int, int]]) -> None:
    plain = [text[start:end].strip(" :").casefold() for start, end in extents]
    whole = plain.index("full text") if "full text" in plain else -1
    abstract = plain.index("abstract") if "abstract" in plain else len(plain)
    rule = ""
    for i, (start, end) in enumerate(extents):
        rule = "nexis page" if _PAGE.fullmatch(text[start:end]) or (rule == "nexis page" and text[start:end] == piece.title) else ""
        if abstract <= i <= whole:
            rule = "nexis abstract"
        if plain[i] in read_toml("newspaper_archives.toml")["words"]["appended"]:
            rule = "nexis correction"
        piece.add("boilerplate" if rule else None, rule, start, end)


def _read_below(text: str, piece: Piece, lines: list[Line]) -> None:
    known, alone = _known(), labels("nexis", "lines")
    rule = "nexis other"
    for line in lines:
        found = label_of(line, known)
        if found:
            rule = f"nexis {found[0]}"
            if found[0] == "language":
                piece.language = find_language(text[found[1] : line.end])
        elif alone.get(_plain(line)):
            rule = f"nexis {_plain(line)}"
        piece.add("boilerplate", rule, line.start, line.end)
