"""A small staged build with a row of every kind, written by hand: two articles that report one utterance, a copy, a page of HTML."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from flows.schema import (
    ARTICLES,
    TABLES,
    Article,
    Block,
    Build,
    Document,
    Duplicate,
    Entity,
    Mention,
    Quality,
    Quote,
    QuoteGroup,
    QuoteGroupMember,
    Rejected,
    Sentence,
    SharedPassage,
    Takedown,
)
from flows.store.parquet import to_arrow, write_rows
from flows.store.sqlite import write_build_database, write_database

FIRST = "Harbour reopens\nBy Ann Ray\n\nThe port of Lund opened on Monday.\u00a0“It is safe,” Mayor Eva Holm said.\n\nFollow us\n"
SECOND = "Lund’s harbour is open\n\nEva Holm said that it was safe “at last” on Monday.\n"
PAGE = "Ferries sail again"


@dataclass
class Staged:
    """Rows by table and the raw texts; `write` makes a staged build of them."""

    rows: dict[str, list[Any]]
    articles: list[Article]
    folder: Path = field(default=Path())
    working: Path = field(default=Path())

    def change(self, table: str, number: int, **values: Any) -> None:
        """Change a row of a table."""
        self.rows[table][number] = replace(self.rows[table][number], **values)

    def write(self, where: Path) -> Staged:
        self.folder, self.working = where / "staged", where / "working.db"
        for table in TABLES.values():
            (self.folder / "data" / table.name).mkdir(parents=True)
            write_rows(self.folder / "data" / table.name / "part-00000.parquet", table, self.rows[table.name])
        write_build_database(self.folder)
        write_database(self.working, {"articles": ARTICLES}, lambda _: to_arrow(ARTICLES, self.articles).to_batches())
        return self


def staged_rows() -> Staged:
    """The build, sound in every row."""
    rows: dict[str, list[Any]] = {name: [] for name in TABLES}
    first = _document(
        rows,
        "aaaaaaaaaaaa",
        FIRST,
        [
            ("title", "Harbour reopens"),
            ("byline", "By Ann Ray"),
            ("body", "The port of Lund opened on Monday.\u00a0“It is safe,” Mayor Eva Holm said."),
            ("boilerplate", "Follow us"),
        ],
    )
    second = _document(
        rows, "bbbbbbbbbbbb", SECOND, [("title", "Lund’s harbour is open"), ("body", "Eva Holm said that it was safe “at last” on Monday.")]
    )
    copy = _document(
        rows,
        "cccccccccccc",
        FIRST,
        [
            ("title", "Harbour reopens"),
            ("byline", "By Ann Ray"),
            ("body", "The port of Lund opened on Monday.\u00a0“It is safe,” Mayor Eva Holm said."),
            ("boilerplate", "Follow us"),
        ],
        annotated=False,
    )
    page = _document(rows, "dddddddddddd", PAGE, [("body", PAGE)], raw=False)
    for document, sentence, label, name, entity in [
        (first, 1, "GPE", "Lund", "lund"),
        (first, 1, "DATE", "Monday", None),
        (first, 2, "PERSON", "Eva Holm", "eva_holm"),
        (second, 0, "GPE", "Lund", "lund"),
        (second, 1, "PERSON", "Eva Holm", "eva_holm"),
        (second, 1, "DATE", "Monday", None),
    ]:
        rows["mentions"].append(_mention(rows, document, sentence, label, name, entity))
    rows["quotes"] = [
        _quote(rows, first, 2, "direct", ["It is safe,"], "said", "Eva Holm"),
        _quote(rows, second, 1, "indirect", ["it was safe", "at last"], "said", "Eva Holm"),
    ]
    rows["quote_groups"] = [
        _row(QuoteGroup, quote_group_id="g1", speaker_entity_id="eva_holm", n_quotes=2, n_documents=2, text="it was safe at last")
    ]
    rows["quote_group_members"] = [
        _row(QuoteGroupMember, quote_group_id="g1", quote_id=quote.quote_id, similarity=s)
        for quote, s in zip(rows["quotes"], (0.6, 1.0), strict=True)
    ]
    rows["entities"] = [
        _entity("eva_holm", "Eva Holm", "PERSON", "Q1", ["Eva Holm"]),
        replace(_entity("lund", "Lund", "GPE", "Q2167", ["Lund"]), latitude=55.7, longitude=13.2),
    ]
    rows["duplicates"] = [
        _row(Duplicate, document_id=copy, canonical_id=first, kind="exact", similarity=1.0, method="the same words"),
    ]
    number = next(i for i, d in enumerate(rows["documents"]) if d.document_id == copy)
    rows["documents"][number] = replace(
        rows["documents"][number], is_canonical=False, canonical_id=first, duplicate_kind="exact", similarity=1.0
    )
    rows["shared_passages"] = [_row(SharedPassage, passage_id="p1", document_id=d, start=17, end=51, n_documents=2) for d in (first, copy)]
    rows["rejected"] = [
        _row(Rejected, source_path="empty.txt", source_record=None, stage="read", reason="empty", detail="The file is empty.")
    ]
    rows["takedowns"] = [_row(Takedown, document_id="eeeeeeeeeeee", removed_on=date(2022, 2, 1), reason="asked for by its author")]
    rows["quality"] = [_row(Quality, layer="sentences", metric="F1", value=0.9, low=0.8, high=1.0, gold="harbour", n=10)]
    for i, document in enumerate(rows["documents"]):
        if document.is_canonical:
            counts = {f"n_{t}": sum(r.document_id == document.document_id for r in rows[t]) for t in ("sentences", "mentions", "quotes")}
            rows["documents"][i] = replace(document, n_tokens=9, **counts)
    rows["build"] = [_build(rows)]
    articles = [_article(document, text) for document, text in zip((first, second, copy, page), (FIRST, SECOND, FIRST, PAGE), strict=True)]
    return Staged(rows, articles)


def _row(row: Any, **values: Any) -> Any:
    """A row with the values given; the other columns are empty, or the least that they may be."""
    (table,) = (t for t in [*TABLES.values(), ARTICLES] if t.row is row)
    empty = {str: "-", int: 0, float: 0.0, bool: False, list[str]: []}
    for column in table:
        if column.name not in values:
            values[column.name] = None if column.nullable else (column.values or [empty[column.type]])[0]
    return row(**values)


def _document(
    rows: dict[str, list[Any]], name: str, source: str, passages: list[tuple[str, str]], *, annotated: bool = True, raw: bool = True
) -> str:
    kept, reached = "", 0
    for position, (role, text) in enumerate(passages):
        raw_start = source.index(text, reached)
        reached = raw_start + len(text)
        text = text.replace("\u00a0", " ")
        start = None
        if role in ("title", "body"):
            kept += "\n\n" if kept else ""
            start = len(kept)
            kept += text
        block = _row(
            Block,
            block_id=f"{name}-b{position}",
            document_id=name,
            position=position,
            role=role,
            raw_start=raw_start if raw else None,
            raw_end=reached if raw else None,
            start=start,
            end=None if start is None else len(kept),
            text=text,
        )
        rows["blocks"].append(block)
        if annotated and start is not None:
            _sentences(rows, block)
    rows["documents"].append(
        _row(
            Document,
            document_id=name,
            source_path=f"{name}.txt",
            source_record="1",
            source_sha256="0" * 64,
            format="txt" if raw else "html",
            outlet="Harbour News",
            published_on=date(2022, 1, 3),
            published_basis="catalogue",
            language="en",
            language_score=1.0,
            text=kept,
            text_sha256=hashlib.sha256(kept.encode()).hexdigest(),
            n_characters=len(kept),
            is_canonical=True,
            canonical_id=name,
        )
    )
    return name


def _sentences(rows: dict[str, list[Any]], block: Block) -> None:
    reached = 0
    for text in block.text.split(". ") if block.role == "body" else [block.text]:
        text += "." if block.text[reached:].startswith(text + ". ") else ""
        start = block.text.index(text, reached)
        reached = start + len(text)
        position = sum(s.document_id == block.document_id for s in rows["sentences"])
        rows["sentences"].append(
            _row(
                Sentence,
                sentence_id=f"{block.document_id}-s{position}",
                document_id=block.document_id,
                block_id=block.block_id,
                position=position,
                **_place(block, (block.start or 0) + start, (block.start or 0) + reached),
                text=text,
                n_tokens=3,
                is_heading=block.role != "body",
            )
        )


def _place(block: Any, start: int, end: int) -> dict[str, Any]:
    shift = None if block.raw_start is None else block.raw_start - block.start
    raw = (None, None) if shift is None else (start + shift, end + shift)
    return {"start": start, "end": end, "raw_start": raw[0], "raw_end": raw[1]}


def _sentence(rows: dict[str, list[Any]], document: str, position: int) -> Sentence:
    return next(s for s in rows["sentences"] if s.document_id == document and s.position == position)


def _mention(rows: dict[str, list[Any]], document: str, position: int, label: Any, name: str, entity: str | None) -> Mention:
    sentence = _sentence(rows, document, position)
    start = sentence.start + sentence.text.index(name)
    return _row(
        Mention,
        mention_id=f"{document}-m{start}",
        document_id=document,
        sentence_id=sentence.sentence_id,
        entity_id=entity,
        label=label,
        **_place(sentence, start, start + len(name)),
        text=name,
        value="2022-01-03" if label == "DATE" else None,
        method="authority",
        score=1.0,
        link_method="authority" if entity else None,
        link_score=1.0 if entity else None,
    )


def _quote(rows: dict[str, list[Any]], document: str, position: int, kind: Any, pieces: list[str], cue: str, speaker: str) -> Quote:
    sentence = _sentence(rows, document, position)

    def find(text: str) -> tuple[int, int]:
        start = sentence.start + sentence.text.index(text)
        return start, start + len(text)

    segments = [list(find(piece)) for piece in pieces]
    return _row(
        Quote,
        quote_id=f"{document}-q{segments[0][0]}",
        document_id=document,
        sentence_id=sentence.sentence_id,
        kind=kind,
        text=" ".join(pieces),
        **_place(sentence, segments[0][0], segments[-1][1]),
        segments=segments,
        cue=cue,
        cue_start=find(cue)[0],
        cue_end=find(cue)[1],
        speaker=speaker,
        speaker_start=find(speaker)[0],
        speaker_end=find(speaker)[1],
        speaker_entity_id="eva_holm",
        speaker_basis="name",
        quote_group_id="g1",
        score=1.0,
    )


def _entity(name: str, full: str, label: Any, wikidata: str, aliases: list[str]) -> Entity:
    return _row(
        Entity,
        entity_id=name,
        name=full,
        label=label,
        wikidata_id=wikidata,
        aliases=aliases,
        n_mentions=2,
        n_documents=2,
        source="authority",
    )


def _article(document: Document | str, text: str) -> Article:
    return _row(
        Article,
        document_id=str(document),
        source_path=f"{document}.txt",
        source_record="1",
        source_sha256="0" * 64,
        format="txt",
        language="en",
        language_score=1.0,
        text=text,
        has_raw_offsets=text != PAGE,
    )


def _build(rows: dict[str, list[Any]]) -> Build:
    return _row(
        Build,
        build_id="b1",
        raw_sha256="0" * 64,
        settings="{}",
        packages="{}",
        n_articles=6,
        n_documents=len(rows["documents"]),
        n_canonical=sum(d.is_canonical for d in rows["documents"]),
        n_rejected=len(rows["rejected"]),
        n_sentences=len(rows["sentences"]),
        n_mentions=len(rows["mentions"]),
        n_entities=len(rows["entities"]),
        n_quotes=len(rows["quotes"]),
        n_quote_groups=len(rows["quote_groups"]),
    )
