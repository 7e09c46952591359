from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from qantar.explorer import queries
from qantar.publish.datasette_metadata import CANNED, datasette_metadata
from qantar.schema import HISTORY, KNOWN
from tests.explorer.conftest import Site

WORDS = {"words": '"go back" paid', "speaker": "duarte", "entity": "Marenga", "build_id": "2021-03-05-aaaa1111"}
CANNED_NAMES = sorted(path.stem for path in CANNED.glob("*.sql"))


def test_every_table_and_column_is_described_in_the_words_of_the_schema() -> None:
    databases = datasette_metadata(title="News")["databases"]
    for database, tables in (("qantar", KNOWN), ("history", HISTORY)):
        for name, table in tables.items():
            told = databases[database]["tables"][name]
            assert told["description"] == table.description
            assert list(told["columns"]) == [c.name for c in table]
            assert all(told["columns"][c.name].startswith(c.description) for c in table)
            assert told.get("facets", []) == [c.name for c in table if c.facet]


def test_tables_are_sorted_by_indexed_columns_only() -> None:
    databases = datasette_metadata(title="News")["databases"]
    for name, told in databases["qantar"]["tables"].items():
        if "sort" in told:
            assert next(c for c in KNOWN[name] if c.name == told["sort"]).indexed


@pytest.mark.parametrize("name", CANNED_NAMES)
def test_every_canned_query_is_explained_and_finds_rows(site: Site, name: str) -> None:
    database = "history" if name == "changes_of_a_build" else "qantar"
    told = site.datasette.metadata("databases")[database]["queries"][name]
    assert told["title"]
    assert told["description"].endswith(".")
    rows: list[dict[str, Any]] = site.get(f"/{database}/{name}.json", params={"_shape": "array", **WORDS}).json()
    assert rows


def test_a_canned_query_takes_any_words(site: Site) -> None:
    for words in ('"unclosed', "AND", "(", "*", ""):
        assert site.get("/qantar/search_sentences.json", params={"_shape": "array", "words": words}).json() == []


def test_plain_datasette_serves_the_same_file_and_metadata(out: Path) -> None:
    plain = Datasette(immutables=[str(out / "latest" / "qantar.db")], metadata=datasette_metadata(title="News"))
    answer = asyncio.run(plain.get_database("qantar").execute("select count(*) from quotes"))
    assert answer.rows[0][0] == 5
    assert plain.table_metadata("qantar", "entities")["label_column"] == "name"


def test_pages_never_read_a_large_table_from_end_to_end(site: Site) -> None:
    """Tables that grow with the corpus are entered by an index or a limit, so that pages stay fast."""
    large = {"blocks", "sentences", "mentions"}
    allowed = {"left_out", "slips"}  # asked once in the life of a build
    of_history = {"runs", "published", "changes", "changed_documents", "collections", "collected_totals"}
    for path in sorted(queries.HERE.glob("*.sql")):
        if path.stem in allowed | of_history:
            continue
        names = ["size", "skipped", "outlet", "document_id", "first", "last", "longest", "label", "entity_id", "most", "speaker", "kind"]
        names += [
            "article",
            "url",
            "quote_group_id",
            "query",
            "open",
            "close",
            "quote_id",
            "start",
            "end",
            "text",
            "numbers",
            "ids",
            "second",
            "span",
            "from",
            "to",
            "row_id",
            "table",
            "canonical_id",
            "one",
            "other",
        ]
        parameters = {**dict.fromkeys(names, None), "groups": "[]", "words": "[]", "numbers": "[]", "size": 1, "skipped": 0, "most": 1}
        parts = {"filters": "true", "order": "q.rowid", "first": "true", "second": "true", "table": "quotes", "key": "quote_id"}
        statement = queries.put_together(path.read_text("utf-8"), parts)
        plan = site.loop.run_until_complete(site.datasette.get_database("qantar").execute(f"explain query plan {statement}", parameters))
        scanned = {row["detail"].split()[1] for row in plan.rows if row["detail"].startswith("SCAN")}
        assert not scanned & large, (path.stem, [row["detail"] for row in plan.rows])
