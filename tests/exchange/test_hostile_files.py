"""Files that no annotation tool would write: each is refused with its place, nothing is deleted for it, and the rest is used."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qantar.exchange import export, import_edits
from qantar.exchange.edited_files import MOST_LINES
from qantar.exchange.edits import Signed
from qantar.exchange.importing import Imported, format_of
from qantar.settings import QantarError
from tests.exchange.annotators import InBrat, InInception, InLabelStudio
from tests.exchange.small_builds import A

OTHER = "a9970hmre90y"
Back = Callable[[Path], Imported]


@pytest.fixture
def back(small: Path, tmp_path: Path) -> Back:
    def of(source: Path) -> Imported:
        (tmp_path / "raw").mkdir(exist_ok=True)
        return import_edits(source, tmp_path / "raw", small, Signed())

    return of


def told(back: Imported) -> list[str]:
    return [f"{refused.where}: {refused.reason}" for refused in back.refused]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T99\tCITY 0 7\tHarbour", "has the type 'CITY', which is not in annotation.conf"),
        ("T99\tORG 0 7\t=cmd|' /C calc'!A0", "has \"=cmd|' /C calc'!A0\" where the article has 'Harbour'"),
        ("T99\tORG 0 7\t<script>alert(1)</script>", "has '<script>alert(1)</script>' where the article has 'Harbour'"),
        ("T99\tORG 999990 999999\tHarbour", "has 'Harbour' where the article has ''"),
        ("T99\tORG 7 0\t", "7–0 is outside the article"),
        ("T99\tORG 0 7;36 39\tHarbour The", "has several pieces; only a quote may"),
        ("T99 ORG 0 7 Harbour", "is not a line of a .ann file"),
        ("T1\tORG 0 7\tHarbour", "two marks have the id 'T1.0'"),
        ("R99\tspeaker Arg1:T1\t", "is not a relation between two annotations"),
        ("R99\tspeaker Arg1:T1 Arg2:T2\t", "links name; a link goes from a quote to its next piece, speaker or cue"),
        ("\x00\x1b[2J", "is not a line of a .ann file: '??[2J'"),
        ("T99\tspeaker 51 60\tPort Lind\nR99\tspeaker Arg1:T10 Arg2:T99\t", "a quote has two speakers; keep one"),
    ],
)
def test_a_line_that_brat_would_not_write_is_refused_and_its_article_left_as_it_is(
    line: str, reason: str, back: Back, small: Path, tmp_path: Path
) -> None:
    export("brat", tmp_path / "brat", small)
    path = tmp_path / f"brat/{A}.ann"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[1:], line, lines[0]] if line.startswith("T1\t") else [*lines[1:], lines[0], line]) + "\n", "utf-8")
    InBrat(tmp_path / "brat", OTHER).relabel((218, 222), "EVENT")
    result = back(tmp_path / "brat")
    first, *_, last = told(result)
    assert reason in first
    assert first.startswith(f"{A}.ann line ")
    assert last.startswith(f"{A}.ann: nothing was imported from document {A}: what could not be read would count as deleted; fix ")
    assert [(fix.document, fix.field, fix.value) for fix in result.added] == [(OTHER, "label", "EVENT")]


@pytest.mark.parametrize("entity", ["=cmd", "<b>x</b>", "-1+1", "../../etc/passwd", "@SUM(A1)"])
def test_an_entity_that_no_build_could_have_is_refused(entity: str, back: Back, small: Path, tmp_path: Path) -> None:
    export("brat", tmp_path / "brat", small)
    InBrat(tmp_path / "brat", A).name((51, 60), entity)
    result = back(tmp_path / "brat")
    assert result.added == []
    (said,) = told(result)
    assert said.startswith(f"{A}.ann line ")
    assert "entity_id" in said or "tag of HTML" in said


def test_a_text_that_has_changed_since_the_export_is_refused(back: Back, small: Path, tmp_path: Path) -> None:
    export("brat", tmp_path / "brat", small)
    path = tmp_path / f"brat/{A}.txt"
    path.write_text(path.read_text("utf-8").replace("costs", "COSTS"), "utf-8")
    assert "costs" in path.with_suffix(".ann").read_text("utf-8")
    assert any(f"document {A}" in line for line in told(back(tmp_path / "brat")))
    export("webanno", tmp_path / "webanno", small)
    path = tmp_path / f"webanno/{A}.tsv"
    path.write_text(path.read_text("utf-8").replace("\tcosts\t", "\tCOSTS\t"), "utf-8")
    assert "has 'COSTS' where the article has 'costs': the text has changed" in told(back(tmp_path / "webanno"))[0]


def test_a_million_lines_are_not_read(back: Back, small: Path, tmp_path: Path) -> None:
    export("brat", tmp_path / "brat", small)
    with (tmp_path / f"brat/{A}.ann").open("a", encoding="utf-8") as file:
        file.write("#1\tAnnotatorNotes T1\tx\n" * 1_000_000)
    result = back(tmp_path / "brat")
    assert told(result)[0] == f"{A}.ann line {MOST_LINES + 1}: and those after it are not read: the limit is 100,000 lines"
    assert result.added == []


def test_names_that_lead_out_of_an_archive_or_a_folder_are_refused(back: Back, small: Path, tmp_path: Path) -> None:
    export("brat", tmp_path / "brat", small)
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        for name in (f"../{A}.ann", f"/etc/{A}.ann", f"..\\{A}.ann", f"C:/{A}.ann", f"~/{A}.ann", "passwd.ann"):
            archive.writestr(name, "")
        archive.write(tmp_path / f"brat/{OTHER}.ann", f"collection/{OTHER}.ann")
    result = back(tmp_path / "out.zip")
    assert [line.partition(": ")[2] for line in told(result)] == ["is a path outside the archive"] * 5 + [
        "is not named after an article; keep the names that the files were exported with"
    ]
    assert (result.n_documents, result.added) == (1, [])
    (tmp_path / f"brat/{A}.ann").unlink()
    (tmp_path / f"brat/{A}.ann").symlink_to("/etc/passwd")
    assert f"{A}.ann: is a link, or outside the folder; copy the file into it" in told(back(tmp_path / "brat"))


def test_a_damaged_file_of_an_archive_is_refused_and_the_rest_is_read(back: Back, small: Path, tmp_path: Path) -> None:
    export("brat", tmp_path / "brat", small)
    packed = tmp_path / "out.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for article in (A, OTHER):
            archive.write(tmp_path / f"brat/{article}.ann", f"{article}.ann")
    data = bytearray(packed.read_bytes())
    begin = 30 + len(f"{A}.ann") + 2  # behind the first file's header
    data[begin : begin + 20] = b"\xff" * 20
    packed.write_bytes(data)
    result = back(packed)
    assert [line.rpartition(": ")[0] for line in told(result)] == [f"{A}.ann: cannot be unpacked: Error -3 while decompressing data"]
    assert (result.n_documents, result.added) == (1, [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda task: task.pop("data"), "has no data with document_id and text"),
        (lambda task: task["data"].update(document_id="<b>"), "no annotated article of this build has the id '<b>'"),
        (lambda task: task["data"].update(document_id="zzzzzzzzzzzz"), "no annotated article of this build has the id 'zzzzzzzzzzzz'"),
        (lambda task: task["data"].update(text="other"), "where the article has"),
        (lambda task: task["annotations"].append({"result": []}), "has 2 annotations; keep one"),
        (lambda task: task["annotations"][0].update(result="x"), "its annotation has no result"),
        (lambda task: regions(task).append(3), "is not a region"),
        (lambda task: regions(task)[0].update(value={"start": True, "end": 3, "labels": ["ORG"]}), "has no start and end"),
        (lambda task: regions(task)[0]["value"].update(labels=["ORG", "GPE"]), "must have exactly one label"),
        (lambda task: regions(task)[0]["value"].update(labels=["<img src=x>"]), "'<img src=x>' is not a label of a name"),
        (lambda task: regions(task).append({"type": "relation", "from_id": 3}), "is not a relation between two regions"),
    ],
)
def test_what_label_studio_would_not_export_is_refused(
    change: Callable[[Any], Any], reason: str, back: Back, small: Path, tmp_path: Path
) -> None:
    export("label-studio", tmp_path / "tasks", small)
    tool = InLabelStudio(tmp_path / "tasks", A)
    tool.delete((51, 60))
    change(tool.task)
    (tmp_path / "tasks/tasks.json").write_text(json.dumps(tool.tasks), "utf-8")
    result = back(tmp_path / "tasks")
    assert reason in told(result)[0]
    assert told(result)[0].startswith("tasks.json task ")
    assert result.added == []


def regions(task: Any) -> Any:
    return task["annotations"][0]["result"]


def test_tasks_that_nobody_submitted_say_nothing(back: Back, small: Path, tmp_path: Path) -> None:
    export("label-studio", tmp_path / "tasks", small)
    result = back(tmp_path / "tasks")
    assert (result.n_documents, result.added, result.refused) == (0, [], [])
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (line,) = told(back(tmp_path / "deep.json"))
    assert line.startswith("deep.json: is not valid JSON")
    assert told(back(written(tmp_path / "min.json", '[{"text": "a", "names": []}]')))[0].startswith("min.json task 1: has no data")


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("#FORMAT=WebAnno TSV 3.3", "#FORMAT=WebAnno TSV 2", "line 1: is '#FORMAT=WebAnno TSV 2', not"),
        ("\tHarbour\t", "\tHarbour", "has 'Harbourorg-harbour[1]' where the article has 'Harbour'"),
        ("0-7\tHarbour", "0-x\tHarbour", "is not a token"),
        ("GPE[", "CITY[", "'CITY' is not a label of a name"),
        ("speaker\t", "speaker|cue\t", "have different numbers of annotations"),
        ("#T_SP=webanno.custom.QantarQuote", "#T_SP=webanno.custom.Other", "has no layer webanno.custom.QantarQuote"),
    ],
)
def test_a_line_that_inception_would_not_write_is_refused(old: str, new: str, reason: str, back: Back, small: Path, tmp_path: Path) -> None:
    export("webanno", tmp_path / "webanno", small)
    InInception(tmp_path / "webanno", A).relabel((51, 60), "GPE")
    path = tmp_path / f"webanno/{A}.tsv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    result = back(tmp_path / "webanno")
    assert any(reason in line for line in told(result)), told(result)
    assert result.added == []


def test_of_several_annotators_of_inception_the_curated_file_is_taken(back: Back, small: Path, tmp_path: Path) -> None:
    export("webanno", tmp_path / "webanno", small)
    text = (tmp_path / f"webanno/{A}.tsv").read_text("utf-8")
    project = tmp_path / "project"
    for name in ("annotation/%s.tsv/ann.tsv", "annotation/%s.tsv/bo.tsv"):
        (project / (name % A)).parent.mkdir(parents=True, exist_ok=True)
        (project / (name % A)).write_text(text, "utf-8")
    assert "has several annotators" in told(back(project))[0]
    (project / f"curation/{A}.tsv").mkdir(parents=True)
    (project / f"curation/{A}.tsv/CURATION_USER.tsv").write_text(text, "utf-8")
    assert (back(project).n_documents, told(back(project))) == (1, [])


def test_the_format_is_told_by_the_names_or_asked_for(tmp_path: Path) -> None:
    assert format_of(written(tmp_path / "a.json", "[]")) == "label-studio"
    assert format_of(written(tmp_path / "a.ann", "")) == "brat"
    with pytest.raises(QantarError, match="cannot tell the format from the file names; give it with --from"):
        format_of(written(tmp_path / "a.txt", ""))
    with pytest.raises(QantarError, match="no such file or folder"):
        format_of(tmp_path / "nowhere")


def test_a_span_that_the_rows_do_not_allow_is_refused_and_the_rest_is_taken(back: Back, small: Path, tmp_path: Path) -> None:
    export("brat", tmp_path / "brat", small)
    tool = InBrat(tmp_path / "brat", A)
    tool.move((314, 325), (299, 325))
    tool.add((60, 80), "ORG")  # over the end of a sentence
    result = back(tmp_path / "brat")
    assert "the words are not inside one sentence" in told(result)[0], told(result)
    assert [(fix.field, fix.value) for fix in result.added] == [("span", "299-325 The vote is on 12 May 2021")]


def test_a_role_is_given_to_a_whole_paragraph(back: Back, small: Path, tmp_path: Path) -> None:
    export("brat", tmp_path / "brat", small)
    tool = InBrat(tmp_path / "brat", A)
    tool.add((238, 326), "passage_boilerplate")
    tool.add((36, 50), "passage_boilerplate")
    tool.relabel((0, 34), "passage_heading")
    result = back(tmp_path / "brat")
    assert [(fix.table, fix.start, fix.field, fix.value) for fix in result.added] == [
        ("blocks", 0, "role", "heading"),
        ("blocks", 238, "role", "boilerplate"),
    ]
    assert "is not a whole paragraph" in told(result)[0]


def test_offsets_in_units_of_utf_16_are_understood(back: Back, small: Path, tmp_path: Path) -> None:
    """Older versions of Label Studio count so."""
    export("label-studio", tmp_path / "tasks", small)
    tool = InLabelStudio(tmp_path / "tasks", "rv890gz7fvtj")
    for item in tool.result:
        if "value" in item:
            for name in ("start", "end"):
                item["value"][name] = len(tool.text[: item["value"][name]].encode("utf-16-le")) // 2
    tool.add((0, 6), "FAC")
    result = back(tmp_path / "tasks")
    assert [(fix.text, fix.field) for fix in result.added] == [("Bridge", "add")]
