"""Quality: figures inside their intervals. Floors (floors.csv) are checked where code or model change, not by each build."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `quality`, and its own."""
    its = Rules("quality")
    return table_suite(
        "quality",
        its.never(
            "a figure lies in its interval", "low > value OR high < value OR (low IS NULL) <> (high IS NULL)", show="low, value, high"
        ),
    )
