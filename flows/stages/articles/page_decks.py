"""The lines between a headline and the text that sum an article up, which extractors leave out: a deck, a standfirst, a summary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from qantar.stages.articles.byline_names import DAY
from qantar.stages.articles.page_layout import Line, find_lines, is_named_aside, key_of, name_words, upwards
from qantar.text.lexicon import read_toml

_LEAST_WORDS, _MOST_WORDS = 4, 60
_MOST_LINES = 6  # of a summary that is a list
_AROUND = 3  # parts of the page whose names count
_ELSEWHERE = frozenset(("aside", "nav", "footer", "form", "figure", "figcaption", "button", "a", "time", "label"))
_HEADINGS = frozenset(("h2", "h3", "h4"))
_BY = re.compile(r"(?i)by\b|\W*@|\S+@")


def with_decks(texts: Sequence[str], page: Sequence[Line], title: str) -> list[str]:
    """The lines of an article's text, below the summary that stands between its headline and them, where the page has one."""
    first = next((i for i in find_lines(texts[:1], page) if i is not None), 0)
    key = key_of(title)
    at = next((i for i in reversed(range(first)) if _is_headline(page[i], key)), None)
    if at is None:
        return list(texts)
    said = "".join(map(key_of, (*texts, title)))
    around = set(upwards(page[first].block)) | set(upwards(page[at].block))
    found = [line for i, line in enumerate(page[at + 1 : first]) if _is_deck(line, around, i == 0) and line.key not in said]
    return [*(line.text for line in found[:_MOST_LINES]), *texts]


def _is_headline(line: Line, key: str) -> bool:
    return line.key == key or (line.block.tag == "h1" and (line.key in key or key in line.key))


def _is_deck(line: Line, around: set[Any], is_next: bool) -> bool:
    """Whether a line is called a summary, or is the smaller heading right below the headline."""
    if not _LEAST_WORDS <= len(line.text.split()) <= _MOST_WORDS or 2 * line.n_linked > len(line.key):
        return False
    if DAY.search(line.text) or _BY.match(line.text):
        return False
    own = list(_own(line.block, around))
    if any(part.tag in _ELSEWHERE or is_named_aside(part) for part in own):
        return False
    return (is_next and line.block.tag in _HEADINGS) or any(_names_deck(part) for part in own[:_AROUND])


def _own(block: Any, around: set[Any]) -> Iterator[Any]:
    """The parts of the page around a line that hold neither the headline nor the text."""
    for part in islice(upwards(block), 2 * _AROUND):
        if part in around:
            return
        yield part


def _names_deck(part: Any) -> bool:
    words = name_words(" ".join(part.get(name, "") for name in ("class", "id", "itemprop", "data-gu-name", "data-testid")))
    return bool(words & _words("names")) and not words & _words("others")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["decks"][kind])
