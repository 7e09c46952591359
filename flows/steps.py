"""What a task of the flow does: take shards of rows, call a stage, store its rows under the hash of its inputs.

A shard is a folder of Parquet files, one a table, of some hundred articles. Each step takes and gives paths, runs in any
process of any machine that sees them, and does nothing when its result is stored already.
"""

from __future__ import annotations

import json
import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.schema import ARTICLES, TABLES, Article, Block, Document, Mention, Quote, Rejected, Table, Takedown
from flows.settings import AUTHORITY_FILE, CATALOGUE_FILE, Corpus, QantarError
from flows.shards import Piece, ReadShard, group_documents, split_rows
from flows.stages.identity import digest
from flows.stages.read import Source
from flows.stages.reading.slices import Slice, slice_digest
from flows.store.cache import entry_of, is_whole, sha256, stored, sums_of
from flows.store.parquet import read_columns, read_rows, rewrite_rows, write_columns, write_rows

if TYPE_CHECKING:
    from flows.stages.annotate import Annotations, Annotator
    from flows.stages.entities import NameUse
    from flows.stages.names import Names

LINES, SIGNATURES, ANNOTATIONS, NAMES = "lines.json", "signatures.npz", "annotations.pickle", "names.pickle"
"""What a shard keeps that is no table."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every step needs to know."""

    raw: Path
    cache: Path
    corpus: Corpus
    code: str
    model: str | None
    described: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each file that describes the articles, by its name, as the plan found it."""
    takedowns: tuple[Takedown, ...] = ()
    removed_texts: frozenset[str] = frozenset()
    fresh: bool = False

    def stored(self, stage: str, inputs: Iterable[str], make: Any) -> Path:
        """The folder of a stage's result; stored under the hash of the code, of what the corpus says of languages, and of the inputs."""
        return stored(self.cache, stage, self._key(stage, inputs), make, fresh=self.fresh)

    def is_stored(self, stage: str, inputs: Iterable[str]) -> bool:
        """Whether a stage's result for these inputs is there."""
        return not self.fresh and is_whole(entry_of(self.cache, stage, self._key(stage, inputs)))

    def _key(self, stage: str, inputs: Iterable[str]) -> str:
        return digest(stage, self.code, self.corpus.language, self.corpus.other_languages, *inputs)


@contextmanager
def reading(raw: Path, sums: Mapping[str, str], pieces: Iterable[Piece] = ()) -> Iterator[None]:
    """Read files of raw/ that had these SHA-256 when the plan was made: what is stored under one text's hash is not made of another.

    Raises QantarError if one has another now, or was written to meanwhile.
    """
    read: list[tuple[Path, Slice | None, str]] = [(raw / name, None, expected) for name, expected in sums.items()]
    read += [(raw / source.path, part, part.sha256 if part else source.sha256) for source, part in pieces]
    before = [_state(path) for path, _, _ in read]
    yield
    for (path, part, expected), state in zip(read, before, strict=True):
        if _state(path) != state or (slice_digest(path, part) if part else file_digest(path)) != expected:
            raise QantarError(f"{path}: changed while it was read, so nothing was published; build again when it is at rest")


def _state(path: Path) -> tuple[int, ...]:
    """What differs after a file was written to, even if its bytes are the same again."""
    if not path.is_file():
        return ()
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def file_digest(path: Path) -> str:
    """SHA-256 of a file, or of nothing if there is none."""
    return sha256(path) if path.is_file() else ""


def shard_digest(shard: Path) -> str:
    """A hash of all that a shard holds."""
    return digest(*(f"{path.name} {sha256(path)}" for path in sorted(shard.glob("*.p*"))))


def rows_of(shard: Path, table: str) -> Iterator[Any]:
    """A shard's rows of one table."""
    return read_rows(shard / f"{table}.parquet", _table(table))


def count_rows(shard: Path, table: str) -> int:
    """How many rows of one table a shard has."""
    return int(pq.read_metadata(shard / f"{table}.parquet").num_rows)


def _table(name: str) -> Table:
    return ARTICLES if name == "articles" else TABLES[name]


def _write(shard: Path, table: str, rows: Iterable[Any]) -> None:
    write_rows(shard / f"{table}.parquet", _table(table), rows)


# --- read ----------------------------------------------------------------------------------------------------


def read_shard(context: Context, pieces: list[Piece]) -> list[ReadShard]:
    """Raw files → `articles`, their lines by hashes, and `rejected`: a folder for each shard of the articles found."""
    from flows.stages.read import load_catalogue, read_articles, read_movable

    catalogue_sum = context.described[CATALOGUE_FILE]

    def make(folder: Path) -> None:
        with reading(context.raw, {CATALOGUE_FILE: catalogue_sum}, pieces):
            catalogue = load_catalogue(context.raw)
            files = [(_without_hash(source), part) for source, part in pieces]
            found = (row for source, part in files for row in read_articles(context.raw, source, catalogue, context.corpus, part))
            for number, rows in enumerate(split_rows(found) if pieces[0].holds_many else [list(found)]):
                _write_read(folder / f"{number:05}", rows)

    def make_movable(folder: Path) -> None:
        assert part
        with reading(context.raw, {CATALOGUE_FILE: catalogue_sum}, pieces):
            rows = read_movable(context.raw, _without_hash(source), load_catalogue(context.raw), context.corpus, part)
            if rows is None:
                raise _PlaceMattersError
            _write_read(folder / f"{0:05}", rows)

    inputs = [catalogue_sum, *(f"{piece.source.path} {piece.digest}" for piece in pieces)]
    source, part = pieces[0]
    if len(pieces) == 1 and part and not context.is_stored("read", inputs):
        # a line that is added above makes no difference where articles have addresses or ids of their own
        with suppress(_PlaceMattersError):
            return [ReadShard(context.stored("slice", [catalogue_sum, source.path, part.sha256], make_movable) / f"{0:05}", part.before)]
    entry = context.stored("read", inputs, make)
    return [ReadShard(path) for path in sorted(entry.iterdir()) if path.is_dir()]


class _PlaceMattersError(Exception):
    """What is read of a slice depends on its place in the file."""


def _without_hash(source: Source) -> Source:
    """The file for whose articles its own hash is filled in with the tables: here, one record's change would make all its shards new."""
    return replace(source, sha256="")


def _write_read(shard: Path, rows: list[Article | Rejected]) -> None:
    from flows.stages.recurring import note_lines

    shard.mkdir()
    articles = [row for row in rows if isinstance(row, Article)]
    _write(shard, "articles", articles)
    (shard / LINES).write_text(json.dumps(note_lines(articles), ensure_ascii=False), "utf-8")
    _write(shard, "rejected", (row for row in rows if isinstance(row, Rejected)))


# --- clean ---------------------------------------------------------------------------------------------------


def find_repeated(shards: list[ReadShard]) -> list[list[Rejected]]:
    """For each shard of articles, those whose id an earlier article has: the same URL or record id twice."""
    first: dict[str, str] = {}
    repeated: list[list[Rejected]] = []
    for shard in shards:
        columns = ["document_id", "source_path", "source_record"]
        rows = read_columns(shard.folder / "articles.parquet", columns).to_pydict()
        repeated.append([])
        for document_id, path, record in zip(*(rows[name] for name in columns), strict=True):
            place = f"{path} (record {shard.record(record)})"
            if first.setdefault(document_id, place) != place:
                detail = f"has the same URL or id as {first[document_id]}; give it one of its own in articles.csv, or remove it"
                repeated[-1].append(Rejected(source_path=path, source_record=record, stage="read", reason="repeated_id", detail=detail))
    return repeated


def recurring_lines(articles: list[Path]) -> list[dict[str, list[int]]]:
    """The lines of all shards → for each shard, the hashes of those of its lines that recur in its outlets' articles.

    A shard is cleaned anew only where a line of its own begins to recur, or no longer does.
    """
    from flows.stages.recurring import NotedLines, find_recurring

    def noted(shard: Path) -> Iterator[NotedLines]:
        return (NotedLines(*article) for article in json.loads((shard / LINES).read_text("utf-8")))

    recurring = find_recurring(article for shard in articles for article in noted(shard))
    found: list[dict[str, list[int]]] = []
    for shard in articles:
        here: dict[str, set[int]] = defaultdict(set)
        for article in noted(shard):
            here[article.outlet] |= recurring[article.outlet].intersection(article.lines)
        found.append({outlet: sorted(lines) for outlet, lines in sorted(here.items()) if lines})
    return found


def clean_shard(context: Context, articles: Path, recurring: dict[str, list[int]], repeated: list[Rejected]) -> Path:
    """`articles` → `documents`, `blocks`, `rejected` and the documents' signatures; what was taken down is left out."""
    from flows.stages.clean import clean_article
    from flows.stages.deduplicate import Text, sign_documents
    from flows.stages.recurring import Recurring, outlet_of

    removed = {takedown.document_id for takedown in context.takedowns}
    left_out = {(row.source_path, row.source_record) for row in repeated}

    def make(shard: Path) -> None:
        cleaned, rejected = [], [*rows_of(articles, "rejected"), *repeated]
        lines = {outlet: Recurring(frozenset(of)) for outlet, of in recurring.items()}
        for article in rows_of(articles, "articles"):
            if (article.source_path, article.source_record) in left_out:
                continue
            result = clean_article(article, lines.get(outlet_of(article.outlet, article.url), ()))
            if isinstance(result, Rejected):
                rejected.append(result)
            elif result.document.document_id not in removed and result.document.text_sha256 not in context.removed_texts:
                cleaned.append(result)
        _write(shard, "documents", (c.document for c in cleaned))
        _write(shard, "blocks", (block for c in cleaned for block in c.blocks))
        _write(shard, "rejected", rejected)
        sign_documents(Text(d.document_id, d.published_on, d.text) for d, _ in cleaned).save(shard / SIGNATURES)

    return context.stored(
        "clean", [shard_digest(articles), repr(recurring), repr(repeated), *sorted(removed), *sorted(context.removed_texts)], make
    )


# --- deduplicate ---------------------------------------------------------------------------------------------


def deduplicate(context: Context, cleaned: list[Path]) -> Path:
    """The signatures of all shards → `duplicates` and `shared_passages`; those of shards compared in an earlier build are not read."""
    from flows.stages.deduplicate import compare_shards

    shards = {sums_of(shard)[SIGNATURES]: shard / SIGNATURES for shard in cleaned}

    def make(folder: Path) -> None:
        found = compare_shards(context.cache / "comparison", shards, context.code, fresh=context.fresh)
        for name, rows in (("duplicates", found.duplicates), ("shared_passages", found.passages)):
            write_columns(folder / f"{name}.parquet", _table(name), rows.columns())

    return context.stored("deduplicate", sorted(shards), make)


# --- annotate ------------------------------------------------------------------------------------------------


def duplicates_in(cleaned: list[Path], deduplicated: Path) -> list[list[str]]:
    """For each cleaned shard, its documents that duplicate others."""
    duplicates = {row.document_id for row in rows_of(deduplicated, "duplicates")}
    columns = (read_columns(shard / "documents.parquet", ["document_id"]).column(0).to_pylist() for shard in cleaned)
    return [[document_id for document_id in ids if document_id in duplicates] for ids in columns]


def annotate_shard(context: Context, cleaned: Path, duplicates: list[str]) -> Path:
    """`documents` and `blocks` → `documents` (counted), `sentences`, `mentions` and `quotes` of the canonical ones, and their names."""
    from flows.model import describe_model
    from flows.stages.entities import name_document

    model = describe_model(context.model)

    def make(shard: Path) -> None:
        documents = {document.document_id: document for document in rows_of(cleaned, "documents")}
        language, left_out = context.corpus.language, set(duplicates)
        chosen = [d for d in documents.values() if d.document_id not in left_out and d.language == language]
        blocks = _by_document(cleaned, "blocks")
        sentences, mentions, quotes, uses = [], [], [], []
        for group in group_documents(chosen):
            for found in _annotate_group(context, model, [(document, blocks[document.document_id]) for document in group]):
                document = documents[found.document.document_id]
                documents[document.document_id] = replace(found.document, source_record=document.source_record)
                sentences += found.sentences
                mentions += found.mentions
                quotes += found.quotes
                uses += name_document(found.mentions, document.text)
        _write(shard, "documents", documents.values())
        _write(shard, "sentences", sentences)
        _write(shard, "mentions", mentions)
        _write(shard, "quotes", quotes)
        (shard / NAMES).write_bytes(pickle.dumps(uses, protocol=5))

    inputs = [model, context.described[AUTHORITY_FILE], shard_digest(cleaned), *duplicates]
    return context.stored("annotate", inputs, make)


def _annotate_group(context: Context, model: str, group: list[tuple[Document, list[Block]]]) -> list[Annotations]:
    """What is found in a few documents, kept apart from their shard's: with a new article, the model reads those beside it again only."""
    authority_sum = context.described[AUTHORITY_FILE]
    group = [(replace(document, source_record=""), blocks) for document, blocks in group]  # a line above makes no difference

    def make(folder: Path) -> None:
        annotator = _annotator(context.model, model, context.raw, authority_sum)
        found = [annotator.annotate(document, blocks) for document, blocks in group]
        with pa.output_stream(folder / ANNOTATIONS, compression="zstd") as file:
            pickle.dump(found, file, protocol=5)

    entry = context.stored("group", [model, authority_sum, *map(repr, group)], make)
    with pa.input_stream(entry / ANNOTATIONS, compression="zstd") as file:
        found: list[Annotations] = pickle.load(file)  # also what was made just now: its names are then pickled to the same bytes
    return found


@cache
def _annotator(model: str | None, described: str, raw: Path, authority_sum: str) -> Annotator:
    """The language model, which is as `described`, and the names, loaded once a process."""
    from flows.stages.annotate import Annotator

    return Annotator(model, _names(raw, authority_sum))


def _names(raw: Path, authority_sum: str) -> Names:
    from flows.stages.names import load_names

    authority = raw / AUTHORITY_FILE
    with reading(raw, {AUTHORITY_FILE: authority_sum}):
        return load_names(authority if authority.exists() else None)


# --- resolve -------------------------------------------------------------------------------------------------


def resolve_names(context: Context, annotated: list[Path]) -> Path:
    """The names of all shards → `entities`, and for each shard the entities of its names."""
    from flows.stages.entities import resolve_entities, select_links

    authority_sum = context.described[AUTHORITY_FILE]

    def make(folder: Path) -> None:
        resolution = resolve_entities(chain.from_iterable(map(_names_in, annotated)), _names(context.raw, authority_sum))
        _write(folder, "entities", resolution.entities)
        for number, shard in enumerate(annotated):
            links = select_links(resolution, _names_in(shard))
            (folder / f"{number:05}.json").write_text(json.dumps(links, ensure_ascii=False), "utf-8")

    return context.stored("resolve", [authority_sum, *(sha256(shard / NAMES) for shard in annotated)], make)


def _names_in(shard: Path) -> list[NameUse]:
    names: list[NameUse] = pickle.loads((shard / NAMES).read_bytes())
    return names


def links_of(resolved: Path, annotated: list[Path]) -> list[Path]:
    """For each annotated shard, where the entities of its own names are: it is linked anew only where one of them is another."""
    return [resolved / f"{number:05}.json" for number in range(len(annotated))]


def link_shard(context: Context, cleaned: Path, annotated: Path, links: Path) -> Path:
    """`mentions` and `quotes` → the same with the entities they name and are spoken by."""
    from flows.stages.entities import link_mentions, read_links
    from flows.stages.naming.roles import resolve_roles
    from flows.stages.quotes import resolve_speakers

    def make(shard: Path) -> None:
        resolution = read_links(json.loads(links.read_text("utf-8")))
        blocks, sentences = _by_document(cleaned, "blocks"), _by_document(annotated, "sentences")
        linked: list[Mention] = []
        spoken: list[Quote] = []
        for rows in _by_document(annotated, "mentions").values():
            linked += link_mentions(rows, resolution)
        mentions = {key: list(group) for key, group in groupby(linked, key=lambda mention: mention.document_id)}
        for document_id, quotes in _by_document(annotated, "quotes").items():
            named = mentions.get(document_id, [])
            quotes = resolve_speakers(quotes, named, sentences[document_id], blocks[document_id])
            spoken += resolve_roles(quotes, named, resolution.roles)
        for table, rows, changed in (
            ("mentions", linked, ("entity_id", "link_method", "link_score")),
            ("quotes", spoken, ("speaker_entity_id",)),
        ):
            rewrite_rows(shard / f"{table}.parquet", annotated / f"{table}.parquet", _table(table), rows, changed)

    return context.stored("link", [shard_digest(cleaned), shard_digest(annotated), sha256(links)], make)


def _by_document(shard: Path, table: str) -> dict[str, list[Any]]:
    return {key: list(group) for key, group in groupby(rows_of(shard, table), key=lambda row: row.document_id)}
