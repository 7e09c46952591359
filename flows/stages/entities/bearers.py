"""Whom of several persons of one article a surname or first name means."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from qantar.stages.entities.described import is_told_by_age
from qantar.stages.entities.local_name import LocalName
from qantar.stages.entities.person_names import Part
from qantar.text.gender import Judged

FIRST = 2
"""What the person whom an article names first counts more than one named in full once."""
MOST = 3
"""Full names that count: who shares the surname of a leading person is named in full each time."""
LEADS = 3
"""How many times as much as another a person must count to be meant although the other has just been named."""
RECENT = 1
"""Sentences back in which the one named in full last is likely meant."""
GOES_ON = 3
"""Sentences back in which the surname, standing alone, still means the same."""

BEYOND = 1_000_000
"""How many sentences back somebody counts as named who has not been named yet."""

Places = list[tuple[int, int]]
"""First characters and sentences of mentions, in order."""


class Bearer(NamedTuple):
    """A person of an article who bears a name, or a part of it."""

    local: LocalName
    part: Part
    told: Judged
    """The gender that stands beside the mention in question."""
    full: Places
    """Where the name is spelled out."""
    short: Places
    """Where the part of it in question, or what ends in that, stands for it, as far as is known."""
    is_called_otherwise: bool = False
    """Whether the article calls the person by another surname of the same name."""


def choose_bearer(start: int, sentence: int, bearers: list[Bearer], roles: frozenset[str]) -> LocalName | None:
    """Whom a name that starts at a place of a text means; None if there is nobody.

    In order: the one whose role stands beside it, the one whose gender does, who is not called by another surname, nor brought in as
    another's relative; of whom the surname was used just before, who was named in full just before unless another leads the article, who
    leads the article. A first name means who was named last before.
    """
    if not bearers:
        return None
    bearers = _of_generation(_agreeing(start, bearers, roles), roles)
    leader = max(bearers, key=lambda b: (_importance(b, bearers), -_first(b)))
    last = max(bearers, key=lambda b: (_last_before(start, [*b.full, *b.short]), b is leader))
    if last.part != "surname":
        return last.local
    place, position = _last_before(start, [*last.full, *last.short])
    if (place, position) in last.short and sentence - position <= GOES_ON:
        return last.local
    is_recent = sentence - position <= RECENT and _importance(leader, bearers) <= LEADS * _importance(last, bearers)
    return last.local if is_recent and not _is_set_beside(last, leader, place, position, start) else leader.local


def _is_set_beside(bearer: Bearer, leader: Bearer, place: int, position: int, start: int) -> bool:
    """Whether somebody named at a place, in a sentence, is brought in beside the leader, or named in full each time."""
    is_beside = any(at == position and other < place for other, at in (*leader.full, *leader.short))
    return is_beside or _is_named_in_full(bearer, leader, start)


def _of_generation(bearers: list[Bearer], said: frozenset[str]) -> list[Bearer]:
    """Of two whom a word of generation is to tell apart, the one whom the article is less about: the leader needs no such word."""
    if len(bearers) != 2 or not is_told_by_age(said):
        return bearers
    return [min(bearers, key=lambda b: (_importance(b, bearers), -_first(b)))]


def _is_named_in_full(bearer: Bearer, leader: Bearer, start: int) -> bool:
    """Whether an article, before a place, has named somebody in full twice whom it could have called by the surname, but for the leader."""
    return len([place for place, _ in bearer.full if place < start]) > 1 and _first(leader) < _first(bearer)


def _agreeing(start: int, bearers: list[Bearer], roles: frozenset[str]) -> list[Bearer]:
    """Those whom what stands beside the name can mean, and what the article says of them."""
    agrees: list[Callable[[Bearer], bool]] = [
        lambda b: bool(roles & (b.local.roles | b.local.described)),
        lambda b: b.told.gender is not None and b.told.gender == b.local.gender.gender,
        lambda b: not b.is_called_otherwise,
        lambda b: b.part != "surname" or not b.local.is_kin or any(place < start for place, _ in b.short),
    ]
    for said in agrees:
        bearers = [b for b in bearers if said(b)] or bearers
    return bearers


def _first(bearer: Bearer) -> int:
    return min(place for place, _ in (*bearer.full, *bearer.short))


def _last_before(start: int, places: Places) -> tuple[int, int]:
    return max(((place, sentence) for place, sentence in places if place < start), default=(-1, -BEYOND))


def _importance(bearer: Bearer, bearers: list[Bearer]) -> int:
    """How much the article is a person's: named first, and often in full, by title or by the part of the name in question."""
    first = min(bearers, key=_first)
    n_titled = sum(bool(e.titles) for e in bearer.local.evidence)
    n_short = max(0, len(bearer.short) - 1)  # once is no habit
    counted = sum(min(MOST, n) for n in (len(bearer.full), n_short, n_titled))
    return counted + (FIRST if bearer is first else 0)
