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
_LONGEST_NO_VALUE = max(map(len, _NO_VALUES))
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,8}\d?);")


def text_of(value: Any, depth: int = 0) -> str:
    """The text of a value: a string, bytes, a list of paragraphs, an object that keeps it in one of its fields; empty for all else."""
    if isinstance(value, str):
        line = value.strip()
        return value if line and (len(line) > _LONGEST_NO_VALUE or line.lower() not in _NO_VALUES) else ""
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
    if not any(key in value for key in _INNER):
        value = {str(key).lower(): inner for key, inner in value.items()}
    key, text = next(((key, text) for key in _INNER if key in value and (text := text_of(value[key], depth + 1))), ("", ""))
    heads = [text_of(value[name], depth + 1) for name in _HEADS if name in value] if key in ("sections", "paragraphs") else []
    return "\n\n".join([*filter(None, heads), text])


def line_of(value: Any) -> str | None:
    """A value as one line: names of a list joined, the name of an object with one; None for nothing."""
    if isinstance(value, Mapping):
        plain = _plain_keys(value)
        value = next((plain[key] for key in _NAMES if plain.get(key)), None)
        return line_of(value) if not isinstance(value, Mapping) else None
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, map(line_of, value))) or None
    return _scalar_line(value)


def _plain_keys(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {re.sub(r"[^a-z$_]", "", str(key).lower()): inner for key, inner in value.items()}


def _scalar_line(value: Any) -> str | None:
    if isinstance(value, (bytes, bytearray)):
        value = text_of(value)
    if value is None or isinstance(value, bool) or value != value:  # a missing number of pandas is not itself
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    line = " ".join(without_invisible(mend(str(value))).split())
    if "&" in line and _ENTITY.search(line):
        line = " ".join(unescape(line).split())
    return line if line and line.lower() not in _NO_VALUES else None


def address_of(value: Any) -> str | None:
    """An address; None for what is none, such as a template that was never filled in."""
    line = line_of(value)
    return None if line is None or is_unfilled(line) else line


def day_of(value: Any) -> date | None:
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


def web_address_of(value: Any) -> str | None:
    """An address of a page in a column that is named as a source."""
    line = line_of(value)
    return line if line and re.match(r"https?://[^/\s]+/.", line) else None


def outlet_of(value: Any) -> str | None:
    """The name of an outlet; None for an address or a host."""
    line = line_of(value)
    return None if line is None or "://" in line or _HOST.fullmatch(line) else line


def own_host_of(value: Any) -> str | None:
    """The host that stands for an outlet, where nothing names it."""
    line = line_of(value)
    return (host_of(line) or line) if line else None


_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,10}")


def title_without_site(title: str | None, outlet: str | None, host: str | None) -> str | None:
    """A title without markup, and without the names of its site."""
    from qantar.stages.articles.page_titles import headline

    title = re.sub(r"</?(?:b|i|em|strong|span|br|sup|sub)\b[^<>]{0,100}>", "", title) if title and "<" in title else title
    return headline(title, outlet, host) if title and (outlet or host) else title


def authors_of(value: Any, sites: list[str]) -> str | None:
    """The names of the authors, without their roles, addresses and outlets."""
    from qantar.stages.articles.byline_names import is_body, is_nobody, names_in

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
    first, last = (next((line_of(plain[k]) for k in keys if plain.get(k)), None) for keys in _GIVEN_AND_SURNAMES)
    return " ".join(filter(None, (first, last))) if last else None


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
