"""Texts with other names in them: what a name is shows in the words around it, and those are learned better where names vary."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from typing import TypeAlias

from qantar.model.decoding import spans_to_tags, tags_to_spans
from qantar.model.training.corpora import Text

Name: TypeAlias = tuple[tuple[str, str], ...]
"""The words of a name, each with the white space before it; before the first stands what stood before the name it replaces."""
Kind: TypeAlias = tuple[str, bool]
"""A label, and whether the name is of one word."""

SWAPPED = ("PERSON", "ORG", "LOC")


def swap_names(texts: list[Text], chance: float, rng: random.Random) -> list[Text]:
    """Texts in which some names are replaced, each throughout its text, by others of the same label from any of the texts.

    A name of one word gives way to one of one word, a longer one to a longer one; a surname follows its full name.
    """
    pools: dict[Kind, dict[Name, None]] = defaultdict(dict)
    for text in texts:
        for a, b, label in tags_to_spans(text.ner or []):
            pools[label, b - a == 1][tuple(zip(text.words[a:b], ["", *text.gaps[a + 1 : b]], strict=True))] = None
    names = {kind: list(found) for kind, found in pools.items()}
    return [_swap(text, names, chance, rng) for text in texts]


def _swap(text: Text, names: dict[Kind, list[Name]], chance: float, rng: random.Random) -> Text:
    spans = tags_to_spans(text.ner or [])
    chosen: dict[tuple[str, ...], Name] = {}
    for a, b, label in sorted(spans, key=lambda span: span[0] - span[1]):
        key = (label, *text.words[a:b])
        if label in SWAPPED and key not in chosen and rng.random() < chance:
            chosen[key] = name = rng.choice(names[label, b - a == 1])
            if label == "PERSON" and b - a > 1:
                chosen.setdefault((label, text.words[b - 1]), (name[-1],))
    words: list[str] = []
    gaps: list[str] = []
    places: list[int] = []  # of each old word among the new ones
    moved: list[tuple[int, int, str]] = []
    at = 0
    for a, b, label in [*spans, (len(text.words), len(text.words), "")]:
        places += range(len(words), len(words) + a - at)
        words += text.words[at:a]
        gaps += text.gaps[at:a]
        start = len(words)
        name = chosen.get((label, *text.words[a:b])) or tuple(zip(text.words[a:b], text.gaps[a:b], strict=True))
        words += [word for word, _ in name]
        gaps += [*text.gaps[a : min(b, a + 1)], *(gap for _, gap in name[1:])]
        places += [start] * (b - a)
        moved.append((start, len(words), label))
        at = b
    sentences = sorted({places[i] for i in text.sentences})
    return replace(text, words=words, gaps=gaps, sentences=sentences, ner=spans_to_tags(moved[:-1], len(words)))
