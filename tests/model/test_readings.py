"""What the network said of a text is kept under what it was given, and is the same when it comes from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from qantar.model.arrays import Floats
from qantar.model.pieces import Encoded, Window
from qantar.model.readings import Analysis, Name, Reading, Seen, anchor_of, pack, unpack
from qantar.model.runtime import Model
from qantar.pipeline.context import Readings

WORDS = ["Jane", "Mwangi", "told", "reporters", "in", "Nairobi", ":", "“", "We", "will", "not", "let", "prices", "rise", ".", "”"]
GAPS = ["", *[" "] * (len(WORDS) - 1)]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


class Kept:
    """A place where readings are kept, that counts what is read."""

    def __init__(self) -> None:
        self.found: dict[bytes, bytes] = {}
        self.n_read = 0

    def __call__(self, anchor: bytes, keys: Sequence[bytes], read: Callable[[int], bytes]) -> list[bytes]:
        for number, key in enumerate(keys):
            if key not in self.found:
                self.n_read += 1
                self.found[key] = read(number)
        return [self.found[key] for key in keys]


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
    seen = Seen(pieces, [0] * len(WORDS), [0] * len(WORDS), [0], [Window(0, 0, len(WORDS))])
    assert seen.key != seen._replace(hints=[1, *[0] * (len(WORDS) - 1)]).key


def test_names_and_their_scores_survive_as_they_are(model: Model) -> None:
    names = [Name(i, i + 1, label, score / 1000) for i, (label, score) in enumerate((("PERSON", 1), ("LOC", 997), ("DATE", 1000)))]
    last = [len(model.labels[head]) - 1 for head in ("upos", "tag", "lemma", "rel")]
    made = Reading(np.array([*([0, 1, n] for n in last), [0, 0, 1]]), names)
    again = unpack(pack(made, model.labels), model.labels)
    assert again.names == names
    assert again.words.tolist() == made.words.tolist()


SENTENCES = [[*f"Shop {n} of the old town , said the owner , sells bread , milk and {n} kinds of cheese".split(), "."] for n in range(60)]
"""Some windows of them."""


def analyse(model: Model, sentences: Sequence[Sequence[str]], keep: Readings | None = None, *, cut: int | None = None) -> Analysis:
    """A text of these sentences, of which the one at `cut` is cut in the middle."""
    words = list(chain.from_iterable(sentences))
    starts = [sum(map(len, sentences[:n])) for n in range(len(sentences))]
    if cut is not None:
        starts.insert(cut + 1, starts[cut] + len(sentences[cut]) // 2)
    return model.analyse(words, ["", *[" "] * (len(words) - 1)], starts, keep)


def test_of_a_changed_text_the_network_reads_the_windows_that_changed(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, runs, run = Readings(tmp_path, fresh=False), list[int](), model.network.run

    def counted(window: Encoded) -> dict[str, Floats]:
        runs.append(len(window.pieces))
        return run(window)

    monkeypatch.setattr(model.network, "run", counted, raising=False)

    def count(sentences: Sequence[Sequence[str]], cut: int | None = None) -> int:
        runs.clear()
        found = analyse(model, sentences, keep, cut=cut)
        n = len(runs)
        assert found == analyse(model, sentences, cut=cut)
        return n

    windows = count(SENTENCES)
    assert windows > 4
    assert count(SENTENCES) == 0
    assert 1 <= count(SENTENCES, cut=30) <= 2
    assert count(SENTENCES[:-1]) == 1
    assert 1 <= count([*SENTENCES[:50], SENTENCES[50][::-1], *SENTENCES[51:]]) <= 3
    assert 2 <= count([*SENTENCES[:45], list(chain.from_iterable(SENTENCES[45:]))]) <= 3, "a sentence that is longer than a window"


def test_a_text_has_one_anchor_however_its_sentences_are_cut_and_mostly_while_its_words_change() -> None:
    pieces = [(n * n % 1009 + 1, n % 7) for n in range(400)]
    seen = Seen(pieces, [0] * 400, [0] * 400, [0, 100, 200], [Window(0, 0, 400)])
    assert {anchor_of(seen._replace(sentences=[0, cut])) for cut in range(1, 400)} == {anchor_of(seen)}
    changed = [anchor_of(seen._replace(pieces=[*pieces[:n], (5000,), *pieces[n + 1 :]])) for n in range(400)]
    assert 0 < sum(anchor != anchor_of(seen) for anchor in changed) < 20
    assert len({anchor_of(seen._replace(pieces=pieces[n:])) for n in (0, 396, 397, 398, 399)}) == 5, "short texts have one, too"


def test_parts_are_looked_for_in_texts_that_share_an_anchor(model: Model, tmp_path: Path) -> None:
    keep = Readings(tmp_path, fresh=False)
    made: list[int] = []

    def read(number: int) -> bytes:
        made.append(number)
        return b"read"

    keep(b"anchor", [b"one", b"two"], read)
    keep(b"anchor", [b"one", b"three"], read)
    keep(b"another", [b"one"], read)
    Readings(tmp_path, fresh=True)(b"anchor", [b"one"], read)
    assert made == [0, 1, 1, 0, 0]
    for number in range(9):  # as many texts may quote one sentence
        keep(b"anchor", [b"%d" % number, b"alone"], read)
    made.clear()
    assert keep(b"anchor", [b"two", b"new", b"0"], read) == [b"read"] * 3
    assert made == [1]
