"""Trees as a few bytes, so that quotes can be looked for again among corrected names without the language model."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np

from qantar.schema import Mention
from qantar.stages.quotes.grammar import Tree
from qantar.stages.quotes.speaker_spans import NAMED, Offsets


class PackedTree(NamedTuple):
    """The labels of a tree's words, and of each word as numbers: its distance, length, the way to its head, its relation and its part
    of speech. `asked` are the places where names were looked for when quotes were, their starts and then their ends.
    """

    labels: list[str]
    columns: bytes
    asked: bytes

    def asks(self, before: Iterable[Mention], after: Iterable[Mention]) -> bool:
        """Whether quotes may be others among other names: one that is gone, new or of another label stands where one was looked for."""
        told, now = ({(m.start, m.end, m.label) for m in names if m.label in NAMED} for names in (before, after))
        starts, ends = np.frombuffer(self.asked, "<i4").reshape(2, -1)
        return any(bool(((starts <= start) & (end <= ends)).any()) for start, end, _ in told ^ now)


def pack_tree(tree: Tree, asked: Collection[Offsets] = ()) -> PackedTree:
    """A tree without its words, which the text has, and where names were `asked` for."""
    labels = sorted({*tree.relations, *tree.pos})
    number = {label: i for i, label in enumerate(labels)}
    starts, ends = (np.array(places, "<i4") for places in (tree.starts, [end for _, end in tree.spans]))
    steps = np.array(tree.heads, "<i4") - np.arange(len(starts), dtype="<i4")
    told = (list(map(number.__getitem__, column)) for column in (tree.relations, tree.pos))
    columns = np.array([np.diff(starts, prepend=0), ends - starts, steps, *told], "<i4")
    places = np.array(sorted(asked), "<i4").reshape(-1, 2).T
    return PackedTree(labels, columns.view("u1").reshape(-1, 4).T.tobytes(), places.tobytes())  # low bytes first: the rest is nearly alike


def unpack_tree(packed: PackedTree, text: str) -> Tree:
    """The tree that `pack_tree` packed; `text` is that of its document."""
    columns = np.frombuffer(packed.columns, "u1").reshape(4, -1).T.copy().view("<i4").reshape(5, -1)
    starts = np.cumsum(columns[0])
    spans = list(zip(starts.tolist(), (starts + columns[1]).tolist(), strict=True))
    heads = (columns[2] + np.arange(len(starts))).tolist()
    relations, pos = ([packed.labels[i] for i in column.tolist()] for column in columns[3:])
    return Tree(text, spans, heads, relations, pos)
