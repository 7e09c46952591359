"""A person, body or place: its spellings, every mention in context, what it said, what is said of it, and in whose company it stands."""

from __future__ import annotations

import json
from typing import Any

from datasette.utils.asgi import NotFound

from qantar.explorer import queries
from qantar.explorer.pages import PAGE, one_of, page_number, show
from qantar.explorer.wording import LABELS

AROUND = 90
"""Characters shown on each side of a mention."""
MOST = 3_000
"""Mentions counted for spellings, articles and company: for the most frequent names, the first so many in the order of the articles."""


async def entities(request: Any, datasette: Any) -> Any:
    number = page_number(request)
    label = one_of(request, "label", LABELS)
    found = await queries.rows(datasette, "entities", label=label, size=PAGE + 1, skipped=(number - 1) * PAGE)
    if not found and number > 1:
        raise NotFound("There is no such page")
    context = {
        "entities": [{**e, "other_names": [a for a in json.loads(e["aliases"]) if a != e["name"]]} for e in found[:PAGE]],
        "more": len(found) > PAGE,
        "number": number,
        "label": label,
        "labels": await queries.rows_of_build(datasette, "labels"),
    }
    return await show(datasette, request, "entities.html", context)


async def entity(request: Any, datasette: Any) -> Any:
    entity_id = request.url_vars["entity_id"]
    found = await queries.row(datasette, "entity", entity_id=entity_id)
    if found is None:
        raise NotFound(f"There is no entity {entity_id} in this build")
    number = page_number(request)
    lines = await queries.rows(datasette, "entity_in_context", entity_id=entity_id, size=PAGE + 1, skipped=(number - 1) * PAGE)
    if not lines and number > 1:
        raise NotFound("There is no such page")
    context = {
        "entity": found,
        "most": MOST,
        "lines": [in_context(line) for line in lines[:PAGE]],
        "more": len(lines) > PAGE,
        "number": number,
        "spellings": await queries.rows(datasette, "entity_spellings", entity_id=entity_id, size=40, most=MOST),
        "articles": await queries.rows(datasette, "entity_articles", entity_id=entity_id, size=20, most=MOST),
        "company": await queries.rows(datasette, "entity_company", entity_id=entity_id, size=24, most=MOST),
        "quotes_by": await queries.rows(datasette, "quotes_by", entity_id=entity_id, size=11),
        "quotes_about": await queries.rows(datasette, "quotes_about", entity_id=entity_id, size=11, most=MOST),
    }
    return await show(datasette, request, "entity.html", context)


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
