"""One record of a file or an API as an article: for each field, what the first column says that is filled and can be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from qantar.stages.articles.addresses import host_of
from qantar.stages.articles.archives.several import sign_between
from qantar.stages.articles.encodings import MOST_CHARACTERS, NotTextError, mend
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.no_articles import is_no_article
from qantar.stages.articles.record_columns import columns_by_field
from qantar.stages.articles.record_text import find_cut, read_text
from qantar.stages.articles.record_values import (
    address_of,
    authors_of,
    day_of,
    line_of,
    outlet_of,
    own_host_of,
    text_of,
    title_without_site,
    web_address_of,
)
from qantar.stages.articles.text_parts import Part, paragraphs
from qantar.text.passages import without_invisible

_MOST_OF_TEASER = 400  # characters


def article_in(record: Mapping[str, Any], number: int | str) -> Found | Refused:
    """The article in a record; markup in its text is read. The first filled column of each field counts, at the top or in its metadata."""
    places = [(place, columns_by_field(tuple(place))) for place in _places(record)]
    own_id = _first(places[:1], "id", line_of)
    name = own_id or str(number)
    text = _choose_text(record)
    if refused := _no_article(record, text, number, name):
        return refused
    try:
        read = read_text(mend(text))
    except NotTextError as error:
        return Refused(name, error.reason, str(error))
    day = _first(places, "published_on", day_of)
    url = _first(places, "url", address_of) or _first(places, "outlet", web_address_of)
    outlet = _first(places, "outlet", outlet_of) or _first(places, "outlet", own_host_of)
    host = host_of(url)
    text_read = without_invisible(read.text) if read.is_markup else read.text
    cut = find_cut(text_read)
    title = title_without_site(_first(places, "title", line_of), outlet, host)
    if is_no_article(title, text_read):
        return Refused(
            name, "no_article", f"record {number} is an error, a check for robots or a wall of consent; remove it or fetch it again"
        )
    return Found(
        text=text_read,
        record=name,
        id=own_id,
        url=url,
        outlet=outlet,
        title=title,
        author=_first(places, "author", lambda value: authors_of(value, [*filter(None, (outlet, host))])),
        published_on=day,
        published_basis="metadata" if day else None,
        licence=_first(places, "licence", line_of),
        is_repaired=text_read != text and not read.is_markup,
        has_raw_offsets=not read.is_markup,
        parts=_cut_parts(text_read, cut.start()) if cut else (),
    )


def _no_article(record: Mapping[str, Any], text: str, number: int | str, name: str) -> Refused | None:
    """Why the text of a record cannot be one article's; None where it can."""
    if not text:
        return Refused(name, "empty", f"record {number} has {_instead_of_text(record)}; give it a text or remove it")
    if len(text) > MOST_CHARACTERS:
        return Refused(name, "too_long", f"{len(text)} characters, more than the {MOST_CHARACTERS} of an article; split it")
    if _is_teaser(record, text):
        return Refused(name, "no_text", f"record {number} has the beginning of a text alone; fetch the article, or remove the record")
    if sign := sign_between(text):
        return Refused(name, "several_articles", f"record {number} holds several articles, parted by {sign}; give each a record")
    return None


def _is_teaser(record: Mapping[str, Any], text: str) -> bool:
    """Whether the text of a record is short, ends in an ellipsis and stands in a column of teasers, as those of search services do."""
    if len(text) > _MOST_OF_TEASER or not text.rstrip().endswith(("...", "…")):
        return False
    columns = columns_by_field(tuple(record))
    return all(name in columns["teasers"] for name in columns["text"] if text_of(record[name]))


def _instead_of_text(record: Mapping[str, Any]) -> str:
    odd = next((name for name in columns_by_field(tuple(record))["text"] if record[name] and not isinstance(record[name], str)), None)
    return f"a value of type {type(record[odd]).__name__} as its {odd}" if odd else f"no text among {', '.join(map(str, record))[:200]}"


def _cut_parts(text: str, at: int) -> tuple[Part, ...]:
    """The paragraphs of a text that a service has cut, and the mark that says so, which is none of its words."""
    mark = len(text) - len(text[at:].lstrip()), len(text.rstrip())
    return (*paragraphs(text[:at]), (*mark, "boilerplate", "cut by its service"))


def _places(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The record, and the objects in it that hold metadata."""
    yield record
    for name in columns_by_field(tuple(record))["objects"]:
        value = record[name]
        if isinstance(value, str):
            try:
                value = json.loads(value[:MOST_CHARACTERS])
            except (ValueError, RecursionError):
                continue
        if isinstance(value, dict):
            yield value


def _first(places: list[tuple[Mapping[str, Any], dict[str, list[str]]]], field: str, read: Any) -> Any:
    """What the first column that is filled, and can be read, says of a field, in objects with their columns by field."""
    for place, columns in places:
        for name in columns[field]:
            if (value := read(place[name])) is not None:
                return value
    return None


def _choose_text(record: Mapping[str, Any]) -> str:
    """The first text that is filled; a whole one is better than one that a service has cut."""
    found = [text for name in columns_by_field(tuple(record))["text"] if (text := text_of(record[name]))]
    text = next(iter(found), "")
    if cut := find_cut(text):
        longest = max((other for other in found if not find_cut(other)), key=len, default="")
        return longest if len(longest) > cut.start() else text
    return _with_lead(record, text)


def _with_lead(record: Mapping[str, Any], text: str) -> str:
    """A text below its first paragraphs, where a service keeps these in a column of their own."""
    columns = columns_by_field(tuple(record))
    lead = next((text_of(record[name]) for name in columns["leads"]), "") if columns["codes"] else ""
    return text if lead.strip() in text else f"{lead}\n\n{text}"
