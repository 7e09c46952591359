"""How the explorer speaks of kinds: headings for people instead of codes, and how many of each a page shows.

The words stand here in English; `translation.py` finds those of another language. Each table, and `COUNTED` and `VALUES`, are in the
catalogue of messages (`make words`).
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from qantar.explorer.translation import Catalogue, ngettext, spoken, word
from qantar.quality.audit_sample import QUESTIONS
from qantar.schema import (
    Change,
    CorrectionStatus,
    DuplicateKind,
    EntitySource,
    Label,
    LinkMethod,
    Outcome,
    QuoteKind,
    Role,
    SpeakerBasis,
)

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
QUOTES_OF_KIND: dict[str, str] = {
    "direct": "direct quote",
    "mixed": "mixed quote",
    "indirect": "indirect quote",
    "block": "block quote",
    "unattributed": "unattributed quote",
}
QUOTES_OF_A_KIND: dict[str, str] = {
    "direct": "direct quotes",
    "mixed": "mixed quotes",
    "indirect": "indirect quotes",
    "block": "block quotes",
    "unattributed": "unattributed quotes",
}
PICTURES: dict[str, str] = {
    "quoted": "Who is quoted how much",
    "heat": "Who is named where",
    "places": "Places on the map",
    "dates": "Dates that are named",
}
DRAWN_WORDS: tuple[str, ...] = (
    "Bars: who is quoted how often, by kind of quote",
    "A grid of names by articles, darker where a name stands more often",
    "A map of the world with a circle for each place, larger where it is named more often",
    "A time line with a circle for each date named, larger where it is named more often",
    *("mentions", "quotes", "named as"),
    "articles, named in the numbers below",
    "{title} as {kind}",
    "This could not be drawn ({error}); the numbers are below.",
)
"""Titles and descriptions in static/pictures, and what pictures.js says."""
PICTURE_COLUMNS: tuple[str, ...] = ("name", "article", "articles", "quotes", "mentions", "latitude", "longitude", "value", "named as")
"""Columns of the numbers of pictures, beside the kinds of quote."""
COMPARISONS: tuple[str, ...] = (
    *("contains", "ends with", "starts with", "like", "not like", "glob", "in", "not in", "date", "array contains"),
    *("array does not contain", "is null", "is not null", "is blank", "is not blank"),
)
"""How Datasette calls the comparisons of a table's filters."""
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

METRIC_NAMES: dict[str, str] = {"precision": "Precision", "recall": "Recall", "f1": "F1", "accuracy": "Accuracy"}
KINDS_OF_SPEAKER: dict[str, str] = {
    "people": "People",
    "organisations": "Organisations",
    "countries and cities": "Countries and cities",
    "peoples and groups": "Peoples and groups",
    "men": "Men",
}
"""As outlets are compared by them."""
ROWS: dict[str, str] = {
    "documents": "article",
    "blocks": "passage",
    "sentences": "sentence",
    "mentions": "name",
    "quotes": "quote",
    "duplicates": "copy",
    "entities": "entity",
}
"""What a row of each table is called."""
FIELDS: dict[str, str] = {
    "delete": "It should not be here at all",
    "entity_id": "Who or what is named",
    "speaker_entity_id": "Who the speaker is, as an entity",
    "segments": "Where the quoted words begin and end",
    "span": "Where the name begins and ends",
    "value": "The day",
    "published_on": "Day of publication",
    "wikidata_id": "Wikidata id",
    "merge": "It is the same as another entity",
    "split": "A spelling belongs to another entity",
    "joined": "It is a copy of another article",
    "apart": "It is not a copy of another article",
    "join": "It goes on in the next sentence",
    "complete": "Nothing more: I have checked all of it",
    "author": "Author",
    "cue": "Cue",
    "description": "Description",
    "kind": "Kind",
    "label": "Label",
    "language": "Language",
    "name": "Name",
    "outlet": "Outlet",
    "role": "Role",
    "speaker": "Speaker",
    "title": "Title",
}
"""How the form for a correction asks for a field."""
COMPARED: dict[str, str] = {
    "text": "words",
    "kind": "kind",
    "speaker": "speaker as written",
    "speaker_entity_id": "who that is",
    "cue": "reporting word",
    "start": "first character",
    "end": "end",
    "score": "score",
}
"""Columns of a quote whose change is told, and what they are called."""
AUDITED: dict[str, str] = {
    "quotes": "quotes",
    "mentions": "names",
    "links": "who a name stands for",
    "duplicates": "copies",
    "roles": "passages",
    "missed": "missed quotes",
    "missed names": "missed names",
}
"""Layers of an audit."""
USUAL: dict[str, str] = {
    "quotes": "Kind or speaker",
    "mentions": "Label",
    "links": "Who or what is named",
    "duplicates": "It is no copy",
    "roles": "Role",
}
"""What is most often wrong in each layer of an audit, as its form asks for it."""
ASKED: dict[str, str] = QUESTIONS
"""What an audit asks of a row of each layer."""
OUTCOMES: dict[Outcome, str] = {
    "published": "a new build, served from then on",
    "unchanged": "nothing new in raw/: the latest build stays",
    "failed": "nothing was published: the previous build is served",
    "withdrawn": "a build taken back by hand",
}
REMEDIES: dict[str, str] = {
    "No space left": "Free disk space, or keep fewer builds with --keep; the next run recovers.",
    "was killed": "Nothing, once: the next run recovers. If it comes again, give it more memory or fewer --workers.",
    "was stopped": "Nothing: the next run recovers.",
    "while it was": "Nothing: the next run recovers. Files are best moved into raw/ once they are whole.",
    "is not valid": "Read the report named in the message; an article it names may need to be corrected or removed.",
    "another build is writing": "Nothing, if that run ends; else end the process it names.",
    "rejected": "Repair or remove the articles named; the quality page lists them once a build is published.",
    "cannot write there": "Give the user that builds the right to write there, and the disk some space.",
    "database is locked": "Close what holds history.db open for writing.",
    "": "Fix what the message says; until then the previous build is served.",
}
"""What the person who keeps the machine can do, by words of the message."""
COUNTED: dict[str, tuple[str, str]] = {
    "article": ("%(num)s article", "%(num)s articles"),
    "in article": ("in %(num)s article", "in %(num)s articles"),
    "reported in article": ("reported in %(num)s article", "reported in %(num)s articles"),
    "change": ("%(num)s change since the previous version", "%(num)s changes since the previous version"),
    "character": ("%(num)s character", "%(num)s characters"),
    "disagreement": ("%(num)s disagreement", "%(num)s disagreements"),
    "input": ("%(num)s input", "%(num)s inputs"),
    "mention": ("%(num)s mention", "%(num)s mentions"),
    "name": ("%(num)s name", "%(num)s names"),
    "other outlet": ("%(num)s other outlet", "%(num)s other outlets"),
    "passage": ("%(num)s passage", "%(num)s passages"),
    "place": ("%(num)s place", "%(num)s places"),
    "quote": ("%(num)s quote", "%(num)s quotes"),
    "row": ("%(num)s row", "%(num)s rows"),
    "sentence": ("%(num)s sentence", "%(num)s sentences"),
    "time": ("%(num)s time", "%(num)s times"),
    "word": ("%(num)s word", "%(num)s words"),
    "in wording": ("in %(num)s wording", "in %(num)s wordings"),
}
"""Numbers with their nouns. Each that stands in a sentence has its own, since other languages inflect them."""
VALUES: tuple[str, ...] = tuple(
    value.replace("_", " ")
    for value in (
        *(v for kind in (Role, QuoteKind, DuplicateKind, CorrectionStatus, Change, Outcome) for v in get_args(kind)),
        *("right", "unsure", "wrong"),
        *("quote", "sentence", "mention", "block"),
        *("repeats it", "is repeated here"),
        *("builds", "stored results", "releases", "failed", "history and log", "free"),
    )
)
"""Values of the data that are words, as `named` shows them: all but those of lists that stand above."""

_NAMED: dict[Any, dict[Any, str]] = {
    Outcome: OUTCOMES,
    Label: LABELS,
    QuoteKind: KINDS,
    SpeakerBasis: BASES,
    LinkMethod: LINKS,
    EntitySource: SOURCES,
    Change: CHANGES,
}
if unnamed := {value for kind, names in _NAMED.items() for value in {*get_args(kind)} ^ {*names}}:
    raise RuntimeError(f"flows/explorer/wording.py and flows/schema.py do not name the same: {', '.join(sorted(unnamed))}")


def counted(n: int | None, what: str) -> str:
    """A number with its noun, singular or plural.

    >>> counted(1, "article"), counted(1200, "in article")
    ('1 article', 'in 1\u202f200 articles')
    """
    return ngettext(*COUNTED[what], n or 0, num=thousands(n))


def thousands(n: int | None) -> str:
    """A number with narrow spaces between its thousands; a dash for none."""
    return "–" if n is None else f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def score_in_words(score: float) -> str:
    """How likely something is right, in words.

    >>> score_in_words(0.93), score_in_words(0.2)
    ('very likely right', 'doubtful')
    """
    return word(next(words for least, words in SCORES if score >= least))


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


def named(value: str) -> str:
    """A value of the data as a word.

    >>> named("already_right")
    'already right'
    """
    return word(str(value).replace("_", " "))


def translated(table: dict[Any, str]) -> dict[Any, str]:
    """A table with its words in the language that is spoken."""
    return _translated(spoken(), tuple(table.items()))


@cache
def _translated(_catalogue: Catalogue, items: tuple[tuple[Any, str], ...]) -> dict[Any, str]:
    return {key: word(words) for key, words in items}
