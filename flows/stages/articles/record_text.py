"""The text of a record as its readers see it: tags, Markdown, entities and escapes read, what a service cut marked."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from qantar.stages.articles.encodings import NotTextError, mend
from qantar.stages.articles.found import Refused

_CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\s*(?:\+\s*\d{1,6}\s*(?:chars|characters|more)|…|\.\.\.)\s*\]\s*$")
"""How a service says that it gives the beginning of a text only: "… [+4312 chars]"."""
_LONGEST_CUT = 100
_TAG = re.compile(
    r"</?(?:p|div|br|hr|span|a|h[1-6]|ul|ol|li|article|section|html|body|b|i|u|em|strong|small|sup|sub|blockquote|figure|figcaption|img|"
    r"table|tr|td|th|tbody|pre|font|center|iframe|script|style|q|cite|video|aside|header|footer)(?:\s[^<>]{0,2000}|/)?>",
    re.IGNORECASE,
)
_PAGE_TAGS = re.compile(r"<(?:html|body|article|div|nav|header|footer|script|table)(?:\s[^<>]{0,2000})?>", re.IGNORECASE)
_LEAST_TAGS = 3  # of a page: a text may name one, "the <script> tag"
_DECLARED = re.compile(r"\s*<\?xml[^<>]{0,200}\?>\s*")
_BREAK = re.compile(
    r"<(?:/?(?:p|div|h[1-6]|ul|ol|li|blockquote|tr|table|section|article|figure|figcaption|pre|hr)\b[^<>]{0,2000}|br\b[^<>]{0,200})>",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"<(script|style|iframe|figcaption|noscript)\b[^>]{0,2000}>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-fA-F]{2,6}|(?:amp|quot|apos|lt|gt|nbsp|[lr][sd]quo|[mn]dash|hellip|[a-zA-Z]{3,8}\d?));")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[rnt\"'/])")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,400}\]\([^()\s]{0,1000}(?:\s+\"[^\"\n]{0,400}\")?\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,400})\]\((?:https?://|/|#|mailto:)[^()\s]{0,1000}(?:\s+\"[^\"\n]{0,400}\")?\)")
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,1000}?\S|\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^\n*_]{0,300}[^\s*_])\1(?![\w*_])")
_RULE = re.compile(r"^[ ]{0,3}(?:-{3,}|\*{3,}|_{3,}|={3,})[ \t]*$", re.MULTILINE)
_QUOTED = re.compile(r"^[ ]{0,3}>[ ]?", re.MULTILINE)
_BULLET = re.compile(r"^[ ]{0,3}[*+-][ \t]+", re.MULTILINE)


def find_cut(text: str) -> re.Match[str] | None:
    """The mark at the end of a text by which a service says that it gives the beginning of it only; None for a whole text.

    >>> find_cut("The gate was shut… [+4312 chars]").group(), find_cut("The gate was shut.")
    ('… [+4312 chars]', None)
    """
    return _CUT.search(text, max(0, len(text) - _LONGEST_CUT)) if "]" in text[-_LONGEST_CUT:] else None


class RecordText(NamedTuple):
    """A text, and whether markup was taken out of it, so that it has no raw text to point into."""

    text: str
    is_markup: bool


def read_text(text: str) -> RecordText:
    """A record's text without markup. Raises NotTextError, as pages do, for markup that holds no article."""
    text = _without_escapes(text)
    if text.lstrip().startswith("<?xml"):
        return RecordText(_of_xml(text), True)
    n_tags = len(_TAG.findall(text)) if "<" in text else 0  # a sign is found in no time
    if n_tags >= _LEAST_TAGS and _PAGE_TAGS.search(text):
        return RecordText(_page(text), True)
    if n_tags:
        return RecordText(_without_tags(text), True)
    if "&" in text:
        text = _ENTITY.sub(lambda found: unescape(found.group()), text)
        if _TAG.search(text):  # markup that was escaped as a whole
            return RecordText(_without_tags(text), True)
    if _is_markdown(text):
        return RecordText(_without_markdown(text), True)
    return RecordText(text, False)


def _of_xml(text: str) -> str:
    """The text of an article in XML that a record holds, as a service gives it; its title and author are fields of the record."""
    from qantar.stages.articles.archives.documents import parse_xml
    from qantar.stages.articles.archives.xml_articles import read_xml_articles

    tree = parse_xml(_DECLARED.sub("", text).encode("utf-8", "replace"))
    made = [one for one in read_xml_articles(tree) if not isinstance(one, Refused)]
    said = [whole[part.start : part.end] for whole, piece in made for part in piece.parts if part.role in (None, "heading")]
    return "\n\n".join(said)


def _page(text: str) -> str:
    from qantar.stages.articles.pages import extract_page

    try:
        return extract_page(f'<html><head><meta charset="utf-8"></head><body><article>{text}</article></body></html>'.encode()).text
    except NotTextError as error:
        if error.reason not in ("no_article", "not_html"):
            raise
        return _without_tags(text)


def _without_tags(text: str) -> str:
    """The text of a fragment: block elements part paragraphs, other tags are taken out."""
    parted = _TAG.sub("", _BREAK.sub("\n\n", _UNSEEN.sub("", text)))
    return re.sub(r"[ \t]*\n[ \t]*(?:\n[ \t]*)+", "\n\n", unescape(parted)).strip()


def _without_escapes(text: str) -> str:
    """A text whose line breaks were written as a backslash and an n, as a JSON string that was encoded twice has them."""
    if "\n" in text.strip() or text.count("\\n") < 2:
        return text
    characters = {"n": "\n", "r": "", "t": " "}
    written = _ESCAPE.sub(lambda found: chr(int(found[1][1:], 16)) if found[1][0] == "u" else characters.get(found[1], found[1]), text)
    return mend(written)  # a sign beyond the first 65,536 was escaped in two halves


def _is_markdown(text: str) -> bool:
    """Whether a text is written in Markdown: links and images are nothing else, headings and bold print where there are some."""
    if (_LINK.search(text) or _IMAGE.search(text)) if "[" in text else None:
        return True
    n_headings = len(_HEADING.findall(text)) if "#" in text else 0
    n_strong = len(_STRONG.findall(text)) if "*" in text or "_" in text else 0
    return n_headings + n_strong >= 2 or (n_headings >= 1 and "\n" in text)


def _without_markdown(text: str) -> str:
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    for pattern, put in ((_RULE, ""), (_HEADING, r"\1"), (_QUOTED, ""), (_STRONG, r"\2"), (_EMPHASIS, r"\2")):
        text = pattern.sub(put, text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"\\([#*_\[\]()>`.!-])", r"\1", _BULLET.sub("- ", text))).strip()
