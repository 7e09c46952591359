"""How the explorer speaks of kinds: headings for people instead of codes, and how many of each a page shows."""

from __future__ import annotations

from typing import get_args

from qantar.schema import Label, QuoteKind

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
    "mixed": "a quoted part of the reporting sentence",
    "indirect": "reported, without marks",
    "block": "a passage attributed as a whole",
    "unattributed": "marks, but nobody is quoted",
}
ROLES: dict[str, str] = {
    "byline": "Byline",
    "credit": "Credit",
    "dateline": "Dateline",
    "boilerplate": "Boilerplate",
}

if set(LABELS) != set(get_args(Label)) or set(KINDS) != set(get_args(QuoteKind)):
    raise RuntimeError("flows/explorer/wording.py does not name every label and kind of flows/schema.py")


def label_class(label: str) -> str:
    """The CSS class of a label.

    >>> label_class("WORK_OF_ART")
    'work-of-art'
    """
    return label.lower().replace("_", "-")
