"""Headings, and lines that announce who speaks."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from qantar.stages.blocks.block_rules import BlockRule
from qantar.stages.blocks.line import LIST_MARK, Line
from qantar.stages.blocks.line_rules import macros, match_rule, plain_line
from qantar.text.lexicon import read_toml

HEADING_WORDS = 14
_QUESTION_WORDS = 12
_LONGEST_QUESTION, _FEWEST_QUESTIONS = 40, 2  # words of an interviewer's question; questions that make an interview
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$")
ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*$")
INNER_END = re.compile(r"[a-z0-9)\]]{3,}[\"'”’]?[.!?][\"'”’]*\s+[\"'“‘]?[A-Z]")
OPENS_LIKE_HEADING = re.compile(r"[\"'“‘«(\[]?[^\W_a-z]")
WORD = re.compile(r"[^\W_][\w'’.-]*")
_SIGNED = re.compile(r"(?:[―—–]|--?)\s*[^\W\d_a-z]")
_QUOTED = re.compile(r"[“\"„«].*[”\"“»]")
_NAME_WORD = re.compile(r"[^\W\d_a-z][\w'’.-]*")


def find_headings(lines: list[Line]) -> None:
    """Give short lines above paragraphs their role, one or two at a time: more are a list."""
    speaks = [False, *(line.role == "speaker_heading" for line in lines)]  # below "NAME:" stands what was said
    candidate = [line.role is None and looks_like_heading(line) and not said for line, said in zip(lines, speaks, strict=False)]
    i = 0
    while i < len(lines):
        j = i
        while j < len(lines) and candidate[j]:
            j += 1
        if 0 < j - i <= 2 and _head_text(lines, i, j):
            for line in lines[i:j]:
                line.be("heading", _heading_rule(line.text))
        i = max(j, i + 1)


def _head_text(lines: list[Line], i: int, j: int) -> bool:
    """Whether text goes on below the lines from i to j, and they are not a list that the line above announces."""
    leads_on = any(not line.text.endswith(":") or line.role == "speaker_heading" for line in lines[j : j + 1])
    above = lines[i - 1] if i else None
    announced = above is not None and above.role not in ("title", "speaker_heading") and above.text.endswith((":", ","))
    return leads_on and not (announced and j - i > 1)


def find_speakers(lines: list[Line]) -> None:
    """Lines that announce who speaks; before all other rules, since "Opinion by NAME:" is not a byline."""
    text = "\n".join(line.text for line in lines if line.is_paragraph)
    for line, below in pairwise(lines):
        if line.n_words <= 40 and below.n_words > 1 and (rule := _speaker_rule(line.text, text)):
            line.be("speaker_heading", rule)
    _find_interview(lines)


def _find_interview(lines: list[Line]) -> None:
    """`Interview: NAME` above paragraphs that ask: who answers is named, not who wrote."""
    for n, line in enumerate(lines):
        if line.role is None and _interview_with().fullmatch(line.text):
            asked = sum(below.text.endswith("?") and below.n_words <= _LONGEST_QUESTION for below in lines[n + 1 :])
            if asked >= _FEWEST_QUESTIONS:
                line.be("heading" if n else "title", BlockRule.INTERVIEW)


@cache
def _interview_with() -> re.Pattern[str]:
    heads = "|".join(map(re.escape, read_toml("lines.toml")["interviews"]))
    return re.compile(rf"(?i:{heads}) ?[:–—|-] ?(?:{_NAME_WORD.pattern})(?: {_NAME_WORD.pattern}){{0,3}}")


def find_signatures(lines: list[Line]) -> None:
    """Names behind a dash below a line that is nothing but a quotation: who said it, and no byline."""
    for above, line in pairwise(lines):
        if line.role is None and _is_signed(line) and _QUOTED.fullmatch(above.text):
            line.be("body", BlockRule.SIGNATURE)


def _is_signed(line: Line) -> bool:
    """Whether a line is short, begins with a dash and a capital, and is not furniture as "- Advertisement -" is."""
    if line.n_words > HEADING_WORDS or not _SIGNED.match(line.text):
        return False
    rule = match_rule(line.text, "anywhere")
    return rule is None or rule.role != "boilerplate"


def _heading_rule(text: str) -> str:
    if text.endswith(":"):
        return BlockRule.COLON
    return BlockRule.QUESTION if text.endswith("?") else BlockRule.HEADING


def looks_like_heading(line: Line) -> bool:
    """Whether a line by itself reads as a heading: short, capitalised, neither a sentence nor an item of a list."""
    text = line.text
    if line.n_words > HEADING_WORDS or len(text) > 110 or not OPENS_LIKE_HEADING.match(text) or LIST_MARK.match(text):
        return False
    words = [w.lower().replace("’", "'") for w in WORD.findall(text)]
    return _ends_like_heading(text, line.n_words, words)


def _ends_like_heading(text: str, n_words: int, words: list[str]) -> bool:
    if text.endswith(":"):
        return not _announces(words) and " — " not in text
    if text.endswith("?"):
        return n_words <= _QUESTION_WORDS and not INNER_END.search(text) and not (_words("address") & set(words))
    if ELLIPSIS.search(text):
        return n_words <= 5
    if _ENDS_SENTENCE.search(text) or text.endswith((",", ";", "-", "–", "—")):
        return text.endswith(("’", "'", ")")) and not re.search(r"[.!?…][\"'”’)\]]*$", text)
    quoted = text[0] in '"“' and text[-1] in '"”'
    return not quoted or n_words <= 8


def _announces(words: list[str]) -> bool:
    """Whether the words before a colon say that something follows, as "He added:" does and a heading does not."""
    if set(words) & _words("verbs") or words[0] in _words("openings") or words[-1] in _words("closings"):
        return True
    return len(words) >= 4 and any(word.endswith("ed") and len(word) > 4 for word in words[1:])


def _speaker_rule(text: str, body: str) -> str | None:
    """The rule that makes a line announce who speaks in the paragraphs below it, or None."""
    if not text.endswith(":"):
        return None
    plain = plain_line(text[:-1])
    if _utterance_of().fullmatch(plain):
        return BlockRule.OPINION
    name, _, description = plain.partition(",")
    words = name.split()
    if not 1 <= len(words) <= 4 or not all(_NAME_WORD.fullmatch(w) for w in words):
        return None
    known = {w.lower().strip(".") for w in words}
    if known & (_words("sections") | _words("verbs") | _words("openings") | _words("utterances")):
        return None
    if description and not (_roles().search(description) and ":" not in description and len(description.split()) <= 16):
        return None
    if set(description.lower().split()) & _words("verbs"):
        return None
    # a name is not found in lower case in the text below, as the words of a heading are
    if any(re.search(rf"(?<![\w'’-]){re.escape(w.lower())}(?![\w'’-])", body) for w in words):
        return None
    return BlockRule.NAME


@cache
def _roles() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{macros()['ROLE']}|{macros()['OFFICE']})s?\b", re.IGNORECASE)


@cache
def _utterance_of() -> re.Pattern[str]:
    kinds = "|".join(sorted(_words("utterances")))
    name = r"(?-i:[^\W\d_a-z][\w'.-]*)(?: [\w'.-]+){0,3}"
    by = rf"(?:the |an? |expert |guest |my )?(?:{kinds}) (?:by|of|from) (?-i:[^\W\d_a-z]).{{0,200}}"
    return re.compile(rf"{by}|(?P<of>{name}(?:'s|s') (?:\w+ )?(?:{kinds}))", re.IGNORECASE)


@cache
def _words(kind: str) -> frozenset[str]:
    data = read_toml("lines.toml")
    return frozenset(data[kind])
