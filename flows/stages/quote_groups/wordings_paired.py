"""Pairs of wordings that may be one utterance: those that share two of their rarest words, from an inverted index."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qantar.stages.quote_groups.wordings_read import Booleans, Numbers, Rows, Texts, Wordings, spread

_RAREST = 8  # of a wording's words that index it; long ones give a share of theirs
_MOST = 24  # words that index a wording, however long
_LARGEST_BUCKET = 64  # wordings under one key that are all compared; in larger ones only neighbours are
_NEAR = 8  # wordings that a neighbour is away at most
_KEYS_AT_ONCE = 1_000_000


def find_candidates(wordings: Wordings, firsts: Numbers) -> Numbers:
    """Pairs of `firsts` that share two of their rarest words, in two rows; in a crowded bucket only neighbours in the order of their words.

    A bucket is a pair of words as one number, `first · n + second`; some of them are in memory at once.
    """
    firsts = firsts[np.lexsort((firsts, wordings.text[firsts]))]
    index = _index(wordings.texts, wordings.text[firsts])
    n, found = len(wordings.text), np.zeros(0, np.int64)
    for keys, of in _buckets(index, len(wordings.texts.weights)):
        made = []
        for one, other in _neighbours(keys, of):
            a, b = firsts[of[one]], firsts[of[other]]
            can = _may_be_one(wordings, a, b)
            made.append((np.minimum(a, b) * n + np.maximum(a, b))[can])
        found = np.unique(np.concatenate((found, *made)))
    return np.stack(np.divmod(found, n))


def _index(texts: Texts, text: Numbers) -> Rows:
    """The rarest words of each of some texts, without those that no other one of them has."""
    keep = np.clip(texts.n_meaning // 2, _RAREST, _MOST)
    places, of = spread(texts.once.ends[text], np.minimum(keep, texts.n_meaning)[text])
    words = texts.once.values[places]
    shared = np.bincount(words)[words] > 1
    return Rows(np.append(0, np.cumsum(np.bincount(of[shared], minlength=len(text)))), words[shared])


def _buckets(index: Rows, n: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Buckets, sorted, each as often as it has rows of the index, and those rows in their order; all of a word at once."""
    row = np.repeat(np.arange(len(index.lengths)), index.lengths)
    places = np.argsort(index.values, kind="stable")
    words, following = index.values[places], (index.ends[1:][row] - np.arange(len(row)) - 1)[places]
    turn = np.cumsum(following)[np.searchsorted(words, words, "right") - 1] // _KEYS_AT_ONCE
    for now in np.split(np.arange(len(places)), np.flatnonzero(np.diff(turn)) + 1):
        after, first = spread(places[now] + 1, following[now])
        keys = words[now][first] * n + index.values[after]
        order = np.argsort(keys, kind="stable")
        yield keys[order], row[places[now]][first][order]


def _neighbours(keys: Numbers, of: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """Places of two in one bucket: all of a bucket, or in a crowded one those that are near each other."""
    sizes = np.diff(np.flatnonzero(np.diff(keys, prepend=-1, append=-1)))
    reach = np.repeat(np.where(sizes > _LARGEST_BUCKET, _NEAR, sizes - 1), sizes)
    left = np.arange(len(keys))
    for step in range(1, _LARGEST_BUCKET):
        left = left[(left + step < len(keys)) & (step <= reach[left])]
        left = left[keys[left] == keys[left + step]]
        yield left, left + step


def _may_be_one(wordings: Wordings, a: Numbers, b: Numbers) -> Booleans:
    """Of pairs of wordings, which can be one utterance whatever their words.

    They stand in different documents, are not surely of two people, nor the one a whole passage and the other in indirect speech.
    """
    one, other = wordings.named[a], wordings.named[b]
    can: Booleans = (one == other) | (one == 0) | (other == 0)
    can &= wordings.documents[a] != wordings.documents[b]
    can &= (wordings.is_block[a] == wordings.is_block[b]) | wordings.is_marked[a] | wordings.is_marked[b]
    return can
