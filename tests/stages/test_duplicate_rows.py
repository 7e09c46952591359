"""Single conditions of how articles are compared that no example of `duplicate_examples.toml` can show: words, candidates, what is kept."""

from __future__ import annotations

import random
import shutil
import warnings
from datetime import date
from mmap import mmap
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from qantar.stages.duplicates import Signatures, Text, find_duplicates, further_copies, native, sign_documents, stored_comparison
from qantar.stages.duplicates.candidates import Pairs, find_candidates
from qantar.stages.duplicates.comparison import compare
from qantar.stages.duplicates.further_copies import _Beside, _have_a_frame
from qantar.stages.duplicates.hashed_words import find_words
from qantar.stages.duplicates.index import Index, Segment, rank
from qantar.stages.duplicates.mapped_arrays import MAPPED, give_back, read_arrays, write_arrays
from qantar.stages.duplicates.relations import Verdicts
from qantar.stages.duplicates.shared_wording import _order
from qantar.stages.duplicates.signatures import RESERVED, RESERVING, _batches, _Column
from tests.conftest import leave_out
from tests.stages.test_comparison import Shards, compared, told_in
from tests.stages.test_deduplicate import LETTERS, prose, with_arrays
from tests.stages.test_duplicate_examples import TEXTS

FERRY, WELL, MILL, SCHOOL = (TEXTS[name] for name in ("ferry", "well", "mill", "school"))
TWINS = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "arrays"])


def texts(*written: str) -> list[Text]:
    return [Text(f"d{number:02}", None, text) for number, text in enumerate(written)]


# --- words and shingles ------------------------------------------------------------------------------------------------


@TWINS
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("café", "CAFE\u0301"),
        ("soft\u00adly and zero\u200bwidth", "softly and zerowidth"),
        ("\u0301", ""),
        ("½ Ⅷ ﬁn", "12 vii fin"),
        ("a\u00a0b — c…d", "a b c d"),
        ("x" * 256 + "a", "x" * 256 + "b"),
    ],
)
def test_texts_with_the_same_words(one: str, other: str, compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled:
        with_arrays(monkeypatch)
    words = [find_words([text])[0].tolist() for text in (one, other)]
    assert words[0] == words[1]


@TWINS
@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("a Bc. De", [0, 1, 2]),
        ("a Éb ạ Ạb", [0, 1, 0, 1]),
        ("a 𝐀b 你", [0, 1, 0]),
        ("a 1b “Cd", [0, 3, 2]),
        ("a राम", [0, 0]),
        ("a 〜Cd", [0, 1]),
        ("a ≜Cd", [0, 1]),
        ("a ”Cd", [0, 1]),
    ],
)
def test_letter_cases_of_words(text: str, cases: list[int], compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiled:
        with_arrays(monkeypatch)
    assert (find_words([text])[3] >> 5).tolist() == cases


def test_texts_are_read_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qantar.stages.duplicates.signatures.BATCH_CHARACTERS", 100)
    assert [len(batch) for batch in _batches(texts("x" * 60, "x" * 60, "x" * 200, "x"))] == [2, 1, 1]


def test_the_sample_of_each_article_depends_on_its_own_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    written = (FERRY, "no boat left " * 50, "no boat", "it is a short text " * 3, prose(5, 700))
    compiled = sign_documents(texts(*written)).arrays()
    with_arrays(monkeypatch)
    whole = sign_documents(texts(*written))
    assert all(np.array_equal(column, compiled[name]) for name, column in whole.arrays().items())
    for number, text in enumerate(written):
        alone, part = (s.arrays() for s in (sign_documents(texts(text)), whole.take(np.array([number]))))
        for name in ("words", "sampled", "hashes", "digests"):
            assert np.array_equal(alone[name], part[name]), (number, name)
    halves = [sign_documents(texts(*written)[:2]), sign_documents(texts(*written)[2:])]
    joined = Signatures.join(halves).arrays()
    assert all(np.array_equal(column, joined[name]) for name, column in whole.arrays().items())


def test_what_is_one_part_is_not_copied() -> None:
    """All signatures of a build may be a gigabyte."""
    one = sign_documents(texts(FERRY, WELL))
    assert Signatures.join([one]) is one
    segment = Segment.sort(one, rank(one))
    assert Index([segment]).gather(np.array([0]), np.array([1]))[0] is one
    verdicts = Verdicts.none()._replace(keys=np.array([1]))
    assert verdicts.join(Verdicts.none()) is verdicts
    assert Verdicts.none().join(verdicts) is verdicts


def test_a_column_that_has_outgrown_a_megabyte_is_seldom_copied() -> None:
    small, large = (_Column(np.zeros(n, np.int64)) for n in (10, RESERVING // 8))
    for column in (small, large):
        column.add(np.zeros(1, np.int64), 0)
    assert [column._room.nbytes for column in (small, large)] == [2 * 11 * 8, RESERVED]


# --- candidates and runs -----------------------------------------------------------------------------------------------


def test_candidates_share_enough_all_over_by_compiled_code_and_by_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the last two begin alike, and each goes on as another one does; of the last two, one says again what the other says."""
    own = [f"{prose(1, 70)} {prose(10 + number // 2, 150)} {prose(30 + number, 50)}" for number in range(12)]
    signatures = sign_documents(texts(*own, f"{FERRY} {FERRY} {FERRY}", FERRY))
    found = []
    for compiled in (True, False):
        if not compiled:
            with_arrays(monkeypatch)
            monkeypatch.setattr("qantar.stages.duplicates.candidates.POSTINGS", 40)  # at a time
        ranks = rank(signatures)
        segment = Segment.sort(signatures, ranks)
        found.append(find_candidates(segment.postings, ranks, signatures.sizes, np.ones(len(signatures), bool)).keys().tolist())
    assert found[0] == found[1] == [number << 32 | number + 1 for number in range(0, 14, 2)]


def test_hashes_that_differ_in_their_last_bits_alone_are_sorted() -> None:
    assert _order(np.array([3, 1, 2, 1], np.uint64)).tolist() == [1, 3, 2, 0]


@pytest.mark.parametrize(
    ("own", "found"),
    [
        (" ".join(f"{word} so" for word in FERRY.split()), False),  # no run in common
        (FERRY.replace(". ", ". Olaf Brandt agreed at once. "), True),
        (f"Read this at home. {FERRY} And never miss another tide.", False),  # around it
        (FERRY.replace(". ", ". Olaf Brandt agreed at once. ")[: len(FERRY)], False),  # and cut
        ("no boat left " * 60, False),
    ],
)
def test_words_inserted_all_over_an_article_make_it_no_copy_of_others(own: str, found: bool) -> None:
    third = "no boat left " * 20 if own.startswith("no boat") else FERRY
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert further_copies._has_insertions(sign_documents(texts(third, own)), 1, 0) == found


def test_a_copy_is_no_third_where_one_of_two_fills_in_a_frame_with_others() -> None:
    keys, third = Pairs(np.array([1, 3, 8]), np.array([2, 4, 9])).keys(), np.array([0, 5, 10])
    templates = Pairs(np.array([1, 1, 3, 8]), np.array([2, 6, 6, 11])).keys()
    copies = np.sort(Pairs(np.array([1, 2, 0, 3, 4, 5, 11]), np.array([0, 0, 6, 5, 5, 7, 10])).keys())
    assert _have_a_frame(_Beside(keys, np.ones(3), third), templates, copies).tolist() == [False, True, False]


# --- rows ----------------------------------------------------------------------------------------------------------------


def pieces(seed: int, *, n: int = 24) -> list[Text]:
    """Articles made of the same pieces, cut anywhere, with words of their own between them; some are copies, some begin or end alike."""
    r = random.Random(seed)

    def own(n: int) -> list[str]:
        return ["".join(r.choices(LETTERS, k=6)) for _ in range(n)]

    known = [own(r.randint(18, 60)) for _ in range(8)]
    made = []
    for _ in range(n):
        words: list[str] = []
        for _ in range(r.randint(1, 6)):
            piece = r.choice(known)
            words += piece[r.choice([0, 0, r.randrange(len(piece))]) :] + r.choice([[], own(r.randint(1, 60))])
        made.append(" ".join(words))
    return [Text(f"d{number:02}", None, text) for number, text in enumerate(made)]


@pytest.mark.parametrize("seed", [1, 2])
def test_articles_of_the_same_pieces_are_compared_alike_by_compiled_code_and_by_arrays(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = find_duplicates(pieces(seed))
    assert len(expected.passages) > 20
    with_arrays(monkeypatch)
    monkeypatch.setattr("qantar.stages.duplicates.shared_wording.RUNS", 300)
    found = find_duplicates(pieces(seed))
    assert found == expected
    for passage in found.passages:
        assert passage.n_documents == len({other.document_id for other in found.passages if other.passage_id == passage.passage_id})


@TWINS
def test_articles_that_come_and_go_leave_what_a_comparison_from_nothing_finds(
    compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = [TEXTS["ferry"].replace("Ostmark", place).replace("Quill", who) for place, who in (("Ostmark", "Quill"), ("Lindau", "Roth"))]
    made = [*pieces(3, n=20), Text("d20", None, frame[0]), Text("d21", None, frame[1]), Text("d22", None, FERRY.replace("cart", "coach"))]
    monkeypatch.setattr(stored_comparison, "GROWN", 0.9)
    if not compiled:
        with_arrays(monkeypatch)
    for gone in ((3, 20), (4, 5), (), (0, 1, 2, 21), (7, 22, 9), (10, 11, 12, 13), ()):
        some = [text for number, text in enumerate(made) if number not in gone]
        assert compared(tmp_path, some) == find_duplicates(some)


def test_articles_with_the_same_words_are_compared_once() -> None:
    assert compare(sign_documents(texts(FERRY, FERRY, FERRY.upper()))).candidates.keys().tolist() == []


def test_rows_are_equal_to_any_sequence_of_them_and_their_columns_have_types_even_without_any() -> None:
    found = find_duplicates([])
    assert found.duplicates == [] == found.templates
    assert found.duplicates != {}
    columns = find_duplicates(texts(FERRY, FERRY.upper())).duplicates.columns()
    assert [str(columns[name].type) for name in ("document_id", "similarity", "margin")] == ["string", "double", "double"]
    assert columns["margin"].type == pa.float64()


# --- what is kept ------------------------------------------------------------------------------------------------------


def root(array: np.ndarray[Any, Any]) -> Any:
    base: Any = array
    while isinstance(base, np.ndarray) and base.base is not None:
        base = base.base
    return base


def test_arrays_are_mapped_where_they_are_large_and_summed_when_they_are_read(tmp_path: Path) -> None:
    arrays = {"small": np.arange(9), "large": np.arange(MAPPED)}
    write_arrays(tmp_path / "kept", arrays)
    found = read_arrays(tmp_path / "kept")
    assert {name: isinstance(root(array), mmap) for name, array in found.items()} == {"small": False, "large": True}
    give_back(found.values())
    written = np.memmap(tmp_path / "kept" / "large", np.int64, "c")
    written[0] = 7  # in memory alone, until that is given back
    give_back([written])
    assert written[0] == 0
    assert all(np.array_equal(array, arrays[name]) for name, array in found.items())
    for name, at in (("small", 8), ("large", 70_000), ("arrays.json", -5)):
        folder = shutil.copytree(tmp_path / "kept", tmp_path / name)
        octets = bytearray((folder / name).read_bytes())
        octets[at] ^= 1
        (folder / name).write_bytes(octets)
        with pytest.raises(ValueError, match="damaged"):
            read_arrays(folder)


NEWS = texts(FERRY, WELL, f"{WELL} {MILL}", f"{FERRY} {SCHOOL}", MILL, FERRY.replace("horse", "mule"), SCHOOL, f"{MILL} {SCHOOL}", prose(3))
MORE = [*NEWS, Text("d09", None, WELL.replace("buckets", "pails"))]


def never(*_: Any, **__: Any) -> None:
    raise AssertionError


def test_few_articles_are_compared_in_memory_and_many_where_they_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = find_duplicates(NEWS)
    with monkeypatch.context() as patch:
        patch.setattr(stored_comparison, "_load_mapped", never)
        assert compared(tmp_path / "few", NEWS) == expected
    monkeypatch.setattr(stored_comparison, "LARGE", 0)
    monkeypatch.setattr(stored_comparison, "compare", never)
    assert compared(tmp_path / "many", NEWS) == expected
    assert [path.name for path in (tmp_path / "many" / "kept").glob("*/small.*")] == []


def test_few_that_come_are_compared_with_what_is_kept_and_many_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared(tmp_path, NEWS)
    large = told_in(tmp_path)["large"]
    with monkeypatch.context() as patch:
        patch.setattr(stored_comparison, "update", never)
        assert compared(tmp_path, NEWS[:5]) == find_duplicates(NEWS[:5])
        patch.undo()
        compared(tmp_path, NEWS)
    monkeypatch.setattr(stored_comparison, "GROWN", 0.3)
    monkeypatch.setattr(stored_comparison, "compare", never)
    shards = Shards(tmp_path)(NEWS)
    now = Shards(tmp_path)(MORE)
    for name in set(shards) & set(now):
        now[name].unlink()  # they are not read again
    large = told_in(tmp_path)["large"]
    assert stored_comparison_of(tmp_path, now) == find_duplicates(MORE)
    assert told_in(tmp_path)["large"] == large
    for count in (8, 7, 6):
        assert compared(tmp_path, MORE[-count:]) == find_duplicates(MORE[-count:])
    assert told_in(tmp_path)["large"] != large
    assert len(list((tmp_path / "kept").iterdir())) == 3


@pytest.mark.parametrize(
    "now",
    [
        Text("d04", date(2022, 1, 1), MILL),
        Text("d04", None, MILL, "mill"),
        Text("d04", None, MILL.replace("wheel", "stone")),
        Text("d04", None, MILL.replace(". ", ".  ")),
        Text("d04", None, MILL.replace("glass", "gla\u0301ss").replace("a\u0301", "á")),
        Text("d04", None, MILL.replace("brandy", "bran\u00addy")),
        Text("d04", None, MILL.replace("the miller", "The miller")),
    ],
    ids=["day", "id", "word", "space", "accent", "soft hyphen", "capital"],
)
def test_an_article_of_which_anything_has_changed_is_looked_at_again(now: Text, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_comparison, "GROWN", 0.5)
    compared(tmp_path, NEWS)
    monkeypatch.setattr(stored_comparison, "compare", never)
    changed = [now if text.document_id == now.document_id else text for text in NEWS]
    found = stored_comparison.compare_kept(tmp_path / "kept", Shards(tmp_path)(changed), "1")
    (at,) = np.flatnonzero(found.alive & (found.index.document_ids == now.document_id))
    kept, fresh = found.index.take(np.array([at])).arrays(), sign_documents([now]).arrays()
    assert all(np.array_equal(column, kept[name]) for name, column in fresh.items())


def test_what_other_code_has_kept_is_not_used_nor_anything_where_all_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared(tmp_path, NEWS)
    monkeypatch.setattr(stored_comparison, "update", never)
    assert compared(tmp_path, MORE, "2") == find_duplicates(MORE)
    assert compared(tmp_path, NEWS, "2", fresh=True) == find_duplicates(NEWS)


def stored_comparison_of(folder: Path, shards: dict[str, Path]) -> Any:
    from qantar.stages.duplicates import compare_shards

    return compare_shards(folder / "kept", shards, "1")


# --- compiled code -----------------------------------------------------------------------------------------------------


def test_what_was_compiled_of_other_sources_is_not_used(tmp_path: Path) -> None:
    if native.native is None:
        leave_out("the comparison was not compiled")
    folder = Path(native.__file__).parent
    for source in folder.glob("*.[ch]"):
        shutil.copy(source, tmp_path)
    digest = native.native.SOURCES
    assert native.is_compiled_of(digest, folder)
    assert native.is_compiled_of(digest, tmp_path)
    with (tmp_path / "words.c").open("a") as file:
        file.write("\n")
    assert not native.is_compiled_of(digest, tmp_path)
    (empty := tmp_path / "as installed").mkdir()
    assert native.is_compiled_of(digest, empty)
