"""Cues as verbs: which word is one here, and what its auxiliaries say of it."""

from __future__ import annotations

from dataclasses import dataclass

from qantar.stages.quotes.extents import VERBAL, Range
from qantar.stages.quotes.phrases import Phrase, phrase_before
from qantar.stages.quotes.tokens import Cue, Token, classes


@dataclass(frozen=True)
class Report:
    """A cue with its speaker and what it reports, as token ranges of one passage."""

    cue: Range
    lemma: str
    attitude: str
    rule: str
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


def read_verb(tokens: list[Token], at: int, cue: Cue, behind: int) -> Verb | None:
    """The cue as a verb with its auxiliaries, or nothing if it is a noun or an adjective here."""
    known = classes()
    if tokens[at].pos and tokens[at].pos not in VERBAL:
        return None
    first, passive, negated, failed, modal, infinitive, helped = at, False, False, False, False, False, False
    while first > 0 and tokens[first - 1].is_word:
        low = tokens[first - 1].low
        if low in known.auxiliaries:
            if low == "'s" and cue.form not in ("past", "participle", "gerund"):
                break
            passive = passive or (not helped and low in known.be and cue.form in ("past", "participle"))
            negated = negated or low in known.negations
            modal = modal or low in known.modals
            helped = True
        elif low in known.simple_adverbs or (low.endswith("ly") and not tokens[first - 1].is_capital):
            negated = negated or low in known.negations
        elif low in ("more", "most") and tokens[first].low.endswith("ly"):
            pass
        elif low in known.aspectuals and cue.form == "gerund":
            helped = True
        elif low == "to" and first > 1 and (cue.form == "base" or helped):
            infinitive = True
            if tokens[first - 2].low in known.catenatives:
                failed = failed or tokens[first - 2].low in known.failures
                first -= 1
            elif first > 2 and f"{tokens[first - 3].low} {tokens[first - 2].low}" in known.catenatives:
                first -= 2
            else:
                first -= 1
                break
        else:
            break
        first -= 1
    before = tokens[first - 1].low if first else ""
    plain = not helped and not infinitive
    if plain and cue.form in ("base", "third") and not tokens[at].pos:
        determined = before in known.determiners and before not in known.plural_subjects
        if determined or before in known.possessives | known.prepositions | known.finite | {"'s"}:
            return None
        if cue.form == "base" and not _plural(tokens, first - 1):
            return None
        if tokens[at].low in known.nounlike and not _surely_verb(tokens, first, behind):
            return None
    if plain and cue.form in ("past", "participle"):
        if before == "'s" or (
            before in known.determiners and before not in known.plural_subjects and before not in ("this", "one", "another")
        ):
            return None
        by = behind < len(tokens) and tokens[behind].low == "by"
        told_by = at > 0 and tokens[at - 1].low == "as"
        if (by and not told_by) or (cue.form == "participle" and not told_by):
            return None
    if cue.form == "gerund" and before in known.determiners:
        return None
    if tokens[at].is_capital and at > 0 and tokens[at - 1].is_word and not tokens[at - 1].is_capital:
        return None
    # who failed to say it did not say it; who did not fail to say it did
    return Verb(cue, at, first, behind, passive, negated != failed, modal, infinitive)


def _plural(tokens: list[Token], at: int) -> bool:
    """Whether the word before a bare form can be its subject."""
    if at < 0:
        return False
    token = tokens[at]
    if not token.is_word:
        return token.text in (",", ")", "%")
    phrase = phrase_before(tokens, at)
    return _is_plural(token) or (phrase is not None and any(t.low == "and" or _is_plural(t) for t in tokens[phrase.first : at]))


def _is_plural(token: Token) -> bool:
    low = token.low
    return low in classes().plural_subjects or low.isdigit() or (low.endswith("s") and not low.endswith(("ss", "'s")) and len(low) > 3)


def _surely_verb(tokens: list[Token], first: int, behind: int) -> bool:
    """Whether a form that may be a noun is a verb here: by the pronoun or name before it and what follows."""
    before = tokens[first - 1] if first else None
    if before is None:
        return False
    following = tokens[behind] if behind < len(tokens) else None
    subject = before.low in classes().subject_pronouns or before.low in ("who", "it") or before.text in (",", ")")
    if following is None:
        return subject or before.is_capital
    opens = following.low in classes().complementizers | classes().determiners or following.quote >= 0 or following.text == ":"
    if following.text in (".", ",") and before.low.endswith("s"):
        return True
    return (subject or before.is_capital or before.low.endswith("s")) and (
        opens or subject or following.low in classes().pronouns or following.is_capital
    )


def made(verb: Verb, rule: str, speaker: Phrase | None, *content: Range | None) -> Report:
    """A report of this verb."""
    ranges = tuple(r for r in content if r and r[0] <= r[1])
    return Report((verb.at, verb.behind - 1), verb.cue.lemma, verb.cue.attitude, rule, speaker, ranges, verb.negated, verb.modal)
