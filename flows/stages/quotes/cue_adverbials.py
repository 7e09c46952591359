"""Times, places and manners behind a cue: `said | Monday in a speech in Ohio`, `said | on Tuesday, 26 July 2022,`."""

from __future__ import annotations

from qantar.stages.quotes.tokens import STOPS, Token, classes, looks_adverb
from qantar.stages.quotes.verb_times import past_date

_YEAR = 4  # digits


def past_adverbials(tokens: list[Token], at: int) -> int:
    """Past times, places and manners behind a cue: `said | Monday in a speech in Ohio`, `said | on Tuesday, 26 July 2022,`."""
    j = at
    while j < len(tokens) and (behind := _past_adverbial(tokens, j, at)) > j:
        j = behind
    return j


def _past_adverbial(tokens: list[Token], j: int, at: int) -> int:
    """Past one of them; the same place where there is none."""
    if not tokens[j].is_word:
        return past_date(tokens, j) if j > at else j
    behind = _past_time(tokens, j, at)
    return _past_object(tokens, j + 1) if behind == j and _leads_place(tokens, j) else behind


def _past_time(tokens: list[Token], j: int, at: int) -> int:
    """Past a time or an adverb, `Monday`, `May 3`, `last week`, `angrily`; the same place where there is none."""
    known, token = classes(), tokens[j]
    if _is_adverb(token) or token.low in known.times - known.time_leads - known.modals:
        return j + 1
    if token.low.isdigit() and j > at and tokens[j - 1].low in known.times:
        return j + 1
    if token.low in known.occasions and j + 1 < len(tokens) and _is_year(tokens[j + 1]):
        return j + 2  # `said in 2018 that`
    timed = j + 1 < len(tokens) and tokens[j + 1].low in known.times
    return j + 2 if token.low in known.time_leads and timed else j


def _is_year(token: Token) -> bool:
    return len(token.text) == _YEAR and token.text.isdigit()


def _is_adverb(token: Token) -> bool:
    """Whether a word is an adverb of the reporting clause: `later`, `angrily`, but not `all` or `Sally`."""
    known = classes()
    simple = token.low in known.simple_adverbs and token.low not in known.floating_quantifiers
    return simple or looks_adverb(token)


def _leads_place(tokens: list[Token], j: int) -> bool:
    """Whether a preposition leads to a place, an occasion or a hearer: `in Ohio`, `to reporters`, but not `to stay`."""
    known, low = classes(), tokens[j].low
    if low not in known.clause_prepositions:
        return low in known.prepositions
    if low not in known.hearer_prepositions or j + 1 >= len(tokens):
        return False
    following = tokens[j + 1]
    return following.is_capital or following.low in known.determiners or following.low in known.hearers


def _past_object(tokens: list[Token], at: int) -> int:
    """Past the noun phrase of a preposition, short of a subject that follows it."""
    j, n = at, len(tokens)
    if j + 1 < n and tokens[j].low.endswith("ing"):
        j += 1  # `in posing the question`
    if j < n and tokens[j].low in classes().determiners:
        j += 1
    while j < n and (tokens[j].is_word or tokens[j].text == "&") and not _bounds_phrase(tokens[j]):
        if j > at and _begins_subject(tokens[j - 1], tokens[j]) and not _ends_with_name(tokens, j):
            break
        j += 1
    return j


def _ends_with_name(tokens: list[Token], at: int) -> bool:
    """Whether a name of a noun ends the passage: `in the journal | Muscle & Bone.`; not `insisted on being | Ann Lee.`"""
    j = len(tokens) + 1 if tokens[at - 1].low.endswith("ing") else at
    while j < len(tokens) and (tokens[j].is_capital or tokens[j].text == "&"):
        j += 1
    return j < len(tokens) and tokens[j].text in STOPS


def _bounds_phrase(token: Token) -> bool:
    """Whether a word stands in no noun phrase but at its head: `the`, `in`, `which`, `she`, `was`."""
    known, low = classes(), token.low
    if low in known.determiners or low in known.prepositions or low in known.subordinators or low in known.pronouns:
        return True
    return low in known.auxiliaries and low != "'s" and not token.is_capital  # `in May`


def _begins_subject(before: Token, token: Token) -> bool:
    """Whether a word begins a new phrase: the name in `in a speech Ann Lee`, what follows the time in `on Monday officials`."""
    known = classes()
    if token.low in known.times:
        return False
    new_name = token.is_capital and not before.is_capital and before.low not in known.determiners and before.low != "'s"
    return new_name or (before.low in known.times and not token.low.isdigit())
