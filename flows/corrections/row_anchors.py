"""From a row of a build to the cells of a line that corrects it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from qantar.corrections.fixes import FIELDS
from qantar.schema import TABLES


def anchor_of(table: str, row: Mapping[str, Any], field: str) -> list[str]:
    """The first five cells of a line about a row: document, table, start, end, text.

    >>> anchor_of("entities", {"entity_id": "person-ann-lee", "name": "Ann Lee"}, "name")
    ['', 'entities', '', '', 'person-ann-lee']
    """
    if table == "entities":
        return ["", table, "", "", str(row["entity_id"])]
    if table == "documents":
        stands = row.get(field)
        return [str(row["document_id"]), table, "", "", "" if stands is None else str(stands)]
    if table == "duplicates":
        return [str(row["document_id"]), table, "", "", ""]
    places = ["" if row[name] is None else str(row[name]) for name in ("start", "end")]
    return [str(row["document_id"]), table, *places, str(row["text"])]


def stands_now(table: str, row: Mapping[str, Any], field: str) -> str:
    """What a row says of a field now, as a line would give it."""
    if table == "duplicates":
        return str(row["canonical_id"])
    if field == "span":
        return f"{row['start']}-{row['end']}"
    columns = {column.name for column in TABLES[table]}
    value = row.get(field) if field in columns else None
    if field == "segments" and value:
        return ", ".join(f"{start}-{end}" for start, end in (json.loads(value) if isinstance(value, str) else value))
    return "" if value is None else str(value)


def fields_of(table: str) -> tuple[str, ...]:
    """What can be corrected of a row that is there."""
    return tuple(name for name in FIELDS[table] if name != "add")  # type: ignore[index]
