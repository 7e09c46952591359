"""What a text says of the gender and number of the persons it names, so that no link goes against it. Nothing of this is published.

Titles ("Mrs"), words of kin and occupation ("his wife, X", "X, an actress") and pronouns near a sure mention are the text's word. Given
names, by the lists of lexicon/male_given_names.txt and lexicon/female_given_names.txt, and family names that tell a woman's from a man's
count where the text says nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, reduce
from itertools import chain
from typing import Literal, NamedTuple

from qantar.schema import Mention, Sentence
from qantar.text.lexicon import either, read_lines, read_toml
from qantar.text.person_titles import title_words

Gender = Literal["male", "female"]
Number = Literal["singular", "plural"]

NOUN = 4
"""Weight of a word of kin or occupation beside a name."""
PRONOUN = 1
"""Weight of a pronoun near a name."""
ENOUGH = 2
"""The least weight on which the text is taken to say a gender."""
CLEARLY = 4
"""How many times the weight for the other gender it must be."""

_BEFORE = re.compile(r"(?:[^\W\d_][\w'’-]*\.?,?\s+){1,4}\Z")
_REACH = 60
_APPOSITION = re.compile(r",\s+(?:\d{1,3},\s+)?(?P<words>[^\W\d_][^,.;:()“”\"\n]*)")
_PREDICATE = re.compile(rf"\s+(?:{either('gender_words.toml', 'copulas')})\s+(?P<words>[^\W\d_][^,.;:()“”\"\n]*)")
_AFTER_APPOSITION = re.compile(rf"['’]s?\b|[,.;:)\]—–-]|\s+(?:{either('gender_words.toml', 'after_apposition')})\b|\s*\Z|\s*\n")
_MARKED = re.compile(r"“[^“”]*(?:”|\Z)|\"[^\"]*(?:\"|\Z)")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_OPENING = re.compile(rf"[“\"'‘]?(?P<pronoun>{either('gender_words.toml', 'opening_pronouns')})\b")
_SUBJECT_REACH = 40
"""Characters from a sentence's start within which its subject's name begins."""


class Evidence(NamedTuple):
    """What the text says beside one mention of a person, or several: titles, which decide, and the weights of what else speaks."""

    male_titles: int = 0
    female_titles: int = 0
    male: int = 0
    female: int = 0

    def plus(self, other: Evidence) -> Evidence:
        """Both together."""
        if other == _NONE:
            return self
        return Evidence(  # one by one: names are many, and a loop takes three times as long
            self.male_titles + other.male_titles,
            self.female_titles + other.female_titles,
            self.male + other.male,
            self.female + other.female,
        )

    @property
    def titles(self) -> list[Gender]:
        """The genders that titles say."""
        said: dict[Gender, int] = {"male": self.male_titles, "female": self.female_titles}
        return [gender for gender, n in said.items() if n]


_NONE = Evidence()


class Judged(NamedTuple):
    """The gender of a person, all mentions together; `by_text` is False where only the name says so."""

    gender: Gender | None
    by_text: bool = False


class Pronoun(NamedTuple):
    """What a pronoun can stand for; `gender` and `number` are None where any can be meant."""

    gender: Gender | None
    number: Number | None
    person: int
    is_possessive: bool = False
    is_thing: bool = False


UNKNOWN = Judged(None)


def pronoun(word: str) -> Pronoun | None:
    """What a word can stand for if it is a pronoun."""
    return _pronoun_table().get(word.lower())


@cache
def _pronoun_table() -> dict[str, Pronoun]:
    table: dict[str, Pronoun] = {}
    for row in read_toml("gender_words.toml")["pronouns"]:
        means = {"gender": None, "number": None} | {key: value for key, value in row.items() if key != "forms"}
        table |= dict.fromkeys(row["forms"], Pronoun(**means))
    return table


def judge(evidence: Iterable[Evidence], names: Iterable[str]) -> Judged:
    """The gender of a person from what stands beside all its mentions, else from its names.

    >>> judge([Evidence(male_titles=1)], ["Carol Burnside"])
    Judged(gender='male', by_text=True)
    >>> judge([], ["Hillary Clinton"])
    Judged(gender='female', by_text=False)
    """
    told = sum_evidence(evidence)
    for male, female, least in ((told.male_titles, told.female_titles, 1), (told.male, told.female, ENOUGH)):
        if max(male, female) >= max(least, CLEARLY * min(male, female)):
            return Judged("male" if male > female else "female", by_text=True)
        if min(male, female) >= least:
            return UNKNOWN  # the text contradicts itself: two people under one name, perhaps
    by_name = {gender for name in names if (gender := given_name_gender(name))}
    return Judged(by_name.pop()) if len(by_name) == 1 else UNKNOWN


def sum_evidence(evidence: Iterable[Evidence]) -> Evidence:
    """What the text says beside several mentions together."""
    return reduce(Evidence.plus, evidence, _NONE)


def conflicts(one: Judged, other: Judged) -> bool:
    """Whether two names can't be one person: the genders differ, and the text says at least one of them."""
    return bool(one.gender and other.gender and one.gender != other.gender and (one.by_text or other.by_text))


def agrees(word: str, judged: Judged | None) -> bool:
    """Whether a pronoun, or a title such as "Mr", can stand for a person of that gender.

    >>> agrees("she", Judged("male")), agrees("they", Judged("male")), agrees("Mrs.", Judged("female")), agrees("he", None)
    (False, True, True, True)
    """
    known = pronoun(word)
    gender = known.gender if known else phrase_gender(word)
    return not (gender and judged and judged.gender and gender != judged.gender)


@cache
def given_name_gender(name: str) -> Gender | None:
    """The gender that a person's full name tells by its given name, else by its family name; None if it tells none or is one word.

    >>> given_name_gender("Loretta E. Lynch"), given_name_gender("Jordan Pike"), given_name_gender("Kim Jong Un")
    ('female', None, None)
    """
    words = [w for w in _WORD.findall(name) if w.lower() not in title_words()]
    if len(words) < 2:
        return None
    if words[0] not in family_first():
        given = next((w for w in words[:-1] if len(w) > 1), "")
        for gender, names in _given_names().items():
            if given.capitalize() in names or given in names:
                return gender
    return _by_family_name(words[-1].lower())


def _by_family_name(surname: str) -> Gender | None:
    words = read_toml("gender_words.toml")
    if any(surname.endswith(ending) for ending in words["no_endings"]):
        return None
    found: dict[Gender, int] = {
        "female": max((len(e) for e in words["female_endings"] if surname.endswith(e) and len(surname) > len(e) + 2), default=0),
        "male": max((len(e) for e in words["male_endings"] if surname.endswith(e) and len(surname) > len(e) + 2), default=0),
    }
    best = max(found, key=lambda gender: found[gender])
    return best if found["female"] != found["male"] else None


def phrase_gender(phrase: str) -> Gender | None:
    """The gender that the words of a description or a title tell: by its last word, or a title or word of kin before.

    >>> phrase_gender("his wife"), phrase_gender("a spokeswoman for the mayor"), phrase_gender("Mr Justice"), phrase_gender("the mayor")
    ('female', 'female', 'male', None)
    """
    words = _head_words(phrase)
    while words:
        for gender in _nouns():
            if words[-1] in _nouns()[gender] or words[-1] in _titles()[gender]:
                return gender
        if words[-1] not in title_words():
            return None
        words.pop()
    return None


def phrase_number(phrase: str) -> Number | None:
    """Whether a description means one or several people or things; None if its form does not tell.

    >>> phrase_number("two managers"), phrase_number("the Clintons"), phrase_number("Ann Lee and Bo Ray"), phrase_number("the boss")
    ('plural', 'plural', 'plural', 'singular')
    """
    words = read_toml("gender_words.toml")
    if re.search(r"\w\s+and\s+\w", phrase):
        return "plural"
    head = _head_words(phrase)
    if not head:
        return None
    if head[-1] in words["plural_nouns"]:
        return "plural"
    if head[-1].endswith("s") and head[-1] not in words["singular_nouns"] and not head[-1].endswith(tuple(words["singular_endings"])):
        return "plural" if phrase[:1].islower() or phrase.lower().startswith("the ") else None
    return "singular"


def _head_words(phrase: str) -> list[str]:
    """The words of a phrase, in small letters, up to its head: what follows "of" or "for" describes it."""
    words: list[str] = []
    for word in _WORD.findall(phrase):
        low = word.lower()
        if words and low in _links():
            break
        words.append(re.sub(r"['’]s$", "", low) if low.endswith(("'s", "’s")) else low)
    return words


@cache
def _links() -> frozenset[str]:
    return frozenset(read_toml("gender_words.toml")["after_head"])


def find_evidence(text: str, mentions: Sequence[Mention], sentences: Sequence[Sentence]) -> dict[str, Evidence]:
    """What a text says beside each of its mentions of persons, by mention id; those beside which it says nothing are left out.

    `mentions` and `sentences` are those of one document, whose text is `text`; without sentences no pronoun counts.
    """
    found: dict[str, Evidence] = {}
    persons = sorted((m for m in mentions if m.label == "PERSON"), key=lambda m: m.start)
    for m in persons:
        if said := _beside(text, m):
            found[m.mention_id] = said
    for mention_id, gender in _pronouns(text, persons, sentences):
        found[mention_id] = found.get(mention_id, Evidence()).plus(_weighing(gender, PRONOUN))
    return found


def _weighing(gender: Gender, weight: int) -> Evidence:
    return Evidence(male=weight) if gender == "male" else Evidence(female=weight)


def genders_by_entity(text: str, mentions: Sequence[Mention], sentences: Sequence[Sentence]) -> dict[str, Judged]:
    """The gender of each person that one document names, by entity; those of whom nothing is known are left out."""
    evidence = find_evidence(text, mentions, sentences)
    told: defaultdict[str, list[Evidence]] = defaultdict(list)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for m in mentions:
        if m.label == "PERSON" and m.entity_id:
            names[m.entity_id].add(m.text)
            if m.mention_id in evidence:
                told[m.entity_id].append(evidence[m.mention_id])
    judged = {entity: judge(told[entity], sorted(spellings)) for entity, spellings in names.items()}
    return {entity: gender for entity, gender in judged.items() if gender.gender}


def _beside(text: str, mention: Mention) -> Evidence | None:
    """What a title, or a word of kin or occupation, right beside a name says."""
    before = _words_before(text[max(0, mention.start - _REACH) : mention.start])
    after = text[mention.end : mention.end + 2 * _REACH]
    if before:
        if gender := title_gender(before[0]):
            return Evidence(male_titles=1) if gender == "male" else Evidence(female_titles=1)
        words = [w.rstrip(".,").lower() for w in before[0].split()]
        comma = before[0].rstrip().endswith(",")
        if _is_kin_before(words, comma, after) and (gender := phrase_gender(words[-1])):
            return _weighing(gender, NOUN)
    for pattern in (_APPOSITION, _PREDICATE):
        if (said := pattern.match(after)) and (gender := _noun_gender(said["words"], pattern is _PREDICATE)):
            return _weighing(gender, NOUN)
    return None


def title_gender(before: str) -> Gender | None:
    """The gender of the title that ends what stands before a name.

    >>> title_gender("He met Mr. "), title_gender("said first lady "), title_gender("told the king, "), title_gender("said ")
    ('male', 'female', None, None)
    """
    end = before.rstrip()
    if end == before or not end.lower().rstrip(".,").endswith(_endings()):  # most names stand behind other words
        return None
    found = _words_before(before)
    if found is None or end.endswith(","):
        return None
    words = [word.rstrip(".,").lower() for word in found[0].split()]
    while words and (words[-1] in title_words() or any(words[-1] in _titles()[g] for g in _titles())):
        for gender, titles in _titles().items():
            if words[-1] in titles:
                return gender
        words = words[:-1]
    return None


def _words_before(text: str) -> re.Match[str] | None:
    """The words, four at most, that end a text with the spaces behind them; no more of it is looked at."""
    if not text[-1:].isspace():
        return None
    parts = text.rsplit(None, 4)
    return _BEFORE.search(text, len(parts[0]) if len(parts) == 5 else 0)


@cache
def _endings() -> tuple[str, ...]:
    """The words of titles, and those that say a gender."""
    return (*title_words(), *chain.from_iterable(_titles().values()))


def _is_kin_before(words: list[str], comma: bool, after: str) -> bool:
    """Whether a noun before a name describes it: "actress X", "his wife, X," but not "he told his wife, X said"."""
    if not words or phrase_gender(words[-1]) is None:
        return False
    return not comma or bool(_AFTER_APPOSITION.match(after))


def _noun_gender(said: str, is_predicate: bool) -> Gender | None:
    """The gender of the noun that heads an apposition or a predicate: "a spokeswoman for the mayor", "the first woman to"."""
    words = _head_words(said)
    if not words or (is_predicate and words[0] not in _articles()) or not _owners().isdisjoint(words[1:]):
        return None
    return next((gender for gender, nouns in _nouns().items() if words[-1] in nouns), None)


@cache
def _owners() -> frozenset[str]:
    """Words that make the noun behind them another's, where they do not begin what is said: "X, 70, had asked his mother"."""
    return frozenset(read_toml("gender_words.toml")["owners"])


@cache
def _articles() -> frozenset[str]:
    return frozenset(read_toml("gender_words.toml")["predicate_leads"])


def _pronouns(text: str, persons: Sequence[Mention], sentences: Sequence[Sentence]) -> Iterable[tuple[str, Gender]]:
    """Mentions that a pronoun close by can hardly fail to mean, with its gender.

    That is a pronoun later in the clause of the one person whom a sentence names, or one that opens the sentence after it.
    """
    for at, within in _by_sentence(persons, sentences).items():
        sentence = sentences[at]
        marked = [(x.start() + sentence.start, x.end() + sentence.start) for x in _MARKED.finditer(text[sentence.start : sentence.end])]
        named = _outside(within, marked)
        if len({m.text.split()[-1] for m in named}) != 1:
            continue
        first = named[0]
        if gender := _in_clause(text, named[-1].end, sentence.end, marked):
            yield named[-1].mention_id, gender
        near = first.start - sentence.start <= _SUBJECT_REACH and not sentence.is_heading
        for following in sentences[at + 1 : at + 2]:
            if near and following.block_id == sentence.block_id and (opened := _OPENING.match(following.text)):
                yield first.mention_id, "male" if opened["pronoun"] == "He" else "female"


def _by_sentence(mentions: Sequence[Mention], sentences: Sequence[Sentence]) -> dict[int, list[Mention]]:
    """The mentions by the number of the sentence that holds them."""
    starts = [s.start for s in sentences]
    inside: defaultdict[int, list[Mention]] = defaultdict(list)
    for m in mentions:
        if (at := bisect_right(starts, m.start) - 1) >= 0 and m.end <= sentences[at].end:
            inside[at].append(m)
    return inside


def _outside(mentions: list[Mention], marked: list[tuple[int, int]]) -> list[Mention]:
    """The mentions that stand in no quotation marks."""
    return [m for m in mentions if not any(a <= m.start < b for a, b in marked)]


def _in_clause(text: str, start: int, end: int, marked: list[tuple[int, int]]) -> Gender | None:
    """The gender of a pronoun in the rest of a clause, before any word that leads to another subject or another name."""
    bars = frozenset(read_toml("gender_words.toml")["reporting"])
    for word in _WORD.finditer(text, start, end):
        low = word[0].lower()
        if any(a <= word.start() < b for a, b in marked) or low in bars or (word[0][0].isupper() and word.start() > start):
            return None
        known = pronoun(low)
        if known and known.gender:
            return None if _is_object(text, low, word.end()) else known.gender
    return None


def _is_object(text: str, low: str, end: int) -> bool:
    """Whether a pronoun that ends there is an object, not who the subject is: `met him`, `ordered her to`, not `met her aide`."""
    words = read_toml("gender_words.toml")
    if low not in words["objects"]:
        return False
    following = _WORD.match(text, end + 1)
    possessive = _pronoun_table()[low].is_possessive
    return not possessive or following is None or following[0].lower() in words["reporting"]


@cache
def _titles() -> dict[Gender, frozenset[str]]:
    words = read_toml("gender_words.toml")
    return {"male": frozenset(words["male_titles"]), "female": frozenset(words["female_titles"])}


@cache
def _nouns() -> dict[Gender, frozenset[str]]:
    words = read_toml("gender_words.toml")
    return {"male": frozenset(words["male_nouns"]), "female": frozenset(words["female_nouns"])}


@cache
def _given_names() -> dict[Gender, frozenset[str]]:
    return {"male": frozenset(read_lines("male_given_names.txt")), "female": frozenset(read_lines("female_given_names.txt"))}


@cache
def family_first() -> frozenset[str]:
    """Family names that commonly stand first (`lexicon/family_first.txt`)."""
    return frozenset(read_lines("family_first.txt"))
