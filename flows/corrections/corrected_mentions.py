"""Corrections of names, dates and amounts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qantar.corrections.applying import Corrector, Slot
from qantar.corrections.fixes import Fix, Outcome, Problem, find_words, is_same, lost, named_values, read_span
from qantar.schema import CORRECTION, Document, Mention, Sentence

_NO_ENTITY = ("DATE", "MONEY")
RESHAPING = frozenset({"label", "span", "delete", "add"})
"""What the quotes beside a name may depend on: they are looked for again."""


def correct_mentions(
    mentions: Sequence[Mention], document: Document, sentences: Sequence[Sentence], fixes: Sequence[Fix]
) -> tuple[list[Mention], list[Outcome]]:
    """The mentions of a document as people corrected them, in order, none inside another: of two that overlap a person's stands."""
    editor = _Editor(document, sentences)
    corrector = Corrector[Mention](
        key=lambda row: row.mention_id, find=_find(document.text), change=editor.change, add=editor.add, check=_overlaps
    )
    rows, told, rest = corrector.apply(mentions, fixes)
    given = [row for row in rows if row.method == CORRECTION]
    kept = [r for r in rows if r.method == CORRECTION or not any(g.start < r.end and r.start < g.end for g in given)]
    told += [_without_row(fix, document.text, mentions) for fix in rest]
    return sorted(kept, key=lambda row: row.start), told


def _find(text: str) -> Any:
    def find(fix: Fix, mentions: Sequence[Mention]) -> int | None:
        same = [at for at, row in enumerate(mentions) if is_same(row.text, fix.text)]
        exact = [at for at in same if mentions[at].start == fix.start]
        if exact:
            return exact[0]
        place = find_words(text, fix.text, None)  # the only place where the words stand
        return next((at for at in same if place and mentions[at].start == place[0]), None)

    return find


class _Editor:
    """Changes mentions of one document."""

    def __init__(self, document: Document, sentences: Sequence[Sentence]) -> None:
        self.document, self.sentences = document, sentences
        self.starts = [s.start for s in sentences]

    def change(self, fix: Fix, row: Mention) -> Mention | Problem:
        """The mention with one field as given."""
        if fix.field == "span":
            shift = fix.shift(row.start)
            span = read_span(self.document.text, fix.value, shift, row.start)
            if isinstance(span, Problem):
                return span
            if span == (row.start, row.end):
                return row
            if not (span[0] < row.end and row.start < span[1]):
                return Problem("the new words do not overlap the old; delete that name and add another")
            return self._placed(replace(row, method=CORRECTION, score=1.0), span)
        value: Any = fix.value or None
        if getattr(row, fix.field) == value and (fix.field != "entity_id" or row.link_method == CORRECTION):
            return row
        return _with_value(row, fix.field, value)

    def add(self, fix: Fix) -> Mention | Problem:
        """A mention that was missing."""
        text = self.document.text
        given = (fix.start, fix.end) if fix.start is not None and fix.end is not None else None
        span = find_words(text, fix.text, None, given)
        if span is None:
            return Problem("the words do not stand there, or at several places", "stale")
        said = named_values(fix.value) or {}
        label: Any = said["label"]
        row = Mention(
            mention_id="",
            document_id=self.document.document_id,
            sentence_id="",
            entity_id=None,
            label=label,
            start=span[0],
            end=span[1],
            raw_start=None,
            raw_end=None,
            text=text[span[0] : span[1]],
            value=None,
            method=CORRECTION,
            score=1.0,
        )
        for name in ("value", "entity_id"):
            if name in said:
                changed = _with_value(row, name, said[name])
                if isinstance(changed, Problem):
                    return changed
                row = changed
        return self._placed(row, span)

    def _placed(self, row: Mention, span: tuple[int, int]) -> Mention | Problem:
        start, end = span
        at = bisect_right(self.starts, start) - 1
        if at < 0 or end > self.sentences[at].end:
            return Problem("the words are not inside one sentence")
        sentence = self.sentences[at]
        shift = None if sentence.raw_start is None else sentence.raw_start - sentence.start
        return replace(
            row,
            mention_id=f"{row.document_id}-m{start}",
            sentence_id=sentence.sentence_id,
            start=start,
            end=end,
            raw_start=None if shift is None else start + shift,
            raw_end=None if shift is None else end + shift,
            text=self.document.text[start:end],
        )


def _with_value(row: Mention, name: str, value: Any) -> Mention | Problem:
    none: dict[str, Any] = {"entity_id": None, "link_method": None, "link_score": None, "metonym_of": None}
    if name == "label":
        no_value: dict[str, Any] = {} if value in _NO_ENTITY else {"value": None}
        return replace(row, label=value, method=CORRECTION, score=1.0, **no_value, **none)
    if name == "value":
        if row.label not in _NO_ENTITY:
            return Problem("only dates and amounts have a value")
        return replace(row, value=value, method=CORRECTION, score=1.0)
    if row.label in _NO_ENTITY:
        return Problem("a date or an amount names no entity")
    return replace(row, **none | {"entity_id": value, "link_method": CORRECTION, "link_score": 1.0, "method": CORRECTION, "score": 1.0})


def _overlaps(slots: Sequence[Slot[Mention]], slot: Slot[Mention]) -> Problem | None:
    """A person's mention yields to no other; two of persons do not overlap."""
    row = slot.row
    for other in slots:
        if other is not slot and other.row.method == CORRECTION and other.row.start < row.end and row.start < other.row.end:
            return Problem(f"it overlaps {other.row.text[:100]!r}, which another line gave")
    return None


def _without_row(fix: Fix, text: str, mentions: Sequence[Mention]) -> Outcome:
    """A correction whose row is not there; one that was to be deleted is gone already if the words still stand there."""
    given = (fix.start, fix.end) if fix.start is not None and fix.end is not None else None
    if fix.field == "delete" and (place := find_words(text, fix.text, None, given)) and not any(m.start == place[0] for m in mentions):
        return fix.told("already_right")
    return lost(fix, text)


def links_lost(
    fixes: Sequence[Fix], outcomes: Sequence[Outcome], entity_of: Mapping[str | None, str | None], joined: Mapping[str, str]
) -> list[Outcome]:
    """Corrections of a name's entity that its article does not allow: a title beside the name says that it is somebody else.

    `entity_of` has the entity of each mention, linked.
    """
    rows = {o.id: o.row_id for o in outcomes if o.status == "applied"}
    told = []
    for fix in fixes:
        row_id = rows.get(fix.id)
        if fix.table == "mentions" and fix.field == "entity_id" and row_id in entity_of:
            found = entity_of[row_id]
            if found not in (fix.value, joined.get(fix.value)):
                told.append(fix.told("conflict", f"a title or a word of kin beside the name speaks against it; it names {found}", row_id))
    return told
