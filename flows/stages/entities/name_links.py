"""The entity of each name, by who it is among the names of all articles."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, cast

from qantar.schema import LinkMethod
from qantar.stages.entities.evidence import Merged, Node
from qantar.stages.entities.gathering import node_of
from qantar.stages.entities.name_forms import plain
from qantar.stages.entities.name_uses import Unit
from qantar.text.gender import Gender
from qantar.text.identity import digest


class Link(NamedTuple):
    """The entity of a name, and why."""

    entity_id: str
    method: LinkMethod
    score: float


class Who:
    """Who each name is: worked out when it is asked for, and kept."""

    def __init__(self, merged: Mapping[Node, Merged], titled: Mapping[Unit, int]) -> None:
        self.merged, self._titled = merged, titled
        self._links = _other_persons(titled, merged)

    def link_of(self, unit: Unit) -> Link:
        """The link of a name."""
        if (link := self._links.get(unit)) is None:
            link = self._links[unit] = _link_of(unit, self.merged)
        return link

    def links_of(self, units: Iterable[Unit]) -> dict[Unit, Link]:
        """The links of some names, but of those that have the entity they give by themselves."""
        links = ((unit, self.link_of(unit)) for unit in units)
        return {unit: link for unit, link in links if unit.group != "known" or unit.key != link.entity_id}

    def lines(self) -> Iterator[tuple[Node, str]]:
        """Each name, and that with all that its links depend on: another line, where these may be others."""
        for node, who in self.merged.items():
            yield node, "\t".join((*node, who.known_id or "", *who.identity, who.method, str(who.score)))
        for unit in self._titled:
            link = self.link_of(unit)
            yield node_of(unit), "\t".join((*map(str, unit), link.entity_id, link.method, str(link.score)))


def identity_of(node: Node, merged: Mapping[Node, Merged]) -> str:
    """The id of the entity of a name."""
    return node[1] if node[0] == "known" else _link(merged[node], node[0]).entity_id


def _link_of(unit: Unit, merged: Mapping[Node, Merged]) -> Link:
    return Link(unit.key, "name", 0.9) if unit.group == "known" else _link(merged[node_of(unit)], unit.group)


def _other_persons(titled: Mapping[Unit, int], merged: Mapping[Node, Merged]) -> dict[Unit, Link]:
    """The links of names with a title of the other gender than stands beside their person more often: they name somebody else."""
    links = {unit: _link_of(unit, merged) for unit in titled}
    called: defaultdict[str, Counter[Gender]] = defaultdict(Counter)
    for unit, link in links.items():
        called[link.entity_id][cast(Gender, unit.title)] += titled[unit]
    usual = {identity: max(sorted(titles), key=titles.__getitem__) for identity, titles in called.items()}
    return {
        unit: Link(f"{link.entity_id}-{unit.title}", "name", 0.6) for unit, link in links.items() if unit.title != usual[link.entity_id]
    }


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
