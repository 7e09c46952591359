"""Which addresses may be asked for: http and https, without credentials, on public hosts, wherever their names lead."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urldefrag, urljoin, urlsplit

from courlan import clean_url, extract_domain

from qantar.collect.failures import FetchError

LONGEST = 2_000
"""Characters of an address."""
PORTS = {None, 80, 443, 8080, 8443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WITHIN_V6 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""Where an IPv6 address ends in an IPv4 one that is reached by it."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def clean_address(url: str, base: str = "") -> str:
    """An address as it is asked for and stored: whole, without fragment, marks of campaigns and the like.

    Raises FetchError for what is none.
    """
    joined, cleaned = "", None
    try:
        joined = urldefrag(urljoin(base, url.strip().replace(" ", "%20")))[0]
        parts = urlsplit(joined)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        is_address = is_address and len(joined) <= LONGEST and not _CONTROL.search(url.strip())
        cleaned = clean_url(joined) if is_address else None
    except ValueError:
        is_address = False
    if not is_address or not cleaned:
        raise FetchError("no_address", f"{joined[:200] or url[:200]!r} is not an address of a page", asked=False)
    if parts.username is not None or parts.password is not None:
        raise FetchError("credentials", f"the address gives a user or password for {parts.hostname}; no log-in is made", asked=False)
    return cleaned


def host_of(url: str) -> str:
    """Host and port, as far as the port is not the scheme's own.

    >>> host_of("https://News.Example:443/a"), host_of("http://127.0.0.1:8000/a")
    ('news.example', '127.0.0.1:8000')
    """
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else (parts.hostname or "")
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def domain_of(url: str) -> str:
    """What a site's hosts have in common, where its address shows that; else its host.

    >>> domain_of("https://news.bbc.co.uk/rss.xml"), domain_of("http://127.0.0.1:8000/feed")
    ('bbc.co.uk', '127.0.0.1:8000')
    """
    return extract_domain(url) or host_of(url).removeprefix("www.")


def is_of_hosts(url: str, hosts: Collection[str]) -> bool:
    """Whether an address is on one of the hosts or their subdomains.

    >>> is_of_hosts("https://m.harbour.example/a", ["harbour.example"]), is_of_hosts("https://notharbour.example/", ["harbour.example"])
    (True, False)
    """
    host = host_of(url)
    return any(host == name or host.endswith(f".{name}") for name in hosts)


def check_host(url: str, private: Collection[str]) -> None:
    """Raise FetchError for a port that no web server of a newspaper has."""
    if host_of(url) not in private and urlsplit(url).port not in PORTS:
        raise FetchError("not_public", f"{host_of(url)}: only ports 80, 443, 8080 and 8443 are asked", asked=False)


def check_resolved(host: str, found: str) -> None:
    """Raise FetchError where a host's name leads to an address that is not public: this machine, its network, multicast."""
    if not is_public(found):
        raise FetchError(
            "not_public", f"{host} leads to {found}, which is not public; name the host as private if that is meant", asked=False
        )


def is_public(found: str) -> bool:
    """Whether an IP address is one of the internet, also where it is written within another.

    >>> [is_public(ip) for ip in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1")]
    [True, False, False, False, False]
    """
    try:
        address: Address = ipaddress.ip_address(found.partition("%")[0])
    except ValueError:
        return False
    return all(inner.is_global and not inner.is_multicast for inner in [address, *_within(address)])


def _within(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    found += [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) for network in _WITHIN_V6 if address in network]
    return [inner for inner in found if inner is not None]
