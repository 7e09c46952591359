"""The passages of an article: those that its file tells apart, with what they are known to be, else those that its text shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

from qantar.schema import Article, Role
from qantar.text.passages import Passage, cut_passages, split_passages


class Known(NamedTuple):
    """What an archive's field is."""

    role: Role
    rule: str


def known_passages(article: Article) -> tuple[list[Passage], Mapping[int, Known]]:
    """The passages of an article, and what those are that its file names, by where they start."""
    if not article.parts:
        return split_passages(article.text, article.has_raw_offsets), {}
    passages: list[Passage] = []
    known: dict[int, Known] = {}
    for (start, end), label in zip(article.parts, article.part_labels, strict=True):
        role, _, rule = label.partition(":")
        for passage in cut_passages(article.text, [(start, end)]):
            passages.append(passage)
            if role:
                known[passage.start] = Known(cast(Role, role), rule)
    return passages, known
