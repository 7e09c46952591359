"""Reporting an error: every row that can be wrong has a form, which works without scripts and gives a line that a build applies."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from qantar.corrections.corrections_file import read_corrections
from qantar.schema import TABLES
from tests.corrections.ferry import HEADER
from tests.explorer.conftest import Site


def asked(site: Site, address: str) -> dict[str, list[str]]:
    """The forms that a page leads to, by table."""
    links = site.page(address).xpath("//main//a[starts-with(@href, '/report')]/@href")
    found: dict[str, list[str]] = {}
    for link in links:
        found.setdefault(parse_qs(urlsplit(link).query)["table"][0], []).append(link)
    return found


def first(site: Site, table: str, key: str) -> str:
    rows = site.get(f"/qantar/{table}.json?_shape=array&_size=1").json()
    return str(rows[0][key])


def test_quotes_passages_entities_names_articles_and_copies_have_a_form(site: Site) -> None:
    document, entity = first(site, "quotes", "document_id"), first(site, "mentions", "entity_id")
    assert {"quotes", "documents", "blocks"} <= asked(site, f"/article/{document}").keys()
    assert {"entities", "mentions"} <= asked(site, f"/entity/{entity}").keys()
    assert asked(site, f"/quote/{first(site, 'quotes', 'quote_id')}")["quotes"]
    assert asked(site, f"/article/{first(site, 'duplicates', 'document_id')}")["duplicates"]
    assert asked(site, f"/qantar/sentences/{first(site, 'sentences', 'sentence_id')}")["sentences"]
    assert "/report" not in site.get(f"/qantar/build/{first(site, 'build', 'build_id')}").text
    for links in (*asked(site, f"/article/{document}").values(), *asked(site, f"/entity/{entity}").values()):
        assert "What is wrong" in site.text(links[0])


@pytest.mark.parametrize(("field", "value"), [("kind", "indirect"), ("speaker", "Piet Vos"), ("delete", "")])
def test_the_form_gives_a_line_that_is_a_correction(site: Site, field: str, value: str) -> None:
    quote_id = first(site, "quotes", "quote_id")
    page = site.page(f"/report?table=quotes&row={quote_id}&field={field}&value={value}&by=Ann&reason=heard")
    line = page.xpath("//pre/code")[0].text_content()
    (fix,) = read_corrections(f"{HEADER}\n{line}\n").fixes
    assert (fix.table, fix.field, fix.value, fix.by, fix.reason) == ("quotes", field, value, "Ann", "heard")
    assert fix.document == quote_id.rpartition("-q")[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("field=kind&value=loud", "kind of quotes is direct"),
        ("field=kind", "say what is right"),
        ("field=speaker&value=<b>x</b>", "a tag of HTML"),
    ],
)
def test_what_is_no_correction_is_told_in_the_form(site: Site, asked: str, said: str) -> None:
    page = site.page(f"/report?table=quotes&row={first(site, 'quotes', 'quote_id')}&{asked}")
    assert said in page.xpath("//*[@role='alert']")[0].text_content()
    assert not page.xpath("//pre")


def test_the_form_asks_in_words_and_offers_to_delete_last(site: Site) -> None:
    page = site.page(f"/report?table=quotes&row={first(site, 'quotes', 'quote_id')}")
    offered = {option.get("value"): option.text_content() for option in page.xpath("//select[@name='field']/option")}
    assert next(iter(offered)) == "kind"
    assert list(offered)[-1] == "delete"
    assert not any("_" in text.partition(" (now")[0] for text in offered.values())
    passage = site.page(f"/report?table=blocks&row={first(site, 'blocks', 'block_id')}&field=role&value=body")
    roles = {option.text_content(): option.get("selected") for option in passage.xpath("//select[@name='value']/option")}
    assert [role for role, selected in roles.items() if selected is not None] == ["body"]
    assert set(roles) == {"", *next(column.values for column in TABLES["blocks"] if column.name == "role")}, (
        "it cannot be left empty, and nothing else is taken"
    )
    assert "Leave" not in passage.xpath("//main")[0].text_content()
    assert passage.xpath("//pre/code")


@pytest.mark.parametrize(
    "address", ["/report?table=quotes", "/report?table=quotes&row=nothing", "/report?table=build&row=b", "/report?table=quotes%20x&row=b"]
)
def test_there_is_no_form_for_what_is_not_there(site: Site, address: str) -> None:
    assert site.get(address).status_code == 404


@pytest.mark.parametrize(
    ("to", "begins"),
    [
        ("errors@example.org", "mailto:errors@example.org?subject=Correction"),
        ("https://example.org/new", "https://example.org/new?title=Correction"),
    ],
)
def test_the_line_can_be_sent_where_the_corpus_says(site: Site, monkeypatch: pytest.MonkeyPatch, to: str, begins: str) -> None:
    metadata = site.datasette.metadata
    monkeypatch.setattr(site.datasette, "metadata", lambda key=None, **more: to if key == "errors_to" else metadata(key, **more))
    page = site.page(f"/report?table=quotes&row={first(site, 'quotes', 'quote_id')}&field=kind&value=indirect")
    assert [href for href in page.xpath("//main//a/@href") if href.startswith(begins)]


def test_corrections_are_listed_with_what_became_of_them(site: Site) -> None:
    assert "Nobody has corrected this build" in site.text("/quality") or "applied" in site.text("/quality")
    text = site.text("/corrections")
    assert "1 applied" in text
    assert "heard it" in text


def test_a_row_says_how_it_was_corrected(site: Site) -> None:
    (row,) = site.get("/qantar/corrections.json?_shape=array").json()
    assert "kind: mixed (heard it)" in site.text(f"/quote/{row['row_id']}")
    assert "Corrected" not in site.text(f"/article/{row['document_id']}")
