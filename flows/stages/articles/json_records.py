"""Files of JSON: a record a line, a list of records, or one record over many lines. All are read as they come."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from qantar.stages.articles.encodings import MOST_BYTES, NotTextError, decode, decode_line, encoding_of
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.packed_files import open_file
from qantar.stages.articles.record_columns import unwrap
from qantar.stages.articles.record_fields import article_in
from qantar.stages.articles.slices import Slice

_SAMPLE = 2**18
_PIECE = 2**20
_BLANK = b" \t\r\n\x00\xef\xbb\xbf"
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}]', re.DOTALL)
_BETWEEN = re.compile(r"[\s,]*")
_NEXT = re.compile(r"\n\s*(?=\{)")
_NEW_RECORD = re.compile(r"[}\]\"]\s*,?\s*\n(?=\{\s*\")")
"""An object at the beginning of a line, after the end of another."""


def is_line_based(path: Path) -> bool:
    """Whether each line of a file is a record; else it is a list or a record over lines, or in an encoding of wide characters."""
    with open_file(path) as file:
        sample = file.read(_SAMPLE)
    first, _, others = sample.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if b"\x00" in sample[:2000] or first.startswith(b"["):
        return False
    return not others.lstrip().startswith((b'"', b"}")) or _is_json(first)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def read_json_lines(path: Path, part: Slice | None = None) -> Iterator[Found | Refused]:
    """The records of a file of JSON, gzipped or not: a line each, or the objects of a list; those of a slice, numbered as in the file."""
    if part is None and not is_line_based(path):
        yield from _read_values(path)
        return
    with open_file(path) as file:
        number = n_filled = 0
        if part:
            file.seek(part.start)
            number = part.before
        while (part is None or file.tell() < part.end) and (line := file.readline(MOST_BYTES)):
            number += 1
            if len(line) == MOST_BYTES and not line.endswith(b"\n"):
                while (line := file.readline(MOST_BYTES)) and not line.endswith(b"\n"):
                    pass
                yield Refused(str(number), "too_long", f"the line is longer than {MOST_BYTES} bytes; split it")
            elif line.strip(_BLANK):
                n_filled += 1
                yield from _json_line(line, number)
        if part is None and not n_filled:
            yield Refused(None, "empty", "holds nothing; remove it")


def _json_line(line: bytes, number: int) -> Iterator[Found | Refused]:
    try:
        text, mended = decode_line(line.removeprefix(codecs.BOM_UTF8), "utf-8")
    except NotTextError as error:
        yield Refused(str(number), error.reason, str(error))
        return
    yield from _records_in(text, number, f"line {number}", mended)


def _run_together(text: str) -> list[str]:
    """The objects of a line that holds several, one right after the other; none where anything else stands between."""
    decoder, values, at = json.JSONDecoder(strict=False), [], 0
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return []
        if not isinstance(value, dict):
            return []
        values.append(text[at:end])
        at = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]
    return values


def _records_in(text: str, number: int | str, place: str, mended: bool = False) -> Iterator[Found | Refused]:
    try:
        record = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        if values := _run_together(text):
            for inner, written in enumerate(values):
                yield from _records_in(written, f"{number}.{inner + 1}" if inner else str(number), place, mended)
            return
        yield Refused(str(number), "broken_record", f"{place} is not valid JSON: {str(error)[:200]}; correct or remove it")
        return
    if isinstance(record, str):
        record = {"text": record}
    if not isinstance(record, dict):
        what = type(record).__name__
        yield Refused(str(number), "broken_record", f"{place} is not a JSON object but {what}; an article is one object")
        return
    for inner, value in enumerate(unwrap(record)):
        found = article_in(value, number)
        name = f"{number}.{inner + 1}" if inner else None
        if isinstance(found, Refused):
            yield found._replace(record=name) if name else found
            continue
        if mended:
            found = replace(found, is_repaired=True)
        yield replace(found, record=name) if name and not found.id else found


# --- values over lines ------------------------------------------------------------------------------------------------


def _read_values(path: Path) -> Iterator[Found | Refused]:
    """The objects of a list, or one after the other, wherever their lines end. A broken one costs itself."""
    number = 0
    for text in _objects(_texts(path)):
        number += 1
        if text is None:
            yield Refused(str(number), "broken_record", f"object {number} does not end; reading goes on at the next; fix it")
        else:
            yield from _records_in(text, number, f"object {number}")
    if not number:
        yield from _read_strings(path)


def _read_strings(path: Path) -> Iterator[Found | Refused]:
    """The texts of a file that is a list of nothing else."""
    try:
        values = json.loads("".join(_texts(path)), strict=False)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        yield Refused(None, "broken_record", "holds no JSON object; an article is one object, with its text under the key text")
        return
    for number, text in enumerate(values, 1):
        yield article_in({"text": text}, number)


def _texts(path: Path) -> Iterator[str]:
    """The text of a file, piece by piece."""
    with open_file(path) as file:
        sample = file.read(_SAMPLE)
    try:
        encoding = encoding_of(sample)
    except NotTextError:
        encoding = "utf-8"
    decoder = codecs.getincrementaldecoder({"utf-8": "utf-8-sig"}.get(encoding, encoding))("replace")
    with open_file(path) as file:
        while piece := file.read(_PIECE):
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)


def _objects(pieces: Iterator[str]) -> Iterator[str | None]:
    """The outermost objects that stand in a text, at the top or in lists, each as written; None for one that does not end.

    An object that a stray quotation mark keeps open ends before the next line that begins as it did.
    """
    text, more = "", True
    while more or "{" in text:
        start = text.find("{")
        end = _end_of_object(text, start) if start >= 0 else None
        if end is not None:
            yield from _sound_objects(text[start:end])
            text = text[end:]
        elif more and len(text) - start <= MOST_BYTES:
            grown = [text[max(0, start) :] if start >= 0 else ""]
            n = 0
            while n <= len(grown[0]) and (piece := next(pieces, None)) is not None:
                grown.append(piece)
                n += len(piece)
            more, text = len(grown) > 1, "".join(grown)
        else:
            yield None
            again = _NEXT.search(text, start + 1)
            text = text[again.end() :] if again else ""


def _sound_objects(text: str) -> Iterator[str]:
    """The object, or, where it is broken and holds what begins a line as a record does, those that stand in it."""
    if len(starts := [found.end() for found in _NEW_RECORD.finditer(text)]) and not _is_json(text.encode("utf-8", "replace")):
        places = [0, *starts, len(text)]
        yield from (text[i:j].rstrip().rstrip(",") for i, j in pairwise(places))
    else:
        yield text


def _end_of_object(text: str, start: int) -> int | None:
    """Where the object that begins at `start` ends; None where it does not."""
    depth = 0
    for found in _TOKEN.finditer(text, start):
        sign = found.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if not depth:
                return found.end()
    return None


def columns_in_json(path: Path) -> list[str]:
    """The names of the first record's fields, to be shown."""
    with open_file(path) as file:
        head = file.read(_SAMPLE)
    text = next(_objects(iter([decode(head, MOST_BYTES).text])), None) or "{}"
    record: dict[str, Any] = json.loads(text, strict=False)
    return list(next(unwrap(record)))
