"""Which shard each correction belongs to, and what the steps tell of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qantar.corrections import Fix, Had, Move, Outcome
from qantar.pipeline.shards import ReadShard
from qantar.stages.articles.catalogue import same_url
from qantar.stages.articles.versions import Renaming
from qantar.store.parquet import read_columns

OUTCOMES, MOVES, ROLES = "outcomes.json", "moves.json", "roles.json"
"""What became of the corrections of a shard, what they have moved, and which roles they have replaced, beside its tables."""


@dataclass(frozen=True)
class PlacedCorrections:
    """The corrections of each shard's articles, their documents named by their ids, and those that concern all shards."""

    shards: list[list[Fix]] = field(default_factory=list)
    of_all: list[Fix] = field(default_factory=list)
    """Of duplicates and entities."""
    lost: list[Outcome] = field(default_factory=list)
    """Those whose article is not there, or not one."""


def _named_by(fix: Fix) -> list[str]:
    """The articles that a correction names: its own, and the other of a pair."""
    return [*([fix.document] if fix.document else []), *([fix.value] if fix.table == "duplicates" else [])]


def _why_lost(name: str, n_articles: int) -> str:
    if n_articles:
        return f"{name} names {n_articles} articles; give an id"
    return f"no article of this build has the id, path or address {name}"


def place_corrections(fixes: Sequence[Fix], shards: Sequence[ReadShard], renaming: Sequence[Renaming]) -> PlacedCorrections:
    """Find the article that each correction names, by its id, path or address; a shard's steps depend on its own corrections only."""
    placed = PlacedCorrections([[] for _ in shards])
    if not fixes:
        return placed
    named = {fix.document for fix in fixes} | {fix.value for fix in fixes if fix.table == "duplicates"}
    places = _places_of(named, shards, renaming)
    for fix in fixes:
        named_here = _named_by(fix)
        missing = next((name for name in named_here if len(places[name]) != 1), None)
        if missing is not None:
            placed.lost.append(fix.told("stale", _why_lost(missing, len(places[missing]))))
            continue
        found = [next(iter(places[name])) for name in named_here]
        if found:
            fix = replace(fix, document=found[0][1])
        if fix.table == "duplicates":
            fix = replace(fix, value=found[1][1])
        if fix.table in ("duplicates", "entities"):
            placed.of_all.append(fix)
        else:
            placed.shards[found[0][0]].append(fix)
    return placed


def _places_of(named: set[str], shards: Sequence[ReadShard], renaming: Sequence[Renaming]) -> dict[str, set[tuple[int, str]]]:
    """For each name of an article, the shards and ids of those that have it; an id comes before an address, that before a path."""
    by_url: dict[str, list[str]] = defaultdict(list)
    for name in named:
        by_url[same_url(name)].append(name)
    found: tuple[dict[str, set[tuple[int, str]]], ...] = (defaultdict(set), defaultdict(set), defaultdict(set))
    for number, (shard, renamed) in enumerate(zip(shards, renaming, strict=True)):
        table = read_columns(shard.folder / "articles.parquet", ["document_id", "url", "source_path"])
        ids, urls, paths = (table.column(name).to_pylist() for name in table.column_names)
        for at, (document_id, url, path) in enumerate(zip(ids, urls, paths, strict=True)):
            if at in renamed.repeats:
                continue
            document_id = renamed.articles[at].document_id if at in renamed.articles else document_id
            place = (number, document_id)
            if document_id in named:
                found[0][document_id].add(place)
            for name in by_url.get(same_url(url), ()) if url else ():
                found[1][name].add(place)
            if path in named:
                found[2][path].add(place)
    return {name: next((places[name] for places in found if name in places), set()) for name in named}


def keys_of(fixes: Iterable[Fix]) -> list[str]:
    """What a stored result depends on of corrections: neither who made them nor where their lines stand."""
    return [f"{fix.id} {fix.document} {fix.value} {fix.moved}" for fix in fixes]


def asked_entities(fixes: Iterable[Fix]) -> list[str]:
    """The entities that corrections give to speakers."""
    return sorted({fix.value for fix in fixes if fix.field == "speaker_entity_id" and fix.value})


def write_outcomes(folder: Path, told: Iterable[Outcome]) -> None:
    """Keep what became of corrections beside the rows."""
    outcomes = list(told)
    if outcomes:
        (folder / OUTCOMES).write_text(json.dumps(outcomes, ensure_ascii=False), "utf-8")


def outcomes_in(folder: Path) -> list[Outcome]:
    """What became of corrections in a step."""
    path = folder / OUTCOMES
    return [Outcome(*row) for row in json.loads(path.read_text("utf-8"))] if path.exists() else []


def write_moves(folder: Path, moves: Mapping[str, Sequence[Move]]) -> None:
    """Keep which passages of documents corrections of roles have moved."""
    _write_some(folder / MOVES, moves)


def moves_in(folder: Path) -> dict[str, list[Move]]:
    """The passages that corrections of roles have moved, by document."""
    return {key: [(a, b, c) for a, b, c in moves] for key, moves in _read_some(folder / MOVES).items()}


def write_roles_before(folder: Path, roles: Mapping[str, Sequence[Had]]) -> None:
    """Keep the roles, and their rules, that blocks of documents had before corrections, by the blocks' positions."""
    _write_some(folder / ROLES, roles)


def roles_before(folder: Path) -> dict[str, list[Had]]:
    """The roles that corrections have replaced, by document."""
    return {key: [(n, role, rule) for n, role, rule in had] for key, had in _read_some(folder / ROLES).items()}


def _write_some(path: Path, told: Mapping[str, Sequence[Any]]) -> None:
    """Write what is told of documents, if anything is."""
    if some := {key: rows for key, rows in told.items() if rows}:
        path.write_text(json.dumps(some), "utf-8")


def _read_some(path: Path) -> dict[str, list[Any]]:
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def texts_of(cleaned: Iterable[Path], wanted: Collection[str]) -> dict[str, str]:
    """The texts of some documents."""
    values = pa.array(sorted(wanted), pa.string())
    texts: dict[str, str] = {}
    for shard in cleaned:
        ids = read_columns(shard / "documents.parquet", ["document_id"]).column(0)
        mask = pc.is_in(ids, value_set=values)
        if pc.any(mask).as_py():
            found = read_columns(shard / "documents.parquet", ["document_id", "text"]).filter(mask)
            texts |= dict(zip(*(column.to_pylist() for column in found.columns), strict=True))
    return texts
