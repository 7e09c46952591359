"""What a run leaves for people and for the pipeline: failed.csv, left_out.csv, and the lines that are printed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from qantar.collect.followed_sources import Sources
from qantar.collect.known_pages import KnownPages
from qantar.collect.web_addresses import host_of
from qantar.schema import Collection
from qantar.settings import FAILED_FILE, LEFT_OUT_FILE

FAILED_COLUMNS = ("url", "outlet", "reason", "since", "detail")
LEFT_OUT_COLUMNS = ("url", "outlet", "reason", "since", "title")
REMEDIES = {
    "not_found": "nothing, if the outlet took it away; else correct the address",
    "refused": "the outlet does not want it read; ask the outlet, or leave it out",
    "robots": "the outlet does not want it read; ask the outlet, or leave it out",
    "wrong_type": "leave it out by sections or words",
    "too_large": "raise megabytes if it is wanted",
    "not_public": "name the host in private if it is your own",
    "other_host": "add the host to the source's hosts if it is wanted",
    "removed": "nothing; decide whether it is to be taken down (qantar takedown)",
    "unreadable_list": "correct the address in sources.toml",
    "no_list": "correct the address in sources.toml",
}
OTHERWISE = "it is tried again by later runs"


def write_reports(raw: Path, sources: Sources, state: KnownPages) -> None:
    """Write what could not be had, and what was left out, where that has changed: a build depends on the first."""
    outlets = {source.key: source.outlet for source in sources.source}
    failed = [
        (
            (page.final_url if page.state == "removed" else None) or page.url,
            outlets[page.source],
            page.reason or "",
            (page.since or "")[:10],
            f"{page.detail}; {remedy_of(page.reason or '')}",
        )
        for page in state.rows(outlets, "reason IS NOT NULL AND state != 'left_out'")
    ]
    for source in sources.source:
        for listing in state.listing_problems(source.listings):
            reason, _, detail = (listing.problem or "").partition(": ")
            failed.append((listing.url, source.outlet, reason, (listing.since or "")[:10], f"{detail}; {remedy_of(reason)}"))
    left_out = (
        (page.url, outlets[page.source], page.detail if page.reason == "page" else page.reason, (page.since or "")[:10], page.title)
        for page in state.rows(outlets, "state = 'left_out'")
    )
    _write(raw / FAILED_FILE, FAILED_COLUMNS, sorted(failed))
    _write(raw / LEFT_OUT_FILE, LEFT_OUT_COLUMNS, left_out)


def remedy_of(reason: str) -> str:
    """What a person can do about a failure."""
    return REMEDIES.get(reason, OTHERWISE)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([" ".join((cell or "").split()) for cell in row] for row in rows)
    data = out.getvalue().encode("utf-8", "replace")
    if path.exists() and path.read_bytes() == data:
        return
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    fresh.replace(path)


def describe_source(row: Collection) -> str:
    """What a run brought from a source, in a line."""
    counts = {
        "listed": row.n_listed,
        "new": row.n_new,
        "changed": row.n_changed,
        "unchanged": row.n_unchanged,
        "removed": row.n_removed,
        "left out": row.n_left_out,
        "failed": row.n_failed,
        "left for the next run": row.n_waiting,
    }
    told = ", ".join(f"{n:,} {name}" for name, n in counts.items() if n or name in ("listed", "new"))
    return f"{row.source}: {told}" + (f"; {row.message}" if row.message else "")


def describe_due(due: dict[str, list[str]]) -> list[str]:
    """The addresses that a run would fetch, each with its source."""
    return [f"{source}: {url} ({host_of(url)})" for source, urls in due.items() for url in urls]
