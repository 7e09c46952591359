"""Packed folders: their files are read as those of a folder, and nothing in them leads elsewhere."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qantar.schema import Article, Rejected
from qantar.settings import Corpus
from qantar.stages.articles import list_sources, load_catalogue, packed_folders, read_articles
from qantar.stages.articles.packed_folders import unpacked

DOCKERS = "Dockers at the port of Marenga went back to work on Thursday. “We are content,” said Ana Duarte, who leads the union."
ROAD = "The court opened the road to the village after the storm. The mayor said that the work took a week."
FILES = {
    "march/dockers.txt": DOCKERS,
    "march/list.csv": f'id,title,text\nn-1,Road,"{ROAD}"\nn-2,Dockers,"{DOCKERS} It was raining."\n',
    "corpus.toml": "no setting of this folder",
    "notes.xyz": "?",
    ".hidden.txt": DOCKERS,
    "__MACOSX/march/._dockers.txt": "\0\5\26\7",
}


def as_zip(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def as_tar(path: Path, files: dict[str, str]) -> Path:
    with tarfile.open(path, "w" if path.suffix == ".tar" else "w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def read(raw: Path) -> tuple[list[Article], list[Rejected]]:
    sources, rejected = list_sources(raw)
    rows = [row for source in sources for row in read_articles(raw, source, load_catalogue(raw), Corpus())]
    return [row for row in rows if isinstance(row, Article)], rejected + [row for row in rows if isinstance(row, Rejected)]


@pytest.mark.parametrize(("name", "write"), [("a.zip", as_zip), ("a.tar.gz", as_tar), ("A.TGZ", as_tar)])
def test_files_of_a_packed_folder_are_read_as_those_of_a_folder(tmp_path: Path, name: str, write: Callable[..., Path]) -> None:
    write(tmp_path / name, FILES)
    articles, rejected = read(tmp_path)
    assert [(a.source_path, a.source_record, a.title) for a in articles] == [
        (name, "march/dockers.txt", None),
        (name, "march/list.csv#n-1", "Road"),
        (name, "march/list.csv#n-2", "Dockers"),
    ]
    assert [a.text for a in articles][:2] == [DOCKERS, ROAD]
    assert not any(a.has_raw_offsets for a in articles)
    assert {row.source_record: row.reason for row in rejected} == {"corpus.toml": "unknown_format", "notes.xyz": "unknown_format"}


def test_two_folders_of_the_same_names_give_articles_of_their_own(tmp_path: Path) -> None:
    as_zip(tmp_path / "a.zip", {"1.txt": DOCKERS})
    as_zip(tmp_path / "b.zip", {"1.txt": ROAD})
    articles, _ = read(tmp_path)
    assert len({a.document_id for a in articles}) == 2


def test_a_packed_file_has_its_line_in_the_catalogue(tmp_path: Path) -> None:
    as_zip(tmp_path / "a.zip", FILES)
    (tmp_path / "articles.csv").write_text("path,outlet\na.zip/march/dockers.txt,Marenga Post\na.zip/gone.txt,Marenga Post\n")
    articles, _ = read(tmp_path)
    assert [a.outlet for a in articles] == ["Marenga Post", None, None]
    catalogue = load_catalogue(tmp_path)
    assert len(catalogue.told(["a.zip"])) == 2 + 1  # both lines, and those of addresses
    assert len(catalogue.told(["b.zip"])) == 1


@pytest.mark.parametrize(
    "name", ["../out.txt", "/out.txt", "a/../../out.txt", "..\\out.txt", "C:/out.txt", "x" * 250 + ".txt", "x/" * 500 + "x.txt"]
)
@pytest.mark.parametrize("write", [as_zip, as_tar])
def test_names_that_lead_elsewhere_are_refused_and_the_others_read(tmp_path: Path, name: str, write: Callable[..., Path]) -> None:
    path = write(tmp_path / ("a.zip" if write is as_zip else "a.tar"), {name: ROAD, "in.txt": DOCKERS})
    articles, rejected = read(tmp_path)
    assert [a.source_record for a in articles] == ["in.txt"]
    assert [row.reason for row in rejected] == ["unreadable"]
    assert sorted(tmp_path.iterdir()) == [path]


def test_links_are_not_followed(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("system.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    articles, rejected = read(tmp_path)
    assert not articles
    assert "is a link" in rejected[0].detail


def test_one_that_grows_beyond_all_texts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_folders, "_LEAST_EXPANDED", 2**16)
    as_zip(tmp_path / "a.zip", {"zeros.txt": "0" * 2**22})
    articles, rejected = read(tmp_path)
    assert not articles
    assert rejected[0].reason == "too_long"


def test_what_comes_before_the_damage_is_read(tmp_path: Path) -> None:
    path = as_tar(tmp_path / "a.tar", {"a.txt": DOCKERS, "b.txt": ROAD * 90})
    path.write_bytes(path.read_bytes()[:3_000])
    articles, rejected = read(tmp_path)
    assert [a.source_record for a in articles] == ["a.txt"]
    assert {row.reason for row in rejected} == {"broken_record"}


@pytest.mark.parametrize("name", ["a.tar", "a.tgz"])
def test_a_damaged_header_is_told_of(tmp_path: Path, name: str) -> None:
    path = as_tar(tmp_path / "a.tar", {"a.txt": DOCKERS, "b.txt": ROAD})
    data = bytearray(path.read_bytes())
    data[2 * 512 + 150] ^= 1  # the second header's checksum
    path.write_bytes(bytes(data) if name == "a.tar" else gzip.compress(data))
    path.rename(tmp_path / name)
    articles, rejected = read(tmp_path)
    assert [a.source_record for a in articles] == ["a.txt"]
    assert [row.reason for row in rejected] == ["broken_record"]


@pytest.mark.parametrize(("name", "write"), [("a.zip", as_zip), ("a.tar", as_tar)])
def test_one_without_files_is_told_of(tmp_path: Path, name: str, write: Callable[..., Path]) -> None:
    write(tmp_path / name, {})
    assert [row.reason for row in read(tmp_path)[1]] == ["empty"]


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"no archive"])
@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_what_is_no_packed_folder_is_refused_with_advice(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    (row,) = read(tmp_path)[1]
    assert row.reason == "broken_record"
    assert "download it again" in row.detail


def test_a_locked_file_is_told_of(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", {"a.txt": DOCKERS, "b.txt": ROAD})
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)
    articles, rejected = read(tmp_path)
    assert [a.source_record for a in articles] == ["b.txt"]
    assert [(row.source_record, row.reason) for row in rejected] == [("a.txt", "encrypted")]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_and_a_folder_within_are_told_of(tmp_path: Path) -> None:
    inner = as_zip(tmp_path / "inner", {"1.txt": ROAD}).read_bytes()
    (tmp_path / "inner").unlink()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", DOCKERS)
        archive.writestr("a.txt", ROAD)
        archive.writestr("inner.zip", inner)
        archive.writestr("folder/", "")
    articles, rejected = read(tmp_path)
    assert [a.text for a in articles] == [DOCKERS]
    assert {row.source_record: row.reason for row in rejected} == {"a.txt": "repeated_id", "inner.zip": "unknown_format"}


def test_names_in_other_scripts_are_kept(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", {"xxxxxxxxxxxx.txt": DOCKERS})
    path.write_bytes(path.read_bytes().replace(b"xxxxxxxxxxxx", "Алматы".encode()))  # UTF-8, and no flag that says so
    assert [a.source_record for a in read(tmp_path)[0]] == ["Алматы.txt"]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = as_zip(tmp_path / "a.zip", FILES)

    def first() -> Iterator[Path]:
        with unpacked(path, "zip") as (folder, _):
            yield folder

    assert next(first()).parent == tmp_path  # the reader ends before it has read all
    assert list(tmp_path.iterdir()) == [path]
