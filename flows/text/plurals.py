"""Numbers with their nouns, for messages."""

from __future__ import annotations


def counted(n: int, one: str, several: str | None = None) -> str:
    """A number with its noun, singular or plural.

    >>> counted(1, "article"), counted(1200, "article"), counted(2, "body", "bodies")
    ('1 article', '1,200 articles', '2 bodies')
    """
    return f"{n:,} {one if n == 1 else several or one + 's'}"
