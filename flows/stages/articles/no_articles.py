"""Pages that servers show in the place of an article: errors, checks for robots, walls of consent. Known by title and length together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

from qantar.stages.articles.page_layout import Line, key_of
from qantar.text.lexicon import either

_MOST_WORDS = 120
_LONGEST_TITLE = 200  # characters
_LEAST_TEASERS, _TEASERS, _MOST_TEASER = 8, 0.7, 40
"""On a page of teasers: how many lines stand right below a link, what share of the text they are, how many words they have on average."""

_LEAST_TITLES, _LEAST_OF_TITLE, _MOST_OF_TITLE, _LONGEST_LIST = 5, 4, 20, 100_000
"""Of a list of titles: lines, words of each, characters of all."""
_MOSTLY_LINKED = 0.8  # of a line's letters, to be a headline that leads to an article

_MOST_FRONT, _LEAST_HEADLINES, _HEADLINE_WORDS = 600, 10, 4
"""Of a front page: how many characters of text it has whatever its headlines are, and how many links of so many words."""


def is_no_article(title: str | None, text: str) -> bool:
    """Whether a short text is that of an error, a check or a wall: its title, or its first line, says so as a whole.

    >>> is_no_article("Access Denied", "You don't have permission to access this server.")
    True
    >>> is_no_article("Access denied: how the gate was shut", "The gate was shut on Friday.")
    False
    """
    first = text.lstrip().partition("\n")[0]
    if not any(line and len(line) <= _LONGEST_TITLE and _titles().fullmatch(line.strip()) for line in (title, first)):
        return False
    return len(text.split(None, _MOST_WORDS)) <= _MOST_WORDS


def lists_articles(text: str, page: Sequence[Line]) -> bool:
    """Whether a page's text is the teasers of other articles: short lines, nearly each of them a link or right below one."""
    below = {line.key for above, line in pairwise(page) if _is_link(above)}
    linked = {line.key for line in page if _is_link(line)}
    lines = [line for line in text.split("\n") if key_of(line)]
    plain = [line for line in lines if key_of(line) not in linked]
    if len(lines) >= _LEAST_TEASERS and len(plain) <= (1 - _TEASERS) * len(lines):
        return _are_short(lines)
    teasers = [line for line in plain if key_of(line) in below]
    return len(teasers) >= max(_LEAST_TEASERS, _TEASERS * len(plain)) and _are_short(teasers)


def is_list_of_titles(text: str) -> bool:
    """Whether a text is lines of some words each, none of which ends as a sentence does.

    >>> is_list_of_titles("Ice closes the weir again\\n" * 5), is_list_of_titles("Ice closes the weir again\\n" * 4 + "It is thick.")
    (True, False)
    """
    if len(text) > _LONGEST_LIST:
        return False
    lines = text.split("\n")
    lines = [line.strip() for line in lines if line.strip()]
    return len(lines) >= _LEAST_TITLES and all(
        _LEAST_OF_TITLE <= len(line.split()) <= _MOST_OF_TITLE and line[-1].isalnum() for line in lines
    )


def is_front_page(address: str | None, text: str, page: Sequence[Line]) -> bool:
    """Whether a page is a site's own: by its address, by headlines that are links, and by less text than these have, or hardly any."""
    if not leads_to_site(address):
        return False
    headlines = [line for line in page if _is_link(line) and len(line.text.split()) >= _HEADLINE_WORDS]
    return len(headlines) >= _LEAST_HEADLINES and len(text) <= max(_MOST_FRONT, sum(len(line.text) for line in headlines))


def leads_to_site(address: str | None) -> bool:
    """Whether an address is that of a site, and of no page of its.

    >>> leads_to_site("https://courier.example/"), leads_to_site("https://courier.example/n/1"), leads_to_site("https://courier.example/?p=7")
    (True, False, False)
    """
    parts = urlsplit(address or "")
    return bool(parts.netloc) and not parts.path.strip("/") and not parts.query


def _is_link(line: Line) -> bool:
    return bool(line.n_linked) and line.n_linked >= _MOSTLY_LINKED * len(line.key)


def _are_short(lines: Sequence[str]) -> bool:
    return sum(len(line.split()) for line in lines) <= _MOST_TEASER * len(lines)


@cache
def _titles() -> re.Pattern[str]:
    return re.compile(rf"(?i)\W*(?:(?:error|http|status)\W+)?(?:{either('pages.toml', 'no_articles.titles')})\W*")
