"""A gold for `qantar evaluate`: articles that were corrected and marked as complete, in the form of tests/gold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from qantar.exchange.build_documents import BuildDocument, open_database
from qantar.exchange.formats import About
from qantar.quality.corrected_articles import annotation_of, marked_complete
from qantar.settings import QantarError


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write an annotation for each article, and the text that its places index."""
    (destination / "raw").mkdir()
    for n, document in enumerate(documents):
        found = {
            name: [asdict(row) for row in rows]
            for name, rows in (
                ("blocks", document.blocks),
                ("sentences", document.sentences),
                ("mentions", document.mentions),
                ("quotes", document.quotes),
            )
        }
        annotation, raw = annotation_of(asdict(document.document), found)
        (destination / f"{n:03}_{document.document_id}.json").write_text(json.dumps(annotation, indent=1, ensure_ascii=False), "utf-8")
        (destination / "raw" / annotation["source_file"]).write_bytes(raw.encode())


def complete_documents(build: Path, wanted: Sequence[str], say: Callable[[str], None]) -> list[str]:
    """The ids of the articles of a build that are marked as complete, or those wanted of them.

    Raises QantarError where none is, or one that is wanted is not.
    """
    with closing(open_database(build)) as connection:
        annotated = {row[0] for row in connection.execute("SELECT document_id FROM documents WHERE n_sentences IS NOT NULL")}
        marked = dict(marked_complete([dict(row) for row in connection.execute("SELECT * FROM corrections")]))
    for document_id, trouble in marked.items():
        if trouble:
            say(f"{document_id} is marked as complete and left out: {trouble}")
    whole = [document_id for document_id, trouble in marked.items() if trouble is None and document_id in annotated]
    if missing := [document_id for document_id in wanted if document_id not in whole]:
        raise QantarError(f"{missing[0]} is not marked as complete: qantar correct documents complete --document {missing[0]}")
    if not whole:
        raise QantarError(f"{build}: no article is marked as complete; mark one: qantar correct documents complete --document ID")
    return [document_id for document_id in whole if not wanted or document_id in wanted]
