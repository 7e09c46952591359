"""One lasting address for each article, entity, quote and utterance: previews, citations, and what a link of another build says."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.explorer.conftest import Site
from tests.explorer.small_build import add_to_history, write_small_build

BUILD = "2021-03-05-aaaa1111"
PORT = "f8d397a33fcb"
PAGES = [
    (f"/article/{PORT}", "Dockers walk out at Marenga port", "Marenga Courier, 2021-03-04, 2 quotes", "Lund, R. (2021, March 4)."),
    ("/entity/ana-duarte", "Ana Duarte", "leader of the dockers' union: 3 mentions in 3 articles", "Strikes of Marenga. (2021, March 5)."),
    (f"/quote/{PORT}-q118", "Ana Duarte, in Marenga Courier", "“will not go back before they are paid”", "Lund, R. (2021, March 4)."),
    ("/utterance/g1", "Ana Duarte, in 2 wordings", "reported in 2 articles", "Strikes of Marenga. (2021, March 5)."),
]


@pytest.mark.parametrize(("path", "title", "description", "apa"), PAGES)
def test_a_page_has_a_lasting_address_a_preview_and_citations(site: Site, path: str, title: str, description: str, apa: str) -> None:
    page = site.page(path)
    address = f"http://localhost{path}?build={BUILD}"
    assert page.xpath("//link[@rel='canonical']/@href") == [address]
    assert page.xpath("//meta[@property='og:url']/@content") == [address]
    assert page.xpath("//meta[@property='og:title']/@content") == [title]
    for name in ("//meta[@name='description']/@content", "//meta[@property='og:description']/@content"):
        (told,) = page.xpath(name)
        assert description in told
    cited = {d.findtext("summary"): d.find(".//code").text_content() for d in page.xpath("//section[@class='cite-as']/details")}
    assert list(cited) == ["Text with source", "APA", "BibTeX", "Link"]
    assert cited["APA"].startswith(apa)
    assert cited["BibTeX"].startswith(f"@online{{{path.rpartition('/')[2]},")
    assert cited["Link"] == address
    assert f"build {BUILD}: {address}" in cited["Text with source"]
    assert site.get(address.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/quotes", "/articles", "/compare"])
def test_every_other_page_has_a_description(site: Site, path: str) -> None:
    assert len(site.page(path).xpath("//meta[@name='description']/@content")) == 1


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A second build in which a cue and a name were changed and a quote was removed."""
    out = tmp_path_factory.mktemp("newer")
    write_small_build(out, BUILD)
    folder = out / "builds" / "2021-03-06-bbbb2222"
    shutil.copytree(out / "builds" / BUILD, folder)
    with closing(sqlite3.connect(folder / "qantar.db")) as connection, connection:
        connection.execute("update build set build_id = ?", (folder.name,))
        connection.execute("update quotes set cue = '=shouted', score = 0.5 where quote_id = ?", (f"{PORT}-q118",))
        connection.execute("update entities set name = 'Anna Duarte' where entity_id = 'ana-duarte'")
        connection.execute("delete from quotes where kind = 'indirect'")
    (out / "latest").unlink()
    (out / "latest").symlink_to(folder)
    add_to_history(out / "history.db", folder.name, [])
    return Site(out)


@pytest.mark.parametrize("path", [path for path, *_ in PAGES])
def test_a_link_of_an_earlier_build_says_so(newer: Site, path: str) -> None:
    notice = newer.page(f"{path}?build={BUILD}").find_class("notice")[0]
    assert f"This link was made in build {BUILD}; you see build 2021-03-06-bbbb2222" in notice.text_content()
    assert notice.xpath("a/@href") == [f"/changes?since={BUILD}"]
    assert "no longer kept" in newer.text(f"{path}?build=gone")
    assert "This link was made" not in newer.text(path)


def test_changes_are_counted_and_told_row_by_row_with_old_and_new_value(newer: Site) -> None:
    text = newer.text("/changes")
    assert f"From build {BUILD} to build 2021-03-06-bbbb2222" in text
    assert "Quotes54011cue 1, score 1" in text.replace(" ", "").replace("cue1,score1", "cue 1, score 1")
    rows = newer.text(f"/changes?since={BUILD}&table=quotes")
    assert "cuesaid → =shouted" in rows
    assert "score1.0 → 0.5" in rows
    assert "Removed the government was ready to talk" in rows
    assert newer.page(f"/changes?since={BUILD}&table=quotes&change=changed").xpath("//ul[contains(@class,'changed')]//a/@href") == [
        f"/quote/{PORT}-q118"
    ]
    assert "Anna Duarte" in newer.text(f"/changes?since={BUILD}&table=entities")


def test_changes_are_a_csv_that_no_spreadsheet_runs(newer: Site) -> None:
    response = newer.get(f"/changes.csv?since={BUILD}&table=quotes&change=changed")
    assert response.content.decode("utf-8-sig").splitlines() == [
        "table,key,change,column,before,after",
        f"quotes,{PORT}-q118,changed,cue,said,'=shouted",
        f"quotes,{PORT}-q118,changed,score,1.0,0.5",
    ]


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/changes?since=gone", 404, "Build gone is not kept"),
        ("/changes?since=../x", 404, "is not kept"),
        (f"/changes?since={'a' * 3000}", 404, "is not kept"),
        ("/changes?table=passwd", 404, "There is no table “passwd”"),
        (f"/changes?since={BUILD}&table=quotes&page=9", 404, "There is no such page"),
        ("/changes.csv?since=x", 400, "since must name a build and table a table"),
    ],
)
def test_changes_that_cannot_be_told_are_said_to_be_so(newer: Site, path: str, status: int, told: str) -> None:
    response = newer.get(path)
    assert (response.status_code, told in response.text) == (status, True)


def test_builds_that_take_too_long_to_compare_are_left_to_the_command(newer: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("interrupted")

    newer.datasette.qantar.differences.clear()
    monkeypatch.setattr("qantar.explorer.pages.changes.diff_builds", slow)
    assert "These builds are too large to be compared here. qantar diff OLD NEW --rows does it." in newer.text("/changes")
    newer.datasette.qantar.differences.clear()


def test_one_build_alone_has_no_changes(site: Site) -> None:
    assert "No earlier build is kept beside this one" in site.text("/changes")


def test_the_command_tells_the_same_rows(newer: Site) -> None:
    from typer.testing import CliRunner

    from qantar.cli import app

    folder: Path = newer.datasette.qantar.folder
    result = CliRunner().invoke(app, ["diff", str(folder.parent / BUILD), str(folder), "--rows", "--table", "quotes"])
    assert result.exit_code == 0
    assert f'quotes {PORT}-q118 changed: cue "said" → "=shouted"; score 1.0 → 0.5' in result.stdout.splitlines()
    assert len([line for line in result.stdout.splitlines() if "removed" in line]) == 1
