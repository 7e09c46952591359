"""Spans that a model takes for persons: cut to the name, or refused where their form says that they name nobody.

Party and state tags ("R-Wis"), single letters, words with brackets in them, plural families ("the Clintons") and what follows the hyphen
of a compound ("Trump-branded") are not persons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from qantar.text.lexicon import either, read_lines, read_toml
from qantar.text.person_titles import title_words

LONG_ENDING = 5
"""Letters from which on an ending such as "-ing" makes a word of English rather than the end of a given name: "Shao-ming"."""

_OPENING = {"]": "[", ")": "("}


_NICKNAME = re.compile(r"(?:\s[“\"][^\W\d_][\w ’'.-]{0,24})?[”\"]\s(?P<surname>[A-ZÀ-Ý][\w’-]+)")
"""What goes on behind a given name: a nickname in marks, or the rest of one, and the surname."""
_GENERATION = re.compile(rf",? (?:{either('name_words.toml', 'written_generations')})\b")
_SHORTENED = re.compile(r" [JS]r\Z")
_PAIR = re.compile(r"([A-Z][^\W\d_]+)[-–]([A-Z][^\W\d_]+)")
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.[ -]?){1,3}\Z")
_GIVEN = re.compile(r"(?<![.!?:”\"\n] )(?<![Tt]he )(?<!\A)\b([A-Z][a-z]+) \Z")
"""A capitalised word right before a surname that does not begin a sentence."""

_COUNTRY = re.compile(rf"\b({either('name_words.toml', 'given_countries')}) \Z")
_PLACED = re.compile(rf"\b(?:{either('place_leads.toml', 'of_places')}) \Z")


@cache
def _given_names() -> frozenset[str]:
    """Given names that are no titles, nor other words."""
    others = {*read_lines("function_words.txt"), *read_lines("common_words.txt"), *title_words()}
    return frozenset(name for name in read_lines("first_names.txt") if name.lower() not in others)


def cut_person(text: str, start: int, end: int) -> tuple[int, int]:
    """A person's span without the rest of a hyphen compound, with the bracket that opens before it, over a nickname in marks and "III"."""
    if (nickname := _NICKNAME.match(text, end)) and (text[end].isspace() or any(mark in text[start:end] for mark in '“"')):
        end = nickname.end()
    if " " in text[start:end] and (generation := _GENERATION.match(text, end)):
        end = generation.end()
    if " " not in text[start:end]:
        start = _given_start(text, start)
    if text[end : end + 1] == "." and _SHORTENED.search(text[start:end]):
        end += 1
    end -= len(_compound_tail(text[start:end]))
    if role := _role().search(text, start, end):
        end = role.start()
    name = text[start:end]
    for closing, opening in _OPENING.items():
        if closing in name and text[start - 1 : start] == opening:
            start -= 1
    return start, end


@cache
def _role() -> re.Pattern[str]:
    """What somebody is to the person before it, in a headline: "Quill Pollster Says"."""
    return re.compile(rf"(?<=[^\W\d_]) (?:{either('no_persons.toml', 'roles_behind')})\Z")


def _compound_tail(name: str) -> str:
    """What follows a name in a compound, from its hyphen on: "-branded"."""
    found = re.search(r"(?<=[^\W\d_])-([^\W\d_]+)(?:-[^\W\d_]+)*$", name)
    return found[0] if found and found.start() > 2 and is_compound(found[1]) else ""


def _given_start(text: str, start: int) -> int:
    """Where the name begins of which a surname is all that a model marks: with the given name or the initials before it."""
    if (given := _GIVEN.search(text, max(0, start - 20), start)) and given[1] in _given_names():
        return given.start(1)
    if (country := _COUNTRY.search(text, max(0, start - 32), start)) and not _PLACED.search(
        text, max(0, country.start(1) - 16), country.start(1)
    ):
        return country.start(1)
    initials = _INITIALS.search(text, max(0, start - 10), start)
    return initials.start() if initials and not _is_place(initials[0]) else start


def is_compound(tail: str) -> bool:
    """Whether the word behind a hyphen makes an adjective of a name: "branded", "Supporting", but not "moon".

    >>> is_compound("branded"), is_compound("Supporting"), is_compound("moon"), is_compound("ming"), is_compound("led"), is_compound("EU")
    (True, True, False, False, True, True)
    """
    low = tail.lower()
    if len(tail) > 1 and tail.isupper():
        return True
    if low in read_toml("name_words.toml")["hyphen_tails"]:
        return True
    return any(
        low == ending or (low.endswith(ending) and len(low) > LONG_ENDING) for ending in read_toml("no_persons.toml")["compound_endings"]
    )


def is_no_person(text: str, start: int, end: int) -> bool:
    """Whether a span that a model takes for a person names nobody by its form and what stands beside it."""
    name = text[start:end]
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if len(name.strip(".")) < 2 and (after != "." or before in ("(", "[")):  # but "Y." whose name is kept back
        return True
    if re.search(r"\w[\])]\w", name) or (" " not in name and text[max(0, start - 4) : start] == "the " and _family().match(text, end)):
        return True
    bare = name.rstrip(".")
    return bare in tag_places() and (before in ("(", "-") or after == "." or "." in bare)


def is_party(text: str, start: int, end: int, label: str) -> bool:
    """Whether a span that a model takes for a person or place is a party behind somebody's name: "(Lab, Northgate)"."""
    return label not in ("ORG", "NORP") and text[start:end].rstrip(".") in _parties() and text[max(0, start - 1) : start] == "("


def is_pair(text: str, name: str) -> bool:
    """Whether a name of one word is two people's surnames, each of which stands elsewhere in the text: "a Quill-Marsh ticket".

    >>> is_pair("A Quill-Marsh ticket: Quill and Marsh.", "Quill-Marsh"), is_pair("Ann Quill-Marsh met Quill.", "Quill-Marsh")
    (True, False)
    """
    found = _PAIR.fullmatch(name)
    return found is not None and all(re.search(rf"(?<![\w-]){re.escape(part)}(?![\w-])", text) for part in found.groups())


def is_tag(name: str) -> bool:
    """Whether a name is the tag of a party and a state: "R-Wis", "D-N.Y."."""
    return bool(_tag().fullmatch(name))


def is_family(text: str, start: int, end: int, surnames: Iterable[str]) -> bool:
    """Whether a name of one word is the plural of a surname: "the Clintons"."""
    name = text[start:end]
    if not re.search(r"\b[Tt]he $", text[max(0, start - 4) : start]):
        return False
    return any(name == plural for surname in surnames for plural in (surname + "s", surname + "es", surname[:-1] + "ies"))


@cache
def _family() -> re.Pattern[str]:
    """What makes a surname a family's: the Quill clan."""
    return re.compile(rf" (?:{either('no_persons.toml', 'families')})\b")


@cache
def _tag() -> re.Pattern[str]:
    words = read_toml("no_persons.toml")
    return re.compile(rf"(?:{'|'.join(map(re.escape, words['parties']))})-(?:[A-Z][\w.]*)(?: [A-Z][\w.]*)?")


def _is_place(initials: str) -> bool:
    """Whether letters before a name are a state's or a country's: "in the U.S. Quill said"."""
    return initials.strip(". ") in tag_places() | {*read_toml("no_persons.toml")["no_initials"]}


@cache
def tag_places() -> frozenset[str]:
    """Short forms of states, as they stand in tags and behind towns: "Tex", "N.Y"."""
    return frozenset(read_toml("no_persons.toml")["tag_places"])


@cache
def _parties() -> frozenset[str]:
    return frozenset(read_toml("no_persons.toml")["parties"])
