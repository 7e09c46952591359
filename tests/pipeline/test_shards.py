"""Shards: a folder cut so that many processes read it, and so that a new article changes one shard."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.pipeline.context import reading
from qantar.pipeline.plan import make_plan
from qantar.pipeline.shard_rows import rows_of
from qantar.pipeline.shard_tables import RawShard, sums_of_raw_texts, write_working_database
from qantar.pipeline.shards import Piece, count_records, cut_shards, hold_few
from qantar.pipeline.steps import read_shard
from qantar.schema import ARTICLES, TABLES, Article, Document
from qantar.settings import Corpus, QantarError, Settings
from qantar.stages.articles import list_sources, load_catalogue, read_articles
from qantar.stages.articles.slices import Slice, cut_lines, slice_digest
from qantar.stages.articles.versions import Renamed, Renaming, Repeat
from qantar.store.parquet import arrow_schema, write_rows
from tests.conftest import ROOT
from tests.handmade import row

WORDS = "The ministers met on Monday in the capital to talk about the price of bread and of fuel"


def record(n: int) -> str:
    return json.dumps({"text": f"{WORDS}, on day {n}.", "url": f"https://example.org/{n}"}) + "\n"


def write_lines(folder: Path, lines: list[str], name: str = "records.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(lines), "utf-8")
    return folder


def slices(path: Path, size: int) -> list[Slice]:
    return list(cut_lines(path, size, 2**20, hashlib.sha256()))


@settings(deadline=None)
@given(lines=st.lists(st.binary(max_size=9).map(lambda b: b.replace(b"\n", b""))), size=st.integers(1, 8), ends=st.booleans())
def test_slices_are_the_lines_of_the_file_one_after_the_other(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int, ends: bool
) -> None:
    path = tmp_path_factory.mktemp("lines") / "lines"
    data = b"\n".join(lines) + (b"\n" if ends else b"")
    path.write_bytes(data)
    whole = hashlib.sha256()
    found = list(cut_lines(path, size, 12, whole))
    assert whole.hexdigest() == hashlib.sha256(data).hexdigest()
    assert b"".join(data[part.start : part.end] for part in found) == data
    assert sum(part.n_lines for part in found) == data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))
    for part in found:
        assert part.before == data[: part.start].count(b"\n")
        assert part.sha256 == slice_digest(path, part)
        assert data[part.start - 1 : part.start] in (b"", b"\n")


def test_a_file_read_in_slices_gives_what_it_gives_as_a_whole(tmp_path: Path) -> None:
    lines = [record(n) for n in range(700)]
    lines[5], lines[300], lines[301], lines[699] = "no json\n", "\n", '["a list"]\n', json.dumps({"text": WORDS, "id": "the last"})
    raw = write_lines(tmp_path / "raw", lines)
    (source,), _ = list_sources(raw)
    shards = cut_shards(raw, [source])
    assert len(shards) > 2
    assert sum(map(count_records, shards)) == 700
    catalogue, corpus = load_catalogue(raw), Corpus()
    in_slices = [row for shard in shards for source, part in shard for row in read_articles(raw, source, catalogue, corpus, part)]
    assert in_slices == list(read_articles(raw, source, catalogue, corpus))
    assert sum(isinstance(row, Article) for row in in_slices) == 697


def read_in_shards(raw: Path, out: Path) -> tuple[list[tuple[str, str]], set[Path]]:
    """Id and record of each article as the flow reads a folder, and the folders of its shards."""
    plan = make_plan(Settings(raw=raw, out=out))
    shards = [shard for pieces in cut_shards(raw, plan.sources) for shard in read_shard(plan.context, pieces)]
    rows = [(a.document_id, shard.record(a.source_record)) for shard in shards for a in rows_of(shard.folder, "articles")]
    return rows, {shard.folder for shard in shards}


@pytest.mark.parametrize("at", [0, 500, 1000])
def test_a_record_that_is_added_makes_one_shard_new_and_the_numbers_of_all_below_it(tmp_path: Path, at: int) -> None:
    lines = [record(n) for n in range(1000)]
    lines[10] = json.dumps({"text": WORDS, "url": "https://example.org/own-id", "id": "7"}) + "\n"
    raw, out = write_lines(tmp_path / "raw", lines), tmp_path / "out"
    before, shards = read_in_shards(raw, out)
    write_lines(raw, [*lines[:at], record(9999), *lines[at:]])
    after, shards_after = read_in_shards(raw, out)
    assert len(shards) > 4
    assert len(shards_after - shards) <= 2
    assert [key for key, _ in before] == [key for i, (key, _) in enumerate(after) if i != at]
    (source,), _ = list_sources(raw)
    expected = [row for row in read_articles(raw, source, load_catalogue(raw), Corpus()) if isinstance(row, Article)]
    assert after == [(row.document_id, row.source_record) for row in expected]


@pytest.mark.parametrize(
    "line", ['{"text": "No address tells which article this is of all."}', "no json", '{"text": "As it is.", "id": "+3"}']
)
def test_where_an_articles_place_matters_it_is_kept(tmp_path: Path, line: str) -> None:
    lines = [record(n) for n in range(600)]
    lines[300] = line + "\n"
    raw = write_lines(tmp_path / "raw", lines)
    rows, _ = read_in_shards(raw, tmp_path / "out")
    assert rows == read_in_shards(raw, tmp_path / "out")[0]
    (source,), _ = list_sources(raw)
    expected = [row for row in read_articles(raw, source, load_catalogue(raw), Corpus()) if isinstance(row, Article)]
    assert rows == [(row.document_id, row.source_record) for row in expected]


@pytest.mark.parametrize("at", [0, 1000, 3000])
def test_a_new_line_changes_the_slice_that_it_stands_in_and_no_other(tmp_path: Path, at: int) -> None:
    lines = [record(n) for n in range(3000)]
    before = {part.sha256 for part in slices(write_lines(tmp_path, lines) / "records.jsonl", 64)}
    after = {part.sha256 for part in slices(write_lines(tmp_path, [*lines[:at], record(9999), *lines[at:]]) / "records.jsonl", 64)}
    assert len(before) > 20
    assert len(after - before) <= 2


def test_small_files_make_shards_together_and_a_new_one_changes_one(tmp_path: Path) -> None:
    for n in range(1000):
        (tmp_path / f"{n:04}.txt").write_text(f"{WORDS} {n}")
    write_lines(tmp_path, [record(1), record(2)], "two.jsonl")
    write_lines(tmp_path, [record(3)], "zero.jsonl")
    before = cut_shards(tmp_path, list_sources(tmp_path)[0])
    assert sum(map(count_records, before)) == 1003
    assert 1 < len(before) < 30
    (tmp_path / "0500a.txt").write_text(f"{WORDS} anew")
    after = cut_shards(tmp_path, list_sources(tmp_path)[0])
    assert sum(shard not in before for shard in after) <= 2


def test_a_file_that_is_not_what_it_was_is_not_read(tmp_path: Path) -> None:
    raw = write_lines(tmp_path / "raw", [record(n) for n in range(9)])
    (source,), _ = list_sources(raw)
    ((piece,),) = cut_shards(raw, [source])
    with reading(raw, {}, [piece, Piece(source)]):
        pass
    for changed in (piece, Piece(source)):
        write_lines(raw, [record(n) for n in range(9)])
        with pytest.raises(QantarError, match="changed while it was read"), reading(raw, {}, [changed]):
            write_lines(raw, [record(n) for n in range(1, 10)])
    with pytest.raises(QantarError, match="changed while it was read"):
        cut_shards(raw, [source])


def test_a_file_takes_no_more_memory_than_one_of_a_quarter_of_its_size(tmp_path: Path) -> None:
    """Both are longer than a shard may be; what is read in one process is what a worker holds at a time."""
    peaks = []
    for n in (50, 200):
        raw = tmp_path / f"of-{n}"
        write_lines(raw, [json.dumps({"id": f"a{i}", "text": (f"{WORDS} {i}. " * 10 + "\n\n") * 200}) + "\n" for i in range(n)])
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.build", "--read", raw], cwd=ROOT, capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout.split()[-1]))
    assert peaks[1] < 1.15 * peaks[0], peaks


def test_a_shard_without_any_article_is_no_fault_of_the_texts_that_expectations_need(tmp_path: Path) -> None:
    for table in (ARTICLES, TABLES["documents"]):
        pq.write_table(arrow_schema(table).empty_table(), tmp_path / f"{table.name}.parquet")
    write_working_database(tmp_path / "texts.db", [RawShard(tmp_path, Renaming(), tmp_path)])
    assert sqlite3.connect(tmp_path / "texts.db").execute("select count(*) from articles").fetchone() == (0,)


def test_raw_texts_of_some_documents_are_those_of_the_names_that_they_have_now(tmp_path: Path) -> None:
    texts = {"first": "One.", "second": "Two.", "third": "Three.", "fourth": "Four."}
    write_rows(tmp_path / "articles.parquet", ARTICLES, [row(Article, document_id="same", text=text) for text in texts.values()])
    write_rows(tmp_path / "documents.parquet", TABLES["documents"], [row(Document, document_id=key) for key in texts if key != "fourth"])
    names = {at: Renamed(key, str(at), "same") for at, key in enumerate(texts)}
    shard = RawShard(tmp_path, Renaming(articles=names, repeats={2: Repeat("2", "first")}), tmp_path)
    assert sums_of_raw_texts([shard]).keys() == {"first", "second"}
    write_working_database(tmp_path / "texts.db", [shard], ["second", "third", "fourth"])
    found = sqlite3.connect(tmp_path / "texts.db").execute("select document_id, text from articles").fetchall()
    assert found == [("second", "Two.")]


def test_a_folder_of_few_articles_is_known_but_for_files_of_many(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(f"{WORDS}, on day {n}.", "utf-8")

    def pieces() -> list[list[Piece]]:
        return cut_shards(tmp_path, list_sources(tmp_path)[0])

    assert hold_few(pieces(), 3)
    assert not hold_few(pieces(), 2)
    (tmp_path / "2.txt").unlink()
    (tmp_path / "table.csv").write_text("text\n", "utf-8")
    assert not hold_few(pieces(), 3)
