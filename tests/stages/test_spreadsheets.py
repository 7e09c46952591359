"""Spreadsheets as people keep them: notes above the header, several sheets, days as days, and what is not one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from qantar.stages.articles.archives.documents import MOST_UNPACKED
from qantar.stages.articles.csv_records import read_csv
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.file_kinds import format_of
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


def old_excel(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Results")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, (name, value) in enumerate({"StoreId": 2617340551, "Title": "Dockers", "Full text": DOCKERS}.items()):
        sheet.write(0, column, name)
        sheet.write(1, column, value)
    sheet.write(0, 3, "pubdate")
    sheet.write(1, 3, date(2024, 3, 14), day)
    book.save(str(path))
    return path


def open_document(path: Path) -> Path:
    names_of = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text"))
    rows = [["StoreId", "Title", "Full text", "pubdate"], ["2617340551", "Dockers", DOCKERS, "2024-03-14"]]
    cells = [
        "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row) for row in rows
    ]
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m/>")
        archive.writestr(
            "content.xml",
            f'<office:document-content {names_of}><office:body><office:spreadsheet><table:table table:name="Results">{table}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def new_under_an_old_name(path: Path) -> Path:
    rows: list[list[Any]] = [["StoreId", "Title", "Full text", "pubdate"], [2617340551, "Dockers", DOCKERS, date(2024, 3, 14)]]
    return save(path.with_suffix(".xlsx"), Results=rows).rename(path)


@pytest.mark.parametrize(("name", "write"), [("a.xls", old_excel), ("a.ods", open_document), ("b.xls", new_under_an_old_name)])
def test_old_and_open_spreadsheets_are_read(tmp_path: Path, name: str, write: Callable[[Path], Path]) -> None:
    (found,) = read_spreadsheet(write(tmp_path / name))
    assert isinstance(found, Found)
    assert (found.text, found.title, found.published_on, found.id) == (DOCKERS, "Dockers", date(2024, 3, 14), "2617340551")


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


@pytest.mark.ends_process
def test_a_cell_at_the_far_end_takes_no_more_memory_than_a_document_may(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", A=[["title", "text"], ["Dockers", DOCKERS]])
    with zipfile.ZipFile(path) as book:
        files = {name: book.read(name) for name in book.namelist()}
    sheet = next(name for name in files if name.startswith("xl/worksheets/"))
    files[sheet] = files[sheet].replace(b"</row></sheetData>", b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    with zipfile.ZipFile(path, "w") as book:
        for name, data in files.items():
            book.writestr(name, data)
    with pytest.raises(NotTextError) as raised:
        list(read_spreadsheet(path))
    assert raised.value.reason in ("crash", "broken_record", "too_slow")


MARKUP = {
    "a page": "<html><body><h1>Results</h1><table><tr><td>2 found</td></tr><tr><th>Title<th>Date<th>Full text</tr>"
    "<tr><td>Dockers</td><td>2024-03-14</td><td><p>{0}</p><p>{1}</p></td></tr><tr><td>None</td></tr>"
    "<tr><td>Road</td><td></td><td>{1}<table><tr><td>Kept</td></tr></table></td></tr></table></body></html>",
    "Excel's XML": '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<ss:Workbook xmlns:ss="urn:x"><ss:Worksheet><ss:Table>'
    '<ss:Row><ss:Cell><ss:Data>Title</ss:Data></ss:Cell><ss:Cell ss:Index="3"><ss:Data>Date</ss:Data></ss:Cell>'
    "<ss:Cell><ss:Data>Full text</ss:Data></ss:Cell></ss:Row><ss:Row><ss:Cell><ss:Data>Dockers</ss:Data></ss:Cell>"
    '<ss:Cell ss:Index="3"><ss:Data>2024-03-14</ss:Data></ss:Cell><ss:Cell><ss:Data>{0}&#10;{1}</ss:Data></ss:Cell></ss:Row>'
    '<ss:Row><ss:Cell ss:Index="4"><ss:Data>{1}\nKept</ss:Data></ss:Cell></ss:Row></ss:Table></ss:Worksheet></ss:Workbook>',
}


@pytest.mark.parametrize("markup", MARKUP.values(), ids=MARKUP)
def test_a_page_or_xml_under_a_spreadsheets_name_is_read(markup: str, tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_text(markup.format(DOCKERS, ROAD), "utf-8")
    first, *empty, last = read_spreadsheet(path)
    assert isinstance(first, Found)
    assert isinstance(last, Found)
    assert first.text.split() == [*DOCKERS.split(), *ROAD.split()]
    assert first.text.splitlines()[0] == DOCKERS
    assert (first.title, first.published_on) == ("Dockers", date(2024, 3, 14))
    assert last.text.split() == [*ROAD.split(), "Kept"]
    assert all(isinstance(row, Refused) for row in empty)


@pytest.mark.parametrize(("separator", "encoding"), [("\t", "utf-16"), (",", "utf-8"), (";", "utf-8-sig")])
def test_a_table_of_text_under_a_spreadsheets_name_is_a_csv_file(separator: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_text(f"Title{separator}Text\nRoad{separator}{ROAD}\n", encoding)
    assert format_of(path, path.name) == "csv"
    assert format_of(old_excel(tmp_path / "b.xls"), "b.xls") == "xls"
    (found,) = read_csv(path)
    assert isinstance(found, Found)
    assert (found.title, found.text) == ("Road", ROAD)
