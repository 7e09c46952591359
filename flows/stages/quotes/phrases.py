"""Noun phrases by surface rules: who stands before or behind a reporting word.

No parser: a phrase is bounded by marks, clause words, auxiliaries and other reporting words, and what the grammar
forbids (two finite verbs in a row without a clause between) tells participles from verbs.
"""

from __future__ import annotations

from typing import NamedTuple

from qantar.stages.quotes.tokens import Token, classes, cues


class Phrase(NamedTuple):
    """Tokens `first` to `last`, inclusive."""

    first: int
    last: int


_CLOSED = {")": "(", "]": "["}
_RELATIVES = frozenset({"who", "that", "which"})


def phrase_before(tokens: list[Token], at: int) -> Phrase | None:
    """The noun phrase that ends at token `at`, or before the apposition that does."""
    known = classes()
    if at >= 0 and tokens[at].text in _CLOSED:
        at = _opening(tokens, at) - 1
    if at < 0:
        return None
    if tokens[at].text in (",", "—", "–", "--", "-") or tokens[at].closes_with_comma:
        return _before_apposition(tokens, at)
    if (not tokens[at].is_word and tokens[at].text != "%") or (tokens[at].low in known.auxiliaries and tokens[at].low != "'s"):
        return None
    first = _walk_left(tokens, at)
    if first > at:
        return None
    return _without_front(tokens, first, at)


def _opening(tokens: list[Token], close: int) -> int:
    """The place of the bracket that the one at `close` closes, or -1."""
    opener = _CLOSED[tokens[close].text]
    return next((k for k in range(close - 1, -1, -1) if tokens[k].text == opener), -1)


def _before_apposition(tokens: list[Token], at: int) -> Phrase | None:
    """The phrase before `, a lawyer for the group,` that ends with the comma at `at`."""
    mark = "," if tokens[at].quote >= 0 else tokens[at].text
    fallback: Phrase | None = None
    for k in range(at - 2, max(0, at - 40), -1):
        if tokens[k].quote >= 0 or tokens[k].text in ".;:":
            break
        if tokens[k].text != mark or not tokens[k - 1].is_word:
            continue
        if _starts_clause(tokens, k + 1):
            break
        if all(t.is_capital for t in tokens[k + 1 : at]) and at - k <= 5 and not tokens[k - 1].is_capital:
            described = phrase_before(tokens, k - 1)  # the name stands second: `the secretary of state, Antony Blinken,`
            return Phrase(described.first if described else k + 1, at - 1)
        phrase = phrase_before(tokens, k - 1)
        if phrase is None:
            continue
        if tokens[phrase.last].is_capital or tokens[k + 1].low in ("who", "which", "whose"):
            return phrase
        fallback = fallback or phrase
    return fallback


def _starts_clause(tokens: list[Token], at: int) -> bool:
    known = classes()
    return at < len(tokens) and tokens[at].low in known.subject_pronouns


def _walk_left(tokens: list[Token], at: int) -> int:
    known, reporting = classes(), cues()
    j = at
    while j >= 0:
        token = tokens[j]
        if not token.is_word:
            if token.text in ("&", "%", "$", "/") or (token.text in ("'", "’") and j < at):
                j -= 1
                continue
            if token.text in _CLOSED and j < at:
                j = _opening(tokens, j) - 1
                continue
            break
        low = token.low
        if low in known.subject_pronouns or low in ("it", "there", "himself", "herself"):
            return j if j == at else j + 1
        if low == "who" and j == at:
            return j
        if low == "and" and j < at:
            if not _coordinates(tokens, j):
                break
            j -= 1
            continue
        if low in known.subordinators and low not in known.prepositions and not (low in ("that", "what", "so") and j == at):
            break
        if (low in known.auxiliaries and not (low == "'s" and j < at)) or (
            j < at and _is_clause_cue(reporting, low) and not token.is_capital
        ):
            relative = _relative_before(tokens, j)
            if relative is None:
                break
            j = relative - 1
            continue
        j -= 1
    return j + 1


def _is_clause_cue(reporting: object, low: str) -> bool:
    return any("clause" in c.frames and not c.particle and c.form in ("past", "third") for c in cues().get(low, ()))


def _relative_before(tokens: list[Token], verb: int) -> int | None:
    """The place of the relative pronoun whose clause holds the verb, if a noun stands before it."""
    for k in range(verb - 1, max(0, verb - 7), -1):
        if not tokens[k].is_word:
            return None
        if tokens[k].low in _RELATIVES:
            before = tokens[k - 1]
            noun = before.is_word and before.low not in classes().auxiliaries and not _is_clause_cue(None, before.low)
            return k if noun else None
    return None


def _coordinates(tokens: list[Token], conjunction: int) -> bool:
    """Whether "and" joins two noun phrases rather than two clauses: no finite verb stands before it in its clause."""
    known = classes()
    k = conjunction - 1
    if k >= 0 and tokens[k].text in _CLOSED:
        k = _opening(tokens, k) - 1
    if k < 0 or not tokens[k].is_word:
        return False
    while k >= 0 and tokens[k].is_word:
        low = tokens[k].low
        if low in known.subordinators and low not in known.prepositions:
            break
        if low in known.auxiliaries and low != "'s":
            return False
        if low in known.finite or (low.endswith("ed") and len(low) > 4 and not tokens[k].is_capital) or low in known.subject_pronouns:
            return False
        if _is_clause_cue(None, low):
            return False
        k -= 1
    return True


def _without_front(tokens: list[Token], first: int, last: int) -> Phrase | None:
    """The phrase without what is fronted before it: `In a statement on Monday | the ministry`."""
    known = classes()
    while first <= last and (
        tokens[first].low
        in ("and", "but", "so", "yet", "then", "also", "still", "meanwhile", "however", "instead", "even", "when", "or", "nor", "plus")
        or (tokens[first].low.endswith("ly") and not tokens[first].is_capital)
        or tokens[first].text in ("'", "’", "&", "%")
    ):
        first += 1
    if first > last:
        return None
    counted = (
        first < last
        and tokens[first].low in ("about", "around", "over", "under")
        and (tokens[first + 1].low in known.numbers or tokens[first + 1].text[0].isdigit() or tokens[first + 1].low in ("half", "one", "a"))
    )  # `about three in ten`
    fronted = (tokens[first].low in known.prepositions and not counted) or (
        tokens[first].low in ("last", "this", "earlier", "late", "early", "next", "as")
        and any(t.low in known.times for t in tokens[first + 1 : min(first + 3, last)])
    )
    start = first
    depth = 0
    for p in range(first + 1, last + 1):
        depth += (tokens[p].text in _CLOSED.values()) - (tokens[p - 1].text in _CLOSED)
        if depth:
            continue
        before, token = tokens[p - 1], tokens[p]
        linked = before.low in known.prepositions or before.low in ("and", "'s", "&") or before.low in known.determiners
        if linked:
            continue
        opens = token.low in known.determiners and token.low not in (
            "that",
            "all",
            "no",
            "two",
            "three",
            "four",
            "five",
            "six",
            "one",
            "other",
            "both",
        )
        after_time = before.low in known.times and fronted and token.low not in known.times and token.low not in known.prepositions
        name = fronted and token.is_capital and not before.is_capital and token.low not in known.times
        if opens or after_time or name:
            start = p
            fronted = False
    if fronted and tokens[start].low in known.prepositions:
        return None
    while start < last and tokens[start].low in known.times and tokens[start].low not in ("this",):
        start += 1
    return Phrase(start, last) if start <= last else None


def phrase_behind_with(tokens: list[Token], at: int) -> Phrase | None:
    """The phrase that ends at token `at` and begins behind "with", as in `with the minister saying`."""
    for k in range(at, max(-1, at - 12), -1):
        if not tokens[k].is_word:
            return None
        if tokens[k].low == "with":
            return Phrase(k + 1, at) if k < at else None
    return None


def phrase_after(tokens: list[Token], at: int, stop: int) -> Phrase | None:
    """The noun phrase that begins at token `at`, up to `stop`: the subject of `said X`, the source of `according to X`."""
    known = classes()
    j = at
    while j < stop:
        token = tokens[j]
        if not token.is_word:
            if token.text in ("&", "%", "$", "/", "'", "’") and j > at:
                j += 1
                continue
            break
        low = token.low
        if j == at and (low in known.subject_pronouns or low in ("him", "them", "it", "her", "us", "me", "who")):
            return Phrase(j, j) if low != "her" or j + 1 >= stop or not tokens[j + 1].is_word else _extend(tokens, at, stop)
        if (low in known.subordinators and low not in known.prepositions) or low in known.subject_pronouns or low in ("who", "which"):
            break
        if low in known.auxiliaries and low != "'s":
            break
        if (low in known.times and j > at and not token.is_capital) or (token.is_capital and low in known.times and low.endswith("day")):
            break
        if low in known.prepositions and low not in ("of", "for", "at", "from", "with", "by", "to", "in", "on", "against"):
            break
        if low in ("in", "on", "to", "with", "by", "at", "from") and (
            j + 1 < stop and (tokens[j + 1].low in known.times or tokens[j + 1].low in ("a", "an"))
        ):
            break
        if (low.endswith("ing") or _is_clause_cue(None, low)) and j > at and not token.is_capital:
            break
        j += 1
    last = j - 1
    while last >= at and (
        tokens[last].low in known.prepositions
        or tokens[last].low in ("and", "the", "a")
        or (tokens[last].low.endswith("ly") and not tokens[last].is_capital)
    ):
        last -= 1
    return Phrase(at, last) if last >= at else None


def _extend(tokens: list[Token], at: int, stop: int) -> Phrase:
    phrase = phrase_after(tokens, at + 1, stop)
    return Phrase(at, phrase.last) if phrase else Phrase(at, at)


def first_subject(tokens: list[Token], start: int, stop: int) -> Phrase | None:
    """The subject of the clause that begins at `start`: the first noun phrase that is not fronted."""
    known = classes()
    a = start
    while a < stop and (not tokens[a].is_word or tokens[a].low in ("and", "but", "then", "also", "so", "meanwhile", "however")):
        if tokens[a].quote >= 0:
            return None
        a += 1
    if a + 1 < stop and tokens[a + 1].text == "," and tokens[a].low in known.simple_adverbs:
        a += 2
    dash = next((k for k in range(start, min(stop, start + 9)) if tokens[k].text in ("—", "–", "--")), None)
    if dash is not None and a < dash < stop - 1 and (tokens[a].text.isupper() or tokens[dash - 1].text == ")"):
        a = dash + 1  # `PARIS (AP) — `
    for _ in range(5):
        timed = a + 1 < stop and (tokens[a].low in known.times or (tokens[a].low in known.determiners and tokens[a + 1].low in known.times))
        fronted = a < stop and (
            timed
            or tokens[a].low in known.prepositions
            or tokens[a].low in known.subordinators
            or (tokens[a].low.endswith(("ing", "ly")) and tokens[a].pos != "PROPN" and a + 1 < stop)
        )
        if not fronted or tokens[a].low in ("that", "what"):
            break
        comma = next((k for k in range(a, stop) if tokens[k].text == ","), None)
        if comma is None:
            break
        a = comma + 1
    if a >= stop:
        return None
    if tokens[a].low in known.subject_pronouns or tokens[a].low in ("it", "who"):
        return Phrase(a, a)
    j = a
    while j < stop:
        t = tokens[j]
        if not t.is_word:
            if t.text in ("'", "’", "&") and a < j and t.start == tokens[j - 1].end:
                j += 1
                continue
            break
        low = t.low
        if j > a and (
            (low in known.auxiliaries and low != "'s")
            or (low in cues() and not t.is_capital and tokens[j - 1].low not in known.prepositions)
            or low in known.finite
            or low in known.subject_pronouns
        ):
            break
        if j > a and not t.is_capital and ((low.endswith("ed") and len(low) > 4) or low.endswith("ly") or low in known.simple_adverbs):
            break
        if (low in known.prepositions and low not in ("of", "for", "at", "from")) or (
            low in known.subordinators and low not in known.prepositions
        ):
            break
        j += 1
    last = j - 1
    while last >= a and tokens[last].low in known.prepositions:
        last -= 1
    if last < a:
        return None
    if last + 2 < stop and tokens[last + 1].text == "," and tokens[last + 2].is_capital and not tokens[last].is_capital:
        end = last + 2
        while end + 1 < stop and tokens[end + 1].is_capital:
            end += 1
        if end + 1 < stop and tokens[end + 1].text == ",":
            return Phrase(last + 2, end)
    return Phrase(a, last)
