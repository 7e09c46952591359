"""The model at work: words of one text in, scores of each head out, by onnxruntime on one thread.

Each window is computed alone: int8 products depend on the range of all numbers computed together, so a window in a batch would
have results that depend on its neighbours. The flow runs one process a core instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from qantar.model.decoding import Scores, best_tags, best_tree, probability, tags_to_spans
from qantar.model.hints import hints_of
from qantar.model.pieces import MAX_PIECES, Encoded, Vocabulary, Window, form_of, windows
from qantar.settings import QantarError

WEIGHTS = Path(__file__).parent / "weights"
FILES = ("model.onnx", "vocab.txt", "labels.json")


class Name(NamedTuple):
    """A name: its words, its label in the training data, and the mean probability of its words' tags."""

    start: int
    end: int
    label: str
    score: float


@dataclass
class Analysis:
    """What the model says of the words of a text: an entry each word, and the names. A root is its own head."""

    names: list[Name]
    upos: list[str]
    tags: list[str]
    lemma_rules: list[str]
    heads: list[int]
    relations: list[str]


def check_weights(folder: Path = WEIGHTS) -> str:
    """The digest that stands for all weights, after each file was found to be the one that `SHA256SUMS` lists."""
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}
    for name in FILES:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest() if (folder / name).exists() else "missing"
        if digest != listed.get(name):
            raise QantarError(f"The language model's file {folder / name} is not the one released ({digest[:12]}); reinstall Qantar.")
    return hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()


class Model:
    """The shipped model, or one in another folder laid out alike. Raises QantarError where a file is missing or changed."""

    def __init__(self, folder: Path = WEIGHTS):
        import onnxruntime

        self.digest = check_weights(folder)
        self.budget = MAX_PIECES - 2
        self.labels: dict[str, list[str]] = json.loads((folder / "labels.json").read_text("utf-8"))
        self.vocabulary = Vocabulary(folder / "vocab.txt")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._tags = tuple(self.labels["ner"])

    def analyse(self, words: Sequence[str], gaps: Sequence[str], sentences: Sequence[int]) -> Analysis:
        """Names, parts of speech, lemma rules and trees.

        `gaps` is the white space before each word, `sentences` the first word of each sentence, the first of them 0.
        """
        n = len(words)
        analysis = Analysis([], [], [], [], list(range(n)), [""] * n)
        if n == 0:
            return analysis
        pieces = [self.vocabulary.pieces(word) for word in words]
        forms = [form_of(word, gap) for word, gap in zip(words, gaps, strict=True)]
        hints = hints_of(words)
        begins = set(sentences)
        ner: list[Scores] = []
        for window in windows([len(p) for p in pieces], sentences, self.budget):
            a, b = window.start, window.end
            scores = self._run(self.vocabulary.encode(pieces[a:b], forms[a:b], hints[a:b]))
            first = window.keep - window.start + 1  # row 0 is that of [CLS]
            ner.append(scores["ner"][first:])
            analysis.upos += self._labels("upos", scores["upos"][first:])
            analysis.tags += self._labels("tag", scores["tag"][first:])
            analysis.lemma_rules += self._labels("lemma", scores["lemma"][first:])
            self._trees(analysis, scores, window, [i for i in range(window.keep, window.end) if i in begins or i == window.keep])
            if window.keep not in begins:  # the sentence was cut: its second part hangs on the first
                _join(analysis, next(a for a in range(window.keep, -1, -1) if a in begins), window.keep)
        self._names(analysis, np.concatenate(ner), sentences)
        return analysis

    def _run(self, encoded: Encoded) -> dict[str, Scores]:
        feed: dict[str, Any] = {name: np.array([numbers], dtype=np.int64) for name, numbers in encoded._asdict().items()}
        return {name: value[0] for name, value in zip(self._outputs, self._session.run(self._outputs, feed), strict=True)}

    def _labels(self, head: str, scores: Scores) -> list[str]:
        """The likeliest label of each row."""
        labels = self.labels[head]
        return [labels[i] for i in scores.argmax(1).tolist()]

    def _names(self, analysis: Analysis, scores: Scores, sentences: Sequence[int]) -> None:
        path = best_tags(scores, self._tags, sentences)
        sure = probability(scores, path)
        for start, end, label in tags_to_spans([self._tags[i] for i in path]):
            analysis.names.append(Name(start, end, label, round(float(sure[start:end].mean()), 3)))

    def _trees(self, analysis: Analysis, scores: dict[str, Scores], window: Window, starts: list[int]) -> None:
        """Fill in heads and relations of a window's sentences, which begin at `starts`."""
        arcs, shift = scores["arcs"], window.start - 1  # word w of the text has row w - shift, [CLS] row 0
        rows: list[int] = []  # of the heads
        for a, b in zip(starts, [*starts[1:], window.end], strict=True):
            i, j = a - shift, b - shift
            tree = best_tree(np.concatenate((arcs[i:j, :1], arcs[i:j, i:j]), axis=1))
            rows += [head and i + head - 1 for head in tree]
        kept, kept_rows = slice(window.keep, window.end), slice(window.keep - shift, window.end - shift)
        analysis.heads[kept] = [row + shift if row else word for word, row in enumerate(rows, window.keep)]
        analysis.relations[kept] = self._labels("rel", scores["rel_word"][kept_rows] + scores["rel_head"][rows])


def _join(analysis: Analysis, start: int, cut: int) -> None:
    """Hang the root of the words from `cut` on the root of the sentence that begins at `start`."""
    root = next(i for i in range(start, cut) if analysis.heads[i] == i)
    for i in range(cut, len(analysis.upos)):
        if analysis.heads[i] == i:
            analysis.heads[i], analysis.relations[i] = root, "parataxis"
            return
