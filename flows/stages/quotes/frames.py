"""What a cue's frames let follow it: where that begins behind the cue, and where an object that is called something ends."""

from __future__ import annotations

from qantar.stages.quotes.beginnings import (
    behind_addressee,
    clause_like,
    complementizer,
    infinitive_of_order,
    past_parenthesis,
    question,
    quotation_near,
    starts_bare,
)
from qantar.stages.quotes.cue_adverbials import past_adverbials
from qantar.stages.quotes.extents import object_end
from qantar.stages.quotes.nouns import cue_nouns
from qantar.stages.quotes.phrases import phrase_after
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.tokens import MARKS, Token, can_speak, classes, is_cue, looks_past
from qantar.stages.quotes.verbs import Verb

_THOUGHT, _FAR, _NEAR = 3, 22, 6  # tokens between a cue and its "that": of a thought, of others, and behind an addressee
_HIDDEN = 5  # tokens behind a cue of which one tells that somebody stays unnamed
Start = tuple[Rule, int]  # the rule by which a content begins, and its first token


def content_start(tokens: list[Token], verb: Verb) -> Start | None:
    """The rule by which a content begins behind the cue, and its first token."""
    if verb.behind >= len(tokens):
        return None
    marked = _marked(tokens, verb.behind)
    if marked or verb.cue.frames <= {"marks", "document"}:
        return marked or _led_quotation(tokens, verb.behind)
    found = _that(tokens, verb) or _asked(tokens, verb)
    if found or _hides_name(tokens, verb.behind):
        return found
    return _infinitive(tokens, verb) or _open(tokens, verb)


def _marked(tokens: list[Token], j: int) -> Start | None:
    """A quotation or a colon at once."""
    following = j + 1 < len(tokens)
    if following and not tokens[j].closes_with_comma and complementizer(tokens, j + 1, 1) == j + 1:
        return None  # `told “Good Morning” that`
    if following and (tokens[j].text == ":" or (tokens[j].text in (",", ";") and tokens[j + 1].quote >= 0)):
        return Rule.MARKS, j + 1
    return (Rule.MARKS, j) if tokens[j].quote >= 0 else None


def _led_quotation(tokens: list[Token], j: int) -> Start | None:
    """A quotation further on, for cues that stand beside quotations alone."""
    k = quotation_near(tokens, j)
    led = k is not None and (tokens[k - 1].text in (",", ":") or tokens[k - 1].low in classes().quotation_leads)
    return (Rule.MARKS, k) if k is not None and led else None


def _that(tokens: list[Token], verb: Verb) -> Start | None:
    """A clause with "that"."""
    frames, j = verb.cue.frames, verb.behind
    that = complementizer(tokens, j, _THOUGHT if verb.cue.attitude == "thought" else _FAR) if frames & {"clause", "that"} else None
    if that is None:
        return None
    apart = tokens[j].text in MARKS or (tokens[that - 1].text == "," and past_adverbials(tokens, j) == that - 1)
    near = that - j <= _NEAR and verb.cue.lemma != "say" and (tokens[j].is_capital or _is_told(tokens, j, that))
    if not (apart or near or "addressee" in frames or past_adverbials(tokens, j) >= that):
        return None
    return _behind_that(tokens, verb, that)


def _behind_that(tokens: list[Token], verb: Verb, that: int) -> Start | None:
    """What a "that" opens, or begins as a subject itself, before its verb: `Critics say | that is a dream`."""
    following = tokens[that + 1]
    told = following.low in classes().auxiliaries and following.low not in classes().nonfinite and not following.is_capital
    if told and that == verb.behind:
        return Rule.CLAUSE, that
    first = past_parenthesis(tokens, that + 1)
    return (Rule.THAT, first) if first < len(tokens) else None


def _is_told(tokens: list[Token], j: int, that: int) -> bool:
    """Whether a word before "that" is who is told: not `stressed her part in the plan that failed`."""
    owner = tokens[j].low == "her" and that - j > 1 and tokens[that - 1].low not in cue_nouns()
    return tokens[j].low in classes().hearers and not owner


def _asked(tokens: list[Token], verb: Verb) -> Start | None:
    """A question."""
    asks = "question" in verb.cue.frames or verb.cue.lemma in classes().tellers
    k = question(tokens, verb.behind) if asks else None
    if k is None or ("question" not in verb.cue.frames and not _asks_at_once(tokens, verb, k)):
        return None
    return Rule.QUESTION, k


def _asks_at_once(tokens: list[Token], verb: Verb, k: int) -> bool:
    """Whether a question word follows a verb that tells at once or behind who is told; not `People say bees are calm | when you sing`."""
    return "addressee" in verb.cue.frames or tokens[verb.behind].low == "to" or past_adverbials(tokens, verb.behind) >= k


def _infinitive(tokens: list[Token], verb: Verb) -> Start | None:
    """What somebody vows to do, or urges others to."""
    frames = verb.cue.frames
    k = past_adverbials(tokens, verb.behind)
    if "infinitive" in frames and k + 1 < len(tokens) and tokens[k].low in classes().infinitive_marks:
        return None if _fails_to_tell(tokens, verb, k + 1) else (Rule.INFINITIVE, k)
    to = infinitive_of_order(tokens, verb.behind) if "order" in frames else None
    return (Rule.ORDER, to) if to is not None else None


def _hides_name(tokens: list[Token], at: int) -> bool:
    """Whether a source asks for nothing but to stay unnamed: `asked not to be named`, `demanded anonymity`."""
    return any(t.low in classes().anonymities for t in tokens[at : at + _HIDDEN])


def _fails_to_tell(tokens: list[Token], verb: Verb, at: int) -> bool:
    """Whether what somebody fails to do is to tell what follows, which is a report of its own: `declined to | say whether …`."""
    fails = tokens[verb.at].low in classes().failures and at + 1 < len(tokens)
    return fails and is_cue(tokens[at].low) and tokens[at + 1].low in classes().complementizers


def _open(tokens: list[Token], verb: Verb) -> Start | None:
    """A quotation further on, a clause without "that", or an object."""
    k = quotation_near(tokens, verb.behind)
    if verb.cue.frames & {"predicate", "people"} and judges(tokens, verb.behind):
        return Rule.NAMING, verb.behind
    if "prospect" in verb.cue.frames and _foresees(tokens, verb.behind):
        return Rule.OBJECT, verb.behind
    bare = _bare(tokens, verb)
    if k is not None and tokens[k - 1].text in (",", ":") and not _goes_on(tokens, verb, k, bare):
        return Rule.MARKS, k
    return bare or _object(tokens, verb)


def _goes_on(tokens: list[Token], verb: Verb, at: int, bare: Start | None) -> bool:
    """Whether a quotation is more of the clause before its mark: `said it was late: “…”`, `said it was late, “and dark”`."""
    if tokens[at - 1].text == ":":
        return bare is not None
    apart = at - 1 > verb.behind and tokens[at].said[:1].islower()
    return apart and (bare is not None or verb.infinitive)  # `asked to see the captain, “and they sent …”`


def _foresees(tokens: list[Token], at: int) -> bool:
    """Whether an object is something still to come: `expect a further cut in May`, not `expect a cut to follow`, `expect a baby`."""
    known = classes()
    for k in range(at, object_end(tokens, at) + 1):
        if tokens[k].low in known.prospects:
            following = tokens[k + 1] if k + 1 < len(tokens) else None
            return following is None or not (following.low in known.auxiliaries or following.low == "to")
        if not tokens[k].is_word or tokens[k].low in known.prepositions | known.subordinators | known.auxiliaries:
            return False
    return False


def _bare(tokens: list[Token], verb: Verb) -> Start | None:
    """A clause without "that"."""
    frames, j = verb.cue.frames, verb.behind
    if "addressee" in frames:
        return _told(tokens, j)
    k = past_adverbials(tokens, j)
    if k >= len(tokens) or not frames & {"clause", "that"}:
        return None
    if tokens[k].low in classes().auxiliaries:
        k = j
    if tokens[k].quote >= 0:
        return Rule.MARKS, k
    return (Rule.CLAUSE, k) if tokens[k].is_word and not _is_about(tokens, j, k) and _opens_bare(tokens, verb, k) else None


def _opens_bare(tokens: list[Token], verb: Verb, k: int) -> bool:
    """Whether a clause without "that" begins at a word behind a cue; of a cue that seldom has one, at once."""
    if "clause" not in verb.cue.frames:
        return k == verb.behind and starts_bare(tokens, k, 8)
    said = verb.cue.lemma == "say" and (clause_like(tokens, k) or any(t.quote >= 0 for t in tokens[k : k + 12]))
    return said or starts_bare(tokens, k)


def _is_about(tokens: list[Token], at: int, k: int) -> bool:
    """Whether a pronoun belongs to the preposition before it: `thinks about | it`."""
    known = classes()
    return k > at and tokens[k - 1].low in known.prepositions and tokens[k].low in known.unnamed


def _told(tokens: list[Token], j: int) -> Start | None:
    """A clause without "that" behind an addressee: `told the paper he would`."""
    phrase = phrase_after(tokens, j, len(tokens))
    k = past_adverbials(tokens, phrase.last + 1) if phrase else len(tokens)
    if k == j + 1 < len(tokens) and tokens[k].quote >= 0 and tokens[j].low in classes().objects:
        return Rule.MARKS, k  # `told me “keep on”`
    if k < len(tokens) and tokens[k].is_word and starts_bare(tokens, k):
        return Rule.CLAUSE, k
    told = behind_addressee(tokens, j)
    return (Rule.CLAUSE, told) if told is not None else None


def _object(tokens: list[Token], verb: Verb) -> Start | None:
    """What stands as the object of the cue, or behind "as" in `described it as "…"`."""
    j = _past_second_verb(tokens, verb.behind)
    if "object" not in verb.cue.frames or not _opens_object(tokens, verb, j):
        return None
    taken = _taken_as(tokens, j)
    if taken:
        return taken
    if _is_time(tokens, j) or _opens_other(tokens[j]):
        return None
    if "predicate" in verb.cue.frames:
        return (Rule.NAMING, j) if names(tokens, j, object_end(tokens, j)) else None
    if ("document" in verb.cue.frames and verb.cue.form == "gerund") or _is_dealt_with(tokens, verb, j):
        return None
    if "as" in verb.cue.frames:  # `saw the plan as a gift`
        only_marks = verb.cue.attitude == "accusation" or "marks" in verb.cue.frames
        return (Rule.NAMING, j) if _is_taken_as(tokens, j, only_marks) else None
    return None if _is_unsaid(tokens[j], verb) else (Rule.OBJECT, j)


def _is_unsaid(token: Token, verb: Verb) -> bool:
    """Whether an object does not tell what is thought: `thinks about it`."""
    return verb.cue.attitude == "thought" and token.low in classes().unnamed


def _opens_object(tokens: list[Token], verb: Verb, at: int) -> bool:
    """Whether an object can begin here: at a word, or behind a second verb at a quotation, `derided and insulted | “the council”`."""
    return tokens[at].is_word or (at > verb.behind and tokens[at].quote >= 0)


def _taken_as(tokens: list[Token], at: int) -> Start | None:
    """What something is taken for at once, in marks: `described as “a gift”`, `dismissed this as “a gift”`."""
    if tokens[at].low == "as" and any(t.quote >= 0 for t in tokens[at + 1 : at + 4]):
        return Rule.OBJECT, at + 1
    shown = tokens[at].low in classes().demonstrated and _is_taken_as(tokens[at : at + 5], 0, True)
    return (Rule.OBJECT, at) if shown else None


def _opens_other(token: Token) -> bool:
    """Whether a word opens a phrase or a clause that is no object; not "that" before a noun, `rejected | that account`."""
    known = classes()
    points = token.pos == "DET" and token.low in known.demonstrated
    return not points and token.low in known.prepositions | known.subordinators | known.auxiliaries | {"to"}


def _is_dealt_with(tokens: list[Token], verb: Verb, at: int) -> bool:
    """Whether a person is sent for or away: `called for | the trainer`, `dismissed | its coach`; not `dismissed the coach as “a fool”`."""
    known = classes()
    led = verb.cue.lemma in known.dealings and tokens[at].low in known.possessives | {"the"} and at + 1 < len(tokens)
    if not led or not can_speak(tokens[at + 1].low) or tokens[at + 1].low in known.title_bodies | known.documents:
        return False
    if any(t.low == "as" or t.quote >= 0 for t in tokens[at:]) or at + 2 == len(tokens):
        return at + 2 == len(tokens)
    after = tokens[at + 2]
    timed = after.low in known.times | known.time_clauses | known.occasions - {"to"}
    return timed or not after.is_word or (after.is_capital and verb.cue.lemma == "dismiss")


def _past_second_verb(tokens: list[Token], at: int) -> int:
    """Past a verb that shares its object with the cue: `derided | and insulted | the council`."""
    shares = tokens[at].low == "and" and at + 2 < len(tokens) and looks_past(tokens[at + 1])
    return at + 2 if shares else at


def _is_time(tokens: list[Token], at: int) -> bool:
    """Whether a word is a time that stands for itself: `condemned Friday's test` has an object."""
    return tokens[at].low in classes().times and (at + 1 == len(tokens) or tokens[at + 1].low != "'s")


def _is_taken_as(tokens: list[Token], first: int, only_marks: bool) -> bool:
    """Whether an object is taken as something: `saw the plan as a gift`; of a verb of attack, in marks: not `attacked it as it slept`."""
    at = next((k for k in range(first, object_end(tokens, first) + 1) if tokens[k].low == "as"), len(tokens))
    marked = any(t.quote >= 0 for t in tokens[at + 1 : at + 3])
    return marked or (at < len(tokens) and not only_marks)


def judges(tokens: list[Token], at: int) -> bool:
    """Whether an object and what it is found to be, in marks, follow: `found it “too long”`, `found the film “too long”`."""
    k = at + 1 + (tokens[at].low in classes().determiners)
    named = tokens[at].low in classes().objects or (k - 1 < len(tokens) and tokens[k - 1].is_word and k > at + 1)
    return named and k < len(tokens) and tokens[k].quote >= 0


def names(tokens: list[Token], first: int, last: int) -> bool:
    """Whether an object comes with what it is called: a quotation, `them a mob`, `the crowds bandits`, `it to be legal`."""
    if any(t.quote >= 0 for t in tokens[first : last + 1]):
        return True
    for k in range(first, last + 1):
        t, following = tokens[k], tokens[k + 1] if k < last else None
        if k > first and _leads_predicate(t, following):
            return True
        if k - first > 1 and t.low in classes().epithets:
            return True
        if t.low in classes().prepositions - {"of"} or not t.is_word:
            return False
        if k > first and following and _are_plural(t, following):
            return True
    return False


def _leads_predicate(word: Token, following: Token | None) -> bool:
    """Whether a word opens what an object is called: `a`, `as`, and "to" before "be"."""
    if word.low == "to":
        return following is not None and following.low in classes().be
    return word.low in classes().predicate_leads


def _are_plural(word: Token, following: Token) -> bool:
    """Whether two nouns stand side by side, one called the other: `the crowds bandits`."""
    return word.low.endswith("s") and following.low.endswith("s")


def predicate_end(tokens: list[Token], verb: Verb, first: int, last: int) -> int:
    """The end of an object that comes with what it is called: with a quotation that says so, before when that was, `in March`."""
    known = classes()
    if verb.cue.lemma in known.describing:  # `described the plan at a rally as “a gift”`
        for k in range(last + 1, min(len(tokens) - 1, last + 12)):
            if tokens[k].low == "as" and any(t.quote >= 0 for t in tokens[k + 1 : k + 3]):
                return k + 1 if tokens[k + 1].quote >= 0 else k + 2
    for k in range(first, last + 1):
        timed = any(t.low in known.times for t in tokens[k + 1 : k + 1 + (k < last and tokens[k + 1].low in known.prepositions) + 1])
        if tokens[k].quote >= 0 and (timed or "as" in (t.low for t in tokens[max(first - 1, k - 3) : k])):
            return last_name(tokens, k)
    return last


def last_name(tokens: list[Token], first: int) -> int:
    """The last of the quotations that say what something is called: `what she called “a gift” and “a trap”`."""
    last, joins = first, classes().coordinators | {","}
    while last + 2 < len(tokens) and tokens[last + 1].low in joins:
        named = last + 2 + (tokens[last + 2].low in classes().articles | {"as"})
        if named >= len(tokens) or tokens[named].quote < 0:
            break
        last = named
    return last
