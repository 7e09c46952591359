"""What is collected before a build: `qantar collect` as a step of a scheduled run, and its alarms."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from qantar.pipeline.alarms import notify
from qantar.schema import Collection
from qantar.settings import SOURCES_FILE, Settings
from qantar.store import history


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What was collected before a run: nothing, for most."""

    rows: list[Collection] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """A few words for the line of the run."""
        if not self.rows:
            return ""
        n = {name: sum(getattr(row, f"n_{name}") for row in self.rows) for name in ("new", "changed", "removed", "failed")}
        return "collected " + ", ".join(f"{count:,} {name}" for name, count in n.items() if count or name == "new")


def fetch_sources(settings: Settings) -> Brought:
    """Collect, and write into the history what came. Raises what `collect` raises."""
    from qantar.collect.collection import collect

    started = time.monotonic()
    collected = collect(settings.raw, say=lambda line: print(line, file=sys.stderr, flush=True))
    _record(settings, collected.rows)
    warnings = describe_silent(row for row in collected.rows if row.source in collected.newly_silent)
    return Brought(rows=collected.rows, warnings=warnings, seconds={"collect": round(time.monotonic() - started, 2)})


def describe_silent(rows: Iterable[Collection]) -> list[str]:
    """A sentence for each source that lists nothing new any more."""
    return [
        f"{row.source} has listed nothing new since {(row.last_new or '')[:10]}; look at its site, and at {SOURCES_FILE}"
        for row in rows
        if row.is_silent
    ]


def describe_brought(brought: Brought) -> list[str]:
    """What came from where, as lines of Markdown."""
    if not brought.rows:
        return []
    lines = ["", "| collected from | new | changed | removed | left out | failed |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for row in brought.rows:
        counts = (row.n_new, row.n_changed, row.n_removed, row.n_left_out, row.n_failed)
        lines.append(f"| {row.source}{' (silent)' if row.is_silent else ''} | {' | '.join(f'{n:,}' for n in counts)} |")
    return lines


def tell_collected(settings: Settings, rows: list[Collection], newly_silent: list[str]) -> None:
    """Record in the history what `qantar collect` fetched, and raise an alarm for sources that have fallen silent."""
    _record(settings, rows)
    for sentence in describe_silent(row for row in rows if row.source in newly_silent):
        notify(settings, "warning", sentence)


def _record(settings: Settings, rows: list[Collection]) -> None:
    settings.out.mkdir(parents=True, exist_ok=True)
    history.record_collections(settings.out, rows)
