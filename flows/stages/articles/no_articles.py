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

_MOST_FRONT, _LEAST_HEADLINES, _HEADLINE_WORDS = 600, 10, 4
"""Of a front page: how many characters of text it has at most, and how many links of so many words."""


def is_no_article(title: str | None, text: str) -> bool:
    """Whether a short text is that of an error, a check or a wall: its title, or its first line, says so as a whole.

    >>> is_no_article("Access Denied", "You don't have permission to access this server.")
    True
    >>> is_no_article("Access denied: how the gate was shut", "The gate was shut on Friday.")
    False
    """
    if text.count(" ") > _MOST_WORDS and len(text.split()) > _MOST_WORDS:
        return False
    first = text.lstrip().partition("\n")[0]
    return any(line and len(line) <= _LONGEST_TITLE and _titles().fullmatch(line.strip()) is not None for line in (title, first))


def lists_articles(text: str, page: Sequence[Line]) -> bool:
    """Whether a page's text is the teasers of other articles: short lines, nearly each of them right below a heading that is a link."""
    below = {line.key for above, line in pairwise(page) if above.n_linked and above.n_linked == len(above.key)}
    linked = {line.key for line in page if line.n_linked and line.n_linked == len(line.key)}
    lines = [line for line in text.split("\n") if (key := key_of(line)) and key not in linked]
    teasers = [line for line in lines if key_of(line) in below]
    if len(teasers) < _LEAST_TEASERS or len(teasers) < _TEASERS * len(lines):
        return False
    return sum(len(line.split()) for line in teasers) <= _MOST_TEASER * len(teasers)


def is_front_page(address: str | None, text: str, page: Sequence[Line]) -> bool:
    """Whether a page is a site's own: it says so by its address, has no text to speak of, and headlines that are links."""
    if address is None or urlsplit(address).path.strip("/") or len(text) > _MOST_FRONT:
        return False
    headlines = [line for line in page if line.n_linked and line.n_linked == len(line.key) and len(line.text.split()) >= _HEADLINE_WORDS]
    return len(headlines) >= _LEAST_HEADLINES


@cache
def _titles() -> re.Pattern[str]:
    return re.compile(rf"(?i)\W*(?:(?:error|http|status)\W+)?(?:{either('pages.toml', 'no_articles.titles')})\W*")
