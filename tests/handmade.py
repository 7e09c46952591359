"""Rows written by hand: documents of a few passages with their sentences, names and quotes, for tests of what comes after cleaning."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from qantar.schema import (
    ARTICLES,
    HISTORY,
    KNOWN,
    Block,
    Build,
    Document,
    Duplicate,
    Entity,
    Label,
    Mention,
    Quote,
    QuoteGroup,
    QuoteGroupMember,
    QuoteKind,
    Role,
)
from qantar.stages.sentences import split_sentences
from qantar.store.parquet import write_rows

KEPT = ("title", "heading", "speaker_heading", "body")
LEAST: dict[Any, Any] = {str: "-", int: 0, float: 0.0, bool: False}

RowType = TypeVar("RowType")
Passage = str | tuple[Role, str]


def row(of: type[RowType], **values: Any) -> RowType:
    """A row with the values given; the other columns are null, or the least that they may be."""
    (table,) = (t for t in [*KNOWN.values(), *HISTORY.values(), ARTICLES] if t.row is of)
    for column in table:
        if column.name not in values:
            values[column.name] = None if column.nullable else column.values[0] if column.values else LEAST.get(column.type, [])
    return of(**values)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def blocks_of(document_id: str, passages: Sequence[Passage], raw: str | None) -> list[Block]:
    """A block for each passage, body unless a role is given, with its place in the raw text (`None`: there is none)."""
    blocks: list[Block] = []
    kept = reached = 0
    for position, passage in enumerate(passages):
        role, words = passage if isinstance(passage, tuple) else ("body", passage)
        start = raw.index(words, reached) if raw is not None else None
        reached = reached if start is None else start + len(words)
        blocks.append(
            row(
                Block,
                block_id=f"{document_id}-b{position}",
                document_id=document_id,
                position=position,
                role=role,
                rule="by hand",
                raw_start=start,
                raw_end=None if start is None else reached,
                start=kept if role in KEPT else None,
                end=kept + len(words) if role in KEPT else None,
                text=words.replace("\u00a0", " "),
            )
        )
        kept += len(words) + 2 if role in KEPT else 0
    return blocks


def document_of(document_id: str, blocks: Iterable[Block], **known: Any) -> Document:
    """The document of these blocks; `known` are other columns."""
    blocks = list(blocks)
    text = "\n\n".join(b.text for b in blocks if b.start is not None)
    values: dict[str, Any] = {
        "source_path": f"{document_id}.txt",
        "source_record": "1",
        "source_sha256": "0" * 64,
        "format": "txt",
        "language": "en",
        "language_score": 1.0,
        "text": text,
        "text_sha256": sha256(text),
        "n_characters": len(text),
        "is_canonical": True,
        "canonical_id": document_id,
        **{role: next((b.text for b in blocks if b.role == role), None) for role in ("title", "byline", "credit")},
    }
    return row(Document, document_id=document_id, **(values | known))


class Handmade:
    """The rows of a build by table, filled document by document.

    Names and quotes are given by their words; their places are found, and every count is counted by `finish`.
    """

    def __init__(self) -> None:
        self.tables: dict[str, list[Any]] = {name: [] for name in KNOWN}

    def __getitem__(self, table: str) -> list[Any]:
        return self.tables[table]

    def change(self, table: str, number: int, **values: Any) -> None:
        """Change a row of a table."""
        self.tables[table][number] = replace(self.tables[table][number], **values)

    def document(self, document_id: str, passages: Sequence[Passage], raw: str | None, *, annotated: bool = True, **known: Any) -> Document:
        """Add a document, its blocks and, unless it is not `annotated`, its sentences."""
        blocks = blocks_of(document_id, passages, raw)
        document = document_of(document_id, blocks, **known)
        self["documents"].append(document)
        self["blocks"].extend(blocks)
        if annotated:
            sentences = split_sentences(document, blocks)
            self["sentences"].extend(replace(s, n_tokens=len(s.text.split())) for s in sentences)
        return document

    def copy(self, document: Document, of: Document, **values: Any) -> None:
        """Make a document a duplicate of another."""
        self["duplicates"].append(row(Duplicate, document_id=document.document_id, canonical_id=of.document_id, **values))
        known = {"duplicate_kind": values["kind"], "similarity": values["similarity"]}
        at = self["documents"].index(document)
        self.change("documents", at, is_canonical=False, canonical_id=of.document_id, **known)

    def names(self, document: Document, names: Mapping[str, tuple[str | None, Label]], **values: Any) -> None:
        """Add a mention of an entity wherever one of the names stands, the longest name first."""
        found: list[Mention] = []
        for name, (entity_id, label) in sorted(names.items(), key=lambda item: (-len(item[0]), item[0])):
            for match in re.finditer(re.escape(name), document.text):
                if any(m.start < match.end() and match.start() < m.end for m in found):
                    continue
                found.append(
                    row(
                        Mention,
                        mention_id=f"{document.document_id}-m{match.start()}",
                        document_id=document.document_id,
                        entity_id=entity_id,
                        label=label,
                        text=name,
                        method="authority",
                        score=1.0,
                        link_method="authority" if entity_id else None,
                        link_score=1.0 if entity_id else None,
                        **self._place(document, match.start(), match.end()),
                        **(values if label == "DATE" else {}),
                    )
                )
        self["mentions"].extend(sorted(found, key=lambda m: m.start))

    def quote(self, document: Document, kind: QuoteKind, pieces: Sequence[str], cue: str, speaker: str, entity_id: str) -> Quote:
        """Add a quote; cue and speaker are looked for in the sentence that it begins in."""
        segments = [[start := document.text.index(piece), start + len(piece)] for piece in pieces]
        place = self._place(document, segments[0][0], segments[-1][1])
        sentence = next(s for s in self["sentences"] if s.sentence_id == place["sentence_id"])
        cue_start, speaker_start = (document.text.index(words, sentence.start) for words in (cue, speaker))
        quote = row(
            Quote,
            quote_id=f"{document.document_id}-q{segments[0][0]}",
            document_id=document.document_id,
            kind=kind,
            text=" ".join(pieces),
            segments=segments,
            cue=cue,
            cue_start=cue_start,
            cue_end=cue_start + len(cue),
            speaker=speaker,
            speaker_start=speaker_start,
            speaker_end=speaker_start + len(speaker),
            speaker_entity_id=entity_id,
            speaker_basis="name",
            method="reporting verb",
            speaker_score=1.0,
            score=1.0,
            **place,
        )
        self["quotes"].append(quote)
        return quote

    def utterance(self, group_id: str, wordings: Mapping[str, float]) -> None:
        """Group quotes, given by their ids with the similarity of each, as one utterance of the speaker of the first."""
        quotes = [q for q in self["quotes"] if q.quote_id in wordings]
        if not quotes:
            return
        self["quotes"][:] = [replace(q, quote_group_id=group_id) if q in quotes else q for q in self["quotes"]]
        self["quote_groups"].append(
            row(
                QuoteGroup,
                quote_group_id=group_id,
                speaker_entity_id=quotes[0].speaker_entity_id,
                n_quotes=len(quotes),
                n_documents=len({q.document_id for q in quotes}),
                text=max((q.text for q in quotes), key=len),
            )
        )
        self["quote_group_members"].extend(
            row(QuoteGroupMember, quote_group_id=group_id, quote_id=q.quote_id, similarity=wordings[q.quote_id]) for q in quotes
        )

    def entity(self, entity_id: str, name: str, label: Label, **values: Any) -> None:
        """Add an entity, which is counted in the mentions that stand by now."""
        documents = [m.document_id for m in self["mentions"] if m.entity_id == entity_id]
        counts = {"n_mentions": len(documents), "n_documents": len(set(documents))}
        values = {"aliases": [name], "source": "authority"} | counts | values
        self["entities"].append(row(Entity, entity_id=entity_id, name=name, label=label, **values))

    def finish(self, build_id: str, **values: Any) -> None:
        """Count what each document and the build hold."""
        for at, document in enumerate(self["documents"]):
            if document.is_canonical:
                counts = {
                    f"n_{name}": sum(r.document_id == document.document_id for r in self[name])
                    for name in ("sentences", "mentions", "quotes")
                }
                self.change("documents", at, n_tokens=len(document.text.split()), **counts)
        counts = {
            f"n_{name}": len(self[name])
            for name in ("documents", "rejected", "sentences", "mentions", "entities", "quotes", "quote_groups")
        }
        counts["n_articles"] = sum(len(self[name]) for name in ("documents", "rejected", "takedowns"))
        counts["n_canonical"] = sum(d.is_canonical for d in self["documents"])
        known = {"raw_sha256": "0" * 64, "settings": "{}", "packages": "{}"}
        self["build"].append(row(Build, build_id=build_id, **(known | counts | values)))

    def sort(self) -> None:
        """Put the rows of every table in its order, as published."""
        for name, table in KNOWN.items():
            self.tables[name] = sorted(self[name], key=partial(_sorting, table.order))

    def _place(self, document: Document, start: int, end: int) -> dict[str, Any]:
        sentence = next(s for s in self["sentences"] if s.document_id == document.document_id and s.start <= start < s.end)
        shift = None if sentence.raw_start is None else sentence.raw_start - sentence.start
        raw = (None, None) if shift is None else (start + shift, end + shift)
        return {"sentence_id": sentence.sentence_id, "start": start, "end": end, "raw_start": raw[0], "raw_end": raw[1]}


def _sorting(order: Sequence[str], row: Any) -> list[tuple[bool, Any]]:
    return [((value := getattr(row, column)) is not None, value) for column in order]


def write_parquet(folder: Path, tables: Mapping[str, list[Any]], n_parts: int = 1) -> None:
    """Write `folder/data/<table>/part-*.parquet`, each table in its order and cut in `n_parts`; no optional table without rows."""
    for name, table in KNOWN.items():
        if table.is_optional and not tables.get(name):
            continue
        (folder / "data" / name).mkdir(parents=True)
        size = -(-len(tables[name]) // n_parts)
        for part in range(n_parts):
            write_rows(folder / "data" / name / f"part-{part:05}.parquet", table, tables[name][part * size : (part + 1) * size])
