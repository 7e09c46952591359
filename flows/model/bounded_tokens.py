"""Tokens in time that grows with the length of a text, whatever stands in it.

spaCy's tokenizer takes signs off the ends of what stands between two spaces one by one, and looks at all that is left each
time: 50,000 quotation marks in a row take minutes. So what is longer than any word, address or run of marks is cut first.
"""

from __future__ import annotations

import re
from itertools import pairwise

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

LONGEST = 200
"""Characters without white space that are tokenized at once; longer ones are cut at this length."""

_LONG = re.compile(rf"\S{{{LONGEST + 1},}}")


class BoundedTokenizer:
    """A tokenizer that gives what `inner` gives, but for texts with more than LONGEST characters between two spaces."""

    def __init__(self, inner: Tokenizer) -> None:
        self.inner = inner
        self.vocab = inner.vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of a text; joined with the spaces behind them they are the text."""
        long = [match.span() for match in _LONG.finditer(text)]
        if not long:
            doc: Doc = self.inner(text)
            return doc
        cuts = sorted({0, len(text), *(place for start, end in long for place in (*range(start, end, LONGEST), end))})
        # a space behind a long stretch belongs to its last token, as it would in one piece
        ends = [place + (text[place : place + 1] == " " and text[place - 1 : place] != " ") if place else 0 for place in cuts]
        docs = [self.inner(text[start:end]) for start, end in pairwise(ends) if start < end]
        words = [token.text for doc in docs for token in doc]
        spaces = [bool(token.whitespace_) for doc in docs for token in doc]
        return Doc(self.vocab, words=words, spaces=spaces)
