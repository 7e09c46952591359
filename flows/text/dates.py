"""Days as metadata and texts write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from qantar.text.lexicon import either, read_toml

_MONTHS = [month[:3].lower() for month in read_toml("calendar.toml")["months"]]
_NTH = either("calendar.toml", "ordinal_endings")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})\.?"
_SECONDS = re.compile(r"\s*(?:/?Date\()?(\d{8,19})(?:\.\d*)?(?:[+-]\d{4})?(?:\)/)?\s*")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})[-/.]((?:19|20)\d\d)(?!\d)")
_CTIME = re.compile(rf"{_MONTH} +(?P<day>\d{{1,2}}) +\d\d:\d\d(?::\d\d)?(?: +[+A-Z][\w:+]{{1,5}})? +(?P<year>(?:19|20)\d\d)", re.IGNORECASE)
_SHORT_YEAR = re.compile(rf"^\s*(?:[a-z]{{3,9}},? +)?(?P<day>\d{{1,2}})[ -]{_MONTH}[ -](?P<year>\d\d)(?!\d)", re.IGNORECASE)
_ORDINAL = re.compile(r"\s*((?:19|20)\d\d)-(\d{3})(?!\d)")
_SPACED = re.compile(r"(?<!\d)(\d{1,2})\. (\d{1,2})\. ((?:19|20)\d\d)(?!\d)")
_ROMAN = re.compile(r"(?<!\d)(\d{1,2})[/. -]{1,2}(I{1,3}|IV|VI{0,3}|IX|XI{0,2})[/. -]{1,2}((?:19|20)\d\d)(?!\d)")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ISO = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_WRITTEN = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:{_NTH}|\.)?(?: of)?[ /-]+{_MONTH},?[ /-]+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} +(?P<day>\d{{1,2}})(?:{_NTH})?,? +(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<year>(?:19|20)\d\d),?[ -]+{_MONTH}[ -]+(?P<day>\d{{1,2}})\b(?!:)", re.IGNORECASE),
)


def parse_day(value: Any) -> date | None:
    """The day of a date, a time, a text in one of the common forms, or seconds since 1970; None for what is none of these for certain.

    Of days in figures alone, those that can be read in one way are: with the year first, with a day above 12, or with full stops.

    >>> parse_day("Fri, 07 Jan 2022 10:33:00 GMT")
    datetime.date(2022, 1, 7)
    >>> parse_day("Wed Jan 05 10:33:00 +0000 2022"), parse_day("25/12/2021"), parse_day("05/01/2022")
    (datetime.date(2022, 1, 5), datetime.date(2021, 12, 25), None)
    >>> parse_day("05.01.2022"), parse_day("5. 1. 2022"), parse_day("5/I/2022"), parse_day("2022-005")
    (datetime.date(2022, 1, 5), datetime.date(2022, 1, 5), datetime.date(2022, 1, 5), datetime.date(2022, 1, 5))
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, Mapping):
        return next((day for inner in value.values() if (day := parse_day(inner))), None)
    if isinstance(value, (list, tuple)):
        return parse_day(value[0]) if value else None
    if isinstance(value, (bytes, bytearray)):
        value = bytes(value).decode("utf-8", "replace")
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _day_of_number(value)
        return _day_of_text(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def _day_of_number(value: float) -> date | None:
    """The day of seconds, milliseconds, micro- or nanoseconds since 1970, or of the figures YYYYMMDD."""
    if value != value:
        return None
    if 19_000_101 <= value <= 21_001_231 and value == int(value):
        return _day_of_digits(str(int(value)))
    for unit in (1, 10**3, 10**6, 10**9):
        if 10**8 < value / unit < 10**10.7:
            return datetime.fromtimestamp(value / unit, tz=UTC).date()
    return None


def _day_of_text(text: str) -> date | None:
    if found := _ISO.match(text):
        return date(*map(int, found.groups()))
    if found := _ORDINAL.match(text):
        return date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1) if 0 < int(found[2]) <= 366 else None
    if found := _SECONDS.fullmatch(text):
        return _day_of_digits(found[1])
    if found := _YEAR_FIRST.search(text):
        return date(*map(int, found.groups()))
    if (found := _YEAR_LAST.search(text)) and (day := _day_in_one_way(found[2], *map(int, found.group(1, 3, 4)))):
        return day
    return _day_with_month(text) or written_day(text)


def _day_with_month(text: str) -> date | None:
    """The day in a form of its own: "5. 1. 2022", "5/I/2022", "Jan 5 10:33:00 2022", "5 Jan 22"."""
    if found := _SPACED.search(text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := _ROMAN.search(text):
        return date(int(found[3]), _ROMANS.index(found[2]) + 1, int(found[1]))
    if found := (_CTIME.search(text) or _SHORT_YEAR.search(text)):
        year = int(found["year"])
        return date(year if year > 99 else 2000 + year, _MONTHS.index(found["month"].lower()[:3]) + 1, int(found["day"]))
    return None


def day_of_name(path: str) -> date | None:
    """The day that the name of a file begins with, as people and site builders name articles; None for any other, and for no day.

    >>> day_of_name("news/2022-01-07-order-returns.txt"), day_of_name("20220107_order.txt"), day_of_name("2022-01-07.txt")
    (datetime.date(2022, 1, 7), datetime.date(2022, 1, 7), datetime.date(2022, 1, 7))
    >>> day_of_name("20220107.txt"), day_of_name("2022-13-07-order.txt"), day_of_name("order-2022-01-07.txt")
    (None, None, None)
    """
    found = _NAMED.match(path.rpartition("/")[2])
    with suppress(ValueError):
        return date.fromisoformat("".join(filter(str.isdecimal, found.group()))) if found else None
    return None


_NAMED = re.compile(r"(?:19|20)\d\d(?:([-_.])\d\d\1\d\d(?!\d)|\d{4}[-_ ](?=[^\W\d]))")
"""Eight figures are a day only before words: they may be a number that an archive gave."""


def _day_in_one_way(mark: str, first: int, second: int, year: int) -> date | None:
    """Day and month, or month and day, where only one of the two is a day; who writes full stops writes the day first."""
    if first == second or ((first > 12 or mark == ".") and second <= 12):
        return date(year, second, first)
    return date(year, first, second) if second > 12 >= first else None


def _day_of_digits(digits: str) -> date | None:
    """The day of seconds or milliseconds since 1970, or that of YYYYMMDDhh…, where the first eight digits make one."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return _day_of_number(int(digits))


def written_day(text: str) -> date | None:
    """The first day with its month by name and its year in a text; all-number forms but ISO 8601's could be read in two ways.

    >>> written_day("Published on Jan. 7th, 2022 at 10:33")
    datetime.date(2022, 1, 7)
    """
    for pattern in _WRITTEN:
        if found := pattern.search(text):
            month = found["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
            try:
                return date(int(found["year"]), number, int(found["day"]))
            except ValueError:
                continue
    return None
