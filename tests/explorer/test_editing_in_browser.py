"""Errors corrected in the browser: written, undone, applied by the next build, and named in the next release's changes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from qantar.corrections.corrections_file import load_corrections
from qantar.explorer.editor import Editor
from qantar.quality.audit_sheet import read_sheet
from tests.conftest import Qantar
from tests.corrections.ferry import write_folder
from tests.explorer.conftest import Watched, served

A = "evegj7z54r7f"
QUOTE = "f8d397a33fcb-q118"
PAGES = ("/audit", "/audit/ann", "/audit/ann?layer=missed", "/corrections", "/article/f8d397a33fcb", f"/quote/{QUOTE}")
FERRY = "We will keep the ferry running."


class Newsroom(NamedTuple):
    """A folder, its builds, and the server that it is corrected on."""

    raw: Path
    out: Path
    address: str


@pytest.fixture
def newsroom(qantar: Qantar, tmp_path: Path) -> Iterator[Newsroom]:
    raw, out = write_folder(tmp_path / "raw"), tmp_path / "processed"
    built = qantar("build", "--raw", raw, "--out", out)
    assert built.returncode == 0, built.stderr
    with served(out, editor=Editor(raw=raw, out=out)) as address:
        yield Newsroom(raw, out, address)


def correct(page: Page, field: str, value: str) -> None:
    """Fill in the form and send it."""
    page.get_by_label("What is wrong").last.select_option(value=field)
    page.get_by_label("What is right").fill(value)
    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")


def reload_until(page: Page, text: str) -> None:
    """Ask for a page again until it shows the text: a server looks for a new build every second or so."""
    for _ in range(60):
        page.reload()
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{page.url} does not show {text!r}")


def judge_one(page: Page, is_passage: bool, key: int | None) -> None:
    """Judge the row that is shown, which is the `key`th judged by the keyboard, or one judged by the form."""
    if key is None and is_passage:
        page.get_by_label("Missed", exact=True).fill("0")
        page.get_by_role("button", name="Save").click()
    elif key is None:
        page.get_by_role("button", name="Right").click()
    elif is_passage:
        page.keyboard.press("0")
    elif key == 0:
        page.keyboard.press("w")
        expect(page.locator("#value")).to_be_focused()
        page.keyboard.type("indirect")
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("u" if key == 1 else "r")


def judge_all(page: Page, by_keys: bool) -> None:
    """Judge every row of a sheet: by the keyboard, the first as wrong with the right value and the second as unsure; or by the form."""
    page.get_by_role("link", name="Audit").click()
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("Rows of each layer").fill("5")
    with page.expect_navigation():
        page.get_by_role("button", name="Draw rows").click()
    n = 0
    while (heading := page.locator("h1").inner_text()) != "Everything is judged":
        with page.expect_navigation():  # waits until the next page, with its script, is there
            judge_one(page, heading.startswith("How many"), n if by_keys else None)
        n += 1
    page.get_by_role("link", name="What it says about the corpus").click()
    page.get_by_role("button", name="Show on the quality page").click()
    expect(page.get_by_role("status")).to_contain_text("are kept")


@pytest.mark.parametrize("scripts", [True, False])
def test_three_errors_corrected_in_the_browser_are_applied_and_named_in_the_next_release(
    qantar: Qantar, browser: Browser, newsroom: Newsroom, scripts: bool
) -> None:
    released = qantar("release", "1.0.0", "--out", newsroom.out)
    assert released.returncode == 0, released.stderr
    watched = Watched(browser, newsroom.address, java_script_enabled=scripts)

    page = watched.open(f"/article/{A}")
    page.locator("li", has_text=FERRY).get_by_role("link", name="report").click()
    correct(page, "speaker", "Tom Hale")
    page = watched.open("/entity/org-harbour")
    page.get_by_role("link", name="report", exact=True).first.click()
    correct(page, "delete", "")
    page = watched.open(f"/article/{A}")
    page.get_by_role("link", name="Report an error in title").click()
    correct(page, "title", "Council votes on the ferry")
    correct(page, "author", "Nobody")
    page.locator(".waiting li", has_text="author").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back.")
    assert [fix.field for fix in load_corrections(newsroom.raw).fixes] == ["speaker", "delete", "title"]
    page = watched.open("/corrections")
    expect(page.locator(".waiting li")).to_have_count(3)

    judge_all(page, by_keys=scripts)
    verdicts = [row.verdict for row in read_sheet(newsroom.out / "audits" / "ann.csv")]
    assert (verdicts.count("wrong"), verdicts.count("unsure"), verdicts.count("")) == ((1, 1, 0) if scripts else (0, 0, 0))
    page = watched.open("/corrections")

    built = qantar("build", "--raw", newsroom.raw, "--out", newsroom.out)
    assert "corrections: 3 applied" in built.stdout + built.stderr
    reload_until(page, "3 applied")
    expect(page.locator(".waiting li")).to_have_count(0)
    page = watched.open(f"/article/{A}")
    expect(page.locator("h1", has_text="Council votes on the ferry")).to_be_visible()
    expect(page.locator("li", has_text=FERRY).locator(".who")).to_have_text("Tom Hale")
    assert page.goto(newsroom.address + "/entity/org-harbour").status == 404  # type: ignore[union-attr]
    assert [trouble for trouble in watched.troubles if "404" not in trouble] == []

    figures = watched.open("/quality").get_by_role("region", name="Accuracy", exact=True).first
    expect(figures.locator("tr", has_text="Quotes: kind, words and speaker")).to_contain_text("–")
    assert "a sample of this corpus, judged by a person" in page.locator("main").inner_text()

    again = qantar("release", "1.1.0", "--out", newsroom.out)
    assert again.returncode == 0, again.stderr
    changes = next((newsroom.out / "releases").glob("*1.1.0*/CHANGES.md")).read_text("utf-8")
    for said in (f"`quotes.speaker` of “{FERRY}” → “Tom Hale”", "`mentions.delete` of “Harbour”", "→ “Council votes on the ferry”"):
        assert said in changes


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_editing_read_well(browser: Browser, out: Path, tmp_path: Path, scheme: str, width: int) -> None:
    (tmp_path / "raw").mkdir()
    with served(out, editor=Editor(raw=tmp_path / "raw", out=tmp_path)) as address:
        watched = Watched(browser, address, color_scheme=scheme, viewport={"width": width, "height": 800})
        page = watched.open(f"/report?table=quotes&row={QUOTE}")
        correct(page, "speaker", "Piet Vos")
        page = watched.open("/audit")
        page.get_by_label("Your name").fill("Ann")
        page.get_by_role("button", name="Draw rows").click()
        page.get_by_role("button", name="Right").click()
        for path in (*PAGES, f"/report?table=quotes&row={QUOTE}&saved=1"):
            page = watched.open(path)
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], path
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            if folder := os.environ.get("QANTAR_SCREENSHOTS"):
                page.screenshot(path=f"{folder}/{re.sub(r'[^a-z]+', '-', path)[:30]}{scheme}-{width}.png", full_page=True)
        assert not watched.troubles
