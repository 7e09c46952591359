"""Reports and marks put together: what is direct, mixed or indirect, and what nobody is reported to have said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from qantar.schema import QuoteKind
from qantar.stages.quotes.drafts import Draft
from qantar.stages.quotes.marks import Marked
from qantar.stages.quotes.phrases import first_subject
from qantar.stages.quotes.reports import find_reports
from qantar.stages.quotes.speaker_spans import MentionIndex, span_of
from qantar.stages.quotes.tokens import Token, classes, cues, tokenize
from qantar.stages.quotes.verbs import Report

_WHOLE_CLAUSE, _WHOLE_OBJECT = 0.5, 0.4  # a report with less than this share of it in marks is an indirect quote around the marked one
_TERM_SHARE = 0.5  # words in marks that are less of what is reported, and few, are a term in it
_FEW_WORDS, _TERM_WORDS = 3, 6  # how few: said of something, and in a noun phrase
_SCARE_WORDS = 3
_NAME_WORDS = 6
_GOVERNED = frozenset({"object", "naming", "infinitive", "order"})  # rules by which a cue governs less than a clause
_QUOTING = frozenset({"view", "as-told"})  # rules by which words in marks are speech, however few
_ASIDE = re.compile(r"[-–—()]")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_FINAL = (".", "!", "?", "…", ",", "—", "–", "-")


def assemble(text: str, tokens: list[Token], reports: list[Report], marked: Sequence[Marked], index: MentionIndex) -> list[Draft]:
    """Reports and the marks they cover, as drafts."""
    drafts: list[Draft] = []
    owned: set[int] = set()
    for i, token in enumerate(tokens):
        interrupted = _interrupted(text, marked[token.quote], index) if token.quote >= 0 else None
        if interrupted:
            drafts.append(interrupted)
            owned.add(i)
    owners = {i: owner for i, owner in _owners(tokens, reports).items() if i not in owned and not _is_name(tokens, i)}
    for n, report in enumerate(reports):
        quotations = [i for i, owner in owners.items() if owner == n]
        speaker = span_of(tokens, report.speaker, index) if report.speaker else None
        cue = (tokens[report.cue[0]].start, tokens[report.cue[1]].end)
        flags = [name for name, on in (("negated", report.negated), ("modal", report.modal)) if on]
        clause = _clause(tokens, report)
        if not clause:
            continue
        draft = Draft("indirect", clause, report.rule, cue, report.attitude, speaker, flags=flags)
        if quotations:
            spans = [(marked[tokens[i].quote].start, marked[tokens[i].quote].end) for i in quotations]
            owned.update(quotations)
            share = _size(text, spans) / max(1, _size(text, clause))
            # `called it “a gift”`
            calls = report.rule == "naming" or (report.rule == "object" and quotations[-1] == report.content[-1][1])
            spoken = report.rule == "behind" and any((i, i) == report.content[0] for i in quotations)  # `“…,” she said, but …`
            spoken = spoken or (report.rule == "marks" and all(_is_said(tokens, i) for i in quotations))  # `she said, “Never!” to that`
            if spoken:
                drafts.append(replace(draft, kind="direct", segments=spans, continues=marked[tokens[quotations[-1]].quote].continues))
                continue
            if share < _TERM_SHARE and report.rule not in _QUOTING and not calls and all(_is_term(tokens, i) for i in quotations):
                drafts.append(draft)
                drafts.extend(Draft("unattributed", [span], "term") for span in spans)
                continue
            kind: QuoteKind = "direct" if share > 0.95 or all(is_clause(text, a, b) for a, b in spans) else "mixed"
            whole = share < _WHOLE_CLAUSE
            if calls:  # `called the plan “a gift” to the rich`: only so much counts as says what is called so
                whole = _size(text, spans) < _WHOLE_OBJECT * _size(text, [(clause[0][0], spans[-1][1])])
            if whole:
                drafts.append(draft)
            draft = replace(draft, kind=kind, segments=spans, continues=marked[tokens[quotations[-1]].quote].continues)
        elif any(tokens[i].quote >= 0 for first, last in report.content for i in range(first, last + 1)) and (
            report.rule in ("behind", "marks") or _only_marks(tokens, report)
        ):
            rest = tuple((a, b) for a, b in report.content if all(tokens[i].quote < 0 for i in range(a, b + 1)))
            if report.rule != "behind" or not rest:
                continue  # its words are another report's
            draft = replace(draft, segments=_clause(tokens, replace(report, content=rest)))
        drafts.append(draft)
    for i, token in enumerate(tokens):
        if token.quote >= 0 and i not in owned:
            passage = marked[token.quote]
            introduced = _introduced(text, tokens, i, passage, index)
            drafts.append(introduced or Draft("unattributed", [(passage.start, passage.end)], "marks", continues=passage.continues))
    return drafts


def _introduced(text: str, tokens: list[Token], at: int, passage: Marked, index: MentionIndex) -> Draft | None:
    """A quotation behind a colon that no cue reports: `The governor went further: "…"`, `The report: "…"`."""
    if at < 2 or tokens[at - 1].text != ":" or text[passage.start : passage.end].count(" ") < _SCARE_WORDS:
        return None
    subject = first_subject(tokens, 0, at - 1)
    if subject is None:
        return None
    speaker = span_of(tokens, subject, index)
    return Draft("direct", [(passage.start, passage.end)], "colon", None, "speech", speaker, continues=passage.continues)


def _is_said(tokens: list[Token], at: int) -> bool:
    """Whether words in marks are a whole utterance: closed by a mark, and behind a comma or a colon or with a capital first."""
    said = tokens[at].text.strip("\"“”„«»‘’' ")
    whole = said[:1].isupper() and (said.endswith(("!", "?")) or said.count(" ") >= _FEW_WORDS)
    if tokens[at - 1].text == ":" and said[:1].isupper():
        return True
    return said.endswith(("!", "?", ".", ",")) and (whole or tokens[at - 1].text in (",", ":"))


def _is_term(tokens: list[Token], at: int) -> bool:
    """Whether words in marks are a term within the reporter's clause: a few, or some more within a noun phrase."""
    before = tokens[at - 1] if at else None
    says = before is not None and (before.low in classes().auxiliaries or before.low in cues() or before.low in ("as", "like", ",", ":"))
    return tokens[at].text.count(" ") < (_FEW_WORDS if says else _TERM_WORDS)


def _is_name(tokens: list[Token], at: int) -> bool:
    """Whether words in marks are the name of a work or a programme: capitals behind `on NBC's`, `in`, `of`, `the`."""
    small = classes().prepositions | classes().determiners | {"and"}
    words = [w for w in _WORD.findall(tokens[at].text) if w.lower() not in small]
    if at == 0 or not words or len(words) > _NAME_WORDS or not all(w[0].isupper() for w in words):
        return False
    return tokens[at - 1].low in classes().prepositions | {"'s"} and tokens[at - 1].low not in ("as", "like", "to")


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
    return sum(sum(map(str.isalnum, text[a:b])) for a, b in spans)


def is_clause(text: str, start: int, end: int) -> bool:
    """Whether quoted words stand by themselves: a capital first and a final mark, or several words and a comma."""
    said = text[start:end]
    return said[:1].isupper() and (said.endswith(_FINAL) or said.count(" ") > 6)


def _interrupted(text: str, passage: Marked, index: MentionIndex) -> Draft | None:
    """A quotation with the reporting clause inside its marks: `"I think - he has declared - that …"`."""
    if not _ASIDE.search(text, passage.start, passage.end):
        return None
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
        return Draft("direct", segments, "interrupted", cue, report.attitude, speaker)
    return None
