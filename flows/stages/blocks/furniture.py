"""What is not an article: by the lexicon's rules for the words of a line, then by what stands around it."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache
from itertools import pairwise

from qantar.stages.blocks.block_rules import BlockRule
from qantar.stages.blocks.line import LIST_MARK, LONG, Line
from qantar.stages.blocks.line_rules import Place, is_control, is_of_the_site, is_site_voice, macros, match_rule, plain_line
from qantar.stages.blocks.titles import MOST_HEAD
from qantar.text.lexicon import either

_TAIL = 8  # passages at the end, of those that no rule knows, that may be notes
_MOST_IN_RUN = 12  # headlines after "Related stories"
_SAYS, _ON = either("boilerplate.toml", "comments.verbs"), either("boilerplate.toml", "comments.before_time")
_UNITS, _POSTED = either("boilerplate.toml", "comments.units"), either("boilerplate.toml", "comments.posted")
_COMMENT_MARKS = re.compile(rf"(?i:reply|.{{1,40}} (?:{_SAYS}):?|.{{0,60}}\b\d{{1,2}}:\d\d ?[ap]m.{{0,20}}|.{{0,40}}\bago)")

_SIGNATURE = re.compile(
    rf"(?i:posted (?:{_POSTED}):? .{{1,60}}\d{{1,2}}[:.]\d\d.{{0,12}}"  # Posted by: Jane, 7 Jan 2022 | 10:33
    rf"|.{{0,40}} (?:{_SAYS}) on .{{4,40}}:"  # Jane says on 7 January:
    rf"|(?:.{{1,40}} (?:{_ON}|\||-|–) )?"  # Jane on January 7, 2022 at 10:33 am
    r".{0,24}\b\d{4},? (?:at |\||-|–)? ?\d{1,2}[:.]\d\d ?(?:[ap]m)?"
    rf"|.{{1,40}} (?:\d+|an?) (?:{_UNITS})s? ago.{{0,20}})"  # Jane 3 days ago
)
_SIGNED_BY = re.compile(rf"(?i)posted (?:{_POSTED}):? *")
_TIME_OF_DAY = r"\d{1,2}[:.]\d\d|\d{1,2} \w+ \d{4}|\w+ \d{1,2}, \d{4}|(?:\d+|an?) \w+ ago"
_SIGNED_NAME = re.compile(rf"(?i).+?(?= *(?:[,|–]| - | (?:{_ON}|{_SAYS})\b|{_TIME_OF_DAY}))")
_SIGNATURE_WORDS, _LEAST_SIGNATURES, _MOSTLY_OTHERS = 14, 3, 0.7
_NEAR_FORM = 3  # lines below "Comments" where its form shows
_LEAST_OUTLET = 4  # letters of an outlet's name that is looked for in a line
_BREAK = re.compile(r"[*#~•·⁂_=–—-](?: ?[*#~•·⁂_=–—-]){0,9}")


def find_furniture(lines: list[Line], recurring: Container[str], outlet: str | None = None) -> None:
    """Give lines that the lexicon knows their roles, and those that belong to them."""
    _match_rules(lines, recurring, outlet or "")
    _keep_breaks(lines)
    _close_comment_forms(lines)
    _close_comments(lines)
    _close_runs(lines)
    _check_closing(lines)


def _match_rules(lines: list[Line], recurring: Container[str], outlet: str) -> None:
    """The lexicon's rules: first those of the head, until the text begins, and of any place; then those of the tail, from below."""
    n_paragraphs = 0
    for i, line in enumerate(lines):
        if line.role is not None:
            continue
        is_head = i < MOST_HEAD and n_paragraphs < 2
        places: tuple[Place, ...] = ("anywhere", "head") if is_head else ("anywhere",)
        _match(line, *places)
        if line.role is None and (rule := _rule_of_kind(line, is_head, recurring, outlet)):
            line.be("boilerplate", rule)
        if line.role is None:
            n_paragraphs += 2 if line.n_words >= LONG else line.is_paragraph
    _match_tail(lines[1:])


def _rule_of_kind(line: Line, is_head: bool, recurring: Container[str], outlet: str) -> str | None:
    """The rule of furniture that knows no words of the line: it recurs, the site speaks in it, or it is a control; None of no such."""
    if _recurs(line, recurring, outlet):
        return BlockRule.RECURS
    if (line.ends or not is_head) and is_site_voice(line.text) and not LIST_MARK.match(line.text):
        return BlockRule.SITE_VOICE
    return BlockRule.CONTROL if is_control(line.text) else None


def _match_tail(lines: list[Line]) -> None:
    """The rules of the end, up to the last paragraph, and of the tail, up to so many lines that no rule knows."""
    n_open = 0
    places: tuple[Place, ...] = ("tail", "end")
    for line in reversed(lines):
        if line.role is None:
            _match(line, *places)
        if line.role is None:
            n_open += 1
            places = ("tail",) if line.is_paragraph else places
        if n_open == _TAIL:
            return


def _recurs(line: Line, recurring: Container[str], outlet: str) -> bool:
    """Whether a line recurs as furniture: of sentences, which may be background, quotations or questions, those that are about the site."""
    if not recurring or (line.is_sentence and not _is_about_site(line.text, outlet)):
        return False
    return plain_line(line.text) in recurring


def _is_about_site(text: str, outlet: str) -> bool:
    return is_of_the_site(text) or (len(outlet) >= _LEAST_OUTLET and outlet.casefold() in text.casefold())


def _keep_breaks(lines: list[Line]) -> None:
    """A row of marks between two paragraphs is the author's break between sections."""
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        if _BREAK.fullmatch(line.text) and all(near.role is None and near.is_text for near in (above, below)):
            line.be("body", BlockRule.BREAK)


def _match(line: Line, *places: Place) -> None:
    rule = match_rule(line.text, *places)
    if rule is not None:
        line.be(rule.role, rule.name)
        line.opens, line.closing, line.needs_comments = rule.opens, rule.closing, rule.needs_comments


def _close_comment_forms(lines: list[Line]) -> None:
    """What follows a comment form is the form and its comments, if an article went before and none goes on after."""
    for i, line in enumerate(lines):
        if line.opens != "tail":
            continue
        rest = lines[i + 1 :]
        goes_on = any(other.n_words >= LONG and other.role is None for other in rest)
        are_comments = _are_comments(rest, goes_on)
        if line.needs_comments and not are_comments and any(other.role is None for other in rest):
            line.undo()
        elif any(other.is_paragraph and other.role is None for other in lines[:i]) and (are_comments or not goes_on):
            for other in rest:
                other.be("boilerplate", BlockRule.COMMENT_FORM)
            return


def _are_comments(lines: list[Line], goes_on: bool) -> bool:
    """Whether a form stands near the top of the lines, or signatures of readers among them."""
    if any(line.rule == BlockRule.COMMENT_FORM for line in lines[:_NEAR_FORM]) or _are_signed_by_many(lines, _signatures(lines)):
        return True
    return not goes_on and any(_COMMENT_MARKS.fullmatch(line.text) for line in lines)


def _close_comments(lines: list[Line]) -> None:
    """Readers' comments show by their signatures, each with another name and a time, below the article; all from the first on is theirs."""
    signed = _signatures(lines)
    if not _are_signed_by_many(lines, signed) or sum(line.is_paragraph for line in lines[: signed[0]]) < _LEAST_SIGNATURES:
        return
    signs_below = signed[-1] == len(lines) - 1  # each signature stands below its comment
    for line in lines[signed[0] - signs_below :]:
        line.be("boilerplate", BlockRule.READERS_COMMENTS)


def _signatures(lines: list[Line]) -> list[int]:
    return [i for i, line in enumerate(lines) if line.n_words <= _SIGNATURE_WORDS and _SIGNATURE.fullmatch(line.text)]


def _are_signed_by_many(lines: list[Line], signed: list[int]) -> bool:
    """Whether names and times stand above texts, and most of the names once: the entries of a live blog are signed by a few reporters."""
    names = [_SIGNED_BY.sub("", lines[i].text, count=1) for i in signed]
    known = [found.group().strip().casefold() for name in names if (found := _SIGNED_NAME.match(name))]
    return len(set(known)) >= max(_LEAST_SIGNATURES, _MOSTLY_OTHERS * len(known))


def _close_runs(lines: list[Line]) -> None:
    """The short lines after "Related stories" are headlines of other articles."""
    for i, line in enumerate(lines):
        if line.opens != "run":
            continue
        for other in lines[i + 1 : i + 1 + _MOST_IN_RUN]:
            if other.role is not None or other.is_paragraph or other.text.endswith((".", ":")):
                break
            other.be("boilerplate", BlockRule.RELATED)


def keep_posts(lines: list[Line]) -> None:
    """What stands above the signature of a post is its text, however short."""
    for line, below in pairwise(lines):
        if below.rule == BlockRule.POST and line.role is None and not line.is_text:
            line.be("body", BlockRule.PARAGRAPH)


def close_gaps(lines: list[Line]) -> None:
    """Scraps of lines between two of boilerplate, some of them above one, or any below the last paragraph, are furniture too."""
    last = max((i for i, line in enumerate(lines) if line.role is None and line.is_paragraph), default=len(lines))
    below = any(line.role == "boilerplate" for line in lines[last + 1 :])
    i = 1
    while i < len(lines):
        j = i
        while j < len(lines) and lines[j].role is None and not lines[j].is_text:
            j += 1
        is_gap = _leads_on(lines, i, j) or (below and i > last)
        for line in lines[i:j] if is_gap else ():
            line.be("boilerplate", BlockRule.SCRAP)
        i = j + 1


def _leads_on(lines: list[Line], i: int, j: int) -> bool:
    """Whether the lines from i to j lead on to furniture, several of them or from such."""
    return i < j < len(lines) and lines[j].role == "boilerplate" and (j - i > 1 or lines[i - 1].role == "boilerplate")


def _check_closing(lines: list[Line]) -> None:
    """A note on the author stands below the body, and the body does not speak of the author."""
    below_body = True
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        if line.role is None:
            below_body = below_body and not line.is_text
        elif line.closing:
            name = _first_name().search(plain_line(line.text))
            surname = name.group().split()[-1] if name else ""
            known = surname and any(surname in other.text for other in lines[:i] if other.role is None and other.ends)
            if not below_body or known:
                line.undo()
                below_body = False


@cache
def _first_name() -> re.Pattern[str]:
    return re.compile(macros()["NAME"])
