"""Who said what: the list of quotes, and utterances with their wordings side by side."""

from __future__ import annotations

import json
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils.asgi import AsgiStream, NotFound

from qantar.explorer import queries
from qantar.explorer.differing_words import differing_words
from qantar.explorer.highlights import Span, marked
from qantar.explorer.how_to_cite import cite_page
from qantar.explorer.pages import PAGE, check_parameters, page_number, page_of, show
from qantar.explorer.pages.lasting import day_of_build, lasting_address, pinned_build
from qantar.explorer.plain_csv import MARK, csv_text, headers_for
from qantar.explorer.quote_filters import NAMES, QuoteFilters, read_filters
from qantar.explorer.translation import gettext

UTTERANCES = 20
CHOICES = 200
"""Outlets and speakers to choose from, those with most quotes."""
WHOLE = 0.85
"""A quote that fills so much of its sentence is shown alone."""
LONGEST_SENTENCE = 700
PIECE = 1_000
"""Rows of a CSV that are asked for at a time."""
# fmt: off
COLUMNS = [
    "quote", "speaker", "speaker_as_written", "kind", "cue", "score", "speaker_score", "speaker_basis", "outlet", "day", "title",
    "author", "article_address", "rights", "sentence", "quote_address", "quote_id", "document_id", "sentence_id", "speaker_entity_id",
    "quote_group_id", "start", "end", "build_id",
]
# fmt: on


async def quotes(request: Any, datasette: Any) -> Any:
    """Quotes that pass the filters of the address, a page of them, with how many each filter would leave."""
    check_parameters(request, *NAMES, "page")
    number, filters = page_number(request), read_filters(request)
    found = await queries.rows_where(datasette, "quotes", filters.parts(), **filters.bound(), size=PAGE, skipped=(number - 1) * PAGE)
    if not found and number > 1:
        raise NotFound(gettext("There is no such page"))
    total = await _counted(datasette, "quotes_total", filters)
    speaker, article = filters.values.get("speaker"), filters.values.get("article")
    context = {
        "quotes": [with_sentence(row) for row in found],
        "total": total[0] if total else None,
        "number": number,
        "n_pages": max(1, -(-total[0]["n"] // PAGE)) if total else None,
        "more": len(found) == PAGE and (not total or total[0]["n"] > number * PAGE),
        "asked": filters.given,
        "sort": filters.sort,
        "speaker": await queries.row(datasette, "entity", entity_id=speaker) if speaker else None,
        "article": await queries.row(datasette, "article", document_id=article) if article else None,
        "kinds": {row["value"]: row["n"] for row in await _counted(datasette, "quotes_by_kind", filters, "kind", size=9) or []},
        "outlets": await _counted(datasette, "quotes_by_outlet", filters, "outlet", size=CHOICES),
        "speakers": await _counted(datasette, "quotes_by_speaker", filters, "speaker", size=CHOICES),
        "choices": CHOICES,
    }
    return await show(datasette, request, "quotes.html", context)


async def _counted(datasette: Any, name: str, filters: QuoteFilters, without: str = "", **parameters: Any) -> list[dict[str, Any]] | None:
    """Rows of a count; None where counting takes too long."""
    parts, bound = filters.parts(without), filters.bound(without)
    try:
        return await queries.rows_where(datasette, name, parts, **bound, **parameters)
    except QueryInterrupted:
        return None


def with_sentence(row: dict[str, Any]) -> dict[str, Any]:
    """A quote with its sentence as HTML, the quote marked, where the quote is but a part of it; else with none.

    A fragment says little without the words around it; a whole clause in marks speaks for itself.
    """
    whole = row["end"] - row["start"] >= WHOLE * len(row["sentence"])
    if whole or len(row["sentence"]) > LONGEST_SENTENCE:
        return {**row, "around": None}
    spans = [Span(start, end, 1, "mark") for start, end in json.loads(row["segments"])]
    return {**row, "around": marked(row["sentence"], spans, row["sentence_start"])}


async def quotes_csv(request: Any, datasette: Any) -> Any:
    """All quotes that pass the filters, in their order: what the pages of the list show together."""
    check_parameters(request, *NAMES, "page")  # "page" as the list has it; the file holds all of them
    filters = read_filters(request)
    found = await queries.rows_where(datasette, "quote_numbers", filters.parts(), **filters.bound())
    numbers, build_id = [row["number"] for row in found], datasette.qantar.build_id

    async def write(writer: Any) -> None:
        await writer.write(MARK + csv_text([COLUMNS]))
        for first in range(0, len(numbers), PIECE):
            piece = numbers[first : first + PIECE]
            rows = {row["number"]: row for row in await queries.rows(datasette, "quotes_for_csv", numbers=json.dumps(piece))}
            ours = {
                n: {**row, "build_id": build_id, "quote_address": lasting_address(request, "quote", row["quote_id"], build_id)}
                for n, row in rows.items()
            }
            await writer.write(csv_text([ours[n][column] for column in COLUMNS] for n in piece))

    return AsgiStream(write, headers=headers_for(f"quotes-{build_id}.csv"), content_type="text/csv; charset=utf-8")


async def utterances(request: Any, datasette: Any) -> Any:
    """Quotes reported more than once, page by page."""
    check_parameters(request, "page")
    found, turning = await page_of(datasette, request, "utterances", UTTERANCES)
    return await show(datasette, request, "utterances.html", {**turning, "utterances": await _with_wordings(datasette, found)})


async def utterance(request: Any, datasette: Any) -> Any:
    """One utterance: its wordings side by side."""
    check_parameters(request, "build")
    group_id = request.url_vars["quote_group_id"]
    found = await queries.row(datasette, "utterance", quote_group_id=group_id)
    if found is None:
        raise NotFound(gettext("There is no utterance %(id)s in this build", id=group_id))
    (whole,) = await _with_wordings(datasette, [found])
    address, site = lasting_address(request, "utterance", group_id, datasette.qantar.build_id), datasette.metadata("title")
    who = found["speaker_name"] or gettext("Speaker not certain")
    title = f"{who}: {found['text'][:120]}"
    context = {
        "utterance": whole,
        "address": address,
        "pinned": pinned_build(request, datasette.qantar),
        "citations": cite_page(title, address, site, datasette.qantar.build_id, await day_of_build(datasette)),
    }
    return await show(datasette, request, "utterance.html", context)


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
