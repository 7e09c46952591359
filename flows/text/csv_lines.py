"""The lines of a CSV file that people edit: one that is broken does not end it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any


def csv_records(reader: Any) -> Iterator[tuple[int, int, list[str] | csv.Error]]:
    """The records that a CSV reader still gives: the lines each begins and ends on, and its cells, or why they cannot be read."""
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield first, reader.line_num, error
            continue
        yield first, reader.line_num, cells
