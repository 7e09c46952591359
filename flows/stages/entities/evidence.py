"""What stands beside a name in the articles that use it: the evidence of who is meant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from qantar.schema import LinkMethod
from qantar.text import gender
from qantar.text.gender import Judged

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
    roles: set[str] = field(default_factory=set)
    acronyms: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)
    """Names that an article gives to other people beside this one."""
    called: set[str] = field(default_factory=set)
    """Words inside the name that articles use alone for the person, in normal form."""
    origins: set[str] = field(default_factory=set)
    """Countries whose a person is said to be right beside the name."""
    articles: list[Beside] = field(default_factory=list)
    told: gender.Evidence = field(default_factory=gender.Evidence)
    """What the articles say of a person's gender."""
    common: frozenset[str] = frozenset()
    """Names that so many articles use that they say nothing."""

    def add_gender(self, told: gender.Evidence) -> None:
        """Add what a text says of the bearer's gender."""
        self.told = self.told.plus(told)

    @property
    def gender(self) -> Judged:
        """The person's gender by the articles, else by the name."""
        return gender.judge([self.told], [self.name])

    @cached_property
    def countries(self) -> dict[str, int]:
        """How often the articles name each country."""
        named: dict[str, int] = {}
        for article in self.articles:
            for country, n in article.countries.items():
                named[country] = named.get(country, 0) + n
        return named

    @cached_property
    def company(self) -> frozenset[str]:
        """The entities of no country that the articles name, but for what too many articles name."""
        return frozenset().union(*(article.company for article in self.articles)) - self.common

    @cached_property
    def surnames(self) -> frozenset[str]:
        """What may stand alone for the persons whom the articles name, but for whom too many articles name."""
        return frozenset().union(*(article.surnames for article in self.articles)) - self.common

    def company_with(self, other: Evidence, own: Collection[str] = ()) -> int:
        """How much the same company speaks for two names being one: 2 where it is several, or a body and a person; `own` are no company."""
        company = self.company & other.company
        surnames = {s for s in (self.surnames & other.surnames) - set(own) if not s.startswith("~~")}
        bodies = [name for name in company if not name.startswith("PERSON ")]
        if company:
            return 1 + (len(company) >= SEVERAL or bool(bodies and surnames))
        return 1 + (len(surnames) > 1) if (self.surnames & other.surnames) - set(own) else 0

    @property
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
