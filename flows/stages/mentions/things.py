"""Names of things that say by their form what they are: ships, storms, battles, aircraft, devices, numbered units, `A & B` companies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from qantar.stages.mentions.date_expressions import matches_at
from qantar.text.known_names import Names
from qantar.text.lexicon import either, read_lines, read_toml
from qantar.text.person_titles import title_words

_NAME = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*"
MARKED_NAME = rf"{_NAME}(?:\ (?:{either('name_words.toml', 'small_words')}|{_NAME})){{0,6}}"
"""A name as it stands in marks: words with capitals, small ones between them."""
_TREATY = "Treaty"
_VERSUS = " v. "
"""Between the parties of a case."""
_SUBJECT = re.compile(r" \w+[.,;!?]")  # one word, which then is a verb, to the end of the clause
_BEFORE_VERBS = frozenset({"VERB", "AUX", "PUNCT", "CCONJ", "SCONJ", "ADP", "ADV"})


class Thing(NamedTuple):
    """A thing named in a text: its place and label."""

    start: int
    end: int
    label: str


def find_things(doc: Any, text: str, names: Names) -> list[Thing]:
    """The things that a text names, in order of place; `doc` tells parts of speech, where it has any.

    >>> from spacy import blank
    >>> from qantar.text.known_names import Names
    >>> text = "HMS Swift met the tanker Stella Boreas in Typhoon Haiyan, Marks & Finch LLP said."
    >>> [(text[t.start : t.end], t.label) for t in find_things(blank("en").make_doc(text), text, Names())]
    [('HMS Swift', 'PRODUCT'), ('Stella Boreas', 'PRODUCT'), ('Typhoon Haiyan', 'EVENT'), ('Marks & Finch LLP', 'ORG')]
    """
    forms = [match for match in _form_matches(text) if match.lastgroup != "storm" or _is_storm(match["storm"], names)]
    storms = [match for match in forms if match.lastgroup == "storm"]
    found = [
        *_by_form(forms),
        *_storms_again(doc, text, storms),
        *_companies(doc, text),
        *_ships_by_noun(text),
        *_bodies_in_marks(text, names),
    ]
    kept: list[Thing] = []
    for thing in sorted(found, key=lambda t: (t.start, -t.end)):
        if not kept or thing.start >= kept[-1].end:
            kept.append(thing)
    return kept


def _form_matches(text: str) -> Iterator[re.Match[str]]:
    """Where a thing is named by its form: a text without cases is tried only where a first word may stand."""
    if _VERSUS in text:
        return _forms(True).finditer(text)
    return matches_at(_forms(False), text, (opener.start() for opener in _form_opener().finditer(text)))


def _by_form(forms: Iterable[re.Match[str]]) -> Iterator[Thing]:
    labels = {"unit": "ORG", "storm": "EVENT", "battle": "EVENT", "law": "LAW"}
    return (Thing(match.start(), match.end(), labels.get(match.lastgroup or "", "PRODUCT")) for match in forms)


def _is_storm(name: str, names: Names) -> bool:
    kind, own = name.rsplit(" ", 1)
    return own not in read_toml("things.toml")["no_storms"] and (kind != "Storm" or own in names.first_names)


def _storms_again(doc: Any, text: str, storms: Iterable[re.Match[str]]) -> Iterator[Thing]:
    """Storms by their name alone, behind the first place that says what it is and before any person's name that holds it."""
    for storm in storms:
        name = storm[0].rsplit(" ", 1)[-1]
        persons = ((span.start_char, span.text.split()) for span in doc.ents if span.label_ == "PERSON" and " " in span.text)
        until = min((start for start, words in persons if name in words), default=len(text))
        for again in re.finditer(rf"\b{re.escape(name)}\b(?! [A-Z])", text[storm.end() : until]):
            yield Thing(storm.end() + again.start(), storm.end() + again.end(), "EVENT")


def _ships_by_noun(text: str) -> Iterator[Thing]:
    """Names behind "the ferry", "the oil tanker": capitalised words that are not a day, month or title."""
    for match in chain(_ship_noun().finditer(text), _ship_apposed().finditer(text)):
        first = match["name"].split()[0]
        titled = first.lower() in title_words() and not (first in read_toml("things.toml")["ship_titles"] and " " in match["name"])
        if not titled and first.lower() not in _no_names():
            yield from _everywhere(text, match["name"], match.start("name"), "PRODUCT")


def _bodies_in_marks(text: str, names: Names) -> Iterator[Thing]:
    """Bodies whose name stands in marks: the group “Save the Wells”."""
    if _mark_behind_noun().search(text) is None:
        return
    for match in _body_in_marks().finditer(text):
        common = match["name"].lower() in names.common
        yield from _everywhere(text, match["name"], match.start("name"), "ORG", always=not common)


def _everywhere(text: str, name: str, first: int, label: str, always: bool = False) -> Iterator[Thing]:
    """A name where it is first told what it names, and wherever else it stands, if it has several words or is no common word."""
    again = [m.start() for m in re.finditer(rf"\b{re.escape(name)}\b", text)] if always or " " in name else [first]
    return (Thing(start, start + len(name), label) for start in again)


def _companies(doc: Any, text: str) -> Iterator[Thing]:
    """Companies of two names: Marks & Spencer, Tiffany & Co., Ben & Jerry's."""
    if "&" not in text:
        return
    nouns = {token.idx for token in doc if token.pos_ == "NOUN"}
    for match in _company_matches(text):
        start = match.start()
        for word in match["left"].split():
            is_role = start in nouns and " " in match["left"].strip()  # "Retailer Marks & Spencer"
            if is_role or word.lower() in _no_names() or word.lower() in title_words():
                start += len(word) + 1
        if start >= match.start("amp"):
            continue
        end = match.end()
        if text[end : end + 2] in ("'s", "’s") and (_SUBJECT.match(text, end + 2) or _speaks_of_itself(doc, end + 2)):
            end += 2
        yield Thing(start, end, "ORG")


def _company_matches(text: str) -> Iterator[re.Match[str]]:
    """Where two names stand around "&", but for a person before a title: "Ann Lee & Sen. Bo Ray"."""
    for match in _company().finditer(text):
        if text[match.end() : match.end() + 1] != "." or text[match.end("amp") + 1 : match.end()].lower() not in title_words():
            yield match


def _speaks_of_itself(doc: Any, place: int) -> bool:
    """Whether what follows "'s" is not a noun that the name possesses: "Ben & Jerry's rose"."""
    following = next((token for token in doc if token.idx >= place and not token.is_space), None)
    return following is not None and following.pos_ in _BEFORE_VERBS


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _form_opener() -> re.Pattern[str]:
    """The first characters of the forms but for cases, at the beginning of a word."""
    words = read_toml("things.toml")
    kinds = ("ship_prefixes", "storms", "battles", "aircraft_makers", "types", "devices", "numbered_only")
    firsts = sorted({word[0] for kind in kinds for word in (*words[kind], _TREATY)})
    return re.compile(rf"[\d{re.escape(''.join(firsts))}](?<!\w.)")


@cache
def _forms(with_cases: bool) -> re.Pattern[str]:
    words = read_toml("things.toml")
    case = rf"(?:{_NAME}\ ){{1,8}}v\.\ {_NAME}(?:\ (?:of\ )?{_NAME})*|" if with_cases else ""
    devices = _any([d for d in words["devices"] if d not in words["numbered_only"]])
    makers, numbered = _any(words["aircraft_makers"]), _any(words["numbered_only"])
    edition = rf"(?:\ ?(?:{_any(words['device_endings'])})\b)"
    return re.compile(
        rf"""\b(?:
        (?P<ship>(?:{_any(words["ship_prefixes"])})\ {_NAME}(?:\ (?:of\ |the\ )?(?:[A-Z]\.|{_NAME})){{0,3}})
        |(?P<storm>(?:{_any(words["storms"])})\ [A-Z][\w’'-]+\b)(?!\ [A-Z])
        |(?P<battle>(?:{_any(words["battles"][:3])})\ of\ (?:the\ )?{_NAME}(?:\ {_NAME})?)
        |(?P<law>{case}{_TREATY}\ of\ (?:the\ )?{_NAME})
        |(?P<aircraft>(?:{makers})\ [A-Z]?-?\d{{2,4}}(?:-\d+\w*|[A-Z]{{0,2}}\b)(?:\ (?:{_any(words["aircraft_endings"])})\b)?)
        |(?P<type>(?:{_any(words["types"])})-\d{{2,3}}[A-Z]{{0,2}})\b
        |(?P<device>(?:{devices})(?:\ \d{{1,2}}[a-z]?\b)?{edition}{{0,2}}|(?:{numbered})\ (?:[A-Z]?\d{{1,4}}\w?\b){edition}?)
        |(?P<unit>\d{{1,3}}(?:{either("calendar.toml", "ordinal_endings")})\ (?:[A-Z][\w-]+\ ){{0,3}}(?:{_any(words["units"])})\b
            (?:\ Division\b|\ Court\b(?:\ of\ Appeals\b)?)?)
        )""",
        re.VERBOSE,
    )


@cache
def _ship_noun() -> re.Pattern[str]:
    nouns = _any(read_toml("things.toml")["ship_nouns"])
    return re.compile(rf"\b(?:{nouns})(?:,\ the)?\ (?P<name>{_NAME}(?:\ (?:[A-Z]\.|{_NAME})){{0,2}})")


@cache
def _ship_apposed() -> re.Pattern[str]:
    """A name with the noun behind it: "Quill, a 30-metre yacht", "the Quill, a ferry"."""
    nouns = _any(read_toml("things.toml")["ship_nouns"])
    crew, people = (_any(read_toml("things.toml")[key]) for key in ("crew", "no_ship_endings"))
    kind = rf"(?:(?!\w+(?:{people})\ )[\w-]+\ ){{0,3}}(?:{nouns})\b(?!\ (?:{crew})\b)"
    return re.compile(rf"(?P<name>{_NAME}(?:\ {_NAME}){{0,2}}),\ an?\ {kind}")


@cache
def _mark_behind_noun() -> re.Pattern[str]:
    """A mark behind the end of such a noun: it is found by its space and mark, in a tenth of the time."""
    ends = "".join(sorted({noun[-1] for noun in read_toml("things.toml")["bodies_in_marks"]}))
    return re.compile(rf" [“\"](?<=[{re.escape(ends)}]..)[^\W\d_a-zß-öø-ÿ]")


@cache
def _body_in_marks() -> re.Pattern[str]:
    nouns = _any(read_toml("things.toml")["bodies_in_marks"])
    return re.compile(rf"\b(?:{nouns})\ [“\"](?P<name>{MARKED_NAME})[”\"]")


@cache
def _company() -> re.Pattern[str]:
    words = read_toml("things.toml")
    name = r"[A-Z][^\W\d_]+(?:-[A-Z][^\W\d_]+)*"
    ending = rf"(?:{_any(words['company_endings'])})\b\.?"
    return re.compile(
        rf"\b(?P<left>(?:{name}\ ){{1,2}})(?P<amp>&)\ (?:{ending}|(?:(?:{_any(words['company_particles'])})\ )?{name}(?:\ {ending})?)"
    )


@cache
def _no_names() -> frozenset[str]:
    """Words in small letters that begin no name: function words, days and months."""
    calendar = read_toml("calendar.toml")
    return frozenset(read_lines("function_words.txt")) | {w.lower() for w in (*calendar["months"], *calendar["weekdays"])}
