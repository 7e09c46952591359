"""Quality: figures inside their intervals, and none below its floor (floors.csv)."""

from __future__ import annotations

from great_expectations import ExpectationSuite

from qantar.expectations.floors import MEASURED, Floor, load_floors
from qantar.expectations.parts import Rules, table_suite


def suite() -> ExpectationSuite:
    """The declared expectations of `quality`, its own, and the floors."""
    its = Rules("quality")
    return table_suite(
        "quality",
        its.never(
            "a figure lies in its interval", "low > value OR high < value OR (low IS NULL) <> (high IS NULL)", show="low, value, high"
        ),
        *(its.query(f"the {f.metric} of {f.layer}, measured on {f.gold}, is {f.floor} or more", _below(f)) for f in load_floors()),
    )


def _below(floor: Floor) -> str:
    """A row where the whole gold was measured and the figure is below its floor, or is not there.

    Floors are those of our own model: another one, asked for with --model, may do worse and is measured all the same.
    """
    gold, layer, metric = _sql(floor.gold), _sql(floor.layer), _sql(floor.metric)
    value = f"max(CASE WHEN layer = {layer} AND metric = {metric} THEN value END)"
    return (
        f"SELECT {layer} AS layer, {metric} AS metric, {value} AS value, {floor.floor} AS floor FROM {{batch}}"
        f" WHERE gold = {gold} GROUP BY gold HAVING max(CASE WHEN layer = {_sql(MEASURED)} THEN n END) = {floor.n_characters}"
        f" AND coalesce({value}, -1) < {floor.floor}"
        " AND (SELECT json_extract(settings, '$.model') FROM build LIMIT 1) IS NULL"
    )


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
