"""A comparison that is kept and brought up to date, against one made from nothing."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.stages.duplicates import Duplicates, Text, compare_shards, find_duplicates, relations, sign_documents, stored_comparison
from tests.stages.test_deduplicate import prose, respun, with_arrays

SOURCES = [prose(i, n) for i, n in enumerate((300, 300, 150, 60, 200))]
NOTICE, QUOTATION, SENTENCE = prose(90, 45), prose(91, 70), " ".join(prose(92, 24).split())


class Edition(NamedTuple):
    """What an article is made of."""

    source: int
    change: str
    seed: int
    day: int | None

    def text(self, name: str) -> Text:
        return Text(name, date(2022, 1, self.day) if self.day else None, wording(*self[:3]))


@cache
def wording(number: int, change: str, seed: int) -> str:
    source, r = SOURCES[number], random.Random(seed)
    own = "\n\n".join(prose(1000 + seed * 7 + k, 40) for k in range(4))
    return {
        "same": source,
        "typography": source.upper(),
        "edited": respun(source, 0.08, seed),
        "respun": respun(source, 0.22, seed),
        "cut": " ".join(source.split()[seed * 5 : seed * 5 + r.randrange(20, 120)]),
        "furnished": f"{NOTICE}\n\n{source}",
        "quoting": f"{own}\n\n{QUOTATION}",
        "notice": f"{own}\n\n{NOTICE}",
        "sentence": f"{own} {SENTENCE} {prose(2000 + seed, 60)} {' '.join(SENTENCE.split()[seed:])}",
        "own": own,
        "short": " ".join(source.split()[: seed + 15]),
        "empty": " … ",
    }[change]


CHANGES = ["same", "typography", "edited", "respun", "cut", "furnished", "quoting", "notice", "sentence", "own", "short", "empty"]
EDITIONS = st.builds(Edition, st.integers(0, len(SOURCES) - 1), st.sampled_from(CHANGES), st.integers(0, 9), st.none() | st.integers(1, 5))
BUILDS = st.lists(st.dictionaries(st.integers(0, 30), EDITIONS | st.none(), max_size=8), min_size=1, max_size=5)
N_SHARDS = 5


class Shards:
    """Shards of signatures in a folder, as the flow stores them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def __call__(self, texts: list[Text]) -> dict[str, Path]:
        shards: dict[str, Path] = {}
        for number in range(N_SHARDS):
            path = self.folder / "new"
            sign_documents(text for text in texts if int(text.document_id[1:]) % N_SHARDS == number).save(path)
            name = sha256(path.read_bytes()).hexdigest()
            shards[name] = path.replace(self.folder / name)
        return shards


def compared(folder: Path, texts: list[Text], version: str = "1", *, fresh: bool = False) -> Duplicates:
    """The texts compared by what the folder keeps."""
    return compare_shards(folder / "kept", Shards(folder)(texts), version, fresh)


def texts_of(editions: dict[int, Edition]) -> list[Text]:
    return [edition.text(f"d{number:02}") for number, edition in sorted(editions.items())]


@settings(max_examples=30, deadline=None)
@given(
    first=st.dictionaries(st.integers(0, 30), EDITIONS, max_size=30),
    builds=BUILDS,
    grown=st.sampled_from([0.05, 0.5, 100.0]),
    native=st.booleans(),
    large=st.sampled_from([0, stored_comparison.LARGE]),
)
def test_articles_added_edited_and_removed_give_what_a_comparison_from_nothing_gives(
    first: dict[int, Edition],
    builds: list[dict[int, Edition | None]],
    grown: float,
    native: bool,
    large: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("builds")
    editions = dict(first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_comparison, "GROWN", grown)
        patch.setattr(stored_comparison, "LARGE", large)
        if not native:
            with_arrays(patch)
        for build in [{}, *builds]:
            editions = {n: e for n, e in (editions | build).items() if e is not None}
            texts = texts_of(editions)
            assert compared(folder, texts) == find_duplicates(texts)


def news(n: int = 40) -> list[Text]:
    """Articles with all there is to be found."""
    return [Edition(i % 5, CHANGES[i % 12], i % 10, 1 + i % 4).text(f"d{i:02}") for i in range(n)]


def told_in(folder: Path) -> dict[str, str]:
    told: dict[str, str] = json.loads((folder / "kept" / "kept.json").read_text())["told"]
    return told


def test_shards_compared_before_are_not_read_again(tmp_path: Path) -> None:
    texts = news()
    compared(tmp_path, texts)
    old = set(Shards(tmp_path)(texts))
    texts.append(Edition(1, "edited", 3, None).text("d41"))
    shards = Shards(tmp_path)(texts)
    unchanged = old & set(shards)
    assert len(unchanged) == N_SHARDS - 1
    for name in unchanged:
        shards[name].unlink()
    assert compare_shards(tmp_path / "kept", shards, "1") == find_duplicates(texts)


def test_an_article_that_moves_to_another_shard_is_the_same_article(tmp_path: Path) -> None:
    texts = news()
    one = Shards(tmp_path)(texts)
    compare_shards(tmp_path / "kept", one, "1")
    path = tmp_path / "all"
    sign_documents(texts).save(path)
    assert compare_shards(tmp_path / "kept", {"all": path}, "1") == find_duplicates(texts)


def test_only_the_index_of_the_articles_that_came_since_is_written_anew(tmp_path: Path) -> None:
    texts = news()
    compared(tmp_path, texts)
    told = told_in(tmp_path)
    compared(tmp_path, [*texts, Edition(1, "edited", 3, None).text("d41")])
    now = told_in(tmp_path)
    assert now["large"] == told["large"]
    assert now["rest"] != told["rest"]
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {"kept.json", now["large"], now["rest"]}


@pytest.mark.parametrize("harm", ["json", "cut", "lost", "version", "fresh"])
def test_what_is_kept_damaged_or_by_other_code_is_not_used(harm: str, tmp_path: Path) -> None:
    texts = news()
    compared(tmp_path, texts)
    told = told_in(tmp_path)
    words = tmp_path / "kept" / told["large"] / "words"
    if harm == "json":
        (tmp_path / "kept" / "kept.json").write_text("{")
    elif harm == "cut":
        words.write_bytes(words.read_bytes()[:-100])
    elif harm == "lost":
        words.unlink()
    texts.append(Edition(1, "edited", 3, None).text("d41"))
    found = compared(tmp_path, texts, "2" if harm == "version" else "1", fresh=harm == "fresh")
    assert found == find_duplicates(texts)
    assert told_in(tmp_path)["large"] != told["large"]


def test_a_bit_flipped_in_any_file_that_is_kept_changes_no_row(tmp_path: Path) -> None:
    texts = news()
    added = [*texts, Edition(1, "edited", 3, None).text("d41")]
    expected = find_duplicates(added)
    compared(tmp_path, texts)
    compared(tmp_path, [*texts, Edition(2, "respun", 4, None).text("d42")])
    whole = tmp_path / "whole"
    (tmp_path / "kept").rename(whole)
    r, n = random.Random(1), 0
    for file in sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file()):
        shutil.copytree(whole, tmp_path / "kept")
        octets = bytearray((tmp_path / "kept" / file).read_bytes())
        at = r.randrange(len(octets))
        octets[at] ^= 1 << r.randrange(8)
        (tmp_path / "kept" / file).write_bytes(octets)
        assert compared(tmp_path, added) == expected, (file, at)
        shutil.rmtree(tmp_path / "kept")
        n += 1
    assert n > 40


def test_what_a_killed_build_left_behind_is_cleared_away(tmp_path: Path) -> None:
    texts = news()
    compared(tmp_path, texts)
    (tmp_path / "kept" / "0007").mkdir()
    (tmp_path / "kept" / "kept.json.new").write_text("{")
    found = compared(tmp_path, texts[1:])
    assert found == find_duplicates(texts[1:])
    assert len(list((tmp_path / "kept").iterdir())) == 3


@pytest.mark.parametrize("native", [True, False])
def test_pairs_that_are_compared_in_parts_on_two_threads_are_judged_as_all_of_them(native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not native:
        with_arrays(monkeypatch)
    whole = find_duplicates(news())
    monkeypatch.setattr(relations, "JUDGED", 2)
    assert find_duplicates(news()) == whole


def test_the_columns_of_the_passages_are_their_rows() -> None:
    passages = find_duplicates(news()).passages
    columns = passages.columns()
    assert len(passages) > 20
    assert list(zip(*(column.to_pylist() for column in columns.values()), strict=True)) == [
        tuple(getattr(row, name) for name in columns) for row in passages
    ]
