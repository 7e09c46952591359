"""Dates and amounts of money: calendar expressions, absolute or deictic, each with its ISO 8601 value where that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from qantar.text.known_names import Word
from qantar.text.lexicon import read_toml

_ANOTHER_WEEKDAY = re.compile(r" (?:week\b|the \d)")
_AHEAD = 80
"""Characters before a weekday in which it is looked for what makes it one to come."""
_CERTAIN = frozenset({"iso", "dmy", "mdy", "decade", "century", "quarter", "fiscal", "holiday"})
"""Kinds of expressions that name nothing but dates."""


class Expression(NamedTuple):
    """A date or an amount in a text; `value` is ISO 8601 (a day, a month, a year, an interval) or None."""

    start: int
    end: int
    label: str
    value: str | None
    is_certain: bool = False
    """Whether its form leaves no doubt that it is a date, whatever else its words may name."""


def find_dates(text: str, words: Sequence[Word], published_on: date | None) -> Iterator[Expression]:
    """Calendar expressions in order, each of which begins with one of the text's words; deictic ones have a value only where
    `published_on` is known.

    >>> from qantar.text.known_names import words_of
    >>> text = "On 5 January 2022 and Friday night"
    >>> [(text[e.start:e.end], e.value) for e in find_dates(text, words_of(text), date(2022, 1, 9))]
    [('5 January 2022', '2022-01-05'), ('Friday night', '2022-01-07')]
    """
    openers = set(filter(_opens_date, {word for word, _, _ in words}))
    starts = (start for word, start, _ in words if word in openers)
    found = [match for match in matches_at(_date_pattern(), text, starts) if _is_year(text, match) and _is_month(text, match)]
    for n, match in enumerate(found):
        yield Expression(match.start(), match.end(), "DATE", _value_of(text, found, n, published_on), match.lastgroup in _CERTAIN)


def _value_of(text: str, found: list[re.Match[str]], n: int, published_on: date | None) -> str | None:
    """The value of one of the expressions of a text, as far as it and those beside it say."""
    match, words = found[n], _lexicon()
    if value := _value_in_span(text, found, n, words) or _value_beside(text, found, n, published_on):
        return value
    if _is_vague(text, match):
        return None
    expression = f"next {match[0]}" if _is_ahead(text, match, published_on, words) else match[0]
    return _value(match.lastgroup or "", expression, published_on, words)


def _is_ahead(text: str, match: re.Match[str], published_on: date | None, words: dict[str, list[str]]) -> bool:
    """Whether a weekday without a word for its week is one to come: "will meet on Friday"; not today's, nor the day when that was said."""
    if match.lastgroup != "weekday" or published_on is None or match[0].split()[0] not in words["weekdays"]:
        return False
    if words["weekdays"].index(match[0].split()[0]) == published_on.weekday():
        return False
    return bool(_ahead(False).search(text, max(0, match.start() - _AHEAD), match.start()) or _ahead(True).match(text, match.end()))


@cache
def _ahead(is_behind: bool) -> re.Pattern[str]:
    """What stands before or behind a weekday to come, in its clause."""
    words = _lexicon()
    ahead = rf"\b(?:{_any(words['ahead'])})\b"
    if is_behind:
        return re.compile(rf"(?:['’]s(?: [a-z]+){{1,2}})? {ahead}")
    return re.compile(rf"{ahead}(?:(?!\b(?:{_any(words['told_then'])})\b)[^.;:!?“”\"\n])*\Z")


def find_money(text: str) -> Iterator[Expression]:
    """Amounts of money in order."""
    starts = (opener.start() for opener in _money_opener().finditer(text))
    for match in matches_at(_money_pattern(), text, starts):
        yield Expression(match.start(), match.end(), "MONEY", None)


def matches_at(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """The matches that begin at these places, none overlapping another: `finditer`, which tries every place, takes five times as long."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)):
            end = match.end()
            yield match


@cache
def _lexicon() -> dict[str, Any]:
    return read_toml("calendar.toml")


def _any(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(filter(None, words), key=len, reverse=True))


@cache
def _date_pattern() -> re.Pattern[str]:
    words = _lexicon()
    month = rf"(?:(?:{_any(words['months'])})\b|(?:{_any(words['month_abbreviations'])})\b\.?)"
    weekday = rf"(?:{_any(words['weekdays'])})"
    endings = "|".join(words["ordinal_endings"])
    day = rf"(?:3[01]|[12]\d|0?[1-9])(?:{endings})?"
    year = r"(?:1[5-9]\d\d|20\d\d)"
    second = rf"\ (?:{_any(words['pair_joins'])})\ "
    part = rf"(?:\ (?:{_any(words['parts_of_day'])})\b)?"
    number = rf"(?:\d+|(?i:an?|{_any(words['numbers'])}))"
    holidays = rf"(?:{_any(list(words['holidays']))})"
    ordinal = rf"(?:\d{{1,2}}(?:{endings})|{_any(words['ordinals'])})"
    steps, units = "|".join(words["steps"]), "|".join(words["deictic_units"])
    today = rf"(?i:{'|'.join(words['day_words'])})\b{part}|(?:{'|'.join(words['part_leads'])})\ (?:{'|'.join(words['named_parts'])})\b"
    return re.compile(
        rf"""(?<!\w)(?:
        (?P<iso>{year}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b)
        |(?P<dmy>(?:{weekday},?\ )?(?:the\ )?{day}(?:(?:\ ?[-–]\ ?|\ to\ (?:the\ )?|{second}){day})?\ (?:of\ )?{month}(?:,?\ {year}\b)?)
        |(?P<mdy>(?:{weekday},?\ )?{month}\ {day}\b(?!,\d|:)
            (?:(?:\ ?[-–]\ ?|\ to\ ){day}\b(?!,\d|:|\ {month})|{second}{day}\b(?=,?\ {year}\b|[,.;)]\D|\Z))?(?:,?\ {year}\b)?)
        |(?P<my>(?:mid-)?{month},?\ (?:of\ )?{year}\b)
        |(?P<decade>(?:1[5-9]|20)\d0['’]?s\b|(?<=the\ )['’]?[2-9]0['’]?s\b|['’][2-9]0s\b)
        |(?P<century>{ordinal}[\ -][Cc]ent(?:ury|uries)\b(?!\ BC))
        |(?P<quarter>Q[1-4],?\ (?:of\ )?(?:fiscal\ )?{year}\b)
        |(?P<fiscal>(?:FY\ ?-?|[Ff]iscal\ (?:[Yy]ear\ )?)(?:{year}(?:\ ?[-–/]\ ?(?:{year}|\d\d)\b)?|['’]?\d\d)\b)
        |(?P<holiday>{holidays}(?:,?\ {year}\b)?)
        |(?P<numeric>\d{{1,2}}(?P<mark>[./])\d{{1,2}}(?P=mark)(?:19|20)\d\d\b)
        |(?P<years>{year}\ ?[-–—/]\ ?(?:{year}|\d\d)\b(?![-–]))
        |(?P<season>(?:{_any(words["seasons"])})\ (?:of\ )?{year}\b)
        |(?P<weekday>(?:(?i:{steps})\ )?{weekday}\b(?!\ (?:{"|".join(words["newspapers"])})){part})
        |(?P<now>{today})
        |(?P<deictic>(?i:{steps})\ (?:{units})\b)
        |(?P<ago>{number}\ (?:{"|".join(words["ago_units"])})s?\ ago\b)
        |(?P<month>(?:mid-)?{month})
        |(?P<year>(?:mid-)?{year}\b)
        )""",
        re.VERBOSE,
    )


@lru_cache(maxsize=10_000)  # most words of a text are those of others
def _opens_date(word: str) -> bool:
    """Whether a calendar expression may begin with a word."""
    return word[0].isdigit() or word.lower() in _date_openers() or word.startswith("FY")


@cache
def _date_openers() -> frozenset[str]:
    """The words that calendar expressions begin with, in lower case, those with digits aside."""
    words = _lexicon()
    lists = (words[key] for key in ("months", "month_abbreviations", "weekdays", "seasons", "numbers"))
    firsts = (re.split(r"\W", name)[0] for name in (*words["holidays"], *words["ordinals"]))
    return frozenset(word.lower() for word in chain(*lists, firsts)) | frozenset(words["openers"])


@cache
def _money_opener() -> re.Pattern[str]:
    """The first characters of amounts."""
    words = _lexicon()
    firsts = sorted({word[0] for word in words["currency_signs"] + words["currency_codes"]})
    return re.compile(rf"[\d{re.escape(''.join(firsts))}]")


@cache
def _money_pattern() -> re.Pattern[str]:
    words = _lexicon()
    amount = r"\d[\d,.]{0,30}\d|\d"  # bounded: it is tried at each digit of a long row of them
    magnitude = rf"(?:[ -]?(?:{_any(words['magnitudes'])})\b)"
    return re.compile(
        rf"(?:(?:{_any(words['currency_signs'])})|\b(?:{_any(words['currency_codes'])}))\s?(?:{amount}){magnitude}?"
        rf"(?:\s?(?:to|[-–])\s?(?:{_any(words['currency_signs'])})(?:{amount}){magnitude}?)?"
        rf"|\b(?:{amount}){magnitude}*[ -](?:{_any(words['currency_words'])})\b"
        rf"|\b(?!(?:{_any(words['picture_sizes'])})\b)\d{{1,3}}(?:\.\d+)?p\b(?!\.m)"
    )


def _is_year(text: str, match: re.Match[str]) -> bool:
    """Whether four digits alone date rather than count: not part of a longer number, not before what is counted."""
    if match.lastgroup != "year":
        return True
    start, end = match.span()
    words, before, after = _lexicon(), text[max(0, start - 12) : start], text[end : end + 20]
    if re.search(rf"[\d$€£¥₹.,:/#№-]$|\b(?:{'|'.join(words['before_number'])}) ?\.? ?$", before):
        return False
    if re.match(r"[\d%]|[.,:/]\d|-\w", after) and not re.match(rf"-(?:{'|'.join(words['year_endings'])})", after):
        return False
    follows = re.match(r"\s+([A-Za-z]+)", after)
    return not (follows and follows[1].lower() in words["counted"])


def _is_month(text: str, match: re.Match[str]) -> bool:
    """Whether a month's name alone is one: "May" and "March" need a preposition, abbreviations a number."""
    name = match[0].removeprefix("mid-")
    if name != match[0]:
        return True
    if name.rstrip(".") in _lexicon()["month_abbreviations"]:
        return False
    if name not in _lexicon()["ambiguous_months"]:
        return True
    before = re.search(r"(\w+)[\s-]+$", text[max(0, match.start() - 12) : match.start()])
    return bool(before and before[1].lower() in _lexicon()["before_month"])


def _value(kind: str, text: str, published_on: date | None, words: dict[str, Any]) -> str | None:
    if kind == "iso":
        return _iso(*map(int, text.split("-")))
    if kind in ("dmy", "mdy", "my", "month"):
        return _month_value(text, published_on, words)
    if kind == "holiday":
        return _holiday_value(text, published_on, words)
    if kind in ("quarter", "season"):
        return None  # of the calendar or of a company's year, of one half of the earth or the other
    if kind == "year":
        return text.removeprefix("mid-")
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if kind == "numeric":
        return _numeric_value(*numbers)
    if kind == "decade":
        return _decade_value(numbers[0])
    if kind == "century":
        last = 100 * (numbers[0] if numbers else words["ordinals"].index(re.split(r"[ -][Cc]ent", text)[0]) + 1)
        return f"{last - 99}/{last}" if 1000 < last <= 2100 else None
    if kind in ("years", "fiscal"):
        return _years_value(numbers)
    return _deictic_value(kind, text.lower(), numbers, published_on, words) if published_on else None


def _decade_value(first: int) -> str | None:
    """The ten years from one on, written with four digits or two; "the 20s" may be of this century or the last, "the 1800s" a century."""
    if first == 20 or first % 100 == 0:
        return None
    first = first if first > 99 else 1900 + first
    return f"{first}/{first + 9}"


def _numeric_value(first: int, second: int, year: int) -> str | None:
    """A day in digits: 25.12.2021, 12/25/2021; none of 5/6/2021, which is a day in May or in June."""
    if first > 12 or first == second:
        return _iso(year, second, first)
    return _iso(year, first, second) if second > 12 else None


def _is_vague(text: str, match: re.Match[str]) -> bool:
    """Whether words beside an expression make it another day than it says: "the last week of June", "Tuesday week", "Friday the 13th"."""
    if match.lastgroup == "deictic":
        return text[max(0, match.start() - 4) : match.start()].lower() == "the "
    return match.lastgroup == "weekday" and bool(_ANOTHER_WEEKDAY.match(text, match.end()))


def _value_beside(text: str, found: list[re.Match[str]], n: int, published_on: date | None) -> str | None:
    """The value of a month without a year beside one: "last year, in May", "in May last year"."""
    match, words = found[n], _lexicon()
    for other, is_before in ((found[n - 1] if n else None, True), (found[n + 1] if n + 1 < len(found) else None, False)):
        if other is None:
            continue
        between = text[other.end() : match.start()] if is_before else text[match.end() : other.start()]
        year = _value(other.lastgroup or "", other[0], published_on, words) or ""
        if year.isdigit() and _beside(is_before).fullmatch(between):
            return _month_value(match[0], None, words, int(year))
    return None


@cache
def _beside(is_before: bool) -> re.Pattern[str]:
    """What may stand between a year told from today and the month in it, behind it or before it."""
    words = "|".join(_lexicon()["span_prepositions"]) if is_before else "of"
    return re.compile(rf",? (?:(?:{words}) )?")


def _years_value(numbers: list[int]) -> str | None:
    """The years from one to another, "2021-22"; none of a fiscal year alone, which begins when the country or company says."""
    if len(numbers) == 1:
        return None
    first, last = numbers
    last = last if last > 99 else first // 100 * 100 + last
    return f"{first}/{last}" if last > first else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _value_in_span(text: str, found: list[re.Match[str]], n: int, words: dict[str, list[str]]) -> str | None:
    """The value of a date without a year that is one end of a span whose other end has one: "from March 3 to March 9, 2022"."""
    match = found[n]
    if re.search(r"\d{4}", match[0]) or (month := _month_in(match[0], words)) is None:
        return None
    for other, is_before in ((found[n + 1] if n + 1 < len(found) else None, False), (found[n - 1] if n else None, True)):
        if other is None or not (year := re.search(r"\d{4}", other[0])):
            continue
        between = text[other.end() : match.start()] if is_before else text[match.end() : other.start()]
        other_month = _month_in(other[0], words)
        if other_month is not None and _span_join().fullmatch(between):
            turns = (month < other_month) if is_before else -(month > other_month)
            return _month_value(match[0], None, words, int(year[0]) + turns)
    return None


@cache
def _span_join() -> re.Pattern[str]:
    words = _lexicon()
    joins, leads = _any(words["span_joins"]), "|".join(words["span_prepositions"])
    return re.compile(rf",?\s*(?:{joins})\s*(?:[a-z]+\s+){{0,2}}(?:(?:{leads})\s+)?(?:the\s+)?")


def _month_in(text: str, words: dict[str, list[str]]) -> int | None:
    found = _month().search(text)
    if found is None:
        return None
    names = words["months"] if found[0] in words["months"] else words["month_abbreviations"]
    return names.index(found[0]) + 1


@cache
def _month() -> re.Pattern[str]:
    words = _lexicon()
    return re.compile(_any(words["months"] + words["month_abbreviations"]))


def _holiday_value(text: str, published_on: date | None, words: dict[str, Any]) -> str | None:
    """The day of a holiday that falls on the same one each year; without a year, the one nearest to the day of publication."""
    year = re.search(r"\d{4}$", text)
    day = words["holidays"][text[: year.start()].rstrip(" ,") if year else text]
    if not day or (year is None and published_on is None):
        return None
    if year:
        return f"{year[0]}-{day}"
    assert published_on is not None
    days = [date.fromisoformat(f"{y}-{day}") for y in (published_on.year - 1, published_on.year, published_on.year + 1)]
    return min(days, key=lambda d: (abs((d - published_on).days), d)).isoformat()


def _month_value(text: str, published_on: date | None, words: dict[str, list[str]], year: int | None = None) -> str | None:
    month = _month_in(text, words)
    if month is None:
        return None
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    year = next((n for n in numbers if n > 99), year)
    days = [n for n in numbers if n <= 31]
    if year is None and published_on is not None:
        year = _nearest_year(month, published_on)
    if year is None:
        return None
    if not days:
        return f"{year}-{month:02d}"
    if _joins_two(text) and days[1] != days[0] + 1:
        return None  # two days, which are no span
    values = [_iso(year, month, day) for day in days[:2]]
    return "/".join(filter(None, values)) if all(values) else None


def _joins_two(text: str) -> bool:
    """Whether an expression names two days: "4 and 5 January", "Tuesday and Wednesday" being two expressions."""
    return _pair().search(text) is not None


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(rf"\d (?:{_any(_lexicon()['pair_joins'])}) \d")


def _nearest_year(month: int, today: date) -> int:
    """The year of the nearest such month to a day: news looks back, and seldom far ahead."""
    return min(range(today.year - 1, today.year + 2), key=lambda y: (abs((y - today.year) * 12 + month - today.month), y))


def _deictic_value(kind: str, text: str, numbers: list[int], today: date, words: dict[str, Any]) -> str | None:
    if kind == "weekday":
        index = next(i for i, name in enumerate(words["weekdays"]) if name.lower() in text)
        if not {"next", "coming"}.isdisjoint(text.split()):
            return (today + timedelta(days=(index - today.weekday() - 1) % 7 + 1)).isoformat()
        if "this" in text:
            return (today + timedelta(days=index - today.weekday())).isoformat()
        days = (today.weekday() - index) % 7
        return (today - timedelta(days=days or (7 if "last" in text else 0))).isoformat()
    if kind == "now":
        first = text.split()[0]
        days = words["part_leads"][first] if first in words["part_leads"] else words["day_words"][first]
        return (today + timedelta(days=days)).isoformat()
    first, unit = text.split()[:2]
    if kind == "deictic":
        step = words["steps"][first]
        if unit == "week":
            year, week, _ = (today + timedelta(weeks=step)).isocalendar()
            return f"{year}-W{week:02d}"
        return _moved(today, unit, step)
    n = numbers[0] if numbers else 1 if first in words["indefinites"] else words["numbers"].index(first) + 1
    if unit.rstrip("s") == "day":
        return (today - timedelta(days=n)).isoformat()
    return _moved(today, unit.rstrip("s"), -n)


def _moved(today: date, unit: str, step: int) -> str | None:
    """The month or year so many from a day's; nothing of other units."""
    if unit == "month":
        return _months_from(today, step)
    return str(today.year + step) if unit == "year" else None


def _months_from(today: date, step: int) -> str:
    months = today.year * 12 + today.month - 1 + step
    return f"{months // 12}-{months % 12 + 1:02d}"
