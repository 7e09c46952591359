"""Copies in the explorer: versions with what changed, two articles beside each other, and the pairs that are doubtful."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html

from qantar.explorer import aligned
from qantar.explorer.pages.copies import _changes
from qantar.schema import Template
from tests.explorer.conftest import Site
from tests.explorer.small_build import write_small_build
from tests.handmade import Handmade, Passage, row, sha256

FIRST = "Five dockers were hurt in the <b>northern</b> yard on Monday, the harbour office said."
SECOND = FIRST.replace("Five", "Six") + "\n\nThe yard is <script>alert(4)</script> closed."
THIRD = SECOND.replace("closed", "open again")


def add_versions(rows: Handmade) -> None:
    """An article in three versions, the second of unknown day, and two articles of one frame."""
    documents = {}
    days = {"v1": date(2021, 3, 4), "v2": date(2021, 3, 5), "v3": None}
    for name, text in (("v1", FIRST), ("v2", SECOND), ("v3", THIRD), ("f1", "Rain fell in Vale."), ("f2", "Snow fell in Dole.")):
        passages: list[Passage] = [("title", f"Yard {name}"), *(("body", part) for part in text.split("\n\n"))]
        known = {
            "source_path": f"{name}.txt",
            "source_sha256": sha256(name),
            "url": f"https://news.invalid/{name}",
            "published_on": days.get(name),
        }
        documents[name] = rows.document(name, passages, "\n".join(p[1] for p in passages), outlet="Vale Post", annotated=False, **known)
    for name in ("v2", "v3"):
        rows.copy(
            documents[name],
            documents["v1"],
            kind="version",
            similarity=0.9,
            method="m",
            source_id="v1",
            source_evidence="earliest",
            margin=-0.5,
        )
    rows["templates"].append(
        row(Template, document_id="f2", other_id="f1", frame_id="f1", n_documents=2, similarity=0.8, margin=0.02, slots=[[0, 4]])
    )


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Site:
    out = tmp_path_factory.mktemp("versions") / "processed"
    out.mkdir()
    write_small_build(out, more=add_versions)
    return Site(out)


def test_the_page_of_an_article_shows_its_versions_in_time_and_what_changed_word_by_word(versions: Site) -> None:
    page = versions.page("/article/v2")
    (section,) = page.find_class("versions")
    text = " ".join(section.text_content().split())
    assert text.index("Yard v1") < text.index("Yard v2") < text.index("Yard v3")  # what has no day comes last
    first, second = section.iter("details")
    assert [(e.tag, e.text) for e in first.iter("del", "ins")] == [
        ("del", "v1"),
        ("ins", "v2"),
        ("del", "Five"),
        ("ins", "Six"),
        ("ins", "The yard is <script>alert(4)</script> closed"),
    ]
    assert [e.text for e in second.iter("ins")] == ["v3", "open again"]
    assert [item.text_content().split()[0] for item in first.iter("li")] == ["Title:", "Five", "…"]
    assert section.findall(".//script") == []
    assert "They come from Yard v1: it is of an earlier day than all others." in versions.text("/article/v2")


def test_a_title_that_stands_beside_the_text_is_among_what_changed() -> None:
    before = {"title": "Yard shut", "text": "Five were hurt."}
    told = [(c["in_title"], c["removed"], c["added"]) for c in _changes(before, before | {"title": "Yard open"})]
    assert told == [(True, "shut", "open")]
    assert [c["in_title"] for c in _changes(before | {"title": None}, before)] == [True]


def test_an_article_without_versions_has_no_such_section(versions: Site) -> None:
    assert versions.page("/article/f1").find_class("versions") == []


def test_two_articles_stand_beside_each_other_paragraph_by_paragraph(versions: Site) -> None:
    page = versions.page("/article/v1/beside/v2")
    rows = [[cell.text_content() for cell in tr.iter("td")] for tr in page.find(".//tbody").iter("tr")]
    assert rows == [["Yard v1", "Yard v2"], [FIRST, FIRST.replace("Five", "Six")], ["", SECOND.split("\n\n")[1]]]
    assert page.findall(".//main//script") == []
    assert versions.get("/article/v1/beside/nothing").status_code == 404


def test_doubtful_pairs_come_first_with_both_texts(versions: Site) -> None:
    page = versions.page("/doubtful")
    pairs = page.find_class("pair")
    told = [" ".join(pair.text_content().split())[:60] for pair in pairs]
    assert told[0].startswith("Two articles of one frame margin +0.020")
    assert told[1].startswith("A copy (contained) margin -0.100")
    assert len(pairs) == 4
    assert [cell.text_content() for cell in pairs[0].iter("td")][-2:] == ["Snow fell in Dole.", "Rain fell in Vale."]
    assert versions.get("/doubtful?page=2").status_code == 404


def test_a_paragraph_that_was_parted_stands_beside_both_parts() -> None:
    one, other = "Police came at once. Nobody was hurt there.", "Police came at once.\n\nA new line.\n\nNobody was hurt there."
    assert [(str(r.one), str(r.other)) for r in aligned.aligned(one, other)] == [
        (one, "Police came at once."),
        ("", "<ins>A new line</ins>."),
        ("", "Nobody was hurt there."),
    ]
    assert [(str(r.one), str(r.other)) for r in aligned.aligned(other.replace("A new line.\n\n", ""), one)] == [
        ("Police came at once.\n\nNobody was hurt there.", one)
    ]


def test_texts_without_words_are_aligned_too() -> None:
    assert aligned.aligned("", "") == []
    assert [str(r.other) for r in aligned.aligned("…", "<i>")] == ["", "&lt;<ins>i</ins>&gt;"]
    assert html.fromstring(f"<p>{aligned.aligned('a & b', 'a < b')[0].one}</p>").text_content() == "a & b"
