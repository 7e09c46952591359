"""Tokens: the words and marks of a document as the language model read them, white space left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qantar.schema import Token

_UD = {"ROOT": "root"}
"""Relations that spaCy names otherwise than Universal Dependencies."""
_COLUMNS = ["IDX", "LENGTH", "IS_SPACE", "LEMMA", "POS", "TAG", "DEP", "HEAD"]


def find_tokens(doc: Any, document_id: str) -> list[Token]:
    """The tokens of a spaCy Doc in their order; what its pipeline does not tell (lemmas, tags, trees) is None."""
    columns = doc.to_array(_COLUMNS).T.tolist()
    starts, lengths, is_space = columns[:3]
    strings = {number: doc.vocab.strings[number] or None for number in {n for column in columns[3:7] for n in column}}
    lemmas, pos, tags, relations = ([strings[n] for n in column] for column in columns[3:7])
    places = {i: position for position, i in enumerate(i for i, space in enumerate(is_space) if not space)}
    heads = _heads(columns[7]) if doc.has_annotation("DEP") else []
    text = doc.text
    return [
        Token(
            document_id=document_id,
            position=position,
            start=starts[i],
            end=starts[i] + lengths[i],
            text=text[starts[i] : starts[i] + lengths[i]],
            lemma=lemmas[i],
            pos=pos[i],
            tag=tags[i],
            head=places.get(heads[i], position) if heads else None,
            relation=_UD.get(relations[i] or "", relations[i]) if heads else None,
        )
        for i, position in places.items()
    ]


def _heads(steps: Sequence[int]) -> list[int]:
    """The heads of all tokens from the steps to them, which spaCy gives as numbers without a sign."""
    return [i + (step if step < 2**63 else step - 2**64) for i, step in enumerate(steps)]
