"""Four pictures of the whole, each with the same thing in words and in numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qantar.explorer.pages import show

SHOWN = 60
Rows = list[dict[str, Any]]


async def pictures(request: Any, datasette: Any) -> Any:
    drawn = []
    for spec, query, title, columns, in_words in PICTURES:
        rows = await _canned(datasette, query)
        drawn.append({"spec": spec, "query": query, "title": title, "columns": columns, "rows": rows[:SHOWN], "words": in_words(rows)})
    return await show(datasette, request, "pictures.html", {"pictures": drawn})


async def _canned(datasette: Any, name: str) -> Rows:
    query = (await datasette.get_canned_queries("qantar", None))[name]
    found = await datasette.get_database("qantar").execute(query["sql"], log_sql_errors=False)
    return [dict(row) for row in found.rows]


def _quoted(rows: Rows) -> str:
    if not rows:
        return "Nobody is quoted by name."
    first, total = rows[0], sum(row["quotes"] for row in rows)
    return f"{first['name']} is quoted most: {first['quotes']} of {total} quotes whose speaker is known, in {_articles(first['articles'])}."


def _heat(rows: Rows) -> str:
    if not rows:
        return "Nobody is named."
    most = max(rows, key=lambda row: row["mentions"])
    return f"{most['name']} is named most often in one article: {most['mentions']} times in “{most['article']}”."


def _places(rows: Rows) -> str:
    if not rows:
        return "No place with a known position is named."
    listed = ", ".join(f"{row['name']} ({row['mentions']})" for row in rows[:5])
    return f"{len(rows)} places, the most named first: {listed}."


def _dates(rows: Rows) -> str:
    if not rows:
        return "No date with a known year is named."
    most = max(rows, key=lambda row: row["mentions"])
    return f"From {rows[0]['date'][:4]} to {rows[-1]['date'][:4]}; {most['value']} is named most often ({most['mentions']} times)."


def _articles(n: int) -> str:
    return f"{n} article{'' if n == 1 else 's'}"


PICTURES: list[tuple[str, str, str, list[str], Callable[[Rows], str]]] = [
    ("quoted", "who_is_quoted", "Who is quoted how much", ["name", "direct", "mixed", "indirect", "block", "quotes", "articles"], _quoted),
    ("heat", "entities_by_article", "Who is named where", ["name", "article", "mentions"], _heat),
    ("places", "places_named", "Places on the map", ["name", "latitude", "longitude", "mentions", "articles"], _places),
    ("dates", "dates_named", "Dates that are named", ["value", "named_as", "mentions"], _dates),
]
