"""The database of a staged build as the expectations' SQL sees it: with the raw texts, and with functions that SQLite lacks."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qantar.store.sqlite import MAPPED
from qantar.text.gender import title_gender
from qantar.text.passages import without_invisible


def open_staged(folder: Path, working: Path | None) -> sqlite3.Connection:
    """The staged database, read-only, with the raw texts attached and the functions that SQLite lacks."""
    connection = sqlite3.connect(f"{(folder / 'qantar.db').resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    if working:
        connection.execute("ATTACH ? AS working", (f"{working.resolve().as_uri()}?mode=ro",))
    connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    for name, function in _FUNCTIONS.items():
        connection.create_function(name, 1, function, deterministic=True)
    for name, texts, begins in _PASSAGES:
        connection.create_function(name, 3, _passages(connection, texts, begins), deterministic=True)
    return connection


def _passages(connection: sqlite3.Connection, table: str, begins: str) -> Callable[[str, int | None, int | None], str | None]:
    """The function that gives a document's text from a code point to another; SQLite itself counts from the text's start each time.

    `begins` is the code point, of the file, that the text in the table begins at.
    """
    here: str | None = None
    found: tuple[str, int] | None = None

    def passage(document_id: str, start: int | None, end: int | None) -> str | None:
        nonlocal here, found
        if document_id != here:  # rows come document by document
            here = document_id
            found = connection.execute(f"SELECT text, {begins} FROM {table} WHERE document_id = ?", (here,)).fetchone()
        if found is None or start is None or end is None:
            return None
        whole, first = found
        # rules call this for each row: the common case without max() takes a third of the time
        return whole[start - first : end - first] if start >= first <= end else whole[max(0, start - first) : max(0, end - first)]

    return passage


_PASSAGES = (
    ("passage", "main.documents", "0"),
    ("former_passage", "earlier.documents", "0"),
    ("raw_passage", "working.articles", "raw_start"),
)
"""Functions that give a passage, of a document, of the same in the build before, and of its raw text."""
_OTHER_SPACE = re.compile(r"[^\S ]")


def _of_text(function: Callable[[str], Any]) -> Callable[[str | None], Any]:
    return lambda text: None if text is None else function(text)


_FUNCTIONS: dict[str, Callable[[str | None], Any]] = {
    "code_points": _of_text(len),
    "visible": _of_text(lambda text: sum(map(len, text.split()))),
    "seen": _of_text(without_invisible),
    "squeezed": _of_text(lambda text: "".join(text.split())),
    "plain_spaces": _of_text(lambda text: _OTHER_SPACE.sub(" ", text)),
    "title_gender": _of_text(title_gender),
    "sha256": _of_text(lambda text: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()),
}
"""What SQLite cannot say: the length of a text that holds a null character, how many characters are not white space,
a text without white space or with plain spaces for all of it, the gender that a title at the end of a text says, and a text's digest."""
