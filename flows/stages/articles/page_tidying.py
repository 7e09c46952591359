"""The extracted text of a page put in order: without furniture, and as the page's own `articleBody` has it where that can be trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qantar.stages.articles.byline_names import JOINS
from qantar.stages.articles.page_completion import complete, without_repeats
from qantar.stages.articles.page_decks import with_decks
from qantar.stages.articles.page_furniture import without_furniture
from qantar.stages.articles.page_layout import Line, key_of

_BULLET = re.compile(r"^[-*•|]\s+")
_MOST_FRAGMENT_WORDS, _MOST_FRAGMENT_CHARACTERS = 6, 60
_MOST_LEADING_WORDS = 3
_NOT_WORD = re.compile(r"[\W_]+")
_JOINING = re.compile(rf" (?:by|{JOINS}) ")
_ENDS_SENTENCE = re.compile(r"[.!?:…。！？：؟।][\"'”’»)\]]*$")
_AGREES = 0.8  # share of one text found in the other, for the page's own word to count
_PARTS = 3  # so many times as many paragraphs has a body that was extracted as one
_LEAST_BODY = 500  # characters of an articleBody that may stand in for the extracted text


def tidy_text(text: str, page: Sequence[Line], body: str | None, title: str | None, authors: Sequence[str] = ()) -> str:
    """The extracted text without the page's furniture, and without what the page's own `articleBody` leaves out at its ends.

    A headline that opens the text is left out too, and a line of its `authors` below it: they are in the metadata, as they are for pages
    where trafilatura leaves them out. A summary between the headline and the text is put before it.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    title = title or ""
    headline = key_of(title)
    if headline.startswith(key_of("".join(lines[:1]))):
        lines = lines[1:]
    lines = without_furniture(complete(without_repeats(lines), page), page, headline)
    lines = _without_fragments(_agreed(lines, body) if body else lines)
    lines = lines[1:] if _is_byline("".join(lines[:1]), authors) else lines
    return "\n".join(with_decks(lines, page, title))


def _is_byline(line: str, authors: Sequence[str]) -> bool:
    """Whether a line is made of the names of authors, and words that join them."""
    rest = f" {_NOT_WORD.sub(' ', line).casefold()} "
    names = [f" {_NOT_WORD.sub(' ', name).casefold()} " for name in authors]
    for name in names:
        rest = rest.replace(name, "  ", 1)
    return not _JOINING.sub("", rest).strip()


def _without_fragments(lines: list[str]) -> list[str]:
    """The lines from the first to the last that could be of a text: what a page shows around it are scraps of a few words."""
    whole = [not _is_fragment(line) for line in lines]
    if True not in whole:
        return lines
    last = len(whole) - whole[::-1].index(True)
    first = whole.index(True)
    first -= first > 0 and len(lines[first - 1].split()) > _MOST_LEADING_WORDS
    return lines[first:last]


def _is_fragment(line: str) -> bool:
    is_short = len(line.split()) <= _MOST_FRAGMENT_WORDS and len(line) <= _MOST_FRAGMENT_CHARACTERS
    return is_short and not _ENDS_SENTENCE.search(line) and not _BULLET.match(line)


# --- the page's own word ------------------------------------------------------------------------------------------------


def _agreed(lines: list[str], body: str) -> list[str]:
    """The lines from the first to the last that the page itself counts as article, if the two agree for the most part."""
    said = key_of(body)
    keys = [key_of(line) for line in lines]
    found = [key in said for key in keys]
    n_lines, n_found = sum(map(len, keys)), sum(len(key) for key, known in zip(keys, found, strict=True) if known)
    parted = [line for line in body.splitlines() if line.strip()]
    is_all = min(n_found, n_lines) >= _AGREES * len(said)
    if (len(said) > _LEAST_BODY and n_lines < (1 - _AGREES) * len(said)) or (is_all and len(parted) >= _PARTS * len(lines)):
        return parted
    if n_found <= _AGREES * n_lines:
        return lines
    first, last = found.index(True), len(found) - 1 - found[::-1].index(True)
    return lines[first : last + 1 if said.endswith(keys[last]) else None]  # else it was cut short and the article goes on
