"""The lexicon's rules for single lines: `flows/lexicon/boilerplate.toml`, compiled once."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal, NamedTuple

from qantar.schema import Role
from qantar.stages.blocks.literals import fold, needed_literals
from qantar.text.lexicon import read_toml

Place = Literal["anywhere", "head", "tail"]
Opens = Literal["tail", "run"]

_FLOATING = ".{"  # a pattern that begins anywhere in a line
_MACRO = re.compile(r"\{([A-Z]+)\}")
_MARKS = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'))
_EDGES = " \t*•·►▶▸»«>|#_~→➤✓●■◆-–—[](){}\"'"
_LETTER = re.compile(r"\w")
_OPENING = re.compile('[“"](?=.)')
_SPACES = re.compile(r"[^\S ]\s*| \s+")  # all but single plain spaces, which every line is full of
_MOST_WORDS, _MOST_CHARACTERS = 120, 1_000
_MOST_QUOTED_WORDS = 8
_LEAST_VOICE = 3  # words
_WORDS = re.compile(r"[a-z]+(?:-[a-z]+)*")


class Rule(NamedTuple):
    """One [[rule]] of the lexicon."""

    name: str
    role: Role
    max_words: int
    where: Place
    opens: Opens | None
    bracketed: bool
    closing: bool
    patterns: tuple[Pattern, ...]


class Pattern(NamedTuple):
    """What a whole line may match, and literals of which such a line, folded, holds one; none where that does not matter.

    One that does not mind letter case is for the folded line: that takes half the time of trying each letter in both.
    """

    needed: tuple[str, ...]
    minds_case: bool
    expression: re.Pattern[str]


def match_rule(text: str, *places: Place) -> Rule | None:
    """The first rule that the whole line matches, of those meant for any of these places of an article, or None.

    >>> match_rule("Follow us on Twitter", "anywhere").name
    'follow call'
    """
    n_words = text.count(" ") + 1
    if n_words > _MOST_WORDS or len(text) > _MOST_CHARACTERS:
        return None
    if n_words > _MOST_QUOTED_WORDS and text.startswith(("“", '"')):  # somebody says it: no site speaks in quotation marks
        return None
    plain = plain_line(text)
    if not _LETTER.search(plain):
        return _SEPARATOR
    if text.startswith("|") and text.endswith("|"):  # a row of a table
        return None
    bracketed = text.startswith(("(", "[")) and text.rstrip(".").endswith((")", "]"))
    folded = fold(plain)
    for rule, needed, minds_case, expression in _patterns(n_words, places):
        if needed:
            for literal in needed:  # any() would take twice as long
                if literal in folded:
                    break
            else:
                continue
        if expression.fullmatch(plain if minds_case else folded) and (bracketed or not rule.bracketed):
            return rule
    return None


@cache
def _patterns(n_words: int, places: tuple[Place, ...]) -> list[tuple[Rule, tuple[str, ...], bool, re.Pattern[str]]]:
    """Those that a line of so many words may match there, in the order of the lexicon."""
    return [(rule, *pattern) for rule in _rules() if rule.where in places and n_words <= rule.max_words for pattern in rule.patterns]


def is_site_voice(text: str) -> bool:
    """Whether a line addresses the reader in words that only a site has for itself, whatever it says.

    >>> is_site_voice("You have read 2 of your 3 free articles this month.")
    True
    """
    n_words = text.count(" ") + 1
    voice = _voice()
    least = next((least for most, least in voice.least if n_words <= most), None)
    if least is None or n_words < _LEAST_VOICE or _OPENING.search(text):
        return False
    plain = plain_line(text).lower()
    if len(voice.words.intersection(_WORDS.findall(plain))) < least:
        return False
    return bool(voice.addressed.search(plain)) and not voice.reported.search(plain)


class _Voice(NamedTuple):
    addressed: re.Pattern[str]
    reported: re.Pattern[str]
    least: list[tuple[int, int]]
    words: frozenset[str]


@cache
def _voice() -> _Voice:
    row = _lexicon()["voice"]
    addressed, reported = (re.compile(rf"\b(?:{row[name]})\b") for name in ("addressed", "reported"))
    return _Voice(addressed, reported, [(most, least) for most, least in row["least"]], frozenset(row["words"].split()))


def split_trailing(text: str) -> int | None:
    """Where a call to follow, subscribe or read on begins that stands behind the last sentence of a paragraph, or None.

    >>> text = "The square was empty on Friday. Follow us on Twitter."
    >>> text[split_trailing(text):]
    'Follow us on Twitter.'
    """
    openings, names = _inline()
    for found in openings.finditer(text[-_MOST_CHARACTERS:]):
        at = max(0, len(text) - _MOST_CHARACTERS) + found.end()
        rule = match_rule(text[at:], "anywhere")
        is_quoted = text.endswith(("”", '"')) and not _OPENING.search(text, at)
        if rule is not None and rule.name in names and not is_quoted:
            return at
    return None


@cache
def _inline() -> tuple[re.Pattern[str], frozenset[str]]:
    inline = _lexicon()["inline"]
    return re.compile(rf"[.!?…][\"'”’)\]]*\s+(?=[(\[]?{inline['openings']}\b)", re.IGNORECASE), frozenset(inline["rules"])


def plain_line(text: str) -> str:
    """The line as patterns see it: straight marks, single spaces, no bullets or brackets at its ends."""
    if not text.isascii():
        for curly, straight in _MARKS:
            text = text.replace(curly, straight)
    if "  " in text or not text.isprintable():
        text = _SPACES.sub(" ", text)
    return text.strip(_EDGES)


@cache
def macros() -> dict[str, str]:
    """The lexicon's [macros], each spelled out."""
    spelled: dict[str, str] = {}
    for name, pattern in _lexicon()["macros"].items():
        spelled[name] = f"(?:{_MACRO.sub(lambda m: spelled[m.group(1)], pattern)})"
    return spelled


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(_rule(row) for row in _lexicon()["rule"])


def _rule(row: dict[str, Any]) -> Rule:
    known = macros()
    spelled = [_MACRO.sub(lambda m: known[m.group(1)], pattern) for pattern in row["patterns"]]
    floating = [pattern for pattern in spelled if pattern.startswith(_FLOATING)]
    anchored = [pattern for pattern in spelled if pattern not in floating]
    together = [[pattern for pattern in anchored if _minds_case(pattern) == minds_case] for minds_case in (False, True)]
    return Rule(
        name=row["name"],
        role=row["role"],
        max_words=row["max_words"],
        where=row.get("where", "anywhere"),
        opens=row.get("opens"),
        bracketed=row.get("bracketed", False),
        closing=row.get("closing", False),
        patterns=(
            *(_pattern("|".join(f"(?:{pattern})" for pattern in patterns)) for patterns in together if patterns),
            *(_pattern(pattern, needed_literals(pattern)) for pattern in floating),
        ),
    )


def _pattern(pattern: str, needed: tuple[str, ...] = ()) -> Pattern:
    minds_case = _minds_case(pattern)
    return Pattern(needed, minds_case, re.compile(pattern, re.IGNORECASE if minds_case else 0))


def _minds_case(pattern: str) -> bool:
    """Whether it says so, or has a capital, which no folded line has."""
    return "(?-i:" in pattern or any(map(str.isupper, re.sub(r"\\.", "", pattern)))


@cache
def _lexicon() -> dict[str, Any]:
    return read_toml("boilerplate.toml")


_SEPARATOR = Rule("separator", "boilerplate", 0, "anywhere", None, False, False, ())
