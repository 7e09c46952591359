"""Changes by the browser, where `qantar serve --edit` allows them: forms that are checked, written and answered with a page to see."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import BadRequest, Forbidden, NotFound, Response

from qantar.corrections.row_anchors import fields_of
from qantar.explorer.editor import NAME_COOKIE, today
from qantar.explorer.pages import in_thread
from qantar.explorer.pages.report import REPORTED, fix_of_row, row_to_correct, show_form
from qantar.explorer.translation import gettext
from qantar.settings import QantarError

MOST_FIELDS = 50


async def form_of(request: Any, datasette: Any) -> dict[str, str]:
    """The fields of a form that this server gave to this browser.

    Raises NotFound where nothing may be changed or no form was sent, and Forbidden where it comes from elsewhere.
    """
    editor = datasette.qantar.editor
    if editor is None or request.method != "POST":
        raise NotFound(gettext("There is no such page"))
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise BadRequest(gettext("Send a form"))
    body = await request.post_body()
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise BadRequest(gettext("The form cannot be read")) from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise BadRequest(gettext("The form has a field twice"))
    if trouble := editor.trouble(request, form.pop("token", "")):
        raise Forbidden(trouble)
    return {name: value.replace("\r\n", "\n").strip() for name, value in form.items()}


async def correct(request: Any, datasette: Any) -> Any:
    """Write a correction of one row into the file."""
    form = await form_of(request, datasette)
    table, row_id, field = (form.get(name, "") for name in ("table", "row", "field"))
    if table not in REPORTED:
        raise NotFound(gettext("There is no table “%(table)s” to correct", table=table))
    row = await row_to_correct(datasette, table, row_id)
    given = {name: form.get(name, "") for name in ("value", "by", "reason")}
    try:
        if field not in fields_of(table):
            raise QantarError(gettext("say what is wrong"))
        fix = await fix_of_row(datasette, table, row, field, **given, on=today())
        published = datasette.qantar
        await in_thread(published.editor.correct, published.folder, table, row_id, fix)
    except QantarError as error:
        return await show_form(request, datasette, table, row, field, given, problem=str(error))
    response = back_to(table, row_id, "saved")
    response.set_cookie(NAME_COOKIE, given["by"][:200], httponly=True, samesite="strict", secure=published.editor.is_secure)
    return response


async def undo(request: Any, datasette: Any) -> Any:
    """Take a line out of the file."""
    form = await form_of(request, datasette)
    try:
        _, gone = await in_thread(datasette.qantar.editor.change, removing={form.get("id", "")})
    except QantarError as error:
        raise BadRequest(str(error)) from error
    if not gone:
        raise NotFound(gettext("There is no such line in raw/corrections.csv; it may have been taken out already"))
    return back_to(form.get("table", ""), form.get("row", ""), "undone")


async def restore(request: Any, datasette: Any) -> Any:
    """Put a line back that was taken out."""
    form = await form_of(request, datasette)
    try:
        await in_thread(datasette.qantar.editor.restore, form.get("id", ""))
    except QantarError as error:
        raise BadRequest(str(error)) from error
    return back_to(form.get("table", ""), form.get("row", ""), "saved")


def back_to(table: str, row_id: str, done: str) -> Any:
    """The page to see after a change: that of the row, or all corrections."""
    if table not in REPORTED or not row_id:
        return Response.redirect("/corrections", status=303)
    return Response.redirect(f"/report?{urlencode({'table': table, 'row': row_id, 'saved': done})}", status=303)
