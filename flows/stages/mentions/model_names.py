"""Names as a language model marks them, brought to our conventions: no article, title or possessive, whole words, places told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_args

from qantar.schema import Label
from qantar.stages.mentions.person_checks import cut_person, is_no_person, is_pair, is_party, is_tag
from qantar.text.lexicon import either, read_lines, read_toml
from qantar.text.person_titles import after_titles, before_letters

LABELS = frozenset(get_args(Label))
PLACES = frozenset(["GPE", "LOC", "FAC"])
_HYPHENED = re.compile(r"-[^\W\d_]+(?:-[^\W\d_]+)*")
_GENERAL = frozenset(read_toml("name_words.toml")["general_bodies"])
"""Bodies that every country has: "Peruvian Government" are two names."""
_OWNER = re.compile(r"['’]s\s+(?=\w)")
_OPEN_END = re.compile(rf"(?:\s+(?:{either('name_words.toml', 'open_ends')}))+$")
_REST = re.compile(r"(?:\ the)?(?:\ [A-Z][\w’-]*)+")
"""What a name that ends in "of" goes on with: "Bank of" "Ghana"."""
_TWO_PLACES = re.compile(r"[A-Z][^.]+\Z")
"""What follows the comma of two places: "Nebraska", but not "D.C."."""
_TWO_PERSONS = re.compile(r"([A-ZÀ-Ý]\w+(?: [A-ZÀ-Ý][\w’'-]+)+) y ([A-ZÀ-Ý]\w+(?: [A-ZÀ-Ý][\w’'-]+)+)")
"""Two full names that a Spanish "and" joins."""
_DISTRICT = re.compile(rf" (?:{either('name_words.toml', 'gpe')})\b")
"""What belongs to a place's name behind it: "Quill" "County"."""
_NO_BEGINNING = rf"(?!(?:{either('name_words.toml', 'no_beginnings')})\b)"
_NAMES_BEFORE = re.compile(rf"(?:^|[^\w.-]){_NO_BEGINNING}((?:[A-Z][\w’'.-]*[ ]){{1,3}})$")
"""Capitalised words before the word "Bridge" that belong to its name."""
_SURNAME_BEFORE = re.compile(rf"[a-z,] ((?:{either('name_words.toml', 'like_pronouns')}) )\Z")
_SAINT = re.compile(rf"\bSt\.? [A-Z][\w-]+['’]s\b(?=[.,;:)]|\Z| (?:{'|'.join(sorted(read_lines('function_words.txt')))})\b)")
"""What is called for a saint, a hospital, a school or a church, where its name goes no further: "at St Quill's, a nurse said"."""
_DATELINE = re.compile(r"([A-Z][A-Z.’' -]*[A-Z]) (?:--?|[–—]) (?=[A-Z][a-z])")
"""The place that opens a line in capitals, with the dash behind it: "PORT QUILL - Parliament"."""
_CAPITALS_FIRST = re.compile(r"(?m:^)(?:[A-Z]{2,} ){1,2}\Z")
"""What begins a line in capitals before a place that is in capitals, too: "PORT" "QUILL"."""
_REACH = 24  # letters behind a name that show whether it goes on
_ACRONYM_BEHIND = re.compile(r" \(([A-Z]{3,8})\)")
_CAPITALS_BEFORE = re.compile(r"(?:[A-Z][\w’-]* )*\Z")
_POSSESSIVE = re.compile("['’‘ʼ`´]s?$")
"""At the end of a name, also with a mark that only looks like an apostrophe."""
_NEXT = re.compile(r"<[^>]*$|[:;,.!?]?[\"“”]\w+$|(?<=\w)\([^)]*$")
"""What stands behind a name without a space and is no part of it: `Ann Lee:"We`, "Tide Board(TB"."""
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_BRACKETS = str.maketrans("", "", '()[]"“”‘«»')


class ModelName(NamedTuple):
    """A name a model marks: its place and label."""

    start: int
    end: int
    label: str


def names_of_model(doc: Any, text: str, known: list[tuple[int, int]], places: list[tuple[int, int]]) -> Iterator[ModelName]:
    """The names in `doc.ents`, in order.

    `known` is where the names stand that the lexicon or authority knows, sorted; `places` those of them that are places and peoples.
    """
    at = dict(known)
    seen = {i for span in doc.ents for i in range(span.start_char, span.end_char)}
    first_words = {end + 1: start for start, end in places if start not in seen and text[end : end + 1] == " "}
    for span in doc.ents:
        if span.label_ not in LABELS:
            continue
        if (saint := _saint(text, span)) and saint.start not in at:
            yield saint
            continue
        start, end = _bounds(text, span, at, first_words)
        if start < end and _is_name(text, start, end, span.label_) and not _is_pair(text, start, end, at):
            for a, b in _parted(text, start, end, span.label_, at):
                label = _kind_of_place(text[a:b], span.label_) if span.label_ in PLACES else span.label_
                yield ModelName(a, b, label)


def _saint(text: str, span: Any) -> ModelName | None:
    """The body that is called for the saint in whose name a span lies, if it does."""
    near = _SAINT.finditer(text, max(0, span.start_char - len("St. ")), span.end_char + _REACH)
    return next((ModelName(*found.span(), "ORG") for found in near if found.start() <= span.start_char < found.end()), None)


def _bounds(text: str, span: Any, at: dict[int, int], first_words: dict[int, int]) -> tuple[int, int]:
    """The places of a name in a span; `first_words` are those of places that may begin a body's name, by where the next word begins."""
    label = span.label_
    start, end = _trim(text, span.start_char, span.end_char, label)
    if label not in ("DATE", "MONEY"):
        start, end = _whole(text, start, end, label, at)
    if label == "ORG":
        start = _explained_start(text, start, end)
        if start in first_words and text[start:end] in _heads("org") - _GENERAL:
            start = first_words[start]  # "Dubai" "Police", where the place is not a name of its own to the model
    start, end = _visible(text, start, end)
    return cut_person(text, start, end) if label == "PERSON" and start < end else (start, end)


def _explained_start(text: str, start: int, end: int) -> int:
    """Where a body's name begins that the acronym in brackets behind it explains: "European" in "European Fishing Council (EFC)"."""
    acronym = _ACRONYM_BEHIND.match(text, end)
    if acronym is None:
        return start
    letters = "".join(word[0] for word in text[start:end].replace("-", " ").split() if word[0].isupper())
    place = start
    for word in reversed(_CAPITALS_BEFORE.search(text, max(0, start - 60), start)[0].split()):  # type: ignore[index]  # it may be empty
        if letters == acronym[1]:
            break
        place = text.rindex(word, 0, place)
        letters = word[0] + letters
    return place if letters == acronym[1] else start


def _parted(text: str, start: int, end: int, label: str, at: dict[int, int]) -> list[tuple[int, int]]:
    """A span with a place behind a comma or "in", or before a dateline's dash, as two: "Ministry of Health in Nairobi"."""
    if text[start - 1 : start] in ("", "\n") and (place := _DATELINE.match(text, start, end)):
        return [place.span(1), (place.end(), end)]
    if label == "PERSON":
        two = _TWO_PERSONS.fullmatch(text, start, end)
        return [two.span(1), two.span(2)] if two else [(start, end)]
    join = {"ORG": " in ", "GPE": ", ", "LOC": ", "}.get(label)
    middle = text.rfind(join, start, end) if join else -1
    rest = middle + len(join or "")
    is_tag = text[rest:end].rstrip(".") in read_toml("no_persons.toml")["behind_towns"]  # "Beaumont, Tex."
    is_two = is_tag or at.get(rest) == end or (label != "ORG" and _TWO_PLACES.match(text, rest, end) and at.get(start) != end)
    if middle < 0 or not is_two:
        return [(start, end)]
    first = _visible(text, start, middle)  # two spaces may stand before "in"
    return [first] if is_tag or label == "ORG" else [first, (rest, end)]


def _trim(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """Without what stands at the edges: marks, articles, titles, possessives."""
    start, end = _visible(text, start, end, "“”\"‘’'([-–—,;:", '“”"‘([-–—,;:')
    if label in ("DATE", "MONEY"):
        return start, end
    if match := re.match(r"(?i:the)\s+(?=\S)", text[start:end]):
        start += match.end()
    for behind in (_NEXT, _POSSESSIVE):
        if found := behind.search(text, start, end):
            end = found.start()
    if text[start:end].endswith(".") and not re.search(r"\b\w\.\w\.$", text[start:end]):
        end -= 1
    if label == "PERSON":
        start += after_titles(text[start:end])
        end = start + before_letters(text[start:end])
    return start, end


def _visible(text: str, start: int, end: int, before: str = "", after: str = "") -> tuple[int, int]:
    """Without white space at the edges, nor those marks before and after."""
    inside = text[start:end].lstrip(_SPACES + before)
    start = end - len(inside)
    return start, start + len(inside.rstrip(_SPACES + after))


def _whole(text: str, start: int, end: int, label: str, at: dict[int, int]) -> tuple[int, int]:
    """The whole of a name, and only the name: neither "western" before a known place nor "China's" before another name."""
    if label == "PERSON":
        start, end = _whole_person(text, start, end)
    start = _behind_owner(text, start, end, at)
    if preposition := _OPEN_END.search(text, start, end):
        rest = _REST.match(text, end) if label == "ORG" else None
        end = rest.end() if rest else preposition.start()
    if (
        label == "FAC"
        and text[start:end].rpartition(" ")[2] in _heads("fac")
        and (names := _NAMES_BEFORE.search(text, max(0, start - 60), start))
    ):
        start = names.start(1)
    if label in ("GPE", "LOC") and (head := _DISTRICT.match(text, end)):
        end = head.end()
    if label in PLACES and text[start:end].isupper() and (head := _CAPITALS_FIRST.search(text, max(0, start - _REACH), start)):
        start = head.start()
    while label in PLACES and (adjective := re.match(r"[a-z-]+\s+", text[start:end])):
        start += adjective.end()
    return start, end


def _whole_person(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole of a hyphenated name, and of one whose surname is a pronoun elsewhere: "said He Jianhua"."""
    if " " not in text[start:end] and (surname := _SURNAME_BEFORE.search(text, max(0, start - 8), start)):
        start = surname.start(1)
    tail = _HYPHENED.match(text, end)
    return start, tail.end() if tail else end


def _behind_owner(text: str, start: int, end: int, at: dict[int, int]) -> int:
    """Where a name begins behind a known one that it belongs to: "China's Foreign Ministry"."""
    owner = _OWNER.match(text, at.get(start, end), end)
    return owner.end() if owner else start


def _is_name(text: str, start: int, end: int, label: str) -> bool:
    name = text[start:end]
    if label in ("DATE", "MONEY"):
        return True
    if is_tag(name) or is_party(text, start, end, label):
        return False
    if (label == "PERSON" and is_no_person(text, start, end)) or (label in ("PERSON", "ORG") and is_pair(text, name)):
        return False
    if label != "NORP" and not any(c.isupper() for c in name):
        return False
    return not (label == "ORG" and name.rstrip(".") in _no_bodies())


def _is_pair(text: str, start: int, end: int, at: dict[int, int]) -> bool:
    """Whether a span is two known names joined by a hyphen: "U.S.-Israeli"."""
    middle = at.get(start)
    return middle is not None and text[middle : middle + 1] in ("-", "–", "/") and at.get(middle + 1) == end


def _kind_of_place(name: str, label: str) -> str:
    """Buildings and landforms by a word in their name; buildings also where the model says so; any other place is a town or country."""
    words = name.translate(_BRACKETS).split()
    for kind, heads in (("FAC", _heads("fac") | _heads("centers")), ("LOC", _heads("loc"))):
        if words[-1] in heads or (words[0] in heads and kind == "LOC"):
            return kind
    return "FAC" if label == "FAC" else "GPE"


@cache
def _heads(kind: str) -> frozenset[str]:
    return frozenset(read_toml("name_words.toml")[kind])


@cache
def _no_bodies() -> frozenset[str]:
    return frozenset(read_toml("name_words.toml")["no_org"])
