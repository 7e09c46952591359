"""A takedown is written where every later build reads it, and purging leaves no copy behind."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from qantar.corrections.corrections_file import load_corrections, make_fix
from qantar.explorer.editor import Editor
from qantar.publish.takedown import describe_purge, load_takedowns, purge, take_down
from qantar.quality.audit_sheet import read_sheet, write_sheet
from qantar.schema import Duplicate, Takedown
from qantar.settings import QantarError
from tests.handmade import sha256
from tests.publish.harbour import ARTICLES, document_id, write_build

DAY = date(2026, 11, 22)


def test_a_document_is_taken_down_by_id_or_path(built: Path, tmp_path: Path) -> None:
    removal = take_down(tmp_path, built, "a.txt", "the author asked", DAY)
    assert [r.row for r in removal.removed] == [Takedown(document_id=document_id("a.txt"), removed_on=DAY, reason="the author asked")]
    assert load_takedowns(tmp_path) == removal.removed
    assert take_down(tmp_path, built, document_id("b.txt"), "a court order, “final”", DAY).removed[0] in load_takedowns(tmp_path)
    assert len(load_takedowns(tmp_path)) == 2


def test_the_text_is_known_by_its_hash_alone(built: Path, tmp_path: Path) -> None:
    take_down(tmp_path, built, "c.txt", "asked", DAY)
    written = (tmp_path / "takedowns.csv").read_text()
    assert sha256(ARTICLES["c.txt"]) in written
    assert "Quiet" not in written


def test_doing_it_twice_changes_nothing(built: Path, tmp_path: Path) -> None:
    take_down(tmp_path, built, document_id("a.txt"), "asked", DAY)
    before = (tmp_path / "takedowns.csv").read_bytes()
    take_down(tmp_path, built, document_id("a.txt"), "asked again", date(2027, 1, 1))
    assert (tmp_path / "takedowns.csv").read_bytes() == before


def test_the_same_text_under_another_name_goes_too_and_near_copies_are_told(tmp_path: Path) -> None:
    copies = ARTICLES | {"a2.txt": ARTICLES["a.txt"]}
    near = Duplicate(document_id=document_id("b.txt"), canonical_id=document_id("a.txt"), kind="near", similarity=0.8, method="test")
    build = write_build(tmp_path / "build", copies, duplicates=[near])
    removal = take_down(tmp_path, build, "a.txt", "asked", DAY)
    assert {r.document_id for r in removal.removed} == {document_id("a.txt"), document_id("a2.txt")}
    assert removal.repeats == [document_id("b.txt")]


@pytest.mark.parametrize(("document", "reason", "error"), [("nobody", "asked", "is not a document of"), ("a.txt", "  ", "needs a reason")])
def test_what_cannot_be_taken_down_is_a_clear_error(built: Path, tmp_path: Path, document: str, reason: str, error: str) -> None:
    with pytest.raises(QantarError, match=error):
        take_down(tmp_path, built, document, reason, DAY)
    assert not (tmp_path / "takedowns.csv").exists()


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("abc,2026-01-01,asked," + "0" * 64, "line 2: document_id is 'abc'"),
        ("0123456789ab,yesterday,asked," + "0" * 64, "line 2: removed_on"),
        ("0123456789ab,2026-02-31,asked," + "0" * 64, "not a day"),
        ("0123456789ab,2026-01-01,," + "0" * 64, "line 2: reason"),
        ("0123456789ab,2026-01-01,asked", "line 2: text_sha256"),
    ],
)
def test_a_broken_line_stops_the_build_for_no_takedown_may_be_lost(tmp_path: Path, line: str, error: str) -> None:
    (tmp_path / "takedowns.csv").write_text(f"document_id,removed_on,reason,text_sha256\n{line}\n")
    with pytest.raises(QantarError, match=error):
        load_takedowns(tmp_path)


def test_a_folder_without_the_file_has_no_takedowns(tmp_path: Path) -> None:
    assert load_takedowns(tmp_path) == []


def test_purging_deletes_earlier_builds_that_hold_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    whole = write_build(out / "builds" / "one")
    others = {name: text for name, text in ARTICLES.items() if name != "a.txt"}
    without = write_build(out / "builds" / "two", others)
    (out / "latest").symlink_to("builds/two")
    removed = take_down(tmp_path, whole, "a.txt", "asked", DAY).removed
    released = write_build(out / "releases" / "harbour-1.0.0")
    assert purge(tmp_path, out, removed) == ([whole], 0, 0, [released], [])
    assert (without / "qantar.db").exists()
    assert released.exists()
    assert not whole.exists()


def test_purging_waits_for_a_build_without_the_document(tmp_path: Path) -> None:
    whole = write_build(tmp_path / "builds" / "one")
    (tmp_path / "latest").symlink_to("builds/one")
    removed = take_down(tmp_path, whole, "a.txt", "asked", DAY).removed
    with pytest.raises(QantarError, match="qantar build"):
        purge(tmp_path, tmp_path, removed)
    assert whole.exists()


def holds(folder: Path, words: str) -> list[str]:
    """The files of a folder, names apart, that hold some words."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes())


def test_purging_reaches_edits_sheets_of_audits_and_reports_and_names_what_is_left(tmp_path: Path) -> None:
    out, raw = tmp_path / "out", tmp_path / "raw"
    raw.mkdir()
    near = Duplicate(document_id=document_id("b.txt"), canonical_id=document_id("a.txt"), kind="near", similarity=0.8, method="test")
    whole = write_build(out / "builds" / "one", duplicates=[near])
    (out / "audits").mkdir()
    write_sheet(whole, out / "audits" / "ann.csv", 50)
    others = {name: text for name, text in ARTICLES.items() if name != "a.txt"}
    write_build(out / "builds" / "two", others)
    (out / "latest").symlink_to("builds/two")
    (out / "failed" / "three").mkdir(parents=True)
    (out / "failed" / "three" / "report.json").write_text("Mayor Anna Reed closed the port")
    editor = Editor(raw=raw, out=out)
    for path in ("a.txt", document_id("a.txt"), "b.txt"):
        editor.change(adding=[make_fix([path, "quotes", "", "", "We had no choice", "kind", "mixed", "Ann", "", f"of {path}\u2028"])])
    a_fix = load_corrections(raw).fixes[0]
    editor.change(removing={a_fix.id})
    removed = take_down(raw, whole, "a.txt", "asked", DAY).removed
    rows = read_sheet(out / "audits" / "ann.csv")
    purged = purge(raw, out, removed)
    left = read_sheet(out / "audits" / "ann.csv")
    assert {row.drawn["document"] for row in left} == {document_id("b.txt"), document_id("c.txt")}
    assert holds(out / "audits", "Mayor Anna Reed closed") == holds(out, "Port closes") == holds(out / "failed", "Reed") == []
    log = [json.loads(line) for line in (out / "edits.jsonl").read_text("utf-8").split("\n") if line]
    assert [(entry["did"], entry["cells"][0]) for entry in log] == [("added", "b.txt")]
    assert purged.n_told == len(rows) - len(left) + 3
    assert purged.corrections == [2]
    assert "lines 2: take them out" in "\n".join(describe_purge(purged, raw))
    assert purge(raw, out, removed)[:3] == ([], 0, 0)
