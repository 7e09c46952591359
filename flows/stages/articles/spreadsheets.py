"""Spreadsheets (.xlsx, .xls, .ods …): each row below the names of the columns is an article, in each sheet that has a column of texts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from qantar.stages.articles.archives.documents import MOST_UNPACKED
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.limit import CrashError, OutOfTimeError, bounded_memory, call
from qantar.stages.articles.record_columns import no_text_column, text_columns, unwrap
from qantar.stages.articles.record_fields import article_in
from qantar.stages.articles.written_tables import marked_up_tables, written_as

_NOTES = 20
"""Rows that may stand above the names of the columns."""
_AS_TABLE = "save its table as .csv"


class _Sheet(NamedTuple):
    name: str
    rows: list[tuple[Any, ...]]


def read_spreadsheet(path: Path) -> Iterator[Found | Refused]:
    """The articles of a spreadsheet, numbered through all its sheets. Raises NotTextError where it cannot be read as one."""
    number = 0
    for sheet in _sheets(path):
        start, names = _header(sheet.rows)
        if not text_columns(names):
            yield no_text_column(names)._replace(record=sheet.name)
            continue
        for row in sheet.rows[start:]:
            number += 1
            yield article_in(next(unwrap(dict(zip(names, row, strict=False)))), number)


def columns_in_spreadsheet(path: Path) -> list[str]:
    """The names of the columns of the first sheet that has a column of texts. Raises NotTextError."""
    found = (_header(sheet.rows)[1] for sheet in _sheets(path, most_rows=_NOTES))
    return next((names for names in found if text_columns(names)), [])


def _sheets(path: Path, most_rows: int | None = None) -> list[_Sheet]:
    try:
        found: list[_Sheet] = call(_filled_rows, path, most_rows)
    except OutOfTimeError:
        raise NotTextError("too_slow", f"takes too long to be read as a spreadsheet; {_AS_TABLE}") from None
    except CrashError as error:
        raise NotTextError("crash", f"its reader ended with {error}; {_AS_TABLE}") from None
    if not found:
        raise NotTextError("empty", "is a spreadsheet without a filled cell; remove it")
    return found


def _filled_rows(path: Path, most_rows: int | None) -> list[_Sheet]:
    """The rows with a filled cell of each sheet that has any: values, not formulas."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                total = sum(info.file_size for info in archive.infolist())
            if total > MOST_UNPACKED:
                raise NotTextError("too_long", f"unpacks to {total} bytes, more than {MOST_UNPACKED}; split it, or {_AS_TABLE}")
        import python_calamine  # fills each sheet to its last cell, wherever a hostile file says that this is: hence the bound

        with bounded_memory(), path.open("rb") as file:  # by its content: an old .xls is often a new one under the old name
            if written_as(path) == "markup":
                sheets = [_Sheet(name, list(islice(_with_cells(rows), most_rows))) for name, rows in marked_up_tables(file.read())]
                return [sheet for sheet in sheets if sheet.rows]
            book = python_calamine.load_workbook(file)
            sheets = [_Sheet(name, list(islice(_filled(book.get_sheet_by_name(name)), most_rows))) for name in book.sheet_names]
    except NotTextError:
        raise
    except Exception as error:  # zipfile and calamine raise much for hostile files
        raise NotTextError("broken_record", f"cannot be opened as a spreadsheet: {str(error)[:200]}; {_AS_TABLE}") from None
    return [sheet for sheet in sheets if sheet.rows]


def _filled(sheet: Any) -> Iterator[tuple[Any, ...]]:
    return _with_cells(tuple(_cell(value) for value in row) for row in sheet.iter_rows())


def _with_cells(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    return (row for row in rows if any(cell is not None for cell in row))


def _cell(value: Any) -> Any:
    """A cell's value: None where it is empty, a whole number as one, for spreadsheets know only floats."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


def _header(rows: list[tuple[Any, ...]]) -> tuple[int, list[str]]:
    """Where the articles begin, and the names of the columns: the first row that names a text, else the first."""
    for i, row in enumerate(rows[:_NOTES]):
        if text_columns(_names(row)):
            return i + 1, _names(row)
    return 1, _names(rows[0])


def _names(row: tuple[Any, ...]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in row]
