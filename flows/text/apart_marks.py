"""Straight quotation marks that a tokenizer set apart: `he said : " We stay . "`."""

from __future__ import annotations

import re

_APART = re.compile(r'(?<!\S)"(?!\S)')


def turned(passage: str) -> str:
    """A passage with marks that open and close by turns, where all of its straight ones stand between spaces; of the same length.

    Nothing beside such a mark tells which it is: to take it for one that closes loses each quotation.

    >>> turned('" We stay , " said Ann Lee . " All of us . "')
    '“ We stay , ” said Ann Lee . “ All of us . ”'
    >>> turned('A 12 " pipe'), turned('" We stay," said Ann Lee')
    ('A 12 " pipe', '" We stay," said Ann Lee')
    """
    n = passage.count('"')
    if not n or n % 2 or len(_APART.findall(passage)) != n:
        return passage
    pieces = passage.split('"')
    marks = ["“", "”"] * (n // 2)
    return "".join(f"{piece}{mark}" for piece, mark in zip(pieces, [*marks, ""], strict=True))
