"""Corrections of quotes: kind, words, speaker, cue, who the speaker is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from qantar.corrections.applying import Corrector
from qantar.corrections.fixes import Fix, Outcome, Problem, find_words, is_same, lost, named_values, read_span
from qantar.schema import CORRECTION, TABLES, Block, Document, Mention, Quote, Sentence, SpeakerBasis
from qantar.stages.blocks.parted_paragraphs import place_rows
from qantar.stages.quotes.tokens import classes


def correct_quotes(
    quotes: Sequence[Quote],
    document: Document,
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    fixes: Sequence[Fix],
) -> tuple[list[Quote], list[Outcome]]:
    """The quotes of a document as people corrected them, in order. Those that stood in one that is gone stand in none."""
    editor = _Editor(document, blocks, sentences, mentions)
    corrector = Corrector[Quote](key=lambda row: row.quote_id, find=_find(document.text), change=editor.change, add=editor.add)
    rows, told, rest = corrector.apply(quotes, fixes)
    rows, renamed = _with_ids(rows)
    told = [o._replace(row_id=renamed.get(o.row_id or "", o.row_id)) for o in told]
    return rows, told + [_without_row(fix, document.text, quotes) for fix in rest]


def _find(text: str) -> Any:
    def find(fix: Fix, quotes: Sequence[Quote]) -> int | None:
        same = [at for at, row in enumerate(quotes) if is_same(row.text, fix.text) or is_same(text[row.start : row.end], fix.text)]
        exact = [at for at in same if quotes[at].start == fix.start]
        return exact[0] if exact else same[0] if len(same) == 1 else None

    return find


class _Editor:
    """Changes quotes of one document."""

    def __init__(self, document: Document, blocks: Sequence[Block], sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> None:
        self.document, self.blocks, self.sentences, self.mentions = document, blocks, sentences, mentions

    def change(self, fix: Fix, row: Quote) -> Quote | Problem:
        """The quote with one field as given."""
        shift = fix.shift(row.start)
        changed = self._changed(row, fix.field, fix.value, shift)
        return changed if isinstance(changed, Problem) or changed is row else as_given(changed)

    def _changed(self, row: Quote, name: str, value: str, shift: int) -> Quote | Problem:
        if name == "kind":
            return row if row.kind == value else _of_kind(row, value)
        if name == "segments":
            return self._segments(row, value, shift)
        if name == "cue":
            return self._cued(row, self._span(row, value, shift))
        if row.kind == "unattributed" and value:
            return Problem("nobody says what is unattributed; correct `kind`, too")
        if name == "speaker":
            span = self._span(row, value, shift)
            if isinstance(span, Problem):
                return span
            return row if span == (row.speaker_start, row.speaker_end) else self._spoken(row, span)
        if value and row.speaker is None:
            return Problem("the quote has no speaker; correct `speaker`, too")
        return replace(row, speaker_entity_id=value or None, speaker_entity_ids=[])

    def _cued(self, row: Quote, span: tuple[int, int] | tuple[None, None] | Problem) -> Quote | Problem:
        if isinstance(span, Problem):
            return span
        if span == (row.cue_start, row.cue_end):
            return row
        return replace(row, cue=self._words(span), cue_start=span[0], cue_end=span[1])

    def _span(self, row: Quote, value: str, shift: int) -> tuple[int, int] | tuple[None, None] | Problem:
        return read_span(self.document.text, value, shift, row.start) if value else (None, None)

    def _words(self, span: tuple[int | None, int | None]) -> str | None:
        return None if span[0] is None else self.document.text[span[0] : span[1]]

    def _spoken(self, row: Quote, span: tuple[int, int] | tuple[None, None]) -> Quote:
        words = self._words(span)
        return replace(
            row,
            speaker=words,
            speaker_start=span[0],
            speaker_end=span[1],
            speaker_basis=self._basis(words, span),
            speaker_entity_id=None,
            speaker_score=None if words is None else 1.0,
            speakers=[],
            speaker_entity_ids=[],
        )

    def _basis(self, words: str | None, span: tuple[int | None, int | None]) -> SpeakerBasis | None:
        if words is None or span[0] is None or span[1] is None:
            return None
        if words.lower() in classes().pronouns:
            return "pronoun"
        named = any(m.start < span[1] and span[0] < m.end and m.label in ("PERSON", "ORG", "GPE", "NORP") for m in self.mentions)
        return "name" if named else "description"

    def _segments(self, row: Quote, value: str, shift: int) -> Quote | Problem:
        spans = [(int(a) + shift, int(b) + shift) for a, b in re.findall(r"(\d+)-(\d+)", value)]
        reached, text = 0, self.document.text
        for start, end in spans:
            if not reached <= start < end <= len(text) or text[start].isspace() or text[end - 1].isspace():
                return Problem(f"{value} are not passages of the article in their order", "stale")
            reached = end
        segments = [[start, end] for start, end in spans]
        return row if segments == row.segments else self._placed(row, segments)

    def _placed(self, row: Quote, segments: list[list[int]]) -> Quote:
        text, start, end = self.document.text, segments[0][0], segments[-1][1]
        at = max(0, bisect_right([s.start for s in self.sentences], start) - 1)
        moved = replace(
            row,
            segments=segments,
            start=start,
            end=end,
            text=" ".join(text[a:b] for a, b in segments),
            sentence_id=self.sentences[at].sentence_id,
        )
        return place_rows([moved], self.blocks)[0]

    def add(self, fix: Fix) -> Quote | Problem:
        """A quote that was missing: its words are the line's `text`, or from `start` to `end`."""
        given = (fix.start, fix.end) if fix.start is not None and fix.end is not None else None
        span = find_words(self.document.text, fix.text, None, given)
        if span is None:
            return Problem("the words do not stand there, or at several places", "stale")
        if not any(s.start <= span[0] < s.end for s in self.sentences):
            return Problem("the words are in no sentence")
        said = named_values(fix.value) or {}
        kind: Any = said["kind"]
        none: dict[str, Any] = {column.name: None for column in TABLES["quotes"] if column.nullable}
        row = Quote(
            quote_id=f"{self.document.document_id}-q{span[0]}",
            document_id=self.document.document_id,
            sentence_id="",
            kind=kind,
            text="",
            start=span[0],
            end=span[1],
            segments=[list(span)],
            method=CORRECTION,
            score=1.0,
            **none,
        )
        row = self._placed(row, [list(span)])
        shift = fix.shift(span[0])
        for name in ("speaker", "cue", "speaker_entity_id"):
            if name in said:
                changed = self._changed(row, name, said[name], shift)
                if isinstance(changed, Problem):
                    return changed
                row = changed
        return row


def _of_kind(row: Quote, kind: Any) -> Quote:
    if kind != "unattributed":
        return replace(row, kind=kind)
    return replace(
        row,
        kind=kind,
        cue=None,
        cue_start=None,
        cue_end=None,
        speaker=None,
        speaker_start=None,
        speaker_end=None,
        speaker_entity_id=None,
        speaker_basis=None,
        speaker_score=None,
        speakers=[],
        speaker_entity_ids=[],
    )


def as_given(row: Quote) -> Quote:
    """A quote that a person looked at: its rule is `correction`, its attitude as before, and it is sure."""
    said = row.method.split(" ", 1)[1:]
    return replace(row, method=" ".join([CORRECTION, *said]), score=1.0, speaker_score=None if row.speaker is None else 1.0)


def _with_ids(rows: Sequence[Quote]) -> tuple[list[Quote], dict[str, str]]:
    """The quotes in order, those that were moved with the id of their place, and each in the quote that still holds it."""
    ordered = sorted(rows, key=lambda row: (row.start, -row.end, row.kind, row.quote_id))
    own = {row.quote_id for row in ordered if _place_of(row.quote_id) == row.start}
    renamed: dict[str, str] = {}
    for row in ordered:
        if row.quote_id not in own:
            letters = ["", *map(chr, range(ord("a"), ord("z") + 1)), *(f"-{n}" for n in range(26, 1000))]
            new = next(i for letter in letters if (i := f"{row.document_id}-q{row.start}{letter}") not in own)
            own.add(new)
            renamed[row.quote_id] = new
    rows = [replace(row, quote_id=renamed.get(row.quote_id, row.quote_id)) for row in ordered]
    by_id = {row.quote_id: row for row in rows}

    def parent(row: Quote) -> str | None:
        around = by_id.get(renamed.get(row.parent_quote_id or "", row.parent_quote_id or ""))
        holds = around is not None and around.start <= row.start and row.end <= around.end and around.kind != "unattributed"
        return around.quote_id if around is not None and around is not row and holds else None

    return [replace(row, parent_quote_id=parent(row)) if row.parent_quote_id else row for row in rows], renamed


def _place_of(quote_id: str) -> int:
    return int(re.sub(r"\D.*", "", quote_id.rpartition("-q")[2]) or -1)


def _without_row(fix: Fix, text: str, quotes: Sequence[Quote]) -> Outcome:
    given = (fix.start, fix.end) if fix.start is not None and fix.end is not None else None
    if fix.field == "delete" and (place := find_words(text, fix.text, None, given)) and not any(q.start == place[0] for q in quotes):
        return fix.told("already_right")
    return lost(fix, text)


def without_unknown(quotes: Sequence[Quote], there: AbstractSet[str], joined: Mapping[str, str]) -> list[Quote]:
    """The quotes with the entities that corrections gave their speakers, but for those whom no row of `entities` has."""
    out = []
    for row in quotes:
        given = row.speaker_entity_id
        found = joined.get(given, given) if given is not None and given in there | joined.keys() else None
        out.append(row if found == given else replace(row, speaker_entity_id=found))
    return out


def speakers_lost(fixes: Sequence[Fix], outcomes: Sequence[Outcome], there: AbstractSet[str], joined: Mapping[str, str]) -> list[Outcome]:
    """Corrections of speakers that were applied and name no entity."""
    applied = {o.id for o in outcomes if o.status == "applied"}
    return [
        fix.told("stale", f"there is no entity {fix.value}; its id stands in the table entities")
        for fix in fixes
        if fix.id in applied and fix.field == "speaker_entity_id" and fix.value and fix.value not in there and fix.value not in joined
    ]
