"""Articles sent by e-mail, one a file, or an archive's export as a message."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import date
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from qantar.stages.articles.addresses import split_address
from qantar.stages.articles.archives.archive_parts import Piece, find_day, tile
from qantar.stages.articles.encodings import NotTextError, decode_bytes, mend
from qantar.text.dates import parse_day
from qantar.text.lexicon import either
from qantar.text.passages import split_passages

_NEXT_LETTER = re.compile(rb"(?<=\n)\r?\n(?=From [^\n]{1,200}\n[A-Za-z-]+:)")
_SHOWN = ("From", "Date", "Subject")
_FORWARDED = re.compile(rf"(?:(?:{either('newspaper_archives.toml', 'words.forwarded')}) ?: ?)+", re.IGNORECASE)
_MARK = re.compile(rf"(?im)^[>\s]*(?:-{{2,}} ?)?(?:{either('newspaper_archives.toml', 'words.forwarded_message')})\b.*$")
_SENT = re.compile(rf"(?im)^[>\s*]*(?:{either('newspaper_archives.toml', 'words.sent')}) ?:\*? *(.+)$")
_MOST_HEADER = 600  # characters


class Letter(NamedTuple):
    """A message: its headers and text with what they are, or the page it carries."""

    text: str
    piece: Piece
    page: bytes | None


def read_letter(data: bytes) -> Letter:
    """The first text of a message, else its first page. Raises NotTextError."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        plain = message.get_body(("plain",))
        page = message.get_body(("html",))
        body = _content(plain) if plain is not None else ""
        shown = [(name, " ".join(str(message[name]).split())) for name in _SHOWN if message[name]]
    except Exception as error:  # the standard library's parser raises much for hostile headers
        raise NotTextError("broken_record", f"no sound message: {type(error).__name__}: {str(error)[:200]}; save it again") from error
    if not body.strip() and page is None:
        raise NotTextError("empty", "the message has no text; save what is attached to it")
    return _put_together(mend(body), shown, _payload(page) if page is not None else None)


def saved_page(data: bytes) -> tuple[bytes, str | None]:
    """The page that a browser saved with all that belongs to it (MHTML), and its address. Raises NotTextError."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        part = next((part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
        address = str(message["Snapshot-Content-Location"] or (part["Content-Location"] if part else "") or "").strip()
    except Exception as error:  # the standard library's parser raises much for hostile headers
        raise NotTextError("broken_record", f"no sound saved page: {type(error).__name__}; save it as .html") from error
    if part is None:
        raise NotTextError("no_article", "a saved page without a page; save it as .html")
    return _payload(part), address if split_address(address) else None


def letters_in(data: bytes) -> list[bytes]:
    """The messages of a box of them (mbox), or the one message.

    >>> letters_in(b"From a Thu\\nSubject: x\\n\\nOne\\n\\nFrom b Fri\\nSubject: y\\n\\nTwo\\n")
    [b'Subject: x\\n\\nOne\\n', b'Subject: y\\n\\nTwo\\n']
    """
    if not data.startswith(b"From "):
        return [data]
    return [letter.partition(b"\n")[2] for letter in _NEXT_LETTER.split(data)]


def _content(part: Any) -> str:
    return decode_bytes(raw).text if (raw := _payload(part)).strip() else ""


def _payload(part: Any) -> bytes:
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def _put_together(body: str, shown: list[tuple[str, str]], page: bytes | None) -> Letter:
    piece, text = Piece(0, 0), ""
    for name, value in shown:
        start = len(text)
        text += f"{name}: {value}\n"
        value_at = start + len(name) + 2
        if name == "Subject":
            piece.title = _FORWARDED.sub("", value, count=1) or None
            title_at = len(text) - 1 - len(piece.title or "")
            piece.add("boilerplate", "mail subject", start, title_at)
            piece.add("title", "mail subject", title_at, len(text))
        else:
            piece.add("boilerplate", f"mail {name.lower()}", start, len(text))
        if name == "Date":
            piece.day = _day(text[value_at:])
    text += "\n"
    start = len(text)
    text += body
    piece.end = len(text)
    if sent := _forwarded_day(body):
        piece.day = sent
    for passage in split_passages(body):
        piece.add(None, "", start + passage.start, start + passage.end)
    tile(text, [piece], "mail other")
    return Letter(text, piece, page)


def _forwarded_day(body: str) -> date | None:
    """The day of the letter that a forwarded one holds, by its own header."""
    marked = _MARK.search(body)
    said = _SENT.search(body, marked.end(), marked.end() + _MOST_HEADER) if marked else None
    return (find_day(said[1]) or parse_day(said[1])) if said else None


def _day(value: str) -> date | None:
    try:
        return parsedate_to_datetime(value).date()
    except ValueError:
        return None
