"""Read a folder of articles, whatever their format: one `Article` or one `Rejected` for each input, never an exception."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from qantar.schema import Article, Format, ReadingReason, Rejected
from qantar.settings import FAILED_FILE, LEFT_OUT_FILE, NOT_ARTICLES
from qantar.stages.articles.archives import DOCUMENT_FORMATS, archive_languages
from qantar.stages.articles.catalogue import Catalogue, Entry, load_catalogue
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.file_kinds import belongs_to, format_of, what_to_do
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.language import identify_languages
from qantar.stages.articles.records import columns_of, read_csv, read_json_lines, read_parquet, read_spreadsheet, read_warc
from qantar.stages.articles.single_files import read_document_file, read_page_file, read_text_file
from qantar.stages.articles.slices import Slice
from qantar.text.identity import document_id

if TYPE_CHECKING:
    from qantar.settings import Corpus

__all__ = ["Catalogue", "Source", "describe_columns", "list_sources", "load_catalogue", "read_articles", "read_files", "read_movable"]

_LETTERS = re.compile(r"[^\W\d_]{2}")
_ENOUGH = 1_000  # pairs of letters: a text of words has three kinds of them by then
IN_SLICE = re.compile(r"\+\d+")
"""How a record without an id is called within a slice (see `read_movable`)."""
_TOGETHER, _MOST_TOGETHER = 64, 2**20
"""How many articles are looked at together, and characters of them: memory does not grow with the file."""
_MERE_NUMBER = re.compile(r"\d{0,9}")


@dataclass(frozen=True, order=True)
class Source:
    """A file with articles: its path under raw/, in posix form, its format, size in bytes and SHA-256."""

    path: str
    format: Format
    size: int
    sha256: str


def list_sources(raw: Path) -> tuple[list[Source], list[Rejected]]:
    """The files of the folder at any depth, sorted by path, and a row for each that is not of a known format or cannot be read.

    Hidden files and the files of the root that describe the articles (`articles.csv`, `corpus.toml` …) are left out. What belongs to a page
    that a browser stored, or was left by the machine, has a row of the stage `list`, and counts as no article that was lost.
    """
    sources, rejected = [], []
    found, closed = _walk(raw)
    root = raw.resolve()
    for name, path in sorted((path.relative_to(raw).as_posix(), path) for path in found):
        if (whose := belongs_to(raw, name)) and not path.is_symlink():
            rejected.append(replace(_reject(name, None, "no_article", whose), stage="list"))
            continue
        try:
            sources.append(_source(path, name, root))
        except NotTextError as error:
            rejected.append(_reject(name, None, error.reason, str(error)))
        except OSError as error:
            rejected.append(_reject(name, None, "unreadable", f"cannot be opened: {error.strerror or error}; {_remedy(error)}"))
    rejected += [_reject(path.relative_to(raw).as_posix(), None, "unreadable", detail) for path, detail in closed]
    return sources, sorted(rejected, key=lambda row: row.source_path)


def read_articles(
    raw: Path, source: Source, catalogue: Catalogue, corpus: Corpus, part: Slice | None = None
) -> Iterator[Article | Rejected]:
    """The articles of a file, or of a slice of it, one after the other: memory does not grow with it. Never raises for bad input."""
    yield from read_files(raw, [(source, part)], catalogue, corpus)


def read_files(
    raw: Path, pieces: Iterable[tuple[Source, Slice | None]], catalogue: Catalogue, corpus: Corpus
) -> Iterator[Article | Rejected]:
    """The articles of files, or of slices of them: the languages of some articles are identified together, whatever file they are in."""
    records = ((source, found) for source, part in pieces for found in _records(raw / source.path, source, part))
    for together in _together(records):
        yield from _articles(together, catalogue, corpus)


def read_movable(raw: Path, source: Source, catalogue: Catalogue, corpus: Corpus, part: Slice) -> list[Article | Rejected] | None:
    """The articles of a slice, whatever stands above it: a record without an id of its own is numbered from the slice's first line, `+1`.

    None where what is read depends on the slice's place: where an article's id does, for want of an address or an id of its own.
    """
    records: list[tuple[Source, Found | Rejected]] = []
    for found in read_json_lines(raw / source.path, part._replace(before=0)):
        if isinstance(found, Refused) or not _own_identity(found) or (found.id and IN_SLICE.fullmatch(found.id)):
            return None
        records.append((source, found if found.id else replace(found, record=f"+{found.record}")))
    return [row for together in _together(records) for row in _articles(together, catalogue, corpus)]


def describe_columns(raw: Path, source: Source) -> str | None:
    """Which columns of a file of records were taken for what, to be shown: "text from maintext, url from link"; None for other files."""
    mapping = columns_of(raw / source.path, source.format)
    return ", ".join(f"{field} from {name}" for field, name in mapping.items()) or None


# --- files -----------------------------------------------------------------------------------------------------


def _walk(raw: Path) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The files of a folder at any depth, and the folders that are not entered with the reason."""
    files: list[Path] = []
    closed: list[tuple[Path, str]] = []

    def note(error: OSError) -> None:
        closed.append((Path(error.filename), f"the folder cannot be entered: {error.strerror or error}; {_remedy(error)}"))

    for folder, folders, names in os.walk(raw, onerror=note):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (here / name).is_symlink()]
        closed += [(here / name, "is a link to a folder, which is not followed; move or copy the folder here") for name in links]
        at_root = here == raw
        files += [here / name for name in names if not name.startswith(".") and not (at_root and name in NOT_ARTICLES)]
    return [path for path in files if path not in (raw / FAILED_FILE, raw / LEFT_OUT_FILE)], closed


def _remedy(error: OSError) -> str:
    return "shorten its path" if error.errno == errno.ENAMETOOLONG else "check its permissions"


def _source(path: Path, name: str, raw: Path) -> Source:
    """Raises NotTextError for what is not a file of a known format, OSError for what cannot be read."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise NotTextError("unreadable", "its name is not UTF-8; rename it") from None
    kind = format_of(path, name)
    if kind is None:
        raise NotTextError("unknown_format", what_to_do(name))
    if path.is_symlink() and not path.resolve().is_relative_to(raw):
        raise NotTextError("unreadable", "is a link to a file outside of the folder of articles; copy the file here")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise NotTextError("unreadable", "is not a regular file; remove it")
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(2**20):
            total.update(piece)
    return Source(name, kind, status.st_size, total.hexdigest())


def _records(path: Path, source: Source, part: Slice | None) -> Iterator[Found | Rejected]:
    try:
        for found in read_json_lines(path, part) if part else _READERS[source.format](path):
            if isinstance(found, Refused):
                yield _reject(source.path, found.record, found.reason, found.detail)
            else:
                yield found
    except NotTextError as error:
        yield _reject(source.path, None, error.reason, str(error))
    except OSError as error:
        yield _reject(source.path, None, "unreadable", f"cannot be read: {error.strerror or error}; check its permissions")
    except Exception as error:  # a file never stops the others, whatever its reader did not foresee
        detail = f"its reader fails ({type(error).__name__}: {str(error)[:200]}); remove it or save it in another format, and report this"
        yield _reject(source.path, None, "crash", detail)


_READERS: dict[Format, Callable[[Path], Iterator[Found | Refused]]] = {
    "txt": read_text_file,
    "html": read_page_file,
    "jsonl": read_json_lines,
    "csv": read_csv,
    "parquet": read_parquet,
    "xlsx": read_spreadsheet,
    "warc": read_warc,
    **{format: partial(read_document_file, format=format) for format in DOCUMENT_FORMATS.values()},
}


# --- records -----------------------------------------------------------------------------------------------------


def _part_labels(found: Found) -> list[str]:
    return [f"{role or ''}:{rule}" for _, _, role, rule in found.parts]


class _Draft(NamedTuple):
    """What a file holds, and the catalogue says of it."""

    source: Source
    found: Found
    entry: Entry

    @property
    def said_language(self) -> str | None:
        """The language that is said of the article."""
        return self.entry.language or self.found.language


def _together(records: Iterable[tuple[Source, Found | Rejected]]) -> Iterator[list[tuple[Source, Found | Rejected]]]:
    """Records some at a time."""
    some: list[tuple[Source, Found | Rejected]] = []
    n_characters = 0
    for source, found in records:
        some.append((source, found))
        n_characters += len(found.text) if isinstance(found, Found) else 0
        if len(some) >= _TOGETHER or n_characters >= _MOST_TOGETHER:
            yield some
            some, n_characters = [], 0
    yield some


def _articles(records: Iterable[tuple[Source, Found | Rejected]], catalogue: Catalogue, corpus: Corpus) -> Iterator[Article | Rejected]:
    """The articles, with what the catalogue says of them, that are text in the corpus's language."""
    drafts = [found if isinstance(found, Rejected) else _draft(source, found, catalogue, corpus) for source, found in records]
    asked = [draft.found for draft in drafts if isinstance(draft, _Draft) and not draft.said_language]
    identified = iter(_identify(asked, corpus))
    for draft in drafts:
        if isinstance(draft, Rejected):
            yield draft
        else:
            yield _article(draft, *((draft.said_language, 1.0) if draft.said_language else next(identified)), corpus)


def _draft(source: Source, found: Found, catalogue: Catalogue, corpus: Corpus) -> _Draft | Rejected:
    if not _has_words(found.text):
        return _reject(source.path, found.record, "empty", "holds no words; remove it")
    if (n := len(found.text)) > corpus.max_characters:
        most = f"max_characters = {corpus.max_characters:,} of corpus.toml"
        detail = f"has {n:,} characters, more than {most}, and would hold up the rest; cut it into articles, or raise that"
        return _reject(source.path, found.record, "too_slow", detail)
    return _Draft(source, found, catalogue.entry(source.path, found.url) or Entry(line=0))


def _article(draft: _Draft, language: str, score: float, corpus: Corpus) -> Article | Rejected:
    source, found, entry = draft
    if language != corpus.language and corpus.other_languages == "reject":
        detail = f"is in {language!r} (score {score:.2f}), not in {corpus.language!r}; to keep it, set other_languages in corpus.toml"
        return _reject(source.path, found.record, "other_language", detail)
    return Article(
        document_id=document_id(_identity(source, found)),
        source_path=source.path,
        source_record=found.record,
        source_sha256=source.sha256,
        format=source.format,
        url=found.url or entry.url,
        outlet=entry.outlet or found.outlet,
        title=entry.title or found.title,
        author=entry.author or found.author,
        credit=entry.credit,
        published_on=entry.published_on or found.published_on,
        published_basis="catalogue" if entry.published_on else found.published_basis,
        encoding=found.encoding,
        is_repaired=found.is_repaired,
        language=language,
        language_score=score,
        licence=entry.licence or found.licence,
        note=entry.note,
        text=found.text,
        text_sha256=hashlib.sha256(found.text.encode("utf-8")).hexdigest(),
        has_raw_offsets=found.has_raw_offsets,
        raw_start=found.raw_start,
        parts=[[start, end] for start, end, _, _ in found.parts],
        part_labels=_part_labels(found),
    )


def _identify(articles: Sequence[Found], corpus: Corpus) -> Iterator[tuple[str, float]]:
    """The language of each article's text, and how sure that is."""
    identified = identify_languages(
        [found.own_text for found in articles], [found.likely_language or corpus.language for found in articles]
    )
    for found, (language, score) in zip(articles, identified, strict=True):
        if found.likely_language and language not in archive_languages():  # Latin and the like: a few names, or a sample's filler
            yield found.likely_language, score
        else:
            yield language, score


def _has_words(text: str) -> bool:
    kinds: set[str] = set()
    for pair in islice(_LETTERS.finditer(text), _ENOUGH):
        kinds.add(pair.group())
        if len(kinds) == 3:
            return True
    return False


def _identity(source: Source, found: Found) -> str:
    """What the source itself calls the article. A mere number is one only within its file."""
    return _own_identity(found) or f"{unicodedata.normalize('NFC', source.path)}#{found.record}"


def _own_identity(found: Found) -> str | None:
    """The address or id by which an article is known wherever it stands."""
    if found.url and _is_of_article(found.url):
        return found.url
    return found.id if found.id and not _MERE_NUMBER.fullmatch(found.id) else None


def _is_of_article(url: str) -> bool:
    """Whether a URL can be an article's: a site's front page, which badly made pages name as their own address, is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.path.strip("/") or parts.query)


def _reject(path: str, record: str | None, reason: ReadingReason, detail: str) -> Rejected:
    """A row of `rejected`; names and bytes that no table can hold are spelled out."""
    path, detail = (text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00") for text in (path, detail))
    return Rejected(source_path=path, source_record=record, stage="read", reason=reason, detail=detail)
