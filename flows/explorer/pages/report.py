"""Reporting an error: a form that works without scripts and gives the line for raw/corrections.csv; and what became of such lines."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from datasette.utils.asgi import NotFound, Response

from qantar.corrections.corrections_file import cells_of, line_of_fix, make_fix
from qantar.corrections.fixes import Fix
from qantar.corrections.plain_values import ENTITY_FIELDS
from qantar.corrections.row_anchors import anchor_of, fields_of, stands_now
from qantar.explorer import queries
from qantar.explorer.editor import NAME_COOKIE, cookies_of
from qantar.explorer.pages import check_parameters, given_value, in_thread, one_of, page_of, show
from qantar.explorer.translation import gettext, word
from qantar.explorer.wording import FIELDS, ROWS, translated
from qantar.publish.row_corrections import value_of
from qantar.schema import TABLES
from qantar.settings import QantarError

REPORTED = tuple(ROWS)
_OF_ENTITIES = frozenset(field for _, field in ENTITY_FIELDS)
WITHOUT_VALUE = frozenset({"delete", "join", "complete"})


async def report(request: Any, datasette: Any) -> Any:
    """The form for one row; asked with a field, the line it gives. Nothing is written: a person puts the line into the file.

    Where corrections may be made by the browser, the form is sent to `/edit/correct` instead.
    """
    check_parameters(request, "table", "row", "field", "value", "by", "reason", "saved")
    table = one_of(request, "table", REPORTED)
    row_id = given_value(request, "row")
    if table is None and row_id is None:
        return Response.redirect("/corrections")
    if table is None or row_id is None:
        raise NotFound(gettext("Say which row is wrong: /report?table=quotes&row=…"))
    row = await row_to_correct(datasette, table, row_id)
    field = one_of(request, "field", fields_of(table))
    given = {name: given_value(request, name) or "" for name in ("value", "by", "reason")}
    line, problem = None, None
    if field:
        try:
            line = line_of_fix(cells_of(await fix_of_row(datasette, table, row, field, **given))).rstrip("\n")
        except QantarError as error:
            problem = str(error)
    return await show_form(request, datasette, table, row, field, given, line=line, problem=problem)


async def row_to_correct(datasette: Any, table: str, row_id: str) -> dict[str, Any]:
    """A row of the build; raises NotFound where it has none of this id."""
    (key,) = TABLES[table].key
    found = await queries.rows_where(datasette, "row_to_correct", {"table": table, "key": key}, row_id=row_id)
    if not found:
        raise NotFound(gettext("There is no row %(id)s in %(table)s of this build", id=row_id, table=table))
    return found[0]


async def show_form(
    request: Any,
    datasette: Any,
    table: str,
    row: dict[str, Any],
    field: str | None,
    given: dict[str, str],
    *,
    line: str | None = None,
    problem: str | None = None,
) -> Any:
    """The form for one row, filled in as given, with the line it makes or why it makes none."""
    (row_id,) = (row[key] for key in TABLES[table].key)
    editor = datasette.qantar.editor
    context = {
        "table": table,
        "kind": word(ROWS[table]),
        "row_id": row_id,
        "words": str(row.get("text") or row.get("name") or row.get("title") or row_id)[:600],
        "fields": _choices(table, row),
        "values": {c.name: c.values for c in TABLES[table] if c.values},
        "field": field,
        "given": given if given["by"] or not editor else given | {"by": cookies_of(request).get(NAME_COOKIE, "")},
        "line": line,
        "problem": problem,
        "sent": _addresses(datasette.metadata("errors_to"), f"{ROWS[table]} {row_id}", line) if line else {},
        "waiting": (await in_thread(editor.waiting, datasette.qantar.folder)).get((table, row_id), []) if editor else [],
        "saved": request.method == "GET" and given_value(request, "saved"),
        "document_id": row.get("document_id"),
        "asks_entity": not _OF_ENTITIES.isdisjoint(fields_of(table)),
    }
    return await show(datasette, request, "report.html", context, status=400 if problem and request.method == "POST" else 200)


def _choices(table: str, row: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What may be wrong with a row: field, how it is asked for, and what stands there now. To delete the row comes last."""
    names = sorted(fields_of(table), key=lambda name: name == "delete")
    return [(name, word(FIELDS[name]), stands_now(table, row, name)) for name in names]


async def fix_of_row(datasette: Any, table: str, row: dict[str, Any], field: str, value: str, by: str, reason: str, on: str = "") -> Fix:
    """The correction of a row; raises QantarError where it is none."""
    if not value and field not in WITHOUT_VALUE and field not in ("speaker", "cue", "title", "author", "outlet", "published_on"):
        raise QantarError(gettext("say what is right"))
    value = await in_thread(value_of, datasette.qantar.folder, table, row, field, value)
    return make_fix([*anchor_of(table, row, field), field, value, by, on, reason])


def _addresses(errors_to: str | None, about: str, line: str) -> dict[str, str]:
    """Where the line may be sent: by mail, or as an issue."""
    if not errors_to:
        return {}
    subject, body = f"Correction: {about}", f"A line for raw/corrections.csv:\n\n{line}\n"
    if errors_to.startswith(("https://", "http://")):
        return {"issue": f"{errors_to}{'&' if '?' in errors_to else '?'}{urlencode({'title': subject, 'body': body})}"}
    return {"mail": f"mailto:{quote(errors_to, safe='@')}?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"}


async def corrections(request: Any, datasette: Any) -> Any:
    """Every line of corrections.csv with what became of it, those that were not applied first.

    Where corrections may be made by the browser, those that wait for the next build stand above them.
    """
    check_parameters(request, "page")
    lines, turning = await page_of(datasette, request, "corrections")
    statuses = await queries.rows_of_build(datasette, "correction_statuses")
    published = datasette.qantar
    editor = published.editor
    listed = await in_thread(editor.lines, published.folder) if editor else []
    context = {
        **turning,
        "names": translated(ROWS),
        "lines": lines,
        "statuses": statuses,
        "waiting": [line for line in listed if line.is_waiting],
        "in_file": {line.fix.id for line in listed if line.in_file},
        "refused": (await in_thread(editor.read)).rejected if editor else [],
    }
    return await show(datasette, request, "corrections.html", context)
