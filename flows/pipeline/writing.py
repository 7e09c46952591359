"""From all shards to one staged build: its tables in one order, its database, its figures of quality."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qantar.pipeline.context import Context
from qantar.pipeline.losses import ARTICLE_STAGES
from qantar.pipeline.plan import Plan, gold_folders
from qantar.pipeline.shard_rows import count_rows, first_documents, rows_of
from qantar.pipeline.shard_tables import (
    PART,
    ROWS,
    NewColumn,
    RawShard,
    count,
    cut_parts,
    lookup,
    write_parts,
    write_rows_table,
)
from qantar.pipeline.shards import ReadShard
from qantar.pipeline.steps.correct import PlacedCorrections, outcomes_in
from qantar.quality.calibration import Calibration, is_calibrated
from qantar.schema import KNOWN, TABLES, Build, Correction, Duplicate, Quality, Rejected
from qantar.settings import QantarError
from qantar.stages.articles import load_catalogue
from qantar.stages.articles.packed_folders import PACKED_FOLDERS, path_in_raw
from qantar.stages.articles.versions import Renaming
from qantar.store.cache import sum_of
from qantar.store.parquet import PartWriter, part_path, parts, read_columns, read_rows, read_some, tables_in
from qantar.store.sqlite import BEGUN, Shared, begin_build_database, write_build_database

Parts = dict[str, list[Path]]
"""What is kept of the parts of tables, by table."""


@dataclass(frozen=True, kw_only=True)
class Shards:
    """The folders that the stages made, in the order of the sources; without annotation the last three are empty."""

    read: list[ReadShard]
    renaming: list[Renaming]
    corrections: PlacedCorrections
    cleaned: list[Path]
    deduplicated: Path
    annotated: list[Path]
    resolved: Path | None
    linked: list[Path]

    @property
    def raw(self) -> list[RawShard]:
        """What tells of the raw texts of documents."""
        return [RawShard(*its) for its in zip((shard.folder for shard in self.read), self.renaming, self.cleaned, strict=True)]


def check_rejected(plan: Plan, cleaned: list[Path], say: Callable[[str], None]) -> None:
    """Say what was rejected. Raise QantarError when that is more than the corpus allows, or no document is left."""
    everything: list[Rejected] = [*plan.rejected, *_rows(cleaned, "rejected")]
    if everything:
        say(f"{len(everything)} rejected: {_reasons(everything)}; each row of rejected says what, where and what to do")
    rejected = [row for row in everything if row.stage in ARTICLE_STAGES]
    n_documents = sum(pq.read_metadata(shard / "documents.parquet").num_rows for shard in cleaned)
    reasons = _reasons(rejected)
    if not n_documents:
        raise QantarError(f"{plan.context.raw}: no article is left; rejected: {reasons or 'none'}")
    share = len(rejected) / (len(rejected) + n_documents)
    if share > plan.corpus.max_rejected:
        raise QantarError(
            f"{plan.context.raw}: {len(rejected)} of {len(rejected) + n_documents} articles were rejected ({reasons}), more than "
            f"max_rejected = {plan.corpus.max_rejected:g} of corpus.toml allows; correct or remove them, or raise it. The first: "
            f"{rejected[0].source_path}: {rejected[0].detail}"
        )


def _reasons(rejected: list[Rejected]) -> str:
    return ", ".join(f"{reason} ({n})" for reason, n in sorted(Counter(row.reason for row in rejected).items()))


def write_quotes(plan: Plan, shards: Shards, staged: Path) -> Parts:
    """Write the quotes of a staged build as Parquet, their scores as they are in this corpus, and their groups."""
    from qantar.stages.quote_groups import group_wordings

    groups, members = group_wordings((_wordings(plan.context, shard) for shard in shards.linked), partial(_texts, shards.linked))
    group_of = dict(zip(*(members.column(name).to_pylist() for name in ("quote_id", "quote_group_id")), strict=True))
    scores: dict[str, NewColumn] = {"score": _scores(plan.calibration)} if plan.calibration else {}
    for table, rows in ((TABLES["quote_groups"], groups), (TABLES["quote_group_members"], members)):
        with PartWriter(part_path(staged, table), table) as writer:
            writer.write(rows)
    columns = {"quote_group_id": lookup("quote_id", group_of), **scores}
    cut = cut_parts(first_documents(shards.cleaned)) if shards.linked else []
    return {"quotes": write_parts(plan.context, staged, TABLES["quotes"], shards.linked, columns, cut)}


def _wordings(context: Context, linked: Path) -> pa.Table:
    """What grouping needs of a shard's quotes; their words are looked for once."""
    from qantar.stages.quote_groups import Said, note_wordings

    path = linked / "quotes.parquet"

    def make() -> bytes:
        noted, file = note_wordings(read_some(path, Said)), pa.BufferOutputStream()
        with pa.ipc.new_stream(file, noted.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
            stream.write_table(noted)
        return bytes(file.getvalue())

    return pa.ipc.open_stream(context.stored_bytes("wordings", [sum_of(path)], make)).read_all()


def _texts(linked: list[Path], quotes: Sequence[str]) -> dict[str, str]:
    """The texts of some quotes."""
    wanted = pa.array(quotes, pa.string())
    texts: dict[str, str] = {}
    for shard in linked:
        columns = read_columns(shard / "quotes.parquet", ["quote_id", "text"])
        ids, found = columns.filter(pc.is_in(columns.column("quote_id"), value_set=wanted)).columns
        texts.update(zip(ids.to_pylist(), found.to_pylist(), strict=True))
    return texts


def _scores(calibration: Calibration) -> NewColumn:
    def make(piece: pa.Table, _: int) -> pa.Array:
        rows = zip(*(piece.column(name).to_pylist() for name in ("score", "kind", "method")), strict=True)
        return pa.array([calibration.calibrated(score) if is_calibrated(*said) else score for score, *said in rows], pa.float64())

    return NewColumn(("score", "kind", "method"), make)


def write_blocks(plan: Plan, cleaned: list[Path], staged: Path, before: Path | None) -> Parts:
    """Write the blocks of a staged build as Parquet, and begin its database with them: nothing that is found later changes them.

    Where a build was `before`, the database is begun later: rows are copied from that one's.
    """
    made = write_parts(plan.context, staged, TABLES["blocks"], cleaned, cut=cut_parts(first_documents(cleaned)))
    if before is None:
        try:
            begin_build_database(staged)
        except sqlite3.IntegrityError:  # it breaks again where all tables are written
            (staged / BEGUN).unlink()
    return {"blocks": made}


def write_documents(plan: Plan, shards: Shards, staged: Path) -> Parts:
    """Write the documents of a staged build as Parquet, with what is known of them now, and what was found in each, its quotes aside."""
    columns = {"documents": _document_columns(plan, shards.read, _duplicates(shards))}
    tables = {"documents": shards.annotated or shards.cleaned, "sentences": shards.annotated, "mentions": shards.linked}
    tables |= {"tokens": shards.annotated} if plan.corpus.tokens else {}
    cut = cut_parts(first_documents(shards.cleaned))
    return {
        name: write_parts(plan.context, staged, KNOWN[name], folders, columns.get(name), cut if folders else ())
        for name, folders in tables.items()
    }


def write_tables(plan: Plan, shards: Shards, staged: Path) -> Parts:
    """Write every other table of a staged build as Parquet except those about the build itself."""
    columns = {"duplicates": _source_columns(shards.cleaned, _duplicates(shards))}
    tables = {name: [shards.deduplicated] for name in ("duplicates", "shared_passages", "templates")}
    tables |= {name: [shards.resolved] if shards.resolved else [] for name in ("entities", "possible_same")}
    made = {name: write_parts(plan.context, staged, TABLES[name], folders, columns.get(name)) for name, folders in tables.items()}
    write_rows_table(staged, TABLES["rejected"], [*plan.rejected, *_unmatched(plan, shards.read), *_rejected(shards)])
    write_rows_table(staged, TABLES["takedowns"], plan.context.takedowns)
    write_rows_table(staged, TABLES["corrections"], _corrections(plan, shards))
    return made


def _duplicates(shards: Shards) -> list[Duplicate]:
    return list(rows_of(shards.deduplicated, "duplicates"))


def measure_build(plan: Plan, shards: Shards, staged: Path) -> None:
    """Count what a staged build holds, and measure it on the corpus's gold: its last two tables."""
    write_rows_table(staged, TABLES["build"], [_count_build(plan, shards, staged)])
    write_rows_table(staged, TABLES["quality"], _measure(plan, staged, bool(shards.annotated)))


def write_sqlite(staged: Path, shared: Shared | None = None) -> None:
    """Make SQLite of the tables; rows of parts that an earlier build has, too, are copied from its database."""
    try:
        write_build_database(staged, shared)
    except sqlite3.IntegrityError:  # a row breaks a key or a type: validation names it, from the Parquet rows
        (staged / "qantar.db").unlink()


def sums_of_parts(made: Parts) -> dict[str, str]:
    """The SHA-256 of the parts that are kept, by their paths in a build."""
    return {
        part_path(Path(), KNOWN[name], number).as_posix(): sum_of(part / PART)
        for name, its in made.items()
        for number, part in enumerate(its)
    }


def write_csvs(staged: Path, made: Parts) -> dict[str, str]:
    """Make CSV of the tables, joined where it is kept of their parts; returns the digest of each one's rows."""
    from qantar.publish.csv_tables import join_csv, write_csv

    return {
        name: join_csv(staged, table, (part / ROWS for part in made[name])) if name in made else write_csv(staged, table)
        for name, table in tables_in(staged).items()
    }


def _unmatched(plan: Plan, read: list[ReadShard]) -> list[Rejected]:
    """Lines of articles.csv that speak of no article."""
    catalogue = load_catalogue(plan.context.raw)
    paths = {source.path for source in plan.sources}
    urls: set[str | None] = set()
    if catalogue.by_url or any(source.format in PACKED_FOLDERS.values() for source in plan.sources):
        names = ["url", "source_path", "format", "source_record"]
        for shard in read:
            articles = pq.read_table(shard.folder / "articles.parquet", columns=names)
            urls.update(articles.column("url").to_pylist())
            paths.update(path_in_raw(*place) for place in zip(*(articles.column(name).to_pylist() for name in names[1:]), strict=True))
    return catalogue.unmatched(paths, urls)


def _rejected(shards: Shards) -> Iterator[Rejected]:
    for read, cleaned in zip(shards.read, shards.cleaned, strict=True):
        for row in rows_of(cleaned, "rejected"):
            yield replace(row, source_record=row.source_record and read.record(row.source_record))


def _corrections(plan: Plan, shards: Shards) -> list[Correction]:
    """What became of every line of corrections.csv."""
    from qantar.corrections.listing import list_corrections

    placed = shards.corrections
    known = {fix.id: fix.document for fix in chain(placed.of_all, *placed.shards)}
    folders = [*shards.cleaned, shards.deduplicated, *shards.annotated, *([shards.resolved] if shards.resolved else []), *shards.linked]
    told = [*placed.lost, *chain.from_iterable(outcomes_in(folder) for folder in folders if plan.corrections)]
    ids = pa.array(sorted({document for document in known.values() if document}), pa.string())
    columns = (read_columns(shard / "documents.parquet", ["document_id"]).column(0) for shard in shards.cleaned if len(ids))
    there = {document for column in columns for document in column.filter(pc.is_in(column, value_set=ids)).to_pylist()}
    return list_corrections(plan.corrections, known, told, there, plan.corpus.name_correctors)


def _rows(folders: list[Path], table: str) -> Iterator[Any]:
    return chain.from_iterable(rows_of(folder, table) for folder in folders)


def _document_columns(plan: Plan, read: list[ReadShard], duplicates: list[Duplicate]) -> dict[str, NewColumn]:
    of = {row.document_id: row for row in duplicates}

    def made(kind: pa.DataType, make: Callable[[str], Any]) -> NewColumn:
        return NewColumn(("document_id",), lambda piece, _: pa.array(map(make, piece.column("document_id").to_pylist()), kind))

    def record(piece: pa.Table, number: int) -> pa.Array:
        return pa.array(map(read[number].record, piece.column("source_record").to_pylist()), pa.string())

    return {
        "source_sha256": lookup("source_path", {source.path: source.sha256 for source in plan.sources}),
        "source_record": NewColumn(("source_record",), record),
        "is_canonical": made(pa.bool_(), lambda key: key not in of),
        "canonical_id": made(pa.string(), lambda key: of[key].canonical_id if key in of else key),
        "duplicate_kind": made(pa.string(), lambda key: of[key].kind if key in of else None),
        "similarity": made(pa.float64(), lambda key: of[key].similarity if key in of else None),
    }


_Row = TypeVar("_Row", bound=NamedTuple)
CREDITS = ("byline", "credit", "dateline")


def _source_columns(cleaned: list[Path], duplicates: list[Duplicate]) -> dict[str, NewColumn]:
    """The columns of `duplicates` that say which article of each group is the source: credits and outlets are known only now."""
    from qantar.stages.duplicates.sources import BEGINNING, Copy, find_source

    canonical = {row.document_id: row.canonical_id for row in duplicates}
    canonical |= {key: key for key in canonical.values()}
    groups: dict[str, list[Copy]] = defaultdict(list)
    wanted = pa.array(sorted(canonical), pa.string())
    for shard in cleaned if canonical else ():
        credits: dict[str, list[str]] = defaultdict(list)
        for document_id, role, text in _rows_of(shard / "blocks.parquet", _Line, wanted):
            if role in CREDITS:
                credits[document_id].append(text)
        for document in _rows_of(shard / "documents.parquet", _Told, wanted):
            key = document.document_id
            lines = (*credits[key], *([document.author] if document.author else []))
            n_words, beginning = len(document.text.split()), document.text[:BEGINNING]
            groups[canonical[key]].append(Copy(key, document.published_on, n_words, document.outlet, document.url, tuple(lines), beginning))
    sources = {key: found for key, copies in groups.items() if (found := find_source(copies))}
    return {
        "source_id": lookup("canonical_id", {key: source.document_id for key, source in sources.items()}),
        "source_evidence": lookup("canonical_id", {key: source.evidence for key, source in sources.items()}),
    }


def _rows_of(path: Path, row: type[_Row], documents: pa.Array) -> Iterator[_Row]:
    """The rows of some documents."""
    columns = read_columns(path, list(row._fields))
    chosen = columns.filter(pc.is_in(columns.column("document_id"), value_set=documents))
    yield from map(row._make, zip(*(chosen.column(name).to_pylist() for name in row._fields), strict=True))


class _Line(NamedTuple):
    document_id: str
    role: str
    text: str


class _Told(NamedTuple):
    document_id: str
    published_on: date | None
    outlet: str | None
    url: str | None
    author: str | None
    text: str


def _count_build(plan: Plan, shards: Shards, staged: Path) -> Build:
    counted = ("documents", "sentences", "mentions", "entities", "quotes", "quote_groups", "rejected")
    n: dict[str, Any] = {f"n_{name}": count(staged, TABLES[name]) for name in counted}
    n_read = sum(count_rows(shard.folder, "articles") for shard in shards.read)
    rejected = chain.from_iterable(read_rows(part, TABLES["rejected"]) for part in parts(staged, TABLES["rejected"]))
    return replace(
        plan.build,
        n_articles=n_read + sum(row.stage == "read" and row.reason != "repeated_id" for row in rejected),
        n_canonical=n["n_documents"] - count(staged, TABLES["duplicates"]),
        **n,
    )


def _measure(plan: Plan, staged: Path, annotated: bool) -> list[Quality]:
    from qantar.quality.audit_figures import load_figures

    folders = [folder for folder in gold_folders(plan.context.raw, plan.corpus).values() if folder]
    audited = load_figures(plan.context.raw)
    if not folders or not annotated:
        return sorted(audited, key=lambda row: (row.layer, row.metric, row.gold))
    from qantar.quality.evaluate import evaluate_build

    return sorted(
        [*audited, *(row for gold in folders for row in evaluate_build(staged, gold))], key=lambda row: (row.layer, row.metric, row.gold)
    )
