"""Tell apart articles that their sources call by the same URL or id: versions of one article, repeats, and ids given twice by mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qantar.text.identity import short_id


class Read(NamedTuple):
    """What is known of an article before it is cleaned; `text_sha256` is that of its raw text."""

    document_id: str
    source_path: str
    source_record: str
    text_sha256: str


class Renamed(NamedTuple):
    """The id and record that an article is given, and the id that it shares with others (see `documents.shared_id`)."""

    document_id: str
    source_record: str
    shared_id: str | None


class Repeat(NamedTuple):
    """The record that a repeat is called by in `rejected`, and where the article stands that it repeats."""

    source_record: str
    repeats: str


@dataclass(frozen=True)
class Renaming:
    """What becomes of the articles of one shard, by their position in it; of most, nothing."""

    articles: dict[int, Renamed] = field(default_factory=dict)
    repeats: dict[int, Repeat] = field(default_factory=dict)
    rejected: dict[int, str] = field(default_factory=dict)
    """New names of rejected records that have the name of an article of their file."""


Rows = Mapping[int, Read]
Places = Mapping[int, tuple[str, str]]


def version_id(document_id: str, text_sha256: str) -> str:
    """The document id of an article whose URL or id an earlier article has: made of both, so that it is the same in every build."""
    return short_id("version", document_id, text_sha256)


def rename_repeated(shards: Sequence[Rows], rejected: Sequence[Places] = ()) -> list[Renaming]:
    """For each shard, what is to be renamed, of its articles and of the rejected records beside them (`rejected`: path and record).

    `shards` hold, by their position in the shard, the articles whose id or place others have too, in the order of their sources. The first
    article of an id keeps it. A later one with other words gets an id of its own, and all of them the `shared_id`; one with the same words
    is a repeat. Records of one name within a file are numbered: `x`, `x#2`.
    """
    renaming = [Renaming() for _ in shards]
    first: dict[str, tuple[int, int]] = {}
    records: dict[tuple[int, int], str] = {}
    versions: set[str] = set()
    n_seen: Counter[tuple[str, str]] = Counter()
    for number, rows in enumerate(shards):
        for at, row in rows.items():
            here = number, at
            record = records[here] = _unique(row.source_path, row.source_record, n_seen)
            above = first.setdefault(row.document_id, here)
            if above == here:
                if record != row.source_record:
                    renaming[number].articles[at] = Renamed(row.document_id, record, None)
                continue
            earlier = shards[above[0]][above[1]]
            new_id = version_id(row.document_id, row.text_sha256)
            if new_id in versions or row.text_sha256 == earlier.text_sha256:
                renaming[number].repeats[at] = Repeat(record, f"{earlier.source_path} (record {records[above]})")
                continue
            versions.add(new_id)
            renaming[number].articles[at] = Renamed(new_id, record, row.document_id)
            renaming[above[0]].articles[above[1]] = Renamed(row.document_id, records[above], row.document_id)
    for number, places in enumerate(rejected):
        for at, place in places.items():
            if place in n_seen:
                renaming[number].rejected[at] = _unique(*place, n_seen)
    return renaming


def _unique(path: str, record: str, n_seen: Counter[tuple[str, str]]) -> str:
    """The record's name, numbered where the file has one of that name already."""
    name = record
    while (path, name) in n_seen:
        n_seen[path, record] += 1
        name = f"{record}#{n_seen[path, record]}"
    n_seen[path, name] += 1
    return name
