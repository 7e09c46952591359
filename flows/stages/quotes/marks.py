"""Pairs of quotation marks, in whatever style: what stands between which two marks.

A mark's part is read from where it stands first and from its shape second, because texts mix styles, open in one and
close in another, set spaces before closing marks and forget marks. A pair never spans two blocks: what is opened and
not closed goes on in the next block only if that begins with an opening mark, as quotations of several paragraphs do. So
an odd mark costs one pair at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from qantar.schema import Block
from qantar.text.apart_marks import turned
from qantar.text.lexicon import either, read_table, read_toml

_DEEPEST = 6  # marks opened one in another: more are no nesting
_LONGEST_UNCLOSED = 1200  # characters: beyond it an opening mark without a closing one is taken for an odd mark


@dataclass(frozen=True)
class Marked:
    """A passage between marks: `start`, `end` without the marks, `outer_start`, `outer_end` with them; offsets of `documents.text`."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    single: bool
    closed: bool
    block: int  # index among the blocks given
    continues: bool = False  # not closed, and the next block takes it up


@cache
def _marks() -> tuple[dict[str, str], frozenset[str], re.Pattern[str]]:
    data = read_toml("quotation_marks.toml")
    parts = {mark: part for part in ("opening", "closing", "either") for mark in data[part]}
    double = "|".join(re.escape(m) for m in sorted(parts, key=len, reverse=True))
    return parts, frozenset(data["elisions"]), re.compile(double)


def find_marked(text: str, blocks: list[Block]) -> list[Marked]:
    """The passages between marks in the kept blocks of a text, outer before inner, in order of place."""
    found: list[Marked] = []
    kept = [(i, b) for i, b in enumerate(blocks) if b.start is not None and b.end is not None]
    text = _with_turns(text, [b for _, b in kept])
    for place, (i, block) in enumerate(kept):
        assert block.start is not None and block.end is not None
        following = kept[place + 1][1] if place + 1 < len(kept) else None
        goes_on = following is not None and following.start is not None and _opens_block(text, following.start)
        doubles = list(_doubles(text, block.start, block.end, i, goes_on))
        found.extend(doubles)
        found.extend(_singles(text, block.start, block.end, i, doubles, _go_on_singly(text, [b for _, b in kept[place + 1 :]])))
    return sorted(found, key=lambda m: (m.outer_start, -m.outer_end))


def _with_turns(text: str, blocks: list[Block]) -> str:
    """The text, each block's straight marks turned where they stand apart."""
    for block in blocks if '" ' in text else ():
        passage = text[block.start : block.end]
        if passage != (other := turned(passage)):
            text = f"{text[: block.start]}{other}{text[block.end :]}"
    return text


def _opens_block(text: str, start: int) -> bool:
    parts, _, pattern = _marks()
    match = pattern.match(text, start)
    return match is not None and parts[match[0]] != "closing"


def _go_on_singly(text: str, blocks: list[Block]) -> bool:
    """Whether further paragraphs of a quotation in single marks follow: each begins with one that opens, up to the one that closes it.

    Not where none closes: `‘Arab Faqih` begins with a letter of its own.
    """
    for block in blocks:
        assert block.start is not None and block.end is not None
        match = _single_marks()[0].match(text, block.start)
        if match is None or not _opens_single(text, match, " ", text[match.end() : match.end() + 1]):
            return False
        if _CLOSED_SINGLY.search(text, block.start, block.end):
            return True
    return False


def _doubles(text: str, start: int, end: int, block: int, goes_on: bool) -> Iterator[Marked]:
    """Pairs of double marks in one block."""
    parts, _, pattern = _marks()
    open_marks: list[re.Match[str]] = []

    def pair(opened: re.Match[str], close: int, outer: int, closed: bool, continues: bool = False) -> Iterator[Marked]:
        a, b = trimmed(text, opened.end(), close)
        if a < b:
            yield Marked(a, b, opened.start(), outer, False, closed, block, continues)

    for match in pattern.finditer(text, start, end):
        part = _part(_Place.of(text, start, end, match), parts[match[0]], bool(open_marks))
        if part == "close" and open_marks:
            yield from pair(open_marks.pop(), match.start(), match.end(), True)
        if part != "open":
            continue
        if open_marks and not _nests(text, end, match, pattern, parts):
            # a second opening mark where none can nest: the first was never closed, so its sentence bounds it
            opened = open_marks.pop()
            bound = _bound(text, opened.end(), match.start())
            yield from pair(opened, bound, bound, False)
        open_marks.append(match)
    for opened in open_marks:
        reported = _reporting().search(text, opened.end(), _bound(text, opened.end(), end))
        if reported:  # `“We will go, said Ann Lee.`: the mark was forgotten before the reporting clause
            yield from pair(opened, reported.end("comma"), reported.end("comma"), False)
            continue
        close = end if goes_on or end - opened.end() <= _LONGEST_UNCLOSED // 4 else _bound(text, opened.end(), end)
        yield from pair(opened, close, close, False, goes_on)


class _Place(NamedTuple):
    """The characters beside a double mark; a space at the edges of its block."""

    before: str
    after: str
    stops: bool
    """Whether a stop or a closing bracket follows."""
    heads_block: bool = False
    """Whether it is the first mark of a block in which another follows: `” … he left,” she wrote`."""

    @classmethod
    def of(cls, text: str, start: int, end: int, match: re.Match[str]) -> _Place:
        at, behind = match.span()
        after = text[behind] if behind < end else " "
        full_stop = after == "." and text[behind + 1 : behind + 2] not in (".", "@")
        heads = at == start and text.find(match[0], behind, end) > 0
        return cls(text[at - 1] if at > start else " ", after, full_stop or after in ",;:!?)]", heads)

    @property
    def can_open(self) -> bool:
        return (self.before.isspace() or self.before in "([{—–-/‘'“«\"…:") and not self.after.isspace() and not self.stops


def _part(place: _Place, usual: str, is_open: bool) -> str:
    """What a double mark does here: "open", "close" or "none"."""
    if usual == "either":
        return _part_of_straight(place, is_open)
    if usual == "opening":
        return "open" if place.before.isspace() or place.can_open else "close"  # „…“, or a mark set the wrong way round
    if is_open:
        return "close"
    return "open" if place.can_open or place.heads_block else "none"


def _part_of_straight(place: _Place, is_open: bool) -> str:
    """What a mark does that opens and closes in the same shape."""
    if is_open:
        return "open" if place.can_open else "close"
    inches = place.before.isdigit()
    return "none" if inches or place.stops or place.after.isspace() else "open"


def _nests(text: str, end: int, match: re.Match[str], pattern: re.Pattern[str], parts: dict[str, str]) -> bool:
    """Whether a mark that opens inside an open pair is closed before the pair is."""
    if parts[match[0]] == "either":
        return False
    depth = 1
    for later in pattern.finditer(text, match.end(), end):
        if parts[later[0]] == "opening":
            depth += 1
            if depth > _DEEPEST:
                return False
        else:
            depth -= 1
            if depth < 0:
                return True
    return False


_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")


@cache
def _reporting() -> re.Pattern[str]:
    """A comma and a reporting clause behind it that ends a sentence: `, said Ann Lee.`, `, she added.`"""
    cues = "|".join(sorted({form for row in read_table("cues.csv") for form in (row["past"], row["third"])}))
    name = rf"(?:{either('clauses.toml', 'third_persons')}|(?:[A-ZÀ-Ý][\w’'-]+\s?){{1,5}})"
    return re.compile(rf"(?P<comma>,)\s+(?:(?:{cues})\s+{name}|{name}\s*(?:{cues}))(?:\s+on\s+\w+)?[.!?]")


def _bound(text: str, start: int, end: int) -> int:
    """Where an unclosed quotation most likely ends: with its sentence."""
    match = _SENTENCE_END.search(text, start, end)
    return match.end() if match else end


@cache
def _single_marks() -> tuple[re.Pattern[str], frozenset[str]]:
    """A pattern of single marks, and those that only close."""
    data = read_toml("quotation_marks.toml")
    marks = [*data["single_opening"], *data["single_closing"], *data["single_either"]]
    return re.compile("|".join(map(re.escape, marks))), frozenset(data["single_closing"])


_LETTERS = re.compile(r"[^\W_]*")
_CLOSED_SINGLY = re.compile(r"[.,!?…][’'](?!\w)")
_DECADE = re.compile(r"\d\ds\b")


def _singles(text: str, start: int, end: int, block: int, doubles: list[Marked], goes_on: bool) -> Iterator[Marked]:
    """Pairs of single marks in one block, apostrophes and feet told apart by where they stand; the last may go on in the next block."""
    opened: int | None = None
    scope = end
    single, only_closing = _single_marks()
    for match in single.finditer(text, start, end):
        at = match.start()
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if opened is None or at >= scope:
            opened = at if match[0] not in only_closing and _opens_single(text, match, before, after) else None
            scope = min([d.end for d in doubles if d.start <= at < d.end] or [end])
        elif not after.isalnum() and not _is_plural(text, at, scope, before, after):
            yield from _single_pair(text, opened, at, block, doubles)
            opened = None
    if goes_on:
        yield from _single_unclosed(text, opened, (scope, end), block)


def _single_pair(text: str, opened: int, at: int, block: int, doubles: list[Marked]) -> Iterator[Marked]:
    """What stands between two single marks, unless nothing does or double marks cross them."""
    a, b = trimmed(text, opened + 1, at)
    if not any(_crosses(opened, at, d) for d in doubles):
        yield Marked(a, b, opened, at + 1, True, True, block)


def _single_unclosed(text: str, opened: int | None, ends: tuple[int, int], block: int) -> Iterator[Marked]:
    """What a single mark opens that no double marks hold and the next block takes up; `ends` are its holder's and the block's."""
    if opened is not None and ends[0] == ends[1]:
        yield Marked(*trimmed(text, opened + 1, ends[1]), opened, ends[1], True, False, block, True)


def _opens_single(text: str, match: re.Match[str], before: str, after: str) -> bool:
    """Whether a single mark opens: before a word, unless that lacks letters or is a number, `'tis`, `the '90s`."""
    stands = (before.isspace() or before in '([“"«—–„') and (after.isalnum() or after in "…$£€#@")
    if not stands:
        return False
    word = _LETTERS.match(text, match.end(), match.end() + 11)
    shortened = word is not None and (word[0].lower() in _marks()[1] or (word[0].isdigit() and match[0] != "‘"))
    return not shortened and not _DECADE.match(text, match.end(), match.end() + 4)


def _is_plural(text: str, at: int, scope: int, before: str, after: str) -> bool:
    """Whether a mark is the apostrophe of a plural inside a quotation that closes later: `‘the miners’ wives won’t go’`."""
    return before in "sS" and after.isspace() and _closes_later(text, at + 1, scope)


def _crosses(opened: int, closed: int, double: Marked) -> bool:
    """Whether a pair of single marks and one of double marks hold one end of each other."""
    return opened < double.outer_start < closed < double.outer_end


def _closes_later(text: str, start: int, end: int) -> bool:
    for match in _single_marks()[0].finditer(text, start, min(end, start + 400)):
        at = match.start()
        before, after = text[at - 1], text[at + 1] if at + 1 < end else " "
        if before.isspace():
            return False
        if not after.isalnum():
            return True
    return False


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets of a stretch without the spaces at its edges."""
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())
