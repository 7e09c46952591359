"""Files of a folder and what is known of them beside their texts, each rule by an example that fails without it."""

from __future__ import annotations

import bz2
import errno
import gzip
import hashlib
import json
import plistlib
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qantar.schema import Rejected
from qantar.settings import FAILED_FILE, Corpus
from qantar.stages import articles
from qantar.stages.articles import Source, list_sources, load_catalogue, read_articles, read_movable, source_files
from qantar.stages.articles.addresses import article_address, host_of, split_address
from qantar.stages.articles.arrow_records import read_parquet
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.file_kinds import belongs_to, format_of, what_to_do
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.no_articles import is_front_page, is_list_of_titles, is_no_article, leads_to_site, lists_articles
from qantar.stages.articles.not_collected import load_failed
from qantar.stages.articles.other_contents import other_contents
from qantar.stages.articles.packed_files import is_packed, open_file
from qantar.stages.articles.page_layout import Line, key_of
from qantar.stages.articles.single_files import read_page_file, read_text_file
from qantar.stages.articles.slices import Slice, cut_lines, slice_digest
from qantar.stages.articles.text_headers import read_header
from tests.stages.odd_inputs import A, article, safari
from tests.stages.test_read import ENGLISH, RUSSIAN, read

# --- articles --------------------------------------------------------------------------------------------------------


def movable(folder: Path, *records: object) -> list[str] | None:
    """The names of the articles of a slice that may stand anywhere."""
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    size = path.stat().st_size
    source = Source("a.jsonl", "jsonl", size, "")
    rows = read_movable(folder, source, load_catalogue(folder), Corpus(), Slice(0, size, 5, len(records), "", True))
    return None if rows is None else [row.source_record or "" for row in rows]


def test_a_slice_may_move_if_its_articles_have_names_of_their_own(tmp_path: Path) -> None:
    one, other = {"url": "https://courier.example/n/1", "text": ENGLISH}, {"id": "k1", "text": ENGLISH}
    assert movable(tmp_path, one, other) == ["+1", "k1"]
    assert movable(tmp_path, one, {"id": 7, "text": ENGLISH}) is None
    assert movable(tmp_path, one, {"url": "https://courier.example/", "text": ENGLISH}) is None
    assert movable(tmp_path, one, {"url": "https://courier.example/?p=1", "text": ENGLISH}) == ["+1", "+2"]
    assert movable(tmp_path, one, {"id": "+2", "text": ENGLISH}) is None
    assert movable(tmp_path, one, {"id": "k1", "text": ""}) is None


def test_what_the_catalogue_says_goes_before_what_a_file_says_but_for_its_address(tmp_path: Path) -> None:
    said = {"title": "Calm", "source": "Courier", "licence": "CC BY", "url": "https://courier.example/n/1", "text": RUSSIAN}
    (tmp_path / "a.json").write_text(json.dumps(said))
    (tmp_path / "b.json").write_text(json.dumps({"title": "Calm", "licence": "CC BY", "text": ENGLISH}))
    (tmp_path / "c.json").write_text(json.dumps({"text": RUSSIAN * 3}))
    (tmp_path / "articles.csv").write_text(
        "path,url,title,licence,language,outlet\na.json,https://courier.example/n/7,Tide,CC0,en,Wave\nb.json,https://courier.example/n/2,,,,\n"
    )
    found = {one.source_path: one for one in read(tmp_path, Corpus(other_languages="keep"))[0]}
    one, other = found["a.json"], found["b.json"]
    assert (one.title, one.licence, one.language, one.outlet, one.url) == ("Tide", "CC0", "en", "Wave", "https://courier.example/n/1")
    assert (other.title, other.licence, other.language, other.url) == ("Calm", "CC BY", "en", "https://courier.example/n/2")
    assert found["c.json"].language == "ru"


def test_languages_are_told_of_each_record_though_some_say_theirs(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        "".join(json.dumps({"url": f"https://a.example/{n}", "text": t}) + "\n" for n, t in enumerate([ENGLISH, RUSSIAN * 3]))
    )
    (tmp_path / "articles.csv").write_text("url,language\nhttps://a.example/0,en\n")
    assert [row.reason for row in read(tmp_path)[1]] == ["other_language"]


def test_the_language_that_an_archive_makes_likely(tmp_path: Path) -> None:
    latin = "Habeas corpus ad subiciendum et praesidium urbis"
    asked = [
        Found(text=latin, likely_language="en"),
        Found(text=f"{RUSSIAN} " * 3, likely_language="en"),
        Found(text=f"{latin} " * 9),
        Found(text="Calm", likely_language="de"),
        Found(text="Calm"),
    ]
    assert [code for code, _ in articles._identify(asked, Corpus(language="ru"))] == ["en", "ru", "la", "de", "ru"]


def test_articles_are_looked_at_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "_TOGETHER", 3)
    monkeypatch.setattr(articles, "_MOST_TOGETHER", 100)
    source = Source("a.jsonl", "jsonl", 1, "")
    refused = source_files.rejected_row("a.jsonl", "1", "empty", "")
    records: list[tuple[Source, Found | Rejected]] = [
        (source, one) for one in (refused, Found(text="a" * 60), Found(text="b" * 60), refused)
    ]
    assert [len(some) for some in articles._together(records)] == [3, 1]
    assert [len(some) for some in articles._together(records[1:])] == [2, 1]


def test_an_articles_own_text_is_what_its_file_does_not_tell_apart() -> None:
    assert Found(text="A\nB\nC", parts=((0, 1, "title", ""), (2, 3, None, ""), (4, 5, None, ""))).own_text == "B\nC"
    assert Found(text="A\nB", parts=((0, 1, "title", ""),)).own_text == "A\nB"


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "same", "other"),
    [
        ("https://courier.example/n/1", "http://www.courier.example:80/n/1/?utm_source=a#utm_medium=b", "https://courier.example:8080/n/1"),
        ("https://courier.example/n/1#top", "https://courier.example/n/1", "https://courier.example/n/1#part-2"),
        ("https://courier.example/?p=7", "https://courier.example?p=7&fbclid=a1", "https://courier.example/?p=8"),
        ("https://courier.example/#!/n/7", "http://courier.example/#!/n/7", "https://courier.example/#!/n/8"),
    ],
)
def test_addresses_of_one_article(address: str, same: str, other: str) -> None:
    assert article_address(address) == article_address(same) != article_address(other)


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        "courier.example/n",
        "ftp://courier.example/n",
        "https://./n",
        "https://[a/n",
        "https://courier.example/",
        "https://a.example:x/n",
    ],
)
def test_what_is_no_address_of_an_article(address: str | None) -> None:
    assert article_address(address) is None


def test_hosts() -> None:
    assert host_of("https://www.courier.example/n") == "courier.example"
    assert (host_of("mailto:ann@courier.example"), split_address("ftp://courier.example/n"), split_address("https://./n")) == (
        None,
        None,
        None,
    )


# --- catalogue -------------------------------------------------------------------------------------------------------


def test_the_lines_of_a_catalogue(tmp_path: Path) -> None:
    (tmp_path / "articles.csv").write_text(
        "\ufeffPath,url,title,colour\n.\\a\\b.txt,,One,red\n,https://courier.example/n/1,Two,\nc.txt,https://courier.example/n/2,Three,\n,,,\nc.txt,,Four,\n"
        'c.txt,https://courier.example/n/3,Five,\n"d.txt"x,,Six,\ne.zip/f.txt,,Seven,\n'
    )
    catalogue = load_catalogue(tmp_path)
    assert [(row.source_record, row.reason) for row in catalogue.rejected] == [
        ("1", "broken_line"),
        ("6", "repeated_line"),
        ("8", "broken_line"),
    ]
    assert "the header has 'colour'; columns are path" in catalogue.rejected[0].detail
    titles = {entry.path or entry.url: entry.title for entry in (*catalogue.by_path.values(), *catalogue.by_url.values())}
    assert titles == {"a/b.txt": "One", "https://courier.example/n/1": "Two", "c.txt": "Five", "e.zip/f.txt": "Seven"}
    assert [catalogue.by_path["c.txt"].title, *(len(catalogue.told([path])) for path in ("e.zip", "a/b.txt", "x.txt"))] == [
        "Three",
        2,
        2,
        1,
    ]
    unmatched = catalogue.unmatched(["a/b.txt"], ["http://courier.example/n/3/", None])
    assert [row.detail.partition(" is not")[0] for row in unmatched] == [
        "line 3 https://courier.example/n/1",
        "line 4 c.txt",
        "line 9 e.zip/f.txt",
    ]


@pytest.mark.parametrize(
    ("written", "detail"),
    [
        ("title\nOne\n", "the header has 'title'; columns"),
        ('"path"x,url\n', "the header cannot be read"),
        ("", "cannot be read"),
        ("\x00", "cannot be read"),
    ],
)
def test_a_catalogue_that_cannot_be_read(tmp_path: Path, written: str, detail: str) -> None:
    (tmp_path / "articles.csv").write_text(written)
    (row,) = load_catalogue(tmp_path).rejected
    assert detail in row.detail


def test_a_folder_without_a_catalogue(tmp_path: Path) -> None:
    assert load_catalogue(tmp_path).rejected == []


# --- kinds of files --------------------------------------------------------------------------------------------------


def test_what_files_belong_to(tmp_path: Path) -> None:
    for name in ("a.html", "a_files/b.css", "a_files/c.html", "a_files/d.txt", "b_files/e.css", "Thumbs.db", "~$a.docx", "__MACOSX/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ENGLISH)
    found = {
        name: bool(belongs_to(tmp_path, name)) for name in ("a.html", "a_files/b.css", "a_files/c.html", "a_files/d.txt", "b_files/e.css")
    }
    assert found == {"a.html": False, "a_files/b.css": True, "a_files/c.html": True, "a_files/d.txt": False, "b_files/e.css": False}
    assert all(belongs_to(tmp_path, name) for name in ("Thumbs.db", "~$a.docx", "__MACOSX/a.txt"))


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("a.txt", "", "txt"),
        ("story.php", "\n<!DOCTYPE html><html>", "html"),
        ("story.php", "{\\rtf1", None),
        ("story.pages", "<html>", None),
        ("a.doc", "{\\rtf1", "rtf"),
        ("a.doc", "\x00", None),
        ("article", "<html>", "html"),
        ("article", "A text", None),
    ],
)
def test_formats_by_name_and_first_bytes(tmp_path: Path, name: str, data: str, format: str | None) -> None:
    (tmp_path / name).write_text(data)
    assert format_of(tmp_path / name, name) == format
    assert format_of(tmp_path / "no.file", "no.file") is None


def test_what_to_do_with_other_files() -> None:
    assert "type .tar.zst; unpack it here, then" in what_to_do("march.tar.zst")
    assert "type .zst; unpack it, and give" in what_to_do("march.7.zst")
    assert "type (none); rename it .txt" in what_to_do("README")
    assert "type .xyz; convert it" in what_to_do("a.xyz")


def test_files_are_listed_but_for_hidden_ones_and_what_others_wrote(tmp_path: Path) -> None:
    for name in ("a.txt", ".hidden/b.txt", ".c.txt", FAILED_FILE, "d/e.css", "f.html", "f_files/g.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(ENGLISH)
    (tmp_path / "f_files/a.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "f_files/h.css").symlink_to(tmp_path / "d/e.css")
    sources, rejected = list_sources(tmp_path)
    assert [source.path for source in sources] == ["a.txt", "f.html", "f_files/a.txt"]
    assert {row.source_path: row.reason for row in rejected} == {
        "d/e.css": "unknown_format",
        "f_files/g.css": "no_article",
        "f_files/h.css": "unknown_format",
    }


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH)
    for error, detail in (
        (OSError(errno.ENAMETOOLONG, "File name too long"), "cannot be opened: File name too long; shorten its path"),
        (OSError("no reason"), "cannot be opened: no reason; check its permissions"),
    ):

        def fail(*_: object, error: OSError = error) -> None:
            raise error

        monkeypatch.setattr(source_files, "_source", fail)
        assert [row.detail for row in list_sources(tmp_path)[1]] == [detail]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    source = Source("a.txt", "txt", 1, "")
    (row,) = read_articles(tmp_path, source, load_catalogue(tmp_path), Corpus())
    assert isinstance(row, Rejected)
    assert row.detail == "cannot be read: No such file or directory; check its permissions"


def test_a_part_of_a_file_and_a_packed_file_of_records(tmp_path: Path) -> None:
    first, second = json.dumps({"text": ENGLISH}) + "\n", json.dumps({"text": ""}) + "\n"
    (tmp_path / "a.jsonl").write_text(first + second)
    part = Slice(len(first), len(first + second), 1, 1, "", False)
    (row,) = read_articles(tmp_path, Source("a.jsonl", "jsonl", 1, ""), load_catalogue(tmp_path), Corpus(), part)
    assert isinstance(row, Rejected)
    assert (row.source_record, row.reason) == ("2", "empty")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as file:
        file.write(tmp_path / "a.jsonl", "m/a.jsonl")
    found, rejected = read(tmp_path)
    assert [one.source_record for one in found] == ["1", "m/a.jsonl"]
    assert [(one.source_path, one.source_record) for one in rejected] == [("a.jsonl", "2"), ("b.zip", "m/a.jsonl#2")]


def test_packed_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt.bz2").write_bytes(bz2.compress(b"One."))
    with pa.CompressedOutputStream(str(tmp_path / "b.txt.zst"), "zstd") as file:
        file.write(b"Two.")
    (tmp_path / "c.txt").write_bytes(b"Three.")
    assert [open_file(path).read() for path in sorted(tmp_path.iterdir())] == [b"One.", b"Two.", b"Three."]
    assert [is_packed(path) for path in sorted(tmp_path.iterdir())] == [True, True, False]


def test_what_could_not_be_collected(tmp_path: Path) -> None:
    assert load_failed(tmp_path) == []
    (tmp_path / FAILED_FILE).parent.mkdir(parents=True)
    (tmp_path / FAILED_FILE).write_text("url,outlet,since,reason,detail\nhttps://b.example/1,Courier,2024-03-14,odd,Gone\n,Wave,,blocked\n")
    blank, row = load_failed(tmp_path)
    assert (row.source_record, row.reason, row.detail) == ("https://b.example/1", "unknown", "Courier, since 2024-03-14: Gone")
    assert (blank.source_record, blank.detail) == ("", "Wave, since : ")


def test_a_column_of_objects_may_hold_the_articles(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1], "data": [{"title": "Calm", "text": ENGLISH}]}), tmp_path / "a.parquet")
    (found,) = read_parquet(tmp_path / "a.parquet")
    assert isinstance(found, Found)
    assert (found.title, found.text) == ("Calm", ENGLISH)


# --- slices ----------------------------------------------------------------------------------------------------------


def test_a_file_is_cut_where_its_lines_say_and_after_so_many(tmp_path: Path) -> None:
    lines = [f"{n} {'x' * (n % 7)}\n" for n in range(400)]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(lines))
    whole = hashlib.sha256()
    parts = list(cut_lines(path, 16, 10**6, whole))
    assert whole.digest() == hashlib.sha256(path.read_bytes()).digest()
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert {part.n_lines for part in parts[:-1]} <= {*range(4, 65)}
    assert len({part.n_lines for part in parts}) > 2
    assert (sum(part.n_lines for part in parts), parts[-1].is_cut, parts[0].is_cut) == (400, False, True)
    assert [slice_digest(path, part) for part in parts] == [part.sha256 for part in parts]
    (tmp_path / "b.jsonl").write_text("a new line\n" + "".join(lines))
    moved = list(cut_lines(tmp_path / "b.jsonl", 16, 10**6, hashlib.sha256()))
    assert {part.sha256 for part in parts[2:]} <= {part.sha256 for part in moved}
    short = list(cut_lines(path, 16, 20, hashlib.sha256()))
    assert max(part.end - part.start for part in short) < 20 + 12
    (tmp_path / "c.jsonl").write_text("same\n" * 200)
    assert {part.n_lines for part in cut_lines(tmp_path / "c.jsonl", 16, 10**6, hashlib.sha256())} == {64, 200 % 64}
    path.write_text("cut")
    assert slice_digest(path, parts[0]) == hashlib.sha256(b"cut").hexdigest()


def test_a_line_that_is_read_in_pieces_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qantar.stages.articles.slices.MOST_BYTES", 10)
    (tmp_path / "a.jsonl").write_text("x" * 95 + "\nshort\n")
    assert [(part.n_lines, part.end) for part in cut_lines(tmp_path / "a.jsonl", 16, 30, hashlib.sha256())] == [(1, 96), (1, 102)]


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("A text, of a kind, with commas.\nAnd more, of it, here.\n", None),
        ('\ufeff[ {"title": "One"}]', "holds JSON; rename it .jsonl"),
        ('{"title" is what he wrote.', None),
        ("<rss version='2.0'>", "holds XML; rename it .xml"),
        ("<Applause> He spoke.", None),
        ("title\tdate\ttext\nOne\t2024-03-14\tIt is calm.\n", "holds a table; rename it .tsv"),
        ("title,date,text\n\nOne,2024-03-14,It is calm.\n", "holds a table; rename it .csv"),
        ("title,date,text\n", None),
        ("title,date,n\nOne,2024-03-14,7\n", None),
        ("title,date,url\nOne,2024-03-14,https://a.example/n\n", None),
        ("title,n,text\nOne,7,It is calm.\n", None),
        ("title,date,text\nis how it began.\nThey went on.\n", None),
        (",".join(["title", "date", "text", *["n"] * 600]) + "\n" + "," * 602 + "\n", None),
    ],
)
def test_what_else_a_text_file_holds(text: str, what: str | None) -> None:
    assert other_contents(text) == what


def text_file(folder: Path, name: str, data: str | bytes) -> Found | Refused:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    (found,) = read_text_file(folder / name)
    return found


def test_texts_of_other_kinds(tmp_path: Path) -> None:
    rtf = text_file(tmp_path, "a.txt", "{\\rtf1\\ansi " + "\\par ".join(A).replace("“", '"').replace("”", '"') + "}")
    assert isinstance(rtf, Found)
    assert (rtf.text.startswith("The harbour"), "\\par" in rtf.text) == (True, False)
    page = text_file(tmp_path, "b.txt", article("Harbour", A))
    assert isinstance(page, Found)
    assert (page.title, A[0] in page.text) == ("Harbour", True)
    sgml = text_file(tmp_path, "c.txt", f"<DOC>\n<DOCNO> k1 </DOCNO>\n<HEADLINE> Calm </HEADLINE>\n<TEXT>\n{ENGLISH}\n</TEXT>\n</DOC>\n")
    assert isinstance(sgml, Found)
    assert sgml.title == "Calm"
    for data, reason in (("title,date,text\nOne,2024-03-14,Calm.\n", "unknown_format"), ("Ice closes the weir again\n" * 6, "no_article")):
        with pytest.raises(NotTextError) as raised:
            text_file(tmp_path, "d.txt", data)
        assert raised.value.reason == reason


def test_markdown_and_highlights(tmp_path: Path) -> None:
    head = "---\ntitle: Calm\ndate: 2024-03-14\n---\n\n"
    for name in ("a.1.md", "a.md.gz", "a.MD.bz2", "a.txt"):
        written = f"{head}**One** is [calm](https://a.example/n).".encode()
        packed = {"a.md.gz": gzip.compress(written), "a.MD.bz2": bz2.compress(written)}
        found = text_file(tmp_path, name, packed.get(name, written))
        assert isinstance(found, Found)
        assert found.title == "Calm"
        assert ("**One**" in found.text, "title:" in found.text) == (name == "a.txt", name == "a.txt")
        assert found.has_raw_offsets == (name == "a.txt")
    plain = text_file(tmp_path, "b.md", f"{head}One is calm.")
    assert isinstance(plain, Found)
    assert (plain.text, plain.has_raw_offsets) == (f"{head}One is calm.", True)
    story = text_file(tmp_path, "c.story", f"{ENGLISH}\n\n@highlight\n\nOrder returns\n\n@highlight\n\nTroops leave")
    assert isinstance(story, Found)
    assert story.own_text == ENGLISH
    headed = text_file(tmp_path, "d.txt", f"{head}{ENGLISH}\n\n@highlight\n\nOrder returns")
    assert isinstance(headed, Found)
    assert headed.parts[0][2] == "boilerplate"


def test_saved_pages(tmp_path: Path) -> None:
    html = article("Harbour", A).encode()
    pages = {
        "a.html": (html, None),
        "b.webarchive": (safari(WebResourceData=html, WebResourceURL="https://courier.example/n/1"), "https://courier.example/n/1"),
        "c.webarchive": (safari(WebResourceData=html, WebResourceURL="about:blank"), None),
        "d.webarchive": (safari(WebResourceData=html, WebResourceURL=7), None),
        "e.mhtml": (
            b"Snapshot-Content-Location: https://courier.example/n/1\r\n"
            b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n'
            b"\r\n--B\r\nContent-Type: text/html\r\n\r\n" + html + b"\r\n--B--\r\n",
            "https://courier.example/n/1",
        ),
    }
    for name, (data, url) in pages.items():
        (tmp_path / name).write_bytes(data)
        (found,) = read_page_file(tmp_path / name)
        assert isinstance(found, Found)
        assert (A[0] in found.text, found.url) == (True, url)
    (tmp_path / "f.webarchive").write_bytes(plistlib.dumps({"WebMainResource": {"WebResourceData": "text"}}, fmt=plistlib.FMT_BINARY))
    with pytest.raises(NotTextError, match="a saved page without a page"):
        list(read_page_file(tmp_path / "f.webarchive"))


def test_a_file_of_one_article_has_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qantar.stages.articles.single_files.MOST_BYTES", len(ENGLISH) - 1)
    with pytest.raises(NotTextError, match="bytes of an article"):
        text_file(tmp_path, "a.txt", ENGLISH)


@pytest.mark.parametrize(
    ("header", "title", "author"),
    [
        ("---\ntitle: Calm\n---\n", "Calm", None),
        ("---\ntitle: Calm\n# a remark\ntags:\n  - ports\n\n---\n", None, None),
        ("---\n---\n", None, None),
        ("---\n# a remark\ntitle: Calm\n---\n", "Calm", None),
        ("Author: Ann Reed\nDate: 5 January 2022\n\n", None, "Ann Reed"),
        ("---\ntitle: Calm\nAnd so on.\n---\n", None, None),
        ("---\ntitle: Calm\n", None, None),
        ("Calm at last\nAuthor: Ann Reed\nDate: 5 January 2022\n\n", "Calm at last", "Ann Reed"),
        ("- Calm at last\nAuthor: Ann Reed\nDate: 5 January 2022\n\n", "- Calm at last", "Ann Reed"),
        ("Calm at last\nTitle: Calm\nAuthor: Ann Reed\nDate: 5 January 2022\n", "Calm", "Ann Reed"),
        ("Title: Calm\nAuthor: Ann Reed\n", None, None),
        ("Title: Calm\nAuthor: Ann Reed\nWho: Bo\nWhat: tea\nWhere: here\n\n", None, None),
        ("Author: Ann Reed\nSource: Courier\n\n", None, None),
        ("Title: Calm\n \nAuthor: Ann Reed\n\n", None, None),
    ],
)
def test_what_stands_above_a_text(header: str, title: str | None, author: str | None) -> None:
    found = read_header(Found(text=header + ENGLISH))
    assert (found.title, found.author) == (title, author)
    assert not title or found.own_text == ENGLISH


@pytest.mark.parametrize("opening", ["- One is calm.\n", "# Calm\n"])
def test_a_list_or_heading_between_rules_is_no_header(opening: str) -> None:
    assert read_header(Found(text=f"---\n{opening}---\n{ENGLISH}")).parts == ()


def test_each_line_above_a_text_has_its_role() -> None:
    found = read_header(Found(text=f"Calm at last\nAuthor: Ann Reed\nDate: 5 January 2022\n\n{ENGLISH}"))
    assert [(found.text[start:end], role) for start, end, role, _ in found.parts] == [
        ("Calm at last", "title"),
        ("Author: Ann Reed", "boilerplate"),
        ("Date: 5 January 2022", "boilerplate"),
        (ENGLISH, None),
    ]


def test_a_header_above_no_text_or_one_that_is_none_stays_in_the_text() -> None:
    alone = "Title: Calm\nAuthor: Ann Reed\n\n"
    denied = f"Title: Access Denied\nDate: 5 January 2022\n\n{ENGLISH}"
    assert (read_header(Found(text=alone)).parts, read_header(Found(text=denied)).parts) == ((), ())


# --- no articles -----------------------------------------------------------------------------------------------------


def shown(*lines: str) -> list[Line]:
    """The lines of a page; a line that begins with > is a link, one with | is one for its first half."""
    texts = [(line.lstrip(">|"), {">": 1.0, "|": 0.5}.get(line[0], 0.0)) for line in lines]
    return [Line(key_of(text), text, None, int(share * len(key_of(text)))) for text, share in texts]


@pytest.mark.parametrize(
    ("title", "text", "is_none"),
    [
        ("Access Denied", "Reference 18.2f", True),
        (None, "\nAccess Denied\nReference 18.2f", True),
        ("Access Denied", "word " * 130, False),
        ("Access Denied", f"Reference{' ' * 200}18.2f", True),
        ("Access denied: how the gate was shut", "It was Friday.", False),
    ],
)
def test_an_error_in_the_place_of_an_article(title: str | None, text: str, is_none: bool) -> None:
    assert is_no_article(title, text) is is_none


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("Ice closes the weir again\n\n" * 5, True),
        ("Ice closes the weir again\n" * 4, False),
        ("Ice closes the weir again.\n" * 5, False),
        ("Ice closes it\n" * 5, False),
        ("Ice closes the weir again\n" * 5_000, False),
    ],
)
def test_a_list_of_titles(text: str, is_list: bool) -> None:
    assert is_list_of_titles(text) is is_list


TEASERS = [f"A short word of story {name}" for name in "abcdefghij"]
LINKS = [f">Title of the piece {name}" for name in "abcdefghij"]


def test_a_page_of_teasers() -> None:
    page = shown(*(line for pair in zip(LINKS, TEASERS, strict=True) for line in pair))
    links = [line[1:] for line in LINKS]
    long = [f"{teaser} {'and so on ' * 20}" for teaser in TEASERS]
    assert lists_articles("\n".join(TEASERS), page)
    assert lists_articles("\n".join([*links, "–", "And so on."]), page)
    assert not lists_articles("\n".join(links[:6]), page)
    assert not lists_articles("\n".join([*TEASERS[:8], *(f"It is calm on day {n}." for n in range(8))]), page)
    assert not lists_articles("\n".join(TEASERS), shown(*TEASERS))
    assert not lists_articles(
        "\n".join(TEASERS), shown(*(line for pair in zip(LINKS, TEASERS, strict=True) for line in ("|" + pair[0][1:], pair[1])))
    )
    assert not lists_articles("\n".join(long), shown(*(line for pair in zip(LINKS, long, strict=True) for line in pair)))


def test_a_front_page() -> None:
    site, page = "https://courier.example/", shown(*LINKS)
    assert is_front_page(site, "Welcome", page)
    assert not is_front_page("https://courier.example/n/1", "Welcome", page)
    assert not is_front_page(site, "Welcome", page[:9])
    assert not is_front_page(site, "Welcome", [line._replace(n_linked=0) for line in page])
    assert not is_front_page(site, "Welcome", shown(*[">World news"] * 12))
    assert not is_front_page(site, ENGLISH * 9, page)
    found = [leads_to_site(address) for address in (site, None, "courier", "https://courier.example/n/1", "https://courier.example/?p=7")]
    assert found == [True, False, False, False, False]
