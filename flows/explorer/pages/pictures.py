"""Four pictures of the whole, each with the same thing in words and in numbers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from datasette.utils.asgi import Response

from qantar.explorer import queries
from qantar.explorer.pages import check_parameters, show
from qantar.explorer.pages.downloads import origin
from qantar.explorer.plain_csv import MARK, csv_text, headers_for
from qantar.explorer.wording import counted, thousands

SHOWN = 60
Rows = list[dict[str, Any]]


async def pictures(request: Any, datasette: Any) -> Any:
    """Charts and a map of the build, each with its rows as a table."""
    check_parameters(request)
    drawn = []
    (known,) = await queries.rows_of_build(datasette, "quotes_with_speaker")
    for spec, query, title, columns, in_words in PICTURES:
        rows = await _rows(datasette, query)
        drawn.append(
            {"spec": spec, "query": query, "title": title, "columns": columns, "rows": rows[:SHOWN], "words": in_words(rows, known["n"])}
        )
    source = f"Source: {datasette.metadata('title')}, build {datasette.qantar.build_id}, {origin(request)}/pictures"
    return await show(datasette, request, "pictures.html", {"pictures": drawn, "source": source})


async def picture_data(request: Any, datasette: Any) -> Any:
    """The rows of one picture as JSON or as CSV: exactly those that it draws."""
    check_parameters(request)
    name, kind = request.url_vars["name"], request.url_vars["format"]
    rows = await _rows(datasette, next(query for spec, query, *_ in PICTURES if spec == name))
    if kind == "json":
        return Response.json(rows, headers={"Cache-Control": "no-cache"})
    text = MARK + csv_text([list(rows[0]), *(row.values() for row in rows)] if rows else [])
    headers = headers_for(f"{name}-{datasette.qantar.build_id}.csv")
    return Response(text, headers=headers, content_type="text/csv; charset=utf-8")


async def _rows(datasette: Any, query: str) -> Rows:
    """The rows of a picture; each entity and article has a `label` of its own, so that none of one name are drawn as one."""
    rows = await _canned(datasette, query)
    ids = sorted({row["entity_id"] for row in rows if "entity_id" in row})
    found = await queries.rows(datasette, "entities_of_ids", ids=json.dumps(ids)) if ids else []
    names = labels_apart({e["entity_id"]: (e["name"], e["description"]) for e in found})
    articles = labels_apart({row["document_id"]: (row["article"], None) for row in rows if "article" in row})
    for row in rows:
        if "entity_id" in row:
            row["label"] = names.get(row["entity_id"], row["name"])
        if "article" in row:
            row["article_label"] = articles[row["document_id"]]
    return rows


def labels_apart(named: dict[str, tuple[str, str | None]]) -> dict[str, str]:
    """A label for each id, from its name and description; no two alike.

    >>> labels_apart({"p1": ("Vos", "minister"), "p2": ("Vos", "painter"), "p3": ("Lund", None), "p4": ("Vos", None)})
    {'p1': 'Vos (minister)', 'p2': 'Vos (painter)', 'p3': 'Lund', 'p4': 'Vos (p4)'}
    """
    names = Counter(name for name, _ in named.values())
    first = {key: name if names[name] == 1 else f"{name} ({description or key})" for key, (name, description) in named.items()}
    labels = Counter(first.values())
    return {key: label if labels[label] == 1 else f"{named[key][0]} ({key})" for key, label in first.items()}


async def _canned(datasette: Any, name: str) -> Rows:
    query = (await datasette.get_canned_queries("qantar", None))[name]
    return await queries.statement_of_build(datasette, query["sql"])


def _quoted(rows: Rows, n_known: int) -> str:
    if not rows:
        return "Nobody is quoted by name."
    first, articles = rows[0], counted(rows[0]["articles"], "article")
    share = f"{thousands(first['quotes'])} of {thousands(n_known)} quotes whose speaker is known"
    return f"{first['label']} is quoted most: {share}, in {articles}."


def _heat(rows: Rows, _known: int) -> str:
    if not rows:
        return "Nobody is named."
    most = max(rows, key=lambda row: row["mentions"])
    return f"{most['label']} is named most often in one article: {counted(most['mentions'], 'time')} in “{most['article']}”."


def _places(rows: Rows, _known: int) -> str:
    if not rows:
        return "No place with a known position is named."
    listed = ", ".join(f"{row['label']} ({row['mentions']})" for row in rows[:5])
    return f"{counted(len(rows), 'place')}, the most named first: {listed}."


def _dates(rows: Rows, _known: int) -> str:
    if not rows:
        return "No date with a known year is named."
    most = max(rows, key=lambda row: row["mentions"])
    return (
        f"From {rows[0]['date'][:4]} to {rows[-1]['date'][:4]}; {most['value']} is named most often ({counted(most['mentions'], 'time')})."
    )


PICTURES: list[tuple[str, str, str, list[str], Callable[[Rows, int], str]]] = [
    ("quoted", "who_is_quoted", "Who is quoted how much", ["label", "direct", "mixed", "indirect", "block", "quotes", "articles"], _quoted),
    ("heat", "entities_by_article", "Who is named where", ["label", "article_label", "mentions"], _heat),
    ("places", "places_named", "Places on the map", ["label", "latitude", "longitude", "mentions", "articles"], _places),
    ("dates", "dates_named", "Dates that are named", ["value", "named_as", "mentions"], _dates),
]
