"""The data of the pictures: what they draw, and that no two people of one name are one bar."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.explorer.conftest import Site
from tests.explorer.small_build import write_small_build


def test_two_people_of_one_name_are_two_bars(tmp_path: Path) -> None:
    folder = write_small_build(tmp_path)
    with closing(sqlite3.connect(folder / "qantar.db")) as connection, connection:
        connection.execute("update entities set name = 'Ana Duarte' where entity_id = 'piet-vos'")
    site = Site(tmp_path)
    for name in ("quoted", "heat"):
        labels = {row["entity_id"]: row["label"] for row in site.get(f"/pictures/{name}.json").json()}
        assert labels["ana-duarte"] == "Ana Duarte (leader of the dockers' union)"
        assert labels["piet-vos"] == "Ana Duarte (minister of transport)"


def test_every_picture_draws_entities_and_articles_by_a_label_of_their_own(site: Site) -> None:
    for name in ("quoted", "heat", "places"):
        spec = site.get(f"/static/pictures/{name}.json").text
        assert '"field": "name"' not in spec
        assert '"field": "article"' not in spec


@pytest.mark.parametrize("name", ["quoted", "heat", "places", "dates"])
def test_the_data_of_a_picture_is_a_csv_too(site: Site, name: str) -> None:
    response = site.get(f"/pictures/{name}.csv")
    assert response.headers["content-disposition"] == f'attachment; filename="{name}-2021-03-05-aaaa1111.csv"'
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(site.get(f"/pictures/{name}.json").json())
    assert "Source: Strikes of Marenga, build 2021-03-05-aaaa1111" in site.text("/pictures")
