"""What the scripts of a page say of its article: variables that are kept for statistics, and the data of pages made in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from qantar.stages.articles.page_data import Node, load_json, script_values, text_of
from qantar.stages.articles.page_layout import key_of
from qantar.text.lexicon import either, read_toml

_MOST_CHARACTERS = 1_000_000  # of a script with variables
_MOST_VALUE, _MOST_NAMES, _DEPTH = 300, 20, 14
_LEAST_TITLE = 12  # letters of a headline that shows whose data it stands in
_VALUE = rf"""(?:"([^"\n]{{1,{_MOST_VALUE}}})"|'([^'\n]{{1,{_MOST_VALUE}}})'|\[\s*+("[^\]\n]{{1,{_MOST_VALUE}}})\])"""
_QUOTED = re.compile(r'"([^"]+)"')
_TITLE = re.compile(r"(?i)title|headline")


class Said(NamedTuple):
    """What scripts say: the authors as they write them, the day, the site's name."""

    authors: Sequence[str] = ()
    day: str | None = None
    site: str | None = None


def read_scripts(tree: Any, title: str | None) -> Said:
    """What the scripts of a parsed page say of the article with that title.

    Data of other articles stand beside it there: of the page's data the part that has the title counts, of variables what is said once.
    """
    texts = [script.text for script in tree.iter("script") if 0 < len(script.text or "") <= _MOST_CHARACTERS]
    counting = [text for text in texts if not text.lstrip().startswith(("{", "[")) and _statistics().search(text)]
    nodes = (node for value in script_values(tree) for node in _of_title(value, key_of(title or ""), _DEPTH))
    nothing: Node = {}
    own = next(nodes, nothing) or _of_page(tree)
    return Said(
        authors=list(islice(_names(_first_of(own, "authors"), 5), _MOST_NAMES)) or _variable(counting, "authors"),
        day=text_of(_first_of(own, "days")) or next(iter(_variable(counting, "days")), None),
        site=next(iter(_variable(texts, "sites")), None),
    )


def _of_page(tree: Any) -> Node:
    """What a <meta> element says of the page as JSON."""
    said = (load_json(element.get("content") or "") for element in tree.iter("meta") if element.get("name") in _words("metas"))
    return next((value for value in said if isinstance(value, dict)), {})


def _of_title(value: Any, key: str, depth: int) -> Iterator[Node]:
    """The parts of the data that have the title, and an author or a day."""
    if len(key) < _LEAST_TITLE or not depth:
        return
    if isinstance(value, dict) and key in map(key_of, _titles(value)) and (_first_of(value, "authors") or _first_of(value, "days")):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _of_title(one, key, depth - 1)


def _titles(node: Node) -> Iterator[str]:
    for name, value in node.items():
        if _TITLE.search(name):
            yield from map(text_of, value.values() if isinstance(value, dict) else (value,))


def _first_of(node: Node, kind: str) -> Any:
    """The value of the first of these keys that the node has, however it writes them: "published_at", "publishedAt"."""
    keys = {name.lower().replace("_", "").replace("-", ""): name for name in node}
    return next((node[keys[name]] for name in _words(kind) if name in keys and node[keys[name]]), None)


def _names(value: Any, depth: int) -> Iterator[str]:
    """The names below a value of the data that tells of authors."""
    if isinstance(value, str):
        yield text_of(value)
    elif isinstance(value, list) and depth:
        for one in value:
            yield from _names(one, depth - 1)
    elif isinstance(value, dict) and depth:
        name = next((value[key] for key in _words("names") if isinstance(value.get(key), str) and value[key].strip()), None)
        yield from (text_of(name),) if name else _names([value[key] for key in _words("below") if key in value], depth)


def _variable(texts: Sequence[str], kind: str) -> list[str]:
    """What variables for statistics say: nothing where they say several things, as those of a list of articles do."""
    said = {match.groups() for text in texts for match in _assigned(kind).finditer(text)}
    values = {tuple(_QUOTED.findall(several)) if several else (one or other,) for one, other, several in said}
    return [text_of(value) for value in values.pop()] if len(values) == 1 else []


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(read_toml("pages.toml")["scripts"][kind])


@cache
def _statistics() -> re.Pattern[str]:
    return re.compile(either("pages.toml", "scripts.statistics"))


@cache
def _assigned(kind: str) -> re.Pattern[str]:
    names = {
        "authors": either("pages.toml", "scripts.variables_of_authors"),
        "days": either("pages.toml", "scripts.variables_of_days"),
        "sites": either("pages.toml", "scripts.variables_of_sites"),
    }
    return re.compile(rf"""(?<![\w$-])["']?(?:{names[kind]})["']?\s*+[:=,]\s*+{_VALUE}""", re.IGNORECASE)
