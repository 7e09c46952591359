"""What is wanted of what is listed; what is left out is written down with its reason, and can be wanted later."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qantar.collect.followed_sources import Source
from qantar.collect.listings import Item
from qantar.collect.relevance import Filter, Page
from tests.collect.conftest import Collect
from tests.collect.sites import Answer, Paper, feed, follow, write_sources
from tests.collect.test_collect import articles_of, failed_of, serve_stories

ITEM = Item(
    "https://harbour.example/world/1", "Fuel prices rise in Almaty", "Drivers protest.", "2022-01-05T06:00:00Z", None, "en", ("Politics",)
)


def source(**given: Any) -> Source:
    return Source.model_validate({"outlet": "H", "feeds": ["x"], **given})


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, None),
        ({"words": ["almaty"]}, None),
        ({"words": ["Almat*", "Atyrau"]}, None),
        ({"words": ["fuel  PRICES"]}, None),
        ({"words": ["Alma"]}, "no_words"),
        ({"words": ["drivers"], "without": ["protest"]}, "unwanted_words"),
        ({"since": "2022-01-05"}, None),
        ({"since": "2022-01-06"}, "too_old"),
        ({"until": "2022-01-04"}, "too_new"),
        ({"sections": ["/world/"]}, None),
        ({"sections": ["politics"]}, None),
        ({"sections": ["/sport/", "Culture"]}, "section"),
        ({"languages": ["en"]}, None),
        ({"languages": ["ru"]}, "language"),
        ({"words": ["nothing"], "words_in": "page"}, None),
    ],
)
def test_a_listed_article_is_wanted_or_there_is_a_reason(given: dict[str, Any], reason: str | None) -> None:
    assert Filter(source(**given)).of_listing(ITEM) == reason


BARE = Item("https://harbour.example/1")


@pytest.mark.parametrize(
    ("given", "item", "read", "reason"),
    [
        ({"words": ["Almaty"]}, BARE, Page("In Almaty."), None),
        ({"words": ["Almaty"]}, BARE, Page("In Atyrau.", title="Almaty"), None),
        ({"words": ["Almaty"]}, BARE, Page("In Atyrau."), "no_words"),
        ({"words": ["Almaty"], "words_in": "page"}, ITEM, Page("In Atyrau."), "no_words"),
        ({"since": "2022-01-05"}, BARE, Page("x", published_on=date(2022, 1, 4)), "too_old"),
        ({"languages": ["en"]}, BARE, Page("x", language="ru"), "language"),
        ({"languages": ["en"]}, ITEM, Page("x", language="ru"), None),
    ],
)
def test_what_the_listing_does_not_say_is_looked_for_in_the_page(given: dict[str, Any], item: Item, read: Page, reason: str | None) -> None:
    wanted = Filter(source(**given))
    assert wanted.of_listing(item) is None
    assert wanted.of_page(item, read) == reason
    assert wanted.needs_page(item) == (item is BARE or "words_in" in given)


def test_what_is_left_out_is_counted_with_addresses_and_fetched_once_it_is_wanted(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga", "Porto")
    paper.routes["/feed"] = feed(paper, ["/Marenga", "/Porto"], titles={"/Marenga": "Strike in Marenga", "/Porto": "A quiet day"})
    raw = write_sources(tmp_path / "raw", follow(paper, more='words = ["strike*"]'), paper)
    (row,) = run(raw).rows
    assert (row.n_new, row.n_left_out) == (1, 1)
    left_out = (raw / "collected/left_out.csv").read_text("utf-8")
    assert left_out == f"url,outlet,reason,since,title\n{paper.url('/Porto')},Harbour Times,no_words,2022-01-05,A quiet day\n"
    assert paper.paths == ["/feed", "/Marenga"], "and costs no request"
    write_sources(raw, follow(paper, more='words = ["strike*", "quiet"]'), paper)
    assert run(raw).rows[0].n_new == 1
    assert len(articles_of(raw)) == 2


def test_a_page_that_is_looked_at_and_not_wanted_is_not_stored_nor_fetched_again(tmp_path: Path, paper: Paper, run: Collect) -> None:
    serve_stories(paper, "Marenga", "Porto")
    paper.routes["/front"] = Answer("<html></html>")
    addresses = [paper.url(path) for path in ("/Marenga", "/Porto", "/front")]
    raw = write_sources(tmp_path / "raw", f'[[source]]\noutlet = "H"\naddresses = {addresses!r}\nwords = ["Marenga"]\n', paper)
    (row,) = run(raw).rows
    assert (row.n_new, row.n_left_out) == (1, 1)
    assert failed_of(raw) == {paper.url("/front"): "no_article"}
    run(raw)
    assert paper.paths.count("/Porto") == 1
    assert [article.url for article in articles_of(raw)] == [paper.url("/Marenga")]
