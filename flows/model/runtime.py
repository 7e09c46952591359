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
from qantar.model.decoding import Scores, best_tags, best_tree, probability, tags_to_spans
from qantar.model.hints import KINDS, hints_of
from qantar.model.native import Kernel, levels
from qantar.model.pieces import MAX_PIECES, N_FORMS, Encoded, Vocabulary, Window, form_of, windows
from qantar.model.readings import Analysis, Keep, Name, Seen, anchor_of, joined, pack, parts_of, unpack
from qantar.model.twin import Twin
from qantar.settings import QantarError

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
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest() if (folder / name).exists() else "missing"
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
        """Names, parts of speech, lemma rules and trees.

        `gaps` is the white space before each word, `sentences` the first word of each sentence, the first of them 0. With `keep` the
        network reads what is not kept yet.
        """
        pieces = [self.vocabulary.pieces(word) for word in words]
        forms = [form_of(word, gap) for word, gap in zip(words, gaps, strict=True)]
        read_together = windows([len(p) for p in pieces], sentences, self.budget)
        seen = Seen(pieces, forms, hints_of(words), sentences, read_together)
        parts = parts_of(seen)
        if keep is None or not words:
            return joined(map(self._read, parts))
        salt = f"{self.digest} {ARITHMETIC} {self.budget} ".encode()
        kept = keep(anchor_of(seen), [salt + part.key for part in parts], lambda number: pack(self._read(parts[number]), self.labels))
        return joined(unpack(data, self.labels) for data in kept)

    def _read(self, seen: Seen) -> Analysis:
        """What the network says of one part of a text: the words that are not there as context only."""
        pieces, forms, hints, sentences, read_together = seen
        context = read_together[0].keep
        n = len(pieces) - context
        analysis = Analysis([], [], [], [], list(range(n)), [""] * n)
        begins = set(sentences)
        ner: list[Scores] = []
        for window in read_together:
            a, b = window.start, window.end
            scores = self.network.run(self.vocabulary.encode(pieces[a:b], forms[a:b], hints[a:b]))
            first = window.keep - window.start + 1  # row 0 is that of [CLS]
            ner.append(scores["ner"][first:])
            analysis.upos += self._labels("upos", scores["upos"][first:])
            analysis.tags += self._labels("tag", scores["tag"][first:])
            analysis.lemma_rules += self._labels("lemma", scores["lemma"][first:])
            starts = [i for i in range(window.keep, window.end) if i in begins or i == window.keep]
            self._trees(analysis, scores, window, starts, context)
            if window.keep not in begins:  # the sentence was cut: its second part hangs on the first
                _join(analysis, sentences[0] - context, window.keep - context)
        self._names(analysis, np.concatenate(ner), [word - context for word in sentences])
        return analysis

    def _labels(self, head: str, scores: Scores) -> list[str]:
        """The likeliest label of each row."""
        labels = self.labels[head]
        return [labels[i] for i in scores.argmax(1).tolist()]

    def _names(self, analysis: Analysis, scores: Scores, sentences: Sequence[int]) -> None:
        path = best_tags(scores, self._tags, sentences)
        sure = probability(scores, path).tolist()
        for start, end, label in tags_to_spans([self._tags[i] for i in path]):
            analysis.names.append(Name(start, end, label, round(fsum(sure[start:end]) / (end - start), 3)))

    def _trees(self, analysis: Analysis, scores: dict[str, Scores], window: Window, starts: list[int], context: int) -> None:
        """Fill in heads and relations of a window's sentences, which begin at `starts`; the words before `context` have none."""
        arcs, shift = scores["arcs"], window.start - 1  # word w of the part has row w - shift, [CLS] row 0
        rows: list[int] = []  # of the heads
        for a, b in zip(starts, [*starts[1:], window.end], strict=True):
            i, j = a - shift, b - shift
            tree = best_tree(np.concatenate((arcs[i:j, :1], arcs[i:j, i:j]), axis=1))
            rows += [head and i + head - 1 for head in tree]
        kept, kept_rows = slice(window.keep - context, window.end - context), slice(window.keep - shift, window.end - shift)
        analysis.heads[kept] = [row + shift - context if row else word for word, row in enumerate(rows, window.keep - context)]
        analysis.relations[kept] = self._labels("rel", scores["rel_word"][kept_rows] + scores["rel_head"][rows])


def _join(analysis: Analysis, start: int, cut: int) -> None:
    """Hang the root of the words from `cut` on the root of the sentence that begins at `start`."""
    root = next(i for i in range(start, cut) if analysis.heads[i] == i)
    for i in range(cut, len(analysis.upos)):
        if analysis.heads[i] == i:
            analysis.heads[i], analysis.relations[i] = root, "parataxis"
            return
