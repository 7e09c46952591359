"""How several authors stand in one column: parted by "; ", since a name may hold a comma ("Lee, Jr.") or "and" but no semicolon."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from qantar.text.lexicon import read_toml

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


def is_outlet(name: str) -> bool:
    """Whether a name is that of an outlet: by its article, or by its last word.

    >>> is_outlet("The Harbour Times"), is_outlet("Ann Reed")
    (True, False)
    """
    words = name.split()
    return len(words) > 1 and (words[0] == "The" or words[-1].lower() in _outlet_words())


@cache
def _outlet_words() -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["authors"]["outlets"])
