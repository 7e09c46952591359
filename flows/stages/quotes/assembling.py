"""Reports and marks put together: what is direct, mixed or indirect, and what nobody is reported to have said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from qantar.schema import QuoteKind
from qantar.stages.quotes.drafts import Draft
from qantar.stages.quotes.extents import has_verb, participle_reports
from qantar.stages.quotes.first_subjects import first_subject
from qantar.stages.quotes.marks import Marked
from qantar.stages.quotes.phrases import Phrase, phrase_after
from qantar.stages.quotes.reports import find_reports
from qantar.stages.quotes.rules import GOVERNED, QUOTING, Rule
from qantar.stages.quotes.speaker_spans import MentionIndex, Speaker, span_of, speaks
from qantar.stages.quotes.tokens import VERBAL, Token, can_speak, classes, tokenize
from qantar.stages.quotes.verbs import Report

_WHOLE_CLAUSE, _WHOLE_PART, _WHOLE_OBJECT, _WHOLE_NAME = 0.5, 0.7, 0.6, 0.4
"""A report with less than this share of it in marks is quoted as a whole; one whose marks hold no clause of their own; an object; what
something is called."""
_FULL = 0.95  # a report with more than this share of it in marks is all quoted
_TERM_SHARE = 0.5  # words in marks that are less of what is reported, and few, can be a term in it
_TERM_SPACES = 2  # a term has no more
_FEW_SPACES = 3  # words in marks with as many spaces are an utterance
_NAME_WORDS = 6
_LEAST_HEADLINE = 3  # tokens behind the colon of a headline
_NAME_REACH = 60  # characters: the length of a name
_ASIDE = re.compile(r"[-–—()]")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_INNER_MARKS = "‘’'“”"
_FINAL = (".", "!", "?", "…", ",", "—", "–", "-")
_DASHES = frozenset({"-", "–", "—", "―", "--"})


def _unreported(text: str, tokens: list[Token], i: int, marked: Sequence[Marked], index: MentionIndex) -> Draft:
    """Marks that no report covers: introduced by what stands before them, or without anybody who says them."""
    passage = marked[tokens[i].quote]
    introduced = _introduced(text, tokens, i, passage, index)
    return introduced or Draft("unattributed", [(passage.start, passage.end)], Rule.MARKS, continues=passage.continues)


def assemble(text: str, tokens: list[Token], reports: list[Report], marked: Sequence[Marked], index: MentionIndex) -> list[Draft]:
    """Reports and the marks they cover, as drafts."""
    quoted = [i for i, t in enumerate(tokens) if t.quote >= 0]
    interrupted = {i: d for i in quoted if (d := _interrupted(text, marked[tokens[i].quote], index))}
    drafts, owned = list(interrupted.values()), set(interrupted)
    free = {i: owner for i, owner in _owners(tokens, reports).items() if i not in owned}
    for n, report in enumerate(reports):
        quotations = [i for i, owner in free.items() if owner == n and not _is_name(tokens, i)]
        drafts.extend(_drafts(text, tokens, report, quotations, marked, index))
        owned.update(quotations)
    drafts += [_unreported(text, tokens, i, marked, index) for i in quoted if i not in owned]
    return [d for d in drafts if _means_something(text, d)]


def _drafts(
    text: str, tokens: list[Token], report: Report, quotations: Sequence[int], marked: Sequence[Marked], index: MentionIndex
) -> list[Draft]:
    """The drafts of one report and of the quotations that are its own."""
    clause = _clause(tokens, report)
    draft = _indirect(tokens, report, clause, index)
    if not quotations:
        return [replace(draft, segments=_clause(tokens, _without_others(tokens, report)))]
    spans = [(marked[tokens[i].quote].start, marked[tokens[i].quote].end) for i in quotations]
    quoted = replace(draft, segments=spans, continues=marked[tokens[quotations[-1]].quote].continues)
    if _is_spoken(tokens, report, quotations):
        return [replace(quoted, kind="direct")]
    share = _size(text, spans) / max(1, _size(text, clause))
    calls = report.rule == Rule.NAMING or (report.rule == Rule.OBJECT and quotations[-1] == report.content[-1][1])
    if not calls and report.rule not in QUOTING and share < _TERM_SHARE:
        return _with_terms(tokens, draft, quotations, spans)
    if calls:  # `called the plan “a gift” to the rich`: only so much counts as says what is called so
        whole = _size(text, spans) < _least_object(tokens, report, quotations[0]) * _size(text, [(clause[0][0], spans[-1][1])])
    else:
        whole = share < _least_share(text, tokens, report, spans)
    return [replace(draft, kind="mixed") if whole else replace(quoted, kind=_kind(text, spans, share))]


def _least_object(tokens: list[Token], report: Report, at: int) -> float:
    """The share of an object that its marks must hold: less of what something is said to be, `deemed the plan to be “a gift”`."""
    named = report.rule == Rule.NAMING or tokens[at - 1].low in classes().be
    return _WHOLE_NAME if named else _WHOLE_OBJECT


def _is_plain_clause(tokens: list[Token], first: int, last: int) -> bool:
    """Whether a stretch is a clause without marks."""
    return all(t.quote < 0 for t in tokens[first : last + 1]) and has_verb(tokens, first, last)


def _least_share(text: str, tokens: list[Token], report: Report, spans: Sequence[tuple[int, int]]) -> float:
    """The share of a report that its marks must hold for them alone to be the quote."""
    if report.rule == Rule.BEHIND and any(_is_plain_clause(tokens, *r) for r in report.content):
        return 1.0  # `It was late, she said, but “we had to go”`
    if report.rule in (Rule.THAT, Rule.CLAUSE) and _is_added(tokens, report):
        return 1.0
    part = report.rule in (Rule.THAT, Rule.CLAUSE) and not any(is_clause(text, a, b) for a, b in spans)
    return _WHOLE_PART if part else _WHOLE_CLAUSE


def _is_added(tokens: list[Token], report: Report) -> bool:
    """Whether words in marks go on with a clause behind a comma: `She said it was late, | “and dark as well”`."""
    first, last = report.content[0]
    at = next((k for k in range(first, last + 1) if tokens[k].quote >= 0), first)
    return at > first + 1 and tokens[at - 1].text == "," and tokens[at].said[:1].islower() and _is_plain_clause(tokens, first, at - 2)


def _indirect(tokens: list[Token], report: Report, clause: list[tuple[int, int]], index: MentionIndex) -> Draft:
    """A report as an indirect quote of all that it holds."""
    cue = (tokens[report.cue[0]].start, tokens[report.cue[1]].end)
    flags = [name for name, on in (("negated", report.negated), ("modal", report.modal)) if on]
    speaker = span_of(tokens, report.speaker, index) if report.speaker else None
    return Draft("indirect", clause, report.rule, cue, report.attitude, speaker, flags=flags)


def _with_terms(tokens: list[Token], draft: Draft, quotations: Sequence[int], spans: list[tuple[int, int]]) -> list[Draft]:
    """A report that holds a few words in marks: terms stand beside it, others are its own, `said there was “no need” to go`."""
    terms = [span for i, span in zip(quotations, spans, strict=True) if _is_term(tokens, i)]
    kind: QuoteKind = "indirect" if len(terms) == len(spans) else "mixed"
    return [replace(draft, kind=kind), *(Draft("unattributed", [span], Rule.TERM) for span in terms)]


def _kind(text: str, spans: Sequence[tuple[int, int]], share: float) -> QuoteKind:
    """`direct` for a quoted clause, `mixed` for a part of the reporter's or a word or two."""
    clause = share > _FULL or all(is_clause(text, a, b) for a, b in spans)
    few = all(text.count(" ", a, b) < _TERM_SPACES and text[b - 1] not in "!?" for a, b in spans)
    return "direct" if clause and not few else "mixed"


def _without_others(tokens: list[Token], report: Report) -> Report:
    """A report without the quotations that are another's."""
    held = [(a, b) for a, b in report.content if any(tokens[i].quote >= 0 for i in range(a, b + 1))]
    if report.rule == Rule.BEHIND and any(_cites(tokens, a, b) for a, b in held):
        return report
    if not (report.rule in (Rule.BEHIND, Rule.MARKS) or _only_marks(tokens, report)):
        return report
    return replace(report, content=tuple(r for r in report.content if r not in held))


def _cites(tokens: list[Token], first: int, last: int) -> bool:
    """Whether a clause ends with what it says somebody cited: `The council left, citing “the mood,” | said Ann Lee`."""
    return last - first > 1 and participle_reports(tokens[last - 1]) and tokens[last - 2].text == ","


def _is_spoken(tokens: list[Token], report: Report, quotations: Sequence[int]) -> bool:
    """Whether a report is of nothing but an utterance: `“…,” she said, but …`, `she said, “Never!” to that`."""
    if report.rule == Rule.BEHIND:
        return any((i, i) == report.content[0] for i in quotations)
    return report.rule == Rule.MARKS and all(_is_said(tokens, i) for i in quotations)


def _means_something(text: str, draft: Draft) -> bool:
    """Whether an indirect quote tells what was said: two words at least, and an object more than names, pronouns and times."""
    if draft.kind != "indirect":
        return True
    words = [w for a, b in draft.segments for w in _WORD.findall(text, a, b)]
    known = classes()
    empty = known.determiners | known.objects | known.prepositions | known.times
    told = len(words) > _FEW_SPACES or any(w.lower() not in empty and not w[0].isupper() for w in words)
    return len(words) > 1 and (told or draft.rule not in GOVERNED)


def _introduced(text: str, tokens: list[Token], at: int, passage: Marked, index: MentionIndex) -> Draft | None:
    """A quotation that a colon gives to somebody: `The governor went further: “…”`, `“…”: Harbour Council`."""
    if text.count(" ", passage.start, passage.end) < _FEW_SPACES and not is_sentence(tokens[at].said):
        return None
    speaker: Speaker | None = None
    if tokens[at - 1].text == ":":
        subject = _labelled(tokens, at - 1) or _given_by(tokens, at - 1) or first_subject(tokens, 0, at - 1)
        speaker = span_of(tokens, subject, index) if subject else None
        if speaker and not speaks(text, speaker, index):
            speaker = _named_last(tokens[at - 2], index)
    elif at == 0 and len(tokens) > 2 and tokens[1].text == ":":
        speaker = _titled(tokens, index) or _told_of(tokens, index)
    if speaker is None:
        return None
    return Draft("direct", [(passage.start, passage.end)], Rule.COLON, None, "speech", speaker, continues=passage.continues)


def headed(text: str, tokens: list[Token], index: MentionIndex) -> Draft | None:
    """What a headline without marks gives to somebody before its colon: `Ann Lee: The plan has failed`, `Police: Two men drowned`."""
    colon = next((k for k, t in enumerate(tokens[: _NAME_WORDS + 1]) if t.text == ":"), 0)
    said = tokens[colon + 1 :]
    if not colon or not all(t.is_capital for t in tokens[:colon]) or not _tells(said) or any(t.quote >= 0 for t in said):
        return None
    speaker = span_of(tokens, Phrase(0, colon - 1), index)
    if tokens[0].low in classes().headline_sources:
        named = True
    else:
        mentions = index.within(speaker.start, speaker.end)
        named = any(m.label in ("PERSON", "ORG") and m.end == tokens[colon - 1].end for m in mentions)
    end = said[-1 if said[-1].is_word else -2].end
    return Draft("indirect", [(said[0].start, end)], Rule.COLON, None, "speech", speaker) if named else None


def _tells(said: Sequence[Token]) -> bool:
    """Whether the words behind a headline's colon are a clause and no question."""
    if len(said) < _LEAST_HEADLINE or said[-1].text == "?":
        return False
    return any(t.pos in VERBAL and not t.low.endswith("ing") for t in said)


def _labelled(tokens: list[Token], colon: int) -> Phrase | None:
    """The name between a dash and a colon: `Polls missed the mood - Ann Lee: “…”`."""
    dash = next((k for k in range(colon - 1, max(-1, colon - _NAME_WORDS), -1) if tokens[k].text in _DASHES), None)
    named = dash is not None and dash + 1 < colon and all(t.is_capital for t in tokens[dash + 1 : colon])
    return Phrase(dash + 1, colon - 1) if named and dash is not None else None


def _given_by(tokens: list[Token], colon: int) -> Phrase | None:
    """Who gives what a line without a verb announces: `Reaction from the union: “…”`."""
    if any(t.pos in VERBAL or t.quote >= 0 for t in tokens[:colon]):
        return None
    k = next((k for k in range(1, colon) if tokens[k].low == "from"), colon)
    source = phrase_after(tokens, k + 1, colon)
    return source if source is not None and source.last == colon - 1 else None


def _named_last(before: Token, index: MentionIndex) -> Speaker | None:
    """The person whose name stands right before a colon: `The news did not surprise Ann Lee: “…”`."""
    named = next((m for m in index.within(before.start - _NAME_REACH, before.end) if m.end == before.end and m.label == "PERSON"), None)
    return Speaker(named.start, named.end, "name") if named else None


def _titled(tokens: list[Token], index: MentionIndex) -> Speaker | None:
    """Whose words a headline quotes before a colon: `“We will stay”: Harbour Council`."""
    phrase = phrase_after(tokens, 2, len(tokens))
    if phrase is None or phrase.last != len(tokens) - 1:
        return None
    speaker = span_of(tokens, phrase, index)
    named = [m for m in index.within(speaker.start, speaker.end) if m.label in ("PERSON", "ORG")]
    if named and speaker.basis == "description" and named[-1].end == speaker.end:
        return Speaker(named[-1].start, named[-1].end, "name")  # `an interview with Ann Lee`
    return speaker if named or can_speak(tokens[phrase.last].low) else None


def _told_of(tokens: list[Token], index: MentionIndex) -> Speaker | None:
    """The person whom a headline tells of behind the quotation and its colon: `“I thought I was dead”: climber survives fall`."""
    verb = next((k for k in range(3, len(tokens)) if tokens[k].pos in VERBAL), len(tokens))
    subject = first_subject(tokens, 2, verb)
    speaker = span_of(tokens, subject, index) if subject and subject.last + 1 < len(tokens) else None
    if subject is None or speaker is None:
        return None
    named = [m.label for m in index.within(speaker.start, speaker.end)]
    return speaker if set(named) == {"PERSON"} or can_speak(tokens[subject.last].low) else None


def is_sentence(said: str) -> bool:
    """Whether words in marks are a sentence by their first letter and their end, however short: `I know.`"""
    return said[:1].isupper() and said.endswith((".", "!", "?"))


def _is_said(tokens: list[Token], at: int) -> bool:
    """Whether words in marks are a whole utterance: closed by a mark, and behind a comma or a colon or with a capital first."""
    said = tokens[at].said
    opens = said[:1].isupper()
    if tokens[at - 1].text == ":" and opens:
        return True
    whole = opens and (said.endswith(("!", "?")) or said.count(" ") >= _FEW_SPACES)
    return said.endswith(("!", "?", ".", ",")) and (whole or tokens[at - 1].text in (",", ":"))


def _is_term(tokens: list[Token], at: int) -> bool:
    """Whether words in marks are a term within the reporter's clause: a few behind "the" or before a noun."""
    before, after = tokens[at - 1], tokens[at + 1] if at + 1 < len(tokens) else None
    relative = before.low in classes().bare_relatives and before.pos == "PRON"  # `a trial that “fully failed”`
    definite = before.low in classes().definites and not relative
    names = after is not None and after.pos == "NOUN"
    return (definite or names) and tokens[at].text.count(" ") <= _TERM_SPACES


def _is_name(tokens: list[Token], at: int) -> bool:
    """Whether words in marks are the name of a work, a programme or a plan: capitals behind `on NBC's`, `in`, `the`, `called it`."""
    known = classes()
    small = known.prepositions | known.determiners | known.links
    words = [w for w in _WORD.findall(tokens[at].text) if w.lower() not in small]
    if not words or not all(w[0].isupper() for w in words):
        return False
    placed = tokens[at - 1].low in known.prepositions - known.comparers or tokens[at - 1].low == "'s"
    called = len(words) > 1 and any(t.low in known.naming for t in tokens[max(0, at - 5) : at])
    return (placed or called) and not tokens[at].text.rstrip("”\"’'").endswith(("!", "?"))


def _owners(tokens: list[Token], reports: list[Report]) -> dict[int, int]:
    """For each quotation, the report it belongs to: the one whose content holds it and stands nearest; none for one in brackets."""
    owners: dict[int, int] = {}
    for i, token in enumerate(tokens):
        if token.quote < 0:
            continue
        held = [
            (min(abs(i - r.cue[0]), abs(i - r.cue[1])), n)
            for n, r in enumerate(reports)
            if any(first <= i <= last for first, last in r.content) and not _in_brackets(tokens, i, r)
        ]
        split = next((n for n, r in enumerate(reports) if _splits(tokens, r, i)), None)
        if held:
            owners[i] = min(held)[1] if split is None else split
    return owners


def _splits(tokens: list[Token], report: Report, at: int) -> bool:
    """Whether a quotation goes on behind a clause of time in the midst of it: `“But Ann,” he said when she told him of it, | “you may.”`"""
    if report.rule != Rule.BEHIND or report.speaker is None:
        return False
    first, after = report.content[0][0], max(report.cue[1], report.speaker.last) + 1
    timed = after < at and tokens[after].low in classes().meanwhiles and tokens[first].said.endswith(",")
    return timed and tokens[at].said[:1].islower() and tokens[at - 1].text == "," and all(t.quote < 0 for t in tokens[after:at])


def _in_brackets(tokens: list[Token], at: int, report: Report) -> bool:
    """Whether a quotation stands in brackets within what is reported: `(see “Forests”)`."""
    opened = next((k for k in range(at - 1, report.content[0][0] - 1, -1) if tokens[k].text in "()"), None)
    closed = next((k for k in range(at + 1, len(tokens)) if tokens[k].text in "()"), None)
    return opened is not None and closed is not None and tokens[opened].text == "(" and not opened < report.cue[0] < closed


def _only_marks(tokens: list[Token], report: Report) -> bool:
    return all(not tokens[i].is_word for first, last in report.content for i in range(first, last + 1))


def _clause(tokens: list[Token], report: Report) -> list[tuple[int, int]]:
    """The reported characters, without marks at their edges."""
    spans = []
    for first, last in report.content:
        while first <= last and tokens[first].quote < 0 and not tokens[first].is_word and tokens[first].text not in "$£€#(":
            first += 1
        while tokens[last].quote < 0 and not tokens[last].is_word and tokens[last].text not in "%)$":
            last -= 1
        if first <= last:
            spans.append((tokens[first].start, tokens[last].end))
    return spans


def _size(text: str, spans: Iterable[tuple[int, int]]) -> int:
    return sum(sum(map(str.isalnum, text[a:b])) for a, b in spans)


def is_clause(text: str, start: int, end: int) -> bool:
    """Whether quoted words stand by themselves: a capital first and a final mark, or several words and a comma."""
    said = text[start:end].strip(_INNER_MARKS)
    return said[:1].isupper() and (said.endswith(_FINAL) or said.count(" ") > 2 * _FEW_SPACES)


def _interrupted(text: str, passage: Marked, index: MentionIndex) -> Draft | None:
    """A quotation with the reporting clause inside its marks: `"I think - he has declared - that …"`."""
    if not _ASIDE.search(text, passage.start, passage.end):
        return None
    tokens = tokenize(text, passage.start, passage.end)
    asides = [i for i, t in enumerate(tokens) if t.text in _DASHES or t.text in "(,)"]
    for a, b in pairwise(asides):
        if tokens[a].text == "," or a == 0:
            continue
        quotation = Token("“”", "", tokens[a - 1].start, tokens[a - 1].end, 0)
        clause = [quotation, Token(",", ",", tokens[a].start, tokens[a].end), *tokens[a + 1 : b]]
        report = next((r for r in find_reports(clause) if _ends(r, len(clause) - 1)), None)
        if report is not None:
            assert report.speaker is not None
            segments = [(passage.start, tokens[a - 1].end)]
            segments += [(tokens[b + 1].start, passage.end)] if b + 1 < len(tokens) else []
            cue = (clause[report.cue[0]].start, clause[report.cue[1]].end)
            speaker = span_of(clause, report.speaker, index)
            return Draft("direct", segments, Rule.INTERRUPTED, cue, report.attitude, speaker)
    return None


def _ends(report: Report, last: int) -> bool:
    """Whether a report is a reporting clause up to the last token."""
    return report.speaker is not None and max(report.cue[1], report.speaker.last) == last
