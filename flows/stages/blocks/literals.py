"""What a line must hold, or begin with, for a pattern to match it, read off the pattern itself.

A pattern that may begin anywhere in a line takes long to find that it does not match, and hardly any line is matched: whether a word
is in a line is known in a hundredth of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import prod
from typing import Any

from qantar.compat import parse_pattern
from qantar.compat import pattern_parts as op

_AS_ASCII = (("İ", "i"), ("ı", "i"), ("ſ", "s"))
"""Letters that patterns without case take for those of ASCII and `str.lower` does not; all others that they do, it does, too."""
_CHARACTERS = 150  # of a paragraph
_LOOKED_FOR = 0.02  # looking for a literal, of what it takes to try a pattern
_ANY = "\0"
_OPENING, _MOST_OPENINGS = 2, 600
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


@lru_cache(maxsize=1)  # what begins it and what it holds are asked for one after the other
def _parsed(pattern: str) -> list[tuple[Any, Any]]:
    return list(parse_pattern(pattern))


def needed_literals(pattern: str) -> tuple[str, ...]:
    """Literals one of which is in every text, folded, that the pattern matches in whatever case; none where there are none worth it.

    >>> needed_literals(r".{0,80}\\b(?:all|some) (?:rights|claims)(?: are)? reserved")
    (' reserved',)
    """
    literals = next(iter(needed_groups(pattern)), ())
    return literals if _cost(literals) < 1 else ()


@lru_cache(maxsize=1)
def needed_groups(pattern: str) -> tuple[tuple[str, ...], ...]:
    """All literals that such a text holds, one of each group; first the groups that fewest texts have any of.

    >>> needed_groups("(?:read|see) also:")
    ((' also:',), ('read', 'see'))
    """
    return tuple(sorted(_needed(_parsed(pattern)), key=_cost))


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
        letter = _literal(kind, value)
        if letter:
            run += letter[0]
            continue
        if run:
            yield (run,)
        run = ""
        if kind is op.SUBPATTERN or (kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0]):
            yield from _needed(value[-1])
        elif kind is op.BRANCH:
            yield from _union([_cheapest(branch) for branch in value[1]])
        elif kind is op.IN and len(value) <= _MOST_CHARACTERS:
            yield from _union([_literal(what, of) for what, of in value])
    if run:
        yield (run,)


def _literal(kind: Any, value: Any) -> tuple[str, ...]:
    """The character that a part of a pattern stands for, folded; none where it is no literal."""
    return (fold(chr(value)),) if kind is op.LITERAL and _is_literal(chr(value)) else ()


def openings(pattern: str) -> frozenset[str] | None:
    """How a text, folded, begins that the pattern matches: two characters, or one where any may follow; None where it can begin with any.

    >>> sorted(openings("(?:read|see)? ?more"))
    [' m', 'mo', 're', 'se']
    """
    found = _heads(_parsed(pattern))
    return (
        None if len(found) > _MOST_OPENINGS or any(head[:1] in ("", _ANY) for head in found) else frozenset(h.rstrip(_ANY) for h in found)
    )


def _heads(parsed: Iterable[tuple[Any, Any]]) -> set[str]:
    """The first two characters of what a parsed pattern matches, fewer where it can be that short."""
    heads = {""}
    for kind, value in parsed:
        if all(len(head) == _OPENING for head in heads):
            break
        heads = _joined(heads, _heads_of(kind, value))
        if len(heads) > _MOST_OPENINGS:
            return {_ANY}
    return heads


def _joined(heads: set[str], tails: set[str]) -> set[str]:
    return {(head + tail)[:_OPENING] for head in heads for tail in (tails if len(head) < _OPENING else ("",))}


def _heads_of(kind: Any, value: Any) -> set[str]:
    if kind is op.LITERAL:
        return {fold(chr(value))}
    if kind is op.IN:
        return _members(value)
    if kind is op.SUBPATTERN:
        return _heads(value[-1])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        once = _heads(value[-1])
        return once | (_joined(once, once) if value[1] > 1 else set()) | ({""} if not value[0] else set())
    if kind is op.BRANCH:
        return {head for branch in value[1] for head in _heads(branch)}
    return {""} if kind in (op.AT, op.ASSERT, op.ASSERT_NOT) else {_ANY}


def _members(members: Any) -> set[str]:
    """The characters of a class of ASCII ones, in small letters; of others, which may be folded to anything, just any."""
    found: set[str] = set()
    for what, of in members:
        if what is op.LITERAL:
            found.add(fold(chr(of)))
        elif what is op.RANGE and of[1] < 128:
            found |= {chr(n).lower() for n in range(of[0], of[1] + 1)}
        elif what is op.CATEGORY and of is op.CATEGORY_DIGIT:
            found |= set("0123456789")
        else:
            return {_ANY}
    return found


def _union(parts: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The literals of all parts together, if each has some."""
    if all(parts):
        literals = {literal for part in parts for literal in part}
        yield tuple(sorted(a for a in literals if not any(b in a and b != a for b in literals)))


def _is_literal(character: str) -> bool:
    """Whether it is found in a folded text wherever a pattern matches it."""
    return character.isascii() or character.lower() == character.upper()
