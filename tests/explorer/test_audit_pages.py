"""The audit in the browser: a row at a time, into the sheet of the command; it goes on where it stopped, and two people are compared."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from qantar.explorer.editor import EDITS
from qantar.quality.audit import score_sheet
from qantar.quality.audit_figures import load_figures
from qantar.quality.audit_sheet import Judged, read_sheet
from qantar.schema import QuoteKind
from tests.explorer.conftest import Desk, Site


def sheet(desk: Desk, name: str = "ann") -> list[Judged]:
    return read_sheet(desk.editor.out / "audits" / f"{name}.csv")


def form(desk: Desk, address: str) -> dict[str, str]:
    """The hidden fields of the last form of a page."""
    last = desk.site.page(address).xpath("//main//form")[-1]
    return {str(field.get("name")): str(field.get("value")) for field in last.xpath(".//input[@type='hidden']")} | {"token": ""}


def judge(desk: Desk, name: str, **said: str) -> str:
    """Judge the row that is shown; returns the page to see then."""
    hidden = {key: value for key, value in form(desk, f"/audit/{name}").items() if key != "token"}
    answer = desk.send("/edit/audit/judge", hidden | said)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_without_edit_there_is_no_audit(site: Site) -> None:
    assert site.get("/audit").status_code == site.get("/audit/ann").status_code == 404
    assert "/audit" not in site.get("/quality").text


def test_rows_are_judged_one_by_one_and_the_sheet_goes_on_where_it_stopped(desk: Desk) -> None:
    assert desk.send("/edit/audit/start", {"by": "Ann", "rows": "5"}).headers["location"] == "/audit/ann"
    n = len(sheet(desk))
    first = form(desk, "/audit/ann")
    assert desk.site.page("/audit/ann").xpath("//datalist/option/@value") == list(get_args(QuoteKind))
    where = judge(desk, "ann", verdict="wrong", value="indirect", note="no marks")
    judged = [row for row in sheet(desk) if row.verdict]
    assert [(row.verdict, row.drawn["value"], row.drawn["by"], row.drawn["note"]) for row in judged] == [
        ("wrong", "indirect", "ann", "no marks")
    ]
    assert form(desk, "/audit/ann")["row"] != first["row"]
    back = desk.site.page(where).xpath("//a[@id='back']/@href")[0]
    assert form(desk, back)["row"] == first["row"]
    assert desk.send("/edit/audit/start", {"by": "Ann", "rows": "50"}).status_code == 303
    assert len(sheet(desk)) >= n
    assert sum(bool(row.verdict) for row in sheet(desk)) == 1
    assert "1 of" in desk.site.text("/audit")


def test_a_whole_sheet_gives_figures_corrections_and_agreement(desk: Desk) -> None:
    for name in ("Ann", "Бота Қ."):
        assert desk.send("/edit/audit/start", {"by": name, "rows": "5"}).status_code == 303
    for name, quotes in (("ann", "wrong"), ("бота-қ", "right")):
        for _ in sheet(desk, name):
            layer = form(desk, f"/audit/{name}")["of"]
            verdict = {"verdict": quotes, "value": "block"} if layer == "quotes" else {"verdict": "right"}
            judge(desk, name, **({"missed": "1"} if layer.startswith("missed") else verdict))
        assert "Everything is judged" in desk.site.text(f"/audit/{name}")
    text = desk.site.text("/audit")
    assert "Cohen’s kappa" in text
    assert "5 disagreements" in text
    assert {(f.layer, f.metric) for f in score_sheet(sheet(desk))} >= {("quotes", "precision"), ("mentions", "recall")}
    assert desk.send("/edit/audit/keep", {"name": "ann"}).status_code == 303
    assert {row.gold for row in load_figures(desk.raw)} == {"audit"}
    answer = desk.send("/edit/audit/correct", {"name": "ann"})
    assert "5 new corrections" in desk.site.text(answer.headers["location"])
    assert Counter(fix.field for fix in desk.fixes) == {"kind": 5}


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("/edit/audit/start", {"by": "../..", "rows": "5"}, 400),
        ("/edit/audit/start", {"by": "Bo", "rows": "1"}, 400),
        ("/edit/audit/start", {"by": "Bo", "rows": "99999999"}, 400),
        ("/edit/audit/judge", {"name": "nobody", "of": "quotes", "row": "x", "verdict": "right"}, 404),
        ("/edit/audit/judge", {"name": "../../raw", "of": "quotes", "row": "x", "verdict": "right"}, 404),
        ("/edit/audit/judge", {"name": "ann", "of": "quotes", "row": "x", "verdict": "right"}, 400),
        ("/edit/audit/keep", {"name": "ann"}, 400),
        ("/edit/audit/correct", {"name": "nobody"}, 404),
    ],
)
def test_what_is_no_judgement_changes_nothing(desk: Desk, address: str, sent: dict[str, str], status: int) -> None:
    desk.send("/edit/audit/start", {"by": "Ann", "rows": "5"})
    before = (desk.editor.out / "audits" / "ann.csv").read_bytes()
    assert desk.send(address, sent).status_code == status
    assert (desk.editor.out / "audits" / "ann.csv").read_bytes() == before
    assert not list(desk.raw.glob("*.csv"))


@pytest.mark.parametrize("address", [address for address in EDITS if "audit" in address])
def test_an_audit_takes_no_form_from_elsewhere(desk: Desk, address: str) -> None:
    assert desk.send(address, {"by": "Ann", "rows": "5", "name": "ann"}, origin="https://evil.example").status_code == 403
