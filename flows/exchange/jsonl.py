"""JSON Lines: an article a line, with the rows of each table as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.formats import About


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write one line for each article: `document`, `blocks`, `sentences`, `tokens`, `mentions`, `quotes`, `entities`."""
    with destination.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            row: dict[str, Any] = {"build_id": about.build_id, "document": asdict(document.document)}
            for name in ("blocks", "sentences", "tokens", "mentions", "quotes"):
                row[name] = [asdict(item) for item in getattr(document, name)]
            row["entities"] = [asdict(entity) for entity in document.entities.values()]
            file.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")
