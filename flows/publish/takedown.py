"""Removing an article on request: `raw/takedowns.csv` is an input of every later build, which drops what it names.

The file says, a line a document: `document_id, removed_on, reason, text_sha256`. A build leaves out a document by its id or by
its text, so that the same text does not come back under another name, and keeps a tombstone in the table `takedowns`.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qantar.corrections.corrections_file import load_corrections
from qantar.corrections.edit_log import forget_changes
from qantar.quality.audit_sheet import FOLDER as AUDITS
from qantar.quality.audit_sheet import forget_documents
from qantar.schema import DOCUMENT_ID, SHA256, TABLES, Takedown
from qantar.settings import CORRECTIONS_FILE, TAKEDOWNS_FILE, QantarError
from qantar.store.builds import latest_build, locked
from qantar.store.parquet import batches, parts
from qantar.store.purging import purge_cache

CACHE = ".cache"


@dataclass(frozen=True)
class Removed:
    """One line of `raw/takedowns.csv`: a document that is kept out of every build, and the hash of its text."""

    document_id: str
    removed_on: date
    reason: str
    text_sha256: str
    """Empty where it is not known: a takedown that was restored from a release, whose tombstones do not hold it."""

    @property
    def row(self) -> Takedown:
        """The tombstone: nothing of the text, not even its hash."""
        return Takedown(document_id=self.document_id, removed_on=self.removed_on, reason=self.reason)


class Removal(NamedTuple):
    """What a takedown did."""

    removed: list[Removed]
    """The document, and others that have the very same text."""
    repeats: list[str]
    """Ids of documents that repeat it edited, cut or within a longer article; they stay until taken down themselves."""


class Purged(NamedTuple):
    """What a purge deleted, and what still holds what was taken down, of which people decide."""

    deleted: list[Path]
    """Builds, and reports of builds that were not valid, which quote rows."""
    n_stored: int
    """Stored results."""
    n_told: int
    """Lines of the log of edits, and rows of the sheets of audits."""
    releases: list[Path]
    """They were published, so their maker decides."""
    corrections: list[int]
    """Lines of `raw/corrections.csv`: nothing in the raw folder is touched."""


_COLUMNS = tuple(f.name for f in fields(Removed))


def load_takedowns(raw: Path) -> list[Removed]:
    """Read `raw/takedowns.csv`, sorted by document; without the file there are none.

    Raises QantarError, naming the line, for anything that is not a takedown: none may be lost in silence.
    """
    path = raw / TAKEDOWNS_FILE
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            found = [_read(path, reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise QantarError(f"{path}: cannot be read as CSV in UTF-8: {error}") from error
    by_id = {removed.document_id: removed for removed in found}
    return [by_id[document_id] for document_id in sorted(by_id)]


def _read(path: Path, line: int, row: dict[str | None, str | None]) -> Removed:
    def value(column: str, pattern: str) -> str:
        text = (row.get(column) or "").strip()
        if row.get(column) is None or not re.fullmatch(pattern, text):
            raise QantarError(f"{path}, line {line}: {column} is {text!r}; the columns are {', '.join(_COLUMNS)}")
        return text

    day = value("removed_on", r"\d{4}-\d{2}-\d{2}")
    try:
        removed_on = date.fromisoformat(day)
    except ValueError as error:
        raise QantarError(f"{path}, line {line}: removed_on is {day!r}, which is not a day") from error
    return Removed(value("document_id", DOCUMENT_ID.pattern), removed_on, value("reason", ".+"), value("text_sha256", f"|{SHA256.pattern}"))


def take_down(raw: Path, build: Path, document: str, reason: str, on: date) -> Removal:
    """Add a document of a build, named by its id, URL or path under raw/, to `raw/takedowns.csv`.

    Later builds leave it out, with all that was made from it. Doing it twice changes nothing.
    Raises QantarError if the build has no such document, or several, or if no reason is given.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise QantarError("a takedown needs a reason: it stands in the tombstone that remains; give one with --reason")
    before = load_takedowns(raw)
    known = next((removed for removed in before if removed.document_id == document), None)
    if known:
        return Removal([known], [])
    rows = _documents(build)
    named = {row["document_id"] for row in rows if document in (row["document_id"], row["url"], row["source_path"])}
    if len(named) != 1:
        several = f"names {len(named)} documents; give an id" if named else "is not a document"
        raise QantarError(f"{document} {several} of {build}; ids, URLs and paths stand in its table documents")
    (chosen,) = (row for row in rows if row["document_id"] in named)
    same = [row for row in rows if row["text_sha256"] == chosen["text_sha256"]]
    removed = [Removed(row["document_id"], on, reason, row["text_sha256"]) for row in same]
    _write(raw / TAKEDOWNS_FILE, [*before, *removed])
    gone = {row["document_id"] for row in same}
    return Removal(removed, sorted(_repeats(build, gone) - gone))


def add_takedowns(raw: Path, removed: Iterable[Removed]) -> list[str]:
    """Add takedowns to `raw/takedowns.csv` where it does not name their documents; returns the ids that were added."""
    before = load_takedowns(raw)
    named = {row.document_id for row in before}
    added = [row for row in removed if row.document_id not in named]
    if added:
        _write(raw / TAKEDOWNS_FILE, [*before, *added])
    return [row.document_id for row in added]


def _documents(build: Path) -> list[dict[str, str]]:
    columns = ["document_id", "url", "source_path", "text_sha256"]
    return [row for part in parts(build, TABLES["documents"]) for row in pq.read_table(part, columns=columns).to_pylist()]


def _repeats(build: Path, documents: Collection[str]) -> set[str]:
    """Documents of the same family of duplicates as any of those given."""
    pairs = [
        (row["document_id"], row["canonical_id"])
        for batch in batches(build, TABLES["duplicates"])
        for row in batch.select(["document_id", "canonical_id"]).to_pylist()
    ]
    heads = {canonical for document, canonical in pairs if document in documents} | set(documents)
    return {member for pair in pairs if pair[1] in heads for member in pair}


def _write(path: Path, removed: Iterable[Removed]) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in removed)
    fresh.replace(path)


def purge(raw: Path, out: Path, takedowns: Collection[Removed]) -> Purged:
    """Delete from an output folder each build, each stored result and each note of people that holds a document taken down.

    Raises QantarError while the latest build still holds one: readers would be left with nothing.
    """
    ids, texts = {removed.document_id for removed in takedowns}, {removed.text_sha256 for removed in takedowns} - {""}

    def holding(folder: Path) -> list[Path]:
        return [path for path in sorted(folder.glob("[!.]*")) if path.is_dir() and _holds(path, ids, texts)]

    with locked(out):
        gone, releases = holding(out / "builds"), holding(out / "releases")
        if latest_build(out) in [build.resolve() for build in gone]:
            raise QantarError(f"{out / 'latest'} still holds a document taken down; make a build without it first: qantar build")
        names = ids | {name for build in (*gone, *releases) for name in _names(build, ids, texts)}
        gone += sorted((out / "failed").glob("[!.]*"))
        for path in gone:
            shutil.rmtree(path)
        n_stored = purge_cache(out / CACHE, ids, texts)
        n_told = forget_changes(out, names)
        n_told += sum(forget_documents(sheet, names) for sheet in sorted((out / AUDITS).glob("[!.]*.csv")))
    lines = [fix.line for fix in load_corrections(raw).fixes if fix.document in names]
    return Purged(gone, n_stored, n_told, releases, lines)


def describe_purge(purged: Purged, raw: Path) -> list[str]:
    """What a purge did, and what is left to do, in lines."""
    lines = [f"deleted {path}" for path in purged.deleted]
    lines.append(f"deleted {purged.n_stored} stored results that held it, and {purged.n_told} lines of edits and audits")
    lines += [f"{path} still holds it: withdraw that release where it was published, and delete it" for path in purged.releases]
    if purged.corrections:
        numbers, path = ", ".join(map(str, sorted(purged.corrections, reverse=True))), raw / CORRECTIONS_FILE
        lines.append(f"{path} has words of it in lines {numbers}: take them out with qantar correct --undo, in this order")
    return [*lines, f"the article's own file under {raw}, and its copies elsewhere, are yours to delete"]


def _names(build: Path, ids: Collection[str], texts: Collection[str]) -> set[str]:
    """What documents are called by in corrections: their ids, addresses and paths, where no other document has the path too."""
    rows = _documents(build)
    named = [row for row in rows if row["document_id"] in ids or row["text_sha256"] in texts]
    others = {row["source_path"] for row in rows if row not in named}
    return {name for row in named for name in (row["document_id"], row["url"], row["source_path"]) if name} - others


def _holds(build: Path, ids: Collection[str], texts: Collection[str]) -> bool:
    wanted = {"document_id": pa.array(sorted(ids), pa.string()), "text_sha256": pa.array(sorted(texts), pa.string())}
    return any(
        pc.any(pc.is_in(batch.column(column), value_set=values)).as_py()
        for batch in batches(build, TABLES["documents"])
        for column, values in wanted.items()
    )
