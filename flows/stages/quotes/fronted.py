"""Where a report ends that stands in a fronted or a relative clause, or in a row of verbs: before what the main clause goes on with."""

from __future__ import annotations

from collections.abc import Sequence

from qantar.stages.quotes.phrases import Phrase
from qantar.stages.quotes.tokens import MARKS, Token, classes, cues, looks_past, question_forms
from qantar.stages.quotes.verbs import Verb


def within_clause(tokens: list[Token], speaker: Phrase, first: int, last: int) -> int:
    """The end of what is reported where the report itself is a fronted or a relative clause: before the comma that ends that."""
    if first + 1 < speaker.first <= last and tokens[speaker.first - 1].text in MARKS:
        return speaker.first - 2  # `Having said that …, she …`
    if first < speaker.first <= last and tokens[speaker.first - 1].closes_with_comma:
        return speaker.first - 1  # `After saying it was “a trap,” she …`
    fronted = is_fronted(tokens, speaker)
    relative = tokens[speaker.first].low == "who"
    if not (fronted or relative):
        return last
    goes_on = _may_begin if fronted else _may_be_verb
    ends = (k - 1 for k in range(first + 1, last) if tokens[k].text == "," and goes_on(tokens, k + 1) and not _only_times(tokens, first, k))
    return next(ends, last)


def _only_times(tokens: list[Token], first: int, comma: int) -> bool:
    """Whether nothing but a time stands before a comma: `adding that last year | , the council had paid`."""
    known = classes()
    return all(t.low in known.times | known.occasions | known.time_adjectives or t.text.isdigit() for t in tokens[first:comma])


def within_series(tokens: list[Token], verb: Verb, speaker: Phrase, first: int, last: int) -> int:
    """The end of what the second of three verbs reports: `She spoke, proposed that boats be sent, | and pushed for it`."""
    if tokens[verb.first - 1].text != "," or speaker.last > verb.first - 3 or verb.cue.form != "past":
        return last
    ends = (k - 1 for k in range(first + 1, last - 1) if tokens[k].text == "," and tokens[k + 1].low == "and" and looks_past(tokens[k + 2]))
    return next(ends, last)


def is_fronted(tokens: Sequence[Token], speaker: Phrase) -> bool:
    """Whether a clause with this subject is fronted: `After Ann Lee said …`, `But when she said …`; not `But she said …`."""
    lead, known = speaker.first - 1, classes()
    if tokens[0].low in question_forms() and lead > 0 and all(t.is_word for t in tokens[: speaker.first]):
        return True  # `Asked about Ann Lee's calling it a trap, …`
    if lead < 0 or tokens[lead].low not in known.fronted_leads:
        return False
    times = known.simple_adverbs | known.times | known.indefinites if tokens[lead].low in known.time_clauses else frozenset()
    return all(not t.is_word or t.low in known.leads | times or t.low.endswith("ly") for t in tokens[:lead])


def _may_begin(tokens: list[Token], k: int) -> bool:
    token = tokens[k]
    return token.is_capital or token.low in classes().determiners or token.low in classes().pronouns


def _may_be_verb(tokens: list[Token], k: int) -> bool:
    token, known = tokens[k], classes()
    return (
        looks_past(token) or token.low in known.auxiliaries or token.low in cues() or token.low in known.finite
    )  # `…, attributed the delay`
