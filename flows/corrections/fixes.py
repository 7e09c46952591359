"""One correction as its line says it, what can be corrected, and what becomes of a correction."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from qantar.schema import CorrectedTable, CorrectionStatus, Role
from qantar.text.identity import digest

FIELDS: Mapping[CorrectedTable, tuple[str, ...]] = {
    "documents": ("title", "author", "outlet", "published_on", "language", "complete"),
    "blocks": ("role",),
    "sentences": ("split", "join"),
    "mentions": ("delete", "label", "span", "value", "entity_id", "add"),
    "quotes": ("delete", "kind", "segments", "speaker", "cue", "speaker_entity_id", "add"),
    "duplicates": ("joined", "apart"),
    "entities": ("name", "label", "wikidata_id", "description", "merge", "split"),
}
"""What can be corrected of each table's rows, in the order in which it is applied to one row."""

ALIASES = {
    "day": "published_on",
    "entity": "entity_id",
    "speaker_entity": "speaker_entity_id",
    "merge_into": "merge",
    "merge into": "merge",
}
"""Other names of fields that people write."""


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One line of corrections.csv. `document` is an article's id, once it is known; `start` and `end` index its text."""

    id: str
    line: int
    document: str
    table: CorrectedTable
    start: int | None
    end: int | None
    text: str
    field: str
    value: str
    by: str = ""
    on: date | None = None
    reason: str = ""
    moved: int = 0
    """How far `start` and `end` have been moved since the line was written: the article's text has changed before them."""

    def shift(self, start: int) -> int:
        """How far a row that starts there now has been moved since the line was written, and the places in `value` with it."""
        return 0 if self.start is None else start - (self.start - self.moved)

    def told(self, status: CorrectionStatus, detail: str = "", row_id: str | None = None) -> Outcome:
        """What became of it."""
        return Outcome(self.id, status, detail, row_id)


class Outcome(NamedTuple):
    """What became of a correction in one build, and the key of the row it is about."""

    id: str
    status: CorrectionStatus
    detail: str = ""
    row_id: str | None = None


class Problem(NamedTuple):
    """Why a row cannot be corrected so."""

    detail: str
    status: CorrectionStatus = "conflict"


def identity(document: str, table: str, start: int | None, end: int | None, text: str, field: str, value: str) -> str:
    """The id of a correction: the same wherever its line stands and whoever made it."""
    return digest(document, table, str(start), str(end), text, field, value)[:16]


def line_mark(fix_id: str) -> str:
    """What stands for a correction's line in an outcome, which is kept while lines come and go above it."""
    return f"@{fix_id}"


def of_tables(fixes: Iterable[Fix], *tables: CorrectedTable) -> list[Fix]:
    """Those of some tables."""
    return [fix for fix in fixes if fix.table in tables]


def by_articles(fixes: Iterable[Fix]) -> defaultdict[str, list[Fix]]:
    """Those of each article."""
    found: defaultdict[str, list[Fix]] = defaultdict(list)
    for fix in fixes:
        found[fix.document].append(fix)
    return found


def placed(fix: Fix, document_id: str) -> Fix:
    """The same correction, its article named by its id."""
    return replace(fix, document=document_id)


Move = tuple[int, int, int]
"""A passage that other passages' new roles have moved: its start and end before, its start now."""

Had = tuple[int, Role, str]
"""The role that a passage had before a correction, and the rule that gave it, by the passage's position."""


def with_moves(fix: Fix, text: str, moves: Sequence[Move]) -> Fix:
    """A correction whose words other corrections of its article have moved, at their place in the text as it is now."""
    if fix.start is None or fix.end is None or is_same(text[fix.start : fix.end], fix.text):
        return fix
    for start, end, now in moves:
        by = now - start
        if start <= fix.start and fix.end <= end and is_same(text[fix.start + by : fix.end + by], fix.text):
            return replace(fix, start=fix.start + by, end=fix.end + by, moved=by)
    return fix


# --- places in a text -----------------------------------------------------------------------------------------


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two passages say the same, white space apart."""
    return plain_space(one) == plain_space(other)


def plain_space(text: str | None) -> str:
    """A passage with single spaces: cells are edited in programs that change line breaks."""
    return " ".join((text or "").split())


def find_words(text: str, words: str, near: int | None, exactly: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """Where words stand in a text: at the place given, else the only place, else the one nearest to `near`; None where they do not.

    >>> find_words("Lee said Lee left", "Lee", 8), find_words("Lee said Lee left", "Lee", None)
    ((9, 12), None)
    """
    if exactly and exactly[0] < exactly[1] <= len(text) and is_same(text[slice(*exactly)], words):
        return exactly
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = [match.span() for match in re.finditer(pattern, text)] if pattern else []
    if len(found) == 1:
        return found[0]
    return min(found, key=lambda span: (abs(span[0] - near), span)) if found and near is not None else None


SPAN = re.compile(r"(\d{1,9})\s*[-–]\s*(\d{1,9})(?:\s+(?P<words>\S.*))?", re.DOTALL)
"""A place, and the words there if they are to be checked: `120-127`, `120-127 Tokayev`."""


def read_span(text: str, value: str, shift: int, near: int) -> tuple[int, int] | Problem:
    """The place that a value names: `START-END`, moved as its row was since the line was written; or words, those nearest to the row."""
    match = SPAN.fullmatch(value)
    if match is None:
        found = find_words(text, value, near)
        return found or Problem(f"{value!r} does not stand in the article", "stale")
    start, end = int(match[1]) + shift, int(match[2]) + shift
    if match["words"]:
        found = find_words(text, match["words"], start, (start, end))
        return found or Problem(f"{match['words']!r} does not stand in the article", "stale")
    if not 0 <= start < end <= len(text) or text[start].isspace() or text[end - 1].isspace():
        return Problem(f"{value} is not a passage of the article, which has {len(text)} characters", "stale")
    return start, end


def lost(fix: Fix, text: str) -> Outcome:
    """A correction whose words are gone, and what stands at their place now."""
    if fix.start is None or fix.end is None:
        n = len(re.findall(r"\s+".join(map(re.escape, fix.text.split())), text)) if fix.text.strip() else 0
        stands = f"the words stand at {n} places; give start and end" if n > 1 else "no such row has these words"
        return fix.told("stale", stands)
    here = plain_space(text[fix.start : fix.end])
    if here == plain_space(fix.text):
        return fix.told("stale", f"the words are there, but no row of {fix.table} is")
    return fix.told("stale", f"at {fix.start}–{fix.end} stands {here[:200]!r} now")


def named_values(value: str) -> dict[str, str] | None:
    """The columns of an added row: `kind=direct; speaker=Ann Lee`; None where the value is not made so.

    >>> named_values("label=ORG; entity_id=org-bulan")
    {'label': 'ORG', 'entity_id': 'org-bulan'}
    """
    parts = [part.partition("=") for part in value.split(";") if part.strip()]
    if not parts or not all(equals and name.strip() and given.strip() for name, equals, given in parts):
        return None
    return {ALIASES.get(name.strip(), name.strip()): given.strip() for name, _, given in parts}
