"""Which archive made a web page, and its articles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from qantar.stages.articles.archives import europresse, factiva_pages, integrum, labelled_texts, newsbank, nexis_numbered, proquest
from qantar.stages.articles.archives.archive_parts import Piece

_BLOCKS = re.compile("address|article|blockquote|center|d[dlt]|div|fieldset|footer|form|h[1-6r]|header|li|[ou]l|p|pre|section|table|t[dhr]")
_NEVER = frozenset({"script", "style", "title", "head"})
_INTEGRUM = tuple("^ИС:".encode(name) for name in ("utf-8", "cp1251"))
_LISTED = (b"Gale Document Number", b"Accession Number:", b"OpenURL Link")
"""Marks of archives that name the fields of an article, a line each: Gale, EBSCO, NewsBank."""
_RULE = "_" * 30
_SPACES = re.compile(r"\s+")

Made = tuple[str, Piece]


def page_kind(data: bytes) -> str | None:
    """The archive whose marks are in a page's bytes; None for any other page."""
    if b"articleParagraph" in data or b"<b>HD</b>" in data:
        return "factiva"
    if b"DocPublicationName" in data:
        return "europresse"
    if b"<DOCFULL>" in data or b" DOCUMENTS</" in data:
        return "nexis"
    if any(mark in data for mark in _INTEGRUM):
        return "integrum"
    if any(mark in data for mark in _LISTED):
        return "listed"
    return "proquest" if b"ProQuest document ID" in data else None


def read_articles(html: str, kind: str) -> list[Made]:
    """The articles of an archive's page, each a text with its parts; none where the page only looks like one."""
    from lxml.html import document_fromstring

    return _READERS[kind](document_fromstring(html)) if html.strip() else []


def _read_nexis(tree: Any) -> list[Made]:
    text = "".join(_said(tree)).replace("\xa0", " ")
    return _cut(text, nexis_numbered.find_pieces(text))


def _read_listed(tree: Any) -> list[Made]:
    text = "".join(_said(tree)).replace("\xa0", " ")
    return _cut(text, newsbank.find_pieces(text) or labelled_texts.find_pieces(text))


def _read_proquest(tree: Any) -> list[Made]:
    anchors = [a for a in tree.iter("a") if (a.get("name") or "").startswith("DocID")]
    parts = [a.getparent() for a in anchors]
    if len(set(parts)) < len(parts):  # documents without an element of their own: a line before each parts them
        for a in anchors:
            a.text = _RULE
            a.tag = "pre"
        parts = [tree]
    texts = ["".join(_said(part)) for part in parts or [tree]]
    return [made for text in texts for made in _cut(text, proquest.find_pieces(text))]


def _cut(text: str, pieces: list[Piece] | None) -> list[Made]:
    made = []
    for piece in pieces or []:
        own = text[piece.start : piece.end]
        parts = [part._replace(start=part.start - piece.start, end=part.end - piece.start) for part in piece.parts]
        piece.parts, piece.start, piece.end = parts, 0, len(own)
        made.append((own, piece))
    return made


def _said(element: Any) -> Iterator[str]:
    """The text of an element, a blank line around each block; white space as a reader sees it."""
    if element.tag in _NEVER or not isinstance(element.tag, str):
        return
    is_block = bool(_BLOCKS.fullmatch(element.tag))
    if element.tag == "br":
        yield "\n"
    elif is_block:
        yield "\n\n"
    if element.text:
        yield _SPACES.sub(" ", element.text)
    for child in element:
        yield from _said(child)
        if child.tail:
            yield _SPACES.sub(" ", child.tail)
    if is_block:
        yield "\n\n"


_READERS: dict[str, Callable[[Any], list[Made]]] = {
    "factiva": factiva_pages.read_page,
    "europresse": europresse.read_page,
    "integrum": integrum.read_page,
    "listed": _read_listed,
    "nexis": _read_nexis,
    "proquest": _read_proquest,
}
