"""Which files are read, by the ends of their names, and what to do with those that are not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from qantar.schema import Format
from qantar.stages.articles.archives import DOCUMENT_FORMATS
from qantar.stages.articles.packed_files import PACKED
from qantar.stages.articles.packed_folders import PACKED_FOLDERS
from qantar.stages.articles.written_tables import written_as
from qantar.text.lexicon import either

_PLAIN: dict[str, Format] = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "txt",
    ".story": "txt",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "html",
    ".mht": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jl": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
}
"""Formats that are read packed as well."""
FORMATS: dict[str, Format] = {
    **_PLAIN,
    ".webarchive": "html",
    ".parquet": "parquet",
    **dict.fromkeys((".arrow", ".feather", ".ipc"), "arrow"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb"), "xlsx"),
    ".xls": "xls",
    ".ods": "ods",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".wet": "warc",
    ".wet.gz": "warc",
    **DOCUMENT_FORMATS,
    **PACKED_FOLDERS,
    **{suffix + packed: format for suffix, format in _PLAIN.items() for packed in PACKED},
}
"""The formats that are read, by the end of a file's name."""
_SHOWN = ", ".join([suffix for suffix in FORMATS if not suffix.endswith(PACKED)])
_PAGES: dict[bytes, Format] = {b"<html": "html", b"<!doctype html": "html"}
"""How a page begins, whatever its file is called."""
_NAMED_DOC: dict[bytes, Format] = {**_PAGES, b"{\\rtf": "rtf", b"pk\x03\x04": "docx"}
"""How files begin that are called .doc and are no old Word documents; in small letters."""


class _Advice(NamedTuple):
    suffixes: str
    what: str


_ADVICE = (
    _Advice(".7z .rar .tar.zst", "unpack it here, then remove it"),
    _Advice(".gz .bz2 .zst .xz .lzma .lz4 .br .z", "unpack it, and give what is in it the end of a name that is supported"),
    _Advice(".arc .arc.gz", "convert it to .warc.gz"),
    _Advice(".doc .dot .pages .wpd .wps .docm", "save it as .docx or .txt"),
    _Advice(".numbers", "save its table as .xlsx or .csv"),
    _Advice(".ppt .pptx .odp .key", "save its text as .txt"),
    _Advice(".epub .mobi .azw3 .fb2 .djvu .ps", "convert it to .txt or .html, a file for each article"),
    _Advice(".msg .pst .ost", "save the letters as .eml or .mbox"),
    _Advice(".enw .bib .nbib .isi .ciw", "export it as .ris or .csv, with the full texts"),
    _Advice(
        ".db .db3 .sqlite .sqlite3 .sqlitedb .s3db",
        'export its table as .csv or .jsonl: sqlite3 FILE -csv -header "SELECT * FROM articles" > articles.csv',
    ),
    _Advice(
        ".db-wal .db-shm .db-journal .sqlite-wal .sqlite-shm .sqlite-journal",
        "it belongs to the database beside it; export that one's table",
    ),
    _Advice(".mdb .accdb .sql .dump", "export its table as .csv or .jsonl"),
    _Advice(".pkl .pickle .rds .rdata .rda .avro .orc .dta .sav .h5", "save its table as .parquet, .jsonl or .csv"),
    _Advice(".yaml .yml .toml .ini", "save it as .jsonl if it holds articles, else move it elsewhere"),
    _Advice(".jpg .jpeg .png .tif .tiff .gif .webp .heic", "run OCR on it and add the text as .txt, or move it elsewhere"),
    _Advice(".maff .har", "save the page as .html"),
    _Advice(".url .webloc .lnk .desktop", "save the page to which it leads as .html"),
    _Advice(".part .partial .crdownload .download", "download it to its end, or remove it"),
    _Advice(".bak .orig .old .swp", "remove it, or take its last ending off the name if it is an article of its own"),
    _Advice("", "rename it .txt if it is text, else move it elsewhere"),
)
_WHAT_TO_DO = {suffix: advice.what for advice in _ADVICE for suffix in advice.suffixes.split() or [""]}
_OTHER = "convert it to one of these, or move it elsewhere"


_OF_MACHINES = ("thumbs.db", "ehthumbs.db", "desktop.ini")
_LOCK = "~$"  # Word and Excel keep such a file beside one that is open
_PACKED_ON_MAC = "__MACOSX"


def belongs_to(raw: Path, name: str) -> str | None:
    """What a file that nobody put there as an article belongs to: a page that a browser stored, another file, the machine; None for others.

    Texts and documents in a stored page's folder are articles all the same.
    """
    path = PurePosixPath(name)
    if path.name.lower() in _OF_MACHINES or path.name.startswith(_LOCK) or _PACKED_ON_MAC in path.parts:
        return "left by the system or by a program, and no article; it may stay, or remove it"
    kind = format_of(raw / name, name)
    for folder in path.parents if kind in (None, "html") else ():
        if called := _page_folder().fullmatch(folder.name):
            pages = [folder.with_name(called[1] + end) for end in (".html", ".htm", ".xhtml")]
            if page := next((page for page in pages if (raw / page).is_file()), None):
                return f"stored by a browser with {page.name}, and no article; it may stay, or move it elsewhere if it is one"
    return None


@cache
def _page_folder() -> re.Pattern[str]:
    """How browsers, each in its language, call the folder of what belongs to a page that they store."""
    return re.compile(rf"(.+)[-_](?:{either('pages.toml', 'stored.folders')})", re.IGNORECASE)


def format_of(path: Path, name: str) -> Format | None:
    """The format of a file by its name, or by its first bytes where the name tells none: "story.php?id=3", as crawlers store pages.

    A table of text is a CSV file, though its name ends in .xls.
    """
    lowered = name.lower()
    known = next((format for suffix, format in FORMATS.items() if lowered.endswith(suffix)), None)
    if known == "xls" and path.is_file() and written_as(path) == "text":
        return "csv"
    if known is not None or not path.is_file():
        return known
    end = _end_of(lowered)
    if end and end != ".doc" and end in _WHAT_TO_DO:
        return None
    with path.open("rb") as file:
        first = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    beginnings = _NAMED_DOC if end == ".doc" else _PAGES
    return next((format for beginning, format in beginnings.items() if first.startswith(beginning)), None)


def _end_of(name: str) -> str:
    """What a name ends with: its last two suffixes where there is advice on both (.tar.zst), else the last."""
    suffixes = Path(name.lower()).suffixes
    both = "".join(suffixes[-2:])
    return both if both in _WHAT_TO_DO else "".join(suffixes[-1:])


def what_to_do(name: str) -> str:
    """Why a file of such a name is not read, and what to do with it.

    >>> what_to_do("march.tar.zst").partition("; supported")[0]
    'unsupported file type .tar.zst; unpack it here, then remove it'
    """
    end = _end_of(name)
    return f"unsupported file type {end or '(none)'}; {_WHAT_TO_DO.get(end, _OTHER)}; supported: {_SHOWN}"
