"""A small build written by hand: five articles of an invented strike, one of them a duplicate, one hostile."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from flows.schema import (
    HISTORY,
    TABLES,
    Block,
    Build,
    BuildRun,
    Document,
    DocumentChange,
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
)
from flows.store.parquet import to_arrow, write_rows
from flows.store.sqlite import write_database

ENTITIES = {
    "Ana Duarte": ("ana-duarte", "PERSON", "leader of the dockers' union", "Q101", ["Ana Duarte", "Duarte", "Anna Duarte"]),
    "Piet Vos": ("piet-vos", "PERSON", "minister of transport", None, ["Piet Vos", "Vos"]),
    "Marenga": ("marenga", "GPE", "port city", "Q102", ["Marenga"]),
    "Dockers' Union": ("dockers-union", "ORG", "trade union", None, ["Dockers' Union"]),
    "<script>alert(1)</script> Ltd": ("hostile", "ORG", "<img src=x onerror=alert(2)>", None, ["<script>alert(1)</script> Ltd"]),
}
PLACES = {"marenga": (-8.84, 13.23)}
HOSTILE_TITLE = "<script>document.title='owned'</script> \u202etfel ot thgir\u202d & \"quotes\""

PORT_CALL = [
    ("boilerplate", "Subscribe to the Marenga Courier and never miss a story!"),
    ("title", "Dockers walk out at Marenga port"),
    ("byline", "By Rosa Lund"),
    ("body", "Hundreds of dockers walked out in Marenga on 3 March 2021. Ana Duarte said the men “will not go back before they are paid”."),
    ("heading", "The minister answers"),
    ("body", "“We are ready to talk,” Piet Vos told reporters, “but not under threat.” The Dockers' Union refused. Vos flew home."),
    ("credit", "Photograph: Harbour Press"),
]
EVENING = [
    ("title", "Strike spreads along the coast"),
    (
        "body",
        "Anna Duarte said that they “will not go back until they have been paid”. The walk-out in Marenga began there. Vos flew home.",
    ),
    ("body", "Piet Vos said the government was ready to talk. Nobody came."),
]
HOSTILE = [
    ("title", HOSTILE_TITLE),
    ("body", "<b>Bold</b> claims by <script>alert(1)</script> Ltd & others. Ana Duarte said “</span><script>alert(3)</script> never”."),
    ("boilerplate", "<iframe src='https://elsewhere.invalid/'></iframe>"),
]
QUOTES = {
    "port": [
        ("mixed", ["will not go back before they are paid"], "said", "Ana Duarte"),
        ("direct", ["We are ready to talk,", "but not under threat."], "told", "Piet Vos"),
    ],
    "evening": [
        ("mixed", ["will not go back until they have been paid"], "said", "Anna Duarte"),
        ("indirect", ["the government was ready to talk"], "said", "Piet Vos"),
    ],
    "hostile": [("mixed", ["</span><script>alert(3)</script> never"], "said", "Ana Duarte")],
}


@dataclass
class Rows:
    """The rows of a build, by table."""

    tables: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, table: str, row: Any) -> None:
        self.tables[table].append(row)


def write_small_build(out: Path, build_id: str = "2021-03-05-aaaa1111", title: str = "Strikes of Marenga", latest: bool = True) -> Path:
    """Write `out/builds/<build_id>`, point `out/latest` at it and add it to `out/history.db`; returns the folder."""
    folder = out / "builds" / build_id
    (folder / "data").mkdir(parents=True)
    rows = small_rows(build_id, title)
    for table in TABLES.values():
        (folder / "data" / table.name).mkdir()
        write_rows(folder / "data" / table.name / "part-00000.parquet", table, rows.tables[table.name])
    write_database(folder / "qantar.db", TABLES, lambda table: to_arrow(table, rows.tables[table.name]).to_batches())
    (folder / "README.md").write_text(f"# {title}\n", "utf-8")
    (folder / "datapackage.json").write_text(json.dumps({"name": "strikes", "description": "News of an invented strike."}), "utf-8")
    (folder / "run.json").write_text(json.dumps({"seconds": 1}), "utf-8")
    listed = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "run.json")
    sums = "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in listed)
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    add_to_history(out / "history.db", build_id, [d.document_id for d in rows.tables["documents"]])
    if latest:
        point_latest_at(out, folder)
    return folder


def point_latest_at(out: Path, folder: Path) -> None:
    """Switch `out/latest`, in one step."""
    waiting = out / ".latest"
    waiting.symlink_to(folder.relative_to(out))
    waiting.replace(out / "latest")


def add_to_history(path: Path, build_id: str, document_ids: list[str]) -> None:
    """Add a published run and its changes to `history.db`."""
    n = 0
    if path.exists():
        with closing(sqlite3.connect(path)) as connection:
            (n,) = connection.execute("SELECT count(*) FROM builds").fetchone()
    started = f"2021-03-{5 + n % 20:02}T06:00:00Z"
    run = BuildRun(
        run_id=f"run{n:03}",
        build_id=build_id,
        started=started,
        finished=started.replace("06:00", "06:01"),
        seconds='{"read":0.1,"annotate":2.5}',
        outcome="published",
        message="5 articles, 4 documents",
    )
    changes = [DocumentChange(build_id=build_id, document_id=d, change="added") for d in document_ids]
    if not path.exists():
        write_database(path, HISTORY, lambda table: to_arrow(table, {"builds": [run], "changes": changes}[table.name]).to_batches())
        return
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, added in (("builds", [run]), ("changes", changes)):
            columns = [c.name for c in HISTORY[table]]
            places = ",".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", [[getattr(r, c) for c in columns] for r in added])


def small_rows(build_id: str, title: str) -> Rows:
    """The rows of the small build."""
    rows = Rows()
    port = _document(rows, "port", PORT_CALL, outlet="Marenga Courier", author="Rosa Lund", published_on=date(2021, 3, 4))
    evening = _document(rows, "evening", EVENING, outlet="Evening Post", published_on=date(2021, 3, 5))
    hostile = _document(rows, "hostile", HOSTILE, outlet="<i>Tabloid</i>")
    _document(rows, "copy", PORT_CALL[:4], outlet="Wire Copy", published_on=date(2021, 3, 4), of=port)
    for document, name in ((port, "port"), (evening, "evening"), (hostile, "hostile")):
        _annotate(rows, document, QUOTES[name])
    _group(rows, [q for q in rows.tables["quotes"] if "will not go back" in q.text])
    passage = "Vos flew home."
    for document in (port, evening):
        start = document.text.index(passage)
        rows.add(
            "shared_passages",
            SharedPassage(passage_id="p1", document_id=document.document_id, start=start, end=start + len(passage), n_documents=2),
        )
    _count_entities(rows)
    rows.add(
        "rejected",
        Rejected(
            source_path="broken.txt",
            source_record=None,
            stage="read",
            reason="not_text",
            detail="looks like a picture; remove it from raw/",
        ),
    )
    for layer, metric, value in (
        ("mentions", "f1", 0.912),
        ("quotes", "f1", 0.853),
        ("sentences", "f1", 0.981),
        ("speakers", "accuracy", 0.88),
    ):
        rows.add("quality", Quality(layer=layer, metric=metric, value=value, low=value - 0.03, high=value + 0.02, gold="gold", n=120))
    count = {name: len(found) for name, found in rows.tables.items()}
    rows.add(
        "build",
        Build(
            build_id=build_id,
            title=title,
            raw_sha256="0" * 64,
            code_version="0.1.0+abc",
            settings="{}",
            model="none",
            packages="{}",
            n_articles=count["documents"] + 1,
            n_documents=count["documents"],
            n_canonical=count["documents"] - 1,
            n_rejected=1,
            n_sentences=count["sentences"],
            n_mentions=count["mentions"],
            n_entities=count["entities"],
            n_quotes=count["quotes"],
            n_quote_groups=count["quote_groups"],
        ),
    )
    for name, table in TABLES.items():
        rows.tables[name].sort(key=lambda row, order=table.order: [str(getattr(row, c)).zfill(9) for c in order])
    return rows


def _document(rows: Rows, name: str, parts: list[tuple[str, str]], of: Document | None = None, **known: Any) -> Document:
    document_id = hashlib.sha256(name.encode()).hexdigest()[:12]
    text, raw_at, blocks = "", 0, []
    for position, (role, passage) in enumerate(parts):
        kept = role in ("title", "heading", "body")
        if kept and text:
            text += "\n\n"
        start = len(text) if kept else None
        text += passage if kept else ""
        blocks.append(
            Block(
                block_id=f"{document_id}-b{position}",
                document_id=document_id,
                position=position,
                role=role,
                rule="by hand",
                raw_start=raw_at,
                raw_end=raw_at + len(passage),
                start=start,
                end=len(text) if kept else None,
                text=passage,
            )
        )
        raw_at += len(passage) + 1
    document = Document(
        document_id=document_id,
        source_path=f"{name}.txt",
        source_record="1",
        source_sha256=hashlib.sha256(name.encode()).hexdigest(),
        format="txt",
        url=f"https://news.invalid/{name}",
        outlet=known.get("outlet"),
        title=dict(parts)["title"],
        byline=dict(parts).get("byline"),
        author=known.get("author"),
        credit=dict(parts).get("credit"),
        published_on=known.get("published_on"),
        language="en",
        language_score=0.99,
        licence="The publisher's",
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        n_characters=len(text),
        n_tokens=None if of else len(text.split()),
        n_sentences=None,
        n_mentions=None,
        n_quotes=None,
        is_canonical=of is None,
        canonical_id=of.document_id if of else document_id,
        duplicate_kind="contained" if of else None,
        similarity=0.97 if of else None,
    )
    rows.add("documents", document)
    rows.tables["blocks"].extend(blocks)
    if of:
        rows.add(
            "duplicates",
            Duplicate(document_id=document_id, canonical_id=of.document_id, kind="contained", similarity=0.97, method="shingles"),
        )
    return document


def _annotate(rows: Rows, document: Document, quotes: list[tuple[str, list[str], str, str]]) -> None:
    n, sentences = 0, []
    for block in rows.tables["blocks"]:
        if block.document_id != document.document_id or block.start is None:
            continue
        for found in re.finditer(r".+?(?:[.!?][”]?(?= [A-Z“])|$)", block.text):
            passage = found[0].lstrip()
            start = block.start + found.end() - len(passage)
            sentences.append(
                Sentence(
                    sentence_id=f"{document.document_id}-s{n}",
                    document_id=document.document_id,
                    block_id=block.block_id,
                    position=n,
                    start=start,
                    end=start + len(passage),
                    raw_start=None,
                    raw_end=None,
                    text=passage,
                    n_tokens=len(passage.split()),
                    is_heading=block.role != "body",
                )
            )
            n += 1

    def sentence_at(at: int) -> str:
        return next(s.sentence_id for s in sentences if s.start <= at < s.end)

    mentions = []
    names = [(alias, known) for known in ENTITIES.values() for alias in known[4]]
    for alias, known in [*sorted(names, key=lambda pair: -len(pair[0])), ("3 March 2021", (None, "DATE"))]:
        for found in re.finditer(re.escape(alias), document.text):
            if any(m.start < found.end() and found.start() < m.end for m in mentions):
                continue
            mentions.append(
                Mention(
                    mention_id=f"{document.document_id}-m{found.start()}",
                    document_id=document.document_id,
                    sentence_id=sentence_at(found.start()),
                    entity_id=known[0],
                    label=known[1],
                    start=found.start(),
                    end=found.end(),
                    raw_start=None,
                    raw_end=None,
                    text=alias,
                    value="2021-03-03" if known[0] is None else None,
                    method="authority",
                    score=1.0,
                )
            )
    for kind, segments, cue, speaker in quotes:
        spans = [[document.text.index(s), document.text.index(s) + len(s)] for s in segments]
        near = max(0, spans[0][0] - 60)
        speaker_start, cue_start = document.text.index(speaker, near), document.text.index(cue, near)
        rows.add(
            "quotes",
            Quote(
                quote_id=f"{document.document_id}-q{spans[0][0]}",
                document_id=document.document_id,
                sentence_id=sentence_at(spans[0][0]),
                kind=kind,
                text=" ".join(segments),
                start=spans[0][0],
                end=spans[-1][1],
                raw_start=None,
                raw_end=None,
                segments=spans,
                cue=cue,
                cue_start=cue_start,
                cue_end=cue_start + len(cue),
                speaker=speaker,
                speaker_start=speaker_start,
                speaker_end=speaker_start + len(speaker),
                speaker_entity_id=next(k[0] for k in ENTITIES.values() if speaker in k[4]),
                speaker_basis="name",
                parent_quote_id=None,
                quote_group_id=None,
                method="reporting verb",
                score=0.9,
            ),
        )
    rows.tables["sentences"].extend(sentences)
    rows.tables["mentions"].extend(mentions)
    at = rows.tables["documents"].index(document)
    rows.tables["documents"][at] = replace(document, n_sentences=len(sentences), n_mentions=len(mentions), n_quotes=len(quotes))


def _group(rows: Rows, quotes: list[Quote]) -> None:
    fullest = max(quotes, key=lambda q: len(q.text))
    rows.add(
        "quote_groups",
        QuoteGroup(quote_group_id="g1", speaker_entity_id="ana-duarte", n_quotes=len(quotes), n_documents=len(quotes), text=fullest.text),
    )
    for quote in quotes:
        rows.tables["quotes"][rows.tables["quotes"].index(quote)] = replace(quote, quote_group_id="g1")
        rows.add(
            "quote_group_members",
            QuoteGroupMember(quote_group_id="g1", quote_id=quote.quote_id, similarity=1.0 if quote is fullest else 0.81),
        )


def _count_entities(rows: Rows) -> None:
    for name, (entity_id, label, description, wikidata_id, aliases) in ENTITIES.items():
        named = [m for m in rows.tables["mentions"] if m.entity_id == entity_id]
        latitude, longitude = PLACES.get(entity_id, (None, None))
        rows.add(
            "entities",
            Entity(
                entity_id=entity_id,
                name=name,
                label=label,
                wikidata_id=wikidata_id,
                description=description,
                aliases=aliases,
                n_mentions=len(named),
                n_documents=len({m.document_id for m in named}),
                latitude=latitude,
                longitude=longitude,
                source="authority",
            ),
        )
