"""Noun phrases by surface rules: what one is, and the one that begins behind a reporting word.

No parser: a phrase is bounded by marks, clause words, auxiliaries and other reporting words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qantar.stages.quotes.appositions import name_end, past_occupation
from qantar.stages.quotes.tokens import Token, classes, is_clause_cue, looks_adverb, region_names

JOINERS = frozenset({"&", "%", "$", "/"})  # marks inside a name or an amount
APOSTROPHES = frozenset({"'", "’"})
_NAME = 7  # tokens: a longer run of capitals behind a comma is no name


class Phrase(NamedTuple):
    """Tokens `first` to `last`, inclusive."""

    first: int
    last: int


def is_auxiliary(token: Token) -> bool:
    """Whether a word is an auxiliary, and neither the "'s" of a possessive nor a name, `Theresa May`."""
    return token.low in classes().auxiliaries and token.low != "'s" and token.pos != "PROPN"


def is_named(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a phrase is a name and no role: all in capitals, and more than a title."""
    words = tokens[phrase.first : phrase.last + 1]
    return all(t.is_capital for t in words) and words[-1].low not in classes().titles | classes().newcomers


def is_titled(tokens: list[Token], j: int) -> bool:
    """Whether a quotation is a title within a phrase: `the “Harbour Lane” actor`."""
    return tokens[j].quote >= 0 and tokens[j - 1].low in classes().determiners and not tokens[j].closes_with_comma


def names_campaign(words: Sequence[Token]) -> bool:
    """Whether some words are the name of a body that begins as an order does: `Save the Wells`."""
    return len(words) > 1 and words[1].low == "the" and all(t.is_capital for t in words if t is not words[1])


def is_vague(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a phrase takes up what was said before and is nobody: `all of this`, `much of which`."""
    return phrase.first < phrase.last and tokens[phrase.last].low in classes().vague_subjects


def phrase_after(tokens: list[Token], at: int, stop: int) -> Phrase | None:
    """The noun phrase that begins at token `at`, up to `stop`: the subject of `said X`, the source of `according to X`.

    A role with a name behind its comma is one phrase: `her brother, Tom Lee`.
    """
    if at >= stop:
        return None
    if tokens[at].low in classes().objects:
        return _extend(tokens, at, stop) if tokens[at].low == "her" else Phrase(at, at)
    j = at
    while j < stop and not _ends_after(tokens, j, at, stop):
        j += 1
    last = j - 1
    while last >= at and (_dangles(tokens[last]) or _is_told_of_noun(tokens, last)):
        last -= 1
    return with_name(tokens, Phrase(at, last), stop) if last >= at else None


def _ends_after(tokens: list[Token], j: int, at: int, stop: int) -> bool:
    """Whether a phrase that begins at `at` ends before token `j`."""
    token, known = tokens[j], classes()
    low, inner = token.low, j > at
    if not token.is_word:
        return not inner or not (token.text in JOINERS | APOSTROPHES or is_titled(tokens, j))
    if _opens_other_clause(token) or (_tells_time(token, inner) and not _dates_noun(tokens, j, at, stop)):
        return True
    if low in known.prepositions:
        following = tokens[j + 1].low if j + 1 < stop else ""
        return low not in known.noun_prepositions or (low in known.occasions and following in known.times | known.indefinites)
    return inner and not token.is_capital and token.pos != "NOUN" and (low.endswith("ing") or is_clause_cue(low))


def _opens_other_clause(token: Token) -> bool:
    """Whether a word belongs to another clause: `that`, `she`, `who`, `was`."""
    known, low = classes(), token.low
    return low in known.subordinators - known.prepositions or low in known.subject_pronouns | known.relatives or is_auxiliary(token)


def _tells_time(token: Token, inner: bool) -> bool:
    """Whether a word is a time behind a phrase, and not in a name: `later`, `Monday`."""
    if token.low not in classes().times:
        return False
    return token.low.endswith("day") and token.low != "day" if token.is_capital else inner  # `Maria Day`


def _dates_noun(tokens: list[Token], j: int, at: int, stop: int) -> bool:
    """Whether a time says of what day a noun is: `a Wednesday editorial`."""
    return at < j < stop - 1 and tokens[j - 1].low in classes().determiners and tokens[j + 1].is_word


def _dangles(token: Token) -> bool:
    """Whether a word cannot end a phrase."""
    known = classes()
    return looks_adverb(token) or token.low in known.prepositions or token.low in known.dangling


def _is_told_of_noun(tokens: list[Token], at: int) -> bool:
    """Whether a word is a participle behind its noun: `a report | published on Monday`."""
    return tokens[at].pos == "VERB" and tokens[at - 1].pos == "NOUN" and not tokens[at].is_capital


def with_name(tokens: list[Token], phrase: Phrase, stop: int) -> Phrase:
    """A role with the name behind its comma: `the company's head, Ann Lee`."""
    comma = phrase.last + 1
    if comma + 1 >= stop or tokens[comma].text != "," or is_named(tokens, phrase):
        return phrase
    name = past_occupation(tokens, comma + 1, stop)
    end = name_end(tokens, name, stop)
    closed = end + 1 >= stop or not tokens[end + 1].is_word or tokens[end + 1].low in classes().relatives
    if " ".join(t.text for t in tokens[comma + 1 : end + 1]).rstrip(".") in region_names():
        return phrase  # `said Ann Lee of Salem, Ore.`
    return Phrase(phrase.first, end) if name <= end < name + _NAME and closed else phrase


def _extend(tokens: list[Token], at: int, stop: int) -> Phrase:
    phrase = phrase_after(tokens, at + 1, stop)
    return Phrase(at, phrase.last) if phrase else Phrase(at, at)
