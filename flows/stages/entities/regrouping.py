"""Entities that are told to be one, or two: links, counts and pairs follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from qantar.schema import CORRECTION, Mention
from qantar.stages.entities.gathering import Tally
from qantar.stages.entities.name_forms import group_of, plain
from qantar.stages.entities.name_uses import NameUse
from qantar.text.identity import digest


class Parted(NamedTuple):
    """A spelling of an entity that is another one's, in one article or in all."""

    entity_id: str
    spelling: str
    document_id: str | None
    new_id: str


@dataclass(frozen=True)
class Regrouping:
    """Entities by the one that they are, and spellings that are other entities'."""

    joined: dict[str, str] = field(default_factory=dict)
    parted: Sequence[Parted] = ()

    def __bool__(self) -> bool:
        return bool(self.joined or self.parted)

    def new_id(self, entity_id: str, spelling: str, document_id: str) -> str:
        """The entity of a spelling in an article, `entity_id` being the one that was found."""
        for parted in self.parted:
            if (parted.entity_id, parted.spelling) == (entity_id, spelling) and parted.document_id in (None, document_id):
                return parted.new_id
        return self.joined.get(entity_id, entity_id)

    def of(self, ids: Iterable[str]) -> Regrouping:
        """The part that concerns some entities."""
        wanted = set(ids)
        joined = {one: other for one, other in sorted(self.joined.items()) if one in wanted}
        return Regrouping(joined, [parted for parted in self.parted if parted.entity_id in wanted])


def entity_id_of(label: str, spelling: str, other: str) -> str:
    """The id of the entity that a spelling is parted as: made from label and name, but not that of the one it is parted from."""
    slug = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in plain(spelling)).split()) or digest(spelling)[:12]
    new = f"{group_of(label).lower()}-{slug}"
    return new if new != other else f"{new}-2"


def count_anew(uses: Iterable[NameUse], entity_of: dict[object, str], regrouping: Regrouping) -> dict[str, Tally]:
    """What is counted of every entity, as it is regrouped; `entity_of` has the entity of each unit that was linked."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for use in uses:
        found = entity_of.get(use.unit, use.entity_id or "")
        by_entity: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for spelling, n in use.spellings:
            by_entity[regrouping.new_id(found, spelling, use.document_id)].append((spelling, n))
        for entity_id, spellings in sorted(by_entity.items()):
            name = use.name if any(s == use.name for s, _ in spellings) else max(s for s, _ in spellings)
            tallies[entity_id].add(use._replace(spellings=tuple(spellings), name=name))
    return tallies


def regroup_mentions(mentions: Iterable[Mention], regrouping: Regrouping) -> list[Mention]:
    """The mentions of a document with the entities that they are told to name."""
    out = []
    for row in mentions:
        new = regrouping.new_id(row.entity_id, row.text, row.document_id) if row.entity_id else None
        changed = new is not None and new != row.entity_id
        out.append(replace(row, entity_id=new, link_method=CORRECTION, link_score=1.0) if changed else row)
    return out
