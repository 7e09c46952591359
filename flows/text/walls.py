"""Where a text ends because the rest of it has to be paid for."""

from __future__ import annotations

import re
from functools import cache

from qantar.text.lexicon import either

MOST_OF_STUB = 100
"""Words of the beginning of an article that is shown above a wall; more may be the article, whatever stands below it."""
_MOST_OF_LINE = 40


def is_wall(line: str) -> bool:
    """Whether a line asks its reader to pay or to sign in for the rest of the article.

    >>> is_wall("Subscribe to continue reading"), is_wall("Subscribe to our newsletter")
    (True, False)
    >>> all(map(is_wall, ("You have reached your article limit.", "To read on, please subscribe.", "Keep reading for $1")))
    True
    >>> is_wall("Read the full story in our app.")
    True
    """
    return line.count(" ") < _MOST_OF_LINE and bool(_walls().search(line))


def asks_reader(line: str) -> bool:
    """Whether a line that may be a wall speaks to its reader, as no sentence of an article on paywalls does.

    >>> asks_reader("To read the rest of this article, you need to be a member.")
    True
    >>> asks_reader("Readers must subscribe to read the full report, the paper said.")
    False
    """
    return is_wall(line) and bool(_asks().search(line))


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{either('pages.toml', 'walls.addressed')})\b|^(?:{either('pages.toml', 'walls.openings')})\b")


@cache
def _walls() -> re.Pattern[str]:
    return re.compile(rf"(?i){either('pages.toml', 'walls.lines')}")
