"""Parts of a text that its file tells apart."""

from __future__ import annotations

from collections.abc import Iterator

from qantar.schema import Role
from qantar.text.passages import split_passages

Part = tuple[int, int, Role | None, str]
"""Start, end, role and rule; the role is None where cleaning has to find it."""


def paragraphs(text: str, start: int = 0) -> Iterator[Part]:
    """The paragraphs of a text from `start`, as parts of which nothing is known."""
    first: int | None = None
    last = 0
    for passage in split_passages(text[start:]):
        if not passage.goes_on:
            if first is not None:
                yield first, last, None, ""
            first = start + passage.start
        last = start + passage.end
    if first is not None:
        yield first, last, None, ""
