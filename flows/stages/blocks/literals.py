"""What a line must hold for a pattern to match it, read off the pattern itself.

A pattern that may begin anywhere in a line takes long to find that it does not match, and hardly any line is matched: whether a word
is in a line is known in a hundredth of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_AS_ASCII = (("İ", "i"), ("ı", "i"), ("ſ", "s"))
"""Letters that patterns without case take for those of ASCII and `str.lower` does not; all others that they do, it does, too."""
_CHARACTERS = 150  # of a paragraph
_LOOKED_FOR = 0.02  # looking for a literal, of what it takes to try a pattern
_MOST_CHARACTERS = 4  # of a class of characters that is worth looking for


def fold(text: str) -> str:
    """The text as literals are looked for in it.

    >>> fold("All Rights")
    'all rights'
    """
    if not text.isascii():
        for letter, plain in _AS_ASCII:
            text = text.replace(letter, plain)
    return text.lower()


def needed_literals(pattern: str) -> tuple[str, ...]:
    """Literals one of which is in every text, folded, that the pattern matches in whatever case; none where there are none worth it.

    >>> needed_literals(r".{0,80}\\b(?:all|some) (?:rights|claims)(?: are)? reserved")
    (' reserved',)
    """
    literals = _cheapest(parser.parse(pattern))
    return literals if _cost(literals) < 1 else ()


def _cheapest(parsed: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
    return min(_needed(parsed), key=_cost, default=())


def _cost(literals: tuple[str, ...]) -> float:
    """Looking for the literals, and trying the pattern on the lines that hold one, as a share of trying it on every line."""
    return sum(_LOOKED_FOR + min(1.0, _CHARACTERS * prod(map(_share, literal))) for literal in literals)


def _share(character: str) -> float:
    """Roughly how many of the characters of a text are this one, or such a one in its place."""
    return 1.0 if character in " .,'" else 0.1 if character.isalnum() else 0.0005


def _needed(parsed: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, ...]]:
    """For each part of a parsed pattern that is never left out, the literals one of which stands in its place."""
    run = ""
    for kind, value in parsed:
        if kind is op.LITERAL and _is_literal(chr(value)):
            run += fold(chr(value))
            continue
        if run:
            yield (run,)
        run = ""
        if kind is op.SUBPATTERN or (kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0]):
            yield from _needed(value[-1])
        elif kind is op.BRANCH:
            yield from _union([_cheapest(branch) for branch in value[1]])
        elif kind is op.IN and len(value) <= _MOST_CHARACTERS:
            yield from _union([(fold(chr(of)),) if what is op.LITERAL and _is_literal(chr(of)) else () for what, of in value])
    if run:
        yield (run,)


def _union(parts: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The literals of all parts together, if each has some."""
    if all(parts):
        literals = {literal for part in parts for literal in part}
        yield tuple(sorted(a for a in literals if not any(b in a and b != a for b in literals)))


def _is_literal(character: str) -> bool:
    """Whether it is found in a folded text wherever a pattern matches it."""
    return character.isascii() or character.lower() == character.upper()
