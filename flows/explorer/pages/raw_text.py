"""The raw text of an article by its blocks, each with its role, rule and characters; any row's span marked in it."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import NotFound

from qantar.explorer import queries
from qantar.explorer.highlights import Span, marked
from qantar.explorer.pages import check_parameters, given_value, page_number, page_of, show
from qantar.explorer.translation import gettext

BLOCKS = 400
"""Blocks on a page."""
LONGEST = 60_000
"""Characters shown of one block."""


async def raw_text(request: Any, datasette: Any) -> Any:
    """All blocks in their order, kept and left out; `span` is the id of a quote, sentence, mention or block to be marked."""
    check_parameters(request, "span", "page")
    document_id, span_id = request.url_vars["document_id"], given_value(request, "span")
    document = await queries.row(datasette, "article", document_id=document_id)
    if document is None:
        raise NotFound(gettext("There is no article %(id)s in this build", id=document_id))
    span, number = None, page_number(request)
    if span_id:
        span = await queries.row(datasette, "span", document_id=document_id, span=span_id)
        if span is None:
            raise NotFound(
                gettext("There is no quote, sentence, mention or block %(id)s in article %(article)s", id=span_id, article=document_id)
            )
        if request.args.get("page") is None and span["start"] is not None:
            before = await queries.row(datasette, "blocks_before", document_id=document_id, start=span["start"])
            number = 1 + before["n"] // BLOCKS if before else 1
    blocks, turning = await page_of(datasette, request, "raw_blocks", BLOCKS, number, document_id=document_id)
    context = {
        "document": document,
        "blocks": [{**block, "html": with_span(block, span)} for block in blocks],
        "longest": LONGEST,
        "span": span,
        **turning,
    }
    return await show(datasette, request, "raw_text.html", context)


def with_span(block: dict[str, Any], span: dict[str, Any] | None) -> Any:
    """A block's text as HTML, the part of the span that stands in it marked: a block's text is its raw text, character for character."""
    text = block["text"][:LONGEST]
    if span is None:
        return marked(text, [])
    if span["what"] == "block":
        return marked(text, [Span(0, len(text), 1, "mark", anchor="span")] if span["id"] == block["block_id"] else [])
    if block["start"] is None:
        return marked(text, [])
    return marked(text, [Span(span["start"], span["end"], 1, "mark", anchor="span")], block["start"])
