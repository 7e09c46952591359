"""From bytes to text, and from what servers sent to pages: each rule by an example that fails without it."""

from __future__ import annotations

import codecs
import gzip
import zlib
from pathlib import Path

import pyarrow as pa
import pytest

from qantar.stages.articles.encodings import NotTextError, decode, decode_bytes, decode_line, mend
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.web_archives import read_warc, unpack
from tests.stages.odd_inputs import A, article, chunked, record, response
from tests.stages.test_read import ENGLISH, RUSSIAN

CAFE = "The café’s owner said “no” – and left the square in the evening."


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("Caf\x00", "Caf\u2400"),
        ("It is calm.", "It is calm."),
        ("\ud83d\udcda and \ud83d", "📚 and \ufffd"),
        ("itâ€™s\nMontrÃ©al", "it’s\nMontréal"),
        ("\x93Yes\x94", "“Yes”"),
        ("I waited\x85 and\x85", "I waited… and…"),
        ("One.\x85Two itâ€™s.", "One.\x85Two it’s."),
        ("São Tomé, Åland", "São Tomé, Åland"),
    ],
)
def test_garbled_signs(written: str, mended: str) -> None:
    assert mend(written) == mended


@pytest.mark.parametrize(
    ("line", "encoding", "text", "is_repaired"),
    [
        (b"caf\xc3\xa9", "cp1252", "café", False),
        (b"caf\xe9", "windows-1252", "café", False),
        (b"the caf\xe9 is shut", "utf-8", "the café is shut", True),
        (b"the caf\xe9 is shut", "mac-odd", "the café is shut", True),
        (b"\xff\xfe\xff", "utf-8", "\ufffd\ufffd\ufffd", True),
    ],
)
def test_a_line_of_a_file(line: bytes, encoding: str, text: str, is_repaired: bool) -> None:
    assert decode_line(line, encoding) == (text, is_repaired)


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (CAFE.encode(), "utf-8", CAFE),
        (codecs.BOM_UTF8 + CAFE.encode(), "utf-8", CAFE),
        (CAFE.encode("utf-32"), "utf-32", CAFE),
        (CAFE.encode("utf-16-le"), "utf-16-le", CAFE),
        (CAFE.encode("utf-16-be"), "utf-16-be", CAFE),
        ((CAFE * 2).encode("mac_roman"), "mac-roman", CAFE * 2),
        ((CAFE + ENGLISH).encode("cp1252"), "windows-1252", CAFE + ENGLISH),
        ((RUSSIAN * 3).encode("cp1251"), "windows-1251", RUSSIAN * 3),
        (f"{ENGLISH} Газета Волна вышла. {ENGLISH}".encode("koi8_r"), "koi8-r", f"{ENGLISH} Газета Волна вышла. {ENGLISH}"),
        (f"{ENGLISH} Wałęsa, Żeromski".encode("cp1250"), "windows-1250", f"{ENGLISH} Wałęsa, Żeromski"),
        (f"{ENGLISH} Wałęsa, Kwaśniewski".encode("iso8859_2"), "iso8859-2", f"{ENGLISH} Wałęsa, Kwaśniewski"),
        (
            "港口于周二重新开放，工程师清除了两艘沉没的驳船。".encode("gb18030") * 9,
            "gb18030",
            "港口于周二重新开放，工程师清除了两艘沉没的驳船。" * 9,
        ),
        ((CAFE * 3).encode() + b" caf\xe9", "utf-8", CAFE * 3 + " café"),
        (b"\x01" + CAFE.encode(), "utf-8", "\x01" + CAFE),
        (b"It is \x00calm.", "utf-8", "It is \x00calm."),
        (b"a\x00", "utf-16-le", "a"),
    ],
)
def test_encodings(data: bytes, encoding: str, text: str) -> None:
    assert decode_bytes(data)[:2] == (text, encoding)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe\x00", "empty"),
        (b"%PDF-1.7", "not_text"),
        (b"text" + b"\x01" * 9, "not_text"),
        (("text" + "\x01" * 9).encode("utf-16"), "not_text"),
        (CAFE.encode("utf-32-le"), "not_text"),
        (CAFE.encode("utf-32-be"), "not_text"),
        (b"word " * 9, "too_long"),
    ],
)
def test_what_is_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(NotTextError) as raised:
        decode(data, 40)
    assert raised.value.reason == reason


def test_what_was_repaired_is_said() -> None:
    texts = ((CAFE * 3).encode() + b"\xe9", "itâ€™s".encode(), CAFE.encode())
    assert [decode(data).is_repaired for data in texts] == [True, True, False]


# --- web archives ----------------------------------------------------------------------------------------------------

PAGE = article("Harbour opens", A).encode()
HARBOUR = "Harbour opens https://a.example/1"
CHUNKED = "Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("data", "coding"),
    [
        (gzip.compress(PAGE), "gzip"),
        (gzip.compress(PAGE), ""),
        (zlib.compress(PAGE), "deflate"),
        (zlib.compress(PAGE, wbits=-15), "deflate"),
        (gzip.compress(zlib.compress(PAGE)), "deflate, gzip"),
        (pa.Codec("zstd").compress(PAGE, asbytes=True), "zstd"),
        (PAGE, "br"),
        (b"A text of a server.", "br"),
        (b"A text of a server.", "gzip"),
        (b"A text of a server.", "sdch"),
        ("Ä text of a server.".encode(), "identity"),
        (b"", "gzip"),
    ],
)
def test_bodies_are_unpacked_as_they_are_packed(data: bytes, coding: str) -> None:
    plain = data if data[:2] in (b"A ", b"\xc3\x84", b"") else PAGE
    assert unpack(data, coding) == plain


@pytest.mark.parametrize(
    ("data", "coding", "detail"),
    [
        (gzip.compress(PAGE)[:-30], "gzip", "is cut short"),
        (b"\xff" * 70, "gzip", "not valid gzip"),
        (b"\xff" * 70, "br", "not valid brotli"),
        (b"\xff" * 70, "sdch", "packed as sdch"),
    ],
)
def test_bodies_that_cannot_be_unpacked(data: bytes, coding: str, detail: str) -> None:
    with pytest.raises(NotTextError, match=detail):
        unpack(data, coding)


def rows_of(folder: Path, *records: bytes) -> list[str]:
    (folder / "a.warc").write_bytes(b"".join(records))
    return [f"{one.title} {one.url}" if isinstance(one, Found) else f"{one.reason} {one.detail}" for one in read_warc(folder / "a.warc")]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([response("https://a.example/1", PAGE)], ["Harbour opens https://a.example/1"]),
        ([response("https://a.example/1", chunked(PAGE), "Transfer-Encoding: chunked\r\n")], ["Harbour opens https://a.example/1"]),
        ([response("https://a.example/1", chunked(PAGE)[:-20], "Transfer-Encoding: chunked\r\n")], ["broken_record its last chunk is cut"]),
        ([response("https://a.example/1", b"5\r\nabcdefgh\r\n", "Transfer-Encoding: chunked\r\n")], ["broken_record the lengths of its"]),
        ([response("https://a.example/1", b"gone", status="410 Gone")], ["no_article the server answered 410"]),
        ([response("https://a.example/1", b" ", "Content-Type: text/plain\r\n")], ["empty holds nothing of"]),
        ([record("resource", "https://a.example/1", PAGE, "text/plain")], ["Harbour opens https://a.example/1"]),
        ([record("conversion", "https://a.example/1", PAGE, "text/html")], ["None https://a.example/1"]),
        ([record("resource", "https://a.example/1.css", b"p {}", "text/plain")], []),
        ([record("resource", "https://a.example/1.css", b"p {}", "text/html")], ["not"]),
        ([record("resource", "https://[a/1.css", ENGLISH.encode(), "text/plain")], ["None https://[a/1.css"]),
        ([record("resource", "https://a.example/1", PAGE, "image/png")], ["Harbour opens https://a.example/1"]),
        ([record("resource", "https://a.example/1", b"PNG", "image/png")], []),
        ([record("resource", "https://a.example/1", PAGE, "text/html", length=len(PAGE) + 900)], ["broken_record the archive ends within"]),
        ([record("response", "https://a.example/1", PAGE, "text/html")], ["Harbour opens https://a.example/1"]),
        ([record("response", "https://a.example/1", b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n" + PAGE, "x")], [HARBOUR]),
        ([record("conversion", "https://a.example/1", b"HTTP/2 is new. " + ENGLISH.encode(), "text/plain")], ["None https://a.example/1"]),
        ([response("https://a.example/1", chunked(PAGE) + b"Expires: 0\r\n\r\n", CHUNKED)], [HARBOUR]),
        ([response("https://a.example/1", chunked(PAGE)[:-5], CHUNKED)], [HARBOUR]),
        ([response("https://a.example/1", PAGE, CHUNKED)], [HARBOUR]),
        ([response("https://a.example/1", b"%x\n%b\n0\n\n" % (len(PAGE), PAGE), CHUNKED)], [HARBOUR]),
        ([record("revisit", "https://a.example/1", b"", "text/html")], ["no_text of a page (https://a.example/1)"]),
        (
            [record("revisit", f"https://a.example/{n}", b"", "text/html", n) for n in (1, 2)],
            ["no_text of 2 pages (https://a.example/1 …)"],
        ),
        ([response("https://a.example/1", PAGE), record("revisit", "https://a.example/1", b"", "text/html", 2)], ["Harbour opens"]),
        ([], ["empty holds nothing"]),
    ],
)
def test_the_records_of_a_web_archive(tmp_path: Path, records: list[bytes], said: list[str]) -> None:
    found = rows_of(tmp_path, *records)
    assert [one.startswith(expected) for one, expected in zip(found, said, strict=True)] == [True] * len(said), found


def test_a_body_that_begins_with_a_number_is_no_chunk(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(response("https://a.example/1", b"10\r\n" + ENGLISH.encode(), "Content-Type: text/plain\r\n"))
    (found,) = read_warc(tmp_path / "a.warc")
    assert isinstance(found, Found)
    assert found.text == f"10\r\n{ENGLISH}"


def test_what_collect_wrote_beside_its_pages(tmp_path: Path) -> None:
    ours = b"software: Qantar\r\noutlet: The Courier\r\nlicence: CC0\r\n"
    page = response("https://a.example/1", PAGE)
    about = "WARC-Concurrent-To: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
    told = record(
        "metadata", "https://a.example/1", b"software: Qantar\r\npublished: 2024-03-14T08:00\r\n", "application/warc-fields", 3, about
    )
    odd = record("metadata", "https://a.example/1", b"software: Qantar\r\npublished: 14 March\r\n", "application/warc-fields", 3, about)
    dated = article("Harbour opens", A, head='<meta property="article:published_time" content="2024-03-01T08:00:00Z">').encode()
    for data, expected in (
        ([told, response("https://a.example/1", dated)], ("a.example", None, "2024-03-01")),
        ([record("warcinfo", "", ours, "application/warc-fields", 2), told, page], ("The Courier", "CC0", "2024-03-14")),
        ([record("warcinfo", "", ours.replace(b"Qantar", b"Other"), "application/warc-fields", 2), odd, page], ("a.example", None, "None")),
        ([told.replace(b"000000000001>", b"000000000009>"), page], ("a.example", None, "None")),
    ):
        (tmp_path / "a.warc").write_bytes(b"".join(data))
        (found,) = read_warc(tmp_path / "a.warc")
        assert not isinstance(found, Refused)
        assert (found.outlet, found.licence, str(found.published_on)) == expected
