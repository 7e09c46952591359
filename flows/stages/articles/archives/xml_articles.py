"""Articles in XML as agencies, sites and corpora write them.

Feeds with whole texts, NITF, NewsML, TEI, ProQuest TDM Studio, what trafilatura writes, and corpora of language research in XML or SGML:
Reuters-21578, RCV1, and the `<DOC>` of TREC and the Linguistic Data Consortium.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import Builder, Piece, groups_of, is_wrapped, lines_of, one_line, paragraphs
from qantar.stages.articles.archives.feed_fields import is_post, outlet_of_feed, shown_name, unpublished
from qantar.stages.articles.archives.xml_fields import address_of, authors_of, byline_of, day_of, id_of, name_of, outlet_of, title_of
from qantar.stages.articles.encodings import NotTextError, decode_bytes
from qantar.stages.articles.found import Refused
from qantar.stages.articles.record_text import read_text

Made = tuple[str, Piece]
_ARTICLES = ("item", "entry", "nitf", "newsitem", "tei", "reuters", "doc", "record")
"""Elements that are an article each, with what belongs to it."""
_LISTS = ("urlset", "sitemapindex", "opml")
_TEXTS = ("encoded", "content", "body.content", "inlinexml", "body", "main", "text", "summary", "description")
"""Elements that may hold a text, the likeliest first; those of a feed hold markup as text."""
_SUMMARIES = ("summary", "description")
_LEAST_SUMMARY = 600  # characters of a summary that is a whole text
_BLOCKS = ("p", "hl2", "h1", "h2", "h3", "h4", "head", "li", "item", "q", "quote", "l")
_HEADS = ("hl2", "h1", "h2", "h3", "h4", "head")
_HEADING: Role = "heading"
_WRAPPED = ("reuters", "doc")
"""Articles whose lines were broken at a margin, their first lines indented."""
_SGML = re.compile(rb"\s*(?:<!DOCTYPE[^>]*>\s*)?<(?:DOC|REUTERS)[\s>]")
_OPENED = re.compile(r"<(?:DOC|REUTERS)[\s>]", re.IGNORECASE)
_NO_MARKUP = re.compile(r"<!DOCTYPE[^>]*>|&#\d+;|[\x00-\x08\x0b-\x1f\x7f]|<(?![/\w])|&(?!(?:amp|lt|gt|quot|apos);)")
"""What SGML allows and XML does not: its type, numbers of signs for the wire, bare `<` and `&`."""
_ESCAPES = {"<": "&lt;", "&": "&amp;"}
_KINDS = "Factiva, RSS, Atom, NITF, NewsML, TEI, ProQuest TDM, RCV1, Reuters-21578, TREC"


def is_sgml(data: bytes) -> bool:
    """Whether a file holds articles of a corpus in SGML, which has many roots and may leave elements open."""
    return _SGML.match(data) is not None


def parse_sgml(data: bytes) -> Any:
    """A root element around the articles of an SGML file. Raises NotTextError where not each of them was found."""
    from lxml import etree

    text = _NO_MARKUP.sub(lambda found: _ESCAPES.get(found[0], " "), decode_bytes(data).text)
    if text.upper().count("</P>") * 2 < text.upper().count("<P>"):
        text = re.sub(r"</?[pP]>", "\n\n", text)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    tree = etree.fromstring(f"<corpus>{text}</corpus>".encode(), parser)
    opened = len(_OPENED.findall(text))
    found = 0 if tree is None else sum(name_of(node) in _WRAPPED for node in tree)
    if found != opened:
        raise NotTextError("broken_record", f"{opened} articles begin in it, {found} were found; correct its markup")
    return tree


def read_xml_articles(tree: Any) -> list[Made | Refused]:
    """The articles of an XML file, each with what is said of it, and those without a text as refused; the pictures and menus of a site's
    export are none.

    Raises NotTextError, with what to do, where there are none.
    """
    nodes = [node for node in _article_nodes(tree) if is_post(node)]
    made = [_article(node, number) for number, node in enumerate(nodes, start=1)]
    if not all(isinstance(one, Refused) for one in made):
        return made
    if nodes or name_of(tree) in _LISTS:
        detail = "lists articles without their texts; follow it with `qantar collect` (sources.toml), or save the pages as .html"
        raise NotTextError("no_text", detail)
    raise NotTextError("unknown_format", f"an XML file of no kind that is known ({_KINDS}); export it as .jsonl, .html or .txt")


def _article_nodes(tree: Any) -> list[Any]:
    """The elements that are an article each: where one holds one other, the outer; where it holds several, those; no `item` within one."""
    within: dict[Any, list[Any]] = {tree: []}
    articles = set()
    for node in tree.iter():
        if name_of(node) not in _ARTICLES or (name_of(node) == "record" and node.find("GOID") is None):
            continue
        above = node.getparent()
        while above is not None and above not in articles:
            above = above.getparent()
        if above is not None and name_of(node) == "item":
            continue
        articles.add(node)
        within[node] = []
        if node is not tree:
            within[tree if above is None else above].append(node)
    return _outer(within, tree, tree in articles)


def _outer(within: dict[Any, list[Any]], node: Any, is_article: bool) -> list[Any]:
    found = [article for inner in within[node] for article in _outer(within, inner, True)]
    return [node] if is_article and len(found) < 2 else found


def _article(node: Any, number: int) -> Made | Refused:
    builder = Builder()
    piece = builder.piece
    piece.title, piece.author, piece.outlet = title_of(node), shown_name(node, authors_of(node)), outlet_of(node) or outlet_of_feed(node)
    piece.day, piece.url, piece.id = day_of(node), address_of(node), id_of(node)
    if status := unpublished(node):
        return Refused(piece.id or str(number), "no_article", f"was not published: WordPress calls it {status!r}; remove it")
    found = next((found for name in _TEXTS if (found := _paragraphs(node, name, piece.title))), None)
    if found is None:
        return Refused(piece.id or str(number), "no_text", "an article without a text; look it up where the file is from")
    builder.add(piece.title, "title", "headline of the file")
    builder.add(byline_of(node), "byline", "byline of the file")
    for text, role in found:
        builder.add(text, role, f"{role} of the file" if role else "")
    return builder.text(), piece


def _paragraphs(node: Any, name: str, title: str | None) -> list[tuple[str, Role | None]]:
    """The paragraphs of the first element of this name; a summary is a text only if it is long, and a title alone is none."""
    element = _whole_text(node, name)
    if element is None:
        return []
    said = _blocks(element)
    if not said:
        said = list(_lines(element, name_of(node) in _WRAPPED))
        if name in _SUMMARIES and sum(len(line) + 1 for line, _ in said) <= _LEAST_SUMMARY:
            return []
    said = [(text, role) for text, role in said if text.strip()]
    return [] if [one_line(text) for text, _ in said] == [title] else said


def _blocks(element: Any) -> list[tuple[str, Role | None]]:
    """The paragraphs and headings within an element that are elements of their own."""
    blocks = [block for block in element.iter() if name_of(block) in _BLOCKS]
    known = set(blocks)
    outer = [block for block in blocks if not _is_within(block, known)]
    return [("".join(block.itertext()), _HEADING if name_of(block) in _HEADS else None) for block in outer]


def _whole_text(node: Any, name: str) -> Any:
    """The first element of this name; the block of the whole text, where NITF gives its first paragraphs in one of their own."""
    element = next((child for child in node.iter() if name_of(child) == name), None)
    return next((block for block in element if block.get("class") == "full_text"), element) if element is not None else None


def _lines(element: Any, may_be_wrapped: bool) -> Iterator[tuple[str, Role | None]]:
    """The paragraphs of a text without elements for them; a last line set in by one sign, " Reuter", is its agency's."""
    text = "".join(element.itertext())
    if not may_be_wrapped:
        yield from ((line, None) for line in read_text(text).text.split("\n"))
        return
    wrapped = is_wrapped(lines_of(text))
    for group in groups_of(text):
        n_own = len(group) - (wrapped and len(group) > 1 and group[-1].indent == 1)
        yield from ((line.text, None) for line in paragraphs(group[:n_own], wrapped))
        yield from ((line.text, "credit") for line in group[n_own:])


def _is_within(block: Any, blocks: set[Any]) -> bool:
    above = block.getparent()
    while above is not None:
        if above in blocks:
            return True
        above = above.getparent()
    return False
