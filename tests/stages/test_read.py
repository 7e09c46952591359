"""Files in, articles or rejects out."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from flows.schema import Article, Rejected
from flows.settings import Corpus
from flows.stages.read import list_sources, load_catalogue, read_articles

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
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "lost.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    sources, rejected = list_sources(tmp_path)
    assert sources == []
    found = {r.source_path: r.reason for r in rejected}
    assert found == {"a.docx": "unknown_format", "lost.txt": "unreadable", "pipe.txt": "unreadable"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"1 2 3", "empty"),
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


def test_garbled_text_is_mended_and_said_so(tmp_path: Path) -> None:
    garbled = WESTERN.encode("utf-8").decode("cp1252", "replace").replace("\ufffd", "\x9d")
    (tmp_path / "a.txt").write_text(f"{garbled}\n{ENGLISH}", encoding="utf-8")
    (article,), _ = read(tmp_path)
    assert "Peña Nieto’s visit – a surprise – cost €5" in article.text
    assert article.is_repaired


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
