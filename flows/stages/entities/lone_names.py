"""A surname that stands alone in an article: whether it is the one person who dominates that surname in the corpus.

Joined where role, company, country and gender speak for it, the more of them the less the person dominates the surname; never against a
title, a word of kin or a pronoun, nor where the articles are about different countries or far apart in time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial

from qantar.stages.entities.compared_before import Comparison, Lone
from qantar.stages.entities.evidence import Evidence, Merged, Node, Pair
from qantar.stages.entities.likeness import Forms, forms_of
from qantar.stages.entities.name_forms import are_given_names, sound_of
from qantar.text import gender
from qantar.text.gender import Judged, conflicts, family_first

DOMINANT = 0.6
"""Share of the articles that name a bearer of the surname in full, from which on one bearer can be meant by the surname alone."""
FAMOUS = 0.8
"""The same, from which on one kind of evidence is enough, given `MANY` articles."""
MANY = 5
GIVEN = 3
"""The weight of evidence that a first name standing alone needs."""
ONE_NAME = 2
"""The weight of evidence that articles mean one person by a name of one word; a first name needs more."""
ONE_NAME_SCORE = 0.8
"""How sure such a name is beside a surname."""
APART = 5 * 365
"""Days between articles from which on they speak of different times."""
SEVERAL = 3
"""Articles from which on the one bearer of a surname is known."""


@dataclass
class Person:
    """A person whom articles name in full."""

    who: Merged
    node: Node
    evidence: list[Evidence] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)
    forms: list[Forms] = field(default_factory=list)
    """What the spellings are looked up by."""
    marks: list[int] = field(default_factory=list)
    """Short hashes of the person's names, and of all that is told of each."""

    def add(self, evidence: Evidence, spellings: list[str]) -> None:
        """Add what is known of one more name, or of the name in one more article."""
        if len(self.evidence) > 1 and "all" in vars(self):
            self.all.join(evidence)
        else:
            vars(self).pop("all", None)
        self.evidence.append(evidence)
        self.spellings += spellings

    @cached_property
    def all(self) -> Evidence:
        """The evidence of all the person's names together."""
        first, *more = self.evidence
        if not more:
            return first
        joined = Evidence(first.name, common=first.common)
        for one in self.evidence:
            joined.join(one)
        return joined

    @cached_property
    def told(self) -> str:
        """All that telling whom a lone name means depends on."""
        return repr((self.who, self.node, self.marks))

    @cached_property
    def gender(self) -> Judged:
        """The person's gender by the articles, else by the names."""
        return gender.judge([self.all.told], self.spellings)

    @cached_property
    def days(self) -> list[int]:
        """The days of the articles that name the person, in order."""
        return sorted(set(self.all.days))

    @cached_property
    def n_documents(self) -> int:
        """The number of articles that name the person; 1 at least."""
        return max(1, len(self.all.articles))

    @cached_property
    def surnames(self) -> set[str]:
        """What may stand alone for the person."""
        return {surname for forms in self.forms for surname in forms.surnames} | {sound_of(name) for name in self.called}

    @cached_property
    def marked(self) -> frozenset[str]:
        """The same, as they are marked among the names beside others."""
        return frozenset(f"{mark}{surname}" for surname in self.surnames for mark in ("~", "~~"))

    @cached_property
    def called(self) -> set[str]:
        """Words inside the names that articles use alone for the person."""
        return {name for one in self.evidence for name in one.called}

    @cached_property
    def given(self) -> set[str]:
        """The first words of the person's names."""
        return {forms.given for forms in self.forms}


def lone_name(node: Node) -> str:
    """A name that stands alone in an article, without what tells several persons of it apart."""
    return node[1].split(" |")[0]


def join_lone_persons(
    lone: dict[Node, Evidence], persons: Iterable[Person], comparison: Comparison
) -> tuple[dict[Node, Merged], list[Pair]]:
    """Who each surname of one article is, where that is sure enough; and the pairs that may be one."""
    bearers: defaultdict[str, list[Person]] = defaultdict(list)
    given: defaultdict[str, list[Person]] = defaultdict(list)
    for person in persons:
        for name in sorted(person.given):
            given[name].append(person)
        for surname in sorted(person.surnames):
            bearers[surname].append(person)
    by_name: defaultdict[str, dict[Node, Evidence]] = defaultdict(dict)
    for node in sorted(lone):
        by_name[lone_name(node)][node] = lone[node]
    found: dict[Node, Merged] = {}
    pairs: list[Pair] = []
    for name, own in by_name.items():
        by_surname, by_given = bearers.get(sound_of(name), []), given.get(name, [])
        told = [person.told for person in by_surname or by_given]
        marks = [evidence.mark_of(node) for node, evidence in own.items()]
        find = partial(_join_lone, name, own, by_surname, by_given)
        more, open_pairs = comparison.of_lone(name, (marks, told, bool(by_surname), bool(by_given)), find)
        found |= more
        pairs += open_pairs
    return found, pairs


def _join_lone(name: str, lone: dict[Node, Evidence], by_surname: list[Person], by_given: list[Person]) -> Lone:
    """The same for one name, whose bearers by surname and by first name are given."""
    if not by_surname and not by_given:
        return join_one_names(name, lone), []
    found: dict[Node, Merged] = {}
    pairs: list[Pair] = []
    for node, evidence in lone.items():
        likeliest = _likeliest(evidence, by_surname or by_given)
        if likeliest is None:
            continue
        best, share = likeliest
        kinds = evidence_for(evidence, best)
        needed = _needed_by_first_name(best, share)
        if by_surname:
            is_beside = share == 1 and bool(evidence.company & best.all.company)  # the one bearer in the corpus, in the same company
            needed = _needed(best, share, _is_common(name, bool(by_given), best), is_beside)
        if needed is not None and sum(kinds.values()) >= needed:
            found[node] = best.who._replace(method="surname", score=_score(share, kinds))
        elif by_surname:
            pairs.append(Pair(node, best.node, round(_score(share, kinds) / 2, 2), ("surname", *kinds)))
    return found, pairs


def _is_common(name: str, is_given: bool, person: Person) -> bool:
    """Whether a surname is also a first name, which articles do not use alone for its bearer, or one that thousands bear."""
    return (is_given and name not in person.called) or name.capitalize() in family_first()


def join_one_names(name: str, lone: dict[Node, Evidence]) -> dict[Node, Merged]:
    """Which articles mean one person by a name of one word that nobody bears in full: `Suharto`, given evidence."""
    found: dict[Node, Merged] = {}
    leaders: list[Person] = []
    needed = ONE_NAME + are_given_names([name])
    for node, evidence in lone.items():
        for person in leaders:
            kinds = evidence_for(evidence, person)
            if not _is_excluded(evidence, person) and sum(kinds.values()) >= needed:
                found[person.node], found[node] = person.who, person.who._replace(score=round(_score(1, kinds) * ONE_NAME_SCORE, 2))
                person.add(evidence, [])
                break
        else:
            leaders.append(Person(Merged(None, (name, node[2]), "name", 0.6), node, [evidence], [name], [forms_of(name, "PERSON")]))
    return found


def _likeliest(evidence: Evidence, persons: Iterable[Person]) -> tuple[Person, float] | None:
    """Whom of some persons a name can mean that the most articles name, with the share of these; None if nobody."""
    meant = [p for p in persons if not _is_excluded(evidence, p)]
    meant = [p for p in meant if evidence.roles & p.all.roles] or meant  # Vice President Harrow, not the senator of that name
    if not meant:
        return None
    best = max(meant, key=lambda p: (p.n_documents, p.node))
    return best, best.n_documents / sum(p.n_documents for p in meant)


def _is_excluded(evidence: Evidence, person: Person) -> bool:
    """Whether something says that a surname is not this person's: gender, countries, time."""
    if conflicts(evidence.gender_told, person.gender):
        return True
    countries, others = evidence.countries.keys(), person.all.countries.keys()
    if countries and others and countries.isdisjoint(others):
        return True
    days, others_days = evidence.days, person.days
    return bool(days and others_days) and min(_apart(day, others_days) for day in days) > APART


def _apart(day: int, days: list[int]) -> int:
    """How far a day is from the nearest of some in order."""
    at = bisect_left(days, day)
    return min(abs(day - other) for other in days[max(0, at - 1) : at + 1])


def evidence_for(evidence: Evidence, person: Person) -> dict[str, int]:
    """What speaks for a surname being a person's, each kind with its weight."""
    kinds = {}
    if evidence.roles & person.all.roles:
        kinds["role"] = 2
    if weight := evidence.company_with(person.all, person.marked):
        kinds["company"] = weight
    if evidence.origins & person.all.origins:
        kinds["country"] = 2
    elif evidence.country is not None and evidence.country == person.all.country:
        kinds["country"] = 1
    told = evidence.gender_told.gender
    if told and told == person.gender.gender:
        kinds["gender"] = 1
    return kinds


def _needed(person: Person, share: float, is_common: bool, is_beside: bool) -> int | None:
    """The weight of evidence that a surname needs: less where its bearer dominates it, more where it is a first name or very common.

    None where no weight is enough: nobody dominates it.
    """
    if share < DOMINANT:
        return None
    if (share >= FAMOUS and person.n_documents >= MANY) or (share == 1 and person.n_documents >= SEVERAL):
        return 1 + (is_common and person.n_documents < 2 * MANY)
    return 2 + is_common - (is_beside and not is_common)


def _needed_by_first_name(person: Person, share: float) -> int | None:
    """The weight of evidence that a first name alone needs: less where a great many articles name its one bearer."""
    return GIVEN - (person.n_documents >= 2 * MANY) if share >= FAMOUS else None


def _score(share: float, kinds: dict[str, int]) -> float:
    return round(min(0.95, share * (1 - 0.5 ** (1 + sum(kinds.values())))), 2)
