"""What the metadata of a build or release say, gathered once from its tables and its corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from qantar.publish.csv_tables import File, csv_path, describe_file, file_digest
from qantar.schema import TABLES, Table
from qantar.settings import Corpus
from qantar.store.parquet import parts, read_columns

Edition = Literal["full", "annotations"]

DATABASE = "qantar.db"


@dataclass(frozen=True)
class Release:
    """What makes a build a release: its version, its day, its edition, and what changed since the one before."""

    version: str
    released_on: date | None = None
    edition: Edition = "full"
    changes: str | None = None
    """Summary of the changes, as Markdown."""


@dataclass(frozen=True)
class TableFiles:
    """One table of a build: its declaration, files, number of rows and row digest."""

    table: Table
    parquet: tuple[File, ...]
    csv: File
    n_rows: int
    digest: str


@dataclass(frozen=True)
class Description:
    """All that the metadata of one build or release are made from."""

    corpus: Corpus
    tables: tuple[TableFiles, ...]
    database: File
    build: Mapping[str, Any]
    quality: tuple[Mapping[str, Any], ...]
    composition: Mapping[str, tuple[tuple[str, int], ...]]
    """Documents by value of each of a few columns, the most frequent first."""
    first_day: date | None
    last_day: date | None
    release: Release | None = None

    @property
    def version(self) -> str:
        """The release's version; a build that is not a release has version 0 and its own id."""
        return self.release.version if self.release else f"0.0.0+{self.build['build_id']}"

    @property
    def edition(self) -> Edition:
        """The edition that is published: full, or annotations without texts."""
        return self.release.edition if self.release else "full"

    @property
    def holds_texts(self) -> bool:
        """False for the edition that may be shared freely."""
        return self.edition == "full"

    @property
    def title(self) -> str:
        """The dataset's title, with the edition."""
        return self.corpus.title if self.holds_texts else f"{self.corpus.title}: annotations"

    @property
    def summary(self) -> str:
        """The dataset's description, or a sentence made from its title."""
        return self.corpus.description or f"{self.corpus.title}: news articles with sentences, names and quotations."

    @property
    def authors(self) -> list[str]:
        """Who made the dataset, for citations."""
        return self.corpus.authors or [f"The makers of {self.corpus.title}"]

    @property
    def keywords(self) -> list[str]:
        """Keywords for catalogues of datasets."""
        return ["news", "quotations", "quotation attribution", "named entities", "near-duplicates", "computational social science"]

    @cached_property
    def files(self) -> tuple[File, ...]:
        """Every data file, tables first."""
        of_tables = [file for t in self.tables for file in (*t.parquet, t.csv)]
        return (*of_tables, self.database)


_COMPOSITION = ("outlet", "format", "language", "licence", "duplicate_kind")


def describe(
    folder: Path,
    corpus: Corpus,
    digests: Mapping[str, str],
    release: Release | None = None,
    tables: Mapping[str, Table] = TABLES,
    sums: Mapping[str, str] | None = None,
) -> Description:
    """Gather what a folder's metadata say; its Parquet, CSV and database are written already."""
    documents = _columns(folder, tables["documents"], [*_COMPOSITION, "published_on"])
    days = [day for day in documents.column("published_on").to_pylist() if day]
    return Description(
        corpus=corpus,
        tables=tuple(_table_files(folder, table, digests[name], sums or {}) for name, table in tables.items()),
        database=describe_file(folder, folder / DATABASE, sums),
        build=_columns(folder, tables["build"]).to_pylist()[0],
        quality=tuple(_columns(folder, tables["quality"]).to_pylist()),
        composition={name: _counts(documents.column(name)) for name in _COMPOSITION},
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        release=release,
    )


def sum_files(folder: Path) -> dict[str, str]:
    """The SHA-256 of a staged build's database and CSV, most of its bytes, by their paths in it."""
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in (*folder.glob(DATABASE), *folder.glob("csv/*.csv.gz"))}


def _table_files(folder: Path, table: Table, digest: str, sums: Mapping[str, str]) -> TableFiles:
    paths = parts(folder, table)
    return TableFiles(
        table=table,
        parquet=tuple(describe_file(folder, path, sums) for path in paths),
        csv=describe_file(folder, folder / csv_path(table), sums),
        n_rows=sum(pq.read_metadata(path).num_rows for path in paths),
        digest=digest,
    )


def _columns(folder: Path, table: Table, names: list[str] | None = None) -> pa.Table:
    return pa.concat_tables([read_columns(path, names) for path in parts(folder, table)])


def _counts(values: pa.ChunkedArray) -> tuple[tuple[str, int], ...]:
    counts = [(item["values"], item["counts"]) for item in values.value_counts().to_pylist() if item["values"] is not None]
    return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))
