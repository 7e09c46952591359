"""The names of each shard, counted and stored; and the sums of all shards, for which only those are counted that are not as they were."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qantar.pipeline.context import Context
from qantar.pipeline.shard_rows import NAMES, NAMES_SUM, table_of, write_shard
from qantar.store.cache import link_file
from qantar.store.parquet import merge_rows, read_columns
from qantar.text.identity import digest

if TYPE_CHECKING:
    from qantar.stages.entities import NameUse, Resolution
    from qantar.stages.entities.counted_before import Before, Part
    from qantar.stages.entities.name_links import Who
    from qantar.stages.entities.name_uses import Unit
    from qantar.text.known_names import Names

_COUNTED = "counted.bin"
"""Beside the entities, what was counted of them, for the next time."""


class Gathered(NamedTuple):
    """What `gather_names` gives of a shard's names, pickled: what is told of them, and what is counted, in the order of `units_of`."""

    told: bytes
    tallies: bytes


def gather_shard(context: Context, shard: Path, names: Names) -> Gathered:
    """The names of a shard, counted; stored, for that depends on no other shard, nor on the authority."""
    from qantar.stages.entities import gather_names, units_of

    def make() -> bytes:
        gathered = gather_names(names_in(shard), names, json.loads(sums))
        tallies = {unit: gathered.tallies[unit] for unit in units_of(gathered.tallies)}
        return pickle.dumps((pickle.dumps(gathered.told(), protocol=5), pickle.dumps(tallies, protocol=5)), protocol=5)

    sums = (shard / NAMES_SUM).read_text("utf-8")
    return Gathered._make(pickle.loads(context.stored_bytes("names", [digest(sums)], make)))


def names_in(shard: Path) -> Iterator[NameUse]:
    """The names that the articles of a shard use."""
    return chain.from_iterable(map(pickle.loads, pickle.loads((shard / NAMES).read_bytes()).values()))


def link_path(resolved: Path, number: int) -> Path:
    """Where the entities of a shard's names are."""
    return resolved / f"{number:05}.json"


class Counting:
    """The sums of all shards now, made of those of the `last` time, if they are there."""

    def __init__(self, context: Context, annotated: Sequence[Path], names: Names, who: Who, last: Path | None) -> None:
        from qantar.stages.entities.counted_before import Counts

        self.context, self.annotated, self.names, self.who = context, annotated, names, who
        self.keys = [digest((shard / NAMES_SUM).read_text("utf-8")) for shard in annotated]
        self.last = last
        self._units: dict[int, list[Unit]] = {}
        before = _read(last)
        self.stays: set[str] = set()
        self.counts = Counts(who, before)
        if before and not self._leave_out(before):
            self.last, self.stays, self.counts = None, set(), Counts(who)
        for number, key in enumerate(self.keys):
            if key not in self.stays:
                tallies = self._tallies(number)
                self._units[number] = [*tallies]
                self.counts.add(tallies)

    def _leave_out(self, before: Before) -> bool:
        """Take away what shards had counted that are not as they were; False if that is not there any more."""
        from qantar.stages.entities import Link
        from qantar.stages.entities.name_uses import Unit

        assert self.last
        self.stays = self.counts.stays().intersection(self.keys)
        for key in before.parts.keys() - self.stays:
            kept = self.context.kept_bytes("names", [key])
            if kept is None:
                return False
            rows = json.loads(link_path(self.last, before.parts[key].number).read_text("utf-8"))["links"]
            links = {Unit(*row[:4]): Link(*row[4:]) for row in rows}
            self.counts.take(pickle.loads(Gathered._make(pickle.loads(kept)).tallies), links)
        return True

    def _tallies(self, number: int) -> Any:
        return pickle.loads(gather_shard(self.context, self.annotated[number], self.names).tallies)

    @property
    def units(self) -> Iterator[Unit]:
        """The names of the shards that were counted anew."""
        return chain.from_iterable(self._units.values())

    @property
    def had(self) -> frozenset[str]:
        """The entities of the last time."""
        if not self.last or not self.counts.before.parts:
            return frozenset()
        return frozenset(read_columns(self.last / "entities.parquet", ["entity_id"]).column(0).to_pylist())

    def write_entities(self, folder: Path, resolution: Resolution) -> None:
        """Write the rows of `entities`: those that are as they were are copied."""
        if self.last and resolution.same:
            path, source = folder / "entities.parquet", self.last / "entities.parquet"
            merge_rows(path, table_of("entities"), "entity_id", resolution.entities, source, resolution.same)
        else:
            write_shard(folder, "entities", resolution.entities)

    def write_links(self, folder: Path, resolution: Resolution, asked: Sequence[Sequence[str]]) -> dict[str, Part]:
        """Write the entities of each shard's names; of a shard where nothing of them has changed, the file is that of the last time."""
        from qantar.stages.entities import select_links
        from qantar.stages.entities.counted_before import Part

        may_differ = self.counts.links_anew(resolution.genders, resolution.roles)
        parts: dict[str, Part] = {}
        for number, key in enumerate(self.keys):
            part = self.counts.before.parts[key] if key in self.stays else None
            if self.last and part and not asked[number] and not may_differ(part):
                link_file(link_path(self.last, part.number), link_path(folder, number))
                parts[key] = part._replace(number=number)
                continue
            units = self._units.get(number) or [*self._tallies(number)]
            if part:
                resolution.links.update(self.who.links_of(units))
            links = select_links(resolution, units, asked[number])
            link_path(folder, number).write_text(json.dumps(links, ensure_ascii=False), "utf-8")
            ids = {unit.key for unit in units}.union(row[4] for row in links["links"])
            parts[key] = Part.of(number, units, ids, bool(asked[number]))
        return parts

    def keep(self, folder: Path, resolution: Resolution, parts: dict[str, Part]) -> None:
        """Keep the sums for the next time."""
        with (folder / _COUNTED).open("wb") as file:
            self.counts.now(resolution.genders, parts, self.names).write(file)


def _read(last: Path | None) -> Before | None:
    from qantar.stages.entities.counted_before import Before

    if not last or not (last / _COUNTED).exists():
        return None
    with (last / _COUNTED).open("rb") as file:
        return Before.read(file)
