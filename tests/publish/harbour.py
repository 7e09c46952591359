"""A small build made of hand-written rows, whole and valid, for the tests of what leaves the house."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flows.publish.package import write_package
from flows.schema import (
    TABLES,
    Block,
    Build,
    Document,
    Entity,
    Mention,
    Quality,
    Quote,
    QuoteGroup,
    QuoteGroupMember,
    Rejected,
    Sentence,
)
from flows.settings import Corpus
from flows.stages import identity
from flows.store.parquet import write_rows
from flows.store.sqlite import write_build_database

CORPUS = Corpus(
    name="harbour",
    title="News of a harbour",
    description='Two papers on one strike: "calm", and the lack of it.',
    homepage="https://example.org/harbour",
    contact="data@example.org",
    authors=["The Harbour Project"],
)

ARTICLES = {
    "a.txt": "Port closes\n\nMayor Anna Reed closed the port on Monday. “We had no choice,” Reed said.\n\nSubscribe now!",
    "b.txt": "Dockers walk out\n\nThe union is angry. “We had no choice”, said Anna Reed, Ångström’s mayor.\n\nSubscribe now!",
    "c.txt": "Quiet night\n\nNobody spoke, in Port Ångström or elsewhere.",
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def document_id(path: str) -> str:
    return identity.document_id(f"{path}#1")


def rows_of(articles: Mapping[str, str]) -> dict[str, list[Any]]:
    """Rows for every table: blocks are paragraphs, a sentence ends at a full stop or mark before a space."""
    rows: dict[str, list[Any]] = {name: [] for name in TABLES}
    for path, raw in sorted(articles.items()):
        rows_of_article(rows, path, raw)
    said = [q for q in rows["quotes"] if q.quote_group_id]
    if said:
        fullest = said[0].quote_group_id
        rows["quote_groups"] = [
            QuoteGroup(
                quote_group_id=fullest,
                speaker_entity_id="reed",
                n_quotes=len(said),
                n_documents=len(said),
                text=max((q.text for q in said), key=len),
            )
        ]
        rows["quote_group_members"] = [QuoteGroupMember(quote_group_id=fullest, quote_id=q.quote_id, similarity=1.0) for q in said]
    mentions = rows["mentions"]
    if mentions:
        rows["entities"] = [
            Entity(
                entity_id="reed",
                name="Anna Reed",
                label="PERSON",
                wikidata_id="Q42",
                description="mayor, of “Ångström”",
                aliases=["Anna Reed", "Reed"],
                n_mentions=len(mentions),
                n_documents=len({m.document_id for m in mentions}),
                latitude=None,
                longitude=None,
                source="authority",
            )
        ]
    rows["rejected"] = [
        Rejected(source_path="empty.txt", source_record=None, stage="read", reason="empty", detail="The file is empty, 0 bytes")
    ]
    rows["quality"] = [Quality(layer="quotes", metric="F1", value=0.9, low=0.8, high=0.95, gold="gold", n=20)]
    settings = json.dumps({"model": None})
    build_id = sha256(json.dumps(sorted(articles.items())))[:12]
    rows["build"] = [
        Build(
            build_id=build_id,
            title=CORPUS.title,
            raw_sha256=sha256(build_id),
            code_version="0.1.0",
            settings=settings,
            model="none",
            packages="{}",
            n_articles=len(articles) + 1,
            n_documents=len(articles),
            n_canonical=len(articles),
            n_rejected=1,
            n_sentences=len(rows["sentences"]),
            n_mentions=len(mentions),
            n_entities=len(rows["entities"]),
            n_quotes=len(rows["quotes"]),
            n_quote_groups=len(rows["quote_groups"]),
        )
    ]
    for name, table in TABLES.items():
        rows[name].sort(
            key=lambda row, table=table: [
                str(getattr(row, c)).zfill(9) if isinstance(getattr(row, c), int) else str(getattr(row, c)) for c in table.order
            ]
        )
    return rows


def rows_of_article(rows: dict[str, list[Any]], path: str, raw: str) -> None:
    doc, start, raw_start, n_sentences = document_id(path), 0, 0, 0
    blocks: list[Block] = []
    for position, passage in enumerate(raw.split("\n\n")):
        role = "title" if position == 0 else "boilerplate" if passage.startswith("Subscribe") else "body"
        kept = role != "boilerplate"
        blocks.append(
            Block(
                block_id=f"{doc}-b{position}",
                document_id=doc,
                position=position,
                role=role,
                rule="test",
                raw_start=raw_start,
                raw_end=raw_start + len(passage),
                start=start if kept else None,
                end=start + len(passage) if kept else None,
                text=passage,
            )
        )
        raw_start += len(passage) + 2
        start += len(passage) + 2 if kept else 0
    text = "\n\n".join(b.text for b in blocks if b.start is not None)
    rows["blocks"] += blocks
    for block in blocks:
        if block.start is None:
            continue
        shift = block.raw_start - block.start
        for found in re.finditer(r"\S.*?(?:[.](?= |$)|$)", block.text):
            at, end = block.start + found.start(), block.start + found.end()
            sentence_id = f"{doc}-s{n_sentences}"
            rows["sentences"].append(
                Sentence(
                    sentence_id=sentence_id,
                    document_id=doc,
                    block_id=block.block_id,
                    position=n_sentences,
                    start=at,
                    end=end,
                    raw_start=at + shift,
                    raw_end=end + shift,
                    text=text[at:end],
                    n_tokens=len(text[at:end].split()),
                    is_heading=block.role == "title",
                )
            )
            n_sentences += 1
            annotate_sentence(rows, doc, text, sentence_id, at, end, shift)
    counts = {t: sum(r.document_id == doc for r in rows[t]) for t in ("sentences", "mentions", "quotes")}
    rows["documents"].append(
        Document(
            document_id=doc,
            source_path=path,
            source_record="1",
            source_sha256=sha256(raw),
            format="txt",
            url=None,
            outlet="The Post" if path == "a.txt" else None,
            title=blocks[0].text,
            byline=None,
            author=None,
            credit=None,
            published_on=date(2022, 1, 5) if path == "a.txt" else None,
            language="en",
            language_score=0.99,
            licence=None,
            text=text,
            text_sha256=sha256(text),
            n_characters=len(text),
            n_tokens=len(text.split()),
            n_sentences=counts["sentences"],
            n_mentions=counts["mentions"],
            n_quotes=counts["quotes"],
            is_canonical=True,
            canonical_id=doc,
            duplicate_kind=None,
            similarity=None,
        )
    )


def annotate_sentence(rows: dict[str, list[Any]], doc: str, text: str, sentence_id: str, at: int, end: int, shift: int) -> None:
    for found in re.finditer("(?:Anna )?Reed", text[at:end]):
        start, stop = at + found.start(), at + found.end()
        rows["mentions"].append(
            Mention(
                mention_id=f"{doc}-m{start}",
                document_id=doc,
                sentence_id=sentence_id,
                entity_id="reed",
                label="PERSON",
                start=start,
                end=stop,
                raw_start=start + shift,
                raw_end=stop + shift,
                text=text[start:stop],
                value=None,
                method="authority",
                score=1.0,
            )
        )
    if found := re.search("“(.*?),?”", text[at:end]):
        start, stop = at + found.start(1), at + found.end(1)
        cue, speaker = at + text[at:end].index("said"), at + re.search("(?:Anna )?Reed", text[at:end]).start()
        name = re.match("(?:Anna )?Reed", text[speaker:]).group()
        rows["quotes"].append(
            Quote(
                quote_id=f"{doc}-q{start}",
                document_id=doc,
                sentence_id=sentence_id,
                kind="direct",
                text=text[start:stop],
                start=start,
                end=stop,
                raw_start=start + shift,
                raw_end=stop + shift,
                segments=[[start, stop]],
                cue="said",
                cue_start=cue,
                cue_end=cue + 4,
                speaker=name,
                speaker_start=speaker,
                speaker_end=speaker + len(name),
                speaker_entity_id="reed",
                speaker_basis="name",
                parent_quote_id=None,
                quote_group_id="g1",
                method="test",
                score=1.0,
            )
        )


def write_build(folder: Path, articles: Mapping[str, str] = ARTICLES, corpus: Corpus = CORPUS, **changed: list[Any]) -> Path:
    """Write a whole build; `changed` replaces tables by other rows."""
    folder.mkdir(parents=True, exist_ok=True)
    stage_build(folder, rows_of(articles) | changed)
    write_package(folder, corpus)
    (folder / "run.json").write_text('{"finished": "2026-11-22T06:00:00+00:00"}')
    return folder


def stage_build(folder: Path, rows: Mapping[str, list[Any]], n_parts: int = 1) -> None:
    """Write the rows as a staged build, each table in `n_parts` files."""
    for name, table in TABLES.items():
        (folder / "data" / name).mkdir(parents=True)
        size = -(-len(rows[name]) // n_parts)
        for part in range(n_parts):
            write_rows(folder / "data" / name / f"part-{part:05}.parquet", table, rows[name][part * size : (part + 1) * size])
    write_build_database(folder)
    (folder / "validation").mkdir()
    (folder / "validation" / "index.html").write_text("<p>All expectations are met.</p>")
