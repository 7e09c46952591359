"""Two outlets beside each other."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from datasette.database import QueryInterrupted

from tests.explorer.conftest import Site
from tests.explorer.small_build import write_small_build

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
    assert [row["first_low"] for row in rows if (row["what"], row["name"]) == ("share of quotes", "direct")] == ["0.0945"]
    assert [row["first"] for row in rows if row["what"] == "quotes"] == ["2"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/compare?first=Evening+Post&second=Evening+Post", "both sides ask for the same quotes"),
        ("/compare?first_outlet=Evening+Post&second=Evening+Post", "both sides ask for the same quotes"),
        ("/compare.csv", "name a filter of one side at least"),
        ("/compare?first_from=May", "first_from must be a day"),
        ("/compare?second_score=7", "second_score must be a number"),
        ("/compare?left=x", "unknown parameter left"),
    ],
)
def test_a_comparison_that_cannot_be_meant_is_told(site: Site, path: str, told: str) -> None:
    response = site.get(path)
    assert response.status_code == 400
    assert told in response.text


def test_a_period_narrows_the_comparison(site: Site) -> None:
    assert "No utterance was found in both." in site.text(f"/compare?{PAIR}&to=2021-03-04")


def rows_of(site: Site, query: str) -> dict[tuple[str, str], tuple[str, str]]:
    response = site.get(f"/compare.csv?{query}")
    assert response.status_code == 200
    rows = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    return {(row["what"], row["name"]): (row["first"], row["second"]) for row in rows}


def test_two_periods_are_compared(site: Site) -> None:
    rows = rows_of(site, "first_to=2021-03-04&second_from=2021-03-05")
    assert rows["side", ""] == ("… to 2021-03-04", "2021-03-05 to …")
    assert rows["quotes", ""] == ("2", "2")
    assert rows["quotes in both sides", ""] == ("0", "0")
    assert rows["share of quotes", "direct"] == ("0.5", "0.0")
    assert rows["the same utterance", "Ana Duarte"] == (
        "will not go back before they are paid",
        "will not go back until they have been paid",
    )


def test_any_two_sets_of_filters_are_compared_and_what_is_in_both_is_told(site: Site) -> None:
    query = "first_speaker=ana-duarte&first_q=paid&second_kind=mixed&second_from=2021-03-05"
    rows = rows_of(site, query)
    assert rows["side", ""] == ("Ana Duarte, “paid”", "2021-03-05 to …, mixed quotes")
    assert rows["quotes", ""] == ("2", "1")
    assert rows["quotes in both sides", ""] == ("1", "1")
    assert "1 quote is in both sides" in site.text(f"/compare?{query}")
    assert rows["share by kind of speaker", "people"] == ("1.0", "1.0")


def test_a_side_without_filters_is_all_quotes_and_an_empty_one_is_told(site: Site) -> None:
    assert rows_of(site, "first=Evening+Post")["side", ""] == ("Evening Post", "All quotes")
    assert "No quote passes the filters of the second side" in site.text("/compare?first=Evening+Post&second=Nowhere")


def test_a_comparison_begins_with_outlets_periods_or_speakers(site: Site) -> None:
    page = site.page("/compare")
    presets = {a.text: a.get("href") for a in page.xpath("//nav[@aria-label='Begin with']/a")}
    assert list(presets) == ["Two outlets", "Two periods", "Two speakers"]
    for address in presets.values():
        assert site.page(address).find_class("shares")
    people = site.text(presets["Two speakers"])
    assert "Ana Duarte and Piet Vos" in people


def test_mens_share_is_told_only_of_those_whom_the_articles_call_he_or_she(tmp_path: Path) -> None:
    folder = write_small_build(tmp_path)
    assert "nobody’s gender is guessed" not in Site(tmp_path).text(f"/compare?{PAIR}")
    with closing(sqlite3.connect(folder / "qantar.db")) as connection, connection:
        for entity, pronoun in (("ana-duarte", "she"), ("piet-vos", "He")):
            connection.execute(
                "update quotes set speaker_basis = 'pronoun', speaker = ? where quote_id = (select min(quote_id) from quotes"
                " where speaker_entity_id = ?)",
                (pronoun, entity),
            )
    site = Site(tmp_path)
    assert "nobody’s gender is guessed" in site.text(f"/compare?{PAIR}")
    assert rows_of(site, PAIR)["share of those called he or she", "men"] == ("0.5", "0.5")


def test_sets_that_take_too_long_to_compare_are_answered_with_advice(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object, **__: object) -> None:
        raise QueryInterrupted(sqlite3.OperationalError("interrupted"), "select", {})

    monkeypatch.setattr("qantar.explorer.queries.rows_where", slow)
    response = site.get("/compare?first=Marenga+Courier&second_kind=direct")
    assert response.status_code == 400
    assert "That takes longer than a second on so many rows. Narrow it" in response.text
