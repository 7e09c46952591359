"""Quotes: who is reported to have said what, in which words.

Three movements. Passages attributed as a whole (turns, signatures) come first. Then each passage of running text is
read with its quotations as single tokens, and every report in it is found. Last, marks and reports are put together: a
quotation that a report covers or adjoins is direct or mixed, one that stands by itself goes on with the turn before it, any
other is kept as `unattributed`; a report without marks is indirect.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import Any

from qantar.schema import Block, Document, Mention, Quote, Sentence
from qantar.stages.quotes.assembling import assemble, headed, is_clause
from qantar.stages.quotes.drafts import Draft, rows_of
from qantar.stages.quotes.floor import Floor
from qantar.stages.quotes.grammar import Tree
from qantar.stages.quotes.marks import Marked, find_marked
from qantar.stages.quotes.nouns import cue_nouns
from qantar.stages.quotes.reports import find_reports
from qantar.stages.quotes.rules import CLAUSES, GOVERNED, REPORTS, Rule
from qantar.stages.quotes.speaker_entities import resolve_speakers
from qantar.stages.quotes.speaker_spans import MentionIndex
from qantar.stages.quotes.tokens import Token, classes, cues, tokenize
from qantar.stages.quotes.trees import tree_reports
from qantar.stages.quotes.turns import Passage, find_passages, sign_quotations
from qantar.stages.quotes.verbs import Report

__all__ = ["find_quotes", "resolve_speakers"]

_OPENING = " ‘’'“”\""  # between a stop and the words in marks behind it
_LABEL_LENGTH = 45  # characters of a turn's label and its marks
_LONGEST_PASSAGE = 800  # tokens: a longer one without a sentence's end is a list or a table


def find_quotes(
    doc: Any,
    document: Document,
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    asked: set[tuple[int, int]] | None = None,
) -> list[Quote]:
    """The quotes of one document, in order of place.

    `doc` is the spaCy Doc of `document.text`, or its tree; without one, or with one that has no trees of Universal Dependencies, the
    surface rules work alone. `method` is the rule, then the attitude (speech, writing, thought, accusation, denial, order), then `negated`
    and `modal` where the report is; `score` says how likely such a quote is right (`lexicon/quote_scores.toml`). `asked` is filled with
    the places whose names were looked at: names that lie in none of them make no difference.
    """
    text = document.text
    index = MentionIndex(mentions, asked)
    passages = find_passages(text, blocks, sentences, index)
    drafts = [Draft("block", list(p.segments), p.rule, None, "speech", p.speaker) for p in passages]
    marked = find_marked(text, list(blocks))
    outer = _outermost(marked)
    signed = sign_quotations(text, blocks, [marked[i] for i in outer], index)
    drafts.extend(Draft("direct", [(m.start, m.end)], Rule.SIGNATURE, None, "speech", speaker) for m, speaker in signed)
    tree = doc if isinstance(doc, Tree) else Tree.of(doc, text)
    running = _running(text, sentences, marked, outer, index, tree)
    drafts.extend(d for d in running if not _opens_turn(d, passages))
    drafts.extend(_inside(text, marked, outer, index, tree.pos_at if tree else {}))
    drafts = [d for d in drafts if _holds(d, passages)]
    return rows_of(text, document, sentences, blocks, drafts)


def _holds(draft: Draft, passages: Sequence[Passage]) -> bool:
    """Whether a report is sure enough: within a passage attributed as a whole, its speaker's own turns of phrase are no reports."""
    if draft.kind != "indirect":
        return True
    described = draft.speaker is not None and draft.speaker.basis == "description"
    if "modal" in draft.flags and described:
        return False
    start = draft.segments[0][0]
    if not any(a <= start < b for p in passages for a, b in p.segments):
        return True
    if draft.rule == Rule.NAMING:
        return draft.speaker is not None and draft.speaker.basis != "pronoun" and "modal" not in draft.flags
    return draft.rule in CLAUSES and draft.attitude != "thought" and draft.speaker is not None and "modal" not in draft.flags


def _opens_turn(draft: Draft, passages: Sequence[Passage]) -> bool:
    """Whether a draft is a quotation that opens, as it should not, a paragraph of a turn: `“LEE: We will stay.”`"""
    start = draft.segments[0][0]
    return draft.cue is None and any(a - _LABEL_LENGTH <= start <= a + 1 for p in passages for a, _ in p.segments)


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
    text: str,
    sentences: Sequence[Sentence],
    marked: Sequence[Marked],
    outer: Sequence[int],
    index: MentionIndex,
    tree: Tree | None,
) -> list[Draft]:
    """Quotes of the text outside marks, and what the marks themselves hold."""
    drafts: list[Draft] = []
    floor = Floor(text, index)
    blocks = {s.block_id: n for n, s in enumerate(sentences)}
    for unit, (group, inside) in enumerate(_units(text, sentences, marked, outer)):
        start, end = group[0].start, group[-1].end
        if not inside and not any(mark in text[start:end] for mark in (":", ",", " ")):
            continue
        tokens = tokenize(text, start, end, inside, tree.pos_at if tree else {})
        label = headed(text, tokens, index) if group[0].is_heading else None
        if label:
            drafts.extend(floor.take(tokens, [label], unit, blocks[group[0].block_id]))
        elif inside or not _leading_words().isdisjoint({t.low for t in tokens}):
            reports = _reports(tokens, tree)
            made = assemble(text, tokens, reports, marked, index)
            drafts.extend(floor.take(tokens, made, unit, blocks[group[0].block_id]))
        floor.leave(tokens)
    return _led(drafts)


def _reports(tokens: list[Token], tree: Tree | None) -> list[Report]:
    """The reports of one passage."""
    if len(tokens) > _LONGEST_PASSAGE:
        return []
    reports = find_reports(tokens)
    found = _yielded(tree_reports(tokens, tree, reports) if tree else reports)
    return _outspoken(_taken_up(_parted(found, tokens), tokens), tokens)


def _yielded(reports: list[Report]) -> list[Report]:
    """The reports, those without a second quotation that somebody behind it is reported to say: `“A,” X said, “B,” Y said.`"""
    behind = [r for r in reports if r.content[0][1] < r.cue[0]]
    claimed = {r.content[0][1] for r in behind} & {r.content[1][0] for r in behind if len(r.content) > 1}
    out = []
    for report in reports:
        if len(report.content) > 1 and report.content[1][0] in claimed:
            report = replace(report, content=report.content[:1])
        elif report in behind and (end := report.content[0][1]) in claimed:
            report = replace(report, content=((end, end), *report.content[1:]))
        out.append(report)
    return out


def _led(drafts: list[Draft]) -> list[Draft]:
    """The drafts, a quotation that was not closed joined to the next paragraph's, where that says whose both are."""
    out: list[Draft] = []
    for draft in drafts:
        while draft.cue and out and out[-1].continues and out[-1].cue is None:
            before = out.pop()
            draft = replace(draft, segments=[*before.segments, *draft.segments], block=before.block)
        out.append(draft)
    return out


@cache
def _leading_words() -> frozenset[str]:
    """Words without which nothing is reported outside marks."""
    return frozenset(cues()) | frozenset(cue_nouns()) | classes().adverbial_cues


def _parted(reports: list[Report], tokens: Sequence[Token]) -> list[Report]:
    """The reports, those cut short that another at the passage's end reports whole: `The mayor said it had failed, the paper wrote.`

    One that ends with what another is reported to say in marks ends before that: `She said it had failed, and the mayor said: “…”`
    """
    ends = [r for r in reports if r.speaker is not None and len(r.content) == 1]
    out = []
    for report in reports:
        for end in ends:
            assert end.speaker is not None
            first, last = report.content[-1]
            place = min(end.speaker.first, end.cue[0])
            if end.content[0][0] <= report.cue[0] < first <= end.content[0][1] < place <= last:
                report = replace(report, content=(*report.content[:-1], (first, end.content[0][1])))
        out.append(_before_others(report, ends, tokens) if report.rule in (Rule.THAT, Rule.CLAUSE) else report)
    return out


def _taken_up(reports: list[Report], tokens: Sequence[Token]) -> list[Report]:
    """The reports, those behind "as" only of what another reports before them: `Ann Lee denied that it was late | , as Tom Ray claimed`."""
    out = []
    for report in reports:
        first, last = report.content[0]
        if report.rule == Rule.BEHIND and report.speaker and tokens[report.speaker.first - 1].low == "as":
            held = [r.content[0][0] for r in reports if r.rule in (Rule.THAT, Rule.CLAUSE) and first <= r.cue[0] < r.content[0][0] <= last]
            report = replace(report, content=((held[-1], last), *report.content[1:])) if held else report
        out.append(report)
    return out


def _before_others(report: Report, others: Sequence[Report], tokens: Sequence[Token]) -> Report:
    """A report without the clause in which somebody else is quoted behind a comma at its end."""
    first, last = report.content[0]
    for other in others:
        assert other.speaker is not None
        begins = other.speaker.first - 1
        apart = first + 1 < begins < other.cue[0] and tokens[begins].text == "," and other.content[0] == (last, last)
        if apart:
            return replace(report, content=((first, begins - 1),))
    return report


def _outspoken(reports: list[Report], tokens: Sequence[Token]) -> list[Report]:
    """The reports but for what a speaker is said to think, ask, accuse or promise: within another report, that is part of what is said."""
    by_nouns = {r.speaker for r in reports if r.rule == Rule.NOUN}
    reports = [r for r in reports if r.rule != Rule.OBJECT or r.speaker not in by_nouns]  # `voiced fears that …` is a report of the fears
    outer = [r for r in reports if r.rule in REPORTS]
    questions = [r for r in reports if r.rule == Rule.QUESTION]
    asked = [*outer, *questions]  # what is asked after is told by nobody, but for words in marks

    def stands(report: Report) -> bool:
        if report.rule in REPORTS and (report.attitude in ("speech", "writing") or report.rule in (Rule.BEHIND, Rule.MARKS)):
            return True
        plain = all(tokens[k].quote < 0 for a, b in report.content for k in range(a, b + 1))
        if report.attitude == "thought" and report.speaker and any(report.speaker.first == q.content[0][0] + 1 for q in questions):
            return False  # `asked if she believed it`
        others = reports if report.rule == Rule.NOUN else asked if report.rule in GOVERNED and plain else outer
        return not any(o is not report and a <= report.cue[0] <= b for o in others for a, b in o.content)

    return [r for r in reports if stands(r)]


Unit = tuple[list[Sentence], list[tuple[int, Marked]]]  # sentences read together, and the quotations in them by index


def _units(text: str, sentences: Sequence[Sentence], marked: Sequence[Marked], outer: Sequence[int]) -> Iterator[Unit]:
    """Sentences, each with its quotations; those are read together that one quotation spans or that tell whose the one before is."""
    last: Unit | None = None
    at = 0
    for group in _spanned(sentences, [(marked[i].outer_start, marked[i].outer_end) for i in outer]):
        while at < len(outer) and marked[outer[at]].outer_start < group[0].start:
            at += 1
        first = at
        while at < len(outer) and marked[outer[at]].outer_start < group[-1].end:
            at += 1
        unit: Unit = (group, [(i, marked[i]) for i in outer[first:at]])
        if last and _tells(text, last, unit):
            last = (last[0] + group, last[1] + unit[1])
            continue
        if last:
            yield last
        last = unit
    if last:
        yield last


def _spanned(sentences: Sequence[Sentence], spans: Sequence[tuple[int, int]]) -> Iterator[list[Sentence]]:
    """Sentences, those in one group that one quotation spans."""
    starts = [s for s, _ in spans]
    group: list[Sentence] = []
    for sentence in sentences:
        place = bisect_right(starts, sentence.start - 1) - 1
        spanned = place >= 0 and spans[place][0] < sentence.start < spans[place][1]
        if group and not spanned:
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _tells(text: str, before: Unit, after: Unit) -> bool:
    """Whether a sentence tells who said the quotation that ends the one before: `“Shall we go?”` | `Ann Lee asked.`"""
    (sentences, quoted), (following, _) = before, after
    if not quoted or following[0].block_id != sentences[-1].block_id:
        return False
    last = quoted[-1][1]
    closes = last.outer_end >= sentences[-1].end and text[last.end - 1] in "?!…"
    goes_on = len(quoted) > 1 and text[: last.outer_start].rstrip().endswith(",")  # `“We,” he cried, “will stay!” Ann Lee asked if …`
    if not closes or goes_on:
        return False
    tokens = tokenize(text, last.outer_start, following[-1].end, [quoted[-1]])
    return any(r.content[0] == (0, 0) for r in find_reports(tokens))


def _inside(text: str, marked: Sequence[Marked], outer: Sequence[int], index: MentionIndex, pos: Mapping[int, str]) -> list[Draft]:
    """Quotations within quotations, with the reports there."""
    drafts: list[Draft] = []
    tops = set(outer)
    inner = (k for k in range(len(marked)) if k not in tops)
    for i, held in groupby(inner, key=lambda k: outer[bisect_right(outer, k) - 1]):
        top = marked[i]
        tokens = tokenize(text, top.start, top.end, [(k, marked[k]) for k in held], pos)
        drafts.extend(_told_on(text, [d for d in assemble(text, tokens, find_reports(tokens), marked, index) if d.kind != "indirect"]))
    return drafts


def _told_on(text: str, drafts: list[Draft]) -> list[Draft]:
    """The drafts within a quotation, one that goes on behind a reporting clause added to what that tells: `‘…,’ he said. ‘…’`"""
    out: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: d.segments[0]):
        if out and draft.kind == "unattributed" and is_clause(text, *draft.segments[0]) and _follows(text, out[-1], draft.segments[0][0]):
            out[-1].segments.extend(draft.segments)
        else:
            out.append(draft)
    return out


def _follows(text: str, before: Draft, start: int) -> bool:
    """Whether nothing but a stop stands between a reporting clause and a place."""
    if before.kind != "direct" or before.cue is None:
        return False
    told = max(before.cue[1], before.speaker.end if before.speaker else 0)
    return before.segments[-1][1] < told < start and text[told:start].strip(_OPENING) == "."
