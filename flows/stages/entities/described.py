"""What stands beside a person's name that tells which of two of one surname is meant: kin, generation, trade.

`Dana Quist, the harbour master, … harbour master Quist`, `his father, Bo Quist, … the elder Quist`.
"""

from __future__ import annotations

import re
from functools import cache

from qantar.stages.entities.person_names import parse_person
from qantar.text.lexicon import either, read_toml
from qantar.text.person_titles import titles

_REACH = 60
_APPOSITION = re.compile(
    rf",\s+(?:\d{{1,3}},\s+)?(?:{either('gender_words.toml', 'apposition_leads')})\s+(?P<words>[a-z-]+(?:(?:['’]s?)?\s[a-z-]+){{0,5}})"
)
_OWNER = re.compile(r"['’]s? ")
_LAST_WORD = re.compile(r"\b([^\W\d_]+)\s\Z")


def kin_before(text: str, start: int) -> str | None:
    """The word of kin before a name that makes it a relative's: "his wife, X", "Quill's son X", "first lady X".

    >>> kin_before("His wife, Ann Quist, left.", 10), kin_before("Quist's eldest son Bo", 19), kin_before("He saw Bo", 7)
    ('wife', 'son', None)
    """
    before = text[max(0, start - _REACH) : start]
    if "," not in before and not before.rstrip().casefold().endswith(_kin_endings()):  # most names stand behind other words
        return None
    found = _kin().search(text, max(0, start - _REACH), start)
    return found["kin"].lower() if found else None


def is_kin(text: str, start: int, end: int) -> bool:
    """Whether a name is brought in as a relative's: "his wife, X", "X, the president's son", but not "X, the son of Mayor Y".

    >>> text = "Bo Quist, the mayor's son, left."
    >>> is_kin(text, 0, 8), is_kin("Bo Quist, the son of the mayor, left.", 0, 8), is_kin("Bo Quist, the mayor's cook, left.", 0, 8)
    (True, False, False)
    """
    said = _APPOSITION.match(text, end)
    is_owned = said is not None and _OWNER.search(said["words"]) is not None
    return kin_before(text, start) is not None or (is_owned and not _kin_words().isdisjoint(_heads(text, end)))


def words_for(text: str, start: int, end: int) -> set[str]:
    """What is said of a person beside a full name: what heads the apposition behind it, and the generation.

    >>> text = "His father, Bo Quist, the harbour master of Zarb, met Ann Quist Jr."
    >>> sorted(words_for(text, 12, 20)), words_for(text, 54, 66)
    (['elder', 'master'], {'younger'})
    """
    found = set(_heads(text, end))
    told = {parse_person(text[start:end]).generation, kin_before(text, start), *found}
    return found | {said for said, words in _generations().items() if words & told}


def _heads(text: str, end: int) -> list[str]:
    """The word that heads the apposition behind a name, if one does."""
    said = _APPOSITION.match(text, end)
    words = said["words"].split() if said else []
    head = next((n for n, word in enumerate(words) if word in read_toml("gender_words.toml")["after_head"]), len(words))
    return words[head - 1 : head]


def is_told_by_age(said: frozenset[str]) -> bool:
    """Whether words beside a surname tell which of two generations is meant: "elder"."""
    return not said.isdisjoint(_generations())


def word_before(text: str, start: int) -> set[str]:
    """The word right before a name, a generation as one of two: "master" in "harbour master Quist", "elder" in "the older Quist"."""
    found = _LAST_WORD.search(text, max(0, start - _REACH), start)
    if found is None:
        return set()
    word = found[1].lower()
    return {next((said for said, words in _generations().items() if word in words), word)}


@cache
def _kin() -> re.Pattern[str]:
    words = read_toml("gender_words.toml")
    kin = "|".join(either("gender_words.toml", key) for key in ("parents", "children", "equals"))
    no_role = "|".join((either("clauses.toml", "coordinators"), either("gender_words.toml", "apposition_leads")))
    role = (
        rf"(?:the\s)?(?!(?:{no_role})\b)(?:[\w-]+\s){{0,3}}?(?i:{'|'.join(map(re.escape, titles()))})\.?\s"  # "his mother, retired judge X"
    )
    return re.compile(
        rf"(?i:(?:\b(?:{'|'.join(words['owners'])})|['’]s?)\s(?:[\w-]+\s){{0,2}}|\b(?=first\s))(?P<kin>(?i:{kin}))(?:,?\s|,\s{role}|,\sthe\s(?:[a-z-]+\s){{1,3}})\Z"
    )


@cache
def _kin_words() -> frozenset[str]:
    words = read_toml("gender_words.toml")
    return frozenset((*words["parents"], *words["children"], *words["equals"]))


@cache
def _kin_endings() -> tuple[str, ...]:
    return tuple(word.casefold() for word in _kin_words())


@cache
def _generations() -> dict[str, frozenset[str]]:
    words = read_toml("gender_words.toml")
    return {
        "elder": frozenset([*words["older"], *words["parents"]]),
        "younger": frozenset([*words["younger"], *words["children"]]),
    }
