"""The commands that release, compare, check and take down, as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qantar.cli import app
from tests.publish.harbour import ARTICLES, document_id, write_build


def qantar(*arguments: str | Path) -> Result:
    """Run a command in this process; errors are raised, for main() alone turns them into exit code 1."""
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    """An output folder with one build."""
    shutil.copytree(built, tmp_path / "out" / "builds" / "one")
    (tmp_path / "out" / "latest").symlink_to("builds/one")
    return tmp_path / "out"


def test_verify_says_that_a_build_is_whole_or_what_is_not(out: Path) -> None:
    assert qantar("verify", out / "latest").exit_code == 0
    (out / "latest" / "CITATION.cff").unlink()
    assert "CITATION.cff: missing file" in str(qantar("verify", out / "latest").exception)


def test_diff_is_for_people_and_for_machines(out: Path, tmp_path: Path) -> None:
    other = write_build(tmp_path / "other", {"a.txt": ARTICLES["a.txt"]})
    assert "2 removed" in qantar("diff", out / "latest", other).output
    assert json.loads(qantar("diff", out / "latest", other, "--json").output)["step"] == "minor"


def test_release_verify_and_rehydrate_lead_back_to_the_full_tables(out: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, text in ARTICLES.items():
        (raw / name).write_text(text, "utf-8")
    folder = out / "releases" / "harbour-annotations-1.0.0"
    assert qantar("release", "1.0.0", "--edition", "annotations", "--out", out).output.splitlines() == [str(folder), f"{folder}.zip"]
    assert qantar("verify", folder).exit_code == 0
    done = qantar("rehydrate", folder, raw, "--into", tmp_path / "full")
    assert "every table is as in the full edition, byte for byte" in done.output
    (raw / "a.txt").unlink()
    lacking = qantar("rehydrate", folder, raw, "--into", tmp_path / "lacking")
    assert lacking.exit_code == 1
    assert f"missing: {document_id('a.txt')} (a.txt)" in lacking.output


def test_release_refuses_a_version_that_says_too_little(out: Path, tmp_path: Path) -> None:
    qantar("release", "1.0.0", "--out", out)
    write_build(out / "builds" / "two", ARTICLES | {"d.txt": "Strike ends\n\nThe port is open."})
    (out / "latest").unlink()
    (out / "latest").symlink_to("builds/two")
    assert "1.1.0 would fit" in str(qantar("release", "1.0.1", "--out", out).exception)
    assert qantar("release", "1.1.0", "--out", out).exit_code == 0


def test_takedown_tells_what_to_do_next(out: Path, tmp_path: Path) -> None:
    done = qantar("takedown", "a.txt", "--reason", "the author asked", "--raw", tmp_path, "--out", out)
    assert done.output.splitlines() == [
        f"{document_id('a.txt')}: left out of all later builds",
        "run qantar build to publish a build without it",
    ]
    assert "the author asked" in (tmp_path / "takedowns.csv").read_text()
