"""The documentation under /docs, where `make docs` built it beside this package's checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.utils.asgi import NotFound, Response

from qantar.explorer.headers import is_known
from qantar.explorer.pages.machine import TYPES
from qantar.explorer.translation import gettext

CHECKOUT = Path(__file__).parents[3]
"""The checkout that an editable install runs from; of a wheel, a folder without mkdocs.yml."""
PAGE_TYPES = {**TYPES, ".html": "text/html; charset=utf-8", ".xml": "application/xml", ".png": "image/png", ".webp": "image/webp"}


def documentation_folder() -> Path | None:
    """The folder of the built pages, if there is one."""
    folder = CHECKOUT / "site"
    return folder if (CHECKOUT / "mkdocs.yml").is_file() and (folder / "index.html").is_file() else None


async def documentation(request: Any) -> Any:
    """A page or file of the documentation.

    Raises NotFound where none was built, or where there is no such file in it.
    """
    folder = documentation_folder()
    if folder is None:
        raise NotFound(gettext("The documentation was not built here; make docs builds it"))
    name = request.url_vars.get("path")
    if not name:
        return Response.redirect("/docs/index.html")
    if "\0" in name:
        raise NotFound(gettext("There is no such page"))
    path = (folder / name).resolve()
    try:
        is_page = path.is_relative_to(folder.resolve()) and path.is_file()
    except OSError:  # a name too long for a file
        is_page = False
    if not is_page:
        raise NotFound(gettext("There is no such page"))
    status = path.stat()
    headers = {"Cache-Control": "no-cache", "ETag": f'"{status.st_mtime_ns:x}-{status.st_size:x}"'}
    if is_known(request, headers["ETag"]):
        return Response("", status=304, headers=headers)
    return Response(path.read_bytes(), headers=headers, content_type=PAGE_TYPES.get(path.suffix, "application/octet-stream"))
