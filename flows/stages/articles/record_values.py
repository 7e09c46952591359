"""What the value of a record's field says: a text, a line, a day, an address, names, in all forms that files and APIs have."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from html import unescape
from typing import Any

from qantar.stages.articles.addresses import host_of, is_unfilled
from qantar.stages.articles.archives.archive_parts import find_day
from qantar.stages.articles.encodings import NotTextError, decode, mend
from qantar.text.authors import join_authors
from qantar.text.dates import parse_day
from qantar.text.lexicon import either, read_lines
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
    "text",
    "original",
    "label",
    "value",
    "id",
    "date",
    "iso",
    "by",
)
_HEADS = ("headline", "heading", "summary", "lead", "standfirst")
"""What an object has above its paragraphs or sections."""
_NO_VALUES = frozenset({"", "nan", "none", "null", "n/a", "na", "nat", "undefined", "-", "--"})
_LONGEST_NO_VALUE = max(map(len, _NO_VALUES))
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,8}\d?);")


def text_of(value: Any, depth: int = 0) -> str:
    """The text of a value: a string, bytes, a list of paragraphs, an object that keeps it in one of its fields; empty for all else."""
    if isinstance(value, str):
        return "" if value.strip()[: _LONGEST_NO_VALUE + 1].lower() in _NO_VALUES else value
    if isinstance(value, (bytes, bytearray)):
        try:
            return decode(bytes(value)).text
        except NotTextError:
            return ""
    if depth >= _DEPTH:
        return ""
    if isinstance(value, (list, tuple)):
        is_run = {type(item) for item in value} == {str, dict}  # a text with objects for its links and bold words
        return ("" if is_run else "\n\n").join(part for part in (text_of(item, depth + 1) for item in value) if part)
    return _text_of_fields(value, depth) if isinstance(value, Mapping) else ""


def _text_of_fields(value: Mapping[str, Any], depth: int) -> str:
    """The text of an object: its first field that holds any, below the headings of its sections."""
    value = {str(key).lower(): inner for key, inner in value.items()}
    key, text = next(((key, text) for key in _INNER if key in value and (text := text_of(value[key], depth + 1))), ("", ""))
    heads = [text_of(value[name], depth + 1) for name in _HEADS if name in value] if key in ("sections", "paragraphs") else []
    return "\n\n".join([*filter(None, heads), text])


def line_of(value: Any, depth: int = 0) -> str | None:
    """A value as one line: names of a list joined, the name of an object with one; None for nothing."""
    if isinstance(value, Mapping):
        plain = _plain_keys(value)
        inner = next((plain[key] for key in _NAMES if plain.get(key)), None)
        return line_of(inner, depth + 1) if depth < _DEPTH else None
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, (line_of(item, depth) for item in value))) or None
    return _scalar_line(value)


def _plain_keys(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {re.sub(r"[^a-z]", "", str(key).lower()): inner for key, inner in value.items()}


def _scalar_line(value: Any) -> str | None:
    if isinstance(value, (bytes, bytearray)):
        value = text_of(value)
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    line = _ENTITY.sub(lambda found: unescape(found.group()), without_invisible(mend(str(value))))
    line = " ".join(line.split())
    return None if line.lower() in _NO_VALUES else line


def address_of(value: Any) -> str | None:
    """An address; None for what is none, such as a template that was never filled in."""
    line = line_of(value)
    return None if line is None or is_unfilled(line) else line


def day_of(value: Any) -> date | None:
    """A day in any of the common forms, its month by name in any language that newspapers have, or as spreadsheets count days."""
    if (day := parse_day(value)) is not None:
        return day
    line = str(value).strip()
    if _SERIAL.fullmatch(line):
        return date(1899, 12, 30) + timedelta(days=int(float(line)))
    return find_day(line)


_SERIAL = re.compile(r"[345]\d{4}(?:\.\d+)?")
"""Days since the end of 1899, from 1982 to 2064, as a spreadsheet saves them."""


def web_address_of(value: Any) -> str | None:
    """An address of a page in a column that is named as a source."""
    line = line_of(value) or ""
    return line if re.match(r"https?://[^/\s]+/.", line) else None


def outlet_of(value: Any) -> str | None:
    """The name of an outlet; None for an address or a host."""
    line = line_of(value)
    return None if line is None or _ADDRESS.search(line) else line


def own_host_of(value: Any) -> str | None:
    """The host that stands for an outlet, where nothing names it."""
    line = line_of(value)
    return (host_of(line) or line) if line else None


_ADDRESS = re.compile(r"://|^(?:[\w-]+\.)+[a-z]{2,10}$")


def title_without_site(title: str | None, outlet: str | None, host: str | None) -> str | None:
    """A title without markup, and without the names of its site."""
    from qantar.stages.articles.page_titles import headline

    return headline(re.sub(r"</?(?:b|i|em|strong|span|br|sup|sub)\b[^<>]{0,100}>", "", title or ""), outlet, host) or None


def authors_of(value: Any, sites: list[str]) -> str | None:
    """The names of the authors, without their roles, addresses and outlets."""
    from qantar.stages.articles.byline_names import names_in

    names = [name for person in _people(value) for name in names_in(person, sites)]
    return join_authors(name for name in names if not _OF_SITE.fullmatch(name))


_OF_SITE = re.compile(rf"(?i)www\W.*|.*\W(?:com|org|net)|https?\W.*|(?:.* )?(?:{either('pages.toml', 'authors.of_site')})")


def _named_in_parts(value: Mapping[str, Any]) -> str | None:
    """A person's name from fields for its parts; None where none holds a surname."""
    plain = _plain_keys(value)
    first, last = (next((line_of(plain[k]) for k in keys if plain.get(k)), None) for keys in _GIVEN_AND_SURNAMES)
    return " ".join(filter(None, (first, last))) if last else None


_LISTED = re.compile(r"\[(.*)\]")


def _people(value: Any) -> list[str]:
    """Each author as written."""
    if isinstance(value, (list, tuple)):
        return [person for item in value for person in _people(item)]
    if isinstance(value, Mapping):
        named = _named_in_parts(value)
        return [named] if named else _people(line_of(value))
    line = line_of(value) or ""
    if (written := _objects_in(line)) is not None:
        return _people(written)
    if listed := _LISTED.fullmatch(line):
        return [part.strip(" '\"") for part in listed[1].split(",")]
    return _surnames_first(line) or line.split(";")


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
    if each:
        return [" ".join(reversed([half.strip() for half in part.split(",")])) for part in parts]
    if _alternate(parts):
        return [f"{given} {surname}" for surname, given in zip(parts[::2], parts[1::2], strict=True)]
    return []


def _alternate(parts: list[str]) -> bool:
    """Whether surnames and given names take turns."""
    single = [" " not in part for part in parts]
    return len(parts) % 2 == 0 and all(single[::2]) and sum(single) >= 0.6 * len(parts)
