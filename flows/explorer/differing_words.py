"""Two wordings of one utterance, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from markupsafe import Markup

from qantar.explorer.highlights import Span, marked

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


def differing_words(wording: str, fullest: str) -> Markup:
    """A wording as HTML, the words that the fullest wording has not (or not there) marked with `<ins>`.

    Case and punctuation make no difference.

    >>> differing_words("We must go now", "We have to go, now")
    Markup('We <ins>must</ins> go now')
    """
    return marked(wording, [Span(start, end, 1, "ins") for start, end in _differing(wording, fullest)])


def _differing(wording: str, fullest: str) -> Iterator[tuple[int, int]]:
    words, others = list(_WORD.finditer(wording)), list(_WORD.finditer(fullest))
    matcher = SequenceMatcher(None, [w[0].casefold() for w in words], [o[0].casefold() for o in others], autojunk=False)
    for kind, first, last, _, _ in matcher.get_opcodes():
        if kind in ("replace", "delete"):
            yield words[first].start(), words[last - 1].end()
