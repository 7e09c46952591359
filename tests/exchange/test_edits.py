"""What a person edits in each annotation tool comes back as the right line, and after a build as the right row."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qantar.corrections.corrections_file import cells_of, read_corrections
from qantar.exchange import READABLE, export, import_edits
from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.edits import Signed
from qantar.exchange.importing import Imported
from tests.corrections.ferry import rows_of
from tests.exchange.annotators import ANNOTATORS, Annotator
from tests.exchange.small_builds import A, make_build, write_articles

SIGNED = Signed("ann", "2022-03-01", "in class")
FERRY, FIRST = (105, 136), "We will keep the ferry running."
HALE = "Nobody asked the crews,"
BEGINS = "The council of Port Lind met"
Edit = Callable[[Annotator], None]
EDITS: dict[str, tuple[Edit, list[tuple[str, ...]], Callable[[dict[str, list[Any]]], bool]]] = {
    # what a person does, the lines that it comes to (table, start, end, text, field, value), and what is true of the next build's rows
    "label changed": (
        lambda tool: tool.relabel((51, 60), "GPE"),
        [("mentions", "51", "60", "Port Lind", "label", "GPE")],
        lambda rows: the(rows, "mentions", text="Port Lind", document_id=A).label == "GPE",
    ),
    "span moved": (
        lambda tool: tool.move((0, 7), (0, 15)),
        [("mentions", "0", "7", "Harbour", "span", "0-15 Harbour council")],
        lambda rows: the(rows, "mentions", text="Harbour council").end == 15,
    ),
    "name added": (
        lambda tool: tool.add((29, 34), "PRODUCT"),
        [("mentions", "29", "34", "ferry", "add", "label=PRODUCT")],
        lambda rows: the(rows, "mentions", text="ferry").label == "PRODUCT",
    ),
    "name deleted": (
        lambda tool: tool.delete((314, 325)),
        [("mentions", "314", "325", "12 May 2021", "delete", "")],
        lambda rows: not [m for m in rows["mentions"] if m.text == "12 May 2021"],
    ),
    "entity named": (
        lambda tool: tool.name((279, 283), "person-anna-reed"),
        [("mentions", "279", "283", "Reed", "entity_id", "person-anna-reed")],
        lambda rows: "correction" in the(rows, "mentions", text="Reed").method,
    ),
    "quote's kind changed": (
        lambda tool: tool.relabel((217, 235), "mixed"),
        [("quotes", "217", "235", "the plan a mistake", "kind", "mixed")],
        lambda rows: the(rows, "quotes", text="the plan a mistake").kind == "mixed",
    ),
    "quote's words moved": (
        lambda tool: tool.move((152, 171), (147, 171)),
        [("quotes", "152", "171", "the costs had risen", "segments", "147-171")],
        lambda rows: the(rows, "quotes", text="that the costs had risen").start == 147,
    ),
    "speaker changed": (
        lambda tool: tool.speaks(FERRY, (51, 60)),
        [("quotes", "105", "136", FIRST, "speaker", "51-60 Port Lind")],
        lambda rows: the(rows, "quotes", text=FIRST).speaker == "Port Lind",
    ),
    "quote added": (
        lambda tool: tool.add((36, 64), "unattributed"),
        [("quotes", "36", "64", BEGINS, "add", "kind=unattributed")],
        lambda rows: the(rows, "quotes", text=BEGINS).method == "correction",
    ),
    "quote deleted": (
        lambda tool: tool.delete((239, 262)),
        [("quotes", "239", "262", HALE, "delete", "")],
        lambda rows: not [q for q in rows["quotes"] if q.text == HALE and q.document_id == A],
    ),
}


def the(rows: dict[str, list[Any]], table: str, **values: Any) -> Any:
    (found,) = (row for row in rows[table] if all(getattr(row, name) == value for name, value in values.items()))
    return found


def come_back(tool: str, edit: Edit | None, build: Path, folder: Path) -> Imported:
    """Export, edit and import; lines are written to `folder/raw`."""
    exported = folder / tool
    export(tool, exported, build)
    open_article = ANNOTATORS[tool](exported, A)
    if edit is not None:
        edit(open_article)
    (folder / "raw").mkdir(exist_ok=True)
    return import_edits(exported, folder / "raw", build, SIGNED)


@pytest.mark.parametrize("tool", READABLE)
def test_nothing_edited_gives_no_line(tool: str, small: Path, documents: list[BuildDocument], tmp_path: Path) -> None:
    back = come_back(tool, None, small, tmp_path)
    assert (back.edits, back.refused) == ([], [])
    assert back.n_documents == len(documents) == 3
    assert not (tmp_path / "raw/corrections.csv").exists()


@pytest.mark.parametrize("what", EDITS)
@pytest.mark.parametrize("tool", READABLE)
def test_an_edit_is_the_line_that_a_person_would_write(tool: str, what: str, small: Path, tmp_path: Path) -> None:
    edit, expected, _ = EDITS[what]
    back = come_back(tool, edit, small, tmp_path)
    assert back.refused == []
    lines = [cells_of(fix) for fix in read_corrections((tmp_path / "raw/corrections.csv").read_text("utf-8")).fixes]
    assert lines == [[A, *line, "ann", "2022-03-01", "in class"] for line in expected]


def test_a_second_import_adds_nothing(small: Path, tmp_path: Path) -> None:
    come_back("brat", EDITS["span moved"][0], small, tmp_path)
    again = import_edits(tmp_path / "brat", tmp_path / "raw", small, Signed("bo", "2022-03-02", ""))
    assert (again.added, again.n_known) == ([], 1)


def test_all_edits_together_are_right_after_a_build_and_can_be_taken_back(small: Path, tmp_path: Path) -> None:
    """Rounds of one article: edited, built, edited again; a line of a row that was corrected before takes the place of the old one."""
    raw, out = write_articles(tmp_path / "raw"), tmp_path / "out"
    shutil.copytree(small.parent, out)

    def everything(tool: Annotator) -> None:
        for edit, _, _ in EDITS.values():
            edit(tool)

    back = come_back("label-studio", everything, small, tmp_path)
    assert (len(back.added), back.refused) == (len(EDITS), [])
    corrected = make_build(raw, out)
    rows = {name: rows_of(corrected, name) for name in ("mentions", "quotes", "corrections")}
    assert [row.status for row in rows["corrections"]] == ["applied"] * len(EDITS)
    assert {what: holds(rows) for what, (_, _, holds) in EDITS.items()} == dict.fromkeys(EDITS, True)

    def again(tool: Annotator) -> None:
        tool.relabel((0, 15), "EVENT")  # the name that was moved
        tool.delete((29, 34))  # the one that was added
        tool.relabel((51, 60), "LOC")  # labelled anew, once more
        tool.move((147, 171), (142, 171))
        tool.relabel((36, 64), "block")
        tool.speaks(FERRY, (76, 85))

    shutil.rmtree(tmp_path / "label-studio")
    back = come_back("webanno", again, corrected, tmp_path)
    assert back.refused == []
    rows = {name: rows_of(make_build(raw, out), name) for name in ("mentions", "quotes", "corrections")}
    assert {row.status for row in rows["corrections"]} <= {"applied", "already_right"}
    assert len(rows["corrections"]) == len(EDITS)  # one more for the label, one less for the name that was added
    assert (the(rows, "mentions", start=0, document_id=A).text, the(rows, "mentions", start=0, document_id=A).label) == (
        "Harbour council",
        "EVENT",
    )
    assert not [m for m in rows["mentions"] if m.text == "ferry"]
    assert the(rows, "mentions", start=51, document_id=A).label == "LOC"
    assert the(rows, "quotes", start=142, document_id=A).text == "said that the costs had risen"
    assert the(rows, "quotes", start=36, document_id=A).kind == "block"
    assert the(rows, "quotes", text=FIRST).speaker == "Anna Reed"
