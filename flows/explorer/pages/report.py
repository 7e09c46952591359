"""Reporting an error: a form that works without scripts and gives the line for raw/corrections.csv; and what became of such lines."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from datasette.utils.asgi import NotFound, Response

from qantar.corrections.corrections_file import cells_of, line_of_fix, make_fix
from qantar.corrections.row_anchors import anchor_of, fields_of, stands_now
from qantar.explorer import queries
from qantar.explorer.pages import check_parameters, given_value, one_of, page_of, show
from qantar.schema import TABLES, CorrectedTable
from qantar.settings import QantarError

REPORTED: tuple[CorrectedTable, ...] = ("documents", "blocks", "sentences", "mentions", "quotes", "duplicates", "entities")
NAMES = {
    "documents": "article",
    "blocks": "passage",
    "sentences": "sentence",
    "mentions": "name",
    "quotes": "quote",
    "duplicates": "copy",
    "entities": "entity",
}
QUESTIONS = {
    "delete": "It should not be here at all",
    "entity_id": "Who or what is named",
    "speaker_entity_id": "Who the speaker is, as an entity",
    "segments": "Where the quoted words begin and end",
    "span": "Where the name begins and ends",
    "value": "The day",
    "published_on": "Day of publication",
    "wikidata_id": "Wikidata id",
    "merge": "It is the same as another entity",
    "split": "A spelling belongs to another entity",
    "joined": "It is a copy of another article",
    "apart": "It is no copy of another article",
    "join": "It goes on in the next sentence",
}
"""How the form asks for a field; the others are words already."""
WITHOUT_VALUE = frozenset({"delete", "join"})


async def report(request: Any, datasette: Any) -> Any:
    """The form for one row; asked with a field, the line it gives. Nothing is written: a person puts the line into the file."""
    check_parameters(request, "table", "row", "field", "value", "by", "reason")
    table = one_of(request, "table", REPORTED)
    row_id = given_value(request, "row")
    if table is None and row_id is None:
        return Response.redirect("/corrections")
    if table is None or row_id is None:
        raise NotFound("Say which row is wrong: /report?table=quotes&row=…")
    (key,) = TABLES[table].key
    found = await queries.rows_where(datasette, "row_to_correct", {"table": table, "key": key}, row_id=row_id)
    if not found:
        raise NotFound(f"There is no row {row_id} in {table} of this build")
    field = one_of(request, "field", fields_of(table))
    given = {name: given_value(request, name) or "" for name in ("value", "by", "reason")}
    line, problem = None, None
    if field:
        try:
            line = _line(table, found[0], field, **given)
        except QantarError as error:
            problem = str(error)
    context = {
        "table": table,
        "kind": NAMES[table],
        "row_id": row_id,
        "words": str(found[0].get("text") or found[0].get("name") or found[0].get("title") or row_id)[:600],
        "fields": _choices(table, found[0]),
        "values": {c.name: c.values for c in TABLES[table] if c.values},
        "field": field,
        "given": given,
        "line": line,
        "problem": problem,
        "sent": _addresses(datasette.metadata("errors_to"), f"{NAMES[table]} {row_id}", line) if line else {},
    }
    return await show(datasette, request, "report.html", context)


def _choices(table: str, row: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What may be wrong with a row: field, how it is asked for, and what stands there now. To delete the row comes last."""
    names = sorted(fields_of(table), key=lambda name: name == "delete")
    return [(name, QUESTIONS.get(name, name.capitalize()), stands_now(table, row, name)) for name in names]


def _line(table: str, row: dict[str, Any], field: str, value: str, by: str, reason: str) -> str:
    """The checked line; raises QantarError where it is no correction."""
    if not value and field not in WITHOUT_VALUE and field not in ("speaker", "cue", "title", "author", "outlet", "published_on"):
        raise QantarError("say what is right")
    return line_of_fix(cells_of(make_fix([*anchor_of(table, row, field), field, value, by, "", reason]))).rstrip("\n")


def _addresses(errors_to: str | None, about: str, line: str) -> dict[str, str]:
    """Where the line may be sent: by mail, or as an issue."""
    if not errors_to:
        return {}
    subject, body = f"Correction: {about}", f"A line for raw/corrections.csv:\n\n{line}\n"
    if errors_to.startswith(("https://", "http://")):
        return {"issue": f"{errors_to}{'&' if '?' in errors_to else '?'}{urlencode({'title': subject, 'body': body})}"}
    return {"mail": f"mailto:{quote(errors_to, safe='@')}?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"}


async def corrections(request: Any, datasette: Any) -> Any:
    """Every line of corrections.csv with what became of it, those that were not applied first."""
    check_parameters(request, "page")
    lines, turning = await page_of(datasette, request, "corrections")
    statuses = await queries.rows_of_build(datasette, "correction_statuses")
    return await show(datasette, request, "corrections.html", {**turning, "lines": lines, "statuses": statuses})
