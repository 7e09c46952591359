"""Who said what: the list of quotes, and utterances with their wordings side by side."""

from __future__ import annotations

import json
from typing import Any

from datasette.utils.asgi import NotFound

from qantar.explorer import queries
from qantar.explorer.differing_words import differing_words
from qantar.explorer.pages import PAGE, one_of, page_number, show
from qantar.explorer.wording import KINDS

UTTERANCES = 20


async def quotes(request: Any, datasette: Any) -> Any:
    number = page_number(request)
    kind = one_of(request, "kind", KINDS)
    speaker, article = request.args.get("speaker") or None, request.args.get("article") or None
    asked: dict[str, Any] = {"speaker": speaker, "kind": kind, "article": article}
    found = await queries.rows(datasette, "quotes", **asked, size=PAGE + 1, skipped=(number - 1) * PAGE)
    if not found and number > 1:
        raise NotFound("There is no such page")
    context = {
        "quotes": found[:PAGE],
        "more": len(found) > PAGE,
        "number": number,
        "asked": {key: value for key, value in asked.items() if value},
        "speaker": await queries.row(datasette, "entity", entity_id=speaker) if speaker else None,
        "article": await queries.row(datasette, "article", document_id=article) if article else None,
        "kinds": await queries.rows_of_build(datasette, "quote_kinds"),
        "speakers": await queries.rows_of_build(datasette, "most_quoted", size=24),
    }
    return await show(datasette, request, "quotes.html", context)


async def utterances(request: Any, datasette: Any) -> Any:
    number = page_number(request)
    found = await queries.rows(datasette, "utterances", size=UTTERANCES + 1, skipped=(number - 1) * UTTERANCES)
    if not found and number > 1:
        raise NotFound("There is no such page")
    context = {
        "utterances": await _with_wordings(datasette, found[:UTTERANCES]),
        "more": len(found) > UTTERANCES,
        "number": number,
    }
    return await show(datasette, request, "utterances.html", context)


async def utterance(request: Any, datasette: Any) -> Any:
    group_id = request.url_vars["quote_group_id"]
    found = await queries.row(datasette, "utterance", quote_group_id=group_id)
    if found is None:
        raise NotFound(f"There is no utterance {group_id} in this build")
    (whole,) = await _with_wordings(datasette, [found])
    return await show(datasette, request, "utterance.html", {"utterance": whole})


async def _with_wordings(datasette: Any, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wordings = await queries.rows(datasette, "wordings", groups=json.dumps([g["quote_group_id"] for g in groups]))
    return [
        {
            **group,
            "wordings": [
                {**w, "html": differing_words(w["text"], group["text"])} for w in wordings if w["quote_group_id"] == group["quote_group_id"]
            ],
        }
        for group in groups
    ]
