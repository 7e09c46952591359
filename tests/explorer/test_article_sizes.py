"""Articles of unusual size and shape, shown whole and harmlessly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qantar.explorer.pages.article import WINDOW
from qantar.schema import TABLES
from qantar.store.parquet import to_arrow
from qantar.store.sqlite import write_database
from tests.explorer.conftest import Site
from tests.explorer.small_build import point_latest_at, small_rows
from tests.handmade import Handmade

WORD = "<b>long</b> \u202eesrever\u202c & "


def site_of(out: Path, rows: Handmade) -> Site:
    folder = out / "builds" / "odd"
    folder.mkdir(parents=True)
    write_database(folder / "qantar.db", TABLES, lambda table: to_arrow(table, rows.tables[table.name]).to_batches())
    point_latest_at(out, folder)
    return Site(out)


def grown(text: str) -> tuple[Handmade, str]:
    """The small build with its hostile article's last kept block replaced by `text`."""
    rows = small_rows("odd", "Odd sizes")
    document = next(d for d in rows.tables["documents"] if d.source_path == "hostile.txt")
    block = next(b for b in rows.tables["blocks"] if b.document_id == document.document_id and b.role == "body")
    whole = document.text[: block.start] + text
    for name in ("sentences", "mentions", "quotes"):
        rows.tables[name] = [row for row in rows.tables[name] if row.document_id != document.document_id]
    rows.tables["documents"][rows.tables["documents"].index(document)] = replace(document, text=whole, n_characters=len(whole))
    rows.tables["blocks"][rows.tables["blocks"].index(block)] = replace(block, text=text, end=len(whole))
    return rows, document.document_id


def test_five_megabytes_in_one_paragraph_are_turned_over_page_by_page_and_nothing_is_lost(tmp_path: Path) -> None:
    text = WORD * (5_000_000 // len(WORD))
    rows, document_id = grown(text)
    site = site_of(tmp_path, rows)
    n_pages = -(-(len(text) + 60) // WINDOW)
    shown = ""
    for number in range(1, n_pages + 1):
        response = site.get(f"/article/{document_id}?page={number}")
        assert response.status_code == 200
        assert len(response.content) < 20 * WINDOW
        shown += site.page(f"/article/{document_id}?page={number}").xpath("//article/p")[0].text
    assert shown == text
    assert site.get(f"/article/{document_id}?page={n_pages + 1}").status_code == 404


def test_an_article_of_boilerplate_alone_still_opens(tmp_path: Path) -> None:
    rows, document_id = grown("")
    document = next(d for d in rows.tables["documents"] if d.document_id == document_id)
    rows.tables["documents"][rows.tables["documents"].index(document)] = replace(document, text="", n_characters=0)
    rows.tables["blocks"] = [b for b in rows.tables["blocks"] if b.document_id != document_id or b.role == "boilerplate"]
    page = site_of(tmp_path, rows).page(f"/article/{document_id}")
    assert "iframe" in page.find_class("left-out")[0].text_content()
