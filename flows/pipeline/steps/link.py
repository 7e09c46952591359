"""Step link: `mentions` and `quotes` → the same with their entities."""

from __future__ import annotations

import json
import pickle
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qantar.corrections import Fix, of_tables
from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import MADE_OF, PLACED, by_document, first_documents, shard_digest, table_of
from qantar.pipeline.steps.correct import keys_of, outcomes_in, write_outcomes
from qantar.schema import Mention, Quote
from qantar.store.cache import sum_of
from qantar.store.parquet import read_columns, rewrite_columns
from qantar.text.identity import digest

if TYPE_CHECKING:
    from qantar.stages.entities import PlacedName

READ = "read.json"
"""Beside a linked shard's tables, for each document a hash of what it was made of, and of what was read of the links."""
CHANGED = {
    "mentions": ("entity_id", "link_method", "link_score"),
    "quotes": ("speaker_entity_id", "speaker_entity_ids", "speaker_score", "score"),
}
"""The columns that links change."""


def link_shard(context: Context, cleaned: Path, annotated: Path, links: Path, corrections: Sequence[Fix] = ()) -> Path:
    """`mentions` and `quotes` → the same with the entities they name and are spoken by.

    Of a shard that was linked before, only the documents are linked again that were annotated again, or of whose names the links say
    something else now.
    """
    from qantar.corrections.corrected_mentions import links_lost
    from qantar.corrections.corrected_quotes import speakers_lost

    fixes = [fix for fix in of_tables(corrections, "mentions", "quotes") if fix.field in ("entity_id", "speaker_entity_id")]

    def make(shard: Path, before: Path | None) -> None:
        found = json.loads(links.read_text("utf-8"))
        placed: dict[str, list[PlacedName]] = {k: pickle.loads(v) for k, v in pickle.loads((annotated / PLACED).read_bytes()).items()}
        read = _read_of(found, placed, annotated)
        had = json.loads((before / READ).read_text("utf-8")) if before else {}
        same = {key for key, told in read.items() if had.get(key) == told}
        rows = _link(found, placed, cleaned, annotated, read.keys() - same)
        for table, changed in CHANGED.items():
            values = _values(table, changed, before, annotated, same, rows[table])
            rewrite_columns(shard / f"{table}.parquet", annotated / f"{table}.parquet", table_of(table), values)
        (shard / READ).write_text(json.dumps(read), "utf-8")
        told, joined = outcomes_in(annotated), found["joined"]
        entity_of = read_columns(shard / "mentions.parquet", ["mention_id", "entity_id"]) if fixes else None
        named: dict[str | None, str | None] = (
            dict(zip(*(column.to_pylist() for column in entity_of.columns), strict=True)) if entity_of else {}
        )
        write_outcomes(shard, [*links_lost(fixes, told, named, joined), *speakers_lost(fixes, told, frozenset(found["there"]), joined)])

    (first,) = first_documents([cleaned])
    return context.stored_after("link", first, [shard_digest(cleaned), shard_digest(annotated), sum_of(links), *keys_of(fixes)], make)


def _link(
    found: Mapping[str, Any], placed: Mapping[str, Sequence[PlacedName]], cleaned: Path, annotated: Path, anew: Collection[str]
) -> dict[str, list[Any]]:
    """The rows of `mentions` and `quotes` of some documents, with the entities that the links give."""
    from qantar.corrections.corrected_quotes import without_unknown
    from qantar.stages.entities import link_names, read_links
    from qantar.stages.entities.role_descriptions import resolve_roles
    from qantar.stages.quotes import resolve_speakers

    resolution, there = read_links(dict(found)), frozenset(found["there"])
    linked: list[Mention] = []
    spoken: list[Quote] = []
    for document_id, rows in by_document(annotated, "mentions", anew).items():
        linked += link_names(rows, resolution, placed[document_id])
    mentions = {key: list(group) for key, group in groupby(linked, key=lambda mention: mention.document_id)}
    quotes_of = by_document(annotated, "quotes", anew)
    blocks, sentences = by_document(cleaned, "blocks", quotes_of), by_document(annotated, "sentences", quotes_of)
    for document_id, quotes in quotes_of.items():
        named = mentions.get(document_id, [])
        quotes = without_unknown(quotes, there, resolution.regrouping.joined)
        quotes = resolve_speakers(quotes, named, sentences[document_id], blocks[document_id], resolution.genders)
        spoken += resolve_roles(quotes, named, resolution.roles)
    return {"mentions": linked, "quotes": spoken}


def _values(
    table: str, changed: Sequence[str], before: Path | None, annotated: Path, same: Collection[str], rows: Sequence[Any]
) -> dict[str, list[Any]]:
    """The columns that links change: of documents that are the `same` as they were, of the others as `rows` have them."""
    keys = read_columns(annotated / f"{table}.parquet", ["document_id"]).column(0).to_pylist()
    new = iter(rows)
    had: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)  # the last row first
    if before:
        kept = read_columns(before / f"{table}.parquet", ["document_id", *changed])
        for key, *values in reversed(list(zip(*(column.to_pylist() for column in kept.columns), strict=True))):
            had[key].append(tuple(values))
    values_of = attrgetter(*changed)
    made = [had[key].pop() if key in same else values_of(next(new)) for key in keys]
    return dict(zip(changed, map(list, zip(*made, strict=True)), strict=True)) if made else {name: [] for name in changed}


def _read_of(found: Mapping[str, Any], placed: Mapping[str, Sequence[PlacedName]], annotated: Path) -> dict[str, str]:
    """For each document a hash of what it was made of, and of what linking reads: its names' links, and genders of whom it may name."""
    made_of = json.loads((annotated / MADE_OF).read_text("utf-8"))
    links = {tuple(row[:4]): row[4:] for row in found["links"]}
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for table, column in (("mentions", "entity_id"), ("quotes", "speaker_entity_id")):
        rows = read_columns(annotated / f"{table}.parquet", ["document_id", column])
        for document_id, given in zip(*(values.to_pylist() for values in rows.columns), strict=True):
            ids[document_id].add(given)
    of_all = digest(*(repr(found[name]) for name in ("roles", "joined", "parted", "there")))
    read = {}
    for document_id in placed.keys() | ids.keys():
        names = placed.get(document_id, ())
        own = {name.unit: links[name.unit] for name in names if name.unit in links}
        whom = ids[document_id] | {name.entity_id for name in names} | {link[0] for link in own.values()} | {*found["joined"].values()}
        genders = [(one, found["genders"][one]) for one in sorted(filter(None, whom)) if one in found["genders"]]
        read[document_id] = digest(of_all, made_of[document_id], repr(sorted(own.items(), key=repr)), repr(genders))
    return read
