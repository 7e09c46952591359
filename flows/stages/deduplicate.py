"""Duplicates: which articles repeat another one, and which passages several articles share.

Articles are compared by their words alone (`signatures`). Candidates are pairs that share a sample of their shingles
(runs of five words); each is then verified on all of its words, and only what is verified counts: nothing is joined by
way of a third article.

* `exact`: the same words.
* `near`: the same article edited, respun, cut, furnished or badly scanned: wording in common throughout both texts.
* `contained`: wording in common throughout the shorter text, less than half of the longer one.

One long passage in common, such as a quotation or a footer, makes no duplicate: it is a row of `shared_passages`.

The canonical article of a group is the earliest published, then the fullest, then the first by id; a contained article
gives way to the one that contains it, whichever came first, or the rest of the longer one would be lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flows.schema import Duplicate, DuplicateKind, SharedPassage
from flows.stages.comparing.passages import find_passages
from flows.stages.comparing.signatures import Hashes, Places, Signatures, Text, ranges, shingle, sign_documents

__all__ = ["Duplicates", "Signatures", "Text", "compare_signatures", "find_duplicates", "sign_documents"]

# what is a candidate
FEWEST_WORDS = 20  # below, only the same words make a duplicate
COMMON = 4  # so many articles before it, and so many of the first, are joined to an article by a shingle they have in common
SEGMENT_WORDS, MOST_SEGMENTS = 30, 10  # texts are cut into segments, to see whether what is shared stands all over
CANDIDATE_SPREAD = 0.35  # share of the shorter text's segments with a sampled shingle in common
# what is a duplicate
RUN_WORDS = 3  # candidates are compared by all their runs of three words: most survive where one word in four is replaced
GAP, SLACK = 30, 8  # words: runs follow each other if they are no further apart, and in both texts about as far
LEAST_SIMILAR = 0.2  # share of the shorter text's words in common runs
LEAST_REACH = 0.7  # share of the shorter text over which they follow each other
NEAR_REACH = 0.45  # the same of the longer text; below, it holds more than the shorter one
FIGURES, FEWEST_FIGURES = 0.2, 5  # where so much of what differs are numbers, one form was filled in twice: another day's report
MOST_CONTAINERS = 2  # what stands whole in more articles, strangers to each other, is boilerplate and no copy of any
# how much is worked on at a time, so that memory is bounded; results are independent of it
POSTINGS = 1 << 20
PAIRS, WORDS_AT_A_TIME = 64, 1 << 20
MOST_WORDS = 1 << 22  # that are compared of a text


class Duplicates(NamedTuple):
    """Rows of `duplicates` and `shared_passages`."""

    duplicates: list[Duplicate]
    passages: list[SharedPassage]


class Relation(NamedTuple):
    """How one article stands to another, itself the one that could give way."""

    kind: DuplicateKind
    similarity: float  # share of its words in runs that stand in the other
    reach: float  # share of it over which such runs follow each other as they do in the other


SAME = Relation("exact", 1.0, 1.0)


def find_duplicates(documents: Iterable[Text]) -> Duplicates:
    """What repeats what among the articles; they are read once, in any order, and their texts are not kept.

    >>> wire = "The ministry said on Monday that trains would run again between the two cities once the bridge was checked"
    >>> found = find_duplicates([Text("a", None, wire), Text("b", None, wire.upper() + "!")])
    >>> [(d.document_id, d.canonical_id, d.kind) for d in found.duplicates]
    [('b', 'a', 'exact')]
    """
    return compare_signatures(sign_documents(documents))


def compare_signatures(signatures: Signatures, passages: bool = True) -> Duplicates:
    """What repeats what among the articles with these signatures (those of several shards: `Signatures.join`)."""
    ranks = _rank(signatures)
    same = _same_words(signatures, ranks)
    relations = _relations(signatures, ranks, same == np.arange(len(same)))
    canonical = _choose(relations, signatures, ranks)
    groups = np.array([canonical.get(i, i) for i in same.tolist()], np.int64)
    duplicate = np.flatnonzero(groups != np.arange(len(groups)))
    rows = []
    for i, target in zip(duplicate.tolist(), groups[duplicate].tolist(), strict=True):
        relation = relations[int(same[i])].get(target, SAME)
        rows.append(
            Duplicate(
                document_id=str(signatures.document_ids[i]),
                canonical_id=str(signatures.document_ids[target]),
                kind=relation.kind,
                similarity=round(relation.similarity, 4),
                method="same words" if relation is SAME else f"common runs over {relation.reach:.0%}",
            )
        )
    rows.sort(key=lambda r: r.document_id)
    return Duplicates(rows, find_passages(signatures, groups) if passages else [])


def _rank(signatures: Signatures) -> Places:
    """Each article's place in the total order: earliest published, fullest, first by id."""
    order = np.lexsort((signatures.document_ids, -np.diff(signatures.first), signatures.days))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _same_words(signatures: Signatures, ranks: Places) -> Places:
    """For each article, the first in rank of those with the same words."""
    first: dict[bytes, int] = {}
    same = np.arange(len(signatures))
    for i in np.argsort(ranks).tolist():
        words = signatures.words[signatures.first[i] : signatures.first[i + 1]]
        if len(words):
            same[i] = first.setdefault(blake2b(words.data, digest_size=16).digest(), i)
    return same


def _candidates(signatures: Signatures, ranks: Places, chosen: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Pairs of the chosen articles, first in rank first, that share enough sampled shingles, spread enough, to be worth verifying.

    A shingle joins each article that has it to the COMMON before it in rank and to the COMMON first: a footer of a
    thousand articles makes thousands of pairs, not a million, and each copy of a wire story still meets the first.
    """
    n, sizes = len(signatures), np.diff(signatures.first)
    by_rank = np.argsort(ranks)
    size = sizes[by_rank]
    document = np.repeat(np.arange(n), np.diff(np.searchsorted(signatures.sampled, signatures.first)))
    segment = _segment(signatures.sampled - signatures.first[document], sizes[document])
    postings = signatures.hashes.astype(np.uint64) << np.uint64(32)  # hash, rank and segment in one number: 32, 28 and 4 bits
    postings |= (ranks[document] << 4 | segment).astype(np.uint64)
    postings = postings[(chosen & (sizes >= FEWEST_WORDS))[document]]
    del document, segment
    postings.sort()
    postings = postings[np.append(True, postings[1:] >> np.uint64(4) != postings[:-1] >> np.uint64(4))[: len(postings)]]
    first = np.append(True, postings[1:] >> np.uint64(32) != postings[:-1] >> np.uint64(32))[: len(postings)]
    repeated = ~(first & np.append(first[1:], True)[: len(first)])  # a shingle of one article has no pair
    postings, first = postings[repeated], np.flatnonzero(first[repeated])
    nth = np.arange(len(postings), dtype=np.int32) - np.repeat(first, np.diff(np.append(first, len(postings)))).astype(np.int32)
    postings = postings.astype(np.uint32)
    rank, segment = (postings >> np.uint32(4)).astype(np.int32), (postings & np.uint32(15)).astype(np.int8)
    found = [np.zeros((2, 0), np.int64)]
    block = n // (1 + len(postings) // POSTINGS) + 1
    for low in range(0, n, block):
        within = np.flatnonzero((rank >= low) & (rank < low + block))
        keys = []
        for back in range(1, COMMON + 1):
            for later, offset in ((nth[within] >= back, None), (nth[within] >= COMMON + back, back - 1)):
                other = within[later]
                one = other - back if offset is None else other - nth[other] + offset
                a, b = rank[one], rank[other]
                shorter = np.where(size[a] < size[b], segment[one], segment[other])
                keys.append((a.astype(np.int64) << 28 | b) << 4 | shorter)
        key = _distinct(np.concatenate(keys))
        begins = np.flatnonzero(np.append(True, key[1:] >> 4 != key[:-1] >> 4)[: len(key)])
        spread, pair = np.diff(np.append(begins, len(key))), key[begins] >> 4
        a, b = pair >> 28, pair & ((1 << 28) - 1)
        enough = spread >= CANDIDATE_SPREAD * _segments(np.minimum(size[a], size[b]))
        found.append(by_rank[np.stack([a, b])[:, enough]])
    pairs = np.concatenate(found, axis=1)
    return pairs[0], pairs[1]


def _distinct(values: Places) -> Places:
    """The values in order, each once."""
    values = np.sort(values)
    distinct: Places = values[np.append(True, values[1:] != values[:-1])[: len(values)]]
    return distinct


def _segments(sizes: Places) -> Places:
    """Into how many segments texts of so many words are cut."""
    return np.clip(sizes // SEGMENT_WORDS, 1, MOST_SEGMENTS)


def _segment(places: Places, sizes: Places) -> Places:
    """The segment in which a word stands, in a text of so many."""
    return places * _segments(sizes) // np.maximum(sizes, 1)


def _relations(signatures: Signatures, ranks: Places, chosen: NDArray[np.bool_]) -> dict[int, dict[int, Relation]]:
    """What is verified of the pairs of chosen articles: by the article that could give way, then by the other."""
    first, second = _candidates(signatures, ranks, chosen)
    pairs = set(zip(first.tolist(), second.tolist(), strict=True))
    found: dict[int, dict[int, Relation]] = defaultdict(dict)
    _verify(signatures, first, second, found)
    # two spun copies of one article have little in common: they are candidates because both are like a third
    beside: dict[int, set[int]] = defaultdict(set)
    for one, others in found.items():
        for other in others:
            beside[one].add(other)
            beside[other].add(one)
    further = set()
    for joined in beside.values():
        ranked = sorted(joined, key=lambda i: ranks[i])
        further |= {(i, j) for n, i in enumerate(ranked[:COMMON]) for j in ranked[n + 1 :]}
    rest = np.array(sorted(further - pairs), np.int64).reshape(-1, 2)
    _verify(signatures, rest[:, 0], rest[:, 1], found)
    return found


def _verify(signatures: Signatures, a: Places, b: Places, found: dict[int, dict[int, Relation]]) -> None:
    """Add to `found` how the articles of each pair stand to each other."""
    sizes = np.diff(signatures.first)
    swap = sizes[a] > sizes[b]
    shorter, longer = np.where(swap, b, a), np.where(swap, a, b)
    bounds = np.cumsum(sizes[shorter] + sizes[longer]) // WORDS_AT_A_TIME
    for part in np.split(np.arange(len(a)), np.flatnonzero(np.diff(bounds)) + 1):
        for i in range(0, len(part), PAIRS):
            one, other = shorter[part[i : i + PAIRS]], longer[part[i : i + PAIRS]]
            common = _compare(signatures, one, other)
            other_figures = common.figures >= np.maximum(FIGURES * common.changed, FEWEST_FIGURES)
            related = np.flatnonzero((common.similarity >= LEAST_SIMILAR) & (common.reach >= LEAST_REACH) & ~other_figures)
            columns = (one, other, common.similarity, common.similarity_longer, common.reach, common.reach_longer)
            for x, y, similar, similar_longer, reach, reach_longer in zip(*(c[related].tolist() for c in columns), strict=True):
                near = reach_longer >= NEAR_REACH
                found[x][y] = Relation("near" if near else "contained", similar, reach)
                if near:
                    found[y][x] = Relation("near", similar_longer, reach_longer)


class _Common(NamedTuple):
    """What the texts of some pairs have in common."""

    similarity: NDArray[np.float64]  # share of the shorter text's words in runs that stand in the longer
    reach: NDArray[np.float64]  # share of the shorter text over which such runs follow each other as they do in the longer
    similarity_longer: NDArray[np.float64]
    reach_longer: NDArray[np.float64]
    changed: NDArray[np.float64]  # words of the shorter text in no such run
    figures: Places  # numbers among them


def _compare(signatures: Signatures, shorter: Places, longer: Places) -> _Common:
    """What two texts have in common, for each pair.

    The runs of the pairs are sorted together: 8 bits for the pair, 32 for the hash, 24 for the place.
    """
    sizes = np.diff(signatures.first)
    document = np.concatenate([shorter, longer])
    runs = np.clip(sizes[document] - RUN_WORDS + 1, 0, MOST_WORDS)
    places = ranges(signatures.first[document], runs)
    keys = np.repeat(np.tile(np.arange(len(shorter), dtype=np.uint64), 2) << np.uint64(56), runs)
    keys |= shingle(signatures.words, places, RUN_WORDS).astype(np.uint64) << np.uint64(24)
    keys |= np.arange(len(places), dtype=np.uint64)
    keys.sort()
    at = (keys & np.uint64((1 << 24) - 1)).astype(np.int64)
    keys >>= np.uint64(24)
    begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    ends = np.append(begins[1:], len(keys))
    middle = int(runs[: len(shorter)].sum())
    both = (at[begins] < middle) & (at[ends - 1] >= middle)
    begins, ends = begins[both], ends[both]
    members, times = at[ranges(begins, ends - begins)], ends - begins
    of_shorter = members < middle  # of the same run, those of the shorter text come first
    n_shorter = np.add.reduceat(of_shorter, np.cumsum(times) - times) if len(begins) else begins
    partner = np.full(len(places), -1)
    partner[members] = np.where(of_shorter, np.repeat(at[begins + n_shorter], times), np.repeat(at[begins], times))
    similarity, reach = _measure(partner, runs, sizes[document])
    n = len(shorter)
    changed = sizes[shorter] * (1 - similarity[:n])
    figures = _figures(signatures.words[places[:middle]], partner[:middle], np.repeat(np.arange(n), runs[:n]), n)
    return _Common(similarity[:n], reach[:n], similarity[n:], reach[n:], changed, figures)


def _measure(partner: Places, runs: Places, sizes: Places) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Similarity and reach of each text, from the place of each of its runs in the other text of its pair (-1: none)."""
    set_ = np.flatnonzero(partner >= 0)
    text = np.repeat(np.arange(len(runs)), runs)[set_]
    step = np.diff(set_)
    within = text[1:] == text[:-1]
    covered = np.where(within, np.minimum(step, RUN_WORDS), RUN_WORDS)
    similar = np.bincount(text[:-1], covered, len(runs)) if len(set_) else np.zeros(len(runs))
    if len(set_):
        similar[text[-1]] += RUN_WORDS
    onward = within & (step <= GAP) & (np.abs(np.diff(partner[set_]) - step) <= SLACK)
    reach = np.bincount(text[:-1][onward], step[onward], len(runs)) if len(set_) else np.zeros(len(runs))
    return similar / np.maximum(sizes, 1), reach / np.maximum(runs - 1, 1)


def _figures(words: Hashes, partner: Places, text: Places, n: int) -> Places:
    """How many numbers of each of the `n` texts stand in no run of words in common."""
    numbers = np.flatnonzero(words & np.uint32(1))
    alone = partner[numbers] < 0
    for back in range(1, RUN_WORDS):
        before = np.maximum(numbers - back, 0)
        alone &= (partner[before] < 0) | (text[before] != text[numbers])
    return np.bincount(text[numbers[alone]], minlength=n)


def _choose(relations: dict[int, dict[int, Relation]], signatures: Signatures, ranks: Places) -> dict[int, int]:
    """The canonical article of each duplicate: always one to which it was itself compared."""
    sizes = np.diff(signatures.first)

    def turn(i: int) -> tuple[bool, int, int]:  # what contains others is settled before what it contains
        inside = any(r.kind == "contained" for r in relations[i].values())
        return inside, -int(sizes[i]) if inside else 0, int(ranks[i])

    canonical: dict[int, int] = {}
    settled: set[int] = set()
    for i in sorted(relations, key=turn):
        targets = [j for j in relations[i] if (j in settled or j not in relations) and canonical.get(j, j) == j]
        if sum(relations[i][j].kind == "contained" for j in targets) > MOST_CONTAINERS:
            targets = [j for j in targets if relations[i][j].kind == "near"]
        if targets:
            canonical[i] = min(targets, key=lambda j: (relations[i][j].kind == "contained", -relations[i][j].similarity, ranks[j]))
        settled.add(i)
    return canonical
