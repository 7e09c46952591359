"""Days as metadata and texts write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})\.?"
_SECONDS = re.compile(r"\s*\d{10,14}\s*")
_ISO = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_WRITTEN = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]+{_MONTH},?[ -]+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} +(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"),
)


def parse_day(value: Any) -> date | None:
    """The day of a date, a time, an ISO 8601 or RFC 2822 text, or seconds since 1970; None for what is none of these for certain.

    >>> parse_day("Fri, 07 Jan 2022 10:33:00 GMT")
    datetime.date(2022, 1, 7)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = value / 1000 if value > 10**11 else value
            return datetime.fromtimestamp(seconds, tz=UTC).date() if seconds > 10**8 else None
        if not isinstance(value, str):
            return None
        if found := _ISO.match(value):
            return date(*map(int, found.groups()))
        if _SECONDS.fullmatch(value):
            return _day_of_digits(value.strip())
    except (ValueError, OverflowError, OSError):
        return None
    return written_day(value)


def _day_of_digits(digits: str) -> date | None:
    """The day of seconds or milliseconds since 1970, or that of YYYYMMDDhh…, where the first eight digits make one."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return parse_day(int(digits))


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
