"""Datasette's metadata of a build: titles, descriptions, order, facets and canned queries, all made from the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qantar.schema import HISTORY, KNOWN, Table
from qantar.settings import Corpus

CANNED = Path(__file__).parent.parent / "explorer" / "canned"
"""One file a canned query: `-- title:`, `-- description:` and `-- database:` lines, then its SQL."""

TITLES = {"quote_groups": "Utterances", "quote_group_members": "Wordings of utterances", "builds": "Runs of the pipeline"}
LABELS = {
    "documents": "title",
    "blocks": "text",
    "sentences": "text",
    "mentions": "text",
    "entities": "name",
    "quotes": "text",
    "quote_groups": "text",
}
"""The column that stands for a row where another table refers to it."""
ROWS_SHOWN = {"documents": 20, "blocks": 50, "sentences": 50}
"""Rows a page, where the rows are long."""


def corpus_metadata(corpus: Corpus) -> str:
    """The text of a build's `metadata.json`: the metadata for plain Datasette."""
    licence = corpus.licence or "Article texts remain their publishers'"
    said = datasette_metadata(title=corpus.title, description=corpus.description, licence=licence, source_url=corpus.homepage)
    said |= {"errors_to": corpus.errors_to} if corpus.errors_to else {}
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def datasette_metadata(
    *,
    title: str,
    description: str = "",
    licence: str | None = None,
    licence_url: str | None = None,
    source: str | None = None,
    source_url: str | None = None,
    about: str | None = None,
    about_url: str | None = None,
) -> dict[str, Any]:
    """Datasette's metadata for `qantar.db` and `history.db`, ready for `datasette --metadata` and `datasette publish`.

    >>> metadata = datasette_metadata(title="News")
    >>> metadata["databases"]["qantar"]["tables"]["entities"]["label_column"]
    'name'
    """
    given = {
        "title": title,
        "description": description,
        "license": licence,
        "license_url": licence_url,
        "source": source,
        "source_url": source_url,
        "about": about,
        "about_url": about_url,
    }
    return {
        **{key: value for key, value in given.items() if value},
        "databases": {
            "qantar": {
                "title": title,
                "description": "The dataset: one table for each kind of row. Every span points into `documents.text` and the raw text.",
                "tables": {table.name: _table(table) for table in KNOWN.values()},
                "queries": _canned("qantar"),
            },
            "history": {
                "title": "History of builds",
                "description": "When each build was made, and what it changed.",
                "tables": {table.name: _table(table) for table in HISTORY.values()},
                "queries": _canned("history"),
            },
        },
    }


def table_title(name: str) -> str:
    """A table's name for people.

    >>> table_title("shared_passages")
    'Shared passages'
    """
    return TITLES.get(name, name.replace("_", " ").capitalize())


def _table(table: Table) -> dict[str, Any]:
    label = LABELS.get(table.name)
    facets = [column.name for column in table if column.facet]
    # Only a sort over an index stays fast on a large table; Datasette sorts by the key otherwise.
    first = table.order[0]
    sort = first if first not in table.key and any(c.name == first and c.indexed for c in table) else None
    entry = {
        "title": table_title(table.name),
        "description": table.description,
        "columns": {column.name: _description(column.name, table) for column in table},
        "label_column": label,
        "sort": sort,
        "facets": facets,
        "size": ROWS_SHOWN.get(table.name),
    }
    if table.name == "builds":
        entry |= {"sort": None, "sort_desc": "started"}
    return {key: value for key, value in entry.items() if value}


def _description(column_name: str, table: Table) -> str:
    column = next(c for c in table if c.name == column_name)
    refers = f" (a row of {column.references})" if column.references else ""
    return f"{column.description}{refers}"


def _canned(database: str) -> dict[str, dict[str, Any]]:
    queries = {}
    for path in sorted(CANNED.glob("*.sql")):
        head, sql = _parse(path)
        if head.pop("database", "qantar") == database:
            queries[path.stem] = {**head, "sql": sql, "hide_sql": True}
    return queries


def _parse(path: Path) -> tuple[dict[str, str], str]:
    head: dict[str, str] = {}
    body: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("-- ") and ": " in line and not body:
            key, _, value = line[3:].partition(": ")
            head[key] = value
        else:
            body.append(line)
    return head, "\n".join(body).strip()
