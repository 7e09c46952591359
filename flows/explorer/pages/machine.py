"""Pages for machines: robots, the feed of builds, static files."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from datasette.utils.asgi import NotFound, Response

from qantar.explorer import queries
from qantar.explorer.headers import is_known
from qantar.explorer.pages.downloads import origin
from qantar.explorer.translation import gettext

STATIC = Path(__file__).parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}


async def robots() -> Any:
    """Readers' pages may be indexed; queries, tables and search would only waste the time of both sides."""
    closed = ("/qantar/", "/history/", "/search", "/report", "/download/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Allow: /"]
    return Response.text("\n".join(lines) + "\n")


async def feed(request: Any, datasette: Any) -> Any:
    """Builds as an Atom feed, the newest first."""
    runs = (
        await queries.rows(datasette, "runs", database="history", size=50, skipped=0, outcome="published")
        if queries.has_history(datasette)
        else []
    )
    context = {
        "builds": runs,
        "origin": origin(request),
        "title": datasette.metadata("title"),
    }
    xml = await datasette.render_template("feed.xml", context, request=request)
    return Response(xml, content_type="application/atom+xml; charset=utf-8")


async def static(request: Any) -> Any:
    """A file of ours; where its address carries its digest, it may be kept permanently."""
    name = request.url_vars["path"]
    if name not in _static_files():
        raise NotFound(gettext("There is no such file"))
    content, digest = _static_files()[name]
    kept = "public, max-age=31536000, immutable" if request.args.get("v") == digest else "no-cache"
    headers = {"Cache-Control": kept, "ETag": f'"{digest}"'}
    if is_known(request, headers["ETag"]):
        return Response("", status=304, headers=headers)
    return Response(content, headers=headers, content_type=TYPES.get(Path(name).suffix, "application/octet-stream"))


def static_url(name: str) -> str:
    """The address of a static file, with its digest."""
    return f"/static/{name}?v={_static_files()[name][1]}"


@cache
def _static_files() -> dict[str, tuple[bytes, str]]:
    found = {}
    for path in sorted(p for p in STATIC.rglob("*") if p.is_file()):
        content = path.read_bytes()
        found[path.relative_to(STATIC).as_posix()] = (content, hashlib.sha256(content).hexdigest()[:10])
    return found
