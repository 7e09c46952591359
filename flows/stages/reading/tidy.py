"""What trafilatura leaves of a page's furniture, told by the page itself: its links and its own word for what the article is."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

_NOT_WORD = re.compile(r"[\W_]+")
_MARKUP = re.compile(r"<[^>]{0,2000}>")
_SEPARATORS = re.compile(r"\s+[-–—|•·:»]\s+")
_BULLET = re.compile(r"^[-*•|]\s+")
_DEPTH = 8
_MOST_LINK_WORDS = 30
_MOST_FRAGMENT_WORDS = 6
_MOST_LEADING_WORDS = 3
_ENDS_SENTENCE = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_AGREES = 0.8  # share of one text found in the other, for the page's own word to count
_LEAST_BODY = 500  # characters of an articleBody that may stand in for the extracted text


def tidy_text(text: str, tree: Any, title: str | None) -> str:
    """The extracted text without lines that are links, and without what the page's own `articleBody` leaves out at its ends.

    A headline that opens the text is left out too: it is in the metadata, as it is for pages where trafilatura leaves it out.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if title and lines and _key(lines[0]) and _key(title).startswith(_key(lines[0])) and len(lines[0].split()) > 1:
        lines = lines[1:]
    lines = _without_links(lines, _link_texts(tree))
    body = _article_body(tree)
    return "\n".join(_without_fragments(_agreed(lines, body) if body else lines))


def headline(title: str | None, *sites: str | None) -> str | None:
    """The title without the name of the site at its end.

    >>> headline("Order returns - The Courier", "The Courier")
    'Order returns'
    """
    if not title:
        return None
    parts = list(_SEPARATORS.finditer(title))
    if parts:
        last = _key(title[parts[-1].end() :])
        if last and any(last in _key(site) or _key(site) in last for site in sites if site and len(_key(site)) > 2):
            return title[: parts[-1].start()]
    return title


def _key(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


# --- links -----------------------------------------------------------------------------------------------------------


def _link_texts(tree: Any) -> set[str]:
    """The words of the page's links to other places, without white space."""
    return {_packed(link.text_content()) for link in tree.iter("a") if not link.get("href", "#").startswith("#")} - {""}


def _packed(text: str) -> str:
    return "".join(text.split())


def _without_links(lines: list[str], links: set[str]) -> list[str]:
    """Lines that are one link are of other articles; in a list in the midst of the text they are the article's own."""
    is_link = [_packed(_BULLET.sub("", line)) in links and len(line.split()) <= _MOST_LINK_WORDS for line in lines]
    last = max((i for i, line in enumerate(lines) if not is_link[i] and len(line.split()) > 12), default=-1)
    return [line for i, line in enumerate(lines) if not is_link[i] or (i < last and _BULLET.match(line))]


def _without_fragments(lines: list[str]) -> list[str]:
    """The lines from the first to the last that could be of a text: what a page shows around it are scraps of a few words."""
    whole = [len(line.split()) > _MOST_FRAGMENT_WORDS or bool(_ENDS_SENTENCE.search(line)) or bool(_BULLET.match(line)) for line in lines]
    if True not in whole:
        return lines
    last = len(whole) - whole[::-1].index(True)
    first = whole.index(True)
    first -= first > 0 and len(lines[first - 1].split()) > _MOST_LEADING_WORDS
    return lines[first:last]


# --- the page's own word ------------------------------------------------------------------------------------------------


def _article_body(tree: Any) -> str | None:
    """The longest `articleBody` of the page's JSON-LD."""
    bodies: list[str] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "") and script.text and "articleBody" in script.text:
            try:
                bodies += _bodies(json.loads(script.text, strict=False), _DEPTH)
            except (ValueError, RecursionError):
                continue
    return max(bodies, key=len, default=None)


def _bodies(value: Any, depth: int) -> Iterator[str]:
    if not depth:
        return
    if isinstance(value, dict):
        if isinstance(body := value.get("articleBody"), str):
            yield _MARKUP.sub(" ", html.unescape(body))
        for part in value.values():
            yield from _bodies(part, depth - 1)
    elif isinstance(value, list):
        for part in value:
            yield from _bodies(part, depth - 1)


def _agreed(lines: list[str], body: str) -> list[str]:
    """The lines from the first to the last that the page itself counts as article, if the two agree for the most part."""
    said = _key(body)
    keys = [_key(line) for line in lines]
    found = [bool(key) and key in said for key in keys]
    n_lines, n_found = sum(map(len, keys)), sum(len(key) for key, known in zip(keys, found, strict=True) if known)
    if n_lines < (1 - _AGREES) * len(said) and len(said) > _LEAST_BODY:
        return [line for line in body.splitlines() if line.strip()]
    if n_found < _AGREES * n_lines or n_found < _AGREES * len(said):
        return lines
    first, last = found.index(True), len(found) - 1 - found[::-1].index(True)
    return lines[first : last + 1]
