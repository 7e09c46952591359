"""Reports whose cue is no verb of a speaker's own: `according to X`, `in her view`, `as told by X`."""

from __future__ import annotations

from qantar.stages.quotes.beginnings import question, starts_bare
from qantar.stages.quotes.cue_adverbials import past_adverbials
from qantar.stages.quotes.extents import Range, clause_end, has_verb, left_range, reports_anew
from qantar.stages.quotes.phrases import Phrase, is_auxiliary, phrase_after
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.tokens import MARKS, STOPS, Cue, Token, can_speak, classes, looks_past
from qantar.stages.quotes.verbs import Report, Verb, made, stands_behind_name

_APPOSED = 9  # tokens: how long an apposition to who asks may be


def according(tokens: list[Token], at: int) -> list[Report]:
    """`according to X, …`, `…, according to X`."""
    source = phrase_after(tokens, at + 2, len(tokens))
    if source is None or tokens[source.last].low in classes().no_sources or tokens[source.first].low == "me":
        return []
    return _adverbial(tokens, at, (at, at + 1), source, ("according to", Rule.ACCORDING))


def in_view(tokens: list[Token], at: int) -> list[Report]:
    """`in his view, …`, `in the words of Ann Lee, …`; not within a report: `he concluded that, in his view, …`."""
    known = classes()
    if at + 4 < len(tokens) and tokens[at + 1].low == "the" and tokens[at + 2].low in known.views and tokens[at + 3].low == "of":
        source = phrase_after(tokens, at + 4, len(tokens))
        opens = at == 0 or not tokens[at - 1].is_word
        return _adverbial(tokens, at, (at, at + 2), source, ("in someone's view", Rule.VIEW)) if source and opens else []
    view = _owned_view(tokens, at)
    followed = view is not None and view + 1 < len(tokens) and tokens[view + 1].low == "of"
    if view is None or followed or _stands_inside(tokens, at):
        return []
    owner = Phrase(at + 1, view - 1 if tokens[view - 1].low in known.possessives else view - 2)
    if tokens[owner.first].low in known.first_persons:
        return []
    return _adverbial(tokens, at, (at, view), owner, ("in someone's view", Rule.VIEW))


def held_by(tokens: list[Token], at: int) -> list[Report]:
    """`to Ann Lee, “…”`, `to the miners it is “…”`, where the quotation ends the clause."""
    known = classes()
    opens = tokens[at].low == "to" and (not tokens[at - 1].is_word or tokens[at - 1].low in known.subordinators)
    source = phrase_after(tokens, at + 1, len(tokens)) if opens else None
    if source is None:
        return []
    if source.first < source.last and tokens[source.last].low in known.expletives:
        source = Phrase(source.first, source.last - 1)
    k = _past_copula(tokens, source.last + 1)
    ends = k < len(tokens) and (k + 1 == len(tokens) or not tokens[k + 1].is_word)
    return [Report((at, at), "in someone's view", "speech", Rule.VIEW, source, ((k, k),))] if ends else []


def _past_copula(tokens: list[Token], at: int) -> int:
    """Past a comma and `it is`."""
    at += at < len(tokens) and tokens[at].text == ","
    subjects = classes().expletives | classes().third_persons
    return at + 2 if at < len(tokens) and tokens[at].low in subjects else at


def _owned_view(tokens: list[Token], at: int) -> int | None:
    """The view behind "in" and its owner: `in the mayor's view`."""
    known = classes()
    for k in range(at + 2, min(len(tokens), at + 8)):
        if not tokens[k - 1].is_word:
            return None
        if tokens[k].low in known.views and (tokens[k - 1].low in known.possessives or tokens[k - 1].low == "'s"):
            return k
    return None


def _stands_inside(tokens: list[Token], at: int) -> bool:
    """Whether a view is part of the clause around it: `held in her view`, `that, in her view,`."""
    return at > 0 and (tokens[at - 1].is_word or tokens[at - 2].low == "that")


def _adverbial(tokens: list[Token], first: int, cue: Range, source: Phrase, names: tuple[str, Rule]) -> list[Report]:
    """A report whose cue is an adverbial: what stands before it, behind it, or around it; `names` are its lemma and its rule."""
    after = max(cue[1], source.last) + 1
    if _opens_clause(tokens, first, cue, source):
        return [Report(cue, names[0], "speech", names[1], source, ((after, clause_end(tokens, after)),))]  # `In her view | it is “a trap”`
    while after < len(tokens) and tokens[after].is_word:
        after += 1  # an addition to the source: `published on Monday`
    opens = tokens[first - 1].text in STOPS | {":"} or tokens[first - 1 - (tokens[first - 1].text == ",")].low == "that"
    left = None if opens else left_range(tokens, first - 1)  # not `The paper said that, | according to Ann Lee, …`
    is_clause = left is not None and has_verb(tokens, *left)
    begun = left is not None and is_auxiliary(tokens[left[1]])  # `It was, in the words of X, a year`
    right = _behind_adverbial(tokens, after, is_clause and not begun)
    if left and not _stays(tokens, left, right, is_clause):
        left = None
    content = tuple(r for r in (left, right) if r)
    return [Report(cue, names[0], "speech", names[1], source, content)] if content else []


def _opens_clause(tokens: list[Token], first: int, cue: Range, source: Phrase) -> bool:
    """Whether a view at the head stands before its clause without a comma: `In her view | it is “a trap”`."""
    return first == 0 and source.last < cue[1] < len(tokens) - 1 and starts_bare(tokens, cue[1] + 1)


def _stays(tokens: list[Token], left: Range, right: Range | None, is_clause: bool) -> bool:
    """Whether what stands before an adverbial is reported too: a clause of its own, or the subject of the verb behind."""
    if is_clause:
        return right is None or not _is_subordinate(tokens, left)
    return right is not None and _is_subject_of(tokens, left[0], right[0])


def _is_subject_of(tokens: list[Token], first: int, verb: int) -> bool:
    """Whether what begins at a token is the subject of a verb behind an adverbial: `The plan, according to X, had failed`."""
    return tokens[first].low not in classes().prepositions and (is_auxiliary(tokens[verb]) or looks_past(tokens[verb]))


def _behind_adverbial(tokens: list[Token], after: int, stands_before: bool) -> Range | None:
    """What is reported behind an adverbial and its mark; nothing where the report stands before and an addition follows."""
    if after >= len(tokens) or (tokens[after].text not in MARKS and tokens[after].quote < 0):
        return None
    begin = after if tokens[after].quote >= 0 else after + 1
    if begin >= len(tokens):
        return None
    low = tokens[begin].low
    adds = low in classes().resumption_bars or low.endswith("ing")  # `…, according to X, citing Y`
    if _is_role(tokens, begin):
        return None
    if stands_before and adds and not _adds_clause(tokens, begin):
        return None
    return begin, clause_end(tokens, begin)


def _is_role(tokens: list[Token], at: int) -> bool:
    """Whether what ends the passage is a role without an article: `…, according to Ann Lee, | secretary of the club`."""
    role = phrase_after(tokens, at, len(tokens))
    if role is None or has_verb(tokens, at, clause_end(tokens, at)):
        return False
    of = next((k for k in range(at, role.last + 1) if tokens[k].low in classes().prepositions), role.last + 1)
    return of > at and can_speak(tokens[of - 1].low)


def _adds_clause(tokens: list[Token], at: int) -> bool:
    """Whether "and" adds more of what is reported: `…, according to X, and nobody had been told`; not `…, and Tom Ray denied it`."""
    if tokens[at].low != "and" or at + 2 >= len(tokens) or reports_anew(tokens, at + 1):
        return False
    return has_verb(tokens, at + 1, clause_end(tokens, at + 1))


def _is_subordinate(tokens: list[Token], left: Range) -> bool:
    """Whether what stands before is a subordinate clause alone: `As if that were not enough, as told by X, …`."""
    fronted = tokens[left[0]].low in classes().subordinators
    return fronted and not any(tokens[k].text == "," for k in range(left[0], left[1] + 1))


def asked(tokens: list[Token], at: int, cue: Cue) -> list[Report]:
    """`Asked by X whether …, Y …`, `Y, asked whether …,`, `Y was asked if …`: a question of who asks, or of nobody."""
    known = classes()
    passive = tokens[at - 1].low in known.be
    opens = at == 0 or tokens[at - 1].low in known.participle_leads or stands_behind_name(tokens, at)
    if cue.form not in ("past", "participle") or not (passive or opens):
        return []
    asker = phrase_after(tokens, at + 2, len(tokens)) if at + 1 < len(tokens) and tokens[at + 1].low == "by" else None
    first = question(tokens, past_adverbials(tokens, _past_apposition(tokens, asker.last + 1) if asker else at + 1))
    if first is None:
        return []
    last = clause_end(tokens, first) if passive else _end_of_asking(tokens, first)
    return [Report((at, at), cue.lemma, cue.attitude, Rule.QUESTION, asker, ((first, last),))] if last > first else []


def _past_apposition(tokens: list[Token], at: int) -> int:
    """Past a name or a role between commas: `asked by the coroner | , Ann Lee, | if`."""
    commas = (k for k in range(at, min(len(tokens) - 1, at + _APPOSED)) if tokens[k].text == ",")
    asks = (k for k in commas if tokens[k + 1].low in classes().questioners)
    return next(asks, at - 1) + 1 if at < len(tokens) and tokens[at].text == "," else at


def _end_of_asking(tokens: list[Token], first: int) -> int:
    """The end of a question in a participle clause at the head of a sentence: with or before the comma, else before a quotation."""
    last = clause_end(tokens, first)
    comma = next((k for k in range(first + 1, last) if tokens[k].text == "," or tokens[k].closes_with_comma), None)
    if comma is not None:
        return comma if tokens[comma].quote >= 0 else comma - 1
    return next((k - 1 for k in range(first + 1, last) if tokens[k].quote >= 0), last)


def as_told_by(tokens: list[Token], verb: Verb) -> list[Report]:
    """`as told by X, …`."""
    if verb.behind >= len(tokens) or tokens[verb.behind].low != "by":
        return []
    source = phrase_after(tokens, verb.behind + 1, len(tokens))
    if source is None:
        return []
    found = _adverbial(tokens, verb.at - 1, (verb.at, verb.behind), source, (verb.cue.lemma, Rule.AS_TOLD))
    return [made(verb, Rule.AS_TOLD, source, *r.content) for r in found]


def verdict(tokens: list[Token], at: int) -> list[Report]:
    """`“Nobody listened,” was the verdict of Ann Lee.`, `“Nobody listened” – that is the verdict of Ann Lee.`"""
    source = verdict_of(tokens, at)
    if source is None:
        return []
    said = at - 3 - 2 * (tokens[at - 3].low in classes().determiners)
    told = said >= 0
    return [Report((at, at), tokens[at].low, "speech", Rule.VERDICT, source, ((said, said),))] if told else []


def verdict_of(tokens: list[Token], at: int) -> Phrase | None:
    """Whose verdict something is said to be: `is the verdict of | Ann Lee`."""
    told = tokens[at].low in classes().verdicts and tokens[at - 1].low == "the" and tokens[at - 2].low in classes().be
    if not told or at + 2 >= len(tokens) or tokens[at + 1].low not in classes().verdict_prepositions:
        return None
    return phrase_after(tokens, at + 2, len(tokens))


def as_called(tokens: list[Token], at: int) -> list[Report]:
    """`(“the old man”, as his crew called him)`: what somebody is called by whom."""
    k = at - (tokens[at - 1].text == ",")
    if tokens[k - 1].quote < 0:
        return []
    verb = next((j for j in range(at + 2, min(len(tokens) - 1, at + 7)) if tokens[j].low in classes().naming), None)
    if verb is None or tokens[verb + 1].low not in classes().objects:
        return []
    return [Report((verb, verb), tokens[verb].low, "speech", Rule.NAMING, Phrase(at + 1, verb - 1), ((k - 1, k - 1),))]
