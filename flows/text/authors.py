"""How several authors stand in one column: parted by "; ", since a name may hold a comma ("Lee, Jr.") or "and" but no semicolon."""

from __future__ import annotations

from collections.abc import Iterable

SEPARATOR = "; "


def join_authors(names: Iterable[str | None]) -> str | None:
    """Names as `documents.author` holds them, each once; None for none.

    >>> join_authors(["Ann Reed", "Bo de Vries", "Ann Reed"])
    'Ann Reed; Bo de Vries'
    """
    return SEPARATOR.join(dict.fromkeys(name for name in names if name)) or None


def split_authors(author: str | None) -> list[str]:
    """The names in `documents.author`.

    >>> split_authors("Ann Reed; Bo de Vries")
    ['Ann Reed', 'Bo de Vries']
    """
    return author.split(SEPARATOR) if author else []
