"""A quote, an article or a page ready to paste: as text with its source, in APA's style, as BibTeX, and its address."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import quote as percent

from qantar.explorer.translation import gettext
from qantar.text.authors import split_authors
from qantar.text.lexicon import read_toml

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **{c: f"\\{c}" for c in "&%$#_{}"}}
FRAGMENT_WORDS = 5


Forms = list[tuple[str, str]]


def cite_quote(row: dict[str, Any], address: str, site: str, build_id: str) -> Forms:
    """The quote in four forms; `address` is its own lasting address."""
    bibtex = as_bibtex(row, address, row["quote_id"], gettext("Quoted: %(words)s", words=row["text"]))
    return _forms(as_text(row, address, site, build_id), as_apa(row, address), bibtex, address)


def cite_article(row: dict[str, Any], address: str, site: str, build_id: str) -> Forms:
    """The article in four forms: its own address where it has one, and the one it has here.

    >>> row = {"author": "Rosa Lund", "published_on": None, "title": "Rain", "outlet": "Courier", "url": None, "document_id": "a"}
    >>> cite_article(row, "http://here/article/a", "Rain", "b1")[0][1]
    'Rosa Lund: “Rain”, Courier. From Rain, build b1: http://here/article/a'
    """
    title = f"“{row['title']}”" if row["title"] else gettext("[Untitled article]")
    source = ", ".join(str(part) for part in (title, row["outlet"], row["published_on"]) if part)
    by = f"{row['author']}: " if row["author"] else ""
    text = f"{by}{source}.{' ' + row['url'] if row['url'] else ''} {_from(site, build_id, address)}"
    return _forms(text, as_apa(row, address), as_bibtex(row, address, row["document_id"]), address)


def cite_page(title: str, address: str, site: str, build_id: str, day: str | None) -> Forms:
    """A page of the dataset in four forms; `day` is when its build was made.

    >>> [form for _, form in cite_page("Ana Vos", "http://here/entity/vos", "Rain", "b1", "2021-03-04")][:2]
    ['“Ana Vos”, Rain, build b1: http://here/entity/vos', 'Rain. (2021, March 4). Ana Vos. http://here/entity/vos']
    """
    row = {"author": None, "published_on": day, "title": title, "outlet": site, "url": None}
    key = address.partition("?")[0].rpartition("/")[2]
    text = gettext("“%(title)s”, %(site)s, build %(build)s: %(address)s", title=title, site=site, build=build_id, address=address)
    return _forms(text, as_apa(row, address), as_bibtex(row, address, key), address)


def _forms(text: str, apa: str, bibtex: str, address: str) -> Forms:
    return [(gettext("Text with source"), text), ("APA", apa), ("BibTeX", bibtex), (gettext("Link"), address)]


def _from(site: str, build_id: str, address: str) -> str:
    return gettext("From %(site)s, build %(build)s: %(address)s", site=site, build=build_id, address=address)


def as_text(row: dict[str, Any], address: str, site: str, build_id: str) -> str:
    """One paragraph: the words, who speaks, where and when.

    >>> row = {"kind": "indirect", "text": "it rained", "speaker": "the mayor", "speaker_name": None}
    >>> row |= {"outlet": "Courier", "title": None, "published_on": "2021-03-04", "url": None}
    >>> as_text(row, "http://here/quote/q1", "Rain", "b1")
    'it rained (reported, not verbatim). the mayor, in Courier, 2021-03-04. From Rain, build b1: http://here/quote/q1'
    """
    said = f"“{row['text']}”"
    if row["kind"] == "indirect":
        said = gettext("%(words)s (reported, not verbatim).", words=row["text"])
    who = row["speaker_name"] or row["speaker"] or gettext("Speaker not named")
    title = f"“{row['title']}”" if row["title"] else None
    source = ", ".join(part for part in (row["outlet"], title, row["published_on"]) if part)
    source = source or gettext("an article without title, outlet or day")
    where = gettext("%(who)s, in %(source)s.", who=who, source=source)
    return f"{said} {where}{' ' + row['url'] if row['url'] else ''} {_from(site, build_id, address)}"


def as_apa(row: dict[str, Any], address: str) -> str:
    """The article, as APA's seventh edition cites news; `address` where it has none of its own.

    >>> row = {"author": "Rosa Lund", "published_on": "2021-03-04", "title": "Rain", "outlet": "Courier", "url": "https://c.invalid/r"}
    >>> as_apa(row, "")
    'Lund, R. (2021, March 4). Rain. Courier. https://c.invalid/r'
    >>> as_apa({"author": None, "published_on": None, "title": None, "outlet": None, "url": None}, "http://here/quote/q1")
    '[Untitled article]. (n.d.). http://here/quote/q1'
    >>> as_apa(row | {"author": "Rosa Lund; Bo de Vries; Ada Ito"}, "")
    'Lund, R., Bo de Vries, & Ito, A. (2021, March 4). Rain. Courier. https://c.invalid/r'
    """
    author = _listed([_inverted(name) for name in split_authors(row["author"])]) or row["outlet"]
    title = row["title"] or "[Untitled article]"
    when = "(n.d.)"
    if row["published_on"]:
        day = date.fromisoformat(str(row["published_on"]))
        month = read_toml("calendar.toml")["months"][day.month - 1]
        when = f"({day.year}, {month} {day.day})"
    parts = [author, when, title] if author else [title, when]
    if row["outlet"] and row["outlet"] != author:
        parts.append(row["outlet"])
    ended = [part if part.endswith((".", "?", "!")) else f"{part}." for part in parts]
    return " ".join([*ended, row["url"] or address])


def _listed(names: list[str]) -> str:
    return ", ".join([*names[:-2], ", & ".join(names[-2:])])


def _inverted(author: str) -> str:
    """A name of two or three words with its surname first; others, such as desks, as they stand."""
    words = author.split()
    if not 2 <= len(words) <= 3 or not all(word[0].isupper() and word.isalpha() for word in words):
        return author
    return f"{words[-1]}, {' '.join(f'{word[0]}.' for word in words[:-1])}"


def as_bibtex(row: dict[str, Any], address: str, key: str, note: str | None = None) -> str:
    """An entry for biblatex and BibTeX.

    >>> row = {"author": "R & L", "published_on": "2021-03-04", "title": "Rain", "outlet": None, "url": None}
    >>> print(as_bibtex(row, "http://x/q", "a-q7", "Quoted: wet"))
    @online{a-q7,
      author = {R \\& L},
      title = {{Rain}},
      date = {2021-03-04},
      url = {http://x/q},
      note = {Quoted: wet}
    }
    """
    authors = split_authors(row["author"])
    fields = {
        "author": _tex(" and ".join(authors)) if authors else f"{{{_tex(row['outlet'])}}}" if row["outlet"] else None,
        "title": f"{{{_tex(row['title'] or '[Untitled article]')}}}",
        "organization": _tex(row["outlet"]) if row["outlet"] else None,
        "date": row["published_on"],
        "url": percent(row["url"] or address, safe=":/?#[]@!$&'()*+,;=%-._~"),
        "note": _tex(note) if note else None,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@online{{{re.sub(r'[^A-Za-z0-9-]', '-', key)},\n{lines}\n}}"


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))


def text_fragment(url: str, text: str) -> str:
    """The address of a passage in a page: browsers scroll to it and mark it (text fragments, WICG).

    >>> text_fragment("https://c.invalid/r#top", "One, two - three.")
    'https://c.invalid/r#:~:text=One%2C%20two%20%2D%20three.'
    >>> text_fragment("https://c.invalid/r", "a b c d e f g h i j k l")
    'https://c.invalid/r#:~:text=a%20b%20c%20d%20e,h%20i%20j%20k%20l'
    """
    words = text.split()
    pieces = [words] if len(words) <= 2 * FRAGMENT_WORDS else [words[:FRAGMENT_WORDS], words[-FRAGMENT_WORDS:]]
    written = ",".join(percent(" ".join(piece), safe="").replace("-", "%2D") for piece in pieces)
    return f"{url.partition('#')[0]}#:~:text={written}"
