"""One run: what each source lists, which of it is wanted and due, and what became of each address that was asked for."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qantar.collect.clock import Clock, stamp
from qantar.collect.failures import FetchError
from qantar.collect.fetching import Fetched, Fetcher
from qantar.collect.followed_sources import Source, Sources, read_addresses
from qantar.collect.known_pages import Known, KnownPages
from qantar.collect.listings import Item, Listing
from qantar.collect.page_archives import Archive, describe, pack, read_page
from qantar.collect.politeness import Gates, Rules
from qantar.collect.reading import Reader
from qantar.collect.relevance import Filter, Page
from qantar.collect.web_addresses import clean_address, domain_of, host_of, is_of_hosts
from qantar.schema import FetchReason
from qantar.stages.articles.encodings import NotTextError

LISTING_TIMES = 6
"""A list of addresses may be so many times as large as a page: sitemaps may have 50 MB."""
_PAGES = ("text/html", "application/xhtml", "text/plain")
_REFUSED = {401: "asks for a log-in", 402: "asks to be paid", 403: "refuses it", 451: "refuses it for legal reasons"}


@dataclass
class Tally:
    """What a run brought from one source."""

    n: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    n_bytes: int = 0
    has_new: bool = False


@dataclass
class Collector:
    """What all sources of a run share."""

    raw: Path
    sources: Sources
    user_agent: str
    state: KnownPages
    fetcher: Fetcher
    reader: Reader
    clock: Clock
    collected: Path
    since: date | None = None

    def __post_init__(self) -> None:
        self.gates = Gates(self.clock)
        self.rules = Rules(self.fetcher, self.gates, self.clock, self.state.robots(), self.state.put_robots)
        self.slots = asyncio.Semaphore(self.sources.at_once)
        self.started = self.clock.now()
        self.ends = self.clock.monotonic() + 60 * self.sources.minutes
        self.most_bytes = int(self.sources.megabytes * 2**20)

    @property
    def is_over(self) -> bool:
        """Whether the run has taken its time."""
        return self.clock.monotonic() >= self.ends

    def delay(self, source: Source) -> float:
        """Seconds between requests to a host, as the source says."""
        return self.sources.delay if source.delay is None else source.delay

    def hosts(self, source: Source) -> list[str]:
        """The hosts whose pages may be fetched for a source."""
        named = [*source.listings, *read_addresses(self.raw, source)]
        return source.hosts or sorted({domain_of(url) for url in named})

    @asynccontextmanager
    async def turn(self, url: str, delay: float, hosts: Iterable[str]) -> AsyncIterator[None]:
        """Hold the turn of an address, if it is on one of the source's hosts and its site allows it."""
        if not is_of_hosts(url, list(hosts)):
            raise FetchError("other_host", f"leads to {host_of(url)}, which is not among the source's hosts", asked=False)
        asked_for = await self.rules.check(url, delay)
        async with self.gates.turn(host_of(url), asked_for), self.slots:
            yield

    async def get(self, source: Source, url: str, most: int, known: dict[str, str], hosts: list[str]) -> Fetched:
        """An answer; where the host asks to wait for a short time, it is asked once more."""
        for _ in range(2):
            answer = await self.fetcher.get(url, most, lambda address: self.turn(address, self.delay(source), hosts), known)
            if not self.gates.note_answer(answer):
                return answer
        raise FetchError("asked_to_wait", f"{host_of(url)} asks to wait", asked=False)


class Following:
    """One source in a run."""

    def __init__(self, run: Collector, source: Source) -> None:
        self.run, self.source, self.tally = run, source, Tally()
        self._filter = Filter(source, run.since)
        self._hosts = run.hosts(source)
        self._refused: Counter[str] = Counter()
        self._now = stamp(run.started)

    # --- what is listed

    async def read_lists(self) -> None:
        """Read the source's feeds, sitemaps and addresses, and note what they list."""
        self._note_items([Item(url) for url in read_addresses(self.run.raw, self.source)], "sources.toml")
        waiting, seen = list(self.source.listings), set(self.source.listings)
        while waiting and not self.run.is_over:
            if len(seen) - len(waiting) >= self.run.sources.listings:
                self.tally.problems.append(
                    f"more than {self.run.sources.listings} sitemaps; the others are not read (listings in sources.toml)"
                )
                break
            url = waiting.pop(0)
            for named, changed in await self._read_list(url):
                address = self._worth_reading(named, changed)
                if address and address not in seen:
                    seen.add(address)
                    waiting.append(address)
        if self._refused:
            counted = ", ".join(f"{reason} ({n})" for reason, n in sorted(self._refused.items()))
            self.tally.problems.append(f"{self._refused.total()} listed addresses were refused: {counted}")

    async def _read_list(self, url: str) -> list[tuple[str, str | None]]:
        """Note what one list holds; the sitemaps that it names are returned."""
        known = self.run.state.listing(url)
        conditions = _conditions(known.etag, known.last_modified)
        try:
            address = clean_address(url)
            hosts = [*self._hosts, *map(domain_of, self.source.listings)]
            answer = await self.run.get(self.source, address, LISTING_TIMES * self.run.most_bytes, conditions, hosts)
            if answer.status == 304:
                known.problem, known.read = None, self._now
                self.run.state.put_listing(known)
                return []
            if answer.status != 200:
                raise FetchError("no_list", f"{host_of(url)} answers {answer.status} for a feed or sitemap")
            found = await self.run.reader.listing(answer.unpacked, self.run.sources.listed)
            if found.problem and not found.items and not found.sitemaps:
                raise FetchError("unreadable_list", f"{found.problem}; the address should be a feed's or a sitemap's")
        except FetchError as error:
            self.tally.n["failed"] += error.reason != "asked_to_wait"
            known.problem, known.since = f"{error.reason}: {error.detail}", known.since or self._now
            self.tally.problems.append(f"{url}: {error.detail}")
            self.run.state.put_listing(known)
            return []
        known.problem = known.since = None
        known.etag, known.last_modified, known.read = answer.headers.get("etag"), answer.headers.get("last-modified"), self._now
        self._take(url, answer.url, found)
        self.run.state.put_listing(known)  # last: a run that is killed before reads the list again
        return found.sitemaps

    def _take(self, url: str, base: str, found: Listing) -> None:
        if found.problem:
            self.tally.problems.append(f"{url}: {found.problem}")
        listed = self._note_items(found.items, url, base)
        oldest = min((item.published for item in listed if item.published), default=None)
        for gone in self.run.state.no_longer_listed(self.source.key, url, self._now, oldest) if oldest and not found.problem else []:
            known = self.run.state.get(gone)
            if known and known.checked and known.checked <= known.last_listed:  # once: it may have been removed
                known.due = self._now
                self.run.state.put(known)

    def _worth_reading(self, named: str, changed: str | None) -> str | None:
        """The address of a sitemap that may hold what is not known: it has changed since it was read, and not before what is wanted."""
        since = self.run.since or self.source.since
        if changed and since and changed[:10] < since.isoformat():
            return None
        try:
            url = clean_address(named)
        except FetchError as error:
            self._refused[error.reason] += 1
            return None
        if not is_of_hosts(url, [*self._hosts, *map(domain_of, self.source.listings)]):
            self._refused["other_host"] += 1
            return None
        read = self.run.state.listing(url).read
        return None if changed and read and len(changed) > 10 and changed < read else url

    def _note_items(self, items: Iterable[Item], via: str, base: str = "") -> list[Item]:
        noted = []
        with self.run.state.together():
            for item in items:
                try:
                    url = clean_address(item.url, base)
                except FetchError as error:
                    self._refused[error.reason] += 1
                    continue
                noted.append(item._replace(url=url))
                self._note(noted[-1], via)
        self.tally.n["listed"] += len(noted)
        return noted

    def _note(self, item: Item, via: str) -> None:
        """Note one listed address: a new one is wanted or left out, a known one asked for again where its outlet says it has changed."""
        known = self.run.state.get(item.url)
        if known and known.source != self.source.key:
            return  # another source of the file follows it
        is_new = known is None
        if known is None:
            known = Known(url=item.url, source=self.source.key, via=via, title=item.title or item.text[:80], first_listed=self._now)
            self.tally.has_new = True
        changed = max(filter(None, (item.modified, item.published)), default=None)
        before = max(filter(None, (known.modified, known.published)), default=None)
        known.published, known.modified = item.published or known.published, item.modified or known.modified
        known.language, known.last_listed = item.language or known.language, self._now
        if is_new or known.state == "left_out":
            self._judge(known, item, is_new)
        elif known.state == "removed" or (changed and changed != before and self._may_be_corrected(known, changed)):
            known.due = self._now
        self.run.state.put(known)

    def _judge(self, known: Known, item: Item, is_new: bool) -> None:
        if known.reason == "page":  # its page was looked at, and is not fetched again for that
            return
        reason = self._filter.of_listing(item) if is_of_hosts(item.url, self._hosts) else "other_host"
        if reason is None:
            known.succeed()
            known.state, known.due = "listed", self._now
            return
        known.state, known.reason, known.due = "left_out", reason, None
        known.since = known.since or self._now
        self.tally.n["left_out"] += is_new

    def _may_be_corrected(self, known: Known, changed: str) -> bool:
        """Whether its outlet says that it has changed since it was asked for, and it is young enough that corrections are looked for."""
        days = self.run.sources.recheck_days
        if not known.file or not days or changed < (known.checked or "")[: len(changed)]:
            return False
        return self.run.started - _moment(known.stored) <= timedelta(days=max(days))

    # --- what is due

    def due(self) -> dict[str, list[str]]:
        """The addresses to be asked for in this run, by host."""
        most = self.source.pages or self.run.sources.pages
        by_host = defaultdict(list)
        for url, _ in self.run.state.due(self.source.key, self.run.started, most):
            by_host[host_of(url)].append(url)
        return by_host

    async def fetch(self) -> None:
        """Fetch what is due, host by host at the same time."""
        await asyncio.gather(*(self._fetch_all(urls) for urls in self.due().values()))

    async def _fetch_all(self, urls: list[str]) -> None:
        for url in urls:
            if self.run.is_over:
                return
            known = self.run.state.get(url)
            if known is not None:
                await self._fetch(known)

    async def _fetch(self, known: Known) -> None:
        try:
            conditions = _conditions(known.etag, known.last_modified) if known.file else {}
            answer = await self.run.get(self.source, known.url, self.run.most_bytes, conditions, self._hosts)
            await self._receive(known, answer)
        except FetchError as error:
            if error.reason == "asked_to_wait":
                return
            self._fail(known, error)
        self.run.state.put(known)

    def _fail(self, known: Known, error: FetchError) -> None:
        self.tally.n["failed"] += 1
        if error.reason == "host_down" and known.reason:  # as it failed when it was asked for
            known.fail(known.reason, known.detail or error.detail, self.run.clock.now())
        else:
            known.fail(error.reason, error.detail, self.run.clock.now())

    async def _receive(self, known: Known, answer: Fetched) -> None:
        """What becomes of an answer. Raises FetchError for one that is not a page."""
        leads_home = (
            not urlsplit(answer.url).path.strip("/") and bool(urlsplit(known.url).path.strip("/")) and not urlsplit(answer.url).query
        )
        if answer.status in (404, 410) or leads_home:
            said = "is redirected to the front page" if leads_home else f"answers {answer.status}"
            return self._note_removed(known, said, for_good=answer.status == 410)
        if answer.status == 304 and known.file:
            return self._note_unchanged(known)
        if answer.status != 200:
            reason: FetchReason = "refused" if answer.status in _REFUSED else "server_error" if answer.status >= 500 else "no_page"
            what = _REFUSED.get(answer.status, f"answers {answer.status}")
            raise FetchError(reason, f"{host_of(answer.url)} {what}", status=answer.status)
        if answer.content_type and not answer.content_type.startswith(_PAGES):
            raise FetchError("wrong_type", f"is {answer.content_type[:80]}, not a page; only pages of text are collected")
        if not known.file and self.run.state.is_stored_as(answer.url, known.url):
            known.succeed()
            known.state, known.final_url, known.due = "alias", answer.url, None
            return None
        await self._keep(known, answer)
        return None

    def _note_removed(self, known: Known, said: str, for_good: bool) -> None:
        if not known.file:
            raise FetchError("not_found", f"{host_of(known.url)} {said}")
        if known.state != "removed":
            self.tally.n["removed"] += 1
            known.succeed()
            known.state, known.reason, known.since = "removed", "removed", self._now
            known.detail = f"was published, and {said} since; the page stays as it was stored"
        known.checked = stamp(self.run.clock.now())
        known.due = None if for_good else self._next_check(known)

    def _note_unchanged(self, known: Known) -> None:
        self.tally.n["unchanged"] += 1
        known.succeed()
        known.state, known.checked = "stored", stamp(self.run.clock.now())
        known.due = self._next_check(known)

    async def _keep(self, known: Known, answer: Fetched) -> None:
        """Store a page that is new or whose text has changed, if it is wanted."""
        sha256 = hashlib.sha256(answer.body).hexdigest()
        if known.file and (sha256 == known.body_sha256 or not await self._has_changed(known, answer)):
            known.etag, known.last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
            return self._note_unchanged(known)
        if not known.file and self._filter.needs_page(known.item):
            page = await self._look(answer)
            reason = self._filter.of_page(known.item, page)
            if reason:
                known.succeed()
                known.state, known.reason, known.detail, known.due, known.since = "left_out", "page", reason, None, self._now
                self.tally.n["left_out"] += 1
                return None
        self._store(known, answer, sha256)
        return None

    async def _look(self, answer: Fetched) -> Page:
        try:
            return await self.run.reader.page(answer.unpacked, answer.url, answer.content_type)
        except NotTextError as error:
            raise FetchError("no_article", f"no article was found in it: {error}") from error

    async def _has_changed(self, known: Known, answer: Fetched) -> bool:
        """Whether a page whose bytes differ from those stored differs in its text: advertisements and counters do not count."""
        if not known.file or known.offset is None or known.length is None:
            return True
        try:
            body, content_type = read_page(Archive.of(self.run.collected, known.file).read(known.offset, known.length))
            before = await self.run.reader.page(body, answer.url, content_type)
        except (NotTextError, OSError):
            return True
        try:
            after = await self.run.reader.page(answer.unpacked, answer.url, answer.content_type)
        except NotTextError as error:
            raise FetchError("no_article", f"held an article and no longer does: {error}") from error
        return (before.title, before.text) != (after.title, after.text)

    def _store(self, known: Known, answer: Fetched, sha256: str) -> None:
        now = self.run.clock.now()
        self.tally.n["changed" if known.file else "new"] += 1
        known.succeed()
        known.state, known.final_url, known.body_sha256 = "stored", answer.url, sha256
        known.stored, known.checked = known.stored or stamp(now), stamp(now)
        known.etag, known.last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        known.due = self._next_check(known)
        note: dict[str, Any] = {
            "source": self.source.key,
            "listed": known.url,
            "via": known.via,
            "published": known.published,
            "fetched": stamp(now),
            "final": answer.url,
            "sha256": sha256,
            "etag": known.etag,
            "last-modified": known.last_modified,
            "due": known.due,
        }
        archive = Archive(self.run.collected, self.source.folder, f"{self.run.started:%Y-%m-%d}")
        whose = {"outlet": self.source.outlet, "licence": self.source.licence}
        known.file = archive.name
        known.offset, known.length = archive.add(pack(answer, note, now), lambda: describe(whose, self.run.user_agent, now))
        self.tally.n_bytes += known.length

    def _next_check(self, known: Known) -> str | None:
        """When the page is asked for again: at growing ages, or only once where its outlet says when it changes."""
        if not known.stored:
            return None
        days = self.run.sources.recheck_days
        first, now = _moment(known.stored), self.run.clock.now()
        later = [moment for day in days if (moment := first + timedelta(days=day)) > now]
        wanted = later[-1:] if known.modified else later[:1]
        return stamp(wanted[0]) if wanted else None


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers that ask for a page only if it has changed."""
    return {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)) if value}


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "1970-01-01T00:00:00Z")
