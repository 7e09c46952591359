"""Addresses of web pages: taken apart, compared, and told from templates that were never filled in."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from qantar.text.lexicon import read_toml

_UNFILLED = re.compile(r"[{}<>\s\\|^`]|\[\[|\]\]|\$\(|/(?:undefined|null|\[object object\])(?:[/?#]|$)", re.IGNORECASE)
_MOST_CHARACTERS = 2_000


def is_unfilled(address: str) -> bool:
    """Whether an address is a template that nothing was filled into.

    >>> is_unfilled("https://courier.example/%7B%7Bslug%7D%7D"), is_unfilled("https://courier.example/news/floods-recede")
    (True, False)
    """
    return bool(_UNFILLED.search(unquote(address)))


def split_address(address: str | None) -> SplitResult | None:
    """The parts of a web address; None for what is none.

    >>> split_address("Courier.example") is None
    True
    """
    if not address:
        return None
    try:
        parts = urlsplit(address.strip()[:_MOST_CHARACTERS])
        host = parts.hostname or ""
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and host.strip(".") else None


def host_of(address: str | None) -> str | None:
    """The host of an address, without "www."; None where there is none.

    >>> host_of("https://www.courier.example/news")
    'courier.example'
    """
    parts = split_address(address)
    return (parts and (parts.hostname or "").removeprefix("www.")) or None


def article_address(address: str | None) -> str | None:
    """What addresses of one article have in common, however a reader came there; None for a site's front page and what is no address.

    >>> article_address("http://www.courier.example/floods/?utm_source=mail&id=7#top") == article_address("https://courier.example/floods?id=7")
    True
    >>> article_address("https://courier.example/?fbclid=a1") is None
    True
    """
    parts, host = split_address(address), host_of(address)
    if parts is None or host is None:
        return None
    try:
        port = None if parts.port in (80, 443) else parts.port
    except ValueError:
        return None
    query = sorted(pair for pair in _pairs(parts.query) if not _is_tracking(*pair))
    path, anchor = unquote(parts.path).rstrip("/"), parts.fragment
    if anchor in read_toml("addresses.toml")["tracking"]["anchors"] or all(_is_tracking(*pair) for pair in _pairs(anchor)):
        anchor = ""
    return repr((host, port, path, query, anchor)) if path or query or anchor else None


def _pairs(query: str) -> list[tuple[str, str]]:
    """Names and values of parameters."""
    return parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True)


def _is_tracking(name: str, value: str) -> bool:
    """Whether a parameter says where a reader came from."""
    tracking = read_toml("addresses.toml")["tracking"]
    name = name.lower()
    if name in tracking["unnumbered"]:
        return not any(character.isdigit() for character in value)
    return name in tracking["names"] or name.startswith(tuple(tracking["begins"]))
