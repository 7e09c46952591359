"""What is known of the articles beside their texts: `raw/articles.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from qantar.schema import ReadingReason, Rejected
from qantar.stages.articles.encodings import MOST_BYTES, NotTextError, decode
from qantar.stages.articles.packed_folders import packed_above
from qantar.text.csv_lines import csv_records
from qantar.text.identity import digest

CATALOGUE = "articles.csv"
COLUMNS = ("path", "url", "outlet", "author", "published_on", "language", "licence", "note", "title", "credit")
"""Columns of articles.csv; only one of the first two is needed."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of articles.csv; empty cells are None."""

    line: int
    path: str | None = None
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published_on: date | None = None
    language: str | None = None
    licence: str | None = None
    note: str | None = None
    title: str | None = None
    credit: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """The sound lines of articles.csv by path and by URL, and a row of `rejected` for each of the others."""

    by_path: dict[str, Entry] = field(default_factory=dict)
    by_url: dict[str, Entry] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    def entry(self, path: str, url: str | None) -> Entry | None:
        """What the catalogue says of the article at this URL, else of the file at this path."""
        found = self.by_url.get(same_url(url)) if url else None
        return found or self.by_path.get(path)

    def told(self, paths: Iterable[str]) -> list[str]:
        """All that it tells of the articles of some files: what stands under their paths, and under any URL, which only they know."""
        return [*_told(entry for path in paths for entry in self._at(path)), self._of_urls]

    def _at(self, path: str) -> list[Entry]:
        """The lines of a file, and of what is packed in it."""
        found = self.by_path.get(path)
        return ([found] if found else []) + self._packed.get(path, [])

    @cached_property
    def _packed(self) -> dict[str, list[Entry]]:
        """The lines of files within packed folders, by the path of the packed folder."""
        packed: dict[str, list[Entry]] = {}
        for path, entry in self.by_path.items():
            for folder in packed_above(path):
                packed.setdefault(folder, []).append(entry)
        return packed

    @cached_property
    def _of_urls(self) -> str:
        return digest(*_told(self.by_url.values()))

    def unmatched(self, paths: Iterable[str], urls: Iterable[str | None] = ()) -> list[Rejected]:
        """Lines that speak of no article: neither of a file among `paths` nor of a URL among `urls`."""
        paths, known = set(paths), {same_url(url) for url in urls if url}
        entries = {entry.line: entry for entry in (*self.by_path.values(), *self.by_url.values())}
        lost = [e for e in entries.values() if e.path not in paths and (e.url is None or same_url(e.url) not in known)]
        return [
            _reject(e.line, "unmatched", f"{e.path or e.url} is not an article of this folder; fix the line or add the article")
            for e in sorted(lost, key=lambda e: e.line)
        ]


def _told(entries: Iterable[Entry]) -> list[str]:
    return [repr(replace(entry, line=0)) for entry in entries]


def load_catalogue(raw: Path) -> Catalogue:
    """Read `raw/articles.csv`; a folder without one has an empty catalogue. A broken line is left out and reported, the rest is used."""
    path = raw / CATALOGUE
    if not path.is_file():
        return Catalogue()
    try:
        text = decode(path.read_bytes(), MOST_BYTES).text  # it may be longer than an article
    except (OSError, NotTextError) as error:
        return Catalogue(rejected=[_reject(1, "unreadable", f"cannot be read: {error}")])
    catalogue = Catalogue()
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as error:
        return Catalogue(rejected=[_reject(1, "broken_line", f"the header cannot be read: {error}")])
    keyed = not {"path", "url"}.isdisjoint(header)
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or not keyed:
        named = ", ".join(map(repr, unknown or header))
        catalogue.rejected.append(_reject(1, "broken_line", f"the header has {named}; columns are {', '.join(COLUMNS)}"))
    for entry in _read_entries(reader, header) if keyed else ():
        refused = entry if isinstance(entry, Rejected) else _add(catalogue, entry)
        catalogue.rejected.extend([refused] if refused else [])
    return catalogue


def _read_entries(reader: Any, header: list[str]) -> Iterator[Entry | Rejected]:
    """The entries of the lines that a CSV reader goes on with; empty ones are passed over."""
    for line, _, cells in csv_records(reader):
        if isinstance(cells, csv.Error):
            yield _reject(line, "broken_line", f"no line of a CSV file: {cells}")
        elif any(cell.strip() for cell in cells):
            yield _read_entry(line, header, cells)


def _read_entry(line: int, header: list[str], cells: list[str]) -> Entry | Rejected:
    """The entry of a line, or why it is none."""
    if len(cells) != len(header):
        wrong = f"has {len(cells)} cells where the header has {len(header)}; quote cells that hold commas"
        return _reject(line, "broken_line", wrong)
    values = {name: cell.strip() or None for name, cell in zip(header, cells, strict=True) if name in COLUMNS}
    if not values.get("path") and not values.get("url"):
        return _reject(line, "broken_line", "has neither path nor url")
    written = values.pop("published_on", None)
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        return _reject(line, "broken_line", f"published_on is {written!r}; write it as YYYY-MM-DD")
    if path := values.get("path"):
        values["path"] = path.replace("\\", "/").removeprefix("./")
    return Entry(line=line, published_on=day, **values)


def _add(catalogue: Catalogue, entry: Entry) -> Rejected | None:
    """Add an entry; why it is refused where a line above speaks of the same article."""
    url, path = entry.url, entry.path
    if url and (above := catalogue.by_url.get(same_url(url))):
        return _reject(entry.line, "repeated_line", f"speaks of {url}, as line {above.line} does")
    if path and not url and (above := catalogue.by_path.get(path)):
        return _reject(entry.line, "repeated_line", f"speaks of {path}, as line {above.line} does")
    if url:
        catalogue.by_url[same_url(url)] = entry
    if path:
        catalogue.by_path.setdefault(path, entry)
    return None


def same_url(url: str) -> str:
    """URLs that differ in scheme, a leading www. or a last slash are of the same page."""
    bare = url.strip().split("#", 1)[0].split("://", 1)[-1].removeprefix("www.").rstrip("/")
    host, slash, rest = bare.partition("/")
    return host.lower() + slash + rest


def _reject(line: int, reason: ReadingReason, detail: str) -> Rejected:
    return Rejected(source_path=CATALOGUE, source_record=str(line), stage="catalogue", reason=reason, detail=f"line {line} {detail}")
