"""Exports of Factiva as text, RTF or Word: fields by two letters, or the article's own layout; "Document …" ends each article."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from qantar.stages.articles.archives.archive_parts import (
    Line,
    Part,
    Piece,
    find_day,
    find_language,
    groups_of,
    is_copyright,
    is_wrapped,
    labels,
    one_line,
    paragraphs,
    tile,
    without_by,
)
from qantar.stages.articles.byline_names import is_role
from qantar.stages.articles.encodings import NotTextError
from qantar.text.lexicon import either, read_lines, read_toml

_ID = r"([A-Z][A-Z0-9]{6,8}(?:19|20)\d{6}[a-z0-9]{8,10})"
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?(?: \w+)?")
_COUNTED = re.compile(r"\d{1,4}\) ")
_MOST_ABOVE = 24  # lines from the title to the text
_LEAST_CODES = 4
_LONE_SPACE = re.compile("HD|BY|WC|PD|ET|S[CEN]|ED|PG|LA|CY|LP|TD|NS|IP[CD]|PUB|AN")
"""Codes that one space may follow; the others are words as well."""
_TERM = re.compile(r"[a-z][a-z0-9]{1,9} : \S")
"""A term of Factiva's, behind its code: "ghome : Law Enforcement"."""
_PAGE_WORD, _OF = either("newspaper_archives.toml", "words.page"), either("newspaper_archives.toml", "words.of")
_PAGE = re.compile(rf"(?:{_PAGE_WORD}) \d+(?: (?:{_OF}) \d+)? (?:©|\(c\)).{{0,60}}", re.IGNORECASE)
"""The foot of a printed page: "Page 3 of 9 © 2022 Factiva, Inc. All rights reserved."."""
_CREDIT_WORDS = 4
_NAME_WORDS, _SECTION_WORDS, _LANGUAGE_WORDS, _PUBLISHER_WORDS = 8, 4, 2, 10


_UNKNOWN = "holds {n} articles of Factiva without their texts or fields; export it again in the article format"


@cache
def document_line() -> re.Pattern[str]:
    """The line that ends an article, with its number."""
    return re.compile(rf"(?i:{either('newspaper_archives.toml', 'words.factiva_document')}) {_ID}\|?")


@cache
def words_line() -> re.Pattern[str]:
    """How long an article is, alone in a line."""
    return re.compile(rf"[\d.,\s]{{1,9}} ?(?i:{'|'.join(labels('length'))})")


@cache
def _code_line() -> re.Pattern[str]:
    codes = "|".join(sorted(labels("factiva"), key=lambda code: (-len(code), code)))
    return re.compile(rf"(?:\|\s*)?({codes})(\s*\|\s*|\t\s*|\s{{2,}}|\s|$)")


def find_pieces(text: str, headings: frozenset[int] = frozenset()) -> list[Piece] | None:
    """The articles of such a text; None if it is none."""
    groups = groups_of(text)
    lines = [line for group in groups for line in group]
    ends = [i for i, line in enumerate(lines) if _document_id(line)]
    if not ends:
        return None
    wrapped = is_wrapped(lines)
    codes = [_code(line) for line in lines]
    is_coded = len({code[0] for code in codes if code}) >= _LEAST_CODES
    if is_coded:
        _add_codes_of_heads(lines, codes)
    elif not any(words_line().fullmatch(line.text) for line in lines):
        _refuse_unknown(len(ends))
        return None
    pieces = []
    for first, last in zip([0, *(i + 1 for i in ends)], ends, strict=False):
        region = lines[first : last + 1]
        if is_coded:
            pieces.append(_read_coded(text, region, codes[first : last + 1], wrapped))
        else:
            pieces.append(_read_laid_out(text, region, headings, wrapped))
    strip_counts(pieces)
    return tile(text, pieces, "factiva other")


def _refuse_unknown(n: int) -> None:
    """Raise NotTextError for several articles that have neither fields nor a layout; one may be an article that quotes such a line."""
    if n > 1:
        raise NotTextError("several_articles", _UNKNOWN.format(n=n))


def _add_codes_of_heads(lines: list[Line], codes: list[tuple[str, int] | None]) -> None:
    """Accept a code that one space follows, "CR Harbour desk", unless the field above it is part of the text."""
    is_head = False
    for i, line in enumerate(lines):
        code = codes[i]
        if code is not None:
            is_head = labels("factiva")[code[0]] != "body"
        elif is_head and (found := _code_line().match(line.text)):
            codes[i] = (found.group(1), line.start + found.end())


def strip_counts(pieces: list[Piece]) -> None:
    """Take "12) " off the titles where all of them are counted so."""
    if all(_COUNTED.match(piece.title or "") for piece in pieces):
        for piece in pieces:
            _strip_count(piece)


def _strip_count(piece: Piece) -> None:
    number, _, piece.title = (piece.title or "").partition(" ")
    i, title = next((i, part) for i, part in enumerate(piece.parts) if part.role == "title")
    at = title.start + len(number) + 1
    piece.parts[i : i + 1] = [Part(title.start, at, "boilerplate", "factiva count"), title._replace(start=at)]


def _document_id(line: Line) -> str | None:
    code = _code(line)
    rest = line.text[code[1] - line.start :] if code else line.text
    found = document_line().fullmatch(rest.strip("| \t"))
    return found.group(1) if found else None


def _code(line: Line) -> tuple[str, int] | None:
    """The code that a line begins with, and where its value begins."""
    found = _code_line().match(line.text)
    if not found:
        return None
    if found.group(2) in (" ", "\xa0") and not (_LONE_SPACE.fullmatch(found.group(1)) or _TERM.match(line.text, found.end())):
        return None
    return found.group(1), line.start + found.end()


# --- fields by two letters --------------------------------------------------------------------------------------


def _read_coded(text: str, lines: list[Line], codes: list[tuple[str, int] | None], wrapped: bool) -> Piece:
    piece = Piece(lines[0].start, lines[-1].end)
    starts = [i for i, code in enumerate(codes) if code]
    names = labels("factiva")
    for first, last in pairwise([*starts, len(lines)]):
        code, value_at = codes[first] or ("", 0)
        name, rule = names[code], f"factiva {code}"
        end = lines[last - 1].end
        piece.add("boilerplate", rule, lines[first].start, min(value_at, end))
        value = one_line(text[value_at:end].strip("| \t\n"))
        note_field(piece, name, value)
        if name == "body":
            for group in groups_of(text, value_at, end):
                for paragraph in paragraphs(group, wrapped):
                    _add_body(piece, text, paragraph)
        elif name in ("title", "author", "day"):
            piece.add({"title": "title", "author": "byline"}.get(name, "dateline"), rule, value_at, end)  # type: ignore[arg-type]
        else:
            piece.add("boilerplate", rule, value_at, end)
    return piece


def _add_body(piece: Piece, text: str, paragraph: Line) -> None:
    """A paragraph, and apart from it the bar that ends a table's cell; the foot of a page is none."""
    if _PAGE.fullmatch(text, paragraph.start, paragraph.end):
        piece.add("boilerplate", "factiva page", paragraph.start, paragraph.end)
        return
    said = text[paragraph.start : paragraph.end].rstrip("| \t")
    piece.add(None, "", paragraph.start, paragraph.start + len(said))


def note_field(piece: Piece, name: str, value: str | None) -> None:
    """Take over what a field says of the article."""
    if not value:
        return
    if name == "title":
        piece.title = value
    elif name == "author":
        piece.author = without_by(value)
    elif name == "day":
        piece.day = find_day(value)
    elif name == "outlet":
        piece.outlet = value
    elif name == "language":
        piece.language = find_language(value)
    elif name == "id":
        found = re.search(_ID, value)
        piece.id = found.group(1) if found else None


# --- the article's own layout -------------------------------------------------------------------------------------


def _read_laid_out(text: str, lines: list[Line], headings: frozenset[int], wrapped: bool) -> Piece:
    piece = Piece(lines[0].start, lines[-1].end)
    above = next((i for i, line in enumerate(lines) if not _PAGE.fullmatch(line.text)), 0)
    for line in lines[:above]:
        piece.add("boilerplate", "factiva page", line.start, line.end)
    lines = lines[above:]
    piece.id = _document_id(lines[-1])
    piece.add("boilerplate", "factiva AN", lines[-1].start, lines[-1].end)
    length = next((i for i, line in enumerate(lines[:_MOST_ABOVE]) if words_line().fullmatch(line.text)), None)
    if length is None:
        return piece
    _read_title(piece, lines[:length], headings)
    body = _read_masthead(piece, lines, length)
    last = len(lines) - 1
    if body < last - 1 and _is_publisher(lines[last - 1]):
        last -= 1
        piece.add("boilerplate", "factiva PUB", lines[last].start, lines[last].end)
    if body < last:
        for group in groups_of(text, lines[body].start, lines[last - 1].end):
            for paragraph in paragraphs(group, wrapped):
                _add_body(piece, text, paragraph)
    return piece


def _read_title(piece: Piece, lines: list[Line], headings: frozenset[int]) -> None:
    """Above the length: a section perhaps, the title, an author perhaps, and below the author a line of what they are."""
    if len(lines) > 2 and _is_author(lines[-2]) and len(lines[-1].text.split()) <= _CREDIT_WORDS and is_role(lines[-1].text.split()[-1]):
        piece.add("credit", "factiva CR", lines[-1].start, lines[-1].end)
        lines = lines[:-1]
    title = next((i for i, line in enumerate(lines) if line.start in headings), None)
    if title is None:
        has_author = _is_author(lines[-1]) or any(len(line.text.split()) > _SECTION_WORDS for line in lines[-2:-1])
        title = max(0, len(lines) - 1 - has_author)
    for i, line in enumerate(lines):
        if i == title:
            piece.title = one_line(line.text)
            piece.add("title", "factiva HD", line.start, line.end)
        elif i > title:
            piece.author = without_by(line.text)
            piece.add("byline", "factiva BY", line.start, line.end)
        else:
            piece.add("boilerplate", "factiva SE", line.start, line.end)


def _is_author(line: Line) -> bool:
    words = line.text.split()
    if len(words) > _NAME_WORDS or line.text.endswith((".", "?", "!")):
        return False
    return words[0].casefold() in read_toml("newspaper_archives.toml")["words"]["by"] or (
        words[0].title() in _first_names() and 1 < len(words) <= 4
    )


@cache
def _first_names() -> frozenset[str]:
    return frozenset(read_lines("first_names.txt"))


def _rights_and_language(lines: list[Line], length: int) -> tuple[int | None, int | None]:
    """The numbers of the lines of rights and of language below that of the length."""
    near = range(length + 1, min(length + _MOST_ABOVE, len(lines)))
    rights = next((i for i in near if is_copyright(lines[i].text)), None)
    return rights, next((i for i in near if len(lines[i].text.split()) <= _LANGUAGE_WORDS and find_language(lines[i].text)), None)


def _read_masthead(piece: Piece, lines: list[Line], length: int) -> int:
    """Day, outlet and rights, below the length; the number of the line at which the text begins."""
    rights, language = _rights_and_language(lines, length)
    last = next((i for i in (rights, language) if i is not None), min(length + 4, len(lines) - 2))
    piece.add("boilerplate", "factiva WC", lines[length].start, lines[length].end)
    for i in range(length + 1, last + 1):
        line, rule = lines[i], "factiva other"
        if piece.day is None and (day := find_day(line.text)):
            piece.day = day
            piece.add("dateline", "factiva PD", line.start, line.end)
            continue
        if piece.day and piece.outlet is None and not _TIME.fullmatch(line.text):
            piece.outlet, rule = one_line(line.text), "factiva SN"
        elif i == language:
            piece.language, rule = find_language(line.text), "factiva LA"
        elif i == rights:
            rule = "factiva CY"
        piece.add("boilerplate", rule, line.start, line.end)
    return last + 1


def _is_publisher(line: Line) -> bool:
    """Whether a line is the publisher's: no sentence, though the name of a company may end as one does."""
    ends = not line.text.endswith((".", "?", "!", "”", '"', ":")) or line.text.rstrip(".").split()[-1] in _firms()
    return len(line.text.split()) <= _PUBLISHER_WORDS and ends


@cache
def _firms() -> frozenset[str]:
    words = read_toml("name_words.toml")
    return frozenset((*words["firms"], *words["firms_by_law"]))
