"""A small staged build with a row of every kind, written by hand: two articles that report one utterance, a copy, a page of HTML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container
from datetime import date
from pathlib import Path
from typing import Any

from qantar.quality.validation import Validation, check_tables, write_report
from qantar.schema import (
    ARTICLES,
    KNOWN,
    Article,
    Correction,
    Document,
    PossibleSame,
    Quality,
    Rejected,
    SharedPassage,
    Takedown,
    Template,
    Token,
)
from qantar.store.parquet import to_arrow
from qantar.store.sqlite import write_build_database, write_database
from tests.handmade import Handmade, Passage, row, write_parquet

FIRST = "Harbour reopens\nBy Ann Ray\n\nThe port of Lund opened on Monday.\u00a0“It is safe,” Mayor Eva Holm said.\n\nFollow us\n"
SECOND = "Lund’s harbour is open\n\nEva Holm said that it was safe “at last” on Monday.\n"
PAGE = "Ferries sail again"
REOPENS: list[Passage] = [
    ("title", "Harbour reopens"),
    ("byline", "By Ann Ray"),
    "The port of Lund opened on Monday.\u00a0“It is safe,” Mayor Eva Holm said.",
    ("boilerplate", "Follow us"),
]
OPEN: list[Passage] = [("title", "Lund’s harbour is open"), "Eva Holm said that it was safe “at last” on Monday."]


class Staged(Handmade):
    """Rows by table and the raw texts; `write` makes a staged build of them."""

    def __init__(self) -> None:
        super().__init__()
        self.articles: list[Article] = []
        self.folder = self.working = Path()

    def article(self, letter: str, passages: list[Passage], raw: str, **known: Any) -> Any:
        usual: dict[str, Any] = {"outlet": "Harbour News", "published_on": date(2022, 1, 3), "published_basis": "catalogue"}
        known = usual | known
        document = self.document(letter * 12, passages, None if known.get("format") == "html" else raw, **known)
        of_article = {c.name: getattr(document, c.name) for c in ARTICLES if c.name in type(document).__dataclass_fields__}
        self.articles.append(row(Article, **(of_article | {"text": raw, "has_raw_offsets": document.format == "txt"})))
        return document

    @property
    def raw_sums(self) -> dict[str, str]:
        """What tells their raw texts from others."""
        return {
            it.document_id: f"{hashlib.sha256(it.text.encode()).hexdigest()} {it.raw_start} {it.has_raw_offsets}" for it in self.articles
        }

    def write(self, where: Path) -> Staged:
        self.folder, self.working = where / "staged", where / "working.db"
        write_parquet(self.folder, self.tables)
        write_build_database(self.folder)
        write_database(self.working, {"articles": ARTICLES}, lambda _: to_arrow(ARTICLES, self.articles).to_batches())
        return self


def tokens_of(document: Document) -> list[Token]:
    """The words of a document, as `Handmade` counts them, each the head of the one before."""
    places = [match.span() for match in re.finditer(r"\S+", document.text)]
    return [
        row(Token, document_id=document.document_id, position=n, start=start, end=end, text=document.text[start:end], head=n)
        for n, (start, end) in enumerate(places)
    ]


def staged_rows() -> Staged:
    """The build, sound in every row."""
    rows = Staged()
    first = rows.article("a", REOPENS, FIRST)
    second = rows.article("b", OPEN, SECOND)
    copy = rows.article("c", REOPENS, FIRST, annotated=False)
    page = rows.article("d", [PAGE], PAGE, format="html")
    rows.copy(copy, first, kind="exact", similarity=1.0, method="same words")
    for document in (first, second):
        rows.names(document, {"Lund": ("lund", "GPE"), "Eva Holm": ("eva_holm", "PERSON"), "Monday": (None, "DATE")}, value="2022-01-03")
    rows.quote(first, "direct", ["It is safe,"], "said", "Eva Holm", "eva_holm")
    rows.quote(second, "indirect", ["it was safe", "at last"], "said", "Eva Holm", "eva_holm")
    rows.utterance("g1", {quote.quote_id: similarity for quote, similarity in zip(rows["quotes"], (0.6, 1.0), strict=True)})
    rows.entity("eva_holm", "Eva Holm", "PERSON", wikidata_id="Q1")
    rows.entity("lund", "Lund", "GPE", wikidata_id="Q2167", latitude=55.7, longitude=13.2)
    rows["possible_same"].append(row(PossibleSame, entity_id="eva_holm", other_id="lund", score=0.1, evidence="country"))
    for document in (first, copy):
        rows["shared_passages"].append(
            row(SharedPassage, passage_id="p1", document_id=document.document_id, start=17, end=51, n_documents=2)
        )
    rows["templates"].append(
        row(
            Template,
            document_id=second.document_id,
            other_id=first.document_id,
            frame_id=first.document_id,
            n_documents=2,
            similarity=0.9,
            margin=0.4,
            slots=[[0, 4]],
        )
    )
    rows["rejected"].append(row(Rejected, source_path="empty.txt", stage="read", reason="empty", detail="The file is empty."))
    rows["takedowns"].append(row(Takedown, document_id="eeeeeeeeeeee", removed_on=date(2022, 2, 1), reason="asked for by its author"))
    rows["corrections"].append(
        row(
            Correction,
            correction_id="c1",
            line=2,
            status="applied",
            document_id=first.document_id,
            table="quotes",
            row_id=rows["quotes"][0].quote_id,
            text_sha256="0" * 64,
            field="kind",
            value="direct",
            detail="",
        )
    )
    rows["quality"].append(row(Quality, layer="sentences", metric="F1", value=0.9, low=0.8, high=1.0, gold="harbour", n=10))
    for document in (first, second, page):
        rows["tokens"].extend(tokens_of(document))
    rows.finish("b1")
    return rows


def validate_build(folder: Path, working: Path | None = None, tables: Container[str] = KNOWN) -> Validation:
    """Check a staged build and write its report, in one process. `working` is the SQLite file of the raw texts."""
    return write_report(folder, Validation(check_tables(folder, working, tables), without_raw=working is None))
