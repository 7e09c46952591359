"""What a web page says of its article, as trafilatura reads it but for tags and categories, which take long."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_FIRST, _LAST = "1970-01-01", "2099-12-31"  # and never the day of the build
_MOST_CHARACTERS = 10_000


class Metadata(NamedTuple):
    """As the page has it, unmended; None for what it does not say."""

    title: str | None = None
    author: str | None = None
    url: str | None = None
    site: str | None = None
    host: str | None = None
    day: date | None = None
    licence: str | None = None


def read_metadata(tree: Any, url: str | None) -> Metadata:
    """The metadata of a parsed page, less an author that only its text names; `url` is its address where that is known from elsewhere."""
    from htmldate import find_date
    from trafilatura import metadata as read

    found = read.examine_meta(tree)
    if found.author and " " not in found.author:
        found.author = None  # an account, not a name
    with suppress(Exception):  # JSON-LD of any shape whatever
        found = read.extract_meta_json(tree, found)
    address = found.url or read.extract_url(tree, url)
    return Metadata(
        title=_plain(found.title or read.extract_title(tree)),
        author=_plain(found.author),
        url=_plain(address),
        site=_site(_plain(found.sitename or read.extract_sitename(tree))),
        host=_host(address),
        day=_day(find_date(tree, extensive_search=False, original_date=True, url=address, min_date=_FIRST, max_date=_LAST)),
        licence=_plain(read.extract_license(tree)),
    )


def find_author(tree: Any) -> str | None:
    """The author that the page names where its readers see it."""
    from trafilatura.metadata import extract_author

    return _plain(extract_author(tree))


def _plain(text: str | None) -> str | None:
    return unescape(text[:_MOST_CHARACTERS]) if text else None


def _site(name: str | None) -> str | None:
    """The site's name; an account's or a host's written as a name."""
    name = (name or "").strip().lstrip("@")
    return (name.title() if name.islower() and "." not in name else name) or None


def _host(address: str | None) -> str | None:
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        return None
