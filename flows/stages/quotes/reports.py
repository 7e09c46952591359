"""Reports: a cue, whose words they are, and which tokens of the passage are reported.

One passage (a sentence, or the sentences that a quotation joins) comes in as tokens, each marked passage being one
token; every report found goes out, its content as token ranges, so that what stands in marks and what does not is decided
later, in one place.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import takewhile

from qantar.stages.quotes.adverbials import according, as_called, as_told_by, asked, held_by, in_view, verdict
from qantar.stages.quotes.extents import clause_end, is_finite_cue, left_range, object_end
from qantar.stages.quotes.frames import content_start, last_name, predicate_end
from qantar.stages.quotes.fronted import within_clause, within_series
from qantar.stages.quotes.passives import heard_from, named_by, passive_reports, single_word, whom_it_quotes
from qantar.stages.quotes.phrases import Phrase, is_auxiliary
from qantar.stages.quotes.reporting_clauses import inverted_report, report_before
from qantar.stages.quotes.rules import GOVERNED, Rule
from qantar.stages.quotes.subjects import can_be_subject, is_infinitive, subject_of
from qantar.stages.quotes.tokens import Cue, Token, classes, cues
from qantar.stages.quotes.verbs import Report, Verb, made, read_verb

_OBJECT = 7  # tokens from a cue to its particle: `brushed the offer of the town off as “a gift”`


def find_reports(tokens: list[Token]) -> list[Report]:
    """All reports of one passage, in order of their cues."""
    reports: list[Report] = []
    reporting, leading = cues(), _leading_words()
    for k, token in enumerate(tokens):
        if token.low not in leading:
            continue
        reports.extend(_by_adverbial(tokens, k))
        reports.extend(next(filter(None, (_by_cue(tokens, k, cue, reports) for cue in reporting.get(token.low, ()))), ()))
    return reports


@cache
def _leading_words() -> frozenset[str]:
    """The words at which a report can be found; most are none."""
    return frozenset(cues()) | classes().view_prepositions | classes().verdicts | frozenset(["as", "according"])


def _by_adverbial(tokens: list[Token], k: int) -> list[Report]:
    """The reports of a word that is no verb: `according to X`, `in her view`, `as the crew called him`, `was the verdict of X`."""
    low = tokens[k].low
    if low == "as":
        return as_called(tokens, k)
    if low == "according":
        return according(tokens, k) if k + 2 < len(tokens) and tokens[k + 1].low == "to" else []
    if low in classes().view_prepositions:
        return held_by(tokens, k) or in_view(tokens, k)
    return verdict(tokens, k) if low in classes().verdicts else []


def _by_cue(tokens: list[Token], k: int, cue: Cue, earlier: list[Report]) -> list[Report]:
    """The reports of a verb that stands at token `k`, its particle behind it."""
    behind = k + 1 + len(cue.particle)
    if tuple(t.low for t in tokens[k + 1 : behind]) != cue.particle:
        return _with_object(tokens, k, cue)
    named = named_by(tokens, k, behind, cue)
    if named:
        return [named]
    verb = read_verb(tokens, k, cue, behind)
    heard = heard_from(tokens, verb) if verb else None
    if heard:
        return [heard]
    found = _report(tokens, verb, earlier) if verb else []
    if "court" in cue.frames:
        found = [replace(r, speaker=None) for r in found]  # `a court heard` says not from whom
    elif "addressee" in cue.frames and behind == len(tokens):
        found = [replace(r, speaker=None) if _hears(tokens, r) else r for r in found]  # `Bridge was unsafe, court told`
    return found or (asked(tokens, k, cue) if {"question", "order"} <= cue.frames else [])


def _with_object(tokens: list[Token], k: int, cue: Cue) -> list[Report]:
    """What a cue with its object before its particle takes that for: `laughed it off as “a gift”`, `brushed the plan off as “a gift”`."""
    if "as" not in cue.frames:
        return []
    near = takewhile(lambda j: tokens[j - 1].is_word, range(k + 2, min(len(tokens) - 2, k + _OBJECT)))
    at = next((j + 1 for j in near if (tokens[j].low,) == cue.particle and tokens[j + 1].low == "as"), None)
    verb = read_verb(tokens, k, cue, k + 1) if at else None
    speaker = subject_of(tokens, verb, []) if verb and not verb.passive else None
    if at is None or verb is None or speaker is None:
        return []
    named = at + 1 + (tokens[at + 1].low in classes().articles)
    return [made(verb, Rule.NAMING, speaker, (k + 1, named))] if named < len(tokens) and tokens[named].quote >= 0 else []


def _hears(tokens: list[Token], report: Report) -> bool:
    """Whether the speaker of a report is a court or the like, which is told more often than it tells."""
    return report.speaker is not None and tokens[report.speaker.last].low in classes().hearing_bodies


def _report(tokens: list[Token], verb: Verb, earlier: list[Report]) -> list[Report]:
    """The reports of one cue, by its construction."""
    if verb.passive:
        return passive_reports(tokens, verb)
    if verb.cue.form in ("past", "participle") and tokens[verb.at - 1].low == "as":
        return as_told_by(tokens, verb)
    inverted = inverted_report(tokens, verb)
    if inverted:
        return [inverted]
    if verb.cue.frames <= {"marks", "document"} and not any(t.quote >= 0 for t in tokens):
        return _amid_clause(tokens, verb, earlier)
    speaker = subject_of(tokens, verb, earlier)
    if speaker is None or not can_be_subject(tokens, verb, speaker):
        return []
    return [r for r in _told(tokens, verb, speaker) if _is_plain(tokens, verb, speaker, r)]


def _amid_clause(tokens: list[Token], verb: Verb, earlier: list[Report]) -> list[Report]:
    """`The council, she went on, had promised it`: what a cue that stands beside quotations tells around it, between subject and verb."""
    goes_on = verb.behind + 1
    amid = goes_on < len(tokens) and tokens[verb.behind].text == "," and is_auxiliary(tokens[goes_on]) and verb.cue.frames >= {"marks"}
    speaker = subject_of(tokens, verb, earlier) if amid else None
    report = report_before(tokens, speaker, verb) if speaker else None
    return [report] if report and len(report.content) > 1 else []


def _told(tokens: list[Token], verb: Verb, speaker: Phrase) -> list[Report]:
    """What a verb with its subject before it reports: what stands behind it, or before both."""
    quoted = whom_it_quotes(tokens, verb.at, verb.behind)
    if quoted:  # `“…,” the paper quoted Ann Lee as saying`: what stands in marks is hers
        spoken = speaker.first > 0 and tokens[speaker.first - 1].quote >= 0
        return [made(verb, Rule.BEHIND, quoted, left_range(tokens, speaker.first - 1))] if spoken else []
    behind = report_before(tokens, speaker, verb)
    return [behind] if behind else _ahead(tokens, verb, speaker)


def _is_plain(tokens: list[Token], verb: Verb, speaker: Phrase, report: Report) -> bool:
    """Whether a construction that seldom reports does so plainly: `to say that`, not `to say no`; `I said: “…”`, not `I said so`."""
    quotes = any(t.quote >= 0 for a, b in report.content for t in tokens[a : b + 1])
    blames = (
        quotes and report.rule in GOVERNED and (report.rule == Rule.NAMING or verb.cue.attitude == "accusation")
    )  # `to call it “a trap”`
    if is_infinitive(tokens, verb) and not blames and report.rule not in (Rule.THAT, Rule.MARKS, Rule.QUESTION):
        return False
    # the author's own voice, unless the words are quoted
    return single_word(tokens, speaker) not in classes().authors or any(tokens[b].quote >= 0 for b, _ in report.content[:1])


def _leads_up(tokens: list[Token], verb: Verb, comma: int) -> bool:
    """Whether a participle with its object only leads up to the verb that tells: `Ann Lee, commenting on the plan, said: “…”`."""
    return verb.cue.form == "gerund" and comma + 1 < len(tokens) and tokens[comma].text == "," and is_finite_cue(tokens[comma + 1])


def _ahead(tokens: list[Token], verb: Verb, speaker: Phrase) -> list[Report]:
    """What follows the cue: a clause, a quotation, an infinitive, an object; and a quotation behind a colon."""
    start = content_start(tokens, verb)
    if start is None:
        return []
    rule, first = start
    last = object_end(tokens, first) if rule in (Rule.OBJECT, Rule.NAMING, Rule.INFINITIVE, Rule.ORDER) else clause_end(tokens, first)
    if rule in (Rule.OBJECT, Rule.NAMING):
        last = predicate_end(tokens, verb, first, last)
    elif rule == Rule.MARKS and "predicate" in verb.cue.frames:
        last = last_name(tokens, first)
    last = within_clause(tokens, speaker, first, last)
    last = within_series(tokens, verb, speaker, first, last)
    if rule == Rule.OBJECT and _leads_up(tokens, verb, last + 1):
        return []
    found = [made(verb, rule, speaker, (first, last))]
    colon = last + 1
    if colon + 1 < len(tokens) and tokens[colon].text == ":" and tokens[colon + 1].quote >= 0:
        found.append(made(verb, Rule.MARKS, speaker, (colon + 1, clause_end(tokens, colon + 1))))
    return found
