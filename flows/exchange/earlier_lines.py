"""Edits of rows that lines of `raw/corrections.csv` have corrected before: the new line takes the place of the old."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qantar.corrections.corrections_file import make_fix
from qantar.corrections.fixes import SPAN, Fix, named_values
from qantar.exchange.build_documents import BuildDocument
from qantar.exchange.edits import Edit
from qantar.schema import Mention, Quote

_RESHAPING = ("span", "segments")
_OF_SPEAKERS = ("speaker", "cue", "speaker_entity_id")


@dataclass
class Settled:
    """Lines to add, and those that they replace."""

    new: list[Fix] = field(default_factory=list)
    old: list[Fix] = field(default_factory=list)


def rows_corrected(connection: sqlite3.Connection) -> dict[str, str]:
    """The rows that the corrections of a build were applied to, by the corrections' ids."""
    found = connection.execute("SELECT correction_id, row_id FROM corrections WHERE row_id IS NOT NULL")
    return {row["correction_id"]: row["row_id"] for row in found}


def settle(document: BuildDocument, edits: Sequence[Edit], lines: Sequence[Fix], corrected: Mapping[str, str]) -> Settled:
    """The lines that edits of an article come to. `lines` are those of corrections.csv, `corrected` the rows they were applied to."""
    settled = Settled()
    by_row: dict[tuple[str, str], list[Fix]] = defaultdict(list)
    for edit in edits:
        by_row[edit.table, edit.row_id].append(edit.fix)
    for (table, row_id), fixes in by_row.items():
        ids = {fix.id for fix in fixes}
        place = (fixes[0].start, fixes[0].text)
        own = [
            line
            for line in lines
            if row_id
            and line.table == table
            and line.id not in ids
            and (
                corrected.get(line.id) == row_id
                or (line.id not in corrected and (line.document, line.start, line.text) == (document.document_id, *place))
            )
        ]
        if not own:
            settled.new += fixes
            continue
        new, old = _replaced(document, row_id, {fix.field: fix for fix in fixes}, own)
        settled.new += new
        settled.old += old
    return settled


def _replaced(document: BuildDocument, row_id: str, new: Mapping[str, Fix], own: Sequence[Fix]) -> tuple[list[Fix], list[Fix]]:
    before = {line.field: line for line in own}
    moved = next((before[name] for name in _RESHAPING if name in before), None)
    if "delete" in new:
        gone = [] if "add" in before else [_at(new["delete"], moved)]
        return gone, list(own)
    if "add" in before:
        return _added_anew(document, row_id, new, before["add"], before.get("segments")), list(own)
    ended = set(new)
    if "kind" in new and new["kind"].value == "unattributed":
        ended |= set(_OF_SPEAKERS)
    if "speaker" in new:
        ended.add("speaker_entity_id")  # that of the speaker before
    return [_at(fix, moved) for fix in new.values()], [line for line in own if line.field in ended]


def _at(fix: Fix, anchor: Fix | None) -> Fix:
    """A correction of a row that another has moved, anchored where the row stands without both."""
    if anchor is None or anchor.start is None:
        return fix
    return _line([fix.document, fix.table, str(anchor.start), str(anchor.end), anchor.text, fix.field, fix.value], fix)


def _added_anew(document: BuildDocument, row_id: str, new: Mapping[str, Fix], line: Fix, segments: Fix | None) -> list[Fix]:
    """The lines that add a row as it is now and as it is edited; `line` added it first, `segments` gave its pieces."""
    rows: dict[str, Mention | Quote] = {row.mention_id: row for row in document.mentions}
    rows |= {row.quote_id: row for row in document.quotes}
    row = rows[row_id]
    fix = next(iter(new.values()))
    said = _values(row, named_values(line.value) or {}, new)
    value = "; ".join(f"{name}={given}" for name, given in said.items() if given)
    pieces = new["segments"].value if "segments" in new else _places(row) if segments else ""
    start, end = _extent(row, pieces, new.get("span"))
    cells = [document.document_id, fix.table, str(start), str(end), document.text[start:end]]
    lines = [_line([*cells, "add", value], fix)]
    if pieces.count("-") > 1:
        lines.append(_line([*cells, "segments", pieces], fix))
    return lines


def _values(row: Mention | Quote, given: Mapping[str, str], new: Mapping[str, Fix]) -> dict[str, str]:
    """What an added row was given, as it stands now and as it is edited."""
    said = {}
    for name in given:
        if name in ("speaker", "cue"):
            start, end = getattr(row, f"{name}_start"), getattr(row, f"{name}_end")
            said[name] = "" if start is None else f"{start}-{end}"
        else:
            said[name] = getattr(row, name) or ""
    for name, edit in new.items():
        match = SPAN.fullmatch(edit.value)
        if name not in _RESHAPING:
            said[name] = f"{match[1]}-{match[2]}" if match else edit.value
    return {"kind": "unattributed"} if said.get("kind") == "unattributed" else said


def _extent(row: Mention | Quote, pieces: str, span: Fix | None) -> tuple[int, int]:
    """Where a row begins and ends: by the places of its pieces, by a new span, or as it stands."""
    if pieces:
        numbers = [int(number) for number in pieces.replace(",", "-").split("-")]
        return numbers[0], numbers[-1]
    match = SPAN.search(span.value) if span else None
    return (int(match[1]), int(match[2])) if match else (row.start, row.end)


def _places(row: Mention | Quote) -> str:
    return ", ".join(f"{start}-{end}" for start, end in row.segments) if isinstance(row, Quote) else ""


def _line(cells: Sequence[str], like: Fix) -> Fix:
    return make_fix([*cells, like.by, like.on.isoformat() if like.on else "", like.reason])
