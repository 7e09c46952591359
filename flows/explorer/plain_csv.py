"""CSV that a spreadsheet opens as it is: UTF-8 with a byte order mark, and no cell that it would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """A cell as a spreadsheet shows it; text that begins like a formula gets an apostrophe before it.

    >>> safe_cell("=1+1"), safe_cell("a=b"), safe_cell(-1.5), safe_cell(None)
    ("'=1+1", 'a=b', -1.5, '')
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as lines of CSV that end in CRLF (RFC 4180).

    >>> csv_text([["a", None], ['"', "@x"]])
    'a,\\r\\n\"\"\"\",\\'@x\\r\\n'
    """
    lines = io.StringIO()
    csv.writer(lines).writerows([safe_cell(value) for value in row] for row in rows)
    return lines.getvalue()


def headers_for(name: str) -> dict[str, str]:
    """The headers of a CSV that a browser saves as a file."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}
