"""Text files that hold something else than a text: a table, records of JSON, XML. Told of, so that none is read as one article."""

from __future__ import annotations

import csv
import re

from qantar.stages.articles.record_fields import column_mapping

_JSON = re.compile(r"\s*(?:\[\s*)?\{\s*\"[^\"\n]{1,80}\"\s*:")
_XML = re.compile(r"\s*(?:<\?xml\b|<(?:rss|feed|nitf|newsItem|TEI|urlset|mediawiki)\b)")
_LEAST_FIELDS, _LEAST_ROWS = 2, 2
_SAMPLE = 2**16


def other_contents(text: str) -> str | None:
    """What a text file holds in the place of a text, and what to do with it; None for a text.

    >>> other_contents('{"title": "One", "text": "Two"}')
    'holds JSON; rename it .jsonl'
    >>> other_contents("A text.")
    """
    if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "[", "<") and "\t" not in text[:_SAMPLE] and "," not in text[:_SAMPLE]:
        return None
    text = text.lstrip("\ufeff")
    if _JSON.match(text):
        return "holds JSON; rename it .jsonl"
    if _XML.match(text):
        return "holds XML; rename it .xml"
    return _table(text[:_SAMPLE])


def _table(text: str) -> str | None:
    first, *rows = [line for line in text.splitlines() if line.strip()][: _LEAST_ROWS + 2]
    for separator, suffix in (("\t", ".tsv"), (",", ".csv"), (";", ".csv"), ("|", ".csv")):
        names = first.split(separator)
        if len(names) > 2 and len(column_mapping(names)) > _LEAST_FIELDS and "text" in column_mapping(names):
            widths = [len(next(csv.reader([row], delimiter=separator), [])) for row in rows]
            if len(rows) >= 1 and sum(width >= len(names) for width in widths) >= min(_LEAST_ROWS, len(rows)):
                return f"holds a table; rename it {suffix}"
    return None
