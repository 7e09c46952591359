"""What is read off the patterns of `flows/lexicon/boilerplate.toml`, as it ships: to read it takes a fifth of a second.

`python tools/read_patterns.py` writes it again. A pattern that is not there is read when it is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qantar.text.identity import digest

FILE = Path(__file__).with_suffix(".json")

Read = tuple[frozenset[str] | None, list[set[str]], tuple[str, ...]]
"""How a line begins that a pattern matches, the words and marks of which it holds one of each group, and the literals."""


def shipped(written: Iterable[str]) -> dict[str, Read]:
    """What ships of these patterns."""
    kept: dict[str, Any] = json.loads(FILE.read_bytes())
    found = {pattern: kept[key] for pattern in written if (key := key_of(pattern)) in kept}
    return {
        pattern: (None if openings is None else frozenset(openings), list(map(set, groups)), tuple(needed))
        for pattern, (openings, groups, needed) in found.items()
    }


def key_of(written: str) -> str:
    """What a pattern is called in the file."""
    return digest(written)[:16]
