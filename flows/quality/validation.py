"""Validate: run the suites of `expectations` on a staged build and say, row by row, what does not hold.

Arrow finds the rows of Parquet that break an expectation of columns, a row group at a time; SQL on the staged `qantar.db` those that
break one of keys, references, offsets and counts; Great Expectations judges what was found. That both formats hold the same rows is
compared here. What was proven of documents at an earlier build is not proven again (qantar.quality.proofs). This is the only stage that
imports Great Expectations.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qantar.compat import holds
from qantar.quality.broken_rows import KINDS, TOGETHER, Found, added_up, find_broken, looked_at
from qantar.quality.proofs import OF_ALL, make_unproven, unproven
from qantar.schema import KNOWN, OF_DOCUMENTS, Table
from qantar.store.parquet import arrow_schema, part_batches, parts
from qantar.store.sqlite import ddl, quoted, sql_rows
from qantar.store.staged import open_staged
from qantar.text.plurals import counted

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

ROWS_SHOWN = 20
"""Failing rows that are kept of an expectation; all are counted."""
_ROWS_IN_SUMMARY = 5
_VALUE_SHOWN = 200  # characters
Place = Literal["parquet", "sqlite", "raw"]
PLACES: tuple[Place, ...] = get_args(Place)
"""Where the expectations of a table look: at rows of Parquet, at the database, at the raw texts beside it."""
TABLE_METRIC, COUNT = "unexpected_rows_query.table", "n_rows_that_break_it"
"""What qantar.expectations.no_rows asks for: rows that break a rule, each with the number of all of them."""


@dataclass
class Checked:
    """One expectation and what came of it: `n` rows break it, the first of them in `rows`; `error` if it could not be run."""

    table: str
    expectation: str
    n: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None

    @property
    def success(self) -> bool:
        """Whether no row breaks the expectation, and it could be checked."""
        return not self.n and not self.error

    def add(self, n: int, rows: Iterable[dict[str, Any]]) -> None:
        """Count `n` more failing rows, of which `rows` are the first."""
        self.n += n
        for row in rows:
            if len(self.rows) == ROWS_SHOWN:
                break
            self.rows.append({key: _plain(value) for key, value in row.items()})


@dataclass(frozen=True)
class Validation:
    """What every expectation came to; `without_raw` if those about raw texts were left out."""

    checked: list[Checked]
    without_raw: bool = False

    @property
    def success(self) -> bool:
        """Whether every expectation holds."""
        return all(c.success for c in self.checked)

    @property
    def failures(self) -> list[Checked]:
        """The expectations that do not hold."""
        return [c for c in self.checked if not c.success]

    def to_json(self) -> dict[str, Any]:
        """The report: the same for the same build, without times."""
        return {
            "success": self.success,
            "n_expectations": len(self.checked),
            "n_failed": len(self.failures),
            "without_raw": self.without_raw,
            "expectations": [{"success": c.success, **asdict(c)} for c in self.checked],
        }

    def summary(self) -> str:
        """The failures, for a terminal: what should hold, for how many rows it does not, and the first of them."""
        lines = []
        for failed in self.failures:
            count = f"does not hold for {counted(failed.n, 'row')}"
            lines.append(f"{failed.table}: {failed.expectation.replace('`', '')}: {failed.error or count}")
            lines += [
                "    " + ", ".join(f"{key} {value}" for key, value in row.items() if value is not None)
                for row in failed.rows[:_ROWS_IN_SUMMARY]
            ]
            if failed.n > _ROWS_IN_SUMMARY:
                lines.append("    …")
        return "\n".join(lines)


def check_tables(
    folder: Path,
    working: Path | None,
    tables: Container[str],
    unproven: Sequence[str] | None = None,
    proven: Container[str] = (),
    places: Sequence[Place] = PLACES,
) -> list[Checked]:
    """What the expectations of some tables come to, or those of them that look at some places: none needs another's result.

    So several processes can share them. A report has those of a table in the order of `PLACES`.

    `unproven` are the documents of which it is not known that the rules of single documents hold; None for all. `proven` are parts, by
    their paths, of a build that was validated, from whose database their rows were copied: what rules say of their rows alone holds, and of
    the copy it is checked that all rows are there, by their keys.
    """
    from qantar.expectations import suites

    with closing(_Runner(folder, working, unproven, proven)) as runner:
        return [c for name, suite in suites().items() if name in tables for c in runner.check(KNOWN[name], suite, places)]


def write_report(folder: Path, validation: Validation) -> Validation:
    """Write the report of a staged build into its `validation/`, its tables in their order."""
    from qantar.expectations.report import report_page

    order = list(KNOWN)
    validation = replace(validation, checked=sorted(validation.checked, key=lambda c: order.index(c.table)))
    report = validation.to_json()
    (folder / "validation").mkdir(exist_ok=True)
    (folder / "validation" / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / "validation" / "index.html").write_text(report_page(report), "utf-8")
    return validation


def _described(table: Table, names: Sequence[str], one: Sequence[Any] | None, other: Sequence[Any] | None) -> dict[str, Any]:
    row = dict(zip(names, one or other or (), strict=True))
    return {**{key: row[key] for key in table.key}, "differs": _differing(names, one, other)}


def _differing(names: Sequence[str], one: Sequence[Any] | None, other: Sequence[Any] | None) -> str:
    """The columns in which a row of Parquet and one of SQLite differ, or that one is missing."""
    if not one or not other:
        return f"not in {'SQLite' if other is None else 'Parquet'}"
    return ", ".join(n for n, a, b in zip(names, one, other, strict=True) if a != b)


class _Runner:
    """The suites over one staged build."""

    def __init__(self, folder: Path, working: Path | None, unproven: Sequence[str] | None = None, proven: Container[str] = ()) -> None:
        self.folder, self.working, self.unproven, self.proven = folder, working, unproven, proven

    def check(self, table: Table, suite: ExpectationSuite, places: Sequence[Place]) -> list[Checked]:
        """Run a table's suite at some places: what each expectation came to."""
        of_place = {"parquet": self.check_parquet, "sqlite": self.check_sqlite, "raw": self.check_raw}
        return [checked for place in places for checked in of_place[place](table, suite)]

    def check_parquet(self, table: Table, suite: ExpectationSuite) -> list[Checked]:
        """What is expected of the columns, and of the rows of Parquet."""
        columns, parquet = (_rules(table, suite, place) for place in ("columns", "parquet"))
        guarded(columns, lambda: _look_at(columns, self.columns_of(table), ["where", "column"]))
        guarded(parquet, lambda: self.run_on_parquet(table, parquet))
        _judge([*columns, *parquet])
        return [rule.checked for rule in (*columns, *parquet)]

    def check_sqlite(self, table: Table, suite: ExpectationSuite) -> list[Checked]:
        """What is expected of the database's rows, and that both formats hold the same."""
        rules = _rules(table, suite, "sqlite")
        same = Checked(table.name, "SQLite holds the rows of the Parquet files, in the same order")
        guarded(rules, lambda: self.run_on_sqlite(table, rules))
        guarded([Rule(None, same, [])], lambda: self.compare(table, same))
        return [*(rule.checked for rule in rules), same]

    def check_raw(self, table: Table, suite: ExpectationSuite) -> list[Checked]:
        """What is expected of the database's rows beside the raw texts, where these are at hand."""
        rules = _rules(table, suite, "raw") if self.working else []
        guarded(rules, lambda: self.run_on_sqlite(table, rules))
        return [rule.checked for rule in rules]

    def run_on_parquet(self, table: Table, rules: list[Rule]) -> None:
        """Check a table's Parquet rows, a row group at a time."""
        if not parts(self.folder, table):
            raise FileNotFoundError(f"there is no data/{table.name}/part-00000.parquet")
        by_row = [rule for rule in rules if self.unproven is not None and table.name in OF_DOCUMENTS and _is_by_row(rule.expectation)]
        others = [rule for rule in rules if not any(rule is other for other in by_row)]  # not by ==, which is slow
        for batch in chain.from_iterable(part_batches(part) for part in parts(self.folder, table) if not self._is_proven(part)):
            _look_at(others, batch, list(table.key))
            if by_row and len(rows := batch.filter(pc.is_in(batch.column("document_id"), value_set=self._unproven_ids))):
                _look_at(by_row, rows, list(table.key))

    @cached_property
    def _unproven_ids(self) -> pa.Array:
        return pa.array(self.unproven or [], pa.string())

    def run_on_sqlite(self, table: Table, rules: list[Rule]) -> None:
        """Ask the staged database for the rows that break each rule."""
        if not _sqlite_types(self.connection, table.name):
            raise FileNotFoundError(f"there is no table {table.name} in qantar.db")
        for rule in rules:
            meta = rule.expectation.meta or {}
            is_by_document = self.unproven is not None and meta.get("by") == "document"
            rows = quoted(unproven(table.name) if is_by_document else table.name)
            if (narrowed := meta.get("narrowed")) and self.proven and self.unproven is not None:
                rows = f"(SELECT * FROM {rows} WHERE {narrowed.format(changed=self.changed(table))})"
            guarded([rule], partial(_run_query, rule, rows, self.connection))

    def changed(self, table: Table) -> str:
        """A query of the table's rows that are in no part that is proven, or of a document that is not."""
        ranges, first = ["document_id IN (SELECT document_id FROM temp.unproven_ids)"], 1
        for part in parts(self.folder, table):
            last = first - 1 + pq.read_metadata(part).num_rows
            if not self._is_proven(part):
                ranges.append(f"rowid BETWEEN {first} AND {last}")
            first = last + 1
        return f"(SELECT * FROM {quoted(table.name)} WHERE {' OR '.join([*ranges, f'rowid >= {first}'])})"

    def columns_of(self, table: Table) -> pa.RecordBatch:
        """The declared type of each column beside that found, in each Parquet part and in SQLite."""
        rows = []
        declared = _arrow_types(arrow_schema(table))
        for part in parts(self.folder, table):
            rows += _beside(f"data/{table.name}/{part.name}", declared, _arrow_types(pq.read_schema(part)))
        with closing(sqlite3.connect(":memory:")) as empty:
            empty.execute(ddl(table)[0])
            declared = _sqlite_types(empty, table.name)
        rows += _beside("qantar.db", declared, _sqlite_types(self.connection, table.name))
        return pa.RecordBatch.from_pylist(rows, pa.schema([(name, pa.string()) for name in ("where", "column", "declared", "found")]))

    def compare(self, table: Table, same: Checked) -> None:
        """Compare the rows of Parquet and SQLite, one batch in memory at a time; those of parts that are proven, by their keys alone."""
        names = [column.name for column in table]
        first = 1
        for part in parts(self.folder, table):
            compared = [name for name in names if name in table.key] if table.key and self._is_proven(part) else names
            last = first - 1 + pq.read_metadata(part).num_rows
            if compared != names and self._holds_keys(table, part, (first, last)):
                first = last + 1
                continue
            rows = f"SELECT {', '.join(map(quoted, compared))} FROM {quoted(table.name)} WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
            stored = self.connection.execute(rows, (first, last))
            for batch in part_batches(part, compared):
                ones = list(sql_rows(table, batch, compared))
                others = stored.fetchmany(len(ones))
                for one, other in zip_longest(ones, others) if ones != others else ():
                    if one != other:
                        same.add(1, [_described(table, compared, one, other)])
            first = last + 1
        for other in self.connection.execute(
            f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table.name)} WHERE rowid >= ?", (first,)
        ):
            same.add(1, [_described(table, names, None, other)])

    def _holds_keys(self, table: Table, part: Path, rows: tuple[int, int]) -> bool:
        """Whether SQLite has the keys of a part in these rows and no others, told in one text: one by one, it takes three times as long."""
        if len(table.key) != 1:
            return False
        (key,) = table.key
        chosen = f"SELECT {quoted(key)} AS key FROM {quoted(table.name)} WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        (n, told) = self.connection.execute(f"SELECT count(*), group_concat(key, char(10)) FROM ({chosen})", rows).fetchone()
        keys = [key for batch in part_batches(part, [key]) for key in batch.column(0).to_pylist()]
        return n == len(keys) and (told or "") == "\n".join(keys)

    def _is_proven(self, part: Path) -> bool:
        return part.relative_to(self.folder).as_posix() in self.proven

    @cached_property
    def connection(self) -> sqlite3.Connection:
        """The staged database, with the raw texts where they are at hand; opened once."""
        connection = open_staged(self.folder, self.working)
        if self.unproven is not None:
            make_unproven(connection, self.unproven)
        return connection

    def close(self) -> None:
        """Let go of the database, if it could be opened."""
        if "connection" in vars(self):
            self.connection.close()


class Rule(NamedTuple):
    """An expectation, what came of it so far, and what was found in rows and is to be judged."""

    expectation: Any
    checked: Checked
    found: list[Found]


def _rules(table: Table, suite: ExpectationSuite, place: str) -> list[Rule]:
    """The expectations of a suite that are checked at one place: in rows of Arrow or in SQL."""
    chosen = [expectation for expectation in suite.expectations if (expectation.meta or {})["on"] == place]
    return [Rule(e, Checked(table.name, str(e.description or e.expectation_type)), []) for e in chosen]


def _look_at(rules: list[Rule], rows: pa.RecordBatch, index: list[str]) -> None:
    """Note what of some rows breaks each rule; the columns `index` name such a row."""

    def look(rule: Rule) -> None:
        rule.found.append(find_broken(rule.expectation, rows, index, ROWS_SHOWN))

    for rule in rules:
        guarded([rule], partial(look, rule))


def _judge(rules: list[Rule]) -> None:
    """Judge what was found, all rows of a table together: Great Expectations takes as long for a few rows as for many."""

    def judge(rule: Rule) -> None:
        for metrics, some in added_up(rule.found):
            if not holds(rule.expectation, metrics):
                for found in some:
                    rule.checked.add(found.n, found.rows)

    for rule in rules:
        guarded([rule], partial(judge, rule))


def _is_by_row(expectation: Any) -> bool:
    """Whether an expectation of rows of Arrow is about each row alone, and about nothing that a change of another document changes."""
    kind = expectation.expectation_type
    return kind in KINDS and kind not in TOGETHER and OF_ALL.isdisjoint(looked_at(expectation))


def _run_query(rule: Rule, rows: str, connection: sqlite3.Connection) -> None:
    cursor = connection.execute(rule.expectation.unexpected_rows_query.format(batch=rows))
    names = [column for column, *_ in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(ROWS_SHOWN)]
    n = found[0][COUNT] if found else 0
    if not holds(rule.expectation, {TABLE_METRIC: found}):
        rule.checked.add(n, ({key: value for key, value in row.items() if key != COUNT} for row in found))


def guarded(rules: Iterable[Rule], run: Callable[[], None]) -> None:
    """A build that cannot be read fails what was to be checked of it; it does not stop the rest."""
    try:
        run()
    except _UNREADABLE as error:
        for rule in rules:
            rule.checked.error = rule.checked.error or f"could not be checked: {error}"


_UNREADABLE = (OSError, sqlite3.Error, pa.ArrowException, KeyError)


def _beside(where: str, declared: dict[str, str], found: dict[str, str]) -> list[dict[str, str]]:
    names = list(dict.fromkeys([*declared, *found]))
    return [{"where": where, "column": n, "declared": declared.get(n, "no such column"), "found": found.get(n, "missing")} for n in names]


def _arrow_types(schema: pa.Schema) -> dict[str, str]:
    # a list's element is called item in Arrow and element in Parquet
    return {f.name: str(f.type).replace("element: ", "item: ") + ("" if f.nullable else ", never null") for f in schema}


def _sqlite_types(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    rows = connection.execute("SELECT name, type, [notnull], pk FROM pragma_table_info(?)", (table,))
    return {name: kind + (", never null" if never_null else "") + (f", key {pk}" if pk else "") for name, kind, never_null, pk in rows}


def _plain(value: Any) -> Any:
    """A value fit for JSON and for reading."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    text = str(value)
    return text if len(text) <= _VALUE_SHOWN else text[: _VALUE_SHOWN - 1] + "…"
