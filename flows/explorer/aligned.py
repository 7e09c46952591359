"""Two texts beside each other, paragraph by paragraph, with the words marked that only one of them has."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from markupsafe import Markup

from qantar.explorer.highlights import Span, marked

CONTEXT = 4
"""Words in common that are shown on either side of a change."""

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_BREAK = re.compile(r"\n\n+")


class Row(NamedTuple):
    """Paragraphs that stand beside each other, as HTML; empty where only one text has them."""

    one: Markup
    other: Markup
    differs: bool


class Change(NamedTuple):
    """What was taken out and what was put in its place, with the words around it."""

    before: str
    removed: str
    added: str
    after: str


def aligned(one: str, other: str) -> list[Row]:
    """Two texts as rows of paragraphs; words that the other text does not have there stand in `<del>` and `<ins>`.

    Case and punctuation make no difference. Everything else of the texts is escaped.

    >>> aligned("We must go", "We have to go <b>")
    [Row(one=Markup('We <del>must</del> go'), other=Markup('We <ins>have to</ins> go &lt;<ins>b</ins>&gt;'), differs=True)]
    """
    words, others, matches = _match(one, other)
    changed = [
        [Span(side[low].start(), side[high - 1].end(), 1, tag) for low, high in _between(matches, k, len(side))]
        for k, (side, tag) in enumerate(((words, "del"), (others, "ins")))
    ]
    paragraphs = [_paragraphs(text) for text in (one, other)]
    html = [
        [marked(text[start:end], spans, start) for start, end in places]
        for text, spans, places in zip((one, other), changed, paragraphs, strict=True)
    ]
    differs = [
        [any(span.start < end and span.end > start for span in spans) for start, end in places]
        for spans, places in zip(changed, paragraphs, strict=True)
    ]
    found = []
    for first, second in _beside(paragraphs, words, others, matches):
        here, there = (Markup("\n\n").join(html[k][i] for i in some) for k, some in enumerate((first, second)))
        found.append(Row(here, there, any(differs[k][i] for k, some in enumerate((first, second)) for i in some)))
    return found


def changes(one: str, other: str) -> list[Change]:
    """What was changed from one text to the next, in the order of the texts.

    >>> changes("Five were hurt on Monday", "Six people were hurt on Monday")
    [Change(before='', removed='Five', added='Six people', after='were hurt on Monday')]
    """
    words, others, matches = _match(one, other)
    found = []
    low, low_other = 0, 0
    for i, j, size in [*matches, (len(words), len(others), 0)]:
        removed, added = _slice(one, words, low, i), _slice(other, others, low_other, j)
        if removed or added:
            before = _slice(other, others, max(0, low_other - CONTEXT), low_other)
            after = _slice(other, others, j, min(len(others), j + CONTEXT))
            found.append(Change(before, removed, added, after))
        low, low_other = i + size, j + size
    return found


Words = Sequence[re.Match[str]]
Matches = list[tuple[int, int, int]]


def _match(one: str, other: str) -> tuple[Words, Words, Matches]:
    """The words of both texts, and the runs that they have in common: where each begins, and its length."""
    words, others = list(_WORD.finditer(one)), list(_WORD.finditer(other))
    matcher = SequenceMatcher(None, [w[0].casefold() for w in words], [o[0].casefold() for o in others])
    return words, others, [(m.a, m.b, m.size) for m in matcher.get_matching_blocks() if m.size]


def _between(matches: Matches, side: int, size: int) -> list[tuple[int, int]]:
    """The words of one side that stand in no run in common, as ranges."""
    ends = [0, *(match[side] + match[2] for match in matches)]
    starts = [*(match[side] for match in matches), size]
    return [(low, high) for low, high in zip(ends, starts, strict=True) if low < high]


def _slice(text: str, words: Words, low: int, high: int) -> str:
    return text[words[low].start() : words[high - 1].end()] if low < high else ""


def _paragraphs(text: str) -> list[tuple[int, int]]:
    breaks = [(m.start(), m.end()) for m in _BREAK.finditer(text)]
    starts, ends = [0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _partners(paragraphs: list[list[tuple[int, int]]], words: Words, others: Words, matches: Matches) -> list[int | None]:
    """For each paragraph of one text that of the other which has most of its words; None where none has any."""
    starts = [[start for start, _ in places] for places in paragraphs]
    of, of_other = ([bisect_right(starts[k], word.start()) - 1 for word in side] for k, side in enumerate((words, others)))
    common: list[Counter[int]] = [Counter() for _ in paragraphs[0]]
    for i, j, size in matches:
        for step in range(size):
            common[of[i + step]][of_other[j + step]] += 1
    return [max(found, key=lambda k: (found[k], -k)) if found else None for found in common]


def _beside(paragraphs: list[list[tuple[int, int]]], words: Words, others: Words, matches: Matches) -> list[tuple[list[int], list[int]]]:
    """Which paragraphs stand beside each other: each of one text beside that of the other which has most of its words."""
    partner = _partners(paragraphs, words, others, matches)  # never goes back: matches are in order
    rows: list[tuple[list[int], list[int]]] = []
    done = 0
    for i, paragraph in enumerate(partner):
        if paragraph is not None and rows and paragraph < done and rows[-1][1]:
            rows[-1][0].append(i)
            continue
        while paragraph is not None and done < paragraph:
            rows.append(([], [done]))
            done += 1
        new = paragraph is not None and paragraph >= done
        rows.append(([i], [done] if new else []))
        done += new
    return rows + [([], [last]) for last in range(done, len(paragraphs[1]))]
