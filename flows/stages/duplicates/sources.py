"""Sources: from which article of a group of copies the others come.

The canonical article is a choice of Qantar's, the source is a finding: the article of the agency that another copy credits; else
the one that appeared days before the others; else, of those of the first day, the one that credits an agency where others have left the
credit out; else the fullest, which the others have cut. Where nothing decides, no source is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from qantar.text.lexicon import read_toml

if TYPE_CHECKING:
    from qantar.schema import SourceEvidence

BEGINNING = 200
"""Characters of a text in which an agency may stand in brackets."""

_BRACKETS = re.compile(r"[(\[]([^()\[\]]{2,40})[)\]]")


class Copy(NamedTuple):
    """What is known of an article of a group."""

    document_id: str
    published_on: date | None
    n_words: int
    outlet: str | None
    url: str | None
    credits: tuple[str, ...]
    """Author, byline, dateline and credit lines."""
    beginning: str
    """The beginning of its text."""


class Source(NamedTuple):
    """The article that the others come from, and what says so."""

    document_id: str
    evidence: SourceEvidence


def _is_credited_by_others(copy: Copy, copies: Sequence[Copy]) -> bool:
    """Whether an agency published the copy, and copies of others name it."""
    agency = _publisher(copy)
    return agency is not None and any(agency in _credited(other) for other in copies if _publisher(other) != agency)


def _fullest(copies: Sequence[Copy]) -> Source | None:
    """The one of several copies that has the most words; None where two have as many."""
    most = max(copy.n_words for copy in copies)
    fullest = [copy for copy in copies if copy.n_words == most]
    return Source(fullest[0].document_id, "fullest") if len(fullest) == 1 and len(copies) > 1 else None


def _crediting(copies: Sequence[Copy]) -> Source | None:
    """The fullest of several copies that credit one agency, where others credit none; None where two have as many words."""
    credited = [(copy, _credited(copy)) for copy in copies]
    crediting = [copy for copy, agencies in credited if agencies]
    if not crediting or len(crediting) == len(copies) or not set.intersection(*(agencies for _, agencies in credited if agencies)):
        return None
    most = max(copy.n_words for copy in crediting)
    fullest = [copy for copy in crediting if copy.n_words == most]
    return Source(fullest[0].document_id, "credit") if len(fullest) == 1 else None


def find_source(copies: Sequence[Copy]) -> Source | None:
    """The source of a group of copies, the canonical article among them; None where nothing decides.

    >>> day = date(2022, 1, 5)
    >>> one = Copy("a", day, 90, "Valley Post", None, ("By Reuters",), "Dockers walked out")
    >>> find_source([one, one._replace(document_id="b", outlet="Reuters", credits=())])
    Source(document_id='b', evidence='agency')
    """
    agency = next((copy for copy in sorted(copies, key=_turn) if _is_credited_by_others(copy, copies)), None)
    if agency is not None:
        return Source(agency.document_id, "agency")
    days = [copy.published_on for copy in copies if copy.published_on]
    first = [copy for copy in copies if copy.published_on == min(days)] if days else []
    if len(first) == 1 and len(days) > 1:
        return Source(first[0].document_id, "earliest")
    return _crediting(first or copies) or _fullest(first or copies)


def _turn(copy: Copy) -> tuple[date, int, str]:
    return copy.published_on or date.max, -copy.n_words, copy.document_id


@cache
def _agencies() -> tuple[tuple[re.Pattern[str], frozenset[str], tuple[str, ...]], ...]:
    """Of each agency, what it is called in a credit, its names in small letters, and its hosts."""
    found = []
    for agency in read_toml("agencies.toml")["agencies"]:
        called = (re.escape(name.upper()) if len(name) <= 3 else f"(?i:{re.escape(name)})" for name in agency["names"])
        in_credits = re.compile(rf"(?<!\w)(?:{'|'.join(called)})(?!\w)")
        found.append((in_credits, frozenset(name.casefold() for name in agency["names"]), tuple(agency["hosts"])))
    return tuple(found)


@cache
def _pictures() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{'|'.join(read_toml('agencies.toml')['pictures'])})\b")


def _publisher(copy: Copy) -> int | None:
    """The agency that published an article itself, by its number."""
    outlet, host = (copy.outlet or "").casefold().strip(), urlsplit(copy.url or "").hostname or ""
    for number, (_, names, hosts) in enumerate(_agencies()):
        if outlet in names or any(host == own or host.endswith("." + own) for own in hosts):
            return number
    return None


def _credited(copy: Copy) -> set[int]:
    """The agencies that an article names as where its text is from."""
    told = [credit for credit in copy.credits if not _pictures().search(credit)]
    told += _BRACKETS.findall(copy.beginning[:BEGINNING])
    return {number for number, (called, _, _) in enumerate(_agencies()) if any(called.search(text) for text in told)}
