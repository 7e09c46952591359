"""The annotations edition holds no words of the articles; with the articles it becomes the full edition again, byte for byte."""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from qantar.corrections.corrections_file import load_corrections
from qantar.corrections.listing import list_corrections
from qantar.publish.rehydrate import rehydrate
from qantar.publish.release import make_release
from qantar.publish.verify import verify_build
from qantar.schema import TABLES
from qantar.settings import QantarError
from tests.corrections.ferry import HEADER
from tests.publish.harbour import ARTICLES, document_id, rows_of, write_build


@pytest.fixture(scope="module")
def edition(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(built, "1.0.0", tmp_path_factory.mktemp("releases"), edition="annotations").folder


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def everything_in(folder: Path) -> str:
    """All that the files of a release say, unpacked."""
    said = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix == ".parquet":
            said.append(str(pq.read_table(path).to_pylist()))
        elif path.suffix == ".gz":
            said.append(gzip.decompress(path.read_bytes()).decode())
        elif path.suffix == ".db":
            with closing(sqlite3.connect(path)) as connection:
                said += connection.iterdump()
        else:
            said.append(path.read_text("utf-8"))
    return "\n".join(said)


def test_the_annotations_edition_holds_no_three_words_of_an_article_in_a_row(edition: Path) -> None:
    said = " ".join(re.findall(r"\w+", everything_in(edition)))
    for text in ARTICLES.values():
        words = re.findall(r"\w+", text)
        held = [" ".join(words[i : i + 3]) for i in range(len(words) - 2) if f" {' '.join(words[i : i + 3])} " in said]
        assert held == []


def test_the_annotations_edition_is_whole_and_says_what_it_is(edition: Path) -> None:
    assert verify_build(edition) == []
    card = (edition / "README.md").read_text()
    assert "annotations edition" in card
    assert 'license: "cc-by-4.0"' in card


def test_with_the_articles_it_becomes_the_full_edition_byte_for_byte(edition: Path, built: Path, raw: Path, tmp_path: Path) -> None:
    result = rehydrate(edition, raw, tmp_path / "full")
    assert (result.is_whole, result.same_bytes, len(result.restored)) == (True, True, len(ARTICLES))
    for name in TABLES:
        part = Path("data", name, "part-00000.parquet")
        assert (tmp_path / "full" / part).read_bytes() == (built / part).read_bytes()
    assert (tmp_path / "full/qantar.db").read_bytes() == (built / "qantar.db").read_bytes()
    assert verify_build(tmp_path / "full") == []


def test_articles_are_found_under_other_names(edition: Path, raw: Path, tmp_path: Path) -> None:
    (raw / "deep").mkdir()
    (raw / "a.txt").rename(raw / "deep" / "renamed.txt")
    assert rehydrate(edition, raw, tmp_path / "full").is_whole


def test_a_missing_article_is_listed_and_the_others_are_restored(edition: Path, raw: Path, tmp_path: Path) -> None:
    (raw / "b.txt").unlink()
    result = rehydrate(edition, raw, tmp_path / "full")
    assert result.missing == (f"{document_id('b.txt')} (b.txt)",)
    assert set(result.restored) == {document_id("a.txt"), document_id("c.txt")}
    assert not result.is_whole
    texts = {row["source_path"]: row["text"] for row in pq.read_table(tmp_path / "full/data/documents").to_pylist()}
    assert texts["b.txt"] == ""
    assert texts["c.txt"].startswith("Quiet night")


def test_an_altered_article_is_listed(edition: Path, raw: Path, tmp_path: Path) -> None:
    (raw / "b.txt").write_text(ARTICLES["b.txt"].replace("angry", "happy"), "utf-8")
    result = rehydrate(edition, raw, tmp_path / "full")
    assert (result.altered, result.missing) == ((document_id("b.txt"),), ())


def test_a_release_that_has_its_texts_is_refused(built: Path, raw: Path, tmp_path: Path) -> None:
    with pytest.raises(QantarError, match="has its texts already"):
        rehydrate(built, raw, tmp_path / "full")


def test_a_release_of_other_tables_is_refused_with_the_version_that_fits(edition: Path, raw: Path, tmp_path: Path) -> None:
    older = Path(shutil.copytree(edition, tmp_path / "older"))
    package = (older / "datapackage.json").read_text()
    (older / "datapackage.json").write_text(package.replace('"name": "outlet"', '"name": "publisher"'))
    with pytest.raises(QantarError, match=r"those of Qantar 0\.1\.0; install"):
        rehydrate(older, raw, tmp_path / "full")


def test_a_folder_that_is_in_use_is_refused(edition: Path, raw: Path) -> None:
    with pytest.raises(QantarError, match="not empty"):
        rehydrate(edition, raw, raw)


def test_corrected_titles_come_back_with_the_corrections_and_no_other_title_without_them(raw: Path, tmp_path: Path) -> None:
    line = f"{document_id('a.txt')},documents,,,Port closes,title,Port shut,Ann,2022-03-01,typo"
    (raw / "corrections.csv").write_text(f"{HEADER}\n{line}\n", "utf-8")
    (fix,) = load_corrections(raw).fixes
    rows = rows_of(ARTICLES)
    documents = [replace(d, title="Port shut") if d.source_path == "a.txt" else d for d in rows["documents"]]
    corrections = list_corrections([fix], {fix.id: fix.document}, [fix.told("applied", row_id=fix.document)], {fix.document}, False)
    built = write_build(tmp_path / "build", documents=documents, corrections=corrections)
    edition = make_release(built, "1.0.0", tmp_path / "releases", edition="annotations").folder
    assert "Port shut" not in everything_in(edition)
    assert rehydrate(edition, raw, tmp_path / "full").is_whole
    assert (tmp_path / "full/qantar.db").read_bytes() == (built / "qantar.db").read_bytes()
    (raw / "corrections.csv").unlink()
    result = rehydrate(edition, raw, tmp_path / "without")
    assert set(result.differing) == {"documents", "corrections"}
    titles = {row["source_path"]: row["title"] for row in pq.read_table(tmp_path / "without/data/documents").to_pylist()}
    assert (titles["a.txt"], titles["b.txt"]) == (None, "Dockers walk out")
