"""A small build written by hand: five articles of an invented strike, one of them a duplicate, one hostile."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from qantar.schema import (
    HISTORY,
    TABLES,
    BuildRun,
    Collection,
    Correction,
    DocumentChange,
    Label,
    Quality,
    QuoteKind,
    Rejected,
    SharedPassage,
)
from qantar.store.parquet import to_arrow
from qantar.store.sqlite import write_database
from tests.handmade import Handmade, Passage, row, sha256, write_parquet

ENTITIES: dict[str, tuple[str, Label, list[str], dict[str, Any]]] = {
    "Ana Duarte": (
        "ana-duarte",
        "PERSON",
        ["Ana Duarte", "Duarte", "Anna Duarte"],
        {"description": "leader of the dockers' union", "wikidata_id": "Q101"},
    ),
    "Piet Vos": ("piet-vos", "PERSON", ["Piet Vos", "Vos"], {"description": "minister of transport"}),
    "Marenga": ("marenga", "GPE", ["Marenga"], {"description": "port city", "wikidata_id": "Q102", "latitude": -8.84, "longitude": 13.23}),
    "Dockers' Union": ("dockers-union", "ORG", ["Dockers' Union"], {"description": "trade union"}),
    "<script>alert(1)</script> Ltd": (
        "hostile",
        "ORG",
        ["<script>alert(1)</script> Ltd"],
        {"description": "<img src=x onerror=alert(2)>"},
    ),
}
NAMES: dict[str, tuple[str | None, Label]] = {alias: (e[0], e[1]) for e in ENTITIES.values() for alias in e[2]} | {
    "3 March 2021": (None, "DATE")
}
HOSTILE_TITLE = "<script>document.title='owned'</script> \u202etfel ot thgir\u202d & \"quotes\""

PORT_CALL: list[Passage] = [
    ("boilerplate", "Subscribe to the Marenga Courier and never miss a story!"),
    ("title", "Dockers walk out at Marenga port"),
    ("byline", "By Rosa Lund"),
    ("body", "Hundreds of dockers walked out in Marenga on 3 March 2021. Ana Duarte said the men “will not go back before they are paid”."),
    ("heading", "The minister answers"),
    ("body", "“We are ready to talk,” Piet Vos told reporters, “but not under threat.” The Dockers' Union refused. Vos flew home."),
    ("credit", "Photograph: Harbour Press"),
]
EVENING: list[Passage] = [
    ("title", "Strike spreads along the coast"),
    (
        "body",
        "Anna Duarte said that they “will not go back until they have been paid”. The walk-out in Marenga began there. Vos flew home.",
    ),
    ("body", "Piet Vos said the government was ready to talk. Nobody came."),
]
HOSTILE: list[Passage] = [
    ("title", HOSTILE_TITLE),
    ("body", "<b>Bold</b> claims by <script>alert(1)</script> Ltd & others. Ana Duarte said “</span><script>alert(3)</script> never”."),
    ("boilerplate", "<iframe src='https://elsewhere.invalid/'></iframe>"),
]
QUOTES: dict[str, list[tuple[QuoteKind, list[str], str, str]]] = {
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


def write_small_build(
    out: Path,
    build_id: str = "2021-03-05-aaaa1111",
    title: str = "Strikes of Marenga",
    latest: bool = True,
    more: Callable[[Handmade], None] | None = None,
) -> Path:
    """Write `out/builds/<build_id>`, point `out/latest` at it and add it to `out/history.db`; returns the folder.

    `more` adds rows to those of the small build.
    """
    folder = out / "builds" / build_id
    rows = small_rows(build_id, title)
    if more:
        more(rows)
        rows.sort()
    write_parquet(folder, rows.tables)
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
    rows: dict[str, list[Any]] = {"builds": [run], "changes": changes, "collections": collections(started)}
    if not path.exists():
        write_database(path, HISTORY, lambda table: to_arrow(table, rows[table.name]).to_batches())
        return
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, added in (("builds", [run]), ("changes", changes)):
            columns = [c.name for c in HISTORY[table]]
            places = ",".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", [[getattr(r, c) for c in columns] for r in added])


def collections(started: str) -> list[Collection]:
    """What was collected: one source that is well, and one that has fallen silent."""
    well = row(Collection, started=started, source="Marenga Courier", outlet="Marenga Courier", finished=started, n_listed=30, n_new=12)
    silent = row(Collection, started=started, source="Evening Post", outlet="Evening Post", finished=started, n_failed=1)
    return [well, replace(silent, is_silent=True, last_new="2021-02-01T06:00:00Z", message="its feed cannot be reached <b>")]


def small_rows(build_id: str, title: str) -> Handmade:
    """The rows of the small build."""
    rows = Handmade()

    def article(name: str, passages: list[Passage], **known: Any) -> Any:
        raw = "\n".join(passage[1] for passage in passages)
        known = {"source_path": f"{name}.txt", "source_sha256": sha256(name), "url": f"https://news.invalid/{name}"} | known
        return rows.document(sha256(name)[:12], passages, raw, licence="The publisher's", **known)

    port = article("port", PORT_CALL, outlet="Marenga Courier", author="Rosa Lund", published_on=date(2021, 3, 4))
    evening = article("evening", EVENING, outlet="Evening Post", published_on=date(2021, 3, 5))
    hostile = article("hostile", HOSTILE, outlet="<i>Tabloid</i>")
    copy = article("copy", PORT_CALL[:4], outlet="Wire Copy", published_on=date(2021, 3, 4), annotated=False)
    rows.copy(copy, port, kind="contained", similarity=0.97, method="shingles", margin=-0.1)
    for document, name in ((port, "port"), (evening, "evening"), (hostile, "hostile")):
        rows.names(document, NAMES, value="2021-03-03")
        for kind, pieces, cue, speaker in QUOTES[name]:
            rows.quote(document, kind, pieces, cue, speaker, str(NAMES[speaker][0]))
    wordings = [q for q in rows["quotes"] if "will not go back" in q.text]
    fullest = max(wordings, key=lambda q: len(q.text))
    rows.utterance("g1", {q.quote_id: 1.0 if q is fullest else 0.81 for q in wordings})
    passage = "Vos flew home."
    for document in (port, evening):
        start = document.text.index(passage)
        place = {"document_id": document.document_id, "start": start, "end": start + len(passage)}
        rows["shared_passages"].append(row(SharedPassage, passage_id="p1", n_documents=2, **place))
    for name, (entity_id, label, aliases, known) in ENTITIES.items():
        rows.entity(entity_id, name, label, aliases=aliases, **known)
    picture = "looks like a picture; remove it from raw/"
    rows["rejected"].append(
        row(Rejected, source_path="broken.zip", source_record="a/2.txt", stage="read", reason="not_text", detail=picture)
    )
    figures = (("mentions", "f1", 0.912), ("quotes", "f1", 0.853), ("sentences", "f1", 0.981), ("speakers", "accuracy", 0.88))
    for layer, metric, value in figures:
        figure = {"value": value, "low": value - 0.03, "high": value + 0.02}
        rows["quality"].append(row(Quality, layer=layer, metric=metric, gold="gold", n=120, **figure))
    corrected = {"table": "quotes", "field": "kind", "value": "mixed", "text": wordings[0].text, "text_sha256": "0" * 64}
    rows["corrections"].append(
        row(
            Correction,
            correction_id="c1",
            line=2,
            status="applied",
            document_id=wordings[0].document_id,
            row_id=wordings[0].quote_id,
            reason="heard it",
            detail="",
            **corrected,
        )
    )
    rows.finish(build_id, title=title, code_version="0.1.0+abc", model="none")
    rows.sort()
    return rows
