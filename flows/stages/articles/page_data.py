"""What a page says of its article for machines: JSON-LD, <meta> elements and the data of its scripts."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from lxml import etree
from lxml import html as lxml_html

from qantar.stages.articles.page_layout import key_of, page_lines
from qantar.text.lexicon import read_toml

_MOST_BESIDE = 400  # texts of one part
_DEPTH = 12
_MOST_CHARACTERS = 10_000  # of one value
_LEAST_LETTERS = 250  # of paragraphs in the data of a script, to be an article
_LEAST_PARAGRAPH = 60  # letters of a text in such data that may be a paragraph of it
_MARKUP = re.compile(r"<(?:p|br|div|h\d|li|ul|ol|em|strong|b|i|a|span|blockquote)\b[^>]{0,2000}/?>|</\w+>", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",\s*(?=[\]}])")
_PAGE_DATA = re.compile(
    r"__NEXT_DATA__|__NUXT_DATA__|__INITIAL_STATE__|__PRELOADED_STATE__|__preloadedData|__APOLLO_STATE__|Fusion\.globalContent(?!\w)"
)
_MOST_STATES = 8  # variables with data in a script
_BROWSER = re.compile(rf"{_PAGE_DATA.pattern}|__NUXT__|__next_f|id=[\"']?(?:root|app|__next|__nuxt|___gatsby)\b")
_URL = re.compile(r"\w+://|/\S*$|\S+\.(?:js|css|png|jpe?g|svg|woff2?)$")

Node = dict[str, Any]


class PageData(NamedTuple):
    """The article's JSON-LD node, {} for none; the page's <meta> contents by name; its publishers' names; what stands beside it."""

    article: Node
    meta: dict[str, list[str]]
    nodes: dict[str, Node]
    publishers: list[str]
    beside: str = ""

    def first(self, kind: str) -> str | None:
        """The best value among the <meta> names that the lexicon lists under `kind`."""
        return next((values[0] for name in meta_names(kind) if (values := self.meta.get(name))), None)


def read_data(tree: Any, address: str | None) -> PageData:
    """The metadata of a parsed page; `address` tells its article from others that the page lists."""
    found = list(_json_nodes(tree))
    known = [node for node in found if isinstance(node.get("@id"), str)]
    nodes = {node["@id"]: node for node in sorted(known, key=lambda node: (bool(node.get("name")), len(node)))}  # the last one stays
    articles = [node for node in found if types_of(node) & _types("articles")]
    organizations = [node for node in found if is_organization(node)]
    article = _own(articles, address)
    publishers = [name for node in (*named(article.get("publisher"), nodes), *organizations) if (name := text_of(node.get("name")))]
    return PageData(article, _meta(tree), nodes, list(dict.fromkeys(publishers)), "\n".join(_beside(tree))[:_MOST_CHARACTERS])


def _beside(tree: Any) -> Iterator[str]:
    """The texts of <aside> and <footer>, which is where other articles have their days."""
    for element in tree.iter("aside", "footer"):
        yield from islice(element.itertext(), _MOST_BESIDE)


def types_of(node: Node) -> set[str]:
    """The schema.org types of a node, without their namespace."""
    kinds = node.get("@type")
    return {kind.rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}


def is_organization(node: Node) -> bool:
    """Whether a node of JSON-LD describes an organisation, and no person who publishes a site."""
    return bool(types_of(node) & _types("organizations")) and "Person" not in types_of(node)


def named(value: Any, nodes: dict[str, Node]) -> list[Node]:
    """What a property names, each as a node: texts, nodes, references to nodes, lists of these."""
    value = load_json(value) if isinstance(value, str) and value.lstrip().startswith("{") else value
    if isinstance(value, str):
        return [{"name": value}]
    if isinstance(value, list):
        return [node for one in value for node in named(one, nodes)]
    if not isinstance(value, dict):
        return []
    if isinstance(of := value.get("name"), list):
        return [{**value, "name": name} for name in of if isinstance(name, str)]
    node = {**nodes.get(str(value.get("@id")), {}), **{key: said for key, said in value.items() if said}}
    return [{**node, "name": node.get("name") or f"{text_of(node.get('givenName'))} {text_of(node.get('familyName'))}"}]


def text_of(value: Any) -> str:
    """A value as plain text on one line; empty for what is none."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), "")
    return " ".join(html.unescape(value[:_MOST_CHARACTERS]).split()) if isinstance(value, str) else ""


def meta_names(kind: str) -> list[str]:
    """Names of <meta> elements for a kind of metadata, the best first."""
    return list(read_toml("pages.toml")["meta"][kind])


@cache
def _types(kind: str) -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["types"][kind])


@cache
def _elsewhere() -> frozenset[str]:
    return frozenset(read_toml("pages.toml")["types"]["elsewhere"])


# --- JSON-LD -------------------------------------------------------------------------------------------------------------


def _json_nodes(tree: Any) -> Iterator[Node]:
    """The nodes of all JSON-LD of the page that may be about the page itself, in order."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield from _nodes(load_json(script.text), _DEPTH)


def load_json(text: str) -> Any:
    """The value of a page's JSON, as strictly as pages write it; None for what cannot be read."""
    text = _COMMENT.sub("", text)
    for repaired in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any, depth: int) -> Iterator[Node]:
    if not depth:
        return
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key, one in value.items():
            if key not in _elsewhere():
                yield from _nodes(one, depth - 1)


def _own(articles: Sequence[Node], address: str | None) -> Node:
    """The node of the page's own article: the one at its address, else the one that says most."""
    if address:
        wanted = key_of(address.partition("://")[2])
        for node in articles:
            if wanted in {key_of(one.partition("://")[2]) for one in _addresses(node)}:
                return node
    return max(
        articles,
        key=lambda node: ("headline" in node) + ("author" in node) + ("datePublished" in node) + 3 * ("articleBody" in node),
        default={},
    )


def _addresses(node: Node) -> Iterator[str]:
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


# --- <meta> --------------------------------------------------------------------------------------------------------------


def _meta(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for element in tree.iter("meta"):
        content = text_of(element.get("content") or (element.get("value") if element.get("itemprop") else None))
        if content:
            for attribute in ("property", "name", "itemprop"):
                if (name := element.get(attribute)) and not _is_of_another(element):
                    found[name.lower()].append(content)
    return dict(found)


def _is_of_another(element: Any) -> bool:
    """Whether the nearest thing that an element describes is a picture, a video or an item of a list, not the article."""
    around = element.getparent()
    while around is not None and around.get("itemtype") is None:
        around = around.getparent()
    return around is not None and around.get("itemtype").rpartition("/")[2] in _types("media") | _types("lists")


# --- texts ---------------------------------------------------------------------------------------------------------------


def article_text(data: PageData) -> list[str]:
    """The paragraphs of the article's JSON-LD: its body, or the updates of a live blog below it."""
    body = paragraphs_of(data.article.get("articleBody"))
    updates = data.article.get("liveBlogUpdate")
    for update in updates if isinstance(updates, list) else [updates]:
        if isinstance(update, dict):
            headline, text = text_of(update.get("headline")), paragraphs_of(update.get("articleBody"))
            body += [headline] * (headline not in text[:1]) + [line for line in text if line not in body]
    return body


def script_text(tree: Any, title: str | None = None) -> list[str]:
    """The paragraphs of an article that stands only in the data of a page's script, as pages made in the browser have it; [] for none.

    Of several articles in such data it is the one with most words of the page's `title`, of these the longest.
    """
    words = _long_words([title or ""])
    for value in script_values(tree):
        bodies = [lines for lines in _bodies(value, _DEPTH) if sum(map(len, lines)) >= _LEAST_LETTERS]
        best = max(bodies, key=lambda lines: (len(words & _long_words(lines)), sum(map(len, lines))), default=[])
        if sum(len(key_of(line)) for line in best) >= _LEAST_LETTERS:
            return list(dict.fromkeys(best))
    return []


def _long_words(lines: Sequence[str]) -> set[str]:
    return set(re.findall(r"\w{4,}", " ".join(lines)))


def script_values(tree: Any) -> Iterator[Any]:
    """The data that pages made in the browser have in their scripts: all of a script that holds JSON, or what a variable is given."""
    for script in tree.iter("script"):
        text, kind = script.text or "", script.get("type") or ""
        if "ld+json" in kind:
            continue
        if "json" in kind:
            yield load_json(text)
        else:
            yield from (_decoded(text, text.find("{", found.end())) for found in islice(_PAGE_DATA.finditer(text), _MOST_STATES))


def _decoded(text: str, start: int) -> Any:
    """The value that begins there, whatever follows it; None for what cannot be read."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0] if start >= 0 else None
    except (ValueError, RecursionError):
        return None


def is_made_in_browser(page: str) -> bool:
    """Whether a page has the marks of one that scripts fill in the browser."""
    return bool(_BROWSER.search(page))


def _bodies(value: Any, depth: int) -> Iterator[list[str]]:
    """For each list or value of the data, the paragraphs that it is made of."""
    if isinstance(value, str):
        yield paragraphs_of(value)
    elif isinstance(value, list) and depth:
        yield [line for one in value for line in _paragraphs_below(one, 4)]
        for one in value:
            yield from _bodies(one, depth - 1)
    elif isinstance(value, dict) and depth:
        for one in value.values():
            yield from _bodies(one, depth - 1)


def _paragraphs_below(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= _LEAST_PARAGRAPH:
            yield from paragraphs_of(value)
    elif isinstance(value, dict) and str(value.get("type") or value.get("tag") or value.get("nodeType")).lower() in _types("paragraphs"):
        yield from paragraphs_of("".join(_run(value, depth)))
    elif isinstance(value, (dict, list)) and depth:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _paragraphs_below(one, depth - 1)


def _run(value: Any, depth: int) -> Iterator[str]:
    """The pieces of text of one paragraph, which links and such part."""
    if isinstance(value, list):
        for one in value:
            yield from _run(one, depth)
    elif depth:
        for key, one in value.items():
            if isinstance(one, (dict, list)):
                yield from _run(one, depth - 1)
            elif isinstance(one, str) and key in _types("texts") and not _URL.match(one):
                yield one


def paragraphs_of(value: Any) -> list[str]:
    """The paragraphs of a text of such data, which may be markup, itself escaped; none of an address, which has no spaces."""
    if not isinstance(value, str) or " " not in value:
        return []
    text = html.unescape(value) if "&lt;" in value else value
    if not _MARKUP.search(text):
        return list(map(text_of, re.split(r"\n+|\\n", text)))
    try:
        return [line.text for line in page_lines(lxml_html.fromstring(f"<div>{text}</div>"))]
    except (etree.ParserError, ValueError):
        return []
