"""Put the texts back into the annotations edition, from the user's own copies of the articles.

A text is rebuilt from its raw file by the offsets of its blocks, and taken only if it has the hash the edition says; all other
words (sentences, names, quotes, cues, speakers) are passages of it. Texts wait in a temporary database, so that memory does not
grow with the corpus.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from qantar.corrections.corrections_file import load_corrections
from qantar.corrections.fixes import Fix
from qantar.publish.csv_tables import file_digest, read_row_digests
from qantar.publish.datapackage import declared_tables
from qantar.publish.editions import REHYDRATION, tables_of
from qantar.publish.package import write_package
from qantar.publish.release import CHANGES, ROW_CHANGES, read_corpus, read_release
from qantar.schema import TABLES, Article, Column, Rejected, Table
from qantar.settings import QantarError
from qantar.stages.articles.versions import version_id
from qantar.store.parquet import PartWriter, arrow_schema, batches, part_batches, parts
from qantar.store.sqlite import write_build_database

_SPACE = re.compile(r"\s")
_BODY = "\n\n"


@dataclass(frozen=True)
class Rehydrated:
    """What became of a rehydration: documents by how it went, and the tables that are not as they were in the full edition."""

    folder: Path
    restored: tuple[str, ...]
    missing: tuple[str, ...]
    """Documents of which no copy was found, with the path they had."""
    altered: tuple[str, ...]
    """Documents whose copy is not the one that was annotated."""
    differing: tuple[str, ...]
    """Tables whose rows differ from the full edition's; none, if every text was restored."""
    same_bytes: bool
    """Whether the Parquet files are the full edition's, byte for byte: the same rows written by another version of Arrow are not."""

    @property
    def is_whole(self) -> bool:
        """Whether every text was found unchanged."""
        return not (self.missing or self.altered or self.differing)

    def summary(self) -> str:
        """What was done, in lines for people."""
        lines = [f"{self.folder}: the texts of {len(self.restored)} documents are back"]
        lines += [f"missing: {document}; no copy of it was found" for document in self.missing]
        lines += [f"altered: {document}; your copy is not the one that was annotated" for document in self.altered]
        if self.differing and not self.missing and not self.altered:
            lines.append(f"these tables differ from the full edition's: {', '.join(self.differing)}; is articles.csv there?")
        if self.is_whole:
            lines.append("every table is as in the full edition" + (", byte for byte" if self.same_bytes else ", row by row"))
        return "\n".join(lines)


def rehydrate(release: Path, raw: Path, out: Path) -> Rehydrated:
    """Write the full tables of an annotations edition to the empty or new folder `out`, with texts from the articles in `raw`.

    Articles are found by their own id or URL, else by their file's bytes, whatever it is called. Rows of documents that are missing or
    altered keep empty texts. Raises QantarError if the release is not an annotations edition or a folder does not fit.
    """
    corpus, edition = read_corpus(release)
    _check_folders(release, edition, raw, out)
    promised: dict[str, Any] = json.loads((release / REHYDRATION).read_text("utf-8"))
    with tempfile.TemporaryDirectory() as scratch, closing(_Texts(Path(scratch) / "texts.db")) as texts:
        altered = set(_collect(release, raw, texts))
        missing = [
            f"{row['document_id']} ({row['source_path']})"
            for row in _rows(release, "documents", ["document_id", "source_path"])
            if row["document_id"] not in altered and texts.document(row["document_id"]) is None
        ]
        restored = texts.ids()
        _write_tables(release, out, _Given(texts, promised["fullest"], *_corrected(release, raw)))
    write_build_database(out)
    for name in (CHANGES, ROW_CHANGES):
        if (release / name).exists():
            shutil.copyfile(release / name, out / name)
    told = read_release(release)
    write_package(out, corpus, replace(told, edition="full") if told else None)
    rows = read_row_digests(out)
    return Rehydrated(
        folder=out,
        restored=tuple(restored),
        missing=tuple(missing),
        altered=tuple(sorted(altered)),
        differing=tuple(name for name in TABLES if rows[name] != promised["rows"][name]),
        same_bytes=all((out / path).is_file() and file_digest(out / path) == digest for path, digest in promised["files"].items()),
    )


def _check_folders(release: Path, edition: str, raw: Path, out: Path) -> None:
    """Raise QantarError unless a release can be rehydrated from `raw` to `out`."""
    if edition != "annotations":
        raise QantarError(f"{release}: this edition has its texts already; only the annotations edition can be rehydrated")
    if not raw.is_dir():
        raise QantarError(f"{raw}: there is no such folder; name the folder of your copies of the articles")
    if out.exists() and any(out.iterdir()):
        raise QantarError(f"{out}: the folder is not empty; name a new one")
    package = json.loads((release / "datapackage.json").read_text("utf-8"))
    if [(t.name, t.columns) for t in declared_tables(package).values()] != [(t.name, _plain(t)) for t in tables_of("annotations").values()]:
        (made_by,) = (row["code_version"] for row in _rows(release, "build", ["code_version"]))
        raise QantarError(f"{release}: its tables are those of Qantar {made_by}; install that version to put the texts back")


def _write_tables(release: Path, out: Path, given: _Given) -> None:
    """Write every table of a release with its texts."""
    for table in TABLES.values():
        for part in parts(release, table):
            with PartWriter(out / part.relative_to(release), table) as writer:
                for batch in part_batches(part):
                    writer.write(_with_words(table, batch, given))


def _corrected(release: Path, raw: Path) -> tuple[dict[str, Fix], dict[str, str]]:
    """The corrections that stand beside the articles, by their ids; and the documents whose title one of the release has corrected."""
    fixes = {fix.id: fix for fix in load_corrections(raw).fixes}
    columns = ["correction_id", "document_id", "table", "field", "status"]
    rows = [row for row in _rows(release, "corrections", columns) if (row["table"], row["field"]) == ("documents", "title")]
    return fixes, {row["document_id"]: row["correction_id"] for row in rows if row["status"] == "applied"}


def _plain(table: Table) -> tuple[Column, ...]:
    """A table's columns as a data package declares them."""
    return tuple(replace(c, indexed=c.references is not None, facet=False, is_words=False) for c in table)


# --- texts from raw files ------------------------------------------------------------------------------------


class _Words(NamedTuple):
    """The words of a document's row."""

    title: str | None
    byline: str | None
    credit: str | None
    text: str


class _Texts:
    """Documents' texts, titles and blocks, on disk."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE documents (document_id TEXT PRIMARY KEY, title TEXT, byline TEXT, credit TEXT, text TEXT)")
        self._connection.execute("CREATE TABLE blocks (block_id TEXT PRIMARY KEY, text TEXT)")
        self.document = lru_cache(maxsize=1)(self._document)

    def add(self, document_id: str, words: _Words, blocks: dict[str, str]) -> None:
        self._connection.execute("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?)", (document_id, *words))
        self._connection.executemany("INSERT OR IGNORE INTO blocks VALUES (?, ?)", blocks.items())

    def _document(self, document_id: str) -> _Words | None:
        row = self._connection.execute("SELECT title, byline, credit, text FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        return row and _Words(*row)

    def block(self, block_id: str) -> str | None:
        row = self._connection.execute("SELECT text FROM blocks WHERE block_id = ?", (block_id,)).fetchone()
        return row and str(row[0])

    def ids(self) -> list[str]:
        return [row[0] for row in self._connection.execute("SELECT document_id FROM documents ORDER BY document_id")]

    def close(self) -> None:
        self._connection.close()


def _collect(release: Path, raw: Path, texts: _Texts) -> Iterator[str]:
    """Store the texts found in the raw folder; gives the documents whose copies are not the ones that were annotated."""
    columns = ["document_id", "source_sha256", "source_record", "text_sha256"]
    wanted = {row["document_id"]: row for row in _rows(release, "documents", columns)}
    by_bytes: dict[tuple[str, str], str] = {(row["source_sha256"], row["source_record"]): id_ for id_, row in wanted.items()}
    altered: set[str] = set()
    with closing(sqlite3.connect(f"{(release / 'qantar.db').resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        for article in _articles(release, raw):
            names = (version_id(article.document_id, article.text_sha256), article.document_id)
            document_id = next((name for name in names if name in wanted), "")
            if not document_id:
                document_id = by_bytes.get((article.source_sha256, article.source_record), "")
            if not document_id:
                continue
            blocks = connection.execute(
                "SELECT block_id, role, raw_start, raw_end, start FROM blocks WHERE document_id = ? ORDER BY position", (document_id,)
            ).fetchall()
            words = _block_texts(replace(article, document_id=document_id), blocks)
            text = _joined(words, [block[4] for block in blocks]) if words else ""
            if hashlib.sha256(text.encode()).hexdigest() != wanted[document_id]["text_sha256"]:
                altered.add(document_id)
                continue
            first: dict[str, str] = {}
            for word, block in zip(words, blocks, strict=True):
                first.setdefault(block[1], word)
            found = _Words(article.title or first.get("title"), first.get("byline"), first.get("credit") or article.credit, text)
            texts.add(document_id, found, dict(zip((block[0] for block in blocks), words, strict=True)))
    yield from altered.difference(texts.ids())


def _joined(words: Sequence[str], starts: Sequence[int | None]) -> str:
    """The text that the words of its blocks make, joined as their places say."""
    text = ""
    for word, start in zip(words, starts, strict=True):
        if start is not None:
            gap = start - len(text)
            text += (" " * gap if gap < len(_BODY) else _BODY) * bool(text) + word
    return text


def _articles(release: Path, raw: Path) -> Iterator[Article]:
    from qantar.stages.articles import list_sources, load_catalogue, read_articles

    corpus, _ = read_corpus(release)
    catalogue = load_catalogue(raw)
    for source in list_sources(raw)[0]:
        for article in read_articles(raw, source, catalogue, replace(corpus, other_languages="keep")):
            if isinstance(article, Article):
                yield article


def _block_texts(article: Article, blocks: Sequence[tuple[Any, ...]]) -> list[str]:
    """The words of each block, from its place in the raw text; where there is none, as in HTML, by cleaning the article again."""
    if any(raw_start is not None for _, _, raw_start, _, _ in blocks):
        at = article.raw_start
        beside = " ".join((article.title or "").split())  # a headline given beside the text has no place in it
        return [beside if start is None else _SPACE.sub(" ", article.text[start - at : end - at]) for _, _, start, end, _ in blocks]
    from qantar.stages.blocks import clean_article

    cleaned = clean_article(article)
    if isinstance(cleaned, Rejected) or [b.block_id for b in cleaned.blocks] != [block[0] for block in blocks]:
        return []
    return [block.text for block in cleaned.blocks]


# --- rows with their words -----------------------------------------------------------------------------------


def _rows(folder: Path, table: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    for batch in batches(folder, tables_of("annotations")[table]):
        yield from batch.select(columns).to_pylist()


class _Given(NamedTuple):
    """What words are made of."""

    texts: _Texts
    fullest: dict[str, Any]
    """Where the wording of each group of quotes stands."""
    fixes: dict[str, Fix]
    titles: dict[str, str]
    """The corrections of titles, by their documents."""


def _with_words(table: Table, batch: pa.RecordBatch, given: _Given) -> pa.Table:
    """A batch of an edition's rows with the columns it lacks."""
    words = [c for c in table if c.is_words]
    held = pa.Table.from_batches([batch])
    if not words:
        return held
    found = [_words_of(table.name, row, given) for row in batch.to_pylist()]
    for column in words:
        values = [row.get(column.name, None if column.nullable else "") for row in found]
        held = held.append_column(arrow_schema(table).field(column.name), pa.array(values, pa.string()))
    return held


def _words_of(table: str, row: dict[str, Any], given: _Given) -> dict[str, str | None]:
    """The words of one row, by column; none, if its document was not restored."""
    texts = given.texts
    if table == "blocks":
        block = texts.block(row["block_id"])
        return {} if block is None else {"text": block}
    if table == "corrections":
        return _words_of_correction(row, given)
    if table == "quote_groups":
        return _wording(given.fullest.get(row["quote_group_id"]), texts)
    document = texts.document(row["document_id"])
    if document is None:
        return {}
    if table == "documents":
        correction = given.titles.get(row["document_id"])
        fix = given.fixes.get(correction or "")
        return document._asdict() | ({"title": fix.value or None if fix else None} if correction else {})
    text = document.text
    if table == "quotes":
        return {
            "text": " ".join(text[start:end] for start, end in row["segments"]),
            "cue": _slice(text, row["cue_start"], row["cue_end"]),
            "speaker": _slice(text, row["speaker_start"], row["speaker_end"]),
        }
    return {"text": text[row["start"] : row["end"]]}


def _words_of_correction(row: dict[str, Any], given: _Given) -> dict[str, str | None]:
    """The words of a line: as corrections.csv beside the articles has it, else what stands in the text, if that is what it was about."""
    fix = given.fixes.get(row["correction_id"].partition("-")[0])
    is_there = row["document_id"] is not None or row["table"] == "entities"
    if fix and is_there and hashlib.sha256(fix.text.encode("utf-8", "surrogatepass")).hexdigest() == row["text_sha256"]:
        return {"text": fix.text, "value": fix.value, "reason": fix.reason or None}
    document = given.texts.document(row["document_id"]) if row["document_id"] and row["start"] is not None else None
    said = document.text[row["start"] : row["end"]] if document else None
    return {"text": said if said is not None and hashlib.sha256(said.encode()).hexdigest() == row["text_sha256"] else None}


def _slice(text: str, start: int | None, end: int | None) -> str | None:
    return None if start is None or end is None else text[start:end]


def _wording(place: Any, texts: _Texts) -> dict[str, str | None]:
    document = texts.document(place["document_id"]) if place else None
    return {"text": " ".join(document.text[start:end] for start, end in place["segments"])} if document else {}
