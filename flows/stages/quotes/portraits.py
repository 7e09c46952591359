"""Whom an article portrays: the person whom it names most, and whom its pronouns mean where no name is near."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from qantar.text.gender import pronoun

_LEAST = 3  # names of whom an article portrays
_MORE = 2  # how many times those of any other
_NEARLY = 0.8  # share of an article's pronouns that are of one gender
_WORD = re.compile(r"[\w’'-]+")


def most_named(entities: Sequence[str]) -> str | None:
    """The entity that some names mean most often by far, if one is.

    >>> most_named(["lee", "ray", "lee", "lee"]), most_named(["lee", "ray", "lee", "lee", "ray"]), most_named(["lee", "lee"])
    ('lee', None, None)
    """
    ranked = [*Counter(entities).most_common(2), ("", 0), ("", 0)]
    (entity, times), (_, others) = ranked[:2]
    return entity if times >= max(_LEAST, _MORE * others) else None


def is_of_one_gender(text: str, word: str) -> bool:
    """Whether nearly all pronouns of a text have the gender of a given one.

    >>> is_of_one_gender("She sang. Her mother wept.", "she"), is_of_one_gender("She sang. He wept.", "she")
    (True, False)
    """
    genders = [other.gender for w in _WORD.findall(text) if (other := pronoun(w)) and other.gender]
    meant = pronoun(word)
    return meant is not None and sum(gender == meant.gender for gender in genders) >= _NEARLY * len(genders)
