"""`raw/sources.toml`: what `qantar collect` follows, and within which limits."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qantar.settings import CORPUS_FILE, SOURCES_FILE, Corpus, QantarError
from qantar.text.identity import short_id

LEAST_DELAY = 1.0
"""Seconds between two requests to a host that is not named as private."""

Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Keep(_Strict):
    """How long the bytes of collected pages stay. After that their texts are kept as JSON Lines, so that no row is lost."""

    days: Share = Field(365, description="Archives older than this are reduced to the texts of their articles.")
    gigabytes: Share = Field(20, description="Beyond this the oldest archives are reduced, too.")


class Source(_Strict):
    """One outlet, or one part of what it publishes."""

    outlet: Text = Field(description="Who publishes; the `outlet` of the documents.")
    name: Text | None = Field(None, description="What it is called in reports, where an outlet has several. [default: the outlet]")
    feeds: list[Text] = Field([], description="Addresses of RSS or Atom feeds.")
    sitemaps: list[Text] = Field([], description="Addresses of sitemaps, news sitemaps or sitemap indexes.")
    addresses: list[Text] = Field([], description="Addresses of articles.")
    address_files: list[Text] = Field([], description="Files with an address on each line, relative to the raw folder; not inside it.")
    licence: Text | None = Field(None, description="Rights in the texts; the `licence` of the documents.")
    hosts: list[Text] = Field([], description="Hosts whose pages may be fetched, with their subdomains. [default: those of the lists]")
    words: list[Text] = Field([], description='Only articles with one of these words or phrases; `Almat*` also matches "Almaty".')
    without: list[Text] = Field([], description="No articles with one of these words or phrases.")
    words_in: Literal["listing", "page"] = Field(
        "listing",
        description="Where words are looked for: in title and summary as listed (in the page where nothing but an address is listed), "
        "or always in the page, which is then fetched to find out.",
    )
    since: date | None = Field(None, description="No articles published before this day.")
    until: date | None = Field(None, description="No articles published after this day.")
    sections: list[Text] = Field([], description='Only these sections: beginnings of paths ("/world/") or categories of a feed.')
    languages: list[Text] = Field([], description="Only articles in these languages, as ISO 639-1 codes.")
    delay: float | None = Field(None, ge=0, description="Seconds between two requests to a host. [default: that of all sources]")
    pages: int | None = Field(None, ge=1, description="Pages fetched in a run, at most. [default: that of all sources]")
    silent_days: Share = Field(7, description="An outlet that lists nothing new for so long is reported as silent.")

    @property
    def key(self) -> str:
        """What the source is called in reports."""
        return self.name or self.outlet

    @property
    def folder(self) -> str:
        """The folder of its outlet under raw/collected/."""
        return slug(self.outlet)

    @property
    def listings(self) -> list[str]:
        """The addresses of what lists its articles."""
        return [*self.feeds, *self.sitemaps]

    @model_validator(mode="after")
    def _lists_something(self) -> Source:
        if not (self.feeds or self.sitemaps or self.addresses or self.address_files):
            raise ValueError("give feeds, sitemaps, addresses or address_files")
        return self


class Sources(_Strict):
    """The whole file: limits for all sources, then the sources."""

    delay: float = Field(LEAST_DELAY, ge=0, description="Seconds between two requests to a host; less than 1 is for private hosts only.")
    pages: int = Field(2_000, ge=1, description="Pages of a source fetched in a run, at most; the others wait for the next.")
    minutes: Share = Field(60, description="Minutes that a run takes, at most; what is left waits for the next.")
    at_once: int = Field(8, ge=1, le=64, description="Hosts that are asked at the same time.")
    megabytes: Share = Field(8, description="Size of a page, at most; a list of addresses may be six times as large.")
    seconds: Share = Field(30, description="Seconds that one request may take.")
    redirects: int = Field(5, ge=0, description="Redirects that are followed for one address.")
    listed: int = Field(5_000, ge=1, description="Addresses taken from one feed or sitemap, at most.")
    listings: int = Field(50, ge=1, description="Sitemaps read for one source in a run, at most.")
    recheck_days: list[Share] = Field(
        [1, 3, 7], description="Days after which an article is asked for again, if it has changed; none are asked for after the last."
    )
    private: list[Text] = Field([], description='Hosts, as "127.0.0.1:8000", that may be fetched though they are not public: for tests.')
    keep: Keep = Field(Keep.model_validate({}), description="How long the bytes of pages stay.")
    source: list[Source] = Field(description="What is followed; one `[[source]]` each.", min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> Sources:
        keys = [source.key for source in self.source]
        if repeated := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"two sources are called {repeated[0]!r}; give each a name")
        folders: dict[str, str] = {}
        for source in self.source:
            if folders.setdefault(source.folder, source.outlet) != source.outlet:
                raise ValueError(f"outlets {folders[source.folder]!r} and {source.outlet!r} would share the folder {source.folder}")
            delay = self.delay if source.delay is None else source.delay
            if delay < LEAST_DELAY and not self.is_private(source):
                raise ValueError(
                    f"source {source.key!r}: delay {delay:g} is less than {LEAST_DELAY:g}; only private hosts may be asked faster"
                )
        return self

    def is_private(self, source: Source) -> bool:
        """Whether all that a source lists stands on hosts named as private."""
        named = [*source.listings, *source.addresses]
        return bool(named or source.hosts) and all(host in self.private for host in [*map(_netloc, named), *source.hosts])


def load_sources(raw: Path) -> Sources:
    """Read `raw/sources.toml`.

    Raises QantarError where it is missing or cannot be read, with the key and what it takes.
    """
    path = raw / SOURCES_FILE
    if not raw.is_dir():
        raise QantarError(f"{raw}: there is no such folder; name the folder of your articles with --raw")
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise QantarError(f"{path}: there is no such file; it says what to collect (see docs/how-to/collect.md)") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise QantarError(f"{path}: cannot be read as TOML: {error}") from error
    try:
        sources = Sources.model_validate(values)
    except ValidationError as error:
        raise QantarError("\n".join(f"{path}: {_told(problem)}" for problem in error.errors())) from error
    for source in sources.source:
        _check_files(raw, source)
    return sources


def read_addresses(raw: Path, source: Source) -> list[str]:
    """The addresses of a source's own list and of its files, in order; lines that begin with # are remarks."""
    lines = [line.strip() for name in source.address_files for line in (raw / name).read_text("utf-8", "replace").splitlines()]
    return [*source.addresses, *(line for line in lines if line and not line.startswith("#"))]


def user_agent(raw: Path) -> str:
    """What servers are told of who asks: made of `operator` and `contact` of corpus.toml.

    Raises QantarError where one is missing or cannot stand in a header.
    """
    from importlib.metadata import version

    corpus = Corpus.load(raw)
    contact = (corpus.contact or "").strip()
    operator = " ".join((corpus.operator or "").split())
    path = raw / CORPUS_FILE
    if not operator or not re.search(r"[^\s@]@[^\s@]|https?://\S", contact):
        raise QantarError(
            f"{path}: qantar collect tells servers who asks: set operator to your name or your institution's, "
            "and contact to an e-mail or web address"
        )
    if not (operator + contact).isascii() or re.search(r"[^\x20-\x7e]|[()]", operator + contact):
        raise QantarError(f"{path}: write operator and contact in Latin letters, without brackets: they are sent in a header")
    return f"Qantar/{version('qantar')} ({operator}; {contact})"


def slug(name: str) -> str:
    """A name as a folder's.

    >>> slug("The Harbour Times"), slug("Қазақ үні").startswith("outlet-")
    ('the-harbour-times', True)
    """
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    return made or f"outlet-{short_id('outlet', name)}"


def _check_files(raw: Path, source: Source) -> None:
    for name in source.address_files:
        path = (raw / name).resolve()
        if path.is_relative_to(raw.resolve()):
            raise QantarError(f"{raw / SOURCES_FILE}: address_files: {name!r} is inside the raw folder, where it is read as an article")
        if not path.is_file():
            raise QantarError(f"{raw / SOURCES_FILE}: address_files: {path} is not there")


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return url


def _told(problem: Any) -> str:
    """One of pydantic's problems in a line: the key as written in the file, and what is wrong."""
    place = ".".join(f"{part + 1}" if isinstance(part, int) else str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        part = str(problem["loc"][0]) if len(problem["loc"]) > 1 else ""
        known = (Source if part == "source" else Keep if part == "keep" else Sources).model_fields
        return f"unknown key {place}; known are {', '.join(known)}"
    words = problem["msg"].removeprefix("Value error, ")
    given = "" if problem["type"] in ("missing", "value_error") else f", not {problem['input']!r}"
    return f"{place}: {words}{given}" if place else str(words)
