"""Where on its page each line of text stands: in which block, among which links, in which part of the page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, islice, pairwise
from typing import Any, NamedTuple

from lxml import etree

from qantar.text.lexicon import either, read_lines

_BLOCKS = """
address article aside blockquote body br button caption center dd details dialog div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr iframe label legend li main nav ol option p pre section select summary table tbody td tfoot th thead
time tr ul video audio
"""
_UNSEEN = "head script style noscript template svg math textarea"
_KINDS = {**dict.fromkeys(_BLOCKS.split(), "block"), **dict.fromkeys(_UNSEEN.split(), "unseen")}
_LEAVES = frozenset(("p", "li", "td", "th", "dd", "dt", "blockquote", "pre", "ul", "ol", "dl", "tr", "tbody", "table"))
_SHARE = 0.75  # of the chosen paragraphs' letters, for a part of the page to be the article's body
LEAST_PARAGRAPH, _LEAST_UNIQUE = 40, 20  # letters
_OF_BYLINE = re.compile(rf"(?i){either('pages.toml', 'authors.footers')}")
_MOST_OF_BYLINE = 40  # words of a byline, its day and the controls beside them
_OF_AUTHOR = re.compile(r"(?i)byline|author-?_?name|(?:^|\s)author(?:\s|$)")
_BYLINE_NAMES = ("class", "itemprop", "data-component", "data-testid", "data-qa")
_NEVER_ASIDE = frozenset(("html", "body", "main", "article"))
_NAME_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEAST_ARTICLE = 500  # characters of an <article> that is one
_MOST_LINKS = 20  # that are looked at beside a day or a byline
_LEAST_LONG, _LEAST_PARAGRAPHS = 150, 3  # characters of a paragraph, paragraphs of an article
_LEAST_OF_CELL = 80  # characters of a paragraph in a cell of a table that a page is laid out in
_MOST_BEFORE_TEXT = 40  # lines between a headline and the first paragraph
_MOST_HEADLINES = 20  # <h1> of a page that are looked at
_LEAST_SPACES = 6  # of a sentence
_OF_SUBJECT = (
    "tag-",
    "category-",
    "with-",
    "has-",
    "no-",
    "field-label-",
    "node-promoted",
    "node--promoted",
)  # what a part is about, or has beside it, not what it is
_TABLE = ("table", "tbody", "thead", "tr", "td", "th")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_BELOW_SENTENCE = re.compile(r"(?<=[.!?”\"’)])[ \t]*\n[ \t]*\n")
_LEAST_PLAIN = 4  # paragraphs of a text that is parted by blank lines alone
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_ASCII_WORD = {n: None for n in range(128) if not chr(n).isalnum()}  # the same for most lines, and much quicker


class Line(NamedTuple):
    """A line of the page: its key (see `key_of`), its text, the block that holds it, how many letters of the key lead elsewhere."""

    key: str
    text: str
    block: Any
    n_linked: int

    @property
    def is_paragraph(self) -> bool:
        """Whether the line is long enough to be a paragraph, and mostly no links."""
        return len(self.key) >= LEAST_PARAGRAPH and 2 * self.n_linked < len(self.key)

    @property
    def is_sentence(self) -> bool:
        """Whether it could be a sentence of the article though all of it is a link: headlines do not end in a full stop."""
        return self.text.rstrip("\"”’'").endswith(".") and not self.text.endswith("..") and self.text.count(" ") >= _LEAST_SPACES


def is_block(node: Any) -> bool:
    """Whether an element begins a line of its own."""
    return _KINDS.get(node.tag) == "block"


def key_of(text: str) -> str:
    """The letters and digits of a text in small letters, by which a line is known again whatever became of its spaces and marks."""
    return text.translate(_NOT_ASCII_WORD).lower() if text.isascii() else _NOT_WORD.sub("", text).casefold()


def page_lines(tree: Any) -> list[Line]:
    """The lines of text of a page, in order, as its blocks part them."""
    lines: list[Line] = []
    parts: list[str] = []
    linked: list[str] = []
    blocks: list[Any] = [tree]
    n_links = 0

    def flush() -> None:
        whole = "".join(parts)
        for part in _parted(whole, blocks[-1]):
            text = " ".join(part.split())
            if key := key_of(text):
                lines.append(Line(key, text, blocks[-1], len(key_of("".join(linked))) if linked else 0))
        parts.clear()
        linked.clear()

    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        kind = _KINDS.get(node.tag) if event in ("start", "end") else None
        if kind == "block":
            if parts:
                flush()
            blocks.append(node) if event == "start" else blocks.pop()
        elif _leads_elsewhere(node):
            n_links += 1 if event == "start" else -1
        elif kind == "unseen" and event == "start":
            walk.skip_subtree()
            continue
        if text := node.text if event == "start" else node.tail:
            parts.append(text)
            if n_links:
                linked.append(text)
    flush()
    return lines


def _parted(text: str, block: Any) -> list[str]:
    """The paragraphs of a block's text: those of plain text, in <pre>, or in a <div> that shows the blank lines between whole sentences."""
    if block.tag == "pre":
        return _BLANK_LINE.split(text)
    parts = _BELOW_SENTENCE.split(text) if block.tag == "div" else []
    return parts if len(parts) >= _LEAST_PLAIN else [text]


def paragraphs(text: str) -> list[str]:
    """The keys of those lines of a text that are long enough to be paragraphs."""
    return [key for key in map(key_of, text.split("\n")) if len(key) >= LEAST_PARAGRAPH]


def _leads_elsewhere(link: Any) -> bool:
    return not (link.get("href") or "#").startswith("#")


def find_lines(texts: Sequence[str], lines: Sequence[Line]) -> list[int | None]:
    """For each text the line of the page where it begins, None where it cannot be found; searched on from the one before.

    Of several places it is the one nearest above that of the next text: a first paragraph stands in a box for sharing as well.
    """
    whole = "".join(line.key for line in lines)
    starts = list(accumulate((len(line.key) for line in lines), initial=0))
    keys, found = list(map(key_of, texts)), [-1] * len(texts)
    cursor = 0
    for i, key in enumerate(keys):
        found[i] = whole.find(key, cursor) if key else -1
        if found[i] >= 0:
            cursor = found[i] + len(key)
        elif len(key) > _LEAST_UNIQUE:
            found[i] = whole.find(key)
    for i in reversed(range(len(keys) - 1)):
        if 0 <= found[i] < found[i + 1] and len(keys[i]) >= LEAST_PARAGRAPH:
            nearest = whole.rfind(keys[i], found[i], found[i + 1])
            found[i] = nearest if starts[bisect_right(starts, nearest) - 1] == nearest else found[i]
    return [bisect_right(starts, at) - 1 if at >= 0 else None for at in found]


def part_lines(text: str, lines: Sequence[Line]) -> str:
    """A text of one line as the page's blocks part it, where it is these blocks one after the other; else the text as it is."""
    key = key_of(text)
    for first in range(len(lines)):
        at, last = 0, first
        while last < len(lines) and key.startswith(lines[last].key, at):
            at += len(lines[last].key)
            last += 1
        if at == len(key) and last > first + 1:
            return "\n".join(line.text for line in lines[first:last])
    return text


def part_plain_lines(text: str, lines: Sequence[Line]) -> str:
    """A text whose long lines are each parted as the page parts them, by its blocks or by blank lines in one block."""
    return "\n".join(part_lines(line, lines) if len(line) >= _LEAST_ARTICLE else line for line in text.split("\n"))


class Layout:
    """The page around the lines that an extractor chose from it."""

    def __init__(self, lines: Sequence[Line], chosen: Collection[int]):
        self.lines = lines
        self.mass: dict[Any, int] = defaultdict(int)
        for i in chosen:
            for node in upwards(lines[i].block):
                self.mass[node] += len(lines[i].key)
        self.body = self._body([i for i in chosen if len(lines[i].key) >= LEAST_PARAGRAPH])

    def _body(self, paragraphs: Sequence[int]) -> Any:
        """The smallest part of the page that holds most of the chosen paragraphs; None where there are none."""
        weight: dict[Any, int] = defaultdict(int)
        for i in paragraphs:
            for node in upwards(self.lines[i].block):
                weight[node] += len(self.lines[i].key)
        body = node = max(weight, key=weight.__getitem__, default=None)
        least = _SHARE * weight[node]
        while node is not None:
            body, node = node, next((child for child in node if weight[child] >= least), None)
        return next((part for part in upwards(body) if part.tag not in _LEAVES), None)

    def is_inside(self, i: int) -> bool:
        """Whether line `i` stands inside the element that holds the article."""
        return any(node is self.body for node in upwards(self.lines[i].block))

    def branch(self, i: int) -> list[Any]:
        """The parts of the page around a line, smallest first, up to the article's body or to what holds the body too."""
        around: list[Any] = []
        for node in upwards(self.lines[i].block):
            if self.mass[node] >= self.mass[self.body]:
                break
            around.append(node)
        return around


def upwards(node: Any) -> Iterator[Any]:
    """A part of the page, what holds it, what holds that, and so on."""
    while node is not None:
        yield node
        node = node.getparent()


def is_named_aside(part: Any, of_byline: bool = False) -> bool:
    """Whether the class or id of a part of the page says that it is not an article; `of_byline` spares what a byline may stand in."""
    if part.tag in _NEVER_ASIDE:
        return False
    return _names_aside(f"{part.get('class', '')} {part.get('id', '')}", of_byline)


def name_words(name: str) -> set[str]:
    """The words that the name of a part is made of, in small letters.

    >>> sorted(name_words("articleDek entry-summary"))
    ['article', 'dek', 'entry', 'summary']
    """
    return {word.lower() for word in _NAME_WORDS.findall(name)}


def spare_bylines(tree: Any) -> None:
    """Let no <footer> or other part that systems put a byline into be furniture of a page."""
    for element in tree.iter("footer", "aside", "nav"):
        if _OF_BYLINE.search(element.get("class") or ""):
            element.tag = "div"
        elif _is_byline_alone(element):
            element.tag = "div"
            element.attrib.pop("class", None)


def _is_byline_alone(element: Any) -> bool:
    """Whether a part of an article has a byline, few words, and no headline of another article."""
    whole = next((node for node in upwards(element) if node.tag in ("article", "main", "body")), None)
    if whole is None or whole.find(".//h1") is None or len("".join(element.itertext()).split()) > _MOST_OF_BYLINE:
        return False
    parts = list(element.iter())
    has_author = any(map(names_byline, parts)) or (any(map(_names_author, parts)) and _is_above_text(element, whole))
    return has_author and not any(part.tag in ("h1", "h2", "h3", "h4", "article") for part in parts)


def _names_author(part: Any) -> bool:
    """Whether a part is marked as a link to the author, or has one of the names of a byline or an author."""
    return part.get("rel") == "author" or any(map(_OF_AUTHOR.search, (part.get(name) or "" for name in _BYLINE_NAMES)))


def _is_above_text(element: Any, whole: Any) -> bool:
    """Whether an element stands above the first long paragraph of an article, where no note on its author does."""
    first = next(node for node in whole.iter("p", element.tag) if node is element or len("".join(node.itertext())) >= _LEAST_LONG)
    return first is element


def names_byline(part: Any) -> bool:
    """Whether a part is called a byline, and says something."""
    return "byline" in (part.get("class") or "") and bool("".join(part.itertext()).strip())


def is_of_teaser(element: Any, around: frozenset[Any], n_words: int = 4) -> bool:
    """Whether a link that reads like a headline, of so many words, stands beside an element: it is of another article."""
    near = (
        node for node in islice(upwards(element.getparent()), 2) if node not in around and not (_is_in_byline(node) or _holds_text(node))
    )
    links = (link for node in near for link in islice(node.iter("a"), _MOST_LINKS))
    return any(_n_words(link) >= n_words and not any(map(is_named_aside, islice(upwards(link), 2))) for link in links)


def _is_in_byline(element: Any) -> bool:
    return any(map(names_byline, islice(upwards(element), 3)))


def _holds_text(part: Any, least: int = _LEAST_LONG) -> bool:
    """Whether a part of the page has several paragraphs of so many characters, as no teaser has."""
    long = (p for p in part.iter("p") if len("".join(p.itertext())) >= least)
    return len(list(islice(long, _LEAST_PARAGRAPHS))) == _LEAST_PARAGRAPHS


def _n_words(link: Any) -> int:
    """The words of a link, those of days in it left out."""
    days = sum(len("".join(time.itertext()).split()) for time in link.iter("time"))
    return len(" ".join(link.itertext()).split()) - days


def n_before_text(lines: Sequence[Line]) -> int:
    """How many lines stand before the first of two paragraphs, among the buttons and lists below a headline; 0 where they are too many."""
    are = [line.is_paragraph for line in lines[: _MOST_BEFORE_TEXT + 1]]
    return next((i for i, both in enumerate(pairwise(are)) if all(both)), 0)


@cache
def _part_names(of_byline: bool) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    rows = [line.split() for line in read_lines("page_parts.txt")]
    spared = frozenset(read_lines("byline_parts.txt")) if of_byline else frozenset()
    return frozenset(row[0] for row in rows if len(row) == 1) - spared, tuple(frozenset(row) for row in rows if len(row) > 1)


@lru_cache(maxsize=10_000)
def _names_aside(name: str, of_byline: bool) -> bool:
    single, several = _part_names(of_byline)
    for one in name.split():
        if one.startswith(_OF_SUBJECT):
            continue
        words = name_words(one)
        if words & single or any(row <= words for row in several):
            return True
    return False


def spare_article(tree: Any) -> None:
    """Let no part that holds the headline and most paragraphs of a page be an aside, whatever it is called: "steady-paywall-container"."""
    around = {node for headline in islice(tree.iter("h1"), _MOST_HEADLINES) for node in upwards(headline)}
    for node in [node for node in around if node.tag == "aside" or is_named_aside(node)]:
        if _paragraph_length(node) >= max(_LEAST_ARTICLE, _SHARE * _paragraph_length(tree)):
            node.tag = "div" if node.tag == "aside" else node.tag
            for name in ("class", "id"):
                node.attrib.pop(name, None)


def _paragraph_length(part: Any) -> int:
    return sum(len("".join(paragraph.itertext())) for paragraph in part.iter("p"))


def unfold_tables(tree: Any) -> None:
    """Make parts of the page of tables that show no data: those of one cell, and all tables of an old page that is laid out in cells."""
    single = list(filter(_has_one_cell, tree.iter("table")))
    for cell in [cell for table in single for cell in table.iter("td", "th") if not any(map(is_block, cell.iterdescendants()))]:
        cell.tag = "p"  # what a <div> says beside paragraphs, extractors leave out
    unfolded = [tree] if any(map(_is_laid_out, tree.iter("td"))) else single
    for node in [node for part in unfolded for node in part.iter(*_TABLE)]:
        node.tag = "div"


def _has_one_cell(table: Any) -> bool:
    return len(list(islice(table.iter("td", "th"), 2))) == 1


def _is_laid_out(cell: Any) -> bool:
    """Whether a cell holds the paragraphs of an article, none of which stands in a table within it."""
    return next(cell.iter("table"), None) is None and _holds_text(cell, _LEAST_OF_CELL)


def drop_other_articles(tree: Any) -> None:
    """Take out the articles that follow the first on a page that goes on for ever: each an <article> with a headline of its own."""
    headed = [article for article in tree.iter("article") if article.find(".//h1") is not None]
    for article in headed[1:]:
        if len("".join(headed[0].itertext())) >= _LEAST_ARTICLE and not any(node in headed for node in upwards(article.getparent())):
            article.getparent().remove(article)
