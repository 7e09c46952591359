"""Who wrote the article of a page: names without roles, addresses, days and outlets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, pairwise
from typing import Any

from lxml import etree

from qantar.stages.articles.page_data import PageData, is_organization, meta_names, named, text_of
from qantar.stages.articles.page_layout import Line, is_block, is_named_aside, key_of, upwards
from qantar.stages.articles.page_titles import is_site
from qantar.stages.blocks.line_rules import macros
from qantar.text.authors import is_outlet
from qantar.text.lexicon import either, read_lines, read_toml

_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+|@\w+")
_MAILBOX = re.compile(r"\S+@\S+\.\w+ ?\(([^()]+)\)")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MONTHS = "|".join(month[:3] for month in read_toml("calendar.toml")["months"])
_NTH, _WEEKDAYS = either("calendar.toml", "ordinal_endings"), either("calendar.toml", "weekdays")
_DAY = re.compile(
    rf"(?i)\b(?:\d{{1,2}}[./:-]\d{{1,2}}|\d{{4}}-\d\d|\d{{1,2}}(?:{_NTH})? (?:{_MONTHS})\w*|"
    rf"(?:{_MONTHS})[a-z]{{0,6}}\.? \d{{1,2}}|(?:{_WEEKDAYS})\b|\d+ \w+ ago)"
)
_PARTS = re.compile(rf"\s*[;|•·\n/]\s*|\s+[-–—]\s+|\s+(?:{either('pages.toml', 'authors.joins')})\s+|\s*,\s*(?:and\s+)?", re.IGNORECASE)
_SURNAME_FIRST = re.compile(r"([^\W\d_][^,;]*), ([^\W\d_][^,;]*)")
_CAMEL = re.compile(rf"(?<=[a-z])(?=(?:[A-Z][a-z]+ ?)?(?:{either('pages.toml', 'authors.joined_roles')})\b)")
_NAME_WORD = re.compile(r"[\"“]?[^\W\d_][\w’'.\-]*[\"”]?")
_PARTICLES = frozenset(read_toml("pages.toml")["authors"]["particles"])
_AUTHOR = re.compile(rf"(?i)(?:^\W*|(?<=[\d.|•·]) ?)(?:{either('pages.toml', 'authors.labels')}):")
_OF_PICTURE = re.compile(rf"(?i)\W*(?:{either('pages.toml', 'authors.picture_labels')})")
_CHANGED = re.compile(rf"(?i)\W*(?:{either('pages.toml', 'authors.changed')})\b")
_BY_WITHIN = re.compile(r"(?i)\bby:? ")
_MOST_WORDS, _MOST_CHARACTERS = 5, 60  # of a name
_LEAST_BEHIND_ROLE = 2  # words of a name behind a role
_LEAST_PLAIN = 4  # letters of a word that is no part of a name if it is written small
_MOST_BYLINE = 300
_CLASSES = re.compile(rf"(?i)byline|(?<![a-z])(?:by-line|{either('pages.toml', 'authors.classes')})(?![a-z])|author(?:s|-?name|_name)?\b")
_PLACE = r"(?-i:[A-Z][\w’'.-]*)(?: (?-i:[A-Z][\w’'.-]*)){0,2}"
_JOINS = either("pages.toml", "authors.joins")
_IN_PLACE = re.compile(rf"(?<=\w)(?: ;)? in {_PLACE}(?=,? (?:{_JOINS}) |\s*[,;|])")
_JOINED = re.compile(rf"^(?:{_JOINS}) ", re.IGNORECASE)
_BYLINE_TAGS = ("a", "span", "div", "p", "address", "li", "strong", "em", "cite", "b", "section", "h2", "h3", "h4", "h5", "h6")
_MOST_TOGETHER = 60  # elements that name authors; more are a list of persons
_CLOSE = 4  # lines below the headline, where a name alone, or with a day, is the author's
_NEAR = 10  # lines below the headline, and above it, where a byline may stand


def find_authors(tree: Any, data: PageData, sites: Sequence[str], lines: Sequence[Line], at: int | None) -> list[str]:
    """The authors that the page names: in its JSON-LD, in its <meta>, near its headline (line `at`); the fullest of these that agree."""
    said = _in_json(data, sites) or _in_meta(data, sites)
    shown = _shown(tree, sites, lines, at)
    return shown if not said or (len(shown) > len(said) and _keys(said) <= _keys(shown)) else said


def names_in(byline: str, sites: Sequence[str] = ()) -> list[str]:
    """The names in a byline, without what is said of them, and without names of the site.

    >>> names_in("By Ann Reed, Senior Correspondent, and Bo de Vries | Updated 7 Jan 2022", ["The Courier"])
    ['Ann Reed', 'Bo de Vries']
    """
    if _OF_PICTURE.match(byline):
        return []
    line = _MAILBOX.sub(r"\1", " ".join(byline[:_MOST_BYLINE].split()))
    text = _IN_PLACE.sub("", _ADDRESS.sub(" ; ", _BRACKETS.sub(" ", line))).strip(" ;")
    if (changed := _CHANGED.match(text)) and (by := _BY_WITHIN.search(text, changed.end())):
        text = text[by.end() :]
    text = _openings().sub("", text)
    text = text[: min((found.start() for found in (_DAY.search(text), _ends().search(text)) if found), default=None)]
    found = [name for part in _PARTS.split(text) if (name := _name(part, sites))]
    people = [name for name in found if " " in name and not _is_agency(name) and not is_outlet(name)]
    return list(dict.fromkeys(people or found))


def surname_last(names: Sequence[str]) -> list[str]:
    """The names in their usual order, where each is written with its surname first.

    >>> surname_last(["You, Xiaoying", "Lenharo, Mariana"])
    ['Xiaoying You', 'Mariana Lenharo']
    """
    found = [_SURNAME_FIRST.fullmatch(name.strip()) for name in names]
    turned = [f"{one[2].strip()} {one[1].strip()}" for one in found if one and not _is_role(one[2]) and len(one[1].split()) < 3]
    several = len(names) > 1 or (len(turned) == 1 and " " not in names[0].partition(",")[0].strip())
    return turned if len(turned) == len(names) and several and all(len(name.split()) <= _MOST_WORDS for name in turned) else list(names)


def _in_json(data: PageData, sites: Sequence[str]) -> list[str]:
    nodes = named(data.article.get("author") or data.article.get("creator"), data.nodes)
    people = [node for node in nodes if not is_organization(node)] or nodes
    return _each(surname_last([name for node in people if (name := text_of(node.get("name")))]), sites)


def _in_meta(data: PageData, sites: Sequence[str]) -> list[str]:
    for name in meta_names("author"):
        values = [
            value for value in data.meta.get(name, ()) if "://" not in value and not any("." in site and site in value for site in sites)
        ]
        values = [part for value in values for part in (value.split(";") if ";" in value else [value])]
        if found := _each(surname_last(values), sites):
            return found
    return []


def _each(values: Sequence[str], sites: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name for value in values for name in names_in(value, sites)))


def _shown(tree: Any, sites: Sequence[str], lines: Sequence[Line], at: int | None) -> list[str]:
    """The names where readers see them: in parts that are called bylines, in a line near the headline, in one that says "Author"."""
    return next((names for text in _byline_texts(tree, lines, at) if (names := names_in(text, sites))), [])


def _byline_texts(tree: Any, lines: Sequence[Line], at: int | None) -> Iterator[str]:
    start = at if at is not None else 0
    around = frozenset(upwards(lines[at].block)) if at is not None else frozenset()
    above, below = (_own(some, around) for some in (lines[max(0, start - _NEAR) : start], lines[start + 1 : start + 1 + _NEAR]))
    near = {id(node) for line in (*above, *lines[start : start + 1], *below) for node in islice(upwards(line.block), 3)}
    yield from _together([one for one in _bylines(tree, around) if at is None or _is_among(one, near, 4)])
    yield from _short_lines((*below, *above), _by())
    yield from _together([link for link in tree.iter("a") if _leads_to_author(link) and _is_among(link, near, 3)])
    yield from _short_lines((*below, *above, *lines), _AUTHOR)
    yield from _beside_day(below)
    yield from _short_lines(below[:_CLOSE], _CAMEL)


def _own(lines: Sequence[Line], around: frozenset[Any]) -> list[Line]:
    """Lines near the headline that are not of other articles."""
    return [line for line in lines if not _is_aside(line.block, around)]


def _is_among(element: Any, parts: set[int], depth: int) -> bool:
    return any(id(node) in parts for node in islice(upwards(element), depth))


def _is_aside(element: Any, around: frozenset[Any]) -> bool:
    return any(_is_elsewhere(node) for node in upwards(element) if node not in around)


def _beside_day(lines: Sequence[Line]) -> Iterator[str]:
    """A name, by its first name, that stands in a line with the day or next to it."""
    for i, line in enumerate(lines[:_CLOSE]):
        near_day = _is_short(line) and any(_DAY.search(near.text) for near in lines[max(0, i - 1) : i + 2] if _is_short(near))
        for text in _readings(line) if near_day else ():
            found = _signed().fullmatch(text) or _signed_last().fullmatch(text)
            if found and found[1].split()[0].title() in _first_names():
                yield found[1]
                break


def _readings(line: Line) -> list[str]:
    """The line, or each of its parts where elements without a space between them make it up: "Ann ReedCulture"."""
    parts = [" ".join(part.split()) for part in islice(line.block.itertext(), _MOST_TOGETHER)]
    parts = list(filter(None, parts))
    return parts if len(parts) > 1 and "".join(parts) == line.text else [line.text]


def _short_lines(lines: Sequence[Line], opening: re.Pattern[str]) -> Iterator[str]:
    """What short lines say from there on; what the next one says where the opening is all of a line."""
    for line, below in pairwise([*lines, None]):
        if line is not None and (found := opening.search(line.text)) and _is_short(line):
            is_all = line.text[found.end() :].strip() == "" and below is not None and _is_short(below)
            yield below.text if is_all and below is not None else line.text[found.start() if found.group() else 0 :]


def _is_short(line: Line) -> bool:
    return len(line.text.split()) <= 3 * _MOST_WORDS


def _together(elements: Sequence[Any]) -> Iterator[str]:
    """The text of each element with those of its kind beside it: authors who have an element each."""
    elements = elements[:_MOST_TOGETHER]
    for element in elements:
        kind, around = _kind(element), next(islice(upwards(element), 2, None), None)
        beside = [e for e in elements if e is not element and _kind(e) == kind and any(node is around for node in islice(upwards(e), 4))]
        apart = [e for e in beside if not any(node is element for node in upwards(e)) and not any(node is e for node in upwards(element))]
        yield " ; ".join(map(_text_in_parts, [element, *apart]))


def _kind(element: Any) -> tuple[str, ...]:
    return (element.tag, *(element.get(name, "") for name in ("class", "rel", "itemprop")))


def _text_in_parts(element: Any) -> str:
    """The text of a byline, with a mark where a block ends or a line breaks: "Ann Reed ; The Courier, Varna"."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        text = node.text if event == "start" else node.tail if node is not element else None
        parts += [" ; "] * ((is_block(node) or (node.tag == "a" and event == "end")) and node is not element) + [f" {text} "] * bool(text)
    return " ".join("".join(parts).split())


def _leads_to_author(link: Any) -> bool:
    return bool(_of_author().search(link.get("href") or ""))


def _bylines(tree: Any, around: frozenset[Any]) -> Iterator[Any]:
    """Elements that are called bylines or authors, and are not of another article, of comments or of a note on the author."""
    for element in tree.iter(*_BYLINE_TAGS):
        name = f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"
        if element.get("rel") != "author" and not _CLASSES.search(name):
            continue
        text = "".join(element.itertext())
        if text.strip() and len(text) <= _MOST_BYLINE and not _is_aside(element, around):
            yield element


def _is_elsewhere(node: Any) -> bool:
    return node.tag in ("aside", "nav", "footer", "figure", "figcaption") or is_named_aside(node, of_byline=True)


def _name(part: str, sites: Sequence[str]) -> str | None:
    """The name in one part of a byline; None where it is none."""
    for site in sites:
        if part.casefold().endswith(f" {site.casefold()}"):
            part = part[: -len(site)]
    bare = _JOINED.sub("", _CAMEL.sub(" ", part).strip(' \t-–—:.,*"“”'))
    words = _without_role(_openings().sub("", bare).split())
    name = " ".join(words)
    signed = [word for word in words if word.lower() not in _words("nobody")]
    if len(signed) < len(words) and is_site(" ".join(signed), sites):
        return None  # the site's newsroom
    return name if _looks_like_name(words) and len(name) <= _MOST_CHARACTERS and not is_site(name, sites) else None


def _without_role(words: list[str]) -> list[str]:
    """The words before an author's role and what says more of it; none where the role is all there is."""
    role = next((i for i, word in enumerate(words) if i and _is_role(word)), None)
    if role is None:
        return words
    if any(map(_is_modifier, words[:2])):
        return _behind_role(words, role)
    end = role
    while end > 2 and _is_modifier(words[end - 1]):
        end -= 1
    has_middle = len(words) > 2 and (len(words[1].strip(".")) == 1 or words[1].lower() in _PARTICLES)
    return words[: end if end < role else min(role, 3 if has_middle else 2)]


def _behind_role(words: list[str], role: int) -> list[str]:
    """The name behind a role that stands before it: "Education Editor Ann Reed"; none where no whole name does."""
    is_role = all(map(_is_modifier, words[:role]))
    return words[role + 1 :] if is_role and len(words) - role > _LEAST_BEHIND_ROLE else []


def _looks_like_name(words: list[str]) -> bool:
    if not 0 < len(words) <= _MOST_WORDS or not all(_NAME_WORD.fullmatch(word) for word in words) or _is_role(words[0]):
        return False
    name = " ".join(words)
    if any(map(_is_plain_word, words)) and any(word[0].isupper() for word in words):
        return False
    return not is_body(name) and not is_nobody(name) and any(word[0].isupper() for word in words)


def _is_plain_word(word: str) -> bool:
    """Whether a word is written small as no part of a name is: "Ruth Ainsley teaches history"."""
    return word.islower() and len(word) >= _LEAST_PLAIN and word not in _PARTICLES


def is_body(name: str) -> bool:
    """Whether a name is that of a publisher, or has a word that only bodies have in theirs.

    >>> is_body("Condé Nast"), is_body("University of Holm"), is_body("Ann Reed")
    (True, True, False)
    """
    plain = name.casefold().strip()
    return plain.removeprefix("the ") in _publishers() or bool(_words("bodies").intersection(plain.replace(".", "").split()))


def _is_modifier(word: str) -> bool:
    return word.lower().strip(".") in _words("modifiers")


def _is_role(word: str) -> bool:
    return word.lower().strip(".,") in _words("roles") or bool(_roles().fullmatch(word.split()[0].strip(".,") if word.split() else ""))


def _is_agency(name: str) -> bool:
    return bool(_agencies().fullmatch(name))


def is_nobody(name: str) -> bool:
    """Whether a name is that of an account that signs for nobody.

    >>> is_nobody("Editorial Board"), is_nobody("Ann Reed")
    (True, False)
    """
    lowered = {word.lower() for word in name.split()}
    return lowered <= _words("nobody") or bool(lowered & _words("never"))


def _keys(names: Sequence[str]) -> set[str]:
    return set(map(key_of, names))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["authors"][kind])


@cache
def _of_author() -> re.Pattern[str]:
    return re.compile(
        rf"/(?:(?:{either('pages.toml', 'authors.addresses')})/(?:\d+/)?[\w.-]{{3,}}(?:/\w+)?|@[\w.-]{{3,}})/?(?:\?.*)?$", re.IGNORECASE
    )


@cache
def _first_names() -> frozenset[str]:
    return frozenset((*read_lines("first_names.txt"), *read_lines("given_names.txt")))


@cache
def _publishers() -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["authors"]["publishers"])


@cache
def _openings() -> re.Pattern[str]:
    return re.compile(rf"(?i)^\W*(?:{either('pages.toml', 'authors.openings')})\b[:\s]+")


@cache
def _by() -> re.Pattern[str]:
    return re.compile(
        rf"(?i)(?:^\W*|[|·•/]\s*)(?:(?:{either('pages.toml', 'authors.by_leads')}) )?(?:{either('pages.toml', 'authors.by')})\b[: ]"
    )


def _signed_names() -> str:
    """Names of two words or more, written as such."""
    last = rf"(?: [A-Z]\.| (?:{either('pages.toml', 'authors.particles')}))*(?: [A-Z][\w’'-]+){{1,2}}"
    return rf"([A-Z][\w’'-]+{last}(?:(?:,| (?:{_JOINS})) [A-Z][\w’'-]+{last})*)"


@cache
def _signed() -> re.Pattern[str]:
    """A line of a name alone, or of a name and a day."""
    return re.compile(rf"{_signed_names()}(?:\s*[,|·•–—-]?\s*(?:{_DAY.pattern.removeprefix('(?i)')}).*)?")


@cache
def _signed_last() -> re.Pattern[str]:
    """A line of a day, the time perhaps, and a name."""
    day = _DAY.pattern.removeprefix("(?i)")
    return re.compile(rf"(?=.{{0,40}}{day}).{{0,60}}(?:\d|\b[AaPp]\.?[Mm]\.?|\b[A-Z]{{2,4}})\W+{_signed_names()}(?:\s*[|·•].*)?")


@cache
def _ends() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<=[\w.,;|]) ?[\s,;|–—-]+\b(?:{either('pages.toml', 'authors.ends')})\b")


@cache
def _roles() -> re.Pattern[str]:
    return re.compile(rf"(?:{macros()['ROLE']})s?", re.IGNORECASE)


@cache
def _agencies() -> re.Pattern[str]:
    return re.compile(rf"(?:{macros()['AGENCY']}|{either('pages.toml', 'authors.agencies')})", re.IGNORECASE)
