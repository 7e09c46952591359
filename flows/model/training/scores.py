"""Figures of a network on the dev parts, with the words and sentences given; the figures of the pipeline are measured apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
import torch

from qantar.model.decoding import best_tags, best_tree, tags_to_spans
from qantar.model.hints import hints_of
from qantar.model.pieces import Vocabulary, form_of, windows
from qantar.model.training.corpora import Text
from qantar.model.training.network import Network


@dataclass
class Figures:
    """F1 of names by label and over all, and the parts of words with the right part of speech, tag, lemma, head and relation."""

    names: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        return ", ".join(f"{name} {100 * value:.2f}" for name, value in (*self.names.items(), *self.words.items()))


def predict(network: Network, text: Text, vocabulary: Vocabulary) -> dict[str, list[np.ndarray]]:
    """Scores of each word of a text by head; arcs stay with their window, as (scores, first word)."""
    pieces = [vocabulary.pieces(word) for word in text.words]
    forms = [form_of(word, gap) for word, gap in zip(text.words, text.gaps, strict=True)]
    hints = hints_of(text.words)
    found: dict[str, list[np.ndarray]] = defaultdict(list)
    for window in windows([len(p) for p in pieces], text.sentences):
        a, b = window.start, window.end
        encoded = vocabulary.encode(pieces[a:b], forms[a:b], hints[a:b])
        with torch.no_grad():
            device = next(network.parameters()).device
            scores = network(*(torch.tensor([part], device=device) for part in encoded))
        skip = window.keep - window.start + 1
        for name, value in scores.items():
            table = value[0].float().cpu().numpy()
            if name == "arcs":
                for i in range(window.keep, window.end):
                    row = np.full(len(text.words) + 1, -1e4, dtype=np.float32)
                    row[0] = table[i - window.start + 1, 0]
                    row[window.start + 1 : window.end + 1] = table[i - window.start + 1, 1:]
                    found[name].append(row)
            else:
                found[name].extend(table[skip:])
    return found


def measure(network: Network, entities: list[Text], trees: list[Text], inventory: dict[str, list[str]], vocabulary: Vocabulary) -> Figures:
    """Figures of a network on texts with names and texts with trees."""
    network.eval()
    return Figures(_names(network, entities, inventory, vocabulary), _words(network, trees, inventory, vocabulary))


def _names(network: Network, entities: list[Text], inventory: dict[str, list[str]], vocabulary: Vocabulary) -> dict[str, float]:
    """The F1 of names by label, of all, and of the five labels that rows have."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    tags = tuple(inventory["ner"])
    for text in entities:
        ner = predict(network, text, vocabulary)["ner"]
        path: list[str] = []
        for a, b in zip(text.sentences, [*text.sentences[1:], len(text.words)], strict=True):
            path += [tags[i] for i in best_tags(np.array(ner[a:b]), tags)]
        got, want = set(tags_to_spans(path)), set(tags_to_spans(text.ner or []))
        for part, spans in (("tp", got & want), ("got", got), ("want", want)):
            for span in spans:
                counts[span[2]][part] += 1
                counts["ALL"][part] += 1
                if span[2] in ("PERSON", "LOC", "FAC", "ORG", "NORP", "DATE"):
                    counts["FIVE"][part] += 1
    return {label: 2 * c["tp"] / max(1, c["got"] + c["want"]) for label, c in sorted(counts.items())}


def _words(network: Network, trees: list[Text], inventory: dict[str, list[str]], vocabulary: Vocabulary) -> dict[str, float]:
    """The shares of words with the right label, head, and head and relation."""
    right: Counter[str] = Counter()
    n = 0
    for text in trees:
        found = predict(network, text, vocabulary)
        n += len(text.words)
        for head in ("upos", "tag", "lemma"):
            labels = getattr(text, head)
            right[head] += sum(inventory[head][int(row.argmax())] == label for row, label in zip(found[head], labels, strict=True))
        assert text.heads is not None and text.rel is not None
        for a, b in zip(text.sentences, [*text.sentences[1:], len(text.words)], strict=True):
            table = np.array([np.concatenate(([row[0]], row[a + 1 : b + 1])) for row in found["arcs"][a:b]])
            for i, parent in enumerate(best_tree(table)):
                gold = text.heads[a + i]
                if parent != (0 if gold == -1 else gold - a + 1):
                    continue
                right["uas"] += 1
                relation = found["rel_word"][a + i] + (found["rel_head"][a + parent - 1] if parent else 0.0)
                right["las"] += inventory["rel"][int(relation.argmax())] == text.rel[a + i]
    return {name: value / max(1, n) for name, value in sorted(right.items())}
