"""Read a folder of articles, whatever their format: one `Article` or one `Rejected` for each input, never an exception."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from qantar.schema import Article, Rejected
from qantar.stages.articles.archives import archive_languages
from qantar.stages.articles.catalogue import Catalogue, Entry, load_catalogue
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.language import identify_languages
from qantar.stages.articles.packed_folders import path_in_raw
from qantar.stages.articles.records import columns_of, read_json_lines
from qantar.stages.articles.slices import Slice
from qantar.stages.articles.source_files import Source, list_sources, rejected_row
from qantar.stages.articles.source_records import records_of
from qantar.text.identity import document_id

if TYPE_CHECKING:
    from qantar.settings import Corpus

__all__ = ["Catalogue", "Source", "describe_columns", "list_sources", "load_catalogue", "read_articles", "read_files", "read_movable"]

_LETTERS = re.compile(r"[^\W\d_]{2}")
_ENOUGH = 1_000  # pairs of letters: a text of words has three kinds of them by then
IN_SLICE = re.compile(r"\+\d+")
"""How a record without an id is called within a slice (see `read_movable`)."""
_TOGETHER, _MOST_TOGETHER = 256, 2**20
"""How many articles are looked at together, and characters of them: memory does not grow with the file."""
_MERE_NUMBER = re.compile(r"\d{0,9}")


def read_articles(
    raw: Path, source: Source, catalogue: Catalogue, corpus: Corpus, part: Slice | None = None
) -> Iterator[Article | Rejected]:
    """The articles of a file, or of a slice of it, one after the other: memory does not grow with it. Never raises for bad input."""
    yield from read_files(raw, [(source, part)], catalogue, corpus)


def read_files(
    raw: Path, pieces: Iterable[tuple[Source, Slice | None]], catalogue: Catalogue, corpus: Corpus
) -> Iterator[Article | Rejected]:
    """The articles of files, or of slices of them: the languages of some articles are identified together, whatever file they are in."""
    records = ((source, found) for source, part in pieces for found in records_of(raw / source.path, source, part))
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
        return rejected_row(source.path, found.record, "empty", "holds no words; remove it")
    if (n := len(found.text)) > corpus.max_characters:
        most = f"max_characters = {corpus.max_characters:,} of corpus.toml"
        detail = f"has {n:,} characters, more than {most}, and would hold up the rest; cut it into articles, or raise that"
        return rejected_row(source.path, found.record, "too_slow", detail)
    return _Draft(source, found, catalogue.entry(path_in_raw(source.path, source.format, found.record), found.url) or Entry(line=0))


def _article(draft: _Draft, language: str, score: float, corpus: Corpus) -> Article | Rejected:
    source, found, entry = draft
    if language != corpus.language and corpus.other_languages == "reject":
        detail = f"is in {language!r} (score {score:.2f}), not in {corpus.language!r}; to keep it, set other_languages in corpus.toml"
        return rejected_row(source.path, found.record, "other_language", detail)
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
