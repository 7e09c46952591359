"""The names of articles, counted, with the evidence of who they are: of a shard by themselves, so that an unchanged one adds its sums.

Memory grows with the distinct names, not with their mentions.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from qantar.stages.entities.evidence import NOTHING, Beside, Evidence, Node
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

    __slots__ = ("documents", "labels", "n_closed", "n_mentions", "names", "spellings", "told")

    def __init__(
        self,
        labels: dict[str, int] | None = None,
        spellings: dict[str, int] | None = None,
        names: dict[str, int] | None = None,
        documents: set[str] | None = None,
        n_mentions: int = 0,
        told: gender.Evidence = NOTHING,
        n_closed: int = 0,
    ) -> None:
        self.labels = labels or {}
        self.spellings = spellings or {}
        self.names = names or {}
        self.documents = documents or set()
        self.n_mentions = n_mentions
        self.told = told
        self.n_closed = n_closed

    def __reduce__(self) -> tuple[Any, ...]:
        return Tally, (self.labels, self.spellings, self.names, self.documents, self.n_mentions, self.told, self.n_closed)

    @property
    def n_documents(self) -> int:
        """The articles that name it."""
        return self.n_closed + len(self.documents)

    def close(self) -> None:
        """Keep the number of the articles so far; those that are added later are others."""
        self.n_closed, self.documents = self.n_documents, set()

    def packed(self) -> bytes:
        """A closed one as bytes, to be stored."""
        return pickle.dumps((self.labels, self.spellings, self.names, self.n_mentions, tuple(self.told), self.n_closed), protocol=5)

    @classmethod
    def unpacked(cls, kept: bytes) -> Tally:
        """The same again, from the bytes that `packed` gave."""
        labels, spellings, names, n_mentions, told, n_closed = pickle.loads(kept)
        return cls(labels, spellings, names, None, n_mentions, gender.Evidence(*told), n_closed)

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
        _add_counts(self.labels, other.labels)
        _add_counts(self.spellings, other.spellings)
        _add_counts(self.names, other.names)
        self.documents |= other.documents
        self.n_closed += other.n_closed
        self.n_mentions += other.n_mentions
        self.told = self.told.plus(other.told)

    def take(self, other: Tally) -> None:
        """Take away what another, closed as this one, has counted."""
        for mine, theirs in ((self.labels, other.labels), (self.spellings, other.spellings), (self.names, other.names)):
            _add_counts(mine, {key: -n for key, n in theirs.items()})
            for key in [key for key in theirs if not mine[key]]:
                del mine[key]
        self.n_closed -= other.n_closed
        self.n_mentions -= other.n_mentions
        self.told = gender.Evidence(*(mine - theirs for mine, theirs in zip(self.told, other.told, strict=True)))

    def judged(self) -> Judged:
        """The gender of a person."""
        if "PERSON" not in self.labels:
            return gender.UNKNOWN
        return gender.judge([self.told], sorted(self.names))


class Told(NamedTuple):
    """What some articles tell of their names."""

    evidence: dict[Node, Evidence]
    titled: dict[Unit, int]
    """The mentions of persons beside whom a title tells the gender."""
    mentioned: set[str]
    """Countries that must have a row though no mention names them."""
    company: dict[str, int]
    """How many of the articles name each person, body and surname."""
    n_counted: int
    """The articles whose company is counted."""


class Gathered:
    """The names of some articles, in whatever order they come: counted, and what is told of them.

    Nothing of it depends on the authority, which gives no country to what has none: names that are known now, and were not or will not be.
    """

    def __init__(self, names: Names, sums: Mapping[str, str] | None = None) -> None:
        self._sums = sums or {}  # for each article a hash of its names
        self.tallies: defaultdict[Unit, Tally] = defaultdict(Tally)
        self._country_of = countries_of(names)
        self._mentioned: set[str] = set()
        self._evidence: dict[Node, Evidence] = {}
        self._articles: defaultdict[Node, list[str]] = defaultdict(list)
        self._company: defaultdict[str, dict[str, int]] = defaultdict(dict)  # of each article; no known entity has itself for company
        self._others: dict[str, tuple[tuple[str, ...], int | None]] = {}  # of each article, and its day
        self._counted: set[str] = set()  # articles whose company is counted

    def add(self, use: NameUse) -> None:
        """Take in one name of one article."""
        self._mentioned.update(use.metonym_of)
        unit = use.unit
        if use.entity_id is None or use.group in ("PERSON", "ORG"):
            self._add_evidence(use, node_of(unit))
        self.tallies[unit].add(use)

    def _add_evidence(self, use: NameUse, node: Node) -> None:
        roles, acronyms, apart = map(frozenset, (use.roles, use.acronyms, use.apart))
        origins = frozenset(country for i in use.origins if (country := self._country_of.get(i)))
        told = Evidence(use.name, roles, acronyms, apart, origins=origins, told=NOTHING.plus(use.told), own=use.entity_id or "")
        if use.group in ("PERSON", "ORG"):
            told.called = _called(use)
            self._articles[node].append(use.document_id)
            self._company[use.document_id].update(use.company)
            self._others[use.document_id] = use.others, use.day
            if use.entity_id is None:
                self._counted.add(use.document_id)
        if node in self._evidence:
            self._evidence[node].add(told)
        else:
            self._evidence[node] = told

    def told(self) -> Told:
        """What the articles tell of the names."""
        besides = {document_id: self._beside_of(document_id) for document_id in self._others}
        for node, ids in self._articles.items():
            self._evidence[node].articles = [besides[document_id] for document_id in ids]
        kept: dict[str, int] = {}
        for document_id in self._counted:
            beside = besides[document_id]
            _add_counts(kept, dict.fromkeys(beside.company | beside.surnames, 1))
        titled = {unit: tally.n_mentions for unit, tally in self.tallies.items() if unit.title}
        return Told(self._evidence, titled, self._mentioned, kept, len(self._counted))

    def _beside_of(self, document_id: str) -> Beside:
        """What an article names besides any of its names."""
        company, (others, day) = self._company[document_id], self._others[document_id]
        countries: dict[str, int] = {}
        for identity, n in company.items():
            if country := self._country_of.get(identity):
                countries[country] = countries.get(country, 0) + n
        known = (identity for identity in company if identity not in self._country_of)
        named = frozenset((*known, *(name for name in others if name[0] != "~")))
        return Beside(countries, named, day, _surnames(others), int(self._sums.get(document_id, "0"), 16))


def join_told(parts: Iterable[Told]) -> tuple[Told, frozenset[str]]:
    """What all articles tell of their names; and what company so many of them keep that it says nothing, which each name is told."""
    joined = Told({}, {}, set(), {}, 0)
    n_counted = 0
    for part in parts:
        for node, seen in part.evidence.items():
            if (known := joined.evidence.get(node)) is not None:
                known.add(seen)
            else:
                joined.evidence[node] = seen
        for counts, more in ((joined.titled, part.titled), (joined.company, part.company)):
            _add_counts(counts, more)
        joined.mentioned.update(part.mentioned)
        n_counted += part.n_counted
    most = max(COMMON, COMMON_SHARE * n_counted)
    common = frozenset(name for name, n in joined.company.items() if n > most)
    for evidence in joined.evidence.values():
        evidence.common = common
    return joined._replace(n_counted=n_counted), common


def _add_counts(counts: dict[Any, int], more: Mapping[Any, int]) -> None:
    for key, n in more.items():
        counts[key] = counts.get(key, 0) + n


def _called(use: NameUse) -> frozenset[str]:
    """What an article calls a person for short that is neither the first nor the last word of the name: "Ocampo" of Ana Ocampo Ruiz."""
    inside = parse_person(use.name).words[1:-1]
    return frozenset(inside).intersection(normal(spelling, "PERSON") for spelling, _ in use.spellings) if inside else frozenset()


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


def countries_of(names: Names) -> dict[str, str]:
    """The countries that known entities lie in or are of; what is of none is not among them."""
    found = {}
    for identity, known in names.entities.items():
        related = names.entities.get(known.related_id or "")
        if country := known.country or (related.country if related else None):
            found[identity] = country
    return found
