"""Join the lines of a text that was wrapped at a margin: by a program that counts letters, or by one that sets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from qantar.text.lexicon import read_toml

_SPACE = re.compile(r"\s")
_LEAST_WRAPPED = 8  # lines broken at the margin, before a text counts as wrapped
_LEAST_ALL_WRAPPED = 4  # of a short text in which every line was
_LEAST_MARGIN, _WIDEST_MARGIN = 60, 120  # the first of a short text: the lines of a poem are as even, and shorter
_MOSTLY = 0.7  # of the lines are wrapped where a program counts letters, to within
_TOLERANCE = 4  # letters of the margin
_LEAST_NARROW = 12  # lines that break off, of a text as narrow as a poem
_LEAST_BROKEN = 0.4  # of the lines break off within a sentence, in any wrapped text
_FULL = 0.8  # of the margin: a line that may have had no room for another word, where letters have widths of their own
_LONGEST_WORD = 20
_ENDS = '.!?:;…"”’»)'

_Extent = tuple[int, int]


def join_wrapped(raw: str, lines: Sequence[_Extent]) -> list[_Extent]:
    """The paragraphs of a text by its lines, where each begins and ends; blank lines, of which nothing is left, part them.

    Two lines are one where the second one's first word would not have fitted on the first. Where letters are of different widths, as in a
    PDF, that is known roughly; but there as elsewhere a line that breaks off within a sentence goes on.
    """
    goes_on = _rule(raw, [(above, below) for above, below in pairwise(lines) if above[0] < above[1] and below[0] < below[1]])
    joined: list[_Extent] = []
    previous: _Extent | None = None
    for line in lines:
        if line[0] == line[1]:
            previous = None
            continue
        if goes_on and previous and goes_on(previous, line):
            joined[-1] = (joined[-1][0], line[1])
        else:
            joined.append(line)
        previous = line
    return joined


def _rule(raw: str, pairs: Sequence[tuple[_Extent, _Extent]]) -> Callable[[_Extent, _Extent], bool] | None:
    """What says of two lines that they are one; None where the text was not wrapped. `pairs` are the lines that no blank one parts."""
    margin = max((end - start for (start, end), _ in pairs), default=0)
    if len(pairs) < _LEAST_ALL_WRAPPED or margin > _WIDEST_MARGIN:
        return None
    is_even = _is_even(raw, pairs, margin)
    least = _LEAST_ALL_WRAPPED if margin >= _LEAST_MARGIN else _LEAST_NARROW
    is_broken = sum(_breaks_off(raw, *pair) for pair in pairs) >= max(least, _LEAST_BROKEN * len(pairs))
    if not is_even and not is_broken:
        return None
    full = margin - _TOLERANCE if is_even else round(_FULL * margin)
    return lambda above, below: _is_full(raw, above, below, full) or (is_broken and _breaks_off(raw, above, below))


def _is_even(raw: str, pairs: Sequence[tuple[_Extent, _Extent]], margin: int) -> bool:
    """Whether most lines end where the next one's first word would have crossed the margin."""
    wrapped = sum(_is_full(raw, above, below, margin - _TOLERANCE) for above, below in pairs)
    least = _LEAST_ALL_WRAPPED if wrapped == len(pairs) and margin >= _LEAST_MARGIN else _LEAST_WRAPPED
    return wrapped >= max(least, _MOSTLY * len(pairs))


def _is_full(raw: str, above: _Extent, below: _Extent, full: int) -> bool:
    word = _SPACE.split(raw[below[0] : below[1]], maxsplit=1)[0]
    return above[1] - above[0] + 1 + len(word) > full


def _breaks_off(raw: str, above: _Extent, below: _Extent) -> bool:
    last = raw[max(above[0], above[1] - _LONGEST_WORD) : above[1]].rpartition(" ")[2]
    return last[-1] not in _ENDS and (raw[below[0]].islower() or last in _leading_words())


@cache
def _leading_words() -> frozenset[str]:
    """Words behind which no sentence and no heading ends."""
    clauses = read_toml("clauses.toml")
    return frozenset((*clauses["determiners"], *clauses["prepositions"], *clauses["joiners"]))
