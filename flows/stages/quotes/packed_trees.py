"""Trees as a few bytes, so that quotes can be looked for again among corrected names without the language model."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qantar.stages.quotes.grammar import Tree


class PackedTree(NamedTuple):
    """The labels of a tree's words, and of each word as numbers: its distance, length, the way to its head, its relation and its part
    of speech.
    """

    labels: list[str]
    columns: bytes


def pack_tree(tree: Tree) -> PackedTree:
    """A tree without its words, which the text has."""
    labels = sorted({*tree.relations, *tree.pos})
    number = {label: i for i, label in enumerate(labels)}
    starts, ends = np.array(tree.spans, "<i4").reshape(-1, 2).T
    steps = np.array(tree.heads, "<i4") - np.arange(len(starts), dtype="<i4")
    told = ([number[label] for label in column] for column in (tree.relations, tree.pos))
    columns = np.array([np.diff(starts, prepend=0), ends - starts, steps, *told], "<i4")
    return PackedTree(labels, columns.view("u1").reshape(-1, 4).T.tobytes())  # the low bytes first: the others are nearly all alike


def unpack_tree(packed: PackedTree, text: str) -> Tree:
    """The tree that `pack_tree` packed; `text` is that of its document."""
    columns = np.frombuffer(packed.columns, "u1").reshape(4, -1).T.copy().view("<i4").reshape(5, -1)
    starts = np.cumsum(columns[0])
    spans = list(zip(starts.tolist(), (starts + columns[1]).tolist(), strict=True))
    heads = (columns[2] + np.arange(len(starts))).tolist()
    relations, pos = ([packed.labels[i] for i in column.tolist()] for column in columns[3:])
    return Tree(text, spans, heads, relations, pos)
