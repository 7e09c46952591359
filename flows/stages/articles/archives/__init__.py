"""Exports of newspaper archives, and documents that hold an article each: text or bytes in, articles out.

An archive's reader is a module of its own here; each says for a text whether it is its archive's, and cuts it into articles (`Piece`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from qantar.schema import DateBasis, Format
from qantar.stages.articles import limit
from qantar.stages.articles.archives import (
    citations,
    factiva_texts,
    labelled_texts,
    newsbank,
    nexis_documents,
    nexis_numbered,
    proquest,
    westlaw,
)
from qantar.stages.articles.archives.archive_parts import Piece, lines_of
from qantar.stages.articles.archives.divided_texts import count_divided, may_be_divided
from qantar.stages.articles.archives.several import count_articles, may_hold_several, sign_between
from qantar.stages.articles.archives.shaped_texts import cut_articles
from qantar.stages.articles.archives.shapes import find_shape
from qantar.stages.articles.encodings import MOST_CHARACTERS, NotTextError, decode_bytes, mend
from qantar.stages.articles.found import Found, Refused
from qantar.text.authors import join_authors
from qantar.text.lexicon import either, read_toml

__all__ = ["DOCUMENT_FORMATS", "archive_languages", "archive_page_kind", "read_archive_page", "read_archive_text", "read_document"]

DOCUMENT_FORMATS: dict[str, Format] = {
    ".docx": "docx",
    ".rtf": "rtf",
    ".odt": "odt",
    ".pdf": "pdf",
    ".eml": "eml",
    ".mbox": "eml",
    ".xml": "xml",
    ".rss": "xml",
    ".atom": "xml",
    ".sgm": "xml",
    ".sgml": "xml",
    ".ris": "ris",
}
"""Formats that are read here, by the end of a file's name."""
_MORE_THAN_NAMES = re.compile(rf"[,;/|@(\d]| [-–—] |(?<= )[a-z]+(?= )| (?i:{either('pages.toml', 'authors.joins')}) ")
_Finder = Callable[[str, frozenset[int]], list[Piece] | None]
_FINDERS: tuple[_Finder, ...] = (
    factiva_texts.find_pieces,
    nexis_numbered.find_pieces,
    proquest.find_pieces,
    westlaw.find_pieces,
    nexis_documents.find_pieces,
    citations.find_pieces,
)
_FINDERS_OF_LISTS = (newsbank.find_pieces, labelled_texts.find_pieces)
"""Those of archives without a mark of their own, which look at texts that hold two articles or more."""


def read_archive_text(text: str, encoding: str | None = None, is_repaired: bool = False) -> list[Found | Refused] | None:
    """The articles of a text that a newspaper archive exported; None for any other text of one article.

    Raw offsets point into the whole text. Raises NotTextError, `several_articles`, for those that no reader can part.
    """
    found = None
    data = text.encode("utf-8", "surrogatepass")  # in which literals are found in a fraction of the time
    if _may_be_archive(data, text.isascii()):
        found = _find(text, frozenset(), encoding, is_repaired, _FINDERS)
    if found is None and _may_list(data):
        found = _find(text, frozenset(), encoding, is_repaired, _FINDERS_OF_LISTS)
    return found if found is not None else _find_unknown(text, data, encoding, is_repaired)


def _find_unknown(text: str, data: bytes, encoding: str | None, is_repaired: bool) -> list[Found | Refused] | None:
    """The articles of a text whose layout no reader knows; None for one article. Raises NotTextError, `several_articles`."""
    if sign := sign_between(text):
        raise NotTextError("several_articles", f"holds several articles, parted by {sign}; put each in a file of its own, or a record")
    n = count_articles(text) if may_hold_several(data) else 1
    if shape := find_shape(text):
        if pieces := cut_articles(text, shape):
            return _unique(_found(text, piece, encoding, is_repaired) for piece in pieces)
        n = max(n, shape.n_articles)
    if n == 1 and may_be_divided(text):
        n = count_divided(text)
    if n > 1:
        how = "put each in a file of its own, or save them as .jsonl; if it is one article, save it as .jsonl"
        raise NotTextError("several_articles", f"seems to hold {n} articles, in no layout that is known; {how}")
    return None


def _may_be_archive(data: bytes, is_ascii: bool) -> bool:
    """Whether a text has a word of `hints`, as every export has. Those with letters in common are searched for only if these occur."""
    letters, alike, others, beyond_latin = _hints()
    return (
        (letters in data and any(hint in data for hint in alike))
        or any(hint in data for hint in others)
        or (not is_ascii and any(hint in data for hint in beyond_latin))
    )


@cache
def _hints() -> tuple[bytes, list[bytes], list[bytes], list[bytes]]:
    hints = read_toml("newspaper_archives.toml")["hints"]
    letters = hints["in_common"].encode()
    known = [hint.encode() for hint in hints["any"]]
    alike, others = [hint for hint in known if letters in hint], [hint for hint in known if letters not in hint]
    return letters, alike, others, [hint.encode() for hint in hints["beyond_latin"]]


def _may_list(data: bytes) -> bool:
    """Whether a text has lines of two articles that begin with the same label, or a line of NewsBank, or a number that archives give."""
    found = _list_hints().findall(data)
    if len(found) > len(set(found)) or b" | Section:" in data:
        return True
    return b" Number:" in data and any(number.encode() in data for number in read_toml("newspaper_archives.toml")["hints"]["numbers"])


@cache
def _list_hints() -> re.Pattern[bytes]:
    return re.compile(
        rb"\n(?:%b)" % b"|".join(re.escape(hint.encode()) for hint in read_toml("newspaper_archives.toml")["hints"]["labelled"])
    )


def archive_languages() -> frozenset[str]:
    """ISO 639-1 codes of the languages that newspapers in archives are written in."""
    return frozenset(read_toml("newspaper_archives.toml")["languages"])


def archive_page_kind(data: bytes) -> str | None:
    """The archive whose marks are in a page's bytes; None for any other page."""
    from qantar.stages.articles.archives.archive_pages import page_kind

    return page_kind(data)


def read_archive_page(data: bytes, kind: str) -> list[Found | Refused]:
    """The articles of a page of that archive; none where it only looks like one. Raises NotTextError."""
    return _limited(_read_page, data, kind)


def read_document(data: bytes, kind: str) -> list[Found | Refused]:
    """The articles of a document of one of DOCUMENT_FORMATS: those of an archive's export, else the one that it is.

    Raises NotTextError: `timeout` and `crash` for a file that no parser can bear, else what its parser says.
    """
    return _limited(_read_document, data, kind)


# --- within the limits -------------------------------------------------------------------------------------------


def _limited(function: Callable[[bytes, str], list[Found | Refused]], data: bytes, kind: str) -> list[Found | Refused]:
    try:
        return limit.call(function, data, kind)
    except limit.OutOfTimeError:
        raise NotTextError("timeout", f"takes more than {limit.MOST_SECONDS:g} seconds; split it, or save its text as .txt") from None
    except limit.CrashError as error:
        raise NotTextError("crash", f"makes its parser crash ({error}); save its text as .txt") from None


def _read_page(data: bytes, kind: str) -> list[Found | Refused]:
    from qantar.stages.articles.archives.archive_pages import read_articles

    page = decode_bytes(data)
    html = mend(page.text)
    with _bounded(kind):
        made = read_articles(html, kind)
    return _unique(_found(text, piece, page.encoding, html != page.text, has_offsets=False) for text, piece in made)


def _read_document(data: bytes, kind: str) -> list[Found | Refused]:
    from qantar.stages.articles.archives import documents

    if kind == "eml":
        return _read_letters(data)
    if kind == "xml":
        return _read_xml(data)
    if kind == "ris" or (kind == "rtf" and not data.lstrip().startswith(b"{\\rtf")):
        page = decode_bytes(data)
        text = mend(page.text)
        return _articles_of(text, page.encoding, text != page.text)
    readers = {"docx": documents.read_docx, "odt": documents.read_odt, "rtf": documents.read_rtf, "pdf": documents.read_pdf}
    with _bounded(kind):
        text, headings = readers[kind](data)
    if not text.strip():
        raise NotTextError("empty", "holds no text; remove it")
    return _articles_of(text, None, False, headings)


def _articles_of(text: str, encoding: str | None, is_repaired: bool, headings: frozenset[int] = frozenset()) -> list[Found | Refused]:
    """The articles of a document: those of an archive or of a layout that recurs, else the one that it is."""
    found = _find(text, headings, encoding, is_repaired) or _find_unknown(
        text, text.encode("utf-8", "surrogatepass"), encoding, is_repaired
    )
    return found or [_single(text, encoding, is_repaired, headings)]


def _read_letters(data: bytes) -> list[Found | Refused]:
    """The articles of a message, or of a box of them: one that cannot be read costs itself."""
    from qantar.stages.articles.archives.letters import letters_in

    letters = letters_in(data)
    if len(letters) == 1:
        return _read_letter(letters[0])
    rows: list[Found | Refused] = []
    for letter in letters:
        try:
            found = _read_letter(letter)
        except NotTextError as error:
            found = [Refused(None, error.reason, str(error))]
        for row in found:
            name = str(len(rows) + 1)
            rows.append(
                row._replace(record=name) if isinstance(row, Refused) else replace(row, record=name, has_raw_offsets=False, raw_start=0)
            )
    return rows


def _read_letter(data: bytes) -> list[Found | Refused]:
    from qantar.stages.articles.archives.letters import read_letter

    letter = read_letter(data)
    if letter.page and (kind := archive_page_kind(letter.page)) and (found := _read_page(letter.page, kind)):
        return found
    if found := _find(letter.text, frozenset(), None, False) or []:
        return found
    if any(part.role is None for part in letter.piece.parts):
        return _unique([_found(letter.text, letter.piece, None, False)])
    from qantar.stages.articles.pages import read_page

    page = read_page(letter.page or b"")
    title, day = letter.piece.title or page.title, letter.piece.day or page.published_on
    basis: DateBasis | None = "metadata" if letter.piece.day else page.published_basis
    return [replace(page, title=title, published_on=day, published_basis=basis)]


def _read_xml(data: bytes) -> list[Found | Refused]:
    from qantar.stages.articles.archives.documents import parse_xml
    from qantar.stages.articles.archives.factiva_pages import read_xml
    from qantar.stages.articles.archives.xml_articles import is_sgml, parse_sgml, read_xml_articles

    tree = parse_sgml(data) if is_sgml(data) else parse_xml(data)
    made: list[tuple[str, Piece] | Refused] = [*read_xml(tree)]
    if not any(part.role is None for one in made if not isinstance(one, Refused) for part in one[1].parts):
        made = read_xml_articles(tree)
    return _unique(one if isinstance(one, Refused) else _found(*one, None, False, has_offsets=False) for one in made)


# --- articles -----------------------------------------------------------------------------------------------------


def _find(
    text: str, headings: frozenset[int], encoding: str | None, is_repaired: bool, finders: tuple[_Finder, ...] = ()
) -> list[Found | Refused] | None:
    for find_pieces in finders or (*_FINDERS, *_FINDERS_OF_LISTS):
        if pieces := find_pieces(text, headings):
            return _unique(_found(text, piece, encoding, is_repaired) for piece in pieces)
    return None


def _found(text: str, piece: Piece, encoding: str | None, is_repaired: bool, *, has_offsets: bool = True) -> Found:
    return Found(
        text=text[piece.start : piece.end],
        record="",
        id=piece.id,
        url=piece.url,
        outlet=piece.outlet,
        title=piece.title,
        author=_names(piece.author, piece.outlet),
        published_on=piece.day,
        published_basis="metadata" if piece.day else None,
        language=piece.language,
        likely_language=piece.likely_language,
        encoding=encoding,
        is_repaired=is_repaired,
        has_raw_offsets=has_offsets,
        raw_start=piece.start if has_offsets else 0,
        parts=tuple((part.start - piece.start, part.end - piece.start, part.role, part.rule) for part in piece.parts),
    )


def _names(author: str | None, outlet: str | None) -> str | None:
    """The names of a byline, without what is said of them; the byline where it holds none that are known for such."""
    from qantar.stages.articles.byline_names import is_role, names_in

    if not author or not (_MORE_THAN_NAMES.search(author) or is_role(author.split()[-1])):
        return author

    return join_authors(names_in(author, [outlet] if outlet else [])) or author


def _single(text: str, encoding: str | None, is_repaired: bool, headings: frozenset[int] = frozenset()) -> Found | Refused:
    """The one article of a document that no archive made; its title is the first line, where that is a heading."""
    if len(text) > MOST_CHARACTERS:
        return Refused(None, "too_long", f"{len(text)} characters, more than the {MOST_CHARACTERS} of an article; split it")
    first = next(iter(lines_of(text)), None)
    title = first.text if first and first.start in headings else None
    from qantar.stages.articles.text_headers import read_header

    found = read_header(Found(text=text, encoding=encoding, is_repaired=is_repaired))
    return replace(found, title=found.title or title)


def _unique(found: Iterable[Found | Refused]) -> list[Found | Refused]:
    """The articles numbered; each called by the archive's own id, once with its number where a file holds an article twice."""
    rows: list[Found | Refused] = []
    seen: Counter[str] = Counter()
    for number, article in enumerate(found, start=1):
        if isinstance(article, Refused):
            rows.append(article)
            continue
        name = (article.id or str(number)).removeprefix("proquest:")
        seen[name] += 1
        record = name if seen[name] == 1 else f"{name} ({number})"
        if len(article.text) > MOST_CHARACTERS:
            rows.append(
                Refused(record, "too_long", f"{len(article.text)} characters, more than the {MOST_CHARACTERS} of an article; split it")
            )
        else:
            rows.append(replace(article, record=record))
    return rows


@contextmanager
def _bounded(kind: str) -> Iterator[None]:
    """Let no parser take more memory than a document can need, nor raise anything but NotTextError."""
    try:
        with limit.bounded_memory():
            yield
    except NotTextError:
        raise
    except MemoryError as error:
        raise NotTextError(
            "too_long", f"takes more than {limit.MOST_MEMORY >> 30} GiB of memory to read; split it, or save its text as .txt"
        ) from error
    except Exception as error:  # a library fed with a hostile file may raise anything
        detail = f"cannot be read as {kind}: {type(error).__name__}: {str(error)[:200]}; save it again, or its text as .txt"
        raise NotTextError("broken_record", detail) from error
