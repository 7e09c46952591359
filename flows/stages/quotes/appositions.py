"""Appositions: the name beside a role, `her brother, plumber Ann Lee, said`, and the age beside a name, `Ann Lee, 45, said`."""

from __future__ import annotations

from collections.abc import Sequence

from qantar.stages.quotes.tokens import Token, can_speak, classes

_OCCUPATION = 6  # words before the name, at most


def past_occupation(tokens: Sequence[Token], at: int, stop: int) -> int:
    """The first token of the full name behind an occupation that begins at `at`, `the novelist | Ann Lee`; else `at`."""
    known = classes()
    apart = (known.prepositions - {"of"}) | known.subordinators | known.relatives | known.auxiliaries
    for k in range(at, min(stop - 1, at + _OCCUPATION)):
        occupation, name = tokens[k], tokens[k + 1 : k + 3]
        if occupation.low in apart:
            break
        if can_speak(occupation.low) and not occupation.is_capital and k + 2 < stop and name[0].is_capital and is_of_name(name[1]):
            return k + 1
    return _past_title(tokens, at, stop)


def _past_title(tokens: Sequence[Token], at: int, stop: int) -> int:
    """The first token of the full name behind an article and a title, `the Reverend | Ann Lee`; else `at`."""
    titles, k = classes().titles, at + 1
    while k < stop and tokens[k].low.rstrip(".") in titles:
        k += 1
    named = at + 1 < k < stop - 1 and tokens[at].low == "the" and tokens[k].is_capital and is_of_name(tokens[k + 1])
    return k if named else at


def is_of_name(token: Token) -> bool:
    """Whether a word may stand in a person's name behind its first: `Ann | van | den | Berg`."""
    return token.is_capital or token.low in classes().name_particles


def is_name(tokens: Sequence[Token]) -> bool:
    """Whether some words are a name: capitals from the first to the last, and particles between them."""
    return bool(tokens) and tokens[-1].is_capital and all(map(is_of_name, tokens))


def without_origin(tokens: Sequence[Token]) -> Sequence[Token]:
    """A full name without what its bearer is of: `Ann Lee | of Harbour Radio`."""
    of = next((k for k, t in enumerate(tokens) if t.low == "of"), 0)
    return tokens[:of] if of > 1 else tokens


def is_age(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number stands alone between two commas: `Ann Lee, 45, whose shop was burnt, said`."""
    return tokens[at].text.isdigit() and all(0 < k < len(tokens) and tokens[k].text == "," for k in (at - 1, at + 1))


def name_end(tokens: Sequence[Token], first: int, stop: int) -> int:
    """The last token of the name that begins at `first`; the token before it where none does."""
    end = first
    while end < stop and is_of_name(tokens[end]) and tokens[end].low not in classes().times:
        end += 1
    while end > first and not tokens[end - 1].is_capital:
        end -= 1
    return end - 1
