"""What one build changed against another: rows of each table, documents, ids and columns.

Rows are matched by their key, in SQL over both builds' `qantar.db`, so that memory does not grow with them.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow.parquet as pq

from qantar.publish.datapackage import table_schema
from qantar.publish.description import DATABASE
from qantar.schema import TABLES, Change, DocumentChange, Table
from qantar.settings import QantarError
from qantar.store.parquet import parts
from qantar.store.sqlite import MAPPED, Piece, quoted

Step = Literal["major", "minor", "patch"]
"""The parts of a data version: ids or meaning, rows or columns, fixes."""

STEPS: tuple[Step, ...] = get_args(Step)
MOST_NAMED = 100
"""Corrections that a summary names."""
OUTSIDE = frozenset({"build", "quality"})
"""Tables about the dataset, not of it: what they say differs between any two builds."""

PLACE = frozenset({"source_sha256", "source_record"})
"""Where a document stands in its file, which says nothing of the document: one line more in a file changes it for all others."""


@dataclass(frozen=True)
class RowChange:
    """One row that was added, changed or removed, by its key, and the columns whose values changed, with their old and new values."""

    table: str
    key: tuple[Any, ...]
    change: Change
    columns: tuple[str, ...] = ()
    before: tuple[Any, ...] = ()
    after: tuple[Any, ...] = ()

    def __str__(self) -> str:
        """The change on one line.

        >>> print(RowChange("quotes", ("q7",), "changed", ("cue",), ("said",), (None,)))
        quotes q7 changed: cue "said" → null
        """
        told = (f"{name} {json.dumps(old, ensure_ascii=False)} → {json.dumps(new, ensure_ascii=False)}" for name, old, new in self.values)
        values = "; ".join(told)
        return f"{self.table} {' '.join(map(str, self.key))} {self.change}{': ' if values else ''}{values}"

    @property
    def values(self) -> list[tuple[str, Any, Any]]:
        """Each column that changed, with its old and its new value."""
        return list(zip(self.columns, self.before, self.after, strict=True))


@dataclass
class TableDiff:
    """How the rows of one table changed."""

    table: str
    n_old: int = 0
    n_new: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    """Rows in which each column changed."""

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True)
class SchemaChange:
    """One change of the declarations: of a table or column, and the step of the version it asks for."""

    what: str
    step: Step


@dataclass(frozen=True)
class Diff:
    """All that differs between two builds."""

    old: str
    new: str
    tables: list[TableDiff]
    documents: dict[Change, int]
    schema: list[SchemaChange]
    new_ids: list[tuple[str, str, str]]
    """Table, old and new id of what is the same but is called otherwise now."""
    corrections: list[str] = field(default_factory=list)
    """What people corrected since, a line each."""

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return not self.schema and all(t.is_same for t in self.tables if t.table not in OUTSIDE)

    @property
    def step(self) -> Step:
        """The smallest step of the version that says what changed: major for ids or meaning, minor for rows or columns, patch for values.

        Tables about the dataset (`build`, `quality`) do not count: they differ between any two builds.
        """
        asked: set[Step] = {change.step for change in self.schema}
        if self.new_ids:
            asked.add("major")
        if any(t.added or t.removed for t in self.tables if t.table not in OUTSIDE):
            asked.add("minor")
        return next((step for step in STEPS if step in asked), "patch")

    def to_json(self) -> dict[str, Any]:
        """The difference for machines."""
        return {"same": self.is_same, "step": self.step, **asdict(self)}

    def summary(self) -> str:
        """The difference as Markdown, for people."""
        lines = [f"Build `{self.old}` → `{self.new}`", ""]
        if self.is_same:
            return "\n".join([*lines, "No row has changed.", ""])
        lines += [f"Documents: {', '.join(f'{n} {change}' for change, n in self.documents.items())}.", ""]
        lines += [
            "| table | before | now | added | changed | removed | columns that changed |",
            "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
        ]
        lines += [_table_line(t) for t in self.tables if not t.is_same and t.table not in OUTSIDE]
        same = [f"`{t.table}`" for t in self.tables if t.is_same]
        lines += ["", f"Unchanged: {', '.join(same)}." if same else "No table is unchanged."]
        lines += [f"* {change.what}{' (breaks readers)' if change.step == 'major' else ''}" for change in self.schema]
        if self.new_ids:
            table, old, new = self.new_ids[0]
            lines.append(f"* {len(self.new_ids)} ids have changed, such as {table} `{old}` → `{new}`")
        return "\n".join([*lines, *_correction_lines(self.corrections), ""])


def _table_line(table: TableDiff) -> str:
    counted = sorted(table.columns.items(), key=lambda pair: (-pair[1], pair[0]))
    columns = ", ".join(f"`{name}` ({n})" for name, n in counted) or "–"
    return f"| `{table.table}` | {table.n_old} | {table.n_new} | {table.added} | {table.changed} | {table.removed} | {columns} |"


def _correction_lines(corrections: Sequence[str]) -> list[str]:
    if not corrections:
        return []
    more = len(corrections) - MOST_NAMED
    told = [f"* and {more} more, in the table `corrections`"] if more > 0 else []
    return ["", "Corrections since:", "", *(f"* {said}" for said in corrections[:MOST_NAMED]), *told]


def diff_builds(old: Path, new: Path, declared: Mapping[str, Table] | None = None, seconds: float | None = None) -> Diff:
    """Compare two builds or unpacked releases; `declared` are the new one's tables, where it has no data package yet.

    Raises QantarError if one of them is not a build, sqlite3.OperationalError once it has taken longer than `seconds`.
    """
    with closing(_open(old, new, seconds)) as connection:
        tables = []
        for table in _common_tables(connection):
            counted = TableDiff(table.name, _count(connection, "old", table), _count(connection, "new", table))
            for change in _row_changes(connection, table):
                setattr(counted, change.change, getattr(counted, change.change) + 1)
                for column in change.columns:
                    counted.columns[column] = counted.columns.get(column, 0) + 1
            tables.append(counted)
        documents = Counter(_changes_by_document(connection, new, {}).values())
        return Diff(
            old=_build_id(connection, "old"),
            new=_build_id(connection, "new"),
            tables=tables,
            documents={"added": documents["added"], "changed": documents["changed"], "removed": documents["removed"]},
            schema=_schema_changes(_schemas(old), {n: table_schema(t) for n, t in declared.items()} if declared else _schemas(new)),
            new_ids=[*_new_ids(connection, "documents", "text_sha256"), *_new_ids(connection, "entities", "label, name")],
            corrections=_corrections(connection),
        )


def row_changes(old: Path, new: Path, table: str | None = None, seconds: float | None = None) -> Iterator[RowChange]:
    """Every row that was added, changed or removed, table by table, by key; of one table alone where it is named.

    Raises sqlite3.OperationalError once it has taken longer than `seconds`.
    """
    with closing(_open(old, new, seconds)) as connection:
        for found in _common_tables(connection):
            if table in (None, found.name):
                yield from _row_changes(connection, found)


def document_changes(old: Path | None, new: Path, shared: Mapping[str, Sequence[Piece]] | None = None) -> list[DocumentChange]:
    """The documents that a build added, changed or removed against the one before, by id.

    A document has changed when its row, but for its place in a file of records, or any row made from it (blocks, sentences, mentions,
    quotes, …) has. `shared` are the rows of the new build's parts, by their paths, that the old one's database is known to have.
    """
    with closing(_open(old or new, new)) as connection:
        build_id = _build_id(connection, "new")
        ids = [row[0] for row in connection.execute("SELECT document_id FROM new.documents")]
        changes: dict[str, Change] = _changes_by_document(connection, new, shared or {}) if old else dict.fromkeys(ids, "added")
    return [DocumentChange(build_id=build_id, document_id=document_id, change=changes[document_id]) for document_id in sorted(changes)]


# --- rows ----------------------------------------------------------------------------------------------------


def _open(old: Path, new: Path, seconds: float | None = None) -> sqlite3.Connection:
    connection = sqlite3.connect("file::memory:", uri=True)
    if seconds is not None:
        until = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
    for name, folder in (("old", old), ("new", new)):
        database = (folder / DATABASE).resolve()
        if not database.is_file():
            raise QantarError(f"{folder}: there is no {DATABASE} in it; name the folder of a build or of an unpacked release")
        connection.execute(f"ATTACH ? AS {name}", (f"{database.as_uri()}?mode=ro&immutable=1",))
    connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    return connection


def _columns(connection: sqlite3.Connection, side: str, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA {side}.table_info({quoted(table)})")]


def _common_tables(connection: sqlite3.Connection) -> list[Table]:
    return [t for t in TABLES.values() if _columns(connection, "old", t.name) and _columns(connection, "new", t.name)]


def _common_columns(connection: sqlite3.Connection, table: Table) -> list[str]:
    new = set(_columns(connection, "new", table.name))
    return [column for column in _columns(connection, "old", table.name) if column in new]


def _count(connection: sqlite3.Connection, side: str, table: Table) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {side}.{quoted(table.name)}").fetchone()[0])


def _build_id(connection: sqlite3.Connection, side: str) -> str:
    return str(connection.execute(f"SELECT build_id FROM {side}.build").fetchone()[0])


def _row_changes(connection: sqlite3.Connection, table: Table) -> Iterator[RowChange]:
    columns = _common_columns(connection, table)
    key = list(table.key) or columns  # a table without a key: a changed row is one removed and one added
    others = [column for column in columns if column not in key]
    name, keys = quoted(table.name), ", ".join(f"a.{quoted(c)}" for c in key)
    same = " AND ".join(f"a.{quoted(c)} {'=' if table.key else 'IS'} b.{quoted(c)}" for c in key)
    if others:
        values = ", ".join(f"b.{quoted(c)}, a.{quoted(c)}" for c in others)
        differs = " OR ".join(f"a.{quoted(c)} IS NOT b.{quoted(c)}" for c in others)
        for row in connection.execute(
            f"SELECT {keys}, {values} FROM new.{name} AS a JOIN old.{name} AS b ON {same} WHERE {differs} ORDER BY {keys}"
        ):
            pairs = zip(others, row[len(key) :: 2], row[len(key) + 1 :: 2], strict=True)
            changed, before, after = zip(*(pair for pair in pairs if pair[1] != pair[2]), strict=True)
            yield RowChange(table.name, tuple(row[: len(key)]), "changed", changed, before, after)
    sides: tuple[tuple[Change, str, str], ...] = (("added", "new", "old"), ("removed", "old", "new"))
    for change, here, there in sides:
        missing = f"SELECT {keys} FROM {here}.{name} AS a WHERE NOT EXISTS (SELECT 1 FROM {there}.{name} AS b WHERE {same}) ORDER BY {keys}"
        for row in connection.execute(missing):
            yield RowChange(table.name, tuple(row), change)


def _changes_by_document(connection: sqlite3.Connection, new: Path, shared: Mapping[str, Sequence[Piece]]) -> dict[str, Change]:
    _note_others(connection, new, shared)
    changes: dict[str, Change] = {}
    for table in _common_tables(connection):
        if "document_id" not in {c.name for c in table} or table.name == "takedowns":
            continue
        if table.key == ("document_id",) and table.name == "documents":
            rows = (row for row in _row_changes(connection, table) if not (row.columns and PLACE.issuperset(row.columns)))
            changes |= {str(row.key[0]): row.change for row in rows}
            continue
        for document_id in _documents_of(connection, table):
            changes.setdefault(document_id, "changed")
    return changes


def _note_others(connection: sqlite3.Connection, new: Path, shared: Mapping[str, Sequence[Piece]]) -> None:
    """Note where each build has rows that are not known to be in the other, as ranges of their numbers."""
    connection.execute("CREATE TEMP TABLE others (side TEXT, name TEXT, first INTEGER, last INTEGER)")
    for table in TABLES.values():
        here, there, last = [], [], 0
        for part in parts(new, table) if shared else ():
            first, last = last + 1, last + pq.read_metadata(part).num_rows
            for piece in shared.get(part.relative_to(new).as_posix(), ()):
                here.append((first + piece.start, first + piece.start + piece.n - 1))
                there.append((piece.first, piece.first + piece.n - 1))
        for side, ranges in (("new", here), ("old", sorted(there))):
            ends = [0, *(end for _, end in ranges)]
            starts = [*(start for start, _ in ranges), sys.maxsize]
            rows = [(side, table.name, end + 1, start - 1) for end, start in zip(ends, starts, strict=True) if start > end + 1]
            connection.executemany("INSERT INTO temp.others VALUES (?, ?, ?, ?)", rows)


def _documents_of(connection: sqlite3.Connection, table: Table) -> Iterator[str]:
    """The documents whose rows in a table differ."""
    name, columns = quoted(table.name), _common_columns(connection, table)
    same = " AND ".join(f"a.{quoted(c)} = b.{quoted(c)}" for c in table.key)
    differs = " OR ".join(f"a.{quoted(c)} IS NOT b.{quoted(c)}" for c in columns)
    rows = "temp.others AS o CROSS JOIN {side}.{name} AS a ON a.rowid BETWEEN o.first AND o.last AND o.side = '{side}' AND o.name = ?"
    new, old = (rows.format(side=side, name=name) for side in ("new", "old"))
    for query in (
        f"SELECT DISTINCT a.document_id, b.document_id FROM {new} LEFT JOIN old.{name} AS b ON {same} WHERE {differs}",
        f"SELECT DISTINCT a.document_id FROM {old} WHERE NOT EXISTS (SELECT 1 FROM new.{name} AS b WHERE {same})",
    ):
        for row in connection.execute(query, (table.name,)):
            yield from (str(document_id) for document_id in row if document_id is not None)


def _corrections(connection: sqlite3.Connection) -> list[str]:
    """The corrections that are new, of another status, or taken back, each in words."""
    columns = [_columns(connection, side, "corrections") for side in ("old", "new")]
    before, now = (_told(connection, side) if has else {} for side, has in zip(("old", "new"), columns, strict=True))
    changed = [f"{words}: {status.replace('_', ' ')}" for key, (words, status) in now.items() if before.get(key) != (words, status)]
    return changed + [f"{words}: taken back" for key, (words, _) in before.items() if key not in now]


def _told(connection: sqlite3.Connection, side: str) -> dict[str, tuple[str, str]]:
    has_words = "value" in _columns(connection, side, "corrections")
    columns = 'document_id, "table", field, row_id, ' + ("text, value" if has_words else "NULL, NULL")
    found = {}
    for key, status, document, table, name, row, text, value in connection.execute(
        f"SELECT correction_id, status, {columns} FROM {side}.corrections ORDER BY line"
    ):
        about = f" of “{' '.join(text.split())[:60]}”" if text else ""
        given = f" → “{value[:60]}”" if value else ""
        found[key] = (f"`{table}.{name}`{about}{given} ({row or document or 'no row'})", status)
    return found


# --- ids and declarations ------------------------------------------------------------------------------------


def _new_ids(connection: sqlite3.Connection, table: str, identity: str) -> list[tuple[str, str, str]]:
    """What both builds hold under the same identity, but under an id that the other build does not know."""
    key, columns = TABLES[table].key[0], set(identity.split(", "))
    if not columns <= set(_common_columns(connection, TABLES[table])):
        return []
    query = f"""
        SELECT a.{key}, b.{key} FROM old.{table} AS a JOIN new.{table} AS b USING ({identity})
        WHERE a.{key} NOT IN (SELECT {key} FROM new.{table}) AND b.{key} NOT IN (SELECT {key} FROM old.{table}) ORDER BY 1, 2
    """
    return [(table, str(old), str(new)) for old, new in connection.execute(query)]


def _schemas(folder: Path) -> dict[str, dict[str, Any]]:
    """The declarations of a build's tables, as its data package has them."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return {resource["name"]: resource["schema"] for resource in package.get("resources", []) if resource.get("type") == "table"}


def _schema_changes(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[SchemaChange]:
    changes = [SchemaChange(f"table `{name}` is gone", "major") for name in old if name not in new]
    changes += [SchemaChange(f"table `{name}` is new", "minor") for name in new if name not in old]
    for name in (name for name in old if name in new):
        changes += _table_changes(name, old[name], new[name])
    return changes


def _table_changes(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[SchemaChange]:
    before, now = ({field["name"]: field for field in schema["fields"]} for schema in (old, new))
    changes = []
    if old.get("primaryKey") != new.get("primaryKey"):
        changes.append(SchemaChange(f"table `{name}` has another key", "major"))
    changes += [SchemaChange(f"column `{name}.{column}` is gone", "major") for column in before if column not in now]
    changes += [SchemaChange(f"column `{name}.{column}` is new", "minor") for column in now if column not in before]
    for column in (column for column in before if column in now):
        changes += _field_changes(f"`{name}.{column}`", before[column], now[column])
    return changes


def _field_changes(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[SchemaChange]:
    changes = []
    if old["type"] != new["type"]:
        changes.append(SchemaChange(f"column {name} was {old['type']} and is {new['type']} now", "major"))
    before, now = old.get("constraints", {}), new.get("constraints", {})
    if before.get("required", "minor") and not now.get("required", "minor"):
        changes.append(SchemaChange(f"column {name} may be null now", "major"))
    gone, come = (sorted(set(a.get("enum", ())) - set(b.get("enum", ()))) for a, b in ((before, now), (now, before)))
    if gone and now.get("enum"):
        changes.append(SchemaChange(f"column {name} has no {', '.join(gone)} any more", "major"))
    if come and before.get("enum"):
        changes.append(SchemaChange(f"column {name} has the new values {', '.join(come)}", "minor"))
    if old.get("description") != new.get("description"):
        changes.append(SchemaChange(f"column {name} is described in other words", "patch"))
    return changes
