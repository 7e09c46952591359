"""Exports of Europresse as HTML: an element `article` each, or a table's cell each in those of before 2013."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qantar.schema import Role
from qantar.stages.articles.archives.archive_parts import Builder, Piece, find_day, is_copyright, one_line, without_by
from qantar.stages.articles.byline_names import first_names, surname_last
from qantar.text.authors import join_authors

_NUMBER = re.compile(r"(?:news|web|report|\w+)[·•.�]((?:19|20)\d{6})[·•.�]\w+[·•.�][\w.-]+")
_BLOCKS = re.compile("p|div|li|t[dhr]|h[1-6]|header|section|footer|aside|blockquote|article|[ou]l|table|small|br")
_SKIPPED = frozenset({"script", "style", "head", "button"})
_INLINE = frozenset({"a", "b", "em", "font", "i", "mark", "strong", "u"})
"""Elements that mark words within a line, as those that were searched for."""
_WORDS_FOUND = ("occurence", "occurrence", "hit")
_PAPER = re.compile(r",|\n|\s{4,}")
_TEXT = frozenset({"doctext", "dococurrcontainer"})
_TITLE = frozenset({"rdp__articletitle", "titrearticlevisu"})
_TITLE_PART = frozenset({"titrearticle"})
"""The part of the head that holds the title, with what stands above it; the title itself where no element in it is."""
_NAMED: dict[str, tuple[Role, str]] = {
    "docheader": ("dateline", "europresse day"),
    "docpublicationname": ("boilerplate", "europresse outlet"),
    "public-lblnodoc": ("boilerplate", "europresse number"),
    "rdp__subtitle": ("heading", "europresse subtitle"),
}
"""What lines of the head and the foot are, by the names of their elements, with the rules that say so."""
_AUTHOR = frozenset({"sm-margin-bottomnews", "docauthors"})
_AUTHORS: tuple[Role, str] = ("byline", "europresse author")
_NAME_WORDS = 10

Made = tuple[str, Piece]


def read_page(tree: Any) -> list[Made]:
    """The articles of a page that Europresse made, each a text put together from its parts."""
    made = []
    for node in list(tree.iter("article")) or list(_cells(tree)):
        builder = Builder()
        lines = list(_lines(node, ""))
        known = frozenset(name for _, classes in lines for name in classes.split())
        for text, classes in lines:
            _add(builder, text, frozenset(classes.split()), known)
        if builder.piece.parts:
            _read_head(builder.piece, lines)
            made.append((builder.text(), builder.piece))
    return made


def _cells(tree: Any) -> Iterator[Any]:
    """The largest elements that each hold one name of a paper."""
    for name in tree.iter("span"):
        if "docpublicationname" in _classes(name):
            node = name
            while (above := node.getparent()) is not None and sum("docpublicationname" in _classes(e) for e in above.iter("span")) == 1:
                node = above
            yield node


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").lower().replace("_lbl", "-lbl").split()


def _is_text(piece: Piece, text: str) -> bool:
    """Whether a line that nothing names is the article's: below the title, above its number and the certificate that follows that."""
    return bool(piece.title) and not is_copyright(text) and not any(part.rule == "europresse number" for part in piece.parts)


def _add(builder: Builder, text: str, said: frozenset[str], known: frozenset[str]) -> None:
    """A line of the article, by what its elements are called, `said`; `known` are all that the article has.

    Where no element is its text, that is what stands between the title and the number below it.
    """
    piece, has_text = builder.piece, bool(_TEXT & known)
    role: Role | None = "boilerplate"
    rule = "europresse other"
    if said & _TEXT:
        role, rule = None, ""
    elif said & _AUTHOR:
        role, rule = _AUTHORS
    elif said & (_TITLE if _TITLE & known else _TITLE_PART):
        role, rule = ("heading", "europresse subtitle") if piece.title else ("title", "europresse title")
        piece.title = piece.title or text
    elif said & _TITLE_PART:
        role, rule = "heading", "europresse subtitle"
    elif named := said & _NAMED.keys():
        role, rule = _NAMED[min(named)]
    elif _NUMBER.search(text):
        rule = "europresse number"
    elif _is_author(piece, text, said, has_text):
        role, rule = _AUTHORS
    elif not has_text and _is_text(piece, text):
        role, rule = None, ""
    if role == "byline":
        piece.author = join_authors([piece.author, _names(text)])
    builder.add(text, role, rule)


def _names(text: str) -> str | None:
    """The names of a byline as readers write them: "Hall, Greta" is Greta Hall."""
    names = [name.strip() for name in text.split(";") if name.strip()]
    turned = list(map(_given_name_first, surname_last(names)))
    return without_by(text) if turned == names else join_authors(turned)


def _given_name_first(name: str) -> str:
    """The name in its usual order where a surname in capitals opens it: "KOVAL Dana"."""
    *surname, given = name.split()
    is_turned = all(word.isupper() for word in surname) and given.split("-")[0] in first_names()
    return " ".join((given, *surname)) if is_turned else name


def _is_author(piece: Piece, text: str, said: frozenset[str], has_text: bool) -> bool:
    """Whether a line that nothing names is the author's: the first below the title, a few words, in the head if there is one."""
    follows = any(part.rule in ("europresse title", "europresse subtitle") for part in piece.parts[-1:]) and piece.author is None
    is_short = len(text.split()) <= _NAME_WORDS and not text.endswith((".", "?", "!", ":")) and not is_copyright(text)
    return follows and is_short and ("header" in said or not has_text)


def _read_head(piece: Piece, lines: list[tuple[str, str]]) -> None:
    """Outlet, day, number and address from the lines that hold them."""
    paper = next((text for text, classes in lines if "docpublicationname" in classes.split()), "")
    piece.outlet = one_line(_PAPER.split(paper, maxsplit=1)[0])
    heads = [text for text, classes in lines if "docheader" in classes.split()]
    piece.day = find_day(" ".join(heads))
    number = next((found for text, _ in reversed(lines) if (found := _NUMBER.search(text))), None)
    if number:
        piece.id = number.group()
        day = number.group(1)
        piece.day = piece.day or find_day(f"{day[:4]}-{day[4:6]}-{day[6:]}")


def _lines(node: Any, classes: str) -> Iterator[tuple[str, str]]:
    """The text between the beginnings and ends of blocks, with the names and classes of all elements around it."""
    inline: list[str] = []
    inner = f"{classes} {node.tag} {' '.join(_classes(node))}"

    def said() -> Iterator[tuple[str, str]]:
        line = one_line("".join(inline))
        inline.clear()
        if line:
            yield line, inner

    inline.append(node.text or "")
    for child in node:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            marks_words = child.tag in _INLINE or any(name in _WORDS_FOUND for name in _classes(child))
            if _BLOCKS.fullmatch(child.tag) or (child.get("class") and not marks_words):
                yield from said()
                yield from _lines(child, inner)
            else:
                inline.append("".join(child.itertext()))
        inline.append(child.tail or "")
    yield from said()
