"""Noun phrases by surface rules: who stands before or behind a reporting word.

No parser: a phrase is bounded by marks, clause words, auxiliaries and other reporting words, and what the grammar
forbids (two finite verbs in a row without a clause between) tells participles from verbs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from qantar.stages.quotes.appositions import is_name, name_end, past_occupation
from qantar.stages.quotes.extents import ends_place
from qantar.stages.quotes.tokens import Token, can_speak, classes, is_clause_cue, is_cue, looks_adverb, looks_past, region_names


class Phrase(NamedTuple):
    """Tokens `first` to `last`, inclusive."""

    first: int
    last: int


_CLOSED = {")": "(", "]": "["}
_DASHES = frozenset({"—", "–", "―", "--"})
_JOINERS = frozenset({"&", "%", "$", "/"})  # marks inside a name or an amount
_APOSTROPHES = frozenset({"'", "’"})
_APPOSITION = 40  # tokens: how far back the noun of an apposition may stand
_NAME = 7  # tokens: a longer run of capitals behind a comma is no name
_ROLE = 9  # tokens: how far behind a role's noun the comma before the name may stand
_RELATIVE = 6  # tokens between a relative pronoun and its verb
_DATELINE = 9  # tokens: a longer head of a passage is no dateline
_CLOCK = 3  # tokens of a time at the head of an entry
_FRONTED = 5  # fronted phrases that are skipped before a subject


# --- before a cue ---------------------------------------------------------------------------------------------------


def phrase_before(tokens: list[Token], at: int) -> Phrase | None:
    """The noun phrase that ends at token `at`, or before the apposition that does."""
    if tokens[at].text in _CLOSED:
        at = _opening(tokens, at) - 1
    if at < 0:
        return None
    token = tokens[at]
    if token.low in classes().places_behind and tokens[at - 1].low in classes().documents:
        return phrase_before(tokens, at - 1)  # `a note inside read`
    if token.text in _DASHES | {",", "-"} or token.closes_with_comma:
        return _before_apposition(tokens, at)
    if not (token.is_word or token.text == "%") or is_auxiliary(token):
        return None
    return _without_front(tokens, _walk_left(tokens, at), at)


def is_auxiliary(token: Token) -> bool:
    """Whether a word is an auxiliary, and neither the "'s" of a possessive nor a name, `Theresa May`."""
    return token.low in classes().auxiliaries and token.low != "'s" and token.pos != "PROPN"


def _opening(tokens: list[Token], close: int) -> int:
    """The place of the bracket that the one at `close` closes, or -1."""
    opener = _CLOSED[tokens[close].text]
    return next((k for k in range(close - 1, -1, -1) if tokens[k].text == opener), -1)


def _before_apposition(tokens: list[Token], at: int) -> Phrase | None:
    """The phrase before `, a lawyer for the group,` that ends with the comma at `at`."""
    mark = "," if tokens[at].quote >= 0 else tokens[at].text
    fallback: Phrase | None = None
    for k in range(at - 2, max(0, at - _APPOSITION), -1):
        if tokens[k].quote >= 0 or tokens[k].text in ".;:":
            break
        if tokens[k].text != mark or not tokens[k - 1].is_word:
            continue
        if tokens[k + 1].low in classes().subject_pronouns:
            break
        phrase = phrase_before(tokens, k - 1)
        if _names_role(tokens, k, at, phrase):
            return Phrase(phrase.first if phrase else k + 1, at - 1)
        if phrase and (tokens[phrase.last].is_capital or tokens[k + 1].low in classes().relatives):
            return phrase
        fallback = fallback or phrase
    return fallback


def _names_role(tokens: list[Token], k: int, at: int, role: Phrase | None) -> bool:
    """Whether a name stands between two commas behind a role: `the secretary of state, Ann Lee,`, not `of Springfield, Va.,`."""
    place = k == at - 2 and tokens[k - 1].is_capital and tokens[k - 2].low in classes().noun_prepositions
    return _is_name(tokens, past_occupation(tokens, k + 1, at), at - 1) and not place and not (role and _is_named(tokens, role))


def _is_name(tokens: list[Token], first: int, last: int) -> bool:
    return is_name(tokens[first : last + 1])


def _is_role(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a title is the head of a phrase: `the UN Special Envoy`."""
    ends = (k - 1 for k in range(phrase.first + 1, phrase.last + 1) if tokens[k].low in classes().prepositions)
    return tokens[next(ends, phrase.last)].low in classes().titles - classes().title_bodies


def _is_named(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a phrase is a name and no role: all in capitals, and more than a title."""
    words = tokens[phrase.first : phrase.last + 1]
    return all(t.is_capital for t in words) and words[-1].low not in classes().titles | classes().newcomers


def _walk_left(tokens: list[Token], at: int) -> int:
    """The first token of the phrase that ends at `at`, with what may be fronted before it."""
    if tokens[at].low in classes().whole_phrases:
        return at
    j = at
    while j >= 0:
        before = _step_left(tokens, j, at)
        if before is None:
            break
        j = before
    return j + 1


def _opens_clause(tokens: list[Token], j: int, at: int) -> bool:
    """Whether the phrase that ends at `at` begins behind token `j`, which opens its clause."""
    low, known = tokens[j].low, classes()
    if low in known.subordinators - known.prepositions and (low not in known.demonstratives or j < at):
        return True
    if low not in known.time_clauses or j == at:
        return False
    # `they gave the verdict after | the lawyer Ann Lee said`
    return tokens[at].is_capital and (_follows_verb(tokens, j) or _times_clause(tokens, j))


def _times_clause(tokens: list[Token], lead: int) -> bool:
    """Whether only times and adverbs stand before a word that opens the first clause: `Shortly after | Ann Lee said`."""
    known = classes()
    timed = known.simple_adverbs | known.times | known.indefinites
    return lead > 0 and all(t.low in timed or t.low.endswith("ly") for t in tokens[:lead])


def _step_left(tokens: list[Token], j: int, at: int) -> int | None:
    """The token to look at behind token `j`, on the way left from `at`; nothing where the phrase begins behind `j`."""
    token, inner = tokens[j], j < at
    if not token.is_word:
        return _past_mark(tokens, j) if inner or token.text in _JOINERS else None
    if token.low == "and":
        return j - 1 if inner and _coordinates(tokens, j) else None
    if token.low in classes().whole_phrases or _opens_clause(tokens, j, at):
        return None
    return _past_verb(tokens, j, inner)


def _past_verb(tokens: list[Token], j: int, inner: bool) -> int | None:
    """Past a word of a phrase, or past a relative clause to the noun before it; nothing where a verb of another clause stands."""
    token, known = tokens[j], classes()
    cue = inner and not token.is_capital and is_clause_cue(token.low)
    if cue and (tokens[j + 1].is_capital or tokens[j + 1].low in known.determiners | known.subject_pronouns):
        return None  # `journalists who claimed | Ann Lee said`
    verb = cue or is_auxiliary(token)
    relative = _relative_before(tokens, j) if verb or (inner and token.low in known.finite) else None
    if relative is not None:
        return relative - 1
    return None if verb else j - 1


def _follows_verb(tokens: list[Token], j: int) -> bool:
    """Whether a finite verb stands before a token in its clause."""
    known = classes()
    before = takewhile(lambda t: t.is_word, reversed(tokens[:j]))
    return any(t.low in known.finite or is_auxiliary(t) or looks_past(t) for t in before)


def _past_mark(tokens: list[Token], j: int) -> int | None:
    """Past a mark that a phrase may hold: `&`, a bracket, an apostrophe, or a title in marks, `the “Harbour Lane” actor`."""
    token = tokens[j]
    if token.text in _JOINERS | _APOSTROPHES:
        return j - 1
    if token.text in _CLOSED:
        opening = _opening(tokens, j)
        return opening - 1 if opening >= 0 else None
    return j - 1 if _is_titled(tokens, j) else None


def _relative_before(tokens: list[Token], verb: int) -> int | None:
    """The place of the relative pronoun whose clause holds the verb, if a noun stands before it."""
    for k in range(verb - 1, max(0, verb - _RELATIVE - 1), -1):
        if not tokens[k].is_word:
            return None
        if tokens[k].low in classes().relatives:
            before = tokens[k - 1]
            noun = before.is_word and before.low not in classes().auxiliaries and not is_clause_cue(before.low)
            return k if noun else None
    return None


def _coordinates(tokens: list[Token], conjunction: int) -> bool:
    """Whether "and" joins two noun phrases rather than two clauses: no finite verb stands before it in its clause."""
    known = classes()
    k = conjunction - 1
    if tokens[k].text in _CLOSED:
        k = _opening(tokens, k) - 1
    while k >= 0 and tokens[k].is_word:
        token = tokens[k]
        if token.low in known.subordinators - known.prepositions:
            break
        finite = token.low in known.finite or token.low in known.subject_pronouns or looks_past(token)
        if finite or is_auxiliary(token) or is_clause_cue(token.low):
            return False
        k -= 1
    return True


def _without_front(tokens: list[Token], first: int, last: int) -> Phrase | None:
    """The phrase without what is fronted before it: `In a statement on Monday | the ministry`; and without a relative clause."""
    known = classes()
    while first <= last and _is_front(tokens[first]):
        first += 1
    relative = next((k for k in range(first + 2, last) if tokens[k].low in known.relatives), None)
    last = last if relative is None else relative - 1
    if first > last:
        return None
    start, fronted = _behind_front(tokens, first, last)
    if fronted:
        return _behind_place_name(tokens, start, last)
    while start < last and tokens[start].low in known.times | {"'s"} and tokens[start].low != "this" and tokens[start + 1].low != "of":
        start += 1  # `Monday's | results`, but `minutes of a meeting`
    return Phrase(start, last)


def _behind_place_name(tokens: list[Token], first: int, last: int) -> Phrase | None:
    """People right behind a fronted place without a comma: `In Torvik | officials said`, `In the capital | doctors say`."""
    people = last - first > 1 and tokens[last].low.endswith("s") and can_speak(tokens[last].low)
    placed = tokens[last - 1].is_capital or tokens[first + 1].low == "the"
    return Phrase(last, last) if people and placed and tokens[last - 1].is_word else None


def _is_front(token: Token) -> bool:
    """Whether a word leads over to a phrase and is no part of it."""
    return looks_adverb(token) or token.low in classes().fronts or token.text in _APOSTROPHES | _JOINERS


def _behind_front(tokens: list[Token], first: int, last: int) -> tuple[int, bool]:
    """Where the subject begins in a stretch that may begin with a fronted phrase, and whether it is still within that."""
    known = classes()
    fronted = _is_fronted(tokens, first, last)
    start, depth = first, 0
    for p in range(first + 1, last + 1):
        before, token = tokens[p - 1], tokens[p]
        depth += (token.text in _CLOSED.values()) - (before.text in _CLOSED)
        linked = before.low in known.prepositions | known.determiners | known.links
        if depth or linked:
            continue
        opens = token.low in known.determiners - known.inner_determiners and not _is_titled_by(tokens, p, last, fronted)
        after_time = before.low in known.times and fronted and token.low not in known.times | known.prepositions
        name = fronted and token.is_capital and not before.is_capital and token.low not in known.times
        if opens or after_time or name:
            start, fronted = p, False
    return start, fronted


def _is_titled_by(tokens: list[Token], p: int, last: int, fronted: bool) -> bool:
    """Whether a determiner stands within a name: `Call The Midwife`, and where nothing is fronted `Save the Wells`."""
    return tokens[p - 1].is_capital and (tokens[p].is_capital or (not fronted and p < last and tokens[p + 1].is_capital))


def _is_fronted(tokens: list[Token], first: int, last: int) -> bool:
    """Whether a stretch begins with a preposition or a time: not with an amount, `about three in ten`."""
    known = classes()
    low = tokens[first].low
    following = tokens[first + 1] if first < last else None
    counted = following is not None and (following.low in known.counts or following.text[0].isdigit())
    if low in known.prepositions:
        return not (counted and low in known.approximators)
    return low in known.time_adjectives and any(t.low in known.times for t in tokens[first + 1 : min(first + 3, last)])


def phrase_behind_with(tokens: list[Token], at: int) -> Phrase | None:
    """The phrase that ends at token `at` and begins behind "with", as in `with the minister saying`."""
    for k in range(at, max(-1, at - 12), -1):
        if not tokens[k].is_word:
            return None
        if tokens[k].low == "with":
            return Phrase(k + 1, at) if k < at else None
    return None


def names_campaign(words: Sequence[Token]) -> bool:
    """Whether some words are the name of a body that begins as an order does: `Save the Wells`."""
    return len(words) > 1 and words[1].low == "the" and all(t.is_capital for t in words if t is not words[1])


def is_vague(tokens: list[Token], phrase: Phrase) -> bool:
    """Whether a phrase takes up what was said before and is nobody: `all of this`, `much of which`."""
    return phrase.first < phrase.last and tokens[phrase.last].low in classes().vague_subjects


# --- behind a cue ---------------------------------------------------------------------------------------------------


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
    while last >= at and _dangles(tokens[last]):
        last -= 1
    return with_name(tokens, Phrase(at, last), stop) if last >= at else None


def _ends_after(tokens: list[Token], j: int, at: int, stop: int) -> bool:
    """Whether a phrase that begins at `at` ends before token `j`."""
    token, known = tokens[j], classes()
    low, inner = token.low, j > at
    if not token.is_word:
        return not inner or not (token.text in _JOINERS | _APOSTROPHES or _is_titled(tokens, j))
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


def _is_titled(tokens: list[Token], j: int) -> bool:
    """Whether a quotation is a title within a phrase: `the “Harbour Lane” actor`."""
    return tokens[j].quote >= 0 and tokens[j - 1].low in classes().determiners and not tokens[j].closes_with_comma


def _dangles(token: Token) -> bool:
    """Whether a word cannot end a phrase."""
    known = classes()
    return looks_adverb(token) or token.low in known.prepositions or token.low in known.dangling


def with_name(tokens: list[Token], phrase: Phrase, stop: int) -> Phrase:
    """A role with the name behind its comma: `the company's head, Ann Lee`."""
    comma = phrase.last + 1
    if comma + 1 >= stop or tokens[comma].text != "," or _is_named(tokens, phrase):
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


# --- the subject of a clause ----------------------------------------------------------------------------------------


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
    timed = tokens[a].low.isdigit() and ":" in (tokens[a - 1].text, tokens[min(a + 1, len(tokens) - 1)].text) and a < _CLOCK
    return timed or tokens[a].low in classes().leads | classes().connectors


def _behind_place(tokens: list[Token], a: int, start: int, stop: int) -> int:
    """The first word behind a dateline, `PARIS (AP) — `, `NEW DELHI: `; else the same word."""
    dash = next((k for k in range(start, min(stop, start + _DATELINE)) if tokens[k].text in _DASHES | {"-"}), None)
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
    return comma if comma is None else _past_region(tokens, comma, stop)


def _leads_front(token: Token, following: Token) -> bool:
    """Whether a word opens a fronted phrase by its form: `Monday`, `last week`, `Speaking`, `Sadly`."""
    known = classes()
    timed = token.low in known.times or (token.low in known.determiners and following.low in known.times)
    return timed or (token.low.endswith(("ing", "ly")) and token.pos != "PROPN")


def _past_region(tokens: list[Token], comma: int, stop: int) -> int:
    """The comma behind a state or country that follows a town and a comma, `in Salem, Ohio, Ann Lee`; else the same comma."""
    end = next((k for k in range(comma + 1, min(stop, comma + _NAME)) if tokens[k].text == ","), None)
    if end is None:
        return comma
    region = " ".join(t.text for t in tokens[comma + 1 : end])
    return end if region.rstrip(".") in region_names() else comma


def _ends_subject(tokens: list[Token], j: int, a: int) -> bool:
    """Whether a subject that begins at `a` ends before token `j`: at its verb, or at an adverb or a preposition before that."""
    token, known = tokens[j], classes()
    if not token.is_word:
        return not (token.text in _APOSTROPHES | _JOINERS and token.start == tokens[j - 1].end)
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
    if capital and not (_is_role(tokens, phrase) and tokens[phrase.first].low in classes().definites):
        return phrase
    name = past_occupation(tokens, comma + 1, stop)
    end = name_end(tokens, name, stop)
    named = end >= name + (about or capital) and end + 1 < stop and tokens[end + 1].text == ","
    return Phrase(name, end) if named else phrase
