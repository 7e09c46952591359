"""The two editions of a dataset: the full one, and one without any words of the articles, which may be shared freely.

Which columns hold words of the articles is declared with the column, in `flows.schema`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import make_dataclass
from functools import cache
from typing import get_type_hints

from flows.publish.description import Edition
from flows.schema import TABLES, Table


@cache
def tables_of(edition: Edition) -> Mapping[str, Table]:
    """The tables of an edition, by name; the annotations edition lacks the columns that hold words of the articles."""
    return TABLES if edition == "full" else {name: _without_words(table) for name, table in TABLES.items()}


def _without_words(table: Table) -> Table:
    kept = [c.name for c in table if not c.is_words]
    if len(kept) == len(table.columns):
        return table
    hints = get_type_hints(table.row, include_extras=True)
    row = make_dataclass(table.row.__name__, [(name, hints[name]) for name in kept], frozen=True, kw_only=True)
    row.__doc__ = table.row.__doc__
    return Table(table.name, row, table.order, tuple(c for c in table.search if c in kept), table.home)
