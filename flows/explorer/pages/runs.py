"""What became of each run of the pipeline, what to do where one failed, and what disk it takes; the same for machines as `/-/health`."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Response

from qantar.explorer import queries
from qantar.explorer.history_copy import told_beside
from qantar.explorer.pages import PAGE, check_parameters, one_of, page_number, show
from qantar.explorer.translation import gettext, word
from qantar.explorer.wording import OUTCOMES, REMEDIES, translated
from qantar.schema import BuildRun
from qantar.store.retention import disk_use

DISK_SECONDS = 60
"""For so long the sizes of folders are not asked for again."""


async def runs(request: Any, datasette: Any) -> Any:
    """All runs, the newest first."""
    check_parameters(request, "outcome", "page")
    number = page_number(request)
    outcome = one_of(request, "outcome", OUTCOMES)
    found: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    collections: list[dict[str, Any]] = []
    if queries.has_history(datasette):
        size, skipped = PAGE + 1, PAGE * (number - 1)
        found = await queries.rows(datasette, "runs", database="history", size=size, skipped=skipped, outcome=outcome)
        if "collections" in await datasette.get_database("history").table_names():  # a history of an earlier version has none
            sources = await queries.rows(datasette, "collected_totals", database="history", size=PAGE)
            collections = await queries.rows(datasette, "collections", database="history", size=PAGE)
    context = {
        "runs": [told(run) for run in found[:PAGE]],
        "number": number,
        "more": len(found) > PAGE,
        "outcome": outcome,
        "outcomes": translated(OUTCOMES),
        "sources": sources,
        "collections": collections,
        "state": await state(datasette),
    }
    return await show(datasette, request, "runs.html", context)


def told(run: dict[str, Any]) -> dict[str, Any]:
    """A run with its stages, how long they took together, and what to do if it failed.

    Their sum, since the clock may have been set between its start and its end.
    """
    stages: dict[str, float] = json.loads(run["seconds"] or "{}")
    remedy = remedy_of(run["message"]) if run["outcome"] == "failed" else None
    return {**run, "stages": stages, "total": sum(stages.values()), "remedy": remedy}


def remedy_of(message: str) -> str:
    """What to do about a failure.

    >>> remedy_of("[Errno 28] No space left on device")
    'Free disk space, or keep fewer builds with --keep; the next run recovers.'
    """
    return word(next(remedy for words, remedy in REMEDIES.items() if words in message))


async def state(datasette: Any) -> dict[str, Any]:
    """What is served, when a run last found or made it good, what went wrong since, and what disk all of it takes (bytes)."""
    published = datasette.qantar
    build = (await queries.rows_of_build(datasette, "build"))[0]
    good, newest, made = await asyncio.to_thread(told_beside, published)
    checked = _seconds(good) if good else (published.folder / "qantar.db").stat().st_mtime
    by_clock = time.time() - checked
    age = max(by_clock, published.seconds_since(good.run_id if good else ""))
    problem = published.switch.problem if published.switch else None
    if published.max_age is not None and age > published.max_age:
        problem = gettext(
            "no run has succeeded for %(age)s s, more than the %(most)s s allowed", age=f"{age:,.0f}", most=f"{published.max_age:,.0f}"
        )
    elif by_clock < -60:
        problem = problem or gettext("the last good run ended in the future: this machine's clock was set back")
    return {
        "ok": published.max_age is None or age <= published.max_age,
        "build_id": build["build_id"],
        "n_documents": build["n_documents"],
        "built": _moment(_seconds(made) if made else checked),
        "checked": _moment(checked),
        "age_seconds": round(age),
        "max_age_seconds": published.max_age,
        "problem": problem,
        "last_run": {key: getattr(newest, key) for key in ("outcome", "finished", "message")} if newest else None,
        "disk": await disk(published),
    }


def _seconds(run: BuildRun) -> float:
    return datetime.fromisoformat(run.finished).timestamp()


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


async def disk(published: Any) -> dict[str, int]:
    """Bytes by what takes them, asked for at most once a minute."""
    if published.history is None:
        return {}
    measured, at = published.disk
    if at is None or time.monotonic() - at > DISK_SECONDS:
        measured = await asyncio.to_thread(disk_use, published.history.parent)
        published.disk = measured, time.monotonic()
    return dict(measured)


async def health(request: Any, datasette: Any) -> Any:
    """The state for a monitor: 503 where the last good run is older than `--max-age`."""
    body = await state(datasette)
    return Response.json(body, status=200 if body["ok"] else 503, headers={"Cache-Control": "no-store"})
