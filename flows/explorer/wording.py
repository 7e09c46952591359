"""How the explorer speaks of kinds: headings for people instead of codes, and how many of each a page shows."""

from __future__ import annotations

from typing import get_args

from qantar.schema import Label, QuoteKind, SpeakerBasis

LABELS: dict[str, str] = {
    "PERSON": "People",
    "ORG": "Organisations",
    "GPE": "Countries and cities",
    "LOC": "Regions",
    "NORP": "Peoples and groups",
    "EVENT": "Events",
    "FAC": "Buildings",
    "LAW": "Laws",
    "PRODUCT": "Products",
    "WORK_OF_ART": "Works",
    "DATE": "Dates",
    "MONEY": "Amounts",
}
KINDS: dict[str, str] = {
    "direct": "a quoted clause",
    "mixed": "a report partly in the speaker’s own words",
    "indirect": "reported, without marks",
    "block": "a passage attributed as a whole",
    "unattributed": "marks, but nobody is quoted",
}
ORDERS: dict[str, str] = {
    "article": "as in the articles",
    "newest": "newest day first",
    "oldest": "oldest day first",
    "speaker": "by speaker",
    "outlet": "by outlet",
    "surest": "highest score first",
    "doubtful": "lowest score first",
    "longest": "longest first",
}
BASES: dict[str, str] = {
    "name": "by name, beside the words",
    "pronoun": "by a pronoun, resolved to a person named before",
    "description": "by a description (a role or an office)",
    "turn": "as the one whose turn it is in an interview",
    "signature": "by the signature under the passage",
}
SCORES: list[tuple[float, str]] = [
    (0.9, "very likely right"),
    (0.75, "likely right"),
    (0.5, "more likely right than wrong"),
    (0.0, "doubtful"),
]
ROLES: dict[str, str] = {
    "byline": "Byline",
    "credit": "Credit",
    "dateline": "Dateline",
    "boilerplate": "Boilerplate",
}

if (set(LABELS), set(KINDS), set(BASES)) != (set(get_args(Label)), set(get_args(QuoteKind)), set(get_args(SpeakerBasis))):
    raise RuntimeError("flows/explorer/wording.py does not name every label, kind and basis of flows/schema.py")


def counted(n: int | None, one: str, several: str | None = None) -> str:
    """A number with its noun, singular or plural.

    >>> counted(1, "article"), counted(1200, "article"), counted(2, "body", "bodies")
    ('1 article', '1\u202f200 articles', '2 bodies')
    """
    return f"{thousands(n)} {one if n == 1 else several or one + 's'}"


def thousands(n: int | None) -> str:
    """A number with narrow spaces between its thousands; a dash for none."""
    return "–" if n is None else f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def score_in_words(score: float) -> str:
    """How likely something is right, in words.

    >>> score_in_words(0.93), score_in_words(0.2)
    ('very likely right', 'doubtful')
    """
    return next(words for least, words in SCORES if score >= least)


def label_class(label: str) -> str:
    """The CSS class of a label.

    >>> label_class("WORK_OF_ART")
    'work-of-art'
    """
    return label.lower().replace("_", "-")
