"""Great Expectations' check of bounds, of a whole column at once."""

from __future__ import annotations

import operator
from functools import reduce
from typing import Any, ClassVar

from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.core import ExpectColumnValuesToBeBetween
from great_expectations.expectations.metrics.map_metric_provider import ColumnMapMetricProvider, column_condition_partial
from pandas import Series


class _InBounds(ColumnMapMetricProvider):
    condition_metric_name = "column_values.in_bounds"
    condition_value_keys = ("min_value", "max_value")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Series, min_value: float | None = None, max_value: float | None = None, **_: Any) -> Series:  # noqa: N805
        bounds = ((operator.ge, min_value), (operator.le, max_value))
        return reduce(operator.and_, (holds(column, bound) for holds, bound in bounds if bound is not None))


class InBoundsExpectation(ExpectColumnValuesToBeBetween):
    """The column's values are from `min_value` to `max_value`; without one of them, that side is open.

    The class it is made from calls a function of Python for each value of an Arrow column, millions of them in a large build.
    """

    map_metric: ClassVar[str] = "column_values.in_bounds"
