"""Reports of cues in the passive, and who is quoted as saying something: `it was reported that …`, `X was accused by Y of …`."""

from __future__ import annotations

from itertools import takewhile

from qantar.stages.quotes.beginnings import complementizer
from qantar.stages.quotes.extents import clause_end, left_range, object_end, participle_reports
from qantar.stages.quotes.phrases import Phrase, phrase_after
from qantar.stages.quotes.phrases_before import phrase_before
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.tokens import Cue, Token, can_speak, classes
from qantar.stages.quotes.verbs import Report, Verb, made

_ASIDE = 12  # tokens: how long an apposition to who is quoted may be


def passive_reports(tokens: list[Token], verb: Verb) -> list[Report]:
    """`it was reported that …` (nobody named), `X was denied` and `X was accused by Y of …`."""
    subject = phrase_before(tokens, verb.first - 1) if verb.first else None
    return _of_subject(tokens, verb, subject) if subject else []


def _of_subject(tokens: list[Token], verb: Verb, subject: Phrase) -> list[Report]:
    """What a cue in the passive reports with its subject."""
    following = tokens[verb.behind].low if verb.behind < len(tokens) else ""
    if following == "by":
        return [] if whom_it_quotes(tokens, verb.at, verb.behind) else _passive_by(tokens, verb, subject)
    if following == "as" and _is_quoted(tokens, verb, subject):
        return [made(verb, Rule.BEHIND, subject, left_range(tokens, subject.first - 1))]
    said_of = (subject.first, subject.last)
    if verb.cue.attitude == "accusation" and following in classes().accusation_prepositions:
        return [made(verb, Rule.PASSIVE, None, said_of, (verb.behind, object_end(tokens, verb.behind)))]
    if single_word(tokens, subject) == "it":
        that = complementizer(tokens, verb.behind, 1) if not verb.modal else None
        return [made(verb, Rule.IMPERSONAL, None, (that + 1, clause_end(tokens, that + 1)))] if that is not None else []
    ended = verb.behind >= len(tokens) or not tokens[verb.behind].is_word
    return [made(verb, Rule.PASSIVE, None, said_of)] if verb.cue.attitude == "denial" and ended else []


def named_by(tokens: list[Token], at: int, behind: int, cue: Cue) -> Report | None:
    """What somebody calls something, by a participle: `described by Ann Lee as | “a gift”`, `hailed as | “a gift” by ministers`.

    Behind "called", which titles have, too, only with "by" before the quotation, or as a verb: `was called | “a gift” by Ann Lee`.
    """
    if cue.form not in ("past", "participle") or "object" not in cue.frames or behind >= len(tokens):
        return None
    source = phrase_after(tokens, behind + 1, len(tokens)) if tokens[behind].low == "by" else None
    named = _named(tokens, source.last + 1 if source else behind)
    if named is None:
        return None
    if source is None and tokens[named + 1 : named + 2] and tokens[named + 1].low == "by" and _can_name(tokens, at, cue):
        source = phrase_after(tokens, named + 2, len(tokens))
    speaks = source is not None and (tokens[source.last].is_capital or can_speak(tokens[source.last].low))
    return Report((at, behind - 1), cue.lemma, cue.attitude, Rule.PASSIVE, source, ((named, named),)) if speaks else None


def _named(tokens: list[Token], at: int) -> int | None:
    """The quotation at once, or behind "as" and an article."""
    led = tokens[at : at + 1] and tokens[at].low == "as"
    at += 1 + (tokens[at + 1 : at + 2] != [] and tokens[at + 1].low in classes().articles) if led else 0
    return at if at < len(tokens) and tokens[at].quote >= 0 else None


def _can_name(tokens: list[Token], at: int, cue: Cue) -> bool:
    """Whether who stands behind "by" is who calls it so, not who made it: not `a film called “Home” by Ann Lee`."""
    return "cry" not in cue.frames or tokens[at - 1].low in classes().auxiliaries


def _is_quoted(tokens: list[Token], verb: Verb, subject: Phrase) -> bool:
    """Whether a verb tells that somebody is quoted: `“…,” Ann Lee was | quoted as saying`."""
    said = verb.behind + 1
    spoken = subject.first > 0 and tokens[subject.first - 1].quote >= 0
    return spoken and tokens[verb.at].low in classes().quoters and said < len(tokens) and participle_reports(tokens[said])


def _passive_by(tokens: list[Token], verb: Verb, subject: Phrase) -> list[Report]:
    """`It was said by X that …`, `X was accused by Y of …` and `X was denied by Y`."""
    impersonal = _impersonal_by(tokens, verb, subject)
    if impersonal:
        return [impersonal]
    source = phrase_after(tokens, verb.behind + 1, len(tokens))
    if source is None:
        return []
    of, said_of = source.last + 1, (subject.first, subject.last)
    if "object" in verb.cue.frames and of < len(tokens) and tokens[of].low in classes().accusation_prepositions:
        return [made(verb, Rule.PASSIVE, source, said_of, (of, object_end(tokens, of)))]
    return [made(verb, Rule.PASSIVE, source, said_of)] if verb.cue.attitude in ("denial", "accusation") else []


def _impersonal_by(tokens: list[Token], verb: Verb, subject: Phrase) -> Report | None:
    """`It was said by residents that …`"""
    source = phrase_after(tokens, verb.behind + 1, len(tokens))
    that = source.last + 1 if source else len(tokens)
    told = tokens[subject.last].low == "it" or "addressee" in verb.cue.frames  # `The court was told by a driver that …`
    if not told or that + 1 >= len(tokens) or tokens[that].low != "that":
        return None
    return made(verb, Rule.IMPERSONAL, source, (that + 1, clause_end(tokens, that + 1)))


def heard_from(tokens: list[Token], verb: Verb) -> Report | None:
    """`The inquest heard from a driver, who was there, that …`: of whom a court heard what."""
    subject = phrase_before(tokens, verb.first - 1) if verb.first and "court" in verb.cue.frames else None
    hears = subject is not None and tokens[subject.last].low in classes().hearing_bodies
    led = hears and verb.behind < len(tokens) and tokens[verb.behind].low == "from"
    source = phrase_after(tokens, verb.behind + 1, len(tokens)) if led else None
    if source is None:
        return None
    near = range(source.last + 1, min(len(tokens) - 1, source.last + _ASIDE))
    apart = (k for k in near if tokens[k].low == "that" and (k == source.last + 1 or tokens[k - 1].text == ","))
    that = next(apart, None)
    return made(verb, Rule.IMPERSONAL, source, (that + 1, clause_end(tokens, that + 1))) if that is not None else None


def whom_it_quotes(tokens: list[Token], quoter: int, at: int) -> Phrase | None:
    """Who is quoted as saying what: `the paper quoted | Ann Lee as saying`, `Ann Lee | was quoted by the paper as saying`."""
    if tokens[quoter].low not in classes().quoters or at >= len(tokens):
        return None
    by = tokens[at].low == "by"
    phrase = phrase_after(tokens, at + by, len(tokens))
    end = phrase.last + 1 if phrase else len(tokens)
    if end < len(tokens) and tokens[end].text == ",":  # `quoted Ann Lee, the mayor, as saying`
        near = range(end, min(len(tokens) - 1, end + _ASIDE))
        end = next((k + 1 for k in near if tokens[k].text == "," and tokens[k + 1].low == "as"), end)
    if end + 1 >= len(tokens) or tokens[end].low != "as" or not participle_reports(tokens[end + 1]):
        return None
    helpers = sum(1 for _ in takewhile(lambda t: t.low in classes().auxiliaries, reversed(tokens[:quoter])))
    return phrase_before(tokens, quoter - helpers - 1) if by else phrase


def single_word(tokens: list[Token], phrase: Phrase) -> str:
    """The word of a phrase of one word, or of one before "'s": `let's`."""
    last = phrase.last - (tokens[phrase.last].low == "'s")
    return tokens[phrase.first].low if phrase.first >= last else ""
