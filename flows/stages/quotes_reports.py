"""Reports: a cue, whose words they are, and which tokens of the passage are reported.

One passage (a sentence, or the sentences that a quotation joins) comes in as tokens, each marked passage being one
token; every report found goes out. Each rule returns the reported tokens as ranges, so that what stands in marks and what does not is decided later, in one place.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.stages.quotes_phrases import Phrase, first_subject, phrase_after, phrase_before
from flows.stages.quotes_words import Cue, Token, classes, cues

Range = tuple[int, int]  # tokens first to last, inclusive


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

    @property
    def span(self) -> Range:
        """From the first to the last token that the reporting clause takes."""
        first = min(self.cue[0], self.speaker.first) if self.speaker else self.cue[0]
        last = max(self.cue[1], self.speaker.last) if self.speaker else self.cue[1]
        return first, last


@dataclass(frozen=True)
class _Verb:
    """A cue where it stands: the group's first token, the token behind it, and what its auxiliaries say."""

    cue: Cue
    at: int
    first: int
    behind: int
    passive: bool
    negated: bool
    modal: bool
    infinitive: bool


_MARKS = frozenset({",", "—", "–", "--", "-"})
_STOPS = frozenset({".", "!", "?", ";", "…", "...", "..", "|"})
_VIEWS = frozenset(
    {
        "view",
        "views",
        "opinion",
        "words",
        "estimation",
        "judgment",
        "judgement",
        "telling",
        "account",
        "mind",
        "eyes",
        "assessment",
        "estimate",
        "formulation",
    }
)
_NO_SOURCE = frozenset({"plan", "schedule", "rules", "script", "need", "whether", "how", "custom", "size", "age"})


def find_reports(tokens: list[Token]) -> list[Report]:
    """All reports of one passage, in order of their cues."""
    reports: list[Report] = []
    for k, token in enumerate(tokens):
        if not token.is_word:
            continue
        report = None
        if token.low == "according" and k + 2 < len(tokens) and tokens[k + 1].low == "to":
            report = _according(tokens, k)
        elif token.low in ("in", "to") and k + 2 < len(tokens):
            report = _in_view(tokens, k)
        elif token.low in cues():
            for cue in cues()[token.low]:
                behind = k + 1 + len(cue.particle)
                if tuple(t.low for t in tokens[k + 1 : behind]) != cue.particle:
                    continue
                verb = _verb(tokens, k, cue, behind)
                report = _report(tokens, verb, reports) if verb else None
                if report:
                    break
        if report:
            reports.append(report)
    return reports


# --- the verb ----------------------------------------------------------------------------------------------------


def _verb(tokens: list[Token], at: int, cue: Cue, behind: int) -> _Verb | None:
    """The cue as a verb with its auxiliaries, or nothing if it is a noun or an adjective here."""
    known = classes()
    first, passive, negated, modal, infinitive, helped = at, False, False, False, False, False
    while first > 0:
        before = tokens[first - 1]
        low = before.low
        if not before.is_word:
            break
        if low in known.auxiliaries:
            if low == "'s" and cue.form not in ("past", "participle", "gerund"):
                break
            if low == "'s" and first == at and tokens[at].low in ("past",):
                break
            passive = passive or (not helped and low in known.be and cue.form in ("past", "participle"))
            negated = negated or low in known.negations
            modal = modal or low in known.modals
            helped = True
        elif low in known.simple_adverbs or (low.endswith("ly") and not before.is_capital):
            negated = negated or low in known.negations
        elif low == "to" and first > 1 and cue.form == "base":
            infinitive = True
            two = tokens[first - 2].low
            two_words = f"{tokens[first - 3].low} {two}" if first > 2 else ""
            if two in known.catenatives:
                first -= 1
            elif two_words in known.catenatives:
                first -= 2
            else:
                first -= 1
                break
        else:
            break
        first -= 1
    low_before = tokens[first - 1].low if first else ""
    if cue.form in ("base", "third") and not helped and not infinitive:
        if low_before in known.determiners or low_before in known.possessives or low_before in known.prepositions or low_before == "'s":
            return None
        if cue.form == "base" and not _plural(tokens, first - 1):
            return None
        if tokens[at].is_capital and at > 0:
            return None
    if cue.form in ("past", "participle") and not helped:
        if (
            (low_before in known.determiners
            and low_before not in ("this", "that", "all", "both", "some", "many", "few", "others", "several", "most", "one", "another"))
            or low_before in ("'s",)
        ):
            return None
        if behind < len(tokens) and tokens[behind].low == "by" and not (at and tokens[at - 1].low == "as"):
            return None
    if cue.form == "gerund" and low_before in known.determiners:
        return None
    return _Verb(cue, at, first, behind, passive, negated, modal, infinitive)


def _plural(tokens: list[Token], at: int) -> bool:
    """Whether the word before a bare form can be its subject."""
    if at < 0:
        return False
    token = tokens[at]
    if not token.is_word:
        return token.text in (",", ")")
    return token.low in (
        "they",
        "we",
        "i",
        "you",
        "who",
        "people",
        "police",
        "some",
        "many",
        "others",
        "most",
        "few",
        "several",
        "and",
        "or",
        "men",
        "women",
        "media",
        "all",
        "both",
        "that",
        "critics",
    ) or (token.low.endswith("s") and not token.low.endswith(("ss", "'s")) and len(token.low) > 3)


# --- who, and what --------------------------------------------------------------------------------------------------


def _report(tokens: list[Token], verb: _Verb, earlier: list[Report]) -> Report | None:
    frames = verb.cue.frames
    if verb.passive:
        return _passive(tokens, verb)
    if verb.cue.form == "participle" and verb.first == verb.at and verb.at and tokens[verb.at - 1].low == "as":
        return _as_told_by(tokens, verb)
    quoted = _inverted(tokens, verb)
    if quoted:
        return quoted
    if "marks" in frames and len(frames) == 1 and not any(t.quote >= 0 for t in tokens):
        return None
    speaker = _subject(tokens, verb, earlier)
    if speaker is None or (tokens[speaker.first].low in ("it", "there") and speaker.first == speaker.last and not verb.passive):
        return None
    if tokens[speaker.first].low in ("i", "we") and speaker.first == speaker.last:
        return None  # the author's own voice
    left = _behind(tokens, speaker, verb)
    if left:
        return left
    right = _ahead(tokens, verb)
    if right is None:
        return None
    rule, first, last = right
    return _made(verb, rule, speaker, ((first, last),))


def _made(verb: _Verb, rule: str, speaker: Phrase | None, content: tuple[Range, ...]) -> Report:
    return Report((verb.at, verb.behind - 1), verb.cue.lemma, verb.cue.attitude, rule, speaker, content, verb.negated, verb.modal)


def _subject(tokens: list[Token], verb: _Verb, earlier: list[Report]) -> Phrase | None:
    known = classes()
    at = verb.first - 1
    before = tokens[at] if at >= 0 else None
    if (verb.cue.form == "gerund" and verb.first == verb.at) or (verb.infinitive and (before is None or before.low not in known.catenatives)):
        if (
            before is not None
            and before.is_word
            and before.low not in known.prepositions
            and before.low not in known.subordinators
            and before.low not in ("and", "or", "to")
        ):
            return phrase_before(tokens, at)
        return _main_subject(tokens, verb.at, earlier)
    if before is None:
        return None
    if before.low in ("and", "but", "then", "or", "yet") or (before.text in ("—", "–", "--", "-", ";")):
        return _main_subject(tokens, verb.at, earlier)
    phrase = phrase_before(tokens, at)
    if phrase is None and before.text == ",":
        return _main_subject(tokens, verb.at, earlier)
    if phrase and phrase.first == phrase.last and tokens[phrase.first].low in ("who", "which", "that"):
        at = phrase.first - 1
        if at >= 0 and tokens[at].text == ",":
            at -= 1
        return phrase_before(tokens, at) if at >= 0 else None
    return phrase


def _main_subject(tokens: list[Token], at: int, earlier: list[Report]) -> Phrase | None:
    """The subject a participle or a second verb shares: that of the clause before it."""
    start = 0
    for k in range(at - 1, -1, -1):
        if tokens[k].text == ";" or (tokens[k].low in ("while", "although", "but", "whereas", "because", "though") and k + 1 < at):
            start = k + 1
            break
    for report in reversed(earlier):
        if report.speaker and report.cue[0] >= start and report.cue[0] < at and report.rule != "according":
            return report.speaker
    return first_subject(tokens, start, at)


def _inverted(tokens: list[Token], verb: _Verb) -> Report | None:
    """`"…," said X` and `…, said X`."""
    if verb.first != verb.at or verb.cue.form not in ("past", "third") or not verb.cue.frames & {"clause", "marks"} or verb.at == 0:
        return None
    before = tokens[verb.at - 1]
    if before.quote < 0 and before.text not in _MARKS:
        return None
    if verb.behind >= len(tokens) or not tokens[verb.behind].is_word:
        return None
    phrase = phrase_after(tokens, verb.behind, len(tokens))
    if phrase is None or tokens[phrase.first].low in classes().times or tokens[phrase.first].low in classes().prepositions:
        return None
    if tokens[phrase.first].low in ("that", "he", "she", "they", "i", "we", "it", "you") and before.quote < 0:
        return None
    if before.quote < 0 and not (_has_verb(tokens, 0, verb.at - 1) and _rest_is_short(tokens, phrase.last + 1)):
        return None
    left = _left_range(tokens, verb.at - 1)
    if left is None:
        return None
    content = [left]
    resumed = _resumes(tokens, phrase.last + 1)
    if resumed:
        content.append(resumed)
    return _made(verb, "behind", phrase, tuple(content))


def _rest_is_short(tokens: list[Token], at: int) -> bool:
    return at >= len(tokens) or not tokens[at].is_word or not _has_verb(tokens, at, min(len(tokens) - 1, at + 5))


def _left_range(tokens: list[Token], last: int) -> Range | None:
    """What stands before a reporting clause at the end, from the last strong mark on."""
    while last >= 0 and tokens[last].quote < 0 and not tokens[last].is_word:
        last -= 1
    if last < 0:
        return None
    first = last
    while first > 0 and not (tokens[first - 1].quote < 0 and tokens[first - 1].text in _STOPS):
        first -= 1
    return first, last


def _resumes(tokens: list[Token], at: int) -> Range | None:
    """What goes on after `…, he said [on Monday],`."""
    at = _past_adverbials(tokens, at)
    if at >= len(tokens) or (tokens[at].text not in {",", "—", "–", "--", "-", ":"} and tokens[at].quote < 0):
        # `"…," said X, a lawyer, "…"`: a quotation further on in the same sentence goes on
        for k in range(at, len(tokens)):
            if tokens[k].quote >= 0 and tokens[k - 1].text in (",", ":"):
                return k, _clause_end(tokens, k)
            if tokens[k].text in _STOPS:
                return None
        return None
    first = at if tokens[at].quote >= 0 else at + 1
    if (
        first >= len(tokens)
        or (tokens[first].low in ("adding", "saying", "noting", "according", "and", "as", "in", "who", "but", "a", "the", "when", "after")
        and tokens[first].quote < 0)
    ):
        for k in range(first, len(tokens)):
            if tokens[k].quote >= 0 and tokens[k - 1].text in (",", ":") and not any(t.low in cues() for t in tokens[first:k]):
                return k, _clause_end(tokens, k)
        return None
    return first, _clause_end(tokens, first)


def _behind(tokens: list[Token], speaker: Phrase, verb: _Verb) -> Report | None:
    """`…, X said.`, `…, X said, …` and `"…" X said`."""
    if not verb.cue.frames & {"clause", "marks"} or verb.cue.form == "gerund" or speaker.first == 0 or speaker.first > verb.at:
        return None
    before = tokens[speaker.first - 1]
    as_clause = before.low == "as" and speaker.first > 1
    if as_clause:
        before = tokens[speaker.first - 2]
    if before.quote < 0 and before.text not in _MARKS:
        return None
    after = _past_adverbials(tokens, verb.behind)
    closed = after >= len(tokens) or tokens[after].text in _STOPS or tokens[after].text in (",", "—", "–", "--", "-", ")")
    if before.quote < 0 and not closed:
        return None
    if before.quote >= 0 and not closed and tokens[after].text == ":":
        return None
    left = _left_range(tokens, speaker.first - (2 if as_clause else 1))
    if left is None or (before.quote < 0 and not _has_verb(tokens, *left)):
        return None
    if before.quote >= 0 and not before.text.rstrip("\"”’'»").rstrip().endswith((",", "?", "!", "…", "...", ".", "-", "—")) and not closed:
        return None
    content = [left]
    resumed = _resumes(tokens, verb.behind)
    if resumed:
        content.append(resumed)
    return _made(verb, "behind", speaker, tuple(content))


def _ahead(tokens: list[Token], verb: _Verb) -> tuple[str, int, int] | None:
    """What follows the cue: rule, first and last token."""
    frames, j, n = verb.cue.frames, verb.behind, len(tokens)
    known = classes()
    if j >= n:
        return None
    if (tokens[j].text == "," and j + 1 < n and tokens[j + 1].quote >= 0) or (tokens[j].text == ":" and j + 1 < n):
        return "marks", j + 1, _clause_end(tokens, j + 1)
    if tokens[j].quote >= 0:
        return "marks", j, _clause_end(tokens, j)
    if frames == {"marks"}:
        k = _quotation_near(tokens, j)
        return ("marks", k, _clause_end(tokens, k)) if k is not None else None
    if frames & {"clause", "that"}:
        that = _that(tokens, j)
        if that is not None:
            first = _past_parenthesis(tokens, that + 1)
            return ("that", first, _clause_end(tokens, first)) if first < n else None
    if frames & {"question"}:
        k = _question(tokens, j)
        if k is not None:
            return "question", k, _clause_end(tokens, k)
    if "infinitive" in frames and tokens[j].low in ("to", "not"):
        return "infinitive", j, _clause_end(tokens, j)
    if "order" in frames:
        to = _to(tokens, j)
        if to is not None:
            return "order", to, _clause_end(tokens, to)
    k = _quotation_near(tokens, j)
    if k is not None and tokens[k - 1].text in (",", ":"):
        return "marks", k, _clause_end(tokens, k)
    if "addressee" in frames:
        phrase = phrase_after(tokens, j, n)
        j2 = (phrase.last + 1) if phrase else j
        if phrase and j2 < n and tokens[j2].is_word and _starts_bare(tokens, j2):
            return "clause", j2, _clause_end(tokens, j2)
        whole = _after_addressee(tokens, j)
        if whole is not None:
            return "clause", whole, _clause_end(tokens, whole)
    if "clause" in frames and "addressee" not in frames:
        j2 = _past_adverbials(tokens, j)
        if j2 < n and tokens[j2].low in known.auxiliaries:
            j2 = j
        if j2 < n and tokens[j2].is_word and ((verb.cue.lemma == "say" and _clause_like(tokens, j2)) or _starts_bare(tokens, j2)):
            return "clause", j2, _clause_end(tokens, j2)
        if j2 < n and tokens[j2].quote >= 0:
            return "marks", j2, _clause_end(tokens, j2)
        if verb.cue.lemma == "say" and j2 < n and tokens[j2].is_word and any(t.quote >= 0 for t in tokens[j2 : j2 + 12]):
            return "clause", j2, _clause_end(tokens, j2)
    if "object" in frames and tokens[j].is_word and tokens[j].low not in known.prepositions | known.subordinators | known.auxiliaries:
        return "object", j, _object_end(tokens, j)
    return None


def _quotation_near(tokens: list[Token], at: int) -> int | None:
    """A quotation within a few words: `said in a statement, "…"`."""
    for k in range(at, min(len(tokens), at + 24)):
        if tokens[k].quote >= 0:
            return k
        if tokens[k].text in _STOPS or (tokens[k].low in cues() and k > at and tokens[k].low.endswith("ed")):
            return None
    return None


def _that(tokens: list[Token], at: int) -> int | None:
    """The complementizer of the cue: at once, or behind an addressee, a time or a place."""
    commas = 0
    for k in range(at, min(len(tokens), at + 22)):
        token = tokens[k]
        if token.quote >= 0 or token.text in _STOPS or token.text == ":":
            return None
        if token.text in _MARKS:
            commas += 1
            if commas > 2:
                return None
            continue
        if token.low == "that":
            demonstrative = k + 1 < len(tokens) and (
                tokens[k + 1].low in classes().times or (not tokens[k + 1].is_word and tokens[k + 1].quote < 0 and tokens[k + 1].text != ",")
            )
            return None if demonstrative else k
        if (
            (token.low in classes().auxiliaries
            and token.low != "'s")
            or token.low in classes().subject_pronouns
            or token.low in classes().questioners
        ):
            return None
    return None


def _question(tokens: list[Token], at: int) -> int | None:
    for k in range(at, min(len(tokens), at + 7)):
        token = tokens[k]
        if not token.is_word:
            return None
        if token.low in classes().questioners and not (token.low in ("who", "which", "whose") and k > at):
            return k
        if token.low in classes().auxiliaries and token.low != "'s":
            return None
    return None


def _to(tokens: list[Token], at: int) -> int | None:
    """The "to" of `urged the two sides to talk`."""
    for k in range(at, min(len(tokens), at + 12)):
        token = tokens[k]
        if token.quote >= 0 or token.text in _STOPS or token.text in (",", ":"):
            return None
        if (
            token.low == "to"
            and k > at
            and k + 1 < len(tokens)
            and tokens[k + 1].is_word
            and tokens[k + 1].low not in classes().determiners
            and not tokens[k + 1].is_capital
        ):
            return k - 1 if tokens[k - 1].low == "not" else k
        if (token.low in classes().auxiliaries and token.low != "'s") or token.low in classes().subordinators - classes().prepositions:
            return None
    return None


def _has_verb(tokens: list[Token], first: int, last: int) -> bool:
    known = classes()
    return any(
        t.quote >= 0
        or t.low in known.auxiliaries
        or t.low in cues()
        or (t.low.endswith("ed") and len(t.low) > 4)
        or t.low in known.subject_pronouns
        or t.low in PASTS
        for t in tokens[first : last + 1]
    )


def _clause_like(tokens: list[Token], at: int) -> bool:
    known = classes()
    if (
        (tokens[at].low in known.prepositions
        and tokens[at].low in ("of",))
        or tokens[at].low in ("so", "to", "as", "about", "goodbye", "yes", "no", "something", "anything", "nothing", "much")
    ):
        return False
    words = [t for t in tokens[at : at + 40] if t.is_word]
    return len(words) >= 3


def _starts_bare(tokens: list[Token], at: int) -> bool:
    """Whether a clause without "that" begins here: a subject with its verb before the next strong mark."""
    known = classes()
    token = tokens[at]
    if token.low in known.subject_pronouns or token.low in ("there", "it"):
        return at + 1 < len(tokens)
    if (
        token.low in known.prepositions
        or token.low in known.auxiliaries
        or token.low in ("to", "and", "as", "or")
        or token.low in known.questioners
    ):
        return False
    seen = 0
    for k in range(at, min(len(tokens), at + 16)):
        t = tokens[k]
        if t.quote >= 0 or t.text in _STOPS or t.text in (":",):
            return False
        if t.low in ("who", "which", "that", "to", "whether") and k > at:
            return False
        if (t.low in known.auxiliaries and t.low != "'s") and k > at:
            return True
        if k > at and t.low in known.subject_pronouns and not tokens[k - 1].is_word:
            return True
        seen += 1
    return False


def _after_addressee(tokens: list[Token], at: int) -> int | None:
    """Where the clause begins in `told the paper he would`: at the subject pronoun or determiner behind the addressee."""
    known = classes()
    for k in range(at + 1, min(len(tokens), at + 10)):
        t = tokens[k]
        if not t.is_word:
            return None
        if t.low in known.subject_pronouns or t.low in ("it", "there"):
            return k
        if t.low in known.determiners and tokens[k - 1].low not in known.prepositions and k > at and _starts_bare(tokens, k):
            return k
    return None


def _past_adverbials(tokens: list[Token], at: int) -> int:
    """Past times, places and manners behind a cue: `said | Monday in a speech in Ohio`."""
    known = classes()
    j, n = at, len(tokens)
    while j < n:
        t = tokens[j]
        if not t.is_word:
            break
        if (
            (t.low in known.times
            and t.low not in ("this", "last", "next"))
            or (t.low in known.simple_adverbs
            and t.low not in ("all", "both", "each"))
            or (t.low.endswith("ly") and not t.is_capital)
        ):
            j += 1
        elif t.low in ("this", "last", "next", "a", "one", "two") and j + 1 < n and tokens[j + 1].low in known.times:
            j += 2
        elif t.low.isdigit() and j > at and tokens[j - 1].low in known.times:
            j += 1
        elif (
            (t.low in known.prepositions
            and t.low not in ("of", "to", "despite", "like"))
            or (t.low in ("to", "of")
            and j > at - 1
            and j + 1 < n
            and (
                tokens[j + 1].low in known.determiners
                or tokens[j + 1].is_capital
                or tokens[j + 1].low in ("reporters", "journalists", "supporters", "him", "her", "them")
            ))
        ):
            j = _past_object(tokens, j + 1)
        else:
            break
    return j


def _past_object(tokens: list[Token], at: int) -> int:
    """Past the noun phrase of a preposition, short of a subject that follows it."""
    known = classes()
    j, n = at, len(tokens)
    if j < n and tokens[j].low in known.determiners:
        j += 1
    while j < n and tokens[j].is_word:
        t, before = tokens[j], tokens[j - 1]
        if (
            t.low in known.determiners
            or t.low in known.subject_pronouns
            or t.low in known.prepositions
            or (t.low in known.auxiliaries
            and t.low != "'s")
            or t.low in known.subordinators
            or t.low in ("it", "there")
        ):
            break
        if (
            j > at
            and t.is_capital
            and not before.is_capital
            and before.low not in known.determiners
            and t.low not in known.times
            and before.low != "'s"
        ):
            break
        if j > at and before.low in known.times and t.low not in known.times and not t.low.isdigit():
            break
        j += 1
    return j


def _past_parenthesis(tokens: list[Token], at: int) -> int:
    """Past `in his view,` and the like at the head of what is reported."""
    j = at + 1 if at < len(tokens) and tokens[at].text == "," else at
    if j + 2 < len(tokens) and tokens[j].low in ("in", "to") and tokens[j + 2].low in _VIEWS:
        return j + 4 if j + 3 < len(tokens) and tokens[j + 3].text == "," else j + 3
    return at


def _clause_end(tokens: list[Token], first: int) -> int:
    """The last token of a reported clause: the sentence's, but for a further report beside it."""
    known = classes()
    n = len(tokens)
    for k in range(first + 1, n):
        t = tokens[k]
        if t.quote >= 0:
            continue
        if (
            t.text in ("…", ".", "!", "?")
            and k + 1 < n
            and tokens[k + 1].quote < 0
            and tokens[k + 1].is_capital
            and tokens[k - 1].quote >= 0
        ):
            return k - 1
        if t.text not in (",", ";", "—", "–", "--", "-") or k + 2 >= n:
            continue
        nxt = tokens[k + 1]
        if nxt.low == "according" and tokens[k + 2].low == "to":
            return k - 1
        if any(
            c.form == "gerund" and c.frames & {"clause", "that", "object", "addressee"} and c.attitude != "thought"
            for c in cues().get(nxt.low, ())
        ):
            return k - 1
        if nxt.low in ("and", "but", "while", "as", "though", "although") or t.text == ";":
            j = k + 1 if t.text == ";" and nxt.low not in ("and", "but", "while") else k + 2
            if _reports_anew(tokens, j):
                return k - 1
        if tokens[k - 1].quote >= 0 and nxt.low in ("a", "an", "which", "who", "referring", "in", "when"):
            return k - 1
    last = n - 1
    while last > first and tokens[last].quote < 0 and not tokens[last].is_word and tokens[last].text not in ("%", ")", "$"):
        last -= 1
    return last if known else last


def _reports_anew(tokens: list[Token], at: int) -> bool:
    """Whether a new subject with a cue of its own begins here."""
    known = classes()
    for k in range(at, min(len(tokens), at + 7)):
        t = tokens[k]
        if not t.is_word:
            return False
        found = [
            c
            for c in cues().get(t.low, ())
            if not c.particle and c.frames & {"clause", "that"} and c.form in ("past", "third") and c.attitude != "thought"
        ]
        if found and (k > at or t.low in ("said", "added")):
            return True
        if (t.low in known.auxiliaries and t.low not in ("has", "have", "had", "also")) or t.low in known.subordinators:
            return False
    return False


def _object_end(tokens: list[Token], first: int) -> int:
    """The last token of what an object frame reports: up to the next clause."""
    n = len(tokens)
    for k in range(first + 1, n):
        t = tokens[k]
        if t.quote >= 0:
            continue
        if t.text in (";", ":", ".", "!", "?", "—", "–", "--", "…"):
            return k - 1
        if t.text == "," and k + 1 < n:
            nxt = tokens[k + 1]
            if (
                nxt.low in classes().clause_cuts
                or nxt.low.endswith("ing")
                or nxt.low in classes().subject_pronouns
                or (nxt.quote < 0
                and tokens[k - 1].quote >= 0)
            ):
                return k - 1
        if t.low in ("while", "although", "though", "because", "but", "whereas") and k > first + 1:
            return k - 1
        if t.low == "and" and _reports_anew(tokens, k + 1):
            return k - 1
    last = n - 1
    while last > first and tokens[last].quote < 0 and not tokens[last].is_word:
        last -= 1
    return last


# --- other constructions --------------------------------------------------------------------------------------------


def _according(tokens: list[Token], at: int) -> Report | None:
    """`according to X, …`, `…, according to X`."""
    source = phrase_after(tokens, at + 2, len(tokens))
    if source is None or tokens[source.last].low in _NO_SOURCE or tokens[source.first].low in ("me",):
        return None
    return _adverbial(tokens, at, at + 1, source, "according to", "according")


def _in_view(tokens: list[Token], at: int) -> Report | None:
    """`in his view, …`, `in the ministry's words, …`."""
    for k in range(at + 2, min(len(tokens), at + 8)):
        if not tokens[k - 1].is_word:
            return None
        if tokens[k].low in _VIEWS and (tokens[k - 1].low in classes().possessives or tokens[k - 1].low == "'s"):
            owner = Phrase(at + 1, k - 1 if tokens[k - 1].low in classes().possessives else k - 2)
            if tokens[owner.first].low in classes().first_persons or (k + 1 < len(tokens) and tokens[k + 1].low == "of"):
                return None
            if at and tokens[at - 1].text not in (",",) and tokens[at - 1].is_word:
                return None
            head = tokens[at - 1].low if at else ""
            if head == "that" or (at > 1 and tokens[at - 2].low == "that" and tokens[at - 1].text == ","):
                return None  # part of a report already: `he concluded that, in his view, …`
            return _adverbial(tokens, at, k, owner, "in someone's view", "view")
    return None


def _adverbial(tokens: list[Token], first: int, cue_last: int, source: Phrase, lemma: str, rule: str) -> Report | None:
    cue = (first, cue_last) if rule == "according" else (first, cue_last)
    end = max(cue_last, source.last)
    after = end + 1
    while after < len(tokens) and tokens[after].is_word and tokens[after].low not in classes().subject_pronouns:
        after += 1  # an addition to the source: `published on Monday`
    left = _left_range(tokens, first - 1) if first else None
    if left and not any(t.is_word or t.quote >= 0 for t in tokens[left[0] : left[1] + 1]):
        left = None
    if left and tokens[first - 1].text in _STOPS | {":"}:
        left = None
    if left and all(t.low in ("and", "but", "so", "yet", "still", "also") for t in tokens[left[0] : left[1] + 1]):
        left = None
    right: Range | None = None
    if after < len(tokens) and (tokens[after].text in _MARKS or tokens[after].quote >= 0):
        begin = after if tokens[after].quote >= 0 else after + 1
        if begin < len(tokens) and not (
            left
            and (
                tokens[begin].low in ("which", "who", "a", "an", "and", "but", "the", "whose", "citing")
                or tokens[begin].low.endswith("ing")
            )
        ):
            right = (begin, _clause_end(tokens, begin))
            if right[1] < right[0]:
                right = None
    content = tuple(r for r in (left, right) if r)
    return Report(cue, lemma, "speech", rule, source, content) if content else None


def _passive(tokens: list[Token], verb: _Verb) -> Report | None:
    """`it was reported that …` (nobody named), `X was denied` and `X was accused by Y of …`."""
    n = len(tokens)
    subject = phrase_before(tokens, verb.first - 1) if verb.first else None
    if verb.behind < n and tokens[verb.behind].low == "by":
        source = phrase_after(tokens, verb.behind + 1, n)
        if (
            source
            and "object" in verb.cue.frames
            and subject
            and source.last + 1 < n
            and tokens[source.last + 1].low in ("of", "for", "as")
        ):
            return _made(verb, "passive", source, ((subject.first, subject.last), (source.last + 1, _object_end(tokens, source.last + 1))))
        if source and verb.cue.attitude == "denial" and subject:
            return _made(verb, "passive", source, ((subject.first, subject.last),))
        return None
    if subject and tokens[subject.first].low == "it" and subject.first == subject.last:
        that = _that(tokens, verb.behind)
        if that is not None and that <= verb.behind + 1 and that + 1 < n:
            return _made(verb, "impersonal", None, ((that + 1, _clause_end(tokens, that + 1)),))
        return None
    if verb.cue.attitude == "denial" and subject and (verb.behind >= n or not tokens[verb.behind].is_word):
        return _made(verb, "passive", None, ((subject.first, subject.last),))
    return None


def _as_told_by(tokens: list[Token], verb: _Verb) -> Report | None:
    """`as told by X, …`."""
    if verb.behind >= len(tokens) or tokens[verb.behind].low != "by":
        return None
    source = phrase_after(tokens, verb.behind + 1, len(tokens))
    if source is None:
        return None
    report = _adverbial(tokens, verb.at - 1, verb.behind, source, verb.cue.lemma, "as told")
    return Report((verb.at, verb.behind - 1), verb.cue.lemma, verb.cue.attitude, "as told", source, report.content) if report else None


PASTS = frozenset(
    ["went", "took", "made", "gave", "came", "got", "began", "met", "left", "won", "lost", "held", "ran", "saw", "led", "fell", "kept", "sent", "spent", "stood", "wrote", "rose", "paid", "put", "broke", "built", "brought", "bought", "drew", "grew", "knew", "threw", "became", "sat", "fought", "sought", "taught", "caught", "seems", "means", "needs", "wants", "goes", "makes", "takes", "gets"]
)
