"""The day on which a page says that its article was published."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from qantar.stages.articles.archives.archive_parts import find_day as find_named_day
from qantar.stages.articles.page_data import PageData, meta_names
from qantar.stages.articles.page_layout import Line, is_named_aside, is_of_teaser, key_of, n_before_text, upwards
from qantar.text.dates import parse_day, written_day
from qantar.text.lexicon import either, read_toml

_NUMBERS = re.compile(r"(?<![\d.:/-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/-])")
_YEAR = re.compile(r"(?:19|20)\d\d|[./-]\d\d(?!\d)")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)(?:[/-]|/[A-Za-z-]{2,20}/)?(\d\d)[/-]?(\d\d)(?=[/_-])|[-/_]((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_NOT_PUBLISHED = re.compile(rf"(?i)\b(?:{either('pages.toml', 'days.not_published')})")
_NEVER_PUBLISHED = re.compile(rf"(?i)\b(?:{either('pages.toml', 'days.never_published')})\b|©")
_PUBLISHED_TOO = re.compile(rf"(?i)(?<=\W)(?:{either('pages.toml', 'days.published_too')})\b")
_PUBLISHED_FIRST = re.compile(rf"(?i)\W*(?:{either('pages.toml', 'days.published_first')})\b")
_PUBLISHED = re.compile(rf"(?i)\W*(?:{either('pages.toml', 'days.published_too')})\b")
_WEEKDAYS = [day[:3].lower() for day in read_toml("calendar.toml")["weekdays"]]
_WEEKDAY = re.compile(rf"(?i)\b({'|'.join(_WEEKDAYS)})[a-z]{{0,6}}\b")
_CHANGED = re.compile(rf"(?i)\W*(?:{either('pages.toml', 'authors.changed')})\b")
_NAMES_DAY = re.compile(rf"(?i){either('pages.toml', 'days.named')}")
_DAY_FIRST = re.compile(r"(?i)en[-_](?:gb|au|nz|in|za|ie|sg|hk|ke|ng|pk|my)")
_DAY_FIRST_HOSTS = tuple(f".{country}" for country in read_toml("pages.toml")["days"]["day_first"])
_MONTH_FIRST = re.compile(
    rf"{_NUMBERS.pattern}[ ,]+\d{{1,2}}:\d\d(?: ?[AaPp]\.?[Mm]\.?)? (?:{either('pages.toml', 'days.month_first_zones')})\b"
)
_PUBLISHED_CLASS = re.compile(r"(?i)(?<![a-z])publi(?:sh|shed|cation)[-_]?(?:date|time|on|at)(?![a-z])")
_DAY_ALONE = re.compile(r"(?<=\d{4})\s*[-–|,]\s*\d{1,2}:\d\d.*")
_OF_ENTRY = frozenset(("entry-date", "published"))
_NEAR = 12  # lines above and below the headline in which the page shows its day
_MOST_ALONE = 9  # words of a line that is a day, its time and its zone
_DIGITS = re.compile(r"\d{1,2}\D{1,12}\d{2,4}")
_MOST_WORDS = 24
_MOST_LINKS = 20  # that are looked at
_MOST_BEFORE_DAY = 9  # words up to the year
_MOST_SEEN = 200_000  # characters of a page in which its way of writing days shows
_MOST_LABEL = 200  # characters
_MOST_BELOW = 60  # elements below the headline, where one may hold the day for a script
_HOLDS_DAY = re.compile(rf"(?i){either('pages.toml', 'days.held')}")
_HELD = re.compile(r"\d{10}(?:\d{3})?|(?:19|20)\d\d-\d\d-\d\d(?:[T ].{0,30})?")
_FIRST, _LAST = "1970-01-01", "2099-12-31"  # and never the day of the build


def find_day(
    tree: Any, data: PageData, address: str | None, lines: Sequence[Line], at: int | None, in_scripts: str | None = None
) -> date | None:
    """The day of publication: what the page says for machines, a <time> of the article, a line near its headline (line `at`), its address.

    Where the one for machines is a day off the one that readers are shown, as in another zone, theirs counts. What other software makes
    of the page comes last, before it the day of a change where no other is shown. Days of other articles and of the page's making are none.
    """
    order = _Order(tree, address, data.beside)
    around = frozenset(upwards(lines[at].block)) if at is not None else frozenset()
    shown = _near(lines, at, around)
    return (
        _for_machines(tree, data, order, around, lines[at].block if at is not None else None, shown)
        or order.first([*(line.said for line in shown), in_scripts])
        or _day_of_address(address)
        or _less_sure(tree, order, address, around, lines, at)
    )


def _for_machines(tree: Any, data: PageData, order: _Order, around: frozenset[Any], headline: Any, shown: Sequence[_Shown]) -> date | None:
    """The day that the page says for machines, as its readers see it; that of a system beside the site comes last."""
    said = [data.article.get(key) for key in ("datePublished", "dateCreated", "uploadDate")]
    said += [value for name in meta_names("day") for value in data.meta.get(name, ())]
    times = _times(tree, around, headline)
    if day := _local_day(said, times):
        return day
    of_system = (value for name in meta_names("day_of_system") for value in data.meta.get(name, ()))
    found = order.first(said) or order.first(times) or order.first(of_system)
    return _as_shown(found, shown) if found else None


def _as_shown(said: date, shown: Sequence[_Shown]) -> date:
    """The day that is said for machines, or the one in a line of the page's that is a day alone, if they are a day apart."""
    days = [day for line in shown if line.is_day and (day := parse_day(line.said)) is not None]
    return days[0] if days and abs((days[0] - said).days) == 1 else said


def _less_sure(tree: Any, order: _Order, address: str | None, around: frozenset[Any], lines: Sequence[Line], at: int | None) -> date | None:
    """The day of what is called so far from the headline, that of a change near it, else what other software makes of the page."""
    held = list(_held(tree, around, lines[at].block)) if at is not None else []
    named = order.first([*_named_days(tree, around), *(value for value, is_change in held if not is_change)])
    named = named or order.first([*_changed_days(lines, at, around), *(value for value, _ in held)])
    return named or (None if order.is_ambiguous else _guess(tree, address))


def _local_day(said: Iterable[Any], times: Iterable[str]) -> date | None:
    """The day as the site's readers see it, where what is said for machines and a <time> of the article are one instant, in a zone."""
    instants, others = ([moment for value in values if (moment := _instant(value)) is not None] for values in (said, times))
    in_zone = (moment for moment in (*others, *instants) if moment.utcoffset())
    return next((moment.date() for moment in in_zone if moment in instants and moment in others), None)


def _instant(value: Any) -> datetime | None:
    """A time with its zone; None for any other value."""
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


class _Order:
    """How the site writes days in numbers: what is ambiguous counts only if the site settles it."""

    def __init__(self, tree: Any, address: str | None, beside: str):
        self._tree, self._address, self._beside = tree, address, beside
        self._day_first: bool | None = None
        self._is_known = False
        self.is_ambiguous = False

    def first(self, values: Iterable[Any]) -> date | None:
        return next((day for value in values if (day := self.day(value)) is not None), None)

    def day(self, value: Any) -> date | None:
        if (day := parse_day(value)) is not None or not isinstance(value, str):
            return day
        found = _NUMBERS.search(value)
        if not found:
            return find_named_day(value) if len(value) <= _MOST_LABEL else None
        one, mark, two, year = int(found[1]), found[2], int(found[3]), int(found[4])
        year += 0 if year > 99 else 1900 if year > 69 else 2000
        day_first = True if mark == "." or one > 12 or one == two else False if two > 12 else _by_weekday(value, one, two, year)
        day_first = self._settled() if day_first is None else day_first
        if day_first is None:
            self.is_ambiguous = True
            return None
        try:
            return date(year, two, one) if day_first else date(year, one, two)
        except ValueError:
            return None

    def _settled(self) -> bool | None:
        """Whether the day comes first on this site: by a day of its that can be read in one way only, its country, its language."""
        if not self._is_known:
            self._is_known = True
            host = (self._address or "").partition("://")[2].partition("/")[0]
            language = self._tree.get("lang") or "" if self._tree.tag == "html" else ""
            texts = f"{self._beside} {' '.join(self._tree.itertext('time', 'span', 'p'))}"[:_MOST_SEEN]
            plain = [(int(found[1]), int(found[3])) for found in _NUMBERS.finditer(texts)]
            if any(one > 12 for one, _ in plain) != any(two > 12 for _, two in plain):
                self._day_first = any(one > 12 for one, _ in plain)
            elif _MONTH_FIRST.search(texts):
                self._day_first = False
            elif host.endswith(_DAY_FIRST_HOSTS) or _DAY_FIRST.match(language):
                self._day_first = True
        return self._day_first


def _by_weekday(text: str, one: int, two: int, year: int) -> bool | None:
    """Whether the day comes first in numbers that may be read in two ways, by the weekday beside them; None where it fits none."""
    found = _WEEKDAY.search(text)
    if not found:
        return None
    wanted = _WEEKDAYS.index(found[1].lower())
    fits = [date(year, month, day).weekday() == wanted for day, month in ((one, two), (two, one))]
    return fits[0] if fits[0] != fits[1] else None


def _times(tree: Any, around: frozenset[Any], headline: Any) -> list[str]:
    """The <time> elements of the article: one that is said to be of its publication, else those below the headline, then those above."""
    own: list[str] = []
    above = 0
    for element in tree.iter("time", "abbr", "span", "p", "div", *({headline.tag} if headline is not None else ())):
        if element is headline:
            above = len(own)
        is_published = "datePublished" in (element.get("itemprop") or "") or element.get("pubdate") is not None
        if element.tag != "time" and not is_published:
            own += _labelled(element, around)
            continue
        value = element.get("datetime") or element.get("content") or element.get("title") or "".join(element.itertext())
        if is_published or _PUBLISHED_FIRST.match(_term_of(element)):
            return [value]
        if _is_own(element, around):
            own.append(value)
    return [*own[above:], *own[:above]]


def _named_days(tree: Any, around: frozenset[Any]) -> Iterator[str]:
    """What is called a day of publication anywhere in the article, and a <time> that hAtom calls updated, but that does not say so."""
    for element in islice(filter(_is_named_day, tree.iter("time", "span", "p", "div")), _MOST_LINKS):
        if not (_is_elsewhere(element, around) or is_of_teaser(element, around)):
            said = element.get("datetime") or " ".join("".join(element.itertext()).split())
            if len(said) <= _MOST_LABEL and not _NOT_PUBLISHED.search(said):
                yield _DAY_ALONE.sub("", said)


def _held(tree: Any, around: frozenset[Any], headline: Any) -> Iterator[tuple[str, bool]]:
    """Days and times that elements near the headline hold for a script to write, and whether they are those of changes."""
    elements = list(tree.iter("*"))
    at = next((i for i, element in enumerate(elements) if element is headline), 0)
    for element in (*elements[at : at + _MOST_BELOW], *elements[max(0, at - _NEAR) : at]):
        for name, value in element.items():
            if _HOLDS_DAY.search(name) and _HELD.fullmatch(value) and not (_is_elsewhere(element, around) or is_of_teaser(element, around)):
                yield value, _NOT_PUBLISHED.search(f"{name} {_around(element)}") is not None


def _is_named_day(element: Any) -> bool:
    name = element.get("class") or ""
    return "updated" in name.split() if element.tag == "time" else _PUBLISHED_CLASS.search(name) is not None


def _labelled(element: Any, around: frozenset[Any]) -> list[str]:
    """The day of publication in what an element is called for those who do not see it."""
    label = (element.get("aria-label") or "")[:_MOST_LABEL]
    return [_published_part(label)] if _PUBLISHED.match(label) and _is_own(element, around) else []


def _is_own(element: Any, around: frozenset[Any]) -> bool:
    """Whether a time can be that of the article's publication."""
    is_other = _is_elsewhere(element, around) or is_of_teaser(element, around)
    return not is_other and not _is_in_sentence(element) and not _NOT_PUBLISHED.search(_around(element))


def _is_elsewhere(element: Any, around: frozenset[Any]) -> bool:
    """Whether a part of the page that does not hold the headline, too, is of something else than the article."""
    return any(node.tag == "figure" or _is_aside(node) for node in upwards(element) if node not in around)


def _is_in_sentence(element: Any) -> bool:
    paragraph = next((node for node in islice(upwards(element), 3) if node.tag == "p"), None)
    return paragraph is not None and _is_sentence("".join(paragraph.itertext()).strip())


def _is_sentence(text: str) -> bool:
    return len(text.split()) > _MOST_WORDS // 2 or (text.endswith(".") and not text.lower().endswith((" a.m.", " p.m.")))


def _around(element: Any) -> str:
    """What an element is called and what stands before it in its line."""
    parent = element.getparent()
    before = element.getprevious()
    label = before.tail if before is not None else parent.text if parent is not None else ""
    nearest = "".join(before.itertext())[-30:] if before is not None and not (before.tail or "").strip() else ""
    kinds = (element.get("class") or "").split()
    if not _OF_ENTRY.isdisjoint(kinds):  # hAtom's, "entry-date updated": an entry that was never changed has one time for both
        kinds = [kind for kind in kinds if kind != "updated"]
    return f"{' '.join(kinds)} {element.get('itemprop', '')} {_term_of(element)} {label or ''} {nearest} {(element.text or '')[:20]}"


def _may_tell_day(text: str) -> bool:
    """Whether a line is not about a change or about another day than that of publication."""
    is_about_change = _NOT_PUBLISHED.match(text) and not _PUBLISHED_TOO.search(text)
    return not is_about_change and not _NEVER_PUBLISHED.search(text)


class _Shown(NamedTuple):
    """What a line near the headline says of a day, and whether it is a day alone, or called that of publication."""

    said: str
    is_day: bool


def _near(lines: Sequence[Line], at: int | None, around: frozenset[Any]) -> list[_Shown]:
    """Lines around the headline that are short or named as a day is, and are not about a change."""
    found: list[_Shown] = []
    for is_below, line in sorted(_nearby(lines, at, around), key=lambda near: not _is_first(near[1])):
        if _may_tell_day(line.text) and not _NOT_PUBLISHED.match(_term_of(line.block)):
            is_day = _PUBLISHED.match(line.text) is not None or (is_below and _is_day_alone(line.text))
            found += [_Shown(said, is_day) for said in _days_of(line)]
    return found


def _is_first(line: Line) -> bool:
    """Whether a line says that it tells of the first publication."""
    return any(map(_PUBLISHED_FIRST.match, (line.text, _term_of(line.block))))


def _term_of(part: Any) -> str:
    """What a list or table says on the left that a part of it is: "Last updated"."""
    cell = next((node for node in islice(upwards(part), 3) if node.tag in ("dd", "td")), None)
    term = cell.getprevious() if cell is not None else None
    return "".join(term.itertext()).strip()[:_MOST_LABEL] if term is not None else ""


def _nearby(lines: Sequence[Line], at: int | None, around: frozenset[Any]) -> Iterator[tuple[bool, Line]]:
    """The lines with a year below the headline, as far as the first paragraph, and those above it; short ones of the article."""
    if at is None:
        found = [(False, line) for line in lines[: 2 * _NEAR]]
    else:
        end = at + 1 + max(_NEAR, n_before_text(lines[at + 1 :]))
        found = [(True, line) for line in lines[at + 1 : end]] + [(False, line) for line in reversed(lines[max(0, at - _NEAR) : at])]
    for is_below, line in found:
        is_other = len(line.text.split()) > _MOST_WORDS or _is_elsewhere(line.block, around) or is_of_teaser(line.block, around)
        if _YEAR.search(line.text) is not None and not is_other:
            yield is_below, line


def _is_day_alone(text: str) -> bool:
    """Whether a line opens with a day of which month and year are written, its weekday perhaps, and has the time behind it at most."""
    before = re.split(r"(?:19|20)\d\d", text, maxsplit=1)
    return len(before[0].split()) <= 3 and len(text.split()) <= _MOST_ALONE


def _changed_days(lines: Sequence[Line], at: int | None, around: frozenset[Any]) -> Iterator[str]:
    """The days of changes in lines near the headline, on a page that shows no other."""
    for _, line in _nearby(lines, at, around):
        changed = _CHANGED.match(line.text)
        if changed:
            yield line.text[changed.end() :]


def _days_of(line: Line) -> Iterator[str]:
    """What a line near the headline says of a day: the day that it opens with, or what is left of it to be read."""
    names = " ".join(f"{node.get('class', '')} {node.get('id', '')}" for _, node in zip(range(2), upwards(line.block), strict=False))
    if _is_sentence(line.text) and not _NAMES_DAY.search(names):
        return
    said = _published_part(line.text)
    day = written_day(said)
    if day is None:
        yield said
        parts = list(islice(line.block.itertext(), _MOST_LINKS))
        if key_of("".join(parts)) == line.key:  # the line is all of its block, of parts without a space between them
            yield from filter(written_day, parts)
    elif _NAMES_DAY.search(names) or _opens_with_day(line.text):
        yield day.isoformat()


def _published_part(text: str) -> str:
    """The line from where it tells of publication, if it tells of changes before; up to where it does, if after; else the line."""
    changed = _NOT_PUBLISHED.search(text)
    if not changed or _DIGITS.search(text, 0, changed.start()):
        return text[: changed.start()] if changed else text
    found = _PUBLISHED_TOO.search(text, changed.end())
    return text[found.start() :] if found else text


def _opens_with_day(text: str) -> bool:
    """Whether a few words at most stand before the day in a line, as in a byline, not the whole of a heading or of an item of a list."""
    before = re.split(r"(?:19|20)\d\d", text, maxsplit=1)[0]
    return len(before.split()) <= _MOST_BEFORE_DAY


def _is_aside(node: Any) -> bool:
    return is_named_aside(node, of_byline=True)


def _guess(tree: Any, address: str | None) -> date | None:
    """What htmldate finds in the page, less the lines that tell of changes or of the page's making."""
    from htmldate import find_date

    tree = copy.deepcopy(tree)
    for part in [node for node in tree.iter("*") if _is_aside(node)]:
        part.clear()
    for element in [element for element in tree.iter("time") if is_of_teaser(element, frozenset())]:
        element.clear()
    for element in list(tree.iter("p", "div", "span", "time", "li", "small")):
        if _NOT_PUBLISHED.search("".join(element.itertext("p", "div", "span", "time", "li", "small"))[:_MOST_LABEL]) and not len(element):
            element.text = None
    try:
        found = find_date(tree, extensive_search=False, original_date=True, url=address, min_date=_FIRST, max_date=_LAST)
    except Exception:  # markup of any kind whatever
        return None
    return parse_day(found)


def _day_of_address(address: str | None) -> date | None:
    for found in _IN_ADDRESS.finditer(address or ""):
        numbers = [int(part) for part in found.groups() if part]
        try:
            return date(*numbers)
        except ValueError:
            continue
    return None
