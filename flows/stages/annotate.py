"""Annotate: one article at a time, its sentences, the names in it, and who says what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from spacy.attrs import SENT_START

from flows.model import load_model
from flows.schema import Block, Document, Mention, Quote, Sentence
from flows.stages.mentions import find_mentions
from flows.stages.names import Names
from flows.stages.quotes import find_quotes
from flows.stages.sentences import split_sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc


class Annotations(NamedTuple):
    """What was found in one article; the document has its counts."""

    document: Document
    sentences: list[Sentence]
    mentions: list[Mention]
    quotes: list[Quote]


class Annotator:
    """Annotates article after article with one language model and one set of known names."""

    def __init__(self, model: str | None, names: Names) -> None:
        self.pipeline = load_model(model)
        self.names = names

    def annotate(self, document: Document, blocks: list[Block]) -> Annotations:
        """Sentences, mentions and quotes of a cleaned document and its blocks.

        Mentions have an `entity_id` where the authority or the lexicon is certain; the others, and the speakers of quotes,
        get theirs when entities have been resolved across articles.
        """
        sentences = split_sentences(document, blocks)
        doc = self._parse(document.text, sentences)
        starts = [token.idx for token in doc if not token.is_space]
        sentences = _count_tokens(sentences, starts)
        mentions = find_mentions(doc, document, sentences, self.names)
        self._mark(doc, mentions)
        quotes = find_quotes(doc, document, blocks, sentences, mentions)
        found = {"n_sentences": len(sentences), "n_mentions": len(mentions), "n_quotes": len(quotes)}
        document = replace(document, n_tokens=len(starts), **found)  # type: ignore[arg-type]  # all are counts
        return Annotations(document, sentences, mentions, quotes)

    def _parse(self, text: str, sentences: list[Sentence]) -> Doc:
        """The text as a Doc whose sentences are ours: set before the model's parser, which then keeps to them."""
        doc: Doc = self.pipeline.make_doc(text)
        firsts = {s.start for s in sentences}
        starts = [1 if token.i == 0 or token.idx in firsts else -1 for token in doc]
        # all at once: setting them token by token looks through the whole document each time
        doc.from_array([SENT_START], np.array(starts, dtype=np.int64).astype(np.uint64))  # type: ignore[arg-type]  # one column is enough
        for _, component in self.pipeline.pipeline:
            doc = component(doc)
        return doc

    def _mark(self, doc: Doc, mentions: list[Mention]) -> None:
        """Put the mentions into `doc.ents`, so that everything that works with spaCy sees them."""
        spans = (doc.char_span(m.start, m.end, label=m.label, alignment_mode="expand") for m in mentions)
        kept, end = [], 0
        for span in spans:
            if span is not None and span.start >= end:
                kept.append(span)
                end = span.end
        doc.set_ents(kept)


def _count_tokens(sentences: list[Sentence], starts: list[int]) -> list[Sentence]:
    out, i = [], 0
    for sentence in sentences:
        while i < len(starts) and starts[i] < sentence.start:
            i += 1
        first = i
        while i < len(starts) and starts[i] < sentence.end:
            i += 1
        out.append(replace(sentence, n_tokens=i - first))
    return out
