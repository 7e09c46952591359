"""Which rows break an expectation of a table's columns, found by Arrow: Great Expectations judges what was found, and computes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc


class Found(NamedTuple):
    """What an expectation is judged by, and the rows that break it."""

    metrics: dict[str, Any]
    """By the names that Great Expectations gives them."""
    n: int = 0
    rows: Sequence[dict[str, Any]] = ()
    """The first of them: the columns that name a row, and those that are looked at."""


def find_broken(expectation: Any, rows: pa.RecordBatch, index: list[str], most: int) -> Found:
    """What is found of an expectation, one of `KINDS`, in some rows; the columns `index` name a row, `most` of them are shown.

    Raises KeyError where a column is not there, ArrowException where it is of a type that cannot be compared.
    """
    if expectation.expectation_type == "expect_table_columns_to_match_ordered_list":
        return Found({"table.columns": rows.schema.names}, 1, [{"found": str(rows.schema.names)}])
    _, mask_of = KINDS[expectation.expectation_type]
    columns = looked_at(expectation)
    broken = pc.fill_null(mask_of([rows.column(name) for name in columns], expectation), False)
    n = int(pc.sum(broken).as_py() or 0)
    n_null = rows.column(columns[0]).null_count
    metrics = {
        "table.row_count": len(rows),
        "column_values.nonnull.unexpected_count": n_null,
        f"{expectation.map_metric}.filtered_row_count": len(rows),
        f"{expectation.map_metric}.unexpected_count": n,
    }
    shown = list(dict.fromkeys([*index, *columns]))
    return Found(metrics, n, rows.filter(broken).slice(0, most).select(shown).to_pylist() if n else [])


def added_up(found: Iterable[Found]) -> list[tuple[dict[str, Any], list[Found]]]:
    """What was found in some rows and in others, judged together: counts are added up, anything else has to be the same.

    >>> one, other = Found({"rows": 2}, 1), Found({"rows": 3})
    >>> [(metrics, len(some)) for metrics, some in added_up([one, other, Found({"names": ["a"]})])]
    [({'rows': 5}, 2), ({'names': ['a']}, 1)]
    """
    together: dict[str, tuple[dict[str, Any], list[Found]]] = {}
    for one in found:
        told = {name: None if isinstance(value, int) else value for name, value in one.metrics.items()}
        metrics, some = together.setdefault(repr(told), (dict.fromkeys(told, 0), []))
        some.append(one)
        for name, value in one.metrics.items():
            metrics[name] = metrics[name] + value if isinstance(value, int) else value
    return list(together.values())


def looked_at(expectation: Any) -> list[str]:
    """The columns that an expectation, one of `KINDS`, is about."""
    columns, _ = KINDS[expectation.expectation_type]
    return [name for key in columns for name in _names(getattr(expectation, key))]


def _names(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _missing(columns: list[pa.Array], _: Any) -> pa.Array:
    return columns[0].is_null()


def _not_in_set(columns: list[pa.Array], expectation: Any) -> pa.Array:
    (column,) = columns
    among = pc.is_in(column, value_set=pa.array(expectation.value_set, column.type))
    return pc.and_(pc.invert(among), column.is_valid())


def _out_of_bounds(columns: list[pa.Array], expectation: Any) -> pa.Array:
    (column,) = columns
    bounds = ((pc.greater_equal, expectation.min_value), (pc.less_equal, expectation.max_value))
    return pc.invert(reduce(pc.and_, (holds(column, bound) for holds, bound in bounds if bound is not None)))


def _not_matching(columns: list[pa.Array], expectation: Any) -> pa.Array:
    regex = expectation.regex.removesuffix(r"\Z") + r"\z"  # Arrow's engine has another sign for the end
    return pc.invert(pc.match_substring_regex(columns[0], regex))


def _repeated(columns: list[pa.Array], _: Any) -> pa.Array:
    (column,) = columns
    if pc.count_distinct(column).as_py() == len(column) - column.null_count:
        return pa.nulls(len(column), pa.bool_())
    counts = column.value_counts()
    return pc.and_(pc.is_in(column, value_set=counts.field(0).filter(pc.greater(counts.field(1), 1))), column.is_valid())


def _repeated_together(columns: list[pa.Array], _: Any) -> pa.Array:
    keys = list(zip(*(column.to_pylist() for column in columns), strict=True))
    times = Counter(keys)
    return pa.array([times[key] > 1 for key in keys], pa.bool_())


def _differing(columns: list[pa.Array], _: Any) -> pa.Array:
    return pc.not_equal(*columns)


KINDS: dict[str, tuple[tuple[str, ...], Callable[[list[pa.Array], Any], pa.Array]]] = {
    "expect_column_values_to_not_be_null": (("column",), _missing),
    "expect_column_values_to_be_in_set": (("column",), _not_in_set),
    "expect_column_values_to_be_between": (("column",), _out_of_bounds),
    "expect_column_values_to_match_regex": (("column",), _not_matching),
    "expect_column_values_to_be_unique": (("column",), _repeated),
    "expect_compound_columns_to_be_unique": (("column_list",), _repeated_together),
    "expect_column_pair_values_to_be_equal": (("column_A", "column_B"), _differing),
}
"""By the type of an expectation: what of it names the columns it is about, and how to find the rows that break it."""
TOGETHER = frozenset({"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"})
"""Those that compare rows with each other."""
