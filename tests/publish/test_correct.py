"""`qantar correct` writes a line that the next build applies, and takes it out again; a comparison names what was corrected."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qantar.cli import app
from qantar.corrections.corrections_file import load_corrections
from qantar.publish.diff import diff_builds
from qantar.publish.row_corrections import row_of
from qantar.schema import TABLES
from qantar.settings import QantarError
from tests.publish.harbour import ARTICLES

RUN = CliRunner()


def ids_of(build: Path, table: str) -> list[str]:
    (key,) = TABLES[table].key
    with closing(sqlite3.connect(build / "qantar.db")) as connection:
        return [row[0] for row in connection.execute(f"SELECT {key} FROM {table} ORDER BY 1")]


@pytest.fixture
def folders(built: Path, tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(ARTICLES["a.txt"])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "latest").symlink_to(built)
    return ("--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out"))


def test_a_row_is_corrected_by_its_id_and_the_line_is_taken_out_again(folders: tuple[str, ...], built: Path, tmp_path: Path) -> None:
    mention = row_of(built, "mentions", ids_of(built, "mentions")[0])
    done = RUN.invoke(app, ["correct", "mentions", "label", "FAC", "--row", mention["mention_id"], "--by", "Ann", *folders])
    assert done.exit_code == 0, done.output
    assert "run qantar build to apply it" in done.output
    (fix,) = load_corrections(tmp_path / "raw").fixes
    assert (fix.document, fix.start, fix.text, fix.field, fix.value, fix.by) == (
        mention["document_id"],
        mention["start"],
        mention["text"],
        "label",
        "FAC",
        "Ann",
    )
    again = RUN.invoke(app, ["correct", "mentions", "label", "FAC", "--row", mention["mention_id"], *folders])
    assert "the file has this line already" in again.output
    undone = RUN.invoke(app, ["correct", "--undo", "2", *folders])
    assert mention["text"] in undone.output
    assert load_corrections(tmp_path / "raw").fixes == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mentions", "label", "FAC", "--row", "nothing"], "mentions has no row nothing"),
        (["poems", "label", "FAC", "--row", "nothing"], "'poems' cannot be corrected"),
        (["documents", "title", "=1+1", "--document", "../a.txt"], "leads out of the raw folder"),
        (["documents", "published_on", "yesterday", "--document", "a.txt"], "value is 'yesterday'"),
        (["--undo", "5"], "no correction begins on line 5"),
    ],
)
def test_what_is_no_correction_is_not_written(folders: tuple[str, ...], tmp_path: Path, arguments: list[str], said: str) -> None:
    done = RUN.invoke(app, ["correct", *arguments, *folders])
    assert isinstance(done.exception, QantarError)
    assert said in str(done.exception)
    assert not (tmp_path / "raw" / "corrections.csv").exists()


def test_a_comparison_names_what_was_corrected_and_what_was_taken_back(built: Path, tmp_path: Path) -> None:
    import shutil

    other = tmp_path / "other"
    shutil.copytree(built, other)
    columns = [column.name for column in TABLES["corrections"]]
    values = ["c1", 2, "applied", None, "entities", "person-x", None, None, "person-x", "0" * 64, "name", "Ann Lee", "", None, None, None]
    with closing(sqlite3.connect(other / "qantar.db")) as connection, connection:
        names = ", ".join(f'"{name}"' for name in columns)
        connection.execute(f"INSERT INTO corrections ({names}) VALUES ({', '.join('?' * len(columns))})", values)
    said = "`entities.name` of “person-x” → “Ann Lee” (person-x)"
    assert diff_builds(built, other).corrections == [f"{said}: applied"]
    assert f"* {said}: applied" in diff_builds(built, other).summary()
    assert diff_builds(other, built).corrections == [f"{said}: taken back"]


def test_a_line_is_taken_out_whatever_cells_above_it_hold(folders: tuple[str, ...], tmp_path: Path) -> None:
    above = (
        'document,table,start,end,text,field,value,by,on,reason\na.txt,quotes,,,"two\u2028lines\x85and\nmore",kind,direct,,,\n"broken"x\n'
    )
    path = tmp_path / "raw" / "corrections.csv"
    path.write_bytes(f"{above}b.txt,quotes,,,words,kind,direct,,,\n".encode())
    assert "b.txt" in RUN.invoke(app, ["correct", "--undo", "5", *folders]).output
    assert path.read_bytes().decode() == above
    path.write_bytes(b"")
    assert "added" in RUN.invoke(app, ["correct", "quotes", "kind", "direct", "--document", "a.txt", "--text", "words", *folders]).output
