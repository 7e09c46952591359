"""Spreadsheets as people keep them: notes above the header, several sheets, days as days, and what is not one."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qantar.stages.articles.archives.documents import MOST_UNPACKED
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.spreadsheets import read_spreadsheet

DOCKERS = "Dockers at the port of Marenga went back to work on Thursday. “We are content,” said Ana Duarte, who leads the union."
ROAD = "The court opened the road to the village after the storm. The mayor said that the work took a week."


def save(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def texts(found: Sequence[Found | Refused]) -> list[str]:
    return [f.text for f in found if isinstance(f, Found)]


def test_notes_above_the_header_and_empty_rows_are_no_articles(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Export of the archive"],
        [],
        ["Headline", "Date", "Full text"],
        ["Dockers", datetime(2024, 3, 14), DOCKERS],
        [],
        ["Road", None, ROAD],
    ]
    found = list(read_spreadsheet(save(tmp_path / "a.xlsx", Articles=rows)))
    assert texts(found) == [DOCKERS, ROAD]
    (first, second) = found
    assert isinstance(first, Found)
    assert (first.title, first.published_on, first.record, second.record) == ("Dockers", date(2024, 3, 14), "1", "2")


def test_each_sheet_is_read_and_one_without_texts_is_told_of(tmp_path: Path) -> None:
    path = save(
        tmp_path / "a.xlsx",
        One=[["text"], [DOCKERS]],
        Empty=[],
        Notes=[["who", "what"], ["me", 1]],
        Two=[["title", "text"], ["Road", ROAD]],
    )
    found = list(read_spreadsheet(path))
    assert texts(found) == [DOCKERS, ROAD]
    assert [f.record for f in found] == ["1", "Notes", "2"]
    assert isinstance(found[1], Refused)
    assert found[1].reason == "no_text_column"


def test_a_row_without_a_text_is_refused_by_its_number(tmp_path: Path) -> None:
    found = list(read_spreadsheet(save(tmp_path / "a.xlsx", A=[["title", "text"], ["Dockers", DOCKERS], ["Road", None]])))
    assert isinstance(found[1], Refused)
    assert (found[1].record, found[1].reason) == ("2", "empty")


@pytest.mark.parametrize("damage", ["no zip", "no workbook", "cut"])
def test_what_is_no_spreadsheet_is_refused_with_advice(tmp_path: Path, damage: str) -> None:
    path = save(tmp_path / "a.xlsx", A=[["text"], [DOCKERS]])
    if damage == "no workbook":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "x")
    else:
        path.write_bytes(path.read_bytes()[:900] if damage == "cut" else b"PK\3\4")
    with pytest.raises(NotTextError, match=r"save its table as \.csv") as raised:
        list(read_spreadsheet(path))
    assert raised.value.reason == "broken_record"


def test_one_that_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", A=[["text"], [DOCKERS]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/zeros", "w") as member:
        for _ in range(MOST_UNPACKED // 2**24 + 1):
            member.write(bytes(2**24))
    with pytest.raises(NotTextError, match="unpacks to") as raised:
        list(read_spreadsheet(path))
    assert raised.value.reason == "too_long"


def test_one_without_a_filled_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotTextError, match="without a filled cell"):
        list(read_spreadsheet(save(tmp_path / "a.xlsx", A=[], B=[[None]])))
