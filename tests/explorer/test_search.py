from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.explorer.pages import search
from tests.explorer.conftest import Site


def found(site: Site, query: str) -> list[str]:
    page = site.loop.run_until_complete(site.datasette.client.get("/search", params={"q": query}))
    from lxml import html

    return [h.text.strip() for h in html.fromstring(page.text).xpath("//section/h2")]


def test_one_word_is_found_in_articles_sentences_quotes_and_names(site: Site) -> None:
    assert found(site, "Duarte") == ["Names", "Quotes", "Sentences", "Articles"]
    assert found(site, "paid") == ["Quotes", "Sentences", "Articles"]


def test_hits_are_marked_and_lead_to_their_sentence(site: Site) -> None:
    page = site.page('/search?q="go back before"')
    assert "go back before" in page.xpath("//mark")[0].text_content()
    assert "/article/f8d397a33fcb#s2" in page.xpath("//ul[contains(@class, 'hits')]//a/@href")


@pytest.mark.parametrize(
    ("query", "sections"),
    [
        ('"go back before"', ["Quotes", "Sentences", "Articles"]),
        ("threat NOT paid", ["Quotes", "Sentences"]),
        ("governm*", ["Quotes", "Sentences", "Articles"]),
        ("governm", []),
        ("wednesday OR threat", ["Quotes", "Sentences", "Articles"]),
    ],
)
def test_phrases_beginnings_and_operators_are_understood(site: Site, query: str, sections: list[str]) -> None:
    assert found(site, query) == sections


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ('"go back', "A quotation mark is missing its partner"),
        ("(paid OR threat", "A bracket is missing its partner"),
        ("paid AND", "AND, OR and NOT stand between two words"),
        ("*aid", "An asterisk goes at the end of a word"),
        ("colour:paid", "Some signs have a meaning in a search"),
        ("???", "That holds no word"),
    ],
)
def test_a_mistaken_query_is_answered_with_a_hint(site: Site, query: str, hint: str) -> None:
    response = site.loop.run_until_complete(site.datasette.client.get("/search", params={"q": query}))
    assert response.status_code == 200
    assert hint in response.text


@settings(max_examples=60, deadline=None)
@given(
    query=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
    | st.text(st.sampled_from("ab\"()*:-+^{} ANDORT'"), max_size=20)
)
def test_no_query_is_an_error(site: Site, query: str) -> None:
    response = site.loop.run_until_complete(site.datasette.client.get("/search", params={"q": query}))
    assert response.status_code == 200


def test_words_beyond_ranking_say_so_and_still_find(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "RANKED", 2)
    text = site.text("/search?q=said")
    assert "Where there are more than 2 matches, the first 2 were ranked." in text
    assert "Sentences 2+" in text
