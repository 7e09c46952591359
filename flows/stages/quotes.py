"""Quotes: who is reported to have said what, in which words.

Three movements. Passages attributed as a whole (turns, signatures) come first. Then each passage of running text is
read with its quotations as single tokens, and every report in it is found. Last, marks and reports are put together: a
quotation that a report covers or adjoins is direct or mixed, one that stands by itself goes on with the turn before it, any
other is kept as `unattributed`; a report without marks is indirect.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import Any

from flows.schema import Block, Document, Mention, Quote, QuoteKind, Sentence
from flows.stages.quoting.marks import Marked, find_marked
from flows.stages.quoting.phrases import first_subject
from flows.stages.quoting.reports import find_reports
from flows.stages.quoting.scores import score_of
from flows.stages.quoting.speakers import MentionIndex, Speaker, resolve_speakers, span_of
from flows.stages.quoting.turns import Passage, find_passages, sign_quotations
from flows.stages.quoting.verbs import Report
from flows.stages.quoting.words import Token, classes, cues, tokenize

__all__ = ["find_quotes", "resolve_speakers"]

_WHOLE_CLAUSE = 0.5  # a clause with less than this share of it in marks is an indirect quote around the marked one
_SCARE_WORDS = 3
_LONGEST_PASSAGE = 800  # tokens: a longer one without a sentence's end is a list or a table
_TURN_REACH = 40  # sentences: how far back the turn that a paragraph of quotation goes on with may stand
_TERM_SHARE = 0.3  # of a clause: less in marks, and few words, is a term the reporter marks
_CLAUSES = frozenset({"clause", "that", "behind", "question", "according"})
_FINAL = (".", "!", "?", "…", ",", "—", "–", "-")


@dataclass
class _Draft:
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


def find_quotes(
    doc: Any, document: Document, blocks: Sequence[Block], sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> list[Quote]:
    """The quotes of one document, in order of place.

    `doc`, the spaCy Doc of `document.text`, is not needed by the rules. `method` names the rule, the attitude (speech,
    writing, thought, accusation, denial, order) and whether the report is negated or modal; `score` is the share of such quotes
    found right on annotated news (`lexicon/quote_scores.toml`).
    """
    text = document.text
    index = MentionIndex(mentions)
    passages = find_passages(text, blocks, sentences, index)
    drafts = [_Draft("block", list(p.segments), p.rule, None, "speech", p.speaker) for p in passages]
    marked = find_marked(text, list(blocks))
    outer = _outermost(marked)
    signed = sign_quotations(text, blocks, [marked[i] for i in outer], index)
    drafts.extend(_Draft("direct", [(m.start, m.end)], "signature", None, "speech", speaker) for m, speaker in signed)
    drafts.extend(_running(text, sentences, marked, outer, index, {m.outer_start for m, _ in signed}))
    drafts.extend(_inside(text, marked, outer, index))
    drafts = [d for d in drafts if _holds(d, passages)]
    return _rows(text, document, sentences, blocks, drafts)


def _holds(draft: _Draft, passages: Sequence[Passage]) -> bool:
    """Whether a report is sure enough: within a passage attributed as a whole, its speaker's own turns of phrase are no reports."""
    if draft.kind != "indirect":
        return True
    described = draft.speaker is not None and draft.speaker.basis == "description"
    if "modal" in draft.flags and described:
        return False
    start = draft.segments[0][0]
    if not any(a <= start < b for p in passages for a, b in p.segments):
        return True
    return draft.rule in _CLAUSES and draft.attitude != "thought" and draft.speaker is not None and "modal" not in draft.flags


def _outermost(marked: Sequence[Marked]) -> list[int]:
    """Indexes of the passages that stand in no other."""
    outer: list[int] = []
    end = -1
    for i, m in enumerate(marked):
        if m.outer_start >= end:
            outer.append(i)
            end = m.outer_end
    return outer


# --- running text ---------------------------------------------------------------------------------------------------


def _running(
    text: str, sentences: Sequence[Sentence], marked: Sequence[Marked], outer: Sequence[int], index: MentionIndex, signed: set[int]
) -> list[_Draft]:
    """Quotes of the text outside marks, and what the marks themselves hold."""
    drafts: list[_Draft] = []
    at = 0
    last_colon: Speaker | None = None
    last_subject: Speaker | None = None
    blocks = {s.block_id: n for n, s in enumerate(sentences)}
    for unit, group in enumerate(_units(sentences, marked, outer)):
        start, end = group[0].start, group[-1].end
        while at < len(outer) and marked[outer[at]].outer_start < start:
            at += 1
        inside = []
        k = at
        while k < len(outer) and marked[outer[k]].outer_start < end:
            inside.append((outer[k], marked[outer[k]]))
            k += 1
        if group[0].is_heading and not inside and not any(mark in text[start:end] for mark in (":", ",", " ")):
            continue
        tokens = tokenize(text, start, end, inside)
        if not inside and not any(t.low in cues() or t.low in ("according", "in", "to") for t in tokens):
            last_colon = _announced(tokens, index)
            continue
        reports = find_reports(tokens) if len(tokens) <= _LONGEST_PASSAGE else []
        made = [d for d in _assemble(text, tokens, reports, marked, index) if not _starts_signed(d, signed, text)]
        block = blocks[group[0].block_id]
        for draft in made:
            draft.unit, draft.block = unit, block
        drafts.extend(_joined(text, tokens, made, drafts, marked, unit, block, last_colon, last_subject))
        last_colon = _announced(tokens, index)
        subject = first_subject(tokens, 0, len(tokens))
        last_subject = span_of(tokens, subject, index) if subject else last_subject
    return drafts


def _starts_signed(draft: _Draft, signed: set[int], text: str) -> bool:
    """Whether a draft is a quotation that has been found signed already."""
    return draft.kind != "indirect" and any(draft.segments[0][0] - 3 <= start < draft.segments[0][0] for start in signed)


def _units(sentences: Sequence[Sentence], marked: Sequence[Marked], outer: Sequence[int]) -> Iterable[list[Sentence]]:
    """Sentences, those joined that one quotation spans."""
    spans = [(marked[i].outer_start, marked[i].outer_end) for i in outer]
    starts = [s for s, _ in spans]
    group: list[Sentence] = []
    for sentence in sentences:
        if group:
            place = bisect_right(starts, sentence.start - 1) - 1
            joined = place >= 0 and spans[place][0] < sentence.start < spans[place][1] and group[-1].block_id == sentence.block_id
            if not joined:
                yield group
                group = []
        group.append(sentence)
    if group:
        yield group


def _assemble(text: str, tokens: list[Token], reports: list[Report], marked: Sequence[Marked], index: MentionIndex) -> list[_Draft]:
    """Reports and the marks they cover, as drafts."""
    drafts: list[_Draft] = []
    owned: set[int] = set()
    for i, token in enumerate(tokens):
        interrupted = _interrupted(text, marked[token.quote], index) if token.quote >= 0 else None
        if interrupted:
            drafts.append(interrupted)
            owned.add(i)
    owners = {i: owner for i, owner in _owners(tokens, reports).items() if i not in owned}
    for n, report in enumerate(reports):
        quotations = [i for i, owner in owners.items() if owner == n]
        speaker = span_of(tokens, report.speaker, index) if report.speaker else None
        cue = (tokens[report.cue[0]].start, tokens[report.cue[1]].end)
        flags = [name for name, on in (("negated", report.negated), ("modal", report.modal)) if on]
        clause = _clause(tokens, report)
        if not clause:
            continue
        draft = _Draft("indirect", clause, report.rule, cue, report.attitude, speaker, flags=flags)
        if quotations:
            spans = [(marked[tokens[i].quote].start, marked[tokens[i].quote].end) for i in quotations]
            owned.update(quotations)
            share = _size(text, spans) / max(1, _size(text, clause))
            if share < _TERM_SHARE and report.rule in _CLAUSES and all(_is_term(text, tokens, i) for i in quotations):
                drafts.append(draft)
                drafts.extend(_Draft("unattributed", [span], "term") for span in spans)
                continue
            kind: QuoteKind = "direct" if share > 0.95 or all(_is_clause(text, a, b) for a, b in spans) else "mixed"
            if share < _WHOLE_CLAUSE and report.rule not in ("object", "infinitive", "order", "marks"):
                drafts.append(draft)
            draft = replace(draft, kind=kind, segments=spans, continues=marked[tokens[quotations[-1]].quote].continues)
        elif any(tokens[i].quote >= 0 for first, last in report.content for i in range(first, last + 1)) and _only_marks(tokens, report):
            continue  # its words are another report's
        drafts.append(draft)
    for i, token in enumerate(tokens):
        if token.quote >= 0 and i not in owned:
            passage = marked[token.quote]
            introduced = _introduced(text, tokens, i, passage, index)
            if introduced:
                drafts.append(introduced)
                continue
            drafts.append(
                _interrupted(text, passage, index)
                or _Draft("unattributed", [(passage.start, passage.end)], "marks", continues=passage.continues)
            )
    return drafts


def _introduced(text: str, tokens: list[Token], at: int, passage: Marked, index: MentionIndex) -> _Draft | None:
    """A quotation behind a colon that no cue reports: `The governor went further: "…"`, `The report: "…"`."""
    if at < 2 or tokens[at - 1].text != ":" or text[passage.start : passage.end].count(" ") < _SCARE_WORDS:
        return None
    subject = first_subject(tokens, 0, at - 1)
    if subject is None:
        return None
    speaker = span_of(tokens, subject, index)
    return _Draft("direct", [(passage.start, passage.end)], "colon", None, "speech", speaker, continues=passage.continues)


def _is_term(text: str, tokens: list[Token], at: int) -> bool:
    """Whether the words in marks are a term within a noun phrase of the reporter's clause, rather than what is said of something."""
    before = tokens[at - 1] if at else None
    says = before is not None and (before.low in classes().auxiliaries or before.low in cues() or before.low in ("as", "like", ",", ":"))
    return tokens[at].text.count(" ") < _SCARE_WORDS and not says


def _owners(tokens: list[Token], reports: list[Report]) -> dict[int, int]:
    """For each quotation, the report it belongs to: the one whose content holds it and stands nearest."""
    owners: dict[int, int] = {}
    for i, token in enumerate(tokens):
        if token.quote < 0:
            continue
        best: tuple[int, int] | None = None
        for n, report in enumerate(reports):
            if any(first <= i <= last for first, last in report.content):
                distance = min(abs(i - report.cue[0]), abs(i - report.cue[1]))
                if best is None or distance < best[0]:
                    best = (distance, n)
        if best:
            owners[i] = best[1]
    return owners


def _only_marks(tokens: list[Token], report: Report) -> bool:
    return all(not tokens[i].is_word for first, last in report.content for i in range(first, last + 1))


def _clause(tokens: list[Token], report: Report) -> list[tuple[int, int]]:
    """The reported characters, without marks at their edges."""
    spans = []
    for first, last in report.content:
        while first <= last and tokens[first].quote < 0 and not tokens[first].is_word and tokens[first].text not in "$£€#(":
            first += 1
        while last >= first and tokens[last].quote < 0 and not tokens[last].is_word and tokens[last].text not in "%)$":
            last -= 1
        if first <= last:
            spans.append((tokens[first].start, tokens[last].end))
    return spans


def _size(text: str, spans: Iterable[tuple[int, int]]) -> int:
    return sum(text[i].isalnum() for a, b in spans for i in range(a, b))


def _is_clause(text: str, start: int, end: int) -> bool:
    """Whether quoted words stand by themselves: a capital first and a final mark, or several words and a comma."""
    said = text[start:end]
    return said[:1].isupper() and (said.endswith(_FINAL) or said.count(" ") > 6)


def _interrupted(text: str, passage: Marked, index: MentionIndex) -> _Draft | None:
    """A quotation with the reporting clause inside its marks: `"I think - he has declared - that …"`."""
    tokens = tokenize(text, passage.start, passage.end)
    dashes = [i for i, t in enumerate(tokens) if t.text in ("-", "–", "—", "--", ",", "(", ")") and t.quote < 0]
    for a, b in pairwise(dashes):
        if tokens[a].text == "," or not 2 <= b - a - 1 <= 9 or a == 0:
            continue
        clause = [Token("“”", "", tokens[a - 1].start, tokens[a - 1].end, 0), *tokens[a + 1 : b]]
        clause.insert(1, Token(",", ",", tokens[a].start, tokens[a].end))
        reports = [
            r
            for r in find_reports(clause)
            if r.rule in ("behind", "according") and r.speaker and max(r.cue[1], r.speaker.last) == len(clause) - 1
        ]
        if not reports:
            continue
        report = reports[0]
        assert report.speaker is not None
        speaker = span_of(clause, report.speaker, index)
        segments = (
            [(passage.start, tokens[a - 1].end), (tokens[b + 1].start, passage.end)]
            if b + 1 < len(tokens)
            else [(passage.start, tokens[a - 1].end)]
        )
        cue = (clause[report.cue[0]].start, clause[report.cue[1]].end)
        return _Draft("direct", segments, "interrupted", cue, report.attitude, speaker)
    return None


def _announced(tokens: list[Token], index: MentionIndex) -> Speaker | None:
    """Whose words a passage that ends with a colon announces."""
    if not tokens or tokens[-1].text != ":":
        return None
    subject = first_subject(tokens, 0, len(tokens) - 1)
    return span_of(tokens, subject, index) if subject else None


def _joined(
    text: str,
    tokens: list[Token],
    made: list[_Draft],
    earlier: list[_Draft],
    marked: Sequence[Marked],
    unit: int,
    block: int,
    announced: Speaker | None,
    subject: Speaker | None,
) -> list[_Draft]:
    """The unit's drafts, its unattributed quotations taken up by the turn before them or by a colon.

    Those that go on with an earlier draft are added to it and left out.
    """
    out: list[_Draft] = []
    alone = all(not t.is_word for t in tokens)
    for draft in made:
        if draft.kind != "unattributed":
            out.append(draft)
            continue
        start, end = draft.segments[0]
        before = next((d for d in chain(reversed(out), reversed(earlier)) if d.kind in ("direct", "mixed") and d.speaker), None)
        if alone and before and before.block == block and before.unit in (unit - 1, unit):
            before.segments.append((start, end))
            before.continues = draft.continues
            before.unit = unit
            continue
        if alone and before and before.continues and before.block < block:
            before.segments.append((start, end))
            before.continues, before.unit, before.block = draft.continues, unit, block
            continue
        said = _is_clause(text, start, end) and text[start:end].count(" ") > _SCARE_WORDS
        if alone and said and announced:
            out.append(replace(draft, kind="direct", rule="announced", speaker=announced, attitude="speech"))
        elif alone and said and before and (before.block == block or (block - before.block <= _TURN_REACH and before.unit == unit - 1)):
            out.append(replace(draft, kind="direct", rule="goes-on", speaker=before.speaker, attitude="speech"))
        elif alone and said and text[start:end].count(" ") > 2 * _SCARE_WORDS:
            out.append(replace(draft, kind="direct", rule="alone", speaker=subject, attitude="speech"))
        else:
            out.append(draft)
    return out


def _inside(text: str, marked: Sequence[Marked], outer: Sequence[int], index: MentionIndex) -> list[_Draft]:
    """Quotations within quotations, with the reports there."""
    drafts: list[_Draft] = []
    tops = set(outer)
    for i in outer:
        top = marked[i]
        inner = [(k, m) for k, m in enumerate(marked) if k not in tops and top.start <= m.outer_start and m.outer_end <= top.outer_end]
        if not inner:
            continue
        tokens = tokenize(text, top.start, top.end, inner)
        reports = [r for r in find_reports(tokens) if any(tokens[k].quote >= 0 for a, b in r.content for k in range(a, b + 1))]
        drafts.extend(d for d in _assemble(text, tokens, reports, marked, index) if d.kind != "indirect")
    return drafts


# --- rows -----------------------------------------------------------------------------------------------------------


def _rows(text: str, document: Document, sentences: Sequence[Sentence], blocks: Sequence[Block], drafts: list[_Draft]) -> list[Quote]:
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
                speaker_basis=draft.speaker.basis if draft.speaker else None,
                parent_quote_id=_parent(around, draft.segments),
                quote_group_id=None,
                method=draft.method,
                score=score_of(draft.kind, draft.method),
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
