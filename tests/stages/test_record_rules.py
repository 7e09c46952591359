"""What the fields of a record say, value by value: of each rule an example that fails without it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qantar.stages.articles import record_values
from qantar.stages.articles.encodings import MOST_CHARACTERS
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.record_columns import column_mapping, unwrap, used_columns
from qantar.stages.articles.record_fields import article_in
from qantar.stages.articles.record_text import RecordText, read_text
from tests.stages.test_read import ENGLISH

DEEP: Any = ENGLISH
for _ in range(5_000):
    DEEP = {"name": DEEP, "text": DEEP}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" null ", ""),
        ("Undefined behaviour", "Undefined behaviour"),
        (b"Caf\xe9 owners came.", "Café owners came."),
        (b"\x89PNG\r\n\x1a\n", ""),
        (7, ""),
        (["One.", "", "Two."], "One.\n\nTwo."),
        (["The gate is ", {"text": "shut"}, "."], "The gate is shut."),
        ({"Content": "One."}, "One."),
        ({"text": "", "html": "One."}, "One."),
        ({"summary": "In short.", "text": "One."}, "One."),
        ({"headline": "Gates", "summary": "", "sections": ["One.", "Two."]}, "Gates\n\nOne.\n\nTwo."),
        (DEEP, ""),
    ],
)
def test_the_text_of_a_value(value: Any, text: str) -> None:
    assert record_values.text_of(value) == text


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (None, None),
        ("N/A", None),
        (float("nan"), None),
        (True, None),
        (7.0, "7"),
        (7.5, "7.5"),
        (b"Courier", "Courier"),
        ("Tide\n&amp;\u200b calm", "Tide & calm"),
        ("Marks&notes", "Marks&notes"),
        ({"id": 12, "Display_Name": "Courier"}, "Courier"),
        ({"name": "", "title": "Courier"}, "Courier"),
        (["Ann", "", "Bo"], "Ann, Bo"),
        (["", None], None),
        (DEEP, None),
    ],
)
def test_the_line_of_a_value(value: Any, line: str | None) -> None:
    assert record_values.line_of(value) == line


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        (record_values.address_of, "https://courier.example/{slug}", None),
        (record_values.address_of, "", None),
        (record_values.address_of, "https://courier.example/n/1", "https://courier.example/n/1"),
        (record_values.web_address_of, "https://courier.example/n/1", "https://courier.example/n/1"),
        (record_values.web_address_of, "https://courier.example/", None),
        (record_values.web_address_of, None, None),
        (record_values.outlet_of, "The Coast Courier", "The Coast Courier"),
        (record_values.outlet_of, "https://courier.example/", None),
        (record_values.outlet_of, "courier.example", None),
        (record_values.outlet_of, "", None),
        (record_values.own_host_of, "https://www.courier.example/n", "courier.example"),
        (record_values.own_host_of, "courier.example", "courier.example"),
        (record_values.own_host_of, None, None),
        (record_values.day_of, 45365.25, date(2024, 3, 14)),
        (record_values.day_of, ["14 марта 2024 г."], date(2024, 3, 14)),
        (record_values.day_of, True, None),
        (record_values.day_of, None, None),
    ],
)
def test_addresses_outlets_and_days(read: Any, value: Any, said: Any) -> None:
    assert read(value) == said


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("", None),
        ("Reed; Ann Marie; Vries; Bo", "Ann Marie Reed; Bo Vries"),
        ("Coastwatch; Anna Reed", "Coastwatch; Anna Reed"),
        ("Anna Reed; Vries; Bo", "Anna Reed; Vries; Bo"),
        ("Anna Reed; Kalila; Juno; Oriel", "Anna Reed; Kalila; Juno; Oriel"),
        ("TheCourier", None),
        ("Reed, Ann;", "Ann Reed"),
        ("Reed, Ann Marie", "Ann Marie Reed"),
        ("Anna Reed, Tom", "Anna Reed"),
        ("Reed, Correspondent", "Reed"),
        ("Reed,", "Reed"),
        ("['Anna Reed', 'Tom Vane']", "Anna Reed; Tom Vane"),
        ('{"name": "Ann Reed"}', "Ann Reed"),
        ("{broken", None),
        ({"first_name": "", "first": "Bo", "last_name": "Vries"}, "Bo Vries"),
        ({"name": "Bo Vries", "last_name": ""}, "Bo Vries"),
        ({"last_name": "Vries"}, "Vries"),
        ("Www Courier Com", None),
        ("Sunday Adeyemi", "Sunday Adeyemi"),
        ("The Courier", None),
    ],
)
def test_the_authors_of_a_record(value: Any, names: str | None) -> None:
    assert record_values.authors_of(value, ["The Courier"]) == names


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (None, None),
        ("<b>Calm</b> &amp; tide | Courier", "Calm &amp; tide"),
        ("Opinion | Calm at last", "Calm at last"),
    ],
)
def test_the_title_of_a_record(title: str | None, shown: str | None) -> None:
    assert record_values.title_without_site(title, "The Courier", None) == shown


# --- columns ---------------------------------------------------------------------------------------------------------


def test_columns_by_their_names() -> None:
    names = ["Head Line", "body", "Metadata", "n"]
    assert column_mapping(names) == {"text": "body", "title": "Head Line"}
    assert used_columns(names) == {"body", "Head Line", "Metadata"}


ONE, TWO = {"id": "k1", "text": ENGLISH}, {"id": "k2", "text": f"{ENGLISH} They left."}


@pytest.mark.parametrize(
    ("record", "articles"),
    [
        (ONE, [ONE]),
        ({"_source": {"text": ENGLISH}}, [{"text": ENGLISH}]),
        ({"_source": {"text": ENGLISH}, "title": {"text": "Calm"}}, [{"text": ENGLISH, "title": {"text": "Calm"}}]),
        ({"_id": "k1", "_source": {"text": ENGLISH, "tags": ["a"]}}, [{"_id": "k1", "text": ENGLISH, "tags": ["a"]}]),
        ({"_source": "Courier", "articles": [ONE]}, [ONE]),
        ({"_source": {"name": "Courier"}, "articles": [ONE]}, [ONE]),
        ({"articles": [], "results": [ONE, TWO]}, [ONE, TWO]),
        ({"articles": [1, 2], "results": [ONE]}, [ONE]),
        ({"articles": 2, "results": [ONE]}, [ONE]),
        ({"status": "ok", "response": {"total": 2, "docs": [ONE, {"article": TWO}]}}, [ONE, {"article": TWO}]),
        ({"lang": "en", "meta": {"lang": "en"}, "data": {"text": ENGLISH}}, [{"lang": "en", "text": ENGLISH}]),
        ({"results": {"total": 2}, "data": ONE}, [ONE]),
        ({"k1": {"text": ENGLISH}, "b": TWO}, [ONE, TWO]),
        ({"k1": {"text": ENGLISH}, "k2": {"title": "Calm"}}, [{"k1": {"text": ENGLISH}, "k2": {"title": "Calm"}}]),
        ({"k1": {"text": ENGLISH}, "n": 1}, [{"k1": {"text": ENGLISH}, "n": 1}]),
        ({"title": {"text": "Calm"}, "author": {"text": "Ann"}}, [{"title": {"text": "Calm"}, "author": {"text": "Ann"}}]),
        ({"id": {"0": "k1", "1": "k2"}, "text": {"0": ENGLISH, "1": TWO["text"]}}, [ONE, TWO]),
        ({"id": {"0": "k1", "1": "k2"}, "text": {"0": ENGLISH}}, [{"id": {"0": "k1", "1": "k2"}, "text": {"0": ENGLISH}}]),
        ({"article": {"title": "Calm", "page": "7"}}, [{"article": {"title": "Calm", "page": "7"}}]),
        ({"id": {"0": "k1"}, "title": {"0": "Calm"}}, [{"id": {"0": "k1"}, "title": {"0": "Calm"}}]),
        ({"columns": ["id", "text"], "data": [["k1", ENGLISH], ["k2", TWO["text"]]]}, [ONE, TWO]),
        ({"columns": ["id", "text"], "data": [["k1"]]}, [{"columns": ["id", "text"], "data": [["k1"]]}]),
        ({"columns": ["id", "text"], "data": ["ab"]}, [{"columns": ["id", "text"], "data": ["ab"]}]),
        ({"columns": ["id", "text"], "rows": 2}, [{"columns": ["id", "text"], "rows": 2}]),
        ({"columns": 2, "data": [["k1", ENGLISH]]}, [{"columns": 2, "data": [["k1", ENGLISH]]}]),
        ({}, [{}]),
    ],
)
def test_the_articles_within_what_is_put_around_them(record: dict[str, Any], articles: list[dict[str, Any]]) -> None:
    found = list(unwrap(record))
    assert [{**one, **expected} for one, expected in zip(found, articles, strict=True)] == found
    assert [one.get("id") for one in found] == [expected.get("id") for expected in articles]


# --- articles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"id": "k1"}, {"record": "k1", "id": "k1", "published_on": None, "published_basis": None, "is_repaired": False, "parts": ()}),
        ({"metadata": {"id": "k1"}}, {"record": "7", "id": None}),
        (
            {"metadata": '{"title": "Calm", "date": "2022-01-05"}'},
            {"title": "Calm", "published_on": date(2022, 1, 5), "published_basis": "metadata"},
        ),
        ({"metadata": "{broken", "meta": "[1]", "info": {"title": "Calm"}}, {"title": "Calm"}),
        ({"url": "https://courier.example/n/1", "source": "https://courier.example/n/2"}, {"url": "https://courier.example/n/1"}),
        ({"source": "https://www.courier.example/n/2"}, {"url": "https://www.courier.example/n/2", "outlet": "courier.example"}),
        ({"publisher": "courier.example", "source": "The Courier"}, {"outlet": "The Courier"}),
        ({"author": "Ann Reed, The Courier", "outlet": "The Courier"}, {"author": "Ann Reed"}),
        (
            {"text": f"<p>har\u00adbour</p><p>{ENGLISH}</p>"},
            {"text": f"harbour\n\n{ENGLISH}", "has_raw_offsets": False, "is_repaired": False},
        ),
        ({"text": f"har\u00adbour {ENGLISH}"}, {"text": f"har\u00adbour {ENGLISH}", "has_raw_offsets": True, "is_repaired": False}),
        ({"text": f"The café\x92s owner said so. {ENGLISH}"}, {"text": f"The café’s owner said so. {ENGLISH}", "is_repaired": True}),
        ({"text": "", "body": ENGLISH}, {"text": ENGLISH}),
        ({"text": "The gate… [+4312 chars]"}, {"parts": ((0, 8, None, ""), (8, 23, "boilerplate", "cut by its service"))}),
        ({"text": f"{ENGLISH}… [+4312 chars]", "description": "The gate."}, {"text": f"{ENGLISH}… [+4312 chars]"}),
        ({"text": f"{ENGLISH[:60]}… [+4312 chars]", "body": f"{ENGLISH}… [+4 chars]", "html": ENGLISH}, {"text": ENGLISH}),
        ({"summary": "In short: the gate is shut."}, {"text": "In short: the gate is shut."}),
        ({"summary": "The gate was…", "body": f"{ENGLISH}…"}, {"text": f"{ENGLISH}…"}),
        ({"text": "The gate was…", "summary": ""}, {"text": "The gate was…"}),
        ({"summary": f"{ENGLISH * 4}…"}, {"text": f"{ENGLISH * 4}…"}),
        ({"body": ENGLISH, "snippet": "The gate.", "source_code": "CR"}, {"text": f"The gate.\n\n{ENGLISH}"}),
        ({"body": ENGLISH, "snippet": ENGLISH[:40], "source_code": "CR"}, {"text": ENGLISH}),
        ({"body": ENGLISH, "snippet": "", "source_code": "CR"}, {"text": ENGLISH}),
        ({"body": ENGLISH, "snippet": "The gate."}, {"text": ENGLISH}),
    ],
)
def test_the_article_of_a_record(record: dict[str, Any], said: dict[str, Any]) -> None:
    found = article_in(record if {"text", "body", "summary"} & record.keys() else {**record, "text": ENGLISH}, 7)
    assert isinstance(found, Found)
    assert {name: getattr(found, name) for name in said} == said


@pytest.mark.parametrize(
    ("record", "reason", "detail"),
    [
        ({"id": "k1", "text": ""}, "empty", "record 7 has no text among id, text"),
        ({"text": "N/A"}, "empty", "record 7 has no text among text"),
        ({"text": "", "body": None, "content": 12}, "empty", "record 7 has a value of type int as its content"),
        ({"text": "word " * (MOST_CHARACTERS // 5 + 1)}, "too_long", "split it"),
        ({"description": "The gate was…", "text": ""}, "no_text", "beginning of a text alone"),
        ({"text": f"{ENGLISH}|||||{ENGLISH}"}, "several_articles", "give each a record"),
        ({"title": "Access Denied", "text": "Reference #18.2f"}, "no_article", "wall of consent"),
        ({"text": "<html><body><p>" + "\x01\x02 " * 50 + "</p></body></html>"}, "not_text", "control characters"),
    ],
)
def test_a_record_without_an_article(record: dict[str, Any], reason: str, detail: str) -> None:
    refused = article_in(record, 7)
    assert isinstance(refused, Refused)
    assert refused.record == record.get("id", "7")
    assert (refused.reason, detail in refused.detail) == (reason, True)


@pytest.mark.parametrize(
    ("written", "text", "is_markup"),
    [
        ("Use a < b > c & d.", "Use a < b > c & d.", False),
        ("Marks&notes &copy; 2024", "Marks&notes © 2024", False),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo.", True),
        ("One <b>tag</b>, &lt;b&gt;.", "One tag, <b>.", True),
        ("<div>One.<script>run()</script></div> Two.", "One.\nTwo.", True),
        ("<table><tr><td>One is calm.</td></tr></table>", "One is calm.", True),
        ("<p>One.</p><!-- a note --><p>Two.</p>", "One.\n\nTwo.", True),
        ("One.\\r\\n\\r\\nTwo \\ud83d\\udcda and caf\\u00e9.", "One.\n\nTwo 📚 and café.", False),
        ("One \\n two.\nThree \\n four.", "One \\n two.\nThree \\n four.", False),
        ("A line ends with \\n here.", "A line ends with \\n here.", False),
        ("See [the gate](https://courier.example/g).", "See the gate.", True),
        ("![The gate](g.jpg)", "", True),
        ("[Note] See (1).", "[Note] See (1).", False),
        ("# One\nTwo.", "One\nTwo.", True),
        ("# 1 in the charts", "# 1 in the charts", False),
        ("**One** and **two**.", "One and two.", True),
        ("__One__ and __two__.", "One and two.", True),
        ("**One** alone.", "**One** alone.", False),
        ("**One** line.\n\nTwo.", "**One** line.\n\nTwo.", False),
    ],
)
def test_markup_in_a_text(written: str, text: str, is_markup: bool) -> None:
    assert read_text(written) == RecordText(text, is_markup)


def test_a_text_that_names_a_tag_is_no_page() -> None:
    assert read_text("He typed <script> and left. It worked.").text.endswith("and left. It worked.")


def test_xml_in_a_text() -> None:
    head = "<body.head><hedline><hl1>Calm</hl1></hedline><byline>Ann Reed</byline></body.head>"
    written = f"<?xml version='1.0'?><nitf><body>{head}<body.content><p>{ENGLISH}</p><p>It is calm.</p></body.content></body></nitf>"
    assert read_text(written) == RecordText(f"{ENGLISH}\n\nIt is calm.", True)
