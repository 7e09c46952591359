"""`qantar collect`: one run over all sources, held by one process at a time, with what it leaves for the next build."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qantar.collect.clock import Clock, stamp
from qantar.collect.followed_sources import Source, Sources, load_sources, user_agent
from qantar.schema import Collection
from qantar.settings import COLLECTED, Corpus, QantarError
from qantar.store.locks import sign, take

if TYPE_CHECKING:
    from qantar.collect.collecting import Collector, Following
    from qantar.collect.known_pages import KnownPages

LOCK = ".lock"
NEEDED = {"feedparser": "feedparser", "protego": "protego", "courlan": "courlan", "httpcore": "httpcore"}
_LEFT_OUT_DAYS = 30


class Collected(NamedTuple):
    """What a run brought, a row for each source; in a dry run also the addresses that it would have fetched."""

    rows: list[Collection]
    due: dict[str, list[str]]
    newly_silent: list[str]


def check_collect(raw: Path) -> tuple[Sources, str]:
    """The sources and the user agent. Raises QantarError for what a run would fail on: a package that lacks, sources.toml, corpus.toml."""
    lacking = [name for module, name in NEEDED.items() if find_spec(module) is None]
    if lacking:
        raise QantarError(f"qantar collect needs {', '.join(lacking)}: install it with: {sys.executable} -m pip install 'qantar[collect]'")
    return load_sources(raw), user_agent(raw)


def collect(
    raw: Path, *, since: date | None = None, dry_run: bool = False, clock: Clock | None = None, say: Callable[[str], None] = print
) -> Collected:
    """Fetch what the sources of `raw/sources.toml` list and was not fetched before, politely, and store it under raw/collected/.

    A dry run reads the lists and stores nothing. Raises QantarError for settings that cannot be used, a folder that cannot be
    written to, or another run under way; what cannot be fetched raises nothing.
    """
    sources, agent = check_collect(raw)
    from qantar.collect.known_pages import KnownPages

    collected = raw / COLLECTED
    clock = clock or Clock()
    with _held(collected, dry_run):
        state = KnownPages(collected, for_real=not dry_run)
        try:
            return asyncio.run(_run(raw, sources, agent, state, clock, since, dry_run, say))
        finally:
            state.close()


async def _run(
    raw: Path, sources: Sources, agent: str, state: KnownPages, clock: Clock, since: date | None, dry_run: bool, say: Callable[[str], None]
) -> Collected:
    from qantar.collect.collecting import Collector, Following
    from qantar.collect.fetching import Fetcher
    from qantar.collect.reading import Reader

    fetcher = Fetcher(agent, private=sources.private, seconds=sources.seconds, redirects=sources.redirects)
    reader = Reader(Corpus.load(raw).language)
    try:
        run = Collector(raw, sources, agent, state, fetcher, reader, clock, raw / COLLECTED, since)
        followed = [Following(run, source) for source in sources.source]
        await asyncio.gather(*(_follow(one, dry_run) for one in followed))
    finally:
        reader.close()
        await fetcher.aclose()
    due = {one.source.key: [url for urls in one.due().values() for url in urls] for one in followed} if dry_run else {}
    silent_before = {one.source.key for one in followed if state.last_new(one.source.key)[1]}
    rows = [_row(run, one) for one in followed]
    if not dry_run:
        _leave(run, say)
    return Collected(rows, due, [row.source for row in rows if row.is_silent and row.source not in silent_before])


async def _follow(one: Following, dry_run: bool) -> None:
    await one.read_lists()
    if not dry_run:
        await one.fetch()


def _leave(run: Collector, say: Callable[[str], None]) -> None:
    """Join what was stored, reduce what is too old, and write what could not be had."""
    from qantar.collect.keeping import reduce_archives
    from qantar.collect.page_archives import hidden_archives
    from qantar.collect.run_report import write_reports

    for archive in hidden_archives(run.collected):
        archive.join()
    run.state.forget_left_out(stamp(run.started - timedelta(days=_LEFT_OUT_DAYS)))
    for name in reduce_archives(run.collected, run.sources.keep, run.state, run.started):
        say(f"{COLLECTED}/{name}: only the texts are kept now (keep in sources.toml)")
    write_reports(run.raw, run.sources, run.state)


def _row(run: Collector, one: Following) -> Collection:
    last_new, is_silent = _silence(run, one.source, one.tally.has_new)
    n = one.tally.n
    return Collection(
        started=run.started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        source=one.source.key,
        outlet=one.source.outlet,
        finished=run.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        n_listed=n["listed"],
        n_new=n["new"],
        n_changed=n["changed"],
        n_unchanged=n["unchanged"],
        n_removed=n["removed"],
        n_left_out=n["left_out"],
        n_failed=n["failed"],
        n_waiting=run.state.n_due(one.source.key, run.started),
        bytes=one.tally.n_bytes,
        last_new=last_new,
        is_silent=is_silent,
        message="; ".join(one.tally.problems)[:2_000],
    )


def _silence(run: Collector, source: Source, has_new: bool) -> tuple[str, bool]:
    """When a source listed something new last, and whether that is too long ago; lists of addresses by hand are never silent."""
    now = stamp(run.started)
    last_new = now if has_new else run.state.last_new(source.key)[0] or now
    quiet = run.started - datetime.fromisoformat(last_new)
    is_silent = bool(source.listings) and quiet > timedelta(days=source.silent_days)
    run.state.put_last_new(source.key, last_new, is_silent)
    return last_new, is_silent


@contextmanager
def _held(collected: Path, dry_run: bool) -> Iterator[None]:
    """Hold the folder for one run. Raises QantarError where another one collects, or it cannot be written to."""
    if dry_run:
        yield
        return
    try:
        collected.mkdir(exist_ok=True)
        lock = (collected / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise QantarError(f"{collected}: cannot write there ({error.strerror}); check permissions and free space") from error
    with lock:
        if holder := take(lock):
            raise QantarError(f"{collected}: another run collects there ({holder}); wait for it")
        sign(lock)
        yield
