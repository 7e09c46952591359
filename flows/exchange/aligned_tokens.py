"""Tokens that no span cuts: a token that one begins or ends inside is split there, so that nothing of a name or quote is lost."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qantar.exchange.build_documents import BuildDocument, speaker_and_cue
from qantar.schema import Sentence, Token

PIECE_RELATION = "dep"
"""The relation of a piece of a token to the last piece, which keeps the token's place in the tree."""


def aligned_tokens(document: BuildDocument) -> list[Token]:
    """The tokens of a document, cut where a sentence, block, name, quotation, speaker or cue begins or ends inside one.

    The last piece keeps the token's tag, head and relation, the others depend on it; a piece is its own lemma.
    """
    cuts = sorted(set(_boundaries(document)))
    pieces: list[tuple[Token, int, int]] = []
    for token in document.tokens:
        inside = cuts[bisect_right(cuts, token.start) : bisect_left(cuts, token.end)]
        places = [token.start, *inside, token.end]
        pieces += [(token, start, end) for start, end in itertools.pairwise(places)]
    if len(pieces) == len(document.tokens):
        return document.tokens
    last = {token.position: n for n, (token, _, _) in enumerate(pieces)}
    return [_piece(n, *piece, last) for n, piece in enumerate(pieces)]


def _piece(position: int, token: Token, start: int, end: int, last: dict[int, int]) -> Token:
    if (start, end) == (token.start, token.end):
        return replace(token, position=position, head=None if token.head is None else last[token.head])
    text = token.text[start - token.start : end - token.start]
    lemma = None if token.lemma is None else text
    if position == last[token.position]:
        return replace(
            token, position=position, start=start, end=end, text=text, lemma=lemma, head=None if token.head is None else last[token.head]
        )
    tree = (None, None) if token.head is None else (last[token.position], PIECE_RELATION)
    return replace(token, position=position, start=start, end=end, text=text, lemma=lemma, head=tree[0], relation=tree[1])


def _boundaries(document: BuildDocument) -> Iterable[int]:
    for sentence in document.sentences:
        yield from (sentence.start, sentence.end)
    for mention in document.mentions:
        yield from (mention.start, mention.end)
    for block in document.blocks:
        if block.start is not None and block.end is not None:
            yield from (block.start, block.end)
    for quote in document.quotes:
        for span in (*quote.segments, *quote.speakers):
            yield from span
        for _, start, end in speaker_and_cue(quote):
            yield from (start, end)


def by_sentence(tokens: Sequence[Token], sentences: Sequence[Sentence]) -> list[list[Token]]:
    """Tokens in as many lists as there are sentences, each in the sentence that began last."""
    starts = [sentence.start for sentence in sentences]
    lists: list[list[Token]] = [[] for _ in sentences]
    for token in tokens:
        lists[max(0, bisect_right(starts, token.start) - 1)].append(token)
    return lists


def covered(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The first token of a span and the one after its last, by number; `tokens` are in order."""
    first = bisect_left(tokens, start, key=lambda token: token.start)
    return first, bisect_left(tokens, end, key=lambda token: token.start)
