"""Versions have to say what changed; a release is the same bytes each time it is made."""

from __future__ import annotations

import csv
import gzip
import zipfile
from datetime import date
from pathlib import Path

import pytest

from qantar.publish.csv_tables import file_digest, write_checksums
from qantar.publish.diff import diff_builds, row_changes
from qantar.publish.release import make_release, parse_version
from qantar.publish.verify import verify_build
from qantar.settings import QantarError
from tests.publish.harbour import ARTICLES, CORPUS, rows_of, write_build


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """A build with another article."""
    return write_build(tmp_path / "more", ARTICLES | {"d.txt": "Strike ends\n\nThe port is open."})


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """A build with the same rows, one of them mended."""
    rows = rows_of(ARTICLES)
    return write_build(tmp_path / "mended", entities=[type(e)(**vars(e) | {"description": "mayor"}) for e in rows["entities"]])


def test_a_release_describes_itself_and_is_whole(built: Path, tmp_path: Path) -> None:
    released = make_release(built, "1.0.0", tmp_path / "out")
    assert released.folder.name == "harbour-1.0.0"
    assert verify_build(released.folder) == []
    assert not (released.folder / "run.json").exists()
    assert "version 1.0.0 (2026)" in (released.folder / "README.md").read_text()
    assert (released.folder / "CHANGES.md").read_text() == "# Changes\n\n## 1.0.0 (2026-11-22)\n\nFirst release.\n"


def test_the_same_build_and_version_give_the_same_archive(built: Path, build: Path, tmp_path: Path) -> None:
    first, again = make_release(built, "1.0.0", tmp_path / "a"), make_release(build, "1.0.0", tmp_path / "b")
    assert file_digest(first.archive) == file_digest(again.archive)
    assert file_digest(make_release(built, "1.0.0", tmp_path / "a").archive) == file_digest(again.archive)


def test_the_archive_holds_the_whole_release(built: Path, tmp_path: Path) -> None:
    released = make_release(built, "1.0.0", tmp_path / "out")
    with zipfile.ZipFile(released.archive) as packed:
        assert packed.testzip() is None
        packed.extractall(tmp_path / "unpacked")
    assert verify_build(tmp_path / "unpacked" / "harbour-1.0.0") == []
    digest, name = (tmp_path / "out" / "harbour-1.0.0.zip.sha256").read_text().split()
    assert (digest, name) == (file_digest(released.archive), released.archive.name)


def test_new_rows_need_a_minor_step(built: Path, more: Path, tmp_path: Path) -> None:
    make_release(built, "1.0.0", tmp_path)
    with pytest.raises(QantarError, match=r"1\.0\.1 says that only values .* but rows, columns or tables were added .* 1\.1\.0 would fit"):
        make_release(more, "1.0.1", tmp_path)
    released = make_release(more, "1.1.0", tmp_path)
    assert released.changes is not None
    assert released.changes.documents == {"added": 1, "changed": 0, "removed": 0}


def test_mended_values_need_a_patch(built: Path, mended: Path, tmp_path: Path) -> None:
    make_release(built, "1.0.0", tmp_path)
    with pytest.raises(QantarError, match=r"1\.0\.1 would fit, or give the reason"):
        make_release(mended, "1.1.0", tmp_path)
    make_release(mended, "1.0.1", tmp_path)


def test_a_greater_step_needs_a_reason_and_tells_it(built: Path, mended: Path, tmp_path: Path) -> None:
    make_release(built, "1.0.0", tmp_path)
    released = make_release(mended, "2.0.0", tmp_path, because="Descriptions now name the office alone.")
    assert "Descriptions now name the office alone." in (released.folder / "CHANGES.md").read_text()


def test_changed_ids_need_a_major_step(built: Path, tmp_path: Path) -> None:
    renamed = {("z.txt" if name == "c.txt" else name): text for name, text in ARTICLES.items()}
    moved = write_build(tmp_path / "moved", renamed)
    difference = diff_builds(built, moved)
    assert difference.step == "major"
    assert [table for table, _, _ in difference.new_ids] == ["documents"]


@pytest.mark.parametrize(
    ("version", "why"),
    [("0.9.0", "lower than 1.0.0"), ("1.3.0", "does not follow 1.0.0"), ("1.1", "not a version"), ("v1.1.0", "not a version")],
)
def test_a_version_out_of_order_is_refused(built: Path, more: Path, tmp_path: Path, version: str, why: str) -> None:
    make_release(built, "1.0.0", tmp_path)
    with pytest.raises(QantarError, match=why):
        make_release(more, version, tmp_path)


def test_a_version_is_never_given_twice(built: Path, more: Path, tmp_path: Path) -> None:
    make_release(built, "1.0.0", tmp_path)
    with pytest.raises(QantarError, match="released already, from another build"):
        make_release(more, "1.0.0", tmp_path)


def test_ten_comes_after_nine() -> None:
    assert parse_version("1.10.0") > parse_version("1.9.0")


def test_a_damaged_build_is_not_released(build: Path, tmp_path: Path) -> None:
    (build / "README.md").write_text("Trust me.")
    with pytest.raises(QantarError, match=r"damaged.*README\.md"):
        make_release(build, "1.0.0", tmp_path / "out")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_changes_pile_up_and_each_changed_row_is_told(built: Path, more: Path, tmp_path: Path) -> None:
    make_release(built, "1.0.0", tmp_path, released_on=date(2026, 1, 1))
    folder = make_release(more, "1.1.0", tmp_path, released_on=date(2026, 2, 1)).folder
    log = (folder / "CHANGES.md").read_text()
    assert log.index("## 1.1.0 (2026-02-01)") < log.index("## 1.0.0 (2026-01-01)")
    with gzip.open(folder / "changes.csv.gz", "rt") as file:
        told = {(row["table"], row["key"].split("-")[0], row["change"]) for row in csv.DictReader(file)}
    assert told == {(c.table, str(c.key[0]).split("-")[0], c.change) for c in row_changes(built, more)}


def test_an_older_layout_is_compared_by_its_columns(built: Path, build: Path) -> None:
    package = build / "datapackage.json"
    package.write_text(package.read_text().replace('"name": "outlet"', '"name": "publisher"'))
    write_checksums(build)
    assert [change.what for change in diff_builds(build, built).schema] == [
        "column `documents.publisher` is gone",
        "column `documents.outlet` is new",
    ]


def test_another_wording_of_a_description_is_a_fix(built: Path, build: Path) -> None:
    package = build / "datapackage.json"
    package.write_text(package.read_text().replace("Who published the article", "The paper"))
    difference = diff_builds(built, build)
    assert ([change.what for change in difference.schema], difference.step) == (
        ["column `documents.outlet` is described in other words"],
        "patch",
    )


def test_a_new_value_of_a_closed_set_is_minor_and_a_lost_one_major(built: Path, build: Path) -> None:
    package = build / "datapackage.json"
    package.write_text(package.read_text().replace('"signature"', '"letterhead"'))
    assert diff_builds(built, build).step == "major"
    package.write_text(package.read_text().replace('"letterhead"', '"signature", "letterhead"'))
    assert diff_builds(built, build).step == "minor"


def test_the_name_of_a_release_comes_from_the_corpus(built: Path, tmp_path: Path) -> None:
    released = make_release(built, "1.0.0", tmp_path, edition="annotations")
    assert released.folder.name == f"{CORPUS.name}-annotations-1.0.0"
