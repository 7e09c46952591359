"""The explorer as a reader sees it: a Chromium on a real server. Without one these tests are skipped; with CI=true they fail."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from qantar.explorer.examples import examples
from tests.explorer.conftest import Watched
from tests.explorer.small_build import HOSTILE_TITLE

PAGES = [
    "/",
    "/articles",
    "/article/f8d397a33fcb",
    "/article/8f383ccddc6f",
    "/entities",
    "/entity/ana-duarte",
    "/quotes",
    "/quotes?speaker=ana-duarte&sort=newest&q=paid",
    "/quote/f8d397a33fcb-q118",
    "/utterances",
    "/utterance/g1",
    "/search?q=paid",
    "/search?q=%22paid",
    "/compare",
    "/compare?first_to=2021-03-04&second_from=2021-03-05",
    "/changes",
    "/same",
    "/doubtful",
    "/article/f8d397a33fcb/raw",
    "/pictures",
    "/quality",
    "/runs",
    "/downloads",
    "/qantar",
    "/qantar/quotes",
    "/qantar/quotes?_search=paid",
    "/qantar/documents/f8d397a33fcb",
    "/qantar/who_is_quoted",
    "/qantar/search_sentences?words=paid",
    "/qantar?sql=select+*+from+entities",
    "/history",
]

DARK = [
    "/",
    "/quotes",
    "/quote/f8d397a33fcb-q118",
    "/article/f8d397a33fcb",
    "/entity/ana-duarte",
    "/utterances",
    "/compare",
    "/quality",
    "/search?q=paid",
    "/qantar/quotes",
]
"""One page of each kind: colours are what differs."""


class Clicks:
    """What a person does on a page, counted: a click, or a choice from a list."""

    def __init__(self, page: Page) -> None:
        self.page, self.n = page, 0

    def on(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()  # a click ends when the next page begins to come
        self.n += 1

    def choose(self, label: str, choice: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=choice)
        self.n += 2

    def save(self, name: str) -> str:
        with self.page.expect_download() as waiting:
            self.on("link", name)
        return waiting.value.path().read_text("utf-8-sig")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_csv_of_one_persons_quotes_takes_six_clicks_at_most(browser: Browser, address: str, scripts: bool) -> None:
    watched = Watched(browser, address, java_script_enabled=scripts)
    clicks = Clicks(watched.open("/"))
    clicks.on("link", "Quotes")
    clicks.choose("Speaker", "Ana Duarte, leader of the dockers' union (3)")
    clicks.on("button", "Show")
    saved = clicks.save("CSV of these")
    assert clicks.n <= 6
    assert len(saved.splitlines()) == 4
    assert saved.count("Ana Duarte") >= 3


def test_a_quote_is_cited_in_four_clicks(browser: Browser, address: str) -> None:
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + "/")
    clicks = Clicks(page)
    clicks.on("link", "Quotes")
    clicks.on("link", "“will not go back before they are paid”")
    clicks.on("button", "Copy")
    assert clicks.n <= 4
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“will not go back before they are paid” Ana Duarte, in Marenga Courier")
    page.get_by_role("button", name="Copied").wait_for()


def test_two_periods_are_compared_and_saved_in_three_clicks(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    clicks = Clicks(watched.open("/"))
    clicks.on("link", "Compare")
    clicks.on("link", "Two periods")
    assert clicks.page.get_by_label("From").first.input_value() == "2021-03-04"
    assert "share of quotes,direct,0.5,0.0" in clicks.save("All of this as CSV")
    assert clicks.n == 3
    assert not watched.troubles


def test_any_two_sets_of_quotes_are_chosen_in_the_form(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    clicks = Clicks(watched.open("/compare"))
    sides = [clicks.page.get_by_role("group", name=name) for name in ("One side", "The other")]
    for side, speaker in zip(sides, ("Ana Duarte (3)", "Piet Vos (2)"), strict=True):
        side.get_by_label("Outlet").select_option(label="All")
        side.get_by_label("Speaker").select_option(label=speaker)
    clicks.on("button", "Compare")
    assert clicks.page.get_by_role("heading", name="Ana Duarte and Piet Vos").is_visible()
    assert clicks.page.get_by_text("may be chance").first.is_visible()
    assert not watched.troubles


def test_a_person_is_followed_over_time_from_the_list_of_names_in_three_clicks(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    clicks = Clicks(watched.open("/"))
    clicks.on("link", "Names")
    clicks.on("link", "Ana Duarte")
    assert clicks.page.get_by_role("heading", name="Quoted over time").is_visible()
    clicks.page.get_by_role("region", name="Quotes by week and outlet").get_by_role("link", name="Evening Post").click()
    expect(clicks.page.locator(".said")).to_have_count(1)
    assert clicks.page.url.endswith("/quotes?speaker=ana-duarte&outlet=Evening+Post")
    assert not watched.troubles


def test_the_same_utterance_is_read_in_two_wordings_in_two_clicks(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    clicks = Clicks(watched.open("/"))
    clicks.on("link", "Utterances")
    assert clicks.page.locator("ins").all_inner_texts() == ["highlighted", "before", "are"]
    clicks.on("link", "2 articles")
    assert clicks.page.locator(".wordings .sure").count() == 2
    assert not watched.troubles


def test_a_span_is_traced_to_the_raw_text_and_its_rights(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    clicks = Clicks(watched.open("/quote/f8d397a33fcb-q118"))
    clicks.on("link", "in the raw text")
    mark = clicks.page.locator("mark#span")
    assert mark.inner_text() == "will not go back before they are paid"
    assert mark.is_visible()
    assert "Rights: The publisher's" in clicks.page.locator("main").inner_text()
    assert not watched.troubles


def test_an_article_is_cited_as_bibtex_in_four_clicks(browser: Browser, address: str) -> None:
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + "/")
    clicks = Clicks(page)
    clicks.on("link", "Articles")
    clicks.on("link", "Strike spreads along the coast")
    page.get_by_text("BibTeX", exact=True).click()
    page.locator("details", has_text="BibTeX").get_by_role("button", name="Copy").click()
    assert clicks.n + 2 <= 4
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@online{")
    assert "title = {{Strike spreads along the coast}}" in copied


@pytest.mark.parametrize("path", ["/quotes?speaker=ana-duarte", "/compare", "/entity/ana-duarte", "/quality", "/utterance/g1", "/same"])
def test_pages_are_read_and_left_without_scripts(browser: Browser, address: str, path: str) -> None:
    page = Watched(browser, address, java_script_enabled=False).open(path)
    assert page.locator("h1").is_visible()
    for summary in page.locator("summary").all()[:2]:
        was_open = summary.locator("..").get_attribute("open") is not None
        summary.click()
        assert (summary.locator("..").get_attribute("open") is not None) != was_open
    page.get_by_role("link", name="Quotes", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Who said what")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_opens_quietly_reads_well_and_asks_no_other_host(browser: Browser, address: str, scheme: str) -> None:
    watched = Watched(browser, address, color_scheme=scheme)
    for path in PAGES if scheme == "light" else DARK:
        page = watched.open(path)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found if v["impact"] in ("serious", "critical")]
        assert not serious, (path, serious)
        assert not watched.troubles, (path, watched.troubles)


def test_a_long_beginning_of_an_article_breaks_on_a_small_screen(browser: Browser, address: str) -> None:
    page = Watched(browser, address, viewport={"width": 390, "height": 800}).open("/entity/ana-duarte")
    page.locator(".kwic .meta").first.evaluate("cell => cell.textContent = 'Western governments and journalists '.repeat(4)")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_page_is_wider_than_the_screen(browser: Browser, address: str, width: int) -> None:
    watched = Watched(browser, address, viewport={"width": width, "height": 800})
    for path in PAGES:
        assert watched.open(path).evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


@pytest.mark.parametrize("scripts", [True, False])
def test_the_legend_switches_names_quotes_and_what_was_left_out(browser: Browser, address: str, scripts: bool) -> None:
    watched = Watched(browser, address, java_script_enabled=scripts)
    page = watched.open("/article/f8d397a33fcb")
    name, left_out, row = page.locator(".text p .m-person").first, page.locator(".left-out").first, page.locator(".to-row").first

    def tinted() -> bool:
        return page.locator(".text p .m-person").first.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"

    assert tinted()
    page.get_by_label("People").uncheck()
    assert not tinted()
    assert name.is_visible()
    assert not left_out.is_visible()
    page.get_by_label("What was left out").check()
    assert left_out.is_visible()
    assert not row.is_visible()
    page.get_by_label("Links to rows").check()
    assert row.is_visible()
    if scripts:
        page = watched.open("/article/8f383ccddc6f")
        assert not page.get_by_label("People").is_checked()


def test_a_reader_gets_from_a_search_to_the_sentence_and_on_to_the_speaker(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    page = watched.open("/")
    page.keyboard.press("/")
    page.keyboard.type('"go back before"')
    page.keyboard.press("Enter")
    page.locator(".hits a").first.click()
    expect(page).to_have_url(re.compile("#s2$"))
    assert (page.locator(":target").text_content() or "").startswith("Ana Duarte# said")  # waits until it is there
    page.locator("#s2 .m-person").click()
    expect(page.locator("h1")).to_have_text("Ana Duarte")
    assert not watched.troubles


def test_markup_in_an_article_is_shown_and_never_run(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    for path in ("/", "/articles", "/article/8f383ccddc6f", "/entity/hostile", "/qantar/documents", "/search?q=never"):
        page = watched.open(path)
        assert page.title() != "owned"
    page = watched.open("/article/8f383ccddc6f")
    assert page.locator("article h1").inner_text().endswith(HOSTILE_TITLE.replace("\u202d", "\u202d"))
    assert not watched.troubles


def test_every_picture_is_drawn_and_told_in_words_and_numbers(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    page = watched.open("/pictures")
    page.locator("figure.drawn canvas").nth(3).wait_for()
    assert page.locator("canvas").first.get_attribute("aria-label") == "Bars: who is quoted how often, by kind of quote"
    assert page.locator(".words").first.inner_text().startswith("Ana Duarte is quoted most: 3 of 5 quotes")
    assert page.locator("figure details").count() == 4
    assert not watched.troubles


def test_a_picture_is_saved_as_svg_and_png_with_its_source(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    page = watched.open("/pictures")
    page.locator("figure.drawn canvas").nth(3).wait_for()
    saved = {}
    for kind in ("SVG", "PNG"):
        for n in range(4):
            with page.expect_download() as waiting:
                page.locator(".saves").nth(n).get_by_role("button", name=kind).click()
            saved[waiting.value.suggested_filename] = waiting.value.path().read_bytes()
    assert sorted(saved) == sorted(f"{name}.{kind}" for name in ("quoted", "heat", "places", "dates") for kind in ("svg", "png"))
    for name, content in saved.items():
        assert content.startswith(b"<svg" if name.endswith("svg") else b"\x89PNG"), name
        if name.endswith("svg"):
            assert b"Source: Strikes of Marenga, build 2021-03-05-aaaa1111" in content
    assert not watched.troubles


def test_the_menu_is_whole_on_a_telephone(browser: Browser, address: str) -> None:
    page = Watched(browser, address, viewport={"width": 390, "height": 800}).open("/")
    for link in page.locator("header.site nav a").all():
        box = link.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_the_example_in_javascript_runs_as_it_stands(browser: Browser, address: str) -> None:
    watched = Watched(browser, address)
    page, lines = watched.open("/downloads"), []
    page.on("console", lambda message: lines.append(message.text))
    code = dict(examples(address, "2021-03-05-aaaa1111"))["JavaScript"]
    page.evaluate(f"(async () => {{ {code} }})()")
    assert lines == ["Ana Duarte 3", "Piet Vos 2"]
