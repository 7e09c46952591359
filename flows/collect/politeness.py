"""What a host asks of those who ask it: robots.txt, pauses between requests, and to come again later."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from protego import Protego

from qantar.collect.clock import Clock
from qantar.collect.failures import FetchError
from qantar.collect.fetching import Fetched, Fetcher
from qantar.collect.web_addresses import host_of

AGENT = "Qantar"
"""The name that robots.txt may speak of."""
ROBOTS_BYTES = 512 * 2**10
ROBOTS_HOURS = 24
PATIENCE = 60.0
"""Seconds that a run waits where a host asks it to; beyond them the host's pages wait for the next run."""
PAUSE = 60.0
"""Seconds without a request after a 429 or 503 that does not say how long."""
MOST_SILENT = 2
"""Connections to a host that may fail, one after the other, before it counts as down for the rest of the run."""


class Robots(NamedTuple):
    """What a host's robots.txt said, and when it was read."""

    text: str
    read: str


class Gates:
    """One request at a time for each host, with a pause after each."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next: dict[str, float] = {}
        self._until: dict[str, float] = {}
        self._silent: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, host: str, delay: float) -> AsyncIterator[None]:
        """Wait for the host's turn. Raises FetchError where it is down, or asked not to be asked for longer than a run waits."""
        async with self._locks[host]:
            if self._silent[host] >= MOST_SILENT:
                raise FetchError("host_down", f"{host} did not answer {MOST_SILENT} times in this run", asked=False)
            now = self._clock.monotonic()
            paused = self._until.get(host, 0.0) - now
            if paused > PATIENCE:
                raise FetchError("asked_to_wait", f"{host} asks to be left alone for {paused:,.0f} s", asked=False)
            wait = max(paused, self._next.get(host, now) - now)
            if wait > 0:
                await self._clock.sleep(wait)
            try:
                yield
                self._silent[host] = 0
            except FetchError as error:
                self._silent[host] += error.host_is_down
                raise
            finally:
                self._next[host] = self._clock.monotonic() + delay

    def note_answer(self, answer: Fetched) -> bool:
        """Whether the host asks to wait; then it is waited for."""
        if answer.status not in (429, 503):
            return False
        seconds = _retry_after(answer.headers.get("retry-after", ""), self._clock.now())
        self._until[host_of(answer.url)] = self._clock.monotonic() + (PAUSE if seconds is None else seconds)
        return True


class Rules:
    """The robots.txt of each host, read once a day."""

    def __init__(
        self, fetcher: Fetcher, gates: Gates, clock: Clock, stored: dict[str, Robots], keep: Callable[[str, Robots], None]
    ) -> None:
        self._fetcher, self._gates, self._clock = fetcher, gates, clock
        self._stored, self._keep = stored, keep
        self._parsed: dict[str, Protego] = {}
        self._failed: dict[str, FetchError] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check(self, url: str, delay: float) -> float:
        """The seconds between requests that the host asks for, if they are more than `delay`.

        Raises FetchError for an address that it forbids, or where its rules cannot be had, which forbids all of it.
        """
        rules = await self._rules(url, delay)
        if not rules.can_fetch(url, AGENT):
            raise FetchError("robots", f"robots.txt of {host_of(url)} forbids it", asked=False)
        rate = rules.request_rate(AGENT)
        return max(delay, float(rules.crawl_delay(AGENT) or 0), rate.seconds / rate.requests if rate and rate.requests else 0.0)

    async def _rules(self, url: str, delay: float) -> Protego:
        site = f"{urlsplit(url).scheme}://{host_of(url)}"
        async with self._locks[site]:
            if site in self._failed:
                raise self._failed[site]
            if site not in self._parsed:
                try:
                    self._parsed[site] = Protego.parse(await self._text(site, delay))
                except FetchError as error:
                    self._failed[site] = error
                    raise
            return self._parsed[site]

    async def _text(self, site: str, delay: float) -> str:
        now = self._clock.now()
        stored = self._stored.get(site)
        if stored and now - datetime.fromisoformat(stored.read) < timedelta(hours=ROBOTS_HOURS):
            return stored.text
        robots = Robots(await self._fetch(f"{site}/robots.txt", delay), now.isoformat())
        self._stored[site] = robots
        self._keep(site, robots)
        return robots.text

    async def _fetch(self, url: str, delay: float) -> str:
        host = host_of(url)
        try:
            answer = await self._fetcher.get(url, ROBOTS_BYTES, lambda address: self._gates.turn(host_of(address), delay))
        except FetchError as error:
            if error.reason in ("too_large", "redirects"):  # as good as none: nobody wrote that for robots
                return ""
            raise FetchError(error.reason, f"robots.txt: {error.detail}", host_is_down=error.host_is_down) from error
        self._gates.note_answer(answer)
        if answer.status == 200:
            return answer.unpacked.decode("utf-8", "replace")
        if answer.status == 429 or answer.status >= 500:
            raise FetchError("robots_unreadable", f"{host} answers {answer.status} for robots.txt, so nothing of it is asked for")
        return ""


def _retry_after(said: str, now: datetime) -> float | None:
    """Seconds to wait, as a server says them: a number or a date.

    >>> from datetime import datetime, UTC
    >>> at = datetime(2022, 1, 5, 6, 0, tzinfo=UTC)
    >>> _retry_after("120", at), _retry_after("Wed, 05 Jan 2022 06:01:00 GMT", at), _retry_after("soon", at)
    (120.0, 60.0, None)
    """
    if said.strip().isdigit():
        return float(said.strip()[:9])
    try:
        return max(0.0, (parsedate_to_datetime(said) - now).total_seconds())
    except (ValueError, TypeError):
        return None
