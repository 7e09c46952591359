"""How the explorer speaks of kinds: headings for people instead of codes, and how many of each a page shows."""

from __future__ import annotations

from typing import get_args

from qantar.schema import Change, EntitySource, Label, LinkMethod, QuoteKind, SpeakerBasis

LANGUAGE = "en"
"""Of the words on the pages."""
TOO_LONG = "That takes longer than a second on so many rows. Narrow it: an outlet, a speaker, fewer days."
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
    (0.5, "uncertain"),
    (0.0, "doubtful"),
]
"""From which score on which words are used; how many of them a score has passed is its level, from 3 to 0."""
LINKS: dict[str, str] = {
    "authority": "the corpus’s own list has this spelling",
    "lexicon": "the shipped lexicon has this spelling",
    "name": "the name itself",
    "short form": "a surname or acronym that the article explains",
    "surname": "a surname that one person dominates in the corpus",
    "similarity": "a similar spelling",
    "context": "the context",
    "slip": "an evident slip of the article: the corpus’s own list says who or what is meant here",
    "correction": "a person who corrected it",
}
"""What leads from a name to who or what it stands for."""
SOURCES: dict[str, str] = {"authority": "the corpus’s own list", "lexicon": "the shipped lexicon", "text": "the articles alone"}
CHANGES: dict[str, str] = {"added": "Added", "changed": "Changed", "removed": "Removed"}
LAYERS: dict[str, str] = {
    "sentences": "Sentences",
    "mentions": "Names and dates",
    "entities of mentions found": "Who or what a name stands for",
    "quotes with marks": "Quotes in quotation marks",
    "indirect quotes": "Reported speech, without marks",
    "block quotes": "Passages attributed as a whole",
    "speaker": "Who speaks",
    "same utterance across articles": "The same utterance in several articles",
    "Wikidata id": "Wikidata ids",
    "quotes": "Quotes: kind, words and speaker",
    "links": "Who or what a name stands for",
    "duplicates": "Copies",
    "roles": "What a passage is",
}
"""Layers that are measured, as readers know them; the others keep their names."""
METRICS: dict[str, str] = {
    "precision": "right, of what was found",
    "recall": "found, of what is there",
    "f1": "the mean of both",
    "accuracy": "right, of all",
}
FILES: dict[str, str] = {
    "qantar.db": "all tables in one SQLite file, with full-text search",
    "README.md": "what the dataset is, how it was made and what it is not good for",
    "CITATION.cff": "how to cite it, for programs",
    "SHA256SUMS": "the checksums of all files",
    "ROWS.sha256": "a checksum of the rows of each table, whatever program wrote the file",
    "datapackage.json": "tables and columns, as a Frictionless data package",
    "croissant.json": "the same for machine learning (Croissant)",
    "metadata.json": "titles and descriptions for Datasette",
    ".zenodo.json": "what Zenodo asks of a deposit",
    "validation/index.html": "every expectation and what came of it",
    "validation/report.json": "the same for programs",
}
"""Files of a build that are not tables."""
GOLDS: dict[str, str] = {
    "gold": "two articles that the rules were written with in view, so these are optimistic",
    "gold_apart": "three articles annotated apart",
    "audit": "a sample of this corpus, judged by a person",
}
"""Sets of annotated articles."""
ROLES: dict[str, str] = {
    "byline": "Byline",
    "credit": "Credit",
    "dateline": "Dateline",
    "boilerplate": "Boilerplate",
}

_NAMED = {Label: LABELS, QuoteKind: KINDS, SpeakerBasis: BASES, LinkMethod: LINKS, EntitySource: SOURCES, Change: CHANGES}
if unnamed := {value for kind, names in _NAMED.items() for value in {*get_args(kind)} ^ {*names}}:
    raise RuntimeError(f"flows/explorer/wording.py and flows/schema.py do not name the same: {', '.join(sorted(unnamed))}")


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


def score_level(score: float) -> int:
    """How many quarters of the gauge beside a score are full, less one.

    >>> score_level(0.93), score_level(0.2)
    (3, 0)
    """
    return sum(score >= least for least, _ in SCORES) - 1


def label_class(label: str) -> str:
    """The CSS class of a label.

    >>> label_class("WORK_OF_ART")
    'work-of-art'
    """
    return label.lower().replace("_", "-")
