"""The subject of a clause by surface rules: its first noun phrase that is not fronted."""

from __future__ import annotations

from qantar.stages.quotes.appositions import name_end, past_occupation
from qantar.stages.quotes.datelines import ends_place, past_region
from qantar.stages.quotes.phrases import APOSTROPHES, JOINERS, Phrase, is_auxiliary
from qantar.stages.quotes.tokens import DASHES, Token, classes, is_cue, looks_adverb, looks_past

_ROLE = 9  # tokens: how far behind a role's noun the comma before the name may stand
_DATELINE = 9  # tokens: a longer head of a passage is no dateline
_CLOCK = 3  # tokens of a time at the head of an entry
_FRONTED = 5  # fronted phrases that are skipped before a subject


def first_subject(tokens: list[Token], start: int, stop: int) -> Phrase | None:
    """The subject of the clause that begins at `start`: the first noun phrase that is not fronted."""
    a = _clause_head(tokens, start, stop)
    for _ in range(_FRONTED):
        comma = _past_front(tokens, a, stop)
        if comma is None:
            break
        a = comma + 1
        if a + 1 < stop and tokens[a].low.isdigit() and tokens[a + 1].text == ",":
            a += 2  # `On July 6, 2015, | Ann Lee`
    if a >= stop:
        return None
    if tokens[a].low in classes().whole_phrases:
        return Phrase(a, a)
    j = a
    while j < stop and not _ends_subject(tokens, j, a):
        j += 1
    last = j - 1
    while last >= a and tokens[last].low in classes().prepositions:
        last -= 1
    if last < a:
        return None
    return _name_behind(tokens, Phrase(a, last), stop)


def _clause_head(tokens: list[Token], start: int, stop: int) -> int:
    """The first word of a clause, past what leads over to it and past a dateline."""
    known = classes()
    a = start
    while a < stop and tokens[a].quote < 0 and (not tokens[a].is_word or _leads_clause(tokens, a)):
        a += 1
    if a + 1 < stop and tokens[a + 1].text == "," and tokens[a].low in known.simple_adverbs:
        a += 2
    return _behind_place(tokens, a, start, stop)


def _leads_clause(tokens: list[Token], a: int) -> bool:
    """Whether a word leads over to a clause, or is part of the time that heads an entry: `14:55 The mayor`."""
    timed = tokens[a].low.isdigit() and ":" in (tokens[a - 1].text, tokens[min(a + 1, len(tokens) - 1)].text)
    return timed or tokens[a].low in classes().leads | classes().connectors


def _behind_place(tokens: list[Token], a: int, start: int, stop: int) -> int:
    """The first word behind a dateline, `PARIS (AP) — `, `NEW DELHI: `; else the same word."""
    dash = next((k for k in range(start, min(stop, start + _DATELINE)) if tokens[k].text in DASHES | {"-"}), None)
    if dash is None:
        colon = next((k for k in range(a + 1, min(stop - 1, a + _DATELINE)) if ends_place(tokens, k)), None)
        return a if colon is None else colon + 1
    dated = a < dash < stop - 1 and (tokens[a].text.isupper() or tokens[dash - 1].text == ")")
    return dash + 1 if dated else a


def _past_front(tokens: list[Token], a: int, stop: int) -> int | None:
    """The comma behind a fronted phrase or clause that begins at `a`, if one does."""
    known = classes()
    if a >= stop or tokens[a].low in known.demonstratives:
        return None
    leads = a + 1 < stop and _leads_front(tokens[a], tokens[a + 1])
    if not leads and tokens[a].low not in known.prepositions | known.subordinators:
        return None
    comma = next((k for k in range(a, stop) if tokens[k].text == ","), None)
    return comma if comma is None else past_region(tokens, comma, stop)


def _leads_front(token: Token, following: Token) -> bool:
    """Whether a word opens a fronted phrase by its form: `Monday`, `last week`, `Speaking`, `Sadly`."""
    known = classes()
    timed = token.low in known.times or (token.low in known.determiners and following.low in known.times)
    return timed or (token.low.endswith(("ing", "ly")) and token.pos != "PROPN")


def _ends_subject(tokens: list[Token], j: int, a: int) -> bool:
    """Whether a subject that begins at `a` ends before token `j`: at its verb, or at an adverb or a preposition before that."""
    token, known = tokens[j], classes()
    if not token.is_word:
        return not (token.text in APOSTROPHES | JOINERS and token.start == tokens[j - 1].end)
    if token.low in known.prepositions:
        return token.low not in known.subject_prepositions
    if token.low in known.subordinators:
        return True
    return j > a and (_is_verbal(tokens, j) or looks_adverb(token) or (token.low in known.simple_adverbs and not token.is_capital))


def _is_verbal(tokens: list[Token], j: int) -> bool:
    """Whether a word is the verb of a subject before it, or the subject of another clause."""
    token, known = tokens[j], classes()
    cue = is_cue(token.low) and not token.is_capital and tokens[j - 1].low not in known.prepositions
    third = token.pos == "VERB" and token.low.endswith("s")  # `The letter ends`
    return cue or third or is_auxiliary(token) or token.low in known.finite | known.subject_pronouns or looks_past(token)


def _name_behind(tokens: list[Token], phrase: Phrase, stop: int) -> Phrase:
    """The name behind a role and a comma, if one stands there between commas: `the mayor, Ann Lee, went`."""
    comma = next((k for k in range(phrase.last + 1, min(stop, phrase.last + _ROLE)) if tokens[k].text == ","), stop)
    about = comma > phrase.last + 1  # `the envoy for the wells, Ann Lee, went`
    if comma + 1 >= stop or (about and tokens[phrase.last + 1].low not in classes().noun_prepositions):
        return phrase
    capital = tokens[phrase.last].is_capital
    if capital and not _is_role(tokens, phrase):
        return phrase
    name = past_occupation(tokens, comma + 1, stop)
    end = name_end(tokens, name, stop)
    named = end >= name + (about or capital) and end + 1 < stop and tokens[end + 1].text == ","
    return Phrase(name, end) if named else phrase


def _is_role(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a title is the head of a phrase: `the UN Special Envoy`."""
    ends = (k - 1 for k in range(phrase.first + 1, phrase.last + 1) if tokens[k].low in classes().prepositions)
    return tokens[next(ends, phrase.last)].low in classes().titles - classes().title_bodies
