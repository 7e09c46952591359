"""Step resolve: the names of all shards → `entities` and `possible_same`."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.corrections import Fix, Outcome, of_tables
from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import NAMES_SUM, write_shard
from qantar.pipeline.steps.correct import PlacedCorrections, asked_entities, keys_of, write_outcomes
from qantar.pipeline.steps.names_counted import Counting, gather_shard, link_path, names_in
from qantar.pipeline.steps.names_told import names_of_corpus
from qantar.settings import AUTHORITY_FILE

if TYPE_CHECKING:
    from qantar.stages.entities import Resolution
    from qantar.text.known_names import Names

_NONE = PlacedCorrections()
_COMPARED = "compared.bin"
"""Beside the entities, what was found of names, for the next time."""


def resolve_names(context: Context, annotated: list[Path], corrections: PlacedCorrections = _NONE) -> Path:
    """The names of all shards → `entities` and `possible_same`, and for each shard the entities of its names."""
    from qantar.stages.entities import conclude, identify_names
    from qantar.stages.entities.compared_before import Compared

    authority_sum = context.described[AUTHORITY_FILE]
    fixes = of_tables(corrections.of_all, "entities")
    asked = [asked_entities(own) for own in corrections.shards] or [[] for _ in annotated]

    @_uncollected()
    def make(folder: Path, last: Path | None) -> None:
        names = names_of_corpus(context)
        compared = Compared.read((last / _COMPARED).read_bytes()) if last else None
        found = identify_names((pickle.loads(gather_shard(context, shard, names).told) for shard in annotated), names, compared)
        (folder / _COMPARED).write_bytes(found.compared.write())
        counting = Counting(context, annotated, names, found.who, None if fixes else last)
        resolution = conclude(found, counting.counts, names, counting.units, counting.had)
        if fixes:
            resolution, told = _correct(resolution, annotated, names, fixes)
            write_outcomes(folder, told)
        counting.write_entities(folder, resolution)
        write_shard(folder, "possible_same", resolution.possible_same)
        parts = counting.write_links(folder, resolution, asked)
        if not fixes:
            counting.keep(folder, resolution, parts)

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


def _correct(resolution: Resolution, annotated: list[Path], names: Names, fixes: list[Fix]) -> tuple[Resolution, list[Outcome]]:
    """The entities as people corrected them: first which are one and which are two, then what each is called."""
    from qantar.corrections.corrected_entities import REGROUPING, correct_entities, plan_regrouping
    from qantar.stages.entities import regroup_entities

    regrouping, told = plan_regrouping(resolution.entities, [fix for fix in fixes if fix.field in REGROUPING])
    if regrouping:
        resolution = regroup_entities(resolution, chain.from_iterable(map(names_in, annotated)), names, regrouping)
    entities, more = correct_entities(resolution.entities, [fix for fix in fixes if fix.field not in REGROUPING])
    return replace(resolution, entities=entities), told + more


def links_of(resolved: Path, annotated: list[Path]) -> list[Path]:
    """For each annotated shard, where the entities of its own names are: it is linked again only where one of them is another."""
    return [link_path(resolved, number) for number in range(len(annotated))]
