"""Files that hold one article each, or an archive's export: texts, pages, documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from qantar.schema import Format
from qantar.stages.articles.addresses import split_address
from qantar.stages.articles.archives import archive_page_kind, read_archive_page, read_archive_text, read_document
from qantar.stages.articles.archives.xml_articles import is_sgml
from qantar.stages.articles.encodings import MOST_BYTES, MOST_CHARACTERS, NotTextError, decode
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.no_articles import is_list_of_titles
from qantar.stages.articles.other_contents import other_contents
from qantar.stages.articles.packed_files import open_file
from qantar.stages.articles.record_text import read_text
from qantar.stages.articles.text_headers import read_header
from qantar.stages.articles.text_parts import Part, paragraphs

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_PIECE_OF_PAGE = re.compile(
    r"\ufeff?\s*(?:<!--[^>]{0,300}-->\s*)*<(?:head|body|main|article|section|div|h[1-6]|p)\b[^<>]{0,300}>", re.IGNORECASE
)
"""How a text begins that was copied out of a page with its marks."""
_OF_PAGES = re.compile(r"</p>|<br ?/?>|&(?:quot|apos|nbsp|[lr][sd]quo|[mn]dash|#\d{2,5});", re.IGNORECASE)
_LEAST_OF_PAGES = 2
_SAVED_PAGE = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
"""The headers of a page that a browser saved with all that belongs to it (MHTML)."""
_SAFARI = b"bplist00"
_TITLES = "holds titles and no sentence; put their articles here, or save it as .jsonl if it is an article"
_HIGHLIGHT = "\n@highlight\n"
_MARKDOWN = re.compile(r"\.md(?:\.\w+)?$", re.IGNORECASE)


def read_text_file(path: Path) -> Iterator[Found | Refused]:
    """The article of a text file, or those of an archive's export as text. Raises NotTextError."""
    data = _small_file(path)
    if _PAGE.match(data):  # whatever its name says
        yield from _extract(data)
        return
    if data.startswith(b"{\\rtf"):
        yield from read_document(data, "rtf")
        return
    if is_sgml(data):
        yield from read_document(data, "xml")
        return
    text, encoding, is_repaired = decode(data, MOST_BYTES)
    is_markdown = _MARKDOWN.search(path.name) is not None
    if not is_markdown and _PIECE_OF_PAGE.match(text):
        yield from _extract(data)
        return
    if what := other_contents(text):
        raise NotTextError("unknown_format", what)
    articles = read_archive_text(text, encoding, is_repaired)
    if articles is not None:
        yield from articles
    elif len(text) > MOST_CHARACTERS:
        raise NotTextError("too_long", f"{len(text)} characters, more than the {MOST_CHARACTERS} of an article; split it")
    elif is_list_of_titles(text):
        raise NotTextError("no_article", _TITLES)
    else:
        found = read_header(Found(text=text, encoding=encoding, is_repaired=is_repaired))
        found = _without_highlights(found)
        yield _without_marks(found) if is_markdown or len(_OF_PAGES.findall(found.text)) >= _LEAST_OF_PAGES else found


def _without_highlights(found: Found) -> Found:
    """The article of a `.story` file, whose sentences for a summary, each behind a mark, are none of its text."""
    start = found.text.find(_HIGHLIGHT)
    if start < 0 or found.parts:
        return found
    marked: list[Part] = [
        (start + line.start(), start + line.end(), "boilerplate", "highlight") for line in re.finditer(r"\S.*", found.text[start:])
    ]
    return replace(found, parts=(*paragraphs(found.text[:start]), *marked))


def _without_marks(found: Found) -> Found:
    """The article of a file with marks of Markdown or HTML as its readers see it, without raw offsets where marks were taken out."""
    start = next((start for start, _, role, _ in found.parts if role is None), 0)
    read = read_text(found.text[start:])
    is_marked = read.is_markup or _OF_PAGES.search(found.text)
    return replace(found, text=read.text, parts=(), has_raw_offsets=False) if is_marked else found


def read_page_file(path: Path) -> Iterator[Found | Refused]:
    """The article of a page, or those of an archive's export as a page. Raises NotTextError."""
    yield from _extract(_small_file(path))


def read_document_file(path: Path, format: Format) -> Iterator[Found | Refused]:
    """The articles of a Word, RTF, OpenDocument, PDF, XML or mail file. Raises NotTextError."""
    yield from read_document(_small_file(path), format)


def _extract(page: bytes) -> Iterator[Found | Refused]:
    """The articles of a page that an archive made, else the one of any other page."""
    from qantar.stages.articles.pages import extract_page

    url = None
    if _SAVED_PAGE.match(page[:4000]):
        from qantar.stages.articles.archives.letters import saved_page

        page, url = saved_page(page)
    elif page.startswith(_SAFARI):
        page, url = _safari_page(page)
    kind = archive_page_kind(page)
    yield from (read_archive_page(page, kind) if kind else []) or [extract_page(page, url)]


def _safari_page(data: bytes) -> tuple[bytes, str | None]:
    """The page that Safari saved with all that belongs to it, and its address. Raises NotTextError."""
    import plistlib

    try:
        main = plistlib.loads(data, fmt=plistlib.FMT_BINARY)["WebMainResource"]
        page, url = main["WebResourceData"], main.get("WebResourceURL")
    except Exception as error:  # the standard library's parser raises much for hostile files
        raise NotTextError("broken_record", f"no sound saved page: {type(error).__name__}; save it as .html") from error
    if not isinstance(page, bytes):
        raise NotTextError("no_article", "a saved page without a page; save it as .html")
    return page, url if isinstance(url, str) and split_address(url) else None


def _small_file(path: Path) -> bytes:
    with open_file(path) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NotTextError("too_long", f"more than the {MOST_BYTES} bytes of an article; split it, or save its articles as .jsonl")
    return data
