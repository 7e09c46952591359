"""Articles of one URL or id: each version is a document, what repeats one is told of, and no record hides another."""

from __future__ import annotations

import pytest

from qantar.stages.articles.addresses import article_address
from qantar.stages.articles.versions import Read, Renamed, Renaming, Repeat, rename_repeated, version_id


def rows(*read: Read) -> dict[int, Read]:
    return dict(enumerate(read))


def test_a_later_article_of_an_address_gets_an_id_of_its_own_and_all_share_the_address() -> None:
    first, other = rename_repeated([rows(Read("a", "x.jsonl", "1", "one")), rows(Read("a", "y.jsonl", "1", "two"))])
    assert first == Renaming({0: Renamed("a", "1", "a")})
    assert other == Renaming({0: Renamed(version_id("a", "two"), "1", "a")})


def test_the_id_of_a_version_depends_on_its_words_and_not_on_other_versions() -> None:
    two = rename_repeated([rows(Read("a", "x", "1", "one"), Read("a", "y", "1", "two"))])
    three = rename_repeated([rows(Read("a", "x", "1", "one"), Read("a", "xx", "1", "three"), Read("a", "y", "1", "two"))])
    assert two[0].articles[1].document_id == three[0].articles[2].document_id


def test_what_has_the_same_words_is_a_repeat_of_a_first_or_later_version() -> None:
    read = [Read("a", "x", "1", "one"), Read("a", "y", "1", "two"), Read("a", "z", "1", "one"), Read("a", "zz", "1", "two")]
    (renaming,) = rename_repeated([rows(*read)])
    assert set(renaming.articles) == {0, 1}
    assert renaming.repeats == {2: Repeat("1", "x (record 1)"), 3: Repeat("1", "x (record 1)")}


def test_records_of_one_name_are_numbered_within_their_file_also_those_that_were_rejected() -> None:
    read = [Read("a", "x", "7", "one"), Read("b", "x", "7", "two"), Read("c", "x", "7", "three"), Read("d", "y", "7", "four")]
    (renaming,) = rename_repeated([rows(*read)], [{3: ("x", "7"), 4: ("z", "7")}])
    assert {at: renamed.source_record for at, renamed in renaming.articles.items()} == {1: "7#2", 2: "7#3"}
    assert renaming.rejected == {3: "7#4"}


def test_a_record_that_is_called_as_a_numbered_one_is_told_apart_too() -> None:
    (renaming,) = rename_repeated([rows(*(Read(name, "x", record, name) for name, record in zip("abc", ("7#2", "7", "7"), strict=True)))])
    assert {at: renamed.source_record for at, renamed in renaming.articles.items()} == {2: "7#3"}


@pytest.mark.parametrize(
    "way",
    [
        "?utm_source=mail&utm_medium=x",
        "?fbclid=IwAR0a1",
        "?gclid=a_1",
        "/?CMP=share_btn",
        "?source=feed",
        "#utm_campaign=x",
        "#comments",
        "?at_medium=RSS",
        "?",
    ],
)
def test_however_a_reader_came_to_an_article_its_address_is_the_same(way: str) -> None:
    assert article_address(f"http://WWW.courier.example:80/floods{way}") == article_address("https://courier.example/floods")
    further = way.replace("?", "?p=7&", 1) if "?" in way else f"?p=7{way}"
    assert article_address(f"https://courier.example/floods{further}") == article_address("https://courier.example/floods?p=7")


@pytest.mark.parametrize("other", ["?id=8", "?ref=8", "?page=2", "/more", "#post-8", "#/story/8", "?gallery=1"])
def test_what_may_be_another_article_has_another_address(other: str) -> None:
    assert article_address(f"https://courier.example/floods{other}") != article_address("https://courier.example/floods")


@pytest.mark.parametrize(
    "none", [None, "", "floods", "https://courier.example/?utm_source=mail", "https://courier.example:port/a", "https://[/a"]
)
def test_a_front_page_and_what_is_no_web_address_are_of_no_article(none: str | None) -> None:
    assert article_address(none) is None
