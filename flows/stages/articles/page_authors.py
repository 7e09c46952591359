"""Who wrote the article of a page, wherever the page says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, pairwise
from typing import Any

from lxml import etree

from qantar.stages.articles.byline_names import (
    DAY,
    JOINED_ROLE,
    JOINS,
    MOST_BYLINE,
    MOST_WORDS,
    are_persons,
    first_names,
    is_agency,
    is_role,
    names_in,
    surname_last,
)
from qantar.stages.articles.page_data import PageData, meta_names, named, text_of
from qantar.stages.articles.page_layout import Line, is_block, is_named_aside, is_of_teaser, key_of, n_before_text, upwards
from qantar.stages.articles.page_scripts import Said
from qantar.text.lexicon import either, read_toml

_OF_QUOTE = re.compile(r"(?i)pull-?_?quote|quote-?_?(?:author|source)")
_MAILED = re.compile(r"([^@]{4,60}?)[\s,|·–-]+\S+@\S+\.\w+\W*")
_AUTHOR = re.compile(rf"(?i)(?:^\W*|(?<=[\d.|•·]) ?)(?:{either('pages.toml', 'authors.labels')}):")
_CLASSES = re.compile(
    rf"(?i)byline|(?<![a-z])(?:by-line|{either('pages.toml', 'authors.classes')})(?![a-z])|author(?:s|[-_]?(?:name|text|by))?\b"
)
_BYLINE_TAGS = ("a", "span", "div", "p", "address", "li", "strong", "em", "cite", "b", "section", "h2", "h3", "h4", "h5", "h6")
_NAMES = frozenset(("class", "id", "itemprop", "property", "data-testid", "data-component"))
_HEADINGS = ("h2", "h3", "h4", "h5")
_MOST_TOGETHER = 60  # elements that name authors; more are a list of persons
_CLOSE = 4  # lines below the headline, where a name alone, or with a day, is the author's
_NOTHING = Said()
_SIGNED_BELOW = re.compile(rf"(?i)[(\[—–-]\W*(?:(?:{either('pages.toml', 'authors.by_leads')}) )?by:? (?=(?-i:[^\W\d_]))")
_LEAST_HEADLINE = 6  # words of a link that is another article's headline
_MOST_WITH_ROLE = 7  # words up to the role
_NEAR = 10  # lines below the headline, and above it, where a byline may stand


def find_authors(
    tree: Any, data: PageData, sites: Sequence[str], lines: Sequence[Line], at: int | None, scripts: Said = _NOTHING
) -> list[str]:
    """The authors that the page names: in its JSON-LD, in its <meta>, near its headline (line `at`); the fullest of these that agree.

    Persons come before agencies and accounts, and what its `scripts` say counts where the page names nobody else.
    """
    said = _in_json(data, sites) or _in_meta(data, sites)
    shown = _shown(tree, sites, lines, at)
    if shown and (not are_persons(said) or (len(shown) > len(said) and _keys(said) <= _keys(shown))):
        return shown
    if are_persons(said):
        return shown if are_persons(shown) and _is_account(said, shown, lines) else said
    return _each(scripts.authors, sites) or said or _in_account(data, sites)


def _is_account(said: Sequence[str], shown: Sequence[str], lines: Sequence[Line]) -> bool:
    """Whether the authors in a page's metadata are an editor's account: the page shows none of them, and no author of their surname."""
    last = {name.split()[-1].casefold() for name in shown}
    return all(name.split()[-1].casefold() not in last and not any(key_of(name) in line.key for line in lines) for name in said)


def _in_json(data: PageData, sites: Sequence[str]) -> list[str]:
    nodes = named(data.article.get("author") or data.article.get("creator"), data.nodes)
    return _each(surname_last([text_of(node.get("name")) for node in nodes]), sites)


def _in_account(data: PageData, sites: Sequence[str]) -> list[str]:
    """The name of the account that the page gives its author, where it is written as a person's."""
    names = _each([value for name in meta_names("account") for value in data.meta.get(name, ())], sites)
    return names if are_persons(names) else []


def _in_card(data: PageData) -> Iterator[str]:
    """The values of a card's fields that are labelled as the author's: "twitter:label1" is "Written by", "twitter:data1" is the name."""
    for number in "12":
        labels = data.meta.get(f"twitter:label{number}", ())
        if any(label.casefold() in meta_names("labels") for label in labels):
            yield from data.meta.get(f"twitter:data{number}", ())


def _in_meta(data: PageData, sites: Sequence[str]) -> list[str]:
    for name in meta_names("author"):
        if found := _each(surname_last([part for value in data.meta.get(name, ()) for part in value.split(";")]), sites):
            return found
    return _each(list(_in_card(data)), sites)


def _each(values: Sequence[str], sites: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name for value in values for name in names_in(value, sites)))


def _shown(tree: Any, sites: Sequence[str], lines: Sequence[Line], at: int | None) -> list[str]:
    """The names where readers see them: in parts that are called bylines, in a line near the headline, in one that says "Author".

    Where the first of these names an agency or an account, a person in another byline comes before it.
    """
    first: list[str] = []
    for is_byline, text in _byline_texts(tree, lines, at):
        if first and not is_byline:
            break
        names = names_in(text, sites)
        if are_persons(names):
            return names
        first = first or (names if is_byline or not _is_one_word(names) else [])
    return first


def _is_one_word(names: Sequence[str]) -> bool:
    """Whether all that is named is a word that no agency is called by."""
    return len(names) == 1 and " " not in names[0] and not is_agency(names[0])


def _byline_texts(tree: Any, lines: Sequence[Line], at: int | None) -> Iterator[tuple[bool, str]]:
    """What may name the authors, the surest first, and whether it is called or begins as a byline."""
    start = at if at is not None else 0
    around = frozenset(upwards(lines[at].block)) if at is not None else frozenset()
    above, below = _around_headline(lines, at, around)
    near = _parts_of((*above, *lines[start : start + 1], *below))
    bylines = [one for one in _bylines(tree, around) if at is None or _is_among(one, near, 4)]
    others = [one for one in bylines if is_of_teaser(one, around, _LEAST_HEADLINE)]
    yield from ((True, text) for text in (*_together(_without(bylines, others)), *_short_lines((*below, *above), _by())))
    unsure = [_together(others), _together(_links_near(tree, near, around))]
    unsure += _less_sure(tree, lines, start, above, below, around)
    yield from ((False, text) for texts in unsure for text in texts)


def _around_headline(lines: Sequence[Line], at: int | None, around: frozenset[Any]) -> tuple[list[Line], list[Line]]:
    """The article's own lines above its headline, and below it as far as the first paragraph."""
    start = at if at is not None else 0
    end = start + 1 + max(_NEAR, n_before_text(lines[start + 1 :]) if at is not None else 0)
    return _own(lines[max(0, start - _NEAR) : start], around), _own(lines[start + 1 : end], around)


def _parts_of(lines: Sequence[Line]) -> set[Any]:
    return {node for line in lines for node in islice(upwards(line.block), 3)}


def _without(elements: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    return [one for one in elements if one not in others] if others else list(elements)


def _less_sure(
    tree: Any, lines: Sequence[Line], start: int, above: Sequence[Line], below: Sequence[Line], around: frozenset[Any]
) -> Iterator[Iterator[str]]:
    """Texts that name the authors where nothing is called their byline."""
    yield _short_lines((*below, *above, *lines), _AUTHOR)
    yield _beside_day(below)
    yield _with_address(below[:_CLOSE])
    yield _short_lines(below[:_CLOSE], JOINED_ROLE)
    yield (line.text for line in below[:_CLOSE] if is_agency(line.text))
    yield _in_attributes(tree, around)
    yield (line.text.strip("()[] ") for line in _own(lines[start + 1 :], around) if _SIGNED_BELOW.match(line.text) and _is_short(line))
    yield _beside_day(above[-_CLOSE:])
    linked = [" ".join("".join(link.itertext()).split()) for link in islice(_own_links(tree, around), _MOST_TOGETHER)]
    yield iter(linked[:1] if len(set(linked)) == 1 and linked[0].split()[0].title() in first_names() else ())
    own = _own(lines[start + 1 :], around)
    yield _only(found[1] for line in own if (found := _noted().match(line.text)))
    yield _only(found[1] for line in own if (found := _alone().fullmatch(line.text)))


def _only(names: Iterable[str]) -> Iterator[str]:
    """The one name that several lines have, if it opens with a first name: of several names some are other articles'."""
    found = set(names)
    yield from found if len(found) == 1 and all(name.split()[0].title() in first_names() for name in found) else ()


def _own_links(tree: Any, around: frozenset[Any]) -> Iterator[Any]:
    """The links to authors' pages wherever they stand on the page but for asides, menus and, of persons who may be none, paragraphs."""
    for link in islice(filter(_leads_to_author, tree.iter("a")), _MOST_TOGETHER):
        is_sure = "/author" in link.get("href") or not _is_in_text(link)
        if is_sure and "".join(link.itertext()).strip() and not _is_apart(link, around):
            yield link


def _links_near(tree: Any, near: set[Any], around: frozenset[Any]) -> list[Any]:
    """The links to authors' pages near the headline, but for those in asides, menus and paragraphs of the text."""
    links = [link for link in tree.iter("a") if _is_among(link, near, 3) and _leads_to_author(link)][:_MOST_TOGETHER]
    return [link for link in links if not (_is_apart(link, around) or _is_in_text(link))]


def _is_apart(link: Any, around: frozenset[Any]) -> bool:
    """Whether a link to an author's page stands in an aside or a menu."""
    return _is_aside(link, around) or _is_of_menu(link)


def _own(lines: Sequence[Line], around: frozenset[Any]) -> list[Line]:
    """Lines near the headline that are not of other articles."""
    return [line for line in lines if not _is_aside(line.block, around)]


def _is_among(element: Any, parts: set[Any], depth: int) -> bool:
    return any(node in parts for node in islice(upwards(element), depth))


def _is_aside(element: Any, around: frozenset[Any]) -> bool:
    return any(_is_elsewhere(node) for node in upwards(element) if node not in around)


def _beside_day(lines: Sequence[Line]) -> Iterator[str]:
    """A name, by its first name, that stands in a line with the day or next to it."""
    for i, line in enumerate(lines[:_CLOSE]):
        near_day = any(DAY.search(near.text) for near in lines[max(0, i - 1) : i + 3] if _is_short(near))
        for text in _readings(line) if near_day else ():
            found = _signed().fullmatch(text) or _signed_last().fullmatch(text)
            if found and found[1].split()[0].title() in first_names():
                yield found[1]
                break
        else:
            words = line.text.split()
            if near_day and words[0].title() in first_names() and any(map(is_role, words[2:_MOST_WITH_ROLE])):
                yield line.text  # "MIKE REED AP Sports Writer"


def _with_address(lines: Sequence[Line]) -> Iterator[str]:
    """A name, by its first name, that a line has with an e-mail address and nothing else."""
    for line in lines:
        found = _MAILED.fullmatch(line.text[: MOST_BYLINE + 1])
        if found and (signed := _signed().fullmatch(found[1])) and signed[1].split()[0].title() in first_names():
            yield signed[1]


def _in_attributes(tree: Any, around: frozenset[Any]) -> Iterator[str]:
    """Names that an element says for machines alone: below itemprop="author", in data-author, in the title of <link rel="author">."""
    for element in tree.iter("meta", "link", "article", "main", "section", "div", "span", "h1"):
        if (said := _attribute(element)) and not _is_aside(element, around):
            yield said


def _attribute(element: Any) -> Any:
    """The name that an element says of an author; None for none."""
    if element.tag == "link":
        return element.get("title") if element.get("rel") == "author" else None
    if element.tag != "meta":
        return element.get("data-author") or element.get("data-author-name")
    of_author = element.get("itemprop") == "name" and any(node.get("itemprop") == "author" for node in islice(upwards(element), 1, 3))
    return element.get("content") if of_author else None


def _readings(line: Line) -> list[str]:
    """The line, or each of its parts where elements without a space between them make it up: "Ann ReedCulture"."""
    parts = [" ".join(part.split()) for part in islice(line.block.itertext(), _MOST_TOGETHER)]
    parts = list(filter(None, parts))
    if len(parts) > 1 and "".join(parts) == line.text:
        return parts
    return [line.text.strip(" ·|•/–—-,"), *line.text.split(" | ", 1)[1:]]


def _short_lines(lines: Sequence[Line], opening: re.Pattern[str]) -> Iterator[str]:
    """What short lines say from there on; what the next one says where the opening is all of a line."""
    for line, below in pairwise([*lines, None]):
        if line is not None and (found := opening.search(line.text)) and _is_short(line):
            is_all = line.text[found.end() :].strip() == "" and below is not None and _is_short(below)
            said = below.text if is_all and below is not None else line.text[found.start() if found.group() else 0 :]
            yield f"{said} {below.text}" if below is not None and _goes_on().match(below.text) else said


def _is_short(line: Line) -> bool:
    return len(line.text.split()) <= 3 * MOST_WORDS


def _together(elements: Sequence[Any]) -> Iterator[str]:
    """The text of each element with those of its kind beside it: authors who have an element each."""
    elements = elements[:_MOST_TOGETHER]
    for element in elements:
        kind, around = _kind(element), next(islice(upwards(element), 2, None), None)
        beside = [e for e in elements if e is not element and _kind(e) == kind and any(node is around for node in islice(upwards(e), 4))]
        yield " ; ".join(map(_text_in_parts, [element, *beside]))


def _kind(element: Any) -> tuple[str, ...]:
    """What elements of a list of authors have in common: the first of their classes, not those of a state ("author has-photo")."""
    return (element.tag, *("".join(element.get(name, "").split()[:1]) for name in ("class", "rel", "itemprop")))


def _text_in_parts(element: Any) -> str:
    """The text of a byline, with a mark where a block ends or a line breaks: "Ann Reed ; The Courier, Varna"."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        text = node.text if event == "start" else node.tail if node is not element else None
        parts += [" ; "] * ((is_block(node) or node.tag == "a") and node is not element) + [f" {text} "] * bool(text)
    return " ".join("".join(parts).split())


def _is_of_menu(link: Any) -> bool:
    """Whether a link stands in a list of several links to authors and more that lead elsewhere."""
    menu = next((node for node in islice(upwards(link), 4) if node.tag in ("ul", "ol")), None)
    items = list(islice(menu.iter("a"), _MOST_TOGETHER)) if menu is not None else []
    return 1 < sum(map(_leads_to_author, items)) < len(items) / 2


def _is_in_text(link: Any) -> bool:
    """Whether a link is a few words of a paragraph."""
    block = next((node for node in upwards(link) if node.tag == "p"), None)
    return block is not None and len("".join(block.itertext()).split()) > 3 * MOST_WORDS


def _leads_to_author(link: Any) -> bool:
    return bool(_of_author().search(link.get("href") or ""))


def _bylines(tree: Any, around: frozenset[Any]) -> Iterator[Any]:
    """Elements that are called bylines or authors, and are not of another article, of comments or of a note on the author."""
    for element in tree.iter(*_BYLINE_TAGS):
        name = " ".join(value for key, value in element.items() if key in _NAMES)
        if element.get("rel") != "author" and not _CLASSES.search(name):
            continue
        if len("".join(element.itertext())) <= MOST_BYLINE and not (_is_aside(element, around) or _is_of_box(element, around)):
            yield element


def _is_of_box(element: Any, around: frozenset[Any]) -> bool:
    """Whether a byline stands below the heading of a box in the text, which names its kind: "Analysis"."""
    for node in islice(upwards(element), 3):
        heading = next(islice(node.itersiblings(*_HEADINGS, preceding=True), 1), None)
        if heading is not None and node.getparent() not in around:
            return " ".join("".join(heading.itertext()).lower().split()) in _kinds_of_pieces()
    return False


def _is_elsewhere(node: Any) -> bool:
    is_quote = _OF_QUOTE.search(node.get("class") or "") is not None
    return is_quote or node.tag in ("figure", "figcaption") or is_named_aside(node, of_byline=True)


def _keys(names: Sequence[str]) -> set[str]:
    return set(map(key_of, names))


@cache
def _kinds_of_pieces() -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["titles"]["kickers"])


@cache
def _of_author() -> re.Pattern[str]:
    return re.compile(
        rf"/(?:(?:{either('pages.toml', 'authors.addresses')})/(?:\d+/)?[\w.-]{{3,}}(?:/\w+)?|@[\w.-]{{3,}})/?(?:\?.*)?$", re.IGNORECASE
    )


@cache
def _by() -> re.Pattern[str]:
    return re.compile(
        rf"(?i)(?:^\W*|[|·•/]\s*)(?:(?:{either('pages.toml', 'authors.by_leads')}) )?(?:{either('pages.toml', 'authors.by')})\b(?:[: ]|$)"
    )


def _signed_names() -> str:
    """Names of two words or more, or of initials and a word, written as such."""
    last = rf"(?: [A-Z]\.| (?:{either('pages.toml', 'authors.particles')}))*(?: [A-Z][\w’'-]+){{1,2}}"
    name = rf"(?:(?:[A-Z]\. ?){{1,3}}[A-Z][\w’'-]+|[A-Z][\w’'-]+{last})"
    return rf"({name}(?:(?:,| (?:{JOINS})) {name})*)"


@cache
def _signed() -> re.Pattern[str]:
    """A line of a name alone, or of a name and a day."""
    return re.compile(rf"{_signed_names()}(?:\s*[,|·•–—-]?\s*(?:{DAY.pattern.removeprefix('(?i)')}).*)?")


@cache
def _alone() -> re.Pattern[str]:
    """A line that is "By" or "Author" and names, far from the headline: below the text. Of several of these, some are other articles'."""
    by, labels, more = (either("pages.toml", f"authors.{kind}") for kind in ("by", "labels", "more"))
    return re.compile(rf"(?i:{by}|{labels}):? {_signed_names()}(?: \([^()]{{2,40}}\)|,? (?i:{more}).*)?")


@cache
def _goes_on() -> re.Pattern[str]:
    """A line that names one more author: "and Bo Finch"."""
    return re.compile(rf"(?:{JOINS}) [A-Z]")


@cache
def _noted() -> re.Pattern[str]:
    """A note on who wrote the article: "Ann Reed is a staff writer at the Courier."."""
    opening, what = either("pages.toml", "authors.noted_as"), either("pages.toml", "authors.noted")
    return re.compile(rf"{_signed_names()} is (?:{opening}) (?:[\w’'-]+ ){{0,4}}?(?:{what})\b")


@cache
def _signed_last() -> re.Pattern[str]:
    """A line of a day, the time perhaps, and a name."""
    day = DAY.pattern.removeprefix("(?i)")
    return re.compile(rf"(?=.{{0,40}}{day}).{{0,60}}(?:\d|\b[AaPp]\.?[Mm]\.?|\b[A-Z]{{2,4}})\W+{_signed_names()}(?:\s*[|·•].*)?")
