"""Entities: one row for a person, body, place or people, whatever it is called in however many articles.

Three movements, so that articles stream: `name_document` says which names an article uses and what stands beside them,
`resolve_entities` who is who among all of them, `link_mentions` writes that into the mentions. Memory grows with the distinct
names, not with their mentions.

Names meet by authority first, then by being the same, then by being similar with evidence. Where it is not certain they stay two.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

from qantar.schema import Entity, LinkMethod, Mention
from qantar.stages.entities.across_articles import Beside, Evidence, Merged, merge_names
from qantar.stages.entities.name_forms import plain
from qantar.stages.entities.role_descriptions import Roles, roles_of
from qantar.stages.entities.within_article import LocalName, local_names
from qantar.text.identity import digest
from qantar.text.known_names import Known, Names
from qantar.text.person_titles import titles

MAX_COMPANY = 30


class NameUse(NamedTuple):
    """One name as one article uses it: its fullest form, its spellings, and the evidence of who that is."""

    document_id: str
    group: str
    key: str
    name: str
    label: str
    entity_id: str | None
    is_bare: bool
    spellings: tuple[tuple[str, int], ...]
    acronyms: tuple[str, ...]
    roles: tuple[str, ...]
    """Titles beside the name, in lower case."""
    company: tuple[tuple[str, int], ...]
    """Known entities that the article names besides, and how often, the most frequent first."""
    metonym_of: tuple[str, ...]


class Link(NamedTuple):
    """The entity of a name, and why."""

    entity_id: str
    method: LinkMethod
    score: float


@dataclass
class Resolution:
    """Who is who: the entity of each name, and the rows of `entities`."""

    by_name: dict[tuple[str, str], Link] = field(default_factory=dict)
    in_document: dict[tuple[str, str, str], Link] = field(default_factory=dict)
    """Names that do not by themselves say who is meant, by document."""
    entities: list[Entity] = field(default_factory=list)
    roles: Roles = field(default_factory=dict)

    def link_of(self, document_id: str, local: LocalName) -> Link | None:
        """The entity that a name of an article stands for."""
        return self.in_document.get((document_id, local.group, local.key)) or self.by_name.get((local.group, local.key))


def name_document(mentions: list[Mention], text: str) -> list[NameUse]:
    """The names that one article uses, each once: `mentions` are those of one document, `text` is its text."""
    locals_ = local_names(mentions)
    known = Counter({n.entity_id: len(n.mentions) for n in locals_ if n.entity_id})
    company = tuple((i, n) for i, n in sorted(known.items(), key=lambda k: (-k[1], k[0] or ""))[:MAX_COMPANY] if i)
    return [
        NameUse(
            document_id=local.mentions[0].document_id,
            group=local.group,
            key=local.key,
            name=local.name,
            label=_commonest(m.label for m in local.mentions),
            entity_id=local.entity_id,
            is_bare=local.is_bare,
            spellings=tuple(sorted(Counter(m.text for m in local.mentions).items())),
            acronyms=tuple(local.acronyms),
            roles=_roles(local, text),
            company=_company_of(local, company),
            metonym_of=tuple(sorted({m.metonym_of for m in local.mentions if m.metonym_of})),
        )
        for local in locals_
    ]


def _company_of(local: LocalName, company: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Without itself, and the same tuple for all unknown names of an article: there are many of them."""
    if local.group not in ("PERSON", "ORG"):
        return ()
    return company if local.entity_id is None else tuple((i, n) for i, n in company if i != local.entity_id)


def _commonest(values: Iterable[str]) -> str:
    return min(Counter(values).items(), key=lambda v: (-v[1], v[0]))[0]


def _roles(local: LocalName, text: str) -> tuple[str, ...]:
    """Titles right before a person's mentions: "President", "foreign minister"."""
    if local.group != "PERSON":
        return ()
    before = (text[max(0, m.start - 40) : m.start] for m in local.mentions)
    titled = (words for words in before if words.rstrip().casefold().endswith(_titles()))
    return tuple(sorted({match[1].lower() for words in titled if (match := _title_pattern().search(words))}))


@cache
def _titles() -> tuple[str, ...]:
    return tuple(title.casefold() for title in titles() if len(title) > 4)


@cache
def _title_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(re.escape(t) for t in sorted(_titles(), key=len, reverse=True))})\s+$", re.IGNORECASE)


class _Tally:
    """What is counted of an entity or a name. In plain dictionaries: there is one for each name of a corpus, and most are used once."""

    __slots__ = ("documents", "labels", "n_mentions", "names", "spellings")

    def __init__(self) -> None:
        self.labels: dict[str, int] = {}
        self.spellings: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.documents: set[str] = set()
        self.n_mentions = 0

    def add(self, use: NameUse) -> None:
        self.labels[use.label] = self.labels.get(use.label, 0) + 1
        self.names[use.name] = self.names.get(use.name, 0) + 1
        self.documents.add(use.document_id)
        for spelling, n in use.spellings:
            self.spellings[spelling] = self.spellings.get(spelling, 0) + n
            self.n_mentions += n

    def update(self, other: _Tally) -> None:
        for mine, more in ((self.labels, other.labels), (self.spellings, other.spellings), (self.names, other.names)):
            for key, n in more.items():
                mine[key] = mine.get(key, 0) + n
        self.documents |= other.documents
        self.n_mentions += other.n_mentions


def resolve_entities(uses: Iterable[NameUse], names: Names) -> Resolution:
    """Who is who among the names of all articles; the order in which they come makes no difference."""
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)  # of known entities, by id
    by_name: defaultdict[tuple[str, str], _Tally] = defaultdict(_Tally)
    bare: defaultdict[tuple[str, str, str], list[NameUse]] = defaultdict(list)
    evidence: dict[tuple[str, str, str], Evidence] = {}  # by group, name and, for bare names, document
    mentioned: set[str] = set()  # countries that must have a row though no mention names them
    country_of = {identity: country for identity in names.entities if (country := _country_of(identity, names))}
    beside = Beside({}, frozenset())
    company: tuple[tuple[str, int], ...] = ()
    for use in uses:
        mentioned.update(use.metonym_of)
        document = use.document_id if use.is_bare else ""
        if use.group in ("PERSON", "ORG") or use.entity_id is None:
            node = (use.group, use.key, document) if use.entity_id is None else ("known", use.entity_id, "")
            if (seen := evidence.get(node)) is None:
                seen = evidence[node] = Evidence(use.name)
            seen.name = min(seen.name, use.name)  # the same, whatever the order
            seen.roles.update(use.roles)
            seen.acronyms.update(use.acronyms)
            if use.company:
                if use.company is not company:  # most names of an article share it
                    company, beside = use.company, _beside(use.company, country_of)
                seen.articles.append(beside)
        if use.entity_id is not None:
            tallies[use.entity_id].add(use)
        elif use.is_bare:
            bare[use.document_id, use.group, use.key].append(use)
        else:
            by_name[use.group, use.key].add(use)
    merged = merge_names(evidence, names)
    resolution = Resolution(roles=roles_of(names))
    for (group, key), tally in by_name.items():
        link = resolution.by_name[group, key] = _link(merged[group, key, ""], group)
        if tallies.setdefault(link.entity_id, tally) is not tally:
            tallies[link.entity_id].update(tally)
    for (document_id, group, key), used in bare.items():
        link = resolution.in_document[document_id, group, key] = _link(merged[group, key, document_id], group)
        for use in used:
            tallies[link.entity_id].add(use)
    related = {known.related_id for i in tallies if (known := names.entities.get(i)) and known.related_id}
    for identity in (mentioned | related) & names.entities.keys():
        tallies.setdefault(identity, _Tally())
    resolution.entities = [_entity(identity, tallies[identity], names.entities.get(identity)) for identity in sorted(tallies)]
    return resolution


def _beside(company: tuple[tuple[str, int], ...], country_of: dict[str, str]) -> Beside:
    countries: dict[str, int] = {}
    for identity, n in company:
        if country := country_of.get(identity):
            countries[country] = countries.get(country, 0) + n
    return Beside(countries, frozenset(identity for identity, _ in company if identity not in country_of))


def select_links(resolution: Resolution, uses: Iterable[NameUse]) -> dict[str, Any]:
    """What a resolution says of some names and of the roles of known people, as JSON can hold it and in one order: for `read_links`."""
    unknown = [use for use in uses if use.entity_id is None]
    names = {(use.group, use.key) for use in unknown} & resolution.by_name.keys()
    bare = {(use.document_id, use.group, use.key) for use in unknown} & resolution.in_document.keys()
    return {
        "by_name": [[*key, *resolution.by_name[key]] for key in sorted(names)],
        "in_document": [[*key, *resolution.in_document[key]] for key in sorted(bare)],
        "roles": resolution.roles,
    }


def read_links(links: dict[str, Any]) -> Resolution:
    """The part of a resolution that `select_links` selected."""
    return Resolution(
        by_name={(group, key): Link(*link) for group, key, *link in links["by_name"]},
        in_document={(document_id, group, key): Link(*link) for document_id, group, key, *link in links["in_document"]},
        roles=links["roles"],
    )


def _country_of(identity: str, names: Names) -> str | None:
    known = names.entities.get(identity)
    if known is None:
        return None
    return known.country or (names.entities[known.related_id].country if known.related_id in names.entities else None)


def _link(merged: Merged, group: str) -> Link:
    if merged.known_id is not None:
        return Link(merged.known_id, merged.method, merged.score)
    parts = list(map(_slug, merged.identity))
    if not parts[0]:  # a name in another script
        parts[0] = digest(merged.identity[0])[:12]
    return Link("-".join([group.lower(), *filter(None, parts)]), merged.method, merged.score)


@lru_cache(maxsize=100_000)
def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")


def link_mentions(mentions: list[Mention], resolution: Resolution) -> list[Mention]:
    """The mentions of one document, each with the entity it names, how that was found and how sure it is; dates name none."""
    linked: dict[str, Mention] = {}
    for local in local_names(mentions):
        link = None if local.entity_id else resolution.link_of(local.mentions[0].document_id, local)
        for m in local.mentions:
            if m.entity_id is not None:
                continue
            if local.entity_id is not None:
                linked[m.mention_id] = replace(m, entity_id=local.entity_id, link_method="short form", link_score=0.9)
            elif link is not None:
                way = Link(link.entity_id, "short form", min(0.9, link.score)) if m.mention_id in local.short_forms else link
                linked[m.mention_id] = replace(m, entity_id=way.entity_id, link_method=way.method, link_score=way.score)
    return [linked.get(m.mention_id, m) for m in mentions]


def unlinked_names(entities: Iterable[Entity], limit: int = 20) -> list[Entity]:
    """The most frequent entities that neither authority nor lexicon knows: those worth a row in `raw/authority.csv`."""
    return sorted((e for e in entities if e.source == "text"), key=lambda e: (-e.n_mentions, e.entity_id))[:limit]


def _entity(identity: str, tally: _Tally, known: Known | None) -> Entity:
    spellings = sorted(tally.spellings.items(), key=lambda s: (-s[1], s[0]))
    return Entity(
        entity_id=identity,
        name=known.name if known else min(tally.names.items(), key=lambda n: (-n[1], -len(n[0]), n[0]))[0],
        label=known.label if known else min(tally.labels.items(), key=lambda v: (-v[1], v[0]))[0],  # type: ignore[arg-type]
        wikidata_id=known.wikidata_id if known else None,
        description=known.description if known else None,
        aliases=[s for s, _ in spellings],
        n_mentions=tally.n_mentions,
        n_documents=len(tally.documents),
        latitude=known.latitude if known else None,
        longitude=known.longitude if known else None,
        source=known.source if known else "text",
        related_id=known.related_id if known else None,
    )
