"""The table `corrections`: each line of the file with what became of it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from qantar.corrections.fixes import Fix, Outcome
from qantar.schema import Correction, CorrectionStatus

NOT_HERE = "nothing became of it: its article is a duplicate, is not annotated or was rejected"


_MARK = re.compile("@[0-9a-f]{16}")


def _outcome(outcome: Outcome, times: int) -> Outcome:
    """What became of a correction that stands in the file for the first or another time: somebody else's line may say the same."""
    return outcome._replace(status="already_right") if times > 1 and outcome.status == "applied" else outcome


def list_corrections(
    fixes: Sequence[Fix], documents: Mapping[str, str], told: Iterable[Outcome], there: Collection[str], name_correctors: bool
) -> list[Correction]:
    """A row for each correction.

    `documents` are the ids of the articles by correction, `told` what each step said (the last word counts), `there` the articles of the
    build: of others, which may have been taken down, no words are published.
    """
    lines = {f"@{fix.id}": str(fix.line) for fix in reversed(fixes)}
    outcomes = {outcome.id: outcome for outcome in told}
    seen: Counter[str] = Counter()
    rows = []
    for fix in fixes:
        seen[fix.id] += 1
        outcome = _outcome(outcomes.get(fix.id) or fix.told("stale", NOT_HERE), seen[fix.id])
        document = documents.get(fix.id)
        is_there = document in there if document else fix.table == "entities"
        rows.append(
            Correction(
                correction_id=fix.id if seen[fix.id] == 1 else f"{fix.id}-{seen[fix.id]}",
                line=fix.line,
                status=outcome.status,
                document_id=document if document and is_there else None,
                table=fix.table,
                row_id=outcome.row_id,
                start=fix.start,
                end=fix.end,
                text=fix.text if is_there else None,
                text_sha256=hashlib.sha256(fix.text.encode("utf-8", "surrogatepass")).hexdigest(),
                field=fix.field,
                value=fix.value if is_there else None,
                detail=_MARK.sub(lambda mark: lines.get(str(mark[0]), str(mark[0])), outcome.detail),
                by=(fix.by or None) if name_correctors else None,
                on=fix.on,
                reason=(fix.reason or None) if is_there else None,
            )
        )
    return rows


def count_statuses(rows: Iterable[Correction]) -> str:
    """How many corrections have which status, in words: `3 applied, 1 stale`."""
    counted = Counter(row.status for row in rows)
    order: tuple[CorrectionStatus, ...] = ("applied", "already_right", "conflict", "stale")
    return ", ".join(f"{counted[status]} {status.replace('_', ' ')}" for status in order if counted[status])
