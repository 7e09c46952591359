"""Files that hold one article per record: JSON lines, CSV, Parquet, web archives. All are streamed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from qantar.schema import Format
from qantar.stages.articles.encodings import MOST_BYTES, MOST_CHARACTERS, NotTextError, decode, mend
from qantar.stages.articles.found import Found, Refused
from qantar.stages.articles.slices import Slice
from qantar.text.dates import parse_day
from qantar.text.lexicon import read_toml

_SAMPLE = 2**18
_MARKUP = re.compile(r"</?(?:p|div|br|span|a|h[1-6]|ul|li|article|html|body)\b[^<>]{0,500}>", re.IGNORECASE)
_LEAST_MARKUP = 3  # tags in a record's text for it to be taken as a page
_MOST_EXPANSION = 300  # times: a gzip file that grows more holds no texts
_LEAST_EXPANDED = 64 * 2**20
_BATCH = 64

Rows = Iterator[Found | Refused]


def column_mapping(names: Iterable[str]) -> dict[str, str]:
    """Which column of a file each field is read from, by common spellings, the likeliest first.

    >>> column_mapping(["Headline", "maintext", "link", "n"])
    {'text': 'maintext', 'title': 'Headline', 'url': 'link'}
    """
    plain = {re.sub(r"[^a-z0-9]", "", str(name).lower()): name for name in reversed(list(names))}
    found = {field: next((plain[s] for s in spellings if s in plain), None) for field, spellings in _spellings().items()}
    return {field: name for field, name in found.items() if name is not None}


@cache
def _spellings() -> dict[str, list[str]]:
    fields: dict[str, str] = read_toml("columns.toml")
    return {field: names.split() for field, names in fields.items()}


def columns_of(path: Path, format: Format) -> dict[str, str]:
    """The mapping found for a file of records, from its header or first record, to be shown; empty for other and for unreadable files."""
    try:
        if format == "parquet":
            import pyarrow.parquet as pq

            return column_mapping(pq.read_schema(path).names)
        with _open(path) as file:
            line = file.readline(_SAMPLE)
        if format == "jsonl":
            record = json.loads(line)
            return column_mapping(record) if isinstance(record, dict) else {}
        if format == "csv":
            return column_mapping(cell.strip().strip('"') for cell in re.split("[,;\t|]", decode(line, MOST_BYTES).text))
    except (OSError, ValueError, RecursionError, NotTextError):
        pass
    return {}


# --- JSON lines ---------------------------------------------------------------------------------------------------


def read_json_lines(path: Path, part: Slice | None = None) -> Rows:
    """The records of a JSON Lines file, gzipped or not, a line each; those of a slice only, numbered as in the whole file."""
    with _open(path) as file:
        number = 0
        if part:
            file.seek(part.start)
            number = part.before
        while (part is None or file.tell() < part.end) and (line := file.readline(MOST_BYTES)):
            number += 1
            if len(line) == MOST_BYTES and not line.endswith(b"\n"):
                while (line := file.readline(MOST_BYTES)) and not line.endswith(b"\n"):
                    pass
                yield Refused(str(number), "too_long", f"the line is longer than {MOST_BYTES} bytes; split it")
            elif line.strip(b" \t\r\n\x00\xef\xbb\xbf"):
                yield _json_record(line, number)


def _json_record(line: bytes, number: int) -> Found | Refused:
    try:
        try:
            record = json.loads(line.decode("utf-8-sig"))
        except UnicodeDecodeError:
            record = json.loads(decode(line, MOST_BYTES).text)
    except NotTextError as error:
        return Refused(str(number), error.reason, str(error))
    except (ValueError, RecursionError) as error:
        return Refused(str(number), "broken_record", f"line {number} is no JSON: {str(error)[:200]}; mend or remove it")
    if not isinstance(record, dict):
        return Refused(
            str(number), "broken_record", f"line {number} is no JSON object but {type(record).__name__}; an article is one object"
        )
    return _found_in(record, column_mapping(record), number)


# --- CSV ----------------------------------------------------------------------------------------------------------


def read_csv(path: Path) -> Rows:
    """The rows of a CSV file with a header: its encoding, and whether commas, semicolons, tabs or bars part its cells, are found out."""
    with _open(path) as file:
        sample = file.read(_SAMPLE)
    if not sample.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        yield Refused(None, "empty", "holds nothing; remove it")
        return
    try:
        encoding = decode(sample[: sample.rfind(b"\n") + 1] or sample, MOST_BYTES).encoding
    except NotTextError as error:
        yield Refused(None, error.reason, str(error))
        return
    csv.field_size_limit(MOST_BYTES)
    with _open(path) as file, io.TextIOWrapper(file, {"utf-8": "utf-8-sig"}.get(encoding, encoding), "replace", newline="") as lines:
        first = sample.split(b"\n", 1)[0].decode(encoding, "replace")
        reader = csv.reader(lines, delimiter=max(",;\t|", key=first.count))
        yield from _csv_rows(reader)


def _csv_rows(reader: Any) -> Rows:
    header: list[str] | None = None
    mapping: dict[str, str] = {}
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += header is not None
            yield Refused(str(number), "broken_record", f"line {reader.line_num} is no line of a CSV file: {error}; mend or remove it")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [cell.strip().lstrip("\ufeff") for cell in cells]
            mapping = column_mapping(header)
            if "text" not in mapping:
                yield _no_text_column(header)
                return
            continue
        number += 1
        if len(cells) != len(header):
            detail = f"line {reader.line_num} has {len(cells)} cells where the header has {len(header)}; quote cells that hold separators"
            yield Refused(str(number), "broken_record", detail)
            continue
        yield _found_in(dict(zip(header, cells, strict=True)), mapping, number)


def _no_text_column(names: Iterable[str]) -> Refused:
    seen = ", ".join(map(str, names))[:300]
    return Refused(
        None, "no_text_column", f"no column is named as a text ({', '.join(_spellings()['text'][:5])} …) among {seen}; rename one"
    )


# --- Parquet ----------------------------------------------------------------------------------------------------------


def read_parquet(path: Path) -> Rows:
    """The rows of a Parquet file, some at a time; only the columns that are used are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            names = file.schema_arrow.names
            mapping = column_mapping(names)
            if "text" not in mapping:
                yield _no_text_column(names)
                return
            columns = sorted(set(mapping.values()))
            for batch in file.iter_batches(batch_size=_BATCH, columns=columns, use_threads=False):
                for record in batch.to_pylist():
                    number += 1
                    yield _found_in(record, mapping, number)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        yield Refused(str(number + 1), "broken_record", f"cannot be read as Parquet: {str(error)[:200]}; write it anew")


# --- web archives -----------------------------------------------------------------------------------------------------


def read_warc(path: Path) -> Rows:
    """The HTML pages among the responses of a web archive, gzipped or not; other responses are no articles and left out."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    number = 0
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
                if "html" in str(record.http_content_type or "").lower():
                    number += 1
                    yield _response(record, number)
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        yield Refused(str(number + 1), "broken_record", f"the archive cannot be read on: {str(error)[:200]}; what came before was read")


def _response(record: Any, number: int) -> Found | Refused:
    from qantar.stages.articles.pages import extract_page

    name = record.headers.get("WARC-Record-ID", "").strip("<>").removeprefix("urn:uuid:") or str(number)
    url = record.headers.get("WARC-Target-URI", "").strip("<>") or None
    status = getattr(record.http_headers, "status_code", None)
    if status is not None and status != 200:
        return Refused(name, "no_article", f"the server answered {status} for {url}; remove the record")
    try:
        data = _decompress(record.reader.read(MOST_BYTES), record.http_headers.get("Content-Encoding", "") if record.http_headers else "")
        found = extract_page(data, url, record.http_charset)
    except NotTextError as error:
        return Refused(name, error.reason, str(error))
    return replace(found, record=name, id=name)


def _decompress(data: bytes, coding: str) -> bytes:
    if coding.lower() in ("gzip", "x-gzip", "deflate"):
        try:
            return zlib.decompressobj(47 if "gzip" in coding.lower() else 15).decompress(data, MOST_BYTES)
        except zlib.error as error:
            raise NotTextError("broken_record", f"its body is no sound {coding}: {error}; fetch the page again") from error
    return data


# --- one record ---------------------------------------------------------------------------------------------------------


def _found_in(record: Mapping[str, Any], mapping: Mapping[str, str], number: int) -> Found | Refused:
    """The article in a record; markup in its text is extracted."""
    values = {field: record.get(name) for field, name in mapping.items()}
    own_id = _string(values.get("id"))
    name = own_id or str(number)
    text = values.get("text")
    if not isinstance(text, str) or not text.strip():
        among = ", ".join(map(str, record))[:200]
        what = f"a {type(text).__name__} as its {mapping['text']}" if text and not isinstance(text, str) else f"no text among {among}"
        return Refused(name, "empty", f"record {number} has {what}; give it a text or remove it")
    if len(text) > MOST_CHARACTERS:
        return Refused(name, "too_long", f"{len(text)} characters, more than the {MOST_CHARACTERS} of an article; split it")
    mended, has_offsets = mend(text), True
    if len(_MARKUP.findall(text)) >= _LEAST_MARKUP:
        from qantar.stages.articles.pages import extract_page

        try:
            page = extract_page(f'<html><head><meta charset="utf-8"></head><body><article>{mended}</article></body></html>'.encode())
        except NotTextError as error:
            return Refused(name, error.reason, str(error))
        text = mended = page.text
        has_offsets = False
    day = parse_day(values.get("published_on"))
    return Found(
        text=mended,
        record=name,
        id=own_id,
        url=_string(values.get("url")),
        outlet=_string(values.get("outlet")),
        title=_string(values.get("title")),
        author=_string(values.get("author")),
        published_on=day,
        published_basis="metadata" if day else None,
        licence=_string(values.get("licence")),
        is_repaired=mended != text,
        has_raw_offsets=has_offsets,
    )


def _string(value: Any) -> str | None:
    """A value as one line: names of a list joined, the name of an object with one; None for nothing."""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title") or value.get("id")
    if isinstance(value, (list, tuple)):
        return ", ".join(part for part in map(_string, value) if part) or None
    if value is None or isinstance(value, bool) or value != value:  # a missing number of pandas is not itself
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(mend(str(value)).split()) or None


# --- gzip -----------------------------------------------------------------------------------------------------------------


class _Gzip(io.RawIOBase):
    """A gzip file's content; NotTextError, while reading, for a broken one and for one that grows beyond all texts."""

    def __init__(self, path: Path):
        self._file = gzip.open(path, "rb")  # noqa: SIM115 - closed with this object
        self._most = max(_LEAST_EXPANDED, path.stat().st_size * _MOST_EXPANSION)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read1(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise NotTextError("broken_record", f"the gzip file cannot be read on: {error}; what came before was read") from error
        self._read += len(data)
        if self._read > self._most:
            raise NotTextError("too_long", f"the gzip file grows to more than {_MOST_EXPANSION} times its size; unpack it if that is meant")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(path: Path) -> io.BufferedReader:
    return io.BufferedReader(_Gzip(path), 2**16) if path.name.lower().endswith(".gz") else path.open("rb")
