"""Quotes in the making, and the rows they become."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from qantar.schema import Block, Document, Quote, QuoteKind, Sentence
from qantar.stages.quotes.certainty import score_of, speaker_score_of
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.speaker_spans import Speaker

_LETTERS = 26


@dataclass
class Draft:
    """A quote in the making."""

    kind: QuoteKind
    segments: list[tuple[int, int]]
    rule: Rule
    cue: tuple[int, int] | None = None
    attitude: str = ""
    speaker: Speaker | None = None
    block: int = -1
    unit: int = -1
    flags: list[str] = field(default_factory=list)
    continues: bool = False

    @property
    def method(self) -> str:
        """The value of `quotes.method`: rule, attitude and flags."""
        return " ".join(part for part in (self.rule, self.attitude, *self.flags) if part)


Span = tuple[int, int]


def rows_of(text: str, document: Document, sentences: Sequence[Sentence], blocks: Sequence[Block], drafts: list[Draft]) -> list[Quote]:
    """The rows of one document's drafts, in order of place, each with its id and the quote it stands in."""
    starts = [s.start for s in sentences]
    shifts = _shifts(blocks)
    used: Counter[int] = Counter()
    rows: list[Quote] = []
    around: list[Quote] = []  # rows that reach beyond the draft's start
    for draft in _distinct(drafts):
        start, end = draft.segments[0][0], draft.segments[-1][1]
        around = [q for q in around if q.end > start]
        row = _row(
            text,
            draft,
            quote_id=f"{document.document_id}-q{start}{_suffix(used[start])}",
            document_id=document.document_id,
            sentence_id=sentences[max(0, bisect_right(starts, start) - 1)].sentence_id,
            raw_start=_raw(shifts, start, False),
            raw_end=_raw(shifts, end, True),
            parent_quote_id=_parent(around, draft.segments),
        )
        used[start] += 1
        rows.append(row)
        around.append(row)
    return rows


def _distinct(drafts: list[Draft]) -> Iterator[Draft]:
    """The drafts in order of place, of several with the same words one."""
    seen: set[tuple[bool, tuple[Span, ...]]] = set()
    for draft in sorted(drafts, key=lambda d: (d.segments[0][0], -d.segments[-1][1], d.kind)):
        key = (draft.kind == "indirect", tuple(draft.segments))
        if key not in seen:
            seen.add(key)
            yield draft


def _suffix(number: int) -> str:
    """What tells the ids of quotes apart that begin at one place: nothing, b, c …, then -26."""
    if number >= _LETTERS:
        return f"-{number}"
    return chr(ord("a") + number) if number else ""


def _row(text: str, draft: Draft, parent_quote_id: str | None, **places: Any) -> Quote:
    """The row of a draft; `places` are its ids and raw offsets."""
    basis = draft.speaker.basis if draft.speaker else None
    marks = [*draft.flags, *(["nested"] if parent_quote_id and draft.kind == "indirect" else [])]
    cue, cue_start, cue_end = _words(text, draft.cue)
    speaker, speaker_start, speaker_end = _words(text, draft.speaker and (draft.speaker.start, draft.speaker.end))
    return Quote(
        kind=draft.kind,
        text=" ".join(text[a:b] for a, b in draft.segments),
        start=draft.segments[0][0],
        end=draft.segments[-1][1],
        segments=[[a, b] for a, b in draft.segments],
        cue=cue,
        cue_start=cue_start,
        cue_end=cue_end,
        speaker=speaker,
        speaker_start=speaker_start,
        speaker_end=speaker_end,
        speaker_entity_id=None,
        speaker_basis=basis,
        parent_quote_id=parent_quote_id,
        quote_group_id=None,
        method=draft.method,
        score=score_of(draft.kind, draft.rule, draft.attitude, basis, marks),
        speaker_score=speaker_score_of(draft.rule, basis),
        speakers=[[a, b] for a, b in draft.speaker.parts] if draft.speaker else [],
        **places,
    )


def _words(text: str, span: Span | None) -> tuple[str, int, int] | tuple[None, None, None]:
    return (text[span[0] : span[1]], *span) if span else (None, None, None)


def _shifts(blocks: Sequence[Block]) -> list[tuple[int, int | None]]:
    """For each kept block its place in `documents.text` and how much further its raw text begins, if it has one."""
    return [(b.start, None if b.raw_start is None else b.raw_start - b.start) for b in blocks if b.start is not None]


def _raw(shifts: Sequence[tuple[int, int | None]], place: int, is_end: bool) -> int | None:
    """The place in the raw text, by the block that holds it; an end belongs to the block before it."""
    shift = shifts[bisect_right(shifts, place - is_end, key=lambda s: s[0]) - 1][1]
    return None if shift is None else place + shift


def _parent(rows: Sequence[Quote], segments: Sequence[tuple[int, int]]) -> str | None:
    """The smallest quote found so far that holds every segment."""
    held = [
        q
        for q in rows
        if q.kind != "unattributed"
        and all(any(a <= x and y <= b for a, b in q.segments) for x, y in segments)
        and [list(s) for s in segments] != q.segments
    ]
    return min(held, key=lambda q: (sum(b - a for a, b in q.segments), q.quote_id)).quote_id if held else None
