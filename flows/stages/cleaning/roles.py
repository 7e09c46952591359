"""Say what each passage of an article is: rules for its own words first, then what its surroundings tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from flows.schema import Role
from flows.stages.cleaning.passages import Passage
from flows.stages.cleaning.rules import Opens, Place, macros, match_rule, plain_line, split_trailing

_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$")
_ENDS_TEXT = re.compile(r"[.!?…:;,][\"'”’»)\]]*$|[\"”»]$")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…)\s*$")
_INNER_END = re.compile(r"[a-z0-9)\]]{3,}[.!?][\"'”’]*\s+[\"'“‘]?[A-Z]")
_OPENS_LIKE_HEADING = re.compile(r"[\"'“‘«(\[]?[^\W_a-z]")
_LIST_MARK = re.compile(r"(?:[•*▪●■–—-]|\(?(?:\d{1,2}|[a-z])\)|\d{1,2}\.)\s")
_WORD = re.compile(r"[^\W_][\w'’.-]*")
_NAME_WORD = re.compile(r"[^\W\d_a-z][\w'’.-]*")
_COMMENT_MARKS = re.compile(r"(?i:reply|.{1,40} (?:says|said|wrote|commented):?|.{0,60}\b\d{1,2}:\d\d ?[ap]m.{0,20}|.{0,40}\bago)")

_SIGNATURE = re.compile(
    r"(?i:posted (?:by|on):? .{1,60}\d{1,2}[:.]\d\d.{0,12}"  # Posted by: Jane, 7 Jan 2022 | 10:33
    r"|.{0,40} (?:says|said|wrote|commented) on .{4,40}:"  # Jane says on 7 January:
    r"|(?:.{1,40} (?:on|at|\||-|–) )?.{0,24}\b\d{4},? (?:at |\||-|–)? ?\d{1,2}[:.]\d\d ?(?:[ap]m)?"  # Jane on January 7, 2022 at 10:33 am
    r"|.{1,40} (?:\d+|an?) (?:minute|hour|day|week|month|year)s? ago.{0,20})"  # Jane 3 days ago
)
_SIGNATURE_WORDS, _LEAST_SIGNATURES = 14, 3
_LONGEST_WORD = 40
_LONG = 25  # words: a paragraph, whatever surrounds it
_PARAGRAPH = 12  # words: a paragraph, if it ends like a sentence
_MOST_HEAD = 16  # passages at the beginning that may be bylines, dates, labels
_HEAD, _TAIL = 6, 8  # of those that no rule knows: at the beginning, where the title is; at the end, where notes are
_MOST_SCRAP = 10  # words of a line that is no sentence
_MOST_IN_RUN = 12  # headlines after "Related stories"
_TITLE_WORDS, _HEADING_WORDS, _QUESTION_WORDS = 30, 14, 12


@dataclass(slots=True)
class Line:
    """One passage and what is known of it."""

    passage: Passage
    text: str
    n_words: int
    ends: bool
    role: Role | None = None
    rule: str = ""
    opens: Opens | None = None
    closing: bool = False

    def be(self, role: Role, rule: str) -> None:
        self.role, self.rule = role, rule

    @property
    def is_paragraph(self) -> bool:
        return self.n_words >= _LONG or (self.ends and self.n_words >= _PARAGRAPH)


def assign_roles(passages: Sequence[Passage], title: str | None, recurring: Container[str] = ()) -> list[Line]:
    """Each passage with its role and the rule that decided it.

    `title` is the headline given beside the text, if any; `recurring` holds lines, as `plain_line` makes them, that many articles share.
    """
    everything = [_line(piece) for passage in passages for piece in _cut(passage)]
    lines = [line for line in everything if line.role is None]
    _find_speakers(lines)
    _match_rules(lines, recurring)
    _close_comment_forms(lines)
    _close_comments(lines)
    _close_runs(lines)
    _check_closing(lines)
    _find_title(lines, title)
    _find_bare_byline(lines)
    _close_gaps(lines)
    _find_headings([line for line in lines if line.role not in _SET_ASIDE])
    for line in lines:
        if line.role is None:
            line.be("body", "paragraph")
    return everything


_SET_ASIDE: frozenset[Role] = frozenset({"boilerplate", "byline", "credit", "dateline"})


def _cut(passage: Passage) -> tuple[Passage, ...]:
    """A paragraph, and apart from it the call that stands at its end."""
    at = split_trailing(passage.text) if passage.visible else None
    if at is None or passage.text.count(" ", 0, at) < _PARAGRAPH:
        return (passage,)
    body = passage.text[:at].rstrip()
    return (
        Passage(passage.start, passage.start + len(body), body),
        Passage(passage.start + at, passage.end, passage.text[at:]),
    )


def _line(passage: Passage) -> Line:
    text = passage.text
    n_words = max(text.count(" ") + 1, len(text) // _LONGEST_WORD)  # a line of hundreds of characters without a space is no short line
    line = Line(passage, text, n_words, bool(_ENDS_SENTENCE.search(text[-8:])))
    if not passage.visible:
        line.be("boilerplate", "invisible characters")
    return line


# --- rules for the words of a line ---------------------------------------------------------------------------------


def _match_rules(lines: list[Line], recurring: Container[str]) -> None:
    """The lexicon's rules: first those of the head, until a paragraph begins, and of any place; then those of the tail, from below."""
    is_head = True
    for i, line in enumerate(lines):
        if line.role is not None:
            continue
        is_head = is_head and i < _MOST_HEAD
        _match(line, "head" if is_head else "middle")
        if line.role is None and recurring and plain_line(line.text) in recurring:
            line.be("boilerplate", "recurs across articles")
        is_head = is_head and not (line.role is None and line.is_paragraph)
    n_open = 0
    for line in reversed(lines[1:]):
        if line.role is None:
            _match(line, "tail")
        n_open += line.role is None
        if n_open == _TAIL:
            break


def _match(line: Line, place: Place) -> None:
    rule = match_rule(line.text, place)
    if rule is not None:
        line.be(rule.role, rule.name)
        line.opens, line.closing = rule.opens, rule.closing


def _close_comment_forms(lines: list[Line]) -> None:
    """What follows a comment form is the form and its comments, if an article went before and none goes on after."""
    for i, line in enumerate(lines):
        if line.opens != "tail" or not any(other.is_paragraph and other.role is None for other in lines[:i]):
            continue
        rest = lines[i + 1 :]
        goes_on = any(other.n_words >= _LONG and other.role is None for other in rest)
        is_form = bool(rest) and rest[0].rule == "comment form"
        if is_form or not goes_on or any(_COMMENT_MARKS.fullmatch(other.text) for other in rest):
            for other in rest:
                other.be("boilerplate", "comment form")
            return


def _close_comments(lines: list[Line]) -> None:
    """Readers' comments show by their signatures, a name and a time, below the article; all from the first on is theirs."""
    signed = [i for i, line in enumerate(lines) if line.n_words <= _SIGNATURE_WORDS and _SIGNATURE.fullmatch(line.text)]
    if len(signed) < _LEAST_SIGNATURES or sum(line.is_paragraph for line in lines[: signed[0]]) < _LEAST_SIGNATURES:
        return
    for line in lines[signed[0] :]:
        line.be("boilerplate", "readers' comments")


def _close_runs(lines: list[Line]) -> None:
    """The short lines after "Related stories" are headlines of other articles."""
    for i, line in enumerate(lines):
        if line.opens != "run":
            continue
        for other in lines[i + 1 : i + 1 + _MOST_IN_RUN]:
            if other.role is not None or other.is_paragraph or other.text.endswith((".", ":")):
                break
            other.be("boilerplate", "related stories")


def _close_gaps(lines: list[Line]) -> None:
    """A scrap of a line between two of boilerplate, or below the last paragraph among such, is a part of the same furniture."""
    last = max((i for i, line in enumerate(lines) if line.role is None and line.is_paragraph), default=len(lines))
    below = any(line.role == "boilerplate" for line in lines[last + 1 :])
    for i, line in enumerate(lines[1:-1] if not below else lines[1:], start=1):
        if line.role is None and line.n_words <= _MOST_SCRAP and not _ENDS_TEXT.search(line.text) and not _LIST_MARK.match(line.text):
            between = i + 1 < len(lines) and lines[i - 1].role == lines[i + 1].role == "boilerplate"
            if between or (below and i > last):
                line.be("boilerplate", "scrap of furniture")


def _check_closing(lines: list[Line]) -> None:
    """A note on the author stands below the body, and the body does not speak of the author."""
    below_body = True
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        if line.role is None:
            below_body = False
        elif line.closing:
            name = _first_name().search(plain_line(line.text))
            surname = name.group().split()[-1] if name else ""
            known = surname and any(surname in other.text for other in lines[:i] if other.role is None and other.ends)
            if not below_body or known:
                line.role, line.rule, below_body = None, "", False


@cache
def _first_name() -> re.Pattern[str]:
    return re.compile(macros()["NAME"])


# --- title and byline -----------------------------------------------------------------------------------------------


def _find_title(lines: list[Line], given: str | None) -> None:
    head = [line for line in lines[:_HEAD] if line.role is None]
    if given:
        wanted = plain_line(given).casefold()
        for line in head:
            if plain_line(line.text).casefold() == wanted:
                line.be("title", "headline given beside the text")
                return
        if lines and head:
            return
    if not head or not any(line.is_paragraph for line in lines if line is not head[0]):
        return
    line = head[0]
    inner = _INNER_END.search(line.text)
    if inner or line.n_words > _TITLE_WORDS or line.n_words < 2 or not _OPENS_LIKE_HEADING.match(line.text):
        return
    stops = line.text.rstrip("\"'”’").endswith((".", ",", ":")) and not _ELLIPSIS.search(line.text)
    if not stops or (line.text.endswith(".") and line.n_words <= 16 and _capitalised(line.text) >= 0.7):
        line.be("title", "first line")


def _capitalised(text: str) -> float:
    """Share of the words of four letters or more that begin with a capital."""
    words = [w for w in _WORD.findall(text)[1:] if len(w) >= 4]
    return sum(w[0].isupper() for w in words) / len(words) if words else 0.0


def _find_bare_byline(lines: list[Line]) -> None:
    """A name alone between title and text is the author's; further down than below the title, one with a first name."""
    title = next((i for i, line in enumerate(lines) if line.role == "title"), len(lines))
    for i in range(title + 1, min(title + 1 + _HEAD, len(lines) - 1)):
        line = lines[i]
        if line.role is None and line.is_paragraph:
            return
        plain = plain_line(line.text)
        is_near = i == title + 1 and lines[i + 1].role != "heading"
        if line.role is None and _bare_names().fullmatch(plain) and (is_near or plain.split()[0] in _first_names()):
            line.be("byline", "name below the title")
            return


@cache
def _first_names() -> frozenset[str]:
    lines = files("flows.lexicon").joinpath("first_names.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _bare_names() -> re.Pattern[str]:
    return re.compile(rf"(?:{macros()['NAMES']})", re.IGNORECASE)


# --- headings ---------------------------------------------------------------------------------------------------------


def _find_headings(lines: list[Line]) -> None:
    speaks = [False, *(line.role == "speaker_heading" for line in lines)]  # below "NAME:" stands what was said
    candidate = [line.role is None and _looks_like_heading(line) and not said for line, said in zip(lines, speaks, strict=False)]
    i = 0
    while i < len(lines):
        if not candidate[i]:
            i += 1
            continue
        j = i
        while j < len(lines) and candidate[j]:
            j += 1
        leads_on = any(not line.text.endswith(":") or line.role == "speaker_heading" for line in lines[j : j + 1])
        announced = i > 0 and lines[i - 1].role != "title" and lines[i - 1].text.endswith((":", ","))
        announced = announced and lines[i - 1].role != "speaker_heading"
        if leads_on and j - i <= 2 and not (announced and j - i > 1):
            for line in lines[i:j]:
                line.be("heading", _heading_rule(line.text))
        i = j


def _find_speakers(lines: list[Line]) -> None:
    """Lines that announce who speaks; before all other rules, since "Opinion by NAME:" is no byline."""
    text = "\n".join(line.text for line in lines if line.is_paragraph)
    for line, below in pairwise(lines):
        if line.n_words <= 40 and below.n_words > 1 and (rule := _speaker_rule(line.text, text)):
            line.be("speaker_heading", rule)


def _heading_rule(text: str) -> str:
    if text.endswith(":"):
        return "heading with a colon"
    return "question as heading" if text.endswith("?") else "short line before a paragraph"


def _looks_like_heading(line: Line) -> bool:
    text = line.text
    if line.n_words > _HEADING_WORDS or len(text) > 110 or not _OPENS_LIKE_HEADING.match(text) or _LIST_MARK.match(text):
        return False
    words = [w.lower().replace("’", "'") for w in _WORD.findall(text)]
    if not words:
        return False
    if text.endswith(":"):
        return not _announces(words) and " — " not in text
    if text.endswith("?"):
        return line.n_words <= _QUESTION_WORDS and not _INNER_END.search(text) and not (_words("address") & set(words))
    if _ELLIPSIS.search(text):
        return line.n_words <= 5
    if _ENDS_SENTENCE.search(text) or text.endswith((",", ";", "-", "–", "—")):
        return text.endswith(("’", "'", ")")) and not re.search(r"[.!?…][\"'”’)\]]*$", text)
    quoted = text[0] in '"“' and text[-1] in '"”'
    return not quoted or line.n_words <= 8


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
        return "opinion of a speaker"
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
    return "name with a colon"


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
    data = tomllib.loads(files("flows.lexicon").joinpath("lines.toml").read_text("utf-8"))
    return frozenset(data[kind].split())
