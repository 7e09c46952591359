"""How far a report reaches: where what is reported begins and ends, among the tokens of one passage."""

from __future__ import annotations

from qantar.stages.quotes.tokens import Token, classes, cues, looks_past

Range = tuple[int, int]  # tokens first to last, inclusive

MARKS = frozenset({",", "—", "–", "--", "-"})
STOPS = frozenset({".", "!", "?", ";", "…", "...", "..", "|"})
VERBAL = frozenset({"VERB", "AUX"})
_DATELINE = 9  # tokens: a longer head of a passage is no dateline
_AFTER_UNITS = frozenset("%)$")


def has_verb(tokens: list[Token], first: int, last: int) -> bool:
    """Whether the tokens hold what looks like a finite verb, or a quotation."""
    known = classes()
    verbs = known.auxiliaries | known.subject_pronouns | known.finite
    for k in range(first, last + 1):
        t = tokens[k]
        if t.pos:
            if t.pos in VERBAL:
                return True
            continue
        if t.low == "'s" and k > first and tokens[k - 1].low not in known.pronouns | {"that", "what", "there", "here"}:
            continue  # a possessive
        if t.quote >= 0 or t.low in verbs or t.low in cues() or looks_past(t):
            return True
    return False


def left_range(tokens: list[Token], last: int) -> Range | None:
    """What stands before a reporting clause that ends a passage, from the last strong mark on."""
    while last >= 0 and tokens[last].quote < 0 and not tokens[last].is_word:
        last -= 1
    if last < 0:
        return None
    first = last
    if tokens[last].quote >= 0 and last > 0 and tokens[last - 1].text == ":":
        return last, last
    while first > 0 and not (tokens[first - 1].quote < 0 and tokens[first - 1].text in STOPS):
        first -= 1
    begin = past_dateline(tokens) if first == 0 else first
    return (begin, last) if begin <= last else (first, last)


def past_dateline(tokens: list[Token]) -> int:
    """Past `PARIS (AP) — ` at the head of a passage."""
    dash = next((k for k in range(1, min(len(tokens) - 1, _DATELINE)) if tokens[k].text in ("—", "–", "--", "-")), None)
    if dash is None or not (tokens[0].is_capital and (tokens[0].text.isupper() or tokens[dash - 1].text == ")")):
        return 0
    aside = any(t.text == tokens[dash].text for t in tokens[dash + 1 :])  # `NATO — the old alliance — has`
    return dash + 1 if not aside and all(t.is_capital or not t.is_word for t in tokens[:dash]) else 0


def resumed_range(tokens: list[Token], at: int) -> Range | None:
    """What goes on behind `…, he said [on Monday],`."""
    at = past_adverbials(tokens, at)
    if at >= len(tokens) or (tokens[at].text not in MARKS | {":"} and tokens[at].quote < 0):
        return _later_quotation(tokens, at)
    first = at if tokens[at].quote >= 0 else at + 1
    if first >= len(tokens):
        return None
    begins = tokens[first]
    if begins.quote < 0 and (begins.low in classes().resumption_bars or (begins.low.endswith("ing") and begins.low != "including")):
        return _later_quotation(tokens, first)
    return first, clause_end(tokens, first)


def _later_quotation(tokens: list[Token], at: int) -> Range | None:
    """A quotation that goes on behind an addition to the speaker: `"…," said X, a lawyer, "…"`."""
    for k in range(at, len(tokens)):
        if tokens[k].quote >= 0:
            begins = tokens[k - 1].text in (",", ":") and not any(t.low in cues() for t in tokens[at:k])
            return (k, clause_end(tokens, k)) if begins else None
        if tokens[k].text in STOPS:
            return None
    return None


def past_adverbials(tokens: list[Token], at: int) -> int:
    """Past times, places and manners behind a cue: `said | Monday in a speech in Ohio`."""
    known = classes()
    j, n = at, len(tokens)
    while j < n and tokens[j].is_word:
        low = tokens[j].low
        following = tokens[j + 1] if j + 1 < n else None
        adverb = (low in known.simple_adverbs and low not in ("all", "both", "each")) or (low.endswith("ly") and not tokens[j].is_capital)
        if (
            (low in known.times and low not in ("this", "last", "next", "may"))
            or adverb
            or (low.isdigit() and j > at and tokens[j - 1].low in known.times)
        ):
            j += 1
        elif low in ("this", "last", "next", "a", "one", "two") and following and following.low in known.times:
            j += 2
        elif (low in known.prepositions and low not in ("of", "to", "despite", "like")) or (
            low in ("to", "of")
            and following
            and (following.low in known.determiners or following.is_capital or following.low in known.hearers)
        ):
            j = _past_object(tokens, j + 1)
        else:
            break
    return j


def _past_object(tokens: list[Token], at: int) -> int:
    """Past the noun phrase of a preposition, short of a subject that follows it."""
    known = classes()
    j, n = at, len(tokens)
    if j + 1 < n and tokens[j].low.endswith("ing") and tokens[j + 1].is_word:
        j += 1  # `in posing the question`
    if j < n and tokens[j].low in known.determiners:
        j += 1
    while j < n and tokens[j].is_word:
        t, before = tokens[j], tokens[j - 1]
        bounds = (
            t.low in known.determiners
            or t.low in known.prepositions
            or t.low in known.subordinators
            or t.low in known.pronouns
            or t.low == "there"
        )
        if bounds or (t.low in known.auxiliaries and t.low != "'s"):
            break
        new_name = t.is_capital and not before.is_capital and before.low not in known.determiners | {"'s"} and t.low not in known.times
        after_time = before.low in known.times and t.low not in known.times and not t.low.isdigit()
        if j > at and (new_name or after_time):
            break
        j += 1
    return j


def past_parenthesis(tokens: list[Token], at: int) -> int:
    """Past `in his view,` and the like at the head of what is reported."""
    j = at + 1 if at < len(tokens) and tokens[at].text == "," else at
    if j + 2 < len(tokens) and tokens[j].low in ("in", "to") and tokens[j + 2].low in classes().views:
        return j + 4 if j + 3 < len(tokens) and tokens[j + 3].text == "," else j + 3
    return at


def clause_end(tokens: list[Token], first: int) -> int:
    """The last token of a reported clause: the passage's, but for a further report beside it."""
    n = len(tokens)
    for k in range(first + 1, n):
        t = tokens[k]
        if t.quote >= 0 or k + 1 >= n:
            continue
        following = tokens[k + 1]
        if tokens[k - 1].closes_with_comma and (participle_reports(t) or (t.low == "according" and following.low == "to")):
            return k - 1
        if t.text == ":" and following.quote >= 0:
            return k - 1
        if t.text in STOPS and following.quote < 0 and following.is_capital and tokens[k - 1].quote >= 0:
            return k - 1
        if t.low in ("and", "but") and _reports_anew(tokens, k + 1, direct=True):
            return k - 1
        if (t.text not in MARKS and t.text != ";") or k + 2 >= n:
            continue
        if (
            (following.low == "according" and tokens[k + 2].low == "to")
            or participle_reports(following)
            or (participle_reports(tokens[k + 2]) and following.low == "and")
        ):
            return k - 1
        if t.text in ("—", "–", "--") and _reports_anew(tokens, k + 1):
            return k - 1
        if following.low == "and" and tokens[k + 2].low in ("has", "have", "had"):
            return k - 1
        contrast = t.text == "," and following.low == "but" and tokens[k + 2].quote < 0
        if t.text == ";" or (contrast and tokens[k + 2].low not in ("not", "also", "only", "that", "to")):
            return k - 1
        if following.low in ("and", "but", "while", "as", "though", "although") or t.text == ";":
            at = k + 2 if following.low in ("and", "but", "while", "as", "though", "although") else k + 1
            if _reports_anew(tokens, at):
                return k - 1
        if tokens[k - 1].quote >= 0 and following.low in ("a", "an", "which", "who", "referring", "in", "when"):
            return k - 1
    return _last_word(tokens, first, n - 1)


def _last_word(tokens: list[Token], first: int, last: int) -> int:
    while last > first and tokens[last].quote < 0 and not tokens[last].is_word and tokens[last].text not in _AFTER_UNITS:
        last -= 1
    return last


def participle_reports(token: Token) -> bool:
    return any(c.form == "gerund" and c.frames - {"marks"} and c.attitude != "thought" for c in cues().get(token.low, ()))


def _reports_anew(tokens: list[Token], at: int, direct: bool = False) -> bool:
    """Whether a new report begins here: a subject with a cue of its own, or (`direct`) the cue alone."""
    known = classes()
    for k in range(at, min(len(tokens), at + (1 if direct else 7))):
        t = tokens[k]
        if not t.is_word:
            return False
        found = [c for c in cues().get(t.low, ()) if not c.particle and c.form in ("past", "third") and c.attitude != "thought"]
        if direct:
            return bool(found) and t.low not in known.nounlike
        if t.low == "than":
            continue  # `and more than half said`
        if any(c.frames & {"clause", "that"} for c in found) and (k > at or t.low in ("said", "added")):
            return True
        if (t.low in known.auxiliaries and t.low not in ("has", "have", "had")) or t.low in known.subordinators:
            return False
    return False


def object_end(tokens: list[Token], first: int) -> int:
    """The last token of what a frame with an object reports: up to the next clause."""
    known, n = classes(), len(tokens)
    for k in range(first + 1, n):
        t = tokens[k]
        if t.quote >= 0:
            continue
        if tokens[k - 1].closes_with_comma and (t.low.endswith("ing") or t.low in known.clause_cuts or t.low in known.subject_pronouns):
            return k - 1
        if t.text in STOPS or t.text in (":", "—", "–", "--"):
            return k - 1
        if t.text == "," and k + 1 < n:
            following = tokens[k + 1]
            relative = k + 2 < n and following.low in ("of", "in", "to", "for") and tokens[k + 2].low in ("which", "whom")
            participle = following.low.endswith("ing") and following.low != "including"
            if following.low in known.clause_cuts or participle or following.low in known.subject_pronouns or relative:
                return k - 1
            if following.quote < 0 and tokens[k - 1].quote >= 0:
                return k - 1
        if t.low in known.object_cuts and k > first + 1:
            return k - 1
        apart = t.low == "and" and k + 1 < n and tokens[k + 1].text == ","
        if apart or (t.low == "and" and (_reports_anew(tokens, k + 1, direct=True) or _reports_anew(tokens, k + 1))):
            return k - 1
    return _last_word(tokens, first, n - 1)


# --- where it begins ------------------------------------------------------------------------------------------------


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
    known = classes()
    commas = 0
    for k in range(at, min(len(tokens), at + reach)):
        t = tokens[k]
        if t.quote >= 0 or t.text in STOPS or t.text == ":":
            return None
        if t.text in MARKS:
            commas += 1
            if commas > 2:
                return None
            continue
        if t.low == "that":
            following = tokens[k + 1] if k + 1 < len(tokens) else None
            pronoun = (
                following is None
                or (following.low in known.times - known.simple_adverbs and not following.is_capital)
                or (not following.is_word and following.quote < 0 and following.text not in (",", "$", "£", "€"))
            )
            return None if pronoun else k
        if (
            (t.low in known.auxiliaries and t.low != "'s")
            or t.low in known.subject_pronouns
            or t.low in known.questioners
            or t.low in ("but", "because", "while")
        ):
            return None
    return None


def question(tokens: list[Token], at: int) -> int | None:
    """The question word of an indirect question, at once or behind the one asked."""
    known = classes()
    for k in range(at, min(len(tokens), at + 7)):
        t = tokens[k]
        if not t.is_word or (t.low in known.auxiliaries and t.low != "'s"):
            return None
        if t.low in known.questioners and not (t.low in ("who", "which", "whose") and k > at):
            return k
    return None


def infinitive_of_order(tokens: list[Token], at: int) -> int | None:
    """The "to" of `urged the two sides to talk`."""
    known = classes()
    for k in range(at, min(len(tokens), at + 12)):
        t = tokens[k]
        if t.quote >= 0 or t.text in STOPS or t.text in (",", ":"):
            return None
        following = tokens[k + 1] if k + 1 < len(tokens) else None
        if (
            t.low == "to"
            and k > at
            and following
            and following.is_word
            and following.low not in known.determiners
            and not following.is_capital
        ):
            return k - 1 if tokens[k - 1].low == "not" else k
        if (t.low in known.auxiliaries and t.low != "'s") or t.low in known.subordinators - known.prepositions:
            return None
    return None


def clause_like(tokens: list[Token], at: int) -> bool:
    """Whether enough follows for a clause, and not `said of`, `said so`."""
    return tokens[at].low not in classes().no_clauses and sum(t.is_word for t in tokens[at : at + 12]) >= 3


def starts_bare(tokens: list[Token], at: int, reach: int = 16) -> bool:
    """Whether a clause without "that" begins here: a subject, and its verb before the next mark."""
    known = classes()
    token = tokens[at]
    if token.low in known.subject_pronouns or token.low in ("there", "it"):
        return at + 1 < len(tokens)
    barred = known.prepositions | known.auxiliaries | known.questioners | known.subordinators | {"to", "and"} - {"that"}
    if token.low in barred:
        return False
    for k in range(at + 1, min(len(tokens), at + reach)):
        t = tokens[k]
        if not t.is_word and t.text not in ("'", "’", "&", "%", "$", "-"):
            return False
        if t.low in ("who", "which", "that", "to", "whether"):
            return False
        if t.pos:
            before = tokens[k - 1]
            if t.pos == "AUX" and before.low not in ("and", "or"):
                return True
            finite = not t.low.endswith("ing") and not (before.pos in VERBAL and before.low.endswith("ing"))  # not "getting rid"
            if t.pos == "VERB" and finite and before.low not in ("and", "or"):
                return True
        elif t.low in known.auxiliaries and t.low != "'s":
            return True
    return False


def behind_addressee(tokens: list[Token], at: int) -> int | None:
    """Where the clause begins in `told the paper he would`: at the pronoun or determiner behind the addressee."""
    known = classes()
    for k in range(at + 1, min(len(tokens), at + 10)):
        t = tokens[k]
        if not t.is_word:
            return None
        if t.low in known.subject_pronouns or t.low in ("it", "there"):
            return k
        if t.low in known.determiners and tokens[k - 1].low not in known.prepositions and starts_bare(tokens, k):
            return k
    return None
