"""Which address is which page."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import NotFound

from qantar.explorer.pages import (
    article,
    audits,
    changes,
    compared,
    copies,
    documentation,
    downloads,
    edit,
    entity,
    home,
    kept,
    machine,
    one_quote,
    pictures,
    quality,
    quotes,
    raw_text,
    report,
    runs,
    search,
)
from qantar.explorer.translation import gettext


async def nothing() -> Any:
    """Datasette's pages for debugging and logging in: there is nobody to log in, and the machine is nobody's business."""
    raise NotFound(gettext("There is no such page"))


ROUTES = [
    (r"^/$", kept(home.home)),
    (r"^/articles$", kept(article.articles)),
    (r"^/article/(?P<document_id>[^/]+)$", kept(article.article)),
    (r"^/article/(?P<document_id>[^/]+)/raw$", kept(raw_text.raw_text)),
    (r"^/article/(?P<document_id>[^/]+)/beside/(?P<other_id>[^/]+)$", kept(copies.beside)),
    (r"^/doubtful$", kept(copies.doubtful)),
    (r"^/entities$", kept(entity.entities)),
    (r"^/entity/(?P<entity_id>[^/]+)$", kept(entity.entity)),
    (r"^/same$", kept(entity.possible_same)),
    (r"^/quotes$", kept(quotes.quotes)),
    (r"^/quote/(?P<quote_id>[^/]+)$", one_quote.one_quote),
    (r"^/quotes\.csv$", quotes.quotes_csv),
    (r"^/compare$", kept(compared.compare)),
    (r"^/compare\.csv$", compared.compare_csv),
    (r"^/changes$", changes.changes),
    (r"^/changes\.csv$", changes.changes_csv),
    (r"^/utterances$", kept(quotes.utterances)),
    (r"^/utterance/(?P<quote_group_id>[^/]+)$", kept(quotes.utterance)),
    (r"^/search$", kept(search.search)),
    (r"^/pictures$", kept(pictures.pictures)),
    (r"^/pictures/(?P<name>quoted|heat|places|dates)\.(?P<format>json|csv)$", pictures.picture_data),
    (r"^/quality$", kept(quality.quality, reads_history=True)),
    (r"^/report$", report.report),
    (r"^/corrections$", kept(report.corrections)),
    (r"^/runs$", runs.runs),
    (r"^/downloads$", downloads.downloads),
    (r"^/download/(?P<build_id>[^/]+)/(?P<path>.+)$", downloads.download),
    (r"^/docs(?:/(?P<path>.*))?$", documentation.documentation),
    (r"^/static/(?P<path>.+)$", machine.static),
    (r"^/feed\.atom$", machine.feed),
    (r"^/robots\.txt$", machine.robots),
    (r"^/-/health$", runs.health),
    (r"^/-/(?:threads|databases|actor|auth-token|logout|permissions|messages|allow-debug|patterns)(?:\.json)?$", nothing),
]
EDITING = [
    (r"^/audit$", audits.audits),
    (r"^/audit/(?P<name>[^/]+)$", audits.audit),
    (r"^/edit/correct$", edit.correct),
    (r"^/edit/undo$", edit.undo),
    (r"^/edit/restore$", edit.restore),
    (r"^/edit/audit/start$", audits.start),
    (r"^/edit/audit/judge$", audits.judge),
    (r"^/edit/audit/keep$", audits.keep),
    (r"^/edit/audit/correct$", audits.correct_wrong),
]
"""Those that change something, or lead to what does: they are there with `qantar serve --edit` alone."""
