"""The drill: `processed/` is lost, raw/ and the last release are there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from qantar.publish.release import make_release
from qantar.publish.restore import compare_documents, restore_release
from qantar.publish.takedown import load_takedowns, take_down
from qantar.publish.verify import verify_build
from qantar.schema import Takedown
from qantar.settings import QantarError
from qantar.store import history
from tests.conftest import RAW, Qantar
from tests.publish.harbour import ARTICLES, document_id, rows_of, write_build

GONE = Takedown(document_id=document_id("gone.txt"), removed_on=date(2026, 11, 1), reason="the author asked")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


def released(tmp_path: Path, edition: str = "full") -> Path:
    build = write_build(tmp_path / "build", takedowns=[GONE])
    return make_release(build, "1.2.0", tmp_path / "kept", edition=edition).folder  # type: ignore[arg-type]


def test_readers_are_served_the_release_and_the_next_version_follows_it(tmp_path: Path, raw: Path) -> None:
    out = tmp_path / "out"
    restored = restore_release(released(tmp_path), raw, out)
    assert restored.is_served
    assert (out / "latest").resolve().name == "harbour-1.2.0"
    assert verify_build(out / "latest") == []
    assert history.published(out) == ["harbour-1.2.0"]
    assert restored.folder == out / "releases" / "harbour-1.2.0"
    more = write_build(tmp_path / "more", ARTICLES | {"d.txt": "Strike ends\n\nThe port is open."})
    with pytest.raises(QantarError, match="does not follow"):
        make_release(more, "2.1.0", out / "releases")


def test_takedowns_that_raw_has_lost_are_back_and_those_it_has_stay(tmp_path: Path, raw: Path) -> None:
    release = released(tmp_path)
    assert restore_release(release, raw, tmp_path / "out").takedowns == [GONE.document_id]
    assert [removed.row for removed in load_takedowns(raw)] == [GONE]
    before = (raw / "takedowns.csv").read_bytes()
    assert restore_release(release, raw, tmp_path / "again").takedowns == []
    assert (raw / "takedowns.csv").read_bytes() == before


@pytest.mark.parametrize("named", ["a.txt", "https://post.example/port"])
def test_a_takedown_by_path_or_address_survives_the_drill(tmp_path: Path, raw: Path, named: str) -> None:
    tables = rows_of(ARTICLES)
    documents = [replace(row, url="https://post.example/port") if row.source_path == "a.txt" else row for row in tables["documents"]]
    (removed,) = take_down(raw, write_build(tmp_path / "before", documents=documents), named, "asked", date(2026, 11, 2)).removed
    left = {name: text for name, text in ARTICLES.items() if name != "a.txt"}
    release = make_release(write_build(tmp_path / "after", left, takedowns=[removed.row]), "1.0.0", tmp_path / "kept").folder
    (raw / "takedowns.csv").unlink()
    assert restore_release(release, raw, tmp_path / "out").takedowns == [document_id("a.txt")]


def test_the_edition_without_texts_is_kept_but_not_served(tmp_path: Path, raw: Path) -> None:
    restored = restore_release(released(tmp_path, "annotations"), raw, tmp_path / "out")
    assert not restored.is_served
    assert not (tmp_path / "out" / "latest").exists()
    assert history.last_outcome(tmp_path / "out") == "published"


def test_what_cannot_be_restored_is_a_clear_error_and_changes_nothing(tmp_path: Path, raw: Path) -> None:
    out, release = tmp_path / "out", released(tmp_path)
    with pytest.raises(QantarError, match="this is a build"):
        restore_release(tmp_path / "build", raw, out)
    with pytest.raises(QantarError, match="no such folder"):
        restore_release(release, tmp_path / "nowhere", out)
    torn = Path(shutil.copytree(release, tmp_path / "torn"))
    (torn / "qantar.db").write_bytes((torn / "qantar.db").read_bytes()[:-1])
    with pytest.raises(QantarError, match="so nothing was restored"):
        restore_release(torn, raw, out)
    assert not out.exists()
    assert list(raw.iterdir()) == []
    restore_release(release, raw, out)
    with pytest.raises(QantarError, match="there is a build already"):
        restore_release(release, raw, out)


def test_documents_are_compared_by_id_and_text(built: Path, tmp_path: Path) -> None:
    other = write_build(tmp_path / "other", ARTICLES | {"a.txt": "Port opens\n\nAt last."})
    assert compare_documents(built, other) == (3, 2, [])
    assert compare_documents(write_build(tmp_path / "more", ARTICLES | {"d.txt": "Calm\n\nNo wind."}), built)[2] == [document_id("d.txt")]


def test_the_drill_from_end_to_end(qantar: Qantar, tmp_path: Path, raw: Path) -> None:
    names = ("000_d1c0b45d70eecad1.txt", "001_cc2c92a9965be40f.txt")
    for name in names:
        shutil.copyfile(RAW / name, raw / name)
    out = tmp_path / "processed"
    for words in (
        ("build", "--raw", raw, "--out", out),
        ("takedown", names[1], "--reason", "asked", "--raw", raw, "--out", out),
        ("build", "--raw", raw, "--out", out),
        ("release", "1.0.0", "--out", out),
    ):
        done = qantar(*words)
        assert done.returncode == 0, done.stderr
    before = (out / "latest").resolve()
    sums = (before / "SHA256SUMS").read_text()
    (release,) = (path for path in (out / "releases").iterdir() if path.is_dir())
    kept = release.rename(tmp_path / release.name)
    shutil.rmtree(out)
    (raw / "takedowns.csv").unlink()

    done = qantar("restore", kept, "--raw", raw, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "1 takedown of the release added" in done.stdout
    assert "1 of 1 documents of the release have the same id and text as before" in done.stdout
    rows = {name: (out / "latest/data" / name / "part-00000.parquet").read_bytes() for name in ("documents", "quotes", "takedowns")}
    assert all(sha256(data).hexdigest() in sums for data in rows.values()), "the same rows, byte for byte"
