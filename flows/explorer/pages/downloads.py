"""Every file of the build, with its size, rows and checksum; ranges and resumed downloads; how to use them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from datasette.utils.asgi import NotFound, Response

from qantar.explorer.examples import examples
from qantar.explorer.headers import is_known
from qantar.explorer.pages import check_parameters, show
from qantar.explorer.translation import gettext
from qantar.explorer.wording import FILES, translated
from qantar.schema import TABLES


async def downloads(request: Any, datasette: Any) -> Any:
    """The files of the build, with sizes and checksums."""
    check_parameters(request)
    published = datasette.qantar
    counts = await datasette.get_database("qantar").table_counts()
    order: dict[str | None, int] = {name: n for n, name in enumerate(TABLES)}
    parts = sorted((f for f in published.files.values() if f.table), key=lambda f: (order.get(f.table, len(order)), f.path))
    tables = [
        {"name": name, "table": TABLES.get(name), "n_rows": counts.get(name), "files": list(files)}
        for name, files in groupby(parts, key=lambda f: f.table)
    ]
    others = [f for f in published.files.values() if not f.table]
    n_parts = sum(f.table == "documents" and f.path.startswith("data/") for f in parts)
    context = {
        "tables": tables,
        "others": others,
        "all_files": list(published.files.values()),
        "FILES": translated(FILES),
        "examples": examples(origin(request), published.build_id, n_parts),
    }
    return await show(datasette, request, "downloads.html", context)


async def download(request: Any, datasette: Any, scope: Any, receive: Any, send: Any) -> Any:
    """One file. Its address names the build, and its ETag is its SHA-256, so a resumed download can't mix two builds."""
    from starlette.responses import FileResponse

    build_id, path = request.url_vars["build_id"], request.url_vars["path"]
    latest = datasette.qantar
    if build_id == "latest" and path in latest.files:
        return Response.redirect(f"/download/{latest.build_id}/{path}", status=302, headers={"Cache-Control": "no-cache"})
    published = latest.kept(build_id)
    file = published.files.get(path) if published else None
    if file is None:
        raise NotFound(gettext("There is no file %(path)s in build %(build)s; see /downloads for what there is", path=path, build=build_id))
    headers = {
        "etag": f'"{file.sha256}"' if file.sha256 else f'"{build_id}"',
        "cache-control": "public, max-age=31536000, immutable" if file.sha256 else "no-cache",
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "ETag, Content-Length, Content-Range",
        "x-content-sha256": file.sha256 or "",
    }
    if is_known(request, headers["etag"]):
        return Response("", status=304, headers=headers)
    shown = file.media_type.startswith(("text/", "application/json", "application/yaml"))
    name = None if shown else f"{build_id}-{path.replace('/', '-')}"
    where = published.folder / path
    try:
        await FileResponse(where, headers=headers, media_type=file.media_type, filename=name)(scope, receive, send)
    except RuntimeError as error:  # raised before anything is sent, where the file is gone
        if where.exists():
            raise
        raise NotFound(gettext("Build %(build)s was removed; see /downloads for what there is", build=build_id)) from error
    return None


def origin(request: Any) -> str:
    """Scheme and host of the address the reader used."""
    return f"{request.scheme}://{request.host}"
