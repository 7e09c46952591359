"""One article of a build with all that was found in it, as plain rows: what every format is written from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from qantar.schema import KNOWN, TABLES, Block, Column, Document, Entity, Mention, Quote, Sentence, Span, Token
from qantar.settings import QantarError

DATABASE = "qantar.db"


@dataclass(frozen=True)
class BuildDocument:
    """An annotated article: its rows in their order, and the entities that they name. Offsets index `document.text`."""

    document: Document
    blocks: list[Block]
    sentences: list[Sentence]
    mentions: list[Mention]
    quotes: list[Quote]
    entities: dict[str, Entity] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)

    @property
    def document_id(self) -> str:
        """The article's id."""
        return self.document.document_id

    @property
    def text(self) -> str:
        """The article's text."""
        return self.document.text


def speaker_and_cue(quote: Quote) -> Iterator[tuple[str, int, int]]:
    """Where a quote's speaker and cue stand, if it has them: "speaker" or "cue", start, end."""
    for name, start, end in (("speaker", quote.speaker_start, quote.speaker_end), ("cue", quote.cue_start, quote.cue_end)):
        if start is not None and end is not None:
            yield name, start, end


Reader = Callable[[Document, Sequence[Sentence]], list[Token]]
"""Makes the tokens of a document whose build has none."""


def open_database(build: Path) -> sqlite3.Connection:
    """A build's database, to read.

    Raises QantarError where there is none, or it holds no texts.
    """
    database = build / DATABASE
    if not database.is_file():
        raise QantarError(f"{build}: no build here; make one with qantar build, or name the folder of builds with --out")
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    found = {row[1] for row in connection.execute("PRAGMA table_info(documents)")}
    if missing := {column.name for column in TABLES["documents"]} - found:
        connection.close()
        told = (
            "this is a release without texts; put them back with qantar rehydrate"
            if "text" in missing
            else "another version of Qantar made this build; build again"
        )
        raise QantarError(f"{build}: the table documents has no {', '.join(sorted(missing))}: {told}")
    return connection


def read_documents(build: Path, wanted: Iterable[str] = (), reader: Reader | None = None) -> Iterator[BuildDocument]:
    """The annotated articles of a build in their order, or those with the ids that are wanted; every offset is proved.

    `reader` makes tokens where the build has none; without it there are none then.

    Raises QantarError for an id that the build does not have, and for an offset that does not hold.
    """
    with closing(open_database(build)) as connection:
        has_tokens = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tokens'").fetchone() is not None
        for key in _ids(connection, build, wanted):
            document = one(connection, key)
            if reader is not None:
                tokens = rows(connection, "tokens", key) if has_tokens else reader(document.document, document.sentences)
                document.tokens.extend(tokens)
            prove(document)
            yield document


def _ids(connection: sqlite3.Connection, build: Path, wanted: Iterable[str]) -> list[str]:
    known = [row[0] for row in connection.execute("SELECT document_id FROM documents WHERE n_sentences IS NOT NULL ORDER BY rowid")]
    if not known:
        raise QantarError(f"{build}: the build has no annotated articles")
    chosen = set(wanted)
    if unknown := sorted(chosen - set(known)):
        raise QantarError(f"{build}: no annotated article has the id {unknown[0]}; duplicates are not annotated")
    return [key for key in known if not chosen or key in chosen]


def one(connection: sqlite3.Connection, document_id: str) -> BuildDocument:
    """The rows of one article, without tokens."""
    (document,) = rows(connection, "documents", document_id)
    mentions, quotes = rows(connection, "mentions", document_id), rows(connection, "quotes", document_id)
    named = {row.entity_id for row in mentions} | {row.speaker_entity_id for row in quotes}
    named |= {key for row in quotes for key in row.speaker_entity_ids}
    entities = {}
    for key in sorted(named - {None}):
        found = connection.execute("SELECT * FROM entities WHERE entity_id = ?", (key,)).fetchone()
        if found is not None:
            entities[key] = _row("entities", found)
    return BuildDocument(
        document, rows(connection, "blocks", document_id), rows(connection, "sentences", document_id), mentions, quotes, entities
    )


def rows(connection: sqlite3.Connection, table: str, document_id: str) -> list[Any]:
    """The rows of one table that belong to an article, in the table's order."""
    order = ", ".join(f'"{name}"' for name in KNOWN[table].order)
    found = connection.execute(f"SELECT * FROM {table} WHERE document_id = ? ORDER BY {order}", (document_id,))
    return [_row(table, values) for values in found]


def _row(table: str, values: Mapping[str, Any]) -> Any:
    return KNOWN[table].row(**{column.name: _value(column, values[column.name]) for column in KNOWN[table]})


def _value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.type in (list[str], Span):
        return json.loads(value)
    if column.type is date:
        return date.fromisoformat(value)
    return bool(value) if column.type is bool else value


def model_reader(model: str | None) -> Reader:
    """Reads tokens with a language model, cut into the sentences of the build as the pipeline does."""
    from qantar.model import load_model
    from qantar.model.component import set_sentence_starts
    from qantar.stages.tokens import find_tokens

    pipeline = load_model(model)

    def read(document: Document, sentences: Sequence[Sentence]) -> list[Token]:
        doc = pipeline.make_doc(document.text)
        set_sentence_starts(doc, {sentence.start for sentence in sentences})
        for _, component in pipeline.pipeline:
            doc = component(doc)
        return find_tokens(doc, document.document_id)

    return read


def prove(document: BuildDocument) -> None:
    """Raise QantarError unless every offset of an article leads to the words that its row has."""
    text = document.text
    spans: list[tuple[str, int, int, str]] = []
    placed: list[tuple[str, Sequence[Any]]] = [
        ("blocks", document.blocks),
        ("sentences", document.sentences),
        ("mentions", document.mentions),
        ("tokens", document.tokens),
    ]
    for table, found in placed:
        spans += [(table, row.start, row.end, row.text) for row in found if row.start is not None]
    for quote in document.quotes:
        joined = " ".join(text[start:end] for start, end in quote.segments)
        spans.append(("quotes", quote.start, quote.end, text[quote.start : quote.end] if quote.text == joined else quote.text))
        spans += [(f"quotes.{name}", start, end, getattr(quote, name)) for name, start, end in speaker_and_cue(quote)]
    for table, start, end, words in spans:
        if not 0 <= start < end <= len(text) or text[start:end] != words:
            raise QantarError(
                f"document {document.document_id}: {table} {start}–{end} should be {words[:80]!r}, but the text has "
                f"{text[start:end][:80]!r}; run qantar verify"
            )
