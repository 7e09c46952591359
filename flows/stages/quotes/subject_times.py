"""Times that stand between a subject and its verb, and are no part of the subject: `The ministry on Monday said`."""

from __future__ import annotations

from qantar.stages.quotes.tokens import Token, classes


def past_times(tokens: list[Token], at: int) -> int:
    """The last token before the times that stand between a subject and its verb: `The ministry | late last week said`.

    `at` itself where they belong to the subject or are all there is: `the report of last week said`, `The Sunday Times said`.
    """
    j = at
    while j > 0 and (n := _time_words(tokens, j, at)):
        j -= n
    if j == at or j < 0 or not _opens_time(tokens[j + 1]):
        return at
    known, here = classes(), tokens[j]
    is_named = here.low not in known.times or (here.is_capital and j > 0)
    ends = here.is_word and here.pos != "VERB" and here.low not in known.prepositions | known.determiners
    return j if here.text == "," or (ends and is_named) else at


def _time_words(tokens: list[Token], j: int, at: int) -> int:
    """How many tokens up to `j` tell a time: `on Monday`, `week`, and before one a number."""
    known, here = classes(), tokens[j]
    if here.is_capital and here.low in known.times and tokens[j - 1].low in known.occasions:
        return 2
    counted = j < at and (here.low in known.counts or here.text[0].isdigit())
    return int(counted or _is_small_time(here))


def _opens_time(token: Token) -> bool:
    """Whether a time may begin with a word: `last week`, `on Monday`, `two days ago`; not `time will tell`."""
    known = classes()
    return token.low in known.time_adjectives | known.occasions | known.counts or token.text[0].isdigit()


def _is_small_time(token: Token) -> bool:
    """Whether a word tells a time and is none of a name, `Times`."""
    return token.low in classes().times and not token.is_capital
