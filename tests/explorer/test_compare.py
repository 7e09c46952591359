"""Two outlets beside each other."""

from __future__ import annotations

import csv
import io

import pytest

from tests.explorer.conftest import Site

PAIR = "first=Marenga+Courier&second=Evening+Post"


def test_two_outlets_stand_beside_each_other_with_wordings_speakers_and_shares(site: Site) -> None:
    text, page = site.text(f"/compare?{PAIR}"), site.page(f"/compare?{PAIR}")
    passages = [q.text_content() for q in page.find_class("passage")]
    assert passages == ["will not go back before they are paid", "will not go back until they have been paid"]
    assert [i.text_content() for i in page.find_class("passage")[0].iter("ins")] == ["before", "are"]
    assert "50.0 % 9.5–90.5 · 1 quote" in text.replace("%9", "% 9")
    assert "may be chance" in text


def test_who_is_quoted_in_one_only_is_listed_there(site: Site) -> None:
    text = site.text("/compare?first=Evening+Post&second=%3Ci%3ETabloid%3C%2Fi%3E")
    assert "Quoted only in Evening Post 1Piet Vos 1" in text


def test_a_comparison_is_one_csv(site: Site) -> None:
    response = site.get(f"/compare.csv?{PAIR}&from=&to=2021-03-05")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    whats = [row["what"] for row in rows]
    assert [whats.count(w) for w in ("share of quotes", "quotes of a speaker", "the same utterance")] == [4, 2, 1]
    assert rows[2]["first_low"] == "0.0945"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/compare?first=Evening+Post&second=Evening+Post", "name the same outlet"),
        ("/compare.csv?first=Evening+Post", "first and second must both name an outlet"),
        ("/compare?left=x", "unknown parameter left"),
    ],
)
def test_a_comparison_that_cannot_be_meant_is_told(site: Site, path: str, told: str) -> None:
    response = site.get(path)
    assert response.status_code == 400
    assert told in response.text


def test_a_period_narrows_the_comparison(site: Site) -> None:
    assert "None was found." in site.text(f"/compare?{PAIR}&to=2021-03-04")
