"""How far a report reaches: where what is reported begins and ends, among the tokens of one passage."""

from __future__ import annotations

from qantar.stages.quotes.appositions import is_age
from qantar.stages.quotes.cue_adverbials import past_adverbials
from qantar.stages.quotes.datelines import past_dateline, past_region
from qantar.stages.quotes.tokens import DASHES, MARKS, STOPS, VERBAL, Cue, Token, classes, cues, looks_past

Range = tuple[int, int]  # tokens first to last, inclusive
_DENIED = 8  # tokens from "not" to the comma behind what it denies
_LONGEST_MEASURE = 5  # tokens up to the unit of a measure of time
_AFTER_UNITS = frozenset("%)$")


def has_verb(tokens: list[Token], first: int, last: int) -> bool:
    """Whether the tokens hold what looks like a finite verb, or a quotation."""
    known = classes()
    verbs = known.auxiliaries | known.subject_pronouns | known.finite
    for k in range(first, last + 1):
        t = tokens[k]
        if t.pos:
            if t.pos in VERBAL and t.low != "according":  # which is a verb to the model
                return True
            continue
        if t.low == "'s" and tokens[k - 1].low not in known.pronouns | known.clitic_subjects:
            continue  # a possessive
        if t.quote >= 0 or t.low in verbs or t.low in cues() or looks_past(t):
            return True
    return False


def left_range(tokens: list[Token], last: int) -> Range | None:
    """What stands before a reporting clause that ends a passage, from the last strong mark on."""
    while tokens[last].quote < 0 and not tokens[last].is_word:
        last -= 1
    if last < 0:
        return None
    first = last
    if tokens[last].quote >= 0 and tokens[last - 1].text == ":":
        return last, last
    while first > 0 and tokens[first - 1].text not in STOPS:
        first -= 1
    begin = max(first, past_dateline(tokens))  # `TORVIK, Okla. (AP) — | The storm`
    return (begin, last) if begin <= last else (first, last)


def resumed_range(tokens: list[Token], at: int, begun: bool = False) -> Range | None:
    """What goes on behind `…, he said [on Monday],`; `begun` where a verb before it wants more: `There would be, he said, | a vote`."""
    at = past_region(tokens, past_adverbials(tokens, at), len(tokens))
    if at >= len(tokens) or (tokens[at].text not in MARKS | {":"} and tokens[at].quote < 0):
        return _later_quotation(tokens, at)
    first = at if tokens[at].quote >= 0 else at + 1
    if first >= len(tokens):
        return None
    begins = tokens[first]
    joined = _joined_quotation(tokens, first)
    if joined is not None:
        return joined, clause_end(tokens, joined)
    added = (begins.low in classes().resumption_bars and not begun) or is_age(tokens, first)
    if added or (begins.low.endswith("ing") and begins.low != "including"):
        return _later_quotation(tokens, first)
    return first, clause_end(tokens, first)


def _joined_quotation(tokens: list[Token], at: int) -> int | None:
    """A quotation that "and" or "but" adds to the one before: `“…,” she said, but still “…”`; not where it is a subject."""
    k = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].low in classes().simple_adverbs)
    if tokens[at].low not in classes().additions or k >= len(tokens) or tokens[k].quote < 0:
        return None
    return None if k + 1 < len(tokens) and tokens[k + 1].is_word else k


def _later_quotation(tokens: list[Token], at: int) -> Range | None:
    """A quotation that goes on behind an addition to the speaker: `"…," said X, a lawyer, "…"`."""
    for k in range(at, len(tokens)):
        if tokens[k].quote >= 0:
            begins = tokens[k - 1].text in (",", ":") and not _tells_itself(tokens[at:k])
            return (k, clause_end(tokens, k)) if begins else None
        if tokens[k].text in STOPS:
            return None
    return None


def _tells_itself(words: list[Token]) -> bool:
    """Whether an addition to a speaker is a report; not `, asking for anonymity,`, `, who asked not to be named,`, `, pointing up,`."""
    unnamed = any(t.low in classes().anonymities for t in words)
    return not unnamed and any(all(c.form != "gerund" for c in cues()[t.low]) for t in words if t.low in cues())


def clause_end(tokens: list[Token], first: int) -> int:
    """The last token of a reported clause: the passage's, but for a further report beside it."""
    last = len(tokens) - 1
    ends = (k - 1 for k in range(first + 1, last) if _ends_clause(tokens, k))
    return next(ends, _last_word(tokens, first, last))


def _ends_clause(tokens: list[Token], k: int) -> bool:
    """Whether a word or a mark begins what belongs to no reported clause before it."""
    before, token, following = tokens[k - 1], tokens[k], tokens[k + 1]
    if token.low in classes().additions:
        shows = k + 2 < len(tokens) and tokens[k + 2].low != "that" and _shows(following)
        return is_finite_cue(following) and not shows  # `and added`, but not `and showed no damage`
    if token.text == ":" and following.quote >= 0:
        return True
    if _opens_sentence(before, token, following) or (before.closes_with_comma and _reports_beside(tokens, k)):
        return True
    return k + 2 < len(tokens) and (token.text == ";" or (token.text in MARKS and _mark_ends_clause(tokens, k)))


def _opens_sentence(before: Token, token: Token, following: Token) -> bool:
    """Whether a stop between a quotation and a capital ends a sentence: `“we stay”. Later …`, `“we stay.” Later …`."""
    if before.quote >= 0 and before.said.endswith(".") and token.is_capital:
        return True
    return token.text in STOPS and before.quote >= 0 and following.is_capital


def _reports_beside(tokens: list[Token], k: int) -> bool:
    """Whether a reporting participle or a source begins: `adding that`, `according to`."""
    if tokens[k].low in classes().concessions and tokens[k - 1].closes_with_comma:
        return True  # `she said it was “dead,” while others …`
    return participle_reports(tokens[k]) or (tokens[k].low == "according" and tokens[k + 1].low == "to")


def _contrasts(word: Token, second: Token) -> bool:
    """Whether words behind a comma set something against the report: `, but officials`, `, even as`, `, compared to`; not `, but also`."""
    if word.low == "but":
        return second.quote < 0 and second.low not in classes().contrasts
    if word.low == "even":
        return second.low == "as"
    return word.low == "compared" and second.low in classes().comparison_prepositions


def _was_denied(tokens: list[Token], comma: int) -> bool:
    """Whether "but" behind a comma tells what is, of what a "not" told before it: `the problem is not wheat | , but prices`."""
    known, told = classes(), tokens[comma + 2]
    if tokens[comma + 1].low != "but" or told.low in known.prepositions | known.subject_pronouns or reports_anew(tokens, comma + 2):
        return False
    for k in range(comma - 2, max(0, comma - _DENIED), -1):
        if tokens[k].low == "not":
            return not has_verb(tokens, k + 1, comma - 1)
        if not tokens[k].is_word:
            return False
    return False


def _mark_ends_clause(tokens: list[Token], k: int) -> bool:
    """Whether what follows a comma or a dash is no part of the reported clause before it."""
    known, mark, following, second = classes(), tokens[k], tokens[k + 1], tokens[k + 2]
    if _reports_beside(tokens, k + 1) or (mark.text in DASHES and reports_anew(tokens, k + 1)):
        return True
    if _adds_verb(following, second):
        return True
    if mark.text == "," and _contrasts(following, second) and not _was_denied(tokens, k):
        return True
    if following.low in known.report_joiners and reports_anew(tokens, k + 2):
        return True
    if following.low in known.indefinites and second.low in known.claims:
        return True  # `said it was late, a claim that …`
    return tokens[k - 1].quote >= 0 and following.low in known.quotation_additions


def _adds_verb(word: Token, second: Token) -> bool:
    """Whether words behind a mark tell what the reporter's subject does besides: `, before adding that`, `, and adding`, `, and has`."""
    known = classes()
    reports = participle_reports(second)
    return (word.low in known.meanwhiles and reports) or (word.low == "and" and (reports or second.low in known.perfects))


def _last_word(tokens: list[Token], first: int, last: int) -> int:
    while last > first and tokens[last].quote < 0 and not tokens[last].is_word and tokens[last].text not in _AFTER_UNITS:
        last -= 1
    return last


def participle_reports(token: Token) -> bool:
    """Whether a word is the -ing form of a cue that can report without marks: `adding that`."""
    return any(c.form == "gerund" and c.frames - {"marks"} for c in cues().get(token.low, ()))


def _finite_cues(token: Token) -> list[Cue]:
    """The cues of speech that a word can be as a finite verb."""
    return [c for c in cues().get(token.low, ()) if not c.particle and c.form in ("past", "third") and c.attitude != "thought"]


def is_finite_cue(token: Token) -> bool:
    """Whether a word is a finite cue by itself: `added`, but not `reports`, which may be a noun."""
    return token.low not in classes().nounlike and bool(_finite_cues(token))


def _shows(token: Token) -> bool:
    """Whether a word reports only of a document: of anything else, it tells what that shows."""
    return all("document" in c.frames and "people" not in c.frames for c in cues().get(token.low, ()))


def reports_anew(tokens: list[Token], at: int) -> bool:
    """Whether a new report begins here: a subject with a cue of its own."""
    known = classes()
    for k in range(at, min(len(tokens), at + 7)):
        t = tokens[k]
        if not t.is_word:
            return False
        if t.low == "than":
            continue  # `and more than half said`
        if (k > at or t.low in known.second_reports) and any(c.frames & {"clause", "that"} for c in _finite_cues(t)):
            return True
        if (t.low in known.auxiliaries and t.low not in known.perfects) or t.low in known.subordinators:
            return False
    return False


def object_end(tokens: list[Token], first: int) -> int:
    """The last token of what a frame with an object reports: up to the next clause."""
    ends = (k - 1 for k in range(first + 1, len(tokens)) if _ends_object(tokens, k))
    return next(ends, _last_word(tokens, first, len(tokens) - 1))


def _ends_object(tokens: list[Token], k: int) -> bool:
    """Whether a word or a mark begins what belongs to no object before it."""
    token = tokens[k]
    if token.text in STOPS or token.text in DASHES or token.text == ":":
        return True
    if tokens[k - 1].closes_with_comma and _opens_clause(token):
        return True
    if token.low in classes().object_cuts:
        return True
    if k + 1 == len(tokens):
        return False
    if token.text == ",":
        return _comma_ends_object(tokens, k)
    return token.low == "and" and (tokens[k + 1].text == "," or is_finite_cue(tokens[k + 1]) or reports_anew(tokens, k + 1))


def _opens_clause(token: Token) -> bool:
    """Whether a word behind a comma opens a clause or an adverbial: `prompting`, `although`, `she`."""
    return token.low.endswith("ing") or token.low in classes().clause_cuts or token.low in classes().subject_pronouns


def _measures_time(tokens: list[Token], at: int) -> bool:
    """Whether words tell how long before or after another event something was: `a day after`, `less than four weeks before`."""
    known = classes()
    for k in range(at, min(at + _LONGEST_MEASURE, len(tokens) - 1)):
        if tokens[k].low in known.times:
            return tokens[k + 1].low in known.time_relations
        if not tokens[k].is_word:
            return False
    return False


def _comma_ends_object(tokens: list[Token], k: int) -> bool:
    """Whether a comma ends an object: before a clause, before `of which`, and behind a quotation but before another."""
    known, following = classes(), tokens[k + 1]
    if (_opens_clause(following) and following.low != "including") or is_finite_cue(following) or _measures_time(tokens, k + 1):
        return True
    if following.low in known.relative_prepositions and k + 2 < len(tokens) and tokens[k + 2].low in known.relative_objects:
        return True
    return following.quote < 0 and tokens[k - 1].quote >= 0
