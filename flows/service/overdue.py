"""Whether a schedule that should have made a run has not: for whoever would otherwise hear of nothing at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

LATE = 1_800.0
"""Seconds after a run was due before it counts as missing: one may wait for another, or for a server that is starting again."""


def longest_gap(cron: str | None, every: float | None) -> float | None:
    """Seconds from one run that is due to the next, at most; None where runs are due at no fixed times."""
    if every:
        return every
    if not cron:
        return None
    import asyncio

    from prefect.server.schemas.schedules import CronSchedule

    due: Sequence[datetime] = asyncio.run(CronSchedule(cron=cron, timezone="UTC").get_dates(400))
    return max((later - earlier).total_seconds() for earlier, later in pairwise(due))


class Overdue:
    """Notices, once, that no run has been made for longer than a schedule's longest gap; by a clock that only goes on."""

    def __init__(self, gap: float | None, *, late: float = LATE, now: Callable[[], float] = time.monotonic) -> None:
        self._gap, self._late, self._now = gap, late, now
        self._last: str | None = None
        self._seen = now()
        self._told = False

    def look(self, newest: str | None, *, busy: bool = False) -> str | None:
        """A sentence where a run is overdue and nobody was told; `newest` is the id of the last run, `busy` whether one is under way."""
        if newest != self._last or busy:
            self._last, self._seen, self._told = newest, self._now(), False
        waited = self._now() - self._seen
        if self._gap is None or self._told or waited < self._gap + self._late:
            return None
        self._told = True
        return (
            f"no run for {waited / 3_600:.1f} h, though one was due every {self._gap / 3_600:.1f} h at least; is the Prefect server well?"
        )
