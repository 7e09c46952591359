"""What was found of names the last time: where all that tells of them is the same, they are not compared again.

All that is told of a name is summed up as its mark: of its articles' marks, each a hash of all names of an article.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from qantar.stages.entities.evidence import Merged, Node, Pair
from qantar.stages.entities.likeness import Forms, Likeness, forms_of
from qantar.text.identity import digest

Found = tuple[Node, Node, Likeness | Pair]
"""Two names that are likely one, or may be."""
Lone = tuple[dict[Node, Merged], list[Pair]]
"""Who the lone names of one form are, and which may be one with somebody."""


class Block(NamedTuple):
    """Names that are compared each with each: their marks, packed, and what was found."""

    marks: bytes
    found: list[Found]


@dataclass
class Compared:
    """What is found of names, by what it was made of; what was found before and is not asked for is forgotten."""

    common: frozenset[str] = frozenset()
    """Names that so many articles use that they say nothing."""
    blocks: dict[tuple[str, str], Block] = field(default_factory=dict)
    lone: dict[str, tuple[str, Lone]] = field(default_factory=dict)
    forms: dict[tuple[str, str], Forms] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: bytes) -> Compared:
        """What `write` wrote."""
        return cls(*pickle.loads(kept))

    def write(self) -> bytes:
        """As bytes, to be stored."""
        return pickle.dumps((self.common, self.blocks, self.lone, self.forms), protocol=5)


class Comparison:
    """What is found now, taken from what was found before where it is made of the same."""

    def __init__(self, common: frozenset[str], before: Compared | None = None) -> None:
        self._forms = before.forms if before else {}
        self.before = before if before and before.common == common else Compared(common)
        self.now = Compared(common)
        self._pairs: dict[tuple[Node, Node], Likeness | Pair | None] = {}  # those that were compared now

    def block(
        self, key: tuple[str, str], marks: Mapping[Node, int], find: Callable[[Node, Node], Likeness | Pair | None]
    ) -> Sequence[Found]:
        """What `find` finds of each two of some names, which have these marks of 64 bits and are in order; `key` is what they share."""
        packed = array("Q", marks.values()).tobytes()
        kept = self.before.blocks.get(key)
        if kept is None or kept.marks != packed:
            had = frozenset(array("Q", kept.marks)) if kept else frozenset()
            same = {node for node, mark in marks.items() if mark in had}
            known = {(a, b): found for a, b, found in kept.found} if kept else {}
            pairs = {(a, b): known.get((a, b)) if a in same and b in same else self._pair(a, b, find) for a, b in combinations(marks, 2)}
            kept = Block(packed, [(a, b, found) for (a, b), found in pairs.items() if found is not None])
        self.now.blocks[key] = kept
        return kept.found

    def _pair(self, a: Node, b: Node, find: Callable[[Node, Node], Likeness | Pair | None]) -> Likeness | Pair | None:
        if (a, b) not in self._pairs:
            self._pairs[a, b] = find(a, b)
        return self._pairs[a, b]

    def forms(self, name: str, group: str) -> Forms:
        """What a name is looked up by."""
        if (found := self.now.forms.get((name, group))) is None:
            found = self.now.forms[name, group] = self._forms.get((name, group)) or forms_of(name, group)
        return found

    def of_lone(self, name: str, told: object, find: Callable[[], Lone]) -> Lone:
        """What `find` finds of the lone names of one form; `told` is all that it depends on."""
        key = digest(repr(told))
        kept = self.before.lone.get(name)
        found = kept if kept and kept[0] == key else (key, find())
        self.now.lone[name] = found
        return found[1]
