"""Pages as they came, in web archives: one file a day and outlet under raw/collected/.

A run writes into a hidden file beside it, which no build reads, and joins the two by one rename at its end. What a killed run left
hidden is joined by the next.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import uuid
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from qantar.collect.fetching import Fetched

SOFTWARE = "Qantar"
SUFFIX = ".warc.gz"
_LEVEL = 6
_PIECE = 2**16
_NAMESPACE = uuid.UUID("6f3c0b0e-7a53-5b9e-9b1c-5d1f0a6c2e11")


class Stored(NamedTuple):
    """A page in an archive: where its records begin and how long they are, and what was written of it."""

    file: str
    offset: int
    length: int
    note: dict[str, Any]


class Archive:
    """The archive of one outlet for one day."""

    def __init__(self, collected: Path, folder: str, day: str) -> None:
        self.name = f"{folder}/{day}{SUFFIX}"
        self.path = collected / self.name
        self.hidden = self.path.with_name(f".{day}{SUFFIX}")

    @classmethod
    def of(cls, collected: Path, name: str) -> Archive:
        """The archive of a name, as "harbour/2022-01-05.warc.gz"."""
        folder, _, file = name.rpartition("/")
        return cls(collected, folder, file.removesuffix(SUFFIX))

    def size(self) -> int:
        """Bytes of what was joined before."""
        return self.path.stat().st_size if self.path.exists() else 0

    def add(self, page: bytes, about: Callable[[], bytes]) -> tuple[int, int]:
        """Append a page's records, `about` before a run's first; where they begin in the whole file, and their length."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.hidden.open("ab") as file:
            begins = file.tell()
            written = page if begins else about() + page
            try:
                file.write(written)
                file.flush()
            except OSError:  # a full disk: what comes later must not stand behind half a record
                os.truncate(self.hidden, begins)
                raise
        return self.size() + begins + len(written) - len(page), len(page)

    def read(self, offset: int, length: int) -> bytes:
        """The bytes at a place, wherever they are now."""
        size = self.size()
        path, at = (self.path, offset) if offset < size else (self.hidden, offset - size)
        with path.open("rb") as file:
            file.seek(at)
            return file.read(length)

    def join(self) -> None:
        """Append what was added to the file, atomically for readers."""
        if not self.hidden.exists():
            return
        if self.hidden.stat().st_size and not self.is_joined():
            fresh = self.path.with_name(f".{self.path.name}.new")
            with fresh.open("wb") as file:
                for part in (self.path, self.hidden):
                    if part.exists():
                        with part.open("rb") as read:
                            shutil.copyfileobj(read, file, _PIECE)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
        self.hidden.unlink()

    def is_joined(self) -> bool:
        """Whether a run was killed after it joined the two and before it removed the hidden one."""
        size, added = self.size(), self.hidden.stat().st_size
        if size < added:
            return False
        with self.path.open("rb") as joined, self.hidden.open("rb") as hidden:
            joined.seek(size - added)
            while piece := hidden.read(_PIECE):
                if joined.read(len(piece)) != piece:
                    return False
        return True

    def pages(self) -> Iterator[Stored]:
        """The pages of what was joined before."""
        if self.path.exists():
            with self.path.open("rb") as file:
                yield from find_pages(file, 0, self.name)

    def recover(self) -> list[Stored]:
        """The whole pages that a killed run left; what it left half written is cut off."""
        if self.is_joined():
            self.hidden.unlink()
            return []
        with self.hidden.open("rb") as file:
            pages = list(find_pages(file, self.size(), self.name))
        whole = pages[-1].offset + pages[-1].length - self.size() if pages else 0
        os.truncate(self.hidden, whole)
        return pages


def hidden_archives(collected: Path) -> Iterator[Archive]:
    """The archives of which a run has left a hidden part."""
    for path in sorted(collected.glob(f"*/.*{SUFFIX}")):
        yield Archive(collected, path.parent.name, path.name.removeprefix(".").removesuffix(SUFFIX))


def describe(source: dict[str, str | None], user_agent: str, at: datetime) -> bytes:
    """The record that begins an archive: what made it, and whose pages these are."""
    fields = {"software": SOFTWARE, "format": "WARC File Format 1.1", "http-header-user-agent": user_agent, **source}
    return _record("warcinfo", {"Content-Type": "application/warc-fields"}, _fields(fields), at, json.dumps(fields))


def pack(fetched: Fetched, note: dict[str, Any], at: datetime) -> bytes:
    """The records of a page: what is known of it, the request, the response."""
    key = f"{fetched.url} {at.isoformat()} {hashlib.sha256(fetched.body).hexdigest()}"
    response_id = f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'response {key}')}>"
    about = {"WARC-Target-URI": fetched.url}
    beside = {**about, "WARC-Concurrent-To": response_id}
    payload = hashlib.sha1(fetched.body, usedforsecurity=False).digest()
    http = "application/http; msgtype="
    return b"".join(
        [
            _record("metadata", {**beside, "Content-Type": "application/warc-fields"}, _fields({"software": SOFTWARE, **note}), at, key),
            _record("request", {**beside, "Content-Type": f"{http}request"}, fetched.asked, at, key),
            _record("response", {**about, "Content-Type": f"{http}response"}, fetched.head + fetched.body, at, key, payload),
        ]
    )


def find_pages(file: BinaryIO, base: int, name: str) -> Iterator[Stored]:
    """The whole pages of a part of an archive, whose first byte is the archive's byte `base`."""
    begins: int | None = None
    note: dict[str, Any] = {}
    for start, end, record in _members(file):
        kind = re.search(rb"^WARC-Type: (\w+)", record[:2_000], re.MULTILINE)
        if kind and kind[1] == b"metadata":
            begins, note = start, read_fields(record.partition(b"\r\n\r\n")[2])
        elif kind and kind[1] == b"response" and begins is not None:
            yield Stored(name, base + begins, end - begins, note)
            begins = None


def _members(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """The whole members of a gzip file: where each begins and ends, and what it holds."""
    start = read = 0
    piece = b""
    while True:
        unpacking, held = zlib.decompressobj(31), []
        while not unpacking.eof:
            if not piece and not (piece := file.read(_PIECE)):
                return
            read += len(piece)
            try:
                held.append(unpacking.decompress(piece))
            except zlib.error:
                return
            piece = b""
        piece = unpacking.unused_data
        read -= len(piece)
        yield start, read, b"".join(held)
        start = read


def read_page(data: bytes) -> tuple[bytes, str]:
    """The body of a page as it was sent, unpacked, and its content type, from its records."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    from qantar.stages.articles.web_archives import unpack

    for record in ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response):
        headers = {name.lower(): value for name, value in record.http_headers.items()}
        return unpack(bytes(record.reader.read()), headers.get("content-encoding", "").lower()), headers.get("content-type", "").lower()
    return b"", ""


def read_fields(block: bytes) -> dict[str, Any]:
    """What a record of warc-fields says, by its names."""
    lines = (line.partition(": ") for line in block.decode("utf-8", "replace").splitlines())
    return {name: value for name, colon, value in lines if colon}


def _fields(values: dict[str, Any]) -> bytes:
    lines = (f"{name}: {' '.join(str(value).split())}" for name, value in values.items() if value not in (None, ""))
    return "\r\n".join([*lines, ""]).encode()


def _record(kind: str, headers: dict[str, str], block: bytes, at: datetime, key: str, payload: bytes | None = None) -> bytes:
    from fastwarc.warc import WarcRecord, WarcRecordType

    record = WarcRecord()
    record.init_headers(record_type=getattr(WarcRecordType, kind), record_urn=f"uuid:{uuid.uuid5(_NAMESPACE, f'{kind} {key}')}".encode())
    record.record_date = at.astimezone(UTC).replace(microsecond=0)
    for name, value in headers.items():
        record.headers[name] = value
    record.set_bytes_content(block)
    out = io.BytesIO()
    record.write(out, checksum_data=True, payload_digest=payload)
    return gzip.compress(out.getvalue(), _LEVEL, mtime=0)
