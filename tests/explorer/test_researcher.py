"""The raw text by its blocks, people over time, and names that may be one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.explorer.conftest import Site
from tests.explorer.small_build import write_small_build

PORT = "f8d397a33fcb"


def test_the_raw_text_is_all_blocks_with_role_rule_and_characters(site: Site) -> None:
    page = site.page(f"/article/{PORT}/raw")
    assert [li.get("class") for li in page.xpath("//ol[@class='raw']/li")] == ["out", "kept", "out", "kept", "kept", "kept", "out"]
    assert "boilerplate · by hand · raw 0–" in site.text(f"/article/{PORT}/raw")
    assert "Rights: The publisher's" in site.text(f"/article/{PORT}/raw")


def test_any_span_is_marked_in_the_raw_text(site: Site) -> None:
    blocks = site.get(f"/qantar/blocks.json?_shape=array&document_id={PORT}").json()
    mentions = site.get(f"/qantar/mentions.json?_shape=array&document_id={PORT}").json()
    quote = f"{PORT}-q118"
    for span, text in (
        (quote, "will not go back before they are paid"),
        (mentions[0]["mention_id"], mentions[0]["text"]),
        (blocks[0]["block_id"], blocks[0]["text"]),
    ):
        page = site.page(f"/article/{PORT}/raw?span={span}")
        assert [m.text_content() for m in page.xpath("//mark[@id='span']")] == [text]
    assert site.get(f"/article/{PORT}/raw?span=nothere").status_code == 404
    assert site.get(f"/article/nothere/raw?span={quote}").status_code == 404


def test_a_persons_page_tells_weeks_outlets_and_who_spells_the_name_how(site: Site) -> None:
    text = site.text("/entity/ana-duarte")
    weeks = site.page("/entity/ana-duarte").xpath("//table[.//meter]//tr[td[@class='day']]")
    told = [[" ".join(cell.text_content().split()) for cell in row] for row in weeks]
    assert told == [["2021-03-01", "2 2", "Evening Post 1, Marenga Courier 1"]]  # 4 and 5 March 2021 are in the week of Monday the 1st
    assert "Evening PostAnna Duarte 1" in text
    assert "1 quote more in articles whose day is not known" in text


def test_names_that_may_be_one_stand_beside_each_other_with_their_evidence(tmp_path: Path) -> None:
    folder = write_small_build(tmp_path)
    with closing(sqlite3.connect(folder / "qantar.db")) as connection, connection:
        connection.execute("insert into possible_same values ('ana-duarte', 'piet-vos', 0.42, 'they share an outlet')")
    site = Site(tmp_path)
    same = site.text("/same")
    for told in ("Ana Duarte", "Piet Vos", "42 in 100 such pairs are one", "they share an outlet", "3 mentions"):
        assert told in same
    for entity, other in (("ana-duarte", "Piet Vos"), ("piet-vos", "Ana Duarte")):
        assert f"May be the same as {other}" in site.text(f"/entity/{entity}")


def test_no_pair_is_told_plainly(site: Site) -> None:
    assert "No such pair was found in this build." in site.text("/same")
