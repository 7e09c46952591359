"""Reports: a cue, whose words they are, and which tokens of the passage are reported.

One passage (a sentence, or the sentences that a quotation joins) comes in as tokens, each marked passage being one
token; every report found goes out, its content as token ranges, so that what stands in marks and what does not is decided
later, in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from qantar.stages.quotes.adverbials import according, as_called, as_told_by, asked, held_by, in_view, verdict
from qantar.stages.quotes.extents import (
    MARKS,
    STOPS,
    VERBAL,
    Range,
    clause_end,
    complementizer,
    has_verb,
    is_finite_cue,
    left_range,
    object_end,
    past_adverbials,
    resumed_range,
)
from qantar.stages.quotes.frames import content_start, judges, last_name, predicate_end
from qantar.stages.quotes.fronted import within_clause, within_series
from qantar.stages.quotes.passives import passive_reports, single_word, whom_it_quotes
from qantar.stages.quotes.phrases import Phrase, first_subject, is_vague, phrase_after, phrase_before, phrase_behind_with
from qantar.stages.quotes.rules import GOVERNED, Rule
from qantar.stages.quotes.tokens import Cue, Token, can_speak, classes, cues
from qantar.stages.quotes.verb_times import past_times
from qantar.stages.quotes.verbs import Report, Verb, made, read_verb

_CAUSED = 9  # tokens: how long the phrase of who is made to say something may be
_ENDS = (",", "?", "!", "…", "...", ".", "-", "—")


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
        return []
    verb = read_verb(tokens, k, cue, behind)
    found = _report(tokens, verb, earlier) if verb else []
    if "court" in cue.frames:
        found = [replace(r, speaker=None) for r in found]  # `a court heard` says not from whom
    return found or (asked(tokens, k, cue) if {"question", "order"} <= cue.frames else [])


# --- who, and what --------------------------------------------------------------------------------------------------


def _report(tokens: list[Token], verb: Verb, earlier: list[Report]) -> list[Report]:
    """The reports of one cue, by its construction."""
    if verb.passive:
        return passive_reports(tokens, verb)
    if verb.cue.form in ("past", "participle") and tokens[verb.at - 1].low == "as":
        return as_told_by(tokens, verb)
    inverted = _inverted(tokens, verb)
    if inverted:
        return [inverted]
    if verb.cue.frames <= {"marks", "document"} and not any(t.quote >= 0 for t in tokens):
        return []
    speaker = _subject(tokens, verb, earlier)
    if speaker is None or not _can_be_subject(tokens, verb, speaker):
        return []
    return [r for r in _told(tokens, verb, speaker) if _is_plain(tokens, verb, speaker, r)]


def _told(tokens: list[Token], verb: Verb, speaker: Phrase) -> list[Report]:
    """What a verb with its subject before it reports: what stands behind it, or before both."""
    quoted = whom_it_quotes(tokens, verb.at, verb.behind)
    if quoted:  # `“…,” the paper quoted Ann Lee as saying`: what stands in marks is hers
        spoken = speaker.first > 0 and tokens[speaker.first - 1].quote >= 0
        return [made(verb, Rule.BEHIND, quoted, left_range(tokens, speaker.first - 1))] if spoken else []
    behind = _behind(tokens, speaker, verb)
    return [behind] if behind else _ahead(tokens, verb, speaker)


def _is_plain(tokens: list[Token], verb: Verb, speaker: Phrase, report: Report) -> bool:
    """Whether a construction that seldom reports does so plainly: `to say that`, not `to say no`; `I said: “…”`, not `I said so`."""
    quotes = any(t.quote >= 0 for a, b in report.content for t in tokens[a : b + 1])
    blames = (
        quotes and report.rule in GOVERNED and (report.rule == Rule.NAMING or verb.cue.attitude == "accusation")
    )  # `to call it “a trap”`
    if not _catenative(tokens, verb) and not blames and report.rule not in (Rule.THAT, Rule.MARKS, Rule.QUESTION):
        return False
    # the author's own voice, unless the words are quoted
    return single_word(tokens, speaker) not in classes().authors or any(tokens[b].quote >= 0 for b, _ in report.content[:1])


def _is_nobody(word: str) -> bool:
    """Whether a word alone is no subject of a report: `there`, or the day that opens its clause, `Tuesday on Norland Radio, …`."""
    return word in classes().no_reporters or (word.endswith("day") and word != "day" and word in classes().times)


def _leads_up(tokens: list[Token], verb: Verb, comma: int) -> bool:
    """Whether a participle with its object only leads up to the verb that tells: `Ann Lee, commenting on the plan, said: “…”`."""
    return verb.cue.form == "gerund" and comma + 1 < len(tokens) and tokens[comma].text == "," and is_finite_cue(tokens[comma + 1])


def _it_can_report(tokens: list[Token], verb: Verb) -> bool:
    """Whether a body or a document may be the subject `it`: not of thoughts, nor of a verb with no subject of its own but `, saying`."""
    apart = verb.cue.form != "gerund" or tokens[verb.first - 1].text == ","
    return verb.cue.attitude in ("speech", "writing") and apart and not verb.infinitive


def _can_be_subject(tokens: list[Token], verb: Verb, speaker: Phrase) -> bool:
    """Whether a cue reports with this subject: not `you said`, `she might think`, `it thinks`, `the rain shows`."""
    cue, single = verb.cue, single_word(tokens, speaker)
    if is_vague(tokens, speaker) or _is_nobody(single) or _thinks_it_open(tokens, verb):
        return False
    if not _is_heard(tokens, verb, speaker) or (single == "it" and not _it_can_report(tokens, verb)):
        return False
    if "document" not in cue.frames or _names_document(tokens, speaker):
        return True
    if single == "it" and verb.first > 1 and tokens[verb.first - 2].quote >= 0:
        return True  # `“Nobody is above the law,” it reads`
    return "people" in cue.frames and verb.behind < len(tokens) and (tokens[verb.behind].low == "that" or judges(tokens, verb.behind))


def _is_heard(tokens: list[Token], verb: Verb, phrase: Phrase) -> bool:
    """Whether a cue needs no court before it, or has one: `a court heard`."""
    return "court" not in verb.cue.frames or tokens[phrase.last].low in classes().hearing_bodies


def _names_document(tokens: list[Token], phrase: Phrase) -> bool:
    return any(t.low in classes().documents for t in tokens[phrase.first : phrase.last + 1])


def _thinks_it_open(tokens: list[Token], verb: Verb) -> bool:
    """Whether a verb of thought tells nothing: `she might think`, `does she think …?`."""
    return verb.cue.attitude == "thought" and (verb.modal or tokens[-1].text == "?")


def _catenative(tokens: list[Token], verb: Verb) -> bool:
    return tokens[verb.first].low != "to"


def is_hearer_told(tokens: Sequence[Token], at: int, cue: Cue) -> bool:
    """Whether a participle says what somebody was told, with no subject: `When told it was late, Ann Lee left.`"""
    led = at > 0 and tokens[at - 1].low in classes().participle_leads - classes().additions
    return led and "addressee" in cue.frames and cue.form in ("past", "participle")


def _subject(tokens: list[Token], verb: Verb, earlier: list[Report]) -> Phrase | None:
    if verb.first == verb.at and is_hearer_told(tokens, verb.at, verb.cue):
        return None
    at = verb.first - 1
    if (verb.cue.form == "gerund" and not verb.helped) or not _catenative(tokens, verb):
        if at < 0 and verb.cue.form == "gerund":
            return _subject_behind(tokens, verb.behind)
        if verb.infinitive and (caused := _who_is_caused(tokens, at)):
            return caused
        return _participle_subject(tokens, verb, at, earlier)
    return _finite_subject(tokens, verb, at, earlier) if at >= 0 else None


def _finite_subject(tokens: list[Token], verb: Verb, at: int, earlier: list[Report]) -> Phrase | None:
    """The subject that ends at token `at`, before a finite verb, or that of the verb which that is joined to."""
    at = past_times(tokens, at)
    before = tokens[at]
    if before.low in classes().sharers or before.text in ("—", "–", "--", "-", ";"):
        return _main_subject(tokens, verb.at, earlier)
    phrase = phrase_before(tokens, at)
    if phrase is None and before.text == ",":
        return _main_subject(tokens, verb.at, earlier)
    if phrase is None or tokens[phrase.last].low not in classes().bare_relatives:
        return phrase
    # `a post that praised the plan`
    return Phrase(phrase.first, phrase.last - 1) if phrase.first < phrase.last else _antecedent(tokens, phrase)


def _antecedent(tokens: list[Token], relative: Phrase) -> Phrase | None:
    """The phrase that a relative pronoun takes up: `the plan, which said`."""
    at = relative.first - 1
    return phrase_before(tokens, at - (tokens[at].text == ","))


def _participle_subject(tokens: list[Token], verb: Verb, at: int, earlier: list[Report]) -> Phrase | None:
    """Whose saying it is in `…, saying that` and `with the minister saying that`."""
    known = classes()
    before = tokens[at] if at >= 0 else None
    if before is not None and before.is_word and before.low not in known.prepositions | known.subordinators | known.participle_bars:
        phrase = phrase_behind_with(tokens, at) or phrase_before(tokens, at)
        own = _own_subject(tokens, verb, phrase) if phrase else None
        if own:
            return own
    return _quoted_before(tokens, at) or _main_subject(tokens, verb.at, earlier)


def _own_subject(tokens: list[Token], verb: Verb, phrase: Phrase) -> Phrase | None:
    """The phrase right before a participle, or the person in it, where that is its subject: `with | the minister saying`."""
    if not verb.infinitive and (shown := _shown(tokens, phrase)):
        return shown
    known, lead = classes(), tokens[phrase.first - 1] if phrase.first else None
    absolute = lead is None or lead.low in known.absolute_leads or tokens[phrase.last].low in known.documents
    return phrase if absolute or tokens[phrase.first - 1].text in MARKS else None


def _who_is_caused(tokens: list[Token], at: int) -> Phrase | None:
    """Who says what something made them say, from the causing verb up to token `at`: `prompting | Ann Lee to reply that`."""
    causer = next((k for k in range(at - 1, max(-1, at - _CAUSED), -1) if tokens[k].low in classes().causers), None)
    caused = causer is not None and tokens[causer + 1].low != "to" and all(t.is_word for t in tokens[causer:at])
    return Phrase(causer + 1, at) if causer is not None and caused else None


def _shown(tokens: list[Token], phrase: Phrase) -> Phrase | None:
    """The person of whom something that cannot speak is: `the sight of | Ann Lee denouncing the plan`."""
    of = next((k for k in range(phrase.first + 1, phrase.last) if tokens[k].low == "of"), None)
    is_thing = of is not None and not can_speak(tokens[of - 1].low) and all(t.is_capital for t in tokens[of + 1 : phrase.last + 1])
    return Phrase(of + 1, phrase.last) if of is not None and is_thing else None


def _subject_behind(tokens: list[Token], at: int) -> Phrase | None:
    """Whose a participle at the head is: `Calling it “a trap,” | Ann Lee left.`"""
    comma = next((k for k in range(at, len(tokens)) if tokens[k].text == "," or tokens[k].closes_with_comma), len(tokens))
    return first_subject(tokens, comma + 1, len(tokens))


def _quoted_before(tokens: list[Token], at: int) -> Phrase | None:
    """Who is quoted before the "as" at token `at`."""
    quoter = next((k for k in range(at - 1, -1, -1) if tokens[k].low in classes().quoters), None)
    return None if quoter is None else whom_it_quotes(tokens, quoter, quoter + 1)


def _main_subject(tokens: list[Token], at: int, earlier: list[Report]) -> Phrase | None:
    """The subject a participle or a second verb shares: that of the clause before it."""
    start = 0
    for k in range(at - 1, -1, -1):
        if tokens[k].text == ";" or (tokens[k].low in classes().clause_breaks and k + 1 < at and has_verb(tokens, k + 1, at - 1)):
            start = k + 1
            break
    shared = [r for r in earlier if r.speaker and start <= r.cue[0] < at and r.rule not in ("according", "view")]
    return _outermost(shared, at).speaker if shared else first_subject(tokens, start, at)


def _outermost(reports: list[Report], at: int) -> Report:
    """The last of some reports, or the one that holds it and has ended before a token: `X said Y had asked why, | and added`."""
    found = reports[-1]
    for report in reversed(reports):
        if found.rule != Rule.BEHIND and any(a <= found.cue[0] <= b < at for a, b in report.content):
            found = report
    return found


def _inverted(tokens: list[Token], verb: Verb) -> Report | None:
    """`"…," said X`, `…, said X` and `Said X: "…"`."""
    if not _can_be_inverted(tokens, verb):
        return None
    phrase = phrase_after(tokens, verb.behind, len(tokens))
    known = classes()
    if phrase is None or tokens[phrase.first].low in known.times | known.prepositions | known.complementizers | known.reflexives:
        return None
    if not verb.at:
        return _opening(tokens, verb, phrase)
    quoted = tokens[verb.at - 1].quote >= 0
    fits = _quotation_before(tokens, verb, phrase) if quoted else _clause_before(tokens, verb, phrase)
    left = left_range(tokens, verb.at - 1) if fits else None
    return made(verb, Rule.BEHIND, phrase, left, _resumed(tokens, phrase.last + 1, left, quoted)) if left else None


def _is_cry(tokens: list[Token], verb: Verb, quotation: int) -> bool:
    """Whether a cue tells the exclamation or the question before it: `“Stay!” Ann Lee called`, but not `“Home,” called a trap`."""
    if "cry" not in verb.cue.frames or quotation < 0 or not tokens[quotation].said.endswith(("!", "?")) or tokens[quotation].quote < 0:
        return False
    if quotation == verb.at - 1:
        return verb.behind < len(tokens) and tokens[verb.behind].low not in classes().indefinites
    return _ends(tokens, past_adverbials(tokens, verb.behind))


def _can_be_inverted(tokens: list[Token], verb: Verb) -> bool:
    """Whether a finite cue stands at the head of the passage, or behind a quotation or a mark, and before a word."""
    if verb.cue.form not in ("past", "third") or not (verb.cue.frames & {"clause", "marks", "that"} or _is_cry(tokens, verb, verb.at - 1)):
        return False
    if verb.at and tokens[verb.at - 1].quote < 0 and tokens[verb.at - 1].text not in MARKS:
        return False
    return verb.behind < len(tokens)


def _opening(tokens: list[Token], verb: Verb, phrase: Phrase) -> Report | None:
    """`Said X: "…"`"""
    k = phrase.last + 1
    if k + 1 >= len(tokens) or not (tokens[k].text == ":" or tokens[k + 1].quote >= 0):
        return None
    return made(verb, Rule.MARKS, phrase, (k + 1, clause_end(tokens, k + 1)))


def _clause_before(tokens: list[Token], verb: Verb, phrase: Phrase) -> bool:
    """Whether an inverted cue reports the clause without marks before it: `The plan had failed, said Ann Lee.`"""
    if not _tells_clause(tokens, verb, phrase) or tokens[phrase.first].low in classes().pronouns or tokens[verb.at - 1].text != ",":
        return False
    rest = phrase.last + 1
    resumed = resumed_range(tokens, rest)
    whole = has_verb(tokens, 0, verb.at - 1) or (resumed is not None and has_verb(tokens, *resumed))
    return whole and _ends_reporting(tokens, rest) and not _apposed(tokens, verb.at - 1)


def _tells_clause(tokens: list[Token], verb: Verb, phrase: Phrase) -> bool:
    """Whether a cue tells clauses without marks; one that needs "that" elsewhere only where its subject ends the passage."""
    frames = verb.cue.frames
    if verb.cue.attitude != "speech" or frames & {"marks", "addressee"}:
        return False
    return "clause" in frames or _ends_passage(tokens, phrase.last + 1)  # `…, affirmed Ann Lee.`


def _ends_passage(tokens: list[Token], rest: int) -> bool:
    """Whether nothing but a final mark follows."""
    return rest >= len(tokens) or (rest == len(tokens) - 1 and not tokens[rest].is_word)


def _ends_reporting(tokens: list[Token], rest: int) -> bool:
    """Whether a reporting clause ends with its subject, but for a relative clause: no verb of another clause follows."""
    if rest >= len(tokens) or not tokens[rest].is_word or tokens[rest].low in classes().relative_subjects:
        return True
    if _ends_passage(tokens, past_adverbials(tokens, rest)):
        return True  # `…, said Ann Lee during a meeting held on Monday`
    return not has_verb(tokens, rest, min(len(tokens) - 1, rest + 5))


def _quotation_before(tokens: list[Token], verb: Verb, phrase: Phrase) -> bool:
    """Whether an inverted cue reports the quotation before it: `“We will stay,” said Ann Lee`."""
    if _is_title(tokens, verb.at - 1):
        return False
    rest = phrase.last + 1
    if rest < len(tokens) and _finite(tokens[rest]):
        return False  # `Ann Lee, who calls it “a trap,” said she had …`
    # `“…,” told reporters`
    return "addressee" not in verb.cue.frames or (tokens[phrase.first].is_capital and _ends(tokens, rest))


def _ends(tokens: list[Token], at: int) -> bool:
    return at >= len(tokens) or (not tokens[at].is_word and tokens[at].quote < 0)


def _is_title(tokens: list[Token], quotation: int) -> bool:
    """Whether a quotation is a name in the noun phrase before it: `the host of “Good Day,” said`."""
    if quotation < 2 or tokens[quotation].text.count(" ") > 5:
        return False
    before = tokens[quotation - 1]
    named = before.low in classes().prepositions or before.low == "'s" or before.is_capital or titles_text(tokens, quotation)
    plain = [t for t in tokens[:quotation] if t.quote < 0]
    return named and not has_verb(plain, 0, len(plain) - 1)


def titles_text(tokens: list[Token], quotation: int) -> bool:
    """Whether a quotation in capitals is the title of the text before its comma: `In his book, “Down the River,” she suggests`."""
    small = classes().prepositions | classes().determiners | classes().coordinators
    words = tokens[quotation].said.strip(",.").split()
    capitals = all(w[0].isupper() or w.lower() in small for w in words)
    return tokens[quotation - 2].low in classes().documents and capitals


def _resumed(tokens: list[Token], at: int, left: Range | None, quoted: bool) -> Range | None:
    """What goes on behind the reporting clause: a quotation after a quotation, else the rest of a clause that has begun before."""
    resumed = resumed_range(tokens, at)
    if resumed is None or tokens[resumed[0]].quote >= 0:
        return resumed
    begun = left is not None and not has_verb(tokens, *left)
    return resumed if not quoted and (begun or tokens[resumed[0]].low == "including") else None


def _finite(token: Token) -> bool:
    return token.pos in VERBAL and not token.low.endswith(("ed", "ing"))


def _apposed(tokens: list[Token], comma: int) -> bool:
    """Whether the comma closes an apposition to a subject at the head of the passage or behind a quotation."""
    phrase = phrase_before(tokens, comma)
    if phrase is None or not tokens[phrase.last].is_capital:
        return False
    return phrase.first == 0 or tokens[phrase.first - 1].quote >= 0


def _behind(tokens: list[Token], speaker: Phrase, verb: Verb) -> Report | None:
    """`…, X said.`, `…, X said, …` and `"…" X said`."""
    if speaker.first == 0 or not _can_stand_behind(tokens, speaker, verb):
        return None
    cut = speaker.first - 1
    led = tokens[cut].low == "as"
    if led and cut == 0:
        return _heading(tokens, speaker, verb)
    if led and verb.cue.frames <= {"marks"} and verb.cue.particle[-1:] != ("it",):
        return None  # `“…,” he said, as she laughed`, but not `“…,” as she put it`
    cut -= led
    quoted = tokens[cut].quote >= 0
    if not _fits_behind(tokens, cut, verb):
        return None
    left = left_range(tokens, cut)
    resumed = _resumed(tokens, verb.behind, left, quoted)
    whole = left is not None and (has_verb(tokens, *left) or (resumed is not None and has_verb(tokens, *resumed)))
    if not whole:
        return _heading(tokens, speaker, verb) if led else None  # `Yet, as Ann Lee observed, …`
    return made(verb, Rule.BEHIND, speaker, left, resumed)


def _fits_behind(tokens: list[Token], cut: int, verb: Verb) -> bool:
    """Whether what stands before a reporting clause can be what it reports: not `Calling it “a trap,” Ann Lee said …`."""
    after, closed = _closed(tokens, verb)
    if not closed and any(c.form == "gerund" for c in cues().get(tokens[0].low, ())):
        return False
    if tokens[cut].quote >= 0:
        return _fits_quotation(tokens, cut, after, closed)
    if any(is_hearer_told(tokens, 1, cue) for cue in cues().get(tokens[1].low, ())):
        return False  # `When told it was late, Ann Lee thought for a while`
    return closed and _fits_clause(tokens, cut, after, verb)


def _can_stand_behind(tokens: list[Token], speaker: Phrase, verb: Verb) -> bool:
    """Whether a cue is of those that can stand behind what is said, with its own subject before it."""
    relative = tokens[speaker.first].low == "who"
    frames = verb.cue.frames & {"clause", "marks", "that", "question", "document"}
    finite = verb.cue.form != "gerund" or tokens[verb.first].low in classes().aspectuals  # `“Is it real?” she kept asking`
    return (bool(frames) or _is_cry(tokens, verb, speaker.first - 1)) and finite and not relative


def _closed(tokens: list[Token], verb: Verb) -> tuple[int, bool]:
    """The token behind a reporting clause with its times and its addressee, and whether the clause ends there."""
    after = past_adverbials(tokens, verb.behind)
    if after >= len(tokens) or tokens[after].text in STOPS | MARKS | {")"}:
        return after, True
    if "addressee" not in verb.cue.frames:
        return after, False
    told = phrase_after(tokens, verb.behind, len(tokens))
    after = past_adverbials(tokens, told.last + 1) if told else after
    if after + 1 < len(tokens) and tokens[after + 1].low == "that":
        return after, False  # `told Norland Radio's “Good Morning” that`
    return after, after >= len(tokens) or not tokens[after].is_word or tokens[after].low in classes().meanwhiles


def _heading(tokens: list[Token], speaker: Phrase, verb: Verb) -> Report | None:
    """`As X said, …`"""
    after, closed = _closed(tokens, verb)
    if not closed or after + 1 >= len(tokens):
        return None
    return made(verb, Rule.BEHIND, speaker, (after + 1, clause_end(tokens, after + 1)))


def _fits_quotation(tokens: list[Token], cut: int, after: int, closed: bool) -> bool:
    """Whether a quotation before a reporting clause is what that reports: it ends with a mark, and is no title in the subject."""
    ends = tokens[cut].said.endswith(_ENDS)
    if not (closed or tokens[cut].closes_with_comma) and complementizer(tokens, after, 1) == after:
        return False  # `“Stay!” She replied that she could not`
    return (closed or (ends and tokens[after].text != ":")) and not _is_title(tokens, cut)


def _fits_clause(tokens: list[Token], cut: int, after: int, verb: Verb) -> bool:
    """Whether a clause without marks can be what a reporting clause behind its comma reports."""
    frames = verb.cue.frames
    final = frames & {"clause", "marks", "document"} or (verb.cue.attitude == "speech" and "that" in frames)
    leads_in = after + 1 < len(tokens) and tokens[after].text in (",", ":") and tokens[after + 1].quote >= 0
    following = tokens[verb.behind : verb.behind + 2]
    aimed = len(following) == 2 and following[0].low == "to" and following[1].low in classes().determiners  # `added to the cost`
    return tokens[cut].text in MARKS and bool(final) and not leads_in and not aimed


def _ahead(tokens: list[Token], verb: Verb, speaker: Phrase) -> list[Report]:
    """What follows the cue: a clause, a quotation, an infinitive, an object; and a quotation behind a colon."""
    start = content_start(tokens, verb)
    if start is None:
        return []
    rule, first = start
    last = object_end(tokens, first) if rule in ("object", "naming", "infinitive", "order") else clause_end(tokens, first)
    if rule in ("object", "naming"):
        last = predicate_end(tokens, verb, first, last)
    elif rule == "marks" and "predicate" in verb.cue.frames:
        last = last_name(tokens, first)
    last = within_clause(tokens, speaker, first, last)
    last = within_series(tokens, verb, speaker, first, last)
    if last < first or (rule == "object" and _leads_up(tokens, verb, last + 1)):
        return []
    found = [made(verb, rule, speaker, (first, last))]
    colon = last + 1
    if colon + 1 < len(tokens) and tokens[colon].text == ":" and tokens[colon + 1].quote >= 0:
        found.append(made(verb, "marks", speaker, (colon + 1, clause_end(tokens, colon + 1))))
    return found
