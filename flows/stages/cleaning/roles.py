"""Say what each passage of an article is: rules for its own words first, then what its surroundings tell."""

from __future__ import annotations

from collections.abc import Container, Sequence

from flows.schema import Role
from flows.stages.cleaning.furniture import close_gaps, find_furniture
from flows.stages.cleaning.headings import find_headings, find_speakers
from flows.stages.cleaning.line import Line, line_of
from flows.stages.cleaning.passages import Passage
from flows.stages.cleaning.rules import split_trailing
from flows.stages.cleaning.titles import find_bare_byline, find_dateline, find_title

__all__ = ["Line", "assign_roles"]

_LEAST_BEFORE_CALL = 12  # words


def assign_roles(passages: Sequence[Passage], title: str | None, recurring: Container[str] = ()) -> list[Line]:
    """Each passage with its role and the rule that decided it.

    `title` is the headline given beside the text, if any; `recurring` holds lines, as `plain_line` makes them, that many articles share.
    """
    everything = [line_of(piece) for passage in passages for piece in _cut(passage)]
    lines = [line for line in everything if line.role is None]
    find_speakers(lines)
    find_furniture(lines, recurring)
    find_title(lines, title)
    find_bare_byline(lines)
    find_dateline(lines)
    close_gaps(lines)
    find_headings([line for line in lines if line.role not in _SET_ASIDE])
    for line in lines:
        if line.role is None:
            line.be("body", "paragraph")
    return everything


_SET_ASIDE: frozenset[Role] = frozenset({"boilerplate", "byline", "credit", "dateline"})


def _cut(passage: Passage) -> tuple[Passage, ...]:
    """A paragraph, and apart from it the call that stands at its end."""
    at = split_trailing(passage.text) if passage.visible else None
    if at is None or passage.text.count(" ", 0, at) < _LEAST_BEFORE_CALL:
        return (passage,)
    body = passage.text[:at].rstrip()
    return (
        Passage(passage.start, passage.start + len(body), body),
        Passage(passage.start + at, passage.end, passage.text[at:]),
    )
