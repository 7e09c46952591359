"""The lexicon's rules for single lines: `flows/lexicon/boilerplate.toml`, compiled once."""

from __future__ import annotations

import pickle
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from qantar.schema import Role
from qantar.stages.blocks.block_rules import BlockRule
from qantar.stages.blocks.literals import fold, needed_groups, needed_literals, openings
from qantar.stages.blocks.read_patterns import Read, shipped
from qantar.stages.blocks.signs import Signs, pieces_of
from qantar.text.lexicon import either, read_toml

Place = Literal["anywhere", "head", "tail", "end"]
Opens = Literal["tail", "run"]

_FLOATING = ".{"  # a pattern that begins anywhere in a line
_MACRO = re.compile(r"\{([A-Z]+)\}")
_MARKS = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'))
_PICTURES = "🎧🎙📩📧📲👉🔔📱✉☕🗞📰📺🔗⬇➡🔴📌📣📢💌📬\ufe0f"
_EDGES = " \t*•·►▶▸»«>|#_~→➤✓●■◆-–—[](){}\"'" + _PICTURES
_LETTER = re.compile(r"\w")
_OPENING = re.compile('[“"](?=.)')
_SPACES = re.compile(r"[^\S ]\s*| \s+")  # all but single plain spaces, which every line is full of
_MOST_WORDS, _MOST_CHARACTERS = 120, 1_000
_GROUPS = 2  # of literals that a pattern cannot match without, whose words are looked for in all lines
_MOST_LITERALS = 3  # that are looked for in a line that begins as a pattern does, before that is tried
_MOST_QUOTED_WORDS = 8
_MOST_OPENINGS = 2**12
_MOST_KEPT = 512  # lines: those of an article, which are looked at several times
_SPOKEN = re.compile(rf"[,.!?…][”\"](?: |$)|[”\"],? \w+ (?:{either('boilerplate.toml', 'spoken.verbs')})\b")
_LEAST_VOICE = 3  # words
_LEAST_OF_SITE = 2  # words that sites have for themselves, in a sentence about one


class Rule(NamedTuple):
    """One [[rule]] of the lexicon."""

    name: str
    role: Role
    max_words: int
    where: Place
    opens: Opens | None
    bracketed: bool
    closing: bool
    unless_reported: bool
    needs_comments: bool
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True)
class Pattern:
    """What a whole line may match. What is read off it, and its compiled form, is made when a line first needs it: for most it never is."""

    written: str

    @cached_property
    def openings(self) -> frozenset[str] | None:
        """The two characters, or the one, with which a line, folded, begins that matches; None for any."""
        return None if self.written.startswith(_FLOATING) else openings(self.written)

    @cached_property
    def groups(self) -> list[set[str]]:
        """Words and marks of which a line, folded, holds one of each group that matches, the rarest first."""
        return [pieces for literals in needed_groups(self.written) if (pieces := pieces_of(literals))][:_GROUPS]

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Literals of which a line, folded, holds one that matches; none where that does not matter."""
        needed = needed_literals(self.written)
        return () if self.openings is not None and len(needed) > _MOST_LITERALS else needed

    @cached_property
    def minds_case(self) -> bool:
        """Whether it says so, or has a capital, which no folded line has. The others are for the folded line: that takes half the time."""
        return "(?-i:" in self.written or any(map(str.isupper, re.sub(r"\\.", "", self.written)))

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.written, re.IGNORECASE if self.minds_case else 0)


def read_rules() -> bytes:
    """What is read off the patterns of all rules, to be stored: reading it takes longer than to clean some dozens of articles."""
    return pickle.dumps(read_patterns(shipped(pattern.written for pattern in _all_patterns())), protocol=5)


def read_patterns(known: Mapping[str, Read] = MappingProxyType({})) -> dict[str, Read]:
    """What is read off the patterns of all rules, but for those of which it is known."""
    return {p.written: known.get(p.written) or (p.openings, p.groups, p.needed) for p in _all_patterns()}


def know_rules(kept: Callable[[], bytes]) -> None:
    """Have what `read_rules` gave, so that it is not read off again in this process, if it is not known yet."""
    if "needed" in vars(next(_all_patterns())):
        return
    read = pickle.loads(kept())
    for pattern in _all_patterns():
        vars(pattern).update(zip(("openings", "groups", "needed"), read[pattern.written], strict=True))


def _all_patterns() -> Iterator[Pattern]:
    return chain.from_iterable(rule.patterns for rule in _rules())


def match_rule(text: str, *places: Place) -> Rule | None:
    """The first rule that the whole line matches, of those meant for any of these places of an article, or None.

    >>> match_rule("Follow us on Twitter", "anywhere").name
    'follow call'
    """
    n_words, plain, folded, _, worth, _ = _look(text)
    if worth is None:
        return _SEPARATOR
    left = worth & _meant(n_words, places)
    known = _patterns()
    while left:
        lowest = left & -left
        left ^= lowest
        rule, pattern, needed = known.each[lowest.bit_length() - 1]
        if needed and not any(literal in folded for literal in needed):
            continue
        if pattern.expression.fullmatch(plain if pattern.minds_case else folded) and _applies(rule, text, folded):
            return rule
    return None


def _is_spoken(text: str, n_words: int) -> bool:
    """Whether somebody says the line: no site speaks in quotation marks."""
    return text.startswith(("“", '"')) and (n_words > _MOST_QUOTED_WORDS or bool(_SPOKEN.search(text)))


def _applies(rule: Rule, text: str, folded: str) -> bool:
    """Whether a rule whose pattern matches a line is meant for it."""
    if rule.bracketed and not (text.startswith(("(", "[")) and text.rstrip(".").endswith((")", "]"))):
        return False
    return not (rule.unless_reported and is_reported(folded))


class _Patterns:
    """The patterns of all rules in the order of the lexicon, and sets of them as bits: the lowest is the first pattern's."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.each: list[tuple[Rule, Pattern, tuple[str, ...]]] = []
        self.pieces: defaultdict[str, int] = defaultdict(int)
        self._always = self._anyhow = 0
        self._heads: defaultdict[str, int] = defaultdict(int)
        patterns = [(rule, pattern) for rule in rules for pattern in rule.patterns]
        self._n = len(patterns)
        for number, (rule, pattern) in enumerate(patterns):
            self.each.append((rule, pattern, pattern.needed))  # with all else that is asked of it: it is parsed once
            for place in range(_GROUPS):
                bit = 1 << number + place * self._n
                self._always |= bit if place >= len(pattern.groups) else 0
                for piece in pattern.groups[place] if place < len(pattern.groups) else ():
                    self.pieces[piece] |= bit
            self._anyhow |= 1 << number if pattern.openings is None else 0
            for head in pattern.openings or ():
                self._heads[head] |= 1 << number

    def worth(self, signs: int) -> int:
        """Those of which a line of these signs has a literal of each group."""
        signs |= self._always
        return signs & signs >> self._n

    def opening(self, first: str) -> int:
        """Those that may match a line that begins so."""
        if not first.isascii() or any(map(str.isdigit, first)):
            return -1
        return self._anyhow | self._heads.get(first, 0) | self._heads.get(first[0], 0)


@lru_cache(maxsize=_MOST_OPENINGS)
def _opening(first: str) -> int:
    return _patterns().opening(first)


@cache
def _patterns() -> _Patterns:
    return _Patterns(_rules())


@cache
def _meant(n_words: int, places: tuple[Place, ...]) -> int:
    """The patterns for a line of so many words there."""
    return sum(1 << number for number, (rule, _, _) in enumerate(_patterns().each) if rule.where in places and n_words <= rule.max_words)


def is_reported(text: str) -> bool:
    """Whether somebody says or writes something in a line of small letters, so that no site speaks in it.

    >>> is_reported("click here, the poster said, but the link led nowhere")
    True
    """
    return bool(_reporting().search(text))


@cache
def _reporting() -> re.Pattern[str]:
    anywhere, closing = ("|".join(_lexicon()["reported"][key]) for key in ("verbs", "closing"))
    return re.compile(rf"\b(?:{anywhere})\b|(?<=\w )(?:{closing})(?=[.,;:]|$)")


def is_site_voice(text: str) -> bool:
    """Whether a line addresses the reader in words that only a site has for itself, whatever it says.

    >>> is_site_voice("You have read 2 of your 3 free articles this month.")
    True
    """
    n_words, _, _, plain, _, words = _look(text)
    voice = _voice()
    if not _LEAST_VOICE <= n_words < len(voice.least):
        return False
    if (words & voice.words).bit_count() < voice.least[n_words] or _OPENING.search(text):
        return False
    if plain.split(" ", 1)[0] in voice.third_persons:
        return False
    return bool(voice.addressed.search(plain)) and not voice.reported.search(plain)


def is_control(text: str) -> bool:
    """Whether a line is made of words that the controls of a page are called by.

    >>> is_control("Turn on desktop alerts"), is_control("More options for the island")
    (True, False)
    """
    known, seen = _controls(), _look(text)
    if seen.n_words > known.most_words or not text[-1:].isalpha():
        return False
    words = seen.lowered.split()
    return len(words) > 1 and words[0] in known.opens and known.all.issuperset(words) and not known.words.isdisjoint(words)


class _Controls(NamedTuple):
    most_words: int
    opens: frozenset[str]
    words: frozenset[str]
    all: frozenset[str]


@cache
def _controls() -> _Controls:
    row = _lexicon()["controls"]
    words = frozenset(row["words"])
    return _Controls(row["most_words"], frozenset(row["opens"]), words, words.union(row["others"]))


def is_of_the_site(text: str) -> bool:
    """Whether a sentence that recurs in articles is about the site: it has two of the words that sites have for themselves.

    >>> is_of_the_site("The Courier's newsletter is free for all readers.")
    True
    """
    _, _, _, plain, _, words = _look(text)
    voice = _voice()
    if (words & voice.all).bit_count() < _LEAST_OF_SITE:
        return False
    return not (_OPENING.match(text) or is_reported(plain))


class _Voice(NamedTuple):
    addressed: re.Pattern[str]
    reported: re.Pattern[str]
    least: list[int]
    """So many of those words a line of so many has at least."""
    third_persons: frozenset[str]
    words: int
    """The signs of the words that a site has for itself, a bit each."""
    all: int
    """Those, and the signs of the words of notices."""


@cache
def _voice() -> _Voice:
    row = _lexicon()["voice"]
    addressed, reported = (re.compile(rf"\b(?:{row[name]})\b") for name in ("addressed", "reported"))
    least: list[int] = []
    for most, n in row["least"]:
        least += [n] * (most + 1 - len(least))
    words, legal = (sum({_word_signs()[word] for word in row[name]}) for name in ("words", "legal"))
    return _Voice(addressed, reported, least, frozenset(row["third_persons"]), words, words | legal)


@cache
def _word_signs() -> dict[str, int]:
    """The sign of each word that a site has for itself: a bit above those of the patterns."""
    row = _lexicon()["voice"]
    return {word: 1 << number for number, word in enumerate(dict.fromkeys(row["words"] + row["legal"]), _GROUPS * len(_patterns().each))}


class _Look(NamedTuple):
    """A line as patterns see it, as those see it that mind no case, and in small letters, with what its words say of it."""

    n_words: int
    plain: str
    folded: str
    lowered: str
    worth: int | None
    """The patterns whose words it has, and that begin as it does (see `_Patterns`); None of a line without a letter."""
    words: int
    """The words of sites that it has in small letters (see `_word_signs`); of what somebody says, neither these nor patterns count."""


@lru_cache(maxsize=_MOST_KEPT)
def _look(text: str) -> _Look:
    n_words, plain = text.count(" ") + 1, plain_line(text)
    folded, lowered = fold(plain), plain.lower()
    if _is_spoken(text, n_words):
        return _Look(n_words, plain, folded, lowered, 0, 0)
    signs = _signs().of(folded)
    words = signs if folded == lowered else _signs().of(lowered)
    return _Look(n_words, plain, folded, lowered, _worth(text, n_words, folded, signs), words)


def _worth(text: str, n_words: int, folded: str, signs: int) -> int | None:
    """The patterns that are worth trying on a line that nobody speaks."""
    if n_words > _MOST_WORDS or len(text) > _MOST_CHARACTERS:
        return 0
    if not _LETTER.search(folded):
        return None
    if text.startswith("|") and text.endswith("|"):  # a row of a table
        return 0
    return _patterns().worth(signs) & _opening(folded[:2])


@cache
def _signs() -> Signs:
    return Signs(_patterns().pieces, _word_signs())


def split_trailing(text: str) -> int | None:
    """Where a call to follow, subscribe or read on begins that stands behind the last sentence of a paragraph, or None.

    >>> text = "The square was empty on Friday. Follow us on Twitter."
    >>> text[split_trailing(text):]
    'Follow us on Twitter.'
    """
    calls, names = _inline()
    for found in calls.finditer(text[-_MOST_CHARACTERS:]):
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


@lru_cache(maxsize=_MOST_KEPT)
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
        spelled[name] = f"(?:{_MACRO.sub(lambda m: spelled[m.group(1)], pattern.replace('’', chr(39)))})"
    return spelled


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(_rule(row) for row in _lexicon()["rule"])


def pattern_of(written: str) -> str:
    """A pattern of the lexicon with its [macros] spelled out.

    >>> pattern_of("stay tuned{EOL}")
    'stay tuned(?:\\\\W*)'
    """
    known = macros()
    return _MACRO.sub(lambda m: known[m.group(1)], written.replace("’", "'"))


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        name=row["name"],
        role=row["role"],
        max_words=row["max_words"],
        where=row.get("where", "anywhere"),
        opens=row.get("opens"),
        bracketed=row.get("bracketed", False),
        closing=row.get("closing", False),
        unless_reported=row.get("unless") == "reported",
        needs_comments=row.get("needs") == "comments",
        patterns=tuple(Pattern(pattern_of(pattern)) for pattern, _ in row["patterns"]),
    )


@cache
def _lexicon() -> dict[str, Any]:
    return read_toml("boilerplate.toml")


_SEPARATOR = Rule(BlockRule.SEPARATOR, "boilerplate", 0, "anywhere", None, False, False, False, False, ())
