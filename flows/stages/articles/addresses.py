"""Addresses of web pages: taken apart, and told from templates that were never filled in."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

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
    try:
        parts = urlsplit((address or "").strip()[:_MOST_CHARACTERS])
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
