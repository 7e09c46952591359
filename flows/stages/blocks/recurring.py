"""Lines that recur across the articles of an outlet are its furniture, whatever they say."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from qantar.schema import Article
from qantar.stages.blocks.known_parts import known_passages
from qantar.stages.blocks.line_rules import plain_line

SAMPLE = 2_000
"""Articles of an outlet that are looked at, the first by path: what is looked at does not grow with the corpus."""

_LEAST_ARTICLES = 5
_SHARE_SHORT, _SHARE_LONG = 0.1, 0.25  # of the outlet's articles; a background paragraph recurs too, but not in so many
_LONG_WORDS = 25
_MOST_WORDS = 120
_LEAST_WORDS = 3


class NotedLines(NamedTuple):
    """The lines of one article by their hashes: its outlet, its longest paragraph, which all its copies share, and each line."""

    outlet: str
    longest: int
    lines: list[int]


@dataclass(frozen=True)
class Recurring:
    """Lines, as `plain_line` makes them, by their hashes: `line in recurring`."""

    hashes: frozenset[int] = frozenset()

    def __contains__(self, line: object) -> bool:
        return isinstance(line, str) and _hash(line) in self.hashes

    def __bool__(self) -> bool:
        return bool(self.hashes)


def outlet_of(outlet: str | None, url: str | None) -> str:
    """What articles are grouped by: the outlet's name, else the host of the URL, else nothing."""
    host = (url or "").partition("://")[2].partition("/")[0]
    return outlet or host.removeprefix("www.")


def note_lines(articles: Iterable[Article]) -> list[NotedLines]:
    """What finding recurring lines needs of each article that has any."""
    noted = []
    for article in articles:
        passages, known = known_passages(article)
        lines = [passage.text for passage in passages if passage.visible and passage.start not in known]
        if lines:
            hashes = {_hash(plain_line(line)) for line in lines if _LEAST_WORDS <= line.count(" ") + 1 <= _MOST_WORDS}
            noted.append(NotedLines(outlet_of(article.outlet, article.url), _hash(max(lines, key=len)), sorted(hashes)))
    return noted


def find_recurring(noted: Iterable[NotedLines]) -> dict[str, frozenset[int]]:
    """For each outlet (see `outlet_of`) the hashes of the lines that recur in its articles.

    An article counts once with all its copies: those that share its longest paragraph.
    """
    n_seen: Counter[str] = Counter()
    longest: dict[str, array[int]] = defaultdict(lambda: array("Q"))
    lines: dict[str, array[int]] = defaultdict(lambda: array("Q"))  # pairs: a line and the longest paragraph beside it
    for article in noted:
        n_seen[article.outlet] += 1
        if n_seen[article.outlet] <= SAMPLE:
            longest[article.outlet].append(article.longest)
            for line in article.lines:
                lines[article.outlet].extend((line, article.longest))
    return {outlet: _recurring(lines[outlet], len(set(longest[outlet]))) for outlet in sorted(longest)}


def _recurring(pairs: array[int], n_articles: int) -> frozenset[int]:
    found = np.unique(np.frombuffer(pairs, np.uint64).reshape(-1, 2), axis=0)[:, 0]
    lines, times = np.unique(found, return_counts=True)
    share = np.where(lines & np.uint64(1), _SHARE_LONG, _SHARE_SHORT)
    return frozenset(lines[(times >= _LEAST_ARTICLES) & (times >= share * n_articles)].tolist())


def _hash(line: str) -> int:
    """63 bits of the line's words, and one that says whether it is long."""
    bits = int.from_bytes(blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return bits & ~1 | (line.count(" ") >= _LONG_WORDS)
