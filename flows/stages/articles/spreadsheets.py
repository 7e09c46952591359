"""Spreadsheets (.xlsx): each row below the names of the columns is an article, in each sheet that has a column of texts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from qantar.stages.articles.archives.documents import MOST_UNPACKED
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.limit import CrashError, OutOfTimeError, call
from qantar.stages.articles.record_columns import no_text_column, text_columns, unwrap
from qantar.stages.articles.record_fields import article_in

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
        with zipfile.ZipFile(path) as archive:
            total = sum(info.file_size for info in archive.infolist())
        if total > MOST_UNPACKED:
            raise NotTextError("too_long", f"unpacks to {total} bytes, more than {MOST_UNPACKED}; split it, or {_AS_TABLE}")
        import openpyxl

        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheets = [_Sheet(sheet.title, list(islice(_filled(sheet), most_rows))) for sheet in book.worksheets]
        book.close()
    except NotTextError:
        raise
    except Exception as error:  # zipfile, the XML parser and openpyxl raise much for hostile files
        raise NotTextError("broken_record", f"cannot be opened as a spreadsheet: {str(error)[:200]}; {_AS_TABLE}") from None
    return [sheet for sheet in sheets if sheet.rows]


def _filled(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    return (row for row in sheet.iter_rows(values_only=True) if any(cell not in (None, "") for cell in row))


def _header(rows: list[tuple[Any, ...]]) -> tuple[int, list[str]]:
    """Where the articles begin, and the names of the columns: the first row that names a text, else the first."""
    for i, row in enumerate(rows[:_NOTES]):
        if text_columns(_names(row)):
            return i + 1, _names(row)
    return 1, _names(rows[0])


def _names(row: tuple[Any, ...]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in row]
