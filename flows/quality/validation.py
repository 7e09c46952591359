"""Validate: run the suites of `expectations` on a staged build and say, row by row, what does not hold.

Arrow finds the rows of Parquet that break an expectation of columns, a row group at a time; SQL on the staged `qantar.db` those that
break one of keys, references, offsets and counts; Great Expectations judges what was found. That both formats hold the same rows is
compared here. What was proven of documents at an earlier build is not proven again (qantar.quality.proofs). This is the only stage that
imports Great Expectations.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
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
from qantar.quality.proofs import OF_ALL, Same, SameRows, make_moved, make_same, make_unproven, unproven
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
Place = Literal["columns", "parquet", "sqlite", "raw"]
PLACES: tuple[Place, ...] = get_args(Place)
"""Where the expectations of a table look: at its columns, at rows of Parquet, at the database, at the raw texts beside it."""
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
    same: Same | None = None,
    places: Sequence[Place] = PLACES,
) -> list[Checked]:
    """What the expectations of some tables come to, or those of them that look at some places: none needs another's result.

    So several processes can share them. A report has those of a table in the order of `PLACES`.

    `unproven` are the documents of which it is not known that the rules of single documents hold; None for all. `same` is what the build
    has in common with one that was validated: those rows are compared with that one's database, and rules about several documents look at
    what is not the same alone.
    """
    from qantar.expectations import suites

    with closing(_Runner(folder, working, unproven, same)) as runner:
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


def _elsewhere(table: Table) -> list[str]:
    """The columns that may differ where the build before has the same rows, with the key that names such a row."""
    names = [column.name for column in table if column.name in OF_ALL]
    return [column.name for column in table if column.name in (*table.key, *names)] if names else []


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

    def __init__(self, folder: Path, working: Path | None, unproven: Sequence[str] | None = None, same: Same | None = None) -> None:
        self.folder, self.working, self.unproven, self.same = folder, working, unproven, same

    def check(self, table: Table, suite: ExpectationSuite, places: Sequence[Place]) -> list[Checked]:
        """Run a table's suite at some places: what each expectation came to."""
        of_place = {"columns": self.check_columns, "parquet": self.check_parquet, "sqlite": self.check_sqlite, "raw": self.check_raw}
        return [checked for place in places for checked in of_place[place](table, suite)]

    def check_columns(self, table: Table, suite: ExpectationSuite) -> list[Checked]:
        """What is expected of the columns, in both formats."""
        rules = _rules(table, suite, "columns")
        guarded(rules, lambda: _look_at(rules, self.columns_of(table), ["where", "column"]))
        _judge(rules)
        return [rule.checked for rule in rules]

    def check_parquet(self, table: Table, suite: ExpectationSuite) -> list[Checked]:
        """What is expected of the rows of Parquet: the database is not needed, and may not be there yet."""
        rules = _rules(table, suite, "parquet")
        guarded(rules, lambda: self.run_on_parquet(table, rules))
        _judge(rules)
        return [rule.checked for rule in rules]

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
        from qantar.expectations.parts import MOVED

        if not _sqlite_types(self.connection, table.name):
            raise FileNotFoundError(f"there is no table {table.name} in qantar.db")
        is_narrow = self.same is not None and self.unproven is not None  # where most has changed, asking what has takes longer
        for rule in rules:
            meta = rule.expectation.meta or {}
            if is_narrow and MOVED in meta.get("narrowed", ""):
                make_moved(self.connection, MOVED)
            is_by_document = self.unproven is not None and meta.get("by") == "document"
            rows = quoted(unproven(table.name) if is_by_document else table.name)
            if is_narrow and (narrowed := meta.get("narrowed")):
                rows = f"(SELECT * FROM {rows} WHERE {narrowed})"
            query = (is_narrow and meta.get("again")) or rule.expectation.unexpected_rows_query
            guarded([rule], partial(_run_query, rule, query.format(batch=rows), self.connection))

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
        """Compare the rows of Parquet and SQLite, one batch in memory at a time; those of the build before with its rows, in SQLite."""
        names = [column.name for column in table]
        first = 1
        for part in parts(self.folder, table):
            last = first - 1 + pq.read_metadata(part).num_rows
            held = [run for run in self._same_rows(part) if self._holds(table, run)]
            starts = [first, *(run.last + 1 for run in held)]
            rest = [(start, end) for start, end in zip(starts, [*(run.first - 1 for run in held), last], strict=True) if start <= end]
            for some, compared in ((rest, names), ([run[:2] for run in held if not run.are_all], _elsewhere(table))):
                for one, other in self._unlike(table, part, first, some, compared):
                    same.add(1, [_described(table, compared, one, other)])
            first = last + 1
        for other in self.connection.execute(
            f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table.name)} WHERE rowid >= ?", (first,)
        ):
            same.add(1, [_described(table, names, None, other)])

    def _unlike(
        self, table: Table, part: Path, start: int, rows: Sequence[tuple[int, int]], compared: list[str]
    ) -> Iterator[tuple[Sequence[Any] | None, Sequence[Any] | None]]:
        """Some columns of those rows of a part, from the row `start` of its table on, that are not the same in SQLite."""
        chosen = f"SELECT {', '.join(map(quoted, compared))} FROM {quoted(table.name)} WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        for batch in part_batches(part, compared) if rows and compared else ():
            inside = [(a, b) for first, last in rows if (a := max(first, start)) <= (b := min(last, start + len(batch) - 1))]
            places = pa.array(chain.from_iterable(range(a - start, b - start + 1) for a, b in inside), pa.int64())
            ones = list(sql_rows(table, batch.take(places), compared))  # together: Arrow takes as long for a few rows as for many
            at = 0
            for a, b in inside:
                mine, others = ones[at : at + b - a + 1], self.connection.execute(chosen, (a, b)).fetchall()
                at += len(mine)
                if mine != others:
                    yield from ((one, other) for one, other in zip_longest(mine, others) if one != other)
            start += len(batch)

    def _holds(self, table: Table, run: SameRows) -> bool:
        """Whether rows are those of the build before; of a part that is, it is asked whether its rows are there, by their keys."""
        keys, others = list(table.key), [column.name for column in table if run.are_all or column.name not in OF_ALL]
        compared = keys if keys and run.are_all else others
        alike = " AND ".join(f"main.{name} IS earlier.{name}" for name in map(quoted, compared))
        query = (
            f"SELECT count(*) FROM main.{quoted(table.name)} AS main CROSS JOIN earlier.{quoted(table.name)} AS earlier"
            f" ON earlier.rowid = main.rowid + ? WHERE main.rowid BETWEEN ? AND ? AND {alike}"
        )
        (n,) = self.connection.execute(query, (run.there - run.first, run.first, run.last)).fetchone()
        return bool(n == run.last - run.first + 1)

    def _same_rows(self, part: Path) -> list[SameRows]:
        return self.same.rows.get(part.relative_to(self.folder).as_posix(), []) if self.same else []

    def _is_proven(self, part: Path) -> bool:
        return any(run.are_all for run in self._same_rows(part))

    @cached_property
    def connection(self) -> sqlite3.Connection:
        """The staged database, with the raw texts where they are at hand; opened once."""
        connection = open_staged(self.folder, self.working)
        if self.unproven is not None:
            make_unproven(connection, self.unproven)
        if self.same:
            make_same(connection, self.same)
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


def _run_query(rule: Rule, query: str, connection: sqlite3.Connection) -> None:
    cursor = connection.execute(query)
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
