"""Exports of Nexis and Lexis as they were until about 2019, "3 of 10 DOCUMENTS" above each article: text, RTF and HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import (
    Line,
    Piece,
    counted_in,
    find_day,
    find_language,
    groups_of,
    is_copyright,
    is_wrapped,
    label_of,
    labels,
    lines_of,
    one_line,
    paragraphs,
    tile,
    without_by,
)
from qantar.stages.articles.archives.shape_lines import is_byline
from qantar.text.lexicon import either

_NUMBER = re.compile(
    r"(?:(?:FOCUS|LEVEL \d+) - )?"
    rf"(?:\d{{1,6}} (?:{either('newspaper_archives.toml', 'words.of')}) \d{{1,6}} (?:{either('newspaper_archives.toml', 'words.numbered')})"
    r"|Dokument \d{1,6} von \d{1,6}|Document \d{1,6} de \d{1,6})"
)
_LENGTH = re.compile(rf"(?:{either('newspaper_archives.toml', 'words.length')}): ?\s*[\d.,]+ \w+")
_FAILED = re.compile(either("newspaper_archives.toml", "words.failed"))
"""What stands for a document that the archive could not write."""
_OF_PROQUEST = [label for label, name in labels("proquest").items() if name == "id"]
"""ProQuest numbers its documents, too."""
_LEAST_LABELS = 2
_MASTHEAD = 3  # groups of lines: outlet, day and title
_HEAD = 14  # groups of lines that may stand above the text
_MOST_BELOW = 12  # groups of lines from a picture's caption to the end
_ABOVE_TAIL = frozenset({"picture", "notes", "terms"})
_ROLES: dict[str, Role] = {"author": "byline", "title": "title", "dateline": "dateline", "highlight": "heading"}
_SPLIT = frozenset({"title", "highlight", "body"})
"""Fields of which the value is the article's own text, and the label alone is not."""

Groups = list[list[Line]]


def find_pieces(text: str, _headings: frozenset[int] = frozenset()) -> list[Piece] | None:
    """The articles of such a text; None if it is none."""
    beginning = text[:200_000].lower()
    if any(label in beginning for label in _OF_PROQUEST):
        return None
    groups = groups_of(text)
    starts = _numbered_starts(groups)
    if not starts:
        if not _has_fields(groups):
            return None
        starts = _starts_by_length(groups)
    wrapped = is_wrapped(line for group in groups for line in group)
    ends = [*starts[1:], len(text)]
    pieces = [_read(text, Piece(start, end), wrapped) for start, end in zip(starts, ends, strict=True)]
    return tile(text, pieces, "nexis cover")


def _numbered_starts(groups: Groups) -> list[int]:
    """Where documents begin: at a number, "3 of 10 DOCUMENTS", or at the error that stands for a document without one."""
    lines = [line for group in groups for line in group]
    is_number = [bool(_NUMBER.fullmatch(line.text)) for line in lines]
    if not any(is_number):
        return []
    below_number = [False, *is_number[:-1]]
    lines_with = zip(lines, is_number, below_number, strict=True)
    return [line.start for line, numbered, below in lines_with if numbered or (not below and _FAILED.match(line.text))]


def _has_fields(groups: Groups) -> bool:
    """Whether a text without numbers has the fields of an export, lengths among them."""
    known = _known()
    lines = [line for group in groups for line in group]
    said = {found[0] for line in lines if (found := _label_of(line, known))}
    return len(said - {"body"}) > _LEAST_LABELS and any(_LENGTH.match(line.text) for line in lines)


def _known() -> dict[str, str]:
    return {**labels("nexis", "tail"), **labels("nexis", "head")}


def _label_of(line: Line, known: dict[str, str]) -> tuple[str, int] | None:
    """The field that a line begins with, by its label in capitals, and where its value begins."""
    return label_of(line, known) if line.text[:2].isupper() else None


def _starts_by_length(groups: Groups) -> list[int]:
    """Where articles begin that nothing numbers: the first, and those after the last line below one that has a length."""
    starts, known = [groups[0][0].start], labels("nexis", "tail")
    last_below, n_lengths = None, 0
    for i, group in enumerate(groups):
        found = _label_of(group[0], known)
        if found and n_lengths:
            last_below = i
        if any(_LENGTH.match(line.text) for line in group):
            if last_below is not None:
                j = last_below + 1
                while all(is_copyright(line.text) for line in groups[j]):
                    j += 1
                starts.append(groups[j][0].start)
                last_below = None
            n_lengths += 1
    return starts


def _read(text: str, piece: Piece, wrapped: bool) -> Piece:
    """Fill in one article: head, text, and what stands below it."""
    groups = groups_of(text, piece.start, piece.end)
    if _NUMBER.fullmatch(groups[0][0].text):
        piece.add("boilerplate", "nexis number", groups[0][0].start, groups[0][0].end)
        groups = [group for group in (groups[0][1:], *groups[1:]) if group]
    if groups and _FAILED.match(groups[0][0].text):
        return piece
    below = _find_below(groups)
    body = _read_head(piece, groups[:below], wrapped)
    for group in groups[body:below]:
        for paragraph in paragraphs(group, wrapped):
            found = _label_of(paragraph, labels("nexis", "head"))
            start = paragraph.start
            if found and found[0] in _SPLIT:
                piece.add("boilerplate", f"nexis {found[0]}", start, found[1])
                start = found[1]
            piece.add(None, "", start, paragraph.end)
    _read_below(text, piece, groups[below:])
    return piece


# --- above the text -------------------------------------------------------------------------------------------


def _read_head(piece: Piece, groups: Groups, wrapped: bool) -> int:
    """Outlet, day, title and labelled fields; the number of the group at which the text begins."""
    known = _known()
    fields = [_label_of(group[0], known) for group in groups]
    body = _find_body(groups, fields)
    first_label = next((i for i, found in enumerate(fields[:body]) if found), body)
    at = _read_masthead(piece, groups, min(first_label, body))
    for i in range(at, body):
        found = fields[i]
        if found is None:
            before = next((fields[j] for j in range(i - 1, -1, -1) if fields[j]), None)
            _read_unlabelled(piece, groups[i], None if before is None else before[0], wrapped)
        else:
            _read_field(piece, groups[i], *found)
    return body


def _find_body(groups: Groups, fields: list[tuple[str, int] | None]) -> int:
    """The group at which the text begins: the one labelled so, else the first without a label below the last of the head's."""
    labelled = next((i for i, found in enumerate(fields[: _HEAD * 2]) if found and found[0] == "body"), None)
    if labelled is not None:
        return labelled
    last = max((i for i, found in enumerate(fields[:_HEAD]) if found), default=None)
    if last is None:  # outlet, day and title above a text without any field
        return min(_find_day_group(groups[:_MASTHEAD]) + 2, max(1, len(groups) - 1))
    length = next((i for i, found in enumerate(fields[:_HEAD]) if found and found[0] == "length"), last)
    i = length + 1
    while i < len(groups) and fields[i]:
        i += 1
    return i


def _read_masthead(piece: Piece, groups: Groups, stop: int) -> int:
    """The outlet and the day, which stand first; the number of the group below them."""
    end = min(_find_day_group(groups[:stop]) + 1, stop)
    for group in groups[:end]:
        day_seen = False
        for line in group:
            day = None if day_seen else find_day(line.text)
            if is_copyright(line.text):
                piece.add("boilerplate", "nexis copyright", line.start, line.end)
            elif day is not None:
                piece.day, day_seen = day, True
                piece.add("dateline", "nexis day", line.start, line.end)
            elif piece.outlet is None and not day_seen:
                piece.outlet = one_line(line.text)
                piece.add("boilerplate", "nexis outlet", line.start, line.end)
            else:
                piece.add("boilerplate", "nexis edition", line.start, line.end)
    return end


def _find_day_group(groups: Groups) -> int:
    """The group with a day, else with a year below the first, "March 2012", "Winter 2014/2015"; else the first."""
    dated = next((i for i, group in enumerate(groups) if any(find_day(line.text) for line in group)), None)
    if dated is not None:
        return dated
    return next((i for i, group in enumerate(groups) if i and re.search(r"\b(?:19|20)\d\d\b", group[0].text)), 0)


def _read_unlabelled(piece: Piece, group: list[Line], before: str | None, wrapped: bool) -> None:
    """A title or subtitle above the fields; what goes on with a field below one."""
    for paragraph in paragraphs(group, wrapped):
        if before is None and piece.title is None:
            piece.title = one_line(paragraph.text)
            piece.add("title", "nexis title", paragraph.start, paragraph.end)
        elif before is None and piece.author is None and is_byline(paragraph.text):
            piece.author = without_by(paragraph.text)
            piece.add("byline", "nexis author", paragraph.start, paragraph.end)
        elif before in (None, "highlight", "title"):
            piece.add("heading", "nexis subtitle", paragraph.start, paragraph.end)
        else:
            piece.add("boilerplate", f"nexis {before}", paragraph.start, paragraph.end)


def _read_field(piece: Piece, group: list[Line], name: str, value_at: int) -> None:
    start, end = group[0].start, group[-1].end
    value = " ".join([group[0].text[value_at - start :], *(line.text for line in group[1:])])
    if name == "author":
        piece.author = without_by(value)
    elif name == "length":
        piece.likely_language = counted_in(value)
    elif name == "title":
        piece.title = one_line(value)
    role = _ROLES.get(name, "boilerplate")
    if name in _SPLIT:
        piece.add("boilerplate", f"nexis {name}", start, value_at)
        start = value_at
    piece.add(role, f"nexis {name}", start, end)


# --- below the text -------------------------------------------------------------------------------------------


def _find_below(groups: Groups) -> int:
    """The number of the group from which all is labels, terms and rights."""
    known = labels("nexis", "tail")
    fields = [_label_of(group[0], known) for group in groups]
    i = len(groups)
    while i and (fields[i - 1] or all(is_copyright(line.text) for line in groups[i - 1]) or _ends_rights(groups, i - 1)):
        i -= 1
    i = min(i, _first_late(groups, fields))
    return next((j for j in range(max(0, i - _MOST_BELOW), i) if (found := fields[j]) and found[0] in _ABOVE_TAIL), i)


def _first_late(groups: Groups, fields: Sequence[tuple[str, int] | None]) -> int:
    """The first group below the head that says when the text was loaded or its language, whatever follows: a correction, with its text."""
    head = labels("nexis", "head")
    above = (i for i, group in enumerate(groups[:_HEAD]) if _label_of(group[0], head))
    first = max(above, default=len(groups)) + 1
    late = ((i, found) for i, found in enumerate(fields[first:], first) if found)
    return next((i for i, (name, at) in late if _is_value(name, groups[i][0], at)), len(groups))


def _is_value(name: str, line: Line, at: int) -> bool:
    value = line.text[at - line.start :]
    return (find_day(value) if name == "load_date" else find_language(value)) is not None


def _ends_rights(groups: Groups, i: int) -> bool:
    """Whether a group goes on with who owns the text: "Copyright 2010 ..." stands first in it or in the one above, near the end."""
    near = len(groups) - 3 <= i
    return near and (is_copyright(groups[i][0].text) or (is_copyright(groups[i - 1][0].text) and len(groups[i]) <= 2))


def _read_below(text: str, piece: Piece, groups: Groups) -> None:
    known = labels("nexis", "tail")
    rule = "nexis copyright"
    for group in groups:
        found = label_of(group[0], known)
        if found:
            rule = f"nexis {found[0]}"
            value = text[found[1] : group[-1].end]
            if found[0] == "language":
                piece.language = find_language(value)
            elif found[0] == "url":
                piece.url = next(iter(re.findall(r"https?://\S+[^\s.,;)]", value)), None)
        elif is_copyright(group[0].text):
            rule = "nexis copyright"
        for line in lines_of(text, group[0].start, group[-1].end):
            piece.add("boilerplate", rule, line.start, line.end)
