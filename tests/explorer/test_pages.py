from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from datasette.utils.asgi import Response
from lxml import html

from qantar.explorer.kept_answers import keeping
from qantar.explorer.published import KeptPages
from tests.explorer.conftest import Site
from tests.explorer.small_build import HOSTILE_TITLE

PORT = "f8d397a33fcb"
HOSTILE = "8f383ccddc6f"


def test_home_says_what_the_dataset_is_how_much_how_good_and_how_to_cite_it(site: Site) -> None:
    home = site.text("/")
    for said in ("Strikes of Marenga", "News of an invented strike.", "Built 2021-03-05", "91.2", "88.2–93.2", "build 2021-03-05-aaaa1111"):
        assert said in home


def test_an_article_is_its_blocks_with_names_quotes_and_sentences_marked(site: Site) -> None:
    page = site.page(f"/article/{PORT}")
    text = page.find(".//article")
    assert [h.text_content().lstrip("0123456789").replace("#", "") for h in text.iter("h1", "h2")] == [
        "Dockers walk out at Marenga port",
        "The minister answers",
    ]
    assert [a.get("href") for a in text.xpath(".//a[contains(@class, 'm-person')]")] == [
        "/entity/ana-duarte",
        "/entity/piet-vos",
        "/entity/piet-vos",
    ]
    interrupted = [q for q in text.iter("q") if "quote-direct" in q.get("class", "")]
    assert [q.text_content() for q in interrupted] == ["We are ready to talk,", "but not under threat."]
    assert [q.get("id") is not None for q in interrupted] == [True, False]
    assert [c.text_content() for c in text.find_class("cue")] == ["said", "told"]
    assert [s.get("id") for s in text.find_class("sentence")] == [f"s{n}" for n in range(7)]


def test_what_was_left_out_of_an_article_stands_in_its_place_with_role_and_rule(site: Site) -> None:
    left_out = site.page(f"/article/{PORT}").find_class("left-out")
    assert [" ".join(block.text_content().split()) for block in left_out] == [
        "Boilerplate · by hand · report an error Subscribe to the Marenga Courier and never miss a story!",
        "Byline · by hand · report an error By Rosa Lund",
        "Credit · by hand · report an error Photograph: Harbour Press",
    ]


def test_every_span_has_a_link_to_its_row(site: Site) -> None:
    page = site.page(f"/article/{PORT}")
    rows = [a.get("href") for a in page.find_class("to-row")]
    for table, n in (("sentences", 7), ("mentions", 7), ("quotes", 2)):
        found = [row for row in rows if row.startswith(f"/qantar/{table}/")]
        assert len(found) == n
        assert all(site.get(row).status_code == 200 for row in found)


def test_a_duplicate_says_what_it_repeats_and_the_original_lists_its_copies(site: Site) -> None:
    copies = site.page(f"/article/{PORT}").xpath("//h2[text()='Copies']/..//a/@href")
    assert copies[1:] == [f"/article/{PORT}/beside/{copies[0].rpartition('/')[2]}"]
    assert "repeats another one (contained, 97.0 % of its text)" in site.text(copies[0])


def test_an_entity_page_has_spellings_context_quotes_and_company(site: Site) -> None:
    text = site.text("/entity/ana-duarte")
    for said in ("leader of the dockers' union", "Wikidata Q101", "Anna Duarte", "will not go back before they are paid", "In context"):
        assert said in text
    assert "Wednesday" not in text  # another sentence
    assert [c.text_content() for c in site.page("/entity/piet-vos").find_class("chip")] == []


def test_an_utterance_shows_its_wordings_and_marks_the_words_that_differ(site: Site) -> None:
    page = site.page("/utterance/g1")
    assert [w.text_content().strip() for w in page.xpath("//ol//blockquote")] == [
        "will not go back until they have been paid",
        "will not go back before they are paid",
    ]
    assert [i.text_content() for i in page.xpath("//ol//ins")] == ["before", "are"]


def test_quotes_can_be_narrowed_by_kind_speaker_and_article(site: Site) -> None:
    assert len(site.page("/quotes").find_class("said")) == 5
    assert len(site.page("/quotes?kind=indirect").find_class("said")) == 1
    assert len(site.page("/quotes?speaker=ana-duarte").find_class("said")) == 3
    assert len(site.page(f"/quotes?article={PORT}&kind=direct").find_class("said")) == 1
    assert site.get("/quotes?kind=shouted").status_code == 404


@pytest.mark.parametrize(
    "path", ["/article/nothere", "/entity/nothere", "/utterance/nothere", "/articles?page=9", "/articles?page=x", "/nothere"]
)
def test_what_is_not_there_is_a_plain_404(site: Site, path: str) -> None:
    response = site.get(path)
    assert response.status_code == 404
    assert "<h1>Not found</h1>" in response.text


def test_every_link_of_every_page_leads_somewhere_and_no_page_tells_of_the_machine(site: Site, out: Path) -> None:
    waiting, seen, outside = ["/", "/search?q=paid"], set(), set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        response = site.get(path, follow_redirects=True)
        assert response.status_code == 200, path
        assert str(out.parent) not in response.text, path
        if "text/html" not in response.headers["content-type"] or path.startswith(("/download/", "/docs")):  # /docs has tests of its own
            continue
        page = html.fromstring(response.text)
        check_only_our_scripts(page, path)
        for link in page.iterlinks():
            target = urlsplit(urljoin(f"http://here{path}", link[2]))
            if target.netloc not in ("here", "localhost"):
                outside.add((link[0].tag, target.netloc))
            elif re.match(r"/(?:qantar|history)/", target.path) and target.query and "?" in path:
                continue  # sorted tables of filtered tables have no end
            else:
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    assert len(seen) > 150
    assert outside <= {("a", "datasette.io"), ("a", "www.wikidata.org"), ("a", "news.invalid")}


def check_only_our_scripts(page: html.HtmlElement, path: str) -> None:
    assert [s.get("src", "inline").partition("?")[0] for s in page.iter("script")] == [
        "/static/explorer.js",
        *(["/static/pictures.js"] if path == "/pictures" else []),
    ], path
    assert not list(page.iter("style")), path
    for element in page.iter():
        assert not [a for a in element.attrib if a == "style" or a.startswith("on")], (path, element.tag)
    assert not page.xpath("//iframe | //img"), path


def test_hostile_titles_names_and_quotes_are_shown_as_text(site: Site) -> None:
    page = site.page(f"/article/{HOSTILE}")
    assert page.findtext(".//title").startswith(HOSTILE_TITLE)
    assert HOSTILE_TITLE in page.find(".//article").text_content()
    assert "<script>alert(1)</script> Ltd" in site.text("/entity/hostile")
    assert "<iframe src='https://elsewhere.invalid/'></iframe>" in page.find_class("left-out")[0].text_content()


def test_a_table_explains_its_columns_and_labels_what_it_refers_to(site: Site) -> None:
    page = site.page("/qantar/quotes")
    assert "Who that is; null where it is not certain" in page.text_content()
    assert page.xpath("//td[contains(@class, 'col-speaker_entity_id')]/a/bdi/text()")[0] == "Ana Duarte"
    facets = {h.text for h in page.xpath("//div[@class='facets']//h2")}
    assert {"kind", "method"} <= facets
    assert site.get("/qantar/quotes.json?_shape=array").json()[0]["kind"] in ("direct", "mixed", "indirect")
    record = "//td[contains(@class, 'col-source_record')]"
    cell = site.page("/qantar/rejected").xpath(record)[0]
    assert ("technical" in cell.get("class"), cell.text_content()) == (False, "a/2.txt")
    assert "technical" in site.page("/qantar/documents").xpath(record)[0].get("class")


def test_data_quality_tells_what_was_rejected_repeated_and_changed(site: Site) -> None:
    text = site.text("/quality")
    for said in ("not text", "looks like a picture; remove it from raw/", "1 contained", "4 articles added", "Boilerplate", "95.1"):
        assert said in text
    assert "changes_of_a_build?build_id=2021-03-05-aaaa1111" in site.get("/quality").text


def test_the_feed_lists_published_builds(site: Site) -> None:
    from lxml import etree

    response = site.get("/feed.atom")
    assert response.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(response.content)
    assert feed.xpath("//*[local-name()='entry']/*[local-name()='title']/text()") == ["Build 2021-03-05-aaaa1111"]


def test_health_names_the_build_and_its_age(site: Site) -> None:
    health = site.get("/-/health").json()
    assert health["build_id"] == "2021-03-05-aaaa1111"
    assert health["built"] == "2021-03-05T06:01:00+00:00"
    assert health["age_seconds"] > 86_400


def test_a_page_is_not_sent_again_while_the_build_stays(site: Site) -> None:
    for path in ("/", f"/article/{PORT}", "/search?q=paid"):
        first = site.get(path)
        again = site.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert site.get(path).text == first.text
    assert site.get(f"/article/{PORT}").headers["etag"] != site.get("/").headers["etag"]


def test_a_page_of_a_table_is_made_once_for_each_address_and_host(site: Site) -> None:
    pages, path = site.datasette.qantar.pages, "/qantar/quotes?_size=3"
    kept = "{} http://{} /qantar/quotes?_size=3"

    def ask(host: str, packed: str = "gzip") -> httpx.Response:
        return site.get(path, headers={"host": host, "accept-encoding": packed})

    first = ask("news.example.org")
    answer = pages.get(kept.format(True, "news.example.org"))
    assert answer is not None
    assert (answer.start["status"], len(answer.body)) == (200, int(first.headers["content-length"]))
    pages.keep(kept.format(True, "other.example.org"), answer)  # what is kept is what is sent
    again = ask("other.example.org")
    assert (again.text, again.headers) == (first.text, first.headers)
    plain = ask("news.example.org", "identity")
    assert (plain.text, "content-encoding" in plain.headers) == (first.text, False)
    assert "other.example.org" not in ask("news.example.org").text


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/qantar/quotes?_size=4", {"cookie": "ds_messages=x"}),
        ("/qantar/nothere", {}),
        ("/qantar/quotes?_sort=nothere", {}),
        ("/", {}),
    ],
)
def test_an_answer_that_is_not_for_all_readers_of_an_address_is_not_kept(site: Site, path: str, headers: dict[str, str]) -> None:
    site.get(path, headers={"host": "kept.example.org", **headers})
    whole = path if "?" in path else f"{path}?"
    assert site.datasette.qantar.pages.get(f"True http://kept.example.org {whole}") is None


@pytest.mark.parametrize(("most_seconds", "is_kept"), [(60.0, True), (0.0, False)])
def test_an_answer_that_took_so_long_that_counts_may_be_missing_is_not_kept(site: Site, most_seconds: float, is_kept: bool) -> None:
    pages = KeptPages()
    transport = httpx.ASGITransport(keeping(site.datasette.client.app, pages, most_seconds))

    async def ask() -> None:
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            assert (await client.get("/qantar/quotes?_size=2")).status_code == 200

    site.loop.run_until_complete(ask())
    assert (pages.get("True http://here /qantar/quotes?_size=2") is not None) is is_kept


def test_no_more_than_so_many_bytes_of_pages_are_kept() -> None:
    pages = KeptPages(most=10_000)
    for n in range(300):
        pages.keep(f"/{n}", Response("x" * 100))
        pages.get("/0")
    assert [pages.get(f"/{n}") is not None for n in (0, 1, 299)] == [True, False, True]  # what is asked for stays
    assert sum(pages.get(f"/{n}") is not None for n in range(300)) == 100
    pages.keep("/large", Response("x" * 300))
    assert pages.get("/large") is None
