"""A small build made of hand-written rows, whole and valid, for the tests of what leaves the house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from qantar.publish.datasette_metadata import corpus_metadata
from qantar.publish.package import write_package
from qantar.schema import Label, Quality, Rejected
from qantar.settings import Corpus
from qantar.store.sqlite import write_build_database
from qantar.text import identity
from tests.handmade import Handmade, Passage, row, sha256, write_parquet

NAMES: dict[str, tuple[str | None, Label]] = {"Anna Reed": ("reed", "PERSON"), "Reed": ("reed", "PERSON")}
CORPUS = Corpus(
    annotations_licence="CC-BY-4.0",
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


def document_id(path: str) -> str:
    return identity.document_id(f"{path}#1")


def rows_of(articles: Mapping[str, str]) -> dict[str, list[Any]]:
    """Rows for every table: blocks are paragraphs, the first a title; what stands between quotation marks is Anna Reed's."""
    rows = Handmade()
    for path, raw in sorted(articles.items()):
        passages: list[Passage] = [
            ("title" if n == 0 else "boilerplate" if words.startswith("Subscribe") else "body", words)
            for n, words in enumerate(raw.split("\n\n"))
        ]
        known: dict[str, Any] = {"outlet": "The Post", "published_on": date(2022, 1, 5)} if path == "a.txt" else {}
        document = rows.document(document_id(path), passages, raw, source_path=path, source_sha256=sha256(raw), **known)
        rows.names(document, NAMES)
        for said in re.finditer("“(.*?),?”", document.text):
            speaker = re.search("(?:Anna )?Reed", document.text[said.end() :])
            rows.quote(document, "direct", [said[1]], "said", speaker[0] if speaker else "-", "reed")
    rows.utterance("g1", {quote.quote_id: 1.0 for quote in rows["quotes"]})
    if rows["mentions"]:
        known = {"description": "mayor, of “Ångström”", "wikidata_id": "Q42"}
        rows.entity("reed", "Anna Reed", "PERSON", aliases=["Anna Reed", "Reed"], **known)
    rows["rejected"].append(row(Rejected, source_path="empty.txt", stage="read", reason="empty", detail="The file is empty, 0 bytes"))
    rows["quality"].append(row(Quality, layer="quotes", metric="F1", value=0.9, low=0.8, high=0.95, gold="gold", n=20))
    build_id = sha256(repr(sorted(articles.items())))[:12]
    rows.finish(build_id, title=CORPUS.title, raw_sha256=sha256(build_id), code_version="0.1.0", settings='{"model": null}', model="none")
    rows.sort()
    return rows.tables


def write_build(folder: Path, articles: Mapping[str, str] = ARTICLES, corpus: Corpus = CORPUS, **changed: list[Any]) -> Path:
    """Write a whole build; `changed` replaces tables by other rows."""
    folder.mkdir(parents=True, exist_ok=True)
    stage_build(folder, rows_of(articles) | changed)
    (folder / "metadata.json").write_text(corpus_metadata(corpus), "utf-8")
    write_package(folder, corpus)
    (folder / "run.json").write_text('{"finished": "2026-11-22T06:00:00+00:00"}')
    return folder


def stage_build(folder: Path, rows: Mapping[str, list[Any]], n_parts: int = 1) -> None:
    """Write the rows as a staged build, each table in `n_parts` files."""
    write_parquet(folder, rows, n_parts)
    write_build_database(folder)
    (folder / "validation").mkdir()
    (folder / "validation" / "index.html").write_text("<p>All expectations are met.</p>")
