"""One box over articles, sentences, quotes and names; a query that can't be read is answered with a hint."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

from datasette.database import QueryInterrupted
from markupsafe import Markup, escape

from qantar.explorer import queries
from qantar.explorer.pages import check_parameters, show
from qantar.explorer.translation import gettext

OPEN, CLOSE = "\x02", "\x03"
"""Marks round a hit in a snippet: control characters, which articles don't hold, so that the text can be escaped first."""
LONGEST = 200
RANKED = 2_000
"""Matches that are ranked; of words more frequent than that, the first so many in the order of the articles."""
SHOWN = {"names": 12, "articles": 10, "sentences": 20, "quotes": 10}
_HIT = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_OPERATORS = {"AND", "OR", "NOT", "NEAR"}


async def search(request: Any, datasette: Any) -> Any:
    """Names, articles, sentences and quotes that hold the words asked for."""
    check_parameters(request, "q")
    asked = (request.args.get("q") or "").strip()[:LONGEST]
    context: dict[str, Any] = {"asked": asked, "found": None, "hint": None}
    if asked:
        try:
            context |= await _find(datasette, asked)
        except QueryInterrupted:
            context["hint"] = gettext("That matches too much to rank in a second. Add a word, or put the words in quotation marks.")
    return await show(datasette, request, "search.html", context)


async def _find(datasette: Any, asked: str) -> dict[str, Any]:
    """What was found, read as a query in FTS5's language first, then as plain words."""
    hint, query = None, asked
    try:
        counts = await _counts(datasette, query)
    except sqlite3.OperationalError:
        query, hint = as_words(asked), hint_for(asked)
        if not query:
            return {"hint": gettext("That holds no word: only letters and digits are searched.")}
        counts = await _counts(datasette, query)
    found: dict[str, list[dict[str, Any]]] = {}
    for what in ("articles", "sentences", "quotes"):
        asking: dict[str, Any] = {"query": query, "last": counts[what]["last"], "open": OPEN, "close": CLOSE, "size": SHOWN[what]}
        rows = await queries.rows(datasette, f"search_{what}", **asking) if counts[what]["n"] else []
        found[what] = [{**row, "html": _marked_hits(row["found"])} for row in rows]
    for row in found["articles"]:
        row["headline"] = _marked_hits(row["headline"] or "")
    words = [w.casefold() for w in words_of(asked) if w not in _OPERATORS]
    found["names"] = await queries.rows(datasette, "search_names", words=json.dumps(words), size=SHOWN["names"]) if words else []
    return {
        "found": found,
        "counts": {what: counted["n"] for what, counted in counts.items()},
        "most": RANKED,
        "hint": hint,
        "words": words,
    }


async def _counts(datasette: Any, query: str) -> dict[str, dict[str, int]]:
    whats = ("articles", "sentences", "quotes")
    return {what: (await queries.rows(datasette, f"count_{what}", query=query, most=RANKED))[0] for what in whats}


def words_of(asked: str) -> list[str]:
    """The words of a query.

    >>> words_of('"fuel prices" AND rise*')
    ['fuel', 'prices', 'AND', 'rise']
    """
    return re.findall(r"\w+", asked)


def as_words(asked: str) -> str:
    """A query as FTS5 always understands it: each word for itself, operators and marks left out.

    >>> as_words('fuel AND (prices')
    '"fuel" "prices"'
    """
    return " ".join(f'"{word}"' for word in words_of(asked) if word not in _OPERATORS)


def hint_for(asked: str) -> str:
    """What may be wrong with a query that FTS5 doesn't understand."""
    if asked.count('"') % 2:
        return gettext("A quotation mark is missing its partner, so this was searched as separate words.")
    if asked.count("(") != asked.count(")"):
        return gettext("A bracket is missing its partner, so this was searched as separate words.")
    if words_of(asked) and (words_of(asked)[-1] in _OPERATORS or words_of(asked)[0] in {"AND", "OR", "NOT"}):
        return "AND, OR and NOT stand between two words, so this was searched as separate words."
    if re.search(r"(^|\s)\*|\*\w", asked):
        return gettext("An asterisk goes at the end of a word (protest*), so this was searched as separate words.")
    return gettext('Some signs have a meaning in a search, so this was searched as separate words. Put a phrase in "quotation marks".')


def _marked_hits(snippet: str) -> Markup:
    html = _HIT.sub(r"<mark>\1</mark>", str(escape(snippet)))
    return Markup(html.replace(OPEN, "").replace(CLOSE, ""))
