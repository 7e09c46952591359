"""Apply corrections to rows: each is anchored to one row, and two that contradict each other leave it as it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from qantar.corrections.fixes import FIELDS, Fix, Outcome, Problem, line_mark, named_values

Row = TypeVar("Row")


@dataclass(eq=False)
class Slot(Generic[Row]):
    """A row while it is corrected."""

    row: Row
    fixes: dict[str, Fix] = field(default_factory=dict)
    """What was applied to it, by field."""
    is_deleted: bool = False


Told = dict[str, tuple[Outcome, Slot[Row] | None]]
"""What became of corrections, by their id, and the row they were about."""


@dataclass(kw_only=True)
class Corrector(Generic[Row]):
    """How the rows of one table are corrected."""

    key: Callable[[Row], str]
    find: Callable[[Fix, Sequence[Row]], int | None]
    """The row that a correction is about, by its number; None where there is none."""
    change: Callable[[Fix, Row], Row | Problem]
    """The row with its field as it should be; the same row, where it is so already."""
    add: Callable[[Fix], Row | Problem] | None = None
    check: Callable[[Sequence[Slot[Row]], Slot[Row]], Problem | None] = lambda slots, slot: None
    """Whether a changed or added row can stand among the others."""

    def apply(self, rows: Sequence[Row], fixes: Sequence[Fix]) -> tuple[list[Row], list[Outcome], list[Fix]]:
        """The rows, corrected and in no order; what became of the corrections; and those whose row was not found.

        A correction may be made on a row as another correction left it: so they are looked for again as long as some are found.
        """
        slots = [Slot(row) for row in rows]
        told: Told[Row] = {}
        pending = [fix for fix in fixes if fix.field != "add"]
        adding = [fix for fix in fixes if fix.field == "add"]
        while True:
            found = self._round(slots, pending, told)
            added = self._add(slots, adding, told)
            pending, adding = [fix for fix in pending if fix.id not in found], []
            if not found and not added:
                break
        return [slot.row for slot in slots if not slot.is_deleted], [self._outcome(*pair) for pair in told.values()], pending

    def _round(self, slots: list[Slot[Row]], pending: list[Fix], told: Told[Row]) -> set[str]:
        """Settle what claims a row as it is now; the ids of these corrections."""
        live = [slot for slot in slots if not slot.is_deleted]
        claims = self._claims(live, pending)
        for slot, claimed in claims.items():
            self._settle(live, slot, claimed, told)
        return {fix.id for claimed in claims.values() for fix in claimed}

    def _outcome(self, outcome: Outcome, slot: Slot[Row] | None) -> Outcome:
        """What became of a correction, with the key that its row has in the end."""
        return outcome._replace(row_id=self.key(slot.row)) if slot and not slot.is_deleted else outcome

    def _claims(self, live: list[Slot[Row]], pending: list[Fix]) -> dict[Slot[Row], list[Fix]]:
        rows = [slot.row for slot in live]
        claims: dict[Slot[Row], list[Fix]] = defaultdict(list)
        for fix in pending:
            if (at := self.find(fix, rows)) is not None:
                claims[live[at]].append(fix)
        return claims

    def _settle(self, live: list[Slot[Row]], slot: Slot[Row], claimed: list[Fix], told: Told[Row]) -> None:
        """Apply what is said of one row, a field at a time, but for lines that say different things."""
        order = FIELDS[claimed[0].table].index
        said = [*dict.fromkeys(slot.fixes.values()), *claimed]
        start = getattr(slot.row, "start", None)
        for fix in sorted(claimed, key=lambda fix: order(fix.field)):
            if against := sorted({other.id for other in said if _contradict(fix, other, slot)}):
                told[fix.id] = fix.told("conflict", f"line {', '.join(map(line_mark, against))} says otherwise of this row"), slot
            else:
                told[fix.id] = self._change(live, slot, _moved_with(fix, start, slot.row)), slot

    def _change(self, live: list[Slot[Row]], slot: Slot[Row], fix: Fix) -> Outcome:
        if fix.field in slot.fixes:
            return fix.told("already_right")
        if fix.field == "delete":
            slot.is_deleted, slot.fixes["delete"] = True, fix
            return fix.told("applied", row_id=self.key(slot.row))
        changed = self.change(fix, slot.row)
        if isinstance(changed, Problem):
            return fix.told(changed.status, changed.detail)
        if changed is slot.row:
            return fix.told("already_right")
        before, slot.row = slot.row, changed
        if problem := self.check(live, slot):
            slot.row = before
            return fix.told(problem.status, problem.detail)
        slot.fixes[fix.field] = fix
        return fix.told("applied")

    def _add(self, slots: list[Slot[Row]], adding: list[Fix], told: Told[Row]) -> bool:
        added: list[Slot[Row]] = []
        for fix in adding:
            assert self.add
            row = self.add(fix)
            if isinstance(row, Problem):
                told[fix.id] = fix.told(row.status, row.detail), None
                continue
            slot = Slot(row, dict.fromkeys(["add", *(named_values(fix.value) or {})], fix))
            same = next((s for s in slots if not s.is_deleted and self.key(s.row) == self.key(row)), None)
            if same is not None:
                told[fix.id] = self._instead(same, row, fix), same
            elif problem := self.check([s for s in slots if not s.is_deleted], slot):
                told[fix.id] = fix.told(problem.status, problem.detail), None
            else:
                slots.append(slot)
                added.append(slot)
                told[fix.id] = fix.told("applied"), slot
        return bool(added)

    def _instead(self, same: Slot[Row], row: Row, fix: Fix) -> Outcome:
        """What becomes of a row that is added where one stands."""
        said = named_values(fix.value) or {}
        if all(str(getattr(same.row, name)) == str(getattr(row, name)) for name in ("start", "end", *said) if hasattr(row, name)):
            return fix.told("already_right")
        return fix.told("conflict", f"a row begins there already: {getattr(same.row, 'text', '')[:100]!r}; correct that one")


def _moved_with(fix: Fix, start: int | None, row: Any) -> Fix:
    """A correction of a row that began at `start`, its place moved as another line has moved the row since."""
    now = getattr(row, "start", None)
    if start is None or now is None or fix.start is None or fix.end is None or now == start:
        return fix
    return replace(fix, start=fix.start + now - start, end=fix.end + now - start)


def _contradict(fix: Fix, other: Fix, slot: Slot[Any]) -> bool:
    """Whether two lines about one row cannot both be right."""
    if "delete" in (fix.field, other.field):
        return fix.field != other.field
    if other.field == "add":
        given = slot.fixes.get(fix.field)
        return given is other and (named_values(other.value) or {}).get(fix.field) != fix.value
    return fix.field == other.field and fix.value != other.value
