"""Validate: run the suites of `expectations` on a staged build and say, row by row, what does not hold.

Column checks run in pandas on the Parquet rows, a batch at a time; keys, references, offsets and counts as SQL on the
staged `qantar.db`; that both hold the same rows is compared here. This is the only stage that imports Great
Expectations (2 to 20 s) and SQLite.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qantar.compat import validate_batch
from qantar.schema import KNOWN, Table
from qantar.store.parquet import arrow_schema, batches, parts
from qantar.store.sqlite import ddl, quoted, sql_rows
from qantar.store.staged import open_staged

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.result_format import ResultFormatUnion
    from great_expectations.datasource.fluent import SqliteDatasource
    from pandas import DataFrame

ROWS_SHOWN = 20
"""Failing rows that are kept of an expectation; all are counted."""
_ROWS_IN_SUMMARY = 5
_VALUE_SHOWN = 200  # characters
_BYTES_AT_ONCE = 32 * 2**20


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
        """The failures, for a terminal: what should hold, how many rows break it and which come first."""
        lines = []
        for failed in self.failures:
            count = "1 row breaks this" if failed.n == 1 else f"{failed.n} rows break this"
            lines.append(f"{failed.table}: {failed.expectation.replace('`', '')}: {failed.error or count}")
            lines += [
                "    " + ", ".join(f"{key} {value}" for key, value in row.items() if value is not None)
                for row in failed.rows[:_ROWS_IN_SUMMARY]
            ]
            if failed.n > _ROWS_IN_SUMMARY:
                lines.append("    …")
        return "\n".join(lines)


def check_tables(folder: Path, working: Path | None, tables: Container[str]) -> list[Checked]:
    """What the expectations of some tables come to: a table needs no other's result, so that several processes can share the tables."""
    from qantar.expectations import suites

    runner = _Runner(folder, working)
    return [c for name, suite in suites().items() if name in tables for c in runner.check(KNOWN[name], suite)]


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


def _differing(names: Sequence[str], one: Sequence[Any] | None, other: Sequence[Any] | None) -> str:
    """The columns in which a row of Parquet and one of SQLite differ, or that one is missing."""
    if not one or not other:
        return f"not in {'SQLite' if other is None else 'Parquet'}"
    return ", ".join(n for n, a, b in zip(names, one, other, strict=True) if a != b)


class _Runner:
    """Great Expectations over one staged build, with nothing of its own on disk."""

    def __init__(self, folder: Path, working: Path | None) -> None:
        import great_expectations as gx
        from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig

        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        self.folder, self.working = folder, working
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),  # else each run leaves a folder in /tmp
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
        self.sources = gx.get_context(mode="ephemeral", project_config=config).data_sources
        self.frames = self.sources.add_pandas("frames").add_dataframe_asset("frame").add_batch_definition_whole_dataframe("all")

    def check(self, table: Table, suite: ExpectationSuite) -> list[Checked]:
        """Run a table's suite: what each expectation came to, and whether both formats hold the same rows."""
        columns, parquet, sqlite, raw = (Group.of(table, suite, place) for place in ("columns", "parquet", "sqlite", "raw"))
        same = Checked(table.name, "SQLite holds the rows of the Parquet files, in the same order")
        guarded(columns.checked, lambda: columns.run(self.frame(self.columns_of(table)), ["where", "column"]))
        guarded(parquet.checked, lambda: self.run_on_parquet(table, parquet))
        guarded(sqlite.checked, lambda: sqlite.run(self.table(table), []))
        guarded([same], lambda: self.compare(table, same))
        checked = [*columns.checked, *parquet.checked, *sqlite.checked, same]
        if self.working:
            guarded(raw.checked, lambda: raw.run(self.table(table), []))
            checked += raw.checked
        return checked

    def run_on_parquet(self, table: Table, group: Group) -> None:
        from pandas import ArrowDtype

        if not parts(self.folder, table):
            raise FileNotFoundError(f"there is no data/{table.name}/part-00000.parquet")
        unread = _unread(table, group)
        for part in _joined(_without(unread, batch) for batch in batches(self.folder, table)):
            group.run(self.frame(part.to_pandas(types_mapper=ArrowDtype)), list(table.key))

    def frame(self, frame: DataFrame) -> Batch:
        """A frame as a batch of Great Expectations."""
        return Batch(self.frames, {"dataframe": frame})

    def table(self, table: Table) -> Batch:
        """A table of the staged database as a batch."""
        with closing(self.connect()) as connection:
            if not _sqlite_types(connection, table.name):
                raise FileNotFoundError(f"there is no table {table.name} in qantar.db")
        asset = self.sqlite.add_table_asset(f"{table.name} {len(self.sqlite.assets)}", table_name=table.name)
        return Batch(asset.add_batch_definition_whole_table("all"))

    @cached_property
    def sqlite(self) -> SqliteDatasource:
        return self.sources.add_sqlite(
            "sqlite",
            connection_string="sqlite://",
            create_temp_table=False,
            kwargs={"creator": self.connect},  # type: ignore[call-arg]  # its stub leaves out what goes to SQLAlchemy
        )

    def columns_of(self, table: Table) -> DataFrame:
        """The declared type of each column beside that found, in each Parquet part and in SQLite."""
        from pandas import DataFrame

        rows = []
        declared = _arrow_types(arrow_schema(table))
        for part in parts(self.folder, table):
            rows += _beside(f"data/{table.name}/{part.name}", declared, _arrow_types(pq.read_schema(part)))
        with closing(sqlite3.connect(":memory:")) as empty:
            empty.execute(ddl(table)[0])
            declared = _sqlite_types(empty, table.name)
        with closing(self.connect()) as connection:
            rows += _beside("qantar.db", declared, _sqlite_types(connection, table.name))
        return DataFrame(rows, columns=["where", "column", "declared", "found"])

    def compare(self, table: Table, same: Checked) -> None:
        """Compare the rows of Parquet and SQLite, one batch in memory at a time."""
        names = [column.name for column in table]
        with closing(self.connect()) as connection:
            stored = connection.execute(f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table.name)} ORDER BY rowid")
            rows = (list(sql_rows(table, batch)) for batch in batches(self.folder, table))
            pairs = ((ones, stored.fetchmany(len(ones))) for ones in rows)
            differing = chain.from_iterable(zip_longest(ones, others) for ones, others in pairs if ones != others)
            for one, other in chain(differing, ((None, other) for other in stored)):
                if one != other:
                    row = dict(zip(names, one or other, strict=True))
                    same.add(1, [{**{key: row[key] for key in table.key}, "differs": _differing(names, one, other)}])

    def connect(self) -> sqlite3.Connection:
        return open_staged(self.folder, self.working)


@dataclass(frozen=True)
class Batch:
    """Rows for Great Expectations. Its own batches are read, and frames are hashed, once to make them and again to validate them."""

    definition: BatchDefinition[Any]
    parameters: dict[str, Any] | None = None

    def validate(self, suite: ExpectationSuite, result_format: ResultFormatUnion) -> list[Any]:
        """The results of a suite's expectations on this batch."""
        return validate_batch(self.definition, self.parameters, suite, result_format)


@dataclass
class Group:
    """The expectations of a suite that are run in the same place, and what they came to so far."""

    suite: ExpectationSuite
    checked: list[Checked]

    @classmethod
    def of(cls, table: Table, suite: ExpectationSuite, place: str) -> Group:
        """The expectations of a suite that are checked at one place: in frames or in SQL."""
        import great_expectations as gx

        chosen = [c for c in suite.expectation_configurations if (c.meta or {})["on"] == place]
        for number, configuration in enumerate(chosen):
            configuration.id = str(number)  # results come in an order of their own
        checked = [Checked(table.name, c.description or c.type) for c in chosen]
        return cls(gx.ExpectationSuite(name=place, expectations=chosen), checked)

    def run(self, batch: Batch, index: list[str]) -> None:
        """Run the expectations on a batch; the columns `index` of a frame name a failing row.

        Rows are looked for only once it is known which expectations they break: that spares most of the work of a sound batch.
        """
        import great_expectations as gx

        broken = [result.expectation_config for result in batch.validate(self.suite, "BOOLEAN_ONLY") if not result.success]
        if not broken:
            return
        result_format = {"result_format": "COMPLETE", "unexpected_index_column_names": index, "return_unexpected_index_query": False}
        for result in batch.validate(gx.ExpectationSuite(name="broken", expectations=broken), result_format):
            checked, found = self.checked[int(result.expectation_config.id)], result.result
            if "unexpected_index_list" in found:
                checked.add(found["unexpected_count"], ({key: row[key] for key in index} | row for row in found["unexpected_index_list"]))
            elif "details" in found and "unexpected_rows" in found["details"]:
                checked.add(found["observed_value"], found["details"]["unexpected_rows"])
            elif "observed_value" in found:
                checked.add(1, [{"found": found["observed_value"]}])
            else:
                checked.error = checked.error or f"could not be checked: {_reason(result.exception_info)}"


def _unread(table: Table, group: Group) -> list[str]:
    """The columns of which no expectation of the group reads more than whether there is a value."""
    reading = [c for c in group.suite.expectation_configurations if c.type != "expect_column_values_to_not_be_null"]
    read = {str(name) for c in reading for key in ("column", "column_A", "column_B") if (name := c.kwargs.get(key))}
    return [column.name for column in table if column.type is str and column.name not in read | set(table.key)]


def _without(unread: Iterable[str], batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with nothing in those columns but that there is a value: whole texts take long to copy and to hash."""
    for name in unread:
        if name in batch.schema.names:
            empty = pc.if_else(batch.column(name).is_null(), pa.scalar(None, pa.string()), pa.scalar("", pa.string()))
            batch = batch.set_column(batch.schema.get_field_index(name), name, empty)
    return batch


def _joined(small: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches joined to tables of some megabytes: each run of a suite costs a tenth of a second, however few its rows."""
    waiting: list[pa.RecordBatch] = []
    for batch in small:
        waiting.append(batch)
        if sum(b.nbytes for b in waiting) >= _BYTES_AT_ONCE:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def guarded(checked: Iterable[Checked], run: Callable[[], None]) -> None:
    """A build that cannot be read fails what was to be checked of it; it does not stop the rest."""
    try:
        run()
    except _UNREADABLE as error:
        for each in checked:
            each.error = each.error or f"could not be checked: {error}"


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


def _reason(exception_info: dict[str, Any]) -> str:
    """The first line of what Great Expectations says of an expectation it could not run."""
    infos = [exception_info] if "exception_message" in exception_info else list(exception_info.values())
    messages = [info["exception_message"] for info in infos if isinstance(info, dict) and info.get("exception_message")]
    return messages[0].splitlines()[0] if messages else "Great Expectations gave no reason"


def _plain(value: Any) -> Any:
    """A value fit for JSON and for reading."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    text = str(value)
    return text if len(text) <= _VALUE_SHOWN else text[: _VALUE_SHOWN - 1] + "…"
