"""Pages for machines: health, robots, the feed of builds, static files."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from datasette.utils.asgi import NotFound, Response

from flows.explorer import queries
from flows.explorer.pages.downloads import origin
from flows.explorer.pages.home import when_published

STATIC = Path(__file__).parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}


async def health(request: Any, datasette: Any) -> Any:
    """What is served and since when; `problem` says why a newer build is not."""
    published = datasette.qantar
    row = (await queries.rows_of_build(datasette, "build"))[0]
    run = await when_published(datasette)
    finished = datetime.fromisoformat(run["finished"]).timestamp() if run else (published.folder / "qantar.db").stat().st_mtime
    problem = published.switch.problem if published.switch else None
    body = {
        "ok": True,
        "build_id": row["build_id"] if row else None,
        "built": datetime.fromtimestamp(finished, UTC).isoformat(timespec="seconds"),
        "age_seconds": max(0, round(time.time() - finished)),
        "n_documents": row["n_documents"] if row else None,
        "problem": problem,
    }
    return Response.json(body, headers={"Cache-Control": "no-store"})


async def robots() -> Any:
    """Readers' pages may be indexed; queries, tables and search would only waste the time of both sides."""
    lines = ["User-agent: *", "Disallow: /qantar/", "Disallow: /history/", "Disallow: /search", "Disallow: /download/", "Allow: /"]
    return Response.text("\n".join(lines) + "\n")


async def feed(request: Any, datasette: Any) -> Any:
    """Builds as an Atom feed, the newest first."""
    runs = await queries.rows(datasette, "runs", database="history", size=50) if queries.has_history(datasette) else []
    context = {
        "builds": [run for run in runs if run["outcome"] == "published"],
        "origin": origin(request),
        "title": datasette.metadata("title"),
    }
    xml = await datasette.render_template("feed.xml", context, request=request)
    return Response(xml, content_type="application/atom+xml; charset=utf-8")


async def static(request: Any) -> Any:
    """A file of ours; where its address carries its digest, it may be kept for good."""
    name = request.url_vars["path"]
    if name not in _static_files():
        raise NotFound("There is no such file")
    content, digest = _static_files()[name]
    kept = "public, max-age=31536000, immutable" if request.args.get("v") == digest else "no-cache"
    headers = {"Cache-Control": kept, "ETag": f'"{digest}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
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
