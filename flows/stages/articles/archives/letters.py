"""Articles sent by e-mail, one a file, or an archive's export as a message."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import date
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from qantar.stages.articles.archives.archive_parts import Piece, tile
from qantar.stages.articles.encodings import NotTextError, decode_bytes, mend
from qantar.text.lexicon import either
from qantar.text.passages import split_passages

_SHOWN = ("From", "Date", "Subject")
_FORWARDED = re.compile(rf"(?:(?:{either('newspaper_archives.toml', 'words.forwarded')}) ?: ?)+", re.IGNORECASE)


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
        raise NotTextError("broken_record", f"no sound message: {type(error).__name__}: {str(error)[:200]}; save it anew") from error
    if not body.strip() and page is None:
        raise NotTextError("empty", "the message has no text; save what is attached to it")
    return _put_together(mend(body), shown, _payload(page) if page is not None else None)


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
    for passage in split_passages(body):
        piece.add(None, "", start + passage.start, start + passage.end)
    tile(text, [piece], "mail other")
    return Letter(text, piece, page)


def _day(value: str) -> date | None:
    try:
        return parsedate_to_datetime(value).date()
    except ValueError:
        return None
