"""Copies: two articles beside each other, the pairs that are most doubtful, and what changed from version to version."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from datasette.utils.asgi import NotFound

from qantar.explorer import queries
from qantar.explorer.aligned import aligned, changes
from qantar.explorer.pages import check_parameters, page_of, show
from qantar.explorer.translation import gettext

PAIRS = 10
"""Pairs on a page."""
LONGEST = 30_000
"""Characters compared of two articles,"""
LONGEST_OF_PAIRS = 6_000
"""of each on a page of pairs,"""
LONGEST_OF_VERSIONS = 20_000
"""and of each version on the page of an article."""
VERSIONS, CHANGES = 20, 40
"""Versions on the page of an article, and changes of each."""
SIDES = ("document_id", "title", "beginning", "outlet", "published_on", "n_characters", "text")
Row = dict[str, Any]


async def beside(request: Any, datasette: Any) -> Any:
    """Any two articles, paragraph by paragraph."""
    check_parameters(request)
    ids = [request.url_vars[name] for name in ("document_id", "other_id")]
    found = await queries.rows(datasette, "two_articles", one=ids[0], other=ids[1], longest=LONGEST)
    by_id = {row["document_id"]: row for row in found}
    for document_id in ids:
        if document_id not in by_id:
            raise NotFound(gettext("There is no article %(id)s in this build", id=document_id))
    pair = _pair([by_id[document_id] for document_id in ids], LONGEST)
    return await show(datasette, request, "beside.html", {"pair": pair, "longest": LONGEST})


async def doubtful(request: Any, datasette: Any) -> Any:
    """Pairs that could as well be copies as two articles of one frame, most doubtful first."""
    check_parameters(request, "page")
    found, turning = await page_of(datasette, request, "doubtful_pairs", PAIRS, longest=LONGEST_OF_PAIRS)
    pairs = []
    for row in found:
        other = {name: row["other_id" if name == "document_id" else f"other_{name}"] for name in SIDES}
        pairs.append({**_pair([row, other], LONGEST_OF_PAIRS), **{name: row[name] for name in ("margin", "relation", "similarity")}})
    return await show(datasette, request, "doubtful.html", {**turning, "pairs": pairs, "longest": LONGEST_OF_PAIRS})


async def versions_of(datasette: Any, canonical_id: str) -> list[Row]:
    """The versions of an article in the order of time, each with what changed since the one before; nothing where there is one."""
    found = await queries.rows(datasette, "article_versions", canonical_id=canonical_id, longest=LONGEST_OF_VERSIONS, size=VERSIONS)
    if len(found) < 2:
        return []
    changed: list[Row] = [{"before": None, "n_changes": 0, "changes": []}]
    for before, version in pairwise(found):
        some = _changes(before, version)
        changed.append({"before": before["document_id"], "n_changes": len(some), "changes": some[:CHANGES]})
    return [{**version, **what, "cut": version["n_characters"] > LONGEST_OF_VERSIONS} for version, what in zip(found, changed, strict=True)]


def _changes(before: Row, version: Row) -> list[Row]:
    """What changed from one version to the next: in the title, which may stand in the text or not, then in the rest."""
    titles = changes(before["title"] or "", version["title"] or "")
    texts = changes(_untitled(before), _untitled(version))
    return [{**change._asdict(), "in_title": in_title} for in_title, some in ((True, titles), (False, texts)) for change in some]


def _untitled(row: Row) -> str:
    """The text without the title that it begins with."""
    return str(row["text"]).removeprefix(row["title"] or "")


def _pair(sides: list[Row], longest: int) -> Row:
    cut = any(side["n_characters"] > longest for side in sides)
    return {"sides": sides, "rows": aligned(sides[0]["text"], sides[1]["text"]), "cut": cut}
