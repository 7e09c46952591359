"""Names that a model takes for persons' and that the text describes as bodies: "Quill, the country's largest lender"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from qantar.stages.mentions.model_names import ModelName
from qantar.text.lexicon import either, read_lines, read_toml
from qantar.text.person_titles import titles_before

_REACH = 60
_DESCRIBED = re.compile(
    rf",? (?:(?i:{either('gender_words.toml', 'apposition_leads')})|{either('name_words.toml', 'described_of')}|[A-Z]\w+['’]s) "
    rf"(?:[\w’'-]+ ){{0,4}}?(?:{either('name_words.toml', 'described_bodies')})s?"
    rf"(?:[,.;:)—]| (?:{either('gender_words.toml', 'after_head')})\b)"
)
"""Behind a name: ", the furniture retailer,", ", one of the banks that …"."""

_WORKS_AT = re.compile(
    rf"\b(?:{either('name_words.toml', 'workers')})(?: (?:{either('name_words.toml', 'work_of')}) [a-z-]+(?: [a-z-]+)?)? at \Z"
)
"""Before a name: "an analyst at", "head of bridges at"."""

_REPORTED = re.compile(rf" (?:(?:{either('name_words.toml', 'before_reported')}) )?(?:{either('name_words.toml', 'reported')})\b(?! to\b)")
"""Behind the name of a newspaper: "Zorb first reported"."""
_SHARES = re.compile(rf"\b(?i:{either('name_words.toml', 'shares')}) (?:{either('name_words.toml', 'of_shares')}) \Z")
_THE_FIRM = re.compile(rf"[^.!?\n]{{1,240}}\. The (?:{either('name_words.toml', 'firm_nouns')})\b")
"""Behind a name that opens a sentence: " sold its mine. The company"."""
_OPENS = re.compile(r"(?:\A|\n|[.!?][”\"]? )\Z")


def described_bodies(text: str, marked: Sequence[ModelName]) -> set[str]:
    """Names of persons that the text describes as bodies, by what follows a name of one word or by who works there.

    >>> text = "Shares in Quill, the furniture retailer, fell. Ann Rye, an analyst at Zorb, said so. Bo Dell, a bank robber, is at large."
    >>> sorted(described_bodies(text, [ModelName(text.index(name), text.index(name) + 4, "PERSON") for name in ("Zorb", "Dell")]))
    ['Zorb']
    """
    described = {
        text[m.start : m.end]
        for m in marked
        if m.label == "PERSON" and (_is_described(text, m) or _WORKS_AT.search(text, max(0, m.start - _REACH), m.start))
        if text[m.end : m.end + 1] not in ("'", "’")
    }
    return described | _lone_bodies(text, marked) | {name for m in marked if _is_body_abroad(name := text[m.start : m.end])}


def _lone_bodies(text: str, marked: Sequence[ModelName]) -> set[str]:
    """Names of one word that no person of the article bears besides, and that do what bodies do: "Zorb reported", "shares in Zorb".

    >>> text = "Zorb first reported it. Bo Dell reported it, and Dell reported it again."
    >>> names = re.finditer("Zorb|Bo Dell|Dell(?= reported it again)", text)
    >>> sorted(_lone_bodies(text, [ModelName(*m.span(), "PERSON") for m in names]))
    ['Zorb']
    """
    persons = [m for m in marked if m.label == "PERSON"]
    taken = {word for m in persons if len(words := text[m.start : m.end].split()) > 1 or titles_before(text, m.start) for word in words}
    alone = {name for m in persons if " " not in (name := text[m.start : m.end])} - taken - _first_names()
    return {name for m in persons if (name := text[m.start : m.end]) in alone and (_ends_as_firm(name) or _acts_as_body(text, m, marked))}


@cache
def _first_names() -> frozenset[str]:
    return frozenset(read_lines("first_names.txt"))


def _ends_as_firm(name: str) -> bool:
    return name.endswith(tuple(read_toml("name_words.toml")["firm_endings"]))


def _acts_as_body(text: str, name: ModelName, marked: Sequence[ModelName]) -> bool:
    """Whether a name reports, has shares, or opens a sentence behind which "the company" does something, and no other body is named."""
    if _REPORTED.match(text, name.end) or _SHARES.search(text, max(0, name.start - _REACH), name.start):
        return True
    found = _THE_FIRM.match(text, name.end) if _OPENS.search(text, max(0, name.start - 3), name.start) else None
    return found is not None and not any(m.label == "ORG" and name.end < m.start < found.end() for m in marked)


def _is_body_abroad(name: str) -> bool:
    """Whether a name begins as a body's does in another language: "Constructora Zorb"."""
    return " " in name and name.split()[0] in read_toml("name_words.toml")["bodies_abroad"]


def _is_described(text: str, name: ModelName) -> bool:
    return " " not in text[name.start : name.end] and bool(_DESCRIBED.match(text, name.end))
