"""Files in, articles or rejects out."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import feather

from qantar.schema import Article, Rejected
from qantar.settings import Corpus
from qantar.stages.articles import describe_columns, list_sources, load_catalogue, read_articles, read_files
from qantar.stages.articles.encodings import mend

ENGLISH = "The government said on Thursday that order had been restored in most of the cities, and that the troops would leave."
RUSSIAN = "Правительство заявило в четверг, что порядок восстановлен в большинстве городов и что войска скоро уйдут."


def read(raw: Path, corpus: Corpus | None = None) -> tuple[list[Article], list[Rejected]]:
    corpus = corpus or Corpus()
    catalogue = load_catalogue(raw)
    sources, rejected = list_sources(raw)
    rows = [row for source in sources for row in read_articles(raw, source, catalogue, corpus)]
    return [r for r in rows if isinstance(r, Article)], [*rejected, *(r for r in rows if isinstance(r, Rejected))]


# --- files ----------------------------------------------------------------------------------------------------------


def test_files_of_any_depth_are_listed_in_order_and_those_that_describe_them_are_not(tmp_path: Path) -> None:
    (tmp_path / "b/c").mkdir(parents=True)
    for name in ("z.txt", "b/c/a.txt", "b/articles.csv", ".hidden.txt", "articles.csv", "corpus.toml", "authority.csv", "b/A.TXT"):
        (tmp_path / name).write_text("path\n" if name == "articles.csv" else ENGLISH)
    sources, rejected = list_sources(tmp_path)
    assert [s.path for s in sources] == ["b/A.TXT", "b/articles.csv", "b/c/a.txt", "z.txt"]
    assert rejected == []


def test_what_is_no_article_file_is_a_reject_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "lost.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    sources, rejected = list_sources(tmp_path)
    assert sources == []
    found = {r.source_path: r.reason for r in rejected}
    assert found == {"a.doc": "unknown_format", "lost.txt": "unreadable", "pipe.txt": "unreadable"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"1 2 3", "empty"),
        (b"D" * 5_000, "empty"),
        (bytes(range(256)) * 20, "not_text"),
        (b"%PDF-1.7 and so on", "not_text"),
        (RUSSIAN.encode() * 3, "other_language"),
        (b"word " * 200_000, "too_long"),
    ],
)
def test_a_text_file_that_is_no_article_is_rejected(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    articles, rejected = read(tmp_path)
    assert articles == []
    assert [(r.source_path, r.stage, r.reason) for r in rejected] == [("a.txt", "read", reason)]


# --- encodings ------------------------------------------------------------------------------------------------------

WESTERN = "“Peña Nieto’s visit – a surprise – cost €5,” the café’s owner said on Thursday, and the crowd left the square in the evening."


@pytest.mark.parametrize(
    ("codec", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16-le",) * 2, ("utf-16-be",) * 2, ("cp1252", "windows-1252")],
)
def test_encodings_are_found_out(tmp_path: Path, codec: str, named: str) -> None:
    (tmp_path / "a.txt").write_bytes(f"{WESTERN}\r\n\r\n{ENGLISH}".encode(codec))
    (article,), rejected = read(tmp_path)
    assert (article.text, article.encoding, article.is_repaired) == (f"{WESTERN}\r\n\r\n{ENGLISH}", named, False)
    assert rejected == []


def test_cyrillic_in_a_code_page_is_read_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes((RUSSIAN * 5).encode("cp1251"))
    (article,), _ = read(tmp_path, Corpus(other_languages="keep"))
    assert (article.text, article.encoding, article.language) == (RUSSIAN * 5, "windows-1251", "ru")


@pytest.mark.parametrize(("codec", "named"), [("iso8859-5", "iso8859-5"), ("koi8-r", "koi8-r"), ("cp866", "cp866")])
def test_older_encodings_of_cyrillic_are_told_apart(tmp_path: Path, codec: str, named: str) -> None:
    (tmp_path / "a.txt").write_bytes((RUSSIAN * 5).encode(codec))
    (article,), _ = read(tmp_path, Corpus(other_languages="keep"))
    assert (article.text, article.encoding, article.language) == (RUSSIAN * 5, named, "ru")


def test_the_marks_of_an_old_apple_are_read_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(f"{WESTERN}\n{ENGLISH}".replace("€", "").encode("mac_roman"))
    (article,), _ = read(tmp_path)
    assert (article.text, article.encoding) == (f"{WESTERN}\n{ENGLISH}".replace("€", ""), "mac-roman")


def test_a_long_text_in_no_language_is_not_taken_for_the_corpuss(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("їаРТШвХЫмбвТЮ ЧРпТШЫЮ Т зХвТХаУ звЮ ЯЮапФЮЪ ТЮббвРЭЮТЫХЭ " * 9, encoding="utf-8")
    articles, (rejected,) = read(tmp_path)
    assert articles == []
    assert rejected.reason == "other_language"


def test_garbled_text_is_mended_and_said_so(tmp_path: Path) -> None:
    garbled = WESTERN.encode("utf-8").decode("cp1252", "replace").replace("\ufffd", "\x9d")
    (tmp_path / "a.txt").write_text(f"{garbled}\n{ENGLISH}", encoding="utf-8")
    (article,), _ = read(tmp_path)
    assert "Peña Nieto’s visit – a surprise – cost €5" in article.text
    assert article.is_repaired


MENDABLE = ["itâ€™s", "caf\xc3\xa9", "“said”", "\u2026\xa0\u2014", "\x93", "\ud800", "\x00", "Ã", "plain", "\n", "é"]


@given(st.lists(st.sampled_from(MENDABLE)).map("".join))
def test_a_line_is_mended_in_the_same_way_whatever_stands_on_others(text: str) -> None:
    assert mend(f"{text}\nÂé") == f"{mend(text)}\n{mend('Âé')}"


def test_a_few_broken_bytes_do_not_cost_the_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(WESTERN.encode() * 5 + b"\xff broken \xc3")
    (article,), _ = read(tmp_path)
    assert article.is_repaired
    assert article.text.count("“Peña") == 5


# --- catalogue --------------------------------------------------------------------------------------------------------


def test_the_catalogue_says_what_is_known_of_an_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH)
    (tmp_path / "articles.csv").write_text("path,outlet,author,published_on,note\na.txt,Courier,Jane Smith,2022-01-07,web text\n")
    (article,), rejected = read(tmp_path)
    assert (article.outlet, article.author, article.published_on, article.note) == ("Courier", "Jane Smith", date(2022, 1, 7), "web text")
    assert article.published_basis == "catalogue"
    assert rejected == []


def test_broken_repeated_and_unmatched_lines_of_the_catalogue_are_reported_by_number(tmp_path: Path) -> None:
    lines = ["path,outlet,published_on", "a.txt,Courier,", "b.txt,x", "a.txt,Other,", "c.txt,Lost,", ",Nobody,", "d.txt,x,7 January"]
    (tmp_path / "articles.csv").write_text("\n".join(lines))
    catalogue = load_catalogue(tmp_path)
    found = {(r.source_record, r.reason) for r in (*catalogue.rejected, *catalogue.unmatched(["a.txt"]))}
    assert found == {("3", "broken_line"), ("4", "repeated_line"), ("5", "unmatched"), ("6", "broken_line"), ("7", "broken_line")}
    entry = catalogue.entry("a.txt", None)
    assert entry is not None
    assert entry.outlet == "Courier"


def test_an_entry_by_url_is_found_whatever_the_scheme(tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text("url,outlet\nhttps://www.example.org/a/,Courier\n")
    entry = load_catalogue(tmp_path).entry("x.jsonl", "http://example.org/a#top")
    assert entry is not None
    assert entry.outlet == "Courier"


# --- language and identity ---------------------------------------------------------------------------------------------


def test_an_article_longer_than_the_corpus_allows_is_a_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text(ENGLISH * 50)
    (tmp_path / "news.txt").write_text(ENGLISH)
    (article,), (rejected,) = read(tmp_path, Corpus(max_characters=len(ENGLISH)))
    assert article.source_path == "news.txt"
    assert (rejected.source_path, rejected.reason) == ("book.txt", "too_slow")
    assert f"more than max_characters = {len(ENGLISH)} of corpus.toml" in rejected.detail
    (tmp_path / "book.txt").write_text(ENGLISH[:-1])
    assert len(read(tmp_path, Corpus(max_characters=len(ENGLISH)))[0]) == 2


def test_other_languages_are_kept_where_the_corpus_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RUSSIAN * 3, encoding="utf-8")
    (article,), rejected = read(tmp_path, Corpus(other_languages="keep"))
    assert article.language == "ru"
    assert rejected == []


def test_an_id_depends_on_the_path_and_on_nothing_else(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(ENGLISH * (2 if folder == "two" else 1))
    ids = [read(tmp_path / folder)[0][0].document_id for folder in ("one", "two")]
    assert ids[0] == ids[1]


# --- files of many records -----------------------------------------------------------------------------------------------

RECORDS: list[dict[str, Any]] = [
    {
        "id": "a-one",
        "headline": "Order returns",
        "maintext": ENGLISH,
        "link": "https://example.org/1",
        "pubDate": "Fri, 07 Jan 2022 10:33:00 GMT",
        "source": {"name": "Courier"},
    },
    {
        "id": "a-two",
        "headline": "Troops leave",
        "maintext": ENGLISH + " They left.",
        "link": "",
        "pubDate": "2022-01-08T09:00:00Z",
        "authors": ["Jane Smith", "John Doe"],
    },
]


def write_records(path: Path, kind: str) -> None:
    lines = "".join(json.dumps(record) + "\n" for record in RECORDS)
    if kind == "jsonl":
        path.write_text(lines)
    elif kind == "jsonl.gz":
        path.write_bytes(gzip.compress(lines.encode()))
    else:
        columns = ["id", "headline", "maintext", "link", "pubDate"]
        rows = [[record.get(name, "") for name in columns] for record in RECORDS]
        if kind == "csv":
            with path.open("w", newline="", encoding="utf-16") as file:
                csv.writer(file, delimiter=";").writerows([columns, *rows])
        elif kind == "xlsx":
            book = openpyxl.Workbook()
            for row in [columns, *rows]:
                book.active.append(row)
            book.save(path)
        else:
            write_table(pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))), path)


def write_table(table: pa.Table, path: Path) -> None:
    """A table as a file of the kind that its name says: .arrow as those of stored datasets, part after part without a list of them."""
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    elif path.suffix == ".feather":
        feather.write_feather(table, path)
    else:
        with pa.ipc.new_stream(path, table.schema) as file:
            file.write_table(table)


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "csv", "parquet", "feather", "arrow", "xlsx"])
def test_records_of_a_file_are_articles_each_by_common_names_of_columns(tmp_path: Path, kind: str) -> None:
    write_records(tmp_path / f"a.{kind}", kind)
    articles, rejected = read(tmp_path)
    assert rejected == []
    assert [(a.source_record, a.title, a.url, a.published_on) for a in articles] == [
        ("a-one", "Order returns", "https://example.org/1", date(2022, 1, 7)),
        ("a-two", "Troops leave", None, date(2022, 1, 8)),
    ]
    assert [a.text for a in articles] == [record["maintext"] for record in RECORDS]
    assert {a.published_basis for a in articles} == {"metadata"}
    assert all(a.has_raw_offsets for a in articles)


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "csv", "parquet", "feather", "arrow", "xlsx"])
def test_the_mapping_of_columns_can_be_shown(tmp_path: Path, kind: str) -> None:
    write_records(tmp_path / f"a.{kind}", kind)
    (source,), _ = list_sources(tmp_path)
    shown = describe_columns(tmp_path, source)
    assert shown is not None
    assert shown.startswith("text from maintext, title from headline, url from link")


def test_markup_in_a_records_text_is_extracted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"content": f"<p>{ENGLISH}</p><p>{ENGLISH} <b>Shops</b> followed.</p><br>"}))
    (article,), _ = read(tmp_path)
    assert "<" not in article.text
    assert "Shops followed." in article.text
    assert not article.has_raw_offsets


def test_pages_that_name_the_front_page_as_their_address_keep_their_own_identity(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(PAGE.replace("https://example.org/order-returns", "https://example.org/"))
    ids = {a.document_id for a in read(tmp_path)[0]}
    assert len(ids) == 2


def test_names_in_lists_and_objects_are_read_as_one_line(tmp_path: Path) -> None:
    write_records(tmp_path / "a.jsonl", "jsonl")
    one, two = read(tmp_path)[0]
    assert (one.outlet, two.author) == ("Courier", "Jane Smith; John Doe")


def test_broken_records_are_rejected_one_by_one(tmp_path: Path) -> None:
    lines = [json.dumps(RECORDS[0]), "{broken", "[1, 2]", '{"maintext": ""}', "", '{"maintext": "\\ud800 ' + ENGLISH + '"}', "[" * 100_000]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    articles, rejected = read(tmp_path)
    assert [a.source_record for a in articles] == ["a-one", "6"]
    assert articles[1].text.startswith("\ufffd The government")
    assert [(r.source_record, r.reason) for r in rejected] == [
        ("2", "broken_record"),
        ("3", "broken_record"),
        ("4", "empty"),
        ("7", "broken_record"),
    ]


def test_a_row_of_another_length_is_rejected_and_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'text,title\n"{ENGLISH}",one\n"{ENGLISH}",two,three\n"{ENGLISH}",four\n')
    articles, rejected = read(tmp_path)
    assert [a.title for a in articles] == ["one", "four"]
    assert [(r.source_record, r.reason) for r in rejected] == [("2", "broken_record")]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.arrow"])
def test_a_table_without_a_text_is_rejected_with_the_columns_it_has(tmp_path: Path, name: str) -> None:
    if name.endswith("csv"):
        (tmp_path / name).write_text("price,amount\n1,2\n")
    else:
        write_table(pa.table({"price": [1], "amount": [2]}), tmp_path / name)
    articles, (rejected,) = read(tmp_path)
    assert articles == []
    assert rejected.reason == "no_text_column"
    assert "price" in rejected.detail


def test_an_arrow_file_with_a_false_figure_is_read_up_to_the_part_that_has_it(tmp_path: Path) -> None:
    table = pa.table({"text": [f"{ENGLISH} {i}" for i in range(10, 80)]})
    with pa.ipc.new_stream(tmp_path / "a.arrow", table.schema) as file:
        file.write_table(table, max_chunksize=35)
    whole = (tmp_path / "a.arrow").read_bytes()
    ends = b"".join((i * (len(ENGLISH) + 3)).to_bytes(4, "little") for i in range(36))  # of each text of a part
    head, tail = whole[: whole.rindex(ends)], whole[whole.rindex(ends) + len(ends) :]
    (tmp_path / "a.arrow").write_bytes(head + ends[:40] + b"\0\0\0\x40" + ends[44:] + tail)
    articles, (rejected,) = read(tmp_path)
    assert len(articles) == 35
    assert (rejected.source_record, rejected.reason) == ("36", "broken_record")


def test_a_gzip_file_that_is_cut_or_a_bomb_is_rejected_and_what_came_before_is_read(tmp_path: Path) -> None:
    noise = "".join(json.dumps({"maintext": f"{ENGLISH} {hashlib.sha256(str(i).encode()).hexdigest()}"}) + "\n" for i in range(3000))
    packed = gzip.compress(noise.encode())
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(b" " * (80 * 2**20)))
    articles, rejected = read(tmp_path)
    assert len(articles) > 500
    assert {(r.source_path, r.reason) for r in rejected} == {("cut.jsonl.gz", "broken_record"), ("bomb.jsonl.gz", "too_long")}


def test_seconds_written_as_text_are_a_day_and_a_text_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'text,date\n"{ENGLISH}",1641549600\n"{ENGLISH}",20220108093000\n')
    (tmp_path / "b.jsonl").write_text('{"text": 5}')
    articles, (rejected,) = read(tmp_path)
    assert [a.published_on for a in articles] == [date(2022, 1, 7), date(2022, 1, 8)]
    assert "a value of type int as its text" in rejected.detail


def test_ids_that_are_mere_numbers_are_ids_only_within_their_file(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        lines = [json.dumps({"id": 1, "text": ENGLISH}), json.dumps({"id": f"{name}-x", "text": ENGLISH})]
        (tmp_path / name).write_text("\n".join(lines))
    ids = [a.document_id for a in read(tmp_path)[0]]
    assert len(set(ids)) == 4


# --- web pages -------------------------------------------------------------------------------------------------------------

PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Order returns – Courier</title>
<meta property="og:title" content="Order returns"><meta property="og:site_name" content="Courier">
<meta name="author" content="Jane Smith"><meta property="article:published_time" content="2022-01-07T10:33:00Z">
<link rel="canonical" href="https://example.org/order-returns"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Order returns</h1>
<p>{ENGLISH} Café owners opened their doors.</p><p>{ENGLISH} Shops followed.</p><h2>The causes</h2><p>{ENGLISH} It was calm.</p></article>
<footer>© 2022 Courier. All rights reserved.</footer></body></html>"""


def test_a_page_gives_its_article_and_what_its_markup_says(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (article,), rejected = read(tmp_path)
    assert rejected == []
    assert (article.title, article.author, article.outlet, article.url) == (
        "Order returns",
        "Jane Smith",
        "Courier",
        "https://example.org/order-returns",
    )
    assert (article.published_on, article.published_basis) == (date(2022, 1, 7), "page")
    assert "Café owners" in article.text
    assert "All rights reserved" not in article.text
    assert not article.has_raw_offsets


def test_a_page_is_read_as_one_whatever_its_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    (article,), rejected = read(tmp_path)
    assert rejected == []
    assert (article.title, article.format, article.has_raw_offsets) == ("Order returns", "txt", False)
    assert "<p>" not in article.text


def test_a_page_is_read_in_the_encoding_it_declares(tmp_path: Path) -> None:
    page = PAGE.replace("utf-8", "windows-1251").replace("Café", "Кафе")
    (tmp_path / "a.html").write_bytes(page.encode("cp1251", "xmlcharrefreplace"))
    (article,), _ = read(tmp_path)
    assert "Кафе owners" in article.text


@pytest.mark.parametrize(
    ("data", "reason"), [(b"no markup at all", "not_html"), (b"<html><body></body></html>", "no_article"), (b"<p>" * 200_000, "too_long")]
)
def test_a_page_without_an_article_is_rejected(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.html").write_bytes(data)
    articles, (rejected,) = read(tmp_path)
    assert articles == []
    assert rejected.reason == reason


def test_html_responses_of_a_web_archive_are_articles_and_failures_are_rejects(tmp_path: Path) -> None:
    def response(url: str, status: str, kind: str, body: bytes) -> bytes:
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-01-09T00:00:00Z\r\n"
        head += f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>\r\nContent-Type: application/http; msgtype=response\r\n"
        return head.encode() + f"Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"

    records = [
        response("https://example.org/1", "200 OK", "text/html; charset=utf-8", PAGE.encode()),
        response("https://example.org/2", "404 Not Found", "text/html", PAGE.encode()),
        response("https://example.org/3.png", "200 OK", "image/png", b"\x89PNG"),
    ]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    (article,), (rejected,) = read(tmp_path)
    assert (article.url, article.format, article.published_on) == ("https://example.org/1", "warc", date(2022, 1, 7))
    assert rejected.reason == "no_article"
    assert "404" in rejected.detail


def test_articles_are_read_alike_however_many_are_looked_at_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "The ferry was late again, and nobody could say why. " * 6,
        "",
        "OK",
        "Le bac avait encore du retard, et personne ne savait. " * 6,
    ]
    for number, text in enumerate(texts * 3):
        (tmp_path / f"{number:02}.txt").write_text(text, "utf-8")
    sources = [(source, None) for source in list_sources(tmp_path)[0]]
    together = list(read_files(tmp_path, sources, load_catalogue(tmp_path), Corpus()))
    monkeypatch.setattr("qantar.stages.articles._TOGETHER", 2)
    assert list(read_files(tmp_path, sources, load_catalogue(tmp_path), Corpus())) == together
    assert len(together) == 12
