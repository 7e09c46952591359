"""Articles in XML as agencies, sites and corpora write them: feeds with whole texts, NITF, NewsML-G2, TEI."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from qantar.stages.articles.archives.archive_parts import Builder, Piece, one_line, without_by
from qantar.stages.articles.encodings import NotTextError
from qantar.stages.articles.record_text import read_text
from qantar.text.authors import join_authors
from qantar.text.dates import parse_day

Made = tuple[str, Piece]
_ARTICLES = ("item", "entry", "nitf", "newsItem", "TEI")
"""Elements that are an article each, with what belongs to it."""
_LISTS = ("urlset", "sitemapindex", "opml")
_TEXTS = ("encoded", "content", "body.content", "inlineXML", "body", "summary", "description")
"""Elements that may hold a text, the likeliest first; those of a feed hold markup as text."""
_SUMMARIES = ("summary", "description")
_LEAST_SUMMARY = 600  # characters of a summary that is a whole text
_TITLES = ("hl1", "headline", "title")
_AUTHORS = ("creator", "byline", "by", "author")
_DAYS = ("pubDate", "published", "date.issue", "story.date", "firstCreated", "contentCreated", "versionCreated", "date", "updated")
_BLOCKS = ("p", "hl2", "h1", "h2", "h3", "h4", "head", "li", "item", "q", "quote", "l")
_HEADS = ("hl2", "h1", "h2", "h3", "h4", "head")


def read_xml_articles(tree: Any) -> list[Made]:
    """The articles of an XML file, each with what is said of it. Raises NotTextError, with what to do, where there are none."""
    nodes = list(_article_nodes(tree))
    made = [one for node in nodes if (one := _article(node)) is not None]
    if made:
        return made
    if nodes or _name(tree) in _LISTS:
        detail = "lists articles without their texts; follow it with `qantar collect` (sources.toml), or save the pages as .html"
        raise NotTextError("no_text", detail)
    detail = "an XML file of no kind that is known (Factiva, RSS, Atom, NITF, NewsML-G2, TEI); export it as .jsonl, .html or .txt"
    raise NotTextError("unknown_format", detail)


def _article_nodes(tree: Any) -> Iterator[Any]:
    """The elements that are an article each: those that hold no other, and no `item` of a list within one."""
    found = [node for node in tree.iter() if _name(node) in _ARTICLES]
    articles = set(found)
    around: set[Any] = set()
    within: set[Any] = set()
    for node in found:
        above = node.getparent()
        while above is not None and above not in articles:
            above = above.getparent()
        if above is not None:
            (within if _name(node) == "item" else around).add(node if _name(node) == "item" else above)
    return (node for node in found if node not in around and node not in within)


def _article(node: Any) -> Made | None:
    paragraphs = next((found for name in _TEXTS if (found := _paragraphs(node, name))), None)
    if paragraphs is None:
        return None
    builder = Builder()
    piece = builder.piece
    piece.title = _first_text(node, _TITLES)
    piece.author = join_authors(map(without_by, _texts_beside(node, _AUTHORS)))
    piece.day = _day(node)
    piece.url = _address(node)
    builder.add(piece.title, "title", "headline of the file")
    builder.add(_first_text(node, _AUTHORS), "byline", "byline of the file")
    for text, is_heading in paragraphs:
        builder.add(text, "heading" if is_heading else None, "heading of the file" if is_heading else "")
    return builder.text(), piece


def _paragraphs(node: Any, name: str) -> list[tuple[str, bool]]:
    """The paragraphs of the first element of this name; a summary is a text only if it is long."""
    element = next((child for child in node.iter() if _name(child) == name), None)
    if element is None:
        return []
    blocks = [block for block in element.iter() if _name(block) in _BLOCKS]
    if blocks:
        known = set(blocks)
        said = [("".join(block.itertext()), _name(block) in _HEADS) for block in blocks if not _is_within(block, known)]
    else:
        text = read_text("".join(element.itertext())).text
        if name in _SUMMARIES and len(text) < _LEAST_SUMMARY:
            return []
        said = [(line, False) for line in text.split("\n")]
    return [(text, is_heading) for text, is_heading in said if text.strip()]


def _is_within(block: Any, blocks: set[Any]) -> bool:
    above = block.getparent()
    while above is not None:
        if above in blocks:
            return True
        above = above.getparent()
    return False


def _named(node: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """The elements of these names, the likeliest name first."""
    for name in names:
        yield from (child for child in node.iter() if _name(child) == name)


def _first_text(node: Any, names: tuple[str, ...]) -> str | None:
    for child in _named(node, names):
        inner = next((one for one in child.iter() if _name(one) == "name"), child)
        if text := one_line(read_text("".join(inner.itertext())).text):
            return text
    return None


def _texts_beside(node: Any, names: tuple[str, ...]) -> Iterator[str]:
    """The texts of the first element of these names that has one, and of those of its name beside it."""
    first = next((child for child in _named(node, names) if _first_text(child, (_name(child),))), None)
    for child in first.getparent() if first is not None and first.getparent() is not None else ():
        if _name(child) == _name(first) and (text := _first_text(child, (_name(child),))):
            yield text


def _day(node: Any) -> date | None:
    for child in _named(node, _DAYS):
        for value in (child.get("norm"), child.get("when"), child.get("when-iso"), "".join(child.itertext())):
            if value and (day := parse_day(value.strip())):
                return day
    return None


def _address(node: Any) -> str | None:
    for child in _named(node, ("link",)):
        address = child.get("href") or one_line("".join(child.itertext())) or ""
        if address.startswith(("http://", "https://")) and child.get("rel", "alternate") == "alternate":
            return str(address)
    return None


def _name(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
