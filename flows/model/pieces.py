"""What the model sees of a text: pieces of words, their letter case, spacing and hints, in windows of whole sentences.

Training and runtime share this module, so that a text looks the same to both. The vocabulary of the encoder is uncased: the
letter case and the space before a word go in beside its pieces, as one small number, its form; so does what the lexicon knows of it
(`hints.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, chain, pairwise, repeat
from pathlib import Path
from typing import NamedTuple, TypeVar

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

T = TypeVar("T")

CASES = ("none", "lower", "title", "upper", "initial", "mixed", "inner", "digits", "alphanumeric", "mark")
GAPS = ("none", "space", "line")
"""What stands before a word: nothing, a space, a line break."""
N_FORMS = len(CASES) * len(GAPS)

MAX_PIECES = 256
"""Pieces of a window, its two special ones counted in."""
CONTEXT = 40
"""Pieces of earlier sentences that a window begins with, so that its first sentence is not read out of context."""
MAX_WORD = 12
"""Pieces kept of one word; only addresses and the like are longer."""
REMEMBERED = 200_000
"""Words whose pieces, forms and hints are remembered."""


class Remembered(dict[str, T]):
    """What a function gives for the words of all texts, until they are REMEMBERED; to look a word up takes no call."""

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> T:
        made = self._make(word)
        if len(self) < REMEMBERED:
            self[word] = made
        return made


class Window(NamedTuple):
    """Words `start` to `end` are read together; those from `keep` on get their result from this window."""

    start: int
    keep: int
    end: int


class Encoded(NamedTuple):
    """A window as numbers: pieces, forms and hints, one each a piece; where each word begins, and before them [CLS]."""

    pieces: list[int]
    forms: list[int]
    hints: list[int]
    firsts: list[int]


class Vocabulary:
    """The pieces of words by the WordPiece vocabulary of a file, one piece a line."""

    def __init__(self, path: Path):
        pieces = path.read_text("utf-8").split("\n")
        index = {piece: i for i, piece in enumerate(pieces) if piece}
        self._tokenizer = Tokenizer(WordPiece(index, unk_token="[UNK]"))
        self._tokenizer.normalizer = BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = BertPreTokenizer()
        self.unknown, self.begin, self.end, self.mask = (index[piece] for piece in ("[UNK]", "[CLS]", "[SEP]", "[MASK]"))
        self.pieces = Remembered(self._pieces).__getitem__
        """The pieces of one word, at least one of them."""

    def _pieces(self, word: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(word, add_special_tokens=False).ids[:MAX_WORD]) or (self.unknown,)

    def encode(self, words: Sequence[tuple[int, ...]], forms: Sequence[int], hints: Sequence[int]) -> Encoded:
        """A window of words, given by their pieces, between [CLS] and [SEP]."""
        lengths = [len(word) for word in words]
        spread = chain.from_iterable(map(repeat, forms, lengths))
        known = chain.from_iterable(map(repeat, hints, lengths))
        firsts = [0, *accumulate(lengths, initial=1)][:-1]
        return Encoded([self.begin, *chain.from_iterable(words), self.end], [0, *spread, 0], [0, *known, 0], firsts)


def case_of(word: str) -> int:
    """The letter case of a word as an index into `CASES`.

    >>> [CASES[case_of(word)] for word in ("the", "Almaty", "CSTO", "K.", "McCain", "iPhone", "2022", "G7", "“")]
    ['lower', 'title', 'upper', 'initial', 'mixed', 'inner', 'digits', 'alphanumeric', 'mark']
    """
    capitals = [c.isupper() for c in word if c.isalpha()]
    digits = any(map(str.isdigit, word))
    if not capitals:
        return 7 if digits else 9
    if digits:
        return 8
    if not any(capitals):
        return 1
    if len(capitals) == 1:
        return 4
    if all(capitals):
        return 3
    if capitals[0]:
        return 5 if any(capitals[1:]) else 2
    return 6


_case_of = Remembered(case_of)
_gap_of = Remembered(lambda gap: 0 if not gap else 2 if "\n" in gap or "\r" in gap else 1)


def form_of(word: str, gap: str) -> int:
    """Letter case and the white space before a word in one number, below `N_FORMS`."""
    return _case_of[word] * len(GAPS) + _gap_of[gap]


def windows(lengths: Sequence[int], sentences: Sequence[int], budget: int = MAX_PIECES - 2, context: int = CONTEXT) -> list[Window]:
    """Cut a text into windows of whole sentences, each begun with as many earlier sentences as `context` pieces hold.

    `lengths` are the pieces of each word, `sentences` the first word of each sentence. A sentence that is longer than a window is
    cut between words, and the cut part begins with the `context` pieces before it. No word may be longer than `budget`.

    >>> windows([1] * 10, [0, 4, 6], budget=6, context=2)
    [Window(start=0, keep=0, end=6), Window(start=4, keep=6, end=10)]
    """
    context = min(context, budget - max(lengths, default=0))  # so that at least one more word fits
    bounds = [*sentences, len(lengths)]
    spans = [(a, b) for a, b in pairwise(bounds) if a < b]
    found: list[Window] = []
    starts = set(sentences)
    keep, end, room = 0, 0, budget
    start = 0

    def back(word: int, limit: int, whole: bool) -> int:
        total, at, best = 0, word, word
        while at > 0 and total + lengths[at - 1] <= limit:
            at -= 1
            total += lengths[at]
            if not whole or at in starts:
                best = at
        return best

    for a, b in spans:
        cost = sum(lengths[a:b])
        if cost <= room:
            end, room = b, room - cost
            continue
        if end > keep:
            found.append(Window(start, keep, end))
        keep = end = a
        start = back(a, min(context, max(budget - cost, 0)), whole=True)
        room = budget - sum(lengths[start:a])
        while sum(lengths[end:b]) > room:
            while end < b and lengths[end] <= room:
                room -= lengths[end]
                end += 1
            found.append(Window(start, keep, end))
            keep = end
            start = back(end, context, whole=False)
            room = budget - sum(lengths[start:end])
        room -= sum(lengths[end:b])
        end = b
    if end > keep:
        found.append(Window(start, keep, end))
    return found
