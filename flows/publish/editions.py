"""The two editions of a dataset: the full one, and one without any words of the articles, which may be shared freely.

Which columns hold words of the articles is declared with the column, in `qantar.schema`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import make_dataclass
from functools import cache
from pathlib import Path
from typing import get_type_hints

import pyarrow as pa

from qantar.publish.csv_tables import read_checksums, read_row_digests
from qantar.publish.description import DATABASE, Edition
from qantar.schema import TABLES, Table
from qantar.store.parquet import PartWriter, batches, part_batches, parts
from qantar.store.sqlite import write_database

REHYDRATION = "rehydrate.json"
"""In the annotations edition: what is needed to put the texts back, and to check that they are the right ones."""


@cache
def tables_of(edition: Edition) -> Mapping[str, Table]:
    """The tables of an edition, by name; the annotations edition lacks the columns that hold words of the articles."""
    return TABLES if edition == "full" else {name: _without_words(table) for name, table in TABLES.items()}


def _without_words(table: Table) -> Table:
    kept = [c.name for c in table if not c.is_words]
    if len(kept) == len(table.columns):
        return table
    hints = get_type_hints(table.row, include_extras=True)
    row = make_dataclass(table.row.__name__, [(name, hints[name]) for name in kept], frozen=True, kw_only=True)
    row.__doc__ = table.row.__doc__
    return Table(table.name, row, table.order, tuple(c for c in table.search if c in kept), table.home)


def write_edition(build: Path, folder: Path, edition: Edition) -> None:
    """Write the tables of an edition, as Parquet and SQLite, into an empty folder; of the full one, the validation report too."""
    if edition == "full":
        for name in ("data", "validation"):
            if (build / name).is_dir():
                shutil.copytree(build / name, folder / name, copy_function=shutil.copyfile)
        shutil.copyfile(build / DATABASE, folder / DATABASE)
        return
    tables = tables_of(edition)
    for table in tables.values():
        for part in parts(build, table):
            with PartWriter(folder / part.relative_to(build), table) as writer:
                for batch in part_batches(part):
                    writer.write(pa.Table.from_batches([batch]))
    write_database(folder / DATABASE, tables, lambda table: batches(folder, table))
    (folder / REHYDRATION).write_text(json.dumps(_rehydration(build), indent=1) + "\n", "utf-8")


def _rehydration(build: Path) -> dict[str, object]:
    checksums = {path: digest for path, digest in read_checksums(build).items() if path.startswith("data/")}
    return {"rows": read_row_digests(build), "files": checksums, "fullest": _fullest(build)}


def _fullest(build: Path) -> dict[str, dict[str, object]]:
    """Where the wording of each quote group stands: the document and segments of a quote that has it."""
    texts = {row["quote_group_id"]: row["text"] for batch in batches(build, TABLES["quote_groups"]) for row in batch.to_pylist()}
    fullest: dict[str, dict[str, object]] = {}
    for batch in batches(build, TABLES["quotes"]):
        for row in batch.select(["quote_group_id", "text", "document_id", "segments"]).to_pylist():
            if row["quote_group_id"] in texts and row["text"] == texts[row["quote_group_id"]]:
                fullest.setdefault(row["quote_group_id"], {"document_id": row["document_id"], "segments": row["segments"]})
    return fullest
