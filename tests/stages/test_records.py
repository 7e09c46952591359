"""Records as people have them: columns of many names, tables with stray marks, JSON in any layout, archives as servers filled them."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qantar.schema import Article, Rejected
from qantar.stages.articles import list_sources
from qantar.stages.articles.csv_records import read_csv
from qantar.stages.articles.record_text import read_text
from qantar.stages.blocks import Cleaned, clean_article
from qantar.text.dates import parse_day
from tests.stages.test_clean import check_promises
from tests.stages.test_read import ENGLISH, PAGE, RUSSIAN, read


def read_file(folder: Path, name: str, data: bytes | str) -> tuple[list[Article], list[Rejected]]:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return read(folder)


# --- CSV ------------------------------------------------------------------------------------------------------------

ROWS = [
    f"{n},Title {n},The mayor of the town opened bridge number {n} on Friday and the crowd stayed until the evening." for n in range(500)
]


@pytest.mark.parametrize("at", [0, 10, 498])
@pytest.mark.parametrize("closed", [0, 1, 50])
def test_a_stray_quotation_mark_costs_its_own_row_and_no_other(tmp_path: Path, at: int, closed: int) -> None:
    rows = ROWS.copy()
    rows[at] = rows[at].replace(",Title", ',"Title')
    if closed and at + closed < len(rows):
        rows[at + closed] += '"'
    articles, rejected = read_file(tmp_path, "a.csv", "\n".join(["id,title,text", *rows]) + "\n")
    assert (len(articles), [r.reason for r in rejected]) == (499, ["broken_record"])
    assert f"line {at + 2}" in rejected[0].detail


def test_paragraphs_with_as_many_commas_as_a_row_are_text(tmp_path: Path) -> None:
    text = "\n\n".join(f"On day {n}, as they said, it was calm." for n in range(9))
    articles, rejected = read_file(tmp_path, "a.csv", "id,title,text\n" + "".join(f'q{n},Calm,"{text}"\n' for n in range(5)))
    assert (len(articles), rejected) == (5, [])
    assert articles[0].text == text


def test_the_last_line_of_a_cell_is_no_row_because_it_has_a_comma(tmp_path: Path) -> None:
    row = f'A calm day,https://a.example/{{n}},2024-03-1{{n}},"{ENGLISH}\n\nThe last of them went, it is said."\n'
    articles, rejected = read_file(tmp_path, "a.csv", "title,url,day,text\n" + "".join(row.format(n=n) for n in range(1, 5)))
    assert (len(articles), rejected) == (4, [])


def test_a_quotation_mark_that_is_not_doubled_stays_in_its_cell(tmp_path: Path) -> None:
    articles, rejected = read_file(tmp_path, "a.csv", f'id,text,title\nx,"{ENGLISH} "Yes," she said.",One\n')
    assert [(a.text, a.title) for a in articles] == [(f'{ENGLISH} "Yes," she said.', "One")]
    assert rejected == []


def test_a_file_of_stray_marks_ends(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,title\n" + 'a,"b\nc",d\n' * 20_000)
    assert len(list(read_csv(tmp_path / "a.csv"))) >= 20_000


@pytest.mark.parametrize(
    "table", ["sep=;\nid;text\nx;{}\n", "A list of articles\n\nid,text\nx,{}\n", "id,text,note,rank\nx,{}\n", "id,text\nx,{},,\n"]
)
def test_lines_above_the_header_and_missing_or_empty_last_cells_are_borne(tmp_path: Path, table: str) -> None:
    articles, rejected = read_file(tmp_path, "a.csv", table.format(f'"{ENGLISH}"'))
    assert [(a.source_record, a.text) for a in articles] == [("x", ENGLISH)]
    assert rejected == []


def test_a_row_in_another_encoding_far_down_is_read_and_marked(tmp_path: Path) -> None:
    rows = [f"{ROWS[n % 500]} Café {n}.".encode() for n in range(4000)]
    rows[3900] = "3900,Title,“José Brüning’s café” opened on Friday and the crowd stayed until the evening.".encode("cp1252")
    articles, rejected = read_file(tmp_path, "a.csv", b"id,title,text\n" + b"\n".join(rows))
    assert rejected == []
    assert [a.text[:20] for a in articles if a.is_repaired] == ["“José Brüning’s café"]


# --- JSON -----------------------------------------------------------------------------------------------------------

TWO = [{"id": "one", "text": ENGLISH}, {"id": "two", "text": f'{ENGLISH} {{They}} \\ [left]. "It\'s" over.'}]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.jsonl.gz"])
@pytest.mark.parametrize(
    "written",
    [
        json.dumps(TWO),
        json.dumps(TWO, indent=2),
        "\n".join(json.dumps(record, indent=4) for record in TWO),
        "[\n" + ",\n".join(json.dumps(record) for record in TWO) + "\n]\n",
        json.dumps({"status": "ok", "articles": TWO}),
        json.dumps({"hits": {"total": 2, "hits": [{"_id": r["id"], "_source": {"text": r["text"]}} for r in TWO]}}, indent=1),
    ],
    ids=["list", "list over lines", "objects over lines", "object a line", "answer", "hits"],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_json_of_any_layout_is_read(tmp_path: Path, name: str, written: str, codec: str) -> None:
    data = written.encode(codec)
    articles, rejected = read_file(tmp_path, name, gzip.compress(data) if name.endswith("gz") else data)
    assert rejected == []
    assert [(a.source_record, a.text) for a in articles] == [(r["id"], r["text"]) for r in TWO]


def test_a_broken_object_in_a_list_costs_itself(tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"r{n}", "text": ENGLISH}) for n in range(5)]
    lines[2] = lines[2].replace('"text"', '"text')
    articles, rejected = read_file(tmp_path, "a.json", "[\n" + ",\n".join(lines) + "\n]")
    assert [a.source_record for a in articles] == ["r0", "r1", "r3", "r4"]
    assert [r.reason for r in rejected] == ["broken_record"]


@pytest.mark.parametrize("data", ["[1, 2]", "[]", "3", '"a\n"', "[" * 5000])
def test_json_without_an_article_is_a_reject(tmp_path: Path, data: str) -> None:
    articles, rejected = read_file(tmp_path, "a.json", data)
    assert articles == []
    assert [r.reason for r in rejected] == ["broken_record"]


# --- fields -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        {"text": None, "body": ENGLISH},
        {"text": "  ", "content": "", "description": ENGLISH},
        {"text": "NaN", "body": ENGLISH},
        {"content": {"rendered": f"<p>{ENGLISH}</p>", "protected": False}},
        {"text": [ENGLISH]},
        {"body": [{"type": "paragraph", "text": ENGLISH}]},
        {"_index": "news", "_source": {"text": ENGLISH}},
        {"article": {"title": "x", "body": ENGLISH}},
        {"text": f"{ENGLISH[:60]}… [+4312 chars]", "full_text": ENGLISH},
    ],
)
def test_the_text_is_found_where_a_record_has_it(tmp_path: Path, record: dict[str, Any]) -> None:
    (article,), rejected = read_file(tmp_path, "a.jsonl", json.dumps(record))
    assert article.text == ENGLISH
    assert rejected == []


def test_metadata_in_objects_and_structs_are_read(tmp_path: Path) -> None:
    said = {"title": "The bridge", "url": "https://example.org/b", "date": "2022-01-05", "source": "Courier"}
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": ENGLISH, "metadata": said}))
    (tmp_path / "b.csv").write_text('text,meta\n"{}","{}"\n'.format(ENGLISH, json.dumps(said).replace('"', '""').replace("/b", "/c")))
    pq.write_table(pa.table({"text": [ENGLISH.encode()], "meta": [said | {"url": "https://example.org/d"}]}), tmp_path / "c.parquet")
    articles, rejected = read(tmp_path)
    assert rejected == []
    assert {(a.title, a.published_on, a.outlet) for a in articles} == {("The bridge", date(2022, 1, 5), "Courier")}
    assert [a.url for a in articles] == [f"https://example.org/{name}" for name in "bcd"]


def test_the_columns_of_gdelt_are_known(tmp_path: Path) -> None:
    table = f"DATE\tSourceCommonName\tDocumentIdentifier\tText\n20220105101500\tsalt.example\thttps://salt.example/a\t{ENGLISH}\n"
    (article,), _ = read_file(tmp_path, "a.tsv", table)
    assert (article.published_on, article.outlet, article.url) == (date(2022, 1, 5), "salt.example", "https://salt.example/a")


def test_the_columns_of_archives_and_crawlers_are_known(tmp_path: Path) -> None:
    for number, (day, outlet, name) in enumerate((("pubdate", "pubtitle", "StoreId"), ("article_date", "media_name", "stories_id"))):
        table = f'{name},{day},{outlet},FullText\nx{number},"Jan 5, 2022",Salt FM,{ENGLISH.replace(",", "")}\n'
        (article,), _ = read_file(tmp_path, "a.csv", table)
        assert (article.source_record, article.published_on, article.outlet) == (f"x{number}", date(2022, 1, 5), "Salt FM")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Reed; Ann; Vries; Bo", "Ann Reed; Bo Vries"),
        ("Reed, Ann; Vries, Bo", "Ann Reed; Bo Vries"),
        ("By Ann Reed, Senior Editor", "Ann Reed"),
        (["Ann Reed", "ann@example.org", {"first_name": "Bo", "last_name": "Vries"}], "Ann Reed; Bo Vries"),
        ("The Courier", None),
        ("Www Courier Com", None),
        ("Reed, Ann", "Ann Reed"),
        ("ann@example.org (Ann Reed)", "Ann Reed"),
        ('[{"name": "Ann Reed"}]', "Ann Reed"),
        ("Courier Staff", None),
        ("Condé Nast", None),
        ("Ann Reed, University of Holm", "Ann Reed"),
    ],
)
def test_authors_are_names_in_the_order_of_speech(tmp_path: Path, written: Any, names: str | None) -> None:
    (article,), _ = read_file(tmp_path, "a.jsonl", json.dumps({"text": ENGLISH, "authors": written, "source": "The Courier"}))
    assert article.author == names


def test_a_title_is_without_the_name_of_its_outlet(tmp_path: Path) -> None:
    (article,), _ = read_file(tmp_path, "a.jsonl", json.dumps({"text": ENGLISH, "title": "Calm &amp; tide | Salt FM", "source": "Salt FM"}))
    assert article.title == "Calm & tide"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20220105T101500Z", "2022-01-05"),
        ("Wed Jan 05 10:33:00 +0000 2022", "2022-01-05"),
        ("2022/1/5 10:33", "2022-01-05"),
        ("25.12.2021", "2021-12-25"),
        ("12/25/2021", "2021-12-25"),
        ("05/01/2022", None),
        ("5 Jan 22", "2022-01-05"),
        ("/Date(1641376800000)/", "2022-01-05"),
        ({"$date": {"$numberLong": "1641376800000"}}, "2022-01-05"),
        (1641376800000000, "2022-01-05"),
        (20220105, "2022-01-05"),
        ("1641376800.0", "2022-01-05"),
        ("5th of January 2022", "2022-01-05"),
        ("2022-01", None),
        ("31/02/2022", None),
        ("05.01.2022", "2022-01-05"),
        ("5. January 2022", "2022-01-05"),
        ("05/Jan/2022:06:12:00 +0000", "2022-01-05"),
        ("2022 Jan 05", "2022-01-05"),
    ],
)
def test_days_are_read_in_their_common_forms(written: Any, day: str | None) -> None:
    assert parse_day(written) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<p>One.</p>", "One."),
        ("<p>One <b>and</b> two.</p><p>Three.<br/>Four.</p>", "One and two.\n\nThree.\n\nFour."),
        ("Smith &amp; Sons said it&#8217;s over.", "Smith & Sons said it’s over."),
        ('One.\\n\\nTwo \\"three\\".\\n', 'One.\n\nTwo "three".\n'),
        (
            "# One\n\n**Two** is [three](https://example.org/a).\n\n![A boat](/b.jpg)\n\n> Four.",
            "One\n\nTwo is three.\n\nFour.",
        ),
        ("5 < 6 and a_b_c, #1 of **ten; C:\\new", "5 < 6 and a_b_c, #1 of **ten; C:\\new"),
    ],
)
def test_markup_of_a_records_text_is_read(written: str, text: str) -> None:
    assert read_text(written).text == text


# --- letters ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "codec"),
    [
        ("Волна", "cp1251"),
        ("Волна", "koi8_r"),
        ("газета «Волна»", "cp1251"),
        ("Wałęsa, Żeromski", "cp1250"),
        ("Kwaśniewski i Wałęsa", "iso8859_2"),
    ],
)
def test_a_few_foreign_words_in_an_older_encoding_are_read(tmp_path: Path, words: str, codec: str) -> None:
    (article,), _ = read_file(tmp_path, "a.txt", f"{ENGLISH} The boat was called {words}. {ENGLISH}".encode(codec))
    assert words in article.text


def test_a_text_of_two_encodings_loses_no_letter(tmp_path: Path) -> None:
    data = "“Café – naïve” ".encode() * 9 + "Brüning’s café".encode("cp1252") + ENGLISH.encode()
    (article,), _ = read_file(tmp_path, "a.txt", data)
    assert "Brüning’s café" in article.text
    assert article.text.count("“Café – naïve”") == 9
    assert article.is_repaired


def test_a_mark_of_omission_is_no_line_break(tmp_path: Path) -> None:
    (article,), _ = read_file(tmp_path, "a.jsonl", json.dumps({"text": f"I waited\x85 and waited. {ENGLISH}\x85Next.\x85“Last.”"}))
    assert "I waited… and waited" in article.text
    assert "\x85Next.\x85“Last.”" in article.text


@pytest.mark.parametrize("said", ["gb18030", "shift_jis", "big5", "windows-1251"])
def test_a_page_of_utf_8_is_that_whatever_it_says(tmp_path: Path, said: str) -> None:
    (article,), _ = read_file(tmp_path, "a.html", PAGE.replace("utf-8", said).replace("Café", "It’s the café’s"))
    assert "It’s the café’s owners" in article.text


def test_neither_a_quotation_nor_a_table_of_names_makes_an_article_foreign(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{ENGLISH} {ENGLISH}\n\n{RUSSIAN * 4}\n\n{ENGLISH * 2}\n", encoding="utf-8")
    names = "\n".join(f"{n} Аманжолов Ерлан Сагындыкович" for n in range(60))
    (tmp_path / "b.txt").write_text(f"{ENGLISH} {ENGLISH}\n\n{names}\n\n{ENGLISH}\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text(f"{RUSSIAN * 9}\n\n“{ENGLISH}”\n\n{RUSSIAN * 9}\n", encoding="utf-8")
    articles, rejected = read(tmp_path)
    assert [a.source_path for a in articles] == ["a.txt", "b.txt"]
    assert [r.reason for r in rejected] == ["other_language"]


# --- web archives ---------------------------------------------------------------------------------------------------------


def warc_record(body: bytes, headers: str = "Content-Type: text/html", kind: str = "response", said: str = "", cut: int = 0) -> bytes:
    block = f"HTTP/1.1 200 OK\r\n{headers}\r\n\r\n".encode() + body if kind == "response" else body
    said = said or ("application/http; msgtype=response" if kind == "response" else "text/html")
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/a\r\nWARC-Record-ID: <urn:uuid:{kind}-{len(block)}>\r\n"
    head += f"WARC-Date: 2022-01-09T00:00:00Z\r\nContent-Type: {said}\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block[: len(block) - cut] + b"\r\n\r\n" * (not cut)


def chunked(data: bytes) -> bytes:
    parts = [data[i : i + 700] for i in range(0, len(data), 700)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def deflated(data: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(data) + packing.flush()


SENT = PAGE.encode()


@pytest.mark.parametrize(
    "record",
    [
        warc_record(chunked(SENT), "Content-Type: text/html\r\nTransfer-Encoding: chunked"),
        warc_record(SENT, "Content-Type: text/html\r\nTransfer-Encoding: chunked"),
        warc_record(chunked(gzip.compress(SENT)), "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip"),
        warc_record(SENT, "Content-Type: text/html\r\nContent-Encoding: gzip"),
        warc_record(gzip.compress(SENT), "Content-Type: text/html"),
        warc_record(deflated(SENT), "Content-Type: text/html\r\nContent-Encoding: deflate"),
        warc_record(zlib.compress(SENT), "Content-Type: text/html\r\nContent-Encoding: deflate"),
        warc_record(pa.Codec("brotli").compress(SENT, asbytes=True), "Content-Type: text/html\r\nContent-Encoding: br"),
        warc_record(SENT, "Server: x"),
        warc_record(SENT, "Content-Type: application/octet-stream"),
        warc_record(SENT, "Content-Type: text/plain"),
        warc_record(SENT, kind="resource"),
        warc_record(f"{ENGLISH} Café owners came.".encode(), kind="conversion", said="text/plain"),
    ],
)
def test_a_page_is_read_however_it_was_sent(tmp_path: Path, record: bytes) -> None:
    (article,), rejected = read_file(tmp_path, "a.warc", record)
    assert rejected == []
    assert "Café owners" in article.text
    assert "2bc" not in article.text
    assert article.url == "https://example.org/a"


@pytest.mark.parametrize(
    "record",
    [
        warc_record(SENT, cut=300),
        warc_record(chunked(SENT)[:-400], "Content-Type: text/html\r\nTransfer-Encoding: chunked"),
        warc_record(gzip.compress(SENT)[:-200], "Content-Type: text/html\r\nContent-Encoding: gzip"),
        warc_record(pa.Codec("brotli").compress(SENT, asbytes=True)[:-100], "Content-Type: text/html\r\nContent-Encoding: br"),
    ],
)
def test_what_was_cut_short_is_told_of(tmp_path: Path, record: bytes) -> None:
    articles, rejected = read_file(tmp_path, "a.warc", record)
    assert articles == []
    assert [r.reason for r in rejected] == ["broken_record"]


def test_styles_scripts_and_pictures_are_no_articles(tmp_path: Path) -> None:
    kinds = ("text/css", "application/javascript", "image/png", "application/json")
    articles, rejected = read_file(tmp_path, "a.warc", b"".join(warc_record(b"a { b: c }", f"Content-Type: {kind}") for kind in kinds))
    assert (articles, rejected) == ([], [])


# --- files ----------------------------------------------------------------------------------------------------------------


def test_links_out_of_the_folder_and_to_folders_are_told_of_and_not_read(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "in").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/b.txt").write_text(ENGLISH)
    (raw / "in/a.txt").write_text(ENGLISH)
    (raw / "system.txt").symlink_to("/etc/passwd")
    (raw / "b.txt").symlink_to(tmp_path / "elsewhere/b.txt")
    (raw / "own.txt").symlink_to(raw / "in/a.txt")
    (raw / "folder").symlink_to(tmp_path / "elsewhere")
    sources, rejected = list_sources(raw)
    assert [s.path for s in sources] == ["in/a.txt", "own.txt"]
    assert [(r.source_path, r.reason) for r in rejected] == [(name, "unreadable") for name in ("b.txt", "folder", "system.txt")]
    assert all("copy" in r.detail for r in rejected)


def test_a_folder_that_cannot_be_entered_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("closed", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(ENGLISH)
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)  # whoever runs the tests may be allowed everything
    sources, rejected = list_sources(tmp_path)
    assert [s.path for s in sources] == ["open/a.txt"]
    assert [(r.source_path, r.reason) for r in rejected] == [("closed", "unreadable")]
    assert "permissions" in rejected[0].detail


# --- what stands above and below a text -------------------------------------------------------------------------------------

HEADERS = {
    "front matter": '---\ntitle: "The bridge: a tale"\nauthor: Ann Reed\ndate: 2022-01-05\ntags:\n  - bridges\nurl: https://example.org/a\n---\n\n',
    "lines": "Title: The bridge: a tale\nAuthor: Ann Reed\nDate: 5 January 2022\nURL: https://example.org/a\n\n",
    "lines of Windows": "Headline: The bridge: a tale\r\nByline: By Ann Reed\r\nPublished: 2022-01-05\r\nLink: https://example.org/a\r\n\r\n",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_lines_above_a_text_that_describe_it_are_read_and_no_part_of_it(tmp_path: Path, header: str) -> None:
    (article,), _ = read_file(tmp_path, "a.txt", f"{header}{ENGLISH}\n\nSoldiers: they were tired. They left.\n")
    assert (article.title, article.author, article.published_on) == ("The bridge: a tale", "Ann Reed", date(2022, 1, 5))
    assert article.url == "https://example.org/a"
    cleaned = clean_article(article)
    assert isinstance(cleaned, Cleaned)
    assert cleaned.document.text == f"{ENGLISH}\n\nSoldiers: they were tired. They left."
    check_promises(article.text, cleaned)


@pytest.mark.parametrize(
    "opening", ["Ann: I was there.\nBo: So was I.\n\n", "---\n\n", "Date: unknown\n\n", "Source: a clerk\nWho: Ann\nWhat: a tale\n\n"]
)
def test_a_conversation_or_a_lone_line_is_no_header(tmp_path: Path, opening: str) -> None:
    (article,), _ = read_file(tmp_path, "a.txt", f"{opening}{ENGLISH}\n")
    assert article.parts == []


def test_what_a_service_has_cut_is_marked(tmp_path: Path) -> None:
    (article,), _ = read_file(tmp_path, "a.jsonl", json.dumps({"content": f"{ENGLISH}\r\n\r\nThe troops had… [+4312 chars]"}))
    cleaned = clean_article(article)
    assert isinstance(cleaned, Cleaned)
    assert cleaned.document.text == f"{ENGLISH}\n\nThe troops had"
    assert [(b.text, b.rule) for b in cleaned.blocks if b.role == "boilerplate"] == [("… [+4312 chars]", "cut by its service")]
    check_promises(article.text, cleaned)


# --- characters that nobody sees ----------------------------------------------------------------------------------------------

UNSEEN = (
    "The inter\u00adnational har\u00adbour board met, the go\u200bvernor Od\u200brin Velmask said.\u200b He spoke \u200b of \ufeff“peace”."
)
SEEN = "The international harbour board met, the governor Odrin Velmask said. He spoke of “peace”."


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_characters_that_nobody_sees_part_no_word_and_every_character_has_its_block(tmp_path: Path, name: str) -> None:
    written = f"{ENGLISH}\n\n{UNSEEN}\n\n{ENGLISH}"
    (article,), _ = read_file(tmp_path, name, json.dumps({"text": written}) if name.endswith("l") else written)
    cleaned = clean_article(article)
    assert isinstance(cleaned, Cleaned)
    assert cleaned.document.text == f"{ENGLISH}\n\n{SEEN}\n\n{ENGLISH}"
    check_promises(written, cleaned)
