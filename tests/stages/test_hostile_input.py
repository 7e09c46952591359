"""A thousand damaged, disguised and hostile files: none crashes or is lost, and what is read keeps its promises."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.schema import Article, Rejected
from qantar.settings import Corpus
from qantar.stages.articles import Source, list_sources, load_catalogue, read_articles
from qantar.stages.articles.encodings import NotTextError, decode
from qantar.stages.blocks import Cleaned, clean_article, with_roles
from tests.stages import archive_exports as exports
from tests.stages.odd_inputs import tarred
from tests.stages.odd_records import xls as old_spreadsheet
from tests.stages.odd_records import xlsx
from tests.stages.test_clean import PARAGRAPH, check_promises
from tests.stages.test_read import PAGE
from tests.work import count_work

N_MUTANTS = 1000
FORBIDDEN = set(map(chr, [*range(9), *range(14, 28), 127, 0x200B, 0xFEFF, 0x202E, 0x2066])) | {chr(n) for n in range(0xD800, 0xE000, 64)}

TEXT = f"Order Returns to the City\n\nBy Jane Smith\n\n{PARAGRAPH}\n\nThe causes\n\n{PARAGRAPH} “Peña’s café”.\n\nLeave a Reply\n\nName *"


def parquet(texts: list[str]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": texts, "title": ["t"] * len(texts)}), buffer)
    return buffer.getvalue()


def table(texts: list[str]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["text", "title"], *([text, "t"] for text in texts)])
    return buffer.getvalue().encode()


LINES = "".join(json.dumps({"text": TEXT, "id": f"x{n}"}) + "\n" for n in range(3)).encode()
WARC = (
    f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(PAGE.encode()) + 44}\r\n\r\n"
    f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
).encode() + PAGE.encode()
SEEDS: dict[str, list[bytes]] = {
    "txt": [TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("cp1252"), ("Правда " * 200).encode("cp1251")],
    "html": [PAGE.encode(), PAGE.encode("utf-16")],
    "jsonl": [LINES],
    "json": [json.dumps([{"text": TEXT, "id": f"x{n}"} for n in range(3)], indent=1).encode(), LINES.decode().encode("utf-16")],
    "jsonl.gz": [gzip.compress(LINES, mtime=0)],
    "csv": [table([TEXT, TEXT])],
    "parquet": [parquet([TEXT, TEXT])],
    "xlsx": [xlsx([["title", "text"], ["One", TEXT], ["Two", TEXT]])],
    "warc": [WARC],
    "warc.gz": [gzip.compress(WARC, mtime=0)],
}
SHARES = (
    ["txt"] * 40
    + ["html"] * 20
    + ["jsonl"] * 12
    + ["csv"] * 10
    + ["jsonl.gz"] * 6
    + ["warc"] * 5
    + ["warc.gz"] * 3
    + ["parquet"] * 4
    + ["xlsx"] * 3
    + ["json"] * 8
)
INSERTS = [
    "\x00",
    "\u200b",
    "\ufeff",
    "\u202e",
    "\r",
    "\u2028",
    "\\ud800",
    "“",
    '"',
    "<div>" * 300,
    "[" * 3000,
    "a" * 20_000,
    "\n" * 500,
    "</html>",
    "\x1a",
    "1" * 900,
]


def mutant(dice: random.Random, seeds: dict[str, list[bytes]] = SEEDS, shares: Sequence[str] = SHARES) -> tuple[str, bytes]:
    """A file name and bytes: a sound file with one to four faults."""
    kind = dice.choice(shares)
    data = bytearray(dice.choice(seeds[kind]))
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        fault = dice.randrange(8)
        if fault == 0:
            del data[at:]
        elif fault == 1:
            for _ in range(dice.randint(1, 40)):
                if data:
                    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        elif fault == 2:
            other = dice.choice(SEEDS[dice.choice(SHARES)])
            data[at:at] = other[: dice.randrange(len(other))]
        elif fault == 3:
            data[at:at] = dice.choice(INSERTS).encode()
        elif fault == 4:
            data[at : at + dice.randrange(60)] = dice.randbytes(dice.randrange(60))
        elif fault == 5:
            data = bytearray(
                bytes(data)
                .decode("utf-8", "replace")
                .encode(dice.choice(["utf-16-le", "cp1252", "cp1251", "utf-8", "shift_jis"]), "replace")
            )
        elif fault == 6:
            data = bytearray(bytes(data).decode("latin-1").encode("utf-8"))  # what makes mojibake
        else:
            data = data[at:] + data[:at]
    return f"m.{kind}", bytes(data)


def check_file(path: Path, raw: Path) -> int:
    """Read and clean one file; the number of its articles and rejects, at least one."""
    (source,), rejected = list_sources(raw)
    assert isinstance(source, Source)
    assert rejected == []
    rows = list(read_articles(raw, source, load_catalogue(raw), Corpus(other_languages="keep")))
    for row in rows:
        assert isinstance(row, (Article, Rejected))
        if isinstance(row, Article):
            row.text.encode("utf-8")
            result = clean_article(row)
            if isinstance(result, Cleaned):
                assert with_roles(row, result.blocks, {}) == result
                assert not set(result.document.text) & FORBIDDEN
                if row.has_raw_offsets:
                    check_promises(" " * row.raw_start + row.text, result)
        else:
            f"{row.detail} {row.source_record}".encode()
            assert row.reason and "its reader fails" not in row.detail
    return len(rows)


@pytest.mark.parametrize("part", range(10))
def test_damaged_files_are_read_or_rejected(tmp_path: Path, part: int) -> None:
    dice = random.Random(part)
    for _ in range(N_MUTANTS // 10):
        name, data = mutant(dice)
        path = tmp_path / name
        path.write_bytes(data)
        n = check_file(path, tmp_path)
        assert n == 1 or not name.endswith((".txt", ".html"))
        path.unlink()


FEED = (
    f'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>One</title><pubDate>Thu, 14 Mar 2024</pubDate>'
    f"<content:encoded><![CDATA[<p>{PARAGRAPH}</p><p>{PARAGRAPH}</p>]]></content:encoded></item><item><title>Two</title></item></channel></rss>"
).encode()
NITF = f"<nitf><body><hedline><hl1>One</hl1></hedline><body.content><p>{PARAGRAPH}</p><hl2>Two</hl2></body.content></body></nitf>".encode()
SGML = f"<DOC>\n<DOCNO> AP880212-0001 </DOCNO>\n<HEAD>One & <two></HEAD>\n<TEXT>\n<P>{PARAGRAPH}\n<P>Two\n</TEXT>\n</DOC>\n".encode()


def packed(name: str, content: bytes) -> bytes:
    """A file of files, packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return buffer.getvalue()


EXPORTS: dict[str, list[bytes]] = {
    "txt": [
        *(exports.NEXIS.encode(), exports.NEXIS_OLD.encode(), exports.FACTIVA.encode(), exports.FACTIVA_LAID_OUT.encode()),
        *(exports.PROQUEST.encode(), "\n".join([*exports.UNI_COVER, *exports.UNI[0], *exports.UNI[1]]).encode()),
    ],
    "html": [
        *(exports.FACTIVA_ROWS.encode(), exports.FACTIVA_PAGE.encode(), exports.EUROPRESSE.encode(), exports.EUROPRESSE_TABLE.encode()),
        *(exports.PROQUEST_PAGE.encode(), exports.nexis_page([("A Paper", "January 11, 2010 Monday", "A title")]).encode()),
    ],
    "docx": [exports.docx([*exports.UNI_COVER, *exports.UNI[0], *exports.UNI[1]])],
    "rtf": [exports.rtf("\n".join(exports.UNI[0])), exports.FACTIVA_TABLE],
    "odt": [exports.odt(["A title", *exports.PARAGRAPHS])],
    "pdf": [exports.pdf(["A title", *exports.wrapped(PARAGRAPH).split("\n")])],
    "eml": [exports.LETTER.encode()],
    "mbox": [b"From a Thu\n" + exports.LETTER.encode() + b"\n\nFrom b Fri\n" + exports.LETTER.encode()],
    "mhtml": [
        f"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n{PAGE}\n--b--\n".encode()
    ],
    "md": [f"---\ntitle: One\ndate: 2024-03-14\n---\n\n# One\n\n{TEXT}\n\n**[Two](https://example.org/)**\n".encode()],
    "jsonl.bz2": [bz2.compress(LINES)],
    "csv.zst": [pa.compress(table([TEXT, TEXT]), "zstd", asbytes=True)],
    "xml": [exports.FACTIVA_XML.encode(), FEED, NITF],
    "rss": [FEED],
    "sgml": [SGML + SGML],
    "ris": [exports.RIS.encode()],
    "zip": [packed("a/one.txt", TEXT.encode()), packed("list.csv", table([TEXT, TEXT]))],
    "tar.gz": [tarred("w:gz", one_DOT_txt=TEXT)],
    "tar": [tarred("w", one_DOT_txt=TEXT, two_DOT_html=PAGE)],
    "xls": [
        old_spreadsheet([["title", "text"], ["One", TEXT], ["Two", TEXT]]),
        f"<table><tr><th>title<th>text<tr><td>One<td><p>{PARAGRAPH}<p>{PARAGRAPH}<tr><td>Two<td>{PARAGRAPH}</table>".encode(),
        table([TEXT, TEXT]),
    ],
}


@pytest.mark.parametrize("part", range(5))
def test_damaged_exports_of_archives_are_read_or_rejected(tmp_path: Path, part: int) -> None:
    dice = random.Random(part)
    for _ in range(60):
        name, data = mutant(dice, EXPORTS, [*["txt"] * 8, *["html"] * 5, *EXPORTS])
        path = tmp_path / name
        path.write_bytes(data)
        assert check_file(path, tmp_path) >= 1
        path.unlink()


def bomb(name: str) -> bytes:
    """One that unpacks to 400 MB of blanks; it takes a second to make, so that only the test that needs it does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file, file.open(name, "w") as content:
        for _ in range(400):
            content.write(b" " * 10**6)
    return buffer.getvalue()


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 50}">' for n in range(1, 9)) + "]>"
HOSTILE_DOCUMENTS: dict[str, tuple[str, bytes | Callable[[], bytes]]] = {
    "bomb in Word": ("docx", partial(bomb, "word/document.xml")),
    "bomb in OpenDocument": ("odt", partial(bomb, "content.xml")),
    "no document in the archive": ("docx", packed("else.xml", b"<a/>")),
    "deep markup": ("odt", packed("content.xml", b"<a>" * 50_000)),
    "entities that grow": ("xml", LAUGHS.replace("ENTITY a ", "ENTITY a0 ").encode() + b"<article><headline>&a8;</headline></article>"),
    "entries in entries": ("atom", b"<entry>" * 200 + b"<content><p>x</p></content>" + b"</entry>" * 200),
    "a feed of many items": ("rss", b"<rss>" + b"<item><description>x</description></item>" * 60_000 + b"</rss>"),
    "paragraphs in paragraphs": ("xml", b"<nitf><body.content>" + (b"<p>" * 100 + b"x" + b"</p>" * 100) * 900 + b"</body.content></nitf>"),
    "tables in tables": ("xls", b"<table><tr><td>" * 50_000 + b"x"),
    "cells far away": ("xls", b"<table>" + b"<row><cell ss:index='999'>x</cell></row>" * 10_000),
    "letters without end": ("mbox", b"From a\nSubject: x\n\n" * 4_000),
    "headers without end": ("mhtml", b"a: b\n c\n" * 100_000),
    "columns without end": ("txt", b"title\tdate\ttext" + b"\tx" * 200_000 + b"\n" + b"a\tb\tc\n" * 100_000),
    "deep groups": ("rtf", b"{\\rtf1 " + b"{" * 300_000 + b"x"),
    "links without end": ("rtf", b"{\\rtf1 " + b"{\\*\\fldinst {" * 40_000),
    "a page that is its own parent": ("pdf", exports.pdf(["x"]).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")),
    "a stream without end": ("pdf", exports.pdf(["x"]).replace(b"endstream", b"")),
    "parts in parts": (
        "eml",
        b"MIME-Version: 1.0\n" + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(900)),
    ),
    "fields without end": ("txt", b"End of Document\n" + b"LENGTH: 3 words\n\n" * 60_000),
    "ends without end": ("txt", b"Length: 3\nLoad-Date: 3\nBody\n" + b"End of Document\nLength: 3\n" * 30_000),
    "days without end": ("txt", b"Load-Date: x\nEnd of Document\n" + b"Copyright 2010\n12 May 2012\n" * 30_000),
    "catalogue without end": ("txt", b"ProQuest document ID: 3\nFull text: x\nPublication title: y\n" + b"Subject: x\nb\n" * 30_000),
    "numbers without end": ("txt", b"1 of 2 DOCUMENTS\n\n" * 30_000),
}


@pytest.mark.parametrize(("kind", "data"), HOSTILE_DOCUMENTS.values(), ids=HOSTILE_DOCUMENTS.keys())
def test_a_hostile_document_is_read_or_rejected(tmp_path: Path, kind: str, data: bytes | Callable[[], bytes]) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data if isinstance(data, bytes) else data())
    (source,), _ = list_sources(tmp_path)
    assert len(list(read_articles(tmp_path, source, load_catalogue(tmp_path), Corpus()))) >= 1


@given(st.binary(max_size=600))
def test_any_bytes_are_text_or_refused_with_a_reason(data: bytes) -> None:
    try:
        text = decode(data).text
    except NotTextError as error:
        assert error.reason in {"empty", "not_text", "wrong_encoding", "too_long"}
    else:
        assert "\x00" not in text
        text.encode("utf-8")


HOSTILE_PAGES = {
    "many attributes": "<p " + " ".join(f'a{n}="x"' for n in range(30_000)) + ">x",
    "deep": "<div>" * 20_000 + PARAGRAPH,
    "wide": f"<p>{PARAGRAPH}</p>" + '<a href="/x">y</a>' * 25_000,
    "tables in tables": f"<p>{PARAGRAPH}</p>" + "<table><tr><td>" * 9_000,
    "formatting": f"<p>{PARAGRAPH}</p>" + "<b><i><u>" * 9_000,
    "one huge line": f"<p>{'word ' * 90_000}</p>",
    "deep JSON": f'<script type="application/ld+json">{{"articleBody":{"[" * 90_000}</script><p>{PARAGRAPH}</p>',
    "open comment": f"<!-- {'<p>x' * 10_000}",
}


@pytest.mark.parametrize("page", HOSTILE_PAGES.values(), ids=HOSTILE_PAGES.keys())
def test_a_hostile_page_is_read_or_rejected(tmp_path: Path, page: str) -> None:
    (tmp_path / "a.html").write_text(f"<html><body>{page}")
    assert check_file(tmp_path / "a.html", tmp_path) == 1


@pytest.mark.parametrize(
    "line",
    [
        "1" * 900,
        "By Aa Bb, " * 90,
        "Aa/" * 300,
        "share " * 150,
        "follow us on " * 70,
        "Aa is a " * 110,
        "(photo" * 160,
        "7 January 2022 " * 60,
        "word" * 100_000,
    ],
)
def test_a_hostile_line_twice_as_long_is_twice_the_work(tmp_path: Path, line: str) -> None:
    def read(text: str) -> None:
        (tmp_path / "a.txt").write_text(f"{text}!x\n{PARAGRAPH}\n{text}!x\n")
        assert check_file(tmp_path / "a.txt", tmp_path) == 1

    assert count_work(lambda: read(line * 2)) < 2.5 * count_work(lambda: read(line))
