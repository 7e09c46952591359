"""Where paragraphs end in a PDF, which says only where each line stands: a wider gap, another size of letters, a first line set in.

What pages repeat at their edges stands at the end, so that it parts no paragraph that goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from statistics import median_low
from typing import Any, NamedTuple

_WIDER = 1.3  # than the step between the lines of a paragraph
_FARTHEST = 3.0  # letters' sizes from one line of a paragraph to the next
_OTHER_SIZE = 0.08  # of a line's size
_SET_IN, _FARTHEST_IN = 0.8, 5.0  # letters' sizes that a first line stands to the right of the others
_EDGE = 2  # lines of a page's top and bottom
_NUMBER = re.compile(r"\d+")
_HYPHEN = re.compile(r"[a-z]-$")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st", "\xad": "-"})
_ENDS = re.compile(r"[.!?:;…][\"'”’»)\]]*$")


class PdfLine(NamedTuple):
    """A line of a page: its words, where its first one stands, in points from the page's lower left corner, and how large it is."""

    text: str
    x: float
    y: float
    size: float


def page_lines(page: Any) -> list[PdfLine]:
    """The lines of a page of pypdf, in the order in which they were set; blank ones left out."""
    lines: list[PdfLine] = []
    parts: list[str] = []
    place: tuple[float, float, float] | None = None

    def end_line() -> None:
        nonlocal place
        if place is not None:
            lines.append(PdfLine("".join(parts).strip().translate(_LIGATURES), *place))
        parts.clear()
        place = None

    def note(text: str, cm: list[float], tm: list[float], _: Any, size: float) -> None:
        nonlocal place
        for i, piece in enumerate(text.split("\n")):
            if i:
                end_line()
            if place is None and piece.strip():
                x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                place = (x, y, size * abs(tm[3] * cm[3]) or size)
            parts.append(piece)

    page.extract_text(visitor_text=note)
    end_line()
    return lines


def join_pages(pages: Sequence[Sequence[PdfLine]]) -> str:
    """The text of all pages, a blank line between paragraphs; a paragraph goes on over pages and columns where it breaks off there."""
    edges = _edges(pages)
    bodies = [[line for line in page if line not in edge] for page, edge in zip(pages, edges, strict=True)]
    steps = [step for page in bodies for above, below in pairwise(page) if 0 < (step := _step(above, below)) < _FARTHEST]
    usual = median_low(steps) if steps else _FARTHEST
    said: list[str] = []
    for body in filter(None, bodies):
        if said:
            said.append("\n" if _breaks_off(said[-1], body[0].text) else "\n\n")
        said += _parted(body, usual)
    return "\n\n".join(["".join(said), *(line.text for edge in edges for line in edge)]).strip()


def _parted(lines: Sequence[PdfLine], usual: float) -> Iterator[str]:
    """The lines of a page, and what parts each from the next: nothing behind a hyphen within a word."""
    for i, line in enumerate(lines[:-1]):
        is_last = _ends_paragraph(lines, i, usual)
        yield line.text
        yield "\n\n" if is_last else "" if _HYPHEN.search(line.text) and lines[i + 1].text[0].islower() else "\n"
    yield from (line.text for line in lines[-1:])


def _step(above: PdfLine, below: PdfLine) -> float:
    """How far it is from one line down to the next, in sizes of the second one's letters."""
    return (above.y - below.y) / max(below.size, 1.0)


def _ends_paragraph(lines: Sequence[PdfLine], i: int, usual: float) -> bool:
    """Whether a paragraph ends with the line at `i`; `usual` is the step from line to line."""
    line, below = lines[i], lines[i + 1]
    step = _step(line, below)
    if step < 0:  # up to the next column
        return not _breaks_off(line.text, below.text)
    if step > _WIDER * usual or abs(line.size - below.size) > _OTHER_SIZE * max(line.size, below.size):
        return True
    after = lines[i + 2] if i + 2 < len(lines) else line
    near, far = _SET_IN * below.size, _FARTHEST_IN * below.size
    return near < below.x - after.x < far and near < below.x - line.x < far


def _breaks_off(text: str, below: str) -> bool:
    return not _ENDS.search(text[-8:]) and below[0].islower()


def _edges(pages: Sequence[Sequence[PdfLine]]) -> list[list[PdfLine]]:
    """For each page, the lines at its top and bottom that most pages have, numbers aside: titles, addresses and numbers of pages."""
    tops, bottoms = ([sorted(page, key=lambda line: sign * line.y)[:_EDGE] for page in pages] for sign in (-1, 1))
    found = Counter(key for lines in zip(tops, bottoms, strict=True) for key in set(map(_key, [*lines[0], *lines[1]])))
    often = {key for key, n in found.items() if n > 1 and n > len(pages) / 2}
    both = zip(tops, bottoms, strict=True)
    return [[line for lines in edges for line in takewhile(lambda line: _key(line) in often, lines)] for edges in both]


def _key(line: PdfLine) -> str:
    return _NUMBER.sub("0", line.text)
