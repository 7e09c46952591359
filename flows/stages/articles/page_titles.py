"""The headline of a page: as its readers see it, or as its metadata have it, without the site's name and sections around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from qantar.stages.articles.page_layout import key_of
from qantar.text.lexicon import either, read_toml

_SEPARATORS = re.compile(r"\s+(?:[-–—|•·:»«/~]|--|::|\|\|)\s+|\s*[|»«]\s*|(?<=[^\s\d]):\s+")
_BARS = frozenset("|»")
_CLOSE = re.compile(r":\s+")
_DOMAIN = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2} \w{3,9} \d{4}")
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_WORDS = re.compile(r"\w+")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_OWNER = re.compile(
    r"(?:©|\([cC]\)|[Cc]opyright)[ ,:]*(?:©|\([cC]\))? ?(?:(?:19|20)\d\d(?: ?[-–—/] ?(?:(?:19|20)\d\d|\d\d))?,? )?(?:by )?"
    r"([A-Z][\w’'&-]*(?: (?:[A-Z&][\w’'&-]*|[a-z]{2,3})){0,6})"
)
_LEAST_AGREEMENT = 0.5  # of the words of the shorter of two titles
_LEAST_WORDS = 4  # of a headline that agrees with nothing that the page says of itself
_LEAST_SITE, _MOST_SITE_WORDS = 3, 6  # letters of a site's name, words of one with what stands beside it
_LEAST_BESIDE = 3  # words of a headline that shows what stands beside it to be the site's name
_MOST_HEADLINE = 400  # characters


def choose_title(
    titles: Sequence[str], headings: Sequence[str], sites: Sequence[str], authors: Sequence[str] = (), banners: Collection[str] = ()
) -> str | None:
    """The headline of a page.

    `titles` is what its metadata and <title> say, the best first; `headings` are its <h1>, in order; `sites` the names of its site;
    `banners` those headings that lead to another page, as the name of a blog does.
    """
    titles = list(filter(None, titles))
    shown = [heading for heading in headings if len(heading) <= _MOST_HEADLINE and not is_site(heading, sites)]
    agreement = [max((_agreement(heading, title) for title in titles), default=0.0) for heading in shown]
    if shown and max(agreement) >= _LEAST_AGREEMENT:
        return headline(_opening(shown, agreement, titles), *sites)
    if len(shown) == 1 and len(shown[0].split()) >= _LEAST_WORDS and shown[0] not in banners:
        return shown[0]
    return _of_metadata(titles, sites, authors) or next(iter(shown), None)


def _opening(headings: Sequence[str], agreement: Sequence[float], titles: Sequence[str]) -> str:
    """The heading that agrees best with a title, the first of several that a title opens with, or else the longest."""
    best = [heading for heading, share in zip(headings, agreement, strict=True) if share == max(agreement)]
    keys = tuple(map(key_of, titles))
    return next((heading for heading in best if any(key.startswith(key_of(heading)) for key in keys)), max(best, key=_n_words))


def _n_words(heading: str) -> int:
    return len(heading.split())


def _of_metadata(titles: Sequence[str], sites: Sequence[str], authors: Sequence[str]) -> str | None:
    bare = [title for title in (headline(title, *sites, *authors) for title in titles) if title]
    return next((title for title in bare if not is_site(title, sites)), None)


def headline(title: str, *sites: str | None) -> str:
    """The title without the name of the site on either side, and without sections between the two.

    >>> headline("Order returns - not for long | World | The Courier", "The Courier")
    'Order returns - not for long'
    >>> headline("Courier town: who pays?", "The Courier"), headline("The Courier: who pays?", "Courier Online")
    ('Courier town: who pays?', 'who pays?')
    >>> headline("Opinion | Order returns")
    'Order returns'
    """
    names = [site for site in sites if site]
    title = _without_kicker(_without_prefix(title, names))
    cuts = list(_SEPARATORS.finditer(title))
    start, end, separator = 0, len(title), ""
    while cuts and not _CLOSE.fullmatch(cuts[-1].group()):
        part = title[cuts[-1].end() : end]
        if not (_is_of_site(part, names) or (separator == cuts[-1].group() and _is_section(part, separator))):
            break
        separator = cuts[-1].group()
        end = cuts.pop().start()
    if cuts and (is_site if _CLOSE.fullmatch(cuts[0].group()) else _is_of_site)(title[: cuts[0].start()], names):
        start = cuts[0].end()
    return title[start:end].strip()


def site_beside(titles: Sequence[str], shown: Collection[str]) -> str | None:
    """The name of a site that stands beside the headline in a title of the page; `shown` are the keys of the page's lines.

    >>> site_beside(["Library hours extended - The Brno Weekly"], {"libraryhoursextended"})
    'The Brno Weekly'
    """
    for title in (_IN_BRACKETS.sub("", title) for title in titles):
        cuts = list(_SEPARATORS.finditer(title))
        before = [title[: cut.start()] for cut in cuts]
        last = [(title[cuts[-1].end() :], rest) for rest in before]
        first = [(before[0], title[cuts[0].end() :])] if cuts else []
        for name, rest in (*((title[cut.end() :], title[: cut.start()]) for cut in cuts[:1]), *first, *last):
            if key_of(rest) in shown and _may_be_site(name.strip()) and len(rest.split()) >= _LEAST_BESIDE:
                return name.strip()
    return None


def beginnings(title: str) -> list[str]:
    """What stands before a bar or a dash in a title, the longest first.

    >>> beginnings("Ice at the weir - but not for long | Herald")
    ['Ice at the weir - but not for long', 'Ice at the weir']
    """
    return [title[: cut.start()].strip() for cut in reversed(list(_SEPARATORS.finditer(title))) if not _CLOSE.fullmatch(cut.group())]


def without_archive(title: str) -> tuple[str | None, str]:
    """The name of a blog and the headline, of a title that has its archive between the two; else none, and the title.

    >>> without_archive("Film Gang » Blog Archive » Stand up")
    ('Film Gang', 'Stand up')
    """
    parts = _SEPARATORS.split(title)
    if len(parts) == 3 and _archives().fullmatch(parts[1].strip()):
        return parts[0].strip() or None, parts[2].strip()
    return None, title


def site_of_host(texts: Sequence[str], host: str | None) -> str | None:
    """The part of a title, or the owner of a page, that its host is named after.

    >>> site_of_host(["Library hours extended - 3 May 2011 - The Brno Weekly"], "www.brnoweekly.example")
    'The Brno Weekly'
    """
    parts = (part.strip() for text in texts for part in _SEPARATORS.split(_IN_BRACKETS.sub("", text)))
    label = _bare(host or "")
    return next((part for part in parts if _may_be_site(part) and (_bare(part) == label or _abbreviates(label.upper(), part))), None)


def owners(text: str) -> list[str]:
    """Who holds the copyright, by the lines of a page that say so.

    >>> owners("About us © 2019-2022 The Brno Weekly. All rights reserved.")
    ['The Brno Weekly']
    """
    return [found[1] for found in _OWNER.finditer(text)]


def is_placeholder(title: str) -> bool:
    """Whether a title is what a program put in the place of one: "EX-99.1", "Untitled document", the name of a file."""
    return bool(_placeholders().fullmatch(title.strip()))


def _may_be_site(name: str) -> bool:
    """Whether a part of a title is written as a name, and names no section."""
    words = [word for word in name.split() if word.lower() not in _words("small_words") and word != "&"]
    if not words or len(name.split()) > _MOST_SITE_WORDS or set(key_words(name)) <= _words("sections") | _words("kickers"):
        return False
    return _DAY.fullmatch(name) is None and all(word[0].isupper() for word in words) and name[-1].isalnum()


def _without_prefix(title: str, names: Sequence[str]) -> str:
    """The title without a name of the site, of several words and marks perhaps, that stands before it as a whole."""
    for name in names:
        if title.startswith(name) and (found := _SEPARATORS.match(title, len(name))):
            return title[found.end() :]
    return title


def _without_kicker(title: str) -> str:
    """The title without the kind of the piece before a bar."""
    kicker, _, rest = title.partition("|")
    return rest.strip() if rest.strip() and is_kicker(kicker) else title


def is_kicker(text: str) -> bool:
    """Whether a text is the name of a kind of pieces, as "Opinion" is."""
    return set(key_words(text)) <= _words("kickers")


def is_site(text: str, sites: Sequence[str]) -> bool:
    """Whether a text is the name of the site, however it is written.

    >>> is_site("SMH News", ["The Saltmarsh Herald"])
    True
    """
    bare = _bare(text)
    known = {_bare(site) for site in sites}
    return bare in known or any(_abbreviates(text, site) for site in sites)


def _is_of_site(part: str, sites: Sequence[str]) -> bool:
    """Whether a part of a title is the site's name, with its section perhaps, an address, or a day."""
    if is_site(part, sites) or _DOMAIN.fullmatch(part.strip()) or _DAY.fullmatch(part.strip()):
        return True
    bare, is_short = _bare(part), len(part.split()) <= _MOST_SITE_WORDS
    known = [name for name in map(_bare, sites) if len(name) >= _LEAST_SITE]
    return len(bare) >= _LEAST_SITE and any(bare in name or bare.startswith(name) or (is_short and name in bare) for name in known)


def _is_section(part: str, separator: str) -> bool:
    words = key_words(part)
    return not _BARS.isdisjoint(separator) or all(word in _words("sections") for word in words)


def _bare(name: str) -> str:
    """The letters of a site's name without its article, its domain's end and what such names add."""
    words = key_words(re.sub(r"(?i)^www\.|\.(?:com|org|net|co\.uk|info|news|example)\b.*$", "", name.strip().lstrip("@")))
    words = words[1:] if words[:1] == ["the"] else words
    while len(words) > 1 and words[-1] in _words("suffixes"):
        words = words[:-1]
    return "".join(words)


def _abbreviates(text: str, site: str) -> bool:
    """Whether capitals stand for the site: they begin as it does, and its other letters follow in order, its words' first among them."""
    found = _ABBREVIATION.match(text.strip())
    rest = key_words(text.strip()[found.end() :]) if found else []
    words = [word for word in key_words(site) if word not in _words("small_words")]
    if not found or not all(word in _words("suffixes") for word in rest):
        return False
    letters, initials = found.group().lower(), "".join(word[0] for word in words)
    whole = iter("".join(words))
    remaining = iter(letters)
    return (
        letters.startswith(initials[:1]) and all(letter in whole for letter in letters) and all(letter in remaining for letter in initials)
    )


def _agreement(heading: str, title: str) -> float:
    """The share of the words of the shorter that both have."""
    one, other = set(key_words(heading)), set(key_words(title))
    n_words = min(len(one), len(other))
    return len(one & other) / n_words if n_words > 1 else float(key_of(heading) == key_of(title))


def key_words(text: str) -> list[str]:
    """The words of a name or title in small letters, without marks."""
    return _WORDS.findall(text.replace("’", "").replace("'", "").lower())


@cache
def _archives() -> re.Pattern[str]:
    return re.compile(either("pages.toml", "titles.archives"), re.IGNORECASE)


@cache
def _placeholders() -> re.Pattern[str]:
    return re.compile(either("pages.toml", "titles.placeholders"), re.IGNORECASE)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["titles"][kind])
