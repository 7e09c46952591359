"""The noun phrase that ends before a reporting word, by surface rules.

What the grammar forbids (two finite verbs in a row without a clause between) tells participles from verbs.
"""

from __future__ import annotations

from itertools import takewhile

from qantar.stages.quotes.appositions import is_age, is_name, past_occupation, without_origin
from qantar.stages.quotes.phrases import APOSTROPHES, JOINERS, Phrase, is_auxiliary, is_named, is_titled
from qantar.stages.quotes.tokens import DASHES, Token, can_speak, classes, is_clause_cue, is_informed, looks_adverb, looks_past

_CLOSED = {")": "(", "]": "["}
_APPOSITION = 40  # tokens: how far back the noun of an apposition may stand
_RELATIVE = 6  # tokens between a relative pronoun and its verb


def phrase_before(tokens: list[Token], at: int) -> Phrase | None:
    """The noun phrase that ends at token `at`, or before the apposition that does."""
    if tokens[at].text in _CLOSED:
        at = _opening(tokens, at) - 1
    if at < 0:
        return None
    token = tokens[at]
    if token.low in classes().places_behind and tokens[at - 1].low in classes().documents:
        return phrase_before(tokens, at - 1)  # `a note inside read`
    if token.text in DASHES | {",", "-"} or token.closes_with_comma:
        return _before_apposition(tokens, at)
    if not (token.is_word or token.text == "%") or is_auxiliary(token):
        return None
    return _without_front(tokens, _walk_left(tokens, at), at)


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
        if tokens[k].text != mark or not tokens[k - 1].is_word or is_age(tokens, k - 1):
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
    return _is_name(tokens, past_occupation(tokens, k + 1, at), at - 1) and not place and not (role and is_named(tokens, role))


def _is_name(tokens: list[Token], first: int, last: int) -> bool:
    return is_name(without_origin(tokens[first : last + 1]))


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
    if low not in known.time_clauses:
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
        return _past_mark(tokens, j) if inner or token.text in JOINERS else None
    if token.low == "and":
        return j - 1 if inner and _coordinates(tokens, j) else None
    if token.low in classes().whole_phrases or _opens_clause(tokens, j, at):
        return None
    return _past_verb(tokens, j, inner)


def _past_verb(tokens: list[Token], j: int, inner: bool) -> int | None:
    """Past a word of a phrase, or past a relative clause to the noun before it; nothing where a verb of another clause stands."""
    token, known = tokens[j], classes()
    cue = inner and not token.is_capital and is_clause_cue(token.low) and not is_informed(tokens, j)
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
    if token.text in JOINERS | APOSTROPHES:
        return j - 1
    if token.text in _CLOSED:
        opening = _opening(tokens, j)
        return opening - 1 if opening >= 0 else None
    return j - 1 if is_titled(tokens, j) else None


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
    people = tokens[last].low.endswith("s") and can_speak(tokens[last].low)
    placed = tokens[last - 1].is_capital or tokens[first + 1].low == "the"
    return Phrase(last, last) if people and placed else None


def _is_front(token: Token) -> bool:
    """Whether a word leads over to a phrase and is no part of it."""
    return looks_adverb(token) or token.low in classes().fronts or token.text in APOSTROPHES | JOINERS


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
