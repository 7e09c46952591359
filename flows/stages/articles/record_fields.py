"""One record of a file or an API as an article: which of its fields is what, by their common names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from html import unescape
from typing import Any

from qantar.stages.articles.addresses import host_of, is_unfilled
from qantar.stages.articles.archives.archive_parts import find_day
from qantar.stages.articles.encodings import MOST_CHARACTERS, NotTextError, decode, mend
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.no_articles import is_no_article
from qantar.stages.articles.record_text import CUT, read_text
from qantar.stages.articles.text_parts import Part, paragraphs
from qantar.text.authors import is_outlet, join_authors
from qantar.text.dates import parse_day
from qantar.text.lexicon import either, read_lines, read_toml
from qantar.text.passages import without_invisible

_DEPTH = 4
_INNER = (
    "rendered",
    "text",
    "plain",
    "content",
    "value",
    "html",
    "body",
    "raw",
    "paragraph",
    "data",
    "children",
    "sections",
    "paragraphs",
    "items",
)
"""Where an object keeps the text that it stands for."""
_NAMES = (
    "name",
    "displayname",
    "fullname",
    "title",
    "rendered",
    "main",
    "basic",
    "default",
    "original",
    "label",
    "value",
    "id",
    "date",
    "date_",
    "$date",
    "iso",
    "by",
)
_HEADS = ("headline", "heading", "summary", "lead", "standfirst")
"""What an object has above its paragraphs or sections."""
_NO_VALUES = frozenset({"nan", "none", "null", "n/a", "na", "nat", "undefined", "-", "--"})
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,8}\d?);")


def column_mapping(names: Iterable[str]) -> dict[str, str]:
    """Which column of a file each field is read from, by common spellings, the likeliest first.

    >>> column_mapping(["Headline", "maintext", "link", "n"])
    {'text': 'maintext', 'title': 'Headline', 'url': 'link'}
    """
    return {field: columns[0] for field, columns in _columns(tuple(map(str, names))).items() if columns and field in _fields()}


def text_columns(names: Iterable[str]) -> list[str]:
    """The columns that may hold a text, the likeliest first."""
    return list(_columns(tuple(map(str, names)))["text"])


def used_columns(names: Iterable[str]) -> set[str]:
    """All columns that a record's fields may be read from, with objects of metadata."""
    return {name for columns in _columns(tuple(map(str, names))).values() for name in columns}


@cache
def _spellings() -> dict[str, list[str]]:
    fields: dict[str, list[str]] = read_toml("columns.toml")
    return fields


def _fields() -> list[str]:
    return [field for field in _spellings() if field not in ("objects", "lists")]


@lru_cache(maxsize=256)
def _columns(names: tuple[str, ...]) -> dict[str, list[str]]:
    plain: dict[str, str] = {}
    for name in reversed(names):
        plain[re.sub(r"[^a-z0-9]", "", name.lower())] = name
    return {field: [plain[s] for s in spellings if s in plain] for field, spellings in _spellings().items()}


def field_of(name: str) -> str | None:
    """The field that a column of this name is read for, if any."""
    return next((field for field, columns in _columns((name,)).items() if columns and field in _fields()), None)


def no_text_column(names: Iterable[str]) -> Refused:
    """Why a table without a text is refused."""
    seen = ", ".join(map(str, names))[:300]
    return Refused(
        None, "no_text_column", f"no column is named as a text ({', '.join(_spellings()['text'][:5])} …) among {seen}; rename one"
    )


def unwrap(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The article's own object, or objects, within what an API or a database puts around: hits, `_source`, a list of articles."""
    for _ in range(_DEPTH):
        columns = _columns(tuple(record))
        by_column = _by_name_or_column(record) if columns["text"] and all(isinstance(value, dict) for value in record.values()) else []
        if by_column:
            yield from by_column
            return
        if any(_text_of(record[name]) for name in columns["text"]):
            yield record
            return
        if _has_text(record.get("_source")):
            record = {**record, **record["_source"], "_source": None}
            continue
        for name in columns["lists"]:
            if _is_list_of_records(record[name]):
                for item in record[name]:
                    yield from unwrap(item)
                return
        if found := _by_name_or_column(record):
            yield from found
            return
        inner = next((record[name] for name in (*columns["lists"], *columns["objects"]) if _has_text(record[name])), None)
        if inner is None:
            yield record
            return
        record = {**{key: value for key, value in record.items() if not isinstance(value, (dict, list))}, **inner}
    yield record


def _are_rows(rows: list[Any], n_columns: int) -> bool:
    return all(isinstance(row, list) and len(row) == n_columns for row in rows)


def _by_names_of_columns(names: list[str], rows: list[list[Any]]) -> list[Mapping[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows] if _columns(tuple(names))["text"] else []


def _are_columns(values: list[Mapping[str, Any]]) -> bool:
    """Whether objects are columns, several with the same keys."""
    return len(values) > 1 and all(value.keys() == values[0].keys() for value in values)


def _by_name_or_column(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The records of an object that holds them by their ids, by columns, or as rows beside the names of their columns."""
    values = list(record.values())
    names, rows = record.get("columns"), record.get("data")
    if isinstance(names, list) and isinstance(rows, list) and _are_rows(rows, len(names)):
        return _by_names_of_columns(list(map(str, names)), rows)
    if not values or not all(isinstance(value, dict) and value for value in values):
        return []
    if _columns(tuple(record))["text"] and _are_columns(values):
        return [{name: column[key] for name, column in record.items()} for key in values[0]]
    if any(field_of(name) for name in record) or not all(_columns(tuple(value))["text"] for value in values):
        return []
    return [value if _columns(tuple(value))["id"] else {**value, "id": key} for key, value in record.items()]


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _has_text(value: Any) -> bool:
    return isinstance(value, dict) and bool({*_columns(tuple(value))["text"], *_columns(tuple(value))["lists"]})


def article_in(record: Mapping[str, Any], number: int | str) -> Found | Refused:
    """The article in a record; markup in its text is read. The first filled column of each field counts, at the top or in its metadata."""
    places = list(_places(record))
    own_id = _first(places[:1], "id", _line)
    name = own_id or str(number)
    text = _choose_text(record)
    if not text:
        return Refused(name, "empty", f"record {number} has {_instead_of_text(record)}; give it a text or remove it")
    if len(text) > MOST_CHARACTERS:
        return Refused(name, "too_long", f"{len(text)} characters, more than the {MOST_CHARACTERS} of an article; split it")
    try:
        read = read_text(mend(text))
    except NotTextError as error:
        return Refused(name, error.reason, str(error))
    day = _first(places, "published_on", _day)
    url = _first(places, "url", _address) or _first(places, "outlet", _web_address)
    outlet = _first(places, "outlet", _outlet) or _first(places, "outlet", _host)
    host = host_of(url)
    text_read = without_invisible(read.text) if read.is_markup else read.text
    cut = CUT.search(text_read)
    title = _title(_first(places, "title", _line), outlet, host)
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
        author=_first(places, "author", lambda value: _authors(value, [site for site in (outlet, host) if site])),
        published_on=day,
        published_basis="metadata" if day else None,
        licence=_first(places, "licence", _line),
        is_repaired=text_read != text and not read.is_markup,
        has_raw_offsets=not read.is_markup,
        parts=_cut_parts(text_read, cut.start()) if cut else (),
    )


def _instead_of_text(record: Mapping[str, Any]) -> str:
    odd = next((name for name in _columns(tuple(record))["text"] if record[name] and not isinstance(record[name], str)), None)
    return f"a {type(record[odd]).__name__} as its {odd}" if odd else f"no text among {', '.join(map(str, record))[:200]}"


def _cut_parts(text: str, at: int) -> tuple[Part, ...]:
    """The paragraphs of a text that a service has cut, and the mark that says so, which is none of its words."""
    mark = len(text) - len(text[at:].lstrip()), len(text.rstrip())
    return (*paragraphs(text[:at]), (*mark, "boilerplate", "cut by its service"))


def _places(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The record, and the objects in it that hold metadata."""
    yield record
    for name in _columns(tuple(record))["objects"]:
        value = record[name]
        if isinstance(value, str) and value.lstrip().startswith("{"):
            try:
                value = json.loads(value[:MOST_CHARACTERS])
            except (ValueError, RecursionError):
                continue
        if isinstance(value, dict):
            yield value


def _first(places: list[Mapping[str, Any]], field: str, read: Any) -> Any:
    """What the first column that is filled, and can be read, says of a field."""
    for place in places:
        for name in _columns(tuple(place))[field]:
            if (value := read(place[name])) is not None:
                return value
    return None


def _choose_text(record: Mapping[str, Any]) -> str:
    """The first text that is filled; a whole one is better than one that a service has cut."""
    found = [text for name in _columns(tuple(record))["text"] if (text := _text_of(record[name]))]
    if found and CUT.search(found[0]):
        longest = max((text for text in found if not CUT.search(text)), key=len, default="")
        return longest if len(longest) > len(CUT.sub("", found[0])) else found[0]
    return found[0] if found else ""


def _text_of(value: Any, depth: int = 0) -> str:
    """The text of a value: a string, bytes, a list of paragraphs, an object that keeps it in one of its fields; empty for all else."""
    if isinstance(value, str):
        return value if value.strip() and value.strip().lower() not in _NO_VALUES else ""
    if isinstance(value, (bytes, bytearray)):
        try:
            return decode(bytes(value)).text
        except NotTextError:
            return ""
    if depth >= _DEPTH:
        return ""
    if isinstance(value, (list, tuple)):
        is_run = {type(item) for item in value} == {str, dict}  # a text with objects for its links and bold words
        return ("" if is_run else "\n\n").join(part for part in (_text_of(item, depth + 1) for item in value) if part)
    return _text_of_fields(value, depth) if isinstance(value, Mapping) else ""


def _text_of_fields(value: Mapping[str, Any], depth: int) -> str:
    """The text of an object: its first field that holds any, below the headings of its sections."""
    key, text = next(((key, text) for key in _INNER if key in value and (text := _text_of(value[key], depth + 1))), ("", ""))
    heads = [_text_of(value[name], depth + 1) for name in _HEADS if name in value] if key in ("sections", "paragraphs") else []
    return "\n\n".join([*filter(None, heads), text])


def _line(value: Any) -> str | None:
    """A value as one line: names of a list joined, the name of an object with one; None for nothing."""
    if isinstance(value, Mapping):
        plain = _plain_keys(value)
        value = next((plain[key] for key in _NAMES if plain.get(key)), None)
        return _line(value) if not isinstance(value, Mapping) else None
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, map(_line, value))) or None
    return _scalar_line(value)


def _plain_keys(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {re.sub(r"[^a-z$_]", "", str(key).lower()): inner for key, inner in value.items()}


def _scalar_line(value: Any) -> str | None:
    if isinstance(value, (bytes, bytearray)):
        value = _text_of(value)
    if value is None or isinstance(value, bool) or value != value:  # a missing number of pandas is not itself
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    line = " ".join(without_invisible(mend(str(value))).split())
    if "&" in line and _ENTITY.search(line):
        line = " ".join(unescape(line).split())
    return line if line and line.lower() not in _NO_VALUES else None


def _address(value: Any) -> str | None:
    """An address; None for what is none, such as a template that was never filled in."""
    line = _line(value)
    return None if line is None or is_unfilled(line) else line


def _day(value: Any) -> date | None:
    """A day in any of the common forms, its month by name in any language that newspapers have, or as spreadsheets count days."""
    day = parse_day(value)
    if day is not None or not isinstance(value, (str, int, float)):
        return day
    line = str(value).strip()
    if _SERIAL.fullmatch(line):
        return date(1899, 12, 30) + timedelta(days=int(float(line)))
    return find_day(line) if isinstance(value, str) else None


_SERIAL = re.compile(r"[345]\d{4}(?:\.\d+)?")
"""Days since the end of 1899, from 1982 to 2064, as a spreadsheet saves them."""


def _web_address(value: Any) -> str | None:
    """An address of a page in a column that is named as a source."""
    line = _line(value)
    return line if line and re.match(r"https?://[^/\s]+/.", line) else None


def _outlet(value: Any) -> str | None:
    """The name of an outlet; None for an address or a host."""
    line = _line(value)
    return None if line is None or "://" in line or _HOST.fullmatch(line) else line


def _host(value: Any) -> str | None:
    """The host that stands for an outlet, where nothing names it."""
    line = _line(value)
    return (host_of(line) or line) if line else None


_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,10}")


def _title(title: str | None, outlet: str | None, host: str | None) -> str | None:
    from qantar.stages.articles.page_titles import headline

    title = re.sub(r"</?(?:b|i|em|strong|span|br|sup|sub)\b[^<>]{0,100}>", "", title) if title and "<" in title else title
    return headline(title, outlet, host) if title and (outlet or host) else title


def _authors(value: Any, sites: list[str]) -> str | None:
    """The names of the authors, without their roles, addresses and outlets."""
    from qantar.stages.articles.page_authors import is_body, is_nobody, names_in

    people = _people(value)
    names = [
        name
        for person in people
        for name in (
            [person]
            if _is_plain_name(person) and not (is_body(person) or is_nobody(person) or is_outlet(person))
            else names_in(person, sites)
        )
    ]
    keys = {re.sub(r"\W", "", site.lower()) for site in sites}
    names = [n for n in names if re.sub(r"\W", "", n.lower()) not in keys and not _OF_SITE.fullmatch(n)]
    return join_authors(names)


_OF_SITE = re.compile(rf"(?i)www\W.*|.*\W(?:com|org|net)|https?\W.*|(?:.* )?(?:{either('pages.toml', 'authors.of_site')})")
_PLAIN_NAME = re.compile(r"[^\W\d_][\w’'.-]*(?: [^\W\d_][\w’'.-]*){1,3}")


def _is_plain_name(text: str) -> bool:
    return (
        bool(_PLAIN_NAME.fullmatch(text))
        and all(word[0].isupper() or word in _particles() for word in text.split())
        and not re.match(rf"(?i)(?:{either('pages.toml', 'authors.no_names')})\b", text)
        and not _OF_SITE.fullmatch(text)
    )


@cache
def _particles() -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["authors"]["particles"])


def _named_in_parts(value: Mapping[str, Any]) -> str | None:
    """A person's name from fields for its parts; None where none holds a surname."""
    plain = {key.replace("$", "").replace("_", ""): inner for key, inner in _plain_keys(value).items()}
    first, last = (next((_line(plain[k]) for k in keys if plain.get(k)), None) for keys in _GIVEN_AND_SURNAMES)
    return " ".join(filter(None, (first, last))) if last else None


def _people(value: Any) -> list[str]:
    """Each author as written."""
    if isinstance(value, (list, tuple)):
        return [person for item in value for person in _people(item)]
    if isinstance(value, Mapping):
        named = _named_in_parts(value)
        return [named] if named else _people(_line(value))
    line = _line(value) or ""
    if (written := _objects_in(line)) is not None:
        return _people(written)
    if line.startswith("[") and line.endswith("]"):
        return list(filter(None, (part.strip(" '\"") for part in line[1:-1].split(","))))
    return _surnames_first(line) or list(filter(None, map(str.strip, line.split(";"))))


def _objects_in(line: str) -> Any:
    """The objects that a cell holds as JSON; None where it holds none."""
    try:
        return json.loads(line) if line.startswith(("[{", "{")) else None
    except (ValueError, RecursionError):
        return None


def _is_surname_first(name: str) -> bool:
    """Whether a lone name is a surname, a comma and one or two given names."""
    surname, _, given = name.partition(",")
    words = given.split()
    return " " not in surname.strip() and 0 < len(words) <= 2 and words[0].title() in _first_names()


@cache
def _first_names() -> frozenset[str]:
    return frozenset(read_lines("first_names.txt"))


_GIVEN_AND_SURNAMES = (("firstname", "givenname", "first", "given", "forename"), ("lastname", "surname", "familyname", "last", "family"))


def _surnames_first(line: str) -> list[str]:
    """The names of a list that puts surnames first, parting with the same mark names and persons, or persons with another.

    >>> _surnames_first("Reed; Ann; Vries; Bo de")
    ['Ann Reed', 'Bo de Vries']
    >>> _surnames_first("Reed, Ann; Vries, Bo de")
    ['Ann Reed', 'Bo de Vries']
    >>> _surnames_first("Reed, Ann")
    ['Ann Reed']
    """
    parts = [part.strip() for part in line.split(";") if part.strip()]
    each = all(part.count(",") == 1 for part in parts) if len(parts) != 1 else _is_surname_first(parts[0])
    if parts and each:
        return [" ".join(reversed([half.strip() for half in part.split(",")])) for part in parts]
    if _alternate(parts):
        return [f"{given} {surname}" for surname, given in zip(parts[::2], parts[1::2], strict=True)]
    return []


def _alternate(parts: list[str]) -> bool:
    """Whether surnames and given names take turns."""
    single = [" " not in part and "," not in part for part in parts]
    return len(parts) >= 2 and len(parts) % 2 == 0 and all(single[::2]) and sum(single) >= 0.6 * len(parts)
