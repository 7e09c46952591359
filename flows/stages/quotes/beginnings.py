"""Where what is reported begins behind a cue: at its quotation, "that", question word, infinitive, or the subject of its clause."""

from __future__ import annotations

from qantar.stages.quotes.tokens import DASHES, STOPS, VERBAL, Token, classes, cues

_ASIDE = 14  # tokens between two dashes
_INSIDE_SUBJECTS = frozenset("'’&%$-")
_OPENING = frozenset(",$£€")  # may follow a "that" that opens a clause


def quotation_near(tokens: list[Token], at: int) -> int | None:
    """A quotation further on in the same clause: `said in a statement, "…"`."""
    for k in range(at, min(len(tokens), at + 24)):
        if tokens[k].quote >= 0:
            return k
        if tokens[k].text in STOPS or (k > at and _tells(tokens[k])):
            return None
    return None


def _tells(token: Token) -> bool:
    """Whether a word is the finite form of a cue that a quotation can follow."""
    cued = cues().get(token.low)
    if not cued or token.low in classes().nounlike:
        return False
    return any(c.form in ("past", "third") and not c.particle and c.frames & {"clause", "marks"} for c in cued)


def complementizer(tokens: list[Token], at: int, reach: int = 22) -> int | None:
    """The "that" of a cue: at once, or behind an addressee, a time or a place."""
    aside = _past_aside(tokens, at)
    for k in range(aside, min(len(tokens), aside + reach)):
        t = tokens[k]
        if t.quote >= 0 and k > at and (tokens[k - 1].low in ("'s", "the") or tokens[k - 1].is_capital) and not t.closes_with_comma:
            continue  # `told Norland Radio's “Good Morning” that`
        if t.quote >= 0 or t.text in STOPS or t.text == ":":
            return None
        if t.low == "that":
            return None if _is_demonstrative(tokens, k) else k
        if _bars_that(t) or _adds(tokens, k):
            return None
    return None


def _adds(tokens: list[Token], k: int) -> bool:
    """Whether another report begins behind a comma, as an addition: `denied it | , noting that`."""
    return tokens[k - 1].text == "," and tokens[k].low.endswith("ing") and tokens[k].low in cues()


def _past_aside(tokens: list[Token], at: int) -> int:
    """Past an aside between dashes: `said — on the radio, as it happens — | that`; else the same place."""
    if at >= len(tokens) or tokens[at].text not in DASHES | {"-"}:
        return at
    near = range(at + 1, min(len(tokens) - 1, at + _ASIDE))
    return next((k + 1 for k in near if tokens[k].text == tokens[at].text and tokens[k + 1].low == "that"), at)


def _is_demonstrative(tokens: list[Token], that: int) -> bool:
    """Whether "that" is a pronoun or a determiner: at the end, before a mark, in `that week`."""
    known, following = classes(), tokens[that + 1] if that + 1 < len(tokens) else None
    if following is None:
        return True
    timed = following.low in known.times - known.simple_adverbs - known.time_leads and not following.is_capital
    return timed or (not following.is_word and following.quote < 0 and following.text not in _OPENING)


def _bars_that(token: Token) -> bool:
    """Whether a word begins another clause, so that a "that" behind it is not the cue's: `was`, `she`, `whether`, `but`."""
    known, low = classes(), token.low
    if low in known.auxiliaries:
        return low != "'s" and not token.is_capital  # `told us in May, that`
    return low in known.subject_pronouns or low in known.questioners or low in known.clause_openers


def question(tokens: list[Token], at: int) -> int | None:
    """The question word of an indirect question, at once or behind the one asked."""
    known = classes()
    for k in range(at, min(len(tokens), at + 7)):
        t = tokens[k]
        if not t.is_word or (t.low in known.auxiliaries and t.low != "'s"):
            return None
        if t.low in known.questioners and not (t.low in known.late_relatives and k > at):
            return k
    return None


def infinitive_of_order(tokens: list[Token], at: int) -> int | None:
    """The "to" of `urged the two sides to talk`."""
    known = classes()
    for k in range(at, min(len(tokens), at + 12)):
        t = tokens[k]
        if t.said.startswith("to "):
            return k  # `called on the town “to stand up”`
        if t.quote >= 0 or t.text in STOPS or t.text in (",", ":"):
            return None
        if k > at and _begins_infinitive(tokens, k):
            return k - 1 if tokens[k - 1].low == "not" else k
        if (t.low in known.auxiliaries and t.low != "'s") or t.low in known.subordinators - known.prepositions:
            return None
    return None


def _begins_infinitive(tokens: list[Token], k: int) -> bool:
    """Whether a "to" stands before a verb: `to talk`, `to “sit down and talk”`, but not `to the town`, `to Norland`, `to “The Town”`."""
    if tokens[k].low != "to" or k + 1 == len(tokens) or tokens[k - 2].low in classes().relative_subjects:
        return False  # `a priest who came | to bless the boats`
    following = tokens[k + 1]
    if following.quote >= 0:
        return following.said[:1].islower()
    return following.is_word and following.low not in classes().determiners and not following.is_capital


def clause_like(tokens: list[Token], at: int) -> bool:
    """Whether enough follows for a clause, and not `said of`, `said so`."""
    return tokens[at].low not in classes().no_clauses and sum(t.is_word for t in tokens[at : at + 12]) >= 3


def starts_bare(tokens: list[Token], at: int, reach: int = 16) -> bool:
    """Whether a clause without "that" begins here: a subject, and its verb before the next mark."""
    known, low = classes(), tokens[at].low
    if low in known.subject_pronouns or low in known.expletives:
        return at + 1 < len(tokens)
    if _is_whom(tokens, at):
        return False
    if low in known.prepositions | known.auxiliaries | known.questioners | known.subordinators or low == "and":
        return False
    for k in range(at + 1, min(len(tokens), at + reach)):
        t = tokens[k]
        if not t.is_word and t.text not in _INSIDE_SUBJECTS:
            return False
        if t.low in known.subject_bars or _breaks_subject(tokens, k):
            return False
        if _is_its_verb(tokens[k - 1], t):
            return True
    return False


def _is_whom(tokens: list[Token], at: int) -> bool:
    """Whether a pronoun is whom something is written or said of, and no subject: `wrote | me a letter`, `charged | him with theft`."""
    known = classes()
    told = tokens[at].low in known.objects - known.whole_phrases - known.possessives
    return told and at + 1 < len(tokens) and tokens[at + 1].low in known.determiners | known.prepositions


def _breaks_subject(tokens: list[Token], k: int) -> bool:
    """Whether a word opens another clause, so that what stands before it was no subject: `a victory but trails`, `a party when they`."""
    whole = tokens[k].low == "as" and k + 1 < len(tokens) and tokens[k + 1].low in classes().articles  # `the party as a whole`
    return tokens[k].low in classes().subordinators - classes().prepositions and not whole


def _is_its_verb(before: Token, token: Token) -> bool:
    """Whether a word can be the verb of a subject that ends before it; without a tree, auxiliaries alone."""
    if not token.pos:
        return token.low in classes().auxiliaries and token.low != "'s"
    if before.low in classes().coordinators | classes().articles:
        return False  # `an extended contest`
    rid = before.pos in VERBAL and before.low.endswith("ing")  # `getting rid`
    return token.pos == "AUX" or (token.pos == "VERB" and not token.low.endswith("ing") and not rid)


def behind_addressee(tokens: list[Token], at: int) -> int | None:
    """Where the clause begins in `told the paper he would`: at the pronoun or determiner behind the addressee."""
    known = classes()
    for k in range(at + 1, min(len(tokens), at + 10)):
        t = tokens[k]
        if not t.is_word:
            return None
        if t.low in known.subject_pronouns or t.low in known.expletives:
            return k
        if t.low in known.determiners and tokens[k - 1].low not in known.prepositions and starts_bare(tokens, k):
            return k
    return None


def past_parenthesis(tokens: list[Token], at: int) -> int:
    """Past `in his view,` and the like at the head of what is reported."""
    j = at + (tokens[at].text == ",")
    if j + 2 < len(tokens) and tokens[j].low in classes().view_prepositions and tokens[j + 2].low in classes().views:
        return j + 4 if j + 3 < len(tokens) and tokens[j + 3].text == "," else j + 3
    return at
