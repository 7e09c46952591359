"""What a feed or a sitemap lists: addresses, with what is said of each. It is read in another process, since its author is not trusted."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO
from typing import Any, NamedTuple

from qantar.collect.clock import stamp

TOP = 4_000
_TEXT = 4_000  # characters of a summary
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry|url|sitemap)[\s/>]", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex)\b", re.IGNORECASE)
_CLOSING = {"rss": b"</channel></rss>", "feed": b"</feed>", "rdf": b"</rdf:RDF>"}


class Item(NamedTuple):
    """One article as it is listed; moments are ISO 8601 in UTC, or a day."""

    url: str
    title: str = ""
    text: str = ""
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    sections: tuple[str, ...] = ()

    @property
    def is_described(self) -> bool:
        """Whether anything is said of it in which words could be looked for."""
        return bool(self.title or self.text)


class Listing(NamedTuple):
    """What was read: articles, other sitemaps with the day of their last change, and what went wrong."""

    items: list[Item]
    sitemaps: list[tuple[str, str | None]]
    problem: str | None = None


def read_listing(data: bytes, most: int) -> Listing:
    """The articles or sitemaps of a feed, a sitemap or a plain list of addresses: `most` of them."""
    kind = _ROOT.search(data[:TOP])
    if kind is None:
        return _read_lines(data, most)
    root = kind[1].decode().lower()
    cut = next((found.start() for n, found in enumerate(_ENTRY.finditer(data)) if n == most), None)
    problem = None if cut is None else f"lists more than {most:,} addresses; the first are read (listed in sources.toml)"
    if cut is not None:
        data = data[:cut] + _CLOSING.get(root, b"")
    found = _read_feed(data) if root in _CLOSING else _read_sitemap(data)
    return found._replace(items=found.items[:most], sitemaps=found.sitemaps[:most], problem=problem or found.problem)


def _read_lines(data: bytes, most: int) -> Listing:
    text = data[: 200 * most].decode("utf-8", "replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not all(re.match(r"https?://\S+$", line) for line in lines[:20]):
        return Listing([], [], "is not a feed, sitemap or list of addresses")
    return Listing([Item(line) for line in lines[:most] if re.match(r"https?://\S+$", line)], [])


# --- feeds ---------------------------------------------------------------------------------------------------


def _read_feed(data: bytes) -> Listing:
    import feedparser

    parsed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    language = _language(parsed.feed.get("language"))
    items = [item for entry in parsed.entries if (item := _entry(entry, language))]
    problem = None
    if parsed.bozo and not items:
        problem = f"cannot be read: {str(parsed.get('bozo_exception', ''))[:200]}"
    return Listing(items, [], problem)


def _entry(entry: Any, language: str | None) -> Item | None:
    url = entry.get("link") or (entry.get("id") if str(entry.get("id", "")).startswith(("http://", "https://")) else None)
    if not url:
        return None
    content = " ".join(str(part.get("value", "")) for part in entry.get("content", [])[:3])
    return Item(
        url=str(url),
        title=_plain(entry.get("title"))[:500],
        text=_plain(f"{entry.get('summary', '')} {content}"[: 4 * _TEXT])[:_TEXT],
        published=_moment(entry.get("published_parsed")),
        modified=_moment(entry.get("updated_parsed")) if "updated_parsed" in entry else None,
        language=_language(entry.get("language")) or language,
        sections=tuple(str(tag.get("term", ""))[:100] for tag in entry.get("tags", [])[:20] if tag.get("term")),
    )


def _plain(html: Any) -> str:
    return " ".join(unescape(_TAG.sub(" ", str(html or ""))).split())


def _moment(parsed: Any) -> str | None:
    try:
        return stamp(datetime.fromtimestamp(calendar.timegm(parsed), UTC)) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _language(said: Any) -> str | None:
    found = re.match(r"[A-Za-z]{2}\b", str(said or "").strip())
    return found[0].lower() if found else None


# --- sitemaps ------------------------------------------------------------------------------------------------


def _read_sitemap(data: bytes) -> Listing:
    from lxml import etree

    items: list[Item] = []
    sitemaps: list[tuple[str, str | None]] = []
    options = {"resolve_entities": False, "no_network": True, "huge_tree": False, "recover": True}
    try:
        for _, element in etree.iterparse(BytesIO(data), events=("end",), **options):
            name = _name(element)
            if name not in ("url", "sitemap"):
                continue
            said = {_name(part): (part.text or "").strip() for part in element.iter() if isinstance(part.tag, str)}
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if not said.get("loc"):
                continue
            if name == "sitemap":
                sitemaps.append((said["loc"], _written(said.get("lastmod"))))
            else:
                items.append(_location(said))
    except etree.LxmlError as error:
        return Listing(items, sitemaps, f"cannot be read on: {str(error)[:200]}")
    return Listing(items, sitemaps, None if items or sitemaps else "lists nothing")


def _location(said: dict[str, str]) -> Item:
    return Item(
        url=said["loc"],
        title=said.get("title", "")[:500],
        text=said.get("keywords", "")[:_TEXT],
        published=_written(said.get("publication_date")),
        modified=_written(said.get("lastmod")),
        language=_language(said.get("language")),
    )


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _written(said: str | None) -> str | None:
    """A moment as sitemaps write it: a day, or ISO 8601.

    >>> _written("2022-01-05"), _written("2022-01-05T08:00:00+02:00"), _written("2022-01"), _written("soon")
    ('2022-01-05', '2022-01-05T06:00:00Z', None, None)
    """
    text = (said or "").strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
