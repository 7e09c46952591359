"""Quote groups: the same utterance in several articles, verbatim, retranslated, paraphrased, in part and whole.

Evidence is lexical: two wordings are one utterance if the words of the shorter stand close together and in order in
the longer, the words that carry meaning weighing more, and if nothing says that another person spoke or that other figures
were given. Same stance in other words, on another occasion, shares too few of them. The surest pairs are joined first, and two
groups only if their fullest wordings are alike too, so that no common phrase chains what was said twice. Candidates come from
an inverted index on pairs of each wording's rarest words, so the work grows with the number of wordings, not with its square;
the same wording in many outlets is compared once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qantar.schema import Quote, QuoteGroup, QuoteGroupMember
from qantar.stages.quote_groups.noted_words import Said, note_wordings
from qantar.stages.quote_groups.wordings_alike import Likeness, find_alike
from qantar.stages.quote_groups.wordings_paired import find_candidates
from qantar.stages.quote_groups.wordings_read import Numbers, Wordings, read_wordings

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Groups", "Said", "group_quotes", "group_wordings", "note_wordings"]

_CHAINED = 0.35  # likeness of the fullest wordings of two groups that a pair of other wordings joins


class Groups(NamedTuple):
    """Utterances that several articles report, and the wordings of each."""

    groups: list[QuoteGroup]
    members: list[QuoteGroupMember]


def group_quotes(quotes: Iterable[Quote | Said]) -> Groups:
    """Group the quotes of all documents by utterance; only utterances of two documents or more are groups.

    The quotes are read once, in any order, and the result does not depend on it. A group is named after the first of its
    quotes; its text is the fullest wording, to which each member's similarity (0 to 1) is measured.
    """
    quotes = list(quotes)
    texts = {quote.quote_id: quote.text for quote in quotes}
    groups, members = group_wordings([note_wordings(quotes)], lambda _: texts)
    return Groups([QuoteGroup(**row) for row in groups.to_pylist()], [QuoteGroupMember(**row) for row in members.to_pylist()])


def group_wordings(noted: Iterable[pa.Table], texts: Callable[[list[str]], Mapping[str, str]]) -> tuple[pa.Table, pa.Table]:
    """The same of quotes whose wordings were noted before, as the two tables; `texts` gives the texts of some quotes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wordings = read_wordings(noted)
    likeness = Likeness(wordings.texts)
    leaders, n = _leaders(wordings, likeness), len(wordings.quote_ids)
    n_documents = np.bincount(np.unique(leaders * n + wordings.documents) // n, minlength=n)
    members = np.flatnonzero(n_documents[leaders] > 1)
    by_rank = members[np.lexsort((members, -wordings.lengths[members], ~wordings.is_marked[members], leaders[members]))]
    led, first, n_quotes = np.unique(leaders[by_rank], return_index=True, return_counts=True)
    fullest = by_rank[first]  # marked before reported, then the longest, then by id
    group_ids = pc.binary_join_element_wise(wordings.quote_ids.take(led), "g", "-")
    quotes = wordings.quote_ids.take(fullest).to_pylist()
    text_of, speakers = texts(quotes), _speakers(wordings, leaders, members)
    groups = {
        "quote_group_id": group_ids,
        "speaker_entity_id": pa.array(map(speakers.get, led.tolist()), pa.string()),
        "n_quotes": n_quotes,
        "n_documents": n_documents[led],
        "text": pa.array(map(text_of.get, quotes), pa.string()),
    }
    members, group = members[np.argsort(leaders[members], kind="stable")], np.repeat(np.arange(len(led)), n_quotes)
    alike = map(likeness, wordings.text[members].tolist(), wordings.text[fullest[group]].tolist())
    similarity = pa.array((round(found, 4) for found in alike), pa.float64())
    told = {"quote_group_id": group_ids.take(group), "quote_id": wordings.quote_ids.take(members), "similarity": similarity}
    return pa.table(groups), pa.table(told)


def _leaders(wordings: Wordings, likeness: Likeness) -> Numbers:
    """The first wording of the utterance of each: the same words are joined first, then what is alike, the likest pairs first."""
    said = wordings.text * len(wordings.speaker_ids) + wordings.speakers
    _, firsts, same = np.unique(said, return_index=True, return_inverse=True)
    joined = _Joined(firsts[same].tolist())
    text, lengths = wordings.text.tolist(), wordings.lengths.tolist()
    longest = list(range(len(text)))  # of the group that each leads
    alike = find_alike(wordings, find_candidates(wordings, firsts), likeness)
    for _, a, b in sorted(alike, key=lambda pair: (-pair[0], *pair[1:])):
        one, other = joined.root(a), joined.root(b)
        if likeness(text[longest[one]], text[longest[other]]) >= _CHAINED:
            longest[joined.join(one, other)] = min(longest[one], longest[other], key=lambda quote: (-lengths[quote], quote))
    return np.fromiter(map(joined.root, range(len(text))), np.int64, len(text))


def _speakers(wordings: Wordings, leaders: Numbers, members: Numbers) -> dict[int, str]:
    """For each group with a known speaker, under its leader: who speaks most of its wordings."""
    n = len(wordings.speaker_ids)
    known = members[wordings.speakers[members] > 0]
    spoken, times = np.unique(leaders[known] * n + wordings.speakers[known], return_counts=True)
    group, speaker = np.divmod(spoken[np.lexsort((-spoken, times))], n)
    return {leader: wordings.speaker_ids[name] for leader, name in zip(group.tolist(), speaker.tolist(), strict=True)}


class _Joined:
    """Union of what belongs together; the smallest index leads."""

    def __init__(self, leaders: list[int]) -> None:
        self._leader = leaders

    def root(self, i: int) -> int:
        while self._leader[i] != i:
            self._leader[i] = self._leader[self._leader[i]]
            i = self._leader[i]
        return i

    def join(self, one: int, other: int) -> int:
        """Join two groups, given by who leads them; returns who leads both."""
        self._leader[max(one, other)] = min(one, other)
        return min(one, other)
