"""The one loader of `flows/lexicon/`: language data as files. Lines that begin with `#` say where a file is from and what uses it.

What is loaded is checked: a word that stands twice in a list, a row of the wrong length and a key that is not there are errors that
name the file.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1] / "lexicon"


class LexiconError(ValueError):
    """A file of the lexicon that cannot be right; the message names the file and the place."""


class _Table(dict[str, Any]):
    """A table of a TOML file; a key that is not there is named with its file."""

    def __init__(self, rows: dict[str, Any], place: str) -> None:
        super().__init__({key: _Table(value, f"{place} [{key}]") if isinstance(value, dict) else value for key, value in rows.items()})
        self.place = place

    def __missing__(self, key: str) -> Any:
        raise LexiconError(f'{self.place} has no key "{key}"; it has: {", ".join(self)}')


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the lexicon, by column. Raises `LexiconError` for a row that is too long or too short, or stands twice."""
    header, rows = _rows(name)
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_columns(name: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """Two columns or more of a CSV file of the lexicon, row by row, in half the time of whole rows. Raises as `read_table` does.

    >>> next(read_columns("demonyms.csv", "of", "forms"))[0]
    'AF'
    """
    header, rows = _rows(name)
    return map(itemgetter(*map(header.index, columns)), rows)


def _rows(name: str) -> tuple[list[str], list[list[str]]]:
    import csv  # not needed by what reads words alone

    with (HERE / name).open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if line.strip() and not line.startswith("#")]
    _refuse_repeated(name, map(str.strip, lines))
    header, *rows = csv.reader(lines)
    for row in rows:
        if len(row) != len(header):
            raise LexiconError(f"{name}: row {row[0]!r} has more or fewer fields than columns; quote what holds a comma")
    return header, rows


def read_lines(name: str) -> list[str]:
    """Lines of a text file of the lexicon, blank ones left out. Raises `LexiconError` for a line that stands twice."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    _refuse_repeated(name, found)
    return found


@cache
def read_toml(name: str) -> dict[str, Any]:
    """A TOML file of the lexicon, by key. Raises `LexiconError` for a word that stands twice in a list, and for a key that is not there."""
    with (HERE / name).open("rb") as file:
        table = _Table(tomllib.load(file), name)
    for place, words in _lists(table, name):
        _refuse_repeated(place, words)
    return table


def either(name: str, key: str) -> str:
    """A list of a TOML file of the lexicon as alternatives of a regular expression, in the order of the file.

    A key in a table is written with a full stop: `authors.openings`.

    >>> either("clauses.toml", "coordinators")
    'and|or'
    """
    found: Any = read_toml(name)
    for part in key.split("."):
        found = found[part]
    return "|".join(found)


def _lists(value: Any, place: str) -> Iterator[tuple[str, list[str]]]:
    """The lists of words in a table, with their places; those of patterns and of other lists are none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lists(inner, f"{place} {key}")
    elif isinstance(value, list) and all(isinstance(word, str) for word in value):
        yield place, [word for word in value if word]


def _refuse_repeated(place: str, words: Iterable[Any]) -> None:
    words = list(words)
    if len(set(words)) == len(words):
        return
    repeated = [str(word) for word, n in Counter(words).items() if n > 1]
    if repeated:
        raise LexiconError(f"{place}: {', '.join(repeated[:5])} {'stands' if len(repeated) == 1 else 'stand'} there more than once")
