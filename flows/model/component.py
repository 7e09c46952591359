"""The model as a spaCy component: names, parts of speech, lemmas and trees of a Doc."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.parts_of_speech import IDS as POS_IDS
from spacy.tokens import Span

from flows.lexicon import HERE
from flows.model.consistency import settle
from flows.model.lemmas import lemma_of
from flows.model.runtime import WEIGHTS, Analysis, Model
from flows.stages.sentences import sentence_spans

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

ATTRIBUTES: list[int | str] = ["POS", "TAG", "LEMMA", "DEP", "HEAD"]
SPACE = POS_IDS["SPACE"]
QUOTES = "\"'“”‘’«»„"
PREPOSITIONS = frozenset({"of", "on", "for", "against", "between", "to", "in"})
FACTORY = "qantar_model"


@Language.factory(FACTORY, assigns=["doc.ents", "token.pos", "token.tag", "token.lemma", "token.dep", "token.head", "token.is_sent_start"])
def make(nlp: Language, name: str) -> ModelComponent:
    """The component, for `nlp.add_pipe("qantar_model")`."""
    return ModelComponent()


class ModelComponent:
    """Fills in a Doc. Sentence starts that are set are kept; where none are, Qantar's own rules set them."""

    def __init__(self, folder: Path = WEIGHTS):
        self._folder = folder
        self._model: Model | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"_folder": self._folder, "_model": None}  # a session of the runtime is made anew in each process

    @property
    def model(self) -> Model:
        """The model, loaded when it is first needed."""
        if self._model is None:
            self._model = Model(self._folder)
        return self._model

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one Doc; white-space tokens get the annotation SPACE and the word before them as their head."""
        if not doc.has_annotation("SENT_START"):
            firsts = {start for start, _ in sentence_spans(doc.text)}
            for token in doc:
                token.is_sent_start = token.i == 0 or token.idx in firsts
        words = [token for token in doc if not token.is_space]
        if not words:
            for token in doc:
                token.pos_ = "SPACE"
            return doc
        gaps, end, text = [], 0, doc.text
        for token in words:
            gaps.append(text[end : token.idx])
            end = token.idx + len(token)
        begun = np.cumsum(doc.to_array("SENT_START") == 1)[[token.i for token in words]]  # sentences so far; a line break may begin one
        starts = [0, *(np.flatnonzero(np.diff(begun)) + 1).tolist()]
        texts = [token.text for token in words]
        analysis = self.model.analyse(texts, gaps, starts)
        self._set_words(doc, words, analysis)
        labels = [(name, self._label(words, name)) for name in settle(analysis.names, texts)]
        found = [Span(doc, words[n.start].i, words[n.end - 1].i + 1, label=label) for n, label in labels if label]
        doc.set_ents(found)
        return doc

    def _set_words(self, doc: Doc, words: list[Token], analysis: Analysis) -> None:
        add = doc.vocab.strings.add
        rows: NDArray[np.uint64] = np.zeros((len(doc), len(ATTRIBUTES)), dtype=np.uint64)
        last = words[0].i
        for token in doc:
            if token.is_space:
                rows[token.i] = SPACE, add("_SP"), add(token.text), add("dep"), _unsigned(last - token.i)
            else:
                last = token.i
        for i, token in enumerate(words):
            lemma = lemma_of(token.text, analysis.lemma_rules[i], analysis.upos[i])
            names = (analysis.tags[i], lemma, "ROOT" if analysis.heads[i] == i else analysis.relations[i])
            rows[token.i] = POS_IDS[analysis.upos[i]], *(add(name) for name in names), _unsigned(words[analysis.heads[i]].i - token.i)
        doc.from_array(ATTRIBUTES, rows)  # type: ignore[arg-type]

    def _label(self, words: list[Token], name: Any) -> str | None:
        """The label of a name in `doc.ents`; other proper names are told apart by their head word, or left out."""
        if name.label != "MISC":
            return str(name.label)
        heads = head_words([token.text for token in words[name.start : name.end]])
        for label, members in _labels_by_head().items():
            if not members.isdisjoint(heads):
                return label
        around = (words[name.start - 1].text if name.start else "", words[name.end].text if name.end < len(words) else "")
        return "WORK_OF_ART" if all(mark and mark in QUOTES for mark in around) else None


def _unsigned(distance: int) -> int:
    """A distance to a head as spaCy stores it."""
    return distance % 2**64


def head_words(name: list[str]) -> set[str]:
    """The words of a name that may say what it is, in small letters: the last, and the last before a preposition or a number.

    >>> sorted(head_words("Declaration of Human Rights".split())), sorted(head_words(["World", "Cup", "2022"]))
    (['declaration', 'rights'], ['2022', 'cup'])
    """
    words = [word.lower() for word in name]
    ends = [i for i, word in enumerate(words) if i and (word in PREPOSITIONS or word.isdigit())]
    return {words[-1], words[ends[0] - 1] if ends else words[-1]}


@cache
def _labels_by_head() -> dict[str, frozenset[str]]:
    data = tomllib.loads((HERE / "name_words.toml").read_text("utf-8"))
    return {label: frozenset(word.lower() for word in data[kind]) for kind, label in (("event", "EVENT"), ("law", "LAW"))}
