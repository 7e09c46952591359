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
    """
    return line.count(" ") < _MOST_OF_LINE and bool(_walls().search(line))


@cache
def _walls() -> re.Pattern[str]:
    return re.compile(rf"(?i){either('pages.toml', 'walls.lines')}")
