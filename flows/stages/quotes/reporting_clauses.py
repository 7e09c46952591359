"""Reporting clauses behind what they report, or amid it: `“…,” said X`, `…, X said, …`, `As X said, …`."""

from __future__ import annotations

from qantar.stages.quotes.beginnings import complementizer
from qantar.stages.quotes.cue_adverbials import past_adverbials
from qantar.stages.quotes.extents import Range, clause_end, has_verb, left_range, resumed_range
from qantar.stages.quotes.phrases import Phrase, phrase_after
from qantar.stages.quotes.phrases_before import phrase_before
from qantar.stages.quotes.rules import Rule
from qantar.stages.quotes.subjects import is_hearer_told
from qantar.stages.quotes.tokens import DASHES, MARKS, STOPS, VERBAL, Token, can_speak, classes, cues
from qantar.stages.quotes.verbs import Report, Verb, made

_ENDS = (",", "?", "!", "…", "...", ".", "-", "—")


def inverted_report(tokens: list[Token], verb: Verb) -> Report | None:
    """`"…," said X`, `…, said X` and `Said X: "…"`."""
    if not _can_be_inverted(tokens, verb):
        return None
    phrase = phrase_after(tokens, verb.behind, len(tokens))
    known = classes()
    if phrase is None or tokens[phrase.first].low in known.times | known.prepositions | known.complementizers | known.reflexives:
        return None
    if not verb.at:
        return _opening(tokens, verb, phrase)
    quoted = tokens[verb.at - 1].quote >= 0
    fits = _quotation_before(tokens, verb, phrase) if quoted else _clause_before(tokens, verb, phrase)
    left = left_range(tokens, verb.at - 1) if fits else None
    return made(verb, Rule.BEHIND, phrase, left, _resumed(tokens, phrase.last + 1, left, quoted)) if left else None


def _is_cry(tokens: list[Token], verb: Verb, quotation: int) -> bool:
    """Whether a cue tells the exclamation or the question before it: `“Stay!” Ann Lee called`, but not `“Home,” called a trap`."""
    if "cry" not in verb.cue.frames or quotation < 0 or not tokens[quotation].said.endswith(("!", "?")):
        return False
    if quotation == verb.at - 1:
        return verb.behind < len(tokens) and tokens[verb.behind].low not in classes().indefinites
    return _ends(tokens, past_adverbials(tokens, verb.behind))


def _can_be_inverted(tokens: list[Token], verb: Verb) -> bool:
    """Whether a finite cue stands at the head of the passage, or behind a quotation or a mark, and before a word."""
    if verb.cue.form not in ("past", "third") or not (verb.cue.frames & {"clause", "marks", "that"} or _is_cry(tokens, verb, verb.at - 1)):
        return False
    if verb.at and tokens[verb.at - 1].quote < 0 and tokens[verb.at - 1].text not in MARKS:
        return False
    return verb.behind < len(tokens)


def _opening(tokens: list[Token], verb: Verb, phrase: Phrase) -> Report | None:
    """`Said X: "…"`"""
    k = phrase.last + 1
    if k + 1 >= len(tokens) or not (tokens[k].text == ":" or tokens[k + 1].quote >= 0):
        return None
    return made(verb, Rule.MARKS, phrase, (k + 1, clause_end(tokens, k + 1)))


def _clause_before(tokens: list[Token], verb: Verb, phrase: Phrase) -> bool:
    """Whether an inverted cue reports the clause without marks before it: `The plan had failed, said Ann Lee.`"""
    if not _tells_clause(tokens, verb, phrase) or tokens[phrase.first].low in classes().pronouns or tokens[verb.at - 1].text != ",":
        return False
    rest = phrase.last + 1
    resumed = resumed_range(tokens, rest)
    whole = has_verb(tokens, 0, verb.at - 1) or resumed is not None
    return whole and _ends_reporting(tokens, rest) and not _apposed(tokens, verb.at - 1)


def _tells_clause(tokens: list[Token], verb: Verb, phrase: Phrase) -> bool:
    """Whether a cue tells clauses without marks; one that needs "that" elsewhere only where its subject ends the passage."""
    frames = verb.cue.frames
    if verb.cue.attitude != "speech" or frames & {"marks", "addressee"}:
        return False
    if "clause" in frames:
        return True
    told = tokens[phrase.last].is_capital or can_speak(tokens[phrase.last].low)  # not `Ann Lee, who came, promised boats.`
    return told and _ends_passage(tokens, phrase.last + 1)  # `…, affirmed Ann Lee.`


def _ends_passage(tokens: list[Token], rest: int) -> bool:
    """Whether nothing but a final mark follows."""
    return rest >= len(tokens) or (rest == len(tokens) - 1 and not tokens[rest].is_word)


def _ends_reporting(tokens: list[Token], rest: int) -> bool:
    """Whether a reporting clause ends with its subject, but for a relative clause: no verb of another clause follows."""
    if rest >= len(tokens) or not tokens[rest].is_word or tokens[rest].low in classes().relative_subjects:
        return True
    if _ends_passage(tokens, past_adverbials(tokens, rest)):
        return True  # `…, said Ann Lee during a meeting held on Monday`
    return not has_verb(tokens, rest, min(len(tokens) - 1, rest + 5))


def _quotation_before(tokens: list[Token], verb: Verb, phrase: Phrase) -> bool:
    """Whether an inverted cue reports the quotation before it: `“We will stay,” said Ann Lee`."""
    if _is_title(tokens, verb.at - 1):
        return False
    rest = phrase.last + 1
    if rest < len(tokens) and _finite(tokens[rest]):
        return False  # `Ann Lee, who calls it “a trap,” said she had …`
    # `“…,” told reporters`
    return "addressee" not in verb.cue.frames or (tokens[phrase.first].is_capital and _ends(tokens, rest))


def _ends(tokens: list[Token], at: int) -> bool:
    return at >= len(tokens) or (not tokens[at].is_word and tokens[at].quote < 0)


def _is_title(tokens: list[Token], quotation: int) -> bool:
    """Whether a quotation is a name in the noun phrase before it: `the host of “Good Day,” said`."""
    if quotation < 2 or tokens[quotation].text.count(" ") > 5:
        return False
    before = tokens[quotation - 1]
    named = before.low in classes().prepositions or before.low == "'s" or before.is_capital or titles_text(tokens, quotation)
    plain = [t for t in tokens[:quotation] if t.quote < 0]
    return named and not has_verb(plain, 0, len(plain) - 1)


def titles_text(tokens: list[Token], quotation: int) -> bool:
    """Whether a quotation in capitals is the title of the text before its comma: `In his book, “Down the River,” she suggests`."""
    small = classes().prepositions | classes().determiners | classes().coordinators
    words = tokens[quotation].said.strip(",.").split()
    capitals = all(w[0].isupper() or w.lower() in small for w in words)
    return tokens[quotation - 2].low in classes().documents and capitals


def _resumed(tokens: list[Token], at: int, left: Range | None, quoted: bool) -> Range | None:
    """What goes on behind the reporting clause: a quotation after a quotation, else the rest of a clause that has begun before."""
    resumed = resumed_range(tokens, at, left is not None and not quoted and tokens[left[1]].low in classes().be)
    if resumed is None or tokens[resumed[0]].quote >= 0:
        return resumed
    begun = left is not None and (tokens[left[1]].low in classes().be or not has_verb(tokens, *left) or _is_fronted(tokens, left))
    return resumed if not quoted and (begun or tokens[resumed[0]].low == "including") else None


def _is_fronted(tokens: list[Token], left: Range) -> bool:
    """Whether what stands before a reporting clause is a clause before its main one: `When she left, Tom Ray says, | she took a train`."""
    fronted = tokens[left[0]].low in classes().fronted_leads and not any(t.text == "," for t in tokens[left[0] : left[1]])
    return fronted and tokens[left[1] + 2].low != "as"


def _finite(token: Token) -> bool:
    return token.pos in VERBAL and not token.low.endswith(("ed", "ing"))


def _apposed(tokens: list[Token], comma: int) -> bool:
    """Whether the comma closes an apposition to a subject at the head of the passage or behind a quotation."""
    phrase = phrase_before(tokens, comma)
    if phrase is None or not tokens[phrase.last].is_capital:
        return False
    return phrase.first == 0 or tokens[phrase.first - 1].quote >= 0


def report_before(tokens: list[Token], speaker: Phrase, verb: Verb) -> Report | None:
    """`…, X said.`, `…, X said, …` and `"…" X said`."""
    if speaker.first == 0 or not _can_stand_behind(tokens, speaker, verb):
        return None
    cut = speaker.first - 1
    led = tokens[cut].low == "as"
    if led and cut == 0:
        return _heading(tokens, speaker, verb)
    if led and verb.cue.frames <= {"marks"} and verb.cue.particle[-1:] != ("it",):
        return None  # `“…,” he said, as she laughed`, but not `“…,” as she put it`
    cut -= led
    quoted = tokens[cut].quote >= 0
    if not _fits_behind(tokens, cut, verb):
        return None
    left = left_range(tokens, cut)
    resumed = _resumed(tokens, verb.behind, left, quoted)
    aside = _aside(tokens, left, past_adverbials(tokens, verb.behind))
    left, resumed = (aside, None) if aside else (left, resumed)
    whole = left is not None and (has_verb(tokens, *left) or (resumed is not None and has_verb(tokens, *resumed)))
    if not whole:
        return _heading(tokens, speaker, verb) if led else None  # `Yet, as Ann Lee observed, …`
    return made(verb, Rule.BEHIND, speaker, left, resumed)


def _aside(tokens: list[Token], left: Range | None, after: int) -> Range | None:
    """What is reported between two dashes, where the reporting clause ends before the second: `— nobody will, they believe —`."""
    if left is None or after >= len(tokens) or tokens[after].text not in DASHES:
        return None
    opens = next((k for k in range(left[1], left[0], -1) if tokens[k].text == tokens[after].text), None)
    told = opens is not None and opens < left[1] and has_verb(tokens, opens + 1, left[1])
    return (opens + 1, left[1]) if opens is not None and told else None


def _fits_behind(tokens: list[Token], cut: int, verb: Verb) -> bool:
    """Whether what stands before a reporting clause can be what it reports: not `Calling it “a trap,” Ann Lee said …`."""
    after, closed = _closed(tokens, verb)
    if not closed and any(c.form == "gerund" for c in cues().get(tokens[0].low, ())):
        return False
    if tokens[cut].quote >= 0:
        return _fits_quotation(tokens, cut, after, closed) and not _begins_sentence(tokens, cut, after)
    if any(is_hearer_told(tokens, 1, cue) for cue in cues().get(tokens[1].low, ())):
        return False  # `When told it was late, Ann Lee thought for a while`
    return closed and _fits_clause(tokens, cut, after, verb)


def _begins_sentence(tokens: list[Token], quotation: int, after: int) -> bool:
    """Whether a clause behind a whole quotation leads in the next one: `“That was him.” | I said, “It was.”`"""
    ended, subject = tokens[quotation].said.endswith((".", "!", "?")), tokens[quotation + 1]
    opens = after + 1 < len(tokens) and tokens[after + 1].quote >= 0 and tokens[after + 1].said[:1].isupper()
    return ended and opens and subject.text[0].isupper() and subject.low in classes().subject_pronouns


def _can_stand_behind(tokens: list[Token], speaker: Phrase, verb: Verb) -> bool:
    """Whether a cue is of those that can stand behind what is said, with its own subject before it."""
    relative = tokens[speaker.first].low == "who"
    frames = verb.cue.frames & {"clause", "marks", "that", "question", "document"}
    finite = verb.cue.form != "gerund" or tokens[verb.at - 1].low in classes().aspectuals  # `“Is it real?” she kept asking`
    return (bool(frames) or _is_cry(tokens, verb, speaker.first - 1)) and finite and not relative


def _closed(tokens: list[Token], verb: Verb) -> tuple[int, bool]:
    """The token behind a reporting clause with its times and its addressee, and whether the clause ends there."""
    after = past_adverbials(tokens, verb.behind)
    if after >= len(tokens) or tokens[after].text in STOPS | MARKS | {")"}:
        return after, True
    if "addressee" not in verb.cue.frames:
        return after, False
    told = phrase_after(tokens, verb.behind, len(tokens))
    after = past_adverbials(tokens, told.last + 1) if told else after
    if after + 1 < len(tokens) and tokens[after + 1].low == "that":
        return after, False  # `told Norland Radio's “Good Morning” that`
    return after, after >= len(tokens) or not tokens[after].is_word or tokens[after].low in classes().meanwhiles


def _heading(tokens: list[Token], speaker: Phrase, verb: Verb) -> Report | None:
    """`As X said, …`"""
    after, closed = _closed(tokens, verb)
    if not closed or after + 1 >= len(tokens):
        return None
    return made(verb, Rule.BEHIND, speaker, (after + 1, clause_end(tokens, after + 1)))


def _fits_quotation(tokens: list[Token], cut: int, after: int, closed: bool) -> bool:
    """Whether a quotation before a reporting clause is what that reports: it ends with a mark, and is no title in the subject."""
    ends = tokens[cut].said.endswith(_ENDS)
    if not (closed or tokens[cut].closes_with_comma) and complementizer(tokens, after, 1) == after:
        return False  # `“Stay!” She replied that she could not`
    return (closed or (ends and tokens[after].text != ":")) and not _is_title(tokens, cut)


def _fits_clause(tokens: list[Token], cut: int, after: int, verb: Verb) -> bool:
    """Whether a clause without marks can be what a reporting clause behind its comma reports."""
    frames = verb.cue.frames
    final = frames & {"clause", "marks", "document"} or (verb.cue.attitude == "speech" and "that" in frames)
    leads_in = after + 1 < len(tokens) and tokens[after].text in (",", ":") and tokens[after + 1].quote >= 0
    following = tokens[verb.behind : verb.behind + 2]
    aimed = len(following) == 2 and following[0].low == "to" and following[1].low in classes().determiners  # `added to the cost`
    return tokens[cut].text in MARKS and bool(final) and not leads_in and not aimed
