"""Cut a raw text into passages: a paragraph each, with its place; together they hold every visible character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qantar.text.wrapped_lines import join_wrapped

_PICTOGRAPH = "[\u2190-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]"
_INVISIBLE_RANGES = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters that are not white space
    "\xad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero-width, direction, byte order mark
    "\u034f\u115f\u1160\u17b4\u17b5\u2400\u2800\u3164\uffa0\ud800-\udfff"  # fillers, the picture that stands for NUL, halves of pairs
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A zero-width joiner between pictographs makes one visible sign of them; anywhere else it is as invisible as the rest.
_INVISIBLE = re.compile(f"(?:[{_INVISIBLE_RANGES}]|\u200d(?!{_PICTOGRAPH})|(?<!{_PICTOGRAPH})\u200d)+")
_RARE = re.compile(
    "[^\t-\r -~\xa0-\xac\xae-\u034e\u2010-\u2027\u2030-\u205e\u20a0-\u214f]"
)  # no letter or mark of the West: found in no time
_PLAIN = bytes([*range(9, 14), *range(32, 127)])
_OTHER_SPACES = "\t\n\v\f\r"  # of ASCII
_OTHER_SPACE = re.compile(r"[^\S ]")

Extent = tuple[int, int]


class Passage(NamedTuple):
    """`raw[start:end]`, white space made plain spaces; `visible` is False for a run of characters that nobody sees.

    `goes_on` is True for what follows such a run, or is one, in the paragraph of the passage before.
    """

    start: int
    end: int
    text: str
    visible: bool = True
    goes_on: bool = False


def split_passages(raw: str, may_be_wrapped: bool = True) -> list[Passage]:
    """Cut a text at its line breaks, or at its blank lines where it was wrapped at a margin, as a page's extracted text never is.

    Passages are in order, do not overlap, and have no white space at their ends; what lies between them is white space.
    A run of invisible characters is a passage of its own wherever it stands, so that all others are copies of the raw text.

    >>> [p.text for p in split_passages("One.\\n\\nTwo\\u00a0three.\\n")]
    ['One.', 'Two three.']
    """
    lines = _lines(raw)
    return cut_passages(raw, join_wrapped(raw, lines) if may_be_wrapped else [line for line in lines if line[0] < line[1]])


def cut_passages(raw: str, extents: list[Extent]) -> list[Passage]:
    """The passages at these places of a text, which have no white space at their ends and do not overlap."""
    odd = beyond_plain(raw)
    for space in {*_OTHER_SPACES, *_OTHER_SPACE.findall(odd)}:
        raw = raw.replace(space, " ")
    if _RARE.search(odd) and _INVISIBLE.search(raw):
        return [piece for start, end in extents for piece in _pieces(raw, start, end)]
    return [Passage(start, end, raw[start:end]) for start, end in extents]


def without_invisible(text: str) -> str:
    """The text without the characters that nobody sees, for texts that no offsets point into.

    >>> without_invisible("one\u200b word\ufeff")
    'one word'
    """
    return _INVISIBLE.sub("", text)


def beyond_plain(text: str) -> str:
    """What is left of a text without its ASCII letters, marks and white space: little, in which characters are looked for quickly.

    >>> beyond_plain("It’s a\u00a0test.")
    '’\\xa0'
    """
    return text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")


def _lines(raw: str) -> list[Extent]:
    """Where the lines are, without the white space at their ends; nothing is left of blank ones."""
    lines = []
    at = 0
    for line in raw.splitlines(keepends=True):
        inner = line.strip()
        start = at if not inner or line[0] == inner[0] else at + line.index(inner)
        lines.append((start, start + len(inner)))
        at += len(line)
    return lines


def _pieces(raw: str, start: int, end: int) -> Iterator[Passage]:
    first = start
    for found in _INVISIBLE.finditer(raw, start, end):
        yield from (piece._replace(goes_on=start > first) for piece in _visible(raw, start, found.start()))
        yield Passage(found.start(), found.end(), found.group(), visible=False, goes_on=found.start() > first)
        start = found.end()
    yield from (piece._replace(goes_on=start > first) for piece in _visible(raw, start, end))


def _visible(raw: str, start: int, end: int) -> Iterator[Passage]:
    start, end = _trim(raw, start, end)
    if start < end:
        yield Passage(start, end, raw[start:end])


def _trim(raw: str, start: int, end: int) -> tuple[int, int]:
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    return start, end
