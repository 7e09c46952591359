"""How sure a kind of quote found by a rule is: shares measured on annotated news."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, float]:
    data = tomllib.loads((files("flows.lexicon") / "quote_scores.toml").read_text("utf-8"))
    return {str(key): float(value) for key, value in data["scores"].items()}


def score_of(kind: str, method: str) -> float:
    """The share of such quotes found right: of the most particular of kind, rule and attitude, kind and rule, kind that was measured."""
    table = _table()
    words = method.split()
    for parts in range(len(words), -1, -1):
        key = " ".join([kind, *words[:parts]])
        if key in table:
            return table[key]
    return 0.5
