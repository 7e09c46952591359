"""The list of quotes with its filters and its CSV, and the page of one quote."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from lxml import html

from tests.explorer.conftest import Site
from tests.explorer.small_build import add_to_history, write_small_build

BUILD = "2021-03-05-aaaa1111"


def said(site: Site, query: str) -> list[str]:
    """The words of each quote on a page: the marked part of its sentence, or the whole card."""
    cards = site.page(f"/quotes?{query}").xpath("//li[@class='said']/blockquote")
    return [" ".join(m.text_content() for m in q.iter("mark")) or q.text_content().strip() for q in cards]


def lines_of(site: Site, query: str = "") -> list[dict[str, str]]:
    response = site.get(f"/quotes.csv?{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("outlet=Evening+Post", 2),
        ("from=2021-03-05", 2),
        ("to=2021-03-04", 2),
        ("from=2021-03-04&to=2021-03-05&speaker=ana-duarte", 2),
        ("speaker=ana-duarte&kind=mixed&outlet=Marenga+Courier", 1),
        ("q=paid", 2),
        ('q="go back before"', 1),
        ("q=read*&kind=indirect", 1),
        ("q=paid)+OR+(", 0),
        ("speaker=&kind=&from=", 5),
    ],
)
def test_filters_combine(site: Site, query: str, n: int) -> None:
    assert len(said(site, query)) == n
    assert len(lines_of(site, query)) == n


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The small build with quotes of several scores, one that is attributed to nobody, and words that a spreadsheet would run."""
    out = tmp_path_factory.mktemp("varied")
    folder = write_small_build(out)
    with closing(sqlite3.connect(folder / "qantar.db")) as connection, connection:
        scores = {"before they are paid": 0.95, "until they have been paid": 0.75, "ready to talk, but": 0.4, "alert(3)": 0.749}
        for words, score in scores.items():
            connection.execute("update quotes set score = ? where instr(text, ?)", (score, words))
        nobody = "kind = 'unattributed', speaker = null, speaker_entity_id = null, speaker_basis = null"
        connection.execute(f"update quotes set {nobody} where instr(text, 'alert(3)')")
        connection.execute("update quotes set text = '=HYPERLINK(1)', cue = '@said' where instr(text, 'was ready')")
        connection.execute("update documents set outlet = '+Evening Post', title = '\t-1' where outlet = 'Evening Post'")
    return Site(out)


@pytest.mark.parametrize(
    ("query", "quotes"),
    [
        ("score=0.75", ["will not go back before they are paid", "will not go back until they have been paid", "'=HYPERLINK(1)"]),
        ("score=0.95&q=paid", ["will not go back before they are paid"]),
        ("score=0.4&speaker=piet-vos&sort=surest", ["'=HYPERLINK(1)", "We are ready to talk, but not under threat."]),
        ("score=0.749&kind=unattributed", ["</span><script>alert(3)</script> never"]),
        ("score=0.75&kind=unattributed", []),
    ],
)
def test_the_score_filter_keeps_what_is_as_sure_or_surer(varied: Site, query: str, quotes: list[str]) -> None:
    assert sorted(row["quote"] for row in lines_of(varied, query)) == sorted(quotes)
    if "sort" in query:
        assert [row["quote"] for row in lines_of(varied, query)] == quotes
    assert len(said(varied, query)) == len(quotes)


def test_marks_that_are_attributed_to_nobody_stand_apart(varied: Site) -> None:
    assert not [words for words in said(varied, "") if "alert(3)" in words]
    assert {row["kind"] for row in lines_of(varied)} == {"mixed", "direct", "indirect"}
    assert "Apart from these: 1 passage in quotation marks" in varied.text("/quotes")
    assert "4 quotes in 2 articles" in varied.text("/quotes")
    (found,) = lines_of(varied, "kind=unattributed")
    assert (found["speaker"], found["speaker_as_written"]) == ("", "")
    assert "attributes these words to nobody" in varied.text(f"/quote/{found['quote_id']}")


@pytest.mark.parametrize("column", ["quote", "cue", "outlet", "title"])
def test_no_cell_of_the_csv_is_run_by_a_spreadsheet(varied: Site, column: str) -> None:
    (row,) = lines_of(varied, "kind=indirect")
    assert row[column].startswith("'")
    assert row[column][1:].strip()[0] in "=@+-"
    assert "'" not in {value[:1] for other in lines_of(varied, "kind=direct") for value in other.values()}


def test_pages_of_the_list_are_together_the_csv(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qantar.explorer.pages.quotes.PAGE", 2)
    pages = [said(site, f"sort=longest&page={n}") for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [words.strip("“”") for page in pages for words in page] == [row["quote"] for row in lines_of(site, "sort=longest")]
    assert "Page 2 of 3" in site.text("/quotes?sort=longest&page=2")
    links = site.page("/quotes?sort=longest&page=2").xpath("//nav[@class='pager']/a/@href")
    assert links == ["?sort=longest&page=1", "?sort=longest&page=3"]
    assert site.get("/quotes?sort=longest&page=4").status_code == 404


def test_order_is_the_readers(site: Site) -> None:
    assert said(site, "sort=newest&q=go")[0].strip("“”") == "will not go back until they have been paid"
    assert said(site, "sort=oldest&q=go")[0].strip("“”") == "will not go back before they are paid"
    assert [row["speaker"] for row in lines_of(site, "sort=speaker")] == ["Ana Duarte"] * 3 + ["Piet Vos"] * 2


def test_each_filter_counts_what_the_others_leave(site: Site) -> None:
    page = site.page("/quotes?speaker=ana-duarte")
    outlets = [o.text_content() for o in page.xpath("//select[@name='outlet']/option")]
    assert outlets == ["All", "<i>Tabloid</i> (1)", "Evening Post (1)", "Marenga Courier (1)"]
    assert [o.text_content() for o in page.xpath("//select[@name='speaker']/option")] == [
        "Anyone",
        "Ana Duarte, leader of the dockers' union (3)",
        "Piet Vos, minister of transport (2)",
    ]
    assert "3 quotes in 3 articles" in site.text("/quotes?speaker=ana-duarte")
    assert "1 quote in 1 article" in site.text("/quotes?kind=direct")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "/quotes?speker=ana-duarte",
            "unknown parameter speker; known here: speaker, outlet, from, to, kind, score, q, article, sort, page",
        ),
        ("/quotes.csv?limit=5", "unknown parameter limit"),
        ("/quotes?kind=direct&kind=mixed", "kind is given more than once"),
        ("/quotes?from=5+March", "from must be a day such as 2022-01-07, not “5 March”"),
        ("/quotes?score=2", "score must be a number from 0 to 1"),
        ("/quotes?score=nan", "score must be a number from 0 to 1"),
        ("/quotes?q=%21", "q must hold a word"),
        ("/utterances?outlet=x", "unknown parameter outlet; known here: page"),
        ("/articles?outlets=x", "unknown parameter outlets; known here: outlet, page"),
        ("/article/f8d397a33fcb?p=2", "unknown parameter p; known here: page"),
        ("/search?query=x", "unknown parameter query; known here: q"),
        ("/quote/x?foo=1", "unknown parameter foo; known here: build"),
        ("/?outlet=x", "unknown parameter outlet; this page has none"),
        ("/pictures?speaker=x", "unknown parameter speaker; this page has none"),
        ("/pictures/quoted.csv?size=3", "unknown parameter size; this page has none"),
        ("/quality?gold=x", "unknown parameter gold; this page has none"),
        ("/downloads?table=x", "unknown parameter table; this page has none"),
        ("/runs?result=failed", "unknown parameter result; known here: outcome, page"),
        ("/entity/ana-duarte?label=x", "unknown parameter label; known here: page, build"),
        ("/same?label=x", "unknown parameter label; known here: page"),
        ("/changes?from=x", "unknown parameter from; known here: since, table, change, page"),
    ],
)
def test_what_an_address_asks_wrongly_is_told(site: Site, path: str, told: str) -> None:
    response = site.get(path)
    assert response.status_code == 400
    assert told in response.text


def test_a_fragment_stands_in_its_sentence_and_a_whole_clause_alone(site: Site) -> None:
    page = site.page("/quotes?article=f8d397a33fcb")
    assert page.find_class("around")[0].text_content().startswith("Ana Duarte said the men “will not go back")
    assert page.find_class("around")[0].findtext(".//mark") == "will not go back before they are paid"


def test_each_quote_tells_how_sure_it_is(site: Site) -> None:
    cards = site.page("/quotes").xpath("//li[@class='said']")
    assert all(len(card.find_class("sure")) == 1 for card in cards)
    assert {s.get("title") for card in cards for s in card.find_class("sure")} == {"Score 1.00: about 100 in 100 such quotes are right"}


def test_the_csv_is_what_is_shown_and_no_cell_is_a_formula(site: Site) -> None:
    response = site.get("/quotes.csv?speaker=ana-duarte&sort=oldest")
    assert response.content.startswith(b"\xef\xbb\xbfquote,speaker,")
    assert response.headers["content-disposition"] == f'attachment; filename="quotes-{BUILD}.csv"'
    rows = lines_of(site, "speaker=ana-duarte&sort=oldest")
    assert [row["quote"] for row in rows] == [q.strip("“”") for q in said(site, "speaker=ana-duarte&sort=oldest")]
    first = rows[0]
    assert (first["outlet"], first["day"], first["article_address"]) == ("Marenga Courier", "2021-03-04", "https://news.invalid/port")
    assert first["sentence"].startswith("Ana Duarte said the men")
    assert float(first["score"]) > 0
    assert site.get(first["quote_address"].removeprefix("http://localhost")).status_code == 200


def test_a_csv_has_all_rows_beyond_a_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qantar.explorer.pages.quotes.PIECE", 2)
    assert len({row["quote_id"] for row in lines_of(site)}) == 5


def quote_id_of(site: Site, words: str) -> str:
    return next(row["quote_id"] for row in lines_of(site) if words in row["quote"])


def test_a_quote_has_a_page_with_its_words_around_it_speaker_source_and_citations(site: Site) -> None:
    path = f"/quote/{quote_id_of(site, 'before they are paid')}"
    text, page = site.text(path), site.page(path)
    for told in (
        "by name, beside the words",
        "In the article",
        "Other wordings",
        "of the article’s text",
        "“will not go back before they are paid” Ana Duarte, in Marenga Courier,",
        "Lund, R. (2021, March 4).",
        "@online{",
        "No other build is kept.",
    ):
        assert told in text
    assert [m.text_content() for m in page.xpath("//blockquote[contains(@class,'passage')]//mark")] == [
        "will not go back before they are paid"
    ]
    assert [s.text_content() for s in page.find_class("passage")[0].find_class("speaker")] == ["Ana Duarte"]
    assert page.xpath("//meta[@property='og:title']/@content") == ["Ana Duarte, in Marenga Courier"]
    assert page.xpath("//meta[@name='description']/@content")[0].startswith("Ana Duarte: “will not go back")
    (passage,) = page.xpath("//a[contains(@href, ':~:text=')]/@href")
    assert passage.startswith("https://news.invalid/port#:~:text=will%20not%20go")


def test_a_quote_interrupted_by_its_cue_is_marked_in_two_pieces(site: Site) -> None:
    page = site.page(f"/quote/{quote_id_of(site, 'ready to talk, but')}")
    marks = [m.text_content() for m in page.xpath("//blockquote[contains(@class,'passage')]//mark")]
    assert marks == ["We are ready to talk,", "but not under threat."]


def test_a_pinned_quote_tells_what_became_of_it(tmp_path: Path) -> None:
    write_small_build(tmp_path, "2021-03-05-aaaa1111")
    old = Site(tmp_path)
    changed, gone = quote_id_of(old, "before they are paid"), quote_id_of(old, "ready to talk, but")
    newer = tmp_path / "builds" / "2021-03-06-bbbb2222"
    shutil.copytree(tmp_path / "builds" / "2021-03-05-aaaa1111", newer)
    with closing(sqlite3.connect(newer / "qantar.db")) as connection, connection:
        connection.execute("update build set build_id = ?", (newer.name,))
        connection.execute("update quotes set cue = 'shouted' where quote_id = ?", (changed,))
        connection.execute("delete from quotes where quote_id = ?", (gone,))
    (tmp_path / "latest").unlink()
    (tmp_path / "latest").symlink_to(newer)
    add_to_history(tmp_path / "history.db", newer.name, [])
    site = Site(tmp_path)
    text = site.text(f"/quote/{changed}?build=2021-03-05-aaaa1111")
    assert "This link was made in build 2021-03-05-aaaa1111; you see build 2021-03-06-bbbb2222" in text
    assert "said → shouted" in text
    missing = site.get(f"/quote/{gone}?build=2021-03-05-aaaa1111")
    assert missing.status_code == 410
    assert "It is not in the latest build" in missing.text
    assert "We are ready to talk" in missing.text
    assert site.get("/quote/nothere").status_code == 404


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"outlet": "Courier", "published_on": "2021-03-04", "title": "Dockers walk out"}, "Courier, 2021-03-04"),
        ({"published_on": "2021-03-04", "title": "Dockers walk out"}, "Dockers walk out, 2021-03-04"),
        ({"published_on": "2021-03-04", "beginning": "Hundreds of\ndockers"}, "Hundreds of dockers, 2021-03-04"),
        ({"title": "Dockers walk out"}, "Dockers walk out"),
    ],
)
def test_an_article_without_outlet_is_shown_by_its_title_and_day(site: Site, row: dict[str, str], shown: str) -> None:
    card = site.datasette.jinja_env.from_string("{% from '_macros.html' import where with context %}<p>{{ where(row) }}</p>")
    assert html.fromstring(site.loop.run_until_complete(card.render_async(row=row))).text_content() == shown
