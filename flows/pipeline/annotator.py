"""Annotate: one article at a time, its sentences, the names in it, and who says what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from spacy.attrs import IDX, IS_SPACE

from qantar.corrections import Fix, Outcome, of_tables
from qantar.corrections.corrected_mentions import correct_mentions
from qantar.corrections.corrected_sentences import correct_sentences
from qantar.model import load_model
from qantar.model.component import set_sentence_starts
from qantar.pipeline.annotations import Annotations
from qantar.schema import Block, Document, Sentence
from qantar.stages.blocks.parted_paragraphs import join_pieces, place_rows
from qantar.stages.mentions import find_mentions
from qantar.stages.quotes import find_quotes
from qantar.stages.quotes.grammar import Tree
from qantar.stages.quotes.packed_trees import pack_tree
from qantar.stages.sentences import split_sentences
from qantar.stages.tokens import find_tokens
from qantar.text.known_names import Names

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from qantar.model.readings import Keep


class Annotator:
    """Annotates article after article with one language model and one set of known names; `keep` keeps what the shipped model reads."""

    with_tokens = False

    def __init__(self, model: str | None, names: Names, keep: Keep | None = None, *, with_tokens: bool = False) -> None:
        self.pipeline = load_model(model, keep, with_lemmas=with_tokens)
        self.names = names
        self.with_tokens = with_tokens

    def annotate(self, document: Document, blocks: list[Block], fixes: Sequence[Fix] = ()) -> Annotations:
        """Sentences, mentions and quotes of a cleaned document and its blocks.

        Mentions have an `entity_id` where the authority or the lexicon is certain; the others, and the speakers of quotes,
        get theirs when entities have been resolved across articles. `fixes` are corrections of the document's sentences and mentions.
        """
        whole = join_pieces(document.text, blocks)
        doc = self.pipeline.make_doc(document.text)
        places, is_space = doc.to_array([IDX, IS_SPACE]).T
        starts: list[int] = places[is_space == 0].tolist()
        sentences = split_sentences(document, whole, starts)
        told: list[Outcome] = []
        if cuts := of_tables(fixes, "sentences"):
            sentences, told = correct_sentences(sentences, document, starts, cuts)
        doc = self.parse(doc, sentences)
        mentions = find_mentions(doc, document, sentences, self.names)
        if named := of_tables(fixes, "mentions"):
            mentions, more = correct_mentions(mentions, document, sentences, named)
            told += more
        tree = Tree.of(doc, document.text)
        asked: set[tuple[int, int]] = set()
        quotes = find_quotes(tree, document, whole, sentences, mentions, asked)
        if len(whole) < len(blocks):
            sentences, mentions, quotes = place_rows(sentences, blocks), place_rows(mentions, blocks), place_rows(quotes, blocks)
        found = {"n_sentences": len(sentences), "n_mentions": len(mentions), "n_quotes": len(quotes)}
        document = replace(document, n_tokens=len(starts), **found)  # type: ignore[arg-type]  # all are counts
        tokens = find_tokens(doc, document.document_id) if self.with_tokens else ()
        packed = pack_tree(tree, asked) if tree and len(whole) == len(blocks) else None  # rows of parted paragraphs have been moved
        return Annotations(document, sentences, mentions, quotes, tuple(told), tuple(tokens), packed)

    def parse(self, doc: Doc, sentences: list[Sentence]) -> Doc:
        """A Doc of tokens as the model annotates it, its sentences these."""
        set_sentence_starts(doc, {sentence.start for sentence in sentences})  # before the model's parser, which then keeps to them
        for _, component in self.pipeline.pipeline:
            doc = component(doc)
        return doc
