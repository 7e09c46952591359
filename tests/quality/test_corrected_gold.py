"""Articles that people corrected and marked as complete are a gold for builds without these corrections, and never a floor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qantar.corrections.corrections_file import COMPLETE, make_fix
from qantar.exchange import export
from qantar.expectations.floors import FLOORS, load_floors, write_floors
from qantar.pipeline.plan import make_plan
from qantar.quality.corrected_articles import GOLD, Passages
from qantar.quality.evaluate import measure
from qantar.settings import QantarError, Settings
from tests.corrections.ferry import Line, all_rows, make_tables, write_folder, write_lines

A = "evegj7z54r7f"
DONE: Line = ("a.txt", "documents", "", "", "", "complete", "yes")
WRONG: list[Line] = [
    ("a.txt", "mentions", "", "", "Port Lind", "delete", ""),
    ("a.txt", "quotes", "", "", "We will keep the ferry running.", "speaker", "Tom Hale"),
    ("a.txt", "blocks", "", "", "Read more about this on our site", "role", "heading"),
]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("ferry") / "raw")


@pytest.fixture(scope="module")
def plain(raw: Path) -> Path:
    write_lines(raw, [])
    return make_tables(raw, raw.parent / "plain")


def corrected(raw: Path, *lines: Line) -> Path:
    write_lines(raw, lines)
    return make_tables(raw, raw.parent / "out")


def test_a_mark_changes_no_row_but_its_own(raw: Path, plain: Path) -> None:
    rows, before = all_rows(corrected(raw, DONE)), all_rows(plain)
    assert [(row.field, row.value, row.status, row.document_id) for row in rows.pop("corrections")] == [("complete", "yes", "applied", A)]
    assert before.pop("corrections") == []
    assert rows == before


def test_what_was_corrected_is_what_the_pipeline_gets_wrong(raw: Path, plain: Path, tmp_path: Path) -> None:
    build = corrected(raw, *WRONG, DONE)
    assert export("gold", tmp_path / "mine", build, say=print) == 1
    measured = measure(plain, tmp_path / "mine")
    assert {figure.gold for figure in measured.figures} == {GOLD}
    values = {(figure.layer, figure.metric): figure.value for figure in measured.figures}
    assert values["quotes with marks", "F1"] == 1
    assert values["speaker's words", "accuracy"] < 1
    assert values["role heading", "recall"] < 1
    assert values["role title", "F1"] == values["sentences", "precision"] == values["characters with a role", "accuracy"] == 1
    assert ("mentions", "extra", "Port Lind") in {(fault.layer, fault.kind, fault.text) for fault in measured.faults}
    assert {fault.layer for fault in measured.faults} <= {
        "mentions",
        "mentions, places as one label",
        "speaker",
        "speaker's words",
        "characters with the right role",
        "sentences",
    }
    with pytest.raises(QantarError, match="--no-corrections"):
        measure(build, tmp_path / "mine")


def test_an_article_that_needed_no_correction_is_measured_on_any_build(raw: Path, plain: Path, tmp_path: Path) -> None:
    build = corrected(raw, DONE)
    export("gold", tmp_path / "mine", build, say=print)
    for other in (plain, build):
        assert {figure.value for figure in measure(other, tmp_path / "mine").figures} == {1.0}


def test_only_articles_marked_as_complete_with_every_line_applied_are_written(raw: Path, tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(QantarError, match="no article is marked as complete"):
        export("gold", tmp_path / "mine", corrected(raw, *WRONG), say=said.append)
    stale: Line = ("a.txt", "mentions", "", "", "Nobody of this name", "delete", "")
    also: Line = ("c.txt", "documents", "", "", "", "complete", "")
    assert export("gold", tmp_path / "mine", corrected(raw, DONE, stale, also), say=said.append) == 1
    assert said == [f"{A} is marked as complete and left out: line 3 of corrections.csv was not applied"]
    with pytest.raises(QantarError, match=f"{A} is not marked as complete"):
        export("gold", tmp_path / "other", corrected(raw, also), [A], say=said.append)


def test_a_build_without_corrections_is_that_of_a_folder_without_the_file(raw: Path, tmp_path: Path) -> None:
    write_lines(raw, [*WRONG, DONE])
    settings = Settings(raw=raw, out=tmp_path, workers=1)
    without = make_plan(replace(settings, corrections=False))
    assert (without.corrections, without.build.build_id == make_plan(settings).build.build_id) == ([], False)
    write_lines(raw, [])
    assert make_plan(settings).build == without.build


def test_figures_on_corrected_articles_are_never_pinned(raw: Path, plain: Path, tmp_path: Path) -> None:
    export("gold", tmp_path / "mine", corrected(raw, DONE), say=print)
    figures = measure(plain, tmp_path / "mine").figures
    (tmp_path / "floors.csv").write_bytes(FLOORS.read_bytes())
    write_floors(figures, tmp_path / "floors.csv")
    assert (tmp_path / "floors.csv").read_bytes() == FLOORS.read_bytes()
    assert {floor.gold for floor in load_floors()}.isdisjoint({GOLD, "audit"})


def test_a_mark_says_yes_or_nothing() -> None:
    assert make_fix(["a.txt", "documents", "", "", "", "complete", "", "", "", ""]).value == COMPLETE
    with pytest.raises(QantarError, match="complete of documents is yes"):
        make_fix(["a.txt", "documents", "", "", "", "complete", "nearly", "", "", ""])


def test_places_are_those_of_passages_whatever_the_format() -> None:
    blocks: list[dict[str, Any]] = [
        {"text": "Title", "start": 0, "end": 5},
        {"text": "Read more", "start": None, "end": None},
        {"text": "Body text", "start": 7, "end": 16},
    ]
    passages = Passages(blocks)
    assert [passages.raw[a:b] for a, b in passages.places(3, 11)] == ["le", "Body"]
    assert passages.placed({"start": 7, "end": 11})["raw_start"] == passages.raw.index("Body")
