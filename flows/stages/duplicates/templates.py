"""Rows of `templates`: the articles of each frame, and what stands in their slots."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from qantar.stages.duplicates.candidates import Pairs
from qantar.stages.duplicates.differences import find_slots
from qantar.stages.duplicates.hashed_words import distinct
from qantar.stages.duplicates.index import rank

if TYPE_CHECKING:
    from qantar.schema import Template
    from qantar.stages.duplicates.comparison import Comparison


def find_templates(comparison: Comparison) -> list[Template]:
    """The articles that fill in a frame and are not copies of any, each with one before it in rank, by document."""
    index, verdicts = comparison.index, comparison.verdicts
    canonical = comparison.groups == np.arange(len(index))
    first, second = Pairs.of(verdicts.keys)
    found = verdicts.take(verdicts.template & canonical[first] & canonical[second])
    ranks = rank(index)
    nearest: dict[int, tuple[float, int, int, int]] = {}  # by document: similarity, negative rank of the other, the other, margin
    frame: dict[int, int] = {}

    def root(one: int) -> int:
        while frame.setdefault(one, one) != one:
            frame[one] = frame[frame[one]]
            one = frame[one]
        return one

    columns = (found.keys, found.swapped, found.margin, found.similarity, found.similarity_longer)
    for key, swapped, margin, shorter, longer in zip(*(column.tolist() for column in columns), strict=True):
        one, other = key >> 32, key & 0xFFFFFFFF
        (before, after) = sorted((one, other), key=lambda i: ranks[i])
        of_shorter = other if swapped else one
        nearest[after] = max(
            nearest.get(after, (-1.0, 0, 0, 0)), (shorter if after == of_shorter else longer, -int(ranks[before]), before, margin)
        )
        ends = sorted((root(one), root(other)), key=lambda i: ranks[i])
        frame[ends[1]] = ends[0]
    return _rows(comparison, nearest, {one: root(one) for one in frame})


def _rows(comparison: Comparison, nearest: dict[int, tuple[float, int, int, int]], frame: dict[int, int]) -> list[Template]:
    from qantar.schema import Template

    index, sizes = comparison.index, Counter(frame.values())
    some = distinct(np.array([i for one, (_, _, other, _) in nearest.items() for i in (one, other)], np.int64))
    signatures, place = index.take(some), {document: i for i, document in enumerate(some.tolist())}
    ids = index.document_ids
    rows = [
        Template(
            document_id=str(ids[one]),
            other_id=str(ids[other]),
            frame_id=str(ids[frame[one]]),
            n_documents=sizes[frame[one]],
            similarity=round(similarity, 4),
            margin=margin / 1000,
            slots=find_slots(signatures, place[one], place[other]),
        )
        for one, (similarity, _, other, margin) in nearest.items()
    ]
    return sorted(rows, key=lambda row: row.document_id)
