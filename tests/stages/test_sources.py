"""Which article of a group of copies the others come from, and what says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qantar.stages.duplicates.sources import Copy, find_source

DAY, NEXT = date(2022, 1, 5), date(2022, 1, 6)


def copy(document_id: str, **known: Any) -> Copy:
    told: dict[str, Any] = {
        "published_on": DAY,
        "n_words": 100,
        "outlet": "Valley Post",
        "url": None,
        "credits": (),
        "beginning": "Dockers walked out",
    }
    return Copy(document_id, **(told | known))


def source(*copies: Copy) -> tuple[str, str] | None:
    found, turned = find_source(copies), find_source(copies[::-1])
    assert found == turned  # their order makes no difference
    return found and (found.document_id, found.evidence)


AGENCY = copy("agency", outlet="Reuters", published_on=NEXT, n_words=50)


@pytest.mark.parametrize(
    "known",
    [
        {"credits": ("By REUTERS staff",)},
        {"credits": ("Thomson Reuters",)},
        {"beginning": "VALE, Jan 5 (Reuters) - Dockers walked out"},
    ],
    ids=["byline", "another name", "dateline"],
)
def test_the_article_of_the_agency_that_a_copy_credits_is_the_source_whatever_its_day(known: dict[str, Any]) -> None:
    assert source(copy("a", **known), copy("b"), AGENCY) == ("agency", "agency")


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"credits": ("Photo: Reuters",)},
        {"credits": ("By the Reutersward family",)},
        {"credits": ("A map of the bay, by Ann ap Rhys",)},
        {"beginning": "Reuters said that dockers walked out"},
        {"beginning": "Dockers walked out " * 12 + "(Reuters)"},
        {"credits": ("Xinhua",)},
    ],
    ids=["no credit", "a picture's", "part of a word", "small letters", "not in brackets", "far down", "another agency's"],
)
def test_without_a_credit_for_the_text_it_is_not(known: dict[str, Any]) -> None:
    of_ap = AGENCY._replace(outlet="AP") if "ap" in str(known.get("credits")) else AGENCY
    assert source(copy("a", **known), of_ap) == ("a", "earliest")


def test_an_agency_is_known_by_its_address_too() -> None:
    one = copy("a", credits=("AP",))
    assert source(one, AGENCY._replace(outlet=None, url="https://www.apnews.com/1")) == ("agency", "agency")
    assert source(one, AGENCY._replace(outlet=None, url="https://apnews.com/1")) == ("agency", "agency")
    assert source(one, AGENCY._replace(outlet=None, url="https://notapnews.com/1")) == ("a", "earliest")


def test_of_two_articles_of_an_agency_it_is_the_earlier() -> None:
    later = AGENCY._replace(document_id="later", published_on=date(2030, 1, 1), n_words=900)
    assert source(copy("a", credits=("Reuters",)), later, AGENCY._replace(n_words=50)) == ("agency", "agency")


def test_an_agencys_own_credit_says_nothing() -> None:
    assert source(AGENCY._replace(credits=("Reuters",)), copy("a")) == ("a", "earliest")


def test_else_it_is_the_one_of_an_earlier_day_than_all_others() -> None:
    assert source(copy("a", published_on=NEXT, n_words=300), copy("b"), copy("c", published_on=None)) == ("b", "earliest")


def test_of_those_of_one_day_it_is_the_one_that_credits_an_agency_where_others_have_left_that_out() -> None:
    credited = copy("c", beginning="VALE, Jan 5 (Reuters) - Dockers walked out")
    assert source(copy("a", n_words=180), credited) == ("c", "credit")
    assert source(copy("a", n_words=180), credited, copy("d", n_words=120, credits=("By Reuters",))) == ("d", "credit")
    assert source(copy("a", n_words=180), credited, copy("d", n_words=120, credits=("Xinhua",))) == ("a", "fullest")
    assert source(copy("a", n_words=180), credited, copy("d", credits=("By Reuters",))) == ("a", "fullest")
    assert source(copy("a", n_words=180, credits=("Reuters",)), credited) == ("a", "fullest")
    assert source(copy("a"), copy("b"), credited._replace(published_on=NEXT)) is None
    assert source(copy("a", published_on=None), credited._replace(published_on=None)) == ("c", "credit")
    assert source(copy("a", published_on=date(2022, 1, 4)), credited) == ("a", "earliest")


def test_of_those_of_one_day_it_is_the_fullest() -> None:
    assert source(copy("a"), copy("b", n_words=180), copy("c", published_on=NEXT, n_words=300)) == ("b", "fullest")
    assert source(copy("a", published_on=None), copy("b", published_on=None, n_words=101)) == ("b", "fullest")


def test_where_nothing_decides_no_source_is_named() -> None:
    assert source(copy("a"), copy("b")) is None
    assert source(copy("a"), copy("b", published_on=None, n_words=300)) is None
