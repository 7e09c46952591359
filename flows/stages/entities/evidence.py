"""What stands beside a name in the articles that use it: the evidence of who is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

from qantar.schema import LinkMethod
from qantar.text import gender
from qantar.text.gender import Judged

NOTHING = gender.Evidence()
Node = tuple[str, str, str]
"""Group, name and, for a name that does not by itself say who is meant, document; of a known entity "known", id, ""."""

MOSTLY = 0.6
SEVERAL = 3
"""Shared company from which on it counts twice."""


class Beside(NamedTuple):
    """What an article names besides: countries, also by what lies in them, with how often; known entities of none, and other names."""

    countries: dict[str, int]
    company: frozenset[str]
    day: int | None = None
    """When the article was published, as a day number."""
    surnames: frozenset[str] = frozenset()
    """What may stand alone for the persons whom the article names, as it sounds."""
    mark: int = 0
    """A hash of all names of the article."""


class Merged(NamedTuple):
    """Who a name is: a known entity, or the identity that all names of one have; how that was found and how sure it is."""

    known_id: str | None
    identity: tuple[str, ...]
    method: LinkMethod
    score: float


class Pair(NamedTuple):
    """Two names that may be one: how likely, and what speaks for it."""

    first: Node
    second: Node
    score: float
    evidence: tuple[str, ...]


@dataclass
class Evidence:
    """What stands beside a name in the articles that use it; put together only for the names that are like another."""

    name: str
    roles: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    """Names that an article gives to other people beside this one."""
    called: frozenset[str] = frozenset()
    """Words inside the name that articles use alone for the person, in normal form."""
    origins: frozenset[str] = frozenset()
    """Countries whose a person is said to be right beside the name."""
    articles: list[Beside] = field(default_factory=list)
    told: gender.Evidence = NOTHING
    """What the articles say of a person's gender."""
    common: frozenset[str] = frozenset()
    """Names that so many articles use that they say nothing."""
    own: str = ""
    """The id of a known entity, which is no company of its own."""

    def __reduce__(self) -> tuple[Any, ...]:
        told = (self.roles, self.acronyms, self.apart, self.called, self.origins, self.articles, self.told, self.common, self.own)
        return Evidence, (self.name, *told)

    def add(self, other: Evidence) -> None:
        """Add what other articles say of the same name, before anything is put together."""
        self.name = min(self.name, other.name)  # the same, whatever the order
        if other.roles:  # one by one: names are many
            self.roles |= other.roles
        if other.acronyms:
            self.acronyms |= other.acronyms
        if other.apart:
            self.apart |= other.apart
        if other.called:
            self.called |= other.called
        if other.origins:
            self.origins |= other.origins
        self.articles += other.articles
        self.told = self.told.plus(other.told)

    def join(self, other: Evidence) -> None:
        """Add what is said of another name of the same person, to what is put together already."""
        self.roles |= other.roles
        self.origins |= other.origins
        self.told = self.told.plus(other.told)
        self.countries = _sum([self.countries, other.countries])
        self.company |= other.company
        self.surnames |= other.surnames
        self.articles += other.articles
        for together in ("country", "days"):
            vars(self).pop(together, None)

    @cached_property
    def gender(self) -> Judged:
        """The person's gender by the articles, else by the name."""
        return gender.judge([self.told], [self.name])

    @cached_property
    def gender_told(self) -> Judged:
        """The person's gender by the articles alone."""
        return gender.judge([self.told], []) if any(self.told) else gender.UNKNOWN

    @property
    def mark(self) -> int:
        """A sum of all that is told of the name: another, where anything of it is."""
        return self.articles[0].mark if len(self.articles) == 1 else sum([article.mark for article in self.articles])

    def mark_of(self, node: Node) -> int:
        """A short hash of this name and of all that is told of it."""
        told = "\0".join(node).encode("utf-8", "surrogatepass") + self.mark.to_bytes(64, "little")
        return int.from_bytes(blake2b(told, digest_size=8).digest(), "little")

    @cached_property
    def days(self) -> list[int]:
        """The days of the articles, where they are known."""
        return [article.day for article in self.articles if article.day is not None]

    @cached_property
    def countries(self) -> dict[str, int]:
        """How often the articles name each country."""
        return _sum(article.countries for article in self.articles)

    @cached_property
    def company(self) -> frozenset[str]:
        """The entities of no country that the articles name, but for what too many articles name."""
        return _join([article.company for article in self.articles], self.common | {self.own})

    @cached_property
    def surnames(self) -> frozenset[str]:
        """What may stand alone for the persons whom the articles name, but for whom too many articles name."""
        return _join([article.surnames for article in self.articles], self.common)

    def company_with(self, other: Evidence, own: Collection[str] = ()) -> int:
        """How much the same company speaks for two names being one: 2 where it is several, or a body and a person; `own` are no company."""
        company = self.company & other.company
        shared = (self.surnames & other.surnames).difference(own)
        surnames = [surname for surname in shared if not surname.startswith("~~")]
        if company:
            bodies = surnames and [name for name in company if not name.startswith("PERSON ")]
            return 1 + (len(company) >= SEVERAL or bool(bodies))
        return 1 + (len(surnames) > 1) if shared else 0

    @cached_property
    def country(self) -> str | None:
        """The country that the articles are about: that of most of their mentions of countries; None if there is no such one."""
        named, n = max(self.countries.items(), key=lambda item: item[1], default=("", 0))
        return named if n and n >= MOSTLY * sum(self.countries.values()) else None

    def shared(self, other: Evidence) -> list[str] | None:
        """Kinds of evidence that two names are one: role, country, company, acronym; None if their countries exclude each other."""
        countries, others = self.countries.keys(), other.countries.keys()
        if countries and others and countries.isdisjoint(others):
            return None
        pairs = {
            "role": (self.roles, other.roles),
            "country": (countries, others),
            "company": (self.company, other.company),
            "acronym": (self.acronyms, other.acronyms),
        }
        return [kind for kind, (mine, theirs) in pairs.items() if not mine.isdisjoint(theirs)]


def _join(names: Sequence[frozenset[str]], without: frozenset[str]) -> frozenset[str]:
    """The names of some articles together, without some: those of an article itself, where it has none of these."""
    joined = names[0] if len(names) == 1 else frozenset().union(*names)
    return joined if joined.isdisjoint(without) else joined - without


def _sum(named: Iterable[dict[str, int]]) -> dict[str, int]:
    """How often each country is named in all."""
    found: dict[str, int] = {}
    for countries in named:
        for country, n in countries.items():
            found[country] = found.get(country, 0) + n
    return found
