"""What the network said of a text is kept under what it was given, and is the same when it comes from there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qantar.model.readings import Analysis, Name, Seen, pack, unpack
from qantar.model.runtime import Model

WORDS = ["Jane", "Mwangi", "told", "reporters", "in", "Nairobi", ":", "“", "We", "will", "not", "let", "prices", "rise", ".", "”"]
GAPS = ["", *[" "] * (len(WORDS) - 1)]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


class Kept:
    """A place where readings are kept, that counts what is read."""

    def __init__(self) -> None:
        self.found: dict[tuple[bytes, ...], bytes] = {}
        self.n_read = 0

    def __call__(self, key: list[bytes], read: Callable[[], bytes]) -> bytes:
        if tuple(key) not in self.found:
            self.n_read += 1
            self.found[tuple(key)] = read()
        return self.found[tuple(key)]


def test_a_reading_is_the_same_from_where_it_is_kept(model: Model) -> None:
    kept = Kept()
    made = model.analyse(WORDS, GAPS, [0, 7])
    assert made.names
    assert model.analyse(WORDS, GAPS, [0, 7], kept) == made
    assert model.analyse(WORDS, GAPS, [0, 7], kept) == made
    assert kept.n_read == 1


@pytest.mark.parametrize(
    ("words", "gaps", "sentences"),
    [(["Joan", *WORDS[1:]], GAPS, [0, 7]), (WORDS, ["", "\n", *GAPS[2:]], [0, 7]), (WORDS, GAPS, [0]), (WORDS, GAPS, [0, 8])],
)
def test_another_word_gap_or_sentence_is_read_anew(model: Model, words: list[str], gaps: list[str], sentences: list[int]) -> None:
    kept = Kept()
    model.analyse(WORDS, GAPS, [0, 7], kept)
    assert model.analyse(words, gaps, sentences, kept) == model.analyse(words, gaps, sentences)
    assert kept.n_read == 2


def test_other_hints_of_the_lexicon_are_read_anew(model: Model) -> None:
    pieces = [model.vocabulary.pieces(word) for word in WORDS]
    seen = Seen(pieces, [0] * len(WORDS), [0] * len(WORDS), [0])
    assert seen.key != seen._replace(hints=[1, *[0] * (len(WORDS) - 1)]).key


def test_names_and_their_scores_survive_as_they_are(model: Model) -> None:
    names = [Name(i, i + 1, label, score / 1000) for i, (label, score) in enumerate((("PERSON", 1), ("LOC", 997), ("DATE", 1000)))]
    analysis = Analysis(names, ["NOUN"] * 3, [model.labels["tag"][0]] * 3, [model.labels["lemma"][-1]] * 3, [0, 0, 1], ["root"] * 3)
    assert unpack(pack(analysis, model.labels), model.labels) == analysis
    assert len(pack(analysis, model.labels)) < 100
