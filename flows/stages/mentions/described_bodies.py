"""Names that a model takes for persons' and that the text describes as bodies: "Quill, the country's largest lender"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qantar.stages.mentions.model_names import ModelName
from qantar.text.lexicon import either

_REACH = 60
_DESCRIBED = re.compile(
    rf",? (?:(?i:{either('gender_words.toml', 'apposition_leads')})|{either('name_words.toml', 'described_of')}|[A-Z]\w+['’]s) "
    rf"(?:[\w’'-]+ ){{0,4}}?(?:{either('name_words.toml', 'described_bodies')})s?"
    rf"(?:[,.;:)—]| (?:{either('gender_words.toml', 'after_head')})\b)"
)
"""Behind a name: ", the furniture retailer,", ", one of the banks that …"."""

_WORKS_AT = re.compile(
    rf"\b(?:{either('name_words.toml', 'workers')})(?: (?:{either('name_words.toml', 'work_of')}) [a-z-]+(?: [a-z-]+)?)? at \Z"
)
"""Before a name: "an analyst at", "head of bridges at"."""


def described_bodies(text: str, marked: Sequence[ModelName]) -> set[str]:
    """Names of persons that the text describes as bodies, by what follows a name of one word or by who works there.

    >>> text = "Shares in Quill, the furniture retailer, fell. Ann Rye, an analyst at Zorb, said so. Bo Dell, a bank robber, is at large."
    >>> sorted(described_bodies(text, [ModelName(text.index(name), text.index(name) + 4, "PERSON") for name in ("Zorb", "Dell")]))
    ['Zorb']
    """
    return {
        text[m.start : m.end]
        for m in marked
        if m.label == "PERSON" and (_is_described(text, m) or _WORKS_AT.search(text, max(0, m.start - _REACH), m.start))
        if text[m.end : m.end + 1] not in ("'", "’")
    }


def _is_described(text: str, name: ModelName) -> bool:
    return " " not in text[name.start : name.end] and bool(_DESCRIBED.match(text, name.end))
