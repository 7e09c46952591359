"""An article with its people and quotes marked, and what was left out of it on demand; the list of articles."""

from __future__ import annotations

import json
from typing import Any

from datasette.utils.asgi import NotFound
from markupsafe import Markup, escape

from qantar.explorer import queries
from qantar.explorer.highlights import Span, marked
from qantar.explorer.how_to_cite import cite_article
from qantar.explorer.pages import check_parameters, page_number, page_of, show
from qantar.explorer.pages.copies import versions_of
from qantar.explorer.pages.lasting import lasting_address, pinned_build
from qantar.explorer.translation import gettext, ngettext, word
from qantar.explorer.wording import LABELS, LINKS, QUOTES_OF_KIND, ROLES, label_class, score_in_words, translated

WINDOW = 120_000
"""Characters of a text on one page; longer texts are turned over like a book."""
LONGEST_LEFT_OUT = 5_000
MOST = 2_000
UNCERTAIN = {"similarity", "context", "slip", "short form"}
"""Ways from a name to its entity that a reader may want to know of."""
PASSAGE, SENTENCE, QUOTE, PART, MENTION = range(5)
"""Layers of spans, from the outermost."""


def article_place(row: dict[str, Any], anchor: str) -> str:
    """The address of a place in an article: on the right page, where the article is a long one.

    >>> article_place({"document_id": "abc", "start": 250_000}, "s7")
    '/article/abc?page=3#s7'
    """
    page = f"?page={row['start'] // WINDOW + 1}" if row["start"] >= WINDOW else ""
    return f"/article/{row['document_id']}{page}#{anchor}"


async def articles(request: Any, datasette: Any) -> Any:
    """All articles, or those of one outlet, page by page."""
    check_parameters(request, "outlet", "page")
    outlet = request.args.get("outlet") or None
    found, turning = await page_of(datasette, request, "articles", outlet=outlet)
    context = {
        **turning,
        "articles": [{**a, "beginning": without_title(a)} for a in found],
        "outlet": outlet,
        "outlets": await queries.rows_of_build(datasette, "outlets", size=30),
    }
    return await show(datasette, request, "articles.html", context)


def without_title(row: dict[str, Any]) -> str:
    """The beginning of an article's text after its title.

    >>> without_title({"title": "Rain", "beginning": "Rain\\n\\nIt rained."})
    'It rained.'
    """
    return str(row["beginning"]).removeprefix(row["title"] or "").strip()


async def article(request: Any, datasette: Any) -> Any:
    """One article: its text with names and quotes highlighted, and its quotes beside it."""
    check_parameters(request, "page", "build")
    document_id = request.url_vars["document_id"]
    document = await queries.row(datasette, "article", document_id=document_id)
    if document is None:
        raise NotFound(gettext("There is no article %(id)s in this build", id=document_id))
    number = page_number(request)
    n_windows = max(1, -(-document["n_characters"] // WINDOW))
    if number > n_windows:
        raise NotFound(gettext("The article has no such page"))
    window = {"document_id": document_id, "first": (number - 1) * WINDOW, "last": number * WINDOW}
    blocks = await queries.rows(datasette, "article_blocks", **window, longest=LONGEST_LEFT_OUT, size=MOST)
    sentences = await queries.rows(datasette, "article_sentences", **window)
    mentions = await queries.rows(datasette, "article_mentions", **window)
    quotes = await queries.rows(datasette, "article_quotes", **window)
    passages = await queries.rows(datasette, "article_passages", document_id=document_id, size=MOST)
    spans = [
        *map(_passage, passages),
        *map(_sentence, sentences),
        *(span for quote in quotes for span in _quote(quote)),
        *map(_mention, mentions),
    ]
    present = {m["label"] for m in mentions}
    address = lasting_address(request, "article", document_id, datasette.qantar.build_id)
    context = {
        "document": document,
        "blocks": list(_shown(blocks, spans, first=number == 1, last=number == n_windows)),
        "legend": [(label, label_class(label), name) for label, name in translated(LABELS).items() if label in present],
        "quotes": quotes,
        "passages": passages,
        "entities": await queries.rows(datasette, "article_entities", document_id=document_id, size=40),
        "corrected": await queries.rows(datasette, "corrections_of_row", table="documents", row_id=document_id),
        "removed": await queries.row(datasette, "removed_by_outlet", url=document["url"]) if document["url"] else None,
        "repeats": await queries.rows(datasette, "article_repeats", document_id=document_id, size=50),
        "versions": await versions_of(datasette, document["canonical_id"]),
        "origin": await queries.row(datasette, "article_source", canonical_id=document["canonical_id"]),
        "number": number,
        "n_windows": n_windows,
        "address": address,
        "pinned": pinned_build(request, datasette.qantar),
        "citations": cite_article(document, address, datasette.metadata("title"), datasette.qantar.build_id),
    }
    return await show(datasette, request, "article.html", context)


def _shown(blocks: list[dict[str, Any]], spans: list[Span], first: bool, last: bool) -> Any:
    """The blocks of a window with their text marked up; what was left out only between those kept, so that it stands on one page."""
    kept = [b["position"] for b in blocks if b["start"] is not None]
    low, high = (min(kept), max(kept)) if kept else (0, 0)
    by_start = sorted(spans, key=lambda s: s.start)
    for block in blocks:
        if block["start"] is None:
            if (block["position"] > low or first) and (block["position"] < high or last):
                yield {**block, "html": block["text"], "role_name": word(ROLES.get(block["role"], block["role"]))}
            continue
        end = block["shown_from"] + len(block["text"])
        inside = [s for s in by_start if s.start < end and s.end > block["shown_from"]]
        yield {**block, "html": marked(block["text"], inside, block["shown_from"])}


def row_link(table: str, key: str) -> Markup:
    """A small link from a span to its row, shown when the reader asks for it."""
    title = gettext("The row in %(table)s", table=table)
    return Markup(f'<a class="to-row" href="/qantar/{table}/{escape(key)}" title="{escape(title)}">#</a>')


def _passage(passage: dict[str, Any]) -> Span:
    n = passage["n_documents"]
    title = ngettext("Stands in %(n)s article", "Stands in %(n)s articles", n, n=n)
    return Span(passage["start"], passage["end"], PASSAGE, attributes={"class": "shared", "title": title})


def _sentence(sentence: dict[str, Any]) -> Span:
    anchor = f"s{sentence['position']}"
    title = escape(gettext("Link to this sentence"))
    link = Markup(f'<a class="anchor" href="#{anchor}" title="{title}">{int(sentence["position"]) + 1}</a>')
    return Span(
        sentence["start"],
        sentence["end"],
        SENTENCE,
        attributes={"class": "sentence"},
        anchor=anchor,
        before=link,
        after=row_link("sentences", sentence["sentence_id"]),
    )


def _quote(quote: dict[str, Any]) -> list[Span]:
    who = quote["speaker_name"] or quote["speaker"] or gettext("nobody named")
    what = word(QUOTES_OF_KIND[quote["kind"]])
    attributes = {"class": f"quote quote-{quote['kind']}", "title": f"{what}: {who}"}
    segments = json.loads(quote["segments"]) or [[quote["start"], quote["end"]]]
    spans = [
        Span(start, end, QUOTE, "q", attributes, anchor=quote["quote_id"] if n == 0 else None) for n, (start, end) in enumerate(segments)
    ]
    last = spans[-1]
    spans[-1] = Span(last.start, last.end, QUOTE, "q", attributes, last.anchor, after=row_link("quotes", quote["quote_id"]))
    parts = [part for part in ("cue", "speaker") if quote[f"{part}_start"] is not None]
    return spans + [Span(quote[f"{part}_start"], quote[f"{part}_end"], PART, attributes={"class": part}) for part in parts]


def _mention(mention: dict[str, Any]) -> Span:
    row = f"/qantar/mentions/{mention['mention_id']}"
    title = word(LABELS[mention["label"]])
    if mention["name"] or mention["value"]:
        title += f": {mention['name'] or mention['value']}"
    if mention["link_method"] in UNCERTAIN:
        way = gettext("by %(way)s", way=word(LINKS[mention["link_method"]]))
        title += f" ({way})"
    if mention["link_score"] is not None:
        how_sure = gettext("that is %(words)s", words=score_in_words(mention["link_score"]))
        title += f"; {how_sure}"
    if mention["stands_for"]:
        government = gettext("stands for the government of %(place)s", place=mention["stands_for"])
        title += f"; {government}"
    attributes = {"class": f"m m-{label_class(mention['label'])}", "title": title}
    attributes["href"] = f"/entity/{mention['entity_id']}" if mention["entity_id"] else row
    return Span(
        mention["start"],
        mention["end"],
        MENTION,
        "a",
        attributes,
        anchor=f"m{mention['start']}",
        after=row_link("mentions", mention["mention_id"]),
    )
