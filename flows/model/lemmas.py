"""Lemmas: a rule that the model chose for a word, checked by WordNet.

A rule cuts off and adds letters and may give what is not a word ("tri" for "tried"). Where WordNet's lists of nouns, verbs, adjectives
and adverbs do not have the result, their own exceptions and endings are tried; where these lead nowhere, the rule's result stands,
since the lists have no new words. `wordnet/` holds three tables of the package spacy-lookups-data 1.0.5 (MIT), made from WordNet 3.0
(its licence lies beside them).
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from qantar.model.decoding import apply_lemma_rule

FOLDER = Path(__file__).parent / "wordnet"
CLASSES = {"NOUN": "noun", "VERB": "verb", "ADJ": "adj", "ADV": "adv"}
"""The word classes of WordNet by part of speech; auxiliaries are few and the rules know them."""


class _Class(NamedTuple):
    words: frozenset[str]
    exceptions: dict[str, list[str]]
    endings: list[tuple[str, str]]


@cache
def _classes() -> dict[str, _Class]:
    index, exceptions, endings = (_table(name) for name in ("index", "exc", "rules"))
    return {
        pos: _Class(frozenset(index[name]), exceptions[name], [(old, new) for old, new in endings[name]]) for pos, name in CLASSES.items()
    }


def _table(name: str) -> dict[str, Any]:
    with gzip.open(FOLDER / f"en_lemma_{name}.json.gz", "rt", encoding="utf-8") as file:
        table: dict[str, Any] = json.load(file)
    return table


@cache
def lemma_of(form: str, rule: str, pos: str) -> str:
    """The lemma of a word by the rule that the model chose for it and its part of speech.

    >>> lemma_of("Tried", "l2+", "VERB"), lemma_of("drove", "l2+", "VERB"), lemma_of("Googled", "l2+", "VERB")
    ('try', 'drive', 'google')
    """
    lemma = apply_lemma_rule(form, rule)
    known = _classes().get(pos)
    if known is None or rule[0] == "k" or lemma in known.words or not lemma.isalpha():
        return lemma
    lower = form.lower()
    found = known.exceptions.get(lower, [])
    found = found or [word for old, new in known.endings if lower.endswith(old) and (word := lower.removesuffix(old) + new) in known.words]
    return found[0] if found else lower if lower in known.words else lemma
