"""The address that a page gives its article: none of a section or a front page, no template that was never filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin

from qantar.stages.articles.addresses import is_unfilled, split_address
from qantar.stages.articles.page_data import meta_names
from qantar.stages.articles.page_layout import upwards
from qantar.text.lexicon import read_toml

_INDEX = re.compile(r"(?:index|default|home|main)(?:\.\w{2,5})?", re.IGNORECASE)
_ARCHIVED = re.compile(r"https?://[\w.-]+/\w+/\d{4,14}(?:[a-z]{2}_)?/(?=https?://)")
_WORDS = re.compile(r"[-_+.]")
_MENU = re.compile(r"(?i)\b(?:nav\w*|menu\w*|bread-?crumbs?\w*|crumbs?)\b")
_MOST_LINKS, _MOST_NAME_WORDS, _MOST_AROUND = 2_000, 4, 6  # links of a page, words of a section's name, parts around a link of a menu


def find_address(tree: Any, known: str | None) -> tuple[str | None, str | None]:
    """The address of a page's article and one of its site, each None for none; `known`, from where the page was fetched, is both."""
    if known:
        return known, known
    said = list(_said(tree))
    if not said:
        return None, None
    menus = _menu_links(tree, said[0])
    own = next((parts.geturl() for parts in said if not _is_section(parts, said, menus)), None)
    return own, said[0].geturl()


def _written(tree: Any) -> list[str]:
    """The addresses in the page's head, as they are written there, the best first."""
    links = {(element.get("rel") or "").lower(): element.get("href") for element in tree.iter("link")}
    metas: dict[str, str | None] = {}
    for element in tree.iter("meta"):
        metas.setdefault((element.get("property") or element.get("name") or "").lower(), element.get("content"))
    base = next((element.get("href") for element in tree.iter("base")), None)
    return [original_address(value.strip()) for value in (links.get("canonical"), *map(metas.get, meta_names("address")), base) if value]


def original_address(address: str) -> str:
    """The address that a copy in a web archive was made of; any other address as it is.

    >>> original_address("https://web.archive.org/web/20240320101500/https://courier.example/n/1")
    'https://courier.example/n/1'
    """
    found = _ARCHIVED.match(address)
    return address[found.end() :] if found else address


def _said(tree: Any) -> Iterator[SplitResult]:
    """What the page calls its address, the best first; a relative one is joined to the first that is whole."""
    shown = [f"https:{value}" if value.startswith("//") else value for value in _written(tree) if not is_unfilled(value)]
    site = next(filter(split_address, shown), "")
    for value in shown:
        parts = split_address(urljoin(site, value) if value.startswith("/") else value)
        if parts is not None:
            yield parts._replace(netloc=parts.netloc.lower(), fragment="")


def _is_section(parts: SplitResult, others: Sequence[SplitResult], menus: frozenset[str]) -> bool:
    """Whether an address leads to a page of links to articles: by its path, by an address below it, by a menu that names it."""
    names = [name for name in unquote(parts.path).lower().split("/") if name]
    if names and _INDEX.fullmatch(names[-1]):
        names.pop()
    if parts.query:
        return False
    if all(set(_WORDS.split(name)) <= _sections() for name in names):
        return True
    place = _place(parts)
    return place in menus or any(_place(other).startswith(f"{place}/") for other in others)


def _menu_links(tree: Any, site: SplitResult) -> frozenset[str]:
    """Where the menus of the page lead to by a name of a few words; the last of its crumbs may lead to itself by its headline."""
    links = (link for link in islice(tree.iter("a"), _MOST_LINKS) if any(map(_is_menu, islice(upwards(link), _MOST_AROUND))))
    short = [link.get("href") or "" for link in links if len("".join(link.itertext()).split()) <= _MOST_NAME_WORDS]
    whole = (split_address(urljoin(site.geturl(), href) if href.startswith("/") else href) for href in short)
    return frozenset(_place(parts) for parts in whole if parts is not None)


def _is_menu(node: Any) -> bool:
    return node.tag == "nav" or bool(_MENU.search(f"{node.get('class', '')} {node.get('id', '')}"))


def _place(parts: SplitResult) -> str:
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}"


@cache
def _sections() -> frozenset[str]:
    table = read_toml("pages.toml")
    return frozenset((*table["titles"]["sections"], *table["addresses"]["sections"]))
