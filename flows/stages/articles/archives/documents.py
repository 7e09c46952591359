"""The text of Word, RTF, OpenDocument and PDF files, bounded in size; time and memory are bounded by who calls."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from qantar.stages.articles.encodings import NotTextError, mend

MOST_UNPACKED = 256 * 2**20
"""Bytes of all that is in a file that is an archive of others; a file that unpacks to more holds no articles."""
_MOST_PAGES = 20_000
_MOST_TEXT = 64 * 2**20  # characters
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_HEADING = re.compile(r"(?:heading 1|title)$", re.IGNORECASE)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-"}
"""What elements of Word and OpenDocument stand for."""
_FALLBACK = "{*}Fallback"
"""What says again, for old programs, what a box beside it says."""
_LINK = re.compile(r"\{\\\*\\fldinst(?:[^{}]|\{[^{}]*\})*\}")
"""Where a link leads to: no reader of the file sees it."""


class Text(NamedTuple):
    """A file's text, a paragraph or cell a line, and where the lines begin that it calls headings."""

    text: str
    headings: frozenset[int]


def read_docx(data: bytes) -> Text:
    """The paragraphs of a Word document, those in tables, boxes and links too, in order. Raises NotTextError."""
    _check_archive(data, "word/document.xml")
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(io.BytesIO(data))
    heads = {style.style_id for style in document.styles if _HEADING.match(style.name or "")}
    marks = {f"{qn('w:pPr')}/{qn('w:pStyle')}": heads, f"{qn('w:pPr')}/{qn('w:outlineLvl')}": {"0"}}
    value = qn("w:val")

    def is_heading(paragraph: Any) -> bool:
        return any(found.get(value) in wanted for path, wanted in marks.items() for found in paragraph.findall(path))

    paragraphs = document.element.body.iter(qn("w:p"))
    return _joined((_docx_text(p), is_heading(p)) for p in paragraphs if not any(True for _ in p.iterancestors(_FALLBACK)))


def _docx_text(paragraph: Any) -> str:
    """The words of a paragraph, less those of paragraphs within it."""
    said = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = str(element.tag).rpartition("}")[2]
        if name == "t":
            said.append(element.text or "")
        elif name in _SIGNS:
            said.append(_SIGNS[name])
        elif name not in ("p", "pPr", "rPr", "delText", "instrText"):
            stack.extend(reversed(element))
    return "".join(said)


def read_odt(data: bytes) -> Text:
    """The paragraphs and headings of an OpenDocument text, in order; lxml is enough for that. Raises NotTextError."""
    content = _check_archive(data, "content.xml")
    tree = parse_xml(content)
    kinds = (f"{_ODF}p", f"{_ODF}h")
    return _joined((_odt_text(e), e.tag == kinds[1] and e.get(f"{_ODF}outline-level") in (None, "1")) for e in tree.iter(*kinds))


def _odt_text(element: Any) -> str:
    said = [element.text]
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name == "s":
            said.append(" " * min(int(child.get(f"{_ODF}c", "1")), 100))
        elif name in _SIGNS:
            said.append(_SIGNS[name])
        elif name not in ("p", "h", "annotation", "tracked-changes"):
            said.append(_odt_text(child))
        said.append(child.tail)
    return "".join(filter(None, said))


def read_rtf(data: bytes) -> Text:
    """The text of a rich text file. Raises NotTextError."""
    from striprtf.striprtf import rtf_to_text

    source = _LINK.sub("", data.decode("latin-1"))
    text: str = rtf_to_text(source, errors="replace")  # type: ignore[no-untyped-call]
    return Text(mend(text[:_MOST_TEXT]), frozenset())


def read_pdf(data: bytes) -> Text:
    """The text layer of a PDF, page by page. Raises NotTextError: `encrypted`, and `no_text` where it holds pictures only."""
    from pypdf import PdfReader

    from qantar.stages.articles.archives.pdf_layout import join_pages, page_lines

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise NotTextError("encrypted", "the PDF is locked by a password; save it without one")
    pages, length = [], 0
    for number, page in enumerate(reader.pages):
        pages.append(page_lines(page))
        length += sum(len(line.text) + 1 for line in pages[-1])
        if number > _MOST_PAGES or length > _MOST_TEXT:
            raise NotTextError("too_long", f"more than {_MOST_PAGES} pages or {_MOST_TEXT} characters; split it")
    if not length:
        raise NotTextError(
            "no_text", f"{len(pages)} pages without a text layer, pictures of pages perhaps; run OCR on it, then add its result"
        )
    return Text(mend(join_pages(pages)), frozenset())


def parse_xml(data: bytes) -> Any:
    """The root element of an XML file, entities left alone. Raises NotTextError."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotTextError("broken_record", f"no sound XML: {str(error)[:200]}; export it again") from error


def _check_archive(data: bytes, wanted: str) -> bytes:
    """The bytes of one file within an archive of files that is not a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(info.file_size for info in archive.infolist())
            if total > MOST_UNPACKED:
                raise NotTextError("too_long", f"unpacks to {total} bytes, more than the {MOST_UNPACKED} of a document; split it")
            return archive.read(wanted)
    except NotTextError:
        raise
    except Exception as error:  # zipfile raises much else than BadZipFile for hostile ones
        raise NotTextError("broken_record", f"cannot be opened as a document: {str(error)[:200]}; save it again") from error


def _joined(paragraphs: Iterator[tuple[str, bool]]) -> Text:
    said, headings, length = [], set(), 0
    for text, is_heading in paragraphs:
        line = mend(text)
        if is_heading:
            headings.add(length + len(line) - len(line.lstrip()))
        said.append(line)
        length += len(line) + 1
        if length > _MOST_TEXT:
            raise NotTextError("too_long", f"more than {_MOST_TEXT} characters; split it")
    return Text("\n".join(said), frozenset(headings))
