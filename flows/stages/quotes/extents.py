"""How far a report reaches: where what is reported begins and ends, among the tokens of one passage."""

from __future__ import annotations

from qantar.stages.quotes.tokens import Cue, Token, classes, cues, looks_adverb, looks_past, region_names
from qantar.stages.quotes.verb_times import past_date

Range = tuple[int, int]  # tokens first to last, inclusive

_DASHES = frozenset({"—", "–", "―", "--"})
MARKS = _DASHES | {",", "-"}
STOPS = frozenset({".", "!", "?", ";", "…", "...", "..", "|"})
VERBAL = frozenset({"VERB", "AUX"})
_ASIDE = 14  # tokens between two dashes
_DATELINE = 9  # tokens: a longer head of a passage is no dateline
_AFTER_UNITS = frozenset("%)$")
_INSIDE_SUBJECTS = frozenset("'’&%$-")
_OPENING = frozenset(",$£€")  # may follow a "that" that opens a clause


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
        if t.low == "'s" and tokens[k - 1].low not in known.pronouns | known.clitic_subjects:
            continue  # a possessive
        if t.quote >= 0 or t.low in verbs or t.low in cues() or looks_past(t):
            return True
    return False


def left_range(tokens: list[Token], last: int) -> Range | None:
    """What stands before a reporting clause that ends a passage, from the last strong mark on."""
    while tokens[last].quote < 0 and not tokens[last].is_word:
        last -= 1
    if last < 0:
        return None
    first = last
    if tokens[last].quote >= 0 and tokens[last - 1].text == ":":
        return last, last
    while first > 0 and tokens[first - 1].text not in STOPS:
        first -= 1
    begin = past_dateline(tokens) if first == 0 else first
    return (begin, last) if begin <= last else (first, last)


def past_dateline(tokens: list[Token]) -> int:
    """Past `PARIS (AP) — ` or `PARIS, Jan 4 (AP) — ` at the head of a passage."""
    dash = next((k for k in range(1, min(len(tokens) - 1, _DATELINE)) if tokens[k].text in MARKS - {","} or ends_place(tokens, k)), None)
    if dash is None or not (tokens[0].text.isupper() or tokens[dash].text == ":" or tokens[dash - 1].text == ")"):
        return 0
    aside = any(t.text == tokens[dash].text for t in tokens[dash + 1 :])  # `NATO — the old alliance — has`
    placed = all(t.is_capital or t.low.isdigit() or not t.is_word for t in tokens[:dash])
    return _past_date(tokens, dash + 1) if placed and not aside else 0


def ends_place(tokens: list[Token], colon: int) -> bool:
    """Whether a colon stands behind a place at the head of a passage and before a subject: `NEW DELHI: The minister`."""
    following = tokens[colon + 1]
    dated = tokens[colon].text == ":" and (following.is_capital or following.text[0].isdigit() or following.text in "$£€")
    return dated and all(t.is_capital and len(t.text) > 1 for t in tokens[:colon] if t.text != ",")


def _past_date(tokens: list[Token], at: int) -> int:
    """Past a date and its colon: `CAIRO – 3 May 2021: The town …`."""
    end = at
    while end < len(tokens) and (tokens[end].low in classes().times or tokens[end].low.isdigit() or tokens[end].text == ","):
        end += 1
    return end + 1 if end < len(tokens) and tokens[end].text == ":" else at


def resumed_range(tokens: list[Token], at: int) -> Range | None:
    """What goes on behind `…, he said [on Monday],`."""
    at = _past_region(tokens, past_adverbials(tokens, at))
    if at >= len(tokens) or (tokens[at].text not in MARKS | {":"} and tokens[at].quote < 0):
        return _later_quotation(tokens, at)
    first = at if tokens[at].quote >= 0 else at + 1
    if first >= len(tokens):
        return None
    begins = tokens[first]
    joined = _joined_quotation(tokens, first)
    if joined is not None:
        return joined, clause_end(tokens, joined)
    if begins.low in classes().resumption_bars or (begins.low.endswith("ing") and begins.low != "including"):
        return _later_quotation(tokens, first)
    return first, clause_end(tokens, first)


def _joined_quotation(tokens: list[Token], at: int) -> int | None:
    """A quotation that "and" or "but" adds to the one before: `“…,” she said, but still “…”`; not where it is a subject."""
    k = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].low in classes().simple_adverbs)
    if tokens[at].low not in classes().additions or k >= len(tokens) or tokens[k].quote < 0:
        return None
    return None if k + 1 < len(tokens) and tokens[k + 1].is_word else k


def _past_region(tokens: list[Token], comma: int) -> int:
    """The comma behind a state or country that follows a town and a comma, `in Salem, Ohio, “…”`; else the same place."""
    if comma + 2 >= len(tokens):
        return comma
    end = next((k for k in range(comma + 1, min(len(tokens), comma + 4)) if tokens[k].text == ","), comma)
    region = " ".join(t.text for t in tokens[comma + 1 : end])
    return end if region.rstrip(".") in region_names() else comma


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
    """Past times, places and manners behind a cue: `said | Monday in a speech in Ohio`, `said | on Tuesday, 26 July 2022,`."""
    j = at
    while j < len(tokens) and (behind := _past_adverbial(tokens, j, at)) > j:
        j = behind
    return j


def _past_adverbial(tokens: list[Token], j: int, at: int) -> int:
    """Past one of them; the same place where there is none."""
    if not tokens[j].is_word:
        return past_date(tokens, j) if j > at else j
    behind = _past_time(tokens, j, at)
    return _past_object(tokens, j + 1) if behind == j and _leads_place(tokens, j) else behind


def _past_time(tokens: list[Token], j: int, at: int) -> int:
    """Past a time or an adverb, `Monday`, `May 3`, `last week`, `angrily`; the same place where there is none."""
    known, token = classes(), tokens[j]
    if _is_adverb(token) or token.low in known.times - known.time_leads - known.modals:
        return j + 1
    if token.low.isdigit() and j > at and tokens[j - 1].low in known.times:
        return j + 1
    timed = j + 1 < len(tokens) and tokens[j + 1].low in known.times
    return j + 2 if token.low in known.time_leads and timed else j


def _is_adverb(token: Token) -> bool:
    """Whether a word is an adverb of the reporting clause: `later`, `angrily`, but not `all` or `Sally`."""
    known = classes()
    simple = token.low in known.simple_adverbs and token.low not in known.floating_quantifiers
    return simple or looks_adverb(token)


def _leads_place(tokens: list[Token], j: int) -> bool:
    """Whether a preposition leads to a place, an occasion or a hearer: `in Ohio`, `to reporters`, but not `to stay`."""
    known, low = classes(), tokens[j].low
    if low not in known.clause_prepositions:
        return low in known.prepositions
    if low not in known.hearer_prepositions or j + 1 >= len(tokens):
        return False
    following = tokens[j + 1]
    return following.is_capital or following.low in known.determiners or following.low in known.hearers


def _past_object(tokens: list[Token], at: int) -> int:
    """Past the noun phrase of a preposition, short of a subject that follows it."""
    j, n = at, len(tokens)
    if j + 1 < n and tokens[j].low.endswith("ing"):
        j += 1  # `in posing the question`
    if j < n and tokens[j].low in classes().determiners:
        j += 1
    while j < n and (tokens[j].is_word or (tokens[j].text == "&" and j > at)) and not _bounds_phrase(tokens[j]):
        if j > at and _begins_subject(tokens[j - 1], tokens[j]) and not _ends_with_name(tokens, j):
            break
        j += 1
    return j


def _ends_with_name(tokens: list[Token], at: int) -> bool:
    """Whether a name of a noun ends the passage: `in the journal | Muscle & Bone.`; not `insisted on being | Ann Lee.`"""
    j = len(tokens) + 1 if tokens[at - 1].low.endswith("ing") else at
    while j < len(tokens) and (tokens[j].is_capital or tokens[j].text == "&"):
        j += 1
    return j == len(tokens) or (j < len(tokens) and tokens[j].text in STOPS)


def _bounds_phrase(token: Token) -> bool:
    """Whether a word stands in no noun phrase but at its head: `the`, `in`, `which`, `she`, `was`."""
    known, low = classes(), token.low
    if low in known.determiners or low in known.prepositions or low in known.subordinators or low in known.pronouns:
        return True
    return low in known.auxiliaries and low != "'s" and not token.is_capital  # `in May`


def _begins_subject(before: Token, token: Token) -> bool:
    """Whether a word begins a new phrase: the name in `in a speech Ann Lee`, what follows the time in `on Monday officials`."""
    known = classes()
    if token.low in known.times:
        return False
    new_name = token.is_capital and not before.is_capital and before.low not in known.determiners and before.low != "'s"
    return new_name or (before.low in known.times and not token.low.isdigit())


def past_parenthesis(tokens: list[Token], at: int) -> int:
    """Past `in his view,` and the like at the head of what is reported."""
    j = at + (tokens[at].text == ",")
    if j + 2 < len(tokens) and tokens[j].low in classes().view_prepositions and tokens[j + 2].low in classes().views:
        return j + 4 if j + 3 < len(tokens) and tokens[j + 3].text == "," else j + 3
    return at


def clause_end(tokens: list[Token], first: int) -> int:
    """The last token of a reported clause: the passage's, but for a further report beside it."""
    last = len(tokens) - 1
    ends = (k - 1 for k in range(first + 1, last) if _ends_clause(tokens, k))
    return next(ends, _last_word(tokens, first, last))


def _ends_clause(tokens: list[Token], k: int) -> bool:
    """Whether a word or a mark begins what belongs to no reported clause before it."""
    before, token, following = tokens[k - 1], tokens[k], tokens[k + 1]
    if token.low in classes().additions:
        return is_finite_cue(following)  # `and added`
    if token.text == ":" and following.quote >= 0:
        return True
    if _opens_sentence(before, token, following) or (before.closes_with_comma and _reports_beside(tokens, k)):
        return True
    return k + 2 < len(tokens) and (token.text == ";" or (token.text in MARKS and _mark_ends_clause(tokens, k)))


def _opens_sentence(before: Token, token: Token, following: Token) -> bool:
    """Whether a stop between a quotation and a capital ends a sentence: `“we stay”. Later …`, `“we stay.” Later …`."""
    if before.quote >= 0 and before.said.endswith(".") and before.text.count(" ") > 0 and token.is_capital:
        return True
    return token.text in STOPS and before.quote >= 0 and following.is_capital


def _reports_beside(tokens: list[Token], k: int) -> bool:
    """Whether a reporting participle or a source begins: `adding that`, `according to`."""
    if tokens[k].low in classes().concessions and tokens[k - 1].closes_with_comma:
        return True  # `she said it was “dead,” while others …`
    return participle_reports(tokens[k]) or (tokens[k].low == "according" and tokens[k + 1].low == "to")


def _contrasts(word: Token, second: Token) -> bool:
    """Whether words behind a comma set something against the report: `, but officials`, `, even as`, `, compared to`; not `, but also`."""
    if word.low == "but":
        return second.quote < 0 and second.low not in classes().contrasts
    if word.low == "even":
        return second.low == "as"
    return word.low == "compared" and second.low in classes().comparison_prepositions


def _mark_ends_clause(tokens: list[Token], k: int) -> bool:
    """Whether what follows a comma or a dash is no part of the reported clause before it."""
    known, mark, following, second = classes(), tokens[k], tokens[k + 1], tokens[k + 2]
    if _reports_beside(tokens, k + 1) or (mark.text in _DASHES and reports_anew(tokens, k + 1)):
        return True
    if following.low == "and" and (participle_reports(second) or second.low in known.perfects):
        return True
    if mark.text == "," and _contrasts(following, second):
        return True
    if following.low in known.report_joiners and reports_anew(tokens, k + 2):
        return True
    return tokens[k - 1].quote >= 0 and following.low in known.quotation_additions


def _last_word(tokens: list[Token], first: int, last: int) -> int:
    while last > first and tokens[last].quote < 0 and not tokens[last].is_word and tokens[last].text not in _AFTER_UNITS:
        last -= 1
    return last


def participle_reports(token: Token) -> bool:
    """Whether a word is the -ing form of a cue that can report without marks: `adding that`."""
    return any(c.form == "gerund" and c.frames - {"marks"} for c in cues().get(token.low, ()))


def _finite_cues(token: Token) -> list[Cue]:
    """The cues of speech that a word can be as a finite verb."""
    return [c for c in cues().get(token.low, ()) if not c.particle and c.form in ("past", "third") and c.attitude != "thought"]


def is_finite_cue(token: Token) -> bool:
    """Whether a word is a finite cue by itself: `added`, but not `reports`, which may be a noun."""
    return token.low not in classes().nounlike and bool(_finite_cues(token))


def reports_anew(tokens: list[Token], at: int) -> bool:
    """Whether a new report begins here: a subject with a cue of its own."""
    known = classes()
    for k in range(at, min(len(tokens), at + 7)):
        t = tokens[k]
        if not t.is_word:
            return False
        if t.low == "than":
            continue  # `and more than half said`
        if (k > at or t.low in known.second_reports) and any(c.frames & {"clause", "that"} for c in _finite_cues(t)):
            return True
        if (t.low in known.auxiliaries and t.low not in known.perfects) or t.low in known.subordinators:
            return False
    return False


def object_end(tokens: list[Token], first: int) -> int:
    """The last token of what a frame with an object reports: up to the next clause."""
    ends = (k - 1 for k in range(first + 1, len(tokens)) if _ends_object(tokens, k))
    return next(ends, _last_word(tokens, first, len(tokens) - 1))


def _ends_object(tokens: list[Token], k: int) -> bool:
    """Whether a word or a mark begins what belongs to no object before it."""
    token = tokens[k]
    if token.text in STOPS or token.text in _DASHES or token.text == ":":
        return True
    if tokens[k - 1].closes_with_comma and _opens_clause(token):
        return True
    if token.low in classes().object_cuts:
        return True
    if k + 1 == len(tokens):
        return False
    if token.text == ",":
        return _comma_ends_object(tokens, k)
    return token.low == "and" and (tokens[k + 1].text == "," or is_finite_cue(tokens[k + 1]) or reports_anew(tokens, k + 1))


def _opens_clause(token: Token) -> bool:
    """Whether a word behind a comma opens a clause or an adverbial: `prompting`, `although`, `she`."""
    return token.low.endswith("ing") or token.low in classes().clause_cuts or token.low in classes().subject_pronouns


def _comma_ends_object(tokens: list[Token], k: int) -> bool:
    """Whether a comma ends an object: before a clause, before `of which`, and behind a quotation but before another."""
    known, following = classes(), tokens[k + 1]
    if (_opens_clause(following) and following.low != "including") or is_finite_cue(following):
        return True
    if following.low in known.relative_prepositions and k + 2 < len(tokens) and tokens[k + 2].low in known.relative_objects:
        return True
    return following.quote < 0 and tokens[k - 1].quote >= 0


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
    aside = _past_aside(tokens, at)
    for k in range(aside, min(len(tokens), aside + reach)):
        t = tokens[k]
        if t.quote >= 0 and k > at and (tokens[k - 1].low in ("'s", "the") or tokens[k - 1].is_capital) and not t.closes_with_comma:
            continue  # `told Norland Radio's “Good Morning” that`
        if t.quote >= 0 or t.text in STOPS or t.text == ":":
            return None
        if t.low == "that":
            return None if _is_demonstrative(tokens, k) else k
        if _bars_that(t):
            return None
    return None


def _past_aside(tokens: list[Token], at: int) -> int:
    """Past an aside between dashes: `said — on the radio, as it happens — | that`; else the same place."""
    if at >= len(tokens) or tokens[at].text not in _DASHES | {"-"}:
        return at
    near = range(at + 1, min(len(tokens) - 1, at + _ASIDE))
    return next((k + 1 for k in near if tokens[k].text == tokens[at].text and tokens[k + 1].low == "that"), at)


def _is_demonstrative(tokens: list[Token], that: int) -> bool:
    """Whether "that" is a pronoun or a determiner: at the end, before a mark, in `that week`."""
    known, following = classes(), tokens[that + 1] if that + 1 < len(tokens) else None
    if following is None:
        return True
    timed = following.low in known.times - known.simple_adverbs and not following.is_capital
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
        if k > at and t.quote >= 0 and t.said.startswith("to "):
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
    if tokens[k].low != "to" or k + 1 == len(tokens):
        return False
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
    if low in known.prepositions | known.auxiliaries | known.questioners | known.subordinators or low == "and":
        return False
    for k in range(at + 1, min(len(tokens), at + reach)):
        t = tokens[k]
        if not t.is_word and t.text not in _INSIDE_SUBJECTS:
            return False
        if t.low in known.subject_bars:
            return False
        if _is_its_verb(tokens[k - 1], t):
            return True
    return False


def _is_its_verb(before: Token, token: Token) -> bool:
    """Whether a word can be the verb of a subject that ends before it; without a tree, auxiliaries alone."""
    if not token.pos:
        return token.low in classes().auxiliaries and token.low != "'s"
    if before.low in classes().coordinators:
        return False
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
