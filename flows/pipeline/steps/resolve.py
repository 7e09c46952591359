"""Step resolve: the names of all shards → `entities` and `possible_same`."""

from __future__ import annotations

import gc
import json
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qantar.corrections import Fix, Outcome, of_tables
from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import NAMES, NAMES_SUM, write_shard
from qantar.pipeline.steps.correct import PlacedCorrections, asked_entities, keys_of, write_outcomes
from qantar.pipeline.steps.names_told import names_of_corpus
from qantar.settings import AUTHORITY_FILE

if TYPE_CHECKING:
    from qantar.stages.entities import NameUse, Resolution
    from qantar.stages.entities.gathering import Tally
    from qantar.stages.entities.name_uses import Unit
    from qantar.text.known_names import Names

_NONE = PlacedCorrections()
_COMPARED = "compared.bin"
"""Beside the entities, what was found of names, for the next time."""


def resolve_names(context: Context, annotated: list[Path], corrections: PlacedCorrections = _NONE) -> Path:
    """The names of all shards → `entities` and `possible_same`, and for each shard the entities of its names."""
    from qantar.stages.entities import resolve_gathered, select_links
    from qantar.stages.entities.compared_before import Compared

    authority_sum = context.described[AUTHORITY_FILE]
    fixes = of_tables(corrections.of_all, "entities")
    asked = [asked_entities(own) for own in corrections.shards] or [[] for _ in annotated]

    @_uncollected()
    def make(folder: Path, last: Path | None) -> None:
        names = names_of_corpus(context)
        gathered = [_gather(context, shard, names) for shard in annotated]
        units: list[list[Unit]] = []

        def counted() -> Iterator[dict[Unit, Tally]]:
            for shard in gathered:
                tallies = pickle.loads(shard.tallies)
                units.append([*tallies])
                yield tallies

        before = Compared.read((last / _COMPARED).read_bytes()) if last else None
        resolution = resolve_gathered((pickle.loads(shard.told) for shard in gathered), counted(), names, before)
        (folder / _COMPARED).write_bytes(resolution.compared.write())
        if fixes:
            resolution, told = _correct(resolution, annotated, names, fixes)
            write_outcomes(folder, told)
        write_shard(folder, "entities", resolution.entities)
        write_shard(folder, "possible_same", resolution.possible_same)
        for number, own in enumerate(units):
            links = select_links(resolution, own, asked[number])
            (folder / f"{number:05}.json").write_text(json.dumps(links, ensure_ascii=False), "utf-8")

    sums = [(shard / NAMES_SUM).read_text() for shard in annotated]
    inputs = [authority_sum, *sums, *keys_of(fixes), *(repr(ids) for ids in asked if ids)]
    return context.stored_after("resolve", "all", inputs, make)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage: among a million rows, none of which leads back to itself, that would take a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Gathered(NamedTuple):
    """What `gather_names` gives of a shard's names, pickled: what is told of them, and what is counted, in the order of `units_of`."""

    told: bytes
    tallies: bytes


def _gather(context: Context, shard: Path, names: Names) -> _Gathered:
    """The names of a shard, counted; stored, for that depends on no other shard, nor on the authority."""
    from qantar.stages.entities import gather_names, units_of

    def make() -> bytes:
        gathered = gather_names(_names_in(shard), names, json.loads(sums))
        tallies = {unit: gathered.tallies[unit] for unit in units_of(gathered.tallies)}
        return pickle.dumps((pickle.dumps(gathered.told(), protocol=5), pickle.dumps(tallies, protocol=5)), protocol=5)

    sums = (shard / NAMES_SUM).read_text("utf-8")
    return _Gathered._make(pickle.loads(context.stored_bytes("names", [sums], make)))


def _correct(resolution: Resolution, annotated: list[Path], names: Names, fixes: list[Fix]) -> tuple[Resolution, list[Outcome]]:
    """The entities as people corrected them: first which are one and which are two, then what each is called."""
    from qantar.corrections.corrected_entities import REGROUPING, correct_entities, plan_regrouping
    from qantar.stages.entities import regroup_entities

    regrouping, told = plan_regrouping(resolution.entities, [fix for fix in fixes if fix.field in REGROUPING])
    if regrouping:
        resolution = regroup_entities(resolution, chain.from_iterable(map(_names_in, annotated)), names, regrouping)
    entities, more = correct_entities(resolution.entities, [fix for fix in fixes if fix.field not in REGROUPING])
    return replace(resolution, entities=entities), told + more


def _names_in(shard: Path) -> Iterator[NameUse]:
    return chain.from_iterable(map(pickle.loads, pickle.loads((shard / NAMES).read_bytes()).values()))


def links_of(resolved: Path, annotated: list[Path]) -> list[Path]:
    """For each annotated shard, where the entities of its own names are: it is linked again only where one of them is another."""
    return [resolved / f"{number:05}.json" for number in range(len(annotated))]
