"""Entities: one row for a person, body, place or people, whatever it is called in however many articles.

Three movements, so that articles stream: `name_document` says which names an article uses and what stands beside them,
`resolve_entities` who is who among all of them, `link_mentions` writes that into the mentions. Memory grows with the distinct
names, not with their mentions.

Names meet by authority first, then by being the same, then by being similar with evidence. Where it is not certain they stay two.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from qantar.schema import Entity, Mention, PossibleSame, Sentence, with_values
from qantar.stages.entities.across_articles import merge_names
from qantar.stages.entities.compared_before import Compared, Comparison
from qantar.stages.entities.counted_before import Counts
from qantar.stages.entities.evidence import Merged, Node, Pair
from qantar.stages.entities.gathering import Gathered, Tally, Told, join_told
from qantar.stages.entities.name_links import Link, Who, identity_of
from qantar.stages.entities.name_uses import NameUse, PlacedName, Unit, name_document, placed_names, uses_of
from qantar.stages.entities.regrouping import Parted, Regrouping, count_anew, regroup_mentions
from qantar.stages.entities.role_descriptions import Roles, roles_of
from qantar.stages.entities.within_article import local_names
from qantar.text.gender import Judged
from qantar.text.known_names import Known, Names

__all__ = [
    "Identified",
    "Link",
    "NameUse",
    "PlacedName",
    "Resolution",
    "conclude",
    "gather_names",
    "identify_names",
    "likeliest_same",
    "link_mentions",
    "link_names",
    "local_names",
    "name_document",
    "placed_names",
    "read_links",
    "regroup_entities",
    "resolve_entities",
    "resolve_gathered",
    "select_links",
    "units_of",
    "unlinked_names",
    "uses_of",
]


@dataclass
class Resolution:
    """Who is who: the entity of each name, and the rows of `entities`."""

    links: dict[Unit, Link] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)
    roles: Roles = field(default_factory=dict)
    possible_same: list[PossibleSame] = field(default_factory=list)
    genders: dict[str, Judged] = field(default_factory=dict)
    """The gender of persons, by entity, as all articles and the names tell it; for links and speakers, in no table."""
    regrouping: Regrouping = field(default_factory=Regrouping)
    """Entities that people said to be one, or two."""
    compared: Compared = field(default_factory=Compared, compare=False)
    """What was found of names, for the next time."""
    same: Set[str] = frozenset()
    """Entities that are as they were the last time, and whose rows are not among these."""


def resolve_entities(uses: Iterable[NameUse], names: Names) -> Resolution:
    """Who is who among the names of all articles; the order in which they come makes no difference."""
    gathered = gather_names(uses, names)
    return resolve_gathered([gathered.told()], [gathered.tallies], names)


def gather_names(uses: Iterable[NameUse], names: Names, sums: Mapping[str, str] | None = None) -> Gathered:
    """The names of some articles, counted, with the evidence of who they are; `sums` are hashes of all names of each article."""
    gathered = Gathered(names, sums)
    for use in uses:
        gathered.add(use)
    return gathered


class Identified(NamedTuple):
    """Who is who among the names of all articles, before anything is counted."""

    who: Who
    pairs: list[Pair]
    mentioned: set[str]
    compared: Compared


def resolve_gathered(
    parts: Iterable[Told], counted: Iterable[Mapping[Unit, Tally]], names: Names, before: Compared | None = None
) -> Resolution:
    """Who is who among the names of all articles, from what parts of them tell of their names, and what is counted of these."""
    found = identify_names(parts, names, before)
    counts = Counts(found.who)
    units: list[Unit] = []
    for part in counted:
        units += part
        counts.add(part)
    return conclude(found, counts, names, units)


def identify_names(parts: Iterable[Told], names: Names, before: Compared | None = None) -> Identified:
    """Who is who among the names of all articles, from what parts of them tell of their names.

    `before` is what was found of names the last time: those of which all that is told has the same hashes are not compared again.
    """
    joined, common = join_told(parts)
    for node in [node for node in joined.evidence if node[0] == "known" and node[1] not in names.entities]:
        del joined.evidence[node]  # the entity was given by a correction
    comparison = Comparison(common, before)
    merged, pairs = merge_names(joined.evidence, names, comparison)
    return Identified(Who(merged, joined.titled), pairs, joined.mentioned, comparison.now)


def conclude(found: Identified, counts: Counts, names: Names, units: Iterable[Unit], had: Set[str] = frozenset()) -> Resolution:
    """Who is who, the links of some names, and the entities: of those that were `had` the last time, only what may be otherwise now."""
    named = counts.ids()
    ids = named | ((found.mentioned | _related(named, names)) & names.entities.keys())
    anew = sorted(ids.difference(had) | (ids & (counts.changed.keys() | counts.known_anew(names))))
    return Resolution(
        links=found.who.links_of(units),
        entities=[_entity(i, counts.tally(i) or Tally(), names.entities.get(i)) for i in anew],
        roles=roles_of(names),
        possible_same=_possible_same(found.pairs, found.who.merged, ids),
        genders=counts.genders(),
        compared=found.compared,
        same=ids.difference(anew),
    )


def _related(ids: Iterable[str], names: Names) -> set[str]:
    """The countries and regions of peoples; "" among them for what is of none."""
    return {known.related_id or "" for i in ids if (known := names.entities.get(i)) is not None}


def _regrouped_pairs(pairs: Iterable[PossibleSame], joined: Mapping[str, str], there: Container[str]) -> list[PossibleSame]:
    """The pairs of entities that may be one, by the ids that they have now; without those that people joined."""
    found: dict[tuple[str, str], PossibleSame] = {}
    for pair in pairs:
        first, second = sorted(joined.get(i, i) for i in (pair.entity_id, pair.other_id))
        if first != second and first in there and second in there:
            found.setdefault((first, second), replace(pair, entity_id=first, other_id=second))
    return [found[key] for key in sorted(found)]


def regroup_entities(resolution: Resolution, uses: Iterable[NameUse], names: Names, regrouping: Regrouping) -> Resolution:
    """A resolution in which entities are one, or two, as people said; counts, pairs and genders follow. `uses` are all names once more."""
    found: dict[object, str] = {unit: link.entity_id for unit, link in resolution.links.items()}
    needed: set[str] = set()

    def noted() -> Iterable[NameUse]:
        for use in uses:
            needed.update(use.metonym_of)
            yield use

    tallies = count_anew(noted(), found, regrouping)
    for identity in (needed | _related(tallies, names)) & names.entities.keys():
        tallies.setdefault(identity, Tally())
    joined = regrouping.joined
    return Resolution(
        links=resolution.links,
        entities=[_entity(identity, tallies[identity], names.entities.get(identity)) for identity in sorted(tallies)],
        roles={role: list(dict.fromkeys(joined.get(i, i) for i in ids)) for role, ids in resolution.roles.items()},
        possible_same=_regrouped_pairs(resolution.possible_same, joined, tallies),
        genders={i: told for i in sorted(tallies) if (told := tallies[i].judged()).gender},
        regrouping=regrouping,
        compared=resolution.compared,
    )


def _possible_same(pairs: list[Pair], merged: Mapping[Node, Merged], ids: Container[str]) -> list[PossibleSame]:
    """The pairs of entities that may be one, the likeliest evidence of each, in the order of their ids."""
    rows: dict[tuple[str, str], PossibleSame] = {}
    for pair in sorted(pairs, key=lambda p: (-p.score, p)):
        first, second = sorted(identity_of(node, merged) for node in (pair.first, pair.second))
        if first != second and first in ids and second in ids and (first, second) not in rows:
            rows[first, second] = PossibleSame(entity_id=first, other_id=second, score=pair.score, evidence=", ".join(pair.evidence))
    return [rows[key] for key in sorted(rows)]


def units_of(units: Iterable[Unit]) -> list[Unit]:
    """What some names are linked with, each once and in one order: for `select_links`."""
    return sorted(set(units), key=lambda unit: (unit[0], unit[1], unit[2], str(unit[3])))


def select_links(resolution: Resolution, units: Sequence[Unit], asked: Iterable[str] = ()) -> dict[str, Any]:
    """What a resolution says of some names, and of the roles of those named, as JSON can hold it and in one order: for `read_links`.

    `units` are what `units_of` gives of the names; `asked` are ids that may be entities: those that are stand under `there`.
    """
    links = {unit: link for unit in units if (link := resolution.links.get(unit)) is not None}
    ids = {unit.key for unit in units} | {link.entity_id for link in links.values()}
    wanted = set(asked)
    regrouping = resolution.regrouping.of(ids | wanted)
    ids |= {*regrouping.joined.values(), *(parted.new_id for parted in regrouping.parted)}
    return {
        "links": [[*unit, *link] for unit, link in links.items()],
        "roles": {role: held for role, held in resolution.roles.items() if not ids.isdisjoint(held)},
        "genders": {i: [*resolution.genders[i]] for i in sorted(ids & resolution.genders.keys())},
        "joined": regrouping.joined,
        "parted": [[*parted] for parted in regrouping.parted],
        "there": sorted(wanted & ({entity.entity_id for entity in resolution.entities} | resolution.same)) if wanted else [],
    }


def read_links(links: dict[str, Any]) -> Resolution:
    """The part of a resolution that `select_links` selected."""
    return Resolution(
        links={Unit(*row[:4]): Link(*row[4:]) for row in links["links"]},
        roles=links["roles"],
        genders={i: Judged(*told) for i, told in links["genders"].items()},
        regrouping=Regrouping(links["joined"], [Parted(*row) for row in links["parted"]]),
    )


def link_mentions(mentions: list[Mention], resolution: Resolution, text: str, sentences: Sequence[Sentence]) -> list[Mention]:
    """The mentions of one document, each with the entity it names, how that was found and how sure it is; dates name none.

    `text` and `sentences` are those of the document, as `name_document` was given them.
    """
    names = local_names(mentions, text, sentences)
    return link_names(mentions, resolution, placed_names(names, uses_of(names)))


def link_names(mentions: list[Mention], resolution: Resolution, placed: Iterable[PlacedName]) -> list[Mention]:
    """The same, where it is known already which of them are one name."""
    names = {mention_id: name for name in placed for mention_id in name.mentions}
    rows = [_linked(m, names[m.mention_id], resolution) if m.mention_id in names else m for m in mentions]
    return regroup_mentions(rows, resolution.regrouping) if resolution.regrouping else rows


def _linked(mention: Mention, name: PlacedName, resolution: Resolution) -> Mention:
    """A mention with the entity of its name, but where it stays as it was found."""
    way = _way(mention, name, resolution.links.get(name.unit))
    return mention if way is None else with_values(mention, entity_id=way.entity_id, link_method=way.method, link_score=way.score)


def _way(mention: Mention, name: PlacedName, link: Link | None) -> Link | None:
    """How a mention is linked again; None where it stays as it was found."""
    if link is None:  # a name of the authority's or the lexicon's
        if mention.entity_id is not None or name.entity_id is None:
            return None
        return Link(name.entity_id, "short form" if mention.mention_id in name.short_forms else "name", 0.9)
    return Link(link.entity_id, "short form", min(0.9, link.score)) if mention.mention_id in name.short_forms else link


def unlinked_names(entities: Iterable[Entity], limit: int = 20) -> list[Entity]:
    """The most frequent entities that neither authority nor lexicon knows: those worth a row in `raw/authority.csv`."""
    return sorted((e for e in entities if e.source == "text"), key=lambda e: (-e.n_mentions, e.entity_id))[:limit]


def likeliest_same(pairs: Iterable[PossibleSame], entities: Iterable[Entity], limit: int = 20) -> list[tuple[Entity, Entity, str]]:
    """The pairs of `possible_same` that are likeliest one and touch most mentions, with what speaks for each."""
    best = sorted(pairs, key=lambda p: (-p.score, p.entity_id, p.other_id))[: 10 * limit]
    named = {e.entity_id: e for e in entities}
    rows = [(named[p.entity_id], named[p.other_id], p) for p in best]
    rows.sort(key=lambda r: (-r[2].score * min(r[0].n_mentions, r[1].n_mentions), r[0].entity_id, r[1].entity_id))
    return [(one, other, pair.evidence) for one, other, pair in rows[:limit]]


def _name_of(tally: Tally) -> str:
    """What most articles call it; a person as those do that give more than one word of the name."""
    names = tally.names.items()
    full = [(name, n) for name, n in names if " " in name] if "PERSON" in tally.labels else []
    return min(full or names, key=lambda n: (-n[1], -len(n[0]), n[0]))[0]


def _entity(identity: str, tally: Tally, known: Known | None) -> Entity:
    spellings = sorted(tally.spellings.items(), key=lambda s: (-s[1], s[0]))
    return Entity(
        entity_id=identity,
        name=known.name if known else _name_of(tally),
        label=known.label if known else min(tally.labels.items(), key=lambda v: (-v[1], v[0]))[0],  # type: ignore[arg-type]
        wikidata_id=known.wikidata_id if known else None,
        description=known.description if known else None,
        aliases=[s for s, _ in spellings],
        n_mentions=tally.n_mentions,
        n_documents=tally.n_documents,
        latitude=known.latitude if known else None,
        longitude=known.longitude if known else None,
        source=known.source if known else "text",
        related_id=known.related_id if known else None,
    )
