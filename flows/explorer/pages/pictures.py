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
from qantar.explorer.translation import gettext, word
from qantar.explorer.wording import DRAWN_WORDS, PICTURES, counted, thousands

SHOWN = 60
Rows = list[dict[str, Any]]


async def pictures(request: Any, datasette: Any) -> Any:
    """Charts and a map of the build, each with its rows as a table."""
    check_parameters(request)
    drawn = []
    (known,) = await queries.rows_of_build(datasette, "quotes_with_speaker")
    for spec, query, columns, in_words in DRAWN:
        rows = await _rows(datasette, query)
        told = {"spec": spec, "query": query, "title": word(PICTURES[spec]), "columns": columns, "rows": rows[:SHOWN]}
        drawn.append({**told, "words": in_words(rows, known["n"])})
    where = {"site": datasette.metadata("title"), "build": datasette.qantar.build_id, "address": f"{origin(request)}/pictures"}
    source = gettext("Source: %(site)s, build %(build)s, %(address)s", **where)
    return await show(datasette, request, "pictures.html", {"pictures": drawn, "source": source, "drawn_words": drawn_words()})


def drawn_words() -> dict[str, str]:
    """What stands in a picture for its words in English, where another language is spoken."""
    return {words: word(words) for words in DRAWN_WORDS if word(words) != words}


async def picture_data(request: Any, datasette: Any) -> Any:
    """The rows of one picture as JSON or as CSV: exactly those that it draws."""
    check_parameters(request)
    name, kind = request.url_vars["name"], request.url_vars["format"]
    rows = await _rows(datasette, next(query for spec, query, *_ in DRAWN if spec == name))
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
        return gettext("Nobody is quoted by name.")
    first = rows[0]
    return gettext(
        "%(name)s is quoted most: %(n)s of %(all)s quotes whose speaker is known, %(in_articles)s.",
        name=first["label"],
        n=thousands(first["quotes"]),
        all=thousands(n_known),
        in_articles=counted(first["articles"], "in article"),
    )


def _heat(rows: Rows, _known: int) -> str:
    if not rows:
        return gettext("Nobody is named.")
    most = max(rows, key=lambda row: row["mentions"])
    told = {"name": most["label"], "times": counted(most["mentions"], "time"), "article": most["article"]}
    return gettext("%(name)s is named most often in one article: %(times)s in “%(article)s”.", **told)


def _places(rows: Rows, _known: int) -> str:
    if not rows:
        return gettext("No place with a known position is named.")
    listed = ", ".join(f"{row['label']} ({row['mentions']})" for row in rows[:5])
    return gettext("%(places)s, the most named first: %(list)s.", places=counted(len(rows), "place"), list=listed)


def _dates(rows: Rows, _known: int) -> str:
    if not rows:
        return gettext("No date with a known year is named.")
    most = max(rows, key=lambda row: row["mentions"])
    told = {"first": rows[0]["date"][:4], "last": rows[-1]["date"][:4], "day": most["value"], "times": counted(most["mentions"], "time")}
    return gettext("From %(first)s to %(last)s; %(day)s is named most often (%(times)s).", **told)


DRAWN: list[tuple[str, str, list[str], Callable[[Rows, int], str]]] = [
    ("quoted", "who_is_quoted", ["label", "direct", "mixed", "indirect", "block", "quotes", "articles"], _quoted),
    ("heat", "entities_by_article", ["label", "article_label", "mentions"], _heat),
    ("places", "places_named", ["label", "latitude", "longitude", "mentions", "articles"], _places),
    ("dates", "dates_named", ["value", "named_as", "mentions"], _dates),
]
