"""From a web page to its article: text, headline, author, day, outlet. The work is trafilatura's."""

from __future__ import annotations

import logging
import re
from datetime import date
from functools import cache
from typing import Any

from flows.stages.reading.decode import MOST_CHARACTERS, Decoded, NotTextError, decode, mend
from flows.stages.reading.found import Found
from flows.stages.reading.tidy import headline, tidy_text

MOST_PAGE_BYTES = 8 * 2**20
"""A page that is larger holds something else than an article."""
_MOST_TAGS = 150_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_TAG = re.compile("<[a-zA-Z!/?]")
_DATES = {"extensive_search": False, "original_date": True, "min_date": "1970-01-01", "max_date": "2099-12-31"}


def extract_page(data: bytes, url: str | None = None, charset: str | None = None) -> Found:
    """The article of a page. `charset` is what the server said of the bytes, if it said anything.

    Raises NotTextError: `not_html` for bytes without markup, `too_long`, `no_article` where neither trafilatura nor its fallbacks find any.
    """
    if len(data) > MOST_PAGE_BYTES:
        raise NotTextError("too_long", f"{len(data)} bytes, more than the {MOST_PAGE_BYTES} of a page")
    page = _decode_page(data, charset)
    n_tags = len(_TAG.findall(page.text))
    if not n_tags:
        raise NotTextError("not_html", "holds no markup; name it .txt if it is text")
    if n_tags > _MOST_TAGS:
        raise NotTextError("too_long", f"{n_tags} tags, more than the {_MOST_TAGS} of a page")
    tree = _load(page.text)
    document = _extract(tree, url) if tree is not None else None
    text = mend(tidy_text(document.text or "", tree, document.title)) if document is not None and tree is not None else ""
    if document is None or not text.strip():
        raise NotTextError(
            "no_article", "no article was found in the page by trafilatura or its fallbacks; remove it, or save its text as .txt"
        )
    if len(text) > MOST_CHARACTERS:
        raise NotTextError("too_long", f"{len(text)} characters, more than the {MOST_CHARACTERS} of an article; split it")
    day = _day(document.date)
    return Found(
        text=text,
        url=url or document.url or None,
        outlet=_line(document.sitename or document.hostname),
        title=_line(headline(document.title, document.sitename, document.hostname)),
        author=_line(document.author),
        published_on=day,
        published_basis="page" if day else None,
        licence=_line(document.license),
        encoding=page.encoding,
        is_repaired=page.is_repaired,
        has_raw_offsets=False,
    )


def _decode_page(data: bytes, charset: str | None) -> Decoded:
    """Decode as the server or the page says, if its bytes agree; else as any text."""
    declared = charset or next((m.group(1).decode("ascii", "replace") for m in [_CHARSET.search(data[:4096])] if m), None)
    if declared and declared.lower() not in ("utf-8", "utf8") and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            text = data.decode(declared)
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
        else:
            if not text.isascii():
                return Decoded(mend(text), declared.lower(), False)
    return decode(data, MOST_PAGE_BYTES)


def _load(html: str) -> Any:
    from trafilatura.utils import load_html

    return load_html(html)


def _extract(tree: Any, url: str | None) -> Any:
    return _trafilatura()(
        tree,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
        date_extraction_params=dict(_DATES),
    )


@cache
def _trafilatura() -> Any:
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return bare_extraction


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        return None


def _line(text: str | None) -> str | None:
    """One line without what no table can hold; None for an empty one."""
    return " ".join(mend(text).split()) or None if text else None
