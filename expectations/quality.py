"""Quality: figures inside their intervals, and none below its floor (floors.csv)."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from expectations.floors import load_floors
from expectations.rules import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `quality`, its own, and the floors."""
    its = Rules("quality")
    return table_suite(
        "quality",
        its.never(
            "a figure lies in its interval", "low > value OR high < value OR (low IS NULL) <> (high IS NULL)", show="low, value, high"
        ),
        *(
            its.never(
                f"the {floor.metric} of {floor.layer}, measured on {floor.gold}, is {floor.floor} or more",
                f"gold = {_sql(floor.gold)} AND layer = {_sql(floor.layer)} AND metric = {_sql(floor.metric)} AND value < {floor.floor}",
                show="value, low, high, n",
            )
            for floor in load_floors()
        ),
    )


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
