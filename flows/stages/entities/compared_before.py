"""What was found of names the last time: where all that tells of them is the same, they are not compared again.

All that is told of a name is summed up as its mark: the sum of its articles' marks, each a hash of all names of an article.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field

from qantar.stages.entities.evidence import Merged, Node, Pair
from qantar.stages.entities.likeness import Likeness
from qantar.text.identity import digest

Marks = tuple[int, int]
Lone = tuple[dict[Node, Merged], list[Pair]]
"""Who the lone names of one form are, and which may be one with somebody."""


@dataclass
class Compared:
    """What is found of names, by what it was made of; what was found before and is not asked for is forgotten."""

    common: frozenset[str] = frozenset()
    """Names that so many articles use that they say nothing."""
    pairs: dict[tuple[Node, Node], tuple[Marks, Likeness | Pair | None]] = field(default_factory=dict)
    lone: dict[str, tuple[str, Lone]] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: bytes) -> Compared:
        """What `write` wrote."""
        return cls(*pickle.loads(kept))

    def write(self) -> bytes:
        """As bytes, to be stored."""
        return pickle.dumps((self.common, self.pairs, self.lone), protocol=5)


class Comparison:
    """What is found now, taken from what was found before where it is made of the same."""

    def __init__(self, common: frozenset[str], before: Compared | None = None) -> None:
        self.before = before if before and before.common == common else Compared(common)
        self.now = Compared(common)

    def pair(self, a: Node, b: Node, marks: Marks, find: Callable[[Node, Node], Likeness | Pair | None]) -> Likeness | Pair | None:
        """What `find` finds of two names, which have these marks."""
        kept = self.before.pairs.get((a, b))
        found = kept if kept and kept[0] == marks else (marks, find(a, b))
        self.now.pairs[a, b] = found
        return found[1]

    def of_lone(self, name: str, told: object, find: Callable[[], Lone]) -> Lone:
        """What `find` finds of the lone names of one form; `told` is all that it depends on."""
        key = digest(repr(told))
        kept = self.before.lone.get(name)
        found = kept if kept and kept[0] == key else (key, find())
        self.now.lone[name] = found
        return found[1]
