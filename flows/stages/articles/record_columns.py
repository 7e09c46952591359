"""Which columns of a record are what, by their common names, and the article's own object within what is put around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain
from typing import Any, TypeGuard

from qantar.stages.articles.found import Refused
from qantar.stages.articles.record_values import text_of, web_address_of
from qantar.text.lexicon import read_toml

_DEPTH = 4


def column_mapping(names: Iterable[str]) -> dict[str, str]:
    """Which column of a file each field is read from, by common spellings, the likeliest first.

    >>> column_mapping(["Headline", "maintext", "link", "n"])
    {'text': 'maintext', 'title': 'Headline', 'url': 'link'}
    """
    return {field: columns[0] for field, columns in columns_by_field(tuple(map(str, names))).items() if columns and field in _fields()}


def text_columns(names: Iterable[str]) -> list[str]:
    """The columns that may hold a text, the likeliest first."""
    return list(columns_by_field(tuple(map(str, names)))["text"])


def used_columns(names: Iterable[str]) -> set[str]:
    """All columns that a record's fields may be read from, with objects of metadata."""
    return {name for columns in columns_by_field(tuple(map(str, names))).values() for name in columns}


@cache
def _spellings() -> dict[str, list[str]]:
    fields: dict[str, list[str]] = read_toml("columns.toml")
    return fields


def _fields() -> list[str]:
    return [field for field in _spellings() if field not in ("objects", "lists", "teasers", "leads", "codes")]


@lru_cache(maxsize=256)
def columns_by_field(names: tuple[str, ...]) -> dict[str, list[str]]:
    """The columns that each field may be read from, the likeliest first, by the spellings of the lexicon."""
    plain: dict[str, str] = {}
    for name in reversed(names):
        plain[re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFD", name.lower()))] = name  # "Überschrift" is uberschrift
    return {field: [plain[s] for s in spellings if s in plain] for field, spellings in _spellings().items()}


def field_of(name: str) -> str | None:
    """The field that a column of this name is read for, if any."""
    return next(iter(column_mapping([name])), None)


def no_text_column(names: Iterable[str]) -> Refused:
    """Why a table without a text is refused."""
    seen = ", ".join(map(str, names))[:300]
    return Refused(
        None, "no_text_column", f"no column is named as a text ({', '.join(_spellings()['text'][:5])} …) among {seen}; rename one"
    )


def unwrap(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The article's own object, or objects, within what an API or a database puts around: hits, `_source`, a list of articles."""
    for _ in range(_DEPTH):
        found = _records_of(record)
        if found is not None:
            yield from found
            return
        inner = _within(record)
        if inner is None:
            break
        record = inner
    yield record


def _records_of(record: Mapping[str, Any]) -> Iterable[Mapping[str, Any]] | None:
    """The records that an object is or holds; None where it may keep one in an object of its own."""
    columns = columns_by_field(tuple(record))
    if any(text_of(record[name]) for name in columns["text"]):
        return [record]
    listed = next((record[name] for name in columns["lists"] if _is_list_of_records(record[name])), None)
    return chain.from_iterable(map(unwrap, listed)) if listed else _by_name_or_column(record) or None


def _within(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The object in a record that has a text, with what stands beside it; None where none has."""
    source = record.get("_source")
    if _has_text(source):
        return {**record, **source, "_source": None}
    columns = columns_by_field(tuple(record))
    inner = next((record[name] for name in (*columns["lists"], *columns["objects"]) if _has_text(record[name])), None)
    return {**record, **inner} if inner else None


def _by_name_or_column(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The records of an object that holds them by their ids, by columns, or as rows beside the names of their columns."""
    names, rows = record.get("columns"), record.get("data")
    if isinstance(names, list) and isinstance(rows, list) and _are_rows(rows, len(names)):
        return [dict(zip(map(str, names), row, strict=True)) for row in rows]
    values = list(record.values())
    if all(isinstance(value, str) for value in values):
        return [{"id": key, "url": web_address_of(key), "text": text} for key, text in record.items()] if _are_places(record) else []
    if not all(isinstance(value, dict) for value in values):
        return []
    if columns_by_field(tuple(record))["text"] and _are_columns(values):
        return [{name: column[key] for name, column in record.items()} for key in values[0]]
    return _by_ids(record)


def _by_ids(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if any(map(field_of, record)) or not all(columns_by_field(tuple(value))["text"] for value in record.values()):
        return []
    return [value if columns_by_field(tuple(value))["id"] else {**value, "id": key} for key, value in record.items()]


def _are_places(names: Iterable[str]) -> bool:
    """Whether all names of a record's fields are addresses of pages, or names of files, each of which then stands for its text."""
    return all(web_address_of(name) or _FILE.fullmatch(name) for name in names)


_FILE = re.compile(r"[^\n]{1,200}\.\w{2,5}")


def _are_rows(rows: list[Any], n_columns: int) -> bool:
    return all(isinstance(row, list) and len(row) == n_columns for row in rows)


def _are_columns(values: list[Mapping[str, Any]]) -> bool:
    """Whether objects are columns, several with the same keys."""
    return len(values) > 1 and all(value.keys() == values[0].keys() for value in values)


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _has_text(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict) and bool({*columns_by_field(tuple(value))["text"], *columns_by_field(tuple(value))["lists"]})
