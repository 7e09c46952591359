"""Paragraphs of an article that an extractor left out: those among what it took, and those in parts of the page made like theirs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from qantar.stages.articles.page_layout import Layout, Line, find_lines, is_named_aside, key_of, upwards

_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$")
_LEAST, _LEAST_HEADING = 20, 4  # letters of a line, and of a heading, that is looked for
_LEAST_KIND = 0.25  # of the letters taken, for lines of a kind to show what the article is made of
_AMONG = frozenset(("p", "li", "pre", "blockquote", "dd", "dt", "td"))
_HEADINGS = frozenset(("h2", "h3", "h4"))
_NEVER = frozenset(("aside", "nav", "footer", "form", "figure", "figcaption", "button", "select", "dialog", "header", "label", "h1"))
_MOST_REPEATED = 0.3  # of a text's letters: more of it has been taken twice
_LEAST_REPEATED = 60  # letters of a line that is not said twice


def complete(texts: Sequence[str], page: Sequence[Line]) -> list[str]:
    """The extracted lines of a page with those added that belong among them, in the order of the page."""
    found = find_lines(texts, page)
    chosen = sorted({i for i in found if i is not None})
    layout = Layout(page, chosen)
    if layout.body is None:
        return list(texts)
    texts, found = _parted(texts, found, page)
    chosen = sorted({i for i in found if i is not None})
    said = "".join(map(key_of, texts))
    missing = [i for i in _missing(page, chosen, layout) if page[i].key not in said]
    completed: list[str] = []
    for text, i in zip(texts, found, strict=True):
        while i is not None and missing and missing[0] < i:
            completed += [page[missing.pop(0)].text]
        completed.append(text)
    return [*completed, *(page[i].text for i in missing)]


def _parted(texts: Sequence[str], found: Sequence[int | None], page: Sequence[Line]) -> tuple[list[str], list[int | None]]:
    """The texts, and where they begin, with those parted that are several paragraphs of the page in one, as cells of tables are."""
    parted: list[tuple[str, int | None]] = []
    for text, first in zip(texts, found, strict=True):
        key = key_of(text)
        run: list[Line] = []
        if first is None:
            parted.append((text, None))
            continue
        while first + len(run) < len(page) and key.startswith(page[first + len(run)].key):
            run.append(page[first + len(run)])
            key = key[len(run[-1].key) :]
        is_several = len(run) > 1 and not key and all(line.block.tag == "p" for line in run)
        parted += [(line.text, i) for i, line in enumerate(run, first)] if is_several else [(text, first)]
    return [text for text, _ in parted], [i for _, i in parted]


def without_repeats(texts: Sequence[str]) -> list[str]:
    """The lines without those that were extracted a second time, where that is much of the text."""
    keys = [key_of(text) for text in texts]
    first = {key: i for i, key in reversed(list(enumerate(keys)))}
    kept = [text for i, (text, key) in enumerate(zip(texts, keys, strict=True)) if len(key) < _LEAST_REPEATED or first[key] == i]
    return kept if sum(map(len, kept)) <= (1 - _MOST_REPEATED) * sum(map(len, texts)) else list(texts)


def _missing(page: Sequence[Line], chosen: Sequence[int], layout: Layout) -> Iterator[int]:
    taken, known = set(chosen), _known_kinds([page[i] for i in chosen])
    around = {layout.body, *_parents(page, chosen)}
    for i, line in enumerate(page):
        if i in taken or not _may_be_text(line):
            continue
        is_heading = line.block.tag in _HEADINGS and i + 1 in taken
        is_among = chosen[0] < i < chosen[-1] and (line.block.tag in _AMONG or is_heading) and layout.is_inside(i)
        if (is_among or _is_loose(line, around) or _kind(line) in known) and not any(map(_is_elsewhere, layout.branch(i))):
            yield i


def _parents(page: Sequence[Line], chosen: Sequence[int]) -> Iterator[Any]:
    """The parts of the page that the paragraphs taken stand in."""
    yield from (page[i].block.getparent() for i in chosen)


def _is_loose(line: Line, around: Collection[Any]) -> bool:
    """Whether a paragraph stands directly in the body of the article, or beside its paragraphs, without an element of its own.

    Not in that of the page, where notes on the site are.
    """
    return line.block in around and line.block.tag != "body" and _ENDS_SENTENCE.search(line.text) is not None


def _may_be_text(line: Line) -> bool:
    is_link = 2 * line.n_linked > len(line.key) and not (line.block.tag == "p" and line.is_sentence)
    return len(line.key) >= (_LEAST_HEADING if line.block.tag in _HEADINGS else _LEAST) and not is_link


def _known_kinds(lines: Sequence[Line]) -> set[tuple[str, ...]]:
    """The kinds of parts that much of what was taken stands in."""
    kinds: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        kinds[_kind(line)] += len(line.key)
    return {kind for kind, letters in kinds.items() if letters >= _LEAST_KIND * kinds.total() and len(kind) > 1}


def _kind(line: Line) -> tuple[str, ...]:
    """How the part of the page is made that a line stands in: its tag, and the names of what holds it; the tag alone if it has none."""
    names = [tuple(sorted((node.get("class") or "").split())) for node in islice(upwards(line.block), 1, 3)]
    return (line.block.tag, *(" ".join(name) for name in names)) if any(names) else (line.block.tag,)


def _is_elsewhere(part: Any) -> bool:
    return part.tag in _NEVER or is_named_aside(part)
