"""Cues as verbs: which word is one here, and what its auxiliaries say of it."""

from __future__ import annotations

from dataclasses import dataclass

from qantar.stages.quotes.extents import Range
from qantar.stages.quotes.phrases import Phrase
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.tokens import VERBAL, Cue, Token, can_speak, classes, is_informed, looks_adverb


@dataclass(frozen=True)
class Report:
    """A cue with its speaker and what it reports, as token ranges of one passage."""

    cue: Range
    lemma: str
    attitude: str
    rule: Rule
    speaker: Phrase | None
    content: tuple[Range, ...]
    negated: bool = False
    modal: bool = False


@dataclass(frozen=True)
class Verb:
    """A cue where it stands: its verb group's first token, the token behind it, and what its auxiliaries say."""

    cue: Cue
    at: int
    first: int
    behind: int
    passive: bool
    negated: bool
    modal: bool
    infinitive: bool
    helped: bool
    """Whether an auxiliary stands before it."""


@dataclass
class _Group:
    """The words before a cue that belong to its verb, read from right to left."""

    first: int
    passive: bool = False
    negated: bool = False
    failed: bool = False
    modal: bool = False
    infinitive: bool = False
    helped: bool = False
    """Whether an auxiliary stands there."""
    ended: bool = False


def read_verb(tokens: list[Token], at: int, cue: Cue, behind: int) -> Verb | None:
    """The cue as a verb with its auxiliaries, or nothing if it is a noun or an adjective here."""
    if tokens[at].pos and tokens[at].pos not in VERBAL:
        return None
    group = _read_group(tokens, at, cue)
    before = tokens[group.first - 1].low if group.first else ""
    if not group.helped and not group.infinitive and _is_no_verb(tokens, at, cue, before, behind):
        return None
    if cue.form == "gerund" and before in classes().determiners and not _are_some(tokens, group.first):
        return None
    # who failed to say it did not say it; who did not fail to say it did
    return Verb(cue, at, group.first, behind, group.passive, group.negated != group.failed, group.modal, group.infinitive, group.helped)


def _are_some(tokens: list[Token], at: int) -> bool:
    """Whether a word that may be a determiner is whose act a participle tells: `with | some hailing it`, not `with some reporting`."""
    known = classes()
    subject = tokens[at - 1].low in known.plural_subjects and tokens[at - 2].low in known.absolute_leads
    return at > 1 and subject


def _read_group(tokens: list[Token], at: int, cue: Cue) -> _Group:
    """The auxiliaries, adverbs and catenatives before a cue."""
    group = _Group(at)
    while group.first > 0 and not group.ended:
        if not (_take_auxiliary(tokens, group, cue) or _take_adverb(tokens, group) or _take_to(tokens, group, cue)):
            break
    return group


def _take_auxiliary(tokens: list[Token], group: _Group, cue: Cue) -> bool:
    known, low = classes(), tokens[group.first - 1].low
    if low in known.aspectuals:
        group.helped = True
    elif not _helps(tokens[group.first - 1], cue):
        return False
    else:
        group.passive = group.passive or (low in known.be and cue.form in ("past", "participle") and not group.infinitive)
        group.negated = group.negated or low in known.negations
        group.modal = low in known.modals
        group.helped = True
    group.first -= 1
    return True


def _helps(token: Token, cue: Cue) -> bool:
    """Whether a word helps a cue: not a name, `Theresa May said`, nor the "'s" of a possessive."""
    if token.low not in classes().auxiliaries or token.pos == "PROPN":
        return False
    return token.low != "'s" or cue.form in ("past", "participle", "gerund")


def _take_adverb(tokens: list[Token], group: _Group) -> bool:
    token = tokens[group.first - 1]
    compared = token.low in classes().comparatives and tokens[group.first].low.endswith("ly")
    adverb = token.low in classes().simple_adverbs or looks_adverb(token)
    if not (adverb or compared) or tokens[group.first - 2].low in classes().articles:  # `a man at the back shouted`
        return False
    group.negated = group.negated or token.low in classes().negations
    group.first -= 1
    return True


def _take_to(tokens: list[Token], group: _Group, cue: Cue) -> bool:
    """`to` before an infinitive, with the verb that has the same subject, `refused to`; without one the group ends there."""
    known, first = classes(), group.first
    if tokens[first - 1].low != "to" or first < 2 or not (cue.form == "base" or group.helped):
        return False
    group.infinitive = True
    hearsay = tokens[first].low == "have" and tokens[first - 2].low in known.hearsay  # `is said to have answered`
    if tokens[first - 2].low in known.catenatives or hearsay:
        group.failed = group.failed or tokens[first - 2].low in known.failures
        group.first -= 2
    elif f"{tokens[first - 3].low} {tokens[first - 2].low}" in known.catenatives:
        group.first -= 3
    else:
        group.first -= 1
        group.ended = True
    return True


def _is_no_verb(tokens: list[Token], at: int, cue: Cue, before: str, behind: int) -> bool:
    """Whether a form without auxiliaries is a participle or, where no tree tells, may be a noun: `reports`, but not behind "it"."""
    if cue.form in ("past", "participle"):
        return not _is_past(tokens, at, cue, before, behind)
    return not tokens[at].pos and tokens[at].low in classes().nounlike and before not in classes().whole_phrases


def stands_behind_name(tokens: list[Token], at: int) -> bool:
    """Whether a participle tells of whom a clause is about, behind its first comma: `Ann Lee, | asked about the plan, said no`."""
    comma = next((k for k, t in enumerate(tokens) if t.text == ","), 0)
    return 0 < comma == at - 1 and (tokens[comma - 1].is_capital or can_speak(tokens[comma - 1].low))


def _is_past(tokens: list[Token], at: int, cue: Cue, before: str, behind: int) -> bool:
    """Whether a form that may be a participle is a finite verb."""
    known = classes()
    counted = before in known.numbers and at > 1 and tokens[at - 2].low == "of"  # `the father of three said`
    if before in known.determiners and before not in known.plural_subjects | known.singular_subjects and not counted:
        return False
    if cue.lemma.split()[0] in known.asking and stands_behind_name(tokens, at):
        return False
    told_by = tokens[at - 1].low == "as"
    by = behind < len(tokens) and tokens[behind].low == "by"
    return told_by or not (by or cue.form == "participle" or is_informed(tokens, at))


def made(verb: Verb, rule: Rule, speaker: Phrase | None, *content: Range | None) -> Report:
    """A report of this verb."""
    ranges = tuple(r for r in content if r)
    return Report((verb.at, verb.behind - 1), verb.cue.lemma, verb.cue.attitude, rule, speaker, ranges, verb.negated, verb.modal)
