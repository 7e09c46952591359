"""Short forms of bodies' names within one article: "Bulan Institute", "Herons", "Rail Authority"."""

from __future__ import annotations

from functools import cache

from qantar.stages.entities.local_name import LocalName
from qantar.stages.entities.name_forms import is_acronym, normal
from qantar.text.lexicon import read_toml


def is_short_form(short: LocalName, full: LocalName) -> bool:
    """Whether a body's name may be short for another: its beginning, its end if each city has such a body, its first word before a trade.

    "Bulan Institute" of Bulan Institute for Peace, "Police Department" of Ohio Police Department, "Dobbs" of Dobbs Energy.
    """
    words, fuller = normal(short.name, "ORG").split(), normal(full.name, "ORG").split()
    if short.of_country is not None:
        return short.of_country == "" and 1 < len(words) < len(fuller) and fuller[-len(words) :] == words
    rest = fuller[len(words) :]
    return fuller[: len(words)] == words and (len(words) > 1 or set(rest) <= _trades())


def is_last_word(short: LocalName, full: LocalName) -> bool:
    """Whether a body's name is the last word of another, and says more than its kind: "Herons" of Cleveland Herons."""
    words, fuller = normal(short.name, "ORG").split(), normal(full.name, "ORG").split()
    return short.of_country is None and fuller[-1:] == words and not is_acronym(short.name)


def is_end(short: LocalName, full: LocalName) -> bool:
    """Whether a body's name is the end of one given before, with what kind of body it is: "Rail Authority" of State Rail Authority."""
    words, fuller = normal(short.name, "ORG").split(), normal(full.name, "ORG").split()
    ends = fuller[-len(words) :] == words and words[-1] in _kinds_of_body()
    return ends and short.of_country is None and full.of_country is None and _first_place(full) < _first_place(short)


def _first_place(local: LocalName) -> int:
    return min(m.start for m in local.mentions)


@cache
def _kinds_of_body() -> frozenset[str]:
    return frozenset(normal(word, "ORG") for key in ("org", "sure_bodies") for word in read_toml("name_words.toml")[key])


@cache
def _trades() -> frozenset[str]:
    """Words that a body's name may leave out behind the first: "Energy", "University"."""
    return frozenset(
        word.lower() for key in ("org", "trades", "firms", "firms_by_law", "airlines") for word in read_toml("name_words.toml")[key]
    )
