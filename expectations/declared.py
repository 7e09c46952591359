"""The expectations that `qantar.schema` declares of every table: columns, types, nulls, values, bounds, patterns, keys, spans."""

from __future__ import annotations

from collections.abc import Iterator

import great_expectations.expectations as gxe
from great_expectations.expectations import Expectation

from qantar.expectations.no_rows import NoRowsExpectation
from qantar.schema import OF_DOCUMENTS, TABLES, Between, Column, Table

PARQUET, SQLITE = {"on": "parquet"}, {"on": "sqlite"}
WITHIN = ("document_id", "sentence_id", "block_id", "parent_quote_id")
"""Columns that lead, in tables of documents, to a row of the same document; other rules say that it is the same."""


def declared(table: Table) -> Iterator[Expectation]:
    """Every expectation that follows from a table's declaration."""
    yield gxe.ExpectColumnPairValuesToBeEqual(
        column_A="declared",
        column_B="found",
        description="its columns have the declared types, in Parquet and in SQLite",
        meta={"on": "columns"},
    )
    names = [column.name for column in table]
    yield gxe.ExpectTableColumnsToMatchOrderedList(
        column_list=names, description="its columns are those of the schema, in the same order", meta=PARQUET
    )
    yield from _key(table)
    for column in table:
        yield from _values(column)
        if column.references:
            yield _reference(table, column)
    for start, end in spans(names):
        yield _span(table, start, end)


def spans(names: list[str]) -> list[tuple[str, str]]:
    """The pairs among a table's columns that begin and end a span."""
    pairs = [(name, name.removesuffix("start") + "end") for name in names if name.endswith("start")]
    return [(start, end) for start, end in pairs if end in names]


def _values(column: Column) -> Iterator[Expectation]:
    name = column.name
    if not column.nullable:
        yield gxe.ExpectColumnValuesToNotBeNull(column=name, description=f"`{name}` is never missing", meta=PARQUET)
    if column.values:
        words = f"`{name}` is one of {', '.join(column.values)}"
        yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=list(column.values), description=words, meta=PARQUET)
    if column.bounds:
        low, high = column.bounds.low, column.bounds.high
        yield gxe.ExpectColumnValuesToBeBetween(
            column=name, min_value=low, max_value=high, description=f"`{name}` is {_range(column.bounds)}", meta=PARQUET
        )
    if column.pattern:
        words = f"the whole of `{name}` matches {column.pattern}"
        yield gxe.ExpectColumnValuesToMatchRegex(column=name, regex=rf"\A(?:{column.pattern})\Z", description=words, meta=PARQUET)


def _range(bounds: Between) -> str:
    if bounds.high is None:
        return f"{bounds.low} or more"
    return f"from {bounds.low} to {bounds.high}" if bounds.low is not None else f"{bounds.high} or less"


def _key(table: Table) -> Iterator[Expectation]:
    """The key is unique: in each batch of Parquet rows, and in the whole table by SQL."""
    columns = list(table.key)
    words = "the key " + ", ".join(f"`{name}`" for name in columns) + " is unique"
    if len(columns) == 1:
        yield gxe.ExpectColumnValuesToBeUnique(column=columns[0], description=f"{words} (Parquet)", meta=PARQUET)
    elif columns:
        yield gxe.ExpectCompoundColumnsToBeUnique(column_list=columns, description=f"{words} (Parquet)", meta=PARQUET)
    if columns:
        listed = ", ".join(columns)
        yield NoRowsExpectation(
            description=f"{words} (SQLite)",
            unexpected_rows_query=f'SELECT {listed}, count(*) AS "rows" FROM {{batch}} GROUP BY {listed} HAVING count(*) > 1',
            meta=SQLITE
            | ({"narrowed": f"({listed}) IN (SELECT {listed} FROM changed_{table.name})"} if table.name in OF_DOCUMENTS else {}),
        )


def _reference(table: Table, column: Column) -> Expectation:
    other = TABLES[column.references or ""]
    (target,) = other.key
    own = ", ".join(dict.fromkeys([*table.key, column.name]))
    gone = f"SELECT {target} FROM earlier.{other.name} WHERE {target} NOT IN (SELECT {target} FROM main.{other.name})"
    moved = f"document_id IN (SELECT document_id FROM temp.changed_ids) OR {column.name} IN ({gone})"
    return NoRowsExpectation(
        description=f"`{column.name}`{', if any,' if column.nullable else ''} is a row of {other.name}",
        unexpected_rows_query=f"SELECT {own} FROM {{batch}} WHERE {column.name} IS NOT NULL"
        f" AND {column.name} NOT IN (SELECT {target} FROM {other.name})",
        meta=SQLITE | (({"by": "document"} if column.name in WITHIN else {"narrowed": moved}) if table.name in OF_DOCUMENTS else {}),
    )


def _span(table: Table, start: str, end: str) -> Expectation:
    own = ", ".join(dict.fromkeys([*table.key, start, end]))
    return NoRowsExpectation(
        description=f"`{start}` comes before `{end}`, or both are missing",
        unexpected_rows_query=f"SELECT {own} FROM {{batch}} WHERE ({start} IS NULL) <> ({end} IS NULL) OR {start} >= {end}",
        meta=SQLITE | ({"by": "document"} if table.name in OF_DOCUMENTS else {}),
    )
