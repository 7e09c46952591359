"""Exports of newspaper archives and documents of other programs in; articles with their fields, and every character labelled, out."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from qantar.schema import Article, Rejected
from qantar.settings import Corpus
from qantar.stages.articles.archives.archive_parts import find_day, find_language, given_name_first
from qantar.stages.blocks import Cleaned, clean_article
from tests.stages import archive_exports as exports
from tests.stages.archive_exports import PARAGRAPHS
from tests.stages.test_clean import as_space
from tests.stages.test_read import read

KEEP = Corpus(other_languages="keep")


def cleaned(article: Article) -> Cleaned:
    result = clean_article(article)
    assert isinstance(result, Cleaned)
    return result


def rows(raw: Path, name: str, data: bytes | str) -> list[Article]:
    (raw / name).write_bytes(data.encode() if isinstance(data, str) else data)
    articles, rejected = read(raw, KEEP)
    assert rejected == []
    return articles


def said(article: Article) -> tuple[str | None, str | None, str | None]:
    return article.title, article.outlet, str(article.published_on)


def body(article: Article) -> list[str]:
    return [block.text for block in cleaned(article).blocks if block.role == "body"]


def plain(paragraphs: tuple[str, ...] = PARAGRAPHS) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in paragraphs]


def check(articles: list[Article], whole: str | None = None) -> None:
    """Body paragraphs are whole, all else is labelled, and raw offsets point into the file's text."""
    for article in articles:
        blocks = cleaned(article).blocks
        assert [" ".join(text.split()) for text in body(article)] == plain(), article.source_record
        covered = "".join("".join(block.text.split()) for block in blocks)
        assert covered == "".join(article.text.split())
        if whole is not None:
            for block in blocks:
                assert block.raw_start is not None
                assert as_space(whole[block.raw_start : block.raw_end]) == block.text
    if whole is not None:
        assert "".join(article.text for article in articles) == whole


HARBOUR = "The Harbour Times"
TWO = [("Terminal opens in March", HARBOUR, "2017-04-01"), ("Fishermen ask for a berth", HARBOUR, "2017-04-02")]


# --- Nexis --------------------------------------------------------------------------------------------------------


def test_articles_that_nexis_numbered_are_cut_apart_and_every_line_is_labelled(tmp_path: Path) -> None:
    articles = rows(tmp_path, "nexis.txt", exports.NEXIS)
    assert [said(a) for a in articles] == [
        ("Ferry terminal to open in March", "The Harbour Times (Lorne)", "2010-01-11"),
        ("Islands wait for their ferry; Two years late, and still no berth", "Lorne.com", "2010-01-12"),
        ("What the fishermen say", "The Sun Coast", "2010-01-13"),
    ]
    assert [a.author for a in articles] == ["Simon Tasker", "Ana Brook", None]
    assert [(a.source_record, a.language, a.published_basis) for a in articles] == [(n, "en", "metadata") for n in "123"]
    check(articles, exports.NEXIS)
    rules = {block.rule: block for block in cleaned(articles[1]).blocks}
    assert rules["nexis picture"].text == "The board, seen from behind"
    assert rules["nexis load_date"].text == "LOAD-DATE: January 12, 2010"
    assert rules["nexis section"].text == "SECTION: FEATURES; Pg. 2"
    assert {rules[name].role for name in ("nexis picture", "nexis load_date", "nexis copyright", "nexis number")} == {"boilerplate"}
    assert cleaned(articles[0]).blocks[0].rule == "nexis cover"


def test_the_labels_of_other_languages_are_known(tmp_path: Path) -> None:
    articles = rows(tmp_path, "nexis.txt", exports.NEXIS_GERMAN)
    assert [(*said(a), a.author, a.language) for a in articles] == [
        ("Neuer Anleger öffnet im März", "Der Hafenbote", "2010-01-11", "Simon Tasker", "de"),
        ("Die Fischer schweigen", "Der Hafenbote", "2010-02-27", None, "de"),
    ]
    assert [" ".join(p.split()) for p in body(articles[0])] == plain(exports.GERMAN)
    assert [r.reason for r in read(tmp_path)[1]] == ["other_language"] * 2


def test_articles_that_nothing_numbers_are_parted_below_the_last_of_each(tmp_path: Path) -> None:
    articles = rows(tmp_path, "old.txt", exports.NEXIS_OLD)
    assert [said(a) for a in articles] == [
        ("A Ferry for the Islands; Harbour Board Signs at Last", "The Lorne Courier", "1999-01-03"),
        ("No Ferry for the Islands", "The Lorne Courier", "1999-01-04"),
    ]
    assert {a.author for a in articles} == {"MARA LENZ"}
    check(articles, exports.NEXIS_OLD)


def test_a_page_of_nexis_holds_its_articles(tmp_path: Path) -> None:
    page = exports.nexis_page(
        [("The Harbour Times", "January 11, 2010 Monday", "Terminal opens"), ("Lorne.com", "27. Februar 2012", "A berth")]
    )
    articles = rows(tmp_path, "nexis.html", page)
    assert [said(a) for a in articles] == [
        ("Terminal opens", "The Harbour Times", "2010-01-11"),
        ("A berth", "Lorne.com", "2012-02-27"),
    ]
    assert [a.has_raw_offsets for a in articles] == [False, False]
    check(articles)


UNI = [
    ("Does a Ferry Help or Hurt the Islands?; Green", "The Harbour Times", "2009-06-26"),
    ("Fishermen ask for a berth on 12 March 2009", "Lorne Weekly (Port Lorne)", "2010-01-12"),
]


@pytest.mark.parametrize("is_marked", [True, False], ids=["headings", "no headings"])
def test_word_documents_of_nexis_uni_hold_many_articles_below_a_cover(tmp_path: Path, is_marked: bool) -> None:
    paragraphs = [*exports.UNI_COVER, *exports.UNI[0], *exports.UNI[1]]
    articles = rows(tmp_path, "nexis.docx", exports.docx(paragraphs, tuple(title for title, *_ in UNI) if is_marked else ()))
    assert [said(a) for a in articles] == UNI
    assert {a.author for a in articles} == {"JAMES KANT"}
    check(articles, "".join(a.text for a in articles))
    kinds = {block.rule: block.role for block in cleaned(articles[0]).blocks}
    assert kinds["nexis highlight"] == "heading"
    assert {kinds[rule] for rule in ("nexis cover", "nexis terms", "nexis graphic", "nexis edition", "nexis load_date")} == {"boilerplate"}


def test_one_article_of_nexis_uni_a_file(tmp_path: Path) -> None:
    articles = rows(tmp_path, "a.docx", exports.docx(exports.UNI[0]))
    assert [said(a) for a in articles] == UNI[:1]
    check(articles)


def test_text_and_rtf_of_nexis_uni_are_read_as_its_word_documents(tmp_path: Path) -> None:
    text = "\n".join([*exports.UNI_COVER, *exports.UNI[0], *exports.UNI[1]])
    for name, data in (("a.txt", text.encode()), ("b.rtf", exports.rtf(text)), ("c.txt", exports.rtf(text))):
        articles = rows(tmp_path, name, data)
        assert [said(a) for a in articles] == UNI
        check(articles)
        (tmp_path / name).unlink()


def test_paragraphs_of_a_pdf_of_nexis_uni_are_joined(tmp_path: Path) -> None:
    lines = [line for text in exports.UNI[0] for line in exports.wrapped(text.replace("“", '"').replace("”", '"')).split("\n")]
    (article,) = rows(tmp_path, "a.pdf", exports.pdf([line.replace("\u00a0", " ") for line in lines if line.strip()]))
    assert said(article) == UNI[0]
    assert [" ".join(text.split())[:18] for text in body(article)] == ["The harbour board ", '"We have kept our ', "Fishermen, who had"]


FILLER = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. Etiam lacinia elementum sapien, eget aliquet ex finibus ut."


def test_nexis_counts_words_in_the_articles_language(tmp_path: Path) -> None:
    def language(length: str, *paragraphs: str) -> str:
        lines = [line for line in exports.uni_lines("A title", "A Paper", "12 January 2010", length=length) if "Language" not in line]
        at = lines.index(PARAGRAPHS[0])
        lines[at : at + len(PARAGRAPHS)] = paragraphs
        (article,) = rows(tmp_path, "a.docx", exports.docx(lines))
        return article.language

    assert language("Length:\u00a0355 words", FILLER, FILLER) == "en"  # no paper is in Latin
    assert language("Länge:\u00a0355 Wörter", FILLER, FILLER) == "de"
    assert language("Length:\u00a0355 words", *exports.GERMAN) == "de"


def test_an_abstract_before_the_full_text_is_no_part_of_it(tmp_path: Path) -> None:
    lines = [line.replace("Body", "Body\nABSTRACT\nThe board has signed.\nFULL TEXT") for line in exports.UNI[0]]
    articles = rows(tmp_path, "a.docx", exports.docx(lines))
    check(articles)


# --- Factiva --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"), [("a.txt", exports.FACTIVA), ("b.rtf", exports.FACTIVA_TABLE), ("c.docx", exports.docx(exports.FACTIVA.split("\n")))]
)
def test_factivas_fields_by_two_letters(tmp_path: Path, name: str, data: str | bytes) -> None:
    articles = rows(tmp_path, name, data)
    assert [said(a) for a in articles] == TWO
    assert [a.source_record for a in articles] == ["HARBT00020170401ed4200051", "HARBT00020170402ed4200052"]
    assert {(a.author, a.language) for a in articles} == {("Ana Brook", "en")}
    assert [body(a)[2] for a in articles] == ["IN their view nothing was decided."] * 2


def test_factivas_own_layout_as_text(tmp_path: Path) -> None:
    for name, data in (("a.txt", exports.FACTIVA_LAID_OUT.encode()), ("b.rtf", exports.rtf(exports.FACTIVA_LAID_OUT))):
        articles = rows(tmp_path, name, data)
        assert [said(a) for a in articles] == TWO
        assert [a.author for a in articles] == ["Ana Brook", None]
        check(articles, exports.FACTIVA_LAID_OUT if name == "a.txt" else None)
        (tmp_path / name).unlink()


def test_factivas_pages_in_both_layouts(tmp_path: Path) -> None:
    articles = rows(tmp_path, "rows.html", exports.FACTIVA_ROWS)
    assert [(*said(a), a.author, a.language, a.source_record) for a in articles] == [
        ("Terminal opens in March", HARBOUR, "2011-12-29", "Ana Brook", "en", "HARBT00020111229e7ct0001r"),
        ("Des ferrys pour les îles", "Le Port", "2011-12-29", None, "fr", "LEPORT0020111229e7ct0015j"),
    ]
    check(articles[:1])
    (tmp_path / "rows.html").unlink()
    articles = rows(tmp_path, "page.html", exports.FACTIVA_PAGE)
    assert [(*said(a), a.author, a.source_record) for a in articles] == [
        ("Terminal opens in March", HARBOUR, "2017-04-02", "Ana Brook", "HARBT00020170402ed4200003"),
        ("Fishermen ask for a berth", HARBOUR, "2017-04-03", None, "HARBT00020170403ed4200053"),
    ]
    check(articles)


def test_factivas_xml(tmp_path: Path) -> None:
    articles = rows(tmp_path, "factiva.xml", exports.FACTIVA_XML)
    assert [said(a) for a in articles] == [
        ("Terminal opens in March", HARBOUR, "2012-01-09"),
        ("Terminal opens in May", HARBOUR, "2012-01-10"),
    ]
    check(articles)


# --- Europresse, ProQuest, RIS ------------------------------------------------------------------------------------------


def test_europresses_pages_of_now(tmp_path: Path) -> None:
    articles = rows(tmp_path, "a.html", exports.EUROPRESSE)
    assert [(*said(a), a.author, a.source_record) for a in articles] == [
        ("A terminal, at last", "Le Port (site web)", "2022-01-06", "Ana Brook", "news·20220106·LPW·8123"),
        ("Fishermen ask for a berth", "Harbour Times", "2022-01-07", "Ana Brook", "news·20220107·HT·77_01"),
    ]
    check(articles)
    kinds = {block.rule: block.role for block in cleaned(articles[0]).blocks}
    assert (kinds["europresse subtitle"], kinds["europresse other"], kinds["europresse day"]) == ("heading", "boilerplate", "dateline")


@pytest.mark.parametrize(
    ("page", "days"),
    [(exports.EUROPRESSE_2013, ["2013-01-28"]), (exports.EUROPRESSE_TABLE, ["2011-01-03", "2011-01-10"])],
    ids=["2013", "table"],
)
def test_europresses_pages_of_before(tmp_path: Path, page: str, days: list[str]) -> None:
    articles = rows(tmp_path, "a.html", page)
    assert [str(a.published_on) for a in articles] == days
    assert {(a.outlet, a.author) for a in articles} == {("Le Port", "Ana Brook")}
    assert articles[0].title == "A terminal, at last"
    assert body(articles[0]) == plain(PARAGRAPHS[:2])
    assert (articles[0].source_record or "").startswith("news·201")


def test_proquests_documents_as_text(tmp_path: Path) -> None:
    articles = rows(tmp_path, "a.txt", exports.PROQUEST)
    assert [(*said(a), a.author, a.source_record) for a in articles] == [
        ("Terminal opens in March", "Harbour Times", "2010-05-01", "Ike Okafor; Mara Lenz", "251439971"),
        ("Fishermen ask for a berth", "Harbour Times", "2010-05-02", "Ike Okafor; Mara Lenz", "251439972"),
    ]
    check(articles[:1])
    assert [text[:22] for text in body(articles[1])] == ["The harbour board of P", "Location: the quay. “W"]
    assert "".join(a.text for a in articles) == exports.PROQUEST


def test_proquests_pages_and_messages(tmp_path: Path) -> None:
    message = (
        f"From: x@example.org\nSubject: Your research\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{exports.PROQUEST_PAGE}"
    )
    for name, data in (("a.html", exports.PROQUEST_PAGE), ("a.eml", message)):
        articles = rows(tmp_path, name, data)
        assert [said(a) for a in articles] == [
            ("Terminal opens in March", "Harbour Times", "2010-05-01"),
            ("Fishermen ask for a berth", "Harbour Times", "2010-05-02"),
        ]
        check(articles)
        (tmp_path / name).unlink()


def test_records_of_bibliographic_software(tmp_path: Path) -> None:
    articles = rows(tmp_path, "a.ris", exports.RIS)
    assert [(*said(a), a.author, a.source_record) for a in articles] == [
        ("Terminal opens in March", "Harbour Times", "2010-05-01", "Ike Okafor; Mara Lenz", "HT-100"),
        ("Fishermen ask for a berth", "Harbour Times", "2010-05-02", "Ike Okafor; Mara Lenz", "HT-101"),
    ]
    assert body(articles[0]) == plain(PARAGRAPHS[:2])


# --- documents of one article ---------------------------------------------------------------------------------------------


def test_a_document_of_one_article(tmp_path: Path) -> None:
    paragraphs = ["A ferry of our own", *PARAGRAPHS]
    for name, data in (("a.docx", exports.docx(paragraphs, ("A ferry of our own",))), ("b.odt", exports.odt(paragraphs))):
        (article,) = rows(tmp_path, name, data)
        assert article.title == "A ferry of our own"
        assert article.format == name[2:]
        check([article], "\n".join(paragraphs))
        (tmp_path / name).unlink()
    (article,) = rows(tmp_path, "c.rtf", exports.rtf("\n".join(paragraphs)))
    check([article])


def test_the_text_layer_of_a_pdf(tmp_path: Path) -> None:
    lines = [line for p in PARAGRAPHS for line in [*exports.wrapped(p.replace("“", '"').replace("”", '"')).split("\n"), ""]]
    (article,) = rows(tmp_path, "a.pdf", exports.pdf(lines))
    assert "that the new ferry terminal\nwould open in" in article.text
    (tmp_path / "a.pdf").write_bytes(exports.pdf([]))
    ((rejected,),) = (read(tmp_path)[1],)
    assert rejected.reason == "no_text"
    assert "OCR" in rejected.detail


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_only_forbids_changes_is_read_and_one_with_a_password_is_not(tmp_path: Path, algorithm: str) -> None:
    from pypdf import PdfReader, PdfWriter

    for name, password, reason in (("a.pdf", "", None), ("b.pdf", "harbour", "encrypted")):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(exports.pdf(["Terminal opens", *exports.wrapped(PARAGRAPHS[0]).split("\n")]))))
        writer.encrypt(password, "of the archive", algorithm=algorithm)
        writer.write(tmp_path / name)
        articles, rejected = read(tmp_path, KEEP)
        assert [article.source_path for article in articles] == ["a.pdf"]
        assert [row.reason for row in rejected] == ([reason] if reason else [])


def test_records_of_bibliographic_software_in_a_text_file(tmp_path: Path) -> None:
    assert next(said(a) for a in rows(tmp_path, "a.txt", exports.RIS)) == ("Terminal opens in March", "Harbour Times", "2010-05-01")


def test_authors_are_names_without_what_a_byline_says_of_them(tmp_path: Path) -> None:
    bylines = (
        *("Jo Pell, Transport Correspondent", "TOM BRANDT, TIMES STAFF WRITER", "Anna Keel and Bo Ek", "Our own correspondent"),
        *("Ursula von Keel", "Compiled by Jo Pell", f"Jo Pell - {HARBOUR}"),
    )
    names = ("Jo Pell", "TOM BRANDT", "Anna Keel; Bo Ek", "Our own correspondent", "Ursula von Keel", "Jo Pell", "Jo Pell")
    for byline, author in zip(bylines, names, strict=True):
        (article,) = rows(tmp_path, "a.txt", exports.numbered(1, HARBOUR, "January 11, 2010 Monday", "Ferry", f"BYLINE: {byline}", of=1))
        assert article.author == author


def test_a_title_at_the_top_of_each_page_is_no_outlet_and_no_text(tmp_path: Path) -> None:
    title, *rest = [line for line in exports.UNI[0] if line.strip()]
    pages = ["Page 1 of 2", title, title, *rest[:-4], "Page 2 of 2", title, *rest[-4:]]
    (article,) = rows(tmp_path, "a.txt", "\n\n".join(pages))
    assert said(article)[:2] == (title, rest[0].strip())
    check([article])


def test_a_message_is_an_article_with_its_subject_as_title(tmp_path: Path) -> None:
    (article,) = rows(tmp_path, "a.eml", exports.LETTER)
    assert (article.title, article.published_on) == ("Terminal opens in March", date(2020, 7, 5))
    check([article])
    assert cleaned(article).document.text.startswith("Terminal opens in March\n\nThe harbour board")
    (article,) = rows(tmp_path, "a.eml", exports.LETTER.split("\n\n")[0] + "\n\n" + "\n\n".join(map(exports.wrapped, PARAGRAPHS)))
    assert len(body(article)) == len(PARAGRAPHS)


def test_tables_boxes_and_links_of_a_word_document_are_read_and_what_was_deleted_is_not(tmp_path: Path) -> None:
    from docx import Document
    from docx.oxml import parse_xml

    document = Document()
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {names}><w:r><w:t>The board</w:t></w:r><w:ins><w:r><w:t> of the harbour</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText> of the sea</w:delText></w:r></w:del><w:smartTag><w:r><w:t> met.</w:t></w:r></w:smartTag></w:p>"
        ),
    )
    document.add_table(1, 2).cell(0, 1).text = "A cell of a table."
    buffer = io.BytesIO()
    document.save(buffer)
    (article,) = rows(tmp_path, "a.docx", buffer.getvalue())
    assert [line for line in article.text.split("\n") if line] == ["The board of the harbour met.", "A cell of a table."]


# --- what is no article -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", b"PK\x03\x04", "broken_record"),
        ("a.docx", b"", "broken_record"),
        ("a.odt", exports.docx(["x"]), "broken_record"),
        ("a.pdf", b"%PDF-1.4 and no more", "broken_record"),
        ("a.rtf", b"{\\rtf1 }", "empty"),
        ("a.xml", b"<a><b/></a>", "unknown_format"),
        ("a.xml", b"<a", "broken_record"),
        ("a.eml", b"From: x\nSubject: y\n\n", "empty"),
        ("a.xls", b"x", "no_text_column"),
        ("a.doc", b"x", "unknown_format"),
    ],
)
def test_what_cannot_be_read_is_a_reject_with_its_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    articles, rejected = read(tmp_path)
    assert articles == []
    assert [r.reason for r in rejected] == [reason]


def test_an_unsupported_type_says_what_is_supported(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"x")
    (_, (rejected,)) = read(tmp_path)
    assert rejected.detail.startswith("unsupported file type .doc; save it as .docx or .txt; supported: .txt, .text, .md, .story, .html,")
    (tmp_path / "a.doc").rename(tmp_path / "a.sqlite")
    assert "sqlite3 FILE -csv -header" in read(tmp_path)[1][0].detail


@pytest.mark.parametrize(
    "text",
    [
        "Document 1 of 3 was signed.\n\n" + "\n\n".join(PARAGRAPHS),
        "\n\n".join((*PARAGRAPHS, "LENGTH: short. LANGUAGE: plain.", "End of Documents")),
        "\n\n".join(("End of Document", *PARAGRAPHS)),
        "\n\n".join((*PARAGRAPHS, "The report, 3 of 10 DOCUMENTS, was read.")),
    ],
)
def test_an_article_that_speaks_of_documents_is_no_export(tmp_path: Path, text: str) -> None:
    (article,) = rows(tmp_path, "a.txt", text)
    assert article.text == text


HEADS = ("A ferry for the islands\nBy Ana Brook\n7 January 2022\n\n", "What the fishermen say\nhttps://example.org/b\n\n")


def test_articles_in_no_known_layout_are_told_of(tmp_path: Path) -> None:
    text = "\n\n".join(PARAGRAPHS)
    for name, whole in (
        ("a.txt", f"{HEADS[0]}{text}\n\n==========\n{HEADS[1]}{text}"),
        ("b.txt", f"Title: A ferry\nDate: 7 January 2022\n\n{text}\n\nTitle: A berth\nSource: Harbour Times\n\n{text}\n"),
    ):
        (tmp_path / name).write_text(whole)
    (articles, rejected) = read(tmp_path)
    assert articles == []
    assert [(r.reason, r.detail[:16]) for r in rejected] == [("several_articles", "seems to hold 2 ")] * 2


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join((*PARAGRAPHS, "**********", *PARAGRAPHS)),
        f"{HEADS[0]}{PARAGRAPHS[0]}\n\n----------\n\n" + "\n\n".join(PARAGRAPHS),
        f"Title: A ferry\nDate: 7 January 2022\n\n{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}",
    ],
    ids=["a break", "a line below the first paragraph", "labels of one article"],
)
def test_lines_that_part_an_article_do_not_part_articles(tmp_path: Path, text: str) -> None:
    assert len(rows(tmp_path, "a.txt", text)) == 1


def test_an_article_that_an_export_holds_twice_is_two_records(tmp_path: Path) -> None:
    articles = rows(tmp_path, "a.txt", exports.FACTIVA + exports.FACTIVA)
    assert [a.source_record for a in articles][2:] == ["HARBT00020170401ed4200051 (3)", "HARBT00020170402ed4200052 (4)"]


# --- days, languages, names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("January 11, 2010 Monday", date(2010, 1, 11)),
        ("Monday, January 11, 2010", date(2010, 1, 11)),
        ("27. Februar 2012 Montag 9:50 PM GMT+1", date(2012, 2, 27)),
        ("Lorne, lundi 28 janvier 2013, p. 93_T_17", date(2013, 1, 28)),
        ("1er août 2014", date(2014, 8, 1)),
        ("7 de enero de 2022", date(2022, 1, 7)),
        ("2018年5月28日", date(2018, 5, 28)),
        ("2010 May 02", date(2010, 5, 2)),
        ("May 1999", None),
        ("31 February 2010", None),
    ],
)
def test_days_in_the_languages_of_archives(text: str, day: date | None) -> None:
    assert find_day(text) == day


def test_languages_and_names_of_catalogues() -> None:
    assert [find_language(value) for value in ("ENGLISH", "Français", "Klingon")] == ["en", "fr", None]
    assert given_name_first("Lenz, Mara; The Harbour Board; Smith, Jr., Bob") == "Mara Lenz; The Harbour Board; Smith, Jr., Bob"


def test_what_is_read_is_article_or_reject(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(exports.NEXIS.replace(PARAGRAPHS[0][:20], "word " * 120_000))
    articles, rejected = read(tmp_path)
    assert all(isinstance(row, (Article, Rejected)) for row in (*articles, *rejected))


def test_a_number_of_a_document_without_any_field_above_it_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Document HARBT00020170401ed4200051\n\n{exports.FACTIVA}")
    articles, rejected = read(tmp_path)
    assert len(articles) >= 2
    assert {row.reason for row in rejected} <= {"empty"}


LABELLED = {
    "outlet and day in a field": ("Title: {0}\nAuthors: {1}\nSource: Harbour Times; 05/13/2010\nAccession Number: 2W1\n\n", "2010-05-13"),
    "labels that are not known": (
        "{0}\nSource: Harbour Times\nPublished: 13 May 2010\nAuthor: {1}\nReach: 12,000\nMood: Neutral\n\n",
        "2010-05-13",
    ),
    "an outlet and a day above the labels": ("{0}\n\nHarbour Times - May 13, 2010\nAuthor/Byline: {1}\nSection: News\n\n", "2010-05-13"),
    "ProQuest, titles first": (
        "Title: {0}\nPublication title: Harbour Times; Lorne\nPublication date: May 13, 2010\n"
        "Author: {1}\nProQuest document ID: 25\nFull text:\n",
        "2010-05-13",
    ),
    "Lexis in German": (
        "\n1 von 2 DOKUMENTEN\n\nHarbour Times\n\nDonnerstag 13. Mai 2010\n\n{0}\n\nAUTOR: {1}\n\nLÄNGE: 90 Wörter\n\n",
        "2010-05-13",
    ),
}


@pytest.mark.parametrize("name", LABELLED)
def test_fields_of_more_archives(tmp_path: Path, name: str) -> None:
    head, day = LABELLED[name]
    titles, authors = ["Terminal opens in March", "Fishermen ask for a berth"], ["Ana Brook", "Ike Okafor"]
    text = "".join(f"{head.format(*both)}{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n\n" for both in zip(titles, authors, strict=True))
    articles = rows(tmp_path, "a.txt", text)
    assert [(a.title, a.author, a.outlet, str(a.published_on)) for a in articles] == [
        (title, author, "Harbour Times", day) for title, author in zip(titles, authors, strict=True)
    ]
    assert [body(a) for a in articles] == [plain(PARAGRAPHS[:2])] * 2


def test_a_term_of_factiva_behind_one_space_is_no_text(tmp_path: Path) -> None:
    coded = exports.FACTIVA.replace("IN their view nothing was decided.", "IN their view nothing was decided.\nCO vrnhb : Harbour Board")
    assert [body(a)[2] for a in rows(tmp_path, "a.txt", coded)] == ["IN their view nothing was decided."] * 2
