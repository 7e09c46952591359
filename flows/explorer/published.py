"""The files of a published build: what they are, how large, and their checksums."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import OrderedDict, deque
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from qantar.explorer.limits import longest_article
from qantar.store.history import RUN_FILE

if TYPE_CHECKING:
    from qantar.explorer.editor import Editor
    from qantar.explorer.switch import Switch

KEPT_BYTES = 16 * 2**20
"""Characters of pages that are kept ready, together."""

TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".db": "application/vnd.sqlite3",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".cff": "application/yaml; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".txt": "text/plain; charset=utf-8",
}
CHECKSUMS = "SHA256SUMS"
LONGEST_ID = 100


@dataclass(frozen=True)
class File:
    """One file of a build that may be downloaded."""

    path: str
    size: int
    sha256: str | None

    @property
    def table(self) -> str | None:
        """The table whose rows it holds: `data/<table>/part-….parquet` or `csv/<table>.csv.gz`."""
        match PurePosixPath(self.path).parts:
            case ("data", table, _):
                return table
            case ("csv", name):
                return name.partition(".")[0]
        return None

    @property
    def media_type(self) -> str:
        """Its content type; files without a suffix (SHA256SUMS) are text."""
        return TYPES.get(PurePosixPath(self.path).suffix, "text/plain; charset=utf-8")


class KeptPages:
    """Pages made once and kept, the least recently asked for let go when they are too many bytes together."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._pages: OrderedDict[str, Any] = OrderedDict()
        self._bytes, self._most = 0, most
        self.largest = most // 50
        """Bytes of the largest page that is kept."""

    def get(self, address: str) -> Any:
        """The page of an address, if it is kept."""
        if address in self._pages:
            self._pages.move_to_end(address)
        return self._pages.get(address)

    def keep(self, address: str, response: Any) -> None:
        """Keep a page, unless it is large by itself."""
        if len(response.body) > self.largest or address in self._pages:
            return
        self._pages[address] = response
        self._bytes += len(response.body)
        while self._bytes > self._most:
            _, let_go = self._pages.popitem(last=False)
            self._bytes -= len(let_go.body)


class Published:
    """One build's folder, resolved, so that it stays the same whatever `latest` points at."""

    def __init__(
        self,
        folder: Path,
        switch: Switch | None = None,
        history: Path | None = None,
        max_age: float | None = None,
        editor: Editor | None = None,
    ) -> None:
        self.folder = folder
        self.editor = editor
        """What may be changed by the browser; None, as ever but for `qantar serve --edit`: nothing."""
        self.switch = switch
        self.history = history
        self.max_age = max_age
        """Seconds without a good run after which `/-/health` is bad."""
        self.copies: deque[Any] = deque(maxlen=8)
        """Of the history, the last one served: a request under way may only now open one of those before it."""
        self.disk: tuple[dict[str, int], float | None] = ({}, None)
        self._seen: dict[str, float] = {}
        self.answers: dict[tuple[Any, ...], list[Any]] = {}
        self.pages = KeptPages()
        self.differences: dict[tuple[str, str], Any] = {}
        """What was compared with builds that are kept beside this one, by build and table."""

    def kept(self, build_id: str) -> Published | None:
        """This build, or one that is still kept beside it: a reader may have been given its address just before a switch.

        None where there is no such build, or it was taken back.
        """
        if build_id == self.build_id:
            return self
        if len(build_id) > LONGEST_ID:  # no file system has such a name
            return None
        folder = self.folder.parent / build_id
        if folder.name != build_id or build_id.startswith(".") or not (folder / CHECKSUMS).is_file():
            return None
        run = folder / RUN_FILE
        withdrawn = run.is_file() and json.loads(run.read_text("utf-8")).get("outcome") == "withdrawn"
        return None if withdrawn else Published(folder)

    def seconds_since(self, run_id: str) -> float:
        """Seconds since a run was first asked about here: no clock that is set back makes it younger."""
        self._seen = {run_id: self._seen.get(run_id, time.monotonic())}
        return time.monotonic() - self._seen[run_id]

    @cached_property
    def build_id(self) -> str:
        """The build's id, from its database."""
        with closing(sqlite3.connect(f"file:{self.folder / 'qantar.db'}?immutable=1", uri=True)) as connection:
            return str(connection.execute("SELECT build_id FROM build").fetchone()[0])

    @cached_property
    def longest_article(self) -> int:
        """Bytes of the longest text, at most."""
        with closing(sqlite3.connect(f"file:{self.folder / 'qantar.db'}?immutable=1", uri=True)) as connection:
            return longest_article(connection)

    @cached_property
    def validation(self) -> dict[str, Any] | None:
        """What the build's validation report says, where there is one."""
        path = self.folder / "validation" / "report.json"
        report: dict[str, Any] | None = json.loads(path.read_text("utf-8")) if path.is_file() else None
        return report

    @cached_property
    def files(self) -> dict[str, File]:
        """The files that may be downloaded, by path: those under the checksums, and the list of checksums itself.

        Nothing else of the machine can be asked for: a path is looked up here, never put together.
        """
        listing = self.folder / CHECKSUMS
        sums: dict[str, str | None] = {CHECKSUMS: None} if listing.is_file() else {"qantar.db": None}
        if listing.is_file():
            for line in listing.read_text("utf-8").splitlines():
                digest, _, path = line.partition("  ")
                sums[path] = digest
        found = {path: self.folder / path for path in sorted(sums)}
        return {
            path: File(path, at.stat().st_size, sums[path])
            for path, at in found.items()
            if at.is_file() and self.folder in at.resolve().parents
        }
