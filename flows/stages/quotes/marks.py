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

from qantar.schema import Block
from qantar.stages.sentences import KEPT
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
    kept = [(i, b) for i, b in enumerate(blocks) if b.role in KEPT and b.start is not None and b.end is not None]
    for place, (i, block) in enumerate(kept):
        assert block.start is not None and block.end is not None
        following = kept[place + 1][1] if place + 1 < len(kept) else None
        goes_on = following is not None and following.start is not None and _opens_block(text, following.start)
        doubles = list(_doubles(text, block.start, block.end, i, goes_on))
        found.extend(doubles)
        found.extend(_singles(text, block.start, block.end, i, doubles))
    return sorted(found, key=lambda m: (m.outer_start, -m.outer_end))


def _opens_block(text: str, start: int) -> bool:
    parts, _, pattern = _marks()
    match = pattern.match(text, start)
    return match is not None and parts[match[0]] != "closing"


def _doubles(text: str, start: int, end: int, block: int, goes_on: bool) -> Iterator[Marked]:
    """Pairs of double marks in one block."""
    parts, _, pattern = _marks()
    open_marks: list[re.Match[str]] = []

    def pair(opened: re.Match[str], close: int, outer: int, closed: bool, continues: bool = False) -> Marked | None:
        a, b = _trim(text, opened.end(), close)
        return Marked(a, b, opened.start(), outer, False, closed, block, continues) if a < b else None

    for match in pattern.finditer(text, start, end):
        part = _part(text, start, end, match, parts[match[0]], bool(open_marks))
        if part == "none":
            continue
        if part == "close":
            if open_marks:
                made = pair(open_marks.pop(), match.start(), match.end(), True)
                if made:
                    yield made
            continue
        if open_marks and not _nests(text, end, match, pattern, parts):
            # a second opening mark where none can nest: the first was never closed, so its sentence bounds it
            opened = open_marks.pop()
            made = pair(opened, _bound(text, opened.end(), match.start()), _bound(text, opened.end(), match.start()), False)
            if made:
                yield made
        open_marks.append(match)
    for depth, opened in enumerate(open_marks):
        reported = _reporting().search(text, opened.end(), _bound(text, opened.end(), end))
        if reported:  # `“We will go, said Ann Lee.`: the mark was forgotten before the reporting clause
            made = pair(opened, reported.end("comma"), reported.end("comma"), False)
            if made:
                yield made
            continue
        continues = goes_on and depth == 0
        close = end if continues or end - opened.end() <= _LONGEST_UNCLOSED // 4 else _bound(text, opened.end(), end)
        made = pair(opened, close, close, False, continues)
        if made:
            yield made


def _part(text: str, start: int, end: int, match: re.Match[str], usual: str, is_open: bool) -> str:
    """What a double mark does here: "open", "close" or "none"."""
    before = text[match.start() - 1] if match.start() > start else " "
    after = text[match.end()] if match.end() < end else " "
    stops = after in ",;:!?)]" or (after == "." and text[match.end() + 1 : match.end() + 2] not in (".", "@"))
    can_open = (before.isspace() or before in "([{—–-/‘'“«\"…:") and not after.isspace() and not stops
    can_close = not before.isspace() and (after.isspace() or after in ".,;:!?)]}—–-/’'”»\"…“‘*[")
    stray_close = before.isspace() and (after.isspace() or after in ".,;:!?)")
    if usual == "either":
        if is_open:
            if can_close or stray_close or not can_open:
                return "close"
            return "open"
        if before.isdigit() and not can_open:
            return "none"  # inches
        return "open" if can_open or not (can_close or stops or after.isspace()) else "none"
    if usual == "opening":
        if is_open and match[0] in "“«‹" and can_close and not can_open:
            return "close"  # „…“, or a mark set the wrong way round
        return "open"
    if is_open:
        return "close"
    return "open" if can_open else "none"


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
    rows = (
        row
        for row in read_table("cues.csv")
        if "clause" in row["frames"].split() and row["attitude"] == "speech" and " " not in row["lemma"]
    )
    cues = "|".join(sorted({form for row in rows for form in (row["past"], row["third"])}))
    name = rf"(?:{either('clauses.toml', 'third_persons')}|(?:[A-ZÀ-Ý][\w’'-]+\s?){{1,5}})"
    return re.compile(rf"(?P<comma>,)\s+(?:(?:{cues})\s+{name}|{name}\s*(?:{cues}))(?:\s+on\s+\w+)?[.!?]")


def _bound(text: str, start: int, end: int) -> int:
    """Where an unclosed quotation most likely ends: with its sentence."""
    match = _SENTENCE_END.search(text, start, end)
    return match.end() if match else end


@cache
def _single_marks() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    """A pattern of single marks, those that only open, and those that only close."""
    data = read_toml("quotation_marks.toml")
    opening, closing = frozenset(data["single_opening"]), frozenset(data["single_closing"])
    return re.compile("|".join(map(re.escape, (*opening, *closing, *data["single_either"])))), opening, closing


def _singles(text: str, start: int, end: int, block: int, doubles: list[Marked]) -> Iterator[Marked]:
    """Pairs of single marks in one block, apostrophes and feet told apart by where they stand."""
    _, elisions, _ = _marks()
    single, only_opening, only_closing = _single_marks()
    opened: int | None = None
    scope = end
    for match in single.finditer(text, start, end):
        at = match.start()
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if opened is not None and at >= scope:
            opened = None
        if opened is None:
            if match[0] in only_closing or not (before.isspace() or before in '([“"«—–„') or not (after.isalnum() or after in "…$£€#@"):
                continue
            word = re.match(r"[^\W_]*", text[at + 1 : at + 12])
            if word and (
                word[0].lower() in elisions or (word[0].isdigit() and match[0] != "‘") or re.match(r"\d\ds\b", text[at + 1 : at + 5])
            ):
                continue
            scope = min([d.end for d in doubles if d.start <= at < d.end] or [end])
            opened = at
            continue
        if match[0] in only_opening or before.isspace() or after.isalnum():
            continue
        if before in "sS" and after.isspace() and _closes_later(text, at + 1, scope):
            continue  # a plural's apostrophe inside the quotation
        a, b = _trim(text, opened + 1, at)
        crosses = any(d.outer_start < opened < d.outer_end < at or opened < d.outer_start < at < d.outer_end for d in doubles)
        if a < b and not crosses:
            yield Marked(a, b, opened, at + 1, True, True, block)
        opened = None


def _closes_later(text: str, start: int, end: int) -> bool:
    single, only_opening, _ = _single_marks()
    for match in single.finditer(text, start, min(end, start + 400)):
        at = match.start()
        before, after = text[at - 1], text[at + 1] if at + 1 < end else " "
        if (before.isspace() or match[0] in only_opening) and after.isalnum():
            return False
        if not before.isspace() and not after.isalnum() and match[0] not in only_opening:
            return True
    return False


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
