"""What earlier runs know of each address, in raw/collected/.state.db: hidden, so that no build reads it.

It can be lost: the archives say which pages are stored, and the next run asks for the rest again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from qantar.collect.clock import stamp
from qantar.collect.listings import Item
from qantar.collect.page_archives import Archive, Stored, hidden_archives
from qantar.collect.politeness import Robots

STATE_FILE = ".state.db"
State = Literal["listed", "stored", "alias", "left_out", "failed", "removed"]
FIRST_RETRY, LAST_RETRY = timedelta(minutes=15), timedelta(days=1)
GIVE_UP = timedelta(days=14)
"""An address that could not be had for so long is not asked for any more; its row stays."""


@dataclass(kw_only=True)
class Known:
    """One address that a source has listed. Moments are ISO 8601 in UTC."""

    url: str
    source: str
    state: State = "listed"
    via: str = ""
    title: str = ""
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    first_listed: str = ""
    last_listed: str = ""
    due: str | None = None
    """When it is to be asked for; None for never again."""
    final_url: str | None = None
    stored: str | None = None
    checked: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    file: str | None = None
    offset: int | None = None
    length: int | None = None
    tries: int = 0
    reason: str | None = None
    detail: str | None = None
    since: str | None = None
    """Day since when it fails, is left out or removed."""

    @property
    def item(self) -> Item:
        """What the listing said of it."""
        return Item(self.url, self.title, "", self.published, self.modified, self.language)

    def fail(self, reason: str, detail: str, now: datetime) -> None:
        """It could not be had: it is tried again, later each time, until GIVE_UP."""
        self.since = self.since or stamp(now)
        wait = min(FIRST_RETRY * 2 ** min(self.tries, 12), LAST_RETRY)
        self.tries += 1
        self.reason, self.detail = reason, detail
        given_up = now - datetime.fromisoformat(self.since) > GIVE_UP
        self.due = None if given_up else stamp(now + wait)
        if self.file is None:
            self.state = "failed"

    def succeed(self) -> None:
        """It was had: earlier failures are forgotten."""
        self.tries, self.reason, self.detail, self.since = 0, None, None, None


_COLUMNS = [field.name for field in fields(Known)]
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS pages ({", ".join(name + (" PRIMARY KEY" if name == "url" else "") for name in _COLUMNS)});
CREATE INDEX IF NOT EXISTS pages_due ON pages (source, due);
CREATE INDEX IF NOT EXISTS pages_final ON pages (final_url);
CREATE TABLE IF NOT EXISTS listings (url PRIMARY KEY, etag, last_modified, read, problem, since);
CREATE TABLE IF NOT EXISTS robots (site PRIMARY KEY, text, read);
CREATE TABLE IF NOT EXISTS sources (name PRIMARY KEY, last_new, is_silent);
CREATE TABLE IF NOT EXISTS reduced (file PRIMARY KEY);
"""


@dataclass(kw_only=True)
class KnownListing:
    """One feed or sitemap, as it was read last."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    read: str | None = None
    problem: str | None = None
    since: str | None = None


class KnownPages:
    """The state of all sources. `for_real` is False for a dry run, which changes a copy in memory."""

    def __init__(self, collected: Path, *, for_real: bool = True) -> None:
        self._collected = collected
        path = collected / STATE_FILE
        is_new = not path.exists()
        self._connection = self._open(path) if for_real else sqlite3.connect(":memory:", isolation_level=None)
        if not for_real and not is_new:
            with suppress(sqlite3.DatabaseError), _closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as stored:
                stored.backup(self._connection)
        self._connection.executescript(_SCHEMA)
        if for_real:
            self._recover(is_new)

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(path, isolation_level=None, timeout=10)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError:  # damaged: the archives tell what is needed of it
            connection.close()
            for name in (path, *path.parent.glob(f"{path.name}-*")):
                name.unlink(missing_ok=True)
            connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        return connection

    def close(self) -> None:
        """Close the database of known pages."""
        self._connection.close()

    # --- after a killed run, or without a state

    def _recover(self, is_new: bool) -> None:
        """Take up what the archives hold and the state does not know, and ask again for what it knows and they lost."""
        for archive in hidden_archives(self._collected):
            self._adopt(archive.recover())
            self._forget_lost(archive)
            archive.join()
        if is_new or not self.n_pages():
            for path in sorted(self._collected.glob("*/*.warc.gz")):
                self._adopt(Archive(self._collected, path.parent.name, path.name.removesuffix(".warc.gz")).pages())

    def _adopt(self, pages: Iterable[Stored]) -> None:
        for page in pages:
            note = page.note
            url = note.get("listed")
            if not url:
                continue
            known = self.get(url) or Known(url=url, source=note.get("source", ""), first_listed=note.get("fetched", ""))
            if known.file == page.file and known.offset == page.offset:
                continue
            known.succeed()
            known.state, known.final_url = "stored", note.get("final", url)
            known.stored = known.stored or note.get("fetched")
            known.checked = note.get("fetched")
            known.published, known.body_sha256 = note.get("published") or known.published, note.get("sha256")
            known.etag, known.last_modified = note.get("etag"), note.get("last-modified")
            known.file, known.offset, known.length = page.file, page.offset, page.length
            known.due = note.get("due") or None
            self.put(known)

    def _forget_lost(self, archive: Archive) -> None:
        """Where the machine lost what was written last, the pages are asked for again."""
        whole = archive.size() + (archive.hidden.stat().st_size if archive.hidden.exists() else 0)
        self._connection.execute(
            "UPDATE pages SET state = 'listed', file = NULL, offset = NULL, body_sha256 = NULL, etag = NULL, last_modified = NULL,"
            " due = first_listed WHERE file = ? AND offset + length > ?",
            [archive.name, whole],
        )

    # --- pages

    def get(self, url: str) -> Known | None:
        """What is known of an address."""
        row = self._connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM pages WHERE url = ?", [url]).fetchone()
        return Known(**dict(zip(_COLUMNS, row, strict=True))) if row else None

    def put(self, known: Known) -> None:
        """Keep what is known of an address."""
        values = [getattr(known, name) for name in _COLUMNS]
        self._connection.execute(f"INSERT OR REPLACE INTO pages VALUES ({', '.join('?' * len(values))})", values)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep several things at once, which is faster."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    def due(self, source: str, now: datetime, most: int) -> list[tuple[str, str]]:
        """The addresses of a source that are to be asked for now, with their states: new ones first, of these the latest published."""
        return list(
            self._connection.execute(
                "SELECT url, state FROM pages WHERE source = ? AND due <= ?"
                " ORDER BY state NOT IN ('listed', 'stored'), file IS NOT NULL, published DESC, first_listed DESC, url LIMIT ?",
                [source, stamp(now), most],
            )
        )

    def n_due(self, source: str, now: datetime) -> int:
        """How many addresses of a source are to be asked for."""
        (n,) = self._connection.execute("SELECT count(*) FROM pages WHERE source = ? AND due <= ?", [source, stamp(now)]).fetchone()
        return int(n)

    def n_pages(self) -> int:
        """How many addresses are known."""
        (n,) = self._connection.execute("SELECT count(*) FROM pages").fetchone()
        return int(n)

    def is_stored_as(self, final_url: str, listed: str) -> bool:
        """Whether another listed address led to this page before."""
        query = "SELECT 1 FROM pages WHERE final_url = ? AND url != ? AND state = 'stored' LIMIT 1"
        return self._connection.execute(query, [final_url, listed]).fetchone() is not None

    def no_longer_listed(self, source: str, via: str, before: str, after: str) -> list[str]:
        """Stored pages that a list leaves out though it holds older ones: published `after` its oldest, not listed since `before`."""
        query = (
            "SELECT url FROM pages"
            " WHERE source = ? AND via = ? AND state = 'stored' AND due IS NOT NULL AND last_listed < ? AND published > ?"
        )
        return [url for (url,) in self._connection.execute(query, [source, via, before, after])]

    def rows(self, sources: Iterable[str], condition: str) -> Iterator[Known]:
        """The pages of some sources that fulfil a condition of ours, by address."""
        names = list(sources)
        query = f"SELECT {', '.join(_COLUMNS)} FROM pages WHERE source IN ({', '.join('?' * len(names))}) AND {condition} ORDER BY url"
        for row in self._connection.execute(query, names):
            yield Known(**dict(zip(_COLUMNS, row, strict=True)))

    def forget_left_out(self, listed_before: str) -> None:
        """Drop what was left out and is no longer listed since."""
        self._connection.execute("DELETE FROM pages WHERE state = 'left_out' AND last_listed < ?", [listed_before])

    # --- listings, robots, sources, archives

    def listing(self, url: str) -> KnownListing:
        """What is known of a feed or sitemap."""
        names = [field.name for field in fields(KnownListing)]
        row = self._connection.execute(f"SELECT {', '.join(names)} FROM listings WHERE url = ?", [url]).fetchone()
        return KnownListing(**dict(zip(names, row, strict=True))) if row else KnownListing(url=url)

    def put_listing(self, listing: KnownListing) -> None:
        """Keep what is known of a feed or sitemap."""
        values = [getattr(listing, field.name) for field in fields(KnownListing)]
        self._connection.execute("INSERT OR REPLACE INTO listings VALUES (?, ?, ?, ?, ?, ?)", values)

    def listing_problems(self, urls: Iterable[str]) -> list[KnownListing]:
        """Of some feeds and sitemaps, those that could not be read last time."""
        return [known for known in map(self.listing, urls) if known.problem]

    def robots(self) -> dict[str, Robots]:
        """The robots.txt of each site, as it was read last."""
        return {site: Robots(text, read) for site, text, read in self._connection.execute("SELECT site, text, read FROM robots")}

    def put_robots(self, site: str, robots: Robots) -> None:
        """Keep a robots.txt."""
        self._connection.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", [site, *robots])

    def last_new(self, source: str) -> tuple[str | None, bool]:
        """When a source listed something new last, and whether it counts as silent."""
        row = self._connection.execute("SELECT last_new, is_silent FROM sources WHERE name = ?", [source]).fetchone()
        return (row[0], bool(row[1])) if row else (None, False)

    def put_last_new(self, source: str, last_new: str, is_silent: bool) -> None:
        """Keep when a source listed something new last."""
        self._connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", [source, last_new, is_silent])

    def reduced(self) -> set[str]:
        """Archives of which only the texts are kept, or are about to be."""
        return {file for (file,) in self._connection.execute("SELECT file FROM reduced")}

    def note_reduced(self, file: str) -> None:
        """Only the texts of an archive are kept: its pages are not asked for again."""
        self._connection.execute("INSERT OR REPLACE INTO reduced VALUES (?)", [file])
        self._connection.execute("UPDATE pages SET due = NULL WHERE file = ?", [file])


@contextmanager
def _closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()
