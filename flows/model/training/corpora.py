"""The corpora as words with labels, read from their folders; nothing of them is kept in the project."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import spacy

from qantar.model.decoding import entity_tags, lemma_rule, spans_to_tags
from qantar.stages.sentences import sentence_spans

MIN_LEMMA_RULE = 3
"""Times that a lemma rule must occur in the training data to be learned."""
MIN_RELATION = 10


@dataclass
class Text:
    """One document: words, the white space before each, the first word of each sentence, and labels where the corpus has them."""

    words: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    ner: list[str] | None = None
    upos: list[str] | None = None
    tag: list[str] | None = None
    lemma: list[str] | None = None
    heads: list[int] | None = None
    """The head of each word as its index in the document, -1 for a root."""
    rel: list[str] | None = None


def read_entities(path: Path) -> Iterator[Text]:
    """Articles of a Worldwide file, in spaCy's words and Qantar's sentences."""
    tokenizer = spacy.blank("en").tokenizer
    for line in path.read_text("utf-8").splitlines():
        article = json.loads(line)
        raw = article["text"]
        doc = tokenizer(raw)
        index: dict[int, int] = {}
        text, end = Text(), 0
        for token in doc:
            if token.is_space:
                continue
            index[token.i] = len(text.words)
            text.words.append(token.text)
            text.gaps.append(raw[end : token.idx])
            end = token.idx + len(token)
        starts = {token.idx: index[token.i] for token in doc if token.i in index}
        text.sentences = sorted({0} | {starts[a] for a, _ in sentence_spans(raw) if a in starts})
        spans = []
        for a, b, label in article["entities"]:
            span = doc.char_span(a, b, alignment_mode="expand")
            members = [index[token.i] for token in span if token.i in index] if span is not None else []
            if members:
                spans.append((members[0], members[-1] + 1, label))
        text.ner = spans_to_tags(sorted(spans), len(text.words))
        yield text


def read_trees(path: Path) -> Iterator[Text]:
    """Documents of a CoNLL-U file; empty nodes are left out, the words of a contraction have nothing between them."""
    reading: _Trees | None = None
    paragraph = True
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# newdoc"):
            if reading is not None and reading.text.words:
                yield reading.text
            reading = _Trees()
        elif line.startswith("# newpar"):
            paragraph = True
        elif line.startswith("# sent_id"):
            assert reading is not None
            reading.begin_sentence(paragraph)
            paragraph = False
        elif line and not line.startswith("#"):
            assert reading is not None
            reading.read_word(line.split("\t"))
    if reading is not None and reading.text.words:
        yield reading.text


class _Trees:
    """A document of a CoNLL-U file while it is read."""

    def __init__(self) -> None:
        self.text = Text(upos=[], tag=[], lemma=[], heads=[], rel=[])
        self.gap = ""
        """What stands between the last word and the next."""
        self.first = 0
        """The number of the sentence's first word."""
        self.contracted, self.gap_after = 0, ""
        """The last word of a contraction in its sentence, and what stands behind it."""

    def begin_sentence(self, is_paragraph: bool) -> None:
        """Begin a sentence, which begins a paragraph or not."""
        self.first, self.contracted = len(self.text.words), 0
        self.text.sentences.append(self.first)
        self.gap = "" if self.first == 0 else "\n" if is_paragraph else self.gap

    def read_word(self, columns: list[str]) -> None:
        """Read a line: a word, a contraction of those that follow, or an empty node."""
        after = "" if "SpaceAfter=No" in columns[9] else " "
        if "-" in columns[0]:
            self.contracted, self.gap_after = int(columns[0].split("-")[1]), after
        elif "." not in columns[0]:
            number = int(columns[0])
            _add_word(self.text, columns, self.gap, self.first)
            self.gap = after if number > self.contracted else self.gap_after if number == self.contracted else ""


def _add_word(text: Text, columns: list[str], gap: str, offset: int) -> None:
    """Add the word of a line; `offset` is the number of its sentence's first."""
    assert text.upos is not None and text.tag is not None and text.lemma is not None and text.heads is not None and text.rel is not None
    text.words.append(columns[1])
    text.gaps.append(gap)
    text.upos.append(columns[3])
    text.tag.append(columns[4])
    text.lemma.append(lemma_rule(columns[1], columns[2]))
    text.heads.append(-1 if columns[6] == "0" else offset + int(columns[6]) - 1)
    text.rel.append(columns[7])


def _labels(texts: list[Text], head: str) -> list[str]:
    """All labels of one head, a label as often as it occurs."""
    return [label for text in texts for label in getattr(text, head) or ()]


def inventories(entities: list[Text], trees: list[Text]) -> dict[str, list[str]]:
    """The labels of each head, in a fixed order; rare lemma rules and relations are left out and not learned."""
    names = sorted({tag[2:] for tag in _labels(entities, "ner") if tag != "O"})
    rules, relations = Counter(_labels(trees, "lemma")), Counter(_labels(trees, "rel"))
    return {
        "ner": entity_tags(names),
        "upos": sorted(set(_labels(trees, "upos"))),
        "tag": sorted(set(_labels(trees, "tag"))),
        "lemma": sorted(rule for rule, n in rules.items() if n >= MIN_LEMMA_RULE),
        "rel": sorted(relation for relation, n in relations.items() if n >= MIN_RELATION),
    }
