"""The explorer's pages, one module for each: a request and the Datasette of a build in, a response out."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from datasette.utils.asgi import BadRequest, NotFound, Response

from qantar.explorer import queries
from qantar.explorer.editor import COOKIE, cookies_of
from qantar.explorer.headers import is_known
from qantar.explorer.translation import gettext, ngettext

T = TypeVar("T")

PAGE = 50
"""Rows on one page of a list."""
LAST_PAGE = 2000
"""A list can be turned no further: beyond it, the tables and the API serve better."""


def kept(view: Callable[..., Awaitable[Any]], *, reads_history: bool = False) -> Callable[..., Awaitable[Any]]:
    """A page that only the build decides, or it and the history as it is, is made once; the least recently asked for is let go."""

    async def answer(request: Any, datasette: Any) -> Any:
        if datasette.qantar.editor:  # corrections come and go beside the build
            return await view(request, datasette)
        pages, copies = datasette.qantar.pages, datasette.qantar.copies
        address = f"{copies[-1].name if reads_history and copies else ''}{request.path}?{request.query_string}"
        response = pages.get(address)
        await asyncio.sleep(0)  # what is kept waits for nothing: a reader who asks on and on would hold the others
        if response is None:
            response = await view(request, datasette)
            response.headers["ETag"] = f'W/"{hashlib.sha256(response.body.encode()).hexdigest()[:24]}"'
            response.headers["Cache-Control"] = "no-cache"  # may be kept, but is asked for again: builds change
            pages.keep(address, response)
        if is_known(request, response.headers["ETag"]):
            return Response("", status=304, headers=response.headers)
        return Response.html(response.body, headers=dict(response.headers))

    return answer


async def show(datasette: Any, request: Any, template: str, context: dict[str, Any], status: int = 200) -> Any:
    """A page made from its template; where changes may be made by the browser, with what its forms need."""
    editor, cookie, is_new = datasette.qantar.editor, "", False
    if editor:
        cookie = cookies_of(request).get(COOKIE, "")
        is_new = not cookie
        cookie = cookie or secrets.token_urlsafe(24)
        context = context | {"token": editor.token(cookie), "build_command": editor.build_command}
    waiting = await in_thread(editor.waiting, datasette.qantar.folder) if editor else {}
    context = context | {"waiting_of": lambda table, row_id: waiting.get((table, row_id), ())}
    html = await datasette.render_template(template, context, request=request, view_name=template.removesuffix(".html"))
    response = Response.html(html, status=status)
    if editor:
        response.headers["Cache-Control"] = "no-store"
        if is_new:
            response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=editor.is_secure)
    return response


async def in_thread(function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """What may wait for a file, without keeping other readers waiting."""
    return await asyncio.to_thread(function, *arguments, **named)


def check_parameters(request: Any, *known: str) -> None:
    """Raise BadRequest, naming what is known, where the address has a parameter that the page does not have, or one of them twice."""
    arguments = request.args
    unknown = [name for name in arguments if name not in known]
    if unknown:
        names = ", ".join(unknown)
        told = ngettext("unknown parameter %(names)s", "unknown parameters %(names)s", len(unknown), names=names)
        there_is = gettext("known here: %(names)s", names=", ".join(known)) if known else gettext("this page has none")
        raise BadRequest(f"{told}; {there_is}")
    for name in known:
        if len(arguments.getlist(name)) > 1:
            raise BadRequest(gettext("%(name)s is given more than once", name=name))


def given_value(request: Any, name: str) -> str | None:
    """An argument of the address; None where there is none, or an empty one, as a form sends it."""
    return (request.args.get(name) or "").strip() or None


def page_number(request: Any) -> int:
    """The `page` of an address, from 1; raises NotFound where it is not a number or out of bounds."""
    given = request.args.get("page") or "1"
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= LAST_PAGE:
        raise NotFound(gettext("There is no such page"))
    return int(given)


async def page_of(
    datasette: Any, request: Any, query: str, size: int = PAGE, number: int | None = None, **parameters: Any
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of a query on one page, the asked one unless `number` is given, and what a template needs to turn it: `number`, `more`.

    Raises NotFound beyond the last page.
    """
    number = number or page_number(request)
    found = await queries.rows(datasette, query, size=size + 1, skipped=(number - 1) * size, **parameters)
    if not found and number > 1:
        raise NotFound(gettext("There is no such page"))
    return found[:size], {"number": number, "more": len(found) > size}


def one_of(request: Any, name: str, values: Any) -> str | None:
    """An argument of the address that must be one of `values`; none, or an empty one, is None."""
    given = request.args.get(name) or None
    if given is not None and given not in values:
        raise NotFound(gettext("There is no %(name)s “%(given)s”", name=name, given=given))
    return given
