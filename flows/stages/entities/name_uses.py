"""The names that one article uses, with what stands beside them: all that is kept of an article to tell who is who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from qantar.schema import Mention, Sentence
from qantar.stages.entities.local_name import LocalName
from qantar.stages.entities.name_forms import normal
from qantar.stages.entities.within_article import local_names
from qantar.text.gender import Evidence, Gender

MAX_COMPANY = 30


class Unit(NamedTuple):
    """Uses of a name that have one entity: those of all articles, of a name that does not say who is meant those of one article."""

    document_id: str
    group: str
    """"known" for a name whose entity the authority or the lexicon gives; then `key` is its id."""
    key: str
    title: Gender | None
    """What titles beside the name say: "Mr X" and "Ms X" are two."""


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
    others: tuple[str, ...]
    """Persons and bodies that the article names in full and no list knows, the most frequent first; behind "~" surnames alone."""
    metonym_of: tuple[str, ...]
    apart: tuple[str, ...] = ()
    """Names like it that the article gives to other people."""
    told: Evidence = Evidence()
    """What the article says of a person's gender."""
    day: int | None = None
    """When the article was published, as a day number."""
    origins: tuple[str, ...] = ()
    """Known places and peoples that stand right before a person's name or office: "Zarb's president, X"."""

    @property
    def unit(self) -> Unit:
        """What it is linked with."""
        title = next(iter(self.told.titles), None) if self.told.male_titles or self.told.female_titles else None
        if self.entity_id is not None:
            return Unit("", "known", self.entity_id, title)
        return Unit(self.document_id if self.is_bare else "", self.group, self.key, title)


class PlacedName(NamedTuple):
    """Where one article uses a name: what it is linked with, its entity where that is known, and its mentions by their ids."""

    unit: Unit
    entity_id: str | None
    mentions: tuple[str, ...]
    short_forms: tuple[str, ...]
    """Those of them that are short for what the article gives in full."""


def name_document(mentions: Sequence[Mention], text: str, sentences: Sequence[Sentence], published_on: date | None = None) -> list[NameUse]:
    """The names that one article uses, each once: `mentions` and `sentences` are those of one document, `text` is its text."""
    return uses_of(local_names(mentions, text, sentences), published_on)


def placed_names(locals_: Iterable[LocalName], uses: Iterable[NameUse]) -> list[PlacedName]:
    """Where an article uses its names; `uses` are those of the names."""
    return [
        PlacedName(
            use.unit,
            local.entity_id,
            tuple(m.mention_id for m in local.mentions),
            tuple(m.mention_id for m in local.mentions if m.mention_id in local.short_forms),
        )
        for local, use in zip(locals_, uses, strict=True)
    ]


def uses_of(locals_: Sequence[LocalName], published_on: date | None = None) -> list[NameUse]:
    """The uses of an article's names, as `local_names` gives them."""
    known = {n.entity_id: len(n.mentions) for n in locals_ if n.entity_id is not None}
    company = tuple(sorted(known.items(), key=lambda k: (-k[1], k[0]))[:MAX_COMPANY])
    others = (*_in_full(locals_), *_surnames(locals_))
    day = published_on.toordinal() if published_on else None
    return [_use_of(local, company, others, day) for local in locals_]


def _in_full(names: Iterable[LocalName]) -> list[str]:
    """The persons and bodies that no list knows, the most frequent first."""
    unknown = [n for n in names if n.entity_id is None and n.group in ("PERSON", "ORG") and not n.is_bare]
    return [f"{n.group} {n.key}" for n in sorted(unknown, key=lambda n: (-len(n.mentions), n.key))[:MAX_COMPANY]]


def _surnames(names: Iterable[LocalName]) -> list[str]:
    """The persons of whom an article gives one word of the name."""
    return sorted({f"~{normal(n.name, 'PERSON')}" for n in names if n.group == "PERSON" and n.is_bare})[:MAX_COMPANY]


def _use_of(local: LocalName, company: tuple[tuple[str, int], ...], others: tuple[str, ...], day: int | None) -> NameUse:
    has_company = local.group in ("PERSON", "ORG")
    if local.entity_id is not None:  # without itself; else the same tuple for all names of an article
        company = tuple((i, n) for i, n in company if i != local.entity_id)
    return NameUse(
        document_id=local.mentions[0].document_id,
        group=local.group,
        key=local.key,
        name=local.name,
        label=_commonest(m.label for m in local.mentions),
        entity_id=local.entity_id,
        is_bare=local.is_bare,
        spellings=tuple(sorted(Counter(m.text for m in local.mentions).items())),
        acronyms=tuple(local.acronyms),
        roles=tuple(sorted(local.roles)),
        company=company if has_company else (),
        others=others if has_company else (),
        metonym_of=tuple(sorted({m.metonym_of for m in local.mentions if m.metonym_of})),
        apart=tuple(sorted(local.others)),
        told=local.told,
        day=day,
        origins=tuple(sorted(local.origins)),
    )


def _commonest(values: Iterable[str]) -> str:
    return min(Counter(values).items(), key=lambda v: (-v[1], v[0]))[0]
