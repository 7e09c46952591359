"""`qantar serve --edit`: a form of this server's own changes raw/corrections.csv, and nothing else does; without it there is no form."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from typer.testing import CliRunner

from qantar.cli import app
from qantar.corrections.corrections_file import LOCK, Corrections, load_corrections
from qantar.explorer.editor import COOKIE, EDITS, MOST_FORM, Editor, check_editor
from qantar.settings import QantarError
from qantar.store import locks
from tests.corrections.ferry import HEADER
from tests.explorer.conftest import FORM_HEADERS as OURS
from tests.explorer.conftest import Desk, Site

QUOTE = "f8d397a33fcb-q118"
FORM = {"table": "quotes", "row": QUOTE, "field": "speaker", "value": "Rosa Lund", "by": "Ann", "reason": "heard"}


@pytest.mark.parametrize("address", EDITS)
def test_without_edit_the_addresses_do_not_exist(site: Site, address: str) -> None:
    assert site.request("POST", address, content=urlencode(FORM), headers=OURS).status_code == 405
    assert site.get(address).status_code == 404
    answer = site.get(f"/report?table=quotes&row={QUOTE}")
    assert not re.search(r'method="post"|set-cookie|/edit/', answer.text + str(answer.headers))


def test_a_correction_is_written_shown_as_waiting_and_undone(desk: Desk) -> None:
    answer = desk.send("/edit/correct", FORM)
    assert answer.status_code == 303
    (fix,) = desk.fixes
    assert (fix.table, fix.field, fix.value, fix.by, fix.reason) == ("quotes", "speaker", "Rosa Lund", "Ann", "heard")
    assert fix.on is not None
    assert "speaker: Rosa Lund" in desk.site.text(answer.headers["location"])
    for page in ("/article/f8d397a33fcb", f"/quote/{QUOTE}", "/corrections"):
        assert "speaker: Rosa Lund" in desk.site.text(page), page
    assert desk.send("/edit/undo", {"id": fix.id, "table": "quotes", "row": QUOTE}).status_code == 303
    assert desk.fixes == []
    assert (
        "Rosa Lund" not in desk.site.text("/article/f8d397a33fcb").replace("By Rosa Lund", "").partition("Quotes")[2].partition("Named")[0]
    )
    assert [json.loads(line)["did"] for line in desk.log.read_text("utf-8").splitlines()] == ["added", "took out"]
    assert desk.send("/edit/undo", {"id": fix.id}).status_code == 404


def test_what_was_taken_out_is_put_back_from_the_log(desk: Desk) -> None:
    desk.send("/edit/correct", FORM)
    before = (desk.raw / "corrections.csv").read_bytes()
    (fix,) = desk.fixes
    desk.send("/edit/undo", {"id": fix.id})
    assert desk.send("/edit/restore", {"id": fix.id}).status_code == 303
    assert (desk.raw / "corrections.csv").read_bytes() == before
    assert desk.send("/edit/restore", {"id": "0" * 16}).status_code == 400


def test_a_second_thought_replaces_the_first(desk: Desk) -> None:
    desk.send("/edit/correct", FORM)
    desk.send("/edit/correct", FORM | {"value": "Piet Vos"})
    assert [fix.value for fix in desk.fixes] == ["Piet Vos"]
    desk.send("/edit/correct", FORM | {"field": "kind", "value": "direct"})
    assert [fix.field for fix in desk.fixes] == ["speaker", "kind"]
    desk.send("/edit/correct", FORM | {"field": "delete", "value": ""})
    assert [fix.field for fix in desk.fixes] == ["delete"]
    desk.send("/edit/correct", FORM | {"field": "kind", "value": "direct"})
    assert [(fix.field, fix.text) for fix in desk.fixes] == [("kind", "will not go back before they are paid")]


def test_lines_that_people_wrote_stay_as_they_are(desk: Desk) -> None:
    theirs = f'{HEADER}\r\nport.txt,quotes,,,"two\u2028lines",kind,direct,Bo,,\r\nno correction at all\r\n'
    (desk.raw / "corrections.csv").write_text(theirs, "utf-8", newline="")
    desk.send("/edit/correct", FORM)
    desk.send("/edit/undo", {"id": desk.fixes[1].id})
    assert (desk.raw / "corrections.csv").read_bytes().decode() == theirs
    assert "line 3 has 1 cells" in desk.site.text("/corrections")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"value": "<b>x</b>"}, 400),
        ({"value": ""}, 303),
        ({"field": "kind", "value": "loud"}, 400),
        ({"field": "kind", "value": ""}, 400),
        ({"field": "add", "value": "kind=direct"}, 400),
        ({"field": "nothing"}, 400),
        ({"row": "nothing"}, 404),
        ({"table": "build"}, 404),
        ({"value": "x" * 30_000}, 400),
    ],
)
def test_only_what_a_build_takes_for_a_correction_is_written(desk: Desk, form: dict[str, str], status: int) -> None:
    answer = desk.send("/edit/correct", FORM | form)
    assert answer.status_code == status
    assert len(desk.fixes) == (status == 303)
    assert load_corrections(desk.raw).rejected == []
    if status == 400:
        assert "Nothing was written" in answer.text


def test_a_formula_is_kept_as_a_text(desk: Desk) -> None:
    assert desk.send("/edit/correct", FORM | {"by": "=cmd", "reason": "@x"}).status_code == 303
    assert "'=cmd" in (desk.raw / "corrections.csv").read_text("utf-8")


FOREIGN: dict[str, Callable[[Desk], httpx.Response]] = {
    "no cookie": lambda d: d.send("/edit/correct", FORM, cookie="x=y"),
    "another browser's cookie": lambda d: d.send("/edit/correct", FORM, cookie=f"{COOKIE}=another"),
    "a token of nobody": lambda d: d.send("/edit/correct", FORM | {"token": "0" * 64}),
    "no token": lambda d: d.send("/edit/correct", FORM | {"token": ""}),
    "another site": lambda d: d.send("/edit/correct", FORM, origin="https://evil.example"),
    "another port": lambda d: d.send("/edit/correct", FORM, origin="http://localhost:3000"),
    "a page without an origin": lambda d: d.send("/edit/correct", FORM, origin="null"),
    "no origin": lambda d: d.send("/edit/correct", FORM, origin=""),
    "another site that says it is ours": lambda d: d.send("/edit/correct", FORM, sec_fetch_site="same-site"),
    "a name that leads here": lambda d: d.send("/edit/correct", FORM, origin="http://evil.example", host="evil.example"),
    "undo from elsewhere": lambda d: d.send("/edit/undo", {"id": "x"}, origin="https://evil.example"),
}


@pytest.mark.parametrize("way", FOREIGN)
def test_what_another_site_sends_is_refused(desk: Desk, way: str) -> None:
    assert FOREIGN[way](desk).status_code == 403
    assert not (desk.raw / "corrections.csv").exists()


def test_a_form_is_small_and_a_form(desk: Desk) -> None:
    assert desk.send("/edit/correct", FORM | {"reason": "x" * MOST_FORM}).status_code == 413
    assert desk.send("/edit/correct", FORM, content_type="application/json").status_code == 400
    assert desk.send("/edit/correct", FORM | {str(n): "" for n in range(60)}).status_code == 400
    assert desk.site.get("/edit/correct").status_code == 404
    assert desk.site.request("POST", "/report", headers=OURS).status_code == 405
    assert desk.site.request("PUT", "/edit/correct", headers=OURS).status_code == 405
    assert not (desk.raw / "corrections.csv").exists()


def test_the_cookie_is_for_this_site_alone_and_pages_are_not_kept(desk: Desk) -> None:
    answer = desk.site.get(f"/report?table=quotes&row={QUOTE}")
    (cookie,) = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "no-store" in answer.headers["cache-control"]
    assert "access-control-allow-origin" not in answer.headers


def test_behind_a_log_in_only_its_address_is_an_origin(out: Path, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    desk = Desk(out, tmp_path / "raw", tmp_path, origin="https://news.example.org")
    assert desk.send("/edit/correct", FORM).status_code == 403
    assert desk.send("/edit/correct", FORM, origin="https://news.example.org").status_code == 303
    assert "Secure" in desk.site.get("/corrections").headers["set-cookie"]


def test_one_writes_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "ATTEMPTS", 1)
    with locks.held(desk.raw / LOCK):
        answer = desk.send("/edit/correct", FORM)
    assert answer.status_code == 400
    assert "somebody else is writing there: process" in answer.text
    assert desk.send("/edit/correct", FORM).status_code == 303


@pytest.mark.parametrize(
    ("host", "behind", "said"),
    [
        ("0.0.0.0", None, "--behind-login"),
        ("news.example.org", None, "--behind-login"),
        ("127.0.0.1", "news.example.org", "give the address by which people come"),
        ("127.0.0.1", "https://news.example.org/some/page", "give the address by which people come"),
    ],
)
def test_others_edit_only_behind_a_log_in_that_is_named(tmp_path: Path, host: str, behind: str | None, said: str) -> None:
    with pytest.raises(QantarError, match=said):
        check_editor(tmp_path, tmp_path, host, behind)
    assert check_editor(tmp_path, tmp_path, "0.0.0.0", "https://News.example.org/").origin == "https://news.example.org"
    assert check_editor(tmp_path, tmp_path, "::1", None).origin is None


def test_a_log_in_without_edit_is_wrong_usage(out: Path) -> None:
    assert CliRunner().invoke(app, ["serve", "--out", str(out), "--behind-login", "https://x.example"]).exit_code == 2
    done = CliRunner().invoke(app, ["serve", "--out", str(out), "--edit", "--raw", "nowhere"])
    assert "not a folder that can be written to" in str(done.exception)


def test_the_folder_of_another_corpus_is_not_edited(out: Path, tmp_path: Path) -> None:
    with pytest.raises(QantarError, match="was not made from this folder"):
        check_editor(tmp_path, out, "127.0.0.1", None)


def test_an_entity_is_given_by_its_name_and_a_quote_by_its_words(desk: Desk, out: Path) -> None:
    with closing(sqlite3.connect(out / "latest/qantar.db")) as connection:
        entity_id, name = connection.execute("SELECT entity_id, name FROM entities ORDER BY n_mentions DESC, entity_id").fetchone()
        start, words = connection.execute("SELECT start, text FROM quotes WHERE quote_id = ?", (QUOTE,)).fetchone()
    said = words.partition(" ")[0]
    for field, given, value in (("speaker_entity_id", name.upper(), entity_id), ("segments", f"“{said}”", f"{start}-{start + len(said)}")):
        assert desk.send("/edit/correct", FORM | {"field": field, "value": given}).status_code == 303
        assert desk.fixes[-1].value == value
    for field, given, told in (("speaker_entity_id", "Nobody Knows", "no entity is called"), ("segments", "nobody said", "does not stand")):
        answer = desk.send("/edit/correct", FORM | {"field": field, "value": given})
        assert (answer.status_code, told in answer.text) == (400, True)


class Watched(Editor):
    """An editor that notes by which thread the file is read, and how often."""

    by: set[int]

    def read(self) -> Corrections:
        self.by.add(threading.get_ident())
        return super().read()


def test_a_page_is_made_without_reading_the_file_of_corrections_where_others_would_wait(out: Path, tmp_path: Path) -> None:
    (tmp_path / "corrections.csv").write_text(f"{HEADER}\nport.txt,quotes,,,anything,kind,direct,Bo,,\nno correction\n")
    editor = Watched(raw=tmp_path, out=tmp_path)
    editor.by = set()
    site = Site(out, editor)
    pages = ("/corrections", f"/report?table=quotes&row={QUOTE}", "/article/f8d397a33fcb", f"/quote/{QUOTE}", "/search?q=ferry")
    for page in pages:
        assert site.get(page).status_code == 200
    assert editor.by
    assert threading.get_ident() not in editor.by
    assert editor.read() is editor.read()
    (tmp_path / "corrections.csv").write_text(f"{HEADER}\n")
    assert editor.read().rejected == []
