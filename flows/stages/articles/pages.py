"""From a web page to its article: text, headline, author, day, outlet. The work is trafilatura's."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from lxml import etree

from qantar.compat import load_page
from qantar.stages.articles import limit
from qantar.stages.articles.encodings import MOST_CHARACTERS, Decoded, NotTextError, decode_bytes, mend
from qantar.stages.articles.found import Found
from qantar.stages.articles.no_articles import is_front_page, is_no_article, leads_to_site, lists_articles
from qantar.stages.articles.page_address import find_address
from qantar.stages.articles.page_data import PageData, article_text, is_made_in_browser, read_data, script_text
from qantar.stages.articles.page_furniture import paragraph_letters
from qantar.stages.articles.page_layout import (
    Line,
    drop_other_articles,
    find_lines,
    page_lines,
    paragraphs,
    part_lines,
    part_plain_lines,
    spare_article,
    spare_bylines,
    unfold_tables,
)
from qantar.stages.articles.page_metadata import Metadata, read_metadata
from qantar.stages.articles.page_tidying import tidy_text
from qantar.stages.articles.text_parts import paragraphs as paragraph_parts
from qantar.text.authors import split_authors
from qantar.text.passages import without_invisible
from qantar.text.walls import MOST_OF_STUB, is_wall

MOST_PAGE_BYTES = 8 * 2**20
"""A page that is larger holds something else than an article."""
_MOST_TAGS = 60_000  # opening and closing ones
_CHARSET_WITHIN = 2**18  # bytes: some pages begin with long scripts or remarks
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_TAG = re.compile("<[a-zA-Z!/?]")
_ENVELOPE = re.compile(r"\s*<document>.{0,2000}?<text>\s*(?=<html\b|<!doctype)", re.IGNORECASE | re.DOTALL)
_MOST_ATTRIBUTES = 1_000  # of one tag: libxml2 takes minutes for some tens of thousands
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{2 * _MOST_ATTRIBUTES}}}")
_CROWDED = re.compile(rf"""<[a-zA-Z][^\s<>]*(?:\s+[^\s=<>"']+(?:=(?:"[^"]*"|'[^']*'|[^\s"'<>]*))?){{{_MOST_ATTRIBUTES}}}""")
_LEGACY = re.compile(r"(?i:(?:windows|cp|iso|koi8|macintosh|mac|big5|gb|shift|euc|latin|tis|x-sjis)[\w:.-]*)")
"""Charsets worth believing; others are found out as well, or make something else than text of bytes."""
_OPTIONS = {"include_comments": False, "include_tables": True, "deduplicate": False}
_FEW_LETTERS = 250
_LEAST_SHARE = 0.5
"""Of the letters in a page's paragraphs. Where fewer, or a smaller share, were extracted, another extraction may find more."""
_ACCENTED_WORDS = re.compile("[À-ÿ]{4,}")
_LEAST_GARBLED = 5
_NO_ARTICLE = "the page is an error, a check for robots or a wall of consent; remove it, or save the article"
_STUB = "the page has the beginning of its text alone, and says that the rest has to be paid for; save the whole article, or remove it"
_LEAST_WHOLE = 60  # words of an article of which the page says that it has to be paid for
_NEAR_WALL = 15  # lines below the text
_NEVER_TEXT = ("aside", "button", "footer", "iframe", "nav", "noscript", "select", "style", "svg", "template")
"""Elements that trafilatura drops too, if later: the rest takes it a fifth less time."""


def extract_page(data: bytes, url: str | None = None, charset: str | None = None) -> Found:
    """The article of a page. `charset` is what the server said of the bytes, if it said anything.

    Raises NotTextError: `not_html` for bytes without markup, `too_long`, `no_article` where neither trafilatura nor its fallbacks find any,
    `timeout` and `crash` for a page that no parser can bear.
    """
    if len(data) > MOST_PAGE_BYTES:
        raise NotTextError("too_long", f"{len(data)} bytes, more than the {MOST_PAGE_BYTES} of a page")
    try:
        return limit.call(read_page, data, url, charset)
    except limit.OutOfTimeError:
        raise NotTextError("timeout", f"takes more than {limit.MOST_SECONDS:g} seconds; remove it, or save its text as .txt") from None
    except limit.CrashError as error:
        raise NotTextError("crash", f"makes its parser crash ({error}); remove it, or save its text as .txt") from None


def read_page(data: bytes, url: str | None = None, charset: str | None = None) -> Found:
    """What `extract_page` does, without a limit on the time it takes."""
    page = _decode_page(data, charset)
    whole = mend(page.text)  # before extraction, which drops half of a garbled letter where that is white space or a soft hyphen
    _check_markup(whole)
    metadata, extracted, wall = _extract(_without_envelope(whole), url)
    text = without_invisible(mend(extracted))  # which would part paragraphs: no offsets point into a page
    if not text.strip() or (is_made_in_browser(whole) and not paragraphs(text)):
        made = "it is made in the browser and does not hold its text" if is_made_in_browser(whole) else "no article was found in the page"
        raise NotTextError("no_article", f"{made}; remove it, or save its text as .txt")
    if is_no_article(metadata.title, text):
        raise NotTextError("no_article", _NO_ARTICLE)
    if len(text) > MOST_CHARACTERS:
        raise NotTextError("too_long", f"{len(text)} characters, more than the {MOST_CHARACTERS} of an article; split it")
    end = len(text)
    text = f"{text}\n{wall}" if (wall := without_invisible(mend(wall))) else text
    return Found(
        text=text,
        url=metadata.url,
        outlet=_line(metadata.site or metadata.host),
        title=_line(metadata.title),
        author=_line(metadata.author),
        published_on=metadata.day,
        published_basis="page" if metadata.day else None,
        licence=_line(metadata.licence),
        encoding=page.encoding,
        is_repaired=page.is_repaired or whole != page.text,
        has_raw_offsets=False,
        parts=(*paragraph_parts(text[:end]), (end + 1, len(text), "boilerplate", "paywall")) if wall else (),
    )


def _decode_page(data: bytes, charset: str | None) -> Decoded:
    """Decode as UTF-8 where the bytes are that, whatever is said of them; else as server or page say, if they agree; else as any text."""
    if b"\x00" not in data[:_CHARSET_WITHIN]:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            said = charset or next((m.group(1).decode("ascii", "replace") for m in [_CHARSET.search(data[:_CHARSET_WITHIN])] if m), "")
            if _LEGACY.fullmatch(said):
                codec = "cp1252" if said.lower() in ("iso-8859-1", "latin1", "latin-1") else said  # as browsers do
                with suppress(LookupError, UnicodeDecodeError):
                    text = data.decode(codec)
                    if not _is_garbled(text):
                        return Decoded(text, said.lower(), False)
    return decode_bytes(data)


def _is_garbled(text: str) -> bool:
    """Whether words are made of accented letters alone, as those of another alphabet are that was taken for this one."""
    return len(set(_ACCENTED_WORDS.findall(text))) > _LEAST_GARBLED


def _without_envelope(html: str) -> str:
    """The page without the elements that a register of filings puts around it: `<DOCUMENT><TYPE>EX-99.1 … <TEXT><HTML>`."""
    envelope = _ENVELOPE.match(html)
    return html[envelope.end() :] if envelope else html


def _check_markup(html: str) -> None:
    """Raise NotTextError for what has no tags, or more than a page has."""
    n_tags = len(_TAG.findall(html))
    if not n_tags:
        raise NotTextError("not_html", "holds no markup; name it .txt if it is text")
    if n_tags > _MOST_TAGS:
        raise NotTextError("too_long", f"{n_tags} tags, more than the {_MOST_TAGS} of a page")
    if _LONG_TAG.search(html) and _CROWDED.search(html):
        raise NotTextError("too_long", f"a tag with more than {_MOST_ATTRIBUTES} attributes; no page is written like that")


def _extract(html: str, url: str | None) -> tuple[Metadata, str, str]:
    """The page's metadata, its text in good order, and the wall below it; no text where neither trafilatura nor its baseline finds one.

    The quick extraction is enough for most pages; those of whose paragraphs it leaves out most are tried with trafilatura's fallbacks.
    """
    bare_extraction, _ = _trafilatura()
    try:
        tree = load_page(html)
        if tree is None:
            return Metadata(), "", ""
        address, site_address = find_address(tree, url)
        data = read_data(tree, address)
        body = "\n".join(article_text(data))
        spare_bylines(tree)
        unfold_tables(tree)
        spare_article(tree)
        etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)
        drop_other_articles(tree)
        page = page_lines(tree)
        metadata = read_metadata(tree, data, address, site_address, page)
        text = _text(bare_extraction(tree, url=url, fast=True, **_OPTIONS))
        n_letters = sum(map(len, paragraphs(text)))
        if n_letters < _FEW_LETTERS or n_letters < _LEAST_SHARE * paragraph_letters(page, n_letters / _LEAST_SHARE):
            text, page = _extract_slowly(html, url)
            if sum(map(len, paragraphs(text))) < _FEW_LETTERS and not body:
                text = "\n".join(script_text(load_page(html), metadata.title)) or text
    except Exception as error:  # a library fed with hostile markup may raise anything
        raise NotTextError("no_article", f"trafilatura fails on the page: {type(error).__name__}: {str(error)[:200]}") from error
    text = part_plain_lines(text, page) if "\n" in text.strip() else part_lines(text, page)
    text = tidy_text(text, page, body, metadata.title, split_authors(metadata.author))
    _check_article(text, page, data, address or site_address)
    return metadata, text, next(iter(_walls(text, page)), "")


def _check_article(text: str, page: Sequence[Line], data: PageData, address: str | None) -> None:
    """Raise NotTextError for a page that is a wall by its heading, or lists other articles."""
    heading = next((line.text for line in page if line.block.tag == "h1"), None)
    if is_no_article(heading, text):
        raise NotTextError("no_article", _NO_ARTICLE)
    is_paid = str(data.article.get("isAccessibleForFree")).casefold() == "false"
    if is_paid and len(text.split()) < _LEAST_WHOLE and not (_walls(text, page) or any(map(is_wall, text.split("\n")))):
        raise NotTextError("no_text", _STUB)
    says_article = not leads_to_site(address) and (bool(data.article) or "article" in data.meta.get("og:type", []))
    if (not says_article and lists_articles(text, page)) or is_front_page(address, text, page):
        raise NotTextError("no_article", "the page lists other articles; remove it, and save these instead")


def _walls(text: str, page: Sequence[Line]) -> list[str]:
    """The line right below a short text that asks to pay for the rest of it; none where the text has it, or there is none."""
    last = find_lines([text.strip().rpartition("\n")[2]], page)[0]
    if last is None or len(text.split()) >= MOST_OF_STUB:
        return []
    return [line.text for line in page[last + 1 : last + 1 + _NEAR_WALL] if is_wall(line.text)][:1]


def _extract_slowly(html: str, url: str | None) -> tuple[str, list[Line]]:
    """What trafilatura's fallbacks find, else its baseline; and the lines of the whole page."""
    bare_extraction, baseline = _trafilatura()
    tree = load_page(html)
    unfold_tables(tree)
    spare_article(tree)
    drop_other_articles(tree)
    page = page_lines(tree)
    for options in (_OPTIONS, {**_OPTIONS, "favor_recall": True}):
        if fuller := _text(bare_extraction(tree, url=url, **options)):
            return fuller, page
    return baseline(tree)[1], page


def _text(document: Any) -> str:
    return (document.text or "") if document is not None else ""


@cache
def _trafilatura() -> tuple[Any, Any]:
    from trafilatura import bare_extraction, baseline

    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return bare_extraction, baseline


def _line(text: str | None) -> str | None:
    """One line without what no table can hold; None for an empty one."""
    return " ".join(without_invisible(mend(text)).split()) or None if text else None
