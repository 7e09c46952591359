"""Lines that recur across the articles of an outlet are its furniture, whatever they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from flows.schema import Article
from flows.stages.cleaning.passages import split_passages
from flows.stages.cleaning.rules import plain_line
from flows.stages.identity import digest

_SAMPLE = 2_000  # articles of an outlet that are looked at: memory does not grow with the corpus
_LEAST_ARTICLES = 5
_SHARE_SHORT, _SHARE_LONG = 0.1, 0.25  # of the outlet's articles; a background paragraph recurs too, but not in so many
_LONG_WORDS = 25
_MOST_WORDS = 120
_LEAST_WORDS = 3


def outlet_of(article: Article) -> str:
    """What articles are grouped by: the outlet's name, else the host of the URL, else nothing."""
    host = (article.url or "").partition("://")[2].partition("/")[0]
    return article.outlet or host.removeprefix("www.")


def find_recurring(articles: Iterable[Article]) -> dict[str, frozenset[str]]:
    """For each outlet (see `outlet_of`) the lines, as `plain_line` makes them, that recur in its articles.

    An article counts once with all its copies: those that share its longest paragraph.
    """
    n_articles: dict[str, set[str]] = defaultdict(set)
    copies: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for article in articles:
        outlet = outlet_of(article)
        lines = [passage.text for passage in split_passages(article.text) if passage.visible]
        if not lines or len(n_articles[outlet]) >= _SAMPLE:
            continue
        whole = digest(max(lines, key=len))[:12]
        n_articles[outlet].add(whole)
        for line in lines:
            if _LEAST_WORDS <= line.count(" ") + 1 <= _MOST_WORDS:
                copies[outlet][plain_line(line)].add(whole)
    return {
        outlet: frozenset(line for line, wholes in lines_of.items() if _recurs(line, len(wholes), len(n_articles[outlet])))
        for outlet, lines_of in sorted(copies.items())
    }


def _recurs(line: str, n: int, n_articles: int) -> bool:
    share = _SHARE_LONG if line.count(" ") >= _LONG_WORDS else _SHARE_SHORT
    return n >= _LEAST_ARTICLES and n >= share * n_articles
