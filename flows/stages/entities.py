"""Entities: one row for a person, body, place or people, whatever it is called in however many articles.

Three movements, so that articles stream: `name_document` says which names an article uses, `resolve_entities` who is who among
all of them, `link_mentions` writes that into the mentions. Memory grows with the distinct names, not with their mentions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from flows.schema import Entity, Mention
from flows.stages.local_names import LocalName, local_names
from flows.stages.name_forms import normal, plain
from flows.stages.names import Known, Names


class NameUse(NamedTuple):
    """One name as one article uses it: its fullest form, its entity if known, its spellings with their counts."""

    document_id: str
    group: str
    key: str
    name: str
    label: str
    entity_id: str | None
    is_bare: bool
    spellings: tuple[tuple[str, int], ...]


@dataclass
class Resolution:
    """Who is who: the entity of each name, and the rows of `entities`."""

    by_name: dict[tuple[str, str], str] = field(default_factory=dict)
    in_document: dict[tuple[str, str, str], str] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)

    def entity_of(self, document_id: str, local: LocalName) -> str | None:
        """The entity a name of an article stands for."""
        if local.entity_id is not None:
            return local.entity_id
        return self.in_document.get((document_id, local.group, local.key)) or self.by_name.get((local.group, local.key))


@dataclass
class _Tally:
    label: Counter[str] = field(default_factory=Counter)
    spellings: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)
    n_mentions: int = 0

    def add(self, use: NameUse) -> None:
        self.label[use.label] += 1
        self.names[use.name] += 1
        self.spellings.update(dict(use.spellings))
        self.documents.add(use.document_id)
        self.n_mentions += sum(n for _, n in use.spellings)


def name_document(mentions: list[Mention], text: str) -> list[NameUse]:
    """The names one article uses, each once, with the spellings it has there."""
    return [
        NameUse(m[0].document_id, n.group, n.key, n.name, n.label, n.entity_id, n.is_bare, tuple(sorted(n.spellings.items())))
        for n in local_names(mentions)
        if (m := n.mentions)
    ]


def resolve_entities(uses: Iterable[NameUse], names: Names) -> Resolution:
    """Who is who among the names of all articles, in whatever order they come."""
    resolution = Resolution()
    tallies: dict[str, _Tally] = {}
    known = _index(names)
    for use in uses:
        identity = use.entity_id or known.get((use.group, use.key))
        if identity is None:
            identity = f"{use.label.lower()}-{re.sub(r'[^a-z0-9]+', '-', plain(use.key)).strip('-')}"
            if use.is_bare:
                identity = f"{identity}-{use.document_id}"
        if use.entity_id is None:
            if use.is_bare:
                resolution.in_document[use.document_id, use.group, use.key] = identity
            else:
                identity = resolution.by_name.setdefault((use.group, use.key), identity)
        tallies.setdefault(identity, _Tally()).add(use)
    resolution.in_document = dict(sorted(resolution.in_document.items()))
    resolution.by_name = dict(sorted(resolution.by_name.items()))
    resolution.entities = [_entity(identity, tallies[identity], names.entities.get(identity)) for identity in sorted(tallies)]
    return resolution


def link_mentions(mentions: list[Mention], resolution: Resolution) -> list[Mention]:
    """The mentions of one document, each with the entity it names; dates and amounts name none."""
    of = {m.mention_id: resolution.entity_of(m.document_id, local) for local in local_names(mentions) for m in local.mentions}
    return [replace(m, entity_id=of.get(m.mention_id)) for m in mentions]


def _index(names: Names) -> dict[tuple[str, str], str]:
    """Known entities by the normal form of their names, the likeliest of each."""
    from flows.stages.name_forms import group_of

    index: dict[tuple[str, str], str] = {}
    for known in sorted(names.entities.values(), key=lambda k: (k.source != "authority", -k.population, k.id)):
        for spelling in (known.name, *known.aliases):
            group = group_of(known.label)
            index.setdefault((group, normal(spelling, group)), known.id)
    return index


def _entity(identity: str, tally: _Tally, known: Known | None) -> Entity:
    spellings = sorted(tally.spellings.items(), key=lambda s: (-s[1], s[0]))
    return Entity(
        entity_id=identity,
        name=known.name if known else min(tally.names.items(), key=lambda n: (-n[1], -len(n[0]), n[0]))[0],
        label=known.label if known else min(tally.label.items(), key=lambda n: (-n[1], n[0]))[0],  # type: ignore[arg-type]
        wikidata_id=known.wikidata_id if known else None,
        description=known.description if known else None,
        aliases=[s for s, _ in spellings],
        n_mentions=tally.n_mentions,
        n_documents=len(tally.documents),
        latitude=known.latitude if known else None,
        longitude=known.longitude if known else None,
        source=known.source if known else "text",
    )
