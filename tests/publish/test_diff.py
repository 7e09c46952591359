"""Two builds are compared row by row, and by document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qantar.publish.diff import diff_builds, document_changes, row_changes
from qantar.settings import QantarError
from tests.publish.harbour import ARTICLES, document_id, rows_of, write_build


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build in which a.txt is as it was, b.txt has another word, c.txt is gone and d.txt is new."""
    articles = ARTICLES | {"b.txt": ARTICLES["b.txt"].replace("angry", "happy"), "d.txt": "Strike ends\n\nThe port is open."}
    del articles["c.txt"]
    return write_build(tmp_path_factory.mktemp("other") / "build", articles)


def test_a_build_does_not_differ_from_itself(built: Path) -> None:
    difference = diff_builds(built, built)
    assert difference.is_same
    assert "No row has changed" in difference.summary()


def test_rows_are_counted_by_table_with_the_columns_that_changed(built: Path, other: Path) -> None:
    tables = {t.table: t for t in diff_builds(built, other).tables}
    documents = tables["documents"]
    assert (documents.added, documents.changed, documents.removed) == (1, 1, 1)
    assert documents.columns == {"source_sha256": 1, "text": 1, "text_sha256": 1}
    assert tables["mentions"].is_same


def test_the_summary_and_the_json_say_the_same(built: Path, other: Path) -> None:
    difference = diff_builds(built, other)
    assert "Documents: 1 added, 1 changed, 1 removed." in difference.summary()
    assert "| `documents` | 3 | 3 | 1 | 1 | 1 |" in difference.summary()
    told = json.loads(json.dumps(difference.to_json()))
    assert (told["same"], told["documents"]) == (False, {"added": 1, "changed": 1, "removed": 1})


def test_documents_are_added_changed_or_removed(built: Path, other: Path) -> None:
    changes = {change.document_id: change.change for change in document_changes(built, other)}
    assert changes == {document_id("b.txt"): "changed", document_id("c.txt"): "removed", document_id("d.txt"): "added"}


def test_all_documents_of_the_first_build_are_added(built: Path) -> None:
    assert {change.change for change in document_changes(None, built)} == {"added"}


def test_a_document_has_changed_when_only_its_annotations_have(built: Path, tmp_path: Path) -> None:
    rows = rows_of(ARTICLES)
    first, *others = rows["mentions"]
    relabelled = write_build(tmp_path / "relabelled", mentions=[type(first)(**vars(first) | {"label": "ORG"}), *others])
    assert [change.document_id for change in document_changes(built, relabelled)] == [first.document_id]


def test_a_document_has_not_changed_when_only_its_place_in_a_file_has(built: Path, tmp_path: Path) -> None:
    """Else one line more in a file of records would be news of all its articles."""
    first, *others = rows_of(ARTICLES)["documents"]
    beside = type(first)(**vars(first) | {"source_sha256": "0" * 64, "source_record": "2"})
    moved = write_build(tmp_path / "moved", documents=[beside, *others])
    assert document_changes(built, moved) == []
    assert {t.table: t.columns for t in diff_builds(built, moved).tables}["documents"] == {"source_record": 1, "source_sha256": 1}


def test_both_documents_have_changed_when_a_row_went_from_one_to_the_other(built: Path, tmp_path: Path) -> None:
    rows = rows_of(ARTICLES)
    first, *others = rows["mentions"]
    other = next(row.document_id for row in rows["documents"] if row.document_id != first.document_id)
    moved = write_build(tmp_path / "moved", mentions=[type(first)(**vars(first) | {"document_id": other}), *others])
    for pair in ((built, moved), (moved, built)):
        assert {change.document_id for change in document_changes(*pair)} == {first.document_id, other}


def test_each_changed_row_is_told_by_its_key(built: Path, other: Path) -> None:
    quoted = [c for c in row_changes(built, other) if c.table == "quote_group_members"]
    assert quoted == []
    removed = {c.key[0] for c in row_changes(built, other) if c.table == "sentences" and c.change == "removed"}
    assert removed == {f"{document_id('c.txt')}-s0", f"{document_id('c.txt')}-s1"}


def test_a_folder_that_is_no_build_is_a_clear_error(built: Path, tmp_path: Path) -> None:
    with pytest.raises(QantarError, match=r"no qantar\.db"):
        diff_builds(built, tmp_path)
