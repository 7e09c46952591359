"""From bytes to text: encodings are detected, garbled text is repaired, binary data is refused."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from qantar.schema import ReadingReason
from qantar.text.passages import beyond_plain

MOST_BYTES = 64 * 2**20
"""A file of one article that is larger is not an article."""
MOST_CHARACTERS = 500_000
"""Some eighty thousand words: an article that is longer is a book, a log or a fault."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_SIGNATURES = (
    *(b"%PDF-", b"{\\rtf", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b"),
    *(b"\x7fELF", b"MZ\x90", b"\xd0\xcf\x11\xe0", b"PAR1", b"SQLite format 3\x00"),
)
"""Documents, archives, pictures, programs, tables."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x7f]")
_C1 = {n: bytes([n]).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D)}
"""Controls that no text has; they are the West's marks and letters, read in the wrong encoding."""
_ANY_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_ELLIPSIS = re.compile("(?<=\\S)\x85(?=[ \t\r.,;:!?”\"’')\\]a-z]|$)|^\x85(?=[a-z])")
"""What is a line break only where it parts sentences: the West's mark of omission, read in the wrong encoding."""
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]")
_ALL_HIGH_BYTES = bytes(range(0x80, 0x100))
_PAIRS = re.compile(rb"[\x80-\xff]{2}")
_CONTROL_BYTES = bytes([*range(9), *range(14, 27), 127])
_SEQUENCES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ODD = re.compile("[^\x00-\x7f\xa0\u2010-\u2027]")
"""Neither ASCII nor a typographic mark nor a space that does not break: a text without any needs no repair."""
_NEVER_MEANT = re.compile("[\x80-\x9f\ud800-\udfff]")
_SUSPICIOUS = re.compile("[^\x00-\x7f](?:(?<=[ÂÃâ])|(?<![\xa0\u2010-\u2027])[^\x00-\x7f])")
"""Garbled letters come in twos, or with one of these; a text without them need not be looked at closely, which takes long."""
_NEAR = 8  # characters around such letters in which they show whether they are garbled
_SAMPLE = 2**16
_LEGACY = [
    *(f"cp125{n}" for n in range(8)),
    "koi8_r",
    "iso8859_2",
    "iso8859_5",
    "cp866",
    "mac_cyrillic",
    "mac_roman",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_jp",
    "euc_kr",
]
_MAC_MARKS = re.compile(rb"[A-Za-z]\xd5[A-Za-z]|[\s(]\xd2[A-Za-z]|[.,!?a-z]\xd3[\s.,)]|\s\xd0\s")
_WINDOWS_MARKS = re.compile(rb"[A-Za-z]\x92[A-Za-z]|[\s(]\x93[A-Za-z]|[.,!?a-z]\x94[\s.,)]|\s[\x96\x97]\s")
"""Quotation marks, apostrophes and dashes where English has them, in the two encodings that share their letters' places with others."""
_MOST_CONTROLS = 0.005
_MOSTLY = 0.5  # of the high bytes: a text of UTF-8 with a few letters in another encoding
_HIGH_WORDS = re.compile(rb"(?<![A-Za-z\x80-\xff])[\x80-\xff]{3,}(?![A-Za-z\x80-\xff])")
_CYRILLIC = ("cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic")
_CYRILLIC_WORD = re.compile(r"[«“„\"']?[А-ЯЁЄІЇҐ]?[а-яёєіїґ]+[»”“\"',.]?")
_USUAL_CYRILLIC = frozenset("оеаинтслр")
_LONG_RUNS, _FEW_LETTERS = re.compile(rb"[\x80-\xff]{3}"), 0.05
_FEW_CYRILLIC = 0.3
_SIGN_IN_WORD = re.compile("(?<=[A-Za-zÀ-ÿ])[³¹¿º¼¾¶±µ¦£¯»«](?=[a-zà-ÿ])")
"""A sign of the West's code page where words have letters of Central Europe's."""


class NotTextError(Exception):
    """Bytes that are not text: `reason` is the code of the reject, the message its detail."""

    def __init__(self, reason: ReadingReason, detail: str):
        super().__init__(reason, detail)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[1])


class Decoded(NamedTuple):
    """A text as raw offsets index it; `is_repaired` where that is not what the bytes say letter by letter."""

    text: str
    encoding: str
    is_repaired: bool


def decode(data: bytes, most: int = MOST_CHARACTERS) -> Decoded:
    """Decode the bytes of a text file in whatever encoding they are, and repair the text; newlines are kept as they are.

    Raises NotTextError for an empty file (`empty`), a binary one (`not_text`), one in no known encoding (`wrong_encoding`)
    and one of more than `most` characters (`too_long`).
    """
    text, encoding, broken = decode_bytes(data)
    mended = mend(text)
    if len(mended) > most:
        raise NotTextError("too_long", f"{len(mended)} characters, more than the {most} of an article; split it")
    return Decoded(mended, encoding, broken or mended != text)


def decode_line(line: bytes, encoding: str) -> tuple[str, bool]:
    """A line of a file, and whether it had to be repaired: as UTF-8 where it is that, else in the file's encoding, else as it can be."""
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    try:
        return line.decode(encoding), False
    except (LookupError, UnicodeDecodeError):
        pass
    try:
        return decode_bytes(line).text, True
    except NotTextError:
        return line.decode("utf-8", "replace"), True


def decode_bytes(data: bytes) -> Decoded:
    """Decode bytes as they are, without any repair; `is_repaired` where bytes were lost. Raises NotTextError as `decode` does."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise NotTextError("empty", f"{len(data)} bytes, none of them text; remove the file")
    if data.startswith(_SIGNATURES):
        raise NotTextError("not_text", "a file of another kind by its first bytes; export it as text")
    text, encoding, broken = _decode(data)
    if encoding.startswith(("utf-16", "utf-32")) and len(_CONTROLS.findall(text)) > max(4, _MOST_CONTROLS * len(text)):
        raise NotTextError("not_text", "holds too many control characters to be text; remove it, or export it as text")
    return Decoded(text, encoding, broken)


def encoding_of(sample: bytes) -> str:
    """The encoding of a file of records by its first bytes, whose last letter may be cut. Raises NotTextError as `decode` does."""
    return decode_bytes(sample.rstrip(_ALL_HIGH_BYTES)).encoding


def mend(text: str) -> str:
    """The text with mojibake repaired, and what no table can hold (NUL, halves of surrogate pairs) replaced sign for sign.

    >>> mend("Peña Nieto said itâ€™s over")
    'Peña Nieto said it’s over'
    """
    if "\x00" in text:
        text = text.replace("\x00", "\u2400")
    if text.isascii():
        return text
    odd = beyond_plain(text)
    if not _ODD.search(odd) or not (_NEVER_MEANT.search(odd) or _SUSPICIOUS.search(text)):
        return text
    if _LONE_SURROGATES.search(odd):
        text = _LONE_SURROGATES.sub("\ufffd", text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"))
    return "\n".join(line if line.isascii() else _mend_line(line) for line in text.split("\n"))


def _mend_line(line: str) -> str:
    if "\x85" in line:
        line = _ELLIPSIS.sub("…", line)
        if "\x85" in line:  # what is left parts lines
            return "\x85".join(map(_mend_line, line.split("\x85")))
    if _ANY_C1.search(line):
        line = line.translate(_C1)
    if not _SUSPICIOUS.search(line):
        return line
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    around = (line[max(0, found.start() - _NEAR) : found.end() + _NEAR] for found in _SUSPICIOUS.finditer(line))
    return fix_encoding(line) if any(map(is_bad, around)) else line


def _decode(data: bytes) -> tuple[str, str, bool]:
    """Text, encoding, and whether bytes were lost."""
    for bom, codec, name in _BOMS:
        if data.startswith(bom):
            text = data.decode(codec, "replace")
            return text, name, "\ufffd" in text
    if (wide := _wide(data)) is not None:
        text = data.decode(wide, "replace")
        return text, wide, "\ufffd" in text
    if len(data) - len(data.translate(None, _CONTROL_BYTES)) > max(4, _MOST_CONTROLS * len(data)):
        raise NotTextError("not_text", "holds too many control characters to be text; remove it, or export it as text")
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        pass
    n_high, n_sound = len(_HIGH_BYTES.findall(data)), sum(len(m) for m in _SEQUENCES.findall(data))
    if n_sound > _MOSTLY * n_high:
        return data.decode("utf-8", _BYTE_BY_BYTE), "utf-8", True
    return _decode_legacy(data, n_high)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as a NUL in every second byte."""
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0) * 2 / len(sample), sample[1::2].count(0) * 2 / len(sample)
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else None


def _decode_legacy(data: bytes, n_high: int) -> tuple[str, str, bool]:
    """An older encoding: the West's where such bytes stand alone among ASCII, as accents and marks do; else the likeliest."""
    if len(_MAC_MARKS.findall(data)) > 1 + len(_WINDOWS_MARKS.findall(data)):
        return data.decode("mac_roman"), "mac-roman", False
    if (cyrillic := _cyrillic(data)) is not None:
        return data.decode(cyrillic, "replace"), _name(cyrillic), False
    if len(_PAIRS.findall(data)) < 0.2 * n_high or (n_high < _FEW_LETTERS * len(data) and not _LONG_RUNS.search(data)):
        codec = _latin(data)
        text = data.decode(codec, "replace")
        if text.count("\ufffd") <= 0.05 * n_high + 1:
            return text, _name(codec), "\ufffd" in text
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=_LEGACY, preemptive_behaviour=False).best()
    if best is None and n_high < 0.02 * len(data):
        return data.decode("utf-8", "replace"), "utf-8", True
    if best is None:
        raise NotTextError("wrong_encoding", "the bytes make sense in no known encoding; save the file as UTF-8")
    text = data.decode(best.encoding, "replace")
    return text, _name(best.encoding), "\ufffd" in text


def _name(codec: str) -> str:
    return codec.replace("_", "-").replace("cp125", "windows-125")


def _cyrillic(data: bytes) -> str | None:
    """The code page in which all words of high bytes are Cyrillic ones, where a text in Latin letters has a few: the one that writes their
    letters as Russian does, small but for the first; None where no word is that long, or most of the text is of them."""
    words = _HIGH_WORDS.findall(data[:_SAMPLE])
    letters = b"".join(words)
    if len(letters) > _FEW_CYRILLIC * len(data[:_SAMPLE]):
        return None
    best: tuple[float, str] = (0.0, "")
    for codec in _CYRILLIC:
        read = [word.decode(codec, "replace") for word in words]
        sound = sum(len(word) for word in read if _CYRILLIC_WORD.fullmatch(word)) / max(1, sum(map(len, read)))
        usual = sum(sign in _USUAL_CYRILLIC for word in read for sign in word.lower()) / max(1, sum(map(len, read)))
        if sound > 0.8 and usual > 0.3:
            best = max(best, (sound + usual, codec), key=lambda found: found[0])
    return best[1] or None


def _latin(data: bytes) -> str:
    """The West's code page; one of Central Europe where signs would stand within words, and be letters there."""
    odd = _SIGN_IN_WORD.findall(data.decode("cp1252", "replace"))
    if odd:
        for codec in ("cp1250", "iso8859_2"):
            text = data.decode(codec, "replace")
            if "\ufffd" not in text and len(_SIGN_IN_WORD.findall(text)) * 4 <= len(odd) and not _ANY_C1.search(text):
                return codec
    return "cp1252"


def _undecodable(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 in a text that is, read in the West's code page."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_BYTE_BY_BYTE = "qantar-byte-by-byte"
codecs.register_error(_BYTE_BY_BYTE, _undecodable)
