"""Check the rows of a build: values, keys, references between tables, and each offset against the text it points into."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qantar.schema import Column, Table
from qantar.store.parquet import batches, parts


class Found(NamedTuple):
    """One thing that is wrong with a row."""

    kind: Literal["value", "key", "reference", "offset"]
    where: str
    what: str


SPANS = (
    ("blocks", "start", "end", "text"),
    ("sentences", "start", "end", "text"),
    ("tokens", "start", "end", "text"),
    ("mentions", "start", "end", "text"),
    ("quotes", "cue_start", "cue_end", "cue"),
    ("quotes", "speaker_start", "speaker_end", "speaker"),
)
"""Columns that say where a passage stands in `documents.text`, and the passage."""


Lookup = Callable[[str], tuple[int, str | None]]
"""A document's length in code points and its text (null in the edition without texts), by id; (0, None) if there is none."""


def check_rows(folder: Path, tables: Mapping[str, Table], document: Lookup) -> Iterator[Found]:
    """All that is wrong with the rows of a build's tables; those whose Parquet cannot be read are left out of `tables`."""
    keys: dict[str, pa.Array] = {}
    for table in tables.values():
        for column in table:
            yield from _check_values(folder, table, column)
        yield from _check_key(folder, table, keys)
    for table in tables.values():
        for column in table:
            if column.references in keys:
                yield from _check_references(folder, table, column, keys[str(column.references)])
    if "documents" in tables:
        yield from _check_texts(folder, tables["documents"])
        yield from _check_offsets(folder, tables, document)


def _column(folder: Path, table: Table, *names: str) -> pa.Table:
    return pa.concat_tables([pq.read_table(part, columns=list(names)) for part in parts(folder, table)])


def _examples(values: pa.ChunkedArray) -> str:
    shown = [str(value)[:80] for value in values.slice(0, 3).to_pylist()]
    return f"{', '.join(shown)}{f' and {len(values) - 3} more' if len(values) > 3 else ''}"


# --- values, keys, references ----------------------------------------------------------------------------------


def _check_values(folder: Path, table: Table, column: Column) -> Iterator[Found]:
    # that a value is there where one must be is the schema's to say: a required column of Parquet holds no null
    if not (column.values or column.pattern or column.bounds):
        return
    values = _column(folder, table, column.name).column(0)
    for words, holds in _rules(column, values):
        wrong = values.filter(pc.invert(pc.fill_null(holds, True)))
        if len(wrong):
            yield Found("value", f"{table.name}.{column.name}", f"{words}: {_examples(wrong)}")


def _rules(column: Column, values: pa.ChunkedArray) -> Iterator[tuple[str, Any]]:
    if column.values:
        yield f"not one of {', '.join(column.values)}", pc.or_(pc.is_in(values, value_set=pa.array(column.values)), pc.is_null(values))
    if column.pattern:
        yield f"not of the form {column.pattern}", pc.match_substring_regex(values, f"^(?:{column.pattern})$")
    if column.bounds and column.bounds.low is not None:
        yield f"less than {column.bounds.low}", pc.greater_equal(values, column.bounds.low)
    if column.bounds and column.bounds.high is not None:
        yield f"more than {column.bounds.high}", pc.less_equal(values, column.bounds.high)


def _check_key(folder: Path, table: Table, keys: dict[str, pa.Array]) -> Iterator[Found]:
    if not table.key:
        return
    rows = _column(folder, table, *table.key)
    if len(table.key) == 1:
        keys[table.name] = rows.column(0).combine_chunks()
    counted = rows.group_by(list(table.key)).aggregate([([], "count_all")])
    twice = counted.filter(pc.greater(counted.column("count_all"), 1))
    for row in twice.slice(0, 3).to_pylist():
        key = ", ".join(str(row[name]) for name in table.key)
        yield Found("key", table.name, f"{row['count_all']} rows have the key {key} ({', '.join(table.key)})")


def _check_references(folder: Path, table: Table, column: Column, known: pa.Array) -> Iterator[Found]:
    values = _column(folder, table, column.name).column(0)
    missing = pc.unique(values.filter(pc.invert(pc.or_(pc.is_in(values, value_set=known), pc.is_null(values)))))
    if len(missing):
        yield Found("reference", f"{table.name}.{column.name}", f"no row of {column.references} has the key {_examples(missing)}")


# --- texts and offsets -------------------------------------------------------------------------------------------


def _check_texts(folder: Path, documents: Table) -> Iterator[Found]:
    if "text" not in {c.name for c in documents}:
        return
    for batch in batches(folder, documents):
        for row in batch.select(["document_id", "text", "text_sha256", "n_characters"]).to_pylist():
            if hashlib.sha256(row["text"].encode()).hexdigest() != row["text_sha256"]:
                yield Found("value", "documents.text", f"{row['document_id']}: the text is not the one that text_sha256 was made of")
            if len(row["text"]) != row["n_characters"]:
                yield Found("value", "documents.n_characters", f"{row['document_id']}: the text has {len(row['text'])} characters")


def _check_offsets(folder: Path, tables: Mapping[str, Table], document: Lookup) -> Iterator[Found]:
    """Each span lies in its document and is the passage it says; where texts are left out, only the former."""
    for name, start, end, text in SPANS:
        if name in tables:
            has_text = text in {c.name for c in tables[name]}
            columns = [*tables[name].key, "document_id", start, end, *([text] if has_text else [])]
            for row in _rows(folder, tables[name], columns):
                yield from _check_span(name, row[columns[0]], document(row["document_id"]), row[start], row[end], row.get(text))
    if "quotes" in tables:
        yield from _check_quotes(folder, tables["quotes"], document)
    if "shared_passages" in tables:
        for row in _rows(folder, tables["shared_passages"], ["passage_id", "document_id", "start", "end"]):
            yield from _check_span("shared_passages", row["passage_id"], document(row["document_id"]), row["start"], row["end"], None)
    for name in ("blocks", "sentences", "mentions"):
        if name in tables:
            key, *_ = tables[name].key
            for row in _rows(folder, tables[name], [key, "start", "end", "raw_start", "raw_end"]):
                if None not in (row["start"], row["raw_start"]) and row["raw_end"] - row["raw_start"] != row["end"] - row["start"]:
                    yield Found("offset", name, f"{row[key]}: the passage is not as long in the raw text as in documents.text")


def _check_quotes(folder: Path, quotes: Table, document: Lookup) -> Iterator[Found]:
    has_text = "text" in {c.name for c in quotes}
    for row in _rows(folder, quotes, ["quote_id", "document_id", "segments", "start", "end", *(["text"] if has_text else [])]):
        length, text = document(row["document_id"])
        segments = [tuple(segment) for segment in row["segments"]]
        inside = all(len(s) == 2 and row["start"] <= s[0] <= s[1] <= row["end"] <= length for s in segments)
        if not segments or not inside:
            yield Found("offset", "quotes", f"{row['quote_id']}: the segments do not lie between start and end in the document")
        elif text is not None and has_text and " ".join(text[a:b] for a, b in segments) != row["text"]:
            yield Found("offset", "quotes", f"{row['quote_id']}: documents.text has other words at the segments")


def _check_span(
    where: str, key: str, document: tuple[int, str | None], start: int | None, end: int | None, passage: str | None
) -> Iterator[Found]:
    length, text = document
    if start is None and end is None:
        return
    if start is None or end is None or not 0 <= start <= end <= length:
        yield Found("offset", where, f"{key}: from {start} to {end} is not a span of a document of {length} characters")
    elif text is not None and passage is not None and text[start:end] != passage:
        yield Found("offset", where, f"{key}: documents.text[{start}:{end}] is {text[start:end][:60]!r}, not {passage[:60]!r}")


def _rows(folder: Path, table: Table, columns: list[str]) -> Iterator[dict[str, Any]]:
    for batch in batches(folder, table):
        yield from batch.select(list(dict.fromkeys(columns))).to_pylist()
