"""The model as a spaCy component: names, parts of speech, lemmas and trees of a Doc."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, IS_SPACE, ORTH, SENT_START, SPACY
from spacy.language import Language
from spacy.parts_of_speech import IDS as POS_IDS
from spacy.tokens import Span

from qantar.model.consistency import settle
from qantar.model.lemmas import lemma_of
from qantar.model.readings import Keep, Name, Reading
from qantar.model.runtime import KERNEL, WEIGHTS, Model
from qantar.stages.sentences import sentence_spans
from qantar.text.lexicon import read_toml

if TYPE_CHECKING:
    from spacy.strings import StringStore
    from spacy.tokens import Doc

Table = NDArray[np.uint64]
ATTRIBUTES: list[int | str] = ["POS", "TAG", "LEMMA", "DEP", "HEAD"]
SPACE = POS_IDS["SPACE"]
QUOTES = "\"'“”‘’«»„"
FACTORY = "qantar_model"


@Language.factory(FACTORY, assigns=["doc.ents", "token.pos", "token.tag", "token.lemma", "token.dep", "token.head", "token.is_sent_start"])
def make(nlp: Language, name: str) -> ModelComponent:
    """The component, for `nlp.add_pipe("qantar_model")`."""
    return ModelComponent()


class ModelComponent:
    """Fills in a Doc. Sentence starts that are set are kept; where none are, Qantar's own rules set them."""

    def __init__(self, folder: Path = WEIGHTS):
        self._folder = folder
        self.keep: Keep | None = None
        """Where readings are kept, if anywhere."""
        self.with_lemmas = True
        """Whether words are given their lemmas."""

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "keep": None}

    @property
    def model(self) -> Model:
        """The model, loaded when it is first needed."""
        return load_weights(self._folder, os.environ.get(KERNEL))

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one Doc; white-space tokens get the annotation SPACE and the word before them as their head."""
        if not doc.has_annotation("SENT_START"):
            set_sentence_starts(doc, {start for start, _ in sentence_spans(doc.text)})
        # the columns of all tokens at once: a Token object for each takes as long as all that is done with it
        table: Table = doc.to_array([ORTH, SPACY, IS_SPACE, SENT_START])  # type: ignore[assignment]  # integers, not floats
        is_space = table[:, 2] != 0
        places = np.flatnonzero(~is_space)
        if not len(places):
            doc.from_array(["POS"], np.full(len(doc), SPACE, dtype=np.uint64))  # type: ignore[arg-type]  # one column is enough
            return doc
        words, gaps = _words(doc, table)
        begun = np.cumsum(table[:, 3] == 1)[places]  # sentences so far; a line break may begin one
        starts = [0, *(np.flatnonzero(np.diff(begun)) + 1).tolist()]
        reading = self.model.read(words, gaps, starts, self.keep)
        self._set_words(doc, words, table[:, 0], places, reading)
        labels = [(name, _label(words, name)) for name in settle(reading.names, words)]
        at = places.tolist()
        doc.set_ents([Span(doc, at[n.start], at[n.end - 1] + 1, label=label) for n, label in labels if label])
        return doc

    def _set_words(self, doc: Doc, words: list[str], orths: Table, places: NDArray[np.int64], reading: Reading) -> None:
        strings, labels = doc.vocab.strings, self.model.labels
        upos, tags, rules, relations, heads = reading.words
        rows: Table = np.empty((len(doc), len(ATTRIBUTES)), dtype=np.uint64)
        spaces = np.setdiff1d(np.arange(len(doc)), places, assume_unique=True)
        before = places[np.maximum(np.searchsorted(places, spaces) - 1, 0)]
        rows[spaces, :4] = SPACE, strings.add("_SP"), 0, strings.add("dep")
        rows[:, 2] = orths if self.with_lemmas else 0
        rows[spaces, 4] = (before - spaces).astype(np.uint64)
        rows[places, 0] = np.array([POS_IDS[pos] for pos in labels["upos"]], np.uint64)[upos]
        rows[places, 1] = _ids(strings, labels["tag"])[tags]
        rows[places, 3] = np.where(heads == np.arange(len(words)), strings.add("ROOT"), _ids(strings, labels["rel"])[relations])
        rows[places, 4] = (places[heads] - places).astype(np.uint64)
        if self.with_lemmas:
            told = map(labels["lemma"].__getitem__, rules.tolist()), map(labels["upos"].__getitem__, upos.tolist())
            rows[places, 2] = _ids(strings, map(lemma_of, words, *told))
        doc.from_array(ATTRIBUTES, rows)  # type: ignore[arg-type]


@cache
def load_weights(folder: Path, kernel: str | None) -> Model:
    """The model in a folder, once for a process and those that are forked from it."""
    return Model(folder, kernel)


def set_sentence_starts(doc: Doc, starts: set[int]) -> None:
    """Let sentences begin with the first token and with those at these characters, and nowhere else."""
    begins = [1 if i == 0 or place in starts else -1 for i, place in enumerate(doc.to_array(IDX).tolist())]
    # all at once: setting them token by token looks through the whole document each time
    doc.from_array([SENT_START], np.array(begins, dtype=np.int64).astype(np.uint64))  # type: ignore[arg-type]  # one column is enough


def _words(doc: Doc, table: Table) -> tuple[list[str], list[str]]:
    """The words of a Doc, and the white space before each."""
    words, gaps, gap, strings = [], [], "", doc.vocab.strings
    for word, has_space, is_space in zip(map(strings.__getitem__, table[:, 0].tolist()), *table[:, 1:3].T.tolist(), strict=True):
        if is_space:
            gap += word
        else:
            words.append(word)
            gaps.append(gap)
            gap = ""
        if has_space:
            gap += " "
    return words, gaps


def _ids(strings: StringStore, labels: Iterable[str]) -> Table:
    """The numbers by which spaCy knows these strings."""
    return np.array(list(map(strings.add, labels)), dtype=np.uint64)


def _label(words: Sequence[str], name: Name) -> str | None:
    """The label of a name in `doc.ents`; other proper names are told apart by their head word, or left out."""
    if name.label != "MISC":
        return name.label
    heads = head_words(words[name.start : name.end])
    for label, members in _labels_by_head().items():
        if not members.isdisjoint(heads):
            return label
    around = (words[name.start - 1] if name.start else "", words[name.end] if name.end < len(words) else "")
    return "WORK_OF_ART" if all(mark and mark in QUOTES for mark in around) else None


def head_words(name: Sequence[str]) -> set[str]:
    """The words of a name that may say what it is, in small letters: the last, and the last before a preposition or a number.

    >>> sorted(head_words("Declaration of Human Rights".split())), sorted(head_words(["World", "Cup", "2022"]))
    (['declaration', 'rights'], ['2022', 'cup'])
    """
    words = [word.lower() for word in name]
    after_head = read_toml("name_words.toml")["after_head"]
    ends = [i for i, word in enumerate(words) if i and (word in after_head or word.isdigit())]
    return {words[-1], words[ends[0] - 1] if ends else words[-1]}


@cache
def _labels_by_head() -> dict[str, frozenset[str]]:
    data = read_toml("name_words.toml")
    return {label: frozenset(word.lower() for word in data[kind]) for kind, label in (("event", "EVENT"), ("law", "LAW"))}
