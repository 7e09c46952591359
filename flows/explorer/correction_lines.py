"""The lines of `raw/corrections.csv` beside the build that is served: which it knows, which wait for the next one, which were taken out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qantar.corrections.fixes import Fix
from qantar.explorer.translation import gettext
from qantar.schema import TABLES

_ARTICLE = "SELECT document_id FROM documents WHERE ? IN (document_id, source_path, url)"


@dataclass(frozen=True)
class Listed:
    """One line, and where it stands."""

    fix: Fix
    row_id: str | None
    """The row that it is about, in the build served; None where it has none."""
    document_id: str | None
    in_file: bool
    status: str | None = None
    """What became of it in the build; None where the build does not know it."""

    @property
    def is_waiting(self) -> bool:
        """Whether the next build will differ from this one by it."""
        return self.in_file == (self.status is None)

    @property
    def does(self) -> str:
        """What it does, in words: `speaker: Tom Hale`."""
        whole = {"delete": gettext("delete this row"), "join": gettext("join it to the next sentence")}
        value = self.fix.value or gettext("none")
        said = whole.get(self.fix.field) or f"{self.fix.field.replace('_', ' ')}: {value}"
        return said if self.in_file else gettext("taken back: %(what)s", what=said)


def list_lines(build: Path, fixes: Iterable[Fix]) -> list[Listed]:
    """The lines of the file, then those that only the build knows."""
    with closing(sqlite3.connect(f"{(build / 'qantar.db').resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        known = {row["correction_id"]: row for row in connection.execute("SELECT * FROM corrections ORDER BY line")}
        found, seen = [], set()
        for fix in fixes:
            row = known.get(fix.id)
            seen.add(fix.id)
            if row is not None:
                found.append(Listed(fix, row["row_id"], row["document_id"], True, row["status"]))
            else:
                document_id = _first(connection, _ARTICLE, fix.document)
                found.append(Listed(fix, _row_of(connection, fix, document_id), document_id, True))
        gone = [row for key, row in known.items() if key.partition("-")[0] not in seen]
        return found + [Listed(_as_fix(row), row["row_id"], row["document_id"], False, row["status"]) for row in gone]


def _row_of(connection: sqlite3.Connection, fix: Fix, document_id: str | None) -> str | None:
    """The key of the row that a line is about, if the build has just one."""
    (key,) = TABLES[fix.table].key
    if fix.field == "add":
        return None
    if fix.table == "entities":
        return _first(connection, "SELECT entity_id FROM entities WHERE ? IN (entity_id, name)", fix.text)
    if fix.table in ("documents", "duplicates"):
        return document_id
    asked = f"SELECT {key} FROM {fix.table} WHERE document_id = ? AND text = ?"
    if fix.start is not None:
        return _first(connection, f"{asked} AND start = ?", document_id, fix.text, fix.start)
    return _first(connection, asked, document_id, fix.text)


def _first(connection: sqlite3.Connection, asked: str, *values: Any) -> str | None:
    found = connection.execute(asked, values).fetchall()
    return found[0][0] if len(found) == 1 else None


def _as_fix(row: sqlite3.Row) -> Fix:
    """What the build says that the line was."""
    return Fix(
        id=row["correction_id"],
        line=row["line"],
        document=row["document_id"] or "",
        table=row["table"],
        start=row["start"],
        end=row["end"],
        text=row["text"] or "",
        field=row["field"],
        value=row["value"] or "",
        by=row["by"] or "",
        on=date.fromisoformat(row["on"]) if row["on"] else None,
        reason=row["reason"] or "",
    )
