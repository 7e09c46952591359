"""Web archives: pages as servers sent them, files that were stored, and texts that others extracted."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from qantar.stages.articles.encodings import MOST_BYTES, MOST_CHARACTERS, NotTextError, decode
from qantar.stages.articles.found import Found, Refused

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
_NEAR_TOP = 2_000
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_NO_ARTICLE = re.compile(
    r"(?i)(?:image|video|audio|font|model)/|(?!.*xhtml).*(?:javascript|ecmascript|css|json|xml|font|zip|pdf|msword|officedocument|flash|wasm)"
)
_NO_ARTICLE_FILES = re.compile(
    r"(?i).*(?:/(?:robots|ads|app-ads|humans|security|llms)\.txt|\.(?:css|js|mjs|json|xml|rss|png|jpe?g|gif|svg|ico|woff2?|ttf))"
)
_MOST_UNPACKED = MOST_BYTES
_MOST_TOLD = 2**14
_DAY = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")


class _Message(NamedTuple):
    """What a server sent: its status, headers by lower-case names, and body."""

    status: int | None
    headers: dict[str, str]
    body: bytes


def read_warc(path: Path) -> Iterator[Found | Refused]:
    """The pages of a web archive, gzipped or not: of responses and stored files what is a page or text, whatever its type is said to be;
    of conversions the text. Pictures, scripts and the like are not articles and left out.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    number = 0
    kinds = (
        WarcRecordType.response
        | WarcRecordType.resource
        | WarcRecordType.conversion
        | WarcRecordType.warcinfo
        | WarcRecordType.metadata
        | WarcRecordType.revisit
    )
    told, revisits = _Told(), _Revisits()
    if not path.stat().st_size:
        yield Refused(None, "empty", "holds nothing; remove it")
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=kinds, parse_http=False):
                kind = str(record.record_type).rpartition(".")[2]
                if kind in ("warcinfo", "metadata"):
                    told.note(kind, record)
                    continue
                revisits.note(kind, record)
                if kind == "revisit":
                    continue
                found = _record(record, number + 1, kind)
                if found is not None:
                    number += 1
                    yield told.add_to(found) if isinstance(found, Found) else found
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        yield Refused(str(number + 1), "broken_record", f"the archive cannot be read on: {str(error)[:200]}; what came before was read")
    yield from revisits.of_other_archives()


class _Told:
    """What `qantar collect` wrote beside its pages: whose pages an archive holds, and when a page was published, as its outlet lists it."""

    def __init__(self) -> None:
        self._archive: dict[str, str] = {}
        self._page: dict[str, str] = {}

    def note(self, kind: str, record: Any) -> None:
        """Read a record that describes others, if it is ours."""
        fields = _fields(record.reader.read(_MOST_TOLD))
        if fields.get("software") != "Qantar":
            fields = {}
        if kind == "warcinfo":
            self._archive = fields
        else:
            self._page = {**fields, "about": record.headers.get("WARC-Concurrent-To", "").strip("<>").removeprefix("urn:uuid:")}

    def add_to(self, found: Found) -> Found:
        """An article with what is told of it: the outlet and rights that a person wrote down go before what the page says."""
        day = self._page.get("published", "")[:10] if self._page.get("about") == found.id else ""
        if not found.published_on and _DAY.fullmatch(day):
            found = replace(found, published_on=date.fromisoformat(day), published_basis="metadata")
        return replace(found, outlet=self._archive.get("outlet") or found.outlet, licence=self._archive.get("licence") or found.licence)


class _Revisits:
    """The pages that an archive does not hold since they had not changed from an earlier visit, in this archive or in another."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._revisited: dict[str, set[str]] = {}

    def note(self, kind: str, record: Any) -> None:
        """Remember a page that is held, or one that is not."""
        headers = record.headers
        url = headers.get("WARC-Target-URI", "").strip("<>")
        marks = {headers.get("WARC-Payload-Digest", ""), url}
        if kind == "revisit":
            marks |= {headers.get(name, "").strip("<>") for name in ("WARC-Refers-To", "WARC-Refers-To-Target-URI")}
            self._revisited[url] = marks - {""}
        else:
            self._held |= marks | {headers.get("WARC-Record-ID", "").strip("<>")}

    def of_other_archives(self) -> Iterator[Refused]:
        """One row for all pages that this archive does not hold."""
        lacking = [url for url, marks in self._revisited.items() if not marks & self._held]
        if lacking:
            pages = f"{len(lacking)} pages ({lacking[0]} …)" if len(lacking) > 1 else f"a page ({lacking[0]})"
            detail = f"of {pages} it says only that nothing had changed (revisit); add the archive of the first visit, or collect again"
            yield Refused(None, "no_text", detail)


def _fields(block: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _record(record: Any, number: int, kind: str) -> Found | Refused | None:
    """The article of a record; None for what is none by its kind."""
    said = record.headers.get("Content-Type", "").lower()
    name = record.headers.get("WARC-Record-ID", "").strip("<>").removeprefix("urn:uuid:") or str(number)
    url = record.headers.get("WARC-Target-URI", "").strip("<>") or None
    length = int(record.content_length or 0)
    try:
        data = record.reader.read(MOST_BYTES)
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        return Refused(name, "broken_record", f"cannot be read to its end: {str(error)[:200]}; fetch {url} again")
    is_http = kind == "response" and data.startswith(b"HTTP/")
    message = _message(data) if is_http else _Message(None, {"content-type": said}, data)
    content_type = message.headers.get("content-type", "")
    if _is_none(content_type, url) and not _PAGE.search(message.body[:_NEAR_TOP]):
        return None
    if len(data) < min(length, MOST_BYTES):
        return Refused(name, "broken_record", f"the archive ends within the record: {len(data)} of {length} bytes; fetch {url} again")
    if message.status is not None and message.status != 200:
        return Refused(name, "no_article", f"the server answered {message.status} for {url}; remove the record")
    try:
        return _article(message, url, name, is_page=kind != "conversion")
    except NotTextError as error:
        return Refused(name, error.reason, str(error))


def _is_none(content_type: str, url: str | None) -> bool:
    path = urlsplit(url).path if url and _is_address(url) else ""
    return bool(_NO_ARTICLE.match(content_type.strip()) or (_NO_ARTICLE_FILES.fullmatch(path) and "html" not in content_type))


def _is_address(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _article(message: _Message, url: str | None, name: str, is_page: bool) -> Found | Refused:
    from qantar.stages.articles.pages import extract_page

    data = unpack(_dechunk(message), message.headers.get("content-encoding", ""))
    content_type = message.headers.get("content-type", "")
    if is_page and ("html" in content_type or _PAGE.search(data[:_NEAR_TOP])):
        charset = _CHARSET.search(content_type)
        return replace(extract_page(data, url, charset[1] if charset else None), record=name, id=name)
    if not data.strip():
        raise NotTextError("empty", f"holds nothing of {url}; remove the record")
    text, encoding, is_repaired = decode(data, MOST_CHARACTERS)
    return Found(text=text, record=name, id=name, url=url, encoding=encoding, is_repaired=is_repaired)


def _message(data: bytes) -> _Message:
    """An HTTP response, however its lines end."""
    head, _, body = data.partition(b"\r\n\r\n")
    if len(head) == len(data):
        head, _, body = data.partition(b"\n\n")
    first, *lines = head.decode("latin-1").splitlines()
    status = re.match(r"HTTP/\d(?:\.\d)?\s+(\d{3})", first)
    headers: dict[str, str] = {}
    for line in lines:
        key, colon, value = line.partition(":")
        if colon:
            headers.setdefault(key.strip().lower(), value.strip().lower())
    return _Message(int(status[1]) if status else None, headers, body)


def _dechunk(message: _Message) -> bytes:
    """The body without the lengths of its chunks, where it has any: some archives keep the header and not the chunks."""
    body = message.body
    if "chunked" not in message.headers.get("transfer-encoding", ""):
        return body
    chunks, at = [], 0
    while found := _CHUNK.match(body, at):
        length = int(found[1], 16)
        chunks.append(body[found.end() : found.end() + length])
        at = found.end() + length
        if not length:
            return b"".join(chunks)
        if at > len(body):
            raise NotTextError("broken_record", "its last chunk is cut short; fetch the page again")
        at += (body[at : at + 2] == b"\r\n" and 2) or body[at : at + 1] == b"\n"
    if chunks and at < len(body):
        raise NotTextError("broken_record", "the lengths of its chunks are wrong; fetch the page again")
    return b"".join(chunks) if chunks else body


def unpack(data: bytes, coding: str, most: int = _MOST_UNPACKED) -> bytes:
    """The body unpacked, `most` bytes of it, as its first bytes and its header say; a body that is not packed is left, whatever is said.

    Raises NotTextError for one that cannot be unpacked.
    """
    for name in reversed([part.strip() for part in coding.split(",") if part.strip()]):
        data = _decompress(data, name, most)
    if data.startswith(b"\x1f\x8b"):
        data = _decompress(data, "gzip", most)
    return data


def _decompress(data: bytes, coding: str, most: int) -> bytes:
    if _PAGE.search(data[:_NEAR_TOP]) or not data:
        return data
    if coding in ("br", "zstd"):
        return _by_arrow(data, {"br": "brotli", "zstd": "zstd"}[coding], most)
    if coding not in ("gzip", "x-gzip", "deflate"):
        if coding in ("identity", "utf-8", "none") or all(byte < 128 for byte in data[:64]):
            return data
        raise NotTextError("broken_record", f"its body is packed as {coding[:40]}, which is not known; fetch the page again")
    unpacked = _inflate(data, coding, most)
    if isinstance(unpacked, bytes):
        return unpacked
    if all(byte < 128 for byte in data[:64]):  # the server unpacked it and kept the header
        return data
    raise NotTextError("broken_record", f"its body is not valid {coding}: {unpacked}; fetch the page again")


def _inflate(data: bytes, coding: str, most: int) -> bytes | zlib.error | None:
    """Data that gzip or deflate packed, with a header or bare; the first error where it is neither."""
    problem: zlib.error | None = None
    for bits in (47, 15, -15) if coding == "deflate" else (47,):
        try:
            unpacking = zlib.decompressobj(bits)
            unpacked = unpacking.decompress(data, most)
        except zlib.error as error:
            problem = problem or error
            continue
        if not unpacking.eof and not unpacking.unconsumed_tail:
            raise NotTextError("broken_record", f"its body, packed as {coding}, is cut short; fetch the page again")
        return unpacked
    return problem


def _by_arrow(data: bytes, codec: str, most: int) -> bytes:
    import pyarrow as pa

    try:
        with pa.CompressedInputStream(io.BytesIO(data), codec) as stream:
            return bytes(stream.read(most))
    except (pa.ArrowException, OSError) as error:
        if all(byte < 128 for byte in data[:64]):
            return data
        raise NotTextError("broken_record", f"its body is not valid {codec}: {str(error)[:200]}; fetch the page again") from error
