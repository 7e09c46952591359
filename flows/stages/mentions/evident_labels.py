"""What the text itself says that a model's name is: a person with a country's name for a given name, a people and its tongue."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cache

from qantar.stages.mentions.described_bodies import described_bodies
from qantar.stages.mentions.model_names import ModelName
from qantar.text.lexicon import either, read_lines, read_toml
from qantar.text.person_titles import title_words, titles_before

_PEOPLE = re.compile(rf" (?:{either('name_words.toml', 'of_peoples')})\b")
_OF_PLACE = re.compile(rf"\b(?:{either('name_words.toml', 'of_towns')}) of \Z")
_OF_HOME = re.compile(rf", \d{{1,3}}, (?:{either('name_words.toml', 'of_homes')}) \Z")
"""Behind somebody's age what tells where they live: "Ann Lee, 58, of X"."""
_PAPER_BEFORE = re.compile(rf"\b(?:{either('name_words.toml', 'papers')}) \Z")
_BRAND_BEFORE = re.compile(rf"\b(?:{either('name_words.toml', 'brands')}) \Z")
_FOUNDED = re.compile(rf" (?:{either('name_words.toml', 'founding')})\b")
"""Behind a person's name what tells whose brand it is: the brand Ann Lee founded."""
_PAPER_BEHIND = re.compile(rf" (?:{either('name_words.toml', 'papers')}|editor)\b")

_CLOCK = re.compile(r"\d(?:\s?[ap]\.?m\.?)?[ (]{1,2}\Z", re.IGNORECASE)
_BODY_BEFORE = re.compile(r"\b[Tt]he \Z")
_JOINED = re.compile(r"([A-Z][a-z]+)[A-Z][a-z]*")
_ACRONYM = re.compile(r"[A-Z]{3,5}")
_DATELINE = re.compile(r"(?:, [^()\n—–]{2,30})?(?: \([A-Z][\w /.]+\))? (?:--?|—|–) ")
"""Behind the place that opens a line: "BRANDSVILLE, Zorb (Wire) -- ", "BRANDSVILLE — "."""
_LEAST_OF_PLACE = 6  # letters: "NATO — the alliance" is none
_IN_PLACE = re.compile(rf"\b(?:{either('place_leads.toml', 'of_namesakes')}) \Z", re.IGNORECASE)


def relabelled(text: str, marked: Sequence[ModelName], known: Container[tuple[int, int]] = ()) -> list[ModelName]:
    """A model's names, those with another label of which the text says what they are; `known` are the spans of places that a list knows.

    >>> text = "The Zorgu people met Georgia Pell. Zorgu is spoken."
    >>> [(text[m.start : m.end], m.label) for m in relabelled(text, [ModelName(4, 9, "GPE"), ModelName(35, 40, "GPE")])]
    [('Zorgu', 'NORP'), ('Zorgu', 'NORP')]
    """
    peoples = {
        name
        for m in marked
        if " " not in (name := text[m.start : m.end]) and m.label in ("GPE", "LOC", "ORG") and _PEOPLE.match(text, m.end)
    }
    persons = [text[m.start : m.end].split() for m in marked if m.label == "PERSON"]
    ends = {" ".join(words[n:]) for words in persons for n in range(1, len(words) - 1)}
    told = {text[m.start : m.end]: label for m in marked if (label := _label_beside(text, m))}
    told |= dict.fromkeys(
        _firms(text, marked) | _firms_like_persons(text, marked) | _acronyms(text, marked) | _joined_words(text, marked), "ORG"
    )
    told |= dict.fromkeys(_of_family(text, marked), "PERSON")
    described = described_bodies(text, marked)
    told |= dict.fromkeys(described, "ORG")
    labels = [told.get(text[m.start : m.end], m.label) if m.label in ("PERSON", "ORG") else m.label for m in marked]
    named = [m._replace(label=_label(text[m.start : m.end], label, peoples, ends)) for m, label in zip(marked, labels, strict=True)]
    return _called_by_part(text, named, known, described)


def _called_by_part(text: str, marked: list[ModelName], known: Container[tuple[int, int]], described: set[str]) -> list[ModelName]:
    """The names; the first or last word of a person's full name is the person, too, where a model takes it for a place or a body later on.

    Known places are left to `namesakes`. A surname stays a place, a word of a body's name, what the text describes as a body, and what ends
    a quotation, often a brand.
    """
    given: dict[str, int] = {}
    surnames: dict[str, int] = {}
    others: set[str] = {*described}
    bodies: set[str] = {*described}
    for m in marked:
        first, *rest = text[m.start : m.end].split()
        if rest and m.label == "PERSON":
            given.setdefault(first, m.start)
            surnames.setdefault(rest[-1], m.start)
        elif rest or _IN_PLACE.search(text, max(0, m.start - 16), m.start):
            others.add(first)
            bodies.update((first, *rest))

    def is_part(m: ModelName) -> bool:
        name = text[m.start : m.end]
        is_given = m.label in ("GPE", "ORG") and given.get(name, m.start) < m.start and name not in others
        is_brand = name in bodies or text[m.end : m.end + 1] == "”"
        is_surname = m.label == "ORG" and surnames.get(name, m.start) < m.start and not is_brand
        return (is_given or is_surname) and (m.start, m.end) not in known

    return [m._replace(label="PERSON") if is_part(m) else m for m in marked]


def _firms_like_persons(text: str, marked: Sequence[ModelName]) -> set[str]:
    """Names of firms of two founders, or of one, and what stands alone for them: "Charles Schwab", "Schwab"."""
    firms = {name for m in marked if (name := text[m.start : m.end]) in read_toml("name_words.toml")["firms_like_persons"]}
    if not firms:
        return set()
    persons = {
        word
        for m in marked
        if m.label == "PERSON" and (name := text[m.start : m.end]) not in firms and " " in name
        for word in name.split()
    }
    return firms | ({word for name in firms for word in name.split()} - persons)


def _acronyms(text: str, marked: Sequence[ModelName]) -> set[str]:
    """Acronyms that a model takes for persons and the article for bodies: "the QUO inquiry", "QUO director Ann Lee"."""
    persons = {word for m in marked if m.label == "PERSON" for word in text[m.start : m.end].split()}
    return {
        name
        for m in marked
        if _ACRONYM.fullmatch(name := text[m.start : m.end]) and name.title() not in persons
        if _BODY_BEFORE.search(text, max(0, m.start - 5), m.start) or _next_word(text, m.end) in title_words()
    }


def _joined_words(text: str, marked: Sequence[ModelName]) -> set[str]:
    """Names of two words written as one that a model takes for persons, and no surname is: "ZamHydro", but McKay."""
    alone = {text[m.start : m.end] for m in marked}
    return {name for name in alone if (found := _JOINED.fullmatch(name)) and found[1] not in read_toml("name_words.toml")["written_on"]}


def _of_family(text: str, marked: Sequence[ModelName]) -> set[str]:
    """Names of two words that a model takes for bodies, with the surname of another person of the article: "Ratna Quill", Noel Quill's."""
    full = {tuple(text[m.start : m.end].split()) for m in marked if m.label == "PERSON"}
    surnames = {words[-1] for words in full if len(words) > 1}
    common, firms = _common_words(), read_toml("name_words.toml")["firms_like_persons"]
    bodies = {text[m.start : m.end] for m in marked} - {*firms, *map(" ".join, full)}
    pairs = [(name, words) for name in bodies if len(words := name.split()) == 2]
    return {name for name, (first, last) in pairs if last in surnames and first.istitle() and first.lower() not in common}


def _next_word(text: str, end: int) -> str:
    return next(iter(text[end : end + 24].lower().split()), "")


def is_time_zone(text: str, start: int, end: int) -> bool:
    """Whether a name is the zone of the time before it.

    >>> is_time_zone("It opens at 9 a.m. EST.", 19, 22), is_time_zone("It asked EST.", 9, 12)
    (True, False)
    """
    return text[start:end] in read_toml("calendar.toml")["zones"] and bool(_CLOCK.search(text, max(0, start - 8), start))


def _label_beside(text: str, name: ModelName) -> str | None:
    """The label of a name beside what tells it: of what opens a dateline, and of a person's that is none.

    The town of X, "Ann Lee, 58, of X", the newspaper X, X daily.
    """
    if _opens_dateline(text, name):
        return "GPE"
    if name.label != "PERSON":
        return None
    if any(told.search(text, max(0, name.start - 24), name.start) for told in (_OF_PLACE, _OF_HOME)):
        return "GPE"
    if (
        " " in text[name.start : name.end]
        and _BRAND_BEFORE.search(text, max(0, name.start - 16), name.start)
        and not _FOUNDED.match(text, name.end)
    ):
        return "ORG"
    is_paper = _PAPER_BEFORE.search(text, max(0, name.start - 16), name.start) or _PAPER_BEHIND.match(text, name.end)
    return "ORG" if is_paper else None


def _opens_dateline(text: str, name: ModelName) -> bool:
    said = text[name.start : name.end]
    is_first = text[name.start - 1 : name.start] in ("", "\n") and len(said) >= _LEAST_OF_PLACE
    return is_first and said.isupper() and bool(_DATELINE.match(text, name.end))


def _firms(text: str, marked: Sequence[ModelName]) -> set[str]:
    """First words of firms that a model takes for persons where they stand alone: "Quillex" of Quillex Pharmaceuticals.

    Not where a person of the article has that word in a longer name, or a title before it: a firm may be called for its founder.
    """
    names = [(m, [word.strip(".,") for word in text[m.start : m.end].split()]) for m in marked]
    persons = {word for m, words in names if m.label == "PERSON" and (len(words) > 1 or titles_before(text, m.start)) for word in words}
    return {words[0] for m, words in names if m.label == "ORG" and _names_firm(words)} - persons


def _names_firm(words: list[str]) -> bool:
    """Whether some words are a firm's name by what they end in: "Quillex Marine ASA", "Quillex Pharmaceuticals"."""
    known = read_toml("name_words.toml")
    ends, rest = {*known["firms"], *known["trades"]}, {*words[1:]}
    return words[-1] in known["firms_by_law"] or (bool(ends & rest) and rest <= ends | {*known["of_firms"]})


def _label(name: str, label: str, peoples: set[str], ends: set[str]) -> str:
    """The label of a name; `ends` are the ends, of several words, of the names of persons: "Garcia Robledo" of Luis Garcia Robledo."""
    if name in peoples:
        return "NORP"
    if name in read_toml("name_words.toml")["town_clubs"]:
        return "ORG"
    return "PERSON" if name in ends or bears_country(name, label) else label


def bears_country(name: str, label: str) -> bool:
    """Whether a name that a model takes for a place or a body is a person's, whose given name is a country's: "Georgia Pell".

    >>> bears_country("Georgia Pell", "ORG"), bears_country("Jordan River", "GPE"), bears_country("Georgia Tech", "ORG")
    (True, False, False)
    """
    words = name.split()
    if label not in ("GPE", "ORG") or len(words) != 2 or words[0] not in read_toml("name_words.toml")["given_countries"]:
        return False
    surname, common = words[1], _common_words()
    heads = {head for kind in ("org", "fac", "loc", "gpe", "event") for head in read_toml("name_words.toml")[kind]}
    return (
        surname.istitle()
        and surname not in heads
        and surname.lower() not in common
        and surname not in read_toml("name_words.toml")["no_surnames"]
    )


@cache
def _common_words() -> frozenset[str]:
    return frozenset(read_lines("common_words.txt"))
