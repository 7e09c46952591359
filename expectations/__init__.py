"""What every build must hold, as Great Expectations suites: one module a table, each with one function `suite()`.

Most of a suite is made from `qantar.schema` (`qantar.expectations.declared`); the module adds what only its table promises.
An expectation's `description` says in words what should be true; its `meta["on"]` says what it is run on:

    columns   a frame of the declared columns beside those found in Parquet and in SQLite
    parquet   the table's Parquet rows, a batch at a time
    sqlite    the table in the staged `qantar.db`
    raw       the same, with the raw texts attached as `working.articles`
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from qantar.compat import import_great_expectations
from qantar.schema import KNOWN

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite


def suites() -> dict[str, ExpectationSuite]:
    """The suite of every table of the dataset, by its name (imports Great Expectations: some seconds)."""
    import_great_expectations()
    return {name: import_module(f"qantar.expectations.{name}").suite() for name in KNOWN}
