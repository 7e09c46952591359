"""Windows of labelled texts, and batches of them as tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from qantar.model.hints import hints_of
from qantar.model.pieces import CASES, GAPS, MAX_PIECES, Encoded, Vocabulary, form_of, windows
from qantar.model.training.corpora import Text

HEADS = ("ner", "upos", "tag", "lemma", "rel")
NO_LABEL = -100


@dataclass
class Example:
    """One window: its numbers, for each word its labels, its head (0 the root, -100 none known) and its sentence's number."""

    encoded: Encoded
    labels: dict[str, list[int]]
    heads: list[int]
    sentences: list[int]


def make_examples(texts: list[Text], inventory: dict[str, list[str]], vocabulary: Vocabulary, rng: random.Random) -> list[Example]:
    """Cut texts into windows without overlap and turn labels into numbers; labels not in the inventory are not learned.

    The longest window of each text is drawn, so that another pass sees other sentences together.
    """
    index = {head: {label: i for i, label in enumerate(labels)} for head, labels in inventory.items()}
    examples = []
    for text in texts:
        pieces = [vocabulary.pieces(word) for word in text.words]
        forms = [form_of(word, gap) for word, gap in zip(text.words, text.gaps, strict=True)]
        hints = hints_of(text.words)
        number = _sentence_numbers(text)
        budget = rng.randint(MAX_PIECES * 3 // 4, MAX_PIECES - 2)
        for window in windows([len(p) for p in pieces], text.sentences, budget, context=0):
            a, b = window.start, window.end
            labels: dict[str, list[int]] = {}
            for head in HEADS:
                values: list[str] | None = getattr(text, head)
                labels[head] = [NO_LABEL] * (b - a) if values is None else [index[head].get(v, NO_LABEL) for v in values[a:b]]
            heads = [NO_LABEL] * (b - a) if text.heads is None else [_head_within(h, a, b) for h in text.heads[a:b]]
            examples.append(Example(vocabulary.encode(pieces[a:b], forms[a:b], hints[a:b]), labels, heads, number[a:b]))
    return examples


def _sentence_numbers(text: Text) -> list[int]:
    """The number of each word's sentence."""
    number = [0] * len(text.words)
    for i, (start, end) in enumerate(zip(text.sentences, [*text.sentences[1:], len(text.words)], strict=True)):
        number[start:end] = [i] * (end - start)
    return number


def _head_within(head: int, a: int, b: int) -> int:
    """A head as its place in a window, from 1; 0 for a root, NO_LABEL for one outside."""
    if head == -1:
        return 0
    return head - a + 1 if a <= head < b else NO_LABEL


def batches(examples: list[Example], size: int, rng: random.Random) -> Iterator[list[Example]]:
    """All examples once, in random order, in batches of nearly equal length."""
    order = list(examples)
    rng.shuffle(order)
    pool = size * 24
    groups = []
    for i in range(0, len(order), pool):
        part = sorted(order[i : i + pool], key=lambda e: len(e.encoded.pieces))
        groups += [part[j : j + size] for j in range(0, len(part), size)]
    rng.shuffle(groups)
    yield from groups


def recase(forms: list[int], case: str) -> list[int]:
    """Forms as if the words were in small letters, in capitals, or each begun with a capital."""
    target = CASES.index(case)
    cased = range(CASES.index("lower"), CASES.index("inner") + 1)
    return [target * len(GAPS) + form % len(GAPS) if form // len(GAPS) in cased else form for form in forms]


def tensors(batch: list[Example], vocabulary: Vocabulary, augment: dict[str, float], rng: random.Random) -> dict[str, Tensor]:
    """A batch as padded tensors; `augment` may be empty. Labels have a first column, of [CLS], that is never learned."""
    n = max(len(e.encoded.pieces) for e in batch)
    w = max(len(e.encoded.firsts) for e in batch)
    out = {name: torch.zeros(len(batch), n, dtype=torch.long) for name in ("pieces", "forms", "hints")}
    out["mask"] = torch.zeros(len(batch), n, dtype=torch.bool)
    out["firsts"] = torch.zeros(len(batch), w, dtype=torch.long)
    out["sentences"] = torch.full((len(batch), w), -1)
    for name in (*HEADS, "heads"):
        out[name] = torch.full((len(batch), w), NO_LABEL)
    for i, example in enumerate(batch):
        pieces, forms, hints, firsts = example.encoded
        draw = rng.random()
        for case in ("lower", "upper", "title"):
            chance = augment.get(case, 0.0)
            if 0 <= draw < chance:
                forms = recase(forms, case)
            draw -= chance
        if augment.get("unknown") and rng.random() < augment["unknown"]:
            hints = [0] * len(hints)
        if augment.get("mask"):
            pieces = [vocabulary.mask if 0 < j < len(pieces) - 1 and rng.random() < augment["mask"] else p for j, p in enumerate(pieces)]
        out["pieces"][i, : len(pieces)] = torch.tensor(pieces)
        out["forms"][i, : len(forms)] = torch.tensor(forms)
        out["hints"][i, : len(hints)] = torch.tensor(hints)
        out["mask"][i, : len(pieces)] = True
        out["firsts"][i, : len(firsts)] = torch.tensor(firsts)
        m = len(firsts)
        out["sentences"][i, 1:m] = torch.tensor(example.sentences)
        for name in HEADS:
            out[name][i, 1:m] = torch.tensor(example.labels[name])
        out["heads"][i, 1:m] = torch.tensor(example.heads)
    return out
