"""The log of changes by the browser, `edits.jsonl` beside the builds: what each added to or took out of `raw/corrections.csv`, and when."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from qantar.corrections.corrections_file import cells_of, line_of_fix, make_fix, write_safely
from qantar.corrections.fixes import Fix
from qantar.store.history import now
from qantar.store.locks import held

LOG = "edits.jsonl"


def log_changes(out: Path, changes: Iterable[tuple[str, Fix]]) -> None:
    """Add a line for each correction that was `added` or `took out`."""
    with held(_lock(out)), (out / LOG).open("a", encoding="utf-8") as log:
        for did, fix in changes:
            said = {"at": now(), "did": did, "id": fix.id, "line": line_of_fix(cells_of(fix)).rstrip("\n")}
            log.write(json.dumps(said | {"cells": cells_of(fix)}, ensure_ascii=False) + "\n")


def find_taken_out(out: Path, fix_id: str) -> Fix | None:
    """The correction of this id as it was when it was last taken out; None where the log does not know it."""
    with suppress(OSError), (out / LOG).open(encoding="utf-8") as log:
        for said in reversed([json.loads(line) for line in log if fix_id in line]):
            if said["id"] == fix_id and said["did"] == "took out":
                return make_fix(said["cells"])
    return None


def forget_changes(out: Path, documents: Collection[str]) -> int:
    """Take the changes of rows of some documents, named by id, path or address, out of the log; returns how many."""
    if not (out / LOG).is_file():
        return 0
    with held(_lock(out)):
        with (out / LOG).open(encoding="utf-8") as log:
            lines = list(log)
        left = [line for line in lines if json.loads(line)["cells"][0] not in documents]
        if len(left) < len(lines):
            write_safely(out / LOG, "".join(left))
    return len(lines) - len(left)


def _lock(out: Path) -> Path:
    return out / f".{LOG}.lock"
