"""The words that quote attribution knows: cues with their frames, closed classes, and a passage as a list of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from qantar.stages.quotes.marks import Marked
from qantar.text.lexicon import read_columns, read_lines, read_table, read_toml
from qantar.text.person_titles import title_words


@cache
def _token() -> re.Pattern[str]:
    """One token; a full stop belongs to initials and to abbreviations that a name follows."""
    clauses = read_toml("clauses.toml")
    words, clitics = {*read_toml("abbreviations.toml")["before_name"], *clauses["shortened"]}, "|".join(clauses["clitics"])
    shortened = "|".join(re.escape(w.capitalize()) for w in sorted(words, key=lambda w: (-len(w), w)))
    return re.compile(
        rf"""[^\W_]++(?=\s)  # most words; what follows is tried for the others only
      | (?=\S)(?:
        (?:[^\W\d_]\.){{2,}} | \b[A-Z]\.(?=\s?[A-Z])  # initials
      | \b(?:{shortened})\.
      | (?<=\w)['’](?:{clitics})\b  # clitics
      | \d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?
      | [^\W_]+(?:(?:[.&@/-]|['’](?!(?:{clitics})\b))[^\W_]+)*(?:\.(?=[,;:)]))?
      | --+ | [.]{{2,}} | \S
      )""",
        re.VERBOSE,
    )


DASHES = frozenset({"—", "–", "―", "--"})
MARKS = DASHES | {",", "-"}
STOPS = frozenset({".", "!", "?", ";", "…", "...", "..", "|"})
VERBAL = frozenset({"VERB", "AUX"})
_MARKS = "\"“”„«»‘’'` "
_NAME_REACH = 25  # characters before a nickname in which the given name stands
_GIVEN_NAME = re.compile(r"[A-ZÀ-Ý][\w.’'-]*\s\Z")
_LAST_WORD = re.compile(r"([^\W\d_]+)\s\Z")
_LONGEST_NAME = 7  # words of a body's name in marks
_NICKNAME = re.compile(r"(?:[A-ZÀ-Ý][\w’'-]+\s?){1,3}")


class Token(NamedTuple):
    """A word or a mark with its place in `documents.text`; `quote` is the index of the marked passage it stands for, else -1.

    `pos` is its part of speech (Universal Dependencies) where the pipeline tells it.
    """

    text: str
    low: str
    start: int
    end: int
    quote: int = -1
    pos: str = ""

    @property
    def is_word(self) -> bool:
        """Whether it is a word, not a mark or a quotation."""
        return self.quote < 0 and (self.text[0].isalnum() or self.text[0] in "'’")

    @property
    def said(self) -> str:
        """The words of a quotation without its marks, in whatever style: `''We will stay,''`."""
        return self.text.strip(_MARKS)

    @property
    def closes_with_comma(self) -> bool:
        """Whether it is a quotation that ends its clause with a comma inside the marks."""
        return self.quote >= 0 and self.said.endswith(",")

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that begins with a capital."""
        return self.text[0].isupper()


_token_of: Callable[[tuple[str, str, int, int, int, str]], Token] = partial(tuple.__new__, Token)
"""A token of all its values, in a third of the time."""


def tokenize(
    text: str, start: int, end: int, marked: Sequence[tuple[int, Marked]] = (), pos: Mapping[int, str] = MappingProxyType({})
) -> list[Token]:
    """Tokens of `text[start:end]`; each marked passage in it, given with its index, is one token. `pos` has parts of speech by place."""
    tokens: list[Token] = []
    position = start
    for index, passage in marked:
        if passage.outer_start < position:
            continue
        if is_nickname(text, passage):
            tokens.extend(_plain(text, position, passage.outer_start, pos))
            position = passage.outer_end
            tokens.extend(_plain(text, passage.start, passage.end, pos))
            continue
        if names_body(text, passage):
            tokens.extend(_plain(text, position, passage.outer_start, pos))
            position = passage.outer_end
            name = text[passage.start : passage.end]
            tokens.append(Token(name, name.lower(), passage.start, passage.end, -1, "PROPN"))
            continue
        tokens.extend(_plain(text, position, passage.outer_start, pos))
        tokens.append(Token(text[passage.outer_start : passage.outer_end], "", passage.outer_start, passage.outer_end, index))
        position = passage.outer_end
    tokens.extend(_plain(text, position, end, pos))
    return tokens


def is_nickname(text: str, passage: Marked) -> bool:
    """Whether words in marks stand within a name: `Ann “Annie” Lee`."""
    before, after = text[max(0, passage.outer_start - _NAME_REACH) : passage.outer_start], text[passage.outer_end : passage.outer_end + 2]
    named = after[1:].isupper() and _GIVEN_NAME.search(before) is not None
    return named and _NICKNAME.fullmatch(text, passage.start, passage.end) is not None


def names_body(text: str, passage: Marked) -> bool:
    """Whether words in marks are a body's name: the group “Save the Wells”."""
    before = _LAST_WORD.search(text, max(0, passage.outer_start - _NAME_REACH), passage.outer_start)
    if before is None or before[1] not in read_toml("things.toml")["bodies_in_marks"]:
        return False
    words = text[passage.start : passage.end].split()
    small = read_toml("name_words.toml")["small_words"]
    return 0 < len(words) <= _LONGEST_NAME and words[0][0].isupper() and all(w[0].isupper() or w in small for w in words)


def _plain(text: str, start: int, end: int, pos: Mapping[int, str]) -> list[Token]:
    return [
        _token_of((word := m[0], word.lower().replace("’", "'"), at := m.start(), m.end(), -1, pos.get(at, "")))
        for m in _token().finditer(text, start, end)
    ]


@dataclass(frozen=True)
class Cue:
    """A word that reports, in one of its forms."""

    lemma: str
    attitude: str
    frames: frozenset[str]
    form: str  # base, third, past, participle or gerund
    particle: tuple[str, ...]


@cache
def cues() -> dict[str, tuple[Cue, ...]]:
    """The cues by each form of their first word; those with more words come first."""
    found: dict[str, dict[tuple[str, ...], Cue]] = {}
    for row in read_table("cues.csv"):
        particle = tuple(row["lemma"].split()[1:])
        for form in ("past", "participle", "base", "third", "gerund"):
            cue = Cue(row["lemma"], row["attitude"].split()[0], frozenset(row["frames"].split()), form, particle)
            found.setdefault(row[form], {}).setdefault(particle, cue)
    return {word: tuple(sorted(by.values(), key=lambda c: -len(c.particle))) for word, by in found.items()}


def is_cue(word: str) -> bool:
    """Whether a word, in lower case, is a form of a cue."""
    return word in cues()


@cache
def _clause_cues() -> frozenset[str]:
    finite = ("past", "third")
    return frozenset(w for w, by in cues().items() if any("clause" in c.frames and not c.particle and c.form in finite for c in by))


def is_clause_cue(word: str) -> bool:
    """Whether a word, in lower case, is the finite form of a cue that a clause can follow."""
    return word in _clause_cues()


@cache
def question_forms() -> frozenset[str]:
    """The forms of cues in which somebody is asked: `Asked whether`, `pressed on why`."""
    finite = ("past", "participle")
    return frozenset(w for w, by in cues().items() if any({"question", "order"} <= c.frames and c.form in finite for c in by))


@cache
def region_names() -> frozenset[str]:
    """Countries, and their states and provinces, in full or as a short form behind a town, without its full stop: "Ohio", "Tex"."""
    names = frozenset(name for name, kind in read_columns("places.csv", "name", "kind") if kind in ("province", "country"))
    return names | frozenset(read_toml("no_persons.toml")["tag_places"])


def looks_adverb(token: Token) -> bool:
    """Whether a word ends as adverbs do, and is no noun: `angrily`, but not `family` or `Sally`."""
    return token.low.endswith("ly") and not token.is_capital and token.low not in classes().no_adverbs


def is_informed(tokens: Sequence[Token], at: int) -> bool:
    """Whether a participle tells what people know of, who may speak behind it: `officials | briefed | on the plan said`."""
    known = classes()
    return tokens[at].low in known.informing and at + 1 < len(tokens) and tokens[at + 1].low in known.informed_of


def looks_past(token: Token, letters: int = 4) -> bool:
    """Whether a word ends as past forms of verbs do, and has more than so many letters."""
    return token.low.endswith("ed") and len(token.low) > letters and not token.is_capital


class _Words(frozenset[str]):
    """Words of which two kinds, or one without the other, are put together once, not at each token that is looked at."""

    def __or__(self, other: AbstractSet[Any]) -> frozenset[Any]:
        return _together(self, other) if isinstance(other, frozenset) else super().__or__(other)

    def __sub__(self, other: AbstractSet[Any]) -> frozenset[str]:
        return _without(self, other) if isinstance(other, frozenset) else super().__sub__(other)


@cache
def _together(some: frozenset[str], others: frozenset[str]) -> _Words:
    return _Words(some.union(others))


@cache
def _without(some: frozenset[str], others: frozenset[str]) -> _Words:
    return _Words(some.difference(others))


class _Classes(NamedTuple):
    auxiliaries: frozenset[str]
    be: frozenset[str]
    negations: frozenset[str]
    modals: frozenset[str]
    simple_adverbs: frozenset[str]
    catenatives: frozenset[str]
    failures: frozenset[str]
    no_adverbs: frozenset[str]
    pronouns: frozenset[str]
    third_persons: frozenset[str]
    leads: frozenset[str]
    pointers: frozenset[str]
    judged: frozenset[str]
    asking: frozenset[str]
    meanwhiles: frozenset[str]
    tellers: frozenset[str]
    quoters: frozenset[str]
    name_particles: frozenset[str]
    newcomers: frozenset[str]
    places_behind: frozenset[str]
    time_clauses: frozenset[str]
    verdicts: frozenset[str]
    definites: frozenset[str]
    comparers: frozenset[str]
    naming: frozenset[str]
    askers: frozenset[str]
    answerers: frozenset[str]
    joiners: frozenset[str]
    relatives: frozenset[str]
    whole_phrases: frozenset[str]
    reflexives: frozenset[str]
    demonstratives: frozenset[str]
    fronts: frozenset[str]
    inner_determiners: frozenset[str]
    approximators: frozenset[str]
    counts: frozenset[str]
    time_adjectives: frozenset[str]
    objects: frozenset[str]
    noun_prepositions: frozenset[str]
    occasions: frozenset[str]
    subject_prepositions: frozenset[str]
    connectors: frozenset[str]
    subject_pronouns: frozenset[str]
    first_persons: frozenset[str]
    possessives: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    subordinators: frozenset[str]
    complementizers: frozenset[str]
    questioners: frozenset[str]
    clause_cuts: frozenset[str]
    times: frozenset[str]
    weekdays: frozenset[str]
    titles: frozenset[str]
    documents: frozenset[str]
    finite: frozenset[str]
    nounlike: frozenset[str]
    views: frozenset[str]
    no_sources: frozenset[str]
    aspectuals: frozenset[str]
    plural_subjects: frozenset[str]
    resumption_bars: frozenset[str]
    hearers: frozenset[str]
    no_clauses: frozenset[str]
    object_cuts: frozenset[str]
    time_relations: frozenset[str]
    voicing: frozenset[str]
    putting: frozenset[str]
    describing: frozenset[str]
    time_leads: frozenset[str]
    floating_quantifiers: frozenset[str]
    clause_prepositions: frozenset[str]
    perfects: frozenset[str]
    contrasts: frozenset[str]
    report_joiners: frozenset[str]
    quotation_additions: frozenset[str]
    going_on: frozenset[str]
    numbers: tuple[str, ...]
    no_holders: frozenset[str]
    adverbial_cues: frozenset[str]
    view_prepositions: frozenset[str]
    participle_leads: frozenset[str]
    verdict_prepositions: frozenset[str]
    links: frozenset[str]
    coordinators: frozenset[str]
    additions: frozenset[str]
    clitic_subjects: frozenset[str]
    hearer_prepositions: frozenset[str]
    second_reports: frozenset[str]
    relative_prepositions: frozenset[str]
    relative_objects: frozenset[str]
    relative_subjects: frozenset[str]
    bare_relatives: frozenset[str]
    late_relatives: frozenset[str]
    clause_openers: frozenset[str]
    expletives: frozenset[str]
    subject_bars: frozenset[str]
    quotation_leads: frozenset[str]
    infinitive_marks: frozenset[str]
    predicate_leads: frozenset[str]
    articles: frozenset[str]
    indefinites: frozenset[str]
    dangling: frozenset[str]
    givers: frozenset[str]
    no_sharers: frozenset[str]
    clause_marks: frozenset[str]
    authors: frozenset[str]
    no_reporters: frozenset[str]
    offices: frozenset[str]
    vague_subjects: frozenset[str]
    sharers: frozenset[str]
    participle_bars: frozenset[str]
    absolute_leads: frozenset[str]
    clause_breaks: frozenset[str]
    title_bodies: frozenset[str]
    causers: frozenset[str]
    accusation_prepositions: frozenset[str]
    object_pronouns: frozenset[str]
    others: frozenset[str]
    no_speakers: frozenset[str]
    shared_subjects: frozenset[str]
    comparatives: frozenset[str]
    singular_subjects: frozenset[str]
    comparison_prepositions: frozenset[str]
    light: frozenset[str]
    weighty: frozenset[str]
    companions: frozenset[str]
    headline_sources: frozenset[str]
    fronted_leads: frozenset[str]
    concessions: frozenset[str]
    epithets: frozenset[str]
    hearing_bodies: frozenset[str]
    prospects: frozenset[str]
    anonymities: frozenset[str]
    viewing: frozenset[str]
    claims: frozenset[str]
    demonstrated: frozenset[str]
    informing: frozenset[str]
    informed_of: frozenset[str]
    hearsay: frozenset[str]
    nonfinite: frozenset[str]
    dealings: frozenset[str]
    unnamed: frozenset[str]
    rejoinders: frozenset[str]
    answers: frozenset[str]


@cache
def classes() -> _Classes:
    """The closed classes of `lexicon/clauses.toml`, and the words of titles."""
    data, calendar = read_toml("clauses.toml"), read_toml("calendar.toml")
    weekdays = _Words(word.lower() for word in calendar["weekdays"])
    months = (word.lower() for key in ("months", "month_abbreviations") for word in calendar[key] if word)
    closed: dict[str, Any] = {field: _Words(data[field]) for field in _Classes._fields if field not in ("titles", "weekdays")}
    closed |= {"numbers": tuple(data["numbers"]), "titles": _Words(title_words()), "weekdays": weekdays}
    return _Classes(**closed | {"times": _Words(weekdays.union(data["times"], months))})


@cache
def _heads() -> tuple[frozenset[str], tuple[str, ...]]:
    words = [word for line in read_lines("speaker_heads.txt") for word in line.split()]
    return frozenset(words), tuple(w[1:] for w in words if w[0] == "-")


def can_speak(head: str) -> bool:
    """Whether a noun, in lower case, stands for people, a body or a text (`lexicon/speaker_heads.txt`).

    >>> can_speak("officials"), can_speak("ministry"), can_speak("unrest")
    (True, True, False)
    """
    words, endings = _heads()
    for form in (head, head.removesuffix("s"), head.removesuffix("es"), head.removesuffix("ies") + "y"):
        if form in words or form in classes().documents or (len(form) > 4 and form.endswith(endings)):
            return True
    return False
