"""Roles: descriptions that stand for a person the authority knows ("the Kazakh head of state")."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from qantar.schema import Mention, Quote
from qantar.stages.entities.name_forms import plain
from qantar.text.known_names import Names
from qantar.text.lexicon import either

Roles = dict[str, list[str]]
"""The ids of those who hold a role, by the role in normal form."""


def roles_of(names: Names) -> Roles:
    """The roles that the authority gives."""
    holders: Roles = defaultdict(list)
    for known in sorted(names.entities.values(), key=lambda k: k.id):
        for role in known.roles:
            holders[_normal(role)].append(known.id)
    return dict(sorted(holders.items()))


def resolve_roles(quotes: Iterable[Quote], mentions: Iterable[Mention], roles: Roles) -> list[Quote]:
    """The quotes of one document, descriptions of speakers resolved by the roles of the authority.

    A role counts only where one of its holders is named in the document; speakers that are resolved already stay.
    """
    named = {m.entity_id for m in mentions}
    resolved = []
    for quote in quotes:
        if quote.speaker_basis == "description" and quote.speaker_entity_id is None:
            who = [i for i in roles.get(_normal(quote.speaker or ""), []) if i in named]
            quote = replace(quote, speaker_entity_id=who[0]) if len(who) == 1 else quote
        resolved.append(quote)
    return resolved


def _normal(description: str) -> str:
    return re.sub(rf"^(?:{either('name_words.toml', 'description_leads')})\s+", "", re.sub(r"\s+", " ", plain(description).strip()))
