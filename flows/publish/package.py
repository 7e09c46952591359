"""Write everything that makes a staged build a dataset: CSV, metadata in the field's formats, digests and checksums."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qantar.publish.card import dataset_card
from qantar.publish.citation import citation, zenodo
from qantar.publish.croissant import croissant
from qantar.publish.csv_tables import write_checksums, write_csv, write_row_digests
from qantar.publish.datapackage import data_package
from qantar.publish.description import Description, Release, describe
from qantar.schema import Table
from qantar.settings import Corpus
from qantar.store.parquet import tables_in


def write_package(
    folder: Path,
    corpus: Corpus,
    release: Release | None = None,
    tables: Mapping[str, Table] | None = None,
    digests: Mapping[str, str] | None = None,
    sums: Mapping[str, str] | None = None,
) -> None:
    """Complete a staged build that holds `data/<table>/part-*.parquet` and `qantar.db` (and its `validation/`).

    Adds `csv/`, `README.md`, `datapackage.json`, `croissant.json`, `CITATION.cff`, `.zenodo.json`, `ROWS.sha256` and, last,
    `SHA256SUMS` over all files but `run.json`. The same tables, corpus and release give the same bytes. `digests` are those of the rows
    of each table where its CSV is written already, `sums` the SHA-256 of files that are known, by their paths.
    """
    tables = tables_in(folder) if tables is None else tables
    digests = digests or {name: write_csv(folder, table) for name, table in tables.items()}
    write_row_digests(folder, digests)
    described = describe(folder, corpus, digests, release, tables, sums or {})
    write_metadata(folder, described)
    write_checksums(folder, described.files)


def write_metadata(folder: Path, described: Description) -> None:
    """Write the metadata files of a build or release."""
    _write_json(folder / "datapackage.json", data_package(described))
    _write_json(folder / "croissant.json", croissant(described))
    _write_json(folder / ".zenodo.json", zenodo(described))
    (folder / "CITATION.cff").write_text(citation(described), "utf-8")
    (folder / "README.md").write_text(dataset_card(described), "utf-8")


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
