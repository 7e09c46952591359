"""What grouping needs of quotes, as it can be stored: a table with a row for each, its words compared without case and endings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qantar.schema import Quote, QuoteKind, SpeakerBasis
from qantar.stages.quotes.tokens import classes

if TYPE_CHECKING:
    import pyarrow as pa

FEWEST = 3
"""Words that carry meaning: a wording with fewer is not evidence."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Said(NamedTuple):
    """Of a quote, the columns that grouping reads."""

    quote_id: str
    document_id: str
    kind: QuoteKind
    text: str
    speaker_entity_id: str | None
    speaker_basis: SpeakerBasis | None


def note_wordings(quotes: Iterable[Quote | Said]) -> pa.Table:
    """What grouping needs of quotes, a row for each that is evidence.

    The speaker is `sure` who is named, not a pronoun or description resolved.
    """
    import pyarrow as pa

    noted = [(quote, words) for quote in quotes if quote.kind != "unattributed" and _is_evidence(words := words_of(quote.text))]
    words = pa.array([words for _, words in noted], pa.list_(pa.string()))
    return pa.table(
        {
            "quote_id": pa.array([quote.quote_id for quote, _ in noted], pa.string()),
            "document_id": pa.array([quote.document_id for quote, _ in noted], pa.string()).dictionary_encode(),
            "speaker": pa.array([quote.speaker_entity_id or "" for quote, _ in noted], pa.string()).dictionary_encode(),
            "is_sure": pa.array([quote.speaker_basis in ("name", "turn", "signature") for quote, _ in noted], pa.bool_()),
            "is_marked": pa.array([quote.kind in ("direct", "mixed") for quote, _ in noted], pa.bool_()),
            "is_block": pa.array([quote.kind == "block" for quote, _ in noted], pa.bool_()),
            "words": pa.ListArray.from_arrays(words.offsets, words.values.dictionary_encode()),
        }
    )


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    return tuple(map(_plain, _WORD.findall(text)))


def _is_evidence(words: Sequence[str]) -> bool:
    return len(frozenset(words) - light_words()) >= FEWEST


@lru_cache(maxsize=100_000)
def _plain(word: str) -> str:
    """A word without case, possessive and the commonest endings, so that `Russians'` meets `Russian`; numbers in figures."""
    word = word.lower().replace("’", "'").strip(".,;:!?\"“”()'«»")
    if word in _numbers():
        return _numbers()[word]
    word = re.sub(r"'s$|'$", "", word)
    for ending, shortest in (("ies", 5), ("ing", 6), ("ed", 5), ("ly", 6), ("es", 6), ("s", 4)):
        if word.endswith(ending) and len(word) >= shortest and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


@cache
def _numbers() -> dict[str, str]:
    """Numbers in words, in figures (`lexicon/clauses.toml`)."""
    return {word: str(n) for n, word in enumerate(classes().numbers, 2)}


@cache
def light_words() -> frozenset[str]:
    """Words that carry no meaning of their own: the closed classes."""
    known = classes()
    light = known.auxiliaries | known.determiners | known.pronouns | known.prepositions | known.subordinators | known.simple_adverbs
    light |= known.possessives | known.complementizers | known.negations | known.light
    light -= set(_numbers()) | known.weighty
    return frozenset(_plain(w) for w in light) | light
