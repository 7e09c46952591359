"""What an XML file says of an article: title, authors, outlet, day, address and number, wherever its kind of XML keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from qantar.stages.articles.archives.archive_parts import given_name_first, labels, one_line, without_by
from qantar.stages.articles.record_text import read_text
from qantar.text.authors import join_authors
from qantar.text.dates import parse_day


class Place(NamedTuple):
    """Where a field may stand: an element by its name, and by the one around it or what kind it says it is, or an attribute of it.

    Without a name, the article's own element is meant. All names are in small letters.
    """

    name: str | None = None
    above: str | None = None
    kind: str | None = None
    attribute: str | None = None


_TITLES = (
    *(Place("hl1"), Place("title", above="titleatt"), Place("headline"), Place("head", above="doc"), Place("hl", above="doc")),
    *(Place(attribute="title"), Place("title")),
)
"""Where each field stands, the likeliest place first."""
_TURNED = (Place("byline", kind="normalized_byline"), Place("originalform", above="contributor"))
"""Names whose surname stands first."""
_AUTHORS = (
    *(_TURNED[0], Place("creator"), Place("byline"), Place("by"), Place("personname", above="contributor"), _TURNED[1]),
    *(Place("author"), Place(attribute="author")),
)
_OUTLETS = (
    *(Place("pubdata", attribute="name"), Place(attribute="sitename"), Place("title", above="pubfrosting"), Place("title", above="pub")),
    *(Place("dc", kind="dc.source", attribute="value"), Place("source", above="item")),
)
_DAYS = (
    *(Place(attribute="date"), Place("pubdate"), Place("published"), Place("numericdate"), Place("date.issue"), Place("story.date")),
    *(Place("pubdata"), Place("firstcreated"), Place("contentcreated"), Place("versioncreated"), Place("date"), Place("date_time")),
    *(Place("dateid"), Place("updated")),
)
_DAY_ATTRIBUTES = ("norm", "when", "when-iso", "date.publication")
_ADDRESSES = (Place("pubdata", attribute="ex-ref"), Place(attribute="source"))
_IDS = (
    *(Place(attribute="itemid"), Place(attribute="newid"), Place("docno"), Place("doc-id", attribute="id-string"), Place("goid")),
    Place(attribute="id"),
)
_DAY_IN_ID = re.compile(r"[A-Z_]+_?((?:19|20)\d\d(?:0\d|1[0-2])[0-3]\d)\.|[A-Z]+(\d\d(?:0\d|1[0-2])[0-3]\d)-")
"""`NYT_ENG_19940701.0001` and `AP880212-0001` hold the day."""
_AGENCY_IN_ID = re.compile(r"([A-Z]{3})_?ENG_?\d{8}\.")


def name_of(node: Any) -> str:
    """An element's name in small letters, without its namespace; none for a comment."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def title_of(node: Any) -> str | None:
    """The article's title."""
    return next(_values(node, _TITLES), None)


def byline_of(node: Any) -> str | None:
    """What says who wrote the article, as it stands there."""
    return next(_values(node, _AUTHORS), None)


def authors_of(node: Any) -> str | None:
    """The authors that the first element with one names, and those of its kind beside it."""
    for place in _AUTHORS:
        first: Any = next((child for child in _elements(node, place) if _value(child, place)), None)
        if first is None:
            continue
        names = [text for one in _beside(node, first, place) if (text := _value(one, place))]
        return join_authors(map(given_name_first if place in _TURNED else without_by, names))
    return None


def outlet_of(node: Any) -> str | None:
    """The outlet, or the agency of a corpus that has one for each article."""
    if name_of(node) == "reuters":
        return "Reuters"
    if agency := _AGENCY_IN_ID.match(id_of(node) or ""):
        return labels("agencies").get(agency[1])
    found = next(_values(node, _OUTLETS), None)
    return found.partition(";")[0].strip() if found else None  # "The Coast Courier; Port Arden"


def day_of(node: Any) -> date | None:
    """The day of publication; that of the article's number where nothing else says it."""
    for place in _DAYS:
        for child in _elements(node, place):
            for value in (*map(child.get, _DAY_ATTRIBUTES), _value(child, place)):
                if value and (day := parse_day(value.strip())):
                    return day
    number = _DAY_IN_ID.match(id_of(node) or "")
    return parse_day(number[1] or f"19{number[2]}") if number else None


def address_of(node: Any) -> str | None:
    """The article's own web address."""
    for child in _elements(node, Place("link")):
        address = child.get("href") or one_line("".join(child.itertext())) or ""
        if address.startswith(("http://", "https://")) and child.get("rel", "alternate") == "alternate":
            return str(address)
    return next((value for value in _values(node, _ADDRESSES) if value.startswith(("http://", "https://"))), None)


def id_of(node: Any) -> str | None:
    """The number by which a corpus or an archive knows the article."""
    return next(_values(node, _IDS), None)


def _values(node: Any, places: tuple[Place, ...]) -> Iterator[str]:
    for place in places:
        yield from (value for child in _elements(node, place) if (value := _value(child, place)))


def _elements(node: Any, place: Place) -> Iterator[Any]:
    """The elements of a place, in the order of the file."""
    for child in (node,) if place.name is None else node.iter():
        if place.name is not None and name_of(child) != place.name:
            continue
        if place.above and (child is node or name_of(child.getparent()) != place.above):
            continue
        if place.kind is None or place.kind in (child.get("class"), child.get("element")):
            yield child


def _value(node: Any, place: Place) -> str | None:
    """What stands at a place, as one line; of persons their names alone."""
    if place.attribute:
        return one_line(next((value for name, value in node.attrib.items() if name.lower() == place.attribute), None))
    inner = next((one for one in node.iter() if name_of(one) == "name"), node)
    return one_line(read_text("".join(inner.itertext())).text)


def _beside(node: Any, first: Any, place: Place) -> list[Any]:
    """The elements of a place that are in one element with the first, or each in an element of its own beside it."""
    if place.name is None:
        return [first]
    depth = 2 if place.above else 1
    return [one for one in _elements(node, place) if _above(one, depth) is _above(first, depth)]


def _above(node: Any, depth: int) -> Any:
    for _ in range(depth):
        node = node.getparent() if node is not None else None
    return node
