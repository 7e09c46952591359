"""Paragraphs that invisible characters part: several blocks, joined in `documents.text` as their readers see them.

Each block is a copy of its place in the raw text, and so is the run of invisible characters between two; but a word that a soft hyphen
parts is one word in the text, and its sentence one sentence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from qantar.schema import Block, Mention, Quote, Sentence

SEPARATOR = "\n\n"
Row = TypeVar("Row", Sentence, Mention, Quote)


def join_blocks(blocks: Iterable[Block]) -> str:
    """The text that blocks make: those that are kept, in order, joined by a blank line, or as the offsets of a parted paragraph say."""
    pieces: list[str] = []
    at = 0
    for block in blocks:
        if block.start is not None and block.end is not None:
            gap = block.start - at if pieces else 0
            pieces += [" " * gap if gap < len(SEPARATOR) else SEPARATOR, block.text]
            at = block.end
    return "".join(pieces)


def join_pieces(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those of one parted paragraph as one, which has no place of its own in the raw text; `text` is the document's."""
    joined: list[Block] = []
    above: int | None = None  # the last that is kept
    for block in blocks:
        if block.start is not None and above is not None and block.start - (joined[above].end or 0) < len(SEPARATOR):
            whole = joined[above]
            joined[above] = replace(whole, end=block.end, text=text[whole.start : block.end], raw_start=None, raw_end=None)
        else:
            above = len(joined) if block.start is not None else above
            joined.append(block)
    return joined


def place_rows(rows: Iterable[Row], blocks: Sequence[Block]) -> list[Row]:
    """Rows found in joined paragraphs with their places in the raw text: that of the block they begin in, and of the one they end in."""
    kept = [block for block in blocks if block.start is not None and block.raw_start is not None]
    starts, ends = [block.start or 0 for block in kept], [block.end or 0 for block in kept]

    def placed(row: Row) -> Row:
        first, last = kept[bisect_right(starts, row.start) - 1], kept[bisect_left(ends, row.end)]
        raw_start = row.start - (first.start or 0) + (first.raw_start or 0)
        raw_end = row.end - (last.start or 0) + (last.raw_start or 0)
        values: dict[str, Any] = {"raw_start": raw_start, "raw_end": raw_end}
        if isinstance(row, Sentence):
            values["block_id"] = first.block_id
        return replace(row, **values)

    return [placed(row) for row in rows] if kept else list(rows)
