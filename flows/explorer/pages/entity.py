"""A person, body or place: its spellings, every mention in context, what it said, what is said of it, and in whose company it stands."""

from __future__ import annotations

import json
from typing import Any

from datasette.utils.asgi import NotFound

from qantar.explorer import queries
from qantar.explorer.how_to_cite import cite_page
from qantar.explorer.pages import check_parameters, one_of, page_of, show
from qantar.explorer.pages.lasting import day_of_build, lasting_address, pinned_build
from qantar.explorer.pages.quotes import with_sentence
from qantar.explorer.translation import gettext
from qantar.explorer.wording import LABELS

AROUND = 90
"""Characters shown on each side of a mention."""
MOST = 3_000
"""Mentions counted for spellings, articles and company: for the most frequent names, the first so many in the order of the articles."""


async def entities(request: Any, datasette: Any) -> Any:
    """All entities, or those of one label, page by page."""
    check_parameters(request, "label", "page")
    label = one_of(request, "label", LABELS)
    found, turning = await page_of(datasette, request, "entities", label=label)
    slips = {(row["entity_id"], row["text"]) for row in await queries.rows_of_build(datasette, "slips")}
    context = {
        **turning,
        "entities": [{**e, "other_names": other_names(e, slips)} for e in found],
        "label": label,
        "labels": await queries.rows_of_build(datasette, "labels"),
    }
    return await show(datasette, request, "entities.html", context)


async def entity(request: Any, datasette: Any) -> Any:
    """One entity: its names, where it is named, and what it is reported to have said."""
    check_parameters(request, "page", "build")
    entity_id = request.url_vars["entity_id"]
    found = await queries.row(datasette, "entity", entity_id=entity_id)
    if found is None:
        raise NotFound(gettext("There is no entity %(id)s in this build", id=entity_id))
    lines, turning = await page_of(datasette, request, "entity_in_context", entity_id=entity_id)
    address = lasting_address(request, "entity", entity_id, datasette.qantar.build_id)
    day, site = await day_of_build(datasette), datasette.metadata("title")
    quotes_by = await queries.rows(datasette, "quotes_by", entity_id=entity_id, size=6)
    quotes_about = await queries.rows(datasette, "quotes_about", entity_id=entity_id, size=5, most=MOST)
    weeks = by_week(await queries.rows(datasette, "quotes_by_week", entity_id=entity_id, size=400))
    context = {
        "entity": found,
        "address": address,
        "pinned": pinned_build(request, datasette.qantar),
        "citations": cite_page(found["name"], address, site, datasette.qantar.build_id, day),
        "most": MOST,
        **turning,
        "lines": [in_context(line) for line in lines],
        "spellings": await queries.rows(datasette, "entity_spellings", entity_id=entity_id, size=40, most=MOST),
        "articles": await queries.rows(datasette, "entity_articles", entity_id=entity_id, size=20, most=MOST),
        "company": await queries.rows(datasette, "entity_company", entity_id=entity_id, size=24, most=MOST),
        "weeks": [week for week in weeks if week["week"]],
        "n_undated": sum(week["n"] for week in weeks if not week["week"]),
        "spelled_by": await queries.rows(datasette, "spellings_by_outlet", entity_id=entity_id, size=60, most=MOST),
        "corrected": await queries.rows(datasette, "corrections_of_row", table="entities", row_id=entity_id),
        "same": await queries.rows(datasette, "same_of_entity", entity_id=entity_id, size=10),
        "quotes_by": [with_sentence(row) for row in quotes_by],
        "quotes_about": [with_sentence(row) for row in quotes_about],
    }
    return await show(datasette, request, "entity.html", context)


async def possible_same(request: Any, datasette: Any) -> Any:
    """Pairs of entities that may be one, beside each other with what speaks for it."""
    check_parameters(request, "page")
    found, turning = await page_of(datasette, request, "possible_same")
    pairs = [{**p, "aliases": json.loads(p["aliases"]), "other_aliases": json.loads(p["other_aliases"])} for p in found]
    return await show(datasette, request, "possible_same.html", {**turning, "pairs": pairs})


def other_names(row: dict[str, Any], slips: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """The spellings of an entity other than its name, those that are evident slips marked.

    >>> other_names({"entity_id": "vos", "name": "Vos", "aliases": '["Vos", "Voss", "Fox"]'}, {("vos", "Fox")})
    [{'name': 'Voss', 'is_slip': False}, {'name': 'Fox', 'is_slip': True}]
    """
    return [{"name": name, "is_slip": (row["entity_id"], name) in slips} for name in json.loads(row["aliases"]) if name != row["name"]]


def by_week(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Quotes by week, the latest first, with the outlets of each.

    >>> by_week([{"week": "2021-03-01", "outlet": "A", "n": 2}, {"week": "2021-03-01", "outlet": None, "n": 1}])
    [{'week': '2021-03-01', 'n': 3, 'outlets': [('A', 2), (None, 1)]}]
    """
    weeks: dict[str | None, dict[str, Any]] = {}
    for row in rows:
        week = weeks.setdefault(row["week"], {"week": row["week"], "n": 0, "outlets": []})
        week["n"] += row["n"]
        week["outlets"].append((row["outlet"], row["n"]))
    return list(weeks.values())


def in_context(line: dict[str, Any]) -> dict[str, Any]:
    """A mention's sentence cut into what stands before, the name and what follows."""
    sentence, at = line["sentence"], line["at"]
    after = at + len(line["text"])
    left, right = sentence[:at], sentence[after:]
    return {
        **line,
        "left": "…" + left[-AROUND:].lstrip() if len(left) > AROUND else left,
        "right": right[:AROUND].rstrip() + "…" if len(right) > AROUND else right,
    }
