"""Exports of Factiva as HTML and as XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import (
    Builder,
    Piece,
    find_day,
    find_language,
    is_copyright,
    labels,
    one_line,
    without_by,
)
from qantar.stages.articles.archives.factiva_texts import document_line, note_field, strip_counts, words_line

_ARTICLES = (re.compile(r"\b[a-z]{2}Article\b"), re.compile(r"(?<!\S)article(?!\S)"))
"""Classes of the division of an article, the surer first."""
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?(?: [A-Z]{2,4})?")
_BLOCKS = ("p", "pre", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4")
_DIVISIONS = ("div", "table", *_BLOCKS)
_ROLES: dict[str, Role] = {"title": "title", "author": "byline", "day": "dateline"}

Made = tuple[str, Piece]
"""A text put together from one article's markup, and its parts."""


def read_page(tree: Any) -> list[Made]:
    """The articles of a page that Factiva made, in either of its layouts."""
    nodes = next(filter(None, (_divisions(tree, kind) for kind in _ARTICLES)), [])
    made = []
    for node in nodes:
        builder = Builder()
        codes = list(_coded_rows(node))
        if codes:
            _read_rows(builder, codes)
        else:
            _read_layout(builder, node)
        made.append((builder.text(), builder.piece))
    strip_counts([piece for _, piece in made])
    return made


def _divisions(tree: Any, kind: re.Pattern[str]) -> list[Any]:
    """The divisions of a class, but those within others."""
    found = [node for node in tree.iter("div") if kind.search(node.get("class", ""))]
    return [node for node in found if set(found).isdisjoint(node.iterancestors("div"))]


# --- a table of fields by two letters -------------------------------------------------------------------------------


def _coded_rows(node: Any) -> Iterator[tuple[str, Any]]:
    known = labels("factiva")
    for row in node.iter("tr"):
        cells = row.findall("td")
        if len(cells) >= 2 and (code := "".join(cells[0].itertext()).strip()) in known:
            yield code, cells[1]


def _read_rows(builder: Builder, rows: list[tuple[str, Any]]) -> None:
    known, piece = labels("factiva"), builder.piece
    for code, cell in rows:
        name, rule = known[code], f"factiva {code}"
        if name == "body":
            for block in list(cell.iter(*_BLOCKS)) or [cell]:
                builder.add("".join(block.itertext()), None, "")
            continue
        value = one_line(("" if name == "title" else " ").join(cell.itertext()))
        note_field(piece, name, value)
        builder.add(value, _ROLES.get(name, "boilerplate"), rule)


# --- the article's own layout -----------------------------------------------------------------------------------------


def _read_layout(builder: Builder, node: Any) -> None:
    """Section, title, author, length, day, outlet and so on in divisions, the text in paragraphs of a class of their own."""
    piece = builder.piece
    seen_length = False
    for child in _leaves(node):
        text = one_line((" " if child.tag == "table" else "").join(child.itertext()))
        kind = child.get("class", "")
        if not text:
            continue
        if child.get("id") == "hd" or "Headline" in _classes(child):
            piece.title = text
            builder.add(text, "title", "factiva HD")
        elif "articleParagraph" in kind or child.tag in ("pre", "ul", "ol", "table", "blockquote"):
            builder.add(text, None, "")
        elif child.tag == "p":
            rule = "factiva PUB"
            if found := document_line().fullmatch(text):
                piece.id, rule = found.group(1), "factiva AN"
            builder.add(text, "boilerplate", rule)
        elif "author" in kind.split():
            piece.author = without_by(text)
            builder.add(text, "byline", "factiva BY")
        else:
            seen_length = seen_length or bool(words_line().fullmatch(text))
            role, rule = _read_division(piece, text, seen_length)
            builder.add(text, role, rule)
    _restore_paragraphs(piece)


def _restore_paragraphs(piece: Piece) -> None:
    """Take what looked like the publisher for text where text follows: a paragraph that lost its class."""
    last = max((i for i, part in enumerate(piece.parts) if part.role is None), default=0)
    for i, part in enumerate(piece.parts[:last]):
        if part.rule == "factiva PUB":
            piece.parts[i] = part._replace(role=None, rule="")


def _classes(node: Any) -> str:
    return " ".join(element.get("class", "") for element in node.iter())


def _leaves(node: Any) -> Iterator[Any]:
    """Divisions and blocks that hold no others, in order."""
    for child in node.iterchildren(*_DIVISIONS):
        if child.tag == "div" and child.get("id") != "hd" and any(True for _ in child.iterchildren(*_DIVISIONS)):
            yield from _leaves(child)
        else:
            yield child


def _read_division(piece: Piece, text: str, seen_length: bool) -> tuple[Role, str]:
    if not seen_length:
        if piece.title and piece.author is None:
            piece.author = without_by(text)
            return "byline", "factiva BY"
        return "boilerplate", "factiva SE"
    if words_line().fullmatch(text):
        return "boilerplate", "factiva WC"
    if piece.day is None and (day := find_day(text)):
        piece.day = day
        return "dateline", "factiva PD"
    if piece.day and piece.outlet is None and not _TIME.fullmatch(text):
        piece.outlet = text
        return "boilerplate", "factiva SN"
    if is_copyright(text):
        return "boilerplate", "factiva CY"
    if piece.language is None and (language := find_language(text)) and len(text.split()) <= 2:
        piece.language = language
        return "boilerplate", "factiva LA"
    return "boilerplate", "factiva other"


# --- XML ----------------------------------------------------------------------------------------------------------------


def read_xml(tree: Any) -> list[Made]:
    """The articles of a response of Factiva's service: an element `article` each."""
    made = []
    for node in tree.iter():
        if _name(node) == "article":
            builder = Builder()
            _read_elements(builder, node)
            made.append((builder.text(), builder.piece))
    return made


_FIELDS = {"sourceName": "outlet", "byline": "author", "accessionNo": "id", "baseLanguage": "language", "publicationDate": "day"}


def _read_elements(builder: Builder, node: Any) -> None:
    piece = builder.piece
    order = {"headline": 0, "byline": 1, "leadParagraph": 2, "tailParagraphs": 3}
    for child in sorted(node.iterchildren("*"), key=lambda c: order.get(_name(c), 4)):
        name = _name(child)
        value = one_line("".join(child.itertext()))
        if name in ("leadParagraph", "tailParagraphs"):
            for paragraph in [c for c in child.iter() if _name(c) == "paragraph"] or [child]:
                builder.add("".join(paragraph.itertext()), None, "")
        elif name == "headline":
            piece.title = value
            builder.add(value, "title", "factiva headline")
        elif value:
            _note_element(piece, name, value)
            builder.add(value, "byline" if name == "byline" else "boilerplate", f"factiva {name}")


def _note_element(piece: Piece, name: str, value: str) -> None:
    field = _FIELDS.get(name)
    if field == "day":
        piece.day = find_day(value)
    elif field == "language":
        piece.language = value[:2].lower()
    elif field == "author":
        piece.author = without_by(value)
    elif field:
        setattr(piece, field, value)


def _name(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
