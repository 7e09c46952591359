"""Quote groups: the same utterance in several articles, verbatim, retranslated, paraphrased, in part and whole.

Evidence is lexical: two wordings are one utterance if the words of the shorter stand close together and in order in
the longer, the words that carry meaning weighing more, and if nothing says that another person spoke or that other figures
were given. Same stance in other words, on another occasion, shares too few of them. The surest pairs are joined first, and two
groups only if their fullest wordings are alike too, so that no common phrase chains what was said twice. Candidates come from
an inverted index on pairs of each wording's rarest words, so the work grows with the number of wordings, not with its square;
the same wording in many outlets is compared once.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qantar.schema import Quote, QuoteGroup, QuoteGroupMember, QuoteKind, SpeakerBasis
from qantar.stages.quotes.tokens import classes

_FEWEST = 3  # words that carry meaning: a wording with fewer is not evidence
_RAREST = 8  # of a wording's words that index it; long ones give a share of theirs
_MOST = 24  # words that index a wording, however long
_LARGEST_BUCKET = 64  # wordings under one key that are all compared; in larger ones only neighbours are
_NEAR = 8  # wordings that a neighbour is away at most
_KEYS_AT_ONCE, _PAIRS_AT_ONCE = 8_000_000, 100_000
_SAME_SPEAKER, _UNKNOWN_SPEAKER, _OTHER_SPEAKER = 0.55, 0.8, 0.95
_IN_COMMON = 0.6  # share of the shorter wording's words that the longer has, in any order
_CHAINED = 0.35  # likeness of the fullest wordings of two groups that a pair of other wordings joins
_PLACES = 1 << 20  # weights are multiples of one over this, so that their sums are exact: the same in any order, on any machine
_LIGHT = round(0.2 * _PLACES) / _PLACES  # weight of words that carry no meaning
_ROOM = 1.8  # how much longer than the shorter wording the place in the longer one may be

Numbers: TypeAlias = NDArray[np.int64]
_NONE: Numbers = np.zeros(0, np.int64)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Groups(NamedTuple):
    """Utterances that several articles report, and the wordings of each."""

    groups: list[QuoteGroup]
    members: list[QuoteGroupMember]


class Said(NamedTuple):
    """Of a quote, the columns that grouping reads."""

    quote_id: str
    document_id: str
    kind: QuoteKind
    text: str
    speaker_entity_id: str | None
    speaker_basis: SpeakerBasis | None


class Noted(NamedTuple):
    """What grouping needs of a quote, as it can be stored."""

    quote_id: str
    document_id: str
    speaker: str | None
    sure: bool
    """The speaker is named, not a pronoun or description resolved."""
    marked: bool
    is_block: bool
    text: str
    words: tuple[str, ...]


class _Wording(NamedTuple):
    """What is noted of a quote, and what follows from it."""

    noted: Noted
    meaning: frozenset[str]  # those of its words that carry some
    figures: frozenset[str]

    @property
    def rank(self) -> tuple[bool, int, str]:
        """For the fullest wording: marked before reported, then the longest, then by id."""
        return (not self.noted.marked, -len(self.noted.words), self.noted.quote_id)


def group_quotes(quotes: Iterable[Quote | Said]) -> Groups:
    """Group the quotes of all documents by utterance; only utterances of two documents or more are groups.

    The quotes are read once, in any order, and the result does not depend on it. A group is named after the first of its
    quotes; its text is the fullest wording, to which each member's similarity (0 to 1) is measured.
    """
    return group_wordings(note_wordings(quotes))


def note_wordings(quotes: Iterable[Quote | Said]) -> list[Noted]:
    """What grouping needs of quotes; those that are no evidence are left out."""
    return [noted for quote in quotes if (noted := _noted(quote))]


def group_wordings(noted: Iterable[Noted]) -> Groups:
    """The same of quotes whose wordings were noted before."""
    wordings = sorted(map(_wording, noted), key=lambda w: w.noted.quote_id)
    weights = _weights(wordings)
    groups: list[QuoteGroup] = []
    members: list[QuoteGroupMember] = []
    for cluster in _clusters(wordings, weights):
        documents = {w.noted.document_id for w in cluster}
        if len(documents) > 1:
            group = _group(cluster, len(documents))
            groups.append(group)
            members += _members(cluster, group.quote_group_id, weights)
    groups.sort(key=lambda g: g.quote_group_id)
    members.sort(key=lambda m: (m.quote_group_id, m.quote_id))
    return Groups(groups, members)


def _clusters(wordings: list[_Wording], weights: dict[str, float]) -> Iterable[list[_Wording]]:
    """The wordings of each utterance: the same words first, then what is alike, the likest pairs first."""
    joined = _Joined(len(wordings))
    same = defaultdict(list)
    for i, wording in enumerate(wordings):
        same[wording.noted.words, wording.noted.speaker].append(i)
    firsts = [members[0] for members in same.values()]
    for members in same.values():
        for other in members[1:]:
            joined.join(members[0], other)
    candidates = _candidates(wordings, firsts, weights)
    alike = [(-found, a, b) for a, b in candidates if (found := _evidence(wordings[a], wordings[b], weights))]
    longest = list(wordings)  # of the group that each leads
    for _, a, b in sorted(alike):
        one, other = joined.root(a), joined.root(b)
        if one == other:
            continue
        known = longest[one] is wordings[a] and longest[other] is wordings[b]
        if known or _similarity(longest[one], longest[other], weights) >= _CHAINED:
            joined.join(one, other)
            longest[joined.root(a)] = min(longest[one], longest[other], key=lambda w: (-len(w.noted.words), w.noted.quote_id))
    clusters: dict[int, list[_Wording]] = defaultdict(list)
    for i, wording in enumerate(wordings):
        clusters[joined.root(i)].append(wording)
    return clusters.values()


def _fullest(cluster: list[_Wording]) -> _Wording:
    return min(cluster, key=lambda w: w.rank)


def _group(cluster: list[_Wording], n_documents: int) -> QuoteGroup:
    speakers = Counter(w.noted.speaker for w in cluster if w.noted.speaker)
    return QuoteGroup(
        quote_group_id=f"{min(w.noted.quote_id for w in cluster)}-g",
        speaker_entity_id=min(speakers, key=lambda s: (-speakers[s], s)) if speakers else None,
        n_quotes=len(cluster),
        n_documents=n_documents,
        text=_fullest(cluster).noted.text,
    )


def _members(cluster: list[_Wording], group_id: str, weights: dict[str, float]) -> list[QuoteGroupMember]:
    """The quotes of a group, each with its similarity to the fullest wording."""
    fullest = _fullest(cluster)
    wordings = {w.noted.words: w for w in cluster}
    similarity = {words: round(_similarity(wording, fullest, weights), 4) for words, wording in wordings.items()}
    return [QuoteGroupMember(quote_group_id=group_id, quote_id=w.noted.quote_id, similarity=similarity[w.noted.words]) for w in cluster]


# --- wordings -------------------------------------------------------------------------------------------------------


def _noted(quote: Quote | Said) -> Noted | None:
    if quote.kind == "unattributed":
        return None
    words = tuple(map(_plain, _WORD.findall(quote.text)))
    if len(frozenset(words) - _light_words()) < _FEWEST:
        return None
    return Noted(
        quote_id=quote.quote_id,
        document_id=quote.document_id,
        speaker=quote.speaker_entity_id,
        sure=quote.speaker_basis in ("name", "turn", "signature"),
        marked=quote.kind in ("direct", "mixed"),
        is_block=quote.kind == "block",
        text=quote.text,
        words=words,
    )


def _wording(noted: Noted) -> _Wording:
    meaning = frozenset(noted.words) - _light_words()
    return _Wording(noted, meaning, frozenset([w for w in meaning if w[0].isdigit()]))


@lru_cache(maxsize=100_000)
def _plain(word: str) -> str:
    """A word without case, possessive and the commonest endings, so that `Russians'` meets `Russian`; numbers in figures."""
    word = word.lower().replace("’", "'").strip(".,;:!?\"“”()'«»")
    if word in _numbers():
        return _numbers()[word]
    word = re.sub(r"'s$|'$", "", word)
    for ending, shortest in (("ies", 5), ("ing", 6), ("ed", 5), ("ly", 6), ("es", 6), ("s", 4)):
        if word.endswith(ending) and len(word) >= shortest and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


@cache
def _numbers() -> dict[str, str]:
    """Numbers in words, in figures (`lexicon/clauses.toml`)."""
    return {word: str(n) for n, word in enumerate(classes().numbers, 2)}


@cache
def _light_words() -> frozenset[str]:
    """Words that carry no meaning of their own: the closed classes."""
    known = classes()
    light = known.auxiliaries | known.determiners | known.pronouns | known.prepositions | known.subordinators | known.simple_adverbs
    light |= known.possessives | known.complementizers | known.negations | known.light
    light -= set(_numbers()) | known.weighty
    return frozenset(_plain(w) for w in light) | light


def _weights(wordings: Sequence[_Wording]) -> dict[str, float]:
    """The weight of each word: light for words of the closed classes, else more the fewer wordings have it."""
    having = Counter(chain.from_iterable(set(wording.noted.words) for wording in wordings))
    n = len(wordings)
    rarity = {count: round((1 + math.log((n + 1) / (count + 1)) / math.log(n + 2)) * _PLACES) / _PLACES for count in set(having.values())}
    return {word: _LIGHT if word in _light_words() else rarity[count] for word, count in having.items()}


# --- candidates -----------------------------------------------------------------------------------------------------


def _candidates(wordings: Sequence[_Wording], firsts: Sequence[int], weights: dict[str, float]) -> Iterator[tuple[int, int]]:
    """Pairs that share two of their rarest words; in a crowded bucket only neighbours in the order of their words.

    A bucket is a pair of words as one number, `first · n + second`; some millions of them are in memory at once.
    """
    number = {word: i for i, word in enumerate(sorted(weights, key=lambda word: (-weights[word], word)))}
    rows: dict[int, list[list[int]]] = defaultdict(list)  # by how many words index them, wordings: theirs, and which it is
    for i in firsts:
        keep = max(_RAREST, len(wordings[i].meaning) // 2)
        rarest = sorted(map(number.__getitem__, wordings[i].meaning))[: min(keep, _MOST)]
        rows[len(rarest)].append([*rarest, i])
    tables = [np.array(of, np.int64) for _, of in sorted(rows.items())]
    in_order: Numbers = np.zeros(len(wordings), np.int64)
    in_order[sorted(firsts, key=lambda i: wordings[i].noted.words)] = np.arange(len(firsts))
    may_be_one = _distinguish(wordings)
    passes = 1 + sum(len(table) * math.comb(table.shape[1] - 1, 2) for table in tables) // _KEYS_AT_ONCE
    found = _NONE
    for turn in range(passes):
        keys, of = _buckets(tables, len(number), passes, turn)
        pairs = of[_neighbours(keys, in_order[of])]
        a, b = np.sort(pairs[:, may_be_one(*pairs)], axis=0)
        found = np.sort(np.concatenate((found, a * len(wordings) + b)))
        found = found[np.diff(found, prepend=-1) > 0]
    for start in range(0, len(found), _PAIRS_AT_ONCE):
        yield from zip(*(part.tolist() for part in np.divmod(found[start : start + _PAIRS_AT_ONCE], len(wordings))), strict=True)


def _distinguish(wordings: Sequence[_Wording]) -> Callable[[Numbers, Numbers], NDArray[np.bool_]]:
    """Tells of pairs of wordings, by index, which can be one utterance whatever their words.

    They stand in different documents, are not surely of two people, nor the one a whole passage and the other in indirect speech.
    """

    def numbers(values: Iterable[str]) -> Numbers:
        known: dict[str, int] = {"": 0}
        return np.fromiter((known.setdefault(value, len(known)) for value in values), np.int64, len(wordings))

    documents = numbers(w.noted.document_id for w in wordings)
    speakers = numbers((w.noted.sure and w.noted.speaker) or "" for w in wordings)
    marked, is_block = np.array([(w.noted.marked, w.noted.is_block) for w in wordings], np.bool_).reshape(-1, 2).T

    def may_be_one(a: Numbers, b: Numbers) -> NDArray[np.bool_]:
        can: NDArray[np.bool_] = (speakers[a] == speakers[b]) | (speakers[a] == 0) | (speakers[b] == 0)
        can &= (documents[a] != documents[b]) & ((is_block[a] == is_block[b]) | marked[a] | marked[b])
        return can

    return may_be_one


def _buckets(tables: list[Numbers], n: int, passes: int, turn: int) -> tuple[Numbers, Numbers]:
    """This turn's share of the buckets, sorted, each as often as it has wordings; and those wordings."""
    keys, of = [], []
    for table in tables:
        first, second = np.triu_indices(table.shape[1] - 1, 1)
        made = table[:, first] * n + table[:, second]
        chosen = made % passes == turn
        keys.append(made[chosen])
        of.append(np.broadcast_to(table[:, -1:], made.shape)[chosen])
    together, owners = np.concatenate(keys or [_NONE]), np.concatenate(of or [_NONE])
    order = np.argsort(together)
    return together[order], owners[order]


def _neighbours(keys: Numbers, in_order: Numbers) -> Numbers:
    """Places of two in one bucket, in two rows: all of a bucket, or in a crowded one those that are near each other `in_order`."""
    sizes = np.diff(np.flatnonzero(np.diff(keys, prepend=-1, append=-1)))
    size = np.repeat(sizes, sizes)
    found = [np.zeros((2, 0), np.int64)]
    crowded = np.flatnonzero(size > _LARGEST_BUCKET)
    for places, reach in (
        (np.flatnonzero((size > 1) & (size <= _LARGEST_BUCKET)), _LARGEST_BUCKET),
        (crowded[np.lexsort((in_order[crowded], keys[crowded]))], _NEAR),
    ):
        left = np.arange(len(places))
        for step in range(1, reach + 1):
            left = left[left + step < len(places)]
            left = left[keys[places[left]] == keys[places[left + step]]]
            found.append(np.stack((places[left], places[left + step])))
    return np.concatenate(found, axis=1)


# --- likeness -------------------------------------------------------------------------------------------------------


def _evidence(a: _Wording, b: _Wording, weights: dict[str, float]) -> float:
    """The similarity of two candidates that report one utterance; 0.0 if they do not."""
    needed = _UNKNOWN_SPEAKER
    if a.noted.speaker and b.noted.speaker:
        needed = _SAME_SPEAKER if a.noted.speaker == b.noted.speaker else _OTHER_SPEAKER
    fewest = _FEWEST if needed == _SAME_SPEAKER else _FEWEST + 2
    if len(a.meaning & b.meaning) < fewest or _figures_differ(a, b) or _in_common(a, b, weights) < max(needed, _IN_COMMON):
        return 0.0
    similarity = _similarity(a, b, weights)
    return similarity if similarity >= needed else 0.0


def _figures_differ(a: _Wording, b: _Wording) -> bool:
    """Whether each of two wordings has a figure that the other lacks: `120 new cases on Monday`, `95 new cases on Tuesday`."""
    return bool(a.figures - b.figures) and bool(b.figures - a.figures)


def _in_common(a: _Wording, b: _Wording, weights: dict[str, float]) -> float:
    """The weighted share of the shorter wording's words that the longer has at all: never less than their similarity."""
    short, long = sorted((a.noted.words, b.noted.words), key=lambda words: (len(words), words))
    having = set(long)
    whole = sum(weights[w] for w in short)
    return sum(weights[w] for w in short if w in having) / whole if whole else 0.0


def _similarity(a: _Wording, b: _Wording, weights: dict[str, float]) -> float:
    """The weighted share of the shorter wording's words that stand in order, close together, in the longer."""
    short, long = sorted((a.noted.words, b.noted.words), key=lambda words: (len(words), words))
    whole = sum(weights[w] for w in short)
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(long):
        places[word].append(place)
    room = math.ceil(_ROOM * len(short)) + 2
    if len(long) <= room:
        best = in_order(short, places, weights, 0, room)
    else:
        starts = sorted(place for word in set(short) if weights[word] > _LIGHT for place in places.get(word, ()))
        starts = starts[: 1 + bisect_left(starts, len(long) - room)]  # from there on, what follows is part of what was looked at
        best = 0.0
        for most, start in sorted(zip(most_there(short, long, weights, starts, room), starts, strict=True), reverse=True):
            if most <= best:
                break
            best = max(best, in_order(short, places, weights, start, start + room))
    return min(1.0, best / whole) if whole else 0.0


def most_there(short: Sequence[str], long: Sequence[str], weights: dict[str, float], starts: Sequence[int], room: int) -> Iterator[float]:
    """The weight of the shorter wording's words that stand within `room` of each of some ascending places of the longer, in any order."""
    wanted = Counter(short)
    there = dict.fromkeys(wanted, 0)
    total, first, end = 0.0, 0, 0
    for start in starts:
        for word in long[end : start + room]:
            if word in there:
                total += weights[word] if there[word] < wanted[word] else 0.0
                there[word] += 1
        end = max(end, min(len(long), start + room))
        for word in long[first:start]:
            if word in there:
                there[word] -= 1
                total -= weights[word] if there[word] < wanted[word] else 0.0
        first = start
        yield total


def in_order(short: Sequence[str], places: dict[str, list[int]], weights: dict[str, float], first: int, end: int) -> float:
    """The weight of the heaviest common subsequence of a wording and the words `first` to `end` of another, given by their places."""
    ends: list[int] = []  # places in the longer wording, ascending, and the most weight that ends there, ascending too
    heaviest: list[float] = []
    for word in short:
        weight = weights[word]
        for place in reversed(places.get(word, ())):
            if not first <= place < end:
                continue
            k = bisect_left(ends, place)
            total = weight + (heaviest[k - 1] if k else 0.0)
            stop = k
            while stop < len(ends) and heaviest[stop] <= total:
                stop += 1
            if stop > k or k == len(ends) or ends[k] != place:
                ends[k:stop] = [place]
                heaviest[k:stop] = [total]
    return heaviest[-1] if heaviest else 0.0


class _Joined:
    """Union of what belongs together; the smaller index leads."""

    def __init__(self, n: int) -> None:
        self._leader = list(range(n))

    def root(self, i: int) -> int:
        while self._leader[i] != i:
            self._leader[i] = self._leader[self._leader[i]]
            i = self._leader[i]
        return i

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.root(a), self.root(b)))
        self._leader[b] = a
