"""What a web page says of its article: headline, authors, day, site, address, licence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from html import unescape
from typing import Any, NamedTuple

from qantar.compat import page_licence
from qantar.stages.articles.addresses import host_of
from qantar.stages.articles.page_authors import find_authors
from qantar.stages.articles.page_data import PageData, text_of
from qantar.stages.articles.page_days import find_day
from qantar.stages.articles.page_layout import Line, find_lines, is_named_aside, key_of, upwards
from qantar.stages.articles.page_scripts import read_scripts
from qantar.stages.articles.page_titles import (
    beginnings,
    choose_title,
    is_kicker,
    is_placeholder,
    owners,
    site_beside,
    site_of_host,
    without_archive,
)
from qantar.text.authors import is_outlet, join_authors
from qantar.text.lexicon import either

_MOST_CHARACTERS, _LEAST_WORDS = 10_000, 4
_LARGE = tuple("4567")  # the last figures of <font size>
_HEADLINE = re.compile(
    rf"(?<![\w-])(?:(?:{either('pages.toml', 'titles.of_article')})-?_?)?(?:{either('pages.toml', 'titles.headline')})(?![\w-])",
    re.IGNORECASE,
)


class Metadata(NamedTuple):
    """As the page has it, unmended; None for what it does not say."""

    title: str | None = None
    author: str | None = None
    url: str | None = None
    site: str | None = None
    host: str | None = None
    day: date | None = None
    licence: str | None = None


def read_metadata(tree: Any, data: PageData, address: str | None, site_address: str | None, lines: Sequence[Line]) -> Metadata:
    """The metadata of a parsed page with its `data` and its `lines`; `address` is its own, `site_address` one of its site."""
    said = [without_archive(title) for title in _titles(tree, data)]
    titles, blog = [title for _, title in said], next((name for name, _ in said if name), None)
    place = address or site_address
    host = host_of(place)
    site = _site(data) or blog or _site_around(titles, data.beside, host, lines)
    sites = [name for name in (site, host, *data.publishers) if name]
    headings = _headings(tree, titles) or _smaller_headings(tree, titles) or _shown(titles, lines)
    title = choose_title(titles, headings, sites, banners=_banners(tree))
    at = _line_of(title, lines) if title else None
    scripts = read_scripts(tree, title)
    site = site or scripts.site
    authors = find_authors(tree, data, sites, lines, at, scripts)
    return Metadata(
        title=title,
        author=join_authors(authors),
        url=address,
        site=site,
        host=host,
        day=find_day(tree, data, place, lines, at, scripts.day),
        licence=_plain(page_licence(tree)),
    )


def _site_around(titles: Sequence[str], beside: str, host: str | None, lines: Sequence[Line]) -> str | None:
    """The name in a title or beside a copyright sign that the host is named after; else that beside the headline, or an outlet's."""
    names = owners(beside)
    named = site_of_host([*titles, *names], host) or site_beside(titles, {line.key for line in lines})
    return named or (next(filter(is_outlet, names), None) if host is None else None)


def _line_of(title: str, lines: Sequence[Line]) -> int | None:
    """The line of the page that is its headline: the heading that reads so, else where those words come first."""
    key = key_of(title)
    heading = next((i for i, line in enumerate(lines) if line.key == key and line.block.tag in ("h1", "h2")), None)
    return find_lines([title], lines)[0] if heading is None else heading


def _titles(tree: Any, data: PageData) -> list[str]:
    shown = next((text_of("".join(title.itertext())) for title in tree.iter("title")), "")
    said = [data.first("title"), text_of(data.article.get("headline")), shown, text_of(data.article.get("name"))]
    return [title for title in said if title and not is_placeholder(title)]


def _headings(tree: Any, titles: Sequence[str]) -> list[str]:
    """The texts of <h1> and of smaller headings that are called the headline, those of other articles on the page left out.

    A <h1> that one of the page's `titles` opens with stays, though it stands among the buttons for sharing.
    """
    h1 = list(tree.iter("h1"))
    found = [heading for heading in (*h1, *_called_headlines(tree, bool(h1))) if not any(map(is_named_aside, upwards(heading)))]
    best = [heading for heading in found if heading.get("itemprop") != "alternativeHeadline"]
    best += [heading for heading in h1 if _is_title(_line_of_heading(heading), titles)]
    return [text for heading in best if (text := _line_of_heading(heading))]


def _called_headlines(tree: Any, has_h1: bool) -> Iterator[Any]:
    for heading in tree.iter("h2", "h3", "h4"):
        if _HEADLINE.search(f"{heading.get('class', '')} {heading.get('itemprop', '')}"):
            yield heading
    if not has_h1:
        yield from (element for element in tree.iter("div", "p", "span") if "entry-title" in element.get("class", "").split())  # hNews


def _is_title(text: str, titles: Sequence[str]) -> bool:
    """Whether a title of the page opens with the whole of a text, in whatever part of the page it stands."""
    return len(text.split()) >= _LEAST_WORDS and any(key_of(title).startswith(key_of(text)) for title in titles)


def _line_of_heading(heading: Any) -> str:
    """The text of a heading, without the kind of article that its first element names: "Opinion"."""
    text = text_of(_said(heading))
    kicker = text_of(_said(heading[0])) if len(heading) else ""
    rest = text.removeprefix(kicker).lstrip(" :|–—-")
    return rest if is_kicker(kicker) else text


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _banners(tree: Any) -> set[str]:
    """The texts of <h1> within a link to a section of the site."""
    found = ((heading, next(filter(None, (node.get("href") for node in upwards(heading))), None)) for heading in tree.iter("h1"))
    return {_line_of_heading(heading) for heading, href in found if href is not None and _is_of_section(href)}


def _is_of_section(href: str) -> bool:
    """Whether an address has the name of a section at its end, and neither the words nor the number of an article."""
    last = href.partition("#")[0].rstrip("/").rpartition("/")[2]
    return last.count("-") < _LEAST_WORDS - 1 and not any(map(str.isdigit, last))


def _smaller_headings(tree: Any, titles: Sequence[str]) -> list[str]:
    """The texts of <h2> and <h3> that the page's titles hold whole, on a page without a headline in <h1>."""
    keys = list(map(key_of, titles))
    texts = (_said(heading) for heading in tree.iter("h2", "h3") if not any(map(is_named_aside, upwards(heading))))
    return [text for text in texts if len(text.split()) >= _LEAST_WORDS and any(key_of(text) in key for key in keys)]


def _shown(titles: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """The beginnings of titles that are a line of a page without headings: "Ice at the weir" of "Ice at the weir | A/B".

    Where it has no titles either, its line in large or bold letters.
    """
    if not titles:
        return _printed(lines)
    shown = {line.key for line in lines}
    parts = [part for title in titles for part in beginnings(title)]
    return [part for part in parts if len(part.split()) >= _LEAST_WORDS and key_of(part) in shown]


def _printed(lines: Sequence[Line]) -> list[str]:
    """The first line in large or bold letters above the first paragraph, as pages for printing have in place of a heading."""
    above = lines[: next((i for i, line in enumerate(lines) if line.is_paragraph and not _is_marked(line)), 0)]
    return [line.text for line in above if len(line.text.split()) >= _LEAST_WORDS and _is_marked(line)][:1]


def _is_marked(line: Line) -> bool:
    """Whether a line is written in larger or bolder letters than others."""
    marked = (node for node in line.block.iter("b", "strong", "font") if node.tag != "font" or (node.get("size") or "")[-1:] in _LARGE)
    return any(key_of("".join(node.itertext())) == line.key for node in marked)


def _plain(text: str | None) -> str | None:
    return unescape(text[:_MOST_CHARACTERS]) if text else None


def _site(data: PageData) -> str | None:
    """The site's name; an account's or a host's written as a name."""
    publisher = next(iter(data.publishers), None)
    name = (data.first("site") or publisher or "").strip().lstrip("@")
    if publisher and key_of(name).startswith(key_of(publisher)):
        name = publisher  # less the motto behind it
    return (name.title() if name.islower() and "." not in name else name) or None
