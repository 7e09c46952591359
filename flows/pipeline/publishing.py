"""The last room: validate a staged build, add what describes it, publish it, and say what was done."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from qantar.pipeline.context import Context
from qantar.pipeline.fetching_first import describe_brought
from qantar.pipeline.losses import find_losses
from qantar.pipeline.plan import check_described
from qantar.pipeline.run import Run
from qantar.pipeline.shard_tables import count, sums_of_raw_texts, write_working_database
from qantar.schema import TABLES
from qantar.settings import QantarError
from qantar.store import builds
from qantar.store.parquet import parts, read_rows, tables_in
from qantar.store.retention import prune_builds, prune_cache, prune_failed

if TYPE_CHECKING:
    from qantar.pipeline.writing import Shards
    from qantar.quality.proofs import Unproven
    from qantar.quality.validation import Checked, Place
    from qantar.store.sqlite import Shared


WORKING = "working.db"
"""The raw texts that are to be checked; removed before a build is published."""
MOST_TOLD = 10
"""Corrections that were not applied of which a run says why."""
LEAST_ROWS = 100_000
"""Fewest rows for each process that validates: it takes half a second to import Great Expectations and to make the suites."""
SMALL = 1 / 16
"""Small tables, with less than this share of all rows, are validated together."""
WHOLE: tuple[Place, ...] = ("columns", "parquet")
"""The places at which one task looks for all tables."""
BY_TABLE: tuple[Place, ...] = ("sqlite", "raw")
"""The places at which there is a task for each large table."""
EARLY: tuple[Place, ...] = ("parquet",)
"""The places at which expectations look before there is a database."""
PROVEN = 12
"""Rows of the build before that take as long as one row that is to be validated: they are compared, in SQLite, with its own."""


class Share(NamedTuple):
    """What one task validates: these tables, at these places."""

    tables: list[str]
    places: Sequence[Place]


def share_tables(staged: Path, workers: int, shared: Shared | None = None) -> list[Share]:
    """The build's expectations as tasks: one, or several where that is worth starting a second process; `shared` rows count little.

    Each large table, and the small ones together, are a task for each place at which expectations look, those of most rows first: what
    comes last is short. Columns and rows of Parquet are one task each: the former take no time, and one process checks the latter while
    another writes SQLite.
    """
    from qantar.quality.validation import PLACES

    rows = {name: count(staged, table) for name, table in tables_in(staged).items()}
    for path, pieces in shared.pieces.items() if shared else ():
        rows[Path(path).parent.name] -= sum(piece.n for piece in pieces) * (PROVEN - 1) // PROVEN
    n_rows = sum(rows.values())
    if min(workers, n_rows // LEAST_ROWS) < 2:
        return [Share(list(rows), PLACES)]
    small = [name for name, n in rows.items() if n < n_rows * SMALL]
    large = [[name] for name in sorted(rows, key=lambda name: -rows[name]) if name not in small]
    whole = [Share(list(rows), (place,)) for place in WHOLE]
    return [*whole, *(Share(tables, (place,)) for tables in [*large, small] for place in BY_TABLE)]


def ready_to_validate() -> None:
    """Import Great Expectations and make the suites, which takes half a second."""
    import qantar.quality.validation
    from qantar.expectations import suites

    assert qantar.quality.validation
    suites()


def find_unproven(context: Context, staged: Path, shards: Shards, shared: Shared | None) -> Unproven:
    """What is to be checked of the staged build's documents: what no earlier build has proven. Writes their raw texts beside it."""
    from qantar.quality import proofs

    raw = shards.raw
    unproven = proofs.find_unproven(staged, sums_of_raw_texts(raw), context.cache, shared, fresh=context.fresh)
    write_working_database(staged / WORKING, raw, unproven.documents)
    return unproven


def check_early(
    context: Context, staged: Path, shards: Shards, shared: Shared | None, early: Sequence[Share]
) -> tuple[Unproven, list[list[Checked]]]:
    """What is to be checked of the staged build's documents, and what came of the shares that need no database: it is written meanwhile."""
    unproven = find_unproven(context, staged, shards, shared)
    return unproven, [validate_tables(staged, share, unproven) for share in early]


def validate_tables(staged: Path, share: Share, unproven: Unproven) -> list[Checked]:
    """What the expectations of a share of the staged build's tables come to."""
    from qantar.quality.validation import check_tables

    return check_tables(staged, staged / WORKING, share.tables, unproven.documents, unproven.same, share.places)


def in_order(checked: Iterable[tuple[Share, list[Checked]]]) -> list[Checked]:
    """What the expectations of all shares came to, place by place, as a report has those of a table."""
    from qantar.quality.validation import PLACES

    return [its for _, of_share in sorted(checked, key=lambda found: PLACES.index(found[0].places[0])) for its in of_share]


def conclude(run: Run, staged: Path, checked: list[Checked], proofs: Sequence[str] = ()) -> None:
    """Write what the staged build's expectations came to beside it, and keep what was proven of its documents.

    Raises QantarError if one does not hold, naming what failed and in which rows; the whole report is kept in `failed`.
    """
    from qantar.quality.proofs import keep_proofs
    from qantar.quality.validation import Validation, write_report

    assert run.plan
    failed = run.settings.out / "failed" / staged.name
    validation = write_report(staged, Validation(checked))
    (staged / WORKING).unlink()
    shutil.rmtree(failed, ignore_errors=True)
    if not validation.success:
        prune_failed(failed.parent)
        failed.mkdir(parents=True)
        shutil.copytree(staged / "validation", failed, dirs_exist_ok=True)
        raise QantarError(f"the build is not valid, so it was not published; {failed / 'index.html'} shows all:\n{validation.summary()}")
    with suppress(OSError):  # kept where there is room for it
        keep_proofs(run.plan.context.cache, proofs)


def publish_build(run: Run, staged: Path, digests: dict[str, str], sums: dict[str, str], shared: Shared | None = None) -> None:
    """Describe and seal the staged build, and make it the latest."""
    from qantar.publish.datasette_metadata import corpus_metadata
    from qantar.publish.package import write_package
    from qantar.quality.evaluate import accuracy_problems
    from qantar.stages.entities import likeliest_same, unlinked_names

    assert run.plan
    corpus = run.plan.corpus
    with run.progress.stage("publish"):
        (staged / "metadata.json").write_text(corpus_metadata(corpus), "utf-8")
        write_package(staged, corpus, digests=digests, sums=sums)
        check_described(run.plan)
        run.warnings += find_losses(builds.latest_build(run.settings.out), staged, corpus)
        for warning in run.warnings:
            run.progress.say(f"warning: {warning}")
        run.note_changes(staged, shared)
        run.build = builds.publish(run.settings.out, staged)
        run.outcome = "published"
        run.message = f"published build {run.build.name}"
        with suppress(OSError, sqlite3.Error):  # the build is out; what is too much is removed after the next
            prune_builds(run.settings.out, max(2, run.settings.keep))  # readers may still be served the one before
            prune_cache(run.settings.out / ".cache")
    tell_corrections(run)
    for problem in accuracy_problems(run.build):
        run.progress.say(f"warning: accuracy of this build: {problem}; the table quality has all figures")
    entities = list(_rows(run.build, "entities"))
    if unlinked := unlinked_names(entities, 10):
        names = ", ".join(f"{entity.name} ({entity.n_mentions})" for entity in unlinked)
        run.progress.say(f"names that no authority knows, the most frequent first: {names}; give them a line of authority.csv")
    if likely := likeliest_same(_rows(run.build, "possible_same"), entities, 10):
        pairs = "; ".join(f"{one.name} ({one.n_mentions}) and {other.name} ({other.n_mentions}): {why}" for one, other, why in likely)
        run.progress.say(f"entities that may be the same (table possible_same): {pairs}; aliases in authority.csv settle it")


def tell_corrections(run: Run) -> None:
    """Say what became of the corrections, and of each that was not applied why."""
    from qantar.corrections.listing import count_statuses

    assert run.build
    rows = list(_rows(run.build, "corrections"))
    if not rows:
        return
    run.progress.say(f"corrections: {count_statuses(rows)}; the table corrections says what became of each line")
    lost = [row for row in rows if row.status in ("stale", "conflict")]
    for row in lost[:MOST_TOLD]:
        run.progress.say(f"corrections.csv, line {row.line}: {row.status}: {row.detail}")
    if len(lost) > MOST_TOLD:
        run.progress.say(f"and {len(lost) - MOST_TOLD} more that were not applied")


def _rows(build: Path, table: str) -> Iterator[Any]:
    return (row for part in parts(build, TABLES[table]) for row in read_rows(part, TABLES[table]))


def summary(run: Run) -> str:
    """What a run did, in Markdown."""
    from qantar.corrections.listing import count_statuses

    assert run.build
    (row,) = read_rows(parts(run.build, TABLES["build"])[0], TABLES["build"])
    counts = {name.removeprefix("n_").replace("_", " "): getattr(row, name) for name in row.__dataclass_fields__ if name.startswith("n_")}
    lines = [f"**{row.title}**, build `{row.build_id}`: {run.message}", "", "| | rows |", "| --- | ---: |"]
    lines += [f"| {name} | {n:,} |" for name, n in counts.items()]
    if corrections := list(_rows(run.build, "corrections")):
        lines += ["", f"Corrections: {count_statuses(corrections)}"]
    lines += ["", "| stage | seconds |", "| --- | ---: |", *(f"| {name} | {s} |" for name, s in run.progress.seconds.items())]
    lines += describe_brought(run.brought)
    lines += ["", f"Disk: {run.disk}"]
    return "\n".join(lines)
