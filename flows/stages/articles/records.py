"""Files that hold one article per record, and which of their columns were taken for what."""

from __future__ import annotations

from pathlib import Path

from qantar.schema import Format
from qantar.stages.articles.arrow_records import arrow_columns, read_arrow, read_parquet
from qantar.stages.articles.csv_records import csv_header, read_csv
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.json_records import columns_in_json, read_json_lines
from qantar.stages.articles.packed_files import open_file
from qantar.stages.articles.record_columns import column_mapping
from qantar.stages.articles.spreadsheets import columns_in_spreadsheet, read_spreadsheet
from qantar.stages.articles.web_archives import read_warc

__all__ = ["column_mapping", "columns_of", "read_arrow", "read_csv", "read_json_lines", "read_parquet", "read_spreadsheet", "read_warc"]

_SAMPLE = 2**18


def columns_of(path: Path, format: Format) -> dict[str, str]:
    """The mapping found for a file of records, from its header or first record, to be shown; empty for other and for unreadable files."""
    try:
        if format in ("parquet", "arrow"):
            return column_mapping(arrow_columns(path, format))
        if format in ("xlsx", "xls", "ods"):
            return column_mapping(columns_in_spreadsheet(path))
        if format == "jsonl":
            return column_mapping(columns_in_json(path))
        if format == "csv":
            with open_file(path) as file:
                return column_mapping(csv_header(file.readline(_SAMPLE)))
    except (OSError, ValueError, RecursionError, NotTextError):
        pass
    return {}
