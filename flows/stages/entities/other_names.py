"""Whether the words between two names say that both are one person's: "X, formerly Y", "X (née Y)"."""

from __future__ import annotations

import re
from functools import cache

from qantar.text.lexicon import read_toml

_OWNER = re.compile(r"['’]s\b")


def is_other_name(between: str, behind: str = "") -> bool:
    """Whether what stands between two names, and behind the second, says that this is another name of the first.

    >>> is_other_name(", formerly "), is_other_name(" (née "), is_other_name(" and formerly "), is_other_name(", ")
    (True, True, False, False)
    >>> is_other_name(", formerly ", "’s driver, left.")
    False
    """
    return len(between) < 60 and bool(_between().fullmatch(between)) and not _OWNER.match(behind)


@cache
def _between() -> re.Pattern[str]:
    words = sorted(read_toml("other_names.toml")["between"], key=len, reverse=True)
    return re.compile(rf"(?:,?\s+|,?\s*\(|\s*[–—]\s*)(?:{'|'.join(map(re.escape, words))})\s+(?:the\s+)?[\"“‘']?", re.IGNORECASE)
