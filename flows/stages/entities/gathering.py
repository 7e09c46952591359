"""The names of all articles, counted, with the evidence of who they are. Memory grows with the distinct names, not with their mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from qantar.stages.entities.evidence import Beside, Evidence, Node
from qantar.stages.entities.name_forms import normal, sound_of
from qantar.stages.entities.name_uses import NameUse, Unit
from qantar.stages.entities.person_names import parse_person
from qantar.text import gender
from qantar.text.gender import Judged, family_first
from qantar.text.known_names import Names

COMMON = 5
"""Articles up to which a name that they share says something of the others they name."""
COMMON_SHARE = 0.1
"""The same, as a share of all articles."""


class Tally:
    """What is counted of an entity or a name. In plain dictionaries: there is one for each name of a corpus, and most are used once."""

    __slots__ = ("documents", "labels", "n_mentions", "names", "spellings", "told")

    def __init__(self) -> None:
        self.labels: dict[str, int] = {}
        self.spellings: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.documents: set[str] = set()
        self.n_mentions = 0
        self.told = gender.Evidence()

    def add(self, use: NameUse) -> None:
        """Count one use of a name."""
        self.labels[use.label] = self.labels.get(use.label, 0) + 1
        self.names[use.name] = self.names.get(use.name, 0) + 1
        self.documents.add(use.document_id)
        self.told = self.told.plus(use.told)
        for spelling, n in use.spellings:
            self.spellings[spelling] = self.spellings.get(spelling, 0) + n
            self.n_mentions += n

    def update(self, other: Tally) -> None:
        """Add what another has counted."""
        for mine, more in ((self.labels, other.labels), (self.spellings, other.spellings), (self.names, other.names)):
            for key, n in more.items():
                mine[key] = mine.get(key, 0) + n
        self.documents |= other.documents
        self.n_mentions += other.n_mentions
        self.told = self.told.plus(other.told)

    def judged(self) -> Judged:
        """The gender of a person."""
        if "PERSON" not in self.labels:
            return gender.UNKNOWN
        return gender.judge([self.told], sorted(self.names))


class Gathered:
    """The names of all articles, in whatever order they come."""

    def __init__(self, names: Names) -> None:
        self.tallies: defaultdict[Unit, Tally] = defaultdict(Tally)
        self.evidence: dict[Node, Evidence] = {}
        self.mentioned: set[str] = set()
        """Countries that must have a row though no mention names them."""
        self._listed = names.entities.keys()
        self._country_of = {identity: country for identity in names.entities if (country := country_of(identity, names))}
        self._beside = Beside({}, frozenset())
        self._company: tuple[tuple[str, int], ...] = ()
        self._others: tuple[str, ...] = ()
        self._document_id = ""
        self._counted: set[str] = set()  # articles whose company has been counted
        self._kept: dict[str, int] = {}  # articles that name each, by name

    def add(self, use: NameUse) -> None:
        """Take in one name of one article."""
        self.mentioned.update(use.metonym_of)
        unit = use.unit
        if use.entity_id is None or (use.group in ("PERSON", "ORG") and use.entity_id in self._listed):  # else a correction gave the entity
            self._add_evidence(use, node_of(unit))
        self.tallies[unit].add(use)

    def _add_evidence(self, use: NameUse, node: Node) -> None:
        if (seen := self.evidence.get(node)) is None:
            seen = self.evidence[node] = Evidence(use.name)
        seen.name = min(seen.name, use.name)  # the same, whatever the order
        seen.roles.update(use.roles)
        seen.acronyms.update(use.acronyms)
        seen.origins.update(country for i in use.origins if (country := self._country_of.get(i)))
        seen.apart.update(use.apart)
        seen.add_gender(use.told)
        if use.group in ("PERSON", "ORG"):
            seen.articles.append(self._beside_of(use))
            seen.called.update(_called(use))

    def _beside_of(self, use: NameUse) -> Beside:
        """What an article names besides: one object for most of its names."""
        if use.company is not self._company or use.others is not self._others or use.document_id != self._document_id:
            self._company, self._others, self._document_id = use.company, use.others, use.document_id
            countries: dict[str, int] = {}
            for identity, n in use.company:
                if country := self._country_of.get(identity):
                    countries[country] = countries.get(country, 0) + n
            known = (identity for identity, _ in use.company if identity not in self._country_of)
            others = [name for name in use.others if name[0] != "~"]
            self._beside = Beside(countries, frozenset((*known, *others)), use.day, _surnames(use.others))
            if use.entity_id is None and use.document_id not in self._counted:
                self._counted.add(use.document_id)
                for name in self._beside.company | self._beside.surnames:
                    self._kept[name] = self._kept.get(name, 0) + 1
        return self._beside

    def find_common(self) -> None:
        """Tell every name which company so many articles keep that it says nothing."""
        most = max(COMMON, COMMON_SHARE * len(self._counted))
        common = frozenset(name for name, n in self._kept.items() if n > most)
        for evidence in self.evidence.values():
            evidence.common = common


def _called(use: NameUse) -> Iterable[str]:
    """What an article calls a person for short that is neither the first nor the last word of the name: "Ocampo" of Ana Ocampo Ruiz."""
    return {normal(spelling, "PERSON") for spelling, _ in use.spellings} & set(parse_person(use.name).words[1:-1])


def _surnames(others: Iterable[str]) -> frozenset[str]:
    """What may stand alone for the persons among some names, as it sounds, behind "~" marked so; "~~" if thousands bear it."""
    return frozenset().union(*(_sounds(name) for name in others if name.startswith(("~", "PERSON "))))


@lru_cache(maxsize=100_000)
def _sounds(name: str) -> frozenset[str]:
    """The same of one of the names, marked as such: articles about one thing name the same persons."""
    surnames = parse_person(name.removeprefix("~").removeprefix("PERSON ")).surnames
    return frozenset(f"{_mark(words[-1])}{sound_of(' '.join(words))}" for words in surnames)


def _mark(surname: str) -> str:
    return "~~" if surname.capitalize() in family_first() else "~"


def node_of(unit: Unit) -> Node:
    """The name that evidence is gathered for: titles apart, which may be two people's."""
    return (unit.group, unit.key, unit.document_id)


def country_of(identity: str, names: Names) -> str | None:
    """The country that a known entity lies in or is of; None if it is of none."""
    known = names.entities.get(identity)
    if known is None:
        return None
    return known.country or (names.entities[known.related_id].country if known.related_id in names.entities else None)
