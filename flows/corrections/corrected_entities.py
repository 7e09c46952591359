"""Corrections of entities: what they are called and are, which are one, and which are two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz, process

from qantar.corrections.applying import Corrector, Slot
from qantar.corrections.fixes import Fix, Outcome, Problem, is_same, plain_space
from qantar.schema import Entity
from qantar.stages.entities.regrouping import Parted, Regrouping, entity_id_of

REGROUPING = ("merge", "split")


class _Finder:
    """Finds entities by their id, or by their name where only one has it."""

    def __init__(self) -> None:
        self._rows: Sequence[Entity] = ()
        self._ids: dict[str, int] = {}
        self._names: dict[str, list[int]] = {}

    def __call__(self, text: str, entities: Sequence[Entity]) -> int | None:
        """The number of the entity of this id, or of the only one of this name."""
        if entities is not self._rows:
            self._rows, self._ids, self._names = entities, {}, defaultdict(list)
            for at, row in enumerate(entities):
                self._ids.setdefault(row.entity_id, at)
                self._names[plain_space(row.name)].append(at)
        named = self._names.get(plain_space(text), [])
        return self._ids.get(text.strip(), named[0] if len(named) == 1 else None)


def plan_regrouping(entities: Sequence[Entity], fixes: Sequence[Fix]) -> tuple[Regrouping, list[Outcome]]:
    """Which entities are to be one and which spellings another entity, as people said of the entities that were found."""
    told: list[Outcome] = []
    find = _Finder()
    joined: dict[str, str] = {}
    parted: dict[tuple[str, str, str], Parted] = {}
    wanted: dict[str, set[str]] = defaultdict(set)
    chosen: list[tuple[Fix, Entity, str]] = []
    for fix in fixes:
        at = find(fix.text, entities)
        if at is None:
            told.append(lost_entity(fix, entities))
            continue
        entity, value = entities[at], fix.value
        if fix.field == "merge":
            other = find(fix.value, entities)
            if other is None:
                told.append(fix.told("stale", f"there is no entity {fix.value!r}; its id stands in the table entities", entity.entity_id))
                continue
            value = entities[other].entity_id
            wanted[entity.entity_id].add(value)
        chosen.append((fix, entity, value))
    for fix, entity, value in chosen:
        key = entity.entity_id
        if fix.field == "split":
            told.append(_split(fix, entity, parted))
        elif key == value or joined.get(key) == value:
            told.append(fix.told("already_right", row_id=value))
        elif len(wanted[key]) > 1 or key in wanted[value]:
            told.append(fix.told("conflict", "another line merges it the other way, or into another entity", key))
        elif any(f.field == "split" and e is entity for f, e, _ in chosen):
            told.append(fix.told("conflict", "another line splits the entity that this one merges", key))
        else:
            joined[key] = value
            told.append(fix.told("applied", row_id=value))
    return Regrouping({key: _end(key, joined) for key in joined}, list(parted.values())), told


def _split(fix: Fix, entity: Entity, parted: dict[tuple[str, str, str], Parted]) -> Outcome:
    spelling = next((alias for alias in entity.aliases if is_same(alias, fix.value)), None)
    if spelling is None:
        return fix.told("stale", f"nobody calls it so; its spellings are {', '.join(entity.aliases[:10])}", entity.entity_id)
    if len(entity.aliases) == 1 and not fix.document:
        return fix.told("conflict", "it has no other spelling: nothing would be left of it", entity.entity_id)
    new = entity_id_of(entity.label, spelling, entity.entity_id)
    key = (entity.entity_id, spelling, fix.document)
    if key in parted:
        return fix.told("already_right", row_id=new)
    parted[key] = Parted(entity.entity_id, spelling, fix.document or None, new)
    return fix.told("applied", row_id=new)


def _end(key: str, joined: dict[str, str]) -> str:
    """Where a chain of merges leads; a circle ends where it began."""
    seen = {key}
    while joined.get(key) and joined[key] not in seen:
        key = joined[key]
        seen.add(key)
    return key


def correct_entities(entities: Sequence[Entity], fixes: Sequence[Fix]) -> tuple[list[Entity], list[Outcome]]:
    """The entities with the names, labels, descriptions and Wikidata items that people gave."""
    find = _Finder()
    corrector = Corrector[Entity](
        key=lambda row: row.entity_id, find=lambda fix, rows: find(fix.text, rows), change=_change, check=_same_item
    )
    rows, told, rest = corrector.apply(entities, fixes)
    return rows, told + [lost_entity(fix, entities) for fix in rest]


def lost_entity(fix: Fix, entities: Sequence[Entity]) -> Outcome:
    """A correction of an entity that is not there, and those that are called most alike."""
    same = [row.entity_id for row in entities if is_same(row.name, fix.text)]
    if same:
        return fix.told("stale", f"{len(same)} entities have this name: {', '.join(same[:10])}; give the id as text")
    near = [name for name, _, _ in process.extract(fix.text, [row.name for row in entities], scorer=fuzz.ratio, limit=3, score_cutoff=60)]
    return fix.told("stale", f"no entity has this id or name; the nearest: {', '.join(near) or 'none'}")


def _change(fix: Fix, row: Entity) -> Entity | Problem:
    value: Any = fix.value or None
    if getattr(row, fix.field) == value:
        return row
    values: dict[str, Any] = {fix.field: value}
    return replace(row, **values)


def _same_item(slots: Sequence[Slot[Entity]], slot: Slot[Entity]) -> Problem | None:
    """One Wikidata item has one entity."""
    item = slot.row.wikidata_id
    other = next((s.row for s in slots if item and s is not slot and s.row.wikidata_id == item), None)
    return Problem(f"{item} is {other.entity_id} already; merge the two") if other else None
