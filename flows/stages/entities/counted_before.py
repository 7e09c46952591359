"""What was counted of each entity the last time: names of a shard that are who they were are not counted again.

Of each shard it is kept which names it has and which entities its links name, by short hashes: whether something of them has changed is
seen without reading them. What a shard has counted is taken from the sums where it is gone, and added where it is new.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, NamedTuple
from zlib import crc32

from qantar.stages.entities.gathering import Tally, node_of
from qantar.stages.entities.name_links import Link, Who
from qantar.stages.entities.name_uses import Unit
from qantar.stages.entities.role_descriptions import Roles, roles_of
from qantar.text.gender import Judged
from qantar.text.known_names import Names

Counted = Mapping[Unit, Tally]
"""What is counted of the names of a shard."""


class Part(NamedTuple):
    """A shard: its number, short hashes of its names and of the entities that its links name, and whether corrections ask for some."""

    number: int
    names: bytes
    ids: bytes
    is_asked: bool

    @classmethod
    def of(cls, number: int, units: Iterable[Unit], ids: Iterable[str], is_asked: bool) -> Part:
        """The shard of this number with these names."""
        return cls(number, _packed({_mark(*node_of(unit)) for unit in units}), _packed(set(map(_mark, ids))), is_asked)


@dataclass
class Before:
    """What was counted the last time, or nothing."""

    tallies: dict[str, bytes] = field(default_factory=dict)
    """By entity, packed."""
    genders: dict[str, Judged] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    """The shards, each by a hash of its names."""
    lines: Collection[str] = ()
    """Who each name was."""
    authority: dict[str, str] = field(default_factory=dict)
    """What the authority told of its entities."""
    roles: Roles = field(default_factory=dict)

    @classmethod
    def read(cls, file: IO[bytes]) -> Before:
        """What `write` wrote."""
        return cls(*pickle.load(file))

    def write(self, file: IO[bytes]) -> None:
        """Write it, to be stored."""
        pickle.dump((self.tallies, self.genders, self.parts, self.lines, self.authority, self.roles), file, protocol=5)


class Counts:
    """What is counted of each entity now: sums of all shards, of which those that may be others than the last time are unpacked."""

    def __init__(self, who: Who, before: Before | None = None) -> None:
        self.who, self.before = who, before or Before()
        self.changed: dict[str, Tally] = {}

    def stays(self) -> set[str]:
        """The shards whose names are who they were, by hashes of their names."""
        had = frozenset(self.before.lines)
        changed = {_mark(*node) for node, line in self.who.lines() if line not in had} if had else set()
        return {key for key, part in self.before.parts.items() if changed.isdisjoint(array("I", part.names))}

    def add(self, counted: Counted) -> None:
        """Add what is counted in a shard, whose tallies are used up."""
        for identity, tally in _by_entity(counted, self.who.link_of).items():
            if (mine := self.tally(identity)) is None:
                self.changed[identity] = tally
            else:
                mine.update(tally)

    def take(self, counted: Counted, links: Mapping[Unit, Link]) -> None:
        """Take away what was counted in a shard, whose names had these links."""

        def link_of(unit: Unit) -> Link:
            return links.get(unit) or Link(unit.key, "name", 0.9)

        for identity, tally in _by_entity(counted, link_of).items():
            mine = self.tally(identity)
            assert mine
            mine.take(tally)

    def tally(self, identity: str) -> Tally | None:
        """What is counted of an entity; None where no article names it."""
        if (mine := self.changed.get(identity)) is None and (kept := self.before.tallies.get(identity)) is not None:
            mine = self.changed[identity] = Tally.unpacked(kept)
        return mine

    def ids(self) -> set[str]:
        """The entities that articles name."""
        return {i for i in self.before.tallies if i not in self.changed} | {i for i, tally in self.changed.items() if tally.labels}

    def known_anew(self, names: Names) -> set[str]:
        """The entities of which the authority tells something else than the last time."""
        return {i for i, _ in self.before.authority.items() ^ _told_by_authority(names).items()}

    def genders(self) -> dict[str, Judged]:
        """The genders of all persons, where they are told."""
        now = {i: judged for i, tally in self.changed.items() if (judged := tally.judged()).gender}
        now |= {i: judged for i, judged in self.before.genders.items() if i not in self.changed}
        return {i: now[i] for i in sorted(now)}

    def links_anew(self, genders: Mapping[str, Judged], roles: Roles) -> Callable[[Part], bool]:
        """Whether the links of a shard that stays may say something else of entities that they name."""
        changed = {_mark(i) for i, _ in self.before.genders.items() ^ genders.items()}
        is_other = self.before.roles != roles
        return lambda part: is_other or part.is_asked or not changed.isdisjoint(array("I", part.ids))

    def now(self, genders: dict[str, Judged], parts: dict[str, Part], names: Names) -> Before:
        """What the next time is the last."""
        kept = self.before.tallies
        for identity, tally in self.changed.items():
            if tally.labels:
                kept[identity] = tally.packed()
            else:
                kept.pop(identity, None)
        return Before(kept, genders, parts, [line for _, line in self.who.lines()], _told_by_authority(names), roles_of(names))


def _by_entity(counted: Counted, link_of: Callable[[Unit], Link]) -> dict[str, Tally]:
    """What is counted of the entities of one shard, no other shard having the same documents."""
    found: dict[str, Tally] = {}
    for unit, tally in counted.items():
        identity = link_of(unit).entity_id
        if (before := found.get(identity)) is None:
            found[identity] = tally
        else:
            before.update(tally)
    for tally in found.values():
        tally.close()
    return found


def _told_by_authority(names: Names) -> dict[str, str]:
    return {known.id: repr(known) for known in names.entities.values() if known.source == "authority"}


def _mark(*text: str) -> int:
    return crc32("\0".join(text).encode("utf-8", "surrogatepass"))


def _packed(marks: set[int]) -> bytes:
    return array("I", sorted(marks)).tobytes()
