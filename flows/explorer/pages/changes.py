"""What changed since an earlier build that is kept: counts by table, and row by row with old and new value, as `qantar diff` says it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path
from textwrap import shorten
from typing import Any, TypeVar
from urllib.parse import quote

from datasette.utils.asgi import BadRequest, NotFound, Response

from qantar.explorer import queries
from qantar.explorer.kept_builds import kept_beside
from qantar.explorer.pages import PAGE, check_parameters, given_value, one_of, page_number, show
from qantar.explorer.plain_csv import MARK, csv_text, headers_for
from qantar.explorer.translation import gettext
from qantar.explorer.wording import CHANGES
from qantar.publish.datasette_metadata import LABELS
from qantar.publish.diff import OUTSIDE, Diff, RowChange, diff_builds, row_changes
from qantar.schema import TABLES

SECONDS = 5.0
"""For so long two builds are compared; beyond it the command serves better."""
MOST = 1_000
"""Changed rows of a table that are shown; the command shows all."""
LONGEST, LABEL = 400, 160
"""Characters shown of a value, and of what tells a row."""
COLUMNS = ["table", "key", "change", "column", "before", "after"]
PLACES = {"documents": "article", "entities": "entity", "quotes": "quote", "quote_groups": "utterance"}
Found = TypeVar("Found")
_turn = asyncio.Semaphore(1)


async def changes(request: Any, datasette: Any) -> Any:
    """The counts of every table against the build `since`, and the changed rows of one table."""
    check_parameters(request, "since", "table", "change", "page")
    published, number = datasette.qantar, page_number(request)
    builds = await _builds(datasette)
    since = given_value(request, "since") or (builds[0]["build_id"] if builds else None)
    table, change = one_of(request, "table", TABLES), one_of(request, "change", CHANGES)
    context: dict[str, Any] = {"builds": builds, "since": since, "table": table, "change": change, "number": number, "most": MOST}
    context |= {"difference": None, "rows": [], "more": False, "is_too_large": False, "columns": {}}
    if since is not None:
        old = _kept(published, since)
        difference = await _once(published, (since, ""), lambda: diff_builds(old, published.folder, seconds=SECONDS))
        context["difference"], context["is_too_large"] = difference, difference is None
        context |= _tables(difference) if difference else {}
    if since is not None and table:
        rows = await _once(published, (since, table), lambda: _told_rows(_kept(published, since), published.folder, table))
        context |= _page_of(rows, change, number)
    return await show(datasette, request, "changes.html", context)


def _tables(difference: Diff) -> dict[str, Any]:
    """The tables that differ, but for those that tell of the build itself, and those that are the same."""
    return {
        "tables": [t for t in difference.tables if not t.is_same and t.table not in OUTSIDE],
        "same": [t.table for t in difference.tables if t.is_same],
    }


def _page_of(rows: list[Any] | None, change: str | None, number: int) -> dict[str, Any]:
    """A page of the changed rows, of one kind of change or all. Raises NotFound where there is none of that number."""
    found = [row for row in rows or [] if change in (None, row["change"])]
    page = found[(number - 1) * PAGE : number * PAGE]
    if not page and number > 1:
        raise NotFound(gettext("There is no such page"))
    is_cut = rows is not None and len(rows) == MOST
    return {"rows": page, "more": len(found) > number * PAGE, "n": len(found), "is_too_large": rows is None, "is_cut": is_cut}


async def changes_csv(request: Any, datasette: Any) -> Any:
    """The changed rows of a table, a line for each column that changed."""
    check_parameters(request, "since", "table", "change")
    published = datasette.qantar
    since, table, change = given_value(request, "since"), one_of(request, "table", TABLES), one_of(request, "change", CHANGES)
    if since is None or table is None:
        raise BadRequest(gettext("since must name a build and table a table"))
    old = _kept(published, since)
    rows = await _once(published, (since, table), lambda: _told_rows(old, published.folder, table))
    if rows is None:
        raise BadRequest(gettext("these builds are too large to be compared here; qantar diff OLD NEW --rows does it"))
    lines = [
        [table, row["key"], row["change"], value["name"], value["before"], value["after"]]
        for row in rows
        if change in (None, row["change"])
        for value in row["values"] or [{"name": "", "before": None, "after": None}]
    ]
    headers = headers_for(f"changes-{table}-{since}-{published.build_id}.csv")
    return Response(MARK + csv_text([COLUMNS, *lines]), headers=headers, content_type="text/csv; charset=utf-8")


async def _builds(datasette: Any) -> list[dict[str, Any]]:
    """The builds that are kept beside this one, the newest first, with when they were made."""
    kept = [build.folder.name for build in await asyncio.to_thread(kept_beside, datasette.qantar)]
    runs = (
        await queries.rows(datasette, "runs", database="history", size=200, skipped=0, outcome="published")
        if queries.has_history(datasette)
        else []
    )
    finished = {run["build_id"]: run["finished"] for run in reversed(runs)}
    return sorted(({"build_id": b, "finished": finished.get(b)} for b in kept), key=lambda b: b["finished"] or "", reverse=True)


def _kept(published: Any, build_id: str) -> Path:
    build = published.kept(build_id)
    if build is None:
        raise NotFound(gettext("Build %(build)s is not kept, so nothing can be compared with it", build=build_id))
    return Path(build.folder)


async def _once(published: Any, key: tuple[str, str], compare: Callable[[], Found]) -> Found | None:
    """The outcome of a comparison, which is made once, one at a time; None where it took too long."""
    async with _turn:
        if key not in published.differences:
            try:
                published.differences[key] = await asyncio.to_thread(compare)
            except sqlite3.OperationalError:
                published.differences[key] = None
        found: Found | None = published.differences[key]
        return found


def _told_rows(old: Path, new: Path, table: str) -> list[dict[str, Any]]:
    """The first changed rows of a table, each with words that tell what it is, and its page where it has one."""
    found = list(islice(row_changes(old, new, table, SECONDS), MOST))
    with closing(_opened(old)) as before, closing(_opened(new)) as after:
        return [_told(change, before if change.change == "removed" else after) for change in found]


def _opened(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{folder / 'qantar.db'}?immutable=1", uri=True)


def _told(change: RowChange, side: sqlite3.Connection) -> dict[str, Any]:
    key, label = change.key, None
    columns = TABLES[change.table].key
    if columns and (column := LABELS.get(change.table)):
        where = " AND ".join(f"{name} = ?" for name in columns)
        row = side.execute(f'SELECT "{column}" FROM "{change.table}" WHERE {where}', key).fetchone()
        label = row[0] if row else None
    place = PLACES.get(change.table)
    return {
        "change": change.change,
        "key": " ".join(_short(part) for part in key)[:LONGEST],
        "label": shorten(" ".join(label.split()), LABEL, placeholder="…") if label else None,
        "address": f"/{place}/{quote(str(key[0]), safe='')}" if place and change.change != "removed" else None,
        "values": [{"name": name, "before": _short(old), "after": _short(new)} for name, old, new in change.values],
    }


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
