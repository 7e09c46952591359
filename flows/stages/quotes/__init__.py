"""Quotes: who is reported to have said what, in which words.

Three movements. Passages attributed as a whole (turns, signatures) come first. Then each passage of running text is
read with its quotations as single tokens, and every report in it is found. Last, marks and reports are put together: a
quotation that a report covers or adjoins is direct or mixed, one that stands by itself goes on with the turn before it, any
other is kept as `unattributed`; a report without marks is indirect.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any

from qantar.schema import Block, Document, Mention, Quote, Sentence
from qantar.stages.quotes.assembling import assemble, is_clause
from qantar.stages.quotes.drafts import Draft, rows_of
from qantar.stages.quotes.grammar import Tree
from qantar.stages.quotes.marks import Marked, find_marked
from qantar.stages.quotes.nouns import cue_nouns
from qantar.stages.quotes.phrases import first_subject
from qantar.stages.quotes.reports import find_reports
from qantar.stages.quotes.speakers import MentionIndex, Speaker, resolve_speakers, span_of
from qantar.stages.quotes.tokens import Token, cues, tokenize
from qantar.stages.quotes.trees import tree_reports
from qantar.stages.quotes.turns import Passage, find_passages, sign_quotations
from qantar.stages.quotes.verbs import Report

__all__ = ["find_quotes", "resolve_speakers"]

_LONGEST_PASSAGE = 800  # tokens: a longer one without a sentence's end is a list or a table
_TURN_REACH = 40  # sentences: how far back the turn that a paragraph of quotation goes on with may stand
_SAID_WORDS = 3  # a quotation that stands alone has more spaces than that
_LEADS = frozenset({"and", "but", "so", "yet", "because", "or", "plus", "then", "still"})  # words that lead over to a quotation
_CLAUSES = frozenset({"clause", "that", "behind", "question", "according"})
_REPORTS = frozenset({"clause", "that", "behind", "according", "view", "marks"})


def find_quotes(
    doc: Any, document: Document, blocks: Sequence[Block], sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> list[Quote]:
    """The quotes of one document, in order of place.

    `doc` is the spaCy Doc of `document.text`; without one, or with one that has no trees of Universal Dependencies, the surface
    rules work alone. `method` is the rule, then the attitude (speech, writing, thought, accusation, denial, order), then `negated`
    and `modal` where the report is; `score` says how likely such a quote is right (`lexicon/quote_scores.toml`).
    """
    text = document.text
    index = MentionIndex(mentions)
    passages = find_passages(text, blocks, sentences, index)
    drafts = [Draft("block", list(p.segments), p.rule, None, "speech", p.speaker) for p in passages]
    marked = find_marked(text, list(blocks))
    outer = _outermost(marked)
    signed = sign_quotations(text, blocks, [marked[i] for i in outer], index)
    drafts.extend(Draft("direct", [(m.start, m.end)], "signature", None, "speech", speaker) for m, speaker in signed)
    drafts.extend(_running(text, sentences, marked, outer, index, {m.outer_start for m, _ in signed}, Tree.of(doc)))
    drafts.extend(_inside(text, marked, outer, index))
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
    if draft.rule == "naming":
        return draft.speaker is not None and draft.speaker.basis != "pronoun" and "modal" not in draft.flags
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
    text: str,
    sentences: Sequence[Sentence],
    marked: Sequence[Marked],
    outer: Sequence[int],
    index: MentionIndex,
    signed: set[int],
    tree: Tree | None,
) -> list[Draft]:
    """Quotes of the text outside marks, and what the marks themselves hold."""
    drafts: list[Draft] = []
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
        tokens = tokenize(text, start, end, inside, tree.pos_at if tree else {})
        if not inside and _leading_words().isdisjoint(t.low for t in tokens):
            last_colon = _announced(tokens, index)
            continue
        reports = find_reports(tokens) if len(tokens) <= _LONGEST_PASSAGE else []
        if tree and len(tokens) <= _LONGEST_PASSAGE:
            reports = tree_reports(tokens, tree, reports)
        reports = _outspoken(_parted(reports))
        if reports or inside:
            made = [d for d in assemble(text, tokens, reports, marked, index) if not _starts_signed(d, signed, text)]
            block = blocks[group[0].block_id]
            for draft in made:
                draft.unit, draft.block = unit, block
            drafts.extend(_joined(text, tokens, made, drafts, marked, unit, block, last_colon, last_subject))
        last_colon = _announced(tokens, index)
        subject = first_subject(tokens, 0, len(tokens))
        last_subject = span_of(tokens, subject, index) if subject else last_subject
    return drafts


@cache
def _leading_words() -> frozenset[str]:
    """Words without which nothing is reported outside marks."""
    return frozenset(cues()) | frozenset(cue_nouns()) | {"according", "in", "to"}


def _parted(reports: list[Report]) -> list[Report]:
    """The reports, those cut short that another at the passage's end reports whole: `The mayor said it had failed, the paper wrote.`"""
    ends = [r for r in reports if r.rule == "behind" and r.speaker and len(r.content) == 1]
    out = []
    for report in reports:
        for end in ends:
            assert end.speaker is not None
            first, last = report.content[-1]
            place = min(end.speaker.first, end.cue[0])
            if end.content[0][0] <= report.cue[0] < first <= end.content[0][1] < place <= last:
                report = replace(report, content=(*report.content[:-1], (first, end.content[0][1])))
        out.append(report)
    return out


def _outspoken(reports: list[Report]) -> list[Report]:
    """The reports but for what a speaker is said to think, ask, accuse or promise: within another report, that is part of what is said."""
    nouns = {(r.cue, r.speaker) for r in reports if r.rule == "noun"}
    # `voiced fears that …` is a report of the fears, by the same speaker
    reports = [
        r for r in reports if r.rule != "object" or not any(s == r.speaker and a <= k[0] <= b for k, s in nouns for a, b in r.content)
    ]
    outer = [r for r in reports if r.rule in _REPORTS]

    def stands(report: Report) -> bool:
        if report.rule in _REPORTS and (report.attitude in ("speech", "writing") or report.rule in ("behind", "marks")):
            return True
        others = reports if report.rule == "noun" else outer
        return not any(o is not report and a <= report.cue[0] <= b for o in others for a, b in o.content)

    return [r for r in reports if stands(r)]


def _starts_signed(draft: Draft, signed: set[int], text: str) -> bool:
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


def _announced(tokens: list[Token], index: MentionIndex) -> Speaker | None:
    """Whose words a passage that ends with a colon announces."""
    if not tokens or tokens[-1].text != ":":
        return None
    subject = first_subject(tokens, 0, len(tokens) - 1)
    return span_of(tokens, subject, index) if subject else None


def _joined(
    text: str,
    tokens: list[Token],
    made: list[Draft],
    earlier: list[Draft],
    marked: Sequence[Marked],
    unit: int,
    block: int,
    announced: Speaker | None,
    subject: Speaker | None,
) -> list[Draft]:
    """The unit's drafts, its unattributed quotations taken up by the turn before them or by a colon.

    Those that go on with an earlier draft are added to it and left out.
    """
    out: list[Draft] = []
    alone = all(not t.is_word or t.low in _LEADS for t in tokens)
    for draft in made:
        if draft.kind != "unattributed":
            out.append(draft)
            continue
        start, end = draft.segments[0]
        before = next((d for d in chain(reversed(out), reversed(earlier)) if d.kind in ("direct", "mixed") and d.speaker), None)
        said = is_clause(text, start, end) and text[start:end].count(" ") > _SAID_WORDS
        adjoins = before is not None and before.unit in (unit - 1, unit)
        if alone and before and adjoins and (before.block == block or (said and before.kind == "direct")):
            before.segments.append((start, end))
            before.continues = draft.continues
            before.unit = unit
            continue
        if alone and before and before.continues and before.block < block:
            before.segments.append((start, end))
            before.continues, before.unit, before.block = draft.continues, unit, block
            continue
        if alone and said and announced:
            out.append(replace(draft, kind="direct", rule="announced", speaker=announced, attitude="speech"))
        elif alone and said and before and (before.block == block or (block - before.block <= _TURN_REACH and before.unit == unit - 1)):
            out.append(replace(draft, kind="direct", rule="goes-on", speaker=before.speaker, attitude="speech"))
        elif alone and said and text[start:end].count(" ") > 2 * _SAID_WORDS:
            named = subject if subject and subject.basis != "description" else None
            out.append(replace(draft, kind="direct", rule="alone", speaker=named, attitude="speech"))
        else:
            out.append(draft)
    return out


def _inside(text: str, marked: Sequence[Marked], outer: Sequence[int], index: MentionIndex) -> list[Draft]:
    """Quotations within quotations, with the reports there."""
    drafts: list[Draft] = []
    tops = set(outer)
    for i in outer:
        top = marked[i]
        inner = [(k, m) for k, m in enumerate(marked) if k not in tops and top.start <= m.outer_start and m.outer_end <= top.outer_end]
        if not inner:
            continue
        tokens = tokenize(text, top.start, top.end, inner)
        reports = [r for r in find_reports(tokens) if any(tokens[k].quote >= 0 for a, b in r.content for k in range(a, b + 1))]
        drafts.extend(d for d in assemble(text, tokens, reports, marked, index) if d.kind != "indirect")
    return drafts
