"""Say what each passage of an article is: rules for its own words first, then what its surroundings tell."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import pairwise

from qantar.schema import Role
from qantar.stages.blocks.block_rules import BlockRule
from qantar.stages.blocks.furniture import close_gaps, find_furniture, keep_posts
from qantar.stages.blocks.headings import find_headings, find_signatures, find_speakers
from qantar.stages.blocks.known_parts import Known
from qantar.stages.blocks.line import Line, line_of
from qantar.stages.blocks.line_rules import split_trailing
from qantar.stages.blocks.titles import find_bare_byline, find_dateline, find_title
from qantar.text.passages import Passage

__all__ = ["Line", "assign_roles"]

_LEAST_BEFORE_CALL = 12  # words
_NONE: Mapping[int, Known] = {}


def assign_roles(
    passages: Sequence[Passage],
    title: str | None,
    recurring: Container[str] = (),
    outlet: str | None = None,
    known: Mapping[int, Known] = _NONE,
) -> list[Line]:
    """Each passage with its role and the rule that decided it.

    `title` is the headline given beside the text, if any; `recurring` holds lines, as `plain_line` makes them, that many articles of the
    `outlet` share; `known` says what passages are, by where they start, of which no rule has to find it.
    """
    paragraphs = list(_paragraphs(passages, known))
    lines = [line for line, _ in paragraphs if line.role is None]
    find_speakers(lines)
    find_signatures(lines)
    find_furniture(lines, recurring, outlet)
    find_title(lines, title)
    find_bare_byline(lines)
    find_dateline(lines)
    keep_posts(lines)
    close_gaps(lines)
    find_headings([line for line in lines if line.role not in _SET_ASIDE])
    for line in lines:
        if line.role is None:
            line.be("body", BlockRule.PARAGRAPH)
    return [line for whole, pieces in paragraphs for line in _parted(whole, pieces)]


_SET_ASIDE: frozenset[Role] = frozenset({"boilerplate", "byline", "credit", "dateline"})


def _paragraphs(passages: Sequence[Passage], known: Mapping[int, Known]) -> Iterator[tuple[Line, list[Passage]]]:
    """Each line that gets one role, with the passages it is made of: one, but where invisible characters part a paragraph."""
    i = 0
    while i < len(passages):
        j = i + 1
        while j < len(passages) and passages[j].goes_on:
            j += 1
        if passages[i].start in known:
            for piece in passages[i:j]:
                line = line_of(piece)
                if piece.visible:
                    line.be(*known[passages[i].start])
                yield line, [piece]
        elif j - i > 1 and sum(piece.visible for piece in passages[i:j]) > 1:
            yield line_of(_joined(passages[i:j])), list(passages[i:j])
        else:
            for part in (part for piece in passages[i:j] for part in _cut(piece)):
                yield line_of(part), [part]
        i = j


def _joined(pieces: Sequence[Passage]) -> Passage:
    """The paragraph as its readers see it: with the white space between the pieces, without what nobody sees."""
    text = pieces[0].text if pieces[0].visible else ""
    for before, piece in pairwise(pieces):
        text += " " * (before.end < piece.start) + piece.text * piece.visible
    return Passage(pieces[0].start, pieces[-1].end, " ".join(text.split()))


def _parted(whole: Line, pieces: list[Passage]) -> Iterator[Line]:
    if len(pieces) == 1:
        yield whole
        return
    for piece in pieces:
        line = line_of(piece)
        if piece.visible and whole.role is not None:
            line.be(whole.role, whole.rule)
        yield line


def _cut(passage: Passage) -> tuple[Passage, ...]:
    """A paragraph, and apart from it the call that stands at its end."""
    is_long = passage.visible and passage.text.count(" ") >= _LEAST_BEFORE_CALL
    at = split_trailing(passage.text) if is_long else None
    if at is None or passage.text.count(" ", 0, at) < _LEAST_BEFORE_CALL:
        return (passage,)
    body = passage.text[:at].rstrip()
    return (
        Passage(passage.start, passage.start + len(body), body),
        Passage(passage.start + at, passage.end, passage.text[at:]),
    )
