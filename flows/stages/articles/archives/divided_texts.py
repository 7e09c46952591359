"""Texts whose articles are divided by a sign and a title alone: stars, slashes, form feeds, numbers, headings of Markdown, capitals.

Parts of one article may be divided likewise. They go on about the same: a sign counts where what follows it shares few names with
all above, and lacks no byline or day that the first title has.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from qantar.text.lexicon import either, read_toml

_SIGNS = (
    r"\n(?:[ \t]*[^\w\s][^\w\n]{0,80}\n|[ \t]*\(?[IVX]{1,5}\r?\n|[^\n]{0,40}\d(?:[^\n]{0,19}[^\n.!?:\r])?\r?\n|"
    r"\S{1,40}@\S{3,40}\r?\n|[^\w\s][^\n]{0,100}[^\w\s.]\r?\n|[^\n\w]{0,4}(?i:%s) \w{1,6}[^\w.]{0,4}\n)"
)
_LONGEST_SIGN = 110
"""Characters of a line that is such a sign, but for white space before it."""
_SIGNS_OF_ANY_LENGTH = r"\n(?:#{1,3} |[ \t]*\(?[IVX]{1,5}[.):] |(?i:%m))"
_SIGNS_AS_THEY_ARE = ("\f", "\n\n\n\n\n", "\n\r\n\r\n\r\n\r\n")
_ALL_MARKS = re.compile(r"[^\w\s]+(?:\s+[^\w\s]+)*|[^\w\s]+(?:\w[^\w\s]+){2,}")
_LINE = re.compile(r"([-=~^_*+#])\1{2,}")
_MARKDOWN = re.compile(r"(#{1,3})\s+")
_ROMAN = re.compile(r"\**\(?([IVX]{1,5})[.):]\s+")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_WRAPPED = re.compile(r"(\*{1,3}|_{1,2}|={1,4}|~{1,3}|-{2,8})\s*\w.*?\s*\1")
_OPENS = re.compile(r"^[^\w\s\"“‘'(]+\s*|\s*[*_=~#-]+$")
_ENDS, _CLOSES = frozenset(".!?…:;,"), "\"”’'»)]"
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]{2,}")
_LEAST_TITLE, _MOST_TITLE, _LONGEST_TITLE = 3, 18, 200  # words, characters
_LATEST_TITLE = 3  # lines among which the first title is
_FULL = 60  # characters of a line that was broken at a margin
_LEAST_CAPITALS = 4  # words of a title in capitals
_LEAST_WORDS = 40  # of an article
_LEAST_PROSE, _WITHIN = 45, 4  # characters of a line of prose; how many lines below a title one stands
_WIDE_GAP = 4  # blank lines
_MOST_FIELD, _MOST_SHAPE = 6, 4  # words of a line beside a title; of one that is no title
_MOST_SHARED = {"by_number": 0.4, "by_marks": 0.4, "by_monitor": 0.6}
_MOST_SHARED_ELSE = 0.25
"""The share of the names of the shorter of two texts, by the sign between them, that both may have."""
_OF_HEADINGS = frozenset(("own_capitals", "own_wrapped", "own_markdown", "own_roman", "by_rule"))
"""Signs that headings within one article have as well."""
_MOST_SHARED_BELOW_HEADINGS = 0.2


class _Row(NamedTuple):
    """A line with text, and what stands above it: how many line breaks, whether a form feed."""

    text: str
    n_breaks: int
    is_page: bool


def may_be_divided(text: str) -> bool:
    """Whether a text has any of these signs, or its first line is in capitals: a quick look."""
    if text.lstrip().partition("\n")[0].isupper() or any(sign in text for sign in _SIGNS_AS_THEY_ARE):
        return True
    if _signs_of_any_length().search(text):
        return True
    *lines, _ = text.split("\n")
    short = [line for line in lines[1:] if line and (len(line) <= _LONGEST_SIGN or line[0] in " \t")]
    return _signs().search("\n".join(["", *short, ""])) is not None


def count_divided(text: str) -> int:
    """How many articles a text holds that signs and titles divide; 1 for any other.

    >>> count_divided("One article.")
    1
    """
    rows = list(_rows(text))
    if not any(_is_title(rows, i) for i in range(min(_LATEST_TITLE, len(rows)))):
        return 1
    starts = [i for i in range(len(rows)) if _is_title(rows, i)]
    borders = list(_borders(rows, starts))
    shares: dict[str, list[float]] = defaultdict(list)
    above = _Names(rows[: borders[0][0]] if borders else [])
    for (at, sign), (end, _) in pairwise([*borders, (len(rows), "")]):
        below = _Names(rows[at:end])
        if min(above.n_words, below.n_words) >= _LEAST_WORDS:
            shares[sign.partition(":")[0]].append(above.shared(below))
            above.n_words = 0
        above.add(below)
    return 1 + sum(_n_apart(kind, of_kind) for kind, of_kind in shares.items())


def _borders(rows: Sequence[_Row], starts: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The titles below the first that have a sign which can divide articles, and that sign."""
    said = Counter(_NUMBER.sub("", rows[i].text) for i in starts)  # the head of a page is said on each
    once = [i for i in starts[1:] if said[_NUMBER.sub("", rows[i].text)] == 1]
    signs = {i: sign for i in once if (sign := _sign(rows, i, starts[0]))}
    if _n_fields(rows, starts[0]):
        signs = {i: sign for i, sign in signs.items() if _n_fields(rows, i)}
    kinds, opening = Counter(signs.values()), _own_sign(rows[starts[0]].text)
    marks = Counter(row.text[0] for row in rows[1:-1] if _is_marks(row.text))
    yield from ((i, sign) for i, sign in signs.items() if _counts(sign, kinds, opening, marks))


def _n_apart(kind: str, shares: Sequence[float]) -> int:
    """How many of the borders of one kind part articles: those with few names in common, or all of them, where headings have such signs."""
    if kind in _OF_HEADINGS:
        return len(shares) if max(shares) <= _MOST_SHARED_BELOW_HEADINGS else 0
    return sum(share <= _MOST_SHARED.get(kind, _MOST_SHARED_ELSE) for share in shares)


def _counts(sign: str, kinds: Counter[str], opening: str, marks: Counter[str]) -> bool:
    """Whether a sign can divide articles: one that belongs to a title opens the text, too, and marks stand above titles alone."""
    kind, _, mark = sign.partition(":")
    if kind.startswith("own"):
        return opening == sign
    return kind != "by_marks" or kinds[sign] >= marks[mark]


def _rows(text: str) -> Iterator[_Row]:
    n_breaks, is_page = -1, True
    for line in text.replace("\r\n", "\n").split("\n"):
        n_breaks += 1
        for i, part in enumerate(line.split("\f") if "\f" in line else (line,)):
            is_page |= i > 0
            if said := part.strip():
                yield _Row(said, n_breaks, is_page)
                n_breaks, is_page = 0, False


def _is_title(rows: Sequence[_Row], i: int) -> bool:
    """Whether a line may be a title: a few words that end no sentence, above prose and below the end of a sentence or a short line."""
    text = rows[i].text
    title = "" if len(text) > _LONGEST_TITLE or _is_sentence(text) else _bare(text)
    n_words = len(title.split())
    if not _LEAST_TITLE <= n_words <= _MOST_TITLE or not (title[0].isupper() or not title[0].isalpha()):
        return False
    if _is_sentence(title):
        return False
    is_below = i == 0 or _ends_sentence(rows[i - 1].text) or len(rows[i - 1].text) < _LEAST_PROSE
    goes_on = len(title) >= _FULL and i + 1 < len(rows) and rows[i + 1].n_breaks == 1
    if goes_on or not is_below or (_shape(title) and n_words <= _MOST_SHAPE):
        return False
    return _n_fields(rows, i) < min(_WITHIN, len(rows) - i - 1)


def _ends_sentence(text: str) -> bool:
    """Whether a line ends with a sign that sentences end or go on with, closing marks behind it perhaps."""
    return text.rstrip(_CLOSES)[-1:] in _ENDS


def _is_sentence(line: str) -> bool:
    return _ends_sentence(line) and not line.isupper()


def _n_fields(rows: Sequence[_Row], i: int) -> int:
    """How many lines stand between a title and its text."""
    return next((n for n, row in enumerate(rows[i + 1 : i + 1 + _WITHIN]) if len(row.text) > _LEAST_PROSE), _WITHIN)


def _bare(line: str) -> str:
    return _OPENS.sub("", _ROMAN.sub("", _MARKDOWN.sub("", line, count=1), count=1)) or line


def _own_sign(line: str) -> str:
    """The sign that a title has itself: "own_markdown:#", "own_roman", "own_capitals"; empty for none."""
    if found := _MARKDOWN.match(line):
        return f"own_markdown:{found[1]}"
    if found := _ROMAN.match(line):
        return "own_roman" if found[1] in _ROMANS else ""
    if found := _WRAPPED.fullmatch(line):
        return f"own_wrapped:{found[1]}"
    return "own_capitals" if line.isupper() and len(line.split()) >= _LEAST_CAPITALS else ""


def _sign(rows: Sequence[_Row], i: int, first: int) -> str:
    """The sign that a line begins another article than that of the first title, its own or above it; empty for none."""
    row, above = rows[i], rows[i - 1]
    if own := _own_sign(row.text):
        return own
    if row.is_page or above.is_page:
        return "page"
    if _is_marks(above.text):
        return f"by_marks:{above.text[0]}"
    if _numbered().fullmatch(above.text) and not _goes_on(rows, i - 1):
        return "by_number"
    if any(_monitored().match(one.text) for one in rows[i + 1 : i + 3]):
        return "by_monitor"
    if _LINE.fullmatch(rows[i + 1].text) and _LINE.fullmatch(rows[first + 1].text):
        return "by_rule"
    if above.text == rows[0].text and len(above.text) < _LEAST_PROSE:
        return "line"
    if row.n_breaks > _WIDE_GAP:
        return "gap"
    return "field" if _has_field(rows, i, first) else ""


def _goes_on(rows: Sequence[_Row], i: int) -> bool:
    """Whether a line ends the sentence of the line right above it, which was broken at a margin."""
    return rows[i].n_breaks == 1 and len(rows[i - 1].text) > _LEAST_PROSE and not _ends_sentence(rows[i - 1].text)


def _has_field(rows: Sequence[_Row], i: int, first: int) -> bool:
    """Whether the line above or below a title is of the shape of that beside the first: "(512 words)", "Monday 6 November"."""
    pairs = [(rows[k - 1].text, rows[i - 1].text) for k in (first,) if k] + [(rows[first + 1].text, rows[i + 1].text)]
    return any(_shape(one) == _shape(other) != "" for one, other in pairs)


def _shape(line: str) -> str:
    """A short line with its words and numbers as one letter and digit each; empty where it has words alone, or is long."""
    shape = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", line))
    return shape if len(line.split()) <= _MOST_FIELD and re.search(r"[\d@(\[]", shape) and shape[-1] not in ".!?:" else ""


def _is_prose(row: _Row) -> bool:
    return len(row.text) > _LEAST_PROSE and _monitored().match(row.text) is None


def _is_marks(line: str) -> bool:
    return _ALL_MARKS.fullmatch(line) is not None


class _Names:
    """The names in a part of a text, and its words since another article began."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self.names = {name.removesuffix("’s").removesuffix("'s") for row in rows if _is_prose(row) for name in _NAME.findall(row.text)}
        self.n_words = sum(row.text.count(" ") + 1 for row in rows)

    def shared(self, other: _Names) -> float:
        """The share of the names of the shorter part that both have."""
        return len(other.names & self.names) / max(1, min(len(self.names), len(other.names)))

    def add(self, below: _Names) -> None:
        """Take in what follows."""
        self.names |= below.names
        self.n_words += below.n_words


@cache
def _signs() -> re.Pattern[str]:
    return re.compile(_SIGNS.replace("%s", either("newspaper_archives.toml", "words.border")))


@cache
def _signs_of_any_length() -> re.Pattern[str]:
    return re.compile(_SIGNS_OF_ANY_LENGTH.replace("%m", either("newspaper_archives.toml", "words.monitored")))


@cache
def _numbered() -> re.Pattern[str]:
    """A line that numbers an article: "Article 2", "--- 2 ---", "Story two", or parts it from the next: "--- next article ---"."""
    words = "|".join(read_toml("calendar.toml")["numbers"])
    pieces = either("newspaper_archives.toml", "words.border")
    return re.compile(
        rf"(?i)[^\w\s]*\s*(?:(?:{pieces})\s+)?(?:#\s?)?(?:\d{{1,3}}|[IVX]{{1,5}}|{words})(?: of \d{{1,3}})?\s*[^\w\s]*|"
        rf"[^\w\s]+\s*(?:\w+ ){{0,2}}(?:{pieces})\s*[^\w\s]+"
    )


@cache
def _monitored() -> re.Pattern[str]:
    """What a service that listens in to others' news says below a title: "Text of report in English"."""
    return re.compile(rf"(?:{either('newspaper_archives.toml', 'words.monitored')})", re.IGNORECASE)
