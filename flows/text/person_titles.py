"""Titles: words before a person's name that are not part of it. The one reader of lexicon/titles.toml."""

from __future__ import annotations

import re
from functools import cache

from qantar.text.lexicon import either, read_toml

_WORD = r"[^\W\d_][\w’'-]*"
_REACH = 80
_WORDS = re.compile(r"\b\w+")
_LAST_WORD = re.compile(r".*\b(\w+)\.?\s+\Z", re.DOTALL)
_DOTS = {ord("\N{LATIN SMALL LETTER DOTLESS I}"): "i", ord("\N{COMBINING DOT ABOVE}"): None}  # of "ı" and "İ", which are "i" to a pattern
_POSSESSIVE = re.compile(r"\A['’]s?(?= )")
_OWNED = re.compile(r"\w['’]s\s+(?:\w+\s+)?\Z")
"""What stands before the office that somebody holds: "Zarb's mayor, X"."""


@cache
def titles() -> tuple[str, ...]:
    """Every title as it is written before a name, the longest first."""
    lists = read_toml("titles.toml")
    return tuple(sorted(dict.fromkeys((*lists["titles"], *lists["posts"], *lists["further"])), key=lambda t: (-len(t), t)))


@cache
def title_words() -> frozenset[str]:
    """The words of titles and of what qualifies them, in small letters, without full stops: "vice", "president", "former"."""
    lists = read_toml("titles.toml")
    words = (word for title in titles() for word in re.split(r"[\s-]+", title))
    small = frozenset(["", *lists["small_words"]])
    return frozenset(word.lower().rstrip(".") for word in (*words, *lists["qualifiers"])) - small


@cache
def trained_titles() -> list[str]:
    """The titles that the language model's weights were trained on, posts included."""
    lists = read_toml("titles.toml")
    return [*lists["titles"], *lists["posts"]]


@cache
def title_pattern() -> re.Pattern[str]:
    """Titles at the start of a name, with the spaces and full stops between them and the name."""
    return re.compile(rf"(?:(?:{'|'.join(map(re.escape, titles()))})\.?\s+)+(?=[^\W\d_])")


def after_titles(name: str) -> int:
    """Where a name begins behind the titles at its front; 0 if there are none, or nothing but titles.

    >>> [name[after_titles(name) :] for name in ("Deputy Mayor Ann Reed", "Baroness Vance", "Mayor", "Dean Ann Reed", "Dean Reed")]
    ['Ann Reed', 'Vance', 'Mayor', 'Ann Reed', 'Dean Reed']
    """
    found = title_pattern().match(name)
    if found is None or found.end() == len(name):
        return 0
    words = found[0].split()
    is_name = words[-1] in read_toml("titles.toml")["also_names"] and " " not in name[found.end() :].strip()
    return found.end() - (len(words[-1]) + 1 if is_name else 0)


@cache
def _letters_behind() -> re.Pattern[str]:
    return re.compile(rf"(?:,?\s+(?:{either('titles.toml', 'letters_behind')})\.?)+\Z")


def before_letters(name: str) -> int:
    """Where a name ends before the letters of offices and honours behind it; its length if there are none.

    >>> [name[: before_letters(name)] for name in ("Ann Reed QC", "Bo Holm, MBE, PhD", "Ann Reed", "MP")]
    ['Ann Reed', 'Bo Holm', 'Ann Reed', 'MP']
    """
    found = _letters_behind().search(name)
    return found.start() if found else len(name)


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"\b((?:(?:{'|'.join(map(re.escape, titles()))})\.?\s+)+)\Z", re.IGNORECASE)


def titles_before(text: str, place: int, reach: int = _REACH) -> str:
    """The titles that end right before a place of a text, as written; "" if there are none.

    >>> titles_before("said former Prime Minister Holm", 27)
    'former Prime Minister'
    """
    start = max(0, place - reach)
    last, (firsts, lasts) = _LAST_WORD.match(text, start, place), _ends_of_titles()
    if last is None or _folded(last[1]) not in lasts:
        return ""
    # the pattern is long: it is tried where the first word of a title stands
    places = (word.start() for word in _WORDS.finditer(text, start, last.end(1)) if _folded(word[0]) in firsts)
    found = next(filter(None, (_before().match(text, at, place) for at in places)), None)
    return found[1].rstrip() if found else ""


def _folded(word: str) -> str:
    """A word as patterns compare it that ignore letter case."""
    return word.casefold().translate(_DOTS)


@cache
def _ends_of_titles() -> tuple[frozenset[str], frozenset[str]]:
    """The first words and the last words of titles."""
    words = [[_folded(word) for word in _WORDS.findall(title)] for title in titles()]
    return frozenset(title[0] for title in words), frozenset(title[-1] for title in words)


@cache
def _small_titles() -> frozenset[str]:
    return frozenset(title.lower() for title in titles())


def roles_before(text: str, place: int) -> frozenset[str]:
    """The offices that stand right before a name, in small letters and in full: not "Mr", nor what qualifies an office.

    >>> sorted(roles_before("former Vice President Holm", 22)), sorted(roles_before("Mr. Holm", 4)), sorted(roles_before("Sen. Holm", 5))
    (['vice president'], [], ['senator'])
    >>> sorted(roles_before("Zarb's health minister, Bo Holm, left.", 24)), sorted(roles_before("He told the mayor, Bo Ray said.", 19))
    (['health minister'], [])
    """
    titles = titles_before(text, place)
    if titles or text[max(0, place - 2) : place] != ", ":
        return _offices(titles)
    before = f"{text[max(0, place - _REACH) : place - 2]} "
    titles = titles_before(before, len(before))
    return _offices(titles) if titles and _OWNED.search(before, 0, len(before) - len(titles) - 1) else frozenset()


@cache
def _apposition() -> re.Pattern[str]:
    leads = rf"(?:{either('gender_words.toml', 'apposition_leads')}|[A-Z][\w-]+['’]s)"
    return re.compile(rf",\s+(?:\d{{1,3}},\s+)?(?:{leads}\s+)?(?P<words>{_WORD}(?:\s{_WORD}){{0,5}})")


def is_office(between: str) -> bool:
    """Whether what stands between a country and a name says that the person is of the country: nothing, or an office.

    >>> is_office("’s "), is_office("'s president, "), is_office(" Foreign Minister "), is_office(" and "), is_office(", ")
    (True, True, True, False, False)
    """
    said = _POSSESSIVE.sub("", between, count=1)
    office = said.strip(" ,")
    return said == " " or (said[-1:] == " " and office != "" and titles_before(f"{office} ", len(office) + 1) == office)


def roles_behind(text: str, end: int) -> frozenset[str]:
    """The office that heads the apposition behind a name, as `roles_before` gives it.

    >>> text = "Ann Holm, the former health minister of Zarb, met Bo Ray, 54, a friend of Mayor Dee."
    >>> sorted(roles_behind(text, 8)), sorted(roles_behind(text, 56)), sorted(roles_behind("Bo Ray, mayor.", 6))
    (['health minister'], [], ['mayor'])
    >>> sorted(roles_behind("Ann Holm, Zarb's mayor, left.", 8))
    ['mayor']
    """
    if text[end : end + 1] != "," or (said := _apposition().match(text, end)) is None:
        return frozenset()
    words = said["words"].lower().split()
    words = words[: next((n for n, word in enumerate(words) if word in read_toml("gender_words.toml")["after_head"]), len(words))]
    if not words or words[0] in read_toml("gender_words.toml")["owners"]:
        return frozenset()
    return next((_offices(" ".join(words[n:])) for n in range(len(words)) if " ".join(words[n:]) in _small_titles()), frozenset())


def _offices(words: str) -> frozenset[str]:
    """The office that some titles tell."""
    if not words:
        return frozenset()
    lists = read_toml("titles.toml")
    low = words.lower().replace(".", "")
    for qualifier in lists["passing"]:
        low = re.sub(rf"\b{qualifier}\b[\s-]*", "", low)
    full = lists["in_full"].get(low.strip(), low.strip())
    return frozenset([full]) if full and full not in lists["forms_of_address"] else frozenset()
