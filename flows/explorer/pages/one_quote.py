"""One quote: the words around it, who speaks and how that was found, its source, ways to cite it, and what other builds say of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from datasette.utils.asgi import NotFound

from qantar.explorer import queries
from qantar.explorer.differing_words import differing_words
from qantar.explorer.highlights import Span, marked
from qantar.explorer.how_to_cite import cite_quote, text_fragment
from qantar.explorer.kept_builds import differences, kept_beside, quote_in
from qantar.explorer.pages import check_parameters, given_value, show
from qantar.explorer.pages.lasting import lasting_address, pinned_build
from qantar.explorer.translation import gettext

LONGEST_AROUND = 8_000
MOST_WORDINGS = 50


async def one_quote(request: Any, datasette: Any) -> Any:
    """The quote of the address in the build that is served; `build` is the one that the address was made in."""
    check_parameters(request, "build")
    quote_id, pinned = request.url_vars["quote_id"], given_value(request, "build")
    published = datasette.qantar
    row = await queries.row(datasette, "quote", quote_id=quote_id)
    builds = await asyncio.to_thread(_in_kept_builds, published, quote_id)
    finished = await _finished(datasette)
    if row is None:
        return await _gone(request, datasette, quote_id, pinned, builds, finished)
    address = lasting_address(request, "quote", quote_id, published.build_id)
    others = [
        {
            "build_id": build_id,
            "finished": finished.get(build_id),
            "found": found is not None,
            "changed": differences(found, row) if found else [],
        }
        for build_id, found in builds.items()
    ]
    context = {
        "quote": row,
        "around": await _around(datasette, row),
        "wordings": await _wordings(datasette, row),
        "passage": text_fragment(row["url"], _first_segment(row)) if row["url"] else None,
        "speakers": await _speakers(datasette, row),
        "corrected": await queries.rows(datasette, "corrections_of_row", table="quotes", row_id=quote_id),
        "citations": cite_quote(row, address, datasette.metadata("title"), published.build_id),
        "address": address,
        "pinned": pinned_build(request, published),
        "others": sorted(others, key=lambda b: (b["finished"] or "", b["build_id"]), reverse=True),
        "finished": finished.get(published.build_id),
    }
    return await show(datasette, request, "quote.html", context)


def _in_kept_builds(published: Any, quote_id: str) -> dict[str, dict[str, Any] | None]:
    return {build.folder.name: quote_in(build.folder, quote_id) for build in kept_beside(published)}


async def _finished(datasette: Any) -> dict[str, str]:
    """When each build was published, where the history has it."""
    if not queries.has_history(datasette):
        return {}
    runs = await queries.rows(datasette, "runs", database="history", size=200, skipped=0, outcome="published")
    return {run["build_id"]: run["finished"] for run in reversed(runs)}


async def _gone(request: Any, datasette: Any, quote_id: str, pinned: str | None, builds: dict[str, Any], finished: dict[str, str]) -> Any:
    """A quote that this build has no longer: as the newest of the kept builds has it, or a plain 404."""
    having = sorted((build_id for build_id, found in builds.items() if found), key=lambda b: (b == pinned, finished.get(b) or "", b))
    if not having:
        raise NotFound(gettext("There is no quote %(id)s in this build, nor in an earlier one that is kept", id=quote_id))
    old = builds[having[-1]]
    again = await queries.row(datasette, "quote_elsewhere", document_id=old["document_id"], text=old["text"])
    article = await queries.row(datasette, "article", document_id=old["document_id"])
    context = {"quote": old, "build": having[-1], "finished": finished.get(having[-1]), "again": again, "article": article}
    return await show(datasette, request, "quote_gone.html", context, status=410)


async def _around(datasette: Any, row: dict[str, Any]) -> Any:
    """The sentences around the quote as HTML, with its segments, its cue and its speaker marked."""
    place = {name: row[name] for name in ("document_id", "start", "end")}
    (found,) = await queries.rows(datasette, "quote_around", **place, longest=LONGEST_AROUND)
    spans = [Span(start, end, 1, "mark") for start, end in json.loads(row["segments"])]
    parts = [part for part in ("cue", "speaker") if row[f"{part}_start"] is not None]
    spans += [Span(row[f"{part}_start"], row[f"{part}_end"], 2, attributes={"class": part}) for part in parts]
    return marked(found["text"], spans, found["first"])


def _first_segment(row: dict[str, Any]) -> str:
    """The words of the quote up to where the reporting clause interrupts it: a passage of the page must be in one piece."""
    segments = json.loads(row["segments"])
    return str(row["text"][: segments[0][1] - segments[0][0]]) if len(segments) > 1 else str(row["text"])


async def _wordings(datasette: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    if not row["quote_group_id"]:
        return []
    found = await queries.rows(datasette, "wordings", groups=json.dumps([row["quote_group_id"]]))
    others = [w for w in found if w["quote_id"] != row["quote_id"]]
    return [{**w, "html": differing_words(w["text"], row["text"])} for w in others[:MOST_WORDINGS]]


async def _speakers(datasette: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    """All who speak together, where several do."""
    found = [await queries.row(datasette, "entity", entity_id=entity_id) for entity_id in json.loads(row["speaker_entity_ids"])[:20]]
    return [speaker for speaker in found if speaker]
