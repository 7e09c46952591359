"""Which address is which page."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import NotFound

from flows.explorer.pages import article, downloads, entity, home, machine, quality, quotes, search


async def nothing() -> Any:
    """Datasette's pages for debugging and logging in: there is nobody to log in, and the machine is nobody's business."""
    raise NotFound("There is no such page")


ROUTES = [
    (r"^/$", home.home),
    (r"^/articles$", article.articles),
    (r"^/article/(?P<document_id>[^/]+)$", article.article),
    (r"^/entities$", entity.entities),
    (r"^/entity/(?P<entity_id>[^/]+)$", entity.entity),
    (r"^/quotes$", quotes.quotes),
    (r"^/utterances$", quotes.utterances),
    (r"^/utterance/(?P<quote_group_id>[^/]+)$", quotes.utterance),
    (r"^/search$", search.search),
    (r"^/quality$", quality.quality),
    (r"^/downloads$", downloads.downloads),
    (r"^/download/(?P<build_id>[^/]+)/(?P<path>.+)$", downloads.download),
    (r"^/static/(?P<path>.+)$", machine.static),
    (r"^/feed\.atom$", machine.feed),
    (r"^/robots\.txt$", machine.robots),
    (r"^/-/health$", machine.health),
    (r"^/-/(?:threads|databases|actor|auth-token|logout|permissions|messages|allow-debug|patterns)(?:\.json)?$", nothing),
]
