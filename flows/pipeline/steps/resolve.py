"""Step resolve: the names of all shards → `entities` and `possible_same`."""

from __future__ import annotations

import json
import pickle
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import NAMES, write_shard
from qantar.pipeline.steps.annotate import names_of_corpus
from qantar.settings import AUTHORITY_FILE
from qantar.store.cache import sha256

if TYPE_CHECKING:
    from qantar.stages.entities import NameUse


def resolve_names(context: Context, annotated: list[Path]) -> Path:
    """The names of all shards → `entities` and `possible_same`, and for each shard the entities of its names."""
    from qantar.stages.entities import resolve_entities, select_links

    authority_sum = context.described[AUTHORITY_FILE]

    def make(folder: Path) -> None:
        resolution = resolve_entities(chain.from_iterable(map(_names_in, annotated)), names_of_corpus(context.raw, authority_sum))
        write_shard(folder, "entities", resolution.entities)
        write_shard(folder, "possible_same", resolution.possible_same)
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
