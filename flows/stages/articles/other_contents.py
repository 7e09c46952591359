"""Text files that hold something else than a text: a table, records of JSON, XML. Told of, so that none is read as one article."""

from __future__ import annotations

import csv
import re

from qantar.stages.articles.record_columns import column_mapping

_JSON = re.compile(r"\s*(?:\[\s*)?\{\s*\"[^\"\n]{1,80}\"\s*:")
_XML = re.compile(r"\s*(?:<\?xml\b|<(?:rss|feed|nitf|newsItem|TEI|urlset|mediawiki|newsitem|NewsML)\b)")
_LEAST_FIELDS, _LEAST_ROWS = 2, 2
_SAMPLE = 2**16
_MOST_COLUMNS = 500
_TAB = "\t"
_SEPARATORS = (_TAB, ";", "|", ",")


def other_contents(text: str) -> str | None:
    """What a text file holds in the place of a text, and what to do with it; None for a text.

    >>> other_contents('{"title": "One", "text": "Two"}')
    'holds JSON; rename it .jsonl'
    >>> other_contents("A text.")
    """
    first = text.lstrip("\ufeff \t\r\n").partition("\n")[0]
    if first[:1] not in ("{", "[", "<"):
        separator = next((sign for sign in _SEPARATORS if first.count(sign) > 1), None)
        return _table(text[:_SAMPLE], separator) if separator else None
    text = text.lstrip("\ufeff")
    if _JSON.match(text):
        return "holds JSON; rename it .jsonl"
    if _XML.match(text):
        return "holds XML; rename it .xml"
    return None


def _table(text: str, separator: str) -> str | None:
    first, *rows = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()][: _LEAST_ROWS + 2]
    names = first.split(separator)
    mapping = column_mapping(names) if len(names) <= _MOST_COLUMNS else {}
    if len(mapping) <= _LEAST_FIELDS or "text" not in mapping or not rows:
        return None
    widths = [len(next(csv.reader([row], delimiter=separator), [])) for row in rows]
    if sum(width >= len(names) for width in widths) < min(_LEAST_ROWS, len(rows)):
        return None
    return f"holds a table; rename it {'.tsv' if separator == _TAB else '.csv'}"
