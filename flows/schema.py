"""Every table and column of the dataset, declared once.

A table is a frozen dataclass: the stages return its rows, and all else is made from the annotations of its
fields: Arrow schemas (`qantar.store.parquet`), SQLite's DDL (`qantar.store.sqlite`), expectations (`expectations`),
Datasette's and the packages' metadata (`qantar.publish`), the README's table reference.

A field's annotation gives a column's type (`str`, `int`, `float`, `bool`, `date`, `list[str]`, `list[list[int]]`; `| None` makes
it nullable; a `Literal` is a closed set of values); `Annotated` adds its description and, from below, its part in a
key, the table it refers to, its bounds and whether it is indexed.

Offsets count Unicode code points, end exclusive. `start` and `end` index `documents.text`, `raw_start` and `raw_end` the
decoded raw text, in which newlines are kept as they are.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

# --- what an annotation may say of a column ------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """The column is (a part of) the primary key."""


@dataclass(frozen=True)
class References:
    """The column holds a key of another table."""

    table: str


@dataclass(frozen=True)
class Between:
    """The column's bounds, inclusive; `None` leaves a side open."""

    low: float | None
    high: float | None = None


@dataclass(frozen=True)
class Matches:
    """A regular expression for the whole of each value."""

    pattern: str


@dataclass(frozen=True)
class Words:
    """The column holds words of an article, which are its publisher's: the annotations edition leaves it out."""


@dataclass(frozen=True)
class Indexed:
    """The column has an index; `facet` also offers it as a facet."""

    facet: bool = False


KEY, FACET, INDEXED, WORDS = Key(), Indexed(facet=True), Indexed(), Words()
COUNT, UNIT = Between(0), Between(0, 1)
SHA256 = Matches(r"[0-9a-f]{64}")
DOCUMENT_ID = Matches(r"[0-9a-z]{12}")

# --- closed sets of values -----------------------------------------------------------------------------------

Format = Literal[
    "txt",
    "html",
    "jsonl",
    "csv",
    "parquet",
    "arrow",
    "xlsx",
    "xls",
    "ods",
    "warc",
    "docx",
    "rtf",
    "odt",
    "pdf",
    "eml",
    "xml",
    "ris",
    "zip",
    "tar",
]
Role = Literal["title", "byline", "credit", "dateline", "heading", "speaker_heading", "body", "boilerplate"]
Label = Literal["PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "DATE", "MONEY", "PRODUCT", "WORK_OF_ART", "LAW"]
QuoteKind = Literal["direct", "mixed", "indirect", "block", "unattributed"]
SpeakerBasis = Literal["name", "pronoun", "description", "turn", "signature"]
DuplicateKind = Literal["exact", "near", "contained", "version"]
SourceEvidence = Literal["agency", "earliest", "credit", "fullest"]
EntitySource = Literal["authority", "lexicon", "text"]
MentionMethod = Literal["authority", "lexicon", "rule", "model", "correction"]
LinkMethod = Literal["authority", "lexicon", "name", "short form", "surname", "similarity", "context", "slip", "correction"]
DateBasis = Literal["catalogue", "metadata", "page", "text", "name", "correction"]
CORRECTION: Final = "correction"
"""What the method, rule or basis of a row is where a person corrected it."""
CorrectedTable = Literal["documents", "blocks", "sentences", "mentions", "quotes", "duplicates", "entities"]
CorrectionStatus = Literal["applied", "already_right", "stale", "conflict"]
Change = Literal["added", "changed", "removed"]
DuplicateEvidence = Literal["same words", "common runs", "same address or id, common runs", "correction"]
"""What the method of a duplicate begins with; that of an edited one goes on with the share of the text over which the runs reach."""
ReadingReason = Literal[
    "broken_line",
    "broken_record",
    "crash",
    "empty",
    "encrypted",
    "hostile_cell",
    "no_article",
    "no_text",
    "no_text_column",
    "not_html",
    "not_text",
    "other_language",
    "repeated_id",
    "repeated_line",
    "several_articles",
    "timeout",
    "too_large",
    "too_long",
    "too_many_lines",
    "too_slow",
    "unknown_format",
    "unmatched",
    "unreadable",
    "wrong_encoding",
]
"""Why what is in raw/ became no document."""
FetchReason = Literal[
    "asked_to_wait",
    "crash",
    "credentials",
    "cut",
    "host_down",
    "no_address",
    "no_article",
    "no_connection",
    "no_list",
    "no_page",
    "not_found",
    "not_public",
    "other_host",
    "redirects",
    "refused",
    "removed",
    "robots",
    "robots_unreadable",
    "server_error",
    "timeout",
    "too_large",
    "unknown",
    "unknown_host",
    "unreadable_list",
    "wrong_type",
]
"""Why an address that `qantar collect` follows is not in raw/."""
Outcome = Literal["published", "unchanged", "failed", "withdrawn"]

Home = Literal["dataset", "history", "working"]
Span = list[list[int]]

# --- a column and a table, as declared ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """One column, as declared."""

    name: str
    type: Any  # str, int, float, bool, date, list[str] or list[list[int]]
    nullable: bool
    description: str
    values: tuple[str, ...] = ()
    is_key: bool = False
    references: str | None = None
    bounds: Between | None = None
    pattern: str | None = None
    indexed: bool = False
    facet: bool = False
    is_words: bool = False


@dataclass(frozen=True)
class Table:
    """One table, as declared."""

    name: str
    row: type
    order: tuple[str, ...]
    search: tuple[str, ...]
    home: Home
    is_optional: bool = False

    @property
    def description(self) -> str:
        """The table's description: the docstring of its row."""
        return (self.row.__doc__ or "").strip()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in their order."""
        return _columns(self.row)

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the key's columns."""
        return tuple(c.name for c in self.columns if c.is_key)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)


# --- the tables ----------------------------------------------------------------------------------------------

Row = TypeVar("Row")
_TABLES: dict[str, Table] = {}


def table(
    name: str, *, order: str, search: str = "", home: Home = "dataset", is_optional: bool = False
) -> Callable[[type[Row]], type[Row]]:
    """Declare a dataclass as the table `name`, its rows sorted by the columns `order`, full-text search over `search`."""

    def declare(row: type[Row]) -> type[Row]:
        _TABLES[name] = Table(name, row, tuple(order.split()), tuple(search.split()), home, is_optional)
        return row

    return declare


@table("documents", order="source_path source_record document_id", search="title text")
@dataclass(frozen=True, kw_only=True)
class Document:
    """One article as it was read: where it comes from, its text without boilerplate, and what was counted in it. Duplicates keep their row."""

    document_id: Annotated[
        str, KEY, DOCUMENT_ID, "Made from the article's URL if it has one, else from its path and record: the same in every build"
    ]
    shared_id: Annotated[
        str | None,
        DOCUMENT_ID,
        INDEXED,
        "What documents share whose sources give the same URL or id: versions of one article, or others where an id was given twice by mistake; null for most",
    ] = None
    source_path: Annotated[str, "Path of the file under raw/"]
    source_record: Annotated[
        str,
        "The record's own id where it has one, else its number in the file, from 1; in a packed folder after the path of its file: march/list.csv#17",
    ]
    source_sha256: Annotated[str, SHA256, "SHA-256 of the file's bytes"]
    format: Annotated[Format, FACET, "Format of the file"]
    url: Annotated[str | None, "Address of the article, where known"]
    outlet: Annotated[str | None, FACET, "Who published the article, where known"]
    title: Annotated[str | None, WORDS, "Headline, where the source has one"]
    byline: Annotated[str | None, WORDS, "The line that names the author, as written"]
    author: Annotated[str | None, INDEXED, 'Who wrote the article; several authors are separated by "; "']
    credit: Annotated[str | None, WORDS, "Credit line of a picture or agency, as written"]
    published_on: Annotated[date | None, INDEXED, "Day of publication, where known; never guessed from a file's time"]
    published_basis: Annotated[
        DateBasis | None,
        FACET,
        "What `published_on` was taken from: raw/articles.csv, the record's own field, the page's markup, a dateline or time of publication in the text, the name of the file where it begins with a day, or raw/corrections.csv",
    ] = None
    encoding: Annotated[str | None, FACET, "Encoding the file was read in; null where its format settles that"] = None
    is_repaired: Annotated[
        bool, FACET, "True where garbled characters were repaired when the file was read (UTF-8 read as another encoding, broken bytes)"
    ] = False
    language: Annotated[str, FACET, "ISO 639-1 code of the text's language"]
    language_score: Annotated[float, UNIT, "How sure the identification of the language is"]
    licence: Annotated[str | None, "Rights in the article's text"]
    note: Annotated[str | None, "Remark of raw/articles.csv on what kind of text it is"] = None
    text: Annotated[str, WORDS, "Title, headings and body as kept; blocks joined by a blank line"]
    text_sha256: Annotated[str, SHA256, INDEXED, "SHA-256 of `text` in UTF-8"]
    n_characters: Annotated[int, COUNT, "Code points of `text`"]
    n_tokens: Annotated[int | None, COUNT, "Tokens of `text`; null where the document was not annotated"]
    n_sentences: Annotated[int | None, COUNT, "Rows in `sentences`; null where the document was not annotated"]
    n_mentions: Annotated[int | None, COUNT, "Rows in `mentions`; null where the document was not annotated"]
    n_quotes: Annotated[int | None, COUNT, "Rows in `quotes`; null where the document was not annotated"]
    is_canonical: Annotated[bool, FACET, "False for a duplicate; only canonical documents are annotated"]
    canonical_id: Annotated[str, References("documents"), "The document this one duplicates; itself if canonical"]
    duplicate_kind: Annotated[DuplicateKind | None, "How it duplicates `canonical_id`; null if canonical"]
    similarity: Annotated[float | None, UNIT, "Share of the text found in `canonical_id`; null if canonical"]


@table("blocks", order="document_id position")
@dataclass(frozen=True, kw_only=True)
class Block:
    """One passage of a raw text and the role it plays. Every visible character of a raw text is in exactly one block; nothing is deleted."""

    block_id: Annotated[str, KEY, "Document and position"]
    document_id: Annotated[str, References("documents"), "The article"]
    position: Annotated[int, COUNT, "Place among the article's blocks, from 0"]
    role: Annotated[Role, FACET, "What the passage is; `boilerplate`, `byline`, `credit` and `dateline` are left out of `documents.text`"]
    rule: Annotated[str, INDEXED, "The rule that decided the role; `correction` where a person did"]
    raw_start: Annotated[
        int | None,
        COUNT,
        "First character in the decoded text of the file or record; null where the source has no running text, as in HTML",
    ]
    raw_end: Annotated[int | None, COUNT, "End in the raw text, exclusive"]
    start: Annotated[int | None, COUNT, "First character in `documents.text`; null if the block is left out of it"]
    end: Annotated[int | None, COUNT, "End in `documents.text`, exclusive"]
    text: Annotated[str, WORDS, "The passage, character for character (white space may become plain spaces)"]


@table("sentences", order="document_id position", search="text")
@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence or heading of a canonical document."""

    sentence_id: Annotated[str, KEY, "Document and position"]
    document_id: Annotated[str, References("documents"), "The article"]
    block_id: Annotated[str, References("blocks"), "The block it stands in"]
    position: Annotated[int, COUNT, "Place among the article's sentences, from 0"]
    start: Annotated[int, COUNT, "First character in `documents.text`"]
    end: Annotated[int, COUNT, "End in `documents.text`, exclusive"]
    raw_start: Annotated[int | None, COUNT, "First character in the raw text"]
    raw_end: Annotated[int | None, COUNT, "End in the raw text, exclusive"]
    text: Annotated[str, WORDS, "The sentence"]
    n_tokens: Annotated[int, COUNT, "Tokens in it"]
    is_heading: Annotated[bool, FACET, "True for titles and headings"]


@table("tokens", order="document_id position", is_optional=True)
@dataclass(frozen=True, kw_only=True)
class Token:
    """One word or mark of an annotated document, with its lemma, its part of speech and its place in the tree, as quotes were found with them. Only in builds whose corpus.toml has `tokens = true`."""

    document_id: Annotated[str, KEY, References("documents"), "The article"]
    position: Annotated[int, KEY, COUNT, "Place among the article's tokens, from 0; white space is none"]
    start: Annotated[int, COUNT, "First character in `documents.text`"]
    end: Annotated[int, COUNT, "End in `documents.text`, exclusive"]
    text: Annotated[str, WORDS, "The token"]
    lemma: Annotated[str | None, WORDS, "Its dictionary form; null where the model has none"]
    pos: Annotated[str | None, "Part of speech, as in Universal Dependencies; null where the model has none"]
    tag: Annotated[str | None, "Part of speech, as in the Penn Treebank; null where the model has none"]
    head: Annotated[int | None, COUNT, "`position` of the token it depends on, its own for the root of a sentence; null without trees"]
    relation: Annotated[str | None, "Relation to its head, as in Universal Dependencies; null without trees"]


@table("mentions", order="document_id start end")
@dataclass(frozen=True, kw_only=True)
class Mention:
    """One name, date or amount in the text: without a leading "the", a title or "'s"; the outermost name wins."""

    mention_id: Annotated[str, KEY, "Document and place"]
    document_id: Annotated[str, References("documents"), "The article"]
    sentence_id: Annotated[str, References("sentences"), "The sentence it stands in"]
    entity_id: Annotated[str | None, References("entities"), "Who or what is named; null for dates and amounts"]
    label: Annotated[Label, FACET, "Kind of name, as in OntoNotes, as written: a capital that stands for a government is a GPE"]
    start: Annotated[int, COUNT, "First character in `documents.text`"]
    end: Annotated[int, COUNT, "End in `documents.text`, exclusive"]
    raw_start: Annotated[int | None, COUNT, "First character in the raw text"]
    raw_end: Annotated[int | None, COUNT, "End in the raw text, exclusive"]
    text: Annotated[str, WORDS, INDEXED, "The name as written"]
    value: Annotated[str | None, "ISO 8601 value of a date, where the text and `published_on` allow one"]
    method: Annotated[
        MentionMethod,
        FACET,
        "What found it: the corpus's authority, the lexicon, a rule or the language model; `correction` where a person gave or changed it",
    ]
    score: Annotated[float, UNIT, "How sure that is"]
    link_method: Annotated[
        LinkMethod | None,
        FACET,
        "What leads to the entity: a spelling of the authority or lexicon, the name itself, a surname or acronym explained in the article, a surname that one person dominates in the corpus, a similar spelling with evidence, the context, the authority's word on an evident slip of the source, or a correction; null where no entity is named",
    ] = None
    link_score: Annotated[float | None, UNIT, "How sure that is"] = None
    metonym_of: Annotated[
        str | None, References("entities"), "The country whose government a capital or a seat of power stands for, where that is certain"
    ] = None


@table("entities", order="entity_id")
@dataclass(frozen=True, kw_only=True)
class Entity:
    """One person, body, place, people or event, whatever it is called in the articles."""

    entity_id: Annotated[str, KEY, "Id of the authority or lexicon where it has one, else made from label and name"]
    name: Annotated[str, INDEXED, "Its fullest or accepted name"]
    label: Annotated[Label, FACET, "Kind of entity"]
    wikidata_id: Annotated[str | None, Matches(r"Q[1-9][0-9]*"), INDEXED, "Wikidata item, where known"]
    description: Annotated[str | None, "What it is, in a few words"]
    aliases: Annotated[list[str], "Spellings found in the articles, the most frequent first"]
    n_mentions: Annotated[int, COUNT, "Rows in `mentions`"]
    n_documents: Annotated[int, COUNT, "Canonical documents that name it"]
    latitude: Annotated[float | None, Between(-90, 90), "Degrees north, for places"]
    longitude: Annotated[float | None, Between(-180, 180), "Degrees east, for places"]
    source: Annotated[EntitySource, FACET, "Where the entity is known from: raw/authority.csv, the shipped lexicon, or the articles alone"]
    related_id: Annotated[str | None, References("entities"), "The country or region of a people; null for other entities"] = None


@table("possible_same", order="entity_id other_id")
@dataclass(frozen=True, kw_only=True)
class PossibleSame:
    """Two entities that may be one, which the articles do not say surely enough; a line of raw/authority.csv settles it."""

    entity_id: Annotated[str, KEY, References("entities"), "One of them"]
    other_id: Annotated[str, KEY, References("entities"), "The other"]
    score: Annotated[float, UNIT, "How likely they are one"]
    evidence: Annotated[
        str, "Evidence that they are one: a surname, similar names, a role, the company or the country that their articles share"
    ]


@table("quotes", order="document_id start end quote_id", search="text speaker")
@dataclass(frozen=True, kw_only=True)
class Quote:
    """One utterance: who is reported to have said what, in which words."""

    quote_id: Annotated[str, KEY, "Document and place"]
    document_id: Annotated[str, References("documents"), "The article"]
    sentence_id: Annotated[str, References("sentences"), "The sentence it begins in"]
    kind: Annotated[
        QuoteKind,
        FACET,
        "`direct`: a quoted clause; `mixed`: a report partly in the speaker's own words, which are the quote, or all of it with its marks where they are the lesser part; `indirect`: reported without marks; `block`: a passage attributed as a whole; `unattributed`: marks, but nobody is quoted",
    ]
    text: Annotated[str, WORDS, "What is quoted, without marks; segments joined by a space"]
    start: Annotated[int, COUNT, "First character in `documents.text`"]
    end: Annotated[int, COUNT, "End in `documents.text`, exclusive"]
    raw_start: Annotated[int | None, COUNT, "First character in the raw text"]
    raw_end: Annotated[int | None, COUNT, "End in the raw text, exclusive"]
    segments: Annotated[Span, "[start, end] pairs in `documents.text`, more than one where the reporting clause interrupts"]
    cue: Annotated[str | None, WORDS, INDEXED, "The word that reports, as written"]
    cue_start: Annotated[int | None, COUNT, "First character of the cue in `documents.text`"]
    cue_end: Annotated[int | None, COUNT, "End of the cue, exclusive"]
    speaker: Annotated[str | None, WORDS, INDEXED, "Who is quoted, as written nearest: a name, a description or a pronoun"]
    speaker_start: Annotated[int | None, COUNT, "First character of the speaker in `documents.text`"]
    speaker_end: Annotated[int | None, COUNT, "End of the speaker, exclusive"]
    speaker_entity_id: Annotated[str | None, References("entities"), "Who that is; null where it is not certain"]
    speaker_basis: Annotated[
        SpeakerBasis | None, FACET, "What identifies the speaker: a name, a pronoun or a description, a turn of an interview, a signature"
    ]
    parent_quote_id: Annotated[str | None, References("quotes"), "The quote this one stands inside"]
    quote_group_id: Annotated[str | None, References("quote_groups"), "The utterance that other articles report too; null if none does"]
    method: Annotated[
        str,
        FACET,
        "The rule that found it, or `correction` where a person gave or changed it; the attitude of the report (speech, writing, thought, accusation, denial, order); then `negated` and `modal` where it is",
    ]
    score: Annotated[float, UNIT, "How likely kind, span and speaker are all right (the dataset's card says how that was measured)"]
    speaker_score: Annotated[
        float | None, UNIT, "How likely the speaker is right, the entity included where there is one; null without a speaker"
    ] = None
    speakers: Annotated[Span, "[start, end] of each speaker in `documents.text`, in order, where several speak together; else empty"] = (
        field(default_factory=list)
    )
    speaker_entity_ids: Annotated[list[str], "Who they are, in order; empty for one speaker, or where one of them is not certain"] = field(
        default_factory=list
    )


@table("quote_groups", order="quote_group_id")
@dataclass(frozen=True, kw_only=True)
class QuoteGroup:
    """One utterance that several articles report, each in its own wording."""

    quote_group_id: Annotated[str, KEY, "Made from the group's first quote"]
    speaker_entity_id: Annotated[str | None, References("entities"), "Who is quoted"]
    n_quotes: Annotated[int, COUNT, "Wordings"]
    n_documents: Annotated[int, COUNT, "Articles"]
    text: Annotated[str, WORDS, "The fullest wording"]


@table("quote_group_members", order="quote_group_id quote_id")
@dataclass(frozen=True, kw_only=True)
class QuoteGroupMember:
    """One wording of an utterance."""

    quote_group_id: Annotated[str, KEY, References("quote_groups"), "The utterance"]
    quote_id: Annotated[str, KEY, References("quotes"), "The wording"]
    similarity: Annotated[float, UNIT, "To the group's fullest wording"]


@table("duplicates", order="document_id")
@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """One document that repeats another."""

    document_id: Annotated[str, KEY, References("documents"), "The duplicate"]
    canonical_id: Annotated[str, References("documents"), "What it repeats"]
    kind: Annotated[
        DuplicateKind,
        FACET,
        "`exact`: the same words; `near`: edited, spun or cut; `contained`: part of a longer article; `version`: near or contained, of the id or address (without what counts visits) of what has the words of its canonical document",
    ]
    similarity: Annotated[float, UNIT, "Share of its text found in the canonical document"]
    method: Annotated[
        str,
        Matches(f"(?:{'|'.join(get_args(DuplicateEvidence))})(?: over [0-9]{{1,3}}%)?"),
        "The evidence; `correction` where a person joined them",
    ]
    margin: Annotated[
        float | None,
        Between(-1, 1),
        "By how much more of the news differs than in a copy, see `templates`; about 0 is doubtful; null if exact",
    ] = None
    source_id: Annotated[
        str | None,
        References("documents"),
        "Of `canonical_id` and all its copies, the one that the others come from; null if nothing decides",
    ] = None
    source_evidence: Annotated[
        SourceEvidence | None,
        FACET,
        "What says so: `agency`: it is of the agency that another copy credits; `earliest`: of an earlier day than all others; `credit`: of those of the first day, or of no known day, it credits an agency and others do not; `fullest`: it has most words of them",
    ] = None


@table("templates", order="document_id")
@dataclass(frozen=True, kw_only=True)
class Template:
    """One document that fills in the same frame as another (earnings, court lists, weather) and is not a copy of it: both are annotated."""

    document_id: Annotated[str, KEY, References("documents"), "The document"]
    other_id: Annotated[
        str, References("documents"), "Of the articles of its frame that come before it, the one it has most in common with"
    ]
    frame_id: Annotated[str, References("documents"), "The first article of the frame; the same for all of them"]
    n_documents: Annotated[int, COUNT, "Articles of the frame, the first included"]
    similarity: Annotated[float, UNIT, "Share of its text found in `other_id`: the frame"]
    margin: Annotated[
        float, Between(-1, 1), "By how much more of the news differs than in a copy; about 0 is doubtful, below it a third article decided"
    ]
    slots: Annotated[Span, "[start, end] in `documents.text` of what stands in its slots: what `other_id` does not have"]


@table("shared_passages", order="passage_id document_id start")
@dataclass(frozen=True, kw_only=True)
class SharedPassage:
    """One place of a passage that stands in several articles: wire copy, a long quotation, a footer."""

    passage_id: Annotated[str, KEY, "Made from the passage's words"]
    document_id: Annotated[str, KEY, References("documents"), "An article it stands in"]
    start: Annotated[int, KEY, COUNT, "First character in `documents.text`"]
    end: Annotated[int, COUNT, "End in `documents.text`, exclusive"]
    n_documents: Annotated[int, COUNT, "Articles it stands in"]


@table("rejected", order="source_path source_record stage reason detail")
@dataclass(frozen=True, kw_only=True)
class Rejected:
    """One input that did not become a document, and why."""

    source_path: Annotated[str, INDEXED, "Path of the file under raw/"]
    source_record: Annotated[str | None, "The record, where the file has several"]
    stage: Annotated[str, FACET, "The stage that rejected it"]
    reason: Annotated[Literal[ReadingReason, FetchReason], FACET, "Reason code"]
    detail: Annotated[str, "What was found, and what to do about it"]


@table("takedowns", order="document_id")
@dataclass(frozen=True, kw_only=True)
class Takedown:
    """One document that was removed on request; its text is in no later build."""

    document_id: Annotated[str, KEY, DOCUMENT_ID, "The document that was removed"]
    removed_on: Annotated[date, "Day of the removal"]
    reason: Annotated[str, "Why"]


@table("corrections", order="line")
@dataclass(frozen=True, kw_only=True)
class Correction:
    """One line of raw/corrections.csv, and what became of it in this build. A line that no longer fits is listed, never lost."""

    correction_id: Annotated[str, KEY, "Made from what the line says: the same in every build"]
    line: Annotated[int, Between(1), "Its line in raw/corrections.csv"]
    status: Annotated[
        CorrectionStatus,
        FACET,
        "`applied`; `already_right`: the row says so already; `stale`: what the line speaks of is no longer there; `conflict`: it contradicts another line or the text",
    ]
    document_id: Annotated[str | None, References("documents"), "The article; null for entities, and where it is not in this build"]
    table: Annotated[CorrectedTable, FACET, "The table of the corrected row"]
    row_id: Annotated[str | None, "Key of the row as it is now; null where there is none"]
    start: Annotated[int | None, COUNT, "Where the words stand in `documents.text`, as given"]
    end: Annotated[int | None, COUNT, "End of the words, exclusive"]
    text: Annotated[str | None, WORDS, "The words or the value that the line is about; null where the article is not in this build"]
    text_sha256: Annotated[str, SHA256, "SHA-256 of these words in UTF-8"]
    field: Annotated[str, "The column that is corrected, or `delete`, `add`, `split`, `join`, `merge`, `joined`, `apart`"]
    value: Annotated[str | None, WORDS, "What is right; null where the article is not in this build"]
    detail: Annotated[str, WORDS, "Why it was not applied; empty where it was"]
    by: Annotated[str | None, "Who corrected it, where corpus.toml has `name_correctors = true`"]
    on: Annotated[date | None, "Day of the correction"]
    reason: Annotated[str | None, WORDS, "Why, as given"]


@table("quality", order="layer metric gold")
@dataclass(frozen=True, kw_only=True)
class Quality:
    """One figure of accuracy, measured on annotated articles."""

    layer: Annotated[str, KEY, "What was measured"]
    metric: Annotated[str, KEY, "Precision, recall, F1 or accuracy"]
    value: Annotated[float, UNIT, "The figure"]
    low: Annotated[
        float | None, UNIT, "Lower end of its 95 % interval: a bootstrap over the gold's paragraphs, never narrower than Wilson's"
    ]
    high: Annotated[float | None, UNIT, "Upper end"]
    gold: Annotated[str, KEY, "The gold it was measured on"]
    n: Annotated[int, COUNT, "Items of the gold"]


@table("build", order="build_id")
@dataclass(frozen=True, kw_only=True)
class Build:
    """The one row that says what this build was made from; it holds only what the input decides."""

    build_id: Annotated[str, KEY, "Made from all that follows but the counts"]
    title: Annotated[str, "Title of the corpus"]
    raw_sha256: Annotated[str, SHA256, "Digest of the raw folder: every file's path and bytes"]
    code_version: Annotated[str, "Version of the pipeline and digest of its code and lexicon"]
    settings: Annotated[str, "The settings that shape the result, as JSON"]
    model: Annotated[str, "The language model and its version"]
    packages: Annotated[str, "Versions of the packages that shape the result, as JSON"]
    n_articles: Annotated[int, COUNT, "Inputs: documents, rejects and takedowns"]
    n_documents: Annotated[int, COUNT, "Rows in `documents`"]
    n_canonical: Annotated[int, COUNT, "Documents that are not duplicates"]
    n_rejected: Annotated[int, COUNT, "Rows in `rejected`"]
    n_sentences: Annotated[int, COUNT, "Rows in `sentences`"]
    n_mentions: Annotated[int, COUNT, "Rows in `mentions`"]
    n_entities: Annotated[int, COUNT, "Rows in `entities`"]
    n_quotes: Annotated[int, COUNT, "Rows in `quotes`"]
    n_quote_groups: Annotated[int, COUNT, "Rows in `quote_groups`"]


# --- what stands outside the dataset: the history of builds, and what passes from reading to cleaning ----------


@table("builds", order="started", home="history")
@dataclass(frozen=True, kw_only=True)
class BuildRun:
    """One run of the pipeline, whatever became of it."""

    run_id: Annotated[str, KEY, "Made from the moment it started and its process"]
    build_id: Annotated[str | None, INDEXED, "The build it made, if it came so far"]
    started: Annotated[str, INDEXED, "UTC, ISO 8601"]
    finished: Annotated[str, "UTC, ISO 8601"]
    seconds: Annotated[str, "Seconds by stage, as JSON"]
    outcome: Annotated[Outcome, FACET, "What became of it"]
    message: Annotated[str, "One line for people"]


@table("changes", order="build_id document_id", home="history")
@dataclass(frozen=True, kw_only=True)
class DocumentChange:
    """One document that a published build added, changed or removed against the one before."""

    build_id: Annotated[str, KEY, "The build"]
    document_id: Annotated[str, KEY, "The document"]
    change: Annotated[Change, FACET, "What became of it"]


@table("collections", order="started source", home="history")
@dataclass(frozen=True, kw_only=True)
class Collection:
    """What one run of `qantar collect` brought from one source of raw/sources.toml."""

    started: Annotated[str, KEY, INDEXED, "When the run started; UTC, ISO 8601"]
    source: Annotated[str, KEY, FACET, "The source, as raw/sources.toml calls it"]
    outlet: Annotated[str, FACET, "Who publishes"]
    finished: Annotated[str, "UTC, ISO 8601"]
    n_listed: Annotated[int, COUNT, "Addresses that its feeds, sitemaps and lists hold"]
    n_new: Annotated[int, COUNT, "Pages stored for the first time"]
    n_changed: Annotated[int, COUNT, "Pages stored again, because their text had changed"]
    n_unchanged: Annotated[int, COUNT, "Pages asked for again that had not changed"]
    n_removed: Annotated[int, COUNT, "Pages found to be removed by the outlet"]
    n_left_out: Annotated[int, COUNT, "New addresses that the filter left out; raw/collected/left_out.csv names them"]
    n_failed: Annotated[int, COUNT, "Pages and lists that could not be had; `rejected` of the next build names them"]
    n_waiting: Annotated[int, COUNT, "Addresses left for the next run by the limits on pages and time"]
    bytes: Annotated[int, COUNT, "Bytes of pages stored, as they are on disk"]
    last_new: Annotated[str | None, "When it last listed something new; UTC, ISO 8601"] = None
    is_silent: Annotated[bool, FACET, "True where that is longer ago than its `silent_days`"] = False
    message: Annotated[str, "What went wrong with its lists, if anything"] = ""


@table("articles", order="source_path source_record", home="working")
@dataclass(frozen=True, kw_only=True)
class Article:
    """One article as it was read: its raw text and what its source and raw/articles.csv say of it."""

    document_id: Annotated[str, KEY, DOCUMENT_ID, "See documents"]
    shared_id: Annotated[str | None, "See documents"] = None
    source_path: Annotated[str, "See documents"]
    source_record: Annotated[str, "See documents"]
    source_sha256: Annotated[str, "See documents"]
    format: Annotated[Format, "See documents"]
    url: Annotated[str | None, "See documents"]
    outlet: Annotated[str | None, "See documents"]
    title: Annotated[str | None, "Headline given beside the text"]
    author: Annotated[str | None, "Author given beside the text"]
    credit: Annotated[str | None, "Credit given beside the text"]
    published_on: Annotated[date | None, "See documents"]
    published_basis: Annotated[DateBasis | None, "See documents"] = None
    encoding: Annotated[str | None, "See documents"] = None
    is_repaired: Annotated[bool, "See documents"] = False
    language: Annotated[str, "See documents"]
    language_score: Annotated[float, "See documents"]
    licence: Annotated[str | None, "See documents"]
    note: Annotated[str | None, "Remark of raw/articles.csv"]
    text: Annotated[str, "The decoded raw text, newlines kept; raw offsets, less `raw_start`, index it"]
    text_sha256: Annotated[str, "SHA-256 of `text` in UTF-8"] = ""
    has_raw_offsets: Annotated[bool, "False where `text` was extracted from markup, so that there is no raw text to point into"]
    raw_start: Annotated[int, COUNT, "Where `text` begins in the decoded text of its file; above 0 in a text file of several articles"] = 0
    parts: Annotated[Span, "[start, end] pairs in `text`: its paragraphs and fields, where its file tells them apart"] = field(
        default_factory=list
    )
    part_labels: Annotated[list[str], "For each of `parts`, its role and rule, parted by a colon; no role where cleaning finds it"] = field(
        default_factory=list
    )


# --- what the pipeline reads from the declarations -----------------------------------------------------------


@cache
def _columns(row: type) -> tuple[Column, ...]:
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(f.name, hints[f.name]) for f in fields(row))


def _column(name: str, hint: Any) -> Column:
    kind, *notes = get_args(hint)
    nullable = get_origin(kind) in (Union, types.UnionType)
    if nullable:
        (kind,) = (k for k in get_args(kind) if k is not type(None))
    values: tuple[str, ...] = ()
    if get_origin(kind) is Literal:
        kind, values = str, get_args(kind)

    def note(of: type) -> Any:
        return next((n for n in notes if isinstance(n, of)), None)

    refers, index, pattern = note(References), note(Indexed), note(Matches)
    return Column(
        name=name,
        type=kind,
        nullable=nullable,
        description=note(str),
        values=values,
        is_key=note(Key) is not None,
        references=refers.table if refers else None,
        bounds=note(Between),
        pattern=pattern.pattern if pattern else None,
        indexed=bool(refers or index),
        facet=bool(index and index.facet),
        is_words=note(Words) is not None,
    )


TABLES = {name: t for name, t in _TABLES.items() if t.home == "dataset" and not t.is_optional}
"""The tables of every build."""
OPTIONAL = {name: t for name, t in _TABLES.items() if t.is_optional}
"""The tables of builds that ask for them in corpus.toml."""
KNOWN = {name: t for name, t in _TABLES.items() if t.home == "dataset"}
"""Both."""
OF_DOCUMENTS = ("documents", "blocks", "sentences", "mentions", "quotes", "tokens")
"""Tables of a row or more for each document, in the documents' order."""
HISTORY = {name: t for name, t in _TABLES.items() if t.home == "history"}
ARTICLES = _TABLES["articles"]


def with_values(row: Row, **values: Any) -> Row:
    """A row with other values of some columns, as `dataclasses.replace` gives it, which sets each column of a frozen row by a call.

    >>> with_values(Takedown(document_id="a", removed_on=date(2022, 1, 1), reason="asked"), reason="wrong").reason
    'wrong'
    """
    other = object.__new__(type(row))
    other.__dict__.update(row.__dict__, **values)
    return other
