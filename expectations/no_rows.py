"""Great Expectations' check by SQL, asked once: for the rows that break a rule, each with the number of all of them."""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.expectations import UnexpectedRowsExpectation

_COUNT = "n_rows_that_break_it"


def counting(query: str) -> str:
    """A query with the number of all rows that it gives beside each."""
    return f"SELECT *, count(*) OVER () AS {_COUNT} FROM ({query}) AS found"


class NoRowsExpectation(UnexpectedRowsExpectation):
    """The query, of the rows that break a rule, gives none."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def __init__(self, **values: Any) -> None:
        query = values["unexpected_rows_query"]
        if _COUNT not in query:
            values["unexpected_rows_query"] = counting(query)
        super().__init__(**values)

    def _validate(self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None) -> dict[str, Any]:
        return {"success": not metrics["unexpected_rows_query.table"]}
