"""What became of a quote in the builds that are kept beside the one served."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from qantar.explorer.wording import COMPARED


def quote_in(folder: Path, quote_id: str) -> dict[str, Any] | None:
    """A quote's row in a build, with its article's outlet and day; None where it has none, or the build cannot be read (any longer)."""
    asked = (
        f"SELECT q.quote_id, q.document_id, {', '.join(f'q.{c}' for c in _quoted())}, e.name AS speaker_name, d.outlet, d.title,"
        " d.published_on FROM quotes q JOIN documents d USING (document_id)"
        " LEFT JOIN entities e ON e.entity_id = q.speaker_entity_id WHERE q.quote_id = ?"
    )
    try:
        with closing(sqlite3.connect(f"file:{folder / 'qantar.db'}?immutable=1", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(asked, (quote_id,)).fetchone()
    except sqlite3.Error:
        return None
    return dict(found) if found else None


def _quoted() -> list[str]:
    return [f'"{name}"' for name in COMPARED]


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """What two rows of a quote differ in: name, value before, value after.

    >>> row = dict.fromkeys(COMPARED) | {"cue": "said"}
    >>> differences(row, row | {"cue": "told"})
    [{'name': 'reporting word', 'before': 'said', 'after': 'told'}]
    """
    return [
        {"name": name, "before": before[column], "after": after[column]}
        for column, name in COMPARED.items()
        if before[column] != after[column]
    ]


def kept_beside(published: Any) -> list[Any]:
    """The other builds that are kept, by their id."""
    folder = published.folder.parent
    names = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.name == "builds" else []
    return [build for name in names if name != published.build_id and (build := published.kept(name)) is not None]
