"""Exports of archives as data, each line with what it is: one example for each condition of their readers."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qantar.stages.articles.archives import archive_page_kind, documents, letters, read_archive_page, read_archive_text, read_document
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.found import Found, Refused
from tests.stages.archive_exports import docx, pdf, rtf

FILE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("archive_examples.toml").read_text("utf-8"))
FIELDS = ("title", "author", "outlet", "day", "url", "id", "language", "likely_language")
GOES_ON, SPLIT, ALIKE = ">", "¦", ":"


def marked(lines: str) -> tuple[str, list[tuple[str, str]]]:
    """The text of marked lines, and its parts with what they are."""
    said: list[str] = []
    parts: list[tuple[str, str]] = []
    for row in lines.split("\n"):
        label, bar, line = row.partition("|")
        assert bar or not row, row
        line = line.removeprefix(" ")
        if label.strip().endswith(ALIKE):
            label = SPLIT.join([label.strip().removesuffix(ALIKE)] * 2)
            line = re.sub(r"(?<=:) |:$", rf"\g<0>{SPLIT}", line, count=1)
        said.append(line.replace(SPLIT, ""))
        if label.strip() == GOES_ON:
            parts[-1] = (parts[-1][0], f"{parts[-1][1]} {plain(line)}")
        elif bar and plain(line):
            named = zip(label.strip().split(SPLIT), map(plain, line.split(SPLIT)), strict=True)
            parts += [(name, said) for name, said in named if said]
    return "\n".join(said), parts


def plain(text: str) -> str:
    return " ".join(text.split())


def parts_of(article: Found) -> list[tuple[str, str]]:
    """The parts of an article: its text, roles, and by their rules, less the archive's name, what is boilerplate."""
    return [(name_of(role, rule), plain(article.text[start:end])) for start, end, role, rule in article.parts]


def name_of(role: str | None, rule: str) -> str:
    return ("label" if rule == "label of an archive" else rule.split(" ", 1)[-1]) if role == "boilerplate" else role or rule or "text"


def known_of(article: Found) -> dict[str, str]:
    values = {name: getattr(article, name, None) for name in FIELDS} | {"day": article.published_on}
    return {name: str(value) for name, value in values.items() if value}


def read(kind: str, data: str, headings: list[str]) -> list[Found | Refused] | None:
    """What becomes of a file of that kind."""
    if kind == "txt":
        return read_archive_text(data)
    if kind == "html":
        page_kind = archive_page_kind(data.encode())
        return read_archive_page(data.encode(), page_kind) if page_kind else None
    if kind == "docx":
        made = with_body(data) if data.startswith("<") else docx(data.split("\n"), tuple(headings))
    else:
        made = rtf(data) if kind == "rtf" else open_document(data) if kind == "odt" else data.encode()
    return read_document(made, kind)


def with_body(markup: str) -> bytes:
    """A Word document of this markup."""
    from docx import Document
    from docx.oxml import parse_xml

    document, buffer = Document(), io.BytesIO()
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/x"'
    for element in reversed(parse_xml(f"<w:body {names}>{markup}</w:body>")):
        document.element.body.insert(0, element)
    document.save(buffer)
    return buffer.getvalue()


def open_document(markup: str) -> bytes:
    """An OpenDocument text of this markup."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("content.xml", f'<x xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">{markup}</x>')
    return buffer.getvalue()


@pytest.mark.parametrize("example", FILE["example"], ids=lambda example: example["shows"])
def test_an_export_is_read_as_it_is_marked(example: dict[str, Any]) -> None:
    expected = [(article, *marked(article.get("lines", ""))) for article in example.get("articles", ())]
    data = example.get("file") or "".join(text for _, text, _ in expected)
    kind, headings = example.get("kind", "txt"), example.get("headings", [])
    if "refused" in example:
        with pytest.raises(NotTextError, match=example["refused"]) as caught:
            read(kind, data, headings)
        assert caught.value.reason == example["reason"]
        return
    found = read(kind, data, headings)
    assert bool(found) == bool(expected)
    for article, (known, _, parts) in zip(found or (), expected, strict=True):
        if isinstance(article, Refused):
            assert (article.reason, article.record) == (known["reason"], known["record"])
            continue
        assert parts_of(article) == parts
        assert article.text == known.get("text", article.text)
        assert known_of(article) == {name: value for name, value in known.items() if name in FIELDS}


@pytest.mark.parametrize(
    ("bound", "read_it"),
    [
        ("_MOST_TEXT", lambda: documents.read_docx(docx(["They wait.", "Nobody minds."]))),
        ("_MOST_TEXT", lambda: documents.read_pdf(pdf(["They wait.", "Nobody minds."]))),
        ("_MOST_PAGES", lambda: documents.read_pdf(pdf(["They wait."]))),
        ("MOST_UNPACKED", lambda: documents.read_odt(open_document("<text:p>They wait.</text:p>"))),
    ],
)
def test_a_document_that_holds_too_much_is_told_of(bound: str, read_it: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, bound, -1 if bound == "_MOST_PAGES" else 15)
    with pytest.raises(NotTextError) as caught:
        read_it()
    assert caught.value.reason == "too_long"


PAGE = "Content-Type: text/html\n{}\n<p>They wait.</p>"


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ("Snapshot-Content-Location: http://harbour.example/a\n" + PAGE.format("Content-Location: http://harbour.example/b\n"), "a"),
        (PAGE.format("Content-Location: http://harbour.example/b\n"), "b"),
        (PAGE.format("Content-Location: cid:1\n"), None),
        (PAGE.format(""), None),
    ],
)
def test_a_saved_page_says_where_it_is_from(headers: str, address: str | None) -> None:
    page, url = letters.saved_page(headers.encode())
    assert (page, url) == (b"<p>They wait.</p>", address and f"http://harbour.example/{address}")


def test_what_is_saved_without_a_page_is_told_of() -> None:
    with pytest.raises(NotTextError, match="without a page"):
        letters.saved_page(b"Content-Type: text/plain\n\nThey wait.")
