"""Quotes in the making, and the rows they become."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from qantar.schema import Block, Document, Quote, QuoteKind, Sentence
from qantar.stages.quotes.certainty import score_of, speaker_score_of
from qantar.stages.quotes.speaker_spans import Speaker


@dataclass
class Draft:
    """A quote in the making."""

    kind: QuoteKind
    segments: list[tuple[int, int]]
    rule: str
    cue: tuple[int, int] | None = None
    attitude: str = ""
    speaker: Speaker | None = None
    block: int = -1
    unit: int = -1
    flags: list[str] = field(default_factory=list)
    continues: bool = False

    @property
    def method(self) -> str:
        return " ".join(part for part in (self.rule, self.attitude, *self.flags) if part)


def rows_of(text: str, document: Document, sentences: Sequence[Sentence], blocks: Sequence[Block], drafts: list[Draft]) -> list[Quote]:
    """The rows of one document's drafts, in order of place, each with its id and the quote it stands in."""
    starts = [s.start for s in sentences]
    shifts = [
        (b.start, b.end, None if b.raw_start is None else b.raw_start - b.start)
        for b in blocks
        if b.start is not None and b.end is not None
    ]
    ordered = sorted((d for d in drafts if d.segments), key=lambda d: (d.segments[0][0], -d.segments[-1][1], d.kind))
    seen: set[tuple[str, tuple[tuple[int, int], ...]]] = set()
    used: dict[int, int] = {}
    rows: list[Quote] = []
    around: list[Quote] = []  # rows that reach beyond the draft's start
    for draft in ordered:
        key = ("indirect" if draft.kind == "indirect" else "marks", tuple(draft.segments))
        if key in seen:
            continue
        seen.add(key)
        start, end = draft.segments[0][0], draft.segments[-1][1]
        around = [q for q in around if q.end > start]
        number = used.get(start, 0)
        used[start] = number + 1
        suffix = "" if not number else chr(ord("a") + number) if number < 26 else f"-{number}"
        sentence = sentences[max(0, bisect_right(starts, start) - 1)]
        parent = _parent(around, draft.segments)
        basis = draft.speaker.basis if draft.speaker else None
        marks = [*draft.flags, *(["nested"] if parent and draft.kind == "indirect" else [])]
        rows.append(
            Quote(
                quote_id=f"{document.document_id}-q{start}{suffix}",
                document_id=document.document_id,
                sentence_id=sentence.sentence_id,
                kind=draft.kind,
                text=" ".join(text[a:b] for a, b in draft.segments),
                start=start,
                end=end,
                raw_start=_raw(shifts, start, False),
                raw_end=_raw(shifts, end, True),
                segments=[[a, b] for a, b in draft.segments],
                cue=text[draft.cue[0] : draft.cue[1]] if draft.cue else None,
                cue_start=draft.cue[0] if draft.cue else None,
                cue_end=draft.cue[1] if draft.cue else None,
                speaker=text[draft.speaker.start : draft.speaker.end] if draft.speaker else None,
                speaker_start=draft.speaker.start if draft.speaker else None,
                speaker_end=draft.speaker.end if draft.speaker else None,
                speaker_entity_id=None,
                speaker_basis=basis,
                parent_quote_id=parent,
                quote_group_id=None,
                method=draft.method,
                score=score_of(draft.kind, draft.rule, draft.attitude, basis, marks),
                speaker_score=speaker_score_of(draft.rule, basis),
                speakers=[[a, b] for a, b in draft.speaker.parts] if draft.speaker else [],
            )
        )
        around.append(rows[-1])
    return rows


def _raw(shifts: Sequence[tuple[int, int, int | None]], place: int, is_end: bool) -> int | None:
    """The place in the raw text, by the block that holds it; an end belongs to the block before it."""
    i = bisect_right(shifts, place - is_end, key=lambda s: s[0]) - 1
    if i < 0 or place > shifts[i][1]:
        return None
    shift = shifts[i][2]
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
