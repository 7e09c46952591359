"""Lasting addresses: of a page in the build it was made in, and what a reader is told who comes by one of an earlier build."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from qantar.explorer import queries
from qantar.explorer.pages import given_value
from qantar.explorer.pages.downloads import origin


def lasting_address(request: Any, page: str, key: str, build_id: str) -> str:
    """The address of a row's page that names the build."""
    return f"{origin(request)}/{page}/{quote(key, safe='')}?build={quote(build_id, safe='')}"


def pinned_build(request: Any, published: Any) -> dict[str, Any] | None:
    """The build that the address names, where it is not the one served, and whether it is still kept."""
    build_id = given_value(request, "build")
    if build_id is None or build_id == published.build_id:
        return None
    return {"build_id": build_id, "is_kept": published.kept(build_id) is not None}


async def day_of_build(datasette: Any) -> str | None:
    """The day on which the build was published, where the history has it."""
    if not queries.has_history(datasette):
        return None
    run = await queries.row(datasette, "published", database="history", build_id=datasette.qantar.build_id)
    return run["finished"][:10] if run else None
