"""Ids: short text made from content, the same in every build and on every machine."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no letter is taken for a digit


def digest(*parts: str | bytes) -> str:
    """SHA-256 of the parts, each with its length, in 64 hexadecimal digits."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()


def file_sum(path: Path) -> str:
    """SHA-256 of a file, summed up once in this process and those forked from it, until the file changes."""
    found = path.stat()
    return _file_sum(path, found.st_mtime_ns, found.st_size)


@cache
def _file_sum(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def short_id(*parts: str) -> str:
    """Twelve characters of 60 bits of the parts' digest: two of a million ids are alike once in two million corpora.

    >>> short_id("https://example.org/a")
    '574h76nf9pb9'
    """
    bits = int(digest(*parts)[:15], 16)
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5))


def document_id(identity: str) -> str:
    """The id of the document whose source calls it `identity`: its URL or id if it has one, else its path and record."""
    return short_id("document", identity)
