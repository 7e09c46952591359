"""The explorer as a Datasette plugin: its pages, the look of Datasette's own, and the guard around both."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from datasette.database import QueryInterrupted
from datasette.utils import to_css_class
from datasette.utils.asgi import Response
from datasette.views.base import DatasetteError
from markupsafe import Markup, escape
from pluggy import HookimplMarker

from qantar.explorer.editor import EDITS
from qantar.explorer.headers import guarded
from qantar.explorer.kept_answers import App
from qantar.explorer.limits import limit_connection
from qantar.explorer.pages.article import article_place
from qantar.explorer.pages.documentation import documentation_folder
from qantar.explorer.pages.machine import static_url
from qantar.explorer.queries import has_history
from qantar.explorer.routes import EDITING, ROUTES
from qantar.explorer.translation import Catalogue, gettext, install_translation, spoken, word
from qantar.explorer.wording import (
    BASES,
    CHANGES,
    GOLDS,
    KINDS,
    KINDS_OF_SPEAKER,
    LABELS,
    LAYERS,
    LINKS,
    METRIC_NAMES,
    METRICS,
    ORDERS,
    ROWS,
    SOURCES,
    TOO_LONG,
    counted,
    label_class,
    named,
    score_in_words,
    score_level,
    thousands,
    translated,
)
from qantar.publish.datasette_metadata import table_title
from qantar.schema import SHA256, TABLES

log = logging.getLogger("qantar.serve")
hookimpl = HookimplMarker("datasette")

PAGES = {
    "document_id": "article",
    "canonical_id": "article",
    "entity_id": "entity",
    "speaker_entity_id": "entity",
    "quote_group_id": "utterance",
    "quote_id": "quote",
    "parent_quote_id": "quote",
}
"""Columns of ids whose rows have a page of their own."""
SENTENCES = {"sentence_id": "sentences", "block_id": "blocks"}
"""Columns of ids that stand for whole sentences."""
LONGEST_LABEL = 70
"""Characters of a label that are shown: a whole quote in a cell would make its row as high as the screen."""
TECHNICAL = {c.name for t in TABLES.values() for c in t if c.pattern == SHA256.pattern or re.fullmatch(r"(.+_)?(start|end)", c.name)} | {
    "segments",
    "language_score",
    "latitude",
    "longitude",
    "source_record",
    "format",
}
"""Columns that programs need more than readers do."""
TELLING = {"rejected": ("source_record",)}
"""Of these, by table, those that are shown all the same: a reader tells the rows of one file apart by them."""
TABLES_OF_WORDS: dict[str, dict[Any, str]] = {
    "LABELS": LABELS,
    "KINDS": KINDS,
    "BASES": BASES,
    "ORDERS": ORDERS,
    "SOURCES": SOURCES,
    "LINKS": LINKS,
    "LAYERS": LAYERS,
    "METRICS": METRICS,
    "METRIC_NAMES": METRIC_NAMES,
    "GOLDS": GOLDS,
    "CHANGES": CHANGES,
    "KINDS_OF_SPEAKER": KINDS_OF_SPEAKER,
}
"""Tables that every template is given, in the language that is spoken."""


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """Datasette's hook: the explorer's pages."""
    return [*ROUTES, *EDITING] if _is_edited(datasette) else ROUTES


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Datasette's hook: refuse requests that would change something or cost too much."""

    def wrap(app: App) -> App:
        if _is_edited(datasette):
            return guarded(app, frozenset(EDITS))
        published = getattr(datasette, "qantar", None)
        return guarded(app, pages=published.pages if published else None)

    return wrap


@hookimpl
def skip_csrf(datasette: Any, scope: Any) -> bool:
    """Datasette's hook: forms are checked by the editor, more strictly."""
    return _is_edited(datasette) and scope["path"] in EDITS


def _is_edited(datasette: Any) -> bool:
    """Whether changes may be made; Datasette asks once before it knows of any build, for a client of its own."""
    return hasattr(datasette, "qantar") and datasette.qantar.editor is not None


@hookimpl
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    """Connections of the explorer's readers are limited; Datasette's own catalogue is not theirs."""
    if hasattr(datasette, "qantar") and database != "_internal" and database in datasette.databases:
        limit_connection(conn, datasette.qantar.longest_article)


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Datasette's hook: the filters that the templates use, and their words in the reader's language."""
    install_translation(env)
    env.filters["label_class"] = label_class
    env.filters["thousands"] = thousands
    env.filters["counted"] = counted
    env.filters["named"] = named
    env.filters["in_words"] = score_in_words
    env.filters["level"] = score_level
    env.filters["percent"] = lambda share: "–" if share is None else f"{100 * share:.1f}"
    env.filters["bytes"] = as_bytes
    env.filters["day"] = lambda moment: (moment or "")[:10]
    env.filters["moment"] = lambda moment: (moment or "")[:16].replace("T", " ")
    env.filters["table_title"] = lambda name: word(table_title(name))
    env.filters["word"] = lambda text: word(text) if isinstance(text, str) else text
    env.filters["code"] = with_code
    env.filters["row_limit"] = row_limit
    env.filters["web_address"] = lambda url: url if url.startswith(("https://", "http://")) else "#"
    env.filters["cells"] = cells
    env.tests["technical"] = lambda column, shown=frozenset(): column in TECHNICAL and column not in shown
    env.globals["columns_shown"] = columns_shown
    env.globals["article_place"] = article_place
    env.globals |= {"query_with": query_with, "sure": sure, "sure_of_speaker": sure_of_speaker, "kind_of": kind_of}
    env.trim_blocks = env.lstrip_blocks = True


@hookimpl
def extra_template_vars(datasette: Any) -> dict[str, Any]:
    """Datasette's hook: what every template is given."""
    return {
        "static_url": static_url,
        "language": spoken().language,
        "site": datasette.metadata("title"),
        "site_metadata": datasette.metadata(),
        "build_id": datasette.qantar.build_id,
        "has_history": has_history(datasette),
        "has_documentation": documentation_folder() is not None,
        "REPORTED": tuple(ROWS),
        "editing": datasette.qantar.editor is not None,
        **_tables_of_words(spoken()),
    }


@cache
def _tables_of_words(_catalogue: Catalogue) -> dict[str, dict[Any, str]]:
    return {name: translated(table) for name, table in TABLES_OF_WORDS.items()}


@hookimpl
def render_cell(value: Any, column: str, database: str) -> Markup | None:
    """Ids of articles, entities and utterances lead to their pages, under the label of what they refer to."""
    page = PAGES.get(column)
    is_row = column in SENTENCES and isinstance(value, dict)
    if not (page or is_row) or database != "qantar":
        return None
    label, key = (value["label"], value["value"]) if isinstance(value, dict) else (value, value)
    if not isinstance(key, str):
        return None
    label = label or key
    short = escape(label if len(label) <= LONGEST_LABEL else f"{label[:LONGEST_LABEL]}…")
    if is_row:
        return Markup(f'<a href="/qantar/{SENTENCES[column]}/{quote(key, safe="")}" title="{escape(key)}"><bdi>{short}</bdi></a>')
    return Markup(f'<a href="/{page}/{quote(key, safe="")}"><bdi>{short}</bdi></a>')


def columns_shown(table: str, rows: Sequence[Iterable[Any]]) -> frozenset[str]:
    """Those of TELLING that a table shows: any of its rows has a value there."""
    told = TELLING.get(table, ())
    return frozenset(column for column in told if any(cell["column"] == column and cell["raw"] for row in rows for cell in row))


def cells(row: Iterable[Any], shown: frozenset[str] = frozenset()) -> Markup:
    """The cells of a row of a table page: up to 1,500 a page, for which a loop in the template takes twice the time."""
    return Markup("".join(f"{_opening(cell['column'], cell['value_type'], shown)}{escape(cell['value'])}</td>" for cell in row))


@cache
def _opening(column: str, value_type: str, shown: frozenset[str]) -> str:
    technical = "technical " if column in TECHNICAL and column not in shown else ""
    return f'<td class="{technical}col-{to_css_class(column)} type-{value_type}" data-column="{escape(column)}">'


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """An error as a page of ours (or as JSON, where data was asked for), without what the machine thinks of it."""

    async def answer() -> Any:
        status = getattr(exception, "status", 500)
        if status == 500 and isinstance(exception, DatasetteError):
            status = 400  # Datasette's word for what the address asks wrongly, such as a sort by a column that isn't there
        if isinstance(exception, QueryInterrupted):
            status = 400
        if status >= 500:
            log.error("%s", request.path, exc_info=exception)
        message = str(getattr(exception, "message", None) or (exception.args[0] if status < 500 and exception.args else "")) or (
            gettext("Something went wrong on our side.") if status >= 500 else gettext("There is no such page.")
        )
        if isinstance(exception, QueryInterrupted):
            message = word(TOO_LONG)
        if status == 404 and message in ("Database not found", "Table not found"):
            message = gettext("There is no such page.")
        title = getattr(exception, "title", None)
        headers = {"Access-Control-Allow-Origin": "*"} if datasette.cors else {}
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": message, "status": status, "title": title}, status=status, headers=headers)
        html = await datasette.render_template("error.html", {"status": status, "title": title, "error": message}, request=request)
        return Response.html(html, status=status, headers=headers)

    return answer()


def sure(score: float) -> Markup:
    """How likely a quote is right, in words; in a function, since a page of quotes shows it a hundred times."""
    return _sure(spoken(), score, False)


def sure_of_speaker(score: float) -> Markup:
    """How likely the speaker of a quote is right."""
    return _sure(spoken(), score, True)


@lru_cache(1_000)
def _sure(_catalogue: Catalogue, score: float, of_speaker: bool) -> Markup:
    values = {"score": f"{score:.2f}", "n": round(100 * score)}
    if of_speaker:
        title = gettext("Score %(score)s: about %(n)s in 100 such speakers are right", **values)
    else:
        title = gettext("Score %(score)s: about %(n)s in 100 such quotes are right", **values)
    shown = Markup('<span class="sure sure-{}" title="{}">{}</span>')
    return shown.format(score_level(score), title, score_in_words(score))


def kind_of(kind: str) -> Markup:
    """A kind of quote, with what it means."""
    return _kind_of(spoken(), kind)


@cache
def _kind_of(_catalogue: Catalogue, kind: str) -> Markup:
    return Markup('<span class="kind" title="{}">{}</span>').format(word(KINDS[kind]), named(kind))


def query_with(request: Any, **changed: Any) -> str:
    """The arguments of the address with some changed, or removed where None."""
    arguments = request.args  # parsed again each time it is asked for
    given = {key: arguments.get(key) for key in arguments} | changed
    return urlencode({key: value for key, value in given.items() if value is not None})


def with_code(text: str) -> Markup:
    """A description with what stands between backticks as code.

    >>> with_code("in `documents`")
    Markup('in <code>documents</code>')
    """
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(word(text)))))


def row_limit(sql: str) -> int | None:
    """How many rows a statement asks for at most, where its last line says so.

    >>> row_limit("select 1\\nlimit 500"), row_limit("select 1")
    (500, None)
    """
    found = re.search(r"\blimit\s+(\d+)\s*;?\s*$", sql, re.IGNORECASE)
    return int(found[1]) if found else None


def as_bytes(n: int) -> str:
    """A size for people.

    >>> as_bytes(1536)
    '1.5 kB'
    """
    size, unit = float(n), "B"
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
