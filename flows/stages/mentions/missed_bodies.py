"""Bodies that a model misses: acronyms that brackets behind a name explain, and names that end as a body's does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from qantar.text.lexicon import read_toml

_IN_BRACKETS = re.compile(r" \((?P<acronym>[A-Z][A-Za-z]{1,7})\)")
_LETTERS = re.compile(r"[A-Z]")


def missed_bodies(text: str, bodies: Sequence[tuple[int, int]], taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans of bodies that are no names yet, or only in part: `bodies` are those known, `taken` the spans of names that stay.

    >>> text = "The Bureau of Tides (BoT) met the Harrow Tide Board. BoT won."
    >>> [text[a:b] for a, b in missed_bodies(text, [(4, 19)], [])]
    ['BoT', 'BoT', 'Harrow Tide Board']
    """
    covered = {i for start, end in taken for i in range(start, end)}
    for start, end in (*_acronyms(text, bodies), *_by_head(text)):
        if covered.isdisjoint(range(start, end)):
            covered.update(range(start, end))
            yield start, end


def _acronyms(text: str, bodies: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where an acronym stands that brackets behind a body's name explain: it holds the first letters of its words."""
    for start, end in bodies:
        match = _IN_BRACKETS.match(text, end)
        if match is None:
            continue
        capitals = _LETTERS.findall(match["acronym"])
        firsts = [word[0] for word in re.split(r"[\s-]+", text[start:end]) if word[:1].isupper()]
        if len(capitals) > 1 and capitals == firsts:
            yield from (m.span() for m in re.finditer(rf"\b{match['acronym']}\b", text))


def _by_head(text: str) -> Iterator[tuple[int, int]]:
    """Capitalised words behind "the" that end as a body's name does: the Harrow Communications Board."""
    return (match.span("name") for match in _body().finditer(text))


@cache
def _body() -> re.Pattern[str]:
    heads = "|".join(read_toml("name_words.toml")["sure_bodies"])
    return re.compile(rf"[Tt]he (?<!\w[Tt]he )(?P<name>(?:[A-Z][\w’'-]+ ){{2,5}}(?:{heads}))\b(?! (?:of|[A-Z]))")
