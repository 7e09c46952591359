"""Quote groups: the same utterance in several articles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flows.schema import Quote, QuoteGroup, QuoteGroupMember


class Groups(NamedTuple):
    """Utterances that several articles report, and the wordings of each."""

    groups: list[QuoteGroup]
    members: list[QuoteGroupMember]


def group_quotes(quotes: Iterable[Quote]) -> Groups:
    """Group the quotes of all documents by utterance."""
    for _ in quotes:
        pass
    return Groups([], [])
