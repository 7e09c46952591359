"""TEI P5: a file an article. Paragraphs, sentences, words and names are elements; quotations, which cross them, stand off, between anchors.

`teiHeader` says where the article comes from. `text` holds `head`, `p`, `s`, `w` or `pc`, and `persName`, `orgName`, `placeName`,
`date`, `name`; its characters are those of the article. In `standOff` are lists of the entities, and for each quote a `listAnnotation`
with the spans of its pieces, speaker and cue.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qantar.exchange.aligned_tokens import aligned_tokens
from qantar.exchange.build_documents import BuildDocument, speaker_and_cue
from qantar.exchange.formats import About
from qantar.schema import Block, Mention, Quote, Sentence, Token
from qantar.stages.blocks.parted_paragraphs import join_pieces

TEI = "http://www.tei-c.org/ns/1.0"
XML = "http://www.w3.org/XML/1998/namespace"
_NAMES = {
    "PERSON": "persName",
    "ORG": "orgName",
    "GPE": "placeName",
    "LOC": "placeName",
    "FAC": "placeName",
    "DATE": "date",
    "MONEY": "measure",
}
_LISTS = {"PERSON": ("listPerson", "person", "persName"), "ORG": ("listOrg", "org", "orgName")}
_PLACES = ("listPlace", "place", "placeName")
_OTHERS = ("list", "item", "name")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_NAME = re.compile(r"[^\w.-]")


def write(documents: Iterable[BuildDocument], destination: Path, about: About) -> None:
    """Write a folder of .xml files."""
    from lxml import etree

    for document in documents:
        root = _Tree(document).root(about)
        etree.ElementTree(root).write(str(destination / f"{document.document_id}.xml"), encoding="UTF-8", xml_declaration=True)


def xml_id(kind: str, key: str) -> str:
    """A key of the build as an identity of XML.

    >>> xml_id("e", "person-ann lee")
    'e.person-ann_lee'
    """
    return f"{kind}.{_NOT_NAME.sub('_', key)}"


class _Tree:
    """Makes the elements of one article."""

    def __init__(self, document: BuildDocument) -> None:
        from lxml import etree

        self.document, self.etree = document, etree
        self.anchors: dict[int, list[str]] = defaultdict(list)
        self.tokens = aligned_tokens(document)

    def new(self, name: str, parent: Any = None, text: str | None = None, **attributes: str | None) -> Any:
        given = {key.replace("xml_", f"{{{XML}}}"): _shown(value) for key, value in attributes.items() if value is not None}
        if parent is None:
            element = self.etree.Element(f"{{{TEI}}}{name}", given, nsmap={None: TEI})
        else:
            element = self.etree.SubElement(parent, f"{{{TEI}}}{name}", given)
        element.text = None if text is None else _shown(text)
        return element

    def root(self, about: About) -> Any:
        root = self.new("TEI", xml_id=xml_id("d", self.document.document_id))
        self._header(root, about)
        stand_off = self.new("standOff", root)
        self._entities(stand_off)
        for quote in self.document.quotes:
            self._quote(stand_off, quote)
        body = self.new("body", self.new("text", root, xml_lang="en"))
        division = self.new("div", body)
        for block in join_pieces(self.document.text, self.document.blocks):
            if block.start is not None:
                self._block(division, block)
        return root

    def _header(self, root: Any, about: About) -> None:
        row = self.document.document
        described = self.new("fileDesc", self.new("teiHeader", root))
        titles = self.new("titleStmt", described)
        self.new("title", titles, row.title or row.source_path)
        if row.author:
            self.new("author", titles, row.author)
        published = self.new("publicationStmt", described)
        self.new("publisher", published, about.title)
        self.new("idno", published, about.build_id, type="build")
        self.new("p", self.new("availability", published), about.licence or "See the article's publisher")
        source = self.new("bibl", self.new("sourceDesc", described))
        self.new("title", source, row.title or row.source_path)
        if row.outlet:
            self.new("publisher", source, row.outlet)
        if row.published_on:
            self.new("date", source, row.published_on.isoformat(), when=row.published_on.isoformat())
        self.new("idno", source, row.document_id, type="qantar")
        if row.url:
            self.new("idno", source, row.url, type="URL")

    def _entities(self, stand_off: Any) -> None:
        lists: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        for entity in self.document.entities.values():
            lists[_LISTS.get(entity.label, _PLACES if entity.label in ("GPE", "LOC", "FAC") else _OTHERS)].append(entity)
        for (outer, inner, name), entities in sorted(lists.items()):
            holder = self.new(outer, stand_off)
            for entity in entities:
                item = self.new(inner, holder, xml_id=xml_id("e", entity.entity_id))
                self.new(name, item, entity.name)
                if entity.description:
                    self.new("note" if name != "name" else "desc", item, entity.description)
                if entity.wikidata_id:
                    self.new("idno", item, entity.wikidata_id, type="Wikidata")

    def _quote(self, stand_off: Any, quote: Quote) -> None:
        key = xml_id("q", quote.quote_id)
        group = self.new("spanGrp", stand_off, xml_id=key, type="quote", subtype=quote.kind, ana=_reference(quote.speaker_entity_id))
        spans = (*(("piece", start, end) for start, end in quote.segments), *speaker_and_cue(quote))
        for n, (name, start, end) in enumerate(spans):
            self.new("span", group, type=name, **{"from": f"#{self._anchor(start)}", "to": f"#{self._anchor(end)}"}, n=str(n))

    def _anchor(self, place: int) -> str:
        name = f"a.{place}"
        if not self.anchors[place]:
            self.anchors[place].append(name)
        return name

    # --- the text, with its elements inside each other ---

    def _block(self, division: Any, block: Block) -> None:
        assert block.start is not None and block.end is not None
        is_head = block.role in ("title", "heading", "speaker_heading")
        # a head stands first in its division for TEI: one further down is a labelled paragraph
        name = "head" if is_head and not len(division) else "p"
        element = self.new(name, division, xml_id=xml_id("b", block.block_id), type=block.role if name == "head" else None)
        if name == "p" and block.role != "body":
            element.set("rend", block.role)
        element.set(f"{{{XML}}}space", "preserve")
        sentences = [s for s in self.document.sentences if block.start <= s.start < block.end]
        reached = block.start
        for sentence in sentences:
            self._plain(element, reached, sentence.start)
            self._sentence(element, sentence)
            reached = max(reached, sentence.end)
        self._plain(element, reached, block.end)
        self._marks(element, block.end)

    def _sentence(self, parent: Any, sentence: Sentence) -> None:
        element = self.new("s", parent, xml_id=xml_id("s", sentence.sentence_id))
        reached = sentence.start
        for mention in (m for m in self.document.mentions if sentence.start <= m.start < sentence.end):
            self._words(element, reached, mention.start)
            self._name(element, mention)
            reached = mention.end
        self._words(element, reached, sentence.end)

    def _name(self, parent: Any, mention: Mention) -> None:
        self._marks(parent, mention.start)
        name = _NAMES.get(mention.label, "name")
        when = mention.value if name == "date" and mention.value and re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", mention.value) else None
        element = self.new(
            name, parent, xml_id=xml_id("m", mention.mention_id), type=mention.label, ref=_reference(mention.entity_id), when=when
        )
        if name == "measure":
            element.set("type", "currency")
        self._words(element, mention.start, mention.end)

    def _words(self, parent: Any, start: int, end: int) -> None:
        """The tokens from one place to another."""
        reached = start
        for token in self._between(start, end):
            self._plain(parent, reached, token.start)
            self._marks(parent, token.start)
            name = "pc" if token.pos == "PUNCT" else "w"
            lemma = token.lemma if name == "w" else None
            self._text(self.new(name, parent, lemma=lemma, pos=token.tag, msd=token.pos and f"UPosTag={token.pos}"), token.start, token.end)
            self._marks(parent, token.end)
            reached = token.end
        self._plain(parent, reached, end)

    def _between(self, start: int, end: int) -> list[Token]:
        from bisect import bisect_left

        first = bisect_left(self.tokens, start, key=lambda token: token.start)
        return self.tokens[first : bisect_left(self.tokens, end, key=lambda token: token.start)]

    def _plain(self, parent: Any, start: int, end: int) -> None:
        if start < end:
            self._marks(parent, start)
            self._append(parent, self.document.text[start:end])

    def _text(self, element: Any, start: int, end: int) -> None:
        element.text = _shown(self.document.text[start:end])

    def _append(self, parent: Any, text: str) -> None:
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + _shown(text)
        else:
            parent.text = (parent.text or "") + _shown(text)

    def _marks(self, parent: Any, place: int) -> None:
        """The anchor that quotes have in a place, once."""
        for name in self.anchors.pop(place, ()):
            self.new("anchor", parent, xml_id=name)


def _reference(entity_id: str | None) -> str | None:
    return None if entity_id is None else f"#{xml_id('e', entity_id)}"


def _shown(text: str) -> str:
    """Text without the characters that XML has no way to write, each replaced so that places stay."""
    return _NOT_XML.sub("\ufffd", text)
