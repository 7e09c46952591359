"""The lines of a text in no known layout: which are prose, which are fields and of what kind, which may be titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from qantar.stages.articles.archives.archive_parts import Line, find_day, groups_of, is_copyright, is_wrapped, labels, without_by
from qantar.text.lexicon import either, read_lines

MONTH_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([/.])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
"""A day in numbers, in an order of its own: day or month first."""
WEAK = frozenset({"same", "label"})
"""Kinds that stand in one article several times."""
WHOLE = frozenset({"by", "day", "copyright", "address", "id"})
"""Kinds that stand once above or below an article."""
_CERTAIN = frozenset({"address", "tag", "wide rule"})
_OF_LABELS = {"author": "by", "url": "address"}
_OPENS_WITH_DAY = re.compile(r"\W{0,2}(?:(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[./]\d\d?[./](?:19|20)\d\d)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SENTENCE = re.compile(r"[.!?…][\"”’'»)\]]*$")
_RULE = re.compile(r"(?:[=_*#~-]\s?){3,}|[-*#=~_]{1,3}")
_TAG = re.compile(r"</?([A-Z][A-Z0-9]+)\b[^<>]*>|(【[^【】]{1,12}】)")
_LABEL = re.compile(r"([^\W\d_][^:.,!?“”\"\n]{0,24}):(?=\s|$)")
_PERSON = re.compile(r"([^\W\d_][\w’'.-]*)(?: [^\W\d_][\w’'.-]*){1,3}(?:, .{2,40})?")
_BY = re.compile(rf"(?:{either('newspaper_archives.toml', 'words.signed')})\b:?\s+(?=[A-Z])")
_ADDRESS = re.compile(r"<?https?://\S+>?")
_FILE = r"\.(?:txt|html?|docx?|pdf|rtf)"
_ID = re.compile(rf"[\w.·|-]*\d{{5,}}[\w.·|-]*|\S{{1,60}}{_FILE}")
_AGENCY = r" ?[(/][A-Z][^()/]{1,30}[)/]"
_DATELINE = re.compile(
    r"[A-Z][A-Z’'. -]{2,30}(?:, [A-Z][\w.’' ]{1,25})?"
    rf"(?:, [A-Z][a-z]{{2,8}}\.? \d{{1,2}}(?:, \d{{4}})?(?:{_AGENCY})?|{_AGENCY})\s?(?:—|–|-{{1,2}})\s"
)
"""A place with a day or an agency: "AKTAU, March 14 (CW) -- "."""
_PLACE = re.compile(r"[A-Z][A-Z’'. -]{2,30}(?:, [A-Z][\w.’' ]{1,25})? ?(?:—|–|--) ?(?=[\w“\"])")
"""A place alone: "AKTAU — "."""
_SIGNS = (
    re.compile(rf"{_YEAR.pattern}|\d{{5}}"),
    re.compile(rf"(?m)\n(?:\s*(?:{either('newspaper_archives.toml', 'words.signs')})|[A-Z]{{3}}.*[-–—])"),
    re.compile(r"(?m):(?<=\w:)(?:\s|$)"),
    re.compile(rf"(?m){_FILE}$"),
    re.compile(r"[cC](?i:opyright)"),
)
"""What a line has that may be a field; each is looked for by its first sign, in a fraction of the time that one pattern takes."""
_SHORT, _LONGEST = 18, 160  # words and characters of a line that is no paragraph
_FIELD, _MOST_BYLINE = 100, 8  # characters of a field that ends as a sentence does; words of a byline that does
_ENDS_PROSE = (".", ".”", '."')
_COUNTED, _PAGES = either("newspaper_archives.toml", "length.en"), either("newspaper_archives.toml", "words.pages")
_COUNT = re.compile(rf"\d+ (?:{_COUNTED})|(?:{_PAGES}) ?[A-Z]?\d+", re.IGNORECASE)
_END = re.compile(either("newspaper_archives.toml", "words.ends"), re.IGNORECASE)
_AND = re.compile(rf" (?:{either('pages.toml', 'authors.joins')}) ", re.IGNORECASE)
_MOST_OF_ROLE = 6  # words
_WORDS_OF_DAY = 2  # a weekday and a month
_WIDE_RULE = 8
_FULL, _WIDE = 45, 75  # characters of a line that was broken at a margin: the fewest, and as many as most have


class Unit(NamedTuple):
    """A paragraph, or a line that is none: of what kind it is, "" for one that may be a title, None for prose.

    A dateline has no characters: its paragraph follows.
    """

    line: Line
    kind: str | None


def is_person(text: str) -> bool:
    """Whether a line is a person's name, by its first name, and perhaps what is said of that person."""
    found = _PERSON.fullmatch(text)
    return found is not None and found[1].title() in _first_names() and (text.istitle() or text.isupper() or "," in text)


def is_byline(text: str) -> bool:
    """Whether a line names people alone, with what they are perhaps.

    >>> is_byline("By Ann Reed and Tom Vane, Courier Staff Writers"), is_byline("Reed and Vane, at last")
    (True, False)
    """
    names, _, role = text.partition(",")
    people = _AND.split(without_by(names) or "")
    return len(role.split()) <= _MOST_OF_ROLE and all(map(is_person, people)) and not _SENTENCE.search(text)


@cache
def _first_names() -> frozenset[str]:
    return frozenset((*read_lines("first_names.txt"), *read_lines("given_names.txt")))


def words_beside_day(text: str) -> int:
    """How many words of a line with a day may be a title: "2024-03-14 Dockers return to Aktau"."""
    return sum(word.isalpha() for word in text.split()) - _WORDS_OF_DAY


def may_have_fields(text: str) -> bool:
    """Whether lines that may be fields stand between passages of a text: a quick look, at the cost of cutting it into lines."""
    inner: list[str] = []
    waiting: list[str] = []
    is_open = False
    for line in text.splitlines():
        if len(line) > _LONGEST or (line.endswith(_ENDS_PROSE) and (len(line) > _FIELD or not _YEAR.search(line))):
            inner += waiting
            waiting = [line[:_LONGEST]] if is_open and line[:3].isupper() else []
            is_open = True
        elif is_open and line:
            waiting.append(line)
    if not inner:
        return False
    said = "\n".join(["", *inner])
    return any(sign.search(said) for sign in _SIGNS)


def units_of(text: str) -> list[Unit]:
    """The paragraphs and single lines of a text; a line that stands in it twice, and may be no title therefore, is "same"."""
    groups = groups_of(text)
    wrapped = is_wrapped(line for group in groups for line in group)
    units: list[Unit] = []
    for group in groups:
        for unit in _of_wrapped(group) if wrapped else map(_unit, group):
            if opening := _opening(unit):
                units.append(opening)
            units.append(unit)
    seen = Counter(unit.line.text for unit in units if unit.kind == "")
    if max(seen.values(), default=0) < 2:
        return units
    return [unit._replace(kind="same") if unit.kind == "" and seen[unit.line.text] > 1 else unit for unit in units]


# --- kinds ---------------------------------------------------------------------------------------------------------


def _unit(line: Line) -> Unit:
    return Unit(line, _kind(line.text) if len(line.text) <= _LONGEST else None)


def _kind(text: str) -> str | None:
    """Of what kind a line is; "" where it may be a title, None where it is a sentence or more."""
    n_words = len(text.split())
    if n_words > _SHORT:
        return None
    if tag := _TAG.match(text):
        return f"tag:{tag[1] or tag[2]}"
    for kind, is_of_kind in _KINDS:
        if is_of_kind(text):
            return kind
    is_sentence = _SENTENCE.search(text) is not None and not text.isupper()
    if _is_day(text, is_sentence):
        return "day"
    if _BY.match(text) and (not is_sentence or n_words <= _MOST_BYLINE):
        return "by"
    return _kind_by_label(text, is_sentence) or (None if is_sentence else "")


def _is_wide_rule(text: str) -> bool:
    return len(text) >= _WIDE_RULE and _RULE.fullmatch(text) is not None


_KINDS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("wide rule", _is_wide_rule),
    ("rule", _RULE.fullmatch),
    ("address", _ADDRESS.fullmatch),
    ("copyright", is_copyright),
    ("id", _ID.fullmatch),
    ("id", lambda text: _COUNT.fullmatch(text.strip("[]()"))),
    ("end", _END.fullmatch),
)


def _is_day(text: str, is_sentence: bool) -> bool:
    """Whether a line says of which day an article is, and little else."""
    if not _YEAR.search(text) or "@" in text or not (MONTH_NUMBERS.search(text) or find_day(text)):
        return False
    if not is_sentence and _OPENS_WITH_DAY.match(text):
        return True
    said = [word for word in text.split() if word.islower() and word.isalpha() and len(word) > 2]
    return len(said) <= (1 if is_sentence else 3)


def _kind_by_label(text: str, is_sentence: bool) -> str | None:
    label = _LABEL.match(text)
    name = label[1].casefold() if label else ""
    if not name or (is_sentence and not _known_label().fullmatch(name)):
        return None
    if label and _ADDRESS.fullmatch(text[label.end() :].strip()):
        return "address"
    return _OF_LABELS.get(labels("labelled").get(name, ""), f"label:{name}")


@cache
def _known_label() -> re.Pattern[str]:
    return re.compile(either("newspaper_archives.toml", "words.head"))


# --- lines that were broken at a margin ------------------------------------------------------------------------------


def _of_wrapped(group: list[Line]) -> Iterator[Unit]:
    """The units of lines that no blank one parts: fields, and paragraphs of lines that go to the margin."""
    units = list(map(_unit, group))
    opens = [_DATELINE.match(line.text) is not None for line in group]
    is_field = _fields(group, units, opens)
    first = 0
    for i in range(1, len(units) + 1):
        if i == len(units) or is_field[i] or is_field[i - 1] or opens[i]:
            lines = group[first:i]
            paragraph = Line(lines[0].start, lines[-1].end, " ".join(line.text for line in lines))
            yield units[first] if is_field[first] else Unit(paragraph, None)
            first = i


def _fields(group: Sequence[Line], units: Sequence[Unit], opens: Sequence[bool]) -> list[bool]:
    """Which lines are fields or titles: those that are for certain, what stands above a dateline, the last, those beside these."""
    may_be = [unit.kind is not None and not _goes_on(group, i) for i, unit in enumerate(units)]
    is_field = [_is_field(unit) for unit in units]
    for i, opened in enumerate(opens[1:]):
        is_field[i] |= opened and units[i].kind is not None
    is_field[0] |= may_be[0]
    is_field[-1] |= units[-1].kind not in (None, "")
    for i in range(1, len(units)):
        is_field[i] |= is_field[i - 1] and may_be[i]
    for i in range(len(units) - 2, -1, -1):
        is_field[i] |= is_field[i + 1] and may_be[i]
    return is_field


def _is_field(unit: Unit) -> bool:
    """Whether a line is a field for certain, within a paragraph that was broken at a margin."""
    kind = (unit.kind or "").partition(":")[0]
    if unit.line.text[0].islower():
        return kind == "address"
    return kind in _CERTAIN or (kind in WHOLE and len(unit.line.text) < _WIDE)


def _goes_on(group: Sequence[Line], i: int) -> bool:
    """Whether a line was broken at the margin, since a paragraph goes on below."""
    if len(group[i].text) < _FULL or i + 1 == len(group):
        return False
    below = group[i + 1].text
    return i + 2 == len(group) or len(below) >= _FULL or below[0].islower()


def _opening(unit: Unit) -> Unit | None:
    """A unit without characters, where a paragraph opens with a place; None for any other."""
    text = unit.line.text
    if unit.kind is not None or text[1:2].islower():
        return None
    kind = "dateline" if _DATELINE.match(text) else "place" if _PLACE.match(text) else ""
    return Unit(unit.line._replace(end=unit.line.start, text=""), kind) if kind else None
