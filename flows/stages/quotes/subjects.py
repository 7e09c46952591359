"""The subjects of cues: who reports, and whether they can be whom a cue reports of."""

from __future__ import annotations

from collections.abc import Sequence

from qantar.stages.quotes.extents import has_verb
from qantar.stages.quotes.first_subjects import first_subject
from qantar.stages.quotes.frames import judges
from qantar.stages.quotes.passives import single_word, whom_it_quotes
from qantar.stages.quotes.phrases import Phrase, is_vague
from qantar.stages.quotes.phrases_before import phrase_before, phrase_behind_with
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.tokens import MARKS, STOPS, Cue, Token, can_speak, classes
from qantar.stages.quotes.verb_times import past_times
from qantar.stages.quotes.verbs import Report, Verb

_UNSHARED = frozenset({Rule.ACCORDING, Rule.VIEW, Rule.IMPERSONAL, Rule.PASSIVE})
"""Rules by which who speaks is no subject: a second verb has another."""
_CAUSED = 9  # tokens: how long the phrase of who is made to say something may be


def can_be_subject(tokens: list[Token], verb: Verb, speaker: Phrase) -> bool:
    """Whether a cue reports with this subject: not `you said`, `she might think`, `it thinks`, `the rain shows`."""
    cue, single = verb.cue, single_word(tokens, speaker)
    if is_vague(tokens, speaker) or _is_nobody(single) or _thinks_it_open(tokens, verb):
        return False
    if not _is_heard(tokens, verb, speaker) or (single == "it" and not _it_can_report(tokens, verb)):
        return False
    if "document" not in cue.frames or _names_document(tokens, speaker):
        return True
    if verb.first > 1 and tokens[verb.first - 2].quote >= 0:
        return True  # `“Nobody is above the law,” it reads`
    if single == "it" and _opens_quotation(tokens, verb.behind):
        return True  # `It reads: “Nobody is above the law.”`
    return "people" in cue.frames and _people_find(tokens, verb, speaker)


def _opens_quotation(tokens: Sequence[Token], at: int) -> bool:
    """Whether a colon and a quotation follow a verb."""
    return at + 1 < len(tokens) and tokens[at].text == ":" and tokens[at + 1].quote >= 0


def _people_find(tokens: list[Token], verb: Verb, speaker: Phrase) -> bool:
    """Whether people report what they found: with "that", as what it was, or at the end, `It may be the oldest, the researchers found.`"""
    ends = verb.behind >= len(tokens) or tokens[verb.behind].text in STOPS
    if ends:
        return speaker.first > 1 and tokens[speaker.first - 1].text == "," and can_speak(tokens[speaker.last].low)
    return tokens[verb.behind].low == "that" or judges(tokens, verb.behind)


def _is_nobody(word: str) -> bool:
    """Whether a word alone is no subject of a report: `there`, or the day that opens its clause, `Tuesday on Norland Radio, …`."""
    return word in classes().no_reporters or (word.endswith("day") and word in classes().times)


def _it_can_report(tokens: list[Token], verb: Verb) -> bool:
    """Whether a body or a document may be the subject `it`: not of thoughts, nor of a verb with no subject of its own but `, saying`."""
    apart = verb.cue.form != "gerund" or tokens[verb.first - 1].text == ","
    return verb.cue.attitude in ("speech", "writing") and apart and not verb.infinitive


def _is_heard(tokens: list[Token], verb: Verb, phrase: Phrase) -> bool:
    """Whether a cue needs no court before it, or has one: `a court heard`."""
    return "court" not in verb.cue.frames or tokens[phrase.last].low in classes().hearing_bodies


def _names_document(tokens: list[Token], phrase: Phrase) -> bool:
    return any(t.low in classes().documents for t in tokens[phrase.first : phrase.last + 1])


def _thinks_it_open(tokens: list[Token], verb: Verb) -> bool:
    """Whether a verb of thought tells nothing: `she might think`, `does she think …?`."""
    return verb.cue.attitude == "thought" and (verb.modal or tokens[-1].text == "?")


def is_infinitive(tokens: list[Token], verb: Verb) -> bool:
    """Whether a cue is an infinitive without a verb before it that has the same subject: `to say`, but not `refused to say`."""
    return tokens[verb.first].low == "to"


def is_hearer_told(tokens: Sequence[Token], at: int, cue: Cue) -> bool:
    """Whether a participle says what somebody was told, with no subject: `When told it was late, Ann Lee left.`"""
    led = at > 0 and tokens[at - 1].low in classes().participle_leads - classes().additions
    return led and "addressee" in cue.frames and cue.form in ("past", "participle")


def subject_of(tokens: list[Token], verb: Verb, earlier: list[Report]) -> Phrase | None:
    """Who reports by a cue, if the passage tells; `earlier` are the reports before it, whose subject it may share."""
    if verb.first == verb.at and is_hearer_told(tokens, verb.at, verb.cue):
        return None
    at = verb.first - 1
    if (verb.cue.form == "gerund" and not verb.helped) or is_infinitive(tokens, verb):
        if at < 0 and verb.cue.form == "gerund":
            return _subject_behind(tokens, verb.behind)
        if verb.infinitive and (caused := _who_is_caused(tokens, at)):
            return caused
        return _participle_subject(tokens, verb, at, earlier)
    return _finite_subject(tokens, verb, at, earlier) if at >= 0 else None


def _finite_subject(tokens: list[Token], verb: Verb, at: int, earlier: list[Report]) -> Phrase | None:
    """The subject that ends at token `at`, before a finite verb, or that of the verb which that is joined to."""
    at = past_times(tokens, at)
    if _joins_clause(tokens, at):
        return Phrase(at, at)
    before = tokens[at]
    if before.low in classes().sharers or before.text in ("—", "–", "--", "-", ";"):
        return _main_subject(tokens, verb.at, earlier)
    phrase = phrase_before(tokens, at)
    if phrase is None and before.text == ",":
        return _main_subject(tokens, verb.at, earlier)
    if phrase is None or tokens[phrase.last].low not in classes().bare_relatives:
        return (phrase and _cleft(tokens, phrase)) or phrase
    # `a post that praised the plan`
    return Phrase(phrase.first, phrase.last - 1) if phrase.first < phrase.last else _antecedent(tokens, phrase)


def _joins_clause(tokens: list[Token], at: int) -> bool:
    """Whether people at token `at` say something of one thing before them, without "that": `a move | critics called “reckless”`."""
    known, thing = classes(), tokens[at - 1]
    people = at > 1 and tokens[at].low.endswith("s") and can_speak(tokens[at].low)
    return people and thing.low in known.judged and any(t.low in known.newcomers for t in tokens[max(0, at - 3) : at - 1])


def _cleft(tokens: list[Token], phrase: Phrase) -> Phrase | None:
    """Whom "who" stands for in a cleft: `It was | Ann Lee who proposed it`."""
    named = phrase_before(tokens, phrase.first - 1) if tokens[phrase.first].low == "who" and phrase.first > 2 else None
    return named if named and named.last == phrase.first - 1 and is_cleft(tokens, named) else None


def is_cleft(tokens: Sequence[Token], named: Phrase) -> bool:
    """Whether nothing but "it was" stands before a phrase."""
    return named.first == 2 and tokens[0].low == "it" and tokens[1].low in classes().be


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
        breaks = tokens[k].low in classes().clause_breaks and has_verb(tokens, k + 1, at - 1)
        if breaks or _ends_clause(tokens, k):
            start = k + 1
            break
    shared = [r for r in earlier if r.speaker and start <= r.cue[0] < at and r.rule not in _UNSHARED]
    amid = shared[-1].content[1:] if shared and not tokens[at].low.endswith("ing") else ()
    if any(first <= at <= last for first, last in amid):
        return first_subject(tokens, start, shared[-1].content[0][1] + 1)  # `The council, she went on, had | promised it`
    return _outermost(shared, at).speaker if shared else first_subject(tokens, start, at)


def _ends_clause(tokens: list[Token], k: int) -> bool:
    """Whether a token is a semicolon or a full stop, not that of an abbreviation: `“He came. | She said”`, but not `Roe v. Wade`."""
    if tokens[k].text == ";":
        return True
    return tokens[k].text == "." and tokens[k + 1].is_capital and len(tokens[k - 1].text) > 1


def _outermost(reports: list[Report], at: int) -> Report:
    """The last of some reports, or the one that holds it and has ended before a token: `X said Y had asked why, | and added`."""
    found = reports[-1]
    for report in reversed(reports):
        if found.rule != Rule.BEHIND and any(a <= found.cue[0] <= b < at for a, b in report.content):
            found = report
    return found
