"""The model at work: words of one text in, scores of each head out, the same bits on every processor.

Each window is computed alone, on one thread: a window in a batch with others would have results that depend on its neighbours. The
flow runs one process a core instead.
"""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Sequence
from math import fsum
from pathlib import Path
from typing import Protocol

import numpy as np

from qantar.model.arrays import Arrays, Floats, read_arrays
from qantar.model.decoding import Scores, best_tags, best_trees, probability, tags_to_spans
from qantar.model.hints import KINDS, hints_of
from qantar.model.native import Kernel, levels
from qantar.model.pieces import MAX_PIECES, N_FORMS, Encoded, Vocabulary, form_of, windows
from qantar.model.readings import Analysis, Keep, Name, Reading, Seen, anchor_of, joined, pack, parts_of, unpack
from qantar.model.twin import Twin
from qantar.settings import QantarError
from qantar.text.identity import file_sum

WEIGHTS = Path(__file__).parent / "weights"
FILES = ("model.npz", "vocab.txt", "labels.json")
ARITHMETIC = 1
"""Number of the arithmetic that all kernels share; another one would give other results with the same weights."""
KERNEL = "QANTAR_KERNEL"
"""Environment variable with the name of the kernel to use; all give the same results."""


class Network(Protocol):
    """What computes the scores of a window: one of the compiled kernels, or their twin in numpy."""

    name: str

    def run(self, window: Encoded) -> dict[str, Floats]:
        """The scores of each head: rows are [CLS] and words; of `arcs`, dependants × heads."""
        ...


def check_weights(folder: Path = WEIGHTS) -> str:
    """The digest that stands for all weights, after each file was found to be the one that `SHA256SUMS` lists."""
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}
    for name in FILES:
        digest = file_sum(folder / name) if (folder / name).exists() else "missing"
        if digest != listed.get(name):
            raise QantarError(f"The language model's file {folder / name} is not the one released ({digest[:12]}); reinstall Qantar.")
    return hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()


def kernels() -> list[str]:
    """Names of the kernels that can be used here, the fastest first; all give the same results."""
    found = levels()
    return [*found[:-1], "numpy", *found[-1:]]  # the last one is plain C, without vectors


def load_network(arrays: Arrays, kernel: str | None = None) -> Network:
    """The fastest kernel that this processor can run, or the one named here or by `QANTAR_KERNEL`.

    Raises QantarError if it cannot be used here.
    """
    usable = kernels()
    name = kernel or os.environ.get(KERNEL) or usable[0]
    if name not in usable:
        raise QantarError(f"There is no kernel {name} on this machine; {KERNEL} can be {', '.join(usable)}, or not set.")
    if name != "numpy":
        return Kernel(arrays, name)
    if not levels():
        warnings.warn(
            "The language model runs on numpy, several times slower than compiled; install a C compiler, then reinstall Qantar.",
            stacklevel=2,
        )
    return Twin(arrays)


class Model:
    """The shipped model, or one in another folder laid out alike. Raises QantarError where a file is missing or changed."""

    def __init__(self, folder: Path = WEIGHTS, kernel: str | None = None):
        self.digest = check_weights(folder)
        self.budget = MAX_PIECES - 2
        self.labels: dict[str, list[str]] = json.loads((folder / "labels.json").read_text("utf-8"))
        self.vocabulary = Vocabulary(folder / "vocab.txt")
        self.network = load_network(read_arrays(folder / "model.npz", N_FORMS, len(KINDS)), kernel)
        self._tags = tuple(self.labels["ner"])

    def analyse(self, words: Sequence[str], gaps: Sequence[str], sentences: Sequence[int], keep: Keep | None = None) -> Analysis:
        """Names, parts of speech, lemma rules and trees, as `read` tells them in numbers."""
        return self.read(words, gaps, sentences, keep).analysis(self.labels)

    def read(self, words: Sequence[str], gaps: Sequence[str], sentences: Sequence[int], keep: Keep | None = None) -> Reading:
        """Names, parts of speech, lemma rules and trees of a text of at least one word.

        `gaps` is the white space before each word, `sentences` the first word of each sentence, the first of them 0. With `keep` the
        network reads what is not kept yet.
        """
        pieces = list(map(self.vocabulary.pieces, words))
        forms = list(map(form_of, words, gaps))
        read_together = windows([len(p) for p in pieces], sentences, self.budget)
        seen = Seen(pieces, forms, hints_of(words), sentences, read_together)
        parts = parts_of(seen)
        if keep is None:
            return joined(list(map(self._read, parts)))
        salt = f"{self.digest} {ARITHMETIC} {self.budget} ".encode()
        kept = keep(anchor_of(seen), [salt + part.key for part in parts], lambda number: pack(self._read(parts[number]), self.labels))
        return joined([unpack(data, self.labels) for data in kept])

    def _read(self, seen: Seen) -> Reading:
        """What the network says of one part of a text: the words that are not there as context only."""
        pieces, forms, hints, sentences, read_together = seen
        context = read_together[0].keep
        n = len(pieces) - context
        words = np.zeros((5, n), np.int64)
        *labelled, relations, heads = words
        begins = set(sentences)
        ner: list[Scores] = []
        for window in read_together:
            a, b = window.start, window.end
            scores = self.network.run(self.vocabulary.encode(pieces[a:b], forms[a:b], hints[a:b]))
            shift = window.start - 1  # word w of the part has row w - shift, [CLS] row 0
            rows = slice(window.keep - shift, window.end - shift)
            kept = slice(window.keep - context, window.end - context)
            ner.append(scores["ner"][rows])
            for numbers, head in zip(labelled, ("upos", "tag", "lemma"), strict=True):
                numbers[kept] = scores[head][rows].argmax(1)
            starts = [i - shift for i in range(window.keep, window.end) if i in begins or i == window.keep]
            head_rows = best_trees(scores["arcs"], starts)
            heads[kept] = np.where(head_rows > 0, head_rows + (shift - context), np.arange(n)[kept])
            relations[kept] = (scores["rel_word"][rows] + scores["rel_head"][head_rows]).argmax(1)
            if window.keep not in begins:  # the sentence was cut: the root of its second part hangs on that of the first
                roots = np.flatnonzero(heads == np.arange(n))
                first, second = roots[np.searchsorted(roots, [sentences[0] - context, kept.start])]
                heads[second], relations[second] = first, self.labels["rel"].index("parataxis")
        names = self._names(np.concatenate(ner), [word - context for word in sentences])
        return Reading(words, names)

    def _names(self, scores: Scores, sentences: Sequence[int]) -> list[Name]:
        path = best_tags(scores, self._tags, sentences)
        spans = tags_to_spans([self._tags[i] for i in path])
        inside = [word for start, end, _ in spans for word in range(start, end)]
        sure = dict(zip(inside, probability(scores[inside], [path[word] for word in inside]).tolist(), strict=True))
        return [Name(a, b, label, round(fsum(sure[word] for word in range(a, b)) / (b - a), 3)) for a, b, label in spans]
