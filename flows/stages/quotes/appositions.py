"""The name in an apposition to a role: `her brother, plumber Ann Lee, said`."""

from __future__ import annotations

from collections.abc import Sequence

from qantar.stages.quotes.tokens import Token, can_speak, classes

_OCCUPATION = 6  # words before the name, at most


def past_occupation(tokens: Sequence[Token], at: int, stop: int) -> int:
    """The first token of the full name behind an occupation that begins at `at`, `the novelist | Ann Lee`; else `at`."""
    known = classes()
    apart = known.prepositions | known.subordinators | known.relatives | known.coordinators | known.auxiliaries
    for k in range(at, min(stop - 1, at + _OCCUPATION)):
        occupation, name = tokens[k], tokens[k + 1 : k + 3]
        if not occupation.is_word or occupation.low in apart:
            break
        if can_speak(occupation.low) and not occupation.is_capital and len(name) == 2 and all(t.is_capital for t in name) and k + 2 < stop:
            return k + 1
    return at
