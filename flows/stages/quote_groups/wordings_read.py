"""The wordings of all quotes in arrays: what was said is kept once, however many outlets carry it, and its words are numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qantar.stages.quote_groups.noted_words import light_words, note_wordings

if TYPE_CHECKING:
    import pyarrow as pa

Numbers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]

_PLACES = 1 << 20  # weights are multiples of one over this, so that their sums are exact: the same in any order, on any machine
LIGHT = round(0.2 * _PLACES) / _PLACES
"""Weight of words that carry no meaning."""


class Rows(NamedTuple):
    """Numbers in rows of any length, one after another."""

    ends: Numbers  # of each row, and before the first one
    values: Numbers

    @property
    def lengths(self) -> Numbers:
        """How many numbers each row has."""
        return np.diff(self.ends)

    def length(self, rows: Numbers) -> Numbers:
        """How many numbers some rows have."""
        return self.ends[rows + 1] - self.ends[rows]

    def row(self, n: int) -> Numbers:
        """One row."""
        return self.values[self.ends[n] : self.ends[n + 1]]


def spread(first: Numbers, lengths: Numbers) -> tuple[Numbers, Numbers]:
    """So many numbers from each of some first ones on, and for each number which one it follows."""
    of = np.repeat(np.arange(len(first)), lengths)
    return np.arange(len(of)) + (first - np.cumsum(lengths) + lengths)[of], of


class Texts(NamedTuple):
    """What was said, each text once and in the order of its words; words are numbered from the weightiest on."""

    words: Rows
    once: Rows  # each text's words in their order, each once
    times: Numbers  # how often each of these is said
    weights: NDArray[np.float64]  # of each word
    n_weighty: int  # words that carry meaning: the first ones
    is_figure: Booleans
    whole: NDArray[np.float64]  # weight of each text
    n_meaning: Numbers  # of each text's words, once, those that carry meaning
    n_figures: Numbers

    def short_and_long(self, a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
        """Of texts two by two, the shorter and the longer; of two of one length the first in order counts as the shorter."""
        a_is_short = self.words.length(a) * len(self.whole) + a <= self.words.length(b) * len(self.whole) + b
        return np.where(a_is_short, a, b), np.where(a_is_short, b, a)


class Wordings(NamedTuple):
    """All quotes that are evidence, in the order of their ids; documents and speakers are numbers."""

    quote_ids: pa.StringArray
    documents: Numbers
    speakers: Numbers  # places in `speaker_ids`; 0: unknown
    named: Numbers  # the same, 0 where the speaker is not sure
    speaker_ids: list[str]
    is_marked: Booleans
    is_block: Booleans
    text: Numbers  # which one of `texts`
    texts: Texts

    @property
    def lengths(self) -> Numbers:
        """How many words each has."""
        return self.texts.words.lengths[self.text]


def read_wordings(noted: Iterable[pa.Table]) -> Wordings:
    """The wordings that were noted, put in order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = pa.concat_tables([note_wordings([]), *noted]).unify_dictionaries().combine_chunks()
    table = table.take(pc.sort_indices(table.column("quote_id")))
    column = {name: table.column(name).chunk(0) for name in ("document_id", "speaker", "words")}
    speakers = column["speaker"].dictionary.to_pylist()
    speaker_ids = sorted({"", *speakers})
    place = {name: n for n, name in enumerate(speaker_ids)}
    number = np.array([place[name] for name in speakers])[column["speaker"].indices.to_numpy()]
    text, texts = _texts(column["words"])
    return Wordings(
        quote_ids=table.column("quote_id").chunk(0),
        documents=column["document_id"].indices.to_numpy().astype(np.int64),
        speakers=number,
        named=np.where(table.column("is_sure").to_numpy(), number, 0),
        speaker_ids=speaker_ids,
        is_marked=table.column("is_marked").to_numpy(),
        is_block=table.column("is_block").to_numpy(),
        text=text,
        texts=texts,
    )


def _texts(said: pa.ListArray) -> tuple[Numbers, Texts]:
    """Of lists of words, which text each is; and these texts."""
    spelled = said.values.dictionary.to_pylist()
    alphabetical = np.empty(len(spelled), np.int64)
    alphabetical[sorted(range(len(spelled)), key=spelled.__getitem__)] = np.arange(len(spelled))
    ends, size = said.offsets.to_pylist(), 4
    content = alphabetical[said.values.indices.to_numpy()].astype(">u4").tobytes()  # big-endian: bytes have the order of the words
    seen: dict[bytes, int] = {}
    met = [seen.setdefault(content[size * first : size * end], len(seen)) for first, end in pairwise(ends)]
    texts = sorted(seen)
    place = np.empty(len(texts), np.int64)
    place[[seen[text] for text in texts]] = np.arange(len(texts))
    words = Rows(np.cumsum([0, *(len(text) // size for text in texts)]), np.frombuffer(b"".join(texts), ">u4").astype(np.int64))
    return place[met], _weighed(sorted(spelled), words, np.bincount(place[met]))


def _weighed(spelled: Sequence[str], words: Rows, n_wordings: Numbers) -> Texts:
    """Texts of words numbered by the alphabet, and how often each text is said: their words are weighed, and numbered by their weights."""
    n, owner = len(spelled), np.repeat(np.arange(len(n_wordings)), words.lengths)
    pairs, times = np.unique(owner * n + words.values, return_counts=True)
    weights = _weights(spelled, np.bincount(pairs % n, n_wordings[pairs // n], n).tolist(), int(n_wordings.sum()))
    order = np.argsort(-weights, kind="stable")
    number = np.empty(n, np.int64)
    number[order] = np.arange(n)
    once = pairs // n * n + number[pairs % n]
    by_weight = np.argsort(once)
    (of, once), weights = np.divmod(once[by_weight], n), weights[order]
    n_weighty = int(np.count_nonzero(weights > LIGHT))
    is_figure = np.array([spelled[word][0].isdigit() for word in order.tolist()], np.bool_)
    return Texts(
        words._replace(values=number[words.values]),
        Rows(np.searchsorted(of, np.arange(len(n_wordings) + 1)), once),
        times[by_weight],
        weights,
        n_weighty,
        is_figure,
        np.bincount(of, weights[once] * times[by_weight]).astype(np.float64),
        np.bincount(of[once < n_weighty], minlength=len(n_wordings)),
        np.bincount(of[is_figure[once]], minlength=len(n_wordings)),
    )


def _weights(spelled: Sequence[str], having: Sequence[float], n: int) -> NDArray[np.float64]:
    """The weight of each word: light for words of the closed classes, else more the fewer of `n` wordings have it."""
    rarity = {count: round((1 + math.log((n + 1) / (count + 1)) / math.log(n + 2)) * _PLACES) / _PLACES for count in set(having)}
    light = light_words()
    return np.array([LIGHT if word in light else rarity[count] for word, count in zip(spelled, having, strict=True)])
