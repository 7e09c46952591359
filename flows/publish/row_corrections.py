"""Writing corrections of a build's rows into `raw/corrections.csv`, and taking them out again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from qantar.corrections.corrections_file import LOCK, add_corrections, make_fix, text_of, without_line, write_safely
from qantar.corrections.fixes import ALIASES, FIELDS, Fix
from qantar.corrections.own_folder import check_folder
from qantar.corrections.plain_values import CALLED, ENTITY_FIELDS, PIECES, entity_called, places_of
from qantar.corrections.row_anchors import anchor_of
from qantar.publish.description import DATABASE
from qantar.schema import TABLES, Span
from qantar.settings import CORRECTIONS_FILE, QantarError
from qantar.store.locks import held


def row_of(build: Path, table: str, row_id: str) -> Mapping[str, Any]:
    """A row of a build, by its key.

    Raises QantarError where the build has none.
    """
    if table not in FIELDS:
        raise QantarError(f"{table!r} cannot be corrected; tables are {', '.join(FIELDS)}")
    (key,) = TABLES[table].key
    with closing(_opened(build)) as connection:
        row = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (row_id,)).fetchone()
    if row is None:
        raise QantarError(f"{build}: {table} has no row {row_id}; its ids stand in the column {key}")
    spans = {column.name for column in TABLES[table] if column.type == Span}
    return {name: json.loads(row[name]) if name in spans else row[name] for name in row.keys()}  # noqa: SIM118 - a Row has no items


def value_of(build: Path, table: str, row: Mapping[str, Any], field: str, value: str) -> str:
    """What a line says for what a person wrote: the id of an entity for its name, places for the words of a quote.

    Raises QantarError where there is no such entity, or the words do not stand in the article.
    """
    if (table, field) not in ENTITY_FIELDS and (table, field) != PIECES:
        return value
    with closing(_opened(build)) as connection:
        if (table, field) in ENTITY_FIELDS:
            return entity_called(value, [found[0] for found in connection.execute(CALLED, {"called": value})])
        text = connection.execute("SELECT text FROM documents WHERE document_id = ?", (row["document_id"],)).fetchone()[0]
    return places_of(value, text, row["start"])


def _opened(build: Path) -> sqlite3.Connection:
    database = build / DATABASE
    if not database.is_file():
        raise QantarError(f"{database}: there is no build; make one with qantar build")
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def correct_row(raw: Path, build: Path, cells: Mapping[str, str], row_id: str | None = None) -> tuple[Fix, bool]:
    """Add a line to `raw/corrections.csv`, checked; returns it, and whether it is new.

    `cells` are those of the line by column; where `row_id` is given, the row of the build fills in document, place and text.

    Raises QantarError where the line is not a correction, the row is not there, or the build was made from another folder.
    """
    table, field = cells["table"], ALIASES.get(cells["field"], cells["field"])
    check_folder(raw, build)
    value = cells["value"]
    if row_id is not None:
        row = row_of(build, table, row_id)
        first, value = anchor_of(table, row, field), value_of(build, table, row, field, value)
    else:
        first = [cells["document"], table, cells["start"], cells["end"], cells["text"]]
    fix = make_fix([*first, field, value, *(cells[name] for name in ("by", "on", "reason"))])
    return fix, bool(add_corrections(raw, [fix]))


def remove_line(raw: Path, line: int) -> str:
    """Take a line out of `raw/corrections.csv`; returns it. What it corrected is as it was in the next build.

    Raises QantarError where there is no such line.
    """
    path = raw / CORRECTIONS_FILE
    with held(raw / LOCK):
        rest, removed = without_line(text_of(path), line)
        if not removed:
            raise QantarError(f"{path}: no correction begins on line {line}; the table corrections has the line of each")
        write_safely(path, rest)
    return removed
