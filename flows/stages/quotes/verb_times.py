"""Times that stand between a subject and its verb, or behind a verb, and are part of neither: `The ministry on Monday said`."""

from __future__ import annotations

from collections.abc import Sequence

from qantar.stages.quotes.tokens import Token, classes

_CLOSING = {",": ",", "(": ")"}  # the marks around a date
_NOMINAL = frozenset({"NOUN", "PROPN"})


def past_times(tokens: Sequence[Token], at: int) -> int:
    """The last token before the times that stand between a subject and its verb: `The ministry | late last week said`.

    `at` itself where they belong to the subject or are all there is: `the report of last week said`, `The Sunday Times said`.
    """
    last = before_date(tokens, at)
    j = last
    while j > 0 and (n := _time_words(tokens, j, last)):
        j -= n
    if j == last or j < 0 or not _opens_time(tokens[j + 1]):
        return at
    known, here = classes(), tokens[j]
    ends = here.pos != "VERB" and here.low not in known.prepositions | known.determiners
    return j if here.text == "," or ends else at


def before_date(tokens: Sequence[Token], at: int) -> int:
    """The token before a date between marks that ends at `at`, `on Tuesday | , 26 July 2022,`; `at` itself where there is none."""
    first = at
    while first > 0 and (_is_of_date(tokens[first - 1]) or tokens[first - 1].text == ","):
        first -= 1
    opening = next((k for k in range(max(1, first - 1), at) if past_date(tokens, k) == at + 1), at + 1)
    return opening - 1


def past_date(tokens: Sequence[Token], at: int) -> int:
    """Past a date between the marks that open at `at`: `(July 26) |`, `, July 26, 2022, |`; `at` itself where there is none."""
    end = at + 1
    while end < len(tokens) and _is_of_date(tokens[end]):
        end += 1
    closes = end < len(tokens) and tokens[end].text == _CLOSING.get(tokens[at].text)
    if not closes:
        return at
    return max(end + 1, past_date(tokens, end))


def _is_of_date(token: Token) -> bool:
    return token.text.isdigit() or (token.is_capital and token.low in classes().times)


def _time_words(tokens: Sequence[Token], j: int, at: int) -> int:
    """How many tokens up to `j` tell a time: `on Monday`, `week`, and before one a number."""
    known, here = classes(), tokens[j]
    if here.low in known.times and tokens[j - 1].low in known.occasions:
        return 2
    if here.low in known.weekdays:
        return int(tokens[j - 1].pos in _NOMINAL)  # `The ministry Monday said`
    counted = j < at and (here.low in known.counts or here.text[0].isdigit())
    return int(counted or _is_small_time(here))


def _opens_time(token: Token) -> bool:
    """Whether a time may begin with a word: `last week`, `on Monday`, `two days ago`; not `time will tell`."""
    known = classes()
    return token.low in known.time_adjectives | known.occasions | known.counts | known.weekdays or token.text[0].isdigit()


def _is_small_time(token: Token) -> bool:
    """Whether a word tells a time and is none of a name, `Times`."""
    return token.low in classes().times and not token.is_capital
