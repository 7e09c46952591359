"""What a build is made with: the command's options and the corpus's own `corpus.toml`."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

CORPUS_FILE = "corpus.toml"
AUTHORITY_FILE = "authority.csv"
CATALOGUE_FILE = "articles.csv"
TAKEDOWNS_FILE = "takedowns.csv"
SOURCES_FILE = "sources.toml"
CORRECTIONS_FILE = "corrections.csv"
AUDIT_FILE = "audit.csv"
CALIBRATION_FILE = "calibration.csv"
NOT_ARTICLES = frozenset(
    {CORPUS_FILE, AUTHORITY_FILE, CATALOGUE_FILE, TAKEDOWNS_FILE, SOURCES_FILE, CORRECTIONS_FILE, AUDIT_FILE, CALIBRATION_FILE}
)
"""Files at the root of the raw folder that describe the articles."""
BAND = r"(\w+) (\d*)-(\d*)"
"""A table and the rows that it is to have, as `warn_rows` says it."""
COLLECTED = "collected"
"""The folder of the raw folder that `qantar collect` writes to."""
FAILED_FILE = f"{COLLECTED}/failed.csv"
"""What could not be fetched: rows of `rejected`."""
LEFT_OUT_FILE = f"{COLLECTED}/left_out.csv"
"""What was listed by an outlet and not wanted."""


class QantarError(Exception):
    """An error that the user can fix: the message says what happened, where, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """What `corpus.toml` says of a corpus; every field has a default, so that a bare folder of articles works."""

    name: str = "corpus"
    """Short name, for files and citations: letters, digits and hyphens."""
    title: str = "A corpus of news"
    """The dataset's title, on its pages, card and citation."""
    description: str = ""
    """What the corpus is, in a sentence or two."""
    homepage: str | None = None
    """Address of the dataset's page, http:// or https://."""
    licence: str | None = None
    """Rights in a few words, for the pages. [default: made from `annotations_licence`]"""
    annotations_licence: Literal["CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC0-1.0", "ODC-By-1.0"] | None = None
    """Licence of the annotations, which you choose. Without one the dataset claims none."""
    contact: str | None = None
    """Address to write to, for example to have an article removed."""
    operator: str | None = None
    """Who collects, in Latin letters; `qantar collect` tells it, with `contact`, to every server that it asks."""
    authors: list[str] = field(default_factory=list)
    """Who made the dataset, for its citation."""
    language: str = "en"
    """ISO 639-1 code of the articles that are annotated."""
    other_languages: Literal["reject", "keep"] = "reject"
    """What becomes of articles in other languages: a row in `rejected`, or a document without annotations."""
    max_rejected: float = 0.25
    """A build fails when more than this share of the records is rejected; rows of the stage `list`, no articles, do not count."""
    warn_rejected: float = 0.1
    """A warning, which `--notify` tells, where more than this share of the articles is rejected."""
    warn_drop: float = 0.2
    """A warning where a table has lost more than this share of its rows since the build before."""
    warn_rows: list[str] = field(default_factory=list)
    """A warning where a table has fewer or more rows than this: `["quotes 500-2000", "documents 100-"]`."""
    max_characters: int = 1_000_000
    """Characters of an article, at most: a longer one, a book perhaps, would hold up the rest, and is a row in `rejected`."""
    copy_common: float = 0.2
    """Share of the shorter text's words that two copies have in common in runs of three, at least; more finds fewer of those rewritten."""
    copy_reach: float = 0.7
    """Share of the shorter text over which these follow each other, at least; less joins articles that share long passages."""
    template_differs: float = 0.2
    """Share of the names, numbers and days that differs between two articles of one frame, at least, beyond what edits account for;
    less takes updates for other articles, more takes other articles for copies."""
    template_same: float = 0.65
    """Where a third article shows the frame: share of what fills the slots that two copies have in common, at least, beside the share of
    the frame's own words that they have in common."""
    tokens: bool = False
    """Add the table `tokens`: each word with its lemma, part of speech and place in the tree. It is as large as all others together."""
    name_correctors: bool = False
    """Publish who made each line of corrections.csv, in the table `corrections`."""
    errors_to: str | None = None
    """Where readers report errors: an e-mail address, or the address of a page for new issues (https://…)."""
    gold: list[str] = field(default_factory=list)
    """Folders of annotated articles, relative to the raw folder or the source tree: each build is measured on those that it holds."""

    @classmethod
    def load(cls, raw: Path) -> Corpus:
        """Read `raw/corpus.toml`; a folder without one has the defaults.

        Raises QantarError for a file that is not TOML, an unknown key or a value of another type.
        """
        path = raw / CORPUS_FILE
        if not path.exists():
            return cls(name=raw.resolve().name)
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise QantarError(f"{path}: cannot be read as TOML: {error}") from error
        known = get_type_hints(cls)
        for key, value in values.items():
            if key not in known:
                raise QantarError(f"{path}: unknown key {key!r}; known are {', '.join(known)}")
            if not _fits(value, known[key]):
                raise QantarError(f"{path}: {key} should be {_in_words(known[key])}, not {value!r}")
        _check_forms(path, values)
        return cls(**values)


def _check_forms(path: Path, values: dict[str, Any]) -> None:
    """Raise QantarError for an address, or a band of rows, that is written otherwise."""
    homepage = values.get("homepage")
    if homepage and not homepage.startswith(("https://", "http://")):
        raise QantarError(f"{path}: homepage should be an address that begins with https:// or http://, not {homepage!r}")
    errors_to = values.get("errors_to")
    if errors_to and not re.fullmatch(r"https?://\S+|[^\s@:/?&]+@[^\s@:/?&]+", errors_to):
        raise QantarError(f"{path}: errors_to should be an e-mail address or an address that begins with https://, not {errors_to!r}")
    if wrong := next((band for band in values.get("warn_rows", []) if not re.fullmatch(BAND, band)), None):
        raise QantarError(f'{path}: warn_rows should be bands such as "quotes 500-2000" or "documents 100-", not {wrong!r}')


def _fits(value: Any, declared: Any) -> bool:
    """Whether a value of TOML may stand for a key of this type; numbers are shares."""
    if choices := _choices(declared):
        return value in choices
    if declared is bool:
        return isinstance(value, bool)
    if declared is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    if declared is int:
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    if get_origin(declared) is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _choices(declared: Any) -> list[str]:
    """The values of a Literal, also of one that may be left out."""
    if get_origin(declared) is Literal:
        return list(get_args(declared))
    return [choice for part in get_args(declared) if get_origin(part) is Literal for choice in get_args(part)]


def _in_words(declared: Any) -> str:
    if choices := _choices(declared):
        return "one of " + ", ".join(f'"{choice}"' for choice in choices)
    if declared is bool:
        return "true or false"
    if declared is float:
        return "a number from 0 to 1"
    if declared is int:
        return "a whole number above 0"
    return "a list of texts" if get_origin(declared) is list else "a text"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of `qantar build`."""

    raw: Path = Path("raw")
    out: Path = Path("processed")
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    runner: Literal["local", "dask"] = "local"
    dask_address: str | None = None
    model: str | None = None
    annotate: bool = True
    corrections: bool = True
    """False: build as if corrections.csv were not there, to measure the pipeline on what it says."""
    force: bool = False
    keep: int = 5
    """Builds that stay on disk, the latest among them."""
    on_failure: str | None = None
    """A command to run when a build failed; QANTAR_MESSAGE tells it why."""
    notify: str | None = None
    """A command to run when a build failed, recovered, or lost more than the one before; QANTAR_EVENT says which, QANTAR_MESSAGE what."""
    collect: bool = False
    """Fetch what `raw/sources.toml` follows before the build."""
    wait: bool = False
    """Wait for another build that holds the output folder instead of failing: for unattended runs."""

    @property
    def shaping(self) -> dict[str, Any]:
        """The options that shape the result; how it is computed does not."""
        return {"model": self.model, "annotate": self.annotate}
