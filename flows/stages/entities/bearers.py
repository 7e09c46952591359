"""Whom of several persons of one article a surname or first name means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from qantar.stages.entities.person_names import Part
from qantar.text.gender import Judged

if TYPE_CHECKING:
    from qantar.stages.entities.within_article import LocalName

FIRST = 2
"""What the person whom an article names first counts more than one named in full once."""
LEADS = 3
"""How many times as often as another a person must be named to be meant although the other has just been named."""
RECENT = 1
"""Sentences back in which the one named last is likely meant."""


class Bearer(NamedTuple):
    """A person of an article who bears a name, or a part of it."""

    local: LocalName
    part: Part
    told: Judged
    """The gender that stands beside the mention in question."""
    places: list[tuple[int, int]]
    """Where the name is spelled out: first character and sentence."""


def choose_bearer(start: int, sentence: int, bearers: list[Bearer], roles: frozenset[str]) -> LocalName | None:
    """Whom a name that starts at a place of a text means; None if there is nobody.

    In order: the one whose role stands beside it, the one whose gender does, who was named last just before unless another leads the
    article, who leads the article. A first name means who was named last before.
    """
    for agreeing in ([b for b in bearers if roles & b.local.roles], [b for b in bearers if b.told.gender == b.local.gender.gender]):
        if agreeing and (roles or bearers[0].told.gender):
            bearers = agreeing
    if not bearers:
        return None
    leader = max(bearers, key=lambda b: (_importance(b, bearers), -b.places[0][0]))
    before = [b for b in bearers if b.places[0][0] < start]
    if not before:
        return leader.local
    last = max(before, key=lambda b: max(place for place in b.places if place[0] < start))
    place = max(place for place in last.places if place[0] < start)
    if last.part != "surname":
        return last.local
    is_recent = sentence - place[1] <= RECENT and _importance(leader, bearers) <= LEADS * _importance(last, bearers)
    return last.local if is_recent else leader.local


def _importance(bearer: Bearer, bearers: list[Bearer]) -> int:
    first = min(bearers, key=lambda b: b.places[0][0])
    return len(bearer.places) + (FIRST if bearer is first else 0)
